"""Traces, logs and failure reports in which pseudonyms of the same length stand for hosts, users and organisations.

Lengths stay, since dumps and the boxes of failure reports are read by their places; so the diagnosis of a redacted file
is that of the original. A file is read twice, in pieces that end with a line.
"""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from mqtrace.masking import ends_in_name, mask
from mqtrace.readers.logs.log_chunks import EBCDIC, codec_of
from mqtrace.redaction.content import coded_in, hidden_content, hide_coded, learn_content
from mqtrace.redaction.dumps import dumps_in, hide_in_dumps, is_row
from mqtrace.redaction.identities import Identities, checked

_PIECE = 1 << 20
# How far back a dump's begin is looked for; a line that is longer than the other is cut.
_LONGEST_TAIL = 1 << 18
_LONGEST_LINE = 8 << 20
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_KEY_BEGINS = re.compile(rb"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?![^\n]*-----END)")
_KEY_ENDS = b"-----END"
_LONGEST_KEY = 400
# The end of a line of a private key, whatever stands before it; a value that the line before names; and what such a
# line is not: one that begins with a time, or names something itself.
_OF_KEY = re.compile(rb"[A-Za-z0-9+/=]+(?=[\s|\\\"',]*$)")
_OF_VALUE = re.compile(rb"[^\s|<>](?:[^\r\n|<]*[^\s|<])?")
_NO_VALUE = re.compile(rb"\d\d:\d\d:\d\d|=|^\s*[{}\[\]<]|:\s")


def learn_from(stream: BinaryIO, identities: Identities) -> None:
    """Learns whom the lines and dumps of a file name."""
    for _, piece in _pieces(stream):
        lines = piece.splitlines(keepends=True)
        dumps, rows = dumps_in(lines)
        said = [_text(line) for number, line in enumerate(lines) if number not in rows]
        identities.learn_line("".join(said))
        for line in said:
            identities.learn_secrets(line)
        for content in (*dumps, *coded_in(said)):
            learn_content(content, identities)


class Writable(Protocol):
    """What takes bytes."""

    def write(self, content: bytes, /) -> int: ...


def redact(stream: BinaryIO, target: Writable, identities: Identities) -> None:
    """Writes the file to `target`, with everything hidden that `identities` knows, and every secret.

    Raises RedactionError, before it writes the piece, when one that is hidden would still be in it.
    """
    over_lines = _OverLines()
    for encoding, piece in _pieces(stream):
        lines = piece.splitlines(keepends=True)
        rows = hide_in_dumps(lines, lambda content: hidden_content(content, identities))
        hidden = b"".join(
            line if number in rows else _bytes(_hidden(_text(over_lines.hidden(line)), identities))
            for number, line in enumerate(lines)
        )
        checked(hidden.decode("latin-1"), identities)
        for content in dumps_in(lines[number] for number in sorted(rows))[0]:
            identities.check_bytes(content)
        target.write(_encoded(hidden, encoding))


def _hidden(line: str, identities: Identities) -> str:
    return identities.hidden_in_file(hide_coded(mask(line), identities))


class _OverLines:
    """Hides what goes on in the next line: private keys, and values whose name ends a line."""

    def __init__(self) -> None:
        self._key_lines = 0
        self._is_value = False

    def hidden(self, line: bytes) -> bytes:
        """The next line of the file, at its length."""
        if _KEY_BEGINS.search(line):
            self._key_lines = _LONGEST_KEY
        elif self._key_lines and _KEY_ENDS not in line:
            self._key_lines -= 1
            return _OF_KEY.sub(_stars, line)
        else:
            self._key_lines = 0
        shown = _OF_VALUE.sub(_stars, line, count=1) if self._is_value and not _NO_VALUE.search(line) else line
        self._is_value = ends_in_name(_text(line).rstrip())
        return shown


def _stars(found: re.Match[bytes]) -> bytes:
    return b"*" * len(found[0])


def _encoded(text: bytes, encoding: str) -> bytes:
    """The text, which is in UTF-8, in that encoding; in EBCDIC a line ends with NEL. "" leaves it as it is."""
    if not encoding:
        return text
    said = text.decode("utf-8", "replace")
    return (said.replace("\n", "\x85") if encoding == EBCDIC else said).encode(encoding, "replace")


def _in_utf_8(text: str, encoding: str) -> bytes:
    return (text.replace("\x85", "\n") if encoding == EBCDIC else text).encode("utf-8")


def _pieces(stream: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The file in pieces that end with a line and not within a dump, in UTF-8 or as they are; with the encoding to
    write them in, "" for as they are.
    """
    head = stream.read(_PIECE)
    encoding = _UTF_16.get(head[:2]) or codec_of(head)
    decode = codecs.getincrementaldecoder(encoding)("replace").decode if encoding else None
    rest = b""
    while head:
        rest += _in_utf_8(decode(head), encoding) if decode else head
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
