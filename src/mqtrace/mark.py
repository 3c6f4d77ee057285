"""The mark of what mqtrace writes: by it, its own output is known and never read as evidence.

Text and Markdown end with the mark on a line of its own, HTML with the mark as a comment; JSON names its schema or its
generator first.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from mqtrace.version import __version__

GENERATOR = f"mqtrace {__version__}"
MARK = f"Written by {GENERATOR}"
COMMENT = f"<!-- {MARK} -->\n"


def marked(text: str) -> str:
    """The text with the mark as its last line; no text stays none."""
    return f"{text}{MARK}\n" if text else text


def marked_markdown(text: str) -> str:
    """The Markdown with the mark and the date as its last line, for people too: a ticket is read long after."""
    return f"{text}{MARK} on {date.today()}\n"


def marked_json(value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """The object, or each object of a list, as indented JSON that names its generator
    first, where it names no schema."""
    if isinstance(value, Mapping):
        told: Any = value if "schema" in value else {"generator": GENERATOR, **value}
    else:
        told = [{"generator": GENERATOR, **item} for item in value]
    return json_text(told)


def json_text(value: Any) -> str:
    """The value as indented JSON, ended by a newline."""
    try:
        # The same as with an indent, for which json has no compiled code.
        return msgspec.json.format(json.dumps(value, ensure_ascii=False), indent=2) + "\n"
    except UnicodeEncodeError:  # half a surrogate pair
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
