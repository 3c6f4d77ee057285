"""The headers that stand before each entry of a ZIP archive: the way to entries whose directory is cut off or damaged."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from mqtrace.inputs.chunks import CHUNK
from mqtrace.inputs.zip_directory import Member, read_at
from mqtrace.model import InputError

_HEADER = struct.Struct("<4s5H3L2H")
_MAGIC = b"PK\x03\x04"
_SIZES_FOLLOW = 0x08
_IN_ZIP64 = 0xFFFFFFFF
_METHODS = (0, 8, 9, 12, 14, 93, 95, 98, 99)
_FIRST_BLOCK = 4096


def data_offset(file: BinaryIO, member: Member, length: int) -> int:
    """Offset of the packed bytes of an entry. Raises InputError when no local header stands where the directory says."""
    header = read_at(file, member.header, _HEADER.size) if 0 <= member.header < length else b""
    if len(header) < _HEADER.size or not header.startswith(_MAGIC):
        raise InputError("It is not where the directory of the ZIP archive says: the archive is damaged; copy it again, in binary mode.")
    *_, name_length, extra_length = _HEADER.unpack(header)
    return member.header + _HEADER.size + int(name_length) + int(extra_length)


def search_members(file: BinaryIO, length: int) -> Iterator[Member]:
    """The entries whose headers are found by searching the file of `length` bytes for them, in file order."""
    position = _next_header(file, 0, length)
    while position is not None:
        _, _, flags, method, _, _, checksum, size, _, name_length, _ = _HEADER.unpack(read_at(file, position, _HEADER.size))
        name = read_at(file, position + _HEADER.size, name_length)
        told = not flags & _SIZES_FOLLOW and size != _IN_ZIP64
        is_file = not name.endswith((b"/", b"\\"))
        yield Member(name, flags, method, checksum if told else None, size if told else None, position, is_file)
        start = position + _HEADER.size
        end = start + name_length + (size if told else 0)
        position = _next_header(file, end if end < length else start, length)


def _next_header(file: BinaryIO, start: int, length: int) -> int | None:
    """Offset of the next bytes from `start` on that look like a local header, None when there are none."""
    size = _FIRST_BLOCK
    while start + _HEADER.size <= length:
        block = read_at(file, start, size + _HEADER.size)
        position = block.find(_MAGIC)
        while 0 <= position < size:
            if _is_likely(block[position : position + _HEADER.size]):
                return start + position
            position = block.find(_MAGIC, position + 1)
        start, size = start + size, CHUNK
    return None


def _is_likely(header: bytes) -> bool:
    if len(header) < _HEADER.size:
        return False
    _, version, _, method, *_, name_length, _ = _HEADER.unpack(header)
    return version & 0xFF <= 100 and method in _METHODS and name_length > 0
