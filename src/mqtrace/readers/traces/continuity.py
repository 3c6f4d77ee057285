"""Whether lines are missing inside a call of a trace: a trace that wrapped around, was
cut, or lost lines while it was written.

Seen in every whole trace of the corpora: the calls of a thread nest without a fault, and of the counters of a region at
most three in a row are missing (threads that write at once lose some). In the traces of the Java client a call that was
left by an exception may have no end, but none begins two levels deeper than the one around it; and the records of a
moment are numbered from 0, or from where the one before had come, without a gap.
"""

import mmap
import re
import struct
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from typing import BinaryIO, Protocol

from msgspec import Struct

from mqtrace.bytewise import find
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.readers.traces.trace_lines import DUMP_ROW, Dialect, depth_of

# Bytes of one call that are looked at, and of all calls of a trace; lines of threads that write at once stand out of
# order that far.
LONGEST = 512 * 1024
BUDGET = 8 * 1024 * 1024
AROUND = 64 * 1024
# A line's prefix is within these bytes.
PREFIX = 80
# What an input that cannot be opened again keeps of itself.
KEPT = 16 * 1024 * 1024
_COUNT = struct.Struct("<Q")
MISSING_COUNTERS = 5
# Longer than any system waits for an answer to a connect: seconds.
SILENT = 300
_COUNTED = compiled(rb"[0-9A-F]{8} +\d\d:\d\d:\d\d\.")
_COUNTERS = compiled(rb"\n([0-9A-F]{8}) +\d\d:\d\d:\d\d\.")
_SESSION_WORD = b" RSESS:"
_SESSION = compiled(rb" RSESS:([0-9a-f]{1,9})(?: |$)")
DAY = 86_400
# What the formatter, or the client on Windows, writes where it could not make out or keep what was traced, in whatever
# thread.
_LOST = compiled(
    rb"^(?:.{0,80}? )?(?:!!!|\d{1,12} bytes skipped at offset \d|Unexpected Trace Hook:|Unrecognised hookID"
    rb"|Some trace entries are missing)",
    re.MULTILINE,
)
# One of these is in each of them, and a search for it takes a hundredth of the time.
_OF_LOST = (b"!!!", b" bytes skipped ", b"Unexpected Trace", b"Unrecognised", b"Some trace")


class Bytes(Protocol):
    """What can be read a second time."""

    def read(self, begin: int, end: int) -> bytes:
        """The bytes between two offsets, as far as they are at hand."""


class Replay:
    """The bytes of a trace for a second look, while and after it is read."""

    def __init__(self, source: Source) -> None:
        """Takes over the source's stream where the input cannot be opened again, and keeps its first 16 MiB."""
        self._path = source.path
        self._left = BUDGET
        # How many bytes are kept stands behind them.
        self._kept = memoryview(b"")
        if self._path is None:
            source.stream = self._keeping(source.name, source.stream)

    def _keeping(self, name: str, stream: BinaryIO) -> BinaryIO:
        # A process that reads the stream in place of this one keeps them here, too.
        kept = self._kept = memoryview(mmap.mmap(-1, KEPT + _COUNT.size))
        count = 0

        def fill(target: memoryview) -> int:
            nonlocal count
            size: int = stream.readinto(target)  # type: ignore[attr-defined]  # BinaryIO does not tell of it
            if count < KEPT:
                first = target[: min(size, KEPT - count)]
                kept[count : count + len(first)] = first
                count += len(first)
                _COUNT.pack_into(kept, KEPT, count)
            return size

        return Source.filled(name, fill).stream

    def read(self, begin: int, end: int) -> bytes:
        """These bytes; nothing where they are no longer at hand, or too many were asked for."""
        if end - begin > self._left:
            return b""
        self._left -= end - begin
        if self._path is None:
            (count,) = _COUNT.unpack_from(self._kept, KEPT)
            return bytes(self._kept[begin : min(end, count)])
        try:
            with self._path.open("rb") as stream:
                stream.seek(begin)
                return stream.read(end - begin)
        except OSError:
            return b""


class ThreadLine(Struct, frozen=True):
    """A line of the call's thread: where it begins in the content, its clock in seconds, the number of its session, its
    body, and, of a dump's row, its offset in what was dumped."""

    offset: int
    seconds: int
    session: int
    body: bytes
    row: int | None


def hole_in(replay: Bytes, dialect: Dialect, thread: str, begin: int, end: int) -> int | None:
    """Offset in the trace of the first line behind missing ones between two offsets, None
    where none are seen to be missing."""
    is_numbered = "number" in dialect.prefix.groupindex
    if end - begin > (BUDGET if is_numbered else LONGEST):
        return None  # many threads write at once, and the counters of one stand far from the others
    thread = thread.rpartition(".")[2] if dialect.process else thread
    before = min(begin, AROUND)
    content = replay.read(begin - before, end + AROUND)
    own = content[before : before + end - begin]
    unnested = _unnested(own, dialect, thread.encode())
    places = [] if unnested is None else [begin + unnested]
    if any(find(own, sign, 0, len(own)) >= 0 for sign in _OF_LOST):
        places += [begin + lost.start() for lost in _LOST.finditer(own)]
    counted = _unnumbered(content, dialect) if is_numbered else _uncounted(content)
    places += [begin - before + place for place in counted if before <= place <= before + len(own)]
    return min(places, default=None)


def _unnested(content: bytes, dialect: Dialect, thread: bytes) -> int | None:
    """Where the calls of a thread stop to nest, its session or its clock jumps, or a line
    says that others were lost."""
    open_calls: list[tuple[int, bytes]] = []
    before: ThreadLine | None = None
    for line in _lines(content, dialect, thread):
        if (before and _jumps(before, line)) or _lacks_begin(before, line):
            return line.offset
        call = dialect.call.match(line.body) if b"{" in line.body or b"}" in line.body else None
        nests = _nests if dialect.nests else _is_no_leap
        if call and not nests(open_calls, depth_of(call["dashes"].decode()), call["name"], call["sign"] == b"{"):
            return line.offset
        before = line
    return None


def _lines(content: bytes, dialect: Dialect, thread: bytes) -> Iterator[ThreadLine]:
    """The lines of a thread. Most of what is looked at is of others: their lines are passed over by a search for its
    number.
    """
    at = content.find(thread)
    while at >= 0:
        begin = content.rfind(b"\n", 0, at) + 1
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end
        prefix = dialect.prefix.match(content, begin, end) if at - begin <= PREFIX else None
        if prefix and prefix["thread"] == thread:
            whole, clock = prefix.group(0, "clock")
            session = _SESSION.search(whole) if _SESSION_WORD in whole else None
            body = content[prefix.end() : end].rstrip(b"\r")
            body = dialect.plain(body) if dialect.plain else body
            # Where lines are counted, the counters tell; the managed client dumps what begins in the middle.
            row = dialect.row.match(body) if body[:2] == DUMP_ROW else None
            number = int(row["offset"], 16) if row and dialect.nests and not _COUNTED.match(content, begin) else None
            yield ThreadLine(begin, _seconds(clock[:8]), int(session[1], 16) if session else 0, body, number)
        at = content.find(thread, end)


@lru_cache(maxsize=16)
def _seconds(clock: bytes) -> int:
    """Seconds of the day, of "17:10:46"."""
    return int(clock[:2]) * 3600 + int(clock[3:5]) * 60 + int(clock[6:])


def _jumps(before: ThreadLine, line: ThreadLine) -> bool:
    """Whether more time passed than a call waits, or it went back but for midnight, or the session is neither the same
    nor the next.
    """
    passed = line.seconds - before.seconds
    if passed > SILENT or SILENT - DAY < passed < -SILENT:
        return True
    return bool(before.session and line.session) and line.session - before.session not in (0, 1)


def _lacks_begin(before: ThreadLine | None, line: ThreadLine) -> bool:
    """Whether it is a row in the middle of a dump and no row stands before it."""
    return bool(line.row) and (before is None or before.row is None)


def _nests(open_calls: list[tuple[int, bytes]], depth: int, name: bytes, begins: bool) -> bool:
    """Whether a call that begins or ends follows from the open ones; keeps them up to date."""
    innermost = open_calls[-1] if open_calls else None
    if begins:
        follows = innermost is None or depth == innermost[0] + 1
        open_calls.append((depth, name))
        return follows
    follows = innermost is None or innermost == (depth, name)
    if open_calls:
        open_calls.pop()
    return follows


def _is_no_leap(open_calls: list[tuple[int, bytes]], depth: int, name: bytes, begins: bool) -> bool:
    """Whether a call begins at most one level deeper than the innermost one that can still be open; keeps them up to
    date.
    """
    follows = not (begins and open_calls) or depth <= open_calls[-1][0] + 1
    while open_calls and open_calls[-1][0] >= depth:
        open_calls.pop()
    if begins:
        open_calls.append((depth, name))
    return follows


def _unnumbered(content: bytes, dialect: Dialect) -> Iterator[int]:
    """Where the numbers of the records, of all threads in the order of the file, leave one out."""
    before = None
    for begin in accumulate((len(line) + 1 for line in content.split(b"\n")), initial=0):
        prefix = dialect.prefix.match(content, begin)
        if prefix:
            number = int(prefix["number"], 36)
            if before is not None and number not in (0, before, before + 1):
                yield begin
            before = number


def _uncounted(content: bytes) -> Iterator[int]:
    """Where the counters of the lines, of all threads, leave out several in a row."""
    # As all have eight digits, they are in order as texts.
    # They stand almost in order, which a set would lose.
    return _gaps(content, sorted(dict.fromkeys(_COUNTERS.findall(b"\n" + content))))


def _gaps(content: bytes, counters: list[bytes]) -> Iterator[int]:
    """Where a counter stands that is too far from the one before. Most are not: what is dense enough as a whole is not
    looked at one by one."""
    if len(counters) < 2 or int(counters[-1], 16) - int(counters[0], 16) < len(counters) + MISSING_COUNTERS - 1:
        return
    if len(counters) == 2:
        yield content.find(b"\n" + counters[1]) + 1
        return
    half = len(counters) // 2
    yield from _gaps(content, counters[: half + 1])
    yield from _gaps(content, counters[half:])
