"""Hex dumps as people paste them, to bytes.

Rows seen in real files: the C trace's `0x0000:  53434f20 05000000 2f766172 2f6d716d  |SCO ..|`, the .NET client's
` 0x00000000 54 53 48 20 .. : TSH`, the Java client's `0x00000050 (      80) : 20202020 .. : ascii`, GSKit's
`01 00 00 75 ..     ...u`; also those of xxd, hexdump -C, od and Wireshark. redaction/dumps.py has a pattern
of its own, and says why.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

from msgspec import Struct

from mqtrace.decode.text import decoded
from mqtrace.kept import compiled
from mqtrace.model.errors import DecodeError

Result = TypeVar("Result")

# Of a file with more dumps than this the first ones are tried.
_MOST_DUMPS = 2000
# A row of a C or .NET trace has the thread's number (4711.2) before its offset, one of a Java trace its eight digits.
_TRACE_ROW = compiled(
    r"""(?:[^|]{0,80}?\s(?P<thread>\d{1,10}\.\d{1,10}|[0-9A-Fa-f]{8}(?=\s+0x))\s)?
    [^|]{0,120}?\b0x(?P<offset>[0-9A-Fa-f]{4,16})\b""",
    re.VERBOSE,
)
_OFFSET_0X = compiled(r"(?:^|\s)0x([0-9A-Fa-f]{4,16})(?:\s*\(\s*[0-9]+\s*\))?\s*:?\s+(?=[0-9A-Fa-f]{2})")
# Without 0x or a colon only a multiple of 16, or seven digits as od writes them, before a pair is an offset: plain
# hexadecimal may stand in groups too. A mail quotes with ">".
_OFFSET_BARE = compiled(
    r"[\s>]*([0-9A-Fa-f]{4,16}(?=:\s)|[0-9A-Fa-f]{3,15}0(?=\s+[0-9A-Fa-f]{2}(?:\s|$))|[0-9]{7}(?=\s+[0-9A-Fa-f]{2}(?:\s|$))):?\s+"
)
# The last line of od and hexdump.
_END = compiled(r"[\s>]*(?:0x)?([0-9A-Fa-f]{4,16})\s*")
# Groups stand one blank apart; hexdump -C has two of them in the middle of a row.
_PAIRS_IN_HALVES = r"(?:[0-9A-Fa-f]{2} ){7}[0-9A-Fa-f]{2}  [0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2})*(?!\S)"
_GROUPS = compiled(rf"{_PAIRS_IN_HALVES}|[0-9A-Fa-f]+(?: [0-9A-Fa-f]+)*(?!\S)")
_COLUMN = compiled(r"\s*$|\s{2,}\S|\s*[|:]")
_REPEATED = compiled(r"[\s>]*\*\s*$|.*\bduplicate line", re.DOTALL)
_ONLY_HEX = compiled(r"(?:0[xX])?[0-9A-Fa-f\s:]*")
_C_ARRAY = compiled(r"(?:[^{]*\{)?\s*((?:0[xX][0-9A-Fa-f]{1,2}(?:[\s,]+|(?=\})|$))+)(?:\}.*)?", re.DOTALL)
# `od -x`, `hexdump` without -C: words in the byte order of the machine that printed them.
_WORDS = compiled(r"[0-9A-Fa-f]{6,7}(?: +[0-9A-Fa-f]{4}){8}(?!\S)|[0-9A-Fa-f]{6,7}(?: +[0-9A-Fa-f]{8}){4}(?!\S)")
_ROW_BYTES = 16
_LONGEST_ROW = 64
_OD_DIGITS = 7
_LARGEST_REPEAT = 1 << 16


class _Row(Struct, frozen=True):
    """One row: its offset as written, its bytes (none in od's last line), whether repeated rows are left out before."""

    offset: str
    content: bytes
    after_repeats: bool


def parse_hex(text: str) -> bytes:
    """The bytes of a pasted dump, or of plain hexadecimal with or without blanks, colons or the signs of a C array.

    Raises DecodeError when the text holds no hexadecimal, or an odd number of digits.
    """
    return parse_dump(text)[1]


def parse_dump(text: str) -> tuple[int, bytes]:
    """Offset of the first row (0 where none is stated), and the bytes as parse_hex gives them.

    Rows with an offset end at the first one that does not continue the row before it (rows that the dump says were
    suppressed as repeated are put back, up to 64 KiB); where one row has an offset, lines without one are no rows.
    Offsets are hexadecimal; those of od are octal or decimal where two rows that follow one another say so.

    Raises as parse_hex.
    """
    stripped = text.strip()
    lines = [line for line in stripped.split("\n") if line.strip()]
    if _WORDS.match(stripped):
        raise DecodeError(
            "The rows show words in a byte order that they do not tell: print bytes, with xxd, hexdump -C or od -A "
            "x -t x1."
        )
    if _ONLY_HEX.fullmatch(stripped) and not any(map(_offset_row, lines)):
        return 0, _digits(re.sub(r"^0[xX]|[\s:]", "", stripped))
    array = _C_ARRAY.fullmatch(stripped)
    if array:
        return 0, bytes(int(each, 16) for each in re.findall(r"0[xX]([0-9A-Fa-f]+)", array[1]))
    begin, content = _from_offsets(_rows(lines))
    if not content:
        begin, content = 0, b"".join(filter(None, map(hex_row, lines)))
    if not content:
        raise DecodeError("There is no hexadecimal in the text: give a dump, or hexadecimal digits in pairs.")
    return begin, content


def hex_row(line: str) -> bytes | None:
    """Bytes of a row without an offset (`01 00 00 75 ..     ...u`); None when the line is none."""
    stripped = line.strip()
    groups = _GROUPS.match(stripped)
    if groups is None or not _COLUMN.match(stripped, groups.end()):
        return None
    return _bytes(groups[0])


def _digits(digits: str) -> bytes:
    if not digits:
        raise DecodeError("There is no hexadecimal in the text: it is empty.")
    if len(digits) % 2:
        raise DecodeError(
            f"The text has an odd number of hexadecimal digits ({len(digits)}): one is missing or too many."
        )
    return bytes.fromhex(digits)


def _rows(lines: Iterable[str]) -> list[_Row]:
    rows: list[_Row] = []
    repeats = False
    for line in lines:
        found = _offset_row(line)
        end = _END.fullmatch(line) if repeats and not found else None
        if found or end:
            rows.append(_Row(*(found or (end[1] if end else "", b"")), repeats))
            repeats = False
        else:
            repeats = repeats or bool(_REPEATED.match(line))
    return rows


def _from_offsets(rows: Sequence[_Row]) -> tuple[int, bytes]:
    if not rows:
        return 0, b""
    radix, width = _counting(rows)
    begin = int(rows[0].offset, radix)
    content = bytearray(rows[0].content[:width])
    for before, row in pairwise(rows):
        repeated = before.content[:width]
        try:
            gap = int(row.offset, radix) - begin - len(content)
        except ValueError:
            break
        if row.after_repeats and repeated and 0 < gap <= _LARGEST_REPEAT and gap % len(repeated) == 0:
            content += repeated * (gap // len(repeated))
        elif gap:
            break
        content += row.content[:width]
    return begin, bytes(content)


def _counting(rows: Sequence[_Row]) -> tuple[int, int]:
    """Radix of the offsets and bytes in a row, as the first two rows that follow one another tell; else 16 and 16."""
    for before, row in pairwise(rows):
        if row.after_repeats:
            continue
        for radix in (16, 8, 10) if len(row.offset) == _OD_DIGITS else (16,):
            try:
                step = int(row.offset, radix) - int(before.offset, radix)
            except ValueError:
                continue
            if step == len(before.content) and step <= _LONGEST_ROW:
                return radix, step
        break
    return 16, _ROW_BYTES


def _offset_row(line: str) -> tuple[str, bytes] | None:
    for offset in _offsets(line):
        groups = _GROUPS.match(line, offset.end())
        content = _bytes(groups[0]) if groups else None
        if content:
            return offset[1], content
    return None


def _offsets(line: str) -> Iterator[re.Match[str]]:
    for each in (_OFFSET_0X.search(line), _OFFSET_BARE.match(line)):
        if each:
            yield each


def _bytes(groups: str) -> bytes | None:
    words = groups.split()
    return bytes.fromhex("".join(words)) if all(len(each) % 2 == 0 for each in words) else None


def dumps_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each dump in the bytes of a file, with the offset of its first byte; the bytes themselves where they are no text.

    Of a trace each dump begins at its row with offset 0, and has no rows of other threads. Raises as parse_hex.
    """
    text = decoded(data)
    if "\x00" in text or "\ufffd" in text[:64]:
        yield 0, data
        return
    for dump in _dumps(text):
        yield parse_dump(dump)


def first_decoded(dumps: Iterable[tuple[int, bytes]], decode: Callable[[bytes, int], Result]) -> Result:
    """What `decode` makes of the first dump that it takes.

    It is given the bytes and the offset of the first one: first 0, and, when it refuses that, the offset that the first
    row of the dump states, as a dump may lack its begin. Raises DecodeError with the first dump's reason when it takes
    none.
    """
    refused: DecodeError | None = None
    for begin, data in dumps:
        for base in dict.fromkeys((0, begin)):
            try:
                return decode(data, base)
            except DecodeError as error:
                refused = refused or error
    raise refused or DecodeError(
        "There is no hexadecimal in it: give a dump, hexadecimal digits in pairs, or a file with either."
    )


def _dumps(text: str) -> list[str]:
    """Each dump of a trace; the whole text when it has none."""
    dumps: list[list[str]] = []
    of_thread: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        row = _TRACE_ROW.match(line)
        if row:
            thread = row["thread"] or ""
            if not int(row["offset"], 16):
                if len(dumps) == _MOST_DUMPS:
                    break
                of_thread[thread] = []
                dumps.append(of_thread[thread])
            current = of_thread.get(thread, [])
        current.append(line)
    return ["\n".join(lines) for lines in dumps] or [text]
