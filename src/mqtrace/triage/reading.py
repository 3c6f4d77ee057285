"""Reads one unit of work into a part."""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import BinaryIO, cast

from mqtrace.evidence.failures import Failure, FailureMaker, channel_named
from mqtrace.inputs import Source
from mqtrace.inputs.failures import sentence_of
from mqtrace.readers import LogReader
from mqtrace.readers.logs.fdc import probe_of
from mqtrace.readers.logs.log_chunks import CHUNK_SIZE
from mqtrace.readers.logs.log_order import settled
from mqtrace.readers.logs.scanned import EITHER, MOST_KINDS, Kind, Scanned, scanned
from mqtrace.readers.tally import Tally
from mqtrace.triage.incidents import Incidents, weight_of
from mqtrace.triage.part import HOURS, MOST_CELLS, Cell, PartResult, Question, Unit

TEXT, JSON = "logs.errorlog_text", "logs.errorlog_json"
# What entries can be counted by: what the kind of one tells alone, and the rest.
BY_KIND: dict[str, Callable[[Kind], str]] = {
    "message": lambda kind: kind.message,
    "host": lambda kind: kind.front.host,
    "user": lambda kind: kind.front.user,
    "queue-manager": lambda kind: kind.front.queue_manager,
    "program": lambda kind: kind.front.program,
    "day": lambda _: "",
}
BY_ENTRY: dict[str, Callable[[Scanned], str]] = {
    "reason": lambda entry: str(entry.reason_code or ""),
    "channel": channel_named,
    "probe": lambda entry: probe_of(entry.text),
    "hour": lambda entry: entry.moment[1][:2],
}


def read_unit(unit: Unit, question: Question) -> PartResult:
    """The part that `unit` gives. What cannot be read is told by its `error`; raises nothing."""
    part = PartResult()
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


def read_stream(reader: str, source: Source, question: Question) -> PartResult:
    """The part that a source gives which can be read only once, front to back."""
    part = PartResult()
    tally = Tally()
    fill(part, entries_of(reader, source, tally), question, is_whole=True)
    _count(part, tally)
    part.error = source.error
    return part


def _opened(path: str) -> BinaryIO:
    from mqtrace.triage.remote import is_url, open_url

    return open_url(path) if is_url(path) else open(path, "rb")  # noqa: PTH123


def _count(part: PartResult, tally: Tally) -> None:
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


def entries_of(reader: str, source: Source, tally: Tally) -> Iterator[Scanned]:
    """The entries of a log, of which `reader` is the name of the reader."""
    return scanned(cast("LogReader", import_module(f"mqtrace.readers.{reader}")), source, tally)


def fill(part: PartResult, entries: Iterable[Scanned], question: Question, *, is_whole: bool) -> None:
    """Counts the entries into `part`. Its failures are folded into incidents only where the part is a whole file."""
    by_kind, by_entry = BY_KIND.get(question.by), BY_ENTRY.get(question.by)
    maker, incidents = FailureMaker(weight_of), Incidents()
    failure_of = maker.of if question.incidents else None
    take: Callable[[Failure], None] = (
        incidents.take if is_whole else lambda failure: part.failures.append(tuple(failure))
    )
    # The cells of a day again, by what is at hand: most entries are of a kind, and of a day, that came before.
    at_hand: dict[str, dict[Kind | str, Cell]] = {}
    of_day: dict[Kind | str, Cell] = {}
    day, spill = "", Cell()
    for entry in _asked(entries, question):
        written, clock = entry.moment
        if written != day or not at_hand:
            day = written
            of_day = at_hand.setdefault(day, {})
        slot = by_entry(entry) if by_entry else entry.kind
        cell = of_day.get(slot)
        if cell is None:
            key = by_kind(entry.kind) if by_kind else str(slot)
            cell = _cell(part, (key, day), entry) or spill
            _remember(of_day, slot, cell)
        cell.count += 1
        if clock:
            cell.hours[HOURS[clock[:2]]] += 1
            if clock > cell.last:
                cell.last = clock
            elif clock < cell.first:
                cell.first = clock
        part.unparsed += not entry.message
        failure = failure_of(entry) if failure_of else None
        if failure is not None:
            take(failure)
    part.days = list(at_hand)
    incidents.finish()
    part.groups = incidents.groups
    part.not_kept = spill.count
    part.records = sum(cell.count for cell in part.cells.values()) + spill.count


def _remember(of_day: dict[Kind | str, Cell], slot: Kind | str, cell: Cell) -> None:
    if len(of_day) >= MOST_KINDS:
        of_day.clear()
    of_day[slot] = cell


def _cell(part: PartResult, key: tuple[str, str], entry: Scanned) -> Cell | None:
    """The cell of a key and day; None where there are too many already."""
    cell = part.cells.get(key)
    if cell is None and len(part.cells) < MOST_CELLS:
        clock = entry.moment[1]
        cell = part.cells[key] = Cell(0, clock, clock, "", entry.line)
        part.severities.setdefault(entry.message, entry.kind.severity)
    return cell


def _asked(entries: Iterable[Scanned], question: Question) -> Iterable[Scanned]:
    """The entries of the time asked for; an ambiguous day is told by its neighbours, else either will do."""
    if not (question.since or question.until):
        return entries
    return (entry for entry in settled(entries) if in_time(*entry.moment, question))


def in_time(day: str, clock: str, question: Question) -> bool:
    """Whether a moment is asked for; one that is not known is not."""
    if EITHER in day:
        return any(in_time(each, clock, question) for each in day.split(EITHER))
    moment = f"{day}T{clock}"
    return (
        bool(day)
        and moment[: len(question.since)] >= question.since
        and (not question.until or moment[: len(question.until)] <= question.until)
    )
