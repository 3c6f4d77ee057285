"""A trace while it is written: the connections that have ended since it was looked at before."""

from typing import Any

from msgspec import Struct

from mqtrace.evidence.building import Building
from mqtrace.evidence.connections import FAILED, ConnectionBuilder
from mqtrace.following.growth import Growth
from mqtrace.formats import Format
from mqtrace.gathering import Finders
from mqtrace.inputs import HEAD_SIZE
from mqtrace.model import Connection
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.continuity import BUDGET, hole_in
from mqtrace.readers.traces.regions import FilePart
from mqtrace.readers.traces.trace_lines import name_process, read_part

# A call that failed is told once its thread has added nothing for so long: what explains it may stand behind its
# return. Seconds.
QUIET = 0.6
# Bytes read at once: other files wait no longer than that takes.
SLICE = 16 * 1024 * 1024
# Threads, sockets, objects and processes that are remembered.
REMEMBERED = 2_000


class TraceReading:
    """Reads a trace from its begin, a slice at a time, and remembers no more than the calls that can still matter.

    Attributes:
        offset: up to where it was read.
        has_open_events: whether an event of it may still go on; a trace has none.
        is_waiting: whether something may be told of it although no more is read.
    """

    has_open_events = False

    def __init__(self, kind: Format, growth: Growth, finders: Finders) -> None:
        """Raises OSError where the file cannot be read."""
        reader = kind.reader
        self._growth, self._dialect = growth, reader.DIALECT
        self._finder = finders[reader.CLIENT]
        self._builder = ConnectionBuilder(
            reader.CLIENT, growth.name, reader.header(growth.read(growth.blank, growth.blank + HEAD_SIZE))
        )
        self._process = ""
        self._lines, self.offset = 0, growth.blank
        self._quiet: dict[str, _Quiet] = {}
        self.is_waiting = False

    def read(self, until: int) -> None:
        """Reads on, up to an offset at most, which is a line's end. Raises OSError."""
        growth = self._growth
        if until - self.offset > SLICE:
            until = growth.end_of_line(self.offset, self.offset + SLICE)
        tally = Tally()
        file: Any = growth.file()
        file.seek(0)
        part = FilePart(self.offset, until)
        feed, observe, dialect = self._builder.feed, self._finder.observe, self._dialect
        records = read_part(file, part, tally, dialect, self._finder.selection, name=growth.name)
        for record, literals in records:
            record.line += self._lines
            self._process = name_process(record, dialect, self._process)
            feed(observe(record, literals))
        self._lines += tally.lines
        self.offset = until
        self._builder.forget(REMEMBERED)

    def ended(self, now: float, *, all_failed: bool = False) -> list[Connection]:
        """The connections that have ended, each once; `all_failed`: also those that failed just now."""
        for thread in self._over(now, all_failed=all_failed):
            self._builder.tell(thread)
        again = _Again(self._growth)
        return self._builder.ended(lambda thread, begin, end: hole_in(again, self._dialect, thread, begin, end))

    def _over(self, now: float, *, all_failed: bool) -> list[str]:
        """The threads whose call has failed and that have added nothing to it for a while."""
        quiet: dict[str, _Quiet] = {}
        for thread, call in self._builder.calls.items():
            if call.closed and not call.told:
                said = (len(call.said), call.end)
                before = self._quiet.get(thread)
                is_same = before is not None and before.call is call and before.said == said
                quiet[thread] = before if before and is_same else _Quiet(call, said, now)
        self._quiet = quiet
        over = [
            thread for thread, each in quiet.items() if not each.is_asked and (all_failed or now - each.since >= QUIET)
        ]
        for thread in over:
            quiet[thread].is_asked = True
        self.is_waiting = not all(each.is_asked for each in quiet.values())
        return [thread for thread in over if _has_failed(self._builder.calls[thread])]


class _Quiet(Struct):
    """A call that has returned: what tells whether more was said since, since when it was not, and whether it was asked
    how it ended."""

    call: Building
    said: tuple[int, str]
    since: float
    is_asked: bool = False


class _Again:
    """The bytes of a trace for a second look, as far as a budget goes; nothing where they are gone."""

    def __init__(self, growth: Growth) -> None:
        self._growth, self._left = growth, BUDGET

    def read(self, begin: int, end: int) -> bytes:
        self._left -= end - begin
        try:
            return self._growth.read(begin, end) if self._left >= 0 else b""
        except OSError:
            return b""


def has_record(kind: Format, head: bytes) -> bool:
    """Whether a trace that begins so has a record: its header is complete then."""
    prefix = kind.reader.DIALECT.prefix
    return any(prefix.match(line) for line in head.split(b"\n")[:-1])


def _has_failed(call: Building) -> bool:
    """Whether the call failed, a later one of its connection did, or nothing tells how it ended."""
    return call.outcome()[0] in (FAILED, None)
