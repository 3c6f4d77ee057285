"""Entries of a ZIP archive: unpacked, checked against their checksum, counted."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.chunks import CHUNK, ChunkReader
from mqtrace.inputs.entry import Entry
from mqtrace.inputs.magic import Compression
from mqtrace.inputs.unpack import unpack
from mqtrace.inputs.zip_directory import Directory, Member, find_directory, members, names_by_folder, read_at, split_name
from mqtrace.inputs.zip_local import data_offset, search_members
from mqtrace.model import InputError

_STORED = 0
_COMPRESSIONS: dict[int, Compression] = {8: "deflate", 12: "bzip2", 93: "zstd", 95: "xz"}
_ENCRYPTED = 0x01
_UTF_8 = 0x0800

_NO_DIRECTORY = (
    "The ZIP archive is cut or damaged, its directory cannot be read: entries were searched for, some may be missing; "
    "copy the whole archive again."
)


def zip_entries(file: BinaryIO, length: int, budget: Budget) -> Iterator[Entry]:
    """Yields the files of the archive in `file`, which must be able to seek; folders and links are passed over.

    Raises InputError, after the entries that could be found, when the directory is missing or damaged; and OSError.
    """
    directory = find_directory(file, length)
    folders = _folders(file, directory) if directory else None
    if directory and folders is not None:
        for member in members(file, directory):
            yield from _entry(file, length, member, budget, folders.get(split_name(member.name)[0], frozenset()))
        return
    for member in search_members(file, length):
        yield from _entry(file, length, member, budget, frozenset())
    raise InputError(_NO_DIRECTORY)


def _folders(file: BinaryIO, directory: Directory) -> dict[bytes, frozenset[str]] | None:
    try:
        return names_by_folder(file, directory)
    except InputError:
        return None


def _entry(file: BinaryIO, length: int, member: Member, budget: Budget, siblings: frozenset[str]) -> Iterator[Entry]:
    if not member.is_file:
        return
    name = _name(member)
    try:
        yield Entry(name, ChunkReader(_content(file, length, member, budget)), siblings=siblings)
    except InputError as error:
        yield Entry.failed(name, str(error))


def _name(member: Member) -> str:
    try:
        return member.name.decode("utf-8")
    except UnicodeDecodeError:
        return member.name.decode("utf-8", "surrogateescape") if member.flags & _UTF_8 else member.name.decode("cp437")


def _content(file: BinaryIO, length: int, member: Member, budget: Budget) -> Iterator[bytes]:
    """The unpacked bytes, in chunks. Raises InputError when the entry cannot be unpacked at all."""
    if member.flags & _ENCRYPTED:
        raise InputError("It is encrypted: unpack the archive with its password and give the folder.")
    if member.method != _STORED and member.method not in _COMPRESSIONS:
        raise InputError(
            f"It is packed with method {member.method} of ZIP, which is not known here: unpack the archive and give the folder."
        )
    if member.method == _STORED and member.packed_size is None:
        raise InputError("It is stored without its size, and the directory of the ZIP archive is lost: copy the whole archive again.")
    packed = _packed(file, data_offset(file, member, length), member.packed_size, length)
    if member.method != _STORED:
        packed = unpack(ChunkReader(packed), _COMPRESSIONS[member.method], members=False)
    return _checked(budget.charged(packed), member.checksum)


def _packed(file: BinaryIO, start: int, size: int | None, length: int) -> Iterator[bytes]:
    end = length if size is None else start + size
    while start < end:
        chunk = read_at(file, start, min(CHUNK, end - start))
        if not chunk:
            raise InputError("It ends too early, as the ZIP archive was cut: what is there is read; copy the whole archive again.")
        start += len(chunk)
        yield chunk


def _checked(chunks: Iterator[bytes], checksum: int | None) -> Iterator[bytes]:
    current = 0
    for chunk in chunks:
        current = zlib.crc32(chunk, current)
        yield chunk
    if checksum is not None and current != checksum:
        raise InputError("Its checksum is wrong: the ZIP archive is damaged, and so may be what was read; copy it again, in binary mode.")
