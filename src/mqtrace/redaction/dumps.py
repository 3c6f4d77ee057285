"""Hides in the rows of hex dumps, where a name stands as digits and as characters, and may run over rows.

Rows as traces and failure reports have them: an offset, bytes in groups of hexadecimal digits, and the same bytes as
characters behind "|" or ":". The length of everything stays, so that a structure still decodes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field

# Takes bytes, gives as many bytes.
Hide = Callable[[bytes], bytes]

# Not the rows of decode/hexdump.py, on purpose. There a row in doubt is refused, as wrong bytes would be decoded; here
# it is taken, as a name in it would be passed on. And here each byte of the line must be put back, so that the pattern
# splits all of it, as bytes; a paste has quotes, words and repeats that no file to redact has.
# The number of a line, as traces have one, is no offset where one with 0x stands behind it.
_ROWS = tuple(
    re.compile(
        rb"""(?P<head>[^|\r\n]{0,200}?%s(?P<offset>[0-9A-Fa-f]{4,16})(?:\s{0,4}\(\s{0,9}\d{1,9}\s{0,4}\))?\s?:?\s{1,4})
        (?P<digits>[0-9A-Fa-f]{2,32}(?:[ ]{1,2}[0-9A-Fa-f]{2,32}){0,63})
        (?P<rest>[ ]{0,160}(?:[|:][^\r\n]*)?)(?P<end>[\r\n]*)$"""
        % begin,
        re.VERBOSE,
    )
    for begin in (rb"\b0x", rb"")
)
_THREAD = re.compile(rb"\s(\d{1,10}\.\d{1,10}|[0-9A-Fa-f]{8})\s")
_DIGIT = re.compile(rb"[0-9A-Fa-f]")
_LEAST_BYTES = 2


class _Row(Struct):
    """One row: which line it is, and its parts."""

    line: int
    offset: int
    content: bytes
    head: bytes
    digits: bytes
    rest: bytes
    end: bytes


class _Dump(Struct):
    rows: list[_Row] = field(default_factory=list)

    def continues(self, row: _Row) -> bool:
        last = self.rows[-1]
        return row.offset == last.offset + len(last.content)


def dumps_in(lines: Iterable[bytes]) -> tuple[list[bytes], set[int]]:
    """The bytes of each dump, and the numbers of all rows."""
    dumps = list(_dumps(lines))
    return [b"".join(row.content for row in dump) for dump in dumps], {row.line for dump in dumps for row in dump}


def is_row(line: bytes) -> bool:
    """Whether the line is a row of a dump."""
    return _row(0, line) is not None


def hide_in_dumps(lines: list[bytes], hide: Hide) -> set[int]:
    """Rewrites in `lines` what `hide` changes in the bytes of their dumps; gives the numbers of all rows."""
    rows: set[int] = set()
    for dump in _dumps(lines):
        rows.update(row.line for row in dump)
        before = b"".join(row.content for row in dump)
        after = hide(before)
        if after != before:
            _write(lines, dump, after)
    return rows


def _dumps(lines: Iterable[bytes]) -> Iterator[Sequence[_Row]]:
    """The rows of each dump: of one thread, each where the one before it ends."""
    current: dict[bytes, _Dump] = {}
    for number, line in enumerate(lines):
        row = _row(number, line)
        if row is None:
            continue
        thread = _THREAD.search(row.head)
        name = thread[1] if thread else b""
        dump = current.get(name)
        if dump and dump.continues(row):
            dump.rows.append(row)
            continue
        if dump:
            yield dump.rows
        current[name] = _Dump([row])
    yield from (dump.rows for dump in current.values())


def _row(number: int, line: bytes) -> _Row | None:
    with_0x, bare = _ROWS
    found = (with_0x if b"0x" in line else bare).match(line)
    if found is None:
        return None
    digits = found["digits"].replace(b" ", b"")
    if len(digits) % 2 or len(digits) < 2 * _LEAST_BYTES:
        return None
    content = bytes.fromhex(digits.decode("ascii"))
    return _Row(number, int(found["offset"], 16), content, found["head"], found["digits"], found["rest"], found["end"])


def _write(lines: list[bytes], dump: Sequence[_Row], after: bytes) -> None:
    at = 0
    for row in dump:
        content = after[at : at + len(row.content)]
        at += len(row.content)
        if content != row.content:
            digits = iter(content.hex().encode())
            upper = row.digits.isupper()
            written = _DIGIT.sub(lambda _, digits=digits: bytes([next(digits)]), row.digits)  # type: ignore[misc]
            rest = _characters(row.rest, row.content, content)
            lines[row.line] = row.head + (written.upper() if upper else written) + rest + row.end


def _characters(rest: bytes, before: bytes, after: bytes) -> bytes:
    """The characters beside the digits, with what changed; a column that does not show the bytes stays out."""
    start = _column(rest, before)
    if start is None:
        # What it shows is not known, so nothing of it is kept.
        return re.sub(rb"[^|: ]", b".", rest)
    written = bytearray(rest)
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new and start + place < len(written):
            written[start + place] = new if 0x20 <= new < 0x7F else ord(".")
    return bytes(written)


def _column(rest: bytes, content: bytes) -> int | None:
    """Where the characters begin: where most printable bytes stand as themselves."""
    begin = re.match(rb"\s*[|:]\s?", rest)
    if begin is None:
        return None
    for start in (begin.end(), begin.end() - 1):
        shown = rest[start : start + len(content)]
        pairs = [(byte, sign) for byte, sign in zip(content, shown, strict=False) if 0x21 <= byte < 0x7F]
        if pairs and all(byte == sign for byte, sign in pairs):
            return start
    return None
