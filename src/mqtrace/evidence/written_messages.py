"""What a trace shows that a log would have: exceptions of MQ as they are thrown, and messages that the client wrote, of
which a trace has the inserts and not the words.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from mqtrace.model import Fact, LogEntry

WRITTEN, NUMBER, TEXT = "message.written", "message.number", "message.text"
THROWN = "thrown"
# Numbers are the inserts 1 and 2, texts 3 to 5, as in the records of a log.
_FIRST = {NUMBER: 1, TEXT: 3}
_LAST = {NUMBER: 2, TEXT: 5}


def written_messages(facts: Iterable[Fact], program: str) -> tuple[LogEntry, ...]:
    """The entries that the client wrote, each with the inserts that follow its number in the trace."""
    entries: list[LogEntry] = []
    for fact in facts:
        if fact.name == WRITTEN:
            # Without the process: what the client's functions returned tells more surely why the call failed.
            entries.append(LogEntry(fact.value, "", fact.location, thread=fact.thread, program=program))
        elif fact.name in _FIRST and entries and entries[-1].thread == fact.thread:
            entries[-1] = _with_insert(entries[-1], fact)
    return tuple(entries)


def _with_insert(entry: LogEntry, fact: Fact) -> LogEntry:
    free = (number for number in range(_FIRST[fact.name], _LAST[fact.name] + 1) if number not in entry.inserts)
    number = next(free, None)
    return replace(entry, inserts={**entry.inserts, number: fact.value}) if number else entry


def thrown_entries(facts: Iterable[Fact], process: int | None) -> Iterator[LogEntry]:
    """The entry of each exception of the process, with the thread that threw it, as a program would print it."""
    thrown = [fact for fact in facts if fact.name == THROWN]
    if not thrown:
        return
    from mqtrace.readers.logs.application_log import failures
    from mqtrace.readers.logs.log_chunks import Line

    for fact in thrown:
        line = Line(fact.location.line, fact.location.offset, fact.value.encode(), cut=False)
        for entry in failures([line], fact.location.source):
            yield replace(entry, location=fact.location, process=process, thread=fact.thread)
