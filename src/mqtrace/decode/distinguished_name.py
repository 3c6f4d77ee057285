"""Distinguished names as text: taken apart, written in one form, compared.

The one form is that of RFC 4514: the most specific attribute first ("CN=app1,OU=MQ,O=Lab,C=XX"), as MQ shows them.
"""

import re
from dataclasses import dataclass
from functools import cache

from mqtrace.masking import printable

LONGEST = 4096
_SPECIAL = re.compile(r'([,+"\\<>;])')


@dataclass(frozen=True, slots=True)
class NameAttribute:
    """One attribute: its type in upper case ("CN", "OU", or a dotted number) and its value without escapes or quotes."""

    type: str
    value: str


@cache
def _next_type(separators: str) -> re.Pattern[str]:
    """A separator and the type after it; a separator that no type follows is part of a value."""
    return re.compile(
        rf"(?:^|(?P<separator>[{re.escape(separators)}]))\s{{0,8}}(?P<type>[A-Za-z][A-Za-z0-9\-]{{0,30}}|\d[\d.]{{0,60}})\s{{0,4}}="
    )


def parse_distinguished_name(
    text: str, separators: str = ",;+", *, general_first: bool = False
) -> tuple[NameAttribute, ...]:
    """The attributes of a name, the most specific one first; empty where the text is no name.

    `separators` are the characters that may part the attributes. `general_first`: the text begins with the most general attribute, as
    openssl writes it.
    """
    text = text.strip()[:LONGEST]
    protected = _protected(text)
    starts = [found for found in _next_type(separators).finditer(text) if found.start() not in protected]
    if not starts or starts[0].start():
        return ()
    ends = [found.start() for found in starts[1:]] + [len(text)]
    found = [
        NameAttribute(start["type"].upper(), _value(text[start.end() : end]))
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(reversed(found) if general_first else found)


def format_distinguished_name(attributes: tuple[NameAttribute, ...]) -> str:
    """The name in one line, as RFC 4514 writes it."""
    return ",".join(f"{each.type}={_SPECIAL.sub(_escape, each.value)}" for each in attributes)


def same_name(one: str, other: str) -> bool:
    """Whether two names in the form of RFC 4514 are equal; case and the number of blanks do not count (RFC 5280, 7.1)."""
    return plain_name(one) == plain_name(other)


def plain_name(name: str) -> str:
    """A name such that equal ones are the same text."""
    return " ".join(name.split()).casefold()


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[1]}"


def _protected(text: str) -> frozenset[int]:
    """The places of characters that are escaped or stand between quotation marks, and so part nothing."""
    if "\\" not in text and '"' not in text:
        return frozenset()
    places: set[int] = set()
    quoted = False
    for token in re.finditer(r"\\.|.", text, re.DOTALL):
        if token[0] == '"':
            quoted = not quoted
        elif quoted or len(token[0]) > 1:
            places.update(range(*token.span()))
    return frozenset(places)


def _value(text: str) -> str:
    value = text.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return printable(re.sub(r"\\(.)", r"\1", value))
