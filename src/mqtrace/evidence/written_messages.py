"""Messages that a client wrote to its log while it was traced: its trace has their inserts, and not their words."""

from collections.abc import Iterable

from msgspec.structs import replace

from mqtrace.model import Fact, LogEntry

WRITTEN, NUMBER, TEXT = "message.written", "message.number", "message.text"
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
