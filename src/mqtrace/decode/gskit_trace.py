"""GSKit's own trace (AMQ.SSL.TRC), which is binary: records back to back, numbers big endian.

Layout as observed in GSKit 8.0.60.5 (FORMAT-GSKIT): component, time, process, thread, event, depth, length of the
source file's name and the name, source line, length of the text and the text, which ends with a NUL and 64 hexadecimal
digits.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError

_HEADER = struct.Struct(">7I")
_PLACE = struct.Struct(">2I")
_TAIL = compiled(rb"\0(?P<digits>[0-9A-Fa-f]{64})")
_TAIL_LENGTH = 65
_LONGEST_NAME = 4096
_LONGEST_TEXT = 1 << 20
# The first record: trace turned on. A trace that was started again in the same file has it in the middle too.
_FIRST_TEXT = b">>>>> GSKTrace turned on"
_FIRST_TEXT_AT = _HEADER.size + _PLACE.size


class GskitRecord(Struct, frozen=True):
    """One record of a GSKit trace.

    Attributes:
        offset: of its first byte in the file.
        time: seconds since 1970, UTC.
        process, thread: ids.
        source, line: where in GSKit's source it was written ("sslv3.cpp", 13128); "" and 0 when it does not say.
        text: what it says, lines ended by \\n, control characters replaced.
    """

    offset: int
    time: int
    process: int
    thread: int
    source: str
    line: int
    text: str


def is_gskit_trace(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a GSKit trace."""
    return head[_FIRST_TEXT_AT : _FIRST_TEXT_AT + len(_FIRST_TEXT)] == _FIRST_TEXT


def gskit_records(stream: BinaryIO) -> Iterator[GskitRecord]:
    """Every whole record of a trace; ends before the first that is cut. Raises DecodeError for what is no record."""
    offset = 0
    while len(header := stream.read(_HEADER.size)) == _HEADER.size:
        _, time, process, thread, _, _, name_length = _HEADER.unpack(header)
        _check(name_length, _LONGEST_NAME, "source name", offset)
        name = stream.read(name_length)
        place = stream.read(_PLACE.size)
        if len(place) < _PLACE.size:
            return
        line, length = _PLACE.unpack(place)
        _check(length, _LONGEST_TEXT, "text", offset)
        data = stream.read(length)
        if len(data) < length:
            return
        yield GskitRecord(offset, time, process, thread, _source_name(name), line, _text(data))
        offset += _HEADER.size + name_length + _PLACE.size + length


def _check(length: int, longest: int, what: str, offset: int) -> None:
    if length > longest:
        raise DecodeError(
            f"The record at byte {offset} is none of a GSKit trace: its {what} would take {length} bytes."
        )


def _source_name(name: bytes) -> str:
    return printable(name.rstrip(b"\0").decode("latin-1").replace("\\", "/").rpartition("/")[2])


def _text(data: bytes) -> str:
    ends_as_known = _TAIL.fullmatch(data, max(0, len(data) - _TAIL_LENGTH))
    text = (data[:-_TAIL_LENGTH] if ends_as_known else data).decode("latin-1")
    return "\n".join(printable(line.rstrip("\r\0").replace("\t", " ")) for line in text.split("\n"))
