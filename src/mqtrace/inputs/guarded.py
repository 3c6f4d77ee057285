"""The stream of a source: buffered, peekable, and never raising."""

from collections.abc import Callable, Iterator
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING, BinaryIO, cast

from mqtrace.inputs.chunks import ChunkReader
from mqtrace.inputs.failures import sentence_of
from mqtrace.inputs.source import HEAD_SIZE, Source
from mqtrace.model import InputError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Fill = Callable[[memoryview], int]


class _Guarded(RawIOBase):
    """Fills what it is given completely, short of the end; turns a failure into the end of the stream and the source's error."""

    def __init__(self, fill: Fill, source: Source) -> None:
        self._fill = fill
        self._source = source
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, target: "WriteableBuffer") -> int:
        view = memoryview(target).cast("B")
        filled = 0
        while filled < len(view) and not self._ended:
            filled += self._step(view[filled:])
        return filled

    def _step(self, view: memoryview) -> int:
        try:
            count = self._fill(view)
        except (InputError, OSError) as error:
            self._source.error = sentence_of(error)
            count = 0
        self._ended = count == 0
        return count


def deliver(source: Source, fill: Fill) -> Iterator[Source]:
    """Yields `source` with a stream of what `fill` writes into its argument (giving the number of bytes, 0 at the end)."""
    source.stream = cast(BinaryIO, BufferedReader(_Guarded(fill, source), HEAD_SIZE))
    try:
        yield source
    finally:
        source.stream.close()


def deliver_chunks(name: str, reader: ChunkReader, siblings: frozenset[str]) -> Iterator[Source]:
    """Yields a source of what `reader` delivers; one with only an error when that is nothing."""
    if not reader.peek(1) and reader.failure:
        yield Source.failed(name, sentence_of(reader.failure))
    else:
        yield from deliver(Source(name, BytesIO(), siblings=siblings), reader.readinto)
