"""What is packed in what: follows compressed streams and archives inwards, and yields the sources at the bottom."""

from collections.abc import Iterator
from typing import BinaryIO, cast

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.chunks import CHUNK, ChunkReader
from mqtrace.inputs.entry import Entry
from mqtrace.inputs.failures import sentence_of
from mqtrace.inputs.guarded import deliver_chunks
from mqtrace.inputs.magic import HEAD_FOR_MAGIC, Packing, packing_of, unknown_packing
from mqtrace.inputs.names import display_name, entry_name
from mqtrace.inputs.source import Source
from mqtrace.inputs.unpack import unpack
from mqtrace.model import InputError

DEEPEST = 4
SPOOL_LIMIT = 256 * 1024 * 1024
_SPOOL_IN_MEMORY = 8 * 1024 * 1024

_TOO_DEEP = f"It is packed more than {DEEPEST} times over: unpack the outer archive and give the folder."
_TOO_LARGE = f"It is a ZIP archive of more than {SPOOL_LIMIT} bytes inside another one or a pipe: unpack the outer one and give the folder."
_CLIMBS = "Refused: its name leads out of the archive (..), as in an archive made to overwrite files."


def unpacked_sources(
    name: str, reader: ChunkReader, budget: Budget, depth: int = 0, siblings: frozenset[str] = frozenset()
) -> Iterator[Source]:
    """Yields the sources in what `reader` delivers: itself when it is not packed.

    `name` is its display name, `depth` how often it is packed. A compressed tar archive counts as packed once.
    """
    head = reader.peek(HEAD_FOR_MAGIC)
    packing = packing_of(head)
    unknown = unknown_packing(head)
    if unknown:
        yield Source.failed(name, f"It is packed with {unknown}, which cannot be unpacked here: unpack it and give the result.")
    elif packing is None:
        yield from deliver_chunks(name, reader, siblings)
    elif depth == DEEPEST:
        yield Source.failed(name, _TOO_DEEP)
    else:
        yield from _unpacked(name, reader, packing, budget, depth + 1, siblings)


def _unpacked(name: str, reader: ChunkReader, packing: Packing, budget: Budget, depth: int, siblings: frozenset[str]) -> Iterator[Source]:
    if packing == "zip":
        yield from _spooled_zip(name, reader, budget, depth)
    elif packing == "tar":
        yield from _tar(name, reader, budget, depth)
    else:
        inner = ChunkReader(budget.charged(unpack(reader, packing)))
        if packing_of(inner.peek(HEAD_FOR_MAGIC)) == "tar":
            yield from _tar(name, inner, budget, depth)
        else:
            yield from unpacked_sources(name, inner, budget, depth, siblings)


def _tar(name: str, reader: ChunkReader, budget: Budget, depth: int) -> Iterator[Source]:
    from mqtrace.inputs.tar_archive import tar_entries

    yield from _entries(name, tar_entries(reader), budget, depth)


def unpacked_zip(name: str, file: BinaryIO, length: int, budget: Budget, depth: int) -> Iterator[Source]:
    """Yields the sources in the ZIP archive of `length` bytes in `file`, which must be able to seek."""
    from mqtrace.inputs.zip_archive import zip_entries

    yield from _entries(name, zip_entries(file, length, budget), budget, depth)


def _entries(archive: str, entries: Iterator[Entry], budget: Budget, depth: int) -> Iterator[Source]:
    """The sources in the entries; at last one with the archive's name and an error when the archive could not be read to its end."""
    try:
        for entry in entries:
            budget.charge_entry()
            yield from _entry(archive, entry, budget, depth)
            budget.check()
    except (InputError, OSError) as error:
        yield Source.failed(archive, sentence_of(error))


def _entry(archive: str, entry: Entry, budget: Budget, depth: int) -> Iterator[Source]:
    inner = entry_name(entry.name)
    name = f"{archive}!{display_name(entry.name if inner is None else inner)}"
    if inner is None:
        yield Source.failed(name, _CLIMBS)
    elif entry.error:
        yield Source.failed(name, entry.error)
    else:
        yield from unpacked_sources(name, entry.content, budget, depth, entry.siblings)


def _spooled_zip(name: str, reader: ChunkReader, budget: Budget, depth: int) -> Iterator[Source]:
    """A ZIP archive in a stream: its directory is at its end, so it goes into a nameless temporary file first."""
    import tempfile

    with tempfile.SpooledTemporaryFile(_SPOOL_IN_MEMORY) as spool:
        file = cast(BinaryIO, spool)
        failure = _copy(reader, file)
        length = file.tell()
        if length > SPOOL_LIMIT:
            yield Source.failed(name, _TOO_LARGE)
            return
        if not budget.exhausted:
            yield from unpacked_zip(name, file, length, budget, depth)
        if failure:
            yield Source.failed(name, failure)


def _copy(reader: ChunkReader, file: BinaryIO) -> str | None:
    """Copies until the end, a failure, whose sentence is returned, or the limit of a nested ZIP archive."""
    try:
        while file.tell() <= SPOOL_LIMIT and (chunk := reader.read(CHUNK)):
            file.write(chunk)
    except (InputError, OSError) as error:
        return sentence_of(error)
    return None
