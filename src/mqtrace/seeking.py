"""Which part of a large file can matter for the time asked for, so that only that is read.

A file is looked at once in a MiB, and the lines there tell its times: a table of what was written when. Two searches in
it give the part. Wherever the table does not hold (times that go back, lines without one, days that an hour hides), all
is read.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.bytewise import line_count
from mqtrace.evidence.clock import Calendar
from mqtrace.inputs import Source
from mqtrace.inputs.names import member_of
from mqtrace.model import InputError, Period, Unread
from mqtrace.model.text import Text, joined, text
from mqtrace.readers.traces.continuity import SILENT
from mqtrace.readers.traces.trace_header import TraceHeader
from mqtrace.readers.traces.trace_lines import Dialect, Selected

LARGE = 64 * 1024 * 1024
# An entry of a log takes far longer to read than as many bytes of a trace, so that a search is soon worth it.
LARGE_LOGS = 8
STEP = 1024 * 1024
MOST_PROBES = 16_384
WINDOWS = (4 * 1024, 64 * 1024)
# A call that ended within the time began earlier, by what any system waits for an answer at most. Of a trace that is
# written fast that is less, and a call that began before is told as one whose begin is missing.
AROUND = timedelta(seconds=SILENT)
AROUND_BYTES = 256 * 1024 * 1024
# Writers do not wait for each other.
DISORDER = timedelta(seconds=60)
# A midnight is seen where a line is looked at before and behind it.
CLOSELY = 64 * 1024
CHUNK = 256 * 1024
PREFIX_OF_LINE = 200
# Lines that are looked at for one that tells its time.
LINES = 400
PIECE = 1024 * 1024
# Place and time of the first line that tells its time behind a place in some bytes; None where none does.
Clock = Callable[[bytes | bytearray, int], tuple[int, str] | None]


class Limits(Struct, frozen=True):
    """What is worth a search, in bytes: the smallest trace (of logs an eighth of that), how far apart it is looked at,
    and how closely for midnights; and how much around the time asked for is read."""

    large: int = LARGE
    step: int = STEP
    closely: int = CLOSELY
    around: int = AROUND_BYTES


LIMITS = Limits()


class Probe(Struct, frozen=True):
    """A place in a file, where a line begins, and its time.

    Attributes:
        offset: the place.
        clock: the time as the line has it.
        written: with its date, as it is compared with the time asked for.
        when: the same.
    """

    offset: int
    clock: str
    written: str
    when: datetime


class Sought(Struct, frozen=True):
    """The part of an input that is read.

    Attributes:
        source: a source of that part alone.
        offset, line: how many bytes and lines of the input stand before it.
        end: its end in the input, in bytes; None where it is all of it.
        first: its first line that tells its time; None where it begins with the input.
        process: of a trace whose headers name the process, the one whose header was last.
        unread: what is left.
    """

    source: Source
    offset: int = 0
    line: int = 0
    first: Probe | None = None
    process: str = ""
    unread: tuple[Unread, ...] = ()
    end: int | None = None

    def header(self, known: TraceHeader) -> TraceHeader:
        """The header of the trace, with the day on which the part begins."""
        if self.first is None or known.day is None:
            return known
        when = self.first.when
        return replace(known, day=when.date(), began=when.hour * 3600 + when.minute * 60 + when.second)

    def placed(self, selected: Iterator[Selected]) -> Iterator[Selected]:
        """The records of the part at their place in the whole input."""
        return map(self._placed, selected) if self.offset else selected

    def _placed(self, selected: Selected) -> Selected:
        record = selected[0]
        record.offset, record.line = record.offset + self.offset, record.line + self.line
        if record.thread.startswith("."):
            record.thread = self.process + record.thread
        return selected

    def note(self, name: str) -> Text:
        """What the user should know of it."""
        return text(_NOTE, source=name, parts=in_words(self.unread))


_PART = "bytes {begin} to {end} ({first} to {last})"
_NOTE = (
    "{source}: {parts} were not read, since another time is asked for. Of what began or ended there only the rest is "
    "told. To have all of it read, pipe it in:   cat FILE | mqtrace diagnose - --since ..."
)
_STOPPED = (
    "{source}: reading stopped at the first failed connection: bytes {begin} to {end}{share} were not read. How often "
    "it failed, what else failed, and what threads said later is not told; the last can say more of what failed after "
    "connecting. Leave out --quick to have all of it read."
)


def in_words(unread: tuple[Unread, ...]) -> Text:
    """Which bytes were not read, and of when they are, in words."""
    return joined((text(_PART, **_words(each)) for each in unread), " and ")


def _words(unread: Unread) -> dict[str, str]:
    end = "its end" if unread.end is None else f"{unread.end:,}"
    return {"begin": f"{unread.begin:,}", "end": end, "first": unread.first, "last": unread.last}


def stopped(name: str, rest: Unread) -> Text:
    """What the user should know of a trace that was read no further than its first failed connection."""
    share = f" ({100 * (rest.end - rest.begin) / rest.end:.0f} %)" if rest.end else ""
    return text(_STOPPED, source=name, share=share, **_words(rest))


def is_whole_trace(source: Source) -> bool:
    """Whether a trace stands in one file, and not in extension files, too."""
    name = re.split(r"[/\\]", source.name)[-1]
    members = [member_of(each) for each in (name, *source.siblings)]
    return not any(trace == members[0][0] and number for trace, number in members)


class _Times(Struct, frozen=True):
    """How the lines of an input tell their times: a clock, the calendar at its begin, the dialect of a trace, and how
    much earlier and later than those around it a line can be."""

    clock: Clock
    calendar: Calendar
    dialect: Dialect | None = None
    early: timedelta = AROUND
    late: timedelta = AROUND


def sought_in_trace(source: Source, dialect: Dialect, header: TraceHeader, asked: Period) -> Sought:
    """The part of a trace that can matter; all of it where it is small, or nothing tells which."""
    path = _large(source, LIMITS.large) if asked else None
    if path is None or (header.day is None and not dialect.is_dated):
        return Sought(source)
    calendar = Calendar(header.day, None if header.began is None else int(header.began // 3600))
    return _sought(source, path, _Times(partial(_first_prefix, dialect), calendar, dialect), asked)


def sought_in_log(source: Source, home: str, asked: Period) -> Sought:
    """The part of a log that can matter, where its entries have a date each; all of it else. `home`: its reader."""
    path = _large(source, LIMITS.large // LARGE_LOGS) if asked else None
    if path is None:
        return Sought(source)
    from mqtrace.readers.logs.log_times import clock_of, out_of_step

    clock = clock_of(home)
    if clock is None:
        return Sought(source)
    early, late = out_of_step(home, source.head())
    return _sought(source, path, _Times(clock, Calendar(None), early=AROUND + early, late=AROUND + late), asked)


def _large(source: Source, least: int) -> Path | None:
    """The file that a source is, where it has so many bytes."""
    return source.path if (source.size or 0) >= least else None


def _sought(source: Source, path: Path, times: _Times, asked: Period) -> Sought:
    size = source.size or 0
    try:
        probes = _probes(path, size, times)
        begin, end = _part(probes, asked, size, times)
        if (begin, end) == (0, size):
            return Sought(source)
        before = _Before(times)
        first = before.pass_over(path, begin, probes)
    except (OSError, ValueError, _NoOrderError):
        return Sought(source)
    part = Source.of_chunks(source.name, _bytes(path, begin, end), lambda: lambda _count: None)
    unread = _unread(probes, begin, end, size)
    return Sought(part, begin, before.lines, first, before.process, unread, end)


class _NoOrderError(Exception):
    """The times of a file do not tell what stands where."""


# ---------------------------------------------------------------- the table of times


def _probes(path: Path, size: int, times: _Times) -> list[Probe]:
    """The table. Raises _NoOrderError where most places tell no time, or times go back."""
    found: list[Probe] = []
    order = _Order()
    places = range(0, size, max(LIMITS.step, size // MOST_PROBES))
    calendar = replace(times.calendar)
    with path.open("rb", buffering=0) as stream:
        for place in places:
            for window in WINDOWS:
                stream.seek(place)
                line = times.clock(stream.read(min(window, size - place)), 0)
                if line:
                    found.append(_probe(place + line[0], line[1], calendar))
                    order.take(found[-1])
                    break
    if len(found) * 2 < len(places):
        raise _NoOrderError
    return found


def _probe(offset: int, clock: str, calendar: Calendar) -> Probe:
    calendar.follow(clock)
    written = calendar.moment(clock)
    try:
        return Probe(offset, clock, written, datetime.fromisoformat(written.removesuffix("Z")))
    except ValueError:
        raise _NoOrderError from None


class _Order:
    """Looks that times are in order, but for what writers that do not wait for each other make of it."""

    def __init__(self) -> None:
        self._newest: Probe | None = None

    def take(self, probe: Probe) -> None:
        """Takes in the next one. Raises _NoOrderError where it is not."""
        newest = self._newest or probe
        if probe.when < newest.when - DISORDER or probe.written.endswith("Z") != newest.written.endswith("Z"):
            raise _NoOrderError
        self._newest = probe if probe.when >= newest.when else newest


def _part(probes: list[Probe], asked: Period, size: int, times: _Times) -> tuple[int, int]:
    """Begin and end of what is read: what can be of the time asked for, and what lies around it."""
    first = bisect_left(probes, True, key=lambda probe: not asked.is_before(probe.written))
    behind = bisect_left(probes, True, key=lambda probe: asked.is_after(probe.written))
    begin, end = 0, size
    # What stands before the first place that tells its time is of no time that is known.
    for probe in reversed(probes[1:first]):
        if asked.begin - probe.when >= times.late or probes[first - 1].offset - probe.offset >= LIMITS.around:
            begin = probe.offset
            break
    for probe in probes[behind:]:
        if probe.when - asked.end >= times.early or probe.offset - probes[behind].offset >= LIMITS.around:
            end = probe.offset
            break
    return begin, max(begin, end)


def _unread(probes: list[Probe], begin: int, end: int, size: int) -> tuple[Unread, ...]:
    before = [probe for probe in probes if probe.offset < begin]
    behind = [probe for probe in probes if probe.offset >= end]
    parts = ((before, 0, begin), (behind, end, size))
    return tuple(
        Unread(first, last, near[0].written, near[-1].written) for near, first, last in parts if near and first < last
    )


# ---------------------------------------------------------------- what is passed over


class _Before:
    """What is passed over: its lines are counted, and a line is looked at closely enough that no midnight is missed.

    Attributes:
        lines: how many lines it has.
        process: that its last header names.
    """

    def __init__(self, times: _Times) -> None:
        self.lines, self.process = 0, ""
        self._times, self._calendar, self._order = times, replace(times.calendar), _Order()

    def pass_over(self, path: Path, end: int, probes: list[Probe]) -> Probe | None:
        """Reads up to `end`, where a probe of the table stands, and gives that probe. Raises _NoOrderError where the
        lines between the probes tell of other days than these."""
        first = next((probe for probe in probes if probe.offset == end), None)
        buffer, rest, dialect = bytearray(min(CHUNK, end)), b"", self._times.dialect
        with path.open("rb", buffering=0) as stream, memoryview(buffer) as view:
            place = 0
            while place < end:
                count = stream.readinto(view[: end - place])
                if not count:
                    raise _NoOrderError
                self.lines += line_count(buffer, 0, count)
                self._look_at(buffer, count, place)
                if dialect and dialect.process:
                    rest = self._process_in(rest + bytes(view[:count]), dialect, dialect.process)
                place += count
        if first and first != self._looked(first.offset, first.clock):
            raise _NoOrderError
        return first

    def _look_at(self, buffer: bytearray, count: int, place: int) -> None:
        for at in range(0, count, LIMITS.closely):
            line = self._times.clock(buffer, at)
            if line and line[0] < count:
                self._looked(place + line[0], line[1])

    def _looked(self, offset: int, clock: str) -> Probe:
        probe = _probe(offset, clock, self._calendar)
        self._order.take(probe)
        return probe

    def _process_in(self, content: bytes, dialect: Dialect, process: re.Pattern[bytes]) -> bytes:
        """Takes note of the last header in some bytes; gives their last line, which may go on."""
        found = content.rfind(dialect.process_literal) if dialect.process_literal in content else -1
        if found >= 0:
            line = content[content.rfind(b"\n", 0, found) + 1 :].partition(b"\n")[0]
            named = process.match(line)
            self.process = named["process"].decode() if named else self.process
        return content[content.rfind(b"\n") + 1 :][:PREFIX_OF_LINE]


def _first_prefix(dialect: Dialect, window: bytes | bytearray, place: int) -> tuple[int, str] | None:
    """The first record behind a place; None where none of the next lines begins one."""
    begin = window.find(b"\n", place) + 1
    for _ in range(LINES if begin else 0):
        found = dialect.prefix.match(window, begin)
        if found:
            return begin, dialect.clock(found)
        begin = window.find(b"\n", begin) + 1
        if not begin:
            break
    return None


def _bytes(path: Path, begin: int, end: int) -> Iterator[bytes]:
    """The bytes between two offsets. Raises InputError where the file ends before."""
    with path.open("rb", buffering=0) as stream:
        stream.seek(begin)
        while begin < end:
            piece = stream.read(min(PIECE, end - begin))
            if not piece:
                raise InputError(f"The file was cut to {begin} bytes while it was read: read it again.")
            begin += len(piece)
            yield piece
