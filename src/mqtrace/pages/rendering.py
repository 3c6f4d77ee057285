"""Templates to pages: each page is one file that needs nothing but itself, and shows every text as text.

jinja2 escapes whatever a template is given. The policy of a page lets only its own style and script through, by their
hashes: it loads nothing, and nothing that an input says can run.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mqtrace.mark import COMMENT, GENERATOR

_TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, **values: Any) -> str:
    """The page that `template` (a file of the folder templates, without its suffix) makes of the values.

    Every page needs `title`, one sentence. Raises jinja2's UndefinedError for a value that the template needs.
    """
    return _environment().get_template(f"{template}.html").render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style, script = _own("style.css"), _own("script.js")
    environment.globals.update(
        style=Markup(style),
        script=Markup(script),
        policy=Markup(
            f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; "
            "form-action 'none'"
        ),
        generator=GENERATOR,
        mark=Markup(COMMENT),
    )
    return environment


def _own(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
