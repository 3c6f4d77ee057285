"""Unpacks compressed bytes chunk by chunk. The libraries are imported when their format is met."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from mqtrace.inputs.chunks import CHUNK, ChunkReader
from mqtrace.inputs.magic import Compression, packing_of
from mqtrace.model import InputError

_FIRST_FEED = 1024
_MEMORY_LIMIT = 512 * 1024 * 1024
_WINDOW_LIMIT = 128 * 1024 * 1024
# Four bytes can be a block of 128 KiB (RFC 8878), and the library has no limit of output: so it is fed little at a time, for at most 8 MiB.
_ZSTD_FEED = 256


class _Decoder(Protocol):
    """The interface of bz2 and lzma, which the others are adapted to."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Codec:
    """How to unpack one format.

    Attributes:
        new: makes a decoder for one packed stream.
        errors: what the decoder raises for bad data.
        feed: number of packed bytes to give it at most at a time.
    """

    new: Callable[[], _Decoder]
    errors: tuple[type[Exception], ...]
    feed: int = CHUNK


class _Zlib:
    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder
        self._tail = b""

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def needs_input(self) -> bool:
        return not self._tail

    @property
    def unused_data(self) -> bytes:
        return bytes(self._decoder.unused_data)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        output = bytes(self._decoder.decompress(self._tail + data, max_length))
        self._tail = self._decoder.unconsumed_tail
        return output


class _Zstandard:
    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder
        self.needs_input = True

    @property
    def eof(self) -> bool:
        return bool(self._decoder.eof)

    @property
    def unused_data(self) -> bytes:
        return bytes(self._decoder.unused_data)

    def decompress(self, data: bytes, max_length: int) -> bytes:  # noqa: ARG002
        return bytes(self._decoder.decompress(data))


def _zlib(window: int) -> _Codec:
    import zlib

    return _Codec(lambda: _Zlib(zlib.decompressobj(window)), (zlib.error,))


def _bzip2() -> _Codec:
    import bz2

    return _Codec(bz2.BZ2Decompressor, (OSError, ValueError))


def _xz() -> _Codec:
    import lzma

    return _Codec(lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_LIMIT), (lzma.LZMAError,))


def _zstd() -> _Codec:
    import zstandard

    return _Codec(
        lambda: _Zstandard(zstandard.ZstdDecompressor(max_window_size=_WINDOW_LIMIT).decompressobj()),
        (zstandard.ZstdError,),
        _ZSTD_FEED,
    )


_CODECS: dict[Compression, Callable[[], _Codec]] = {
    "deflate": lambda: _zlib(-15),
    "gzip": lambda: _zlib(31),
    "bzip2": _bzip2,
    "xz": _xz,
    "zstd": _zstd,
}


def _codec(compression: Compression) -> _Codec:
    try:
        return _CODECS[compression]()
    except ImportError as error:
        raise InputError(
            f"This Python cannot unpack {compression}, as it has no module {error.name}: unpack it and give the result."
        ) from error


def unpack(packed: ChunkReader, compression: Compression, *, members: bool = True) -> Iterator[bytes]:
    """Yields the unpacked bytes in pieces of at most 256 KiB (of zstd 8 MiB).

    `members`: several packed streams may follow each other, as gzip, bzip2, xz and zstd allow; else what follows the first is left unread.
    Raises InputError, after what could be unpacked, where the data are cut or damaged, and what `packed` raises.
    """
    codec = _codec(compression)
    yield from _member(packed, codec, compression)
    while members and _another(packed, compression):
        yield from _member(packed, codec, compression)


def _member(packed: ChunkReader, codec: _Codec, compression: str) -> Iterator[bytes]:
    """One packed stream. Its first pieces are small, so that a file of very many tiny ones does not read each byte many times."""
    decoder, feed = codec.new(), _FIRST_FEED
    while data := packed.read(min(feed, codec.feed)):
        feed = min(2 * feed, CHUNK)
        yield from _decoded(decoder, data, codec, compression)
        if decoder.eof:
            packed.unread(len(decoder.unused_data))
            return
    yield from _decoded(decoder, b"", codec, compression)
    if not decoder.eof:
        raise InputError(f"The {compression} data end too early, the file was cut: what is there is read; copy the whole file again.")


def _decoded(decoder: _Decoder, data: bytes, codec: _Codec, compression: str) -> Iterator[bytes]:
    while True:
        try:
            piece = decoder.decompress(data, CHUNK)
        except codec.errors as error:
            raise InputError(
                f"The {compression} data are damaged ({error}): what stands before is read; copy the file again, in binary mode."
            ) from error
        if piece:
            yield piece
        if decoder.eof or decoder.needs_input:
            return
        data = b""


def _another(packed: ChunkReader, compression: Compression) -> bool:
    """Whether another stream follows; zeros between and after them are padding. Raises InputError for anything else."""
    while (head := packed.peek(_FIRST_FEED)).startswith(b"\0"):
        packed.skip(len(head) - len(head.lstrip(b"\0")))
    if head and packing_of(head) != compression:
        raise InputError(
            f"Bytes that are not {compression} follow the packed data and are not read: they are damaged, or do not belong there."
        )
    return bool(head)
