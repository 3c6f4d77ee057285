"""AMQERR0n.json, Liberty's log in JSON and the container console in JSON: one object a line, also inside the objects of a log shipper."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

from mqtrace.inputs import Source
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.errorlog_text import sniff as holds_text
from mqtrace.readers.logs.failure_forms import loudness
from mqtrace.readers.logs.liberty_log import message_of as message_of_liberty
from mqtrace.readers.logs.log_chunks import Line, chunks, decoded, lines, unified_head
from mqtrace.readers.logs.log_console import console_entry
from mqtrace.readers.logs.log_dates import utc_time
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_reasons import stated_reason
from mqtrace.readers.logs.log_wrapped import WrappedText
from mqtrace.readers.tally import Tally

KIND = "errorlog-json"
# Where a log shipper puts the line that it carries.
# Fields with the level of a program's own record; what a shipper of logs carries has none.
_LEVELS = ("level", "severity", "lvl", "@l", "log.level")
_WRAPPERS = ("message", "log", "msg", "line", "MESSAGE")
_SEVERITIES = {"INFO": "I", "WARNING": "W", "WARN": "W", "ERROR": "E", "SEVERE": "S", "TERMINATION": "T", "AUDIT": "I"}
# The fields of inserts 1 to 5, in order: 1 and 2 arithmetic, 3 to 5 comment.
INSERTS = ("ibm_arithInsert1", "ibm_arithInsert2", "ibm_commentInsert1", "ibm_commentInsert2", "ibm_commentInsert3")
_Object = dict[str, Any]


@cache
def _record() -> re.Pattern[bytes]:
    return re.compile(
        rb"""\{\s{0,8}\\{0,8}"ibm_|"ibm_messageId\\{0,8}"\s{0,8}:|"type\\{0,8}"\s{0,8}:\s{0,8}\\{0,8}"(?:mq_(?:container)?log|liberty_)"""
    )


@cache
def _wrapped() -> re.Pattern[bytes]:
    """A string in a JSON object that holds a message or a header of a text log."""
    return re.compile(
        rb""""(?:message|log|msg|line|MESSAGE)"\s*:\s*"[^"]{0,400}?(?:AMQ\d{4,5}[A-Z]?: |- Process\(\d)"""
    )


@cache
def _begin() -> re.Pattern[str]:
    return re.compile(r'\{\s*"(?=ibm_)')


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(
        r'"(ibm_\w{1,30}|host|loglevel|module|message)"\s*:\s*(?:"((?>(?:[^"\\]|\\.)*))"|(-?\d+(?:\.\d+)?)(?=[,}\s]))'
    )


def sniff(head: bytes) -> bool:
    """Whether `head` holds a line that is an object with fields of MQ's error log, or with a string that holds an entry."""
    head = unified_head(head)
    if b"{" not in head:
        return False
    return _record().search(head) is not None or any(
        _wrapped().search(line, line.index(b"{")) for line in head.split(b"\n") if b"{" in line
    )


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All entries of `source`, in its order; records that were cut come with `complete` False.

    `when` is None: such a log tells UTC only. Lines of the container's own programs are counted as lines only.
    """
    for entry in _entries(lines(chunks(source.stream, tally)), source.name):
        tally.records += 1
        tally.unparsed += not entry.message
        yield entry


def _entries(read_lines: Iterator[Line], source: str) -> Iterator[LogEntry]:
    text = WrappedText(source)
    for line in read_lines:
        found = line_entries(line, source, text)
        if found:
            yield from text.entries()
            yield from found
        elif text.is_full:
            yield from text.entries()
    yield from text.entries()


def line_entries(line: Line, source: str, text: WrappedText) -> list[LogEntry]:
    """The entries on one line; what an object of a shipper carries of a text log is added to `text` instead."""
    if b"{" not in line.data and b'"ibm_' not in line.data:
        entry = console_entry(line, source)
        return [entry] if entry else []
    words = decoded(line.data).lstrip("\ufeff")
    value = _loaded(words)
    if value is None:
        return [entry_of(each, line, source, complete=complete) for each, complete in _recovered(words)]
    objects = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
    return [entry for each in objects for entry in _object_entries(each, line, source, text)]


def _loaded(words: str) -> Any:
    """The value that `words` are from their first brace on; None where they are none."""
    begin = words.find("{")
    begin = words.find("[") if words.lstrip().startswith("[") else begin
    try:
        return json.loads(words[begin:])
    except (ValueError, RecursionError):
        return None


def _object_entries(value: _Object, line: Line, source: str, text: WrappedText) -> list[LogEntry]:
    if str(value.get("type")).startswith("liberty_"):
        return [_of_liberty(value, line, source)]
    if "ibm_messageId" in value:
        return [entry_of(value, line, source, complete=not line.cut)]
    nested = next((each for each in value.values() if isinstance(each, dict) and "ibm_messageId" in each), None)
    if nested is not None:
        return [entry_of(nested, line, source, complete=True)]
    carried = next((each for name in _WRAPPERS if isinstance(each := value.get(name), str)), "")
    if not carried or any(loudness(f"{name}={value.get(name)}") == "quiet" for name in _LEVELS):
        return []
    return _carried_entries(carried, line, source, text)


def _of_liberty(value: _Object, line: Line, source: str) -> LogEntry:
    entry = message_of_liberty(line, text_of(value, "message"), source)
    return replace(
        entry,
        message=entry.message or message_of(value)[0],
        severity=entry.severity or _SEVERITIES.get(text_of(value, "loglevel").upper(), ""),
        utc=utc_time(text_of(value, "ibm_datetime")),
        host=text_of(value, "host"),
        module=text_of(value, "module"),
    )


def _carried_entries(carried: str, line: Line, source: str, text: WrappedText) -> list[LogEntry]:
    if '"ibm_messageId"' in carried:
        inner = _loaded(carried)
        records = [(inner, True)] if isinstance(inner, dict) else _recovered(carried)
        return [entry_of(each, line, source, complete=complete) for each, complete in records]
    raw = carried.encode("utf-8", "replace")
    entry = console_entry(line._replace(data=raw), source)
    if entry is not None:
        return [entry]
    if text.is_open or holds_text(raw):
        text.add(raw, line.number, line.offset)
    return []


def _recovered(words: str) -> list[tuple[_Object, bool]]:
    """The records of a line that is no JSON: whole ones, and what is left of those that were cut."""
    begins = [match.start() for match in _begin().finditer(words)]
    first = _fragment(words[: begins[0] if begins else len(words)])
    # A record that lost its begin; a single pair is a line of one that is not printed on one line.
    found: list[tuple[_Object, bool]] = [(first, False)] if len(first) > 2 else []
    for begin, end in pairwise([*begins, len(words)]):
        value = _loaded(words[begin:end].rstrip().rstrip(","))
        found.append((value, True) if isinstance(value, dict) else (_fragment(words[begin:end]), False))
    return found


def _fragment(words: str) -> _Object:
    return {match[1]: (_loaded_string(match[2]) if match[3] is None else match[3]) for match in _pair().finditer(words)}


def _loaded_string(words: str) -> str:
    try:
        return str(json.loads(f'"{words}"', strict=False))
    except ValueError:
        return words


def text_of(value: _Object, name: str) -> str:
    """The field of that name as text, also where it is a number; "" where it is missing or of another kind."""
    found = value.get(name)
    if isinstance(found, str):
        # JSON can name halves of characters, which no output takes.
        return found if found.isascii() else found.encode("utf-8", "replace").decode()
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def entry_of(value: _Object, line: Line, source: str, *, complete: bool) -> LogEntry:
    """The entry that a record with fields of MQ is, found on `line` of the input named `source`; `complete` is False for a cut record."""
    message, severity, words = message_of(value)
    inserts = {
        number: mask(each) for number, name in enumerate(INSERTS, 1) if (each := text_of(value, name)) not in ("", "0")
    }
    process, thread = text_of(value, "ibm_processId"), text_of(value, "ibm_threadId")
    pid = int(process) if process.isdecimal() and len(process) < 20 else None
    return LogEntry(
        message=message,
        text=words,
        location=Location(source, line.number, line.offset, len(line.data)),
        severity=severity or _SEVERITIES.get(text_of(value, "loglevel").upper(), ""),
        utc=utc_time(text_of(value, "ibm_datetime")),
        process=pid,
        thread=f"{pid}.{thread}" if pid is not None and thread else "",
        user=text_of(value, "ibm_userName"),
        program=text_of(value, "ibm_processName"),
        host=text_of(value, "host"),
        installation=text_of(value, "ibm_installationName"),
        level=text_of(value, "ibm_version"),
        queue_manager=text_of(value, "ibm_serverName") if message.startswith("AMQ") or not message else "",
        remote_host=text_of(value, "ibm_remoteHost"),
        inserts=inserts,
        quoted=quoted(words),
        module=text_of(value, "module"),
        reason_code=stated_reason(message, inserts, words),
        complete=complete and bool(message),
    )


def message_of(value: _Object) -> tuple[str, str, str]:
    """Message id, severity letter, and text without the id."""
    identity = re.fullmatch(r"([A-Z][A-Z0-9]{2,4}\d{4,5})([A-Z]?)", text_of(value, "ibm_messageId"))
    words = " ".join(text_of(value, "message").split("\n")).strip()
    stated = re.match(r"([A-Z][A-Z0-9]{2,4}\d{4,5})([A-Z]?): ?", words)
    identity = identity or stated
    return (
        identity[1] if identity else "",
        identity[2] if identity else "",
        mask(words[stated.end() :] if stated else words),
    )
