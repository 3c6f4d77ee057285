"""What the traces of all client families have in common: selected lines, dumps and blocks become records.

A family differs in the form of a line's prefix and of a dump's row (`Dialect`); nothing else here knows a family.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.bytewise import NEWLINE, line_count
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import Record
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.data_calls import CallTurn, CallTurns, DataCalls
from mqtrace.readers.traces.parallel import ONE_A_CORE, Sharing, read_shared
from mqtrace.readers.traces.parallel import Selected as Selected
from mqtrace.readers.traces.regions import FilePart, Region, new_buffer, regions
from mqtrace.readers.traces.scan import Scanner, scanner_of

LINE_CAP = 16 * 1024
BACK_LINES = 400
DUMP_LINES = 8192
BLOCK_LINES = 4000
DUMP_ROW = b"0x"
CALL = compiled(rb"(?P<dashes>-{0,200})(?P<sign>[{}])[ !]{0,2} ?(?P<name>[A-Za-z_][\w.]{0,200}|<[0-9a-f]{1,16}>)")


# A sign before a call that stands for many levels, in traces of the Java client.
DEEP, LEVELS = ":", 25


def depth_of(signs: str) -> int:
    """How deep a call is nested, of the signs before it."""
    return len(signs) + (LEVELS - 1) * signs.count(DEEP)


class Dialect(Struct, frozen=True):
    """The form of one family's lines.

    Attributes:
        prefix: matches the prefix of a line that begins a record; groups clock and thread ("pid.tid", of a family whose
            header names the process the thread alone), of a dated family also year, month and day, two digits each, and
            of a numbered one number.
        row: matches the body of a dump's row; groups offset (hexadecimal digits) and bytes (these and blanks).
        process: matches the line of a header that names the process of all records behind it; group process.
        process_literal: bytes that are in each such line.
        call: matches the body of a line on which a call begins or ends; groups dashes (its depth), sign ({ or }), name.
        nests: whether calls nest without a fault, so that one that does not shows that lines are missing.
        is_dated: whether each record has its date.
        plain: makes the body of a line as the patterns know it; None where it is written so.
    """

    prefix: re.Pattern[bytes]
    row: re.Pattern[bytes]
    plain: Callable[[bytes], bytes] | None = None
    process: re.Pattern[bytes] | None = None
    process_literal: bytes = b""
    call: re.Pattern[bytes] = CALL
    nests: bool = True
    is_dated: bool = False

    def clock(self, prefix: "re.Match[bytes]") -> str:
        """The time of a record: its time of day as written, in ISO 8601 with the date where it has one."""
        if not self.is_dated:
            return prefix["clock"].decode()
        return (b"20%s-%s-%sT%s" % prefix.group("year", "month", "day", "clock")).decode()


def no_turns(_record: Record, _literals: Sequence[int]) -> Sequence[CallTurn]:
    """For who does not look for calls."""
    return ()


class Selection(Struct, frozen=True):
    """What the caller looks for: literals, and for each what kind of record a hit of it begins.

    Attributes:
        literals: the literals to search for.
        kinds: for each literal "line", "dump" or "block".
        ends: for each literal the bytes that end its block, b"" for others.
        turning: the literals of lines on which a call can begin or return.
        telling: those, and others whose lines count within a call that moves data, too.
        turns: the calls that do so on such a line.
        portable: search without hyperscan.
        sharing: how a large file is shared between processes.
    """

    literals: tuple[bytes, ...]
    kinds: tuple[str, ...]
    ends: tuple[bytes, ...]
    turning: frozenset[int] = frozenset()
    telling: frozenset[int] = frozenset()
    turns: CallTurns = no_turns
    portable: bool = False
    sharing: Sharing = ONE_A_CORE


class _Line(Struct):
    start: int
    end: int
    prefix: "re.Match[bytes] | None"


def _owner(region: Region, line: _Line, dialect: Dialect) -> "re.Match[bytes] | None":
    """The prefix of the record that a line without a prefix continues, None where it is not at hand."""
    buffer, start = region.buffer, line.start
    for _ in range(BACK_LINES):
        if start == 0:
            return None
        end = start - 1
        start = buffer.rfind(b"\n", 0, end) + 1
        found = dialect.prefix.match(buffer, start, end)
        if found:
            return found
    return None


def _following(region: Region, start: int, dialect: Dialect, limit: int) -> Iterator[_Line]:
    buffer = region.buffer
    for _ in range(limit):
        end = buffer.find(b"\n", start, region.stop)
        if end < 0:
            end = region.stop
        if start >= region.stop:
            return
        yield _Line(start, min(end, start + LINE_CAP), dialect.prefix.match(buffer, start, min(end, start + LINE_CAP)))
        start = end + 1


def _body(region: Region, start: int, end: int) -> bytes:
    return bytes(region.buffer[start:end]).rstrip(b"\r\n")


def _row_before(region: Region, line: _Line, dialect: Dialect) -> _Line | None:
    """The last row of a dump of the same thread before a line, None where none is at hand."""
    start = line.start
    for _ in range(BACK_LINES):
        if start == 0:
            return None
        end = start - 1
        start = region.buffer.rfind(b"\n", 0, end) + 1
        prefix = dialect.prefix.match(region.buffer, start, end)
        if (
            prefix
            and line.prefix
            and prefix["thread"] == line.prefix["thread"]
            and dialect.row.match(region.buffer, prefix.end(), end)
        ):
            return _Line(start, end, prefix)
    return None


def _rows_before(region: Region, line: _Line, thread: bytes, dialect: Dialect) -> tuple[_Line, int]:
    """First row of the dump that holds `line`, and the line's offset within what was dumped."""
    row = dialect.row.match(region.buffer, line.prefix.end() if line.prefix else line.start, line.end)
    first, offset = line, int(row["offset"], 16) if row else 0
    start = line.start
    for _ in range(BACK_LINES):
        if offset == 0 or start == 0:
            break
        end = start - 1
        start = region.buffer.rfind(b"\n", 0, end) + 1
        prefix = dialect.prefix.match(region.buffer, start, end)
        if not prefix or prefix["thread"] != thread:
            continue
        row = dialect.row.match(region.buffer, prefix.end(), end)
        if not row or int(row["offset"], 16) >= offset:
            break
        first, offset = _Line(start, end, prefix), int(row["offset"], 16)
    return first, offset


def _dump(region: Region, line: _Line, dialect: Dialect, source: str, number: int) -> Record | None:
    """The rows of the dump that holds a hit, or of the thread's last dump before it,
    joined; rows of other threads are passed over."""
    if not line.prefix:
        return None
    if not dialect.row.match(region.buffer, line.prefix.end(), line.end):
        before = _row_before(region, line, dialect)
        if not before or not before.prefix:
            return None
        number -= line_count(region.buffer, before.start, line.start)
        line = before
    assert line.prefix is not None
    thread = line.prefix["thread"]
    first, base = _rows_before(region, line, thread, dialect)
    data, last = bytearray(), base - 1
    for each in _following(region, first.start, dialect, DUMP_LINES):
        if each.prefix and each.prefix["thread"] != thread:
            continue
        row = dialect.row.match(region.buffer, each.prefix.end(), each.end) if each.prefix else None
        if not row or int(row["offset"], 16) != base + len(data) or int(row["offset"], 16) <= last:
            break
        last = int(row["offset"], 16)
        data += bytes.fromhex(row["bytes"].replace(b" ", b"").decode("ascii"))
    number -= line_count(region.buffer, first.start, line.start)
    return Record(
        "hexdump",
        _body(region, first.start, first.end),
        source,
        number,
        region.offset + first.start,
        first.end - first.start,
        thread.decode(),
        dialect.clock(line.prefix),
        bytes(data),
        base,
    )


def _block(region: Region, line: _Line, dialect: Dialect, source: str, number: int, *, ends: bytes) -> Record:
    """The lines from a hit up to the line that holds `ends`, without prefixes; lines of
    other threads are passed over."""
    owner = line.prefix or _owner(region, line, dialect)
    thread = owner["thread"] if owner else b""
    texts: list[bytes] = []
    for each in _following(region, line.start, dialect, BLOCK_LINES):
        if each.prefix and owner and each.prefix["thread"] != thread:
            continue
        body = each.prefix.end() if each.prefix else each.start
        texts.append(_body(region, body, each.end))
        if ends and region.buffer.find(ends, body, each.end) >= 0:
            break
    clock = dialect.clock(owner) if owner else ""
    offset, length = region.offset + line.start, line.end - line.start
    return Record("transcript", b"\n".join(texts), source, number, offset, length, thread.decode(), clock)


def read_trace(source: Source, tally: Tally, dialect: Dialect, selection: Selection) -> Iterator[Selected]:
    """Yields each record that the selection hits, with the indexes of the literals that
    were found in it, in file order.

    A line that is hit by literals of dumps or blocks gives one record for each of these, and one as a line where line
    literals hit it too. A large file is read by several processes.
    """
    if dialect.process is None:
        yield from _read(source, tally, dialect, selection)
        return
    asked = replace(
        selection,
        literals=(*selection.literals, dialect.process_literal),
        kinds=(*selection.kinds, "line"),
        ends=(*selection.ends, b""),
    )
    process = ""
    for record, found in _read(source, tally, dialect, asked):
        process = name_process(record, dialect, process)
        own = [index for index in found if index < len(selection.literals)]
        if own:
            yield record, own


def name_process(record: Record, dialect: Dialect, process: str) -> str:
    """Gives the thread of a record its process, where a header names that for all records behind it: the one of this
    record, else `process`, that of the record before. Returns it."""
    if dialect.process is None:
        return process
    begun = dialect.process.match(record.raw)
    process = begun["process"].decode() if begun else process
    record.thread = f"{process}.{record.thread}"
    return process


def _read(source: Source, tally: Tally, dialect: Dialect, selection: Selection) -> Iterator[Selected]:
    """The same with threads as the prefixes have them."""

    buffer = new_buffer()

    def read(stream: BinaryIO, part: FilePart, counted: Tally) -> Iterator[Selected]:
        return read_part(stream, part, counted, dialect, selection, name=source.name, buffer=buffer)

    make_ready = scanner_of(selection.literals, selection.portable).make_ready
    return read_shared(source, tally, read, selection.sharing, make_ready)


def read_part(
    stream: BinaryIO,
    part: FilePart,
    tally: Tally,
    dialect: Dialect,
    selection: Selection,
    *,
    name: str,
    buffer: bytearray | None = None,
) -> Iterator[Selected]:
    """The records of a part of a stream, threads as the prefixes have them; lines count from the part's begin."""
    scanner = scanner_of(selection.literals, selection.portable)
    # Most hits are of plain lines: they become records right here, without a call each.
    is_plain = frozenset(index for index, kind in enumerate(selection.kinds) if kind != "line").isdisjoint
    number, plain, prefix_of = 1, dialect.plain, dialect.prefix.match
    data_calls: DataCalls[bytes] = DataCalls()
    # Where a header names the process, threads of the same number can be of two.
    turns_not = (frozenset() if dialect.process else selection.turning).isdisjoint
    moving, tells_not = data_calls.moving, selection.telling.isdisjoint
    clock_of = dialect.clock if dialect.is_dated else None
    for region in regions(stream, part, buffer):
        buffer, before, counted = region.buffer, region.offset, region.start
        view = memoryview(buffer)
        for start, end, found in _hit_lines(region, scanner):
            tally.records += 1
            prefix = prefix_of(buffer, start, end)
            if moving and prefix and prefix["thread"] in moving and tells_not(found):
                continue
            if start > counted:
                number += line_count(buffer, counted, start)
                counted = start
            raw = bytes(view[prefix.end() : end]) if prefix and is_plain(found) else DUMP_ROW
            if prefix and raw[:2] != DUMP_ROW:
                thread, clock = prefix.group("thread", "clock")
                raw = raw.rstrip(b"\r") if raw[-1:] == b"\r" else raw
                record = Record(
                    "text",
                    plain(raw) if plain else raw,
                    name,
                    number,
                    before + start,
                    end - start,
                    thread.decode(),
                    clock_of(prefix) if clock_of else clock.decode(),
                )
                if not turns_not(found):
                    data_calls.take(thread, selection.turns(record, found))
                yield record, found
            else:
                line = _Line(start, end, prefix)
                if not turns_not(found):
                    moving.clear()  # which call it is of is not sure
                yield from _records(region, line, found, dialect, selection, source=name, number=number)
        number += line_count(buffer, counted, region.end)
        tally.size += region.end - region.start
        tally.lines = number - 1 if buffer[region.end - 1 : region.end] == NEWLINE else number


def _hit_lines(region: Region, scanner: Scanner) -> Iterator[tuple[int, int, list[int]]]:
    """Where each line of the region that holds a literal begins and ends, with all literals found in it."""
    buffer, stop = region.buffer, region.stop
    found: list[int] = []
    start = end = -1
    for position, index in scanner.hits(buffer, region.start, region.end):
        if position < end:
            found.append(index)
            continue
        if found:
            yield start, end, found
        least, most = position - LINE_CAP, position + LINE_CAP
        start = buffer.rfind(NEWLINE, least if least > 0 else 0, position) + 1
        if start == 0 and least > 0:
            start = least
        end = buffer.find(NEWLINE, position, most)
        if end < 0 or end > stop:
            end = most if most < stop else stop
        found = [index]
    if found:
        yield start, end, found


def _records(
    region: Region, line: _Line, found: list[int], dialect: Dialect, selection: Selection, *, source: str, number: int
) -> Iterator[Selected]:
    kinds = selection.kinds
    if dialect.row.match(region.buffer, line.prefix.end() if line.prefix else line.start, line.end):
        # What was dumped is data of the program: words in it say nothing.
        found = [index for index in found if kinds[index] == "dump"]
    lines = [index for index in found if kinds[index] == "line"]
    if lines:
        yield _line_record(region, line, source, number, dialect), lines
    for index in dict.fromkeys(found):
        if kinds[index] == "dump":
            dump = _dump(region, line, dialect, source, number)
            if dump:
                yield dump, [index]
        elif kinds[index] == "block":
            yield _block(region, line, dialect, source, number, ends=selection.ends[index]), [index]


def _line_record(region: Region, line: _Line, source: str, number: int, dialect: Dialect) -> Record:
    owner = line.prefix or _owner(region, line, dialect)
    body = line.prefix.end() if line.prefix else line.start
    raw = _body(region, body, line.end)
    raw = dialect.plain(raw) if dialect.plain else raw
    offset, length = region.offset + line.start, line.end - line.start
    if not owner:
        return Record("text", raw, source, number, offset, length)
    return Record("text", raw, source, number, offset, length, owner["thread"].decode(), dialect.clock(owner))
