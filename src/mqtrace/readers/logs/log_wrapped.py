"""A text log that a shipper carries line by line in objects of its own."""

from bisect import bisect_right
from collections.abc import Iterator

from msgspec.structs import replace

from mqtrace.bytewise import line_count
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.errorlog_text import scanned_texts
from mqtrace.readers.logs.log_order import settled
from mqtrace.readers.tally import Tally

_CAP = 1 << 20


class WrappedText:
    """Gathers the carried pieces, and reads them as one text once they are all there.

    Attributes:
        is_open: whether pieces wait.
        is_full: whether so many wait that they should be read now.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._pieces: list[bytes] = []
        self._begins: list[int] = []
        self._places: list[tuple[int, int]] = []
        self._lines, self._size = 1, 0

    @property
    def is_open(self) -> bool:
        return bool(self._pieces)

    @property
    def is_full(self) -> bool:
        return self._size > _CAP

    def add(self, piece: bytes, line: int, offset: int) -> None:
        """Adds what the object on `line` (from 1, at byte `offset`) carries."""
        piece = piece.removesuffix(b"\n") + b"\n"
        self._pieces.append(piece)
        self._begins.append(self._lines)
        self._places.append((line, offset))
        self._lines += line_count(piece)
        self._size += len(piece)

    def entries(self) -> Iterator[LogEntry]:
        """The entries in what was gathered, at the lines of the objects that carry them.

        Nothing is gathered afterwards.
        """
        pieces, begins, places = self._pieces, self._begins, self._places
        self._pieces, self._begins, self._places = [], [], []
        self._lines, self._size = 1, 0
        for entry in (scanned.full() for scanned in settled(scanned_texts(pieces, self._source, Tally()))):
            line, offset = places[bisect_right(begins, entry.location.line) - 1]
            yield replace(entry, location=Location(self._source, line, offset, entry.location.length))
