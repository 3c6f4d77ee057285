"""A log while it is written: the failing events that have ended since it was looked at before."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from mqtrace.bytewise import line_count
from mqtrace.evidence.conversations import Conversation, Threads
from mqtrace.evidence.failures import FailureMaker
from mqtrace.following.growth import Growth
from mqtrace.formats import Format
from mqtrace.inputs import HEAD_SIZE, Source
from mqtrace.model import LogEntry
from mqtrace.parts import Part, out_of_objects
from mqtrace.readers.logs.scanned import as_scanned
from mqtrace.readers.tally import Tally

# An event has ended once its thread has written nothing for so long. Seconds.
QUIET = 0.6
SLICE = 1024 * 1024
# What is read of a log's past: it tells whether it has entries of channels.
PAST = 256 * 1024
_COUNTED = 32 * 1024 * 1024


class LogReading:
    """Reads a log a slice at a time, and remembers no more than the events that can still go on.

    Attributes:
        offset: up to where it was read.
    """

    def __init__(self, kind: Format, growth: Growth, *, whole: bool) -> None:
        """`whole`: from its begin. Raises OSError where the file cannot be read."""
        self._kind, self._growth = kind, growth
        past = 0 if whole else max(0, growth.known.offset - PAST)
        self.offset = max(growth.blank, growth.end_of_line(max(0, past - PAST), past) if past else 0)
        self._counted = self._lines = 0
        self._threads = Threads(lambda failures, channel: self._take(Conversation(failures, channel)))
        self._maker = FailureMaker(keeps_entries=True)
        # Threads that have failed, and when that was seen; None until it is asked.
        self._fresh: dict[str, float | None] = {}
        self._ended: list[Conversation] = []
        self._has_channels = False
        self._is_bare = True
        self._held = -1

    def read(self, until: int) -> None:
        """Reads on, up to an offset at most, which is a line's end. Raises OSError."""
        if self._counted < self.offset:
            self._count()
            return
        growth = self._growth
        if until - self.offset > SLICE:
            until = growth.end_of_line(self.offset, self.offset + SLICE)
        data = growth.read(self.offset, until)
        entries = list(self._entries(data))
        rest = self._unfinished(entries, until)
        for entry in as_scanned(entries[:-1] if rest else entries):
            failure = self._maker.of(entry)
            if failure is not None:
                self._fresh[failure.thread] = None
                self._threads.take(failure)
        taken = data[: len(data) - rest]
        self._lines += line_count(taken)
        self.offset = self._counted = self.offset + len(taken)

    def ended(self, now: float, *, all_failed: bool = False) -> list[Conversation]:
        """The events that have ended, each once; `all_failed`: also those of just now."""
        seen = {thread: now if at is None else at for thread, at in self._fresh.items()}
        self._fresh = {thread: at for thread, at in seen.items() if now - at < QUIET}
        self._threads.finish(() if all_failed else self._fresh)
        ended, self._ended = self._ended, []
        return ended

    @property
    def has_open_events(self) -> bool:
        """Whether an event may still go on."""
        return bool(self._fresh)

    @property
    def is_waiting(self) -> bool:
        """Whether something may be told of it although no more is read."""
        return self.has_open_events

    def _count(self) -> None:
        """Counts lines of what is not read, a piece at a time."""
        end = min(self.offset, self._counted + _COUNTED)
        self._lines += line_count(self._growth.read(self._counted, end))
        self._counted = end

    def _entries(self, data: bytes) -> Iterator[LogEntry]:
        source = Source(self._growth.name, BytesIO(data), len(data))
        bare = out_of_objects(source, data[:HEAD_SIZE])
        self._is_bare = bare is source
        part = Part(self._kind, bare, self._lines, self.offset, whole=False)
        return part.placed(part.reader.read(part.source, Tally()))

    def _unfinished(self, entries: Sequence[LogEntry], until: int) -> int:
        """How many bytes at the end are an entry that may go on in what stands behind them; asked once of it."""
        # What objects carry has no offsets of the file.
        if not entries or until >= self._growth.size or not self._is_bare:
            return 0
        begin = entries[-1].location.offset
        if begin <= self.offset or begin == self._held:
            return 0
        self._held = begin
        return until - begin

    def _take(self, event: Conversation) -> None:
        """Keeps an event that can be a connection. Where a log has entries of channels, what only the agent wrote of is
        about a program on the queue manager's own host."""
        self._has_channels = self._has_channels or bool(event.channel)
        if event.entries and event.is_of_a_connection and not (self._has_channels and event.is_of_agent):
            self._ended.append(event)
