"""From paths to sources: opens each file as a stream, whose first bytes tell whether it is packed."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.failures import sentence_of, was_cut
from mqtrace.inputs.names import display_name, in_order
from mqtrace.inputs.source import Elsewhere, Fill, Source
from mqtrace.inputs.unpacking import unpacked_sources
from mqtrace.inputs.walk import Walk
from mqtrace.model import InputError

STANDARD_INPUT = "-"

# Without O_NONBLOCK, opening what has become a named pipe since it was looked at would wait for ever.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def open_sources(paths: Sequence[Path | str], *, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Yields every input of `paths`, one at a time: its stream can be read until the next
    one is asked for, and is closed then.

    A path is a file, a folder (its files sorted by name, then those of its folders), or "-" for `stdin` (by default
    standard input). Compressed files and archives are known by their first bytes and unpacked as streams, up to 4 deep;
    nothing is unpacked to disk. The same real file is read once. What cannot be read is a source with `error` set.
    Raises nothing while opening or reading.
    """
    walk = Walk()
    stdin_is_read = False
    for path in in_order(paths):
        if not str(path):
            yield Source.failed(
                '""', "The path is empty, maybe from a variable that is not set: give a file or a folder."
            )
        elif str(path) != STANDARD_INPUT:
            for found in walk.files(Path(path)):
                yield from [found] if isinstance(found, Source) else _file(found, walk)
        elif not stdin_is_read:
            stdin_is_read = True
            yield from _standard_input(getattr(sys.stdin, "buffer", None) if stdin is None else stdin)


def _file(path: Path, walk: Walk) -> Iterator[Source]:
    try:
        file = FileIO(os.open(path, _OPEN_FLAGS))
    except OSError as error:
        yield Source.failed(display_name(path), sentence_of(error))
        return
    with file:
        size = os.fstat(file.fileno()).st_size
        source = Source.filled(
            display_name(path), _up_to(file, size) if size else lambda target: file.readinto(target) or 0
        )
        if size or not (source.head(1) or source.error):  # a file of /proc states no size, whatever is in it
            source.size, source.path = size, path
            source.elsewhere = Elsewhere(source, partial(_put_back, file))
        source.siblings = walk.siblings(path)
        yield from unpacked_sources(source, Budget(lambda: size), file=file)


def _put_back(file: FileIO) -> Callable[[int], None]:
    """Where the file stands is shared with the other process: it is put back behind that."""
    place = file.tell()

    def done(_count: int) -> None:
        file.seek(place)

    return done


def _up_to(file: FileIO, size: int) -> Fill:
    """Reads the first `size` bytes: what is appended meanwhile is left, as a trace that is still written has no end."""
    left = size

    def fill(target: memoryview) -> int:
        nonlocal left
        count = file.readinto(target[:left]) or 0
        left -= count
        if not count and left and os.fstat(file.fileno()).st_size < size:
            raise InputError(was_cut(size, size - left))
        return count

    return fill


def _standard_input(stdin: BinaryIO | None) -> Iterator[Source]:
    if stdin is None or stdin.closed:
        yield Source.failed(STANDARD_INPUT, "Standard input is closed: pipe something into mqtrace, or give a file.")
        return
    packed = 0

    def fill(target: memoryview) -> int:
        nonlocal packed
        piece = stdin.read(len(target))
        if piece is None:
            raise InputError(
                "There is nothing more to read yet, and the input does not wait for it: save it to a file first."
            )
        target[: len(piece)] = piece
        packed += len(piece)
        return len(piece)

    yield from unpacked_sources(Source.filled(STANDARD_INPUT, fill), Budget(lambda: packed))
