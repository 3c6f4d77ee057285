"""Entries of ZIP and tar archives, by the standard library's zipfile and tarfile, whose errors pass through."""

import stat
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader, RawIOBase
from operator import attrgetter
from typing import BinaryIO, cast

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.names import in_order
from mqtrace.inputs.source import Source
from mqtrace.model import InputError

DIRECTORY_LIMIT = 16 * 1024 * 1024
_HEADERS_LIMIT = 2 * tarfile.RECORDSIZE
_PIECE = 64 * 1024
_ENCRYPTED = 0x01
_MADE_ON_UNIX = 3

_NO_DIRECTORY = (
    "The directory at the end of the ZIP archive is missing or damaged, as in one that was cut: copy the whole "
    "archive again, in binary "
    "mode; if there is no other copy, repair it (zip -FF) and give the result."
)
_LARGE_DIRECTORY = (
    f"The directory of the ZIP archive takes more than {DIRECTORY_LIMIT} bytes: unpack the archive and give the folder."
)
_IS_ENCRYPTED = "It is encrypted: unpack the archive with its password and give the folder."
_WRONG_CHECKSUM = (
    "Its checksum is wrong: the ZIP archive is damaged, and so may be what was read; copy it again, in binary mode."
)
_CUT = "The tar archive ends too early, it was cut: what is there is read; copy the whole archive again."
_LARGE_HEADERS = (
    "The tar archive is damaged here, or has headers that are too large: what stands before is read; unpack the "
    "rest with tar."
)
_SPARSE = "Not read: it is stored with holes (a sparse file); unpack the archive with tar and give the folder."

Entries = Iterator[tuple[str, Iterator[bytes]]]


class _ZipInput(BufferedReader):
    """What zipfile reads. It reads the directory at once, however large: a piece beyond the limit is refused."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > DIRECTORY_LIMIT:
            raise InputError(_LARGE_DIRECTORY)
        return super().read(size)


def zip_entries(file: RawIOBase, budget: Budget) -> Entries:
    """Yields name and content of each file in the archive; folders and links are passed over. `file` must be able to
    seek, and is closed at the end.

    Raises InputError, or what zipfile raises, where the directory cannot be read; the contents do where they cannot.
    """
    with _ZipInput(file) as packed:
        try:
            archive = zipfile.ZipFile(packed)
        except zipfile.BadZipFile as error:
            raise InputError(_NO_DIRECTORY) from error
        for member in in_order(archive.infolist(), attrgetter("filename")):
            budget.charge(entries=1)
            is_link = member.create_system == _MADE_ON_UNIX and stat.S_ISLNK(member.external_attr >> 16)
            if not is_link and not member.filename.endswith(("/", "\\")):
                yield member.filename, budget.charged(_zip_content(archive, member))


def _zip_content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.flag_bits & _ENCRYPTED:
        raise InputError(_IS_ENCRYPTED)
    if member.compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    ):  # what zipfile unpacks at once of others has no limit
        method = member.compress_type
        raise InputError(
            f"It is packed with method {method} of ZIP, which is not unpacked here: unpack the archive and give the "
            "folder."
        )
    # Without a checksum to compare with, zipfile does not hold back the last piece of a damaged entry.
    expected, member.CRC = member.CRC, None  # type: ignore[assignment]
    checksum = 0
    with cast(zipfile.ZipExtFile, archive.open(member)) as stream:
        while piece := stream.read1(_PIECE):
            checksum = zlib.crc32(piece, checksum)
            yield piece
    if checksum != expected:
        raise InputError(_WRONG_CHECKSUM)


class _TarInput:
    """What tarfile reads. Of its end it tells once and raises then, as tarfile would look
    for an entry beyond it for hours.

    Attributes:
        left: bytes that may be read before it raises: the headers of one entry, which tarfile keeps in memory, must be
            small.
    """

    def __init__(self, source: Source) -> None:
        self.left = _HEADERS_LIMIT
        self._source = source
        self._ended = False

    def read(self, size: int) -> bytes:
        piece = b"" if self._ended else self._source.stream.read(size)
        self.left -= len(piece)
        if self._ended:
            raise self.failure()
        if self.left < 0:
            raise InputError(_LARGE_HEADERS)
        self._ended = not piece
        return piece

    def failure(self) -> InputError:
        """Why it ended before it should."""
        return InputError(self._source.error or _CUT)


class _TarHeader(tarfile.TarInfo):
    """tarfile takes a damaged header for the end of the archive, this one for an error."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_TarHeader":
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.HeaderError as error:
            if buf.strip(b"\0"):
                raise tarfile.ReadError(str(error)) from error
            raise


def tar_entries(source: Source, budget: Budget) -> Entries:
    """Yields name and content of each file in the archive; folders, links, devices and pipes are passed over.

    Raises InputError, or what tarfile raises, where the archive is cut or damaged or `source` has an error; the
    contents do too.
    """
    packed = _TarInput(source)
    archive = tarfile.open(  # noqa: SIM115
        None, "r|", cast(BinaryIO, packed), tarinfo=_TarHeader, encoding="utf-8", errors="surrogateescape"
    )
    while member := archive.next():
        budget.charge(entries=1)
        packed.left = sys.maxsize
        if member.isreg():
            yield member.name, _tar_content(archive, member, packed)
        archive.fileobj.seek(archive.offset)
        archive.members, archive.pax_headers = [], {}  # type: ignore[attr-defined]  # both would grow with the archive
        packed.left = _HEADERS_LIMIT


def _tar_content(archive: tarfile.TarFile, member: tarfile.TarInfo, packed: _TarInput) -> Iterator[bytes]:
    if member.issparse():
        raise InputError(_SPARSE)
    left = member.size
    while left:  # read from tarfile's stream, as its files of entries hold back the last piece before a cut
        piece = archive.fileobj.read(min(left, _PIECE))
        if not piece:
            raise packed.failure()
        left -= len(piece)
        yield piece
