"""A stream cut into regions of whole lines, each with the bytes around it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

REGION = 2 * 1024 * 1024
AHEAD = 384 * 1024
BEHIND = 64 * 1024


@dataclass(slots=True)
class Region:
    """A part of a stream that begins and ends at a line's end (a line longer than a region is cut).

    Attributes:
        buffer: bytes at hand; those of the region and some before and after it.
        start, end: the region within the buffer.
        offset: offset in the stream of the buffer's first byte.
    """

    buffer: bytes
    start: int
    end: int
    offset: int


def _end_of_region(buffer: bytes, start: int, last: bool) -> int:
    if last and len(buffer) - start <= REGION:
        return len(buffer)
    limit = min(start + REGION, len(buffer))
    end = buffer.rfind(b"\n", start, limit) + 1
    return end if end > start else limit


def regions(stream: BinaryIO) -> Iterator[Region]:
    """Cuts a stream into regions of at most 2 MiB, each with up to 64 KiB before and 384 KiB after it in its buffer.

    The bytes around serve records of several lines; memory does not depend on the length of the stream.
    """
    buffer, start, offset, last = b"", 0, 0, False
    while True:
        while not last and len(buffer) - start < REGION + AHEAD:
            chunk = stream.read(REGION)
            last = not chunk
            keep = max(0, start - BEHIND)
            buffer, offset, start = buffer[keep:] + chunk, offset + keep, start - keep
        if start >= len(buffer):
            return
        end = _end_of_region(buffer, start, last)
        yield Region(buffer, start, end, offset)
        start = end
