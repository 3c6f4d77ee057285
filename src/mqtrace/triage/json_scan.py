"""Error logs in JSON, fast: a line that is one whole record is looked up field by field; all others go to the reader."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from mqtrace.masking import mask
from mqtrace.model import LogEntry
from mqtrace.readers.logs.errorlog_json import INSERTS, entry_of, line_entries, message_of, text_of
from mqtrace.readers.logs.log_chunks import Line, lines
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_reasons import reason_inserts, stated_reason
from mqtrace.readers.logs.log_wrapped import WrappedText
from mqtrace.triage.dates import Dates
from mqtrace.triage.seen import (
    MOST_KINDS,
    Kind,
    Kinds,
    Moment,
    Printed,
    ReadSeen,
    Seen,
    front_of,
    moment_of,
)

BEGIN = b'{"ibm_messageId":"AMQ'
# What tells the kind of an entry.
_KIND_FIELDS = (
    *("ibm_messageId", "ibm_serverName", "ibm_version", "ibm_installationName", "ibm_processName", "ibm_userName"),
    *("host", "loglevel"),
)
_EMPTY = ("",) * len(_KIND_FIELDS)


def json_entries(pieces: Iterable[bytes]) -> Iterator[Seen]:
    """The entries of the log that `pieces` make up, in its order: those that the reader gives."""
    wrapped = WrappedText("")
    scan = JsonScan()
    for line in lines(pieces):
        whole = scan.whole(line)
        if whole is not None:
            if wrapped.is_open:
                yield from scan.read(wrapped.entries())
            yield whole
            continue
        found = line_entries(line, "", wrapped)
        if found or wrapped.is_full:
            yield from scan.read(wrapped.entries())
        yield from scan.read(found)
    yield from scan.read(wrapped.entries())


class JsonScan:
    """Reads the lines of one log. Keeps what was worked out for fields that come again and again."""

    def __init__(self) -> None:
        self._dates, self._kinds = Dates(), Kinds()
        self._decode = json.JSONDecoder().raw_decode
        self._kind_of: dict[tuple[Any, ...], Kind] = {}

    def read(self, entries: Iterable[LogEntry]) -> Iterator[Seen]:
        """Entries that the reader gives."""
        return (ReadSeen(entry, moment_of(entry), self._kinds) for entry in entries)

    def whole(self, line: Line) -> "JsonSeen | None":
        """The entry on a line that is one record with a time and an id; None where it is for the reader."""
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
        return JsonSeen(value, line.number, kind, moment) if kind and moment else None

    def _kind(self, value: dict[str, Any], line: Line) -> Kind | None:
        key = tuple(map(value.get, _KIND_FIELDS, _EMPTY))
        try:
            return self._kind_of.get(key) or self._new_kind(key, value, line)
        except TypeError:
            # A field that should be a text is a list or an object.
            return None

    def _new_kind(self, key: tuple[Any, ...], value: dict[str, Any], line: Line) -> Kind | None:
        if not all(isinstance(each, str) for each in key) or not re.fullmatch(r"AMQ\d{4,5}[A-Z]?", key[0]):
            return None
        if len(self._kind_of) >= MOST_KINDS:
            self._kind_of.clear()
        entry = entry_of(value, line, "", complete=True)
        self._kind_of[key] = kind = self._kinds.of(entry.message, entry.severity, front_of(entry))
        return kind


class JsonSeen:
    """A whole record."""

    __slots__ = ("_printed", "_value", "_words", "kind", "line", "message", "moment")

    def __init__(self, value: dict[str, Any], line: int, kind: Kind, moment: Moment) -> None:
        self._value, self.line, self.kind, self.moment = value, line, kind, moment
        self.message = kind.message
        self._printed: list[str] = []

    @property
    def process_thread(self) -> str:
        """Process and thread, "" when not told."""
        process, thread = text_of(self._value, "ibm_processId"), text_of(self._value, "ibm_threadId")
        return f"{int(process)}.{thread}" if process.isdecimal() and len(process) < 20 and thread else ""

    @property
    def inserts(self) -> dict[int, str]:
        """Number -> value."""
        return {number: mask(value) for number, value in enumerate(self.printed()) if value and number}

    def printed(self) -> Printed:
        """RemoteHost, and inserts 1 to 5."""
        if not self._printed:
            value = self._value
            self._printed = [
                text_of(value, "ibm_remoteHost"),
                *["" if (each := text_of(value, name)) == "0" else each for name in INSERTS],
            ]
        return self._printed

    @property
    def remote_host(self) -> str:
        """The other end."""
        return text_of(self._value, "ibm_remoteHost")

    @property
    def words(self) -> str:
        """The message's text."""
        if not hasattr(self, "_words"):
            self._words = message_of(self._value)[2]
        return self._words

    @property
    def quoted(self) -> tuple[str, ...]:
        """The texts in quotes."""
        return quoted(self.words)

    @property
    def reason_code(self) -> int | None:
        """The reason code stated."""
        if self.message not in reason_inserts() and "eason" not in text_of(self._value, "message"):
            return None
        return stated_reason(self.message, self.inserts, self.words)
