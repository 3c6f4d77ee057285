"""The header block of a tar archive: POSIX ustar, GNU and the one before them (POSIX.1-1988 and GNU tar's manual, "Basic Tar Format")."""

import re
from dataclasses import dataclass

from mqtrace.model import InputError

BLOCK = 512
DAMAGED = "The tar archive is damaged here: what stands before is read; copy the archive again, in binary mode."

_OCTAL = re.compile(rb" *([0-7]*)(?:[ \0]|$)")


@dataclass(frozen=True, slots=True)
class TarHeader:
    """One header block.

    Attributes:
        name: name of the entry as stored, prefix included.
        size: bytes of content that follow the block.
        kind: the type flag, one byte.
        extended: a block of a sparse entry's map follows (GNU).
    """

    name: bytes
    size: int
    kind: bytes
    extended: bool


def is_header(block: bytes) -> bool:
    """Whether these 512 bytes are a header: their checksum says so, which even archives without "ustar" in them have."""
    if len(block) < BLOCK or not block[0]:
        return False
    stated = _OCTAL.match(block[148:156])
    if not stated or not stated[1]:
        return False
    others = block[:148] + block[156:]
    unsigned = sum(others) + 8 * ord(" ")
    signed = unsigned - 256 * sum(byte > 127 for byte in others)  # as some old tars on AIX and Solaris sum
    return int(stated[1], 8) in (unsigned, signed)


def parse_header(block: bytes) -> TarHeader:
    """The header in a block of 512 bytes. Raises InputError when it is none."""
    if not is_header(block):
        raise InputError(DAMAGED)
    name = _text(block[:100])
    if block[257:263] == b"ustar\0" and block[345]:
        name = _text(block[345:500]) + b"/" + name
    return TarHeader(name, _number(block[124:136]), block[156:157], block[482] == 1)


def _text(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


def _number(field: bytes) -> int:
    """Octal digits, or with the first bit set a binary number (GNU, for 8 GiB and more). Raises InputError for anything else."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = _OCTAL.match(field)
    if not digits:
        raise InputError(DAMAGED)
    return int(digits[1] or b"0", 8)
