"""What a ZIP archive's central directory lists. Layout: PKWARE APPNOTE 6.3, sections 4.3 and 4.4.

Read entry by entry: an archive of millions of entries costs no memory.
"""

import stat
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from mqtrace.model import InputError

_HEADER = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LOCATOR_64 = struct.Struct("<4sLQL")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_IN_ZIP64 = 0xFFFFFFFF
_ZIP64_FIELD = 1
_MADE_ON_UNIX = 3
_LONGEST_COMMENT = 0xFFFF
_NAMES_LIMIT = 10_000
_DAMAGED = "The directory of the ZIP archive is damaged."


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of a ZIP archive.

    Attributes:
        name: as stored.
        flags, method: general purpose bits and compression method, as stored.
        checksum: CRC-32 of the unpacked bytes; None when the header does not tell.
        packed_size: in bytes; None when the header does not tell.
        header: offset of the local header.
        is_file: neither a folder nor a link.
    """

    name: bytes
    flags: int
    method: int
    checksum: int | None
    packed_size: int | None
    header: int
    is_file: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the central directory stands.

    Attributes:
        start, end: its offsets in the file.
        shift: what must be added to the offsets that it states.
        entries: how many it lists, by the record at its end.
    """

    start: int
    end: int
    shift: int
    entries: int


def read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    """`size` bytes at `offset`, fewer at the end of the file. Raises OSError."""
    file.seek(offset)
    return file.read(size)


def find_directory(file: BinaryIO, length: int) -> Directory | None:
    """The central directory of an archive of `length` bytes; None when the record at its end is not there or cannot be true."""
    tail_start = max(0, length - _END.size - _LONGEST_COMMENT)
    tail = read_at(file, tail_start, length - tail_start)
    position = tail.rfind(b"PK\x05\x06")
    if position < 0 or len(tail) - position < _END.size:
        return None
    *_, entries, size, offset, _comment = _END.unpack_from(tail, position)
    if _IN_ZIP64 in (size, offset) or entries == 0xFFFF:
        wide = _directory_64(file, tail_start + position)
        if wide:
            return wide
    return _directory(tail_start + position, entries, size, offset)


def _directory_64(file: BinaryIO, end: int) -> Directory | None:
    locator = end - _LOCATOR_64.size
    record = locator - _END_64.size
    if record < 0 or read_at(file, locator, 4) != b"PK\x06\x07":
        return None
    magic, *_, entries, size, offset = _END_64.unpack(read_at(file, record, _END_64.size))
    return _directory(record, entries, size, offset) if magic == b"PK\x06\x06" else None


def _directory(end: int, entries: int, size: int, offset: int) -> Directory | None:
    start = end - size
    return Directory(start, end, start - offset, entries) if start >= offset else None


def members(file: BinaryIO, directory: Directory) -> Iterator[Member]:
    """The entries that the central directory lists. Raises InputError where it is damaged."""
    position = directory.start
    while position < directory.end:
        header = read_at(file, position, _HEADER.size)
        if len(header) < _HEADER.size or not header.startswith(b"PK\x01\x02"):
            raise InputError(_DAMAGED)
        _, made_by, _, flags, method, _, _, checksum, size, unpacked, *lengths, _, _, attributes, offset = _HEADER.unpack(header)
        variable = read_at(file, position + _HEADER.size, sum(lengths))
        name, extra = variable[: lengths[0]], variable[lengths[0] : lengths[0] + lengths[1]]
        size, offset = _wide(extra, unpacked, size, offset)
        is_link = made_by >> 8 == _MADE_ON_UNIX and stat.S_ISLNK(attributes >> 16)
        is_file = not is_link and not name.endswith((b"/", b"\\"))
        yield Member(name, flags, method, checksum, size, offset + directory.shift, is_file)
        position += _HEADER.size + sum(lengths)


def _wide(extra: bytes, unpacked: int, size: int, offset: int) -> tuple[int, int]:
    """Packed size and offset, from the ZIP64 field where the header has no room for them. Raises InputError where that field is missing."""
    narrow = (unpacked, size, offset)
    wanted = narrow.count(_IN_ZIP64)
    if not wanted or _IN_ZIP64 not in (size, offset):
        return size, offset
    try:
        values = iter(struct.unpack_from(f"<{wanted}Q", _field_64(extra)))
    except struct.error as error:
        raise InputError(_DAMAGED) from error
    _, size, offset = (next(values) if value == _IN_ZIP64 else value for value in narrow)
    return size, offset


def _field_64(extra: bytes) -> bytes:
    position = 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, position)
        if kind == _ZIP64_FIELD:
            return extra[position + 4 : position + 4 + length]
        position += 4 + length
    return b""


def names_by_folder(file: BinaryIO, directory: Directory) -> dict[bytes, frozenset[str]]:
    """Names of the files in each folder of the archive, by the folder as `split_name` gives it; empty for more than 10,000 entries.

    Raises InputError when any part of the directory is damaged, or it lists more or less than the record at its end says.
    """
    folders: dict[bytes, set[str]] = {}
    count = 0
    for count, member in enumerate(members(file, directory), start=1):
        if count <= _NAMES_LIMIT:
            folder, name = split_name(member.name)
            folders.setdefault(folder, set()).add(name.decode("utf-8", "surrogateescape"))
    if count & 0xFFFF != directory.entries & 0xFFFF:
        raise InputError(_DAMAGED)
    return {folder: frozenset(names) for folder, names in folders.items()} if count <= _NAMES_LIMIT else {}


def split_name(name: bytes) -> tuple[bytes, bytes]:
    """Folder with its last "/", and the name in it."""
    end = name.rfind(b"/") + 1
    return name[:end], name[end:]
