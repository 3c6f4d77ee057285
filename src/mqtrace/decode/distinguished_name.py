"""Distinguished names: taken apart, written in one form, compared.

The one form is that of RFC 4514, the most specific attribute first ("CN=app1,OU=MQ,O=Lab,C=XX"), with the attributes
named as MQ names them (patterns/tables/name_attributes.csv). Whatever shows a name, a certificate, a listing or a log,
it is brought into this form.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from msgspec import Struct

from mqtrace.catalog.tables import table
from mqtrace.kept import compiled
from mqtrace.masking import printable

LONGEST = 4096
_SPECIAL = compiled(r'[,+"\\<>;]|^#')
# A pair of hexadecimal digits stands for a byte of UTF-8; openssl also writes \xC3. Any other character stands for
# itself.
_ESCAPED = compiled(r"((?:\\[xX]?[0-9A-Fa-f]{2})+)|\\(.)", re.DOTALL)
_BLANKS_AT_END = compiled(r"(?<!\\)\s+$")
# What is written for a type that the writer does not know: the value in DER.
_DER_VALUE = compiled(r"#((?:[0-9A-Fa-f]{2}){2,256})")
_TEXT_TAGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


class NameAttribute(Struct, frozen=True):
    """One attribute.

    Attributes:
        type: as MQ names it ("CN", "OU", "E"), a dotted number where it has no name.
        value: without escapes or quotes.
        joined: whether it is one part of the name together with the attribute before it ("CN=a+UID=b").
    """

    type: str
    value: str
    joined: bool = False


def distinguished_name(text: str, separators: str = ",+", *, general_first: bool = False) -> str:
    """A name in the one form; the text itself, stripped, where it is no name. See parse_distinguished_name."""
    attributes = parse_distinguished_name(text, separators, general_first=general_first)
    return format_distinguished_name(attributes) if attributes else printable(text.strip())


def name_of_openssl(text: str) -> str:
    """A name that openssl printed, the most general attribute first, in the one form: "C = XX, CN = a", "C=XX, CN=a" or
    "/C=XX/CN=a".
    """
    text = text.strip()
    if text.startswith("/"):
        return distinguished_name(text[1:], "/", general_first=True)
    return distinguished_name(text, general_first=True)


def parse_distinguished_name(
    text: str, separators: str = ",;+", *, general_first: bool = False
) -> tuple[NameAttribute, ...]:
    """The attributes of a name, the most specific one first; empty where the text is no name.

    `separators` are the characters that may part the attributes. `general_first`: the text begins with the most general
    attribute, as openssl writes it.
    """
    text = text.strip()[:LONGEST]
    protected = _protected(text)
    starts = [found for found in _next_type(separators).finditer(text) if found.start() not in protected]
    if not starts or starts[0].start():
        return ()
    ends = [found.start() for found in starts[1:]] + [len(text)]
    attributes = [
        NameAttribute(type_name(start["type"]), _value(text[start.end() : end]), start["separator"] == "+")
        for start, end in zip(starts, ends, strict=True)
    ]
    if general_first:
        attributes = [attribute for part in reversed(_parts(attributes)) for attribute in part]
    return tuple(attributes)


def format_distinguished_name(attributes: Iterable[NameAttribute]) -> str:
    """The name in one line, as RFC 4514 writes it. The attributes of one part have no order in a certificate; they are
    sorted here.
    """
    return ",".join("+".join(sorted(map(_written, part))) for part in _parts(attributes))


def _written(attribute: NameAttribute) -> str:
    return f"{attribute.type}={_SPECIAL.sub(_escape, attribute.value.strip())}"


def type_name(written: str) -> str:
    """The one name of an attribute's type, in any case or by number ("emailAddress", "OID.2.5.4.3")."""
    name = written.upper().removeprefix("OID.")
    return _type_names().get(name, name)


def same_name(one: str, other: str) -> bool:
    """Whether two names in the one form are equal; case and the number of blanks do not count (RFC 5280, 7.1)."""
    return plain_name(one) == plain_name(other)


def plain_name(name: str) -> str:
    """A name such that equal ones are the same text."""
    return " ".join(name.split()).casefold()


@cache
def _type_names() -> Mapping[str, str]:
    return {
        written: row["name"]
        for row in table("name_attributes")
        for written in (row["name"], row["oid"], *row["other"].split("|"))
    }


@cache
def _next_type(separators: str) -> re.Pattern[str]:
    """A separator and the type after it; a separator that no type follows is part of a value."""
    return compiled(
        rf"(?:^|(?P<separator>[{re.escape(separators)}]))\s{{0,8}}"
        r"(?P<type>[A-Za-z][A-Za-z0-9\-]{0,30}|(?:[oO][iI][dD]\.)?\d[\d.]{0,60})\s{0,4}="
    )


def _parts(attributes: Iterable[NameAttribute]) -> list[list[NameAttribute]]:
    """The parts of a name, each of one attribute or of several that are joined."""
    parts: list[list[NameAttribute]] = []
    for attribute in attributes:
        if attribute.joined and parts:
            parts[-1].append(attribute)
        else:
            parts.append([attribute])
    return parts


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


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
    value = _BLANKS_AT_END.sub("", text.lstrip())
    if der := _DER_VALUE.fullmatch(value):
        return _text_of_der(bytes.fromhex(der[1])) or value
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('""', '"')
    return printable(_ESCAPED.sub(_unescape, value)).strip()


def _unescape(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    return bytes.fromhex(re.sub(r"\\[xX]?", "", found[1])).decode("utf-8", "replace")


def _text_of_der(data: bytes) -> str:
    """The text that a value in DER holds, "" where it is none."""
    tag, length, content = data[0], data[1], data[2:]
    if tag not in _TEXT_TAGS or length != len(content):
        return ""
    try:
        return printable(content.decode(_TEXT_TAGS[tag]))
    except UnicodeDecodeError:
        return ""
