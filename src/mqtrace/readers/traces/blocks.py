"""A trace in blocks, which several processes can read: whose turn is the next one stands in a pipe."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any, Protocol

from mqtrace.inputs.failures import was_cut

# As large as this, unless that makes too few to share well, or so many that their turns do not fit into a pipe.
BLOCK = 4 * 1024 * 1024
FEWEST, MOST = 16, 4000
LONGEST_LINE = 256 * 1024
# Bytes that are looked at for a line's end.
PEEK = 4096
# The number of a block, and how many bytes of the trace are at hand when it may be read.
TURN = struct.Struct("<QQ")


class BlockStream(RawIOBase):
    """Bytes that can be read at any place, up to a limit.

    Attributes:
        stop: the limit, an offset.
    """

    def __init__(self, fill: Callable[[int, memoryview], int]) -> None:
        """`fill` writes what stands at an offset into its argument, and gives the number of bytes."""
        self.stop = 0
        self._fill = fill
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to an offset from the begin."""
        assert whence == os.SEEK_SET
        self._at = offset
        return offset

    def readinto(self, target: Any) -> int:
        """As in RawIOBase."""
        with memoryview(target) as whole, whole[: max(0, self.stop - self._at)] as view:
            count = self._fill(self._at, view) if view else 0
        self._at += count
        return count

    def line_behind(self, place: int) -> int:
        """Where the line begins that follows a place, or the limit."""
        self.seek(place)
        until = min(self.stop, place + LONGEST_LINE)
        while place < until:
            content = self.read(min(PEEK, until - place)) or b""
            found = content.find(b"\n")
            if found >= 0 or not content:
                return place + found + 1
            place += len(content)
        return until


class Blocks(Protocol):
    """A trace in blocks of one size.

    Attributes:
        size: of a block.
        nice: by how much the processes that read give way to what they wait for (see `nice` of the system).
    """

    size: int
    nice: int

    def opened(self) -> AbstractContextManager[BlockStream]:
        """The bytes of the trace, for one process. Raises OSError."""

    def offer(self, sink: int) -> None:
        """Writes the turn of each block that is at hand, in order, into a pipe, and closes it behind the last one; a
        process of its own may do so. Raises OSError."""

    def at_hand(self, number: int) -> int:
        """How many bytes are at hand, where they are enough to read a block; else 0."""

    def length(self) -> int:
        """How many bytes the trace has; asked for once all turns are taken."""

    def pass_over(self) -> None:
        """Says that one block more, the next one, will not be read again."""

    def error(self, read: int) -> str | None:
        """Why the bytes that were read are not all; asked for once all turns are taken."""

    def close(self) -> None:
        """Ends all that is done for it. Raises InputError."""


class FileBlocks:
    """A file in blocks, all of which are at hand."""

    nice = 0

    def __init__(self, path: Path, length: int) -> None:
        self._path, self._length = path, length
        self.size = max(min(BLOCK, -(-length // FEWEST)), -(-length // MOST))

    @contextmanager
    def opened(self) -> Iterator[BlockStream]:
        """As in Blocks."""
        with self._path.open("rb", buffering=0) as file:

            def fill(offset: int, view: memoryview) -> int:
                file.seek(offset)
                return file.readinto(view) or 0

            yield BlockStream(fill)

    def offer(self, sink: int) -> None:
        """As in Blocks."""
        for number in range(-(-self._length // self.size)):
            os.write(sink, TURN.pack(number, self._length))
        os.close(sink)

    def at_hand(self, number: int) -> int:
        """As in Blocks."""
        return self._length if number * self.size < self._length else 0

    def length(self) -> int:
        """As in Blocks."""
        return self._length

    def pass_over(self) -> None:
        """Nothing is held."""

    def error(self, read: int) -> str | None:
        """As in Blocks."""
        return was_cut(self._length, read) if read < self._length else None

    def close(self) -> None:
        """Nothing is done."""
