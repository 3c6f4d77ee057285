"""One file that is still written: how much of it can be read, and whether it still is what was read before.

A file is known again by its beginning and by the bytes before the place up to which it was read, never by its name
alone: logs are renamed, copied and cut, and a copy that is sent again and again is a new file each time.
"""

import os
from collections import deque
from collections.abc import Iterable
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, field

from mqtrace.inputs.names import display_name
from mqtrace.kept import compiled
from mqtrace.readers.traces.regions import AHEAD

# A line, dump or block whose first bytes have stood this long is complete: programs write them at once. Seconds.
SETTLES = 0.3
# Two files that begin alike have one origin, where there are times in it.
BEGINNING = 1024
LEAST = 256
MARK = 64
# How far back the end of a line is looked for; what has none is cut there.
LONGEST = 1 << 20
_CLOCK = compiled(rb"\d\d[:.]\d\d[:.]\d\d")
_PIECE = 64 * 1024
# A file that is held open cannot be renamed on Windows.
_MAY_HOLD = os.name != "nt"
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)

Identity = tuple[int, int] | str


class Remembered(NamedTuple):
    """What is kept of a file to know it again: its first bytes, up to which offset it was read, and the bytes before
    that."""

    beginning: bytes
    offset: int
    mark: bytes


NOTHING = Remembered(b"", 0, b"")


def identity_of(path: str, status: os.stat_result) -> Identity:
    """What stays the same when a file is renamed. Some file systems of Windows number no files: there the path."""
    return (status.st_dev, status.st_ino) if status.st_ino else path


class Growth(Struct):
    """A file that may grow.

    Attributes:
        path: where it is now.
        identity: see `identity_of`.
        size: bytes when it was looked at last.
        known: what was read of it ever: failures before that offset are not told again.
        changed: when it last grew, in seconds of a clock that never goes back.
        is_there: whether the path leads to it.
        awaited: of a copy that is still being made, from which size on it says something new.
        blank: offset of the first byte that is not NUL. A program that does not append goes on where it was when its
            file is cut, and nothing stands before that.
    """

    path: str
    identity: Identity
    size: int = 0
    known: Remembered = NOTHING
    changed: float = 0.0
    is_there: bool = True
    awaited: int = 0
    blank: int = 0
    _settled: int = 0
    _seen: deque[tuple[float, int]] = field(default_factory=deque)
    _file: FileIO | None = None

    @property
    def name(self) -> str:
        """As it is shown."""
        return display_name(self.path)

    def look(self, size: int, now: float) -> bool:
        """Takes note of its size; whether it is not shorter than what was read of it."""
        if size < self.known.offset:
            return False
        if size != self.size:
            self.size, self.changed = size, now
            self._seen.append((now, size))
        return True

    def settled(self, now: float) -> int:
        """Offset up to which nothing more will come between the bytes: they have stood for a while, or enough stands
        behind them for any dump or block."""
        while self._seen and self._seen[0][0] <= now - SETTLES:
            self._settled = self._seen.popleft()[1]
        return max(self._settled, self.size - AHEAD)

    def is_settled(self, now: float) -> bool:
        """Whether all of its bytes have settled."""
        return self.settled(now) >= self.size

    def settle_at_once(self) -> None:
        """Takes all that is there as settled: it stood there before anybody looked."""
        self._settled = self.size
        self._seen.clear()

    def begin_again(self, now: float, size: int) -> None:
        """Forgets what was read: it was cut, or holds something else now."""
        self.close()
        self.size, self.known, self.changed, self._settled, self.blank = size, NOTHING, now, 0, 0
        self._seen = deque([(now, size)])

    def file(self) -> FileIO:
        """The file, open. Raises OSError, and FileNotFoundError where another one has its name."""
        if self._file is None:
            opened = FileIO(os.open(self.path, _OPEN_FLAGS))
            if identity_of(self.path, os.fstat(opened.fileno())) != self.identity:
                opened.close()
                raise FileNotFoundError(self.path)
            self._file = opened
        return self._file

    @property
    def is_held(self) -> bool:
        """Whether it is open: then its last bytes can be read even when its name is gone."""
        return self._file is not None

    def held_size(self) -> int:
        """Its size where it is held, else what it was."""
        try:
            return os.fstat(self._file.fileno()).st_size if self._file else self.size
        except OSError:
            return self.size

    def let_go(self) -> None:
        """Closes the file where holding it would hinder others."""
        if not _MAY_HOLD:
            self.close()

    def close(self) -> None:
        """Closes the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self, begin: int, end: int) -> bytes:
        """The bytes between two offsets, fewer at the end. Raises OSError."""
        file = self.file()
        file.seek(begin)
        parts, left = [], end - begin
        while left > 0 and (part := file.read(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def end_of_line(self, begin: int, end: int) -> int:
        """Offset behind the last line that ends between two offsets; `begin` where none does, unless what stands there
        is no line of any sense. Raises OSError."""
        place = end
        while place > begin:
            piece = self.read(max(begin, place - _PIECE), place)
            found = piece.rfind(b"\n") + 1
            if found or not piece:
                return place - len(piece) + found
            place -= len(piece)
            if end - place >= LONGEST:
                return end
        return begin

    def pass_blank(self, end: int) -> None:
        """Finds the first byte before `end` that is not NUL, from where it was looked for before. Raises OSError."""
        while self.blank < end:
            piece = self.read(self.blank, min(self.blank + _PIECE, end))
            rest = piece.lstrip(b"\0")
            self.blank += len(piece) - len(rest)
            if rest or not piece:
                return
            self._skip_hole(end)

    def _skip_hole(self, end: int) -> None:
        """Passes over what a file system has never stored, where it tells that."""
        try:
            self.blank = min(end, os.lseek(self.file().fileno(), self.blank, os.SEEK_DATA))
        except (AttributeError, OSError):
            return

    def is_as_before(self) -> bool:
        """Whether the bytes before the known offset are those that were read. Raises OSError."""
        return not self.known.offset or self._ends_as(self.known)

    def know(self, offset: int) -> None:
        """Takes note that it was read up to an offset, and has not been further before. Raises OSError."""
        if offset > self.known.offset:
            beginning = self.known.beginning
            if len(beginning) < BEGINNING:
                beginning = self.read(0, min(BEGINNING, offset))
            self.known = Remembered(beginning, offset, self.read(max(0, offset - MARK), offset))

    def continues(self, others: Iterable[Remembered]) -> Remembered | None:
        """The one among others of which this file is a copy, further written or not; None for a new file.

        A copy that is shorter than what was read of the other has nothing new. Raises OSError.
        """
        head = self.read(0, BEGINNING)
        for known in others:
            length = min(len(head), len(known.beginning))
            is_alike = length >= LEAST and head[:length] == known.beginning[:length] and _CLOCK.search(head[:length])
            if not is_alike:
                continue
            is_whole = self.size >= known.offset
            if self._ends_as(known) if is_whole else length == BEGINNING:
                return known
        return None

    def _ends_as(self, known: Remembered) -> bool:
        return self.read(known.offset - len(known.mark), known.offset) == known.mark


def status_of(path: str | Path) -> os.stat_result | None:
    """What the system tells of a path; None where there is nothing, or no right to look."""
    try:
        return os.stat(path)  # noqa: PTH116  (asked many times a second)
    except (OSError, ValueError):
        return None
