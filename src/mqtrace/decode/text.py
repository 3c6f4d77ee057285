"""Bytes of a field to text that is safe to show."""


def printable(text: str) -> str:
    """The text with every control, format and surrogate character replaced by U+FFFD; nothing in it can move a cursor."""
    return text if text.isprintable() else "".join(each if each.isprintable() else "\ufffd" for each in text)


def field_text(data: bytes) -> str:
    """Text of an MQCHAR field: up to its first NUL, without trailing blanks; UTF-8, else ISO 8859-1."""
    content = data.split(b"\0", 1)[0].rstrip(b" ")
    try:
        return printable(content.decode("utf-8"))
    except UnicodeDecodeError:
        return printable(content.decode("latin-1"))
