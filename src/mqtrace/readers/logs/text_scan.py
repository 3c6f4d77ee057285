"""Scans AMQERR text logs: undamaged entries are cut out by searching for a few fixed words; others are cut by
log_blocks.

An entry is taken only where log_blocks would cut exactly there: a date and "Process(" at the begin of a line, one
message id, one footer, and the next header right behind that. So both give the same entries
(tests/readers/logs/test_text_scan.py).
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Evidence, Location, LogEntry
from mqtrace.readers.logs.log_blocks import BLOCK_CAP, Block, blocks, starts
from mqtrace.readers.logs.log_chunks import decoded
from mqtrace.readers.logs.log_dates import Dates, local_time, written
from mqtrace.readers.logs.log_fields import (
    FOREIGN,
    TITLE_CAP,
    arithmetic_insert,
    draft,
    header_fields,
    module_of,
    process_id,
    quoted,
    unwrapped,
)
from mqtrace.readers.logs.log_reasons import reason_inserts, stated_reason
from mqtrace.readers.logs.scanned import Kind, Kinds, Printed, ReadEntry, Scanned
from mqtrace.readers.tally import Tally

# More text without a place to begin anew is given to the reader as it is.
_PATIENCE = 4 << 20
_MEMO = 4096
# What may stand beside a quote that is no apostrophe.
_OUTSIDE = frozenset(("", *" \n()[],.:;=/"))
_MARGIN = " \t\r>|"
_PRINTED = ("RemoteHost", "ArithInsert1", "ArithInsert2", "CommentInsert1", "CommentInsert2", "CommentInsert3")
_LINE = r"[^\n]*+\n"
# An entry up to the colon behind its message id, where nothing is damaged. Groups: the date without its seconds (two),
# process and thread, the fields of who wrote it, day, hour and the rest of the UTC time, the fields behind it, message
# id, severity letter. The time and what is behind it is not there in 8.0 and older.
_HEAD = compiled(
    rf"([^\n(]{{4,50}}):(\d\d)([^\n(:]{{0,16}})Process\(([^()\n]{{1,40}})\)({_LINE}(?:[ \t]++(?!Time\(){_LINE})*+)"
    rf"(?:[ \t]++Time\((\d{{4}}-\d\d-\d\d)T(\d\d:[0-5]\d:[0-5]\d\.\d{{3}}Z)\)[ \t\r]*+\n((?:[ \t]++{_LINE})*+))?+"
    r"(?:\r?\n)?+(AMQ\d{4,5})([A-Z]?):",
    re.ASCII,
)
# The fields behind the time, where each has its line; a value ends at the last parenthesis of the line.
_FIELD = r"(?:[ \t]++{}\(([^\n]*)\)[ \t\r]*+\n)?+"
_BACK = compiled(
    _FIELD.format("RemoteHost")
    + r"(?:[ \t]++ArithInsert1\(([^()\n]*+)\))?+(?:[ \t]++ArithInsert2\(([^()\n]*+)\))?+(?:[ \t\r]*+\n)?+"
    + "".join(_FIELD.format(f"CommentInsert{number}") for number in (1, 2, 3))
    + r"(?:[ \t\r]*+\n)*+"
)
# What has to be decoded by itself: bytes that are no UTF-8, and NULs.
_STRANGE = compiled("[\udc80-\udcff\0]")
# What may begin another entry.
_SECOND = compiled(r"Process ?\(|AMQ\d{4,5}[A-Z]?:")


def texts(pieces: Iterable[bytes]) -> Iterator[str]:
    """`pieces` as text that ends at line ends; bytes that are no UTF-8 become lone surrogates."""
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end or len(rest) > _PATIENCE:
            yield (rest + piece[:end]).decode("utf-8", "surrogateescape")
            rest = piece[end:]
        else:
            rest += piece
    yield rest.decode("utf-8", "surrogateescape")


def raw(text: str) -> bytes:
    """The bytes that `texts` made `text` of."""
    return text.encode("utf-8", "surrogateescape")


Header = tuple[re.Match[str], tuple[str, str]]


class _Page:
    """Text at byte `offset` of the input `source`; `size` of an entry in another code page: its bytes."""

    __slots__ = ("_counted", "_size", "_text", "offset", "source")

    def __init__(self, source: str, text: str, offset: int, size: int = 0) -> None:
        self.source, self._text, self.offset, self._size = source, text, offset, size
        self._counted = (0, offset)

    def size_of(self, begin: int, end: int) -> int:
        """Bytes from one place of the text to another."""
        return self._size or len(raw(self._text[begin:end]))

    def offset_of(self, position: int) -> int:
        """Byte offset of a place in the text; these are asked for from front to back."""
        if not position or self._text.isascii():
            return self.offset + position
        counted, offset = self._counted if self._counted[0] <= position else (0, self.offset)
        self._counted = (position, offset + len(raw(self._text[counted:position])))
        return self._counted[1]


class TextScan:
    """Reads one log. Keeps what was worked out for parts of headers that come again; counts entries in `tally`."""

    def __init__(self, source: str, tally: Tally) -> None:
        self.dates = Dates()
        self._tally = tally
        self._text, self._page = "", _Page(source, "", 0)
        self._line, self._counted = 1, 0
        self._is_strange = False
        self._kinds = Kinds()
        self._kind_of: dict[tuple[str | Any, ...], Kind] = {}
        self._day = self._stem = self._rest = ""

    def entries(self, pieces: Iterable[str]) -> Iterator[Scanned]:
        """The entries of the log, in its order."""
        for piece in pieces:
            self._text += piece
            self._page = _Page(self._page.source, self._text, self._page.offset)
            if not piece.isascii() or "\0" in piece:
                self._is_strange = self._is_strange or _STRANGE.search(piece) is not None
            position = yield from self._whole()
            if len(self._text) - position > _PATIENCE:
                position = yield from self._handed_over(position)
            self._line_at(position)
            self._text, self._counted = self._text[position:], 0
            self._page = _Page(self._page.source, self._text, self._page.offset_of(position))
        yield from self._slow(0, len(self._text))

    def header(self, text: str, position: int) -> Header | None:
        """The undamaged header that begins at `position`, and when it was written; None where none does."""
        match = _HEAD.match(text, position)
        if match is None:
            return None
        stem, seconds, rest, day, clock = match.group(1, 2, 3, 6, 7)
        if day is None:
            moment = self.dates.local(stem, seconds, rest)
            return moment and (match, moment)
        # The local time only has to be one: most entries share their minute with the one before.
        is_same = stem == self._stem and rest == self._rest and seconds <= "59"
        if not is_same and not self._is_local(stem, seconds, rest):
            return None
        if clock < "24" and (day == self._day or self._is_day(day)):
            return match, (day, clock)
        return None

    def _is_local(self, stem: str, seconds: str, rest: str) -> bool:
        moment = self.dates.local(stem, seconds, rest)
        if moment and moment[0] and seconds <= "59":
            self._stem, self._rest = stem, rest
        return moment is not None

    def _is_day(self, day: str) -> bool:
        if not self.dates.is_day(day):
            return False
        self._day = day
        return True

    def _line_at(self, position: int) -> int:
        """Line number of `position` of the text at hand, which is not before the last one asked for."""
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def _new_kind(self, match: re.Match[str], end: int) -> Kind:
        """What the entry from `match` to `end` has in common with others, by the part of its header that tells it."""
        if len(self._kind_of) >= _MEMO:
            self._kind_of.clear()
        entry = draft(Block(1, 0, raw(match.string[match.start() : end]), False), "").entry
        self._kind_of[match.group(5, 9, 10)] = kind = self._kinds.of(entry)
        return kind

    def _whole(self) -> Generator[Scanned, None, int]:
        """The undamaged entries at hand, and the damaged ones between them; gives the position up to which it came."""
        text, page, tally = self._text, self._page, self._tally
        kind_of, line_at = self._kind_of, self._line_at
        position, header = 0, self.header(text, 0)
        while header is not None or position < len(text):
            cut = self._cut(header[0]) if header else None
            if header is None or cut is None:
                begin, header = self._next_header(position)
                if header is None:
                    break
                yield from self._slow(position, begin)
                position = begin
                continue
            footer, end, following = cut
            if self._is_strange and _STRANGE.search(text, position, end):
                yield from self._decoded(position, end, kind_of)
            else:
                match, moment = header
                kind = kind_of.get(match.group(5, 9, 10)) or self._new_kind(match, end)
                tally.records += 1
                yield ScannedText(page, match, moment, footer, kind, line=line_at(position))
            position, header = end, following
        return position

    def _decoded(self, begin: int, end: int, kind_of: Mapping[Any, Kind]) -> Iterator[Scanned]:
        """The undamaged entry of a part of the text that is no UTF-8."""
        data = raw(self._text[begin:end])
        text = decoded(data)
        header = self.header(text, 0)
        footer = text.find("\n-----", header[0].end()) if header else -1
        if header is None or footer < 0 or b"\0" in data or not _is_one(header[0], footer):
            yield from self._slow(begin, end)
            return
        match, moment = header
        kind = kind_of.get(match.group(5, 9, 10)) or self._new_kind(match, len(text))
        page = _Page(self._page.source, text, self._page.offset_of(begin), len(data))
        self._tally.records += 1
        yield ScannedText(page, match, moment, footer, kind, line=self._line_at(begin))

    def _cut(self, match: re.Match[str]) -> tuple[int, int, Header] | None:
        """Footer and end of the entry that begins with this header, and the header behind it.

        None where it is damaged.
        """
        text, colon = match.string, match.end()
        footer = text.find("\n-----", colon)
        end = text.find("\n", footer + 6) + 1 if footer > 0 else 0
        if not end or end - colon > BLOCK_CAP:
            return None
        is_plain = text.find("AMQ", colon, footer) < 0 and text.find("Process", match.end(4), footer) < 0
        if not is_plain and not _is_one(match, footer):
            return None
        following = self.header(text, end)
        return following and (footer, end, following)

    def _next_header(self, position: int) -> tuple[int, Header | None]:
        """The next place behind a footer where a header begins."""
        text = self._text
        footer = text.find("\n-----", position)
        while footer >= 0:
            begin = text.find("\n", footer + 1) + 1
            if not begin:
                break
            header = self.header(text, begin)
            if header is not None:
                return begin, header
            footer = text.find("\n-----", begin - 1)
        return len(text), None

    def _slow(self, begin: int, end: int) -> Iterator[Scanned]:
        """What stands in a part of the text, damaged or not."""
        if begin >= end:
            return
        page, line, offset = self._page, self._line_at(begin) - 1, self._page.offset_of(begin)
        for block in blocks([raw(self._text[begin:end])]):
            placed = block._replace(line=block.line + line, offset=block.offset + offset)
            entry, candidates = draft(placed, page.source)
            self._tally.records += 1
            self._tally.unparsed += not entry.message
            yield ReadEntry(entry, self._kinds, candidates)

    def _handed_over(self, position: int) -> Generator[Scanned, None, int]:
        """What stands in text without a place to begin anew; gives the position up to which it came."""
        rest = raw(self._text[position:])
        begins = starts(rest)
        cut = len(decoded(rest[: begins[-1]])) if len(begins) > 1 else len(self._text) - position - 512
        end = self._text.rfind("\n", 0, position + cut) + 1
        yield from self._slow(position, end)
        return max(end, position)


def _is_one(match: re.Match[str], footer: int) -> bool:
    """Whether log_blocks, too, sees one entry here: no second header, no second message at a line's begin."""
    text, colon = match.string, match.end()
    if _SECOND.search(text, colon, footer) is None and text.find("Process", match.end(4), colon) < 0:
        return True
    return starts(raw(text[match.start() : footer])) == [0]


class ScannedText(Scanned):
    """An undamaged entry of a text log."""

    __slots__ = (
        *("_footer", "_inserts", "_match", "_page", "_printed", "_quoted", "_text"),
        *("kind", "line", "message", "moment"),
    )

    def __init__(
        self, page: _Page, match: re.Match[str], moment: tuple[str, str], footer: int, kind: Kind, *, line: int
    ) -> None:
        self._page, self._match, self._footer = page, match, footer
        self.moment, self.kind, self.line = moment, kind, line
        self.message = kind.message
        self._printed: Printed = ()

    @property
    def thread(self) -> str:
        """Process and thread as written, where it tells both."""
        process, dot, _ = self._match[4].partition(".")
        return self._match[4] if dot and process.isdecimal() and len(process) < 20 else ""

    @property
    def inserts(self) -> dict[int, str]:
        """Number -> value; of logs of 8.0 and older the arithmetic one alone."""
        if not hasattr(self, "_inserts"):
            self._inserts = self._read_inserts()
        return self._inserts

    @property
    def remote_host(self) -> str:
        """The other end's address of the header."""
        values = self.printed()
        return mask(values[0]) if values and values[0] else ""

    def printed(self) -> Printed:
        """RemoteHost, and inserts 1 to 5; () where the header has no time, as in 8.0 and older."""
        if not self._printed:
            words = self._match[8]
            if words is not None:
                self._printed = _printed(words)
        return self._printed

    def _read_inserts(self) -> dict[int, str]:
        match, footer = self._match, self._footer
        values = self.printed()
        if values:
            return {number: mask(value) for number in range(1, 6) if (value := values[number]) is not None}
        text = match.string
        if text.find("(X'", match.end(), footer) >= 0 and not text.startswith("-", footer + 6):
            title_end = max(text.find("\n\n", match.end(), footer), match.end())
            return arithmetic_insert(text[title_end:footer], 0)
        return {}

    @property
    def text(self) -> str:
        """The message's text in one line."""
        if not hasattr(self, "_text"):
            title = self._title()
            self._text = mask(unwrapped(title)) if title else self._drafted().text
        return self._text

    def _drafted(self) -> LogEntry:
        text = self._match.string[self._match.start() : self._end()]
        return draft(Block(1, 0, raw(text), False), "").entry

    def _title(self) -> str:
        """The message's text as it stands, where draft(), too, sees its end at the first empty line; else ""."""
        text, colon = self._match.string, self._match.end()
        end = text.find("\n\n", colon, self._footer)
        if end < 0:
            end = text.find("\n\r\n", colon, self._footer)
        title = text[colon : max(end, colon)]
        if "-----" in title or len(title) > TITLE_CAP or FOREIGN.search(title):
            return ""
        for line in title.split("\n")[1:] if "\n" in title else ():
            words = line.strip(_MARGIN)
            if not words or words[-1] in ":：":
                return ""
        return title

    def _end(self) -> int:
        return self._match.string.find("\n", self._footer + 6) + 1

    @property
    def quoted(self) -> tuple[str, ...]:
        """The texts in quotes."""
        if not hasattr(self, "_quoted"):
            self._quoted = self._plainly_quoted() or quoted(self.text)
        return self._quoted

    def _plainly_quoted(self) -> tuple[str, ...]:
        """The texts in quotes, where there is nothing to unwrap, to mask or to doubt; else ()."""
        title = self._title()
        parts = title.split("'")
        if '"' in title or not title.isascii() or len(parts) % 2 == 0 or mask(title) != title:
            return ()
        for before, within, behind in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            if "\n" in within or len(within) > 400 or before[-1:] not in _OUTSIDE or behind[:1] not in _OUTSIDE:
                return ()
        return tuple([within.strip() for within in parts[1::2]])

    @property
    def reason_code(self) -> int | None:
        """The reason code that the entry states."""
        match, footer = self._match, self._footer
        text, message = match.string, match.start(9)
        stated = text.find("eason", message, footer) >= 0
        if not stated and (match[8] is None or self.message not in reason_inserts()):
            return None
        if not self._title():
            return self._drafted().reason_code
        return stated_reason(
            self.message, self.inserts, self.text if stated else "", text[message:footer] if stated else ""
        )

    def _utc(self) -> datetime | None:
        day, clock = self.moment
        return datetime.fromisoformat(f"{day}T{clock}") if clock.endswith("Z") else None

    @property
    def when(self) -> datetime | None:
        """The local time, also of an entry that tells UTC."""
        utc = self._utc()
        if utc is None:
            return super().when
        match = self._match
        return local_time(written(f"{match[1]}:{match[2]}{match[3]}"), utc)

    def full(self) -> LogEntry:
        """The entry with all its fields."""
        page, match, footer, kind = self._page, self._match, self._footer, self.kind
        user, program, host, installation, level, queue_manager = kind.front
        return LogEntry(
            self.message,
            self.text,
            Location(page.source, self.line, page.offset_of(match.start()), page.size_of(match.start(), self._end())),
            kind.severity,
            self.when,
            self._utc(),
            process_id(match[4]),
            self.thread,
            user,
            program,
            host,
            installation,
            level,
            queue_manager,
            self.remote_host,
            self.inserts,
            self.quoted,
            module_of(match.string, footer + 1),
            self.reason_code,
            said=self._said(),
        )

    def _said(self) -> Evidence:
        """The line of the message, with all of its words."""
        page, match = self._page, self._match
        line = self.line + match.string.count("\n", match.start(), match.start(9))
        place = Location(page.source, line, page.offset_of(match.start()))
        return Evidence(place, f"{match[9]}{match[10]}: {self.text}")


def _printed(words: str) -> Printed:
    """RemoteHost and inserts 1 to 5 of `words`, the part of a header behind its time."""
    match = _BACK.fullmatch(words)
    if match is not None and (") " not in words or ") " not in words.replace(") Ar", "", 1)):
        return match.groups()
    fields = header_fields(words)
    return [fields.get(name) for name in _PRINTED]
