"""From paths to sources: opens each file, tells from its first bytes whether it is packed, and unpacks it as a stream."""

import os
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO, FileIO
from pathlib import Path
from typing import BinaryIO, cast

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.chunks import CHUNK, ChunkReader
from mqtrace.inputs.failures import sentence_of, why_skipped
from mqtrace.inputs.guarded import Fill, deliver
from mqtrace.inputs.magic import HEAD_FOR_MAGIC, packing_of, unknown_packing
from mqtrace.inputs.names import display_name
from mqtrace.inputs.source import Source
from mqtrace.inputs.unpacking import unpacked_sources, unpacked_zip
from mqtrace.inputs.walk import Found, Walk
from mqtrace.model import InputError

STANDARD_INPUT = "-"

# Without O_NONBLOCK, opening what has become a named pipe since it was looked at would wait for ever.
_OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def open_sources(paths: Sequence[Path | str], *, stdin: BinaryIO | None = None) -> Iterator[Source]:
    """Yields every input of `paths`, one at a time: its stream can be read until the next one is asked for, and is closed then.

    A path is a file, a folder (its files sorted by name, then those of its folders), or "-" for `stdin` (by default standard input).
    Compressed files and archives are known by their first bytes and unpacked as streams, up to 4 deep; nothing is unpacked to disk. The
    same real file is read once. What cannot be read is a source with `error` set. Raises nothing while opening or reading.
    """
    walk = Walk()
    stdin_is_read = False
    for path in paths:
        if str(path) != STANDARD_INPUT:
            yield from _below(walk, path)
        elif not stdin_is_read:
            stdin_is_read = True
            yield from _standard_input(getattr(sys.stdin, "buffer", None) if stdin is None else stdin)


def _below(walk: Walk, path: Path | str) -> Iterator[Source]:
    if not str(path):
        yield Source.failed('""', "The path is empty, maybe from a variable that is not set: give a file or a folder.")
        return
    for found in walk.files(Path(path)):
        yield from _file(found)


def _file(found: Found) -> Iterator[Source]:
    name = display_name(found.path)
    if found.error:
        yield Source.failed(name, found.error)
        return
    try:
        file = open(os.open(found.path, _OPEN_FLAGS), "rb", buffering=0)  # noqa: PTH123, SIM115
    except (OSError, ValueError) as error:
        yield Source.failed(name, sentence_of(error))
        return
    with file:
        yield from _opened(name, found, file)


def _opened(name: str, found: Found, file: FileIO) -> Iterator[Source]:
    try:
        status = os.fstat(file.fileno())
        skipped = why_skipped(status.st_mode)
        head = b"" if skipped else file.read(HEAD_FOR_MAGIC) or b""
        if head:
            file.seek(0)
    except OSError as error:
        yield Source.failed(name, sentence_of(error))
        return
    packing = packing_of(head) or unknown_packing(head)
    if skipped:
        yield Source.failed(name, skipped)
    elif packing == "zip":
        yield from unpacked_zip(name, cast(BinaryIO, file), status.st_size, Budget(lambda: status.st_size), 1)
    elif packing:
        yield from unpacked_sources(
            name, ChunkReader(_chunks(cast(BinaryIO, file))), Budget(lambda: status.st_size), siblings=found.siblings
        )
    else:
        yield from _plain(name, found, file, status.st_size if status.st_size or not head else None)


def _plain(name: str, found: Found, file: FileIO, size: int | None) -> Iterator[Source]:
    """A file as it is. Files of /proc state no size: they can only be read front to back."""
    if size is None:
        yield from deliver(Source(name, BytesIO(), siblings=found.siblings), lambda view: file.readinto(view) or 0)
    else:
        yield from deliver(Source(name, BytesIO(), size, found.path, siblings=found.siblings), _up_to(file, size))


def _up_to(file: FileIO, size: int) -> Fill:
    """Reads the first `size` bytes: what is appended meanwhile is left, so that a trace that is still being written has an end."""
    left = size

    def fill(view: memoryview) -> int:
        nonlocal left
        count = file.readinto(view[:left]) or 0 if left else 0
        left -= count
        if not count and left and os.fstat(file.fileno()).st_size < size:
            raise InputError(f"The file was cut from {size} to {size - left} bytes while it was read: read it again.")
        return count

    return fill


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk
    if chunk is None:
        raise InputError("There is nothing more to read yet, and the input does not wait for it: save it to a file first.")


def _standard_input(stdin: BinaryIO | None) -> Iterator[Source]:
    if stdin is None or stdin.closed:
        yield Source.failed(STANDARD_INPUT, "Standard input is closed: pipe something into mqtrace, or give a file.")
        return
    reader = ChunkReader(_chunks(stdin))
    yield from unpacked_sources(STANDARD_INPUT, reader, Budget(lambda: reader.offset))
