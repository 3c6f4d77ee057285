"""Bytes of a log: chunks and lines, whatever the encoding of the file, in memory that does not grow with it."""

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from mqtrace.readers.tally import Tally

CHUNK_SIZE = 1 << 20
LINE_CAP = 65536
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Line(NamedTuple):
    """One line: number from 1, byte offset, bytes without the line's end, and whether it was cut at LINE_CAP bytes."""

    number: int
    offset: int
    data: bytes
    cut: bool


def chunks(stream: BinaryIO, tally: Tally) -> Iterator[bytes]:
    """All bytes of `stream`, at most CHUNK_SIZE at once; UTF-16 with a byte order mark becomes UTF-8. Counts bytes and lines.

    Offsets into UTF-16 are those of the UTF-8 form.
    """
    last = b""
    for chunk in _unified(stream, tally):
        tally.lines += chunk.count(b"\n")
        last = chunk
        yield chunk
    if last and not last.endswith(b"\n"):
        tally.lines += 1


def is_utf_16(head: bytes) -> bool:
    """Whether a text begins with the byte order mark of UTF-16, and the zero bytes of its characters follow."""
    begin = head[2:258]
    return head.startswith(_UTF_16) and begin.count(0) * 4 >= len(begin)


def unified_head(head: bytes) -> bytes:
    """The first bytes of a text for a sniff: UTF-16 as UTF-8, without a byte order mark."""
    head = head.decode("utf-16", "replace").encode("utf-8", "replace") if is_utf_16(head) else head
    return head.removeprefix(codecs.BOM_UTF8)


def _unified(stream: BinaryIO, tally: Tally) -> Iterator[bytes]:
    chunk = stream.read(CHUNK_SIZE)
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace") if is_utf_16(chunk) else None
    while chunk:
        tally.size += len(chunk)
        yield chunk if decoder is None else decoder.decode(chunk).encode("utf-8", "replace")
        chunk = stream.read(CHUNK_SIZE)


def lines(blocks: Iterable[bytes]) -> Iterator[Line]:
    """The lines of `blocks` that are not empty, in order. What goes beyond LINE_CAP bytes of a line is left out."""
    number, offset, length, begun = 1, 0, 0, b""
    for block in blocks:
        first, *rest = block.split(b"\n")
        begun += first[: LINE_CAP - len(begun)]
        length += len(first)
        for part in rest:
            if begun:
                yield Line(number, offset, begun, length > LINE_CAP)
            number, offset, length, begun = number + 1, offset + length + 1, len(part), part[:LINE_CAP]
    if begun:
        yield Line(number, offset, begun, length > LINE_CAP)


def decoded(data: bytes) -> str:
    """`data` as text: UTF-8, else the Western code page, which never fails in its ISO form. NULs are left out."""
    text = _decoded(data)
    return text.replace("\0", "") if "\0" in text else text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")
