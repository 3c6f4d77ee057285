"""Tells from the first bytes what an input is packed in, and unpacks what is compressed. Names are not looked at."""

import re
from collections.abc import Callable, Generator, Iterator
from typing import Any

from mqtrace.inputs.source import Source
from mqtrace.model import InputError

HEAD_FOR_MAGIC = 512
NOT_UNPACKED = ("compress (.Z)", "7-Zip", "RAR")

_MAGIC = (
    ("gzip", re.compile(rb"\x1f\x8b\x08")),  # RFC 1952
    (
        "zip",
        re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08PK)"),
    ),  # APPNOTE 4.3: an entry, an empty archive, a former part of several
    ("bzip2", re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")),
    ("xz", re.compile(rb"\xfd7zXZ\x00")),
    ("zstd", re.compile(rb"(?s:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)")),  # RFC 8878: a frame, a skippable frame
    ("compress (.Z)", re.compile(rb"\x1f\x9d[\x09-\x10\x89-\x90]")),
    ("7-Zip", re.compile(rb"7z\xbc\xaf\x27\x1c")),
    ("RAR", re.compile(rb"Rar!\x1a\x07")),
)
_OCTAL = re.compile(rb" *([0-7]+)(?:[ \0]|$)")

_MEMORY_LIMIT = 512 * 1024 * 1024
_WINDOW_LIMIT = 128 * 1024 * 1024
PIECE = 256 * 1024
# Neither zlib's decoder nor zstandard's has a limit of output as those of bz2 and lzma have, so they are fed little at
# a time: 4 KiB of gzip are at most 4 MiB; 4 bytes of zstd can be a block of 128 KiB (RFC 8878).
_FEED = 4096
_ZSTD_FEED = 128
_LONGEST_MAGIC = 16

_CUT = "The {} data end too early, the file was cut: what is there is read; copy the whole file again."
_MORE = "Bytes that are not {} follow the packed data and are not read: they are damaged, or do not belong there."


def packing_of(head: bytes) -> str | None:
    """What the input that begins with these bytes (512 are enough) is packed in; None for
    one that is not packed, or not known here."""
    known = next((packing for packing, magic in _MAGIC if magic.match(head)), None)
    return known or ("tar" if _is_tar(head[:HEAD_FOR_MAGIC]) else None)


def _is_tar(block: bytes) -> bool:
    """Whether these bytes are a header of tar: their checksum says so, which archives without "ustar" have, too."""
    stated = _OCTAL.match(block[148:156])
    if len(block) < HEAD_FOR_MAGIC or not block[0] or not stated:
        return False
    unsigned = sum(block) - sum(block[148:156]) + 8 * ord(" ")
    return int(stated[1], 8) in (
        unsigned,
        unsigned - 256 * sum(byte > 127 for byte in block),
    )  # signed on old AIX and Solaris


def unpack(packed: Source, compression: str) -> Iterator[bytes]:
    """Yields the unpacked bytes in pieces of at most 5 MiB. Several packed streams may
    follow each other, and zeros each of them.

    Raises InputError, or what the library raises, after what could be unpacked, where the data are cut or damaged or
    `packed` has an error; ImportError where there is no library.
    """
    new_decoder = _decoder(compression)
    head = packed.head(HEAD_FOR_MAGIC)
    data = b""
    while packing_of(head) == compression:
        data = yield from _decoded(packed, data, new_decoder(), compression)
        while len(data := data.lstrip(b"\0")) < _LONGEST_MAGIC and (more := packed.stream.read(_ZSTD_FEED)):
            data += more
        head = data
    if packed.error:
        raise InputError(packed.error)
    if head:
        raise InputError(_MORE.format(compression))


def _decoder(compression: str) -> Callable[[], Any]:
    """What makes a decoder for one packed stream."""
    if compression == "gzip":
        import zlib

        return lambda: zlib.decompressobj(31)
    if compression == "bzip2":
        import bz2

        return bz2.BZ2Decompressor
    if compression == "xz":
        import lzma

        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_LIMIT)
    import zstandard

    return lambda: zstandard.ZstdDecompressor(max_window_size=_WINDOW_LIMIT).decompressobj()


def _decoded(packed: Source, data: bytes, decoder: Any, compression: str) -> Generator[bytes, None, bytes]:
    """Yields one packed stream unpacked, of which `data` were read already; returns what was read beyond its end."""
    limit = (PIECE,) if hasattr(decoder, "needs_input") else ()
    while not decoder.eof:
        if not data and (not limit or decoder.needs_input):
            data = packed.stream.read(_ZSTD_FEED if compression == "zstd" else _FEED)
            if not data:
                raise InputError(packed.error or _CUT.format(compression))
        yield decoder.decompress(data, *limit)
        data = b""
    return bytes(decoder.unused_data)
