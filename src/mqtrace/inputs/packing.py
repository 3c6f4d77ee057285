"""Tells from the first bytes what an input is packed in, and unpacks what is compressed. Names are not looked at."""

import sys
from collections.abc import Callable, Generator
from typing import Any

from mqtrace.inputs.source import Source
from mqtrace.kept import compiled
from mqtrace.model import InputError

HEAD_FOR_MAGIC = 512
NOT_UNPACKED = ("compress (.Z)", "7-Zip", "RAR")

_MAGIC = (
    ("gzip", compiled(rb"\x1f\x8b\x08")),  # RFC 1952
    (
        "zip",
        compiled(rb"PK(?:\x03\x04|\x05\x06|\x07\x08PK)"),
    ),  # APPNOTE 4.3: an entry, an empty archive, a former part of several
    ("bzip2", compiled(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")),
    ("xz", compiled(rb"\xfd7zXZ\x00")),
    ("zstd", compiled(rb"(?s:\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18)")),  # RFC 8878: a frame, a skippable frame
    ("compress (.Z)", compiled(rb"\x1f\x9d[\x09-\x10\x89-\x90]")),
    ("7-Zip", compiled(rb"7z\xbc\xaf\x27\x1c")),
    ("RAR", compiled(rb"Rar!\x1a\x07")),
)
_OCTAL = compiled(rb" *([0-7]+)(?:[ \0]|$)")

_MEMORY_LIMIT = 512 * 1024 * 1024
_WINDOW_LIMIT = 128 * 1024 * 1024
# What a decoder gives and is given at once.
PIECE = 512 * 1024
_FEED = 64 * 1024
_PADDING = 128
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


def unpack(packed: Source, compression: str) -> Generator[bytes, None, None]:
    """Yields the unpacked bytes in pieces of at most 512 KiB. Several packed streams may
    follow each other, and zeros each of them.

    Raises InputError, or what the library raises, after what could be unpacked, where the data are cut or damaged or
    `packed` has an error; ImportError where there is no library.
    """
    new_decoder = _decoder(compression)
    head = packed.head(HEAD_FOR_MAGIC)
    data = b""
    while packing_of(head) == compression:
        data = yield from _decoded(packed, data, new_decoder(), compression)
        while len(data := data.lstrip(b"\0")) < _LONGEST_MAGIC and (more := packed.stream.read(_PADDING)):
            data += more
        head = data
    if packed.error:
        raise InputError(packed.error)
    if head:
        raise InputError(_MORE.format(compression))


def _decoder(compression: str) -> Callable[[], Any]:
    """What makes a decoder for one packed stream."""
    if compression == "gzip":
        return _gzip_decoder()
    if compression == "bzip2":
        import bz2

        return bz2.BZ2Decompressor
    if compression == "xz":
        import lzma

        return lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_LIMIT)
    zstd = zstd_library()
    options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LIMIT.bit_length() - 1}
    return lambda: zstd.ZstdDecompressor(options=options)


def zstd_library() -> Any:
    """The module of the standard library, which Pythons before 3.14 have as a package. Raises ImportError."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _gzip_decoder() -> Callable[[], Any]:
    """isal's, which takes a third of zlib's time; zlib's where there is no wheel of it."""
    try:
        from isal import igzip_lib
    except ImportError:
        import zlib

        return lambda: zlib.decompressobj(31)
    return lambda: igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)


def _decoded(packed: Source, data: bytes, decoder: Any, compression: str) -> Generator[bytes, None, bytes]:
    """Yields one packed stream unpacked, of which `data` were read already; returns what was read beyond its end."""
    is_more = False
    while not decoder.eof:
        if not data and not is_more:
            data = packed.stream.read(_FEED)
            if not data:
                raise InputError(packed.error or _CUT.format(compression))
        piece = decoder.decompress(data, PIECE)
        yield piece
        # zlib gives back what it did not get to; the others keep it until they are asked for more.
        data, is_more = getattr(decoder, "unconsumed_tail", b""), len(piece) == PIECE
    return bytes(decoder.unused_data)
