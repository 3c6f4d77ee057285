"""Exceptions of MQ that a trace shows as they are thrown, as entries of the log that a program would print them to."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mqtrace.model import Fact, LogEntry
from mqtrace.readers.logs.application_log import failures
from mqtrace.readers.logs.log_chunks import Line

THROWN = "thrown"


def thrown_entries(facts: Iterable[Fact], process: int | None) -> Iterator[LogEntry]:
    """The entry of each exception of the process, with the thread that threw it."""
    for fact in facts:
        if fact.name == THROWN:
            line = Line(fact.location.line, fact.location.offset, fact.value.encode(), cut=False)
            for entry in failures([line], fact.location.source):
                yield replace(entry, location=fact.location, process=process, thread=fact.thread)
