"""The C client's formatted trace (.FMT, on Windows .TRC). Grammar from published excerpts
of several versions; no whole file is public.

The prefix of a line is read by its parts, never by columns: counter, flag and ident come and go with platform and
version.
"""

import re
from collections.abc import Iterator

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.trace_header import TraceHeader, parse_header
from mqtrace.readers.traces.trace_lines import Dialect, Selected, Selection, read_trace
from mqtrace.readers.traces.trace_text import text_head, text_source

CLIENT = "c"

PREFIX = compiled(
    rb"""[\ *]?                                         # flag, UNIX only
    (?:[0-9A-Fa-f]{4,16}\ +)?                              # counter, Windows up to 9.0
    (?P<clock>\d\d:\d\d:\d\d\.\d{6})\ +
    (?P<thread>\d+\.\d+)
    (?:\ +(?:[A-Z<>][A-Z0-9]{0,9}:[0-9a-f]{1,9}|:)(?=\ |\r|$))?  # ident, hexadecimal number; absent before version 7
    \ *(?:!!\ -\ )?""",
    re.VERBOSE,
)
ROW = compiled(rb"0x(?P<offset>[0-9A-Fa-f]{4,8}): {1,2}(?P<bytes>(?:[0-9A-Fa-f]{2} ?){1,64}) *\|")
# The formatter can write a call's nest level as three digits instead of dashes, and an APAR behind a function's name.
_LEVEL = compiled(rb"(?P<level>\d{3}) ?(?=[{}])")
_APAR = compiled(rb"(?<=\w) \[I[A-Z]\d{5}\](?= |$)")


def plain(body: bytes) -> bytes:
    """A line's body as most are written: dashes for the nest level of a call, and no APAR."""
    if body[:1].isdigit():
        found = _LEVEL.match(body)
        body = b"-" * int(found["level"]) + body[found.end() :] if found else body
    return _APAR.sub(b"", body, count=1) if body[:1] in b"-{}" and b" [I" in body else body


DIALECT = Dialect(PREFIX, ROW, plain)
# A call, an environment read or a header record: what tells a trace of MQ from another program's log with the same
# times.
CALL = rb"(?:-*|\d{3}\ ?)(?:\{\ {1,2}|\}[\ !]\ ?)[A-Za-z_]\w+"
TITLE = compiled(rb"^(?:Counter +)?Time[Ss]tamp +(?:Process\.Thread|PID\.TID) ", re.MULTILINE)
RECORD = compiled(
    rb"^(?:" + PREFIX.pattern + rb")(?:" + CALL + rb"|xcs\w+\[|Header\.v|MQI:MQ|0x[0-9A-Fa-f]{4}:|->\ )",
    re.VERBOSE | re.MULTILINE,
)


def sniff(head: bytes) -> bool:
    """Whether these first bytes are a formatted C trace: its column titles, or records
    with calls, dumps or environment reads."""
    head = text_head(head)
    return bool(TITLE.search(head) or RECORD.search(head))


def header(head: bytes) -> TraceHeader:
    """The header in these first bytes: boxed, written as records, or plain. Its dates are month/day/year."""
    lines = []
    for line in text_head(head).splitlines()[:120]:
        found = PREFIX.match(line)
        lines.append(line[found.end() if found else 0 :].decode("utf-8", "replace"))
    return parse_header(lines, day_first=False)


def body(line: bytes) -> bytes:
    """The line without its prefix."""
    found = PREFIX.match(line)
    return plain(line[found.end() if found else 0 :].rstrip(b"\r\n"))


def read(source: Source, tally: Tally, selection: Selection) -> Iterator[Selected]:
    """The records that the selection hits."""
    return read_trace(text_source(source), tally, DIALECT, selection)
