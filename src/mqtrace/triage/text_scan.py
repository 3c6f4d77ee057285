"""AMQERR text logs, fast: undamaged entries are cut out by searching for a few fixed words; all others go to the reader.

An entry is taken only where the reader would cut exactly there: a date and "Process(" at the begin of a line, one message id, one footer,
and the next header right behind that. So both give the same entries.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from functools import cache
from typing import Any

from mqtrace.masking import mask
from mqtrace.readers.logs.log_blocks import Block, blocks, starts
from mqtrace.readers.logs.log_chunks import decoded
from mqtrace.readers.logs.log_fields import arithmetic_insert, draft, header_fields, quoted, unwrapped
from mqtrace.readers.logs.log_reasons import reason_inserts, stated_reason
from mqtrace.triage.dates import Dates, moment_of_candidates
from mqtrace.triage.seen import Kind, Kinds, Printed, ReadSeen, Seen, front_of, moment_of

# More text without a place to begin anew is given to the reader as it is.
_PATIENCE = 4 << 20
_MEMO = 4096
# What may stand beside a quote that is no apostrophe.
_OUTSIDE = frozenset(("", *" \n()[],.:;=/"))
_MARGIN = " \t\r>|"
_BACK = ("RemoteHost", "ArithInsert1", "ArithInsert2", "CommentInsert1", "CommentInsert2", "CommentInsert3")


@cache
def _head() -> re.Pattern[str]:
    """An entry up to the colon behind its message id, where nothing is damaged.

    Groups: the date without its seconds (two), process and thread, the fields of who wrote it, day, hour and the rest of the UTC time, the
    fields behind it, message id, severity letter. The time and what is behind it is not there in 8.0 and older.
    """
    line = r"[^\n]*+\n"
    return re.compile(
        rf"([^\n(]{{4,50}}):(\d\d)([^\n(:]{{0,16}})Process\(([^()\n]{{1,40}})\)({line}(?:[ \t]++(?!Time\(){line})*+)"
        rf"(?:[ \t]++Time\((\d{{4}}-\d\d-\d\d)T(\d\d:[0-5]\d:[0-5]\d\.\d{{3}}Z)\)[ \t\r]*+\n((?:[ \t]++{line})*+))?+"
        r"(?:\r?\n)?+(AMQ\d{4,5})([A-Z]?):",
        re.ASCII,
    )


@cache
def _back() -> re.Pattern[str]:
    """The fields behind the time, where each has its line; a value ends at the last parenthesis of the line."""
    line = r"(?:[ \t]++{}\(([^\n]*)\)[ \t\r]*+\n)?+"
    arithmetic = r"(?:[ \t]++ArithInsert1\(([^()\n]*+)\))?+(?:[ \t]++ArithInsert2\(([^()\n]*+)\))?+(?:[ \t\r]*+\n)?+"
    comments = "".join(line.format(f"CommentInsert{number}") for number in (1, 2, 3))
    return re.compile(rf"{line.format('RemoteHost')}{arithmetic}{comments}(?:[ \t\r]*+\n)*+")


@cache
def _strange() -> re.Pattern[str]:
    """What only the reader decodes right: bytes that are no UTF-8, and NULs."""
    return re.compile("[\udc80-\udcff\0]")


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


@cache
def _second() -> re.Pattern[str]:
    """What may begin another entry."""
    return re.compile(r"Process ?\(|AMQ\d{4,5}[A-Z]?:")


class TextScan:
    """Reads one log. Keeps what was worked out for parts of headers that come again and again."""

    def __init__(self) -> None:
        self.dates = Dates()
        self._text = ""
        self._line, self._counted = 1, 0
        self._kinds = Kinds()
        self._kind_of: dict[tuple[str | Any, ...], Kind] = {}
        self._day = self._stem = self._rest = ""
        self._is_strange = False

    def entries(self, pieces: Iterable[str]) -> Iterator[Seen]:
        """The entries of the log, in its order."""
        for piece in pieces:
            self._text += piece
            self._is_strange = self._is_strange or (
                (not piece.isascii() or "\0" in piece) and bool(_strange().search(piece))
            )
            position = yield from self._whole()
            if len(self._text) - position > _PATIENCE:
                position = yield from self._handed_over(position)
            self._line_at(position)
            self._text, self._counted = self._text[position:], 0
        yield from self._slow(0, len(self._text))

    def header(self, text: str, position: int) -> "tuple[re.Match[str], tuple[str, str]] | None":
        """The undamaged header that begins at `position`, and when it was written; None where none does."""
        match = _head().match(text, position)
        if match is None:
            return None
        stem, seconds, rest, day, clock = match.group(1, 2, 3, 6, 7)
        if day is None:
            moment = self.dates.local(stem, seconds, rest)
            return moment and (match, moment)
        # The local time only has to be one: most entries share their minute with the one before.
        if (stem != self._stem or rest != self._rest or seconds > "59") and not self._is_local(stem, seconds, rest):
            return None
        if (day == self._day or self._is_day(day)) and clock < "24":
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
        self._kind_of[match.group(5, 9, 10)] = kind = self._kinds.of(match[9], match[10], front_of(entry))
        return kind

    def back(self, words: str) -> Printed:
        """RemoteHost and inserts 1 to 5 of `words`, the part of a header behind its time."""
        match = _back().fullmatch(words)
        if match is not None and (") " not in words or ") " not in words.replace(") Ar", "", 1)):
            return match.groups()
        fields = header_fields(words)
        return [fields.get(name) for name in _BACK]

    def _whole(self) -> Generator[Seen, None, int]:
        """The undamaged entries at hand, and the damaged ones between them; gives the position up to which it came."""
        text, position, size = self._text, 0, len(self._text)
        find, header, kind_of, line_at = text.find, self.header, self._kind_of, self._line_at
        found = header(text, 0)
        while position < size:
            if found is not None:
                match, moment = found
                colon = match.end()
                footer = find("\n-----", colon)
                end = find("\n", footer + 6) + 1 if footer > 0 else 0
                one = end and find("AMQ", colon, footer) < 0 and find("Process", match.end(4), footer) < 0
                following = header(text, end) if one or (end and self._is_one(match, footer)) else None
                if following is not None:
                    if self._is_strange and _strange().search(text, position, end):
                        yield from self._slow(position, end)
                    else:
                        kind = kind_of.get(match.group(5, 9, 10)) or self._new_kind(match, end)
                        yield TextSeen(self, match, moment, footer, kind, line_at(position))
                    position, found = end, following
                    continue
            begin, found = self._next_header(text, position)
            if found is None:
                return position
            yield from self._slow(position, begin)
            position = begin
        return position

    def _is_one(self, match: re.Match[str], footer: int) -> bool:
        """Whether the reader, too, sees one entry here: no second header, no second message at a line's begin."""
        text, colon = match.string, match.end()
        return (
            _second().search(text, colon, footer) is None and text.find("Process", match.end(4), colon) < 0
        ) or starts(raw(text[match.start() : footer])) == [0]

    def _next_header(self, text: str, position: int) -> "tuple[int, tuple[re.Match[str], tuple[str, str]] | None]":
        """The next place behind a footer where a header begins."""
        footer = text.find("\n-----", position)
        while footer >= 0:
            begin = text.find("\n", footer + 1) + 1
            if not begin:
                break
            head = self.header(text, begin)
            if head is not None:
                return begin, head
            footer = text.find("\n-----", begin - 1)
        return len(text), None

    def _slow(self, begin: int, end: int) -> Iterator[Seen]:
        """What the reader finds in a part of the text."""
        if begin >= end:
            return
        line = self._line_at(begin)
        for block in blocks([raw(self._text[begin:end])]):
            entry, candidates = draft(block, "")
            yield ReadSeen(
                entry, moment_of_candidates(candidates) if candidates else moment_of(entry), self._kinds, line - 1
            )

    def _handed_over(self, position: int) -> Generator[Seen, None, int]:
        """What the reader finds in text without a place to begin anew; gives the position up to which it came."""
        found = starts(raw(self._text[position:]))
        cut = (
            len(decoded(raw(self._text[position:])[: found[-1]]))
            if len(found) > 1
            else len(self._text) - position - 512
        )
        end = self._text.rfind("\n", 0, position + cut) + 1
        yield from self._slow(position, end)
        return max(end, position)


class TextSeen:
    """An undamaged entry of a text log."""

    __slots__ = (
        "_inserts",
        "_printed",
        "_quoted",
        "_words",
        "footer",
        "kind",
        "line",
        "match",
        "message",
        "moment",
        "scan",
    )

    def __init__(
        self, scan: TextScan, match: re.Match[str], moment: tuple[str, str], footer: int, kind: Kind, line: int
    ) -> None:
        self.scan, self.match, self.moment, self.footer, self.kind, self.line = scan, match, moment, footer, kind, line
        self.message = kind.message
        self._printed: Printed = ()

    @property
    def process_thread(self) -> str:
        """Process and thread as written, where it tells both."""
        process = self.match[4]
        return process if "." in process else ""

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
        return (values[0] or "") if values else ""

    def printed(self) -> Printed:
        """RemoteHost, and inserts 1 to 5; () where the header has no time, as in 8.0 and older."""
        if not self._printed:
            words = self.match[8]
            if words is not None:
                self._printed = self.scan.back(words)
        return self._printed

    def _read_inserts(self) -> dict[int, str]:
        match, footer = self.match, self.footer
        values = self.printed()
        if values:
            return {number: mask(value) for number in range(1, 6) if (value := values[number]) is not None}
        text = match.string
        if text.find("(X'", match.end(), footer) >= 0 and not text.startswith("-", footer + 6):
            title_end = max(text.find("\n\n", match.end(), footer), match.end())
            return arithmetic_insert(text[title_end:footer], 0)
        return {}

    @property
    def words(self) -> str:
        """The message's text in one line."""
        if not hasattr(self, "_words"):
            title = self._title()
            self._words = mask(unwrapped(title)) if title else self._read_words()
        return self._words

    def _title(self) -> str:
        """The message's text as it stands, where the reader, too, sees its end at the first empty line; else ""."""
        text, colon = self.match.string, self.match.end()
        title = text[colon : max(text.find("\n\n", colon, self.footer), colon)]
        if "-----" in title:
            return ""
        for line in title.split("\n")[1:] if "\n" in title else ():
            words = line.strip(_MARGIN)
            if not words or words[-1] in ":：":
                return ""
        return title

    def _read_words(self) -> str:
        text = self.match.string
        return draft(
            Block(1, 0, raw(text[self.match.start() : text.find("\n", self.footer + 6) + 1]), False), ""
        ).entry.text

    @property
    def quoted(self) -> tuple[str, ...]:
        """The texts in quotes."""
        if not hasattr(self, "_quoted"):
            self._quoted = self._plainly_quoted() or quoted(self.words)
        return self._quoted

    def _plainly_quoted(self) -> tuple[str, ...]:
        """The texts in quotes, where there is nothing to unwrap, to mask or to doubt; else ()."""
        title = self._title()
        parts = title.split("'")
        if '"' in title or not title.isascii() or len(parts) % 2 == 0 or mask(title) is not title:
            return ()
        for before, within, behind in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            if "\n" in within or len(within) > 400 or before[-1:] not in _OUTSIDE or behind[:1] not in _OUTSIDE:
                return ()
        return tuple([within.strip() for within in parts[1::2]])

    @property
    def reason_code(self) -> int | None:
        """The reason code that the entry states."""
        match, footer = self.match, self.footer
        text, message = match.string, match.start(9)
        stated = text.find("eason", message, footer) >= 0
        if not stated and (match[8] is None or self.message not in reason_inserts()):
            return None
        return stated_reason(self.message, self.inserts, self.words if stated else "", text, message, footer)
