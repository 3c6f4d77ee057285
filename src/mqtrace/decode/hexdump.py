"""Hex dumps as people paste them, to bytes.

Rows seen in real files: the C trace's `0x0000:  53434f20 05000000 2f766172 2f6d716d  |SCO ..|`, the .NET client's
` 0x00000000 54 53 48 20 .. : TSH`, the Java client's `0x00000050 (      80) : 20202020 .. : ascii`, GSKit's
`01 00 00 75 ..     ...u`; also those of xxd, hexdump -C and Wireshark.
"""

import re
from collections.abc import Iterable, Iterator

from mqtrace.model.errors import DecodeError

_OFFSET_0X = re.compile(r"(?:^|\s)0x([0-9A-Fa-f]{4,16})(?:\s*\(\s*[0-9]+\s*\))?\s*:?\s+(?=[0-9A-Fa-f]{2})")
# Without 0x or a colon only a multiple of 16 before a pair is an offset: plain hexadecimal may stand in groups too.
_OFFSET_BARE = re.compile(r"\s*([0-9A-Fa-f]{4,16}(?=:\s)|[0-9A-Fa-f]{3,15}0(?=\s+[0-9A-Fa-f]{2}(?:\s|$))):?\s+")
# Groups stand one blank apart; hexdump -C has two of them in the middle of a row.
_PAIRS_IN_HALVES = r"(?:[0-9A-Fa-f]{2} ){7}[0-9A-Fa-f]{2}  [0-9A-Fa-f]{2}(?: [0-9A-Fa-f]{2})*(?!\S)"
_GROUPS = re.compile(rf"{_PAIRS_IN_HALVES}|[0-9A-Fa-f]+(?: [0-9A-Fa-f]+)*(?!\S)")
_COLUMN = re.compile(r"\s*$|\s{2,}\S|\s*[|:]")
_REPEATED = re.compile(r"\s*\*\s*$|.*\bduplicate line", re.DOTALL)
_ONLY_HEX = re.compile(r"(?:0[xX])?[0-9A-Fa-f\s:]*")
_ROW_BYTES = 16
_LARGEST_REPEAT = 1 << 16


def parse_hex(text: str) -> bytes:
    """The bytes of a pasted dump, or of plain hexadecimal with or without blanks or colons.

    Rows with an offset end at the first one that does not continue the row before it (rows that the dump says were
    suppressed as repeated are put back, up to 64 KiB); where one row has an offset, lines without one are no rows.

    Raises DecodeError when the text holds no hexadecimal, or an odd number of digits.
    """
    stripped = text.strip()
    lines = [line for line in stripped.split("\n") if line.strip()]
    if _ONLY_HEX.fullmatch(stripped) and not any(map(_offset_row, lines)):
        return _digits(re.sub(r"^0[xX]|[\s:]", "", stripped))
    content = _from_offsets(lines) or b"".join(filter(None, map(hex_row, lines)))
    if not content:
        raise DecodeError("There is no hexadecimal in the text: give a dump, or hexadecimal digits in pairs.")
    return content


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
        raise DecodeError(f"The text has an odd number of hexadecimal digits ({len(digits)}): one is missing or too many.")
    return bytes.fromhex(digits)


def _from_offsets(lines: Iterable[str]) -> bytes:
    content = bytearray()
    begin, row, repeats = None, b"", False
    for line in lines:
        found = _offset_row(line)
        if found is None:
            repeats = repeats or bool(_REPEATED.match(line))
            continue
        offset, next_row = found
        begin = offset if begin is None else begin
        gap = offset - begin - len(content)
        if repeats and row and 0 < gap <= _LARGEST_REPEAT and gap % len(row) == 0:
            content += row * (gap // len(row))
        elif gap:
            break
        content += next_row
        row, repeats = next_row, False
    return bytes(content)


def _offset_row(line: str) -> tuple[int, bytes] | None:
    for offset in _offsets(line):
        groups = _GROUPS.match(line, offset.end())
        content = _bytes(groups[0]) if groups else None
        if content:
            return int(offset[1], 16), content[:_ROW_BYTES]
    return None


def _offsets(line: str) -> Iterator[re.Match[str]]:
    for each in (_OFFSET_0X.search(line), _OFFSET_BARE.match(line)):
        if each:
            yield each


def _bytes(groups: str) -> bytes | None:
    words = groups.split()
    return bytes.fromhex("".join(words)) if all(len(each) % 2 == 0 for each in words) else None
