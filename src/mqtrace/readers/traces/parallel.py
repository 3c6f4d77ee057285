"""A large trace read by several processes, block by block. The records come in file order, the same as from one.

Whoever is free takes the next block, so that all are busy to the end, whatever stands where in the trace, and whatever
this process does besides. The others are forked, so that they need no start of their own. Where that cannot be done
(Windows, another thread runs, the input is small or must be waited for) nothing is lost but time.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO

from msgspec import Struct, msgpack

from mqtrace.inputs import Source
from mqtrace.inputs.failures import sentence_of
from mqtrace.model import InputError, Record
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.blocks import TURN, Blocks, BlockStream, FileBlocks
from mqtrace.readers.traces.forking import PIPE, ended, forked, readable, wide_pipe
from mqtrace.readers.traces.regions import FilePart

Selected = tuple[Record, Sequence[int]]
# Reads a part of a stream that can seek and has `readinto`.
PartReader = Callable[[Any, FilePart, Tally], Iterator[Selected]]

SMALLEST = 6 * 1024 * 1024
# Each process holds its own buffers, some 30 MB at most.
MOST = 8
# Blocks that this process has read and that are not due yet, and their records, which are in memory.
MOST_EARLY, MOST_RECORDS = 8, 20_000
BATCH = 500
# Of what a child sends: its size before each message.
WIDTH = 8
# Number of a block, records, counts at its end; None once a child is done.
_Rows = list[tuple[Record, list[int]]]
_Message = tuple[int, _Rows, Tally | None] | None


def _nothing() -> None:
    """What there is to do besides, for who says nothing."""


class Sharing(Struct, frozen=True):
    """How a large trace is shared.

    Attributes:
        processes: how many processes read it at most; 0 for one a core.
        meanwhile: called once others read.
    """

    processes: int = 0
    meanwhile: Callable[[], None] = _nothing

    def others(self) -> int:
        """How many processes can read beside this one."""
        if not hasattr(os, "fork") or threading.active_count() > 1:
            return 0
        return min(self.processes or os.cpu_count() or 1, MOST) - 1


ONE_A_CORE = Sharing()


def read_shared(
    source: Source, tally: Tally, read: PartReader, sharing: Sharing, make_ready: Callable[[], None]
) -> Iterator[Selected]:
    """The records of a trace, a large one read by several processes.

    make_ready: called before these begin, for what each of them would have to do else.
    """
    others = sharing.others()
    try:
        blocks = _blocks(source) if others else None
        if blocks:
            make_ready()
            shared = _Shared(blocks, read, tally)
            yield from shared.records(others, sharing.meanwhile)
            source.error = shared.error
        else:
            yield from read(source.stream, FilePart(), tally)
    except (OSError, InputError) as error:
        source.error = sentence_of(error)


def _blocks(source: Source) -> Blocks | None:
    """A trace in blocks; None for a small one, and for one that only this process can read. Raises OSError."""
    if source.path:
        return FileBlocks(source.path, source.size) if source.size and source.size >= SMALLEST else None
    if source.elsewhere is None:
        return None
    from mqtrace.readers.traces.window import Window

    window = Window(source)
    if window.fill(SMALLEST):
        return window
    source.stream = window.stream()
    return None


class _Shared:
    """Blocks that this process and its children read.

    Attributes:
        error: why they are not all that there should be.
    """

    def __init__(self, blocks: Blocks, read: PartReader, tally: Tally) -> None:
        self._blocks, self._read, self._tally = blocks, read, tally
        self._children: list[_Child] = []
        self.error: str | None = None
        # The block that is due, and how many of its records were given.
        self._due = self._given = 0
        # Blocks that this process has read and that are not due yet.
        self._early: dict[int, tuple[list[Selected], Tally]] = {}
        # The turns are in a pipe: who reads one has it alone.
        self._turns, self._sink = wide_pipe()
        os.set_blocking(self._turns, False)
        # How many blocks there are; known once all turns are taken.
        self._count: int | None = None

    def records(self, others: int, meanwhile: Callable[[], None]) -> Iterator[Selected]:
        """All records, in file order. Raises OSError."""
        try:
            with suppress(OSError):  # no more processes are allowed, or open files
                for _ in range(others):
                    self._children.append(_Child(self._serve))
            sink, self._sink = self._sink, -1
            self._blocks.offer(sink)
            meanwhile()
            with self._blocks.opened() as stream:
                while self._count is None or self._due < self._count:
                    yield from self._step(stream)
            self.error = self._blocks.error(self._tally.size)
        finally:
            self._stop_children()
            self._blocks.close()
            for end in (self._turns, self._sink):
                with suppress(OSError):
                    os.close(end)

    def _step(self, stream: BlockStream) -> Iterator[Selected]:
        """The records of the block that is due, as far as they are here; else reads one, or waits for what comes."""
        child = next((each for each in self._children if each.message and each.message[0] == self._due), None)
        if self._due in self._early:
            records, counted = self._early.pop(self._due)
            yield from self._placed(records)
            self._finish(counted)
        elif child and child.message:
            _, rows, counts = child.message
            child.go_on()
            yield from self._placed(rows)
            self._given += len(rows)
            if counts:
                self._finish(counts)
        elif self._children:
            yield from self._wait(stream)
            self._stop_children(done=True)
        elif stop := self._blocks.at_hand(self._due):
            yield from self._read_due(stream, stop)
        else:
            self._await_turn()

    def _placed(self, records: Iterable[Selected]) -> Iterator[Selected]:
        """The records with their lines as those of the trace."""
        lines = self._tally.lines
        for record, literals in records:
            record.line += lines
            yield record, literals

    def _finish(self, counted: Tally) -> None:
        """The block that was due is done."""
        self._tally.add(counted)
        self._due, self._given = self._due + 1, 0
        self._blocks.pass_over()

    def _read_due(self, stream: BlockStream, stop: int) -> Iterator[Selected]:
        """Reads the block that is due, or the rest of it."""
        counted = Tally()
        yield from self._placed(islice(self._block(stream, self._due, stop, counted), self._given, None))
        self._finish(counted)

    def _block(self, stream: BlockStream, number: int, stop: int, counted: Tally) -> Iterator[Selected]:
        """The records of a block; their lines count from its begin."""
        stream.stop = stop
        begin = stream.line_behind(number * self._blocks.size) if number else 0
        part = FilePart(begin, stream.line_behind((number + 1) * self._blocks.size))
        stream.seek(0)
        return self._read(stream, part, counted)

    def _wait(self, stream: BlockStream) -> Iterator[Selected]:
        """Waits for what a child sends, or for a block that this process can read meanwhile."""
        awaited = {child.results: child for child in self._children if not child.message}
        turns = () if self._count is not None or self._has_enough() else (self._turns,)
        try:
            news = [awaited[end] for end in readable(*awaited, *turns) if end in awaited]
            for child in news:
                child.hear()
        except EOFError:
            self._stop_children()  # one failed: what is not given yet is read here
            return
        turn = None if news else self._next_turn()
        if turn and turn[0] == self._due:
            yield from self._read_due(stream, turn[1])
        elif turn:
            counted = Tally()
            self._early[turn[0]] = list(self._block(stream, *turn, counted)), counted

    def _has_enough(self) -> bool:
        """Whether this process should read no more blocks before they are due."""
        return len(self._early) == MOST_EARLY or sum(len(early) for early, _ in self._early.values()) > MOST_RECORDS

    def _stop_children(self, *, done: bool = False) -> None:
        """Ends all children, or those that are done."""
        while child := next((each for each in self._children if each.is_done or not done), None):
            self._children.remove(child)
            child.stop()

    def _next_turn(self) -> tuple[int, int] | None:
        """The next block that nobody has, and how many bytes are at hand; None where there is none now."""
        try:
            turn = os.read(self._turns, TURN.size)
        except BlockingIOError:
            return None
        if turn:
            return TURN.unpack(turn)
        self._count = -(-self._blocks.length() // self._blocks.size)
        return None

    def _await_turn(self) -> tuple[int, int] | None:
        """The next block that nobody has; None where all are taken."""
        turn = None
        while not turn and self._count is None:
            readable(self._turns)
            turn = self._next_turn()
        return turn

    def _serve(self, results: BinaryIO) -> None:
        """What a child does: sends the records of blocks."""
        os.close(self._sink)
        os.nice(self._blocks.nice)
        with self._blocks.opened() as stream:
            while turn := self._await_turn():
                counted = Tally()
                rows: _Rows = []
                for record, literals in self._block(stream, *turn, counted):
                    rows.append((record, list(literals)))
                    if len(rows) == BATCH:
                        _send(results, (turn[0], rows, None))
                        rows = []
                _send(results, (turn[0], rows, counted))
        _send(results, None)


def _send(results: BinaryIO, message: _Message) -> None:
    content = msgpack.encode(message)
    results.write(len(content).to_bytes(WIDTH, "big") + content)
    results.flush()


class _Child:
    """A process that reads blocks.

    Attributes:
        results: descriptor of what it sends.
        message: the first that it has sent, of what is not taken yet; None where that is not here.
        is_done: whether it has sent all.
    """

    def __init__(self, serve: Callable[[BinaryIO], None]) -> None:
        """Raises OSError."""
        self.message: _Message = None
        self.is_done = False
        self._sent = bytearray()
        self._decoded = msgpack.Decoder(_Message).decode
        self.results, sink = wide_pipe()
        try:
            self._process = forked(lambda: self._run(serve, sink))
        except OSError:
            os.close(self.results)
            raise
        finally:
            os.close(sink)

    def _run(self, serve: Callable[[BinaryIO], None], sink: int) -> None:
        os.close(self.results)
        with os.fdopen(sink, "wb") as stream:
            serve(stream)

    def hear(self) -> None:
        """Takes in what it has sent. Raises EOFError where it has ended before its time."""
        content = os.read(self.results, PIPE)
        if not content:
            raise EOFError
        self._sent += content
        self.go_on()

    def go_on(self) -> None:
        """Goes on to its next message, where that is here."""
        end = WIDTH + int.from_bytes(self._sent[:WIDTH], "big")
        self.message = None
        if len(self._sent) >= max(end, WIDTH + 1):
            self.message = self._decoded(self._sent[WIDTH:end])
            self.is_done = self.message is None
            del self._sent[:end]

    def stop(self) -> None:
        """Ends it."""
        os.close(self.results)
        ended(self._process)
