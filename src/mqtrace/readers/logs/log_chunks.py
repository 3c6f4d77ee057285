"""Bytes of a log: chunks and lines, whatever the encoding of the file, in memory that does not grow with it."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from mqtrace.bytewise import line_count
from mqtrace.readers.tally import Tally

CHUNK_SIZE = 1 << 20
LINE_CAP = 65536
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# Bytes at a file's begin that tell whether every second one is zero.
_SAMPLE = 256
# "CSQX" in EBCDIC, and the ends of its lines. Code page 37 has letters and digits where all of them have them.
EBCDIC = "cp037"
_EBCDIC_MARK = "CSQX".encode(EBCDIC)
_EBCDIC_LINES = (b"\x15", b"\x25")


class Line(NamedTuple):
    """One line: number from 1, byte offset, bytes without the line's end, and whether it was cut at LINE_CAP bytes."""

    number: int
    offset: int
    data: bytes
    cut: bool


def chunks(stream: BinaryIO, tally: Tally) -> Iterator[bytes]:
    """All bytes of `stream`, at most CHUNK_SIZE at once; UTF-16 and EBCDIC become UTF-8. Counts bytes and lines.

    Offsets into UTF-16 and EBCDIC are those of the UTF-8 form.
    """
    last = b""
    for chunk in _unified(stream, tally):
        tally.lines += line_count(chunk)
        last = chunk
        yield chunk
    if last and not last.endswith(b"\n"):
        tally.lines += 1


def is_utf_16(head: bytes) -> bool:
    """Whether a text begins as UTF-16 does, with or without a byte order mark: every second byte is mostly zero."""
    return codec_of(head).startswith("utf-16")


def codec_of(head: bytes) -> str:
    """The codec of a text that is not made of ASCII bytes, "" for all others."""
    if head.startswith(_UTF_16) and head[2 : 2 + _SAMPLE].count(0) * 4 >= len(head[2 : 2 + _SAMPLE]):
        return "utf-16"
    even, odd = head[0:_SAMPLE:2], head[1:_SAMPLE:2]
    if len(odd) > 8 and even.count(0) * 8 < len(even) and odd.count(0) * 4 >= len(odd) * 3:
        return "utf-16-le"
    if len(odd) > 8 and odd.count(0) * 8 < len(odd) and even.count(0) * 4 >= len(even) * 3:
        return "utf-16-be"
    return EBCDIC if _EBCDIC_MARK in head and any(end in head for end in _EBCDIC_LINES) else ""


def unified_head(head: bytes) -> bytes:
    """The first bytes of a text for a sniff: UTF-16 and EBCDIC as UTF-8, without a byte order mark."""
    codec = codec_of(head)
    head = _utf_8(head.decode(codec, "replace"), codec) if codec else head
    return head.removeprefix(codecs.BOM_UTF8)


def _utf_8(text: str, codec: str) -> bytes:
    """`text` in UTF-8. In EBCDIC a line mostly ends with NEL."""
    return (text.replace("\x85", "\n") if codec == EBCDIC else text).encode("utf-8", "replace")


def _unified(stream: BinaryIO, tally: Tally) -> Iterator[bytes]:
    chunk = stream.read(CHUNK_SIZE)
    codec = codec_of(chunk)
    decoder = codecs.getincrementaldecoder(codec)(errors="replace") if codec else None
    while chunk:
        tally.size += len(chunk)
        yield chunk if decoder is None else _utf_8(decoder.decode(chunk), codec)
        chunk = stream.read(CHUNK_SIZE)


def is_json_document(head: bytes) -> bool:
    """Whether a text is one JSON value printed over several lines, and no log: those in JSON have a record a line."""
    text = head.decode("utf-8", "replace").lstrip()
    if not _goes_on(text):
        return False
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return True
    return not text[end:].strip()


def _goes_on(text: str) -> bool:
    """Whether the first object of a text does not end on its first line."""
    first, newline, _ = text.lstrip("[ \t\r\n").partition("\n")
    words = first.strip()
    if not newline or not words.startswith(("{", '"')) or not words.endswith(("{", "[", ",")):
        return False
    try:
        json.loads(words.rstrip(","))
    except (ValueError, RecursionError):
        return True
    return False


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
    """`data` as text: UTF-8, else Japanese where it reads so, else the Western code page, which never fails in its ISO
    form.

    NULs are left out.
    """
    text = _decoded(data)
    return text.replace("\0", "") if "\0" in text else text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "cp932", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "cp932" or len(_KANA.findall(text)) > 1:
            return text
    return data.decode("latin-1")


# Full-width kana: no Japanese sentence is without, and Western text never has two of them by chance.
_KANA = re.compile("[\u3041-\u30fa]")
