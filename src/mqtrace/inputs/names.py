"""Names of files and of entries of archives, fit to be shown."""

import re
from pathlib import Path

_SEPARATOR = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")


def display_name(path: str | bytes | Path) -> str:
    r"""`path` as it can be shown: what is no character or steers a terminal is written out.

    Bytes that are not UTF-8 and control characters become \xNN; invisible ones beyond (bidirectional controls, line and paragraph
    separators, zero-width characters, lone surrogates) \u{N}.
    """
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else str(path)
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how Python carries a byte of a file name that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{{{code:x}}}"


def entry_name(name: str) -> str | None:
    """Name of an archive's entry as a path inside the archive: no drive, no root, no "." or ".."; None when it climbs out.

    Absolute names are common (tar on AIX keeps them) and harmless here, as no entry is ever written to disk.
    """
    kept: list[str] = []
    for part in _SEPARATOR.split(_DRIVE.sub("", name, count=1) if _DRIVE.match(name) else name):
        if part == "..":
            if not kept:
                return None
            kept.pop()
        elif part not in ("", "."):
            kept.append(part)
    return "/".join(kept) or "unnamed"
