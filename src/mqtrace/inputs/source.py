"""One input, whatever it was packed in: a name, a size and a stream of unpacked bytes."""

from collections.abc import Callable, Iterator
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from msgspec import Struct

from mqtrace.inputs.failures import sentence_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

HEAD_SIZE = 65536

# Writes what comes next into its argument and gives the number of bytes, 0 at the end. May raise any error.
Fill = Callable[[memoryview], int]
# Called before a stream is read elsewhere; what it gives is called behind that with the number of bytes of the stream,
# which may raise InputError.
Begin = Callable[[], Callable[[int], None]]


class Source(Struct):
    """One input. Its stream can be read once, front to back, while it is the current one of `open_sources`.

    The stream never raises: where reading fails (damaged or cut data, a disk error, the limit of unpacking) it ends,
    and `error` is set. So `error` is looked at twice: before reading (nothing can be read) and after it (what was read
    is not all).

    Attributes:
        name: display name: the path as given, entries of archives after a "!"; without control characters.
        stream: unpacked bytes, peekable.
        size: bytes on disk where they are the unpacked ones, None when not known beforehand.
        path: the file on disk when the stream is exactly that file's bytes (so that ranges of it can be read), else
            None.
        error: why it cannot be read, or, set while reading, why the stream ended early; None when all is well.
        elsewhere: how a forked process can read the rest of the stream in place of this one; None where it cannot: the
            bytes must be waited for, or what follows them in the same stream is wanted, too.
        siblings: names of the files in its folder, its own among them; empty when not known, as for entries of
            archives.
        skipped: why it was passed over, a sentence (it is a pipe, a socket or a device: no error); "" when it was not.
    """

    name: str
    stream: BinaryIO
    size: int | None = None
    path: Path | None = None
    error: str | None = None
    elsewhere: "Elsewhere | None" = None
    siblings: frozenset[str] = frozenset()
    skipped: str = ""

    @classmethod
    def failed(cls, name: str, error: str) -> "Source":
        """A source of which nothing can be read, with the sentence that says why."""
        return cls(name, BytesIO(), error=error)

    @classmethod
    def filled(cls, name: str, fill: Fill) -> "Source":
        """A source of what `fill` gives until it fails."""
        source = cls(name, BytesIO())
        source.stream = cast(BinaryIO, BufferedReader(_Guarded(fill, source), HEAD_SIZE))
        return source

    @classmethod
    def of_chunks(cls, name: str, chunks: Iterator[bytes], begin: Begin | None = None) -> "Source":
        """A source of the bytes that `chunks` yields until it fails. `begin`: as in Elsewhere."""
        rest = memoryview(b"")

        def fill(target: memoryview) -> int:
            nonlocal rest
            rest = rest or memoryview(next(filter(None, chunks), b""))
            count = min(len(target), len(rest))
            target[:count] = rest[:count]
            rest = rest[count:]
            return count

        source = cls.filled(name, fill)
        source.elsewhere = Elsewhere(source, begin) if begin else None
        return source

    def head(self, size: int = HEAD_SIZE) -> bytes:
        """The first bytes, without consuming them: at most `size` (up to 64 KiB), fewer only at the end of the input.

        After the first read it gives what is at hand: at least one byte until the end.
        """
        if isinstance(self.stream, BytesIO):
            position = self.stream.tell()
            return self.stream.getvalue()[position : position + size]
        return cast(BufferedReader, self.stream).peek(size)[:size]


class Elsewhere(Struct, frozen=True):
    """How a forked process can read a stream.

    Attributes:
        source: the source that has the error of the stream, whatever was made of it since.
        begin: called before that.
    """

    source: Source
    begin: Begin


class _Guarded(RawIOBase):
    """Fills what it is given, short of the end; turns a failure into the end of the stream and the source's error."""

    def __init__(self, fill: Fill, source: Source) -> None:
        self._fill = fill
        self._source = source
        self._ended = False
        self._failure: str | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, target: "WriteableBuffer") -> int:
        view = memoryview(target).cast("B")
        filled = 0
        try:
            while filled < len(view) and not self._ended:
                count = self._fill(view[filled:])
                filled += count
                self._ended = not count
        except Exception as error:  # noqa: BLE001  (what is damaged makes each library raise errors of its own, and others too)
            self._failure, self._ended = sentence_of(error), True
        if not filled:  # what came before a failure is delivered first
            self._source.error = self._failure
        return filled
