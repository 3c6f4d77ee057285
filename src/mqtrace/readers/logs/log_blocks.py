"""Cuts the text of an AMQERR log into its entries: a block begins at a header, or at a message that has no header of
its own.

A header is found anywhere in a line: a full disk cuts entries, and the next one is glued to what is left.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from mqtrace.bytewise import line_count
from mqtrace.kept import compiled
from mqtrace.readers.logs.log_dates import DATE_TAIL

BLOCK_CAP = 65536
# Room for a header or message that is not complete yet at the end of a chunk.
_TAIL = 512
_DATE_ROOM = 80
_NEWLINE = 10
# What pastes put before a line: quote marks, indents, table borders, a byte order mark.
MARGIN = b" \t\r\0>|\xef\xbb\xbf"
_HEADER = compiled(rb"Process ?\([^()\n]{1,40}\)")
# The commonest forms, for speed; DATE_TAIL knows all of them.
_PLAIN_DATE = compiled(rb"\d\d?[/.]\d\d?[/.]\d{2,4} \d\d?[:.]\d\d[:.]\d\d(?: [AP]M)? - ")
_MESSAGE = compiled(rb"AMQ\d{4,5}[A-Z]?:")


class Block(NamedTuple):
    """One entry: line (from 1) and byte offset of its begin, its bytes, whether it was cut at BLOCK_CAP bytes."""

    line: int
    offset: int
    data: bytes
    cut: bool


def starts(text: bytes) -> list[int]:
    """Where in `text` an entry begins: at the date of its header, or at its message id where it has no header."""
    found: list[int] = []
    floor, has_message, previous = 0, True, -1
    for position, is_message in _anchors(text):
        if not is_message:
            begin = _header_start(text, position, floor)
            if begin >= 0:
                found.append(begin)
                floor, has_message = position, False
        elif position == 0 or text[position - 1] == _NEWLINE or _begins_line(text, position):
            if has_message and (not found or _stands_apart(text, position, previous)):
                found.append(_dated_start(text, position, floor))
                floor = position
            has_message, previous = True, position
    return found


def _anchors(text: bytes) -> list[tuple[int, bool]]:
    anchors = [(match.start(), False) for match in _HEADER.finditer(text)]
    anchors += [(match.start(), True) for match in _MESSAGE.finditer(text)]
    anchors.sort()
    return anchors


def _line_begin(text: bytes, position: int, room: int = _DATE_ROOM) -> int:
    """Begin of the line that holds `position`, or `room` bytes before it in a longer line: never a long search."""
    least = max(position - room, 0)
    return max(text.rfind(b"\n", least, position) + 1, least)


def _header_start(text: bytes, position: int, floor: int) -> int:
    """Where the header with "Process(" at `position` begins; -1 where it is no header."""
    line = max(_line_begin(text, position), floor)
    if _PLAIN_DATE.fullmatch(text, line, position):
        return line
    match = DATE_TAIL.search(text, line, position)
    if match is not None:
        return match.start()
    return position if text.startswith(b"User", text.find(b")", position) + 2) else -1


def _is_margin(before: bytes) -> bool:
    before = before.strip(MARGIN)
    return not before or before.endswith(b"-----") or DATE_TAIL.fullmatch(before) is not None


def _begins_line(text: bytes, position: int) -> bool:
    return _is_margin(text[_line_begin(text, position) : position])


def _stands_apart(text: bytes, position: int, previous: int) -> bool:
    """Whether a second message of a block is another entry, not a word in the explanation of the first."""
    line = _line_begin(text, position)
    before = _line_begin(text, max(line - 1, 0), _DATE_ROOM * 4)
    return before <= previous or _is_margin(text[before:line].strip())


def _dated_start(text: bytes, position: int, floor: int) -> int:
    """Begin of the date before a message on its line or the line before (5.3 and older), else of the message."""
    line = _line_begin(text, position)
    for begin, end in ((line, position), (_line_begin(text, max(line - 1, 0)), line)):
        match = DATE_TAIL.search(text[max(begin, floor) : end].rstrip(MARGIN + b"\n"))
        if match is not None and not text[max(begin, floor) : max(begin, floor) + match.start()].strip(MARGIN):
            return max(begin, floor) + match.start()
    return position


class _Cutter:
    """The text not yet given out, and where it stands in the input."""

    def __init__(self) -> None:
        self.text = b""
        self.line, self.offset = 1, 0
        self.is_open = False

    def add(self, chunk: bytes) -> Iterator[Block]:
        self.text += chunk
        found = starts(self.text)
        if self.is_open and found[:1] != [0]:
            found.insert(0, 0)
        cursor = 0
        for begin, end in pairwise(found):
            self._advance(cursor, begin)
            yield self._block(begin, end)
            cursor = begin
        last = found[-1] if found else max(len(self.text) - _TAIL, 0)
        self._advance(cursor, last)
        self.is_open = bool(found)
        if self.is_open and len(self.text) - last > BLOCK_CAP + _TAIL:
            yield self._block(last, len(self.text))
            self._advance(last, len(self.text) - _TAIL)
            last, self.is_open = len(self.text) - _TAIL, False
        self.text = self.text[last:]

    def rest(self) -> Iterator[Block]:
        if self.is_open:
            yield self._block(0, len(self.text))

    def _advance(self, cursor: int, position: int) -> None:
        self.line += line_count(self.text, cursor, position)
        self.offset += position - cursor

    def _block(self, begin: int, end: int) -> Block:
        return Block(self.line, self.offset, self.text[begin : min(end, begin + BLOCK_CAP)], end - begin > BLOCK_CAP)


def blocks(chunks: Iterable[bytes]) -> Iterator[Block]:
    """The entries in the text that `chunks` make up. What stands before the first entry is left out."""
    cutter = _Cutter()
    for chunk in chunks:
        yield from cutter.add(chunk)
    yield from cutter.rest()
