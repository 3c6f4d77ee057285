"""One input, whatever it was packed in: a name, a size and a stream of unpacked bytes."""

from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, cast

HEAD_SIZE = 65536


@dataclass(slots=True)
class Source:
    """One input. Its stream can be read once, front to back, while it is the current one of `open_sources`.

    Attributes:
        name: display name: the path as given, entries of archives after a "!"; without control characters.
        stream: unpacked bytes, peekable.
        size: bytes on disk where they are the unpacked ones, None when not known beforehand.
        path: the file on disk when the stream is exactly that file's bytes (so that ranges of it can be read), else None.
        error: why it cannot be read; the stream is empty then.
    """

    name: str
    stream: BinaryIO
    size: int | None = None
    path: Path | None = None
    error: str | None = None
    siblings: frozenset[str] = field(default_factory=frozenset)

    def head(self, size: int = HEAD_SIZE) -> bytes:
        """The first bytes, without consuming them: at most `size`, fewer only at the end of the input."""
        return cast(BufferedReader, self.stream).peek(size)[:size]
