"""One input, whatever it was packed in: a name, a size and a stream of unpacked bytes."""

from dataclasses import dataclass, field
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, cast

HEAD_SIZE = 65536


@dataclass(slots=True)
class Source:
    """One input. Its stream can be read once, front to back, while it is the current one of `open_sources`.

    The stream never raises: where reading fails (damaged or cut data, a disk error, the limit of unpacking) it ends, and `error` is set.
    So `error` is looked at twice: before reading (nothing can be read) and after it (what was read is not all).

    Attributes:
        name: display name: the path as given, entries of archives after a "!"; without control characters.
        stream: unpacked bytes, peekable.
        size: bytes on disk where they are the unpacked ones, None when not known beforehand.
        path: the file on disk when the stream is exactly that file's bytes (so that ranges of it can be read), else None.
        error: why it cannot be read, or, set while reading, why the stream ended early; None when all is well.
        siblings: names of the files in its folder, its own among them; empty when not known.
    """

    name: str
    stream: BinaryIO
    size: int | None = None
    path: Path | None = None
    error: str | None = None
    siblings: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def failed(cls, name: str, error: str) -> "Source":
        """A source of which nothing can be read, with the sentence that says why."""
        return cls(name, BytesIO(), error=error)

    def head(self, size: int = HEAD_SIZE) -> bytes:
        """The first bytes, without consuming them: at most `size` (up to 64 KiB), fewer only at the end of the input.

        After the first read it gives what is at hand: at least one byte until the end.
        """
        if isinstance(self.stream, BytesIO):
            position = self.stream.tell()
            return self.stream.getvalue()[position : position + size]
        return cast(BufferedReader, self.stream).peek(size)[:size]
