"""A peekable reader over chunks of bytes: what the layers of unpacking pass to each other."""

from collections.abc import Iterator

from mqtrace.model import InputError

CHUNK = 256 * 1024


class ChunkReader:
    """Reads what an iterator of chunks yields. Bytes that came before a failure are delivered before it is raised.

    Attributes:
        offset: number of bytes read so far.
        failure: the error that ended the chunks, None when there is none so far.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.offset = 0
        self.failure: InputError | OSError | None = None
        self._chunks = chunks
        self._buffer = b""
        self._position = 0

    def _next(self) -> bytes:
        """The next chunk that is not empty, b"" at the end."""
        if self.failure:
            return b""
        try:
            return next(filter(None, self._chunks), b"")
        except (InputError, OSError) as error:
            self.failure = error
            return b""

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, without consuming them; fewer only before the end or a failure. Raises nothing."""
        while len(self._buffer) - self._position < size and (chunk := self._next()):
            self._buffer, self._position = self._buffer[self._position :] + chunk, 0
        return self._buffer[self._position : self._position + size]

    def read(self, size: int) -> bytes:
        """Between 1 and `size` bytes, b"" at the end. Raises InputError or OSError where the chunks failed."""
        if self._position >= len(self._buffer):
            self._buffer, self._position = self._next(), 0
            if self.failure and not self._buffer:
                raise self.failure
        piece = self._buffer[self._position : self._position + size]
        self._position += len(piece)
        self.offset += len(piece)
        return piece

    def readinto(self, target: memoryview) -> int:
        """As `read`, into `target`; gives the number of bytes."""
        piece = self.read(len(target))
        target[: len(piece)] = piece
        return len(piece)

    def unread(self, count: int) -> None:
        """Takes back the last `count` bytes of the last read."""
        self._position -= count
        self.offset -= count

    def take(self, size: int) -> bytes:
        """Exactly `size` bytes, fewer only at the end. Raises as `read`."""
        pieces: list[bytes] = []
        while size > 0 and (piece := self.read(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def skip(self, size: int) -> None:
        """Passes over `size` bytes, or what is left. Raises as `read`."""
        while size > 0 and (piece := self.read(min(size, CHUNK))):
            size -= len(piece)

    def drain(self) -> None:
        """Passes over all that is left. Raises as `read`."""
        while self.read(CHUNK):
            pass
