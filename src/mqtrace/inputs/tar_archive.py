"""Entries of a tar archive, read front to back. (tarfile keeps whole headers in memory, and can loop on bad ones.)"""

from collections.abc import Iterator
from dataclasses import dataclass

from mqtrace.inputs.chunks import CHUNK, ChunkReader
from mqtrace.inputs.entry import Entry
from mqtrace.inputs.tar_header import BLOCK, DAMAGED, TarHeader, parse_header
from mqtrace.model import InputError

_HEADER_LIMIT = 1024 * 1024
_CUT = "The tar archive ends too early, it was cut: what is there is read; copy the whole archive again."
_SPARSE = "Not read: it is stored with holes (a sparse file); unpack the archive with tar and give the folder."
_DEVICE = "Skipped: it is a device or a pipe, not a file."

_LONG_NAME = b"L"
_PAX = (b"x", b"X")
_PASSED_OVER = (b"K", b"g", b"V", b"D")  # name of a link, settings for all entries, volume label, list of a folder
_LINKS_AND_FOLDERS = (b"1", b"2", b"5")  # a link's content stands elsewhere
_DEVICES = (b"3", b"4", b"6")
_SPARSE_KIND = b"S"


@dataclass(frozen=True, slots=True)
class _Extension:
    """What the headers before an entry's own say of it; None where they say nothing."""

    name: bytes | None = None
    size: int | None = None
    sparse: bool = False


def tar_entries(packed: ChunkReader) -> Iterator[Entry]:
    """Yields the files of the archive; folders and links are passed over. What is left of an entry is passed over by the next step.

    Raises InputError where the archive is cut or damaged, and what `packed` raises.
    """
    extension = _Extension()
    while header := _next_header(packed):
        if header.kind == _LONG_NAME or header.kind in _PAX:
            extension = _extension(header, _header_content(packed, header.size), extension)
            continue
        _skip_map(packed, header)
        end = packed.offset + _stored_size(header, extension)
        yield from _entry(packed, header, extension)
        packed.skip(end - packed.offset)
        if packed.offset < end:
            raise InputError(_CUT)
        if header.kind not in _PASSED_OVER:
            extension = _Extension()


def _next_header(packed: ChunkReader) -> TarHeader | None:
    block = packed.take(BLOCK)
    if not block.strip(b"\0"):
        return None
    if len(block) < BLOCK:
        raise InputError(_CUT)
    return parse_header(block)


def _skip_map(packed: ChunkReader, header: TarHeader) -> None:
    """Passes over the blocks of a GNU sparse entry's map that stand before its content."""
    extended = header.kind == _SPARSE_KIND and header.extended
    while extended:
        block = packed.take(BLOCK)
        extended = len(block) == BLOCK and block[504] == 1


def _padded(size: int) -> int:
    return -(-size // BLOCK) * BLOCK


def _header_content(packed: ChunkReader, size: int) -> bytes:
    if size > _HEADER_LIMIT:
        raise InputError(DAMAGED)
    content = packed.take(_padded(size))
    if len(content) < size:
        raise InputError(_CUT)
    return content[:size]


def _extension(header: TarHeader, content: bytes, before: _Extension) -> _Extension:
    if header.kind == _LONG_NAME:
        return _Extension(content.split(b"\0", 1)[0], before.size, before.sparse)
    name, size, sparse = before.name, before.size, before.sparse
    for key, value in _pax_records(content):
        if key in (b"path", b"GNU.sparse.name"):
            name = value
        elif key == b"size" and value.isdigit() and len(value) < 20:
            size = int(value)
        sparse = sparse or key.startswith(b"GNU.sparse.")
    return _Extension(name, size, sparse)


def _pax_records(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Records "length key=value\\n" of POSIX.1-2001; raises InputError for anything else."""
    position, last = 0, len(content.rstrip(b"\0"))
    while position < last:
        blank = content.find(b" ", position, position + 10)
        digits = content[position : max(blank, position)]
        end = position + (int(digits) if digits.isdigit() else 0)
        if not position < blank < end <= len(content):
            raise InputError(DAMAGED)
        key, _, value = content[blank + 1 : end - 1].partition(b"=")
        yield key, value
        position = end


def _stored_size(header: TarHeader, extension: _Extension) -> int:
    """Bytes from the header's end to the next header. Links, folders and devices have no content, whatever their size field says."""
    if header.kind in _LINKS_AND_FOLDERS or header.kind in _DEVICES:
        return 0
    return _padded(header.size if extension.size is None else extension.size)


def _entry(packed: ChunkReader, header: TarHeader, extension: _Extension) -> Iterator[Entry]:
    stored_name = header.name if extension.name is None else extension.name
    name = stored_name.decode("utf-8", "surrogateescape")
    if header.kind in _PASSED_OVER or header.kind in _LINKS_AND_FOLDERS or stored_name.endswith(b"/"):
        return
    if header.kind in _DEVICES:
        yield Entry.failed(name, _DEVICE)
    elif header.kind == _SPARSE_KIND or extension.sparse:
        yield Entry.failed(name, _SPARSE)
    else:
        yield Entry(name, ChunkReader(_content(packed, header.size if extension.size is None else extension.size)))


def _content(packed: ChunkReader, size: int) -> Iterator[bytes]:
    while size > 0:
        piece = packed.read(min(size, CHUNK))
        if not piece:
            raise InputError(_CUT)
        size -= len(piece)
        yield piece
