"""What a container's queue manager prints on its console in the form "basic": one line a message.

The form is that of mq-container, cmd/runmqserver/logging.go: UTC time, message, and the inserts in square brackets.
Messages of Liberty, on which mqweb runs, and lines of the container's own programs stand between them.
"""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.liberty_log import message_on
from mqtrace.readers.logs.log_chunks import Line, chunks, decoded, lines, unified_head
from mqtrace.readers.logs.log_dates import utc_time
from mqtrace.readers.logs.log_fields import quoted
from mqtrace.readers.logs.log_reasons import stated_reason
from mqtrace.readers.tally import Tally

_NUMBERS = {"ArithInsert1": 1, "ArithInsert2": 2, "CommentInsert1": 3, "CommentInsert2": 4, "CommentInsert3": 5}
_MESSAGE = compiled(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z[ \t]+AMQ\d{4,5}[A-Z]?: ")
_LINE = compiled(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)[ \t]+(AMQ\d{4,5})([A-Z]?): (.*?)[ \t\r]*$", re.S)
_INSERT_BEGIN = compiled(r"(?: \[|, )(ArithInsert[12]|CommentInsert[123])\(")


def sniff(head: bytes) -> bool:
    """Whether `head` holds a message of such a console."""
    head = unified_head(head)
    return _MESSAGE.search(head) is not None and not head.lstrip().startswith(b"{")


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All messages of `source`, in its order. Lines that are no message of MQ are counted as lines only."""
    for line in lines(chunks(source.stream, tally)):
        entry = console_entry(line, source.name)
        if entry is not None:
            tally.records += 1
            yield entry


def console_entry(line: Line, source: str) -> LogEntry | None:
    """The message of MQ or Liberty on `line` of the input named `source`; None where it holds none."""
    if b"Z" not in line.data or _MESSAGE.search(line.data) is None:
        return _of_liberty(line, source)
    match = _LINE.search(decoded(line.data))
    if match is None:
        return None
    time, message, severity, rest = match.groups()
    words, inserts = _split(rest)
    words = mask(words.replace("\\n", " ").strip())
    return LogEntry(
        message=message,
        text=words,
        location=Location(source, line.number, line.offset, len(line.data)),
        severity=severity,
        utc=utc_time(time),
        inserts=inserts,
        quoted=quoted(words),
        reason_code=stated_reason(message, inserts, words),
        complete=not line.cut,
    )


_TIME = compiled(r"[ \t]*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)[ \t]+")
# An id that one of Liberty can be.
_LIBERTY = compiled(rb"[A-Z][A-Z0-9]{3,4}\d{4}[AIWEF]: ")


def _of_liberty(line: Line, source: str) -> LogEntry | None:
    if _LIBERTY.search(line.data) is None:
        return None
    text = decoded(line.data)
    time = _TIME.match(text)
    entry = message_on(line, text[time.end() :] if time else text, source)
    return replace(entry, utc=utc_time(time[1])) if entry and time else entry


def _split(text: str) -> tuple[str, dict[int, str]]:
    """The message and its inserts. A value may hold commas and brackets: it ends where the next insert begins."""
    begins = list(_INSERT_BEGIN.finditer(text)) if text.endswith(")]") else []
    first = next((index for index, begin in enumerate(begins) if begin[0].startswith(" [")), None)
    if first is None:
        return text, {}
    begins = begins[first:]
    ends = [begin.start() for begin in begins[1:]] + [len(text) - 1]
    return text[: begins[0].start()], {
        _NUMBERS[begin[1]]: mask(text[begin.end() : end].removesuffix(")"))
        for begin, end in zip(begins, ends, strict=True)
    }
