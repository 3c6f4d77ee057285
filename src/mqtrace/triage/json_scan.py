"""Error logs in JSON, fast: a line that is one whole record is looked up field by field; all others go to the reader."""

import json
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from mqtrace.model import LogEntry
from mqtrace.readers.logs.errorlog_json import INSERTS, entry_of, line_entries, message_of, text_of
from mqtrace.readers.logs.log_chunks import Line, lines
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_reasons import reason_inserts, stated_reason
from mqtrace.readers.logs.log_secrets import masked
from mqtrace.readers.logs.log_wrapped import WrappedText
from mqtrace.triage.dates import Dates
from mqtrace.triage.seen import Front, Moment, ReadSeen, Seen, moment_of

BEGIN = b'{"ibm_messageId":"AMQ'


def json_entries(pieces: Iterable[bytes]) -> Iterator[Seen]:
    """The entries of the log that `pieces` make up, in its order: those that the reader gives."""
    wrapped = WrappedText("")
    dates = Dates()
    for line in lines(pieces):
        whole = _whole(line, dates)
        if whole is not None:
            yield from _read(wrapped.entries())
            yield whole
            continue
        found = line_entries(line, "", wrapped)
        if found or wrapped.is_full:
            yield from _read(wrapped.entries())
        yield from _read(found)
    yield from _read(wrapped.entries())


def _read(entries: Iterable[LogEntry]) -> Iterator[Seen]:
    return (ReadSeen(entry, moment_of(entry)) for entry in entries)


def _whole(line: Line, dates: Dates) -> "JsonSeen | None":
    if line.cut or not line.data.startswith(BEGIN):
        return None
    try:
        value = json.loads(line.data)
    except (ValueError, RecursionError):
        return None
    written = value.get("ibm_datetime")
    moment = dates.utc(written) if isinstance(written, str) else None
    return JsonSeen(value, line, moment) if moment else None


class JsonSeen:
    """A whole record."""

    def __init__(self, value: dict[str, Any], line: Line, moment: Moment) -> None:
        self._value, self._line = value, line
        self.moment = moment
        self.line = line.number
        identity = value["ibm_messageId"]
        self.message = identity.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") if isinstance(identity, str) else ""
        if not self.message[3:].isdecimal() or not 7 <= len(self.message) <= 8:
            self.message = self.entry.message

    @cached_property
    def entry(self) -> LogEntry:
        """All of it, as the reader gives it."""
        return entry_of(self._value, self._line, "", complete=True)

    @property
    def signature(self) -> str:
        """Not known: what decides stands in many fields."""
        return ""

    @property
    def severity(self) -> str:
        """Letter, "" when the id has none."""
        return self.entry.severity

    @property
    def process_thread(self) -> str:
        """Process and thread, "" when not told."""
        process, thread = text_of(self._value, "ibm_processId"), text_of(self._value, "ibm_threadId")
        return f"{process}.{thread}" if process.isdecimal() and thread else ""

    @property
    def front(self) -> Front:
        """Who wrote it."""
        value = self._value
        names = ("ibm_userName", "ibm_processName", "host", "ibm_installationName", "ibm_version", "ibm_serverName")
        return Front(*[text_of(value, name) for name in names])

    @cached_property
    def inserts(self) -> dict[int, str]:
        """Number -> value."""
        value = self._value
        return {number: masked(each) for number, name in enumerate(INSERTS, 1) if (each := text_of(value, name)) not in ("", "0")}

    def insert(self, number: int) -> str:
        """One insert, "" when the entry does not tell it."""
        return self.inserts.get(number, "")

    @property
    def remote_host(self) -> str:
        """The other end."""
        return text_of(self._value, "ibm_remoteHost")

    @cached_property
    def words(self) -> str:
        """The message's text."""
        return message_of(self._value)[2]

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
