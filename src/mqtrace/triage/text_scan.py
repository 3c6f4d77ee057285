"""AMQERR text logs, fast: undamaged entries are cut out by searching for a few fixed words; all others go to the reader.

An entry is taken only where the reader would cut exactly there: a date and "Process(" at the begin of a line, one message id, one footer,
and the next header right behind that. So both give the same entries.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from functools import cache

from mqtrace.readers.log_blocks import Block, blocks, starts
from mqtrace.readers.log_chunks import decoded
from mqtrace.readers.log_fields import _fields as header_fields
from mqtrace.readers.log_fields import _twins as arithmetic_insert
from mqtrace.readers.log_fields import draft, quoted, unwrapped
from mqtrace.readers.log_reasons import _reason_inserts as reason_inserts
from mqtrace.readers.log_reasons import stated_reason
from mqtrace.readers.log_secrets import masked
from mqtrace.triage.dates import Dates, moment_of_candidates
from mqtrace.triage.seen import Front, Moment, ReadSeen, Seen, moment_of

# More text without a place to begin anew is given to the reader as it is.
_PATIENCE = 4 << 20
_HEADER_ROOM = 8192
_DATE_ROOM = 70
_PROCESS_ROOM = 49
_MEMO = 4096
_KEYS = ("", "ArithInsert1(", "ArithInsert2(", "CommentInsert1(", "CommentInsert2(", "CommentInsert3(")
_NAMES = {"ArithInsert1": 1, "ArithInsert2": 2, "CommentInsert1": 3, "CommentInsert2": 4, "CommentInsert3": 5}


@cache
def _identity() -> re.Pattern[str]:
    return re.compile(r"(AMQ\d{4,5})([A-Z]?)", re.ASCII)


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


# A header found: its moment, where "Process(" and its closing parenthesis stand.
Head = tuple[Moment, int, int]


class TextScan:
    """Reads one log. Keeps what was worked out for parts of headers that come again and again."""

    def __init__(self) -> None:
        self.dates = Dates()
        self._text = ""
        self._line, self._counted = 1, 0
        self._fronts: dict[str, Front] = {}
        self._backs: dict[str, dict[str, str]] = {}
        self._identities: dict[str, tuple[str, str]] = {}
        self._is_strange = False

    def entries(self, pieces: Iterable[str]) -> Iterator[Seen]:
        """The entries of the log, in its order."""
        for piece in pieces:
            self._text += piece
            self._is_strange = self._is_strange or ((not piece.isascii() or "\0" in piece) and bool(_strange().search(piece)))
            position = yield from self._whole()
            if len(self._text) - position > _PATIENCE:
                position = yield from self._handed_over(position)
            self.line_at(position)
            self._text, self._counted = self._text[position:], 0
        yield from self._slow(0, len(self._text))

    def header(self, text: str, position: int) -> Head | None:
        """The header that begins at `position`; None where none does."""
        process = text.find("Process(", position, position + _DATE_ROOM)
        if process < 0:
            return None
        moment = self.dates.local(text[position:process])
        closing = text.find(")", process, process + _PROCESS_ROOM)
        thread = text[process + 8 : closing]
        if moment is None or closing < 0 or not thread or "(" in thread or "\n" in thread:
            return None
        return moment, process, closing

    def line_at(self, position: int) -> int:
        """Line number of `position` of the text at hand."""
        if position < self._counted:
            return self._line - self._text.count("\n", position, self._counted)
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line

    def front(self, seen: "TextSeen") -> Front:
        """Who wrote an entry, by the part of its header that tells it."""
        words = seen.text[seen.places[1] : seen.places[2]]
        found = self._fronts.get(words)
        if found is None:
            if len(self._fronts) >= _MEMO:
                self._fronts.clear()
            entry = draft(Block(1, 0, raw(seen.text[seen.begin : seen.end]), False), "").entry
            found = Front(entry.user, entry.program, entry.host, entry.installation, entry.level, entry.queue_manager)
            self._fronts[words] = found
        return found

    def back(self, words: str) -> dict[str, str]:
        """The fields in `words`, the part of a header behind its time."""
        found = self._backs.get(words)
        if found is None:
            if len(self._backs) >= _MEMO:
                self._backs.clear()
            found = self._backs[words] = header_fields(words)
        return found

    def _whole(self) -> Generator[Seen, None, int]:
        """The undamaged entries at hand, and the damaged ones between them; gives the position up to which it came."""
        text, position, size = self._text, 0, len(self._text)
        head = self.header(text, 0)
        while position < size:
            entry = self._entry(text, position, head) if head else None
            following = self.header(text, entry.end) if entry else None
            if entry is not None and following is not None:
                if self._is_strange and _strange().search(text, position, entry.end):
                    yield from self._slow(position, entry.end)
                else:
                    yield entry
                position, head = entry.end, following
                continue
            begin, head = self._next_header(text, position)
            if head is None:
                return position
            yield from self._slow(position, begin)
            position = begin
        return position

    def _entry(self, text: str, position: int, head: Head) -> "TextSeen | None":
        """The undamaged entry at `position`; None where it is not all there, or only the reader can tell what it is."""
        moment, process, closing = head
        message = text.find("\nAMQ", closing, closing + _HEADER_ROOM)
        footer = text.find("\n-----", message) if message > 0 else -1
        if footer < 0:
            return None
        end = text.find("\n", footer + 6) + 1
        colon = text.find(":", message + 8, message + 12)
        identity = self._identities.get(text[message + 1 : colon]) or self._identified(text[message + 1 : colon])
        if not end or identity is None or not self._is_one(text, position, closing, colon, footer):
            return None
        time = text.find(" Time(", closing, message)
        back = message
        if time >= 0:
            back = text.find(")", time, time + 40)
            told = self.dates.utc(text[time + 6 : back])
            if told is None:
                return None
            moment = told
        else:
            time = message
        return TextSeen(self, text, position, end, *identity, moment, (process + 8, closing + 1, time, back, message, colon, footer))

    def _is_one(self, text: str, position: int, closing: int, colon: int, footer: int) -> bool:
        """Whether the reader, too, sees one entry here: no second header, no second message at a line's begin."""
        if text.find("AMQ", colon, footer) < 0 and text.find("Process", closing, footer) < 0:
            return True
        return (_second().search(text, colon, footer) is None and text.find("Process", closing, colon) < 0) or starts(
            raw(text[position:footer])
        ) == [0]

    def _identified(self, words: str) -> tuple[str, str] | None:
        match = _identity().fullmatch(words)
        if match is None:
            return None
        found = self._identities[words] = (match[1], match[2])
        return found

    def _next_header(self, text: str, position: int) -> tuple[int, Head | None]:
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
        line = self.line_at(begin)
        for block in blocks([raw(self._text[begin:end])]):
            entry, candidates = draft(block, "")
            yield ReadSeen(entry, moment_of_candidates(candidates) if candidates else moment_of(entry), line - 1)

    def _handed_over(self, position: int) -> Generator[Seen, None, int]:
        """What the reader finds in text without a place to begin anew; gives the position up to which it came."""
        found = starts(raw(self._text[position:]))
        cut = len(decoded(raw(self._text[position:])[: found[-1]])) if len(found) > 1 else len(self._text) - position - 512
        end = self._text.rfind("\n", 0, position + cut) + 1
        yield from self._slow(position, end)
        return max(end, position)


class TextSeen:
    """An undamaged entry of a text log."""

    __slots__ = ("_inserts", "_quoted", "_remote", "_words", "begin", "end", "message", "moment", "places", "scan", "severity", "text")

    def __init__(
        self, scan: TextScan, text: str, begin: int, end: int, message: str, severity: str, moment: Moment, places: tuple[int, ...]
    ) -> None:
        self.scan, self.text, self.begin, self.end = scan, text, begin, end
        self.message, self.severity, self.moment, self.places = message, severity, moment, places

    @property
    def process_thread(self) -> str:
        """Process and thread as written."""
        return self.text[self.places[0] : self.places[1] - 1]

    @property
    def signature(self) -> str:
        """Of an entry without inserts, the text that stands for them: equal ones need not be worked out again."""
        _, _, _, back, message, colon, footer = self.places
        if back != message:
            return ""
        if self.text.find("(X'", message, footer) >= 0:
            return self.text[message:footer]
        end = self.text.find("\n\n", colon, footer)
        return self.text[message : end if end >= 0 else footer]

    @property
    def front(self) -> Front:
        """Who wrote it."""
        return self.scan.front(self)

    @property
    def inserts(self) -> dict[int, str]:
        """Number -> value; of logs of 8.0 and older the arithmetic one alone."""
        if not hasattr(self, "_inserts"):
            self._inserts, self._remote = self._read_back()
        return self._inserts

    def insert(self, number: int) -> str:
        """One insert, "" when the entry does not print it."""
        if not hasattr(self, "_inserts"):
            value = self._printed(_KEYS[number])
            if value is not None:
                return masked(value) if value else ""
        return self.inserts.get(number, "")

    @property
    def remote_host(self) -> str:
        """The other end's address of the header."""
        if not hasattr(self, "_inserts"):
            value = self._printed("RemoteHost(")
            if value is not None:
                return value
            self._inserts, self._remote = self._read_back()
        return self._remote

    def _printed(self, key: str) -> str | None:
        """The value behind `key` in the header; None where only a closer look can tell its end."""
        _, _, _, back, message, _, _ = self.places
        begin = self.text.find(key, back, message)
        if begin < 0:
            return "" if message - back > 24 else None
        line = self.text[begin + len(key) : self.text.find("\n", begin)].rstrip(" \t\r")
        return line[:-1] if line.endswith(")") and ") " not in line else None

    def _read_back(self) -> tuple[dict[int, str], str]:
        _, _, _, back, message, colon, footer = self.places
        if message - back > 24:
            fields = self.scan.back(self.text[back + 1 : message])
            return {_NAMES[name]: masked(value) for name, value in fields.items() if name in _NAMES}, fields.get("RemoteHost", "")
        if self.text.find("(X'", message, footer) >= 0 and not self.text.startswith("-", footer + 6):
            title_end = max(self.text.find("\n\n", colon, footer), message)
            return arithmetic_insert(self.text[title_end:footer], 0), ""
        return {}, ""

    @property
    def words(self) -> str:
        """The message's text in one line."""
        if not hasattr(self, "_words"):
            colon = self.places[5]
            end = self.text.find("\n\n", colon)
            if end < 0 or end > self.places[6]:
                self._words = draft(Block(1, 0, raw(self.text[self.begin : self.end]), False), "").entry.text
            else:
                self._words = masked(unwrapped(self.text[colon + 1 : end]))
        return self._words

    @property
    def quoted(self) -> tuple[str, ...]:
        """The texts in quotes."""
        if not hasattr(self, "_quoted"):
            self._quoted = quoted(self.words)
        return self._quoted

    @property
    def reason_code(self) -> int | None:
        """The reason code that the entry states."""
        message, footer = self.places[4], self.places[6]
        stated = self.text.find("eason", message, footer) >= 0
        if not stated and (self.places[3] == message or self.message not in reason_inserts()):
            return None
        return stated_reason(self.message, self.inserts, self.words if stated else "", self.text, message, footer)

    @property
    def line(self) -> int:
        """Line number."""
        return self.scan.line_at(self.begin)
