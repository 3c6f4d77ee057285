"""A large trace read by several processes, each a part of the file. The records come in file order, the same as from
one.

Children are forked, so that they need no start of their own. Where that cannot be done (Windows, another thread runs,
the input is no plain file, it is small) nothing is lost but time: one process reads all.
"""

import marshal
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader, FileIO
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

from msgspec import Struct

from mqtrace.model import Record
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.regions import FilePart

Selected = tuple[Record, Sequence[int]]
PartReader = Callable[[BinaryIO, FilePart, Tally], Iterator[Selected]]
# How many hits there are in some bytes.
Count = Callable[[bytes], int]

SMALLEST = 24 * 1024 * 1024
LONGEST_LINE = 1024 * 1024
# Each process holds its own buffers, some 30 MB at most.
MOST = 8
# What a hit costs whoever reads it, and this process besides, which makes facts and connections of all of them; in
# bytes that are searched in the same time.
HIT, FACTS = 4000, 6000
# What this process does besides, while the children read: as many bytes are searched in that time.
BESIDES = 40_000_000
LEAST_SHARE = 0.02
# Each is so large that the search is made ready before the children are forked.
SAMPLES, SAMPLE = 3, 384 * 1024
BATCH = 500
WIDTH = 8
PIPE = 1024 * 1024


def _nothing() -> None:
    """What there is to do besides, for who says nothing."""


class Sharing(Struct, frozen=True):
    """How a large file is shared.

    Attributes:
        processes: how many processes read it at most; 0 for one a core.
        meanwhile: called once others read their parts.
    """

    processes: int = 0
    meanwhile: Callable[[], None] = _nothing


ONE_A_CORE = Sharing()


def parts_of(path: Path | None, size: int | None, processes: int, count: Count) -> tuple[FilePart, ...]:
    """The parts in which to read a file, the first one by this process: one, or several of a large one where other
    processes can be forked. `processes`: as many at most; 0 for one a core.
    """
    wanted = min(processes or os.cpu_count() or 1, MOST)
    if (
        path is None
        or not size
        or size < SMALLEST
        or not hasattr(os, "fork")
        or wanted < 2
        or threading.active_count() > 1
    ):
        return (FilePart(),)
    with path.open("rb") as stream:
        own = size * _own_share(_density(stream, size, count), wanted, size)
        places = [int(own + (size - own) * number / (wanted - 1)) for number in range(wanted - 1)]
        begins = [_line_behind(stream, place) for place in places]
    inner = [FilePart(begin, end) for begin, end in pairwise((0, *begins))]
    return (*inner, FilePart(begins[-1], None))


def _density(stream: BinaryIO, size: int, count: Count) -> float:
    """How many hits there are in a byte, of some places of the file."""
    hits = 0
    for number in range(SAMPLES):
        stream.seek(size * (number + 1) // (SAMPLES + 1))
        hits += count(stream.read(SAMPLE))
    return hits / (SAMPLES * SAMPLE)


def _own_share(density: float, processes: int, size: int) -> float:
    """The part of a file that this process reads, so that all processes are done at once."""
    reading, others = 1 + density * HIT, processes - 1
    facts = density * FACTS + BESIDES / size
    return max(LEAST_SHARE, (reading / others - facts) / (reading + reading / others))


def _line_behind(stream: BinaryIO, place: int) -> int:
    """Where the line begins that follows a place."""
    stream.seek(place)
    return place + len(stream.readline(LONGEST_LINE))


def read_parts(
    stream: BinaryIO,
    path: Path,
    parts: Sequence[FilePart],
    tally: Tally,
    read: PartReader,
    *,
    meanwhile: Callable[[], None] = _nothing,
) -> Iterator[Selected]:
    """The records of all parts in file order: the first part read here, each other one by a child. Once these
    read, `meanwhile` is called.

    A child that fails is replaced: its part, or the rest of it, is read here.
    """
    children = [(part, *_fork(path, part, read)) for part in parts[1:]]
    try:
        meanwhile()
        yield from read(stream, parts[0], tally)
        for part, _, results in children:
            yield from _read_of_child(path, part, tally, read, results)
    finally:
        for _, child, results in children:
            os.close(results)
            os.kill(child, signal.SIGKILL)  # it failed, or nobody wants its records any more
            os.waitpid(child, 0)


def _read_of_child(path: Path, part: FilePart, tally: Tally, read: PartReader, results: int) -> Iterator[Selected]:
    """The records that a child sends of its part, and what it does not send."""
    lines = tally.lines
    count = 0
    for batch in _batches(results):
        if isinstance(batch, tuple):
            tally.size, tally.lines, tally.records = (
                tally.size + batch[0],
                lines + batch[1],
                tally.records + batch[2],
            )
            return
        for fields, literals in batch:
            count += 1
            yield _record(fields, lines), literals
    yield from _read_rest(path, part, tally, read, lines=lines, count=count)


def _record(fields: tuple[object, ...], lines: int) -> Record:
    record = Record(*fields)  # type: ignore[arg-type]
    record.line += lines
    return record


def _read_rest(
    path: Path, part: FilePart, tally: Tally, read: PartReader, *, lines: int, count: int
) -> Iterator[Selected]:
    own = Tally()
    with path.open("rb") as stream:
        for number, (record, literals) in enumerate(read(stream, part, own)):
            if number >= count:
                record.line += lines
                yield record, literals
    tally.size, tally.lines, tally.records = tally.size + own.size, lines + own.lines, tally.records + own.records


def _fork(path: Path, part: FilePart, read: PartReader) -> tuple[int, int]:
    """Process id of the child, and the descriptor from which its results are read."""
    results, sink = os.pipe()
    _widen(sink)
    child = os.fork()
    if child:
        os.close(sink)
        return child, results
    code = 1
    try:
        os.close(results)
        _send(path, part, sink, read)
        code = 0
    finally:
        os._exit(code)


def _widen(sink: int) -> None:
    """Gives the pipe room for the child's results while this process still reads its own
    part, where the system can do that."""
    try:
        import fcntl

        fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, PIPE)
    except (ImportError, AttributeError, OSError):
        return


def _send(path: Path, part: FilePart, sink: int, read: PartReader) -> None:
    tally = Tally()
    batch: list[tuple[tuple[object, ...], list[int]]] = []
    with os.fdopen(sink, "wb") as stream, path.open("rb") as source:
        for record, literals in read(source, part, tally):
            fields = (record.kind, record.raw, record.source, record.line, record.offset, record.length)
            batch.append(((*fields, record.thread, record.clock, record.data, record.base), list(literals)))
            if len(batch) >= BATCH:
                _write(stream, batch)
                batch = []
        _write(stream, batch)
        _write(stream, (tally.size, tally.lines, tally.records))


def _write(stream: BinaryIO, value: Any) -> None:
    content = marshal.dumps(value)
    stream.write(len(content).to_bytes(WIDTH, "big") + content)
    stream.flush()


def _batches(results: int) -> Iterator[list[tuple[tuple[object, ...], list[int]]] | tuple[int, int, int]]:
    """What the child sends, until it ends."""
    stream = BufferedReader(FileIO(results, closefd=False))
    while True:
        width = stream.read(WIDTH)
        content = stream.read(int.from_bytes(width, "big")) if len(width) == WIDTH else b""
        if not content or len(content) < int.from_bytes(width, "big"):
            return
        yield marshal.loads(content)
