"""A file that is followed: what it is, what of it is past, and what reads it."""

from collections.abc import Iterable
from io import BytesIO

from msgspec import Struct

from mqtrace.following.growth import Growth, Remembered
from mqtrace.following.logs import LogReading
from mqtrace.following.traces import TraceReading, has_record
from mqtrace.following.troubles import Troubles
from mqtrace.formats import NOT_FORMATTED, Format, Head, format_of
from mqtrace.gathering import Finders
from mqtrace.inputs import HEAD_SIZE, Source
from mqtrace.inputs.packing import HEAD_FOR_MAGIC, packing_of
from mqtrace.parts import out_of_objects

_FOLLOWED = ("trace", "log")
_CONFIGURATION = ("configuration", "key-store")
# A beginning that is shorter is looked at each time that it grows.
_SHORT = 4096
_RECODED = "it is not in ASCII or UTF-8, which cannot be followed; give it to   mqtrace diagnose"


class Followed(Struct, eq=False):
    """A file that is followed.

    Attributes:
        growth: how it grows.
        past: offset before which all is past.
        is_wanted: whether the past is to be told too.
        is_eager: whether it is looked into before it grows.
        is_new: whether it may be a copy of what was read already.
        kind: what it is, as far as its first bytes tell.
        sniffed: how many bytes were there when that was asked.
        reading: what reads it.
        is_past_told: whether what is told now is no longer of the past.
        stamp: when it was written last, as the system tells.
        error: why it cannot be read now.
    """

    growth: Growth
    past: int = 0
    is_wanted: bool = False
    is_eager: bool = False
    is_new: bool = False
    kind: Format | None = None
    sniffed: int = 0
    reading: TraceReading | LogReading | None = None
    is_past_told: bool = False
    stamp: int = 0
    error: str = ""

    def forget(self) -> None:
        """Lets go of what it said: it is read again, as the past, when it grows."""
        self.reading, self.past = None, max(self.past, self.growth.known.offset)
        self.is_past_told = self.is_wanted = self.is_eager = False

    def begin_again(self, now: float, size: int) -> None:
        """Takes it as a new file."""
        self.growth.begin_again(now, size)
        self.forget()
        self.is_new, self.kind, self.sniffed, self.past = True, None, 0, 0

    @property
    def is_catching_up(self) -> bool:
        """Whether its past is to be told, and is not read yet."""
        return self.is_wanted and not self.is_past_told and (self.is_eager or self.reading is not None)

    @property
    def is_followed(self) -> bool:
        """Whether it is a trace or a log."""
        return self.kind is not None and self.kind.role in _FOLLOWED

    @property
    def is_configuration(self) -> bool:
        """Whether it tells of settings, and is there."""
        return self.kind is not None and self.kind.role in _CONFIGURATION and self.growth.is_there

    def pending(self, now: float) -> int:
        """Bytes that are to be read."""
        settled = self.growth.settled(now)
        if self.reading is not None:
            return settled - self.reading.offset
        if settled < self.growth.awaited or (self.sniffed and not self._may_be_other(settled)):
            return 0
        return settled if self.is_eager or settled > self.growth.known.offset else 0

    def give_up(self) -> None:
        """Reads it no more, until it begins again."""
        self.forget()
        self.kind, self.sniffed = None, HEAD_SIZE

    def _may_be_other(self, settled: int) -> bool:
        """Whether so many more bytes of its beginning are there that it may be known for something else now."""
        there = settled - self.growth.blank
        return self.sniffed < min(there, HEAD_SIZE) and (self.sniffed < _SHORT or 2 * self.sniffed <= there)

    def is_news(self, others: Iterable[Remembered]) -> bool:
        """Whether it is no copy of what was read, or one that goes on. Raises OSError."""
        growth = self.growth
        origin = growth.continues(others)
        growth.awaited = origin.offset if origin else 0
        if growth.size < growth.awaited:
            return False
        if origin:
            growth.known = origin
            self.past = origin.offset
        self.is_new = False
        return True

    def read_on(self, now: float, finders: Finders, troubles: Troubles) -> bool:
        """Reads a slice of what it grew by, where it is a trace or a log; whether there was anything to read.

        Raises OSError.
        """
        growth = self.growth
        settled = growth.settled(now)
        if self.reading is None or self._may_be_other(settled):
            self._sniff(settled, finders, troubles)
        if self.reading is None:
            growth.close()
            return False
        before = self.reading.offset
        until = growth.end_of_line(before, min(self.past, settled)) if before < self.past else before
        if until <= before:
            self.past = min(self.past, before)  # what follows of the past is no whole line, or was not read to its end
            until = growth.end_of_line(before, settled)
        if until <= before:
            return False
        self.reading.read(until)
        growth.know(self.reading.offset)
        return True

    def _sniff(self, settled: int, finders: Finders, troubles: Troubles) -> None:
        """Asks what it is; where that is something else than before, it is read from the begin."""
        growth = self.growth
        growth.pass_blank(settled)
        head = growth.read(growth.blank, min(settled, growth.blank + HEAD_SIZE))
        kind = None
        if packing_of(head[:HEAD_FOR_MAGIC]) is None:
            kind = format_of(out_of_objects(Source(growth.name, BytesIO(head), len(head)), head).head(), growth.name)
        self.sniffed, self.is_eager = len(head), False
        if kind is NOT_FORMATTED:
            troubles.note(growth.name, kind.note)
        elif kind and kind.role in _FOLLOWED and Head(head).text not in head:
            troubles.note(growth.name, _RECODED)
            kind = None
        if kind != self.kind:
            self.reading = None
        self.kind = kind
        if self.reading is None and kind and kind.role == "trace":
            if has_record(kind, head) or len(head) == HEAD_SIZE:
                self.reading = TraceReading(kind, growth, finders)
            else:
                self.sniffed = 0  # its header still grows
        elif self.reading is None and kind and kind.role == "log":
            self.reading = LogReading(kind, growth, whole=self.is_wanted or not self.past)
