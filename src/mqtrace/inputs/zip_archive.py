"""Entries of a ZIP archive. zipfile reads the directory at its end, and refuses the archive when that is missing or damaged."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BufferedReader, RawIOBase

from mqtrace.inputs.budget import Budget
from mqtrace.inputs.failures import BAD_DATA
from mqtrace.inputs.names import display_name
from mqtrace.model import InputError

DIRECTORY_LIMIT = 64 * 1024 * 1024

_PIECE = 64 * 1024
_ENCRYPTED = 0x01
_MADE_ON_UNIX = 3
_ERRORS = (*BAD_DATA, zipfile.BadZipFile, struct.error, zlib.error)

_NO_DIRECTORY = (
    "The directory at the end of the ZIP archive is missing or damaged, as in one that was cut: copy the whole archive again, in binary "
    "mode; if there is no other copy, repair it (zip -FF) or unpack what is left of it, and give the result."
)
_TOO_LARGE = f"The directory of the ZIP archive takes more than {DIRECTORY_LIMIT} bytes: unpack the archive and give the folder."
_IS_ENCRYPTED = "It is encrypted: unpack the archive with its password and give the folder."
_WRONG_CHECKSUM = "Its checksum is wrong: the ZIP archive is damaged, and so may be what was read; copy it again, in binary mode."


class _Archive(BufferedReader):
    """The file of an archive. zipfile reads the directory at once, however large it is: too large a piece is refused."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > DIRECTORY_LIMIT:
            raise InputError(_TOO_LARGE)
        return super().read(size)


def zip_entries(file: RawIOBase, budget: Budget) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yields name and content of each file in the archive; folders and links are passed over. `file` must be able to seek.

    Raises InputError when the directory cannot be read; the content raises it where that is encrypted or damaged.
    """
    try:
        archive = zipfile.ZipFile(_Archive(file))
    except _ERRORS as error:
        raise InputError(_NO_DIRECTORY) from error
    for member in archive.infolist():
        budget.charge(entries=1)
        is_link = member.create_system == _MADE_ON_UNIX and stat.S_ISLNK(member.external_attr >> 16)
        if not is_link and not member.filename.endswith(("/", "\\")):
            yield member.filename, _content(archive, member, budget)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> Iterator[bytes]:
    if member.flag_bits & _ENCRYPTED:
        raise InputError(_IS_ENCRYPTED)
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # of the others zipfile unpacks pieces of any size
        method = member.compress_type
        raise InputError(f"It is packed with method {method} of ZIP, which is not unpacked here: unpack the archive and give the folder.")
    # Without one to compare with, zipfile does not hold back the last piece of an entry whose checksum is wrong.
    expected, member.CRC = member.CRC, None  # type: ignore[assignment]
    checksum = 0
    try:
        with archive.open(member) as stream:
            while piece := stream.read1(_PIECE):
                budget.charge(len(piece))
                checksum = zlib.crc32(piece, checksum)
                yield piece
    except _ERRORS as error:
        reason = display_name(str(error) or type(error).__name__)
        raise InputError(
            f"It cannot be unpacked any further ({reason}): the ZIP archive is damaged; copy it again, in binary mode."
        ) from error
    if checksum != expected:
        raise InputError(_WRONG_CHECKSUM)
