"""What is packed in what: follows compressed streams and archives inwards, and yields the sources at the bottom."""

from collections.abc import Callable, Iterator
from contextlib import closing
from io import RawIOBase
from typing import cast

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.failures import sentence_of
from mqtrace.inputs.names import display_name, entry_name
from mqtrace.inputs.packing import HEAD_FOR_MAGIC, NOT_UNPACKED, PIECE, packing_of, unpack
from mqtrace.inputs.source import Begin, Elsewhere, Source

DEEPEST = 4
SPOOL_LIMIT = 256 * 1024 * 1024
_SPOOL_IN_MEMORY = 8 * 1024 * 1024

_TOO_DEEP = f"It is packed more than {DEEPEST} times over: unpack the outer archive and give the folder."
_TOO_LARGE = (
    f"It is a ZIP archive of more than {SPOOL_LIMIT} bytes inside another one or a pipe: unpack the outer one and "
    "give the folder."
)
_CLIMBS = "Refused: its name leads out of the archive (..), as in an archive made to overwrite files."


def unpacked_sources(source: Source, budget: Budget, depth: int = 0, file: RawIOBase | None = None) -> Iterator[Source]:
    """Yields the sources in `source`: itself when it is not packed.

    `depth` is how often it is packed, `file` what it reads where that can seek. A compressed tar archive counts as
    packed once.
    """
    name = source.name
    packing = packing_of(source.head(HEAD_FOR_MAGIC))
    if packing is None:
        with source.stream:
            yield source
    elif packing in NOT_UNPACKED:
        yield Source.failed(
            name, f"It is packed with {packing}, which cannot be unpacked here: unpack it and give the result."
        )
    elif depth == DEEPEST:
        yield Source.failed(name, _TOO_DEEP)
    elif packing == "zip" and file is None:
        yield from _spooled_zip(source, budget, depth)
    elif packing in ("zip", "tar"):
        from mqtrace.inputs.archives import tar_entries, zip_entries

        entries = zip_entries(file, budget) if packing == "zip" and file else tar_entries(source, budget)
        yield from _entries(name, entries, budget, depth + 1, source.elsewhere if packing == "zip" else None)
    else:
        with closing(unpack(source, packing)) as pieces:
            inner = Source.of_chunks(name, budget.charged(pieces), _charging(source.elsewhere, budget))
            is_tar = packing_of(inner.head(HEAD_FOR_MAGIC)) == "tar"
            yield from unpacked_sources(inner, budget, depth if is_tar else depth + 1)


def _charging(outer: Elsewhere | None, budget: Budget) -> Begin | None:
    """As in Elsewhere, for what is unpacked of `outer`: its bytes are counted here."""
    if outer is None:
        return None

    def begin() -> Callable[[int], None]:
        end = outer.begin()

        def done(count: int) -> None:
            end(0)
            budget.charge(count)

        return done

    return begin


def _entries(
    archive: str,
    entries: Iterator[tuple[str, Iterator[bytes]]],
    budget: Budget,
    depth: int,
    elsewhere: Elsewhere | None = None,
) -> Iterator[Source]:
    """The sources in the entries; at last one with an error when the archive could not be read to its end."""
    try:
        for stored_name, content in entries:
            inner = entry_name(stored_name)
            name = f"{archive}!{display_name(stored_name if inner is None else inner)}"
            if inner is None:
                yield Source.failed(name, _CLIMBS)
            else:
                yield from unpacked_sources(
                    Source.of_chunks(name, content, _charging(elsewhere, budget)), budget, depth
                )
            budget.charge()
    except Exception as error:  # noqa: BLE001  (as in the streams of sources)
        yield Source.failed(archive, sentence_of(error))


def _spooled_zip(source: Source, budget: Budget, depth: int) -> Iterator[Source]:
    """A ZIP archive in a stream: its directory is at its end, so it goes into a nameless temporary file first."""
    import tempfile

    from mqtrace.inputs.archives import zip_entries

    with tempfile.SpooledTemporaryFile(_SPOOL_IN_MEMORY) as spool:
        try:
            while spool.tell() <= SPOOL_LIMIT and (piece := source.stream.read(PIECE)):
                spool.write(piece)
            failure = _TOO_LARGE if spool.tell() > SPOOL_LIMIT else source.error
        except OSError as error:
            failure = sentence_of(error)
        if failure != _TOO_LARGE and not budget.failure:
            yield from _entries(source.name, zip_entries(cast(RawIOBase, spool), budget), budget, depth + 1)
        if failure:
            yield Source.failed(source.name, failure)
