"""A stream cut into regions of whole lines, each with the bytes around it."""

from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

REGION = 1024 * 1024
# How many regions are read into the buffer before what the next one needs of it is moved to its begin.
REGIONS = 2
AHEAD = 256 * 1024
BEHIND = 64 * 1024


class FilePart(Struct, frozen=True):
    """A part of a file that begins and ends at a line's end.

    Attributes:
        start, end: byte offsets; end is None for the end of the file.
    """

    start: int = 0
    end: int | None = None


class Region(Struct):
    """A part of a stream that begins and ends at a line's end (a line longer than a region is cut).

    Attributes:
        buffer: bytes at hand; those of the region and some before and after it. The next region is read into the same
            buffer: copy what must stay.
        start, end: the region within the buffer.
        stop: how many bytes of the buffer are of the stream.
        offset: offset in the stream of the buffer's first byte.
    """

    buffer: bytearray
    start: int
    end: int
    stop: int
    offset: int


def _end_of_region(buffer: bytearray, start: int, stop: int, last: bool) -> int:
    if last and stop - start <= REGION:
        return stop
    limit = min(start + REGION, stop)
    end = buffer.rfind(b"\n", start, limit) + 1
    return end if end > start else limit


def new_buffer() -> bytearray:
    """What regions are read into: memory that is touched only then."""
    return bytearray(BEHIND + REGIONS * REGION + AHEAD)


def regions(stream: BinaryIO, part: FilePart | None = None, buffer: bytearray | None = None) -> Iterator[Region]:
    """Cuts a stream into regions of at most 1 MiB, each with up to 64 KiB before and 256 KiB after it in its buffer.

    The bytes around serve records of several lines; memory does not depend on the length of the stream. With a part,
    which needs a stream that can seek, only the regions of that part. The stream has `readinto`.

    buffer: one that was used before.
    """
    first, until = (part.start, part.end) if part else (0, None)
    offset = max(0, first - BEHIND)
    if offset:
        stream.seek(offset)
    # One buffer for all: new ones cost more than what is read into them.
    buffer = buffer or new_buffer()
    start, stop, last = first - offset, 0, False
    with memoryview(buffer) as view:
        while True:
            wanted = start + min(REGION, REGION if until is None else until - offset - start) + AHEAD
            if wanted > len(buffer):
                passed = start - BEHIND
                view[: stop - passed] = view[passed:stop]
                offset, start, stop, wanted = offset + passed, BEHIND, stop - passed, wanted - passed
            while not last and stop < wanted:
                count = stream.readinto(view[stop:wanted]) or 0  # type: ignore[attr-defined]  # BinaryIO does not tell of it
                stop, last = stop + count, not count
            limit = stop if until is None else min(stop, until - offset)
            if start >= limit:
                return
            end = _end_of_region(buffer, start, limit, last or limit < stop)
            yield Region(buffer, start, end, stop, offset)
            start = end
