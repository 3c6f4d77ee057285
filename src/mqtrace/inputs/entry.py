"""One entry of an archive, as the modules that know the archives give it."""

from dataclasses import dataclass

from mqtrace.inputs.chunks import ChunkReader


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive.

    Attributes:
        name: name as stored, as text; bytes that are no characters as lone surrogates.
        content: its bytes; to be read before the next entry is asked for.
        error: why it cannot be read (`content` is empty then), None when it can.
        siblings: names of the files in its folder of the archive, its own among them; empty when not known.
    """

    name: str
    content: ChunkReader
    error: str | None = None
    siblings: frozenset[str] = frozenset()

    @classmethod
    def failed(cls, name: str, error: str) -> "Entry":
        """An entry that cannot be read."""
        return cls(name, ChunkReader(iter(())), error)
