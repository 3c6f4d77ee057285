"""The trace of the client for Java and JMS. Grammar seen in traces of com.ibm.mq.allclient 9.1 to 9.4.

A header names the process for all records behind it, and an existing file is appended to: several headers may stand in
one. The lines of an exception and the rows of a dump repeat the time and thread of their record.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.trace_header import TraceHeader
from mqtrace.readers.traces.trace_lines import Dialect, Selected, Selection, read_trace
from mqtrace.readers.traces.trace_text import text_head, text_source

KIND = "trace-java"
CLIENT = "java"

PREFIX = compiled(
    rb"""\[(?P<day>\d\d)/(?P<month>\d\d)/(?P<year>\d\d)\ (?P<clock>\d\d:\d\d:\d\d\.\d{3})
    \.(?P<number>[0-9A-Z]{2})\]\ +  # of the record within its moment, in base 36
    (?P<thread>[0-9A-Fa-f]{4,8})
    (?:\ +(?=(?:static|@[0-9a-f]{1,16})\ )|\ |(?=\r?$))""",
    re.VERBOSE | re.MULTILINE,
)
ROW = compiled(rb"0x(?P<offset>[0-9A-Fa-f]{8}) \( *\d+\) : (?P<bytes>(?:[0-9A-Fa-f]{2,8} +){1,16}): ")
# Object, class, and the depth: a sign a level.
CALL = compiled(
    rb"(?:static|@[0-9a-f]{1,16}) +\S+(?: \S+)? +(?P<dashes>[-+:]{0,200}) *(?P<sign>[{}])  (?P<name>[^\s(<,]{0,200})"
)
PROCESS = compiled(rb"Process ID: ?(?P<process>\d{1,10})\s*$")
DIALECT = Dialect(PREFIX, ROW, process=PROCESS, process_literal=b"Process ID:", call=CALL, nests=False, is_dated=True)

# The client's log, mqjms.log, begins alike, and its failure reports list the same properties.
HEADER = compiled(rb"^System properties(?: \(list may be incomplete|:\s*$)|^\|\s+sun\.java\.command\s+:-", re.MULTILINE)
FAILURE_REPORT = b"First Failure Symptom Report"

_WRITTEN_AT = compiled(r"Date: \w{3} (\w{3} \d\d \d\d:\d\d:\d\d) (\S{1,40}) (\d{4})\s*$", re.MULTILINE)
_PROCESS_LINE = compiled(r"^Process ID: ?(\d{1,10})\s*$", re.MULTILINE)
_LEVEL = compiled(r"^(?:MQ )?Build Level(?:=|: )(\d+(?:\.\d+)+)", re.MULTILINE)
_PROPERTY = compiled(r"^\| {1,8}(\S{1,100}) +:-  ([^\r\n]{0,400})", re.MULTILINE)


def sniff(head: bytes) -> bool:
    """Whether these first bytes are a trace of the Java client: its records, or its header."""
    head = text_head(head)
    if re.search(rb"^" + PREFIX.pattern, head, re.VERBOSE | re.MULTILINE):
        return True
    return FAILURE_REPORT not in head and HEADER.search(head) is not None


def header(head: bytes) -> TraceHeader:
    """The header in these first bytes. Of the command line only the program: arguments can hold passwords."""
    text = text_head(head).decode("utf-8", "replace")
    process, level, written = _PROCESS_LINE.search(text), _LEVEL.search(text), _WRITTEN_AT.search(text)
    properties = dict(_PROPERTY.findall(text))
    local = _moment(written[1], written[3]) if written else None
    return TraceHeader(
        program=properties.get("sun.java.command", "").split(" ")[0],
        process=int(process[1]) if process else None,
        user=properties.get("user.name", ""),
        platform=properties.get("os.name", ""),
        level=level[1] if level else "",
        day=local.date() if local else _first_day(head),
        began=local.hour * 3600 + local.minute * 60 + local.second if local else None,
        utc_offset=_utc_offset(local, written[2], properties.get("user.timezone", "")) if local and written else None,
    )


def _moment(text: str, year: str) -> datetime | None:
    try:
        return datetime.strptime(f"{text} {year}", "%b %d %H:%M:%S %Y")
    except ValueError:
        return None


def _first_day(head: bytes) -> date | None:
    """The date of the first record, where there is no header."""
    found = PREFIX.search(head)
    try:
        return date(2000 + int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def _utc_offset(local: datetime, zone: str, named: str) -> int | None:
    """Seconds that local time is ahead of UTC: in the zone of the property user.timezone; None for one not known."""
    if zone in ("UTC", "GMT"):
        return 0
    try:
        offset = local.replace(tzinfo=ZoneInfo(named)).utcoffset()
    except (ValueError, OSError):
        return None
    return int(offset.total_seconds()) if offset is not None else None


def body(line: bytes) -> bytes:
    """The line without its prefix."""
    found = PREFIX.match(line)
    return line[found.end() if found else 0 :].rstrip(b"\r\n")


def read(source: Source, tally: Tally, selection: Selection) -> Iterator[Selected]:
    """The records that the selection hits; threads are "pid.tid", ".tid" behind no header."""
    return read_trace(text_source(source), tally, DIALECT, selection)
