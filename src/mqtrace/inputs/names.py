"""Names of files and of entries of archives, fit to be shown."""

import re
from pathlib import Path

from mqtrace.masking import printable

_SEPARATOR = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")


def display_name(path: str | bytes | Path) -> str:
    """`path` as it can be shown: bytes that are not UTF-8, and what steers a terminal, are written out."""
    text = path.decode("utf-8", "surrogateescape") if isinstance(path, bytes) else str(path)
    return printable(text)


def entry_name(name: str) -> str | None:
    """Name of an archive's entry as a path inside the archive: no drive, no root, no "."
    or ".."; None when it climbs out.

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
