"""Traces, logs and failure reports in which pseudonyms of the same length stand for hosts, users and organisations.

Lengths stay, since dumps and the boxes of failure reports are read by their places; so the diagnosis of a redacted file
is that of the original. A file is read twice, in pieces that end with a line.
"""

import codecs
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from mqtrace.masking import mask
from mqtrace.redaction.dumps import dumps_in, hide_in_dumps, is_row
from mqtrace.redaction.identities import Identities, checked

_PIECE = 1 << 20
# How far back a dump's begin is looked for; a line that is longer than the other is cut.
_LONGEST_TAIL = 1 << 18
_LONGEST_LINE = 8 << 20
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def learn_from(stream: BinaryIO, identities: Identities) -> None:
    """Learns whom the lines and dumps of a file name."""
    for _, piece in _pieces(stream):
        lines = piece.splitlines(keepends=True)
        identities.learn_line(_text(piece))
        for line in lines:
            if not is_row(line):
                identities.learn_secrets(_text(line))
        for content in dumps_in(lines):
            identities.learn_line(content.decode("latin-1"))
            identities.learn_secrets(content.decode("latin-1"))


class Writable(Protocol):
    """What takes bytes."""

    def write(self, content: bytes, /) -> int: ...


def redact(stream: BinaryIO, target: Writable, identities: Identities) -> None:
    """Writes the file to `target`, with everything hidden that `identities` knows, and every secret.

    Raises RedactionError, before it writes the piece, when one that is hidden would still be in it.
    """
    for encoding, piece in _pieces(stream):
        lines = piece.splitlines(keepends=True)
        rows = hide_in_dumps(lines, identities.hidden_bytes)
        hidden = b"".join(
            line if number in rows else _bytes(identities.hidden_in_file(mask(_text(line))))
            for number, line in enumerate(lines)
        )
        checked(hidden.decode("latin-1"), identities)
        target.write(hidden.decode("utf-8", "replace").encode(encoding) if encoding else hidden)


def _pieces(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The file in pieces that end with a line and not within a dump, in UTF-8 or as they are; with the encoding to
    write them in, "" for as they are.
    """
    head = stream.read(_PIECE)
    encoding = _UTF_16.get(head[:2], "")
    decode = codecs.getincrementaldecoder(encoding)("replace").decode if encoding else None
    rest = b""
    while head:
        rest += decode(head).encode("utf-8") if decode else head
        end = _end_of_lines(rest)
        if end:
            yield encoding, rest[:end]
            rest = rest[end:]
        head = stream.read(_PIECE)
    if rest:
        yield encoding, rest


def _end_of_lines(text: bytes) -> int:
    """Where a piece may end: behind the last line that is no row of a dump; 0 where there is none yet."""
    end = text.rfind(b"\n") + 1
    least = max(0, len(text) - _LONGEST_TAIL)
    while end > least:
        begin = text.rfind(b"\n", 0, end - 1) + 1
        if not is_row(text[begin:end]):
            return end
        end = begin
    return text.rfind(b"\n") + 1 or (len(text) if len(text) > _LONGEST_LINE else 0)


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
