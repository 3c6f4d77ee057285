"""Tells from the first bytes what an input is packed in. Names are not looked at."""

import re
from typing import Literal

from mqtrace.inputs.tar_header import BLOCK, is_header

Compression = Literal["deflate", "gzip", "bzip2", "xz", "zstd"]
Packing = Literal["gzip", "bzip2", "xz", "zstd", "zip", "tar"]

HEAD_FOR_MAGIC = BLOCK

_MAGIC: tuple[tuple[Packing, re.Pattern[bytes]], ...] = (
    ("gzip", re.compile(rb"\x1f\x8b\x08")),  # RFC 1952
    ("zip", re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08PK)")),  # APPNOTE 4.3: an entry, an empty archive, a former part of several
    ("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")),
    ("xz", re.compile(rb"\xfd7zXZ\x00")),
    ("zstd", re.compile(rb"(?s:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)")),  # RFC 8878: a frame, a skippable frame
)
_UNKNOWN = (
    ("compress (.Z)", re.compile(rb"\x1f\x9d[\x09-\x10\x89-\x90]")),
    ("7-Zip", re.compile(rb"7z\xbc\xaf\x27\x1c")),
    ("RAR", re.compile(rb"Rar!\x1a\x07")),
)


def packing_of(head: bytes) -> Packing | None:
    """What the input that begins with these bytes (512 are enough) is packed in; None for one that is not packed, or not known here."""
    for packing, magic in _MAGIC:
        if magic.match(head):
            return packing
    return "tar" if is_header(head[:BLOCK]) else None


def unknown_packing(head: bytes) -> str | None:
    """Name of a packing that these bytes begin and that cannot be unpacked here, else None."""
    return next((name for name, magic in _UNKNOWN if magic.match(head)), None)
