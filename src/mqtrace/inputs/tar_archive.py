"""Entries of a tar archive, read front to back as a stream by tarfile."""

import sys
import tarfile
from collections.abc import Iterator

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.failures import BAD_DATA
from mqtrace.inputs.source import Source
from mqtrace.model import InputError

# One entry's headers, which tarfile keeps in memory. Its expressions for them take seconds for more, before Python 3.11.10.
HEADERS_LIMIT = 64 * 1024

_PIECE = 256 * 1024

_CUT = "The tar archive ends too early, it was cut: what is there is read; copy the whole archive again."
_DAMAGED = "The tar archive is damaged here: what stands before is read; copy the archive again, in binary mode."
_SPARSE = "Not read: it is stored with holes (a sparse file); unpack the archive with tar and give the folder."


class _Packed:
    """What tarfile reads. It tells of its end once and raises then, as tarfile would look for an entry beyond the end for hours.

    Attributes:
        left: bytes that may still be read. Raises InputError beyond.
    """

    def __init__(self, source: Source) -> None:
        self.left = HEADERS_LIMIT
        self._source = source
        self._ended = False

    def read(self, size: int) -> bytes:
        piece = b"" if self._ended else self._source.stream.read(size)
        self.left -= len(piece)
        if self._ended or self.left < 0:
            raise self.failure
        self._ended = not piece
        return piece

    @property
    def failure(self) -> InputError:
        """Why it ended, or that tarfile finds the archive damaged."""
        return InputError(self._source.error or (_CUT if self._ended else _DAMAGED))


class _Header(tarfile.TarInfo):
    """tarfile takes a damaged header for the end of the archive, this one for an error."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if buf.strip(b"\0"):
                raise tarfile.ReadError(str(error)) from error
            raise


def tar_entries(source: Source, budget: Budget) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yields name and content of each file in the archive; folders, links, devices and pipes are passed over.

    Raises InputError, after what could be read, where the archive is cut or damaged or cannot be read; the content does too.
    """
    packed = _Packed(source)
    try:
        archive = tarfile.open(fileobj=packed, mode="r|", tarinfo=_Header, encoding="utf-8", errors="surrogateescape")
        while member := archive.next():
            budget.charge(entries=1)
            packed.left = sys.maxsize
            if member.isreg():
                yield member.name, _content(archive, member, packed)
            archive.fileobj.seek(archive.offset)
            archive.members.clear()  # they would grow with the archive
            packed.left = HEADERS_LIMIT
    except (*BAD_DATA, tarfile.TarError) as error:
        raise packed.failure from error


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, packed: _Packed) -> Iterator[bytes]:
    if member.issparse():
        raise InputError(_SPARSE)
    left = member.size
    try:
        stream = archive.extractfile(member)
        while stream and (piece := stream.read1(_PIECE)):
            left -= len(piece)
            yield piece
    except (*BAD_DATA, tarfile.TarError) as error:
        raise packed.failure from error
    if left:
        raise packed.failure
