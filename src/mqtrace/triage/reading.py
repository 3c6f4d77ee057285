"""Reads one unit of work into a part."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import BinaryIO, cast

from mqtrace.inputs import Source
from mqtrace.inputs.failures import sentence_of
from mqtrace.readers import LogReader
from mqtrace.readers.logs.log_chunks import CHUNK_SIZE, chunks
from mqtrace.readers.tally import Tally
from mqtrace.triage.columns import BY
from mqtrace.triage.dates import EITHER
from mqtrace.triage.failures import FailureMaker
from mqtrace.triage.incidents import Incidents
from mqtrace.triage.part import HOURS, Cell, Part, Question, Unit
from mqtrace.triage.seen import ReadSeen, Seen, moment_of

MOST_CELLS = 200_000
TEXT, JSON = "logs.errorlog_text", "logs.errorlog_json"


def read_unit(unit: Unit, question: Question) -> Part:
    """The part that `unit` gives. What cannot be read is told by its `error`; raises nothing."""
    part = Part()
    tally = Tally()
    try:
        with _opened(unit.path) as stream:
            stream.seek(unit.begin)
            source = Source(unit.name, cast(BinaryIO, Limited(stream, unit.end - unit.begin)))
            with without_collector():
                fill(part, entries_of(unit.reader, source, tally), question, is_whole=unit.is_whole)
    except OSError as error:
        part.error = sentence_of(error)
    _count(part, tally)
    return part


@contextmanager
def without_collector() -> Iterator[None]:
    """Entries hold no cycles, so that the search for cycles, a tenth of the time, finds nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_stream(reader: str, source: Source, question: Question) -> Part:
    """The part that a source gives which can be read only once, front to back."""
    part = Part()
    tally = Tally()
    fill(part, entries_of(reader, source, tally), question, is_whole=True)
    _count(part, tally)
    part.error = source.error
    return part


def _opened(path: str) -> BinaryIO:
    from mqtrace.triage.remote import is_url, open_url

    return open_url(path) if is_url(path) else open(path, "rb")  # noqa: PTH123


def _count(part: Part, tally: Tally) -> None:
    part.size, part.lines = tally.size, tally.lines


class Limited:
    """The next `size` bytes of a stream."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left = stream, size

    def read(self, size: int = CHUNK_SIZE) -> bytes:
        """At most `size` bytes of them; b"" at their end."""
        piece = self._stream.read(min(size, self._left))
        self._left -= len(piece)
        return piece


def entries_of(reader: str, source: Source, tally: Tally) -> Iterator[Seen]:
    """The entries of a log, by the fast path for its kind where there is one."""
    if reader == TEXT:
        from mqtrace.triage.text_scan import TextScan, texts

        return TextScan().entries(texts(chunks(source.stream, tally)))
    if reader == JSON:
        from mqtrace.triage.json_scan import json_entries

        return json_entries(chunks(source.stream, tally))
    log = cast("LogReader", import_module(f"mqtrace.readers.{reader}"))
    return (ReadSeen(entry, moment_of(entry)) for entry in log.read(source, tally))


def fill(part: Part, entries: Iterable[Seen], question: Question, *, is_whole: bool) -> None:
    """Counts the entries into `part`. Its failures are folded into incidents only where the part is a whole file."""
    key_of = BY[question.by]
    maker, incidents = FailureMaker(), Incidents()
    cells, severities = part.cells, part.severities
    days: dict[str, None] = {}
    for seen in _asked(entries, question):
        day, clock = seen.moment
        if day not in days:
            days[day] = None
        key = (key_of(seen), day)
        cell = cells.get(key)
        if cell is None:
            if len(cells) >= MOST_CELLS:
                part.not_kept += 1
                continue
            cell = cells[key] = Cell(0, clock, clock, "", seen.line)
        cell.count += 1
        if clock:
            cell.hours[HOURS[clock[:2]]] += 1
            if clock < cell.first:
                cell.first = clock
            elif clock > cell.last:
                cell.last = clock
        message = seen.message
        part.records += 1
        if message not in severities:
            severities[message] = seen.severity
        if not message:
            part.unparsed += 1
        failure = maker.of(seen) if question.incidents else None
        if failure is None:
            continue
        if is_whole:
            incidents.take(failure)
        else:
            part.failures.append(tuple(failure))
    part.days = list(days)
    part.groups = incidents.finish()


def _asked(entries: Iterable[Seen], question: Question) -> Iterable[Seen]:
    """The entries of the time asked for. Of an ambiguous day nothing is left out yet."""
    if not (question.since or question.until):
        return entries
    return (seen for seen in entries if in_time(*seen.moment, question))


def in_time(day: str, clock: str, question: Question) -> bool:
    """Whether a moment is asked for; one that is not known is not."""
    if EITHER in day:
        return True
    moment = f"{day}T{clock}"
    return (
        bool(day)
        and moment[: len(question.since)] >= question.since
        and (not question.until or moment[: len(question.until)] <= question.until)
    )
