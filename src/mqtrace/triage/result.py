"""What triage tells: rows, incidents, a chart over time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.evidence.failures import Failure
from mqtrace.model import InputRead
from mqtrace.triage.dates import settled
from mqtrace.triage.incidents import CauseGroup, IncidentEvent, folded
from mqtrace.triage.part import MOST_CELLS, Cell, PartResult, Question

_BURST_COUNT = 10
_BURST_TIMES = 6
_UNREAD = (
    "{what}, since another time is asked for; an entry that stands there out of its order is not counted. To have all "
    "of a log read, pipe it in:   cat FILE | mqtrace triage - --since ..."
)
# Weight (see weight_of) from which a cause counts as proved: certain, or likely and very specific. What all failures
# end in is below.
PROVED = 60


class KeyCount(Struct, frozen=True):
    """One value of the column counted by.

    Attributes:
        key: the value, "" for entries that have none.
        count: entries.
        first, last: ISO 8601; with "Z" where the entries tell UTC, else local time; "" where no entry tells a time.
        rate: entries an hour between first and last; None where these are the same.
        file, line: where an entry of the first day stands, the first of its input.
        hours: hour ("2021-03-17T07") -> entries; hours without entries are left out.
        bursts: the hours with at least 10 entries and 6 times the average of the other hours with entries.
        severity: letter of a message, "" where not known.
        is_new: not in the baseline; None without one.
    """

    key: str
    count: int
    first: str
    last: str
    rate: float | None
    file: str
    line: int
    hours: Mapping[str, int]
    bursts: tuple[str, ...] = ()
    severity: str = ""
    is_new: bool | None = None

    @property
    def name(self) -> str:
        """The value as it is shown, of a message with its severity letter."""
        return f"{self.key}{self.severity}" if self.key else "(none)"


class Incident(Struct, frozen=True):
    """All incidents of one cause.

    Attributes:
        cause, title: id and title of the cause; "" where no entry names one.
        count, entries: incidents, and the entries of all of them.
        first, last: as in Row.
        file, line: the entry that names the cause, in the first incident.
        messages, channels, addresses, queue_managers: the most frequent first; a chain of messages is joined by " > ".
        is_new: as in Row.
        is_proved: the entries name the cause itself, surely or closely; others come behind.
        hours: hour -> incidents that began in it, as in Row.
        events: the first of them, in the order of time.
    """

    cause: str
    title: str
    count: int
    entries: int
    first: str
    last: str
    file: str
    line: int
    messages: tuple[str, ...]
    channels: tuple[str, ...]
    addresses: tuple[str, ...]
    queue_managers: tuple[str, ...]
    is_proved: bool
    is_new: bool | None = None
    hours: Mapping[str, int] = field(default_factory=dict)
    events: tuple[IncidentEvent, ...] = ()


class Triage(Struct, frozen=True):
    """The whole answer.

    Attributes:
        by: the column counted by.
        rows: by falling count, then by key; of probes the newest first.
        incidents: the newest of the causes that are proved first; behind them the surest and most specific.
        inputs: what was read of each input.
        hours: hour -> entries of all rows.
        notes: sentences on what was left out.
        not_in_rows: entries that are counted in no row, because too many different values came before.
    """

    by: str
    rows: tuple[KeyCount, ...]
    incidents: tuple[Incident, ...]
    inputs: tuple[InputRead, ...]
    hours: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    not_in_rows: int = 0

    @property
    def entries(self) -> int:
        """Entries counted in rows."""
        return sum(row.count for row in self.rows)


class Gathering:
    """Adds up the parts of all inputs, in their order."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._cells: dict[tuple[str, str], Cell] = {}
        self._groups: dict[str, CauseGroup] = {}
        self._severities: dict[str, str] = {}
        self._not_kept = 0

    def add(self, name: str, parts: list[PartResult], line: int) -> PartResult:
        """Adds one input, given the parts of its ranges in order, and how many lines stand before them; gives its
        totals."""
        whole = joined(parts)
        days = settled(whole.days)
        for (key, day), cell in whole.cells.items():
            real = days.get(day, day)
            if real != day and not self._asks_for(real):
                continue
            cell.file, cell.line = name, cell.line + line
            known = self._cells.setdefault((key, real), cell)
            if known is not cell:
                known.merge(cell)
        for cause, group in whole.groups.items():
            group.place(name, days, line)
            self._groups.setdefault(cause, CauseGroup()).merge(group)
        for message, letter in whole.severities.items():
            self._severities.setdefault(message, letter)
        self._not_kept += whole.not_kept
        return whole

    def _asks_for(self, day: str) -> bool:
        since, until = self._question.since[:10], self._question.until[:10]
        return (not since or day >= since) and (not until or day[: len(until)] <= until)

    def result(self, inputs: Iterable[InputRead]) -> Triage:
        """The answer."""
        by = self._question.by
        cells: dict[str, list[tuple[str, Cell]]] = {}
        hours: dict[str, int] = {}
        for (key, day), cell in self._cells.items():
            cells.setdefault(_key(by, key, day), []).append((day, cell))
        rows = [_row(key, found, self._severity(key) if by == "message" else "") for key, found in cells.items()]
        for row in rows:
            for hour, count in row.hours.items():
                hours[hour] = hours.get(hour, 0) + count
        rows.sort(key=lambda row: (-row.count, row.key))
        if by == "probe":  # as ffstsummary lists failure reports
            rows.sort(key=lambda row: row.last, reverse=True)
        incidents = sorted(self._groups.items(), key=lambda each: _order(*each))
        found = tuple(_incident(cause, group) for cause, group in incidents)
        read = tuple(inputs)
        return Triage(
            by, tuple(rows), found, read, dict(sorted(hours.items())), tuple(self._notes(read)), self._not_kept
        )

    def _notes(self, inputs: tuple[InputRead, ...]) -> Iterator[str]:
        twins = _twins(inputs)
        if twins:
            names = twins[0] if len(twins) == 1 else f"{twins[0]} and {len(twins) - 1} more"
            yield (
                f"Entries of {names} may be counted twice: the same log is there as text and as JSON; give one of both."
            )
        left = [each for each in inputs if each.unread]
        if left:
            # Only of files a part is read, whose ends are known.
            count = sum((part.end or 0) - part.begin for each in left for part in each.unread)
            what = f"{count:,} bytes of {len(left):,} logs were not read (--format json lists them)"
            yield _UNREAD.format(what=what if len(left) > 1 else f"{left[0].source}: {left[0].note}")
        if self._not_kept:
            entries = "1 entry is" if self._not_kept == 1 else f"{self._not_kept:,} entries are"
            yield (
                f"{entries} in no row of the table: an input holds more than {MOST_CELLS:,} "
                f"different values of {self._question.by}"
                " (on different days)."
            )

    def _severity(self, message: str) -> str:
        from mqtrace.catalog.messages import message as known

        told = self._severities.get(message, "")
        info = known(message) if message and not told else None
        return told or (info.severity if info else "")


def _twins(inputs: Iterable[InputRead]) -> list[str]:
    """The logs that a queue manager wrote twice, as AMQERR01.LOG and AMQERR01.json, which hold the same entries."""
    kinds: dict[str, set[str]] = {}
    for each in inputs:
        if each.records:
            stem, _, suffix = each.source.rpartition(".")
            kinds.setdefault(stem, set()).add(f"{suffix.lower()} {each.kind}")
    return [f"{stem}.LOG" for stem, found in kinds.items() if found >= {"log errorlog-text", "json errorlog-json"}]


def joined(parts: list[PartResult]) -> PartResult:
    """The parts of the ranges of one input as one; lines count from the input's begin."""
    if len(parts) == 1:
        return parts[0]
    whole = PartResult()
    failures: list[tuple[int, list[tuple[Any, ...]]]] = []
    days: dict[str, None] = {}
    for part in parts:
        for key, cell in part.cells.items():
            cell.line += whole.lines
            known = whole.cells.setdefault(key, cell)
            if known is not cell:
                known.merge(cell)
        failures.append((whole.lines, part.failures))
        days.update(dict.fromkeys(part.days))
        whole.severities = part.severities | whole.severities
        whole.size += part.size
        whole.lines += part.lines
        whole.records += part.records
        whole.unparsed += part.unparsed
        whole.not_kept += part.not_kept
        whole.error = whole.error or part.error
    whole.days = list(days)
    whole.groups = folded(_failures(failures))
    return whole


def _failures(parts: list[tuple[int, list[tuple[Any, ...]]]]) -> Iterator[Failure]:
    """The failures of the parts, each with the lines before it."""
    for lines, failures in parts:
        for fields in failures:
            failure = Failure._make(fields)
            yield failure._replace(line=failure.line + lines)


def _key(by: str, key: str, day: str) -> str:
    if by == "day":
        return day
    return f"{day}T{key}" if by == "hour" and day else key


def _row(key: str, cells: list[tuple[str, Cell]], severity: str) -> KeyCount:
    dated = sorted(((day, cell) for day, cell in cells if day), key=lambda each: each[0])
    sample = dated[0][1] if dated else cells[0][1]
    first = f"{dated[0][0]}T{dated[0][1].first}" if dated else ""
    last = f"{dated[-1][0]}T{dated[-1][1].last}" if dated else ""
    counts = {f"{day}T{hour:02}": count for day, cell in dated for hour, count in enumerate(cell.hours)}
    hours = {hour: count for hour, count in counts.items() if count}
    count = sum(cell.count for _, cell in cells)
    return KeyCount(
        key, count, first, last, _rate(count, first, last), sample.file, sample.line, hours, _bursts(hours), severity
    )


def _rate(count: int, first: str, last: str) -> float | None:
    seconds = _seconds(last) - _seconds(first) if first and last else 0.0
    return round(count * 3600 / seconds, 3) if seconds > 0 else None


def _seconds(moment: str) -> float:
    from datetime import UTC, datetime

    return datetime.fromisoformat(moment.removesuffix("Z")).replace(tzinfo=UTC).timestamp()


def _bursts(hours: Mapping[str, int]) -> tuple[str, ...]:
    """Hours that stand out of the other hours with entries."""
    total, others = sum(hours.values()), len(hours) - 1
    if others < 2:
        return ()
    return tuple(
        hour
        for hour, count in sorted(hours.items())
        if count >= _BURST_COUNT and count >= _BURST_TIMES * (total - count) / others
    )


def _order(cause: str, group: CauseGroup) -> tuple[bool, bool, int, int, int, str]:
    """Causes that are proved come first, those of the newest day first and of these the most frequent.

    Then the others, the best proved first.
    """
    proved = group.weight >= PROVED
    newest = int(group.last[0][:10].replace("-", "") or 0) if proved else 0
    ranks = (-group.count, -group.weight) if proved else (-group.weight, -group.count)
    return not cause, not proved, -newest, *ranks, cause


def _incident(cause: str, group: CauseGroup) -> Incident:
    from mqtrace.catalog.causes import cause as known

    info = known(cause) if cause else None
    return Incident(
        cause,
        info.title if info else cause or "No entry names a cause.",
        group.count,
        group.entries,
        _moment(group.first),
        _moment(group.last),
        *group.sample,
        _most(group.chains),
        _most(group.channels),
        _most(group.addresses),
        _most(group.places),
        group.weight >= PROVED,
        hours={f"{day}T{hour}": count for (day, hour), count in sorted(group.hours.items()) if day},
        events=tuple(sorted(group.events, key=lambda each: (each.day, each.clock, each.file))),
    )


def _moment(moment: tuple[str, str]) -> str:
    return "T".join(moment) if moment[0] else ""


def _most(counts: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(counts, key=lambda name: (-counts[name], name))[:10])


def compared(found: Triage, rows: frozenset[str], causes: frozenset[str]) -> Triage:
    """The answer with what is new: not among the keys and causes of a baseline."""
    return replace(
        found,
        rows=tuple(replace(row, is_new=row.key not in rows) for row in found.rows),
        incidents=tuple(replace(each, is_new=each.cause not in causes) for each in found.incidents),
    )


def cleaned(found: Triage, clean: Callable[[str], str]) -> Triage:
    """The answer with every text of the inputs passed through `clean`, to be shown."""
    return replace(
        found,
        rows=tuple(replace(row, key=clean(row.key), file=clean(row.file)) for row in found.rows),
        incidents=tuple(_cleaned_incident(each, clean) for each in found.incidents),
        inputs=tuple(replace(each, source=clean(each.source)) for each in found.inputs),
    )


def _cleaned_incident(incident: Incident, clean: Callable[[str], str]) -> Incident:
    return replace(
        incident,
        file=clean(incident.file),
        channels=tuple(map(clean, incident.channels)),
        addresses=tuple(map(clean, incident.addresses)),
        queue_managers=tuple(map(clean, incident.queue_managers)),
        events=tuple(_cleaned_event(each, clean) for each in incident.events),
    )


def _cleaned_event(event: IncidentEvent, clean: Callable[[str], str]) -> IncidentEvent:
    return event._replace(
        file=clean(event.file),
        place=clean(event.place),
        channel=clean(event.channel),
        address=clean(event.address),
    )
