"""Bytes of a field, of a file or of a tool's output to text."""

import codecs

from mqtrace.masking import printable

UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, *UTF_16)


def field_text(data: bytes) -> str:
    """Text of an MQCHAR field: up to its first NUL, without trailing blanks; UTF-8, else ISO 8859-1."""
    content = data.split(b"\0", 1)[0].rstrip(b" ")
    try:
        return printable(content.decode("utf-8"))
    except UnicodeDecodeError:
        return printable(content.decode("latin-1"))


def encoding_of(head: bytes) -> str:
    """Encoding that a byte order mark states, else UTF-8. PowerShell writes what it copies in UTF-16 with a mark."""
    return UTF_16.get(head[:2], "utf-8")


def decoded(data: bytes) -> str:
    """Text of the bytes without byte order mark; bytes that are no characters become U+FFFD."""
    return data.decode(encoding_of(data), "replace").removeprefix("\ufeff")
