"""The managed .NET client's trace (AMQ<pid>.<n>.TRC). Grammar seen in traces of amqmdnetstd 9.3.0.0 on Linux."""

import re
from collections.abc import Iterator

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.trace_header import TraceHeader, parse_header
from mqtrace.readers.traces.trace_lines import Dialect, Selected, Selection, read_trace
from mqtrace.readers.traces.trace_text import text_head, text_source

CLIENT = "dotnet"

PREFIX = compiled(
    rb"""(?:[0-9A-Fa-f]{4,16}\ +)?                          # counter
    (?P<clock>\d\d:\d\d:\d\d\.\d{6})\ +
    (?P<thread>\d+\.\d+)\ +
    (?:!!\ -\ )?""",
    re.VERBOSE,
)
ROW = compiled(rb"0x(?P<offset>[0-9A-Fa-f]{8}) (?P<bytes>(?:[0-9A-Fa-f]{2} )+) *: ")
DIALECT = Dialect(PREFIX, ROW)
# A line of the class library itself: its source file stamps, or the way it writes a call.
MANAGED = compiled(rb"IBM\.WMQ\.|MQMBID sn=|CLR Version:|--[{}][ !] ?MQ\w+\.\w+\(")


def sniff(head: bytes) -> bool:
    """Whether these first bytes are a managed .NET trace: records without an ident, by the class library."""
    head = text_head(head)
    return bool(re.search(rb"^" + PREFIX.pattern, head, re.VERBOSE | re.MULTILINE)) and bool(MANAGED.search(head))


def header(head: bytes) -> TraceHeader:
    """The header in these first bytes. Its dates are day/month/year."""
    return parse_header(text_head(head).decode("utf-8", "replace").splitlines(), day_first=True)


def body(line: bytes) -> bytes:
    """The line without its prefix."""
    found = PREFIX.match(line)
    return line[found.end() if found else 0 :].rstrip(b"\r\n")


def read(source: Source, tally: Tally, selection: Selection) -> Iterator[Selected]:
    """The records that the selection hits."""
    return read_trace(text_source(source), tally, DIALECT, selection)
