"""Failure reports (FDC) of MQ and of its classes for Java: the headers, and what fdc_body lists of the rest."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import ConfigValue, Location, LogEntry
from mqtrace.model.failure_report import FailureReport
from mqtrace.readers.logs.fdc_body import Body
from mqtrace.readers.logs.fdc_header import Header, title
from mqtrace.readers.logs.log_chunks import chunks, decoded, lines, unified_head
from mqtrace.readers.tally import Tally

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST = timedelta(hours=15)
# A title stands near the begin of a file; one far behind other text is quoted by another kind of input.
_TITLE_ROOM = 4096
_INSERTS = {1: "Arith1", 2: "Arith2", 3: "Comment1", 4: "Comment2", 5: "Comment3"}


@cache
def _probe() -> re.Pattern[bytes]:
    return compiled(rb"^[ \t>|]*Probe ?I[dD]\s*:-", re.M)


@cache
def _message() -> re.Pattern[str]:
    return compiled(r"(AMQ\d{4,5})([IWEST]?)(?![A-Z0-9])")


@cache
def _process() -> re.Pattern[str]:
    """Process id on the line before a report of the classes for Java."""
    return compiled(r"\bPID:(\d{1,10})\s*$")


def sniff(head: bytes) -> bool:
    """Whether `head` begins with a failure report: its title in a box, or without one
    with the row of its probe behind it."""
    head = unified_head(head)
    found = title().search(head, 0, _TITLE_ROOM)
    return found is not None and (found[1] is not None or _probe().search(head, found.end()) is not None)


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """One entry a report. `text` is probe, component, error codes and comments; the comments are also inserts 3 to 5.

    `complete` is False where the header's end or its probe is missing, or rows of two reports are mixed.
    """
    for report in reports(source, tally):
        yield report.entry


def reports(source: Source, tally: Tally) -> Iterator[FailureReport]:
    """Every report with what may be kept of that which follows its header."""
    for header, body in _read(source, tally):
        entry = _entry(header, source.name)
        tally.records += 1
        tally.unparsed += not entry.message and not header.value("Probe Id", "ProbeID")
        inserts = [ConfigValue("", name, mask(header.value(name)), entry.location) for name in _INSERTS.values()]
        yield FailureReport(
            entry=entry,
            major=header.value("Major Errorcode"),
            inserts=tuple(insert for insert in inserts if insert.value),
            platform=header.value("Operating System"),
            stack=tuple(body.stack),
            calls=frozenset(body.calls),
            exits=tuple(body.exits),
            labels=tuple(body.labels),
            variables=tuple(body.variables),
        )


def _read(source: Source, tally: Tally) -> Iterator[tuple[Header, Body]]:
    header, body, process = None, Body(), ""
    for line in lines(chunks(source.stream, tally)):
        begin = title().search(line.data)
        if begin is not None:
            if header is not None:
                yield header, body
            header, body = Header(line, begin[1] is not None, process), Body()
        elif header is not None and not header.ended:
            header.take(decoded(line.data))
        else:
            text = decoded(line.data).rstrip("\r")
            body.take(text, Location(source.name, line.number, line.offset, len(line.data)))
            number = _process().search(text[-200:])
            if number or text.strip():
                process = number[1] if number else ""
    if header is not None:
        yield header, body


def _entry(header: Header, source: str) -> LogEntry:
    message = _message().search(header.value("Probe Description")) or _message().search(header.value("Probe Type"))
    utc = _utc(header)
    process = _number(header.value("Process") or header.process)
    thread = _number(header.value("Thread", "Thread-ID"))
    comments = "; ".join(
        header.values[name] for name in ("Comment1", "Comment2", "Comment3") if header.values.get(name)
    )
    codes = (header.value("Major Errorcode"), header.value("Minor Errorcode"))
    component = header.value("Component") or ".".join(
        filter(None, (header.value("Source Class"), header.value("Source Method")))
    )
    parts = (header.value("Probe Id", "ProbeID"), component, *codes, comments)
    return LogEntry(
        message=message[1] if message else "",
        text=mask(" ".join(part for part in parts if part)),
        location=Location(source, header.line.number, header.line.offset, len(header.line.data)),
        severity=message[2] if message else "",
        when=_local(header.value("Date/Time"), utc),
        utc=utc,
        process=process,
        thread=f"{process}.{thread}" if process is not None and thread is not None else "",
        user=header.value("UserID"),
        program=re.split(r"[/\\]", header.value("Program Name", "Process Name"))[-1],
        host=header.value("Host Name").partition(" ")[0],
        installation=header.value("Installation Name").partition(" ")[0],
        level=header.value("LVLS"),
        queue_manager=header.value("QueueManager", "Queue Manager"),
        inserts={
            number: mask(_insert(number, header.values[name]))
            for number, name in _INSERTS.items()
            if header.values.get(name)
        },
        module=_module(header),
        complete=header.closed
        and bool(header.value("Probe Id", "ProbeID"))
        and not header.mixed
        and not header.line.cut,
    )


def probe_of(text: str) -> str:
    """Probe, component and major error code with which the text of a report's entry begins; "" for other texts."""
    found = re.match(r"[A-Z]{2}\d{6} [A-Za-z_]\w{2,80}(?: [a-z]{3}[A-Z]_\w{1,80}| MQRC_\w{1,80})?(?= |$)", text)
    return found[0] if found else ""


def _insert(number: int, value: str) -> str:
    """Arithmetic inserts are written twice, "2 (0x2)"."""
    return value.partition(" ")[0] if number <= 2 else value


def _module(header: Header) -> str:
    name = re.split(r"[/\\]", header.value("Source filename"))[-1]
    number = header.value("Line Number")
    return f"{name}:{number}" if name and number else ""


def _number(text: str) -> int | None:
    match = re.match(r"\d{1,19}(?!\w)", text)
    return int(match[0]) if match else None


def _utc(header: Header) -> datetime | None:
    """UTC time of the seconds (of the classes for Java: milliseconds) since 1970 that the header states."""
    seconds = re.match(r"(\d{1,11})(?:\.(\d{1,6}))?(?!\d)", header.value("UTC Time", "UTC Time/Zone"))
    if seconds:
        return _EPOCH + timedelta(seconds=int(seconds[1]), microseconds=int((seconds[2] or "0").ljust(6, "0")))
    thousandths = re.match(r"\d{1,14}(?!\d)", header.value("System time"))
    return _EPOCH + timedelta(milliseconds=int(thousandths[0])) if thousandths else None


def _local(text: str, utc: datetime | None) -> datetime | None:
    """Local time as written ("Wed January 17 2024 13:28:24 UTC"), with the fraction of
    `utc`; None where both do not agree."""
    date = re.search(r"\b([A-Z][a-z]{2})[a-z]* (\d{1,2})\b", text[4:])
    clock = re.search(r"\b(\d\d):(\d\d):(\d\d)\b", text)
    year = re.search(r"\b(?:19|20)\d\d\b", text)
    if not (date and clock and year) or date[1] not in _MONTHS:
        return None
    try:
        when = datetime(
            int(year[0]), _MONTHS.index(date[1]) + 1, int(date[2]), int(clock[1]), int(clock[2]), int(clock[3])
        )
    except ValueError:
        return None
    if utc is None:
        return when
    when = when.replace(microsecond=utc.microsecond)
    return when if abs(when - utc.replace(tzinfo=None)) <= _FARTHEST else None
