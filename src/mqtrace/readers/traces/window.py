"""A trace that is no plain file (packed, in an archive, a part of a file) as blocks: a process unpacks it into memory
that all processes share, while they read.
"""

import mmap
import os
import struct
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO, cast

from mqtrace.inputs import Source
from mqtrace.readers.traces.blocks import LONGEST_LINE, TURN, BlockStream
from mqtrace.readers.traces.forking import ended, forked
from mqtrace.readers.traces.regions import AHEAD, BEHIND

# Bytes that are held: more would not stay in the processor's caches.
ROOM = 12 * 1024 * 1024
BLOCK = 2 * 1024 * 1024
# What a block needs of those behind it.
MARGIN = LONGEST_LINE + AHEAD
PIECE = 256 * 1024
# What is known of them: how many came, whether these are all, the length of the error that the source had, the error.
_COME, _END = struct.Struct("<Q"), struct.Struct("<?H")
AT_END = _COME.size
AT_ERROR, LONGEST_ERROR = AT_END + _END.size, 4000
_FAILED = "Unpacking it ended before its time, maybe for lack of memory: unpack it and give the result."


def _needed(number: int) -> int:
    """How many bytes must have come before a block can be read."""
    return (number + 1) * Window.size + MARGIN


class Window:
    """The bytes of a source that are at hand, as blocks (Blocks in blocks.py)."""

    size, nice = BLOCK, 10

    def __init__(self, source: Source) -> None:
        """`source` can be read elsewhere."""
        assert source.elsewhere
        self._stream, self._elsewhere = source.stream, source.elsewhere
        self._held = memoryview(mmap.mmap(-1, ROOM))
        self._known = memoryview(mmap.mmap(-1, AT_ERROR + LONGEST_ERROR))
        self._stop = 0
        self._is_all = False
        self._process = 0
        self._done: Callable[[int], None] | None = None
        # A byte is written for each block that is passed over.
        self._passing = -1

    def fill(self, until: int) -> bool:
        """Takes in so many bytes, of those that can be held; gives whether there are more."""
        while self._stop < until and not self._is_all:
            place = self._stop % ROOM
            view = self._held[place : min(place + PIECE, ROOM)]
            count = self._stream.readinto(view)  # type: ignore[attr-defined]  # BinaryIO does not tell of it
            self._stop += count
            self._is_all = not count
        return not self._is_all

    def stream(self) -> BinaryIO:
        """All of a source that has no more than is held."""
        found = BlockStream(self._read)
        found.stop = self._stop
        return cast(BinaryIO, found)

    @contextmanager
    def opened(self) -> Iterator[BlockStream]:
        """As in Blocks. Reads what is held; its limit must be set to that."""
        yield BlockStream(self._read)

    def _read(self, offset: int, target: memoryview) -> int:
        count = 0
        while count < len(target):
            place = (offset + count) % ROOM
            piece = min(len(target) - count, ROOM - place)
            target[count : count + piece] = self._held[place : place + piece]
            count += piece
        return count

    def offer(self, sink: int) -> None:
        """As in Blocks: a process does it."""
        # No other process has these ends, so that this one ends when the one that wants the records is gone.
        passed, self._passing = os.pipe()
        try:
            self._done = self._elsewhere.begin()
            self._process = forked(lambda: self._offer(sink, passed))
        finally:
            os.close(sink)
            os.close(passed)

    def _offer(self, sink: int, passed: int) -> None:
        os.close(self._passing)
        number = behind = 0
        while not (self._is_all and number * self.size >= self._stop):
            # All that is read of the blocks that are not passed over stays.
            while _needed(number) + PIECE > max(0, behind * self.size - BEHIND) + ROOM:
                behind += len(os.read(passed, PIECE)) or sys.exit()
            self.fill(_needed(number))
            _COME.pack_into(self._known, 0, self._stop)
            os.write(sink, TURN.pack(number, self._stop))
            number += 1
        error = (self._elsewhere.source.error or "").encode()[:LONGEST_ERROR]
        self._known[AT_ERROR : AT_ERROR + len(error)] = error
        _END.pack_into(self._known, AT_END, True, len(error))

    def at_hand(self, number: int) -> int:
        """As in Blocks."""
        come = self.length()
        is_all, _ = _END.unpack_from(self._known, AT_END)
        return come if come >= _needed(number) or (is_all and number * self.size < come) else 0

    def length(self) -> int:
        """As in Blocks."""
        return int(_COME.unpack_from(self._known)[0])

    def pass_over(self) -> None:
        """As in Blocks."""
        with suppress(BrokenPipeError):  # all is unpacked
            os.write(self._passing, b"\0")

    def error(self, read: int) -> str | None:
        """As in Blocks."""
        is_all, size = _END.unpack_from(self._known, AT_END)
        error = bytes(self._known[AT_ERROR : AT_ERROR + size]).decode("utf-8", "replace")
        return error or (None if is_all and read == self.length() else _FAILED)

    def close(self) -> None:
        """As in Blocks. Raises InputError where so much must not be unpacked."""
        length = self.length()
        if self._passing >= 0:
            os.close(self._passing)
        if self._process:
            ended(self._process)
        self._held.release()
        if self._done:
            self._done(length)
