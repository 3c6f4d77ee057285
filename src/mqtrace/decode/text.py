"""Bytes of a field or of a tool's output to text."""

import codecs

from mqtrace.masking import printable


def field_text(data: bytes) -> str:
    """Text of an MQCHAR field: up to its first NUL, without trailing blanks; UTF-8, else ISO 8859-1."""
    content = data.split(b"\0", 1)[0].rstrip(b" ")
    try:
        return printable(content.decode("utf-8"))
    except UnicodeDecodeError:
        return printable(content.decode("latin-1"))


def output_text(data: bytes) -> str:
    """What a tool printed: UTF-8, or UTF-16 with its mark, as PowerShell writes what it copies into a file."""
    return data.decode("utf-16" if has_utf_16_mark(data) else "utf-8", "replace")


def has_utf_16_mark(data: bytes) -> bool:
    """Whether the bytes begin with the byte order mark of UTF-16."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
