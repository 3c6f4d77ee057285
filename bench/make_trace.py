"""Makes a SYNTHETIC trace of any size, with connections of a known cause hidden in it.

    python bench/make_trace.py FILE SIZE [--share N] [--connections N] [--at PART] [--polling] [--sample NAME]

SIZE is 117MB, 1GB, ... (powers of ten). Of the C client: lines of the forms, lengths and nesting of published excerpts,
of ten threads, in blocks that come again with other times. One in `--share` lines is interesting: it holds a literal
that mqtrace's patterns look for (taken from mqtrace.catalog). Without `--share` only the hidden connections are, and
what any trace has by chance (microseconds in which the number of an error stands). `--polling` makes a client that asks
for a message again and again instead. The connections are those of a sample of the C client, whose cause and winners
stand in sample-traces/samples.toml.

Of the other clients (`--sample dotnet-...`, `--sample java-...`): the records of a genuine sample again and again, at
other times; `--share`, `--connections`, `--at` and `--polling` do not apply.

The same arguments give the same bytes. Memory does not depend on SIZE.
"""

import argparse
import re
import sys
import zipfile
from bisect import bisect
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property, partial
from inspect import GEN_CLOSED, getgeneratorstate
from itertools import accumulate, islice
from pathlib import Path
from random import Random

import regex

from mqtrace.catalog.trace_patterns import TracePattern, trace_patterns

SAMPLES = Path(__file__).parents[1] / "sample-traces"
DEFAULT_SAMPLE = "c-label-not-in-key-repository"
UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}
SAID = "SYNTHETIC, by bench/make_trace.py: no client wrote this"
# Lines of a block, which is a second of the client's time, and how many blocks there are before they come again.
BLOCK = 8192
BLOCKS = 32
THREADS = 8
INTERESTING_THREAD, FIRST_THREAD, CONNECTION_THREADS = 2, 3, range(20, 70)
# Lines of others between two lines of a hidden connection.
BETWEEN = 4
MIDNIGHT = b" 00:00:00."
LINE = re.compile(rb"[ *]?(?P<clock>\d\d:\d\d:\d\d\.\d{6}) +(?P<thread>\d+\.\d+) ")
STAMP = re.compile(rb"(?:(?<=\[)\d\d/\d\d/\d\d )?\d\d:\d\d:\d\d(?=\.\d{3})")
NAMES = (
    "xllSpinLockRequest xllSpinLockRelease zutLookupLock xcsGetMemFn xcsFreeMemFn xtmRequestMutex xtmReleaseMutex "
    "ccxAllocMem xcsQueryMutexSem rrxGetTimestamp xcsCheckPointer zstGetThreadData xcsConvertString cciCheckBuffer"
).split()
LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 <>/=."
TEXTS = (
    "Data: 0x{:08x} 0x{:08x}",
    "component:{} function:{} length:{} options:0 cbmindex:-1 *pointer:{:x}",
    "hmtx is 0x{:x}, Timeout is -1",
    "Conversation {} of session {} has {} bytes to come",
    "Buffer(0x{:x}) in use by {} since {}",
    "Segment of {} bytes, offset {}, type {:x}, flags {:02x}",
)


@dataclass(frozen=True)
class Insert:
    """A line to be put into a block: what stands before and after its time of day."""

    before: bytes
    after: bytes


@dataclass(frozen=True)
class Block:
    """The lines of a second.

    Attributes:
        content: its bytes; the hour, minute and second of each line are those of MIDNIGHT.
        offsets: where each line begins, and where the last one ends.
        fractions: of each line, its microseconds with the point before them.
        interesting: how many lines hold a literal that is looked for.
    """

    content: bytes
    offsets: tuple[int, ...]
    fractions: tuple[bytes, ...]
    interesting: int

    def at(self, second: bytes, inserts: Sequence[tuple[int, Insert]]) -> bytes:
        """The block at that time of day (HH:MM:SS), with inserts before the lines of these numbers, which ascend."""
        content = self.content.replace(MIDNIGHT, b" " + second + b".")
        pieces, done = [], 0
        for number, insert in inserts:
            offset = self.offsets[number]
            pieces += (content[done:offset], insert.before, second, self.fractions[number], insert.after)
            done = offset
        return b"".join((*pieces, content[done:]))


@dataclass(frozen=True)
class Pools:
    """What lines of the C client say, to be drawn from, so that a line costs little.

    Attributes:
        owners: the patterns of each literal that mqtrace looks for.
        texts, rows: bodies that hold no literal; rows without their offset.
        odd: bodies that hold a literal, of which no pattern takes anything.
    """

    owners: dict[bytes, list[TracePattern]]
    texts: list[bytes]
    rows: list[bytes]
    odd: list[bytes]

    def hits(self, content: bytes) -> Iterator[int]:
        """Where literals stand."""
        for literal in self.owners:
            at = content.find(literal)
            while at >= 0:
                yield at
                at = content.find(literal, at + 1)


@cache
def pools() -> Pools:
    """The pools, the same in every run."""
    choice = Random(2)
    owners: dict[bytes, list[TracePattern]] = {}
    for pattern in trace_patterns("c"):
        for literal in pattern.literals:
            owners.setdefault(literal, []).append(pattern)
    texts, rows = ([make_one(choice) for _ in range(4096)] for make_one in (any_text, any_row))
    literals = [literal for literal, patterns in owners.items() if all(each.kind == "line" for each in patterns)] * 8
    noted = [b"entry %d of the cache is %b" % (choice.randrange(10**6), each) for each in literals]
    return Pools(
        owners,
        [each for each in texts if not found_in(each, owners)],
        [each for each in rows if not found_in(each, owners)],
        [each for each in noted if not any(map(partial(takes, each), found_in(each, owners)))],
    )


def found_in(body: bytes, owners: dict[bytes, list[TracePattern]]) -> list[TracePattern]:
    """The patterns of the literals in a line's body."""
    return [pattern for literal, patterns in owners.items() if literal in body for pattern in patterns]


def takes(body: bytes, pattern: TracePattern) -> bool:
    """Whether a pattern takes anything from a line that holds its literal."""
    return not pattern.regex or regex.search(pattern.regex.encode(), body) is not None


def any_text(choice: Random) -> bytes:
    """A text with numbers."""
    numbers = [choice.randrange(16 ** choice.randrange(2, 8)) for _ in range(4)]
    return choice.choice(TEXTS).format(*numbers).encode()


def any_row(choice: Random) -> bytes:
    """A row of a dump: nothing, blanks, letters or binary data."""
    kinds = (bytes(16), b" " * 16, bytes(choice.choices(LETTERS, k=16)), choice.randbytes(16))
    return row_of(choice.choice(kinds))


@dataclass
class Words:
    """What the threads of a C client say, by chance."""

    choice: Random
    pools: Pools = field(default_factory=pools)

    def call(self, depth: int, most: int = 4) -> Generator[bytes]:
        """A call that succeeds, with others and texts in it."""
        choice = self.choice
        name = choice.choice(NAMES).encode()
        dashes = b"-" * depth
        yield b"%b{  %b" % (dashes, name)
        for _ in range(choice.randrange(most)):
            kind = choice.random()
            if kind < 0.5 and depth < 12:
                yield from self.call(depth + 1, most - 1)
            elif kind < 0.95:
                yield text_of(choice.choice(self.pools.texts))
            else:
                yield from self.dump(choice.randrange(2, 33))
        yield b"%b}  %b rc=OK FunctionTime=%d" % (dashes, name, choice.randrange(1, 200))

    def dump(self, rows: int, first: bytes = b"") -> Iterator[bytes]:
        """A dump of that many rows, of which the first may be given."""
        for at in range(rows):
            yield b"       0x%04x:  %b" % (at * 16, first if first and not at else self.choice.choice(self.pools.rows))

    def flow(self, word: bytes, segment: int) -> Iterator[bytes]:
        """A segment of the channel's protocol goes out or comes in: two lines of it are interesting."""
        size = self.choice.randrange(60, 400)
        header = b"TSHM" + size.to_bytes(4, "big") + self.choice.randbytes(4) + bytes((0, 0, 0, 3, 1, segment, 0x30, 0))
        yield text_of(b"%b %d bytes" % (word, size))
        yield from self.dump(size // 16, row_of(header[:16]))

    def asking(self) -> Generator[bytes]:
        """The program asks for a message, and there is none."""
        empty = b"rc=MQRC_NO_MSG_AVAILABLE"
        names = (b"MQGET", b"tmzstMQGET", b"zstMQGET")
        yield from (b"%b{  %b" % (b"-" * depth, name) for depth, name in enumerate(names))
        for word, segment in ((b"Sending", 0x85), (b"Receiving", 0x95)):
            for _ in range(4):
                yield from self.call(3)
            yield from self.flow(word, segment)
        for depth, name in reversed(list(enumerate(names))):
            yield b"%b}! %b %b FunctionTime=%d" % (b"-" * depth, name, empty, self.choice.randrange(1, 9000))

    @cached_property
    def asked(self) -> list[list[bytes]]:
        """What of some calls for a message holds a literal that is looked for."""
        return [[each for each in self.asking() if found_in(each, self.pools.owners)] for _ in range(64)]

    def interesting(self) -> list[bytes]:
        """A few lines that all hold a literal: about half of all are what a call for a message says, half what no
        pattern takes anything from.
        """
        if self.choice.random() < 0.9:
            return [text_of(self.choice.choice(self.pools.odd))]
        return self.choice.choice(self.asked)


def text_of(body: bytes) -> bytes:
    """A text at its column."""
    return b"     " + body


def row_of(data: bytes) -> bytes:
    """A row of a dump without its offset."""
    shown = bytes(each if 0x20 <= each < 0x7F else 0x2E for each in data)
    return b"%b %b %b %b  |%b|" % (*(data[at : at + 4].hex().encode() for at in (0, 4, 8, 12)), shown)


def prefix_of(pid: int, thread: int) -> bytes:
    """What stands behind the time of a line."""
    session = b"RSESS:%06x" % thread if thread % 2 else b"     :      "
    return b" %8d.%-6d %b " % (pid, thread, session)


def block_of(words: Words, pid: int, *, polling: bool) -> Block:
    """A block of whole calls of some threads that write at once."""
    choice = words.choice
    prefixes = [prefix_of(pid, FIRST_THREAD + number) for number in range(THREADS)]
    begun = words.asking if polling else partial(words.call, 0, 5)
    running = [begun() for _ in range(THREADS)]
    lines: list[tuple[bytes, bytes]] = []
    while len(lines) < BLOCK:
        thread = choice.randrange(THREADS)
        lines.extend((prefixes[thread], body) for body in islice(running[thread], choice.randrange(1, 12)))
        if getgeneratorstate(running[thread]) == GEN_CLOSED:
            running[thread] = begun()
    lines += [(prefix, body) for prefix, rest in zip(prefixes, running, strict=True) for body in rest]
    return written(words, lines)


def written(words: Words, lines: Sequence[tuple[bytes, bytes]]) -> Block:
    """The lines (what stands behind the time, and the body) with times that ascend through a second."""
    fractions = tuple(b".%06d" % (number * 1_000_000 // len(lines)) for number in range(len(lines)))
    whole = [b"%b%b%b%b\n" % (MIDNIGHT[:-1], at, *line) for at, line in zip(fractions, lines, strict=True)]
    offsets = tuple(accumulate(map(len, whole), initial=0))
    content = b"".join(whole)
    hits = {bisect(offsets, offset) for offset in words.pools.hits(content)}
    return Block(content, offsets, fractions, len(hits))


@dataclass(frozen=True)
class Sample:
    """A sample of the C client: its header, its process, and its lines as (before the time, process and thread, behind
    them).
    """

    head: bytes
    pid: int
    lines: tuple[tuple[bytes, int, bytes], ...]

    def again(self, number: int) -> list[Insert]:
        """The lines of the connection of that number, in a thread of its own."""
        inserts = []
        for before, thread, after in self.lines:
            other = CONNECTION_THREADS[(number + thread - 1) % len(CONNECTION_THREADS)]
            inserts.append(Insert(before, b" %8d.%-6d %b\n" % (self.pid, other, after)))
        return inserts


def sample_of(content: bytes) -> Sample:
    """A sample of the C client by its parts."""
    found, head, pid = [], b"", 0
    for line in content.splitlines():
        prefix = LINE.match(line)
        if not prefix:
            head += line + b"\n" if not found else b""
            continue
        process, thread = map(int, prefix["thread"].split(b"."))
        pid = pid or process
        # The thread's number is padded to six.
        behind = line[prefix.end("thread") :]
        padding = max(0, 6 - len(str(thread))) + 1
        found.append((line[: prefix.start("clock")], thread, behind[padding:]))
    return Sample(said_in(head), pid, tuple(found))


def said_in(head: bytes) -> bytes:
    """The header, with a line that says where the trace comes from."""
    first, rest = head.split(b"\n", 1)
    boxed = first.startswith(b"+--")
    return first + b"\n" + (f"| {SAID:<75} |" if boxed else SAID).encode() + b"\n" + rest


@dataclass(frozen=True)
class Wanted:
    """What to make.

    Attributes:
        size: bytes, at least.
        share: one line in so many is interesting; 0 for none but those of the connections.
        connections: how many are hidden.
        at: where each stands in its part of the trace, from 0 to 1.
        polling: whether the client asks for a message again and again.
    """

    size: int
    share: int = 0
    connections: int = 1
    at: float = 0.7
    polling: bool = False


@dataclass
class Made:
    """What was made: bytes, lines, and how many lines hold a literal that mqtrace looks for."""

    size: int = 0
    lines: int = 0
    interesting: int = 0


def c_trace(wanted: Wanted, sample: Sample, made: Made) -> Iterator[bytes]:
    """A trace of the C client, a block at a time; counts in `made` what it holds."""
    choice = Random(1)
    words = Words(choice)
    number_of_blocks = min(BLOCKS, wanted.size // (BLOCK * 60) + 1)
    blocks = [block_of(words, sample.pid, polling=wanted.polling) for _ in range(number_of_blocks)]
    own = prefix_of(sample.pid, INTERESTING_THREAD)
    begun, hidden, due = datetime(2026, 11, 24, 9), 0, 0.0
    yield sample.head
    made.size = len(sample.head)
    made.lines = sample.head.count(b"\n")
    while made.size < wanted.size or hidden < wanted.connections:
        block = choice.choice(blocks)
        count = len(block.fractions)
        inserts: list[tuple[int, Insert]] = []
        due += (count - block.interesting) / (wanted.share - 1) - block.interesting if wanted.share else 0
        while due >= 1:
            bodies = words.interesting()
            number = choice.randrange(count)
            inserts += [(number, Insert(b" ", own + body + b"\n")) for body in bodies]
            due -= len(bodies)
            made.interesting += len(bodies)
        end = made.size + len(block.content)
        while hidden < wanted.connections and (hidden + wanted.at) / wanted.connections * wanted.size <= end:
            lines = sample.again(hidden)
            number = choice.randrange(max(1, count - BETWEEN * len(lines)))
            inserts += [(min(number + BETWEEN * at, count - 1), each) for at, each in enumerate(lines)]
            hidden += 1
        inserts.sort(key=lambda each: each[0])
        content = block.at(begun.strftime("%H:%M:%S").encode(), inserts)
        begun += timedelta(seconds=1)
        made.size += len(content)
        made.lines += count + len(inserts)
        made.interesting += block.interesting
        yield content


def repeated(content: bytes, size: int, made: Made) -> Iterator[bytes]:
    """The records of a genuine trace again and again behind its header, each time later by whole seconds."""
    first = content.rfind(b"\n", 0, next(STAMP.finditer(content, content.find(b"====="))).start()) + 1
    head, body = said_in(content[:first]), content[first:]
    pieces = STAMP.split(body)
    stamps = STAMP.findall(body)
    form = "%d/%m/%y %H:%M:%S" if len(stamps[0]) > 8 else "%H:%M:%S"
    moments = {each: datetime.strptime(each.decode(), form) for each in set(stamps)}
    step = max(moments.values()) - min(moments.values()) + timedelta(seconds=1)
    lines = body.count(b"\n")
    yield head
    made.size, made.lines = len(head), head.count(b"\n")
    whole: list[bytes] = [b""] * (len(pieces) + len(stamps))
    whole[::2] = pieces
    number = 0
    while made.size < size:
        shifted = {each: (at + number * step).strftime(form).encode() for each, at in moments.items()}
        whole[1::2] = [shifted[each] for each in stamps]
        again = b"".join(whole)
        made.size += len(again)
        made.lines += lines
        number += 1
        yield again


def content_of(name: str) -> bytes:
    """The trace of a sample, unpacked."""
    paths = [path for path in sorted((SAMPLES / name).iterdir()) if path.suffix in (".FMT", ".TRC", ".trz")]
    if not paths:
        raise SystemExit(f"{SAMPLES / name} holds no trace")
    if paths[0].suffix != ".trz":
        return paths[0].read_bytes()
    with zipfile.ZipFile(paths[0]) as packed:
        return packed.read(packed.namelist()[0])


def make(path: Path, wanted: Wanted, sample: str = DEFAULT_SAMPLE) -> Made:
    """Writes a trace, and tells what it holds; how many lines are interesting only of the C client's."""
    made = Made()
    content = content_of(sample)
    is_c = sample.startswith("c-")
    if is_c and wanted.connections * len(content) > wanted.size / 3:
        raise SystemExit(f"{wanted.connections} connections of {len(content)} bytes each do not hide in {wanted.size}")
    parts = c_trace(wanted, sample_of(content), made) if is_c else repeated(content, wanted.size, made)
    with path.open("wb") as stream:
        for part in parts:
            stream.write(part)
    return made


def size_of(text: str) -> int:
    """Bytes of a size such as 117MB."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(kB|MB|GB)", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text} is no size; write 500kB, 117MB, 1.5GB")
    return int(float(found[1]) * UNITS[found[2]])


def main(arguments: Sequence[str]) -> None:
    """Makes the trace of the command line."""
    parser = argparse.ArgumentParser(description="Makes a SYNTHETIC trace of any size.")
    parser.add_argument("file", type=Path)
    parser.add_argument("size", type=size_of, help="117MB, 1GB, ...")
    parser.add_argument("--share", type=int, default=0, help="one line in so many is interesting (none)")
    parser.add_argument("--connections", type=int, default=1, help="how many are hidden (1)")
    parser.add_argument("--at", type=float, default=0.7, help="where each stands in its part of the trace (0.7)")
    parser.add_argument("--polling", action="store_true", help="a client that asks for a message again and again")
    parser.add_argument("--sample", default=DEFAULT_SAMPLE, help=f"whose connection it is ({DEFAULT_SAMPLE})")
    given = parser.parse_args(arguments)
    wanted = Wanted(given.size, given.share, given.connections, given.at, given.polling)
    made = make(given.file, wanted, given.sample)
    share = f", one interesting line in {made.lines / made.interesting:,.0f}" if made.interesting else ""
    print(f"{given.file}: {made.size / 1e6:,.1f} MB, {made.lines:,} lines{share}")


if __name__ == "__main__":
    main(sys.argv[1:])
