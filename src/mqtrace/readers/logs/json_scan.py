"""Records of MQ's error log in JSON: fields read at once or, of a line that is a record, when they are asked for."""

import json
import re
from typing import Any

from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.log_chunks import Line
from mqtrace.readers.logs.log_dates import Dates, utc_time
from mqtrace.readers.logs.log_fields import process_id, quoted
from mqtrace.readers.logs.log_reasons import reason_inserts, stated_reason
from mqtrace.readers.logs.scanned import MOST_KINDS, Kind, Kinds, Moment, Printed, Scanned

BEGIN = b'{"ibm_messageId":"AMQ'
SEVERITIES = {"INFO": "I", "WARNING": "W", "WARN": "W", "ERROR": "E", "SEVERE": "S", "TERMINATION": "T", "AUDIT": "I"}
# The fields of inserts 1 to 5, in order: 1 and 2 arithmetic, 3 to 5 comment.
_INSERTS = ("ibm_arithInsert1", "ibm_arithInsert2", "ibm_commentInsert1", "ibm_commentInsert2", "ibm_commentInsert3")
# What tells the kind of an entry.
_KIND_FIELDS = (
    *("ibm_messageId", "ibm_serverName", "ibm_version", "ibm_installationName", "ibm_processName", "ibm_userName"),
    *("host", "loglevel"),
)
_EMPTY = ("",) * len(_KIND_FIELDS)
_IDENTITY = compiled(r"([A-Z][A-Z0-9]{2,4}\d{4,5})([A-Z]?)")
_STATED = compiled(r"([A-Z][A-Z0-9]{2,4}\d{4,5})([A-Z]?): ?")
Record = dict[str, Any]


def text_of(value: Record, name: str) -> str:
    """The field of that name as text, also where it is a number; "" where it is missing or of another kind."""
    found = value.get(name)
    if isinstance(found, str):
        # JSON can name halves of characters, which no output takes.
        return found if found.isascii() else found.encode("utf-8", "replace").decode()
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def entry_of(value: Record, line: Line, source: str, *, complete: bool) -> LogEntry:
    """The entry that a record with fields of MQ is, which stands on `line` of the input named `source`.

    A cut one is not `complete`.
    """
    message, severity, words = message_of(value)
    inserts = _inserts_of(_printed(value))
    return LogEntry(
        message=message,
        text=words,
        location=Location(source, line.number, line.offset, len(line.data)),
        severity=severity or SEVERITIES.get(text_of(value, "loglevel").upper(), ""),
        utc=utc_time(text_of(value, "ibm_datetime")),
        process=process_id(text_of(value, "ibm_processId")),
        thread=_thread_of(value),
        user=mask(text_of(value, "ibm_userName")),
        program=mask(text_of(value, "ibm_processName")),
        host=mask(text_of(value, "host")),
        installation=mask(text_of(value, "ibm_installationName")),
        level=mask(text_of(value, "ibm_version")),
        queue_manager=mask(text_of(value, "ibm_serverName")) if message.startswith("AMQ") or not message else "",
        remote_host=mask(text_of(value, "ibm_remoteHost")),
        inserts=inserts,
        quoted=quoted(words),
        module=text_of(value, "module"),
        reason_code=stated_reason(message, inserts, words),
        complete=complete and bool(message),
    )


def message_of(value: Record) -> tuple[str, str, str]:
    """Message id, severity letter, and text without the id."""
    identity = _IDENTITY.fullmatch(text_of(value, "ibm_messageId"))
    words = " ".join(text_of(value, "message").split("\n")).strip()
    stated = _STATED.match(words)
    identity = identity or stated
    return (
        identity[1] if identity else "",
        identity[2] if identity else "",
        mask(words[stated.end() :] if stated else words),
    )


def _printed(value: Record) -> list[str]:
    """The other end, and inserts 1 to 5; an arithmetic insert that is not used is 0."""
    inserts = [text_of(value, name) for name in _INSERTS]
    return [text_of(value, "ibm_remoteHost"), *["" if insert == "0" else insert for insert in inserts]]


def _inserts_of(printed: Printed) -> dict[int, str]:
    return {number: mask(insert) for number, insert in enumerate(printed) if insert and number}


def _thread_of(value: Record) -> str:
    """Process and thread, "" when not told."""
    process, thread = process_id(text_of(value, "ibm_processId")), text_of(value, "ibm_threadId")
    return f"{process}.{thread}" if process is not None and thread else ""


class RecordScan:
    """Reads the lines of one log. Keeps what was worked out for fields that come again and again."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._dates, self._kinds = Dates(), Kinds()
        self._decode = json.JSONDecoder().raw_decode
        self._kind_of: dict[tuple[Any, ...], Kind] = {}

    def whole(self, line: Line) -> "ScannedRecord | None":
        """The entry on a line that is one record with a time and an id; None where it takes another look."""
        if line.cut or not line.data.startswith(BEGIN):
            return None
        try:
            text = line.data.decode()
            value, end = self._decode(text)
        except (ValueError, RecursionError):
            return None
        if text[end:].strip():
            return None
        kind, written = self._kind(value, line), value.get("ibm_datetime")
        moment = self._dates.utc(written) if kind and isinstance(written, str) else None
        return ScannedRecord(value, line, self._source, kind, moment) if kind and moment else None

    def _kind(self, value: Record, line: Line) -> Kind | None:
        key = tuple(map(value.get, _KIND_FIELDS, _EMPTY))
        try:
            return self._kind_of.get(key) or self._new_kind(key, value, line)
        except TypeError:
            # A field that should be a text is a list or an object.
            return None

    def _new_kind(self, key: tuple[Any, ...], value: Record, line: Line) -> Kind | None:
        if not all(isinstance(field, str) for field in key) or not re.fullmatch(r"AMQ\d{4,5}[A-Z]?", key[0]):
            return None
        if len(self._kind_of) >= MOST_KINDS:
            self._kind_of.clear()
        self._kind_of[key] = kind = self._kinds.of(entry_of(value, line, self._source, complete=True))
        return kind


class ScannedRecord(Scanned):
    """A whole record."""

    __slots__ = ("_line", "_printed", "_source", "_text", "_value", "kind", "line", "message", "moment")

    def __init__(self, value: Record, line: Line, source: str, kind: Kind, moment: Moment) -> None:
        self._value, self._line, self._source, self.kind, self.moment = value, line, source, kind, moment
        self.line, self.message = line.number, kind.message
        self._printed: list[str] = []

    @property
    def thread(self) -> str:
        """Process and thread."""
        return _thread_of(self._value)

    @property
    def inserts(self) -> dict[int, str]:
        """Number -> value."""
        return _inserts_of(self.printed())

    def printed(self) -> Printed:
        """RemoteHost, and inserts 1 to 5."""
        if not self._printed:
            self._printed = _printed(self._value)
        return self._printed

    @property
    def remote_host(self) -> str:
        """The other end."""
        return mask(text_of(self._value, "ibm_remoteHost"))

    @property
    def text(self) -> str:
        """The message's text."""
        if not hasattr(self, "_text"):
            self._text = message_of(self._value)[2]
        return self._text

    @property
    def quoted(self) -> tuple[str, ...]:
        """The texts in quotes."""
        return quoted(self.text)

    @property
    def reason_code(self) -> int | None:
        """The reason code stated."""
        if self.message not in reason_inserts() and "eason" not in text_of(self._value, "message"):
            return None
        return stated_reason(self.message, self.inserts, self.text)

    def full(self) -> LogEntry:
        """The entry with all its fields."""
        return entry_of(self._value, self._line, self._source, complete=True)
