"""The lines of a configuration file: bounded, decoded, with their places."""

import re
from collections.abc import Iterator

from mqtrace.decode.text import encoding_of
from mqtrace.inputs import Source
from mqtrace.model import Location
from mqtrace.readers.tally import Tally

LIMIT = 16 * 1024 * 1024
# A file with more lines is no client's configuration, and would take long.
MOST_LINES = 200_000


def read_limited(source: Source, tally: Tally) -> bytes:
    """The first 16 MiB of the input; when there is more, one more `unparsed` says so. Counts bytes and lines."""
    data = source.stream.read(LIMIT)
    tally.size = len(data)
    tally.lines = data.count(b"\n") + (1 if data and not data.endswith(b"\n") else 0)
    if source.head(1):
        tally.unparsed += 1
    return data


def located_lines(data: bytes, name: str, tally: Tally, ends: bytes = b"\n") -> Iterator[tuple[str, Location]]:
    """Each line's text, without byte order mark and end of line, and its place. `ends`: the bytes that end a line.

    After MOST_LINES lines it stops, and one more `unparsed` says so.
    """
    encoding = encoding_of(data)
    for number, (start, end) in enumerate(_lines(data, encoding, ends), 1):
        if number > MOST_LINES:
            tally.unparsed += 1
            return
        text = data[start:end].decode(encoding, "replace").rstrip("\r").removeprefix("\ufeff")
        yield text, Location(name, number, start, end - start)


def _lines(data: bytes, encoding: str, ends: bytes) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends."""
    width = 1 if encoding == "utf-8" else 2
    marks = [re.escape(bytes([end]).decode("latin-1").encode(encoding)) for end in ends]
    start = 0
    for mark in re.finditer(b"|".join(marks), data):
        if mark.start() % width == 0:
            yield start, mark.start()
            start = mark.end()
    if start < len(data):
        yield start, len(data)
