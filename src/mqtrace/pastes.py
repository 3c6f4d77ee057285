"""What pasting and shipping did to a text, undone once for all readers, with the way back to the lines that were given.

Each kind of damage is undone only where the text shows it: an object that carries a line of MQ, a stack frame behind a
time stamp, a bracket that a line leaves open. Nothing is done to a text that shows none.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from mqtrace.kept import compiled
from mqtrace.masking import HIDDEN, mask, secrets_in


class Piece(NamedTuple):
    """A line as it was, the part of the input that says it, and that part's line, from 0."""

    data: bytes
    quote: bytes
    line: int


Pieces = list[Piece]
_MQ = compiled(rb"AMQ\d{4}|com\.ibm\.m(?:q|sg)|MQRC_|MQCONN|- Process ?\(\d|MQJE\d{3}|JMS[WC]MQ\d{4}")
# Where services for logs put the line that they carry.
_CARRIERS = ("message", "log", "msg", "line", "MESSAGE", "textPayload", "@message", "_raw", "text", "body")
# Fields with the level of a program's own record; what is carried has none.
_LEVELS = ("level", "severity", "lvl", "@l", "log.level")
_OWN = compiled(rb'"(?:schema|generator)"\s*:\s*"mqtrace')
_PAIR = compiled(rb'\s*"((?:[^"\\]|\\.){1,80})"\s*:\s*(.*?),?\s*$')
_STRING = compiled(rb'\s*("(?:[^"\\]|\\.)*"),?\s*$')
# A path of Windows is no text with line ends in it.
_LITERAL_END = compiled(rb"((?<![\w\\])[A-Za-z]:\\(?:(?!\\n(?:AMQ|[A-Z]{4}|at |\s|Caused))[^\s\"'])*)|(?:\\r)?\\n")
_SAID_BEFORE = compiled(rb"^([^\d]{1,80}[:\s\"'])(?=AMQ\d{4,5}[IWEST]?: )")
_QUOTED = compiled(rb"^[ \t]*(?:>[ \t]?)+")
_TICKED = compiled(rb"[ \t]*`+([^`]+)`+[ \t\r]*$")
_ROW = compiled(rb"[ \t]*\|(.*)\|[ \t\r]*$")
_RULE = compiled(rb"[\s|:-]+$")
_CELLS = compiled(rb"(?<!\\)\|")
_TIME = compiled(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|\d\d?[/.]\d\d?[/.]\d{2,4},? \d\d?:\d\d")
# What containers, pods and system logs put before each line.
_PREFIX = compiled(
    rb"""(?:(?:
      \[(?:pod|container)/[\w./-]+\]
    | \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?(?:[ ]std(?:out|err)[ ][FP])?
    | [A-Z][a-z]{2}[ ][ \d]\d[ ]\d\d:\d\d:\d\d[ ][\w.-]+[ ][\w./@-]+(?:\[\d+\])?:
    | [\w.-]{1,80}[ ]{1,20}\|
    | [a-z0-9][a-z0-9.-]{0,80}-[a-z0-9]{5}(?:[ ][a-z0-9-]{1,40}(?=[ ]))?
    )(?:[ ]|\s*$)){1,3}""",
    re.VERBOSE,
)
# A name of a pod or container: no log has that of its own.
_OF_POD = compiled(rb"\[(?:pod|container)/|-[a-z0-9]{5}(?: |$)|\|$")
# What never begins a line of a log but inside an entry, or a chain of exceptions.
_INNER = compiled(
    rb"\s+at [\w$.]|\s*\.{3} \d+ (?:more|common)|Caused by: |EXPLANATION:|ACTION:|-----|[ ]{2,}(?:Host|VRMF|Time)\("
)
_BEGINS = compiled(rb"(?:AMQ\d{4,5}[A-Z]?:|[\w$.]+(?:Exception|Error)\b)")
_STAMP = compiled(rb"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z?)")
# What begins a line of its own: no line before it was broken.
_OWN_LINE = compiled(
    rb"""\s*$ | \s+(?:at[ ]|\.{3}[ ]\d|Host\(|VRMF\(|Time\(|QMgr\(|RemoteHost\(|(?:Arith|Comment)Insert\d)
    | Caused[ ]by:|Suppressed:|\s*AMQ\d{4,5}[A-Z]?:|\W{0,2}\d{1,4}[-/.]\d\d?[-/.]\d|\[?\d\d:\d\d|[\w.-]{2,24}:\s*$|-----
    | [#>*|`{+]|MQCONN|\s*(?:[0-9A-F]{8}\s+)?\d\d:\d\d:\d\d\.\d{3,6}\s""",
    re.VERBOSE,
)
# What is printed in one line and ends too early here; in the group what may leave a bracket open.
_LEFT_OPEN = compiled(
    rb"""^(?:[^\n]*-\ Process\([^()\n]*\)(?:[ ]User\([^()\n]*\))?[ ]?\s*$
    | Caused[ ]by:[ ][\w$.]+:?[ ]?\r?$ | [ \t]+at[ ]?\r?$ | [ \t]+at[ ][\w$.<>]+\([\w$.]*\r?$
    | ([^\n]*(?:CC=\d;RC=|\[1=)[^\n]*)$)""",
    re.MULTILINE | re.VERBOSE,
)
_OPEN_END = compiled(rb"(?:^|\s)(?:at|Caused by:)\s*$|[\[(,=:]\s*$")
_LEAST_WIDTH, _MOST_WIDTH = 40, 200


def undone(lines: Sequence[bytes]) -> Pieces | None:
    """The lines as they were; None where the text shows no damage."""
    text = b"\n".join(lines)
    if _MQ.search(text) is None:
        return None
    pieces: Pieces = []
    for shows, undo in _steps():
        if not shows(text):
            continue
        changed = undo(pieces or _given(lines))
        before = text
        text = b"\n".join(piece.data for piece in changed)
        if text != before:
            pieces = changed
    return pieces or None


def _out_of_json(pieces: Pieces) -> Pieces:
    """What objects carry, each value that carries something as a whole; lines outside of such values stay."""
    found: Pieces = []
    any_carried = False
    for value in _values(pieces):
        carried = [] if _is_own(value) else sorted(_carried(value), key=lambda piece: piece.line)
        any_carried = any_carried or any(_MQ.search(piece.data) and b" " in piece.data for piece in carried)
        found += carried or value
    return found if any_carried else pieces


def carries_lines(head: bytes) -> bool:
    """Whether a text of any size begins with objects, one a line, that carry lines of MQ, as Docker keeps them."""
    lines = head.split(b"\n")[:-1]
    return (
        head.lstrip().startswith(b"{")
        and b'"ibm_messageId"' not in head
        and _out_of_json(_given(lines)) != _given(lines)
    )


def carried_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """What these objects carry, a line for each of theirs; several in one have \\n between them."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield b"".join(map(_carried_line, lines))
    yield _carried_line(rest)


def _carried_line(line: bytes) -> bytes:
    told = [piece.data for piece in _carried(_given([line]))]
    return (b"\\n".join(told) if told else line) + b"\n"


def _given(lines: Sequence[bytes]) -> Pieces:
    return [Piece(line, line, number) for number, line in enumerate(lines)]


def _is_own(value: Pieces) -> bool:
    """Whether mqtrace wrote it."""
    return any(_OWN.search(piece.data) for piece in value[:3])


def _values(pieces: Pieces) -> Iterator[Pieces]:
    """The lines of each value of JSON together, and every other line."""
    held: Pieces = []
    depth = 0
    for piece in pieces:
        words = piece.data.strip()
        held.append(piece)
        depth += words.endswith((b"{", b"[")) - words.startswith((b"}", b"]"))
        if depth <= 0:
            yield held
            held, depth = [], 0
    if held:
        yield held


def _carried(value: Pieces) -> Iterator[Piece]:
    if len(value) == 1:
        words = value[0].data.strip()
        # Records of MQ's own have a reader that knows their damage.
        if words.startswith((b"{", b"[{")) and b'"ibm_messageId"' not in words:
            yield from _pieces_of_record(_loaded(words.rstrip(b",")), value[0].line)
        return
    frames: list[tuple[int, dict[str, tuple[Any, int]]]] = [(value[0].line, {})]
    for piece in value:
        words = piece.data.strip()
        if words.startswith((b"}", b"]")) and len(frames) > 1:
            yield from _pieces_of_frame(*frames.pop())
        if words.endswith((b"{", b"[")):
            frames.append((piece.line, {}))
        elif pair := _PAIR.match(piece.data):
            frames[-1][1][pair[1].decode("utf-8", "replace")] = (_loaded(pair[2]), piece.line)
        elif string := _STRING.match(piece.data):
            yield from _lines_of(_loaded(string[1]), piece.line)


def _pieces_of_frame(line: int, pairs: dict[str, tuple[Any, int]]) -> Iterator[Piece]:
    """What an object tells that is printed over several lines: `pairs` are its fields with their lines."""
    record = {name: value for name, (value, _) in pairs.items()}
    if "ibm_messageId" in record:
        data = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        yield Piece(data, data, line)
    elif name := _carrier(record):
        yield from _lines_of(*pairs[name])


def _pieces_of_record(record: Any, line: int) -> Iterator[Piece]:
    """What an object on one line tells, or one inside it."""
    if isinstance(record, list):
        for each in record:
            yield from _pieces_of_record(each, line)
    if not isinstance(record, dict):
        return
    if name := _carrier(record):
        yield from _lines_of(record[name], line)
    for inner in record.values():
        yield from _pieces_of_record(inner, line)


def _carrier(record: dict[str, Any]) -> str:
    """The field that carries a line, "" where none does, or where a program's own record tells of no failure."""
    from mqtrace.readers.logs.failure_forms import loudness

    levels = [f"{name}={record[name]}" for name in _LEVELS if isinstance(record.get(name), str)]
    if any(loudness(level) == "quiet" for level in levels) or _tells_beside(record):
        return ""
    return next((name for name in _CARRIERS if isinstance(record.get(name), str)), "")


def _tells_beside(record: dict[str, Any]) -> bool:
    """Whether a program's own record tells of MQ in another field than the line that it would carry: its error."""
    others = (value for name, value in record.items() if name not in _CARRIERS and isinstance(value, str))
    return any(_MQ.search(other.encode("utf-8", "replace")) for other in others)


def _lines_of(text: Any, line: int) -> Iterator[Piece]:
    for each in text.removesuffix("\n").split("\n") if isinstance(text, str) and not text.isdecimal() else ():
        data = each.encode("utf-8", "replace")
        yield Piece(data, data, line)


def _loaded(words: bytes) -> Any:
    try:
        return json.loads(words)
    except (ValueError, RecursionError):
        return None


def _out_of_one_line(pieces: Pieces) -> Pieces:
    """The lines of a text that was put into one, with \\n for their ends."""
    return [part for piece in pieces for part in _split_literally(piece)]


def _split_literally(piece: Piece) -> list[Piece]:
    if b"\\n" not in piece.data or _MQ.search(piece.data) is None:
        return [piece]
    parts = _LITERAL_END.sub(lambda match: match[1] or b"\n", piece.data).split(b"\n")
    # What is said before a message on its line.
    parts[:1] = _SAID_BEFORE.sub(rb"\1\n", parts[0], count=1).split(b"\n")
    if len(parts) < 2:
        return [piece]
    return [Piece(part.replace(b"\\t", b"\t"), part, piece.line) for part in parts]


def _out_of_markdown(pieces: Pieces) -> Pieces:
    """Lines out of marks of quotation and back quotes, and the message's column of a table that has one for times."""
    told = [piece for piece in pieces if piece.data.strip()]
    if sum(piece.data.lstrip().startswith(b">") for piece in told) * 5 >= len(told) * 4:
        pieces = [piece._replace(data=_QUOTED.sub(b"", piece.data)) for piece in pieces]
    found: Pieces = []
    for is_row, run in groupby(pieces, key=lambda piece: _ROW.match(piece.data) is not None):
        lines = list(run)
        found += _out_of_table(lines) if is_row else map(_unticked, lines)
    return found


def _unticked(piece: Piece) -> Piece:
    ticked = _TICKED.match(piece.data)
    return piece._replace(data=ticked[1]) if ticked else piece


def _out_of_table(rows: Pieces) -> Pieces:
    cells = [[cell.strip() for cell in _CELLS.split(_ROW.sub(rb"\1", row.data))] for row in rows]
    widths = [sum(len(line[at]) for line in cells if len(line) > at) for at in range(len(cells[0]))]
    column = widths.index(max(widths))
    if not any(_TIME.search(cell) for line in cells for cell in line[:column]):
        return rows
    return [
        row._replace(data=line[column].strip(b"`").replace(b"\\|", b"|"))
        for row, line in zip(rows, cells, strict=True)
        if len(line) > column and not _RULE.match(row.data)
    ]


def _without_prefixes(pieces: Pieces) -> Pieces:
    """Lines without what was put before each of them; the time stays with a message that has no header."""
    found: Pieces = []
    for prefix, run in groupby(pieces, key=_prefix_of):
        lines = list(run)
        rests = [_PREFIX.sub(b"", piece.data, count=1) for piece in lines] if prefix else []
        if len(lines) < 3 or not (_OF_POD.search(prefix) or any(map(_INNER.match, rests))):
            found += lines
            continue
        headed = any(b"Process(" in rest for rest in rests)
        for piece, rest in zip(lines, rests, strict=True):
            found.append(piece._replace(data=rest if headed else _dated(piece.data, rest)))
    return found


def _prefix_of(piece: Piece) -> bytes:
    """What stands before a line, without the figures of its time; b"" for nothing."""
    prefix = _PREFIX.match(piece.data)
    return re.sub(rb"\d[\d:.,TZ -]*\d", b"0", prefix[0]).strip() if prefix else b""


def _dated(data: bytes, rest: bytes) -> bytes:
    stamp = _STAMP.search(data, 0, len(data) - len(rest))
    return b"%s%s %s" % (stamp[1].replace(b" ", b"T"), stamp[2], rest) if stamp and _BEGINS.match(rest) else rest


def _is_wrapped(text: bytes) -> bool:
    """Whether lines were broken at a width: one leaves open what is printed in one line, or all are cut there."""
    lengths = Counter(
        len(line.rstrip())
        for line, after in pairwise(text.split(b"\n"))
        if b" " in line.strip() and not _OWN_LINE.match(after)
    )
    width = max(lengths, default=0)
    if not _LEAST_WIDTH <= width <= _MOST_WIDTH:
        return False
    cut, near = lengths[width], sum(lengths[width - short] for short in range(2, 12))
    return (cut > 2 and 2 * cut > near) or any(
        match[1] is None or match[1].count(b"[") > match[1].count(b"]") for match in _LEFT_OPEN.finditer(text)
    )


def _unwrapped(pieces: Pieces) -> Pieces:
    """Lines that were broken at a width, joined."""
    width = max(len(piece.data.rstrip()) for piece in pieces if b" " in piece.data.strip())
    goes_on = [False, *(_goes_on(line, after, width) for line, after in pairwise(pieces))]
    ends = [len(pieces[at - 1].data.rstrip(b"\r")) for at, joins in enumerate(goes_on) if joins]
    is_cut = ends.count(width) * 2 > len(ends)
    found: Pieces = []
    for at, (piece, joins) in enumerate(zip(pieces, goes_on, strict=True)):
        if not joins:
            found.append(piece)
            continue
        gap = b"" if is_cut and len(pieces[at - 1].data.rstrip(b"\r")) >= width else b" "
        last = found.pop()
        data = _joined(last.data.rstrip(b"\r"), gap, piece.data)
        found.append(Piece(data, b"%s\n%s" % (last.quote, piece.quote), last.line))
    return found


def _joined(before: bytes, gap: bytes, after: bytes) -> bytes:
    """Both in one line; without the gap where that hides more of a secret, which may have been broken itself."""
    glued, apart = before + after, before + gap + after
    return glued if gap and _secret_signs(glued) > _secret_signs(apart) else apart


def _secret_signs(data: bytes) -> int:
    return sum(map(len, secrets_in(data.decode("utf-8", "replace"))))


def masked_quote(quote: str) -> str:
    """A quote without its secrets; its lines are one where the end of a line breaks a secret."""
    glued, apart = quote.replace("\n", ""), quote.replace("\n", " ")
    if "\n" not in quote or not (secrets_in(glued) or secrets_in(apart)):
        return mask(quote)
    text = mask(glued)
    for secret in secrets_in(apart):
        text = text.replace(secret, HIDDEN)
    return text


def _goes_on(before: Piece, piece: Piece, width: int) -> bool:
    """Whether the line before had no room for the first word of this one."""
    if not before.data.strip() or _OWN_LINE.match(piece.data):
        return False
    if _BEGINS.match(piece.data) and not _OPEN_END.search(before.data):
        return False
    first = piece.data.split(None, 1)[0]
    return len(before.data.rstrip()) + 1 + len(first) > width


def _shows(pattern: bytes) -> Callable[[bytes], object]:
    return compiled(pattern, re.MULTILINE | re.VERBOSE).search


@cache
def _steps() -> tuple[tuple[Callable[[bytes], object], Callable[[Pieces], Pieces]], ...]:
    """What shows a kind of damage, and what undoes it; in the order of undoing."""
    return (
        (_shows(rb'^[ \t]{0,8}[\[{][^\n]*?(?:"|\s*$)'), _out_of_json),
        (_shows(rb"\\n"), _out_of_one_line),
        (_shows(rb"^[ \t]*[`|>]"), _out_of_markdown),
        (_shows(rb"^" + _PREFIX.pattern), _without_prefixes),
        (_is_wrapped, _unwrapped),
    )
