"""AMQERR0n.json, Liberty's log and the console in JSON: one object a line, also inside those of a log shipper."""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import LogEntry
from mqtrace.readers.logs.errorlog_text import sniff as holds_text
from mqtrace.readers.logs.failure_forms import loudness
from mqtrace.readers.logs.json_scan import SEVERITIES, Record, RecordScan, entry_of, message_of, text_of
from mqtrace.readers.logs.liberty_log import message_of as message_of_liberty
from mqtrace.readers.logs.log_chunks import Line, chunks, decoded, lines, unified_head
from mqtrace.readers.logs.log_console import console_entry
from mqtrace.readers.logs.log_dates import utc_time
from mqtrace.readers.logs.log_wrapped import WrappedText
from mqtrace.readers.logs.scanned import Kinds, ReadEntry, Scanned
from mqtrace.readers.tally import Tally

# Where a log shipper puts the line that it carries.
_WRAPPERS = ("message", "log", "msg", "line", "MESSAGE")
# Fields with the level of a program's own record; what a shipper of logs carries has none.
_LEVELS = ("level", "severity", "lvl", "@l", "log.level")
_RECORD = compiled(
    rb"""\{\s{0,8}\\{0,8}"ibm_|"ibm_messageId\\{0,8}"\s{0,8}:"""
    rb"""|"type\\{0,8}"\s{0,8}:\s{0,8}\\{0,8}"(?:mq_(?:container)?log|liberty_)"""
)
# A string in a JSON object that holds a message or a header of a text log.
_WRAPPED = compiled(rb""""(?:message|log|msg|line|MESSAGE)"\s*:\s*"[^"]{0,400}?(?:AMQ\d{4,5}[A-Z]?: |- Process\(\d)""")
_BEGIN = compiled(r'\{\s*"(?=ibm_)')
_PAIR = compiled(
    r'"(ibm_\w{1,30}|host|loglevel|module|message)"\s*:\s*'
    r'(?:"((?>(?:[^"\\]|\\.)*))"|(-?\d+(?:\.\d+)?)(?=[,}\s]))'
)


def sniff(head: bytes) -> bool:
    """Whether `head` holds a line that is an object with fields of MQ's error log, or a string that holds an entry."""
    head = unified_head(head)
    if b"{" not in head:
        return False
    return _RECORD.search(head) is not None or any(
        _WRAPPED.search(line, line.index(b"{")) for line in head.split(b"\n") if b"{" in line
    )


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All entries of `source`, in its order; records that were cut come with `complete` False.

    `when` is None: such a log tells UTC only. Lines of the container's own programs are counted as lines only.
    """
    return (entry.full() for entry in scan(source, tally))


def scan(source: Source, tally: Tally) -> Iterator[Scanned]:
    """The same entries, with what is asked of them. Counts bytes, lines and entries."""
    records, text, kinds = RecordScan(source.name), WrappedText(source.name), Kinds()

    def read_in_full(entries: Iterable[LogEntry]) -> Iterator[Scanned]:
        for entry in entries:
            tally.records += 1
            tally.unparsed += not entry.message
            yield ReadEntry(entry, kinds)

    for line in lines(chunks(source.stream, tally)):
        record = records.whole(line)
        entries = [] if record else line_entries(line, source.name, text)
        if text.is_open and (record or entries or text.is_full):
            yield from read_in_full(text.entries())
        yield from read_in_full(entries)
        if record:
            tally.records += 1
            yield record
    yield from read_in_full(text.entries())


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


def _object_entries(value: Record, line: Line, source: str, text: WrappedText) -> list[LogEntry]:
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


def _of_liberty(value: Record, line: Line, source: str) -> LogEntry:
    entry = message_of_liberty(line, text_of(value, "message"), source)
    return replace(
        entry,
        message=entry.message or message_of(value)[0],
        severity=entry.severity or SEVERITIES.get(text_of(value, "loglevel").upper(), ""),
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


def _recovered(words: str) -> list[tuple[Record, bool]]:
    """The records of a line that is no JSON: whole ones, and what is left of those that were cut."""
    begins = [match.start() for match in _BEGIN.finditer(words)]
    first = _fragment(words[: begins[0] if begins else len(words)])
    # A record that lost its begin; a single pair is a line of one that is not printed on one line.
    found: list[tuple[Record, bool]] = [(first, False)] if len(first) > 2 else []
    for begin, end in pairwise([*begins, len(words)]):
        value = _loaded(words[begin:end].rstrip().rstrip(","))
        found.append((value, True) if isinstance(value, dict) else (_fragment(words[begin:end]), False))
    return found


def _fragment(words: str) -> Record:
    return {match[1]: (_loaded_string(match[2]) if match[3] is None else match[3]) for match in _PAIR.finditer(words)}


def _loaded_string(words: str) -> str:
    try:
        return str(json.loads(f'"{words}"', strict=False))
    except ValueError:
        return words
