"""A text that holds several kinds, such as a pasted ticket, as its parts: each goes to
its own reader, with the places of the whole.

A part begins with a line that only its kind begins with, and ends where its kind does. What stands between is prose,
which is asked only whether it is a log. A text of one kind stays whole: what an error log quotes inside an entry, or a
trace between its records, is its own.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.formats import FAILURE_REPORT, KEY_STORE, LOGS, OWN_OUTPUT, Format, Head, format_of
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import Evidence, Location, LogEntry, Record
from mqtrace.readers.logs.log_chunks import decoded
from mqtrace.readers.tally import Tally

# Imported where a text is no clean trace.
if TYPE_CHECKING:
    from mqtrace.pastes import Piece

LARGEST = 1 << 21
MOST_PARTS = 200
# Lines of what began like a part and was none; beyond them a text is no ticket, and each would cost its length again.
_MOST_REJECTED = 400_000
_LEAST_OF_ONE = 10
_PIECE = 1 << 20
# What a line between the records of a trace must begin with to begin something else.
_SIGN = compiled(
    rb"""[ \t>]{0,40}
    # Not the lines of an exception's stack, nor those of a dump.
    (?!--->[ ]|---[ ]End[ ]of[ ]|-----(?:BEGIN|END)[ ]HEX-|[\dA-F]{2}(?:[ ][\dA-F]{2}){0,15}(?:[ ]{2}|\s*$))
    (?:[#`~{$"'\d*|+-]|MQ|AMQ|[A-Z]+\(|\w+\s*:\s*$|(?:export|set|setenv|def|dis|alt|Starting)\b)""",
    re.IGNORECASE | re.VERBOSE,
)


class Span(Struct, frozen=True):
    """The lines of a part, from 0; `end` is the line after the last."""

    format: Format
    first: int
    end: int


class Part(Struct, frozen=True):
    """A part of an input, or all of it.

    Attributes:
        format: its kind; None where it is none that is known.
        source: what to read.
        line, offset: how many lines and bytes of the whole input stand before it.
        whole: whether it is the whole input.
        pieces: its lines with those that were given, where what a paste did to them was undone.
    """

    format: Format | None
    source: Source
    line: int = 0
    offset: int = 0
    whole: bool = True
    pieces: "Sequence[Piece]" = ()

    @property
    def kind(self) -> str:
        """As the contract names it."""
        return self.format.kind if self.format else "unknown"

    @property
    def note(self) -> str:
        """What the user should know of such an input; "" for most."""
        return self.format.note if self.format else ""

    @property
    def reader(self) -> Any:
        """The module that reads it."""
        return self.format.reader if self.format else None

    def text_source(self) -> Source:
        """The source, in UTF-8 where it is a text in another form of Unicode or in
        EBCDIC: offsets are those of UTF-8 then."""
        head = self.source.head()
        if self.format is None or not self.format.is_text or Head(head).text in head:
            return self.source
        from mqtrace.readers.logs.log_chunks import chunks

        return replace(
            self.source, stream=Source.of_chunks(self.source.name, chunks(self.source.stream, Tally())).stream
        )

    def placed(self, items: Iterable[Any]) -> Iterator[Any]:
        """What a reader gave of the part (entries, values, handshakes; of a trace
        records), at its place in the whole input."""
        return iter(items) if self.whole else map(self._placed, items)

    def _placed(self, item: Any) -> Any:
        if isinstance(item, tuple):
            record, literals = item
            return self._placed(record), literals
        if isinstance(item, Record):
            item.line, item.offset = self._line(item.line), item.offset + self.offset
            return item
        if isinstance(item, LogEntry) and item.said:
            return replace(item, location=self._place(item.location), said=self._quoted(item.said))
        return replace(item, location=self._place(item.location))

    def _place(self, at: Location) -> Location:
        line = self._line(at.line) if at.line else 0
        return Location(at.source, line, at.offset + self.offset, at.length)

    def _line(self, line: int) -> int:
        return self.pieces[line - 1].line + 1 if self.pieces else line + self.line

    def _quoted(self, said: Evidence) -> Evidence:
        """A line of proof at its place, in the words that were given."""
        text = said.text
        if self.pieces:
            from mqtrace.pastes import masked_quote

            text = masked_quote(decoded(self.pieces[said.location.line - 1].quote))
        return Evidence(self._place(said.location), text)


def parts_of(source: Source) -> Iterator[Part]:
    """The parts of an input in their order; the whole input as one where it is of one kind, large, or no text."""
    head = source.head()
    kind = format_of(head, source.name)
    if not _may_hold_several(source, head, kind):
        yield _large(source, head, kind)
        return
    data = source.stream.read(LARGEST + 1)
    lines = Head(data).text.split(b"\n") if len(data) <= LARGEST else []
    is_clean = not lines or _is_clean_trace(lines, kind)
    # A trace that is known as one needs nothing undone, and its header would be taken for a table.
    is_trace = kind is not None and kind.role == "trace"
    pieces = None if is_clean or is_trace else _undone(lines)
    if pieces:
        lines = [piece.data for piece in pieces]
        kind = format_of(b"\n".join(lines), source.name)
    spans = [] if is_clean else _spans(lines)
    if not _is_one_kind(spans, kind):
        yield from _parts(source, lines, spans, pieces or ())
    elif pieces and kind:
        yield from _parts(source, lines, [Span(kind, 0, len(lines))], pieces)
    else:
        whole = _again(source, data)
        yield Part(kind, whole) if is_clean and lines else _large(whole, head, kind)


def out_of_objects(source: Source, head: bytes) -> Source:
    """A source of what objects carry that stand around each of its lines, as Docker keeps them; of any other itself."""
    if not head.lstrip().startswith(b"{"):
        return source
    from mqtrace.pastes import carried_lines, carries_lines

    if not carries_lines(head):
        return source
    carried = carried_lines(iter(partial(source.stream.read, _PIECE), b""))
    return replace(source, stream=Source.of_chunks(source.name, carried).stream, path=None)


def _large(source: Source, head: bytes, kind: Format | None) -> Part:
    """An input that is read front to back."""
    bare = out_of_objects(source, head)
    return Part(kind if bare is source else format_of(bare.head(), bare.name), bare)


def _undone(lines: list[bytes]) -> "Sequence[Piece] | None":
    """See pastes.undone, which clean traces do without."""
    from mqtrace.pastes import undone

    return undone(lines)


def _may_hold_several(source: Source, head: bytes, kind: Format | None) -> bool:
    if source.error or source.skipped or (source.size or 0) > LARGEST:
        return False
    if kind is not None and ((not kind.is_text and kind is not KEY_STORE) or kind is FAILURE_REPORT):
        return False
    return b"\0" not in Head(head).text


def _is_clean_trace(lines: list[bytes], kind: Format | None) -> bool:
    """Whether a trace holds, behind its header, only records, and other lines with which
    no part of another kind can begin."""
    if kind is None or kind.role != "trace":
        return False
    prefix = kind.reader.PREFIX
    others = [at for at, line in enumerate(lines) if not prefix.match(line)]
    header = next((number for number, at in enumerate(others) if number != at), len(others))
    return not any(_SIGN.match(lines[at]) for at in others[header:])


def _again(source: Source, data: bytes) -> Source:
    """The source with what was read of it before the rest."""
    if len(data) <= LARGEST:
        return replace(source, stream=BytesIO(data))
    rest = iter(lambda: source.stream.read(_PIECE), b"")
    return replace(source, stream=Source.of_chunks(source.name, chain([data], rest)).stream)


def _parts(source: Source, lines: list[bytes], spans: list[Span], pieces: "Sequence[Piece]") -> Iterator[Part]:
    offsets = [0, *accumulate(len(line) + 1 for line in lines)]
    for span in spans:
        data = b"\n".join(lines[span.first : span.end]) + b"\n"
        inner = replace(source, stream=BytesIO(data), size=len(data), path=None)
        yield Part(span.format, inner, span.first, offsets[span.first], False, pieces[span.first : span.end])


def _is_one_kind(spans: list[Span], kind: Format | None) -> bool:
    """Whether an input is of one kind, which is that of the whole; where it has too many parts, it is no ticket."""
    kinds = {span.format.home for span in spans}
    return not kinds or len(spans) > MOST_PARTS or (len(kinds) == 1 and kind is not None and kind.home in kinds)


def _spans(lines: list[bytes]) -> list[Span]:
    """The parts, and between them the prose that is a log, in order."""
    found: list[Span] = []
    prose = 0
    for span in _begun(lines):
        found += _logs(lines, prose, span.first)
        found.append(span)
        prose = span.end
        if len(found) > MOST_PARTS:
            return found
    return found + _logs(lines, prose, len(lines)) if found else []


def _begun(lines: list[bytes]) -> Iterator[Span]:
    from mqtrace.beginnings import beginnings, own_end

    own = _own_begins(lines)
    at = rejected = 0
    while at < len(lines) and rejected < _MOST_REJECTED:
        span = Span(OWN_OUTPUT, at, own_end(lines, at)) if at in own else None
        for beginning in beginnings() if span is None else ():
            if not beginning.line.match(lines[at]):
                continue
            end = beginning.end(lines, at)
            span = _believed(lines, at, end, beginning.formats)
            if span:
                break
            rejected += max(end - at, _LEAST_OF_ONE)
        if span:
            yield span
        at = span.end if span else at + 1


def _believed(lines: list[bytes], first: int, end: int, formats: tuple[Format, ...]) -> Span | None:
    """The part, where a reader takes it."""
    known = format_of(b"\n".join(lines[first:end]), among=formats) if end > first else None
    return Span(known, first, end) if known else None


def _own_begins(lines: list[bytes]) -> frozenset[int]:
    """The lines with which something begins that mqtrace wrote."""
    from mqtrace.readers.not_read import own_begins

    begins = [0, *accumulate(len(line) + 1 for line in lines)]
    return frozenset(bisect_right(begins, start) - 1 for start in own_begins(b"\n".join(lines)))


def _logs(lines: list[bytes], first: int, end: int) -> list[Span]:
    """What stands between two parts, where it is a log; up to the mark, where mqtrace wrote it."""
    from mqtrace.readers.not_read import OWN_MARK

    marks = [at + 1 for at in range(first, end) if OWN_MARK.search(lines[at])]
    own = [Span(OWN_OUTPUT, first, marks[-1])] if marks else []
    begin = marks[-1] if marks else first
    rest = _believed(lines, begin, end, LOGS) if any(line.strip() for line in lines[begin:end]) else None
    return [*own, rest] if rest else own
