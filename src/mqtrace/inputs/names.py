"""Names of files and of entries of archives, fit to be shown."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from mqtrace.kept import compiled
from mqtrace.masking import printable

Named = TypeVar("Named")
# Extension files of the formatter of traces: AMQ9015.0.FMT, AMQ9015.0_F1.FMT, AMQ9015.0_F2.FMT; each may be packed.
_EXTENSION = compiled(r"(?P<stem>.+?)(?:_F(?P<number>[1-9]\d{0,5}))?(?P<suffix>\.FMT(?:\.\w{1,4})?)", re.IGNORECASE)
_SEPARATOR = compiled(r"[/\\]")
_DRIVE = compiled(r"[A-Za-z]:")


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


def member_of(name: str) -> tuple[str, int]:
    """The trace that a file belongs to, and its number among the files of that trace; the name itself, and 0, for one
    that stands alone.
    """
    found = _EXTENSION.fullmatch(name)
    return (found["stem"] + found["suffix"], int(found["number"] or 0)) if found else (name, 0)


def in_order(names: Sequence[Named], name_of: Callable[[Named], str] = str) -> list[Named]:
    """The names; the files of one trace stand together, in their order, where the first of them stood."""
    members = [member_of(name_of(name)) for name in names]
    first: dict[str, int] = {}
    for place, (trace, _) in enumerate(members):
        first.setdefault(trace, place)
    places = sorted(range(len(names)), key=lambda place: (first[members[place][0]], members[place][1]))
    return [names[place] for place in places]
