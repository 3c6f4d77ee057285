"""Events of logs to incidents: the entries of one event count once, under the cause that names it best."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from msgspec import Struct, field

from mqtrace.evidence.conversations import Threads
from mqtrace.evidence.failures import NO_WEIGHT, Failure

_DISTINCT = 2000
_EVENTS, _ENTRIES = 30, 12


class IncidentEvent(NamedTuple):
    """One incident.

    Attributes:
        day, clock: of its first entry.
        file: name of the input, "" until the inputs are put together.
        place, channel, address: the queue manager, the channel and the other end, "" when not told.
        entries: message and line of its first entries, in order.
    """

    day: str
    clock: str
    file: str
    place: str
    channel: str
    address: str
    entries: tuple[tuple[str, int], ...]

    @property
    def when(self) -> str:
        """ISO 8601, as in Incident.first."""
        return f"{self.day}T{self.clock}" if self.day else ""


@cache
def weight_of(cause_id: str, confidence: str) -> int:
    """As the rules weigh a cause: what is proved before what is likely, then the most specific."""
    from mqtrace.catalog.causes import cause
    from mqtrace.rules import CONFIDENCE_WEIGHT

    info = cause(cause_id)
    return CONFIDENCE_WEIGHT[confidence] + (info.specificity if info else 0)


def _best(failures: Sequence[Failure]) -> tuple[str, int, int]:
    """The cause that is proved best and the most specific, its weight, and the line that names it.

    Else what a consequence stands for.
    """
    cause, weight, line, fallback = "", NO_WEIGHT, failures[0].line, ""
    for failure in failures:
        if failure.sort.role == "consequence":
            fallback = fallback or failure.cause
        elif failure.cause and failure.weight > weight:
            cause, weight, line = failure.cause, failure.weight, failure.line
    return cause or fallback, weight, line


class CauseGroup(Struct):
    """All incidents of one cause.

    Attributes:
        count: incidents.
        entries: entries of them.
        first, last: day and clock of the begin of the first incident, and of the end of the last.
        sample: file and line of the entry that names the cause, in the first incident.
        begin, end: the lines of a log at which the first begins, and the last ends; events do not close in the order of
            the log.
        weight: how well the cause is proved and how specific it is.
        hours: day and hour -> incidents that began in it.
        events: the first 30 incidents, in the order of the inputs.
        chains, channels, addresses, places: how often each chain of messages, channel, other end and queue manager;
            2,000 names of each.
    """

    count: int = 0
    entries: int = 0
    first: tuple[str, str] = ("", "")
    last: tuple[str, str] = ("", "")
    sample: tuple[str, int] = ("", 0)
    begin: int = sys.maxsize
    end: int = 0
    weight: int = NO_WEIGHT
    hours: dict[tuple[str, str], int] = field(default_factory=dict)
    events: list[IncidentEvent] = field(default_factory=list)
    chains: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)

    def add(self, failures: Sequence[Failure], channel: str, line: int) -> None:
        """Counts one more incident, of which `line` names the cause."""
        first, last = failures[0], failures[-1]
        self.count += 1
        self.entries += len(failures)
        if first.line < self.begin:
            self.begin, self.first, self.sample = first.line, (first.day, first.clock), ("", line)
        if last.line > self.end:
            self.end, self.last = last.line, (last.day, last.clock)
        chain = first.sort.message if first is last else " > ".join([each.sort.message for each in failures[:6]])
        address = first.address or next((each.address for each in failures if each.address), "")
        hour = (first.day, first.clock[:2])
        self.hours[hour] = self.hours.get(hour, 0) + 1
        if len(self.events) < _EVENTS:
            entries = tuple([(each.sort.message, each.line) for each in failures[:_ENTRIES]])
            self.events.append(IncidentEvent(first.day, first.clock, "", first.sort.place, channel, address, entries))
        for counts, name in (
            (self.chains, chain),
            (self.channels, channel),
            (self.addresses, address),
            (self.places, first.sort.place),
        ):
            # Nearly all of them were counted before.
            try:
                counts[name] += 1
            except KeyError:
                _tally(counts, name, 1)

    def place(self, file: str, days: Mapping[str, str], line: int) -> None:
        """Says in which input all of it stands, what its ambiguous days are, and how many lines stand before what was
        read."""
        self.first = (days.get(self.first[0], self.first[0]), self.first[1])
        self.last = (days.get(self.last[0], self.last[0]), self.last[1])
        self.sample = (file, self.sample[1] + line)
        self.hours = {(days.get(day, day), hour): count for (day, hour), count in self.hours.items()}
        self.events = [
            each._replace(
                day=days.get(each.day, each.day),
                file=file,
                entries=tuple([(message, at + line) for message, at in each.entries]),
            )
            for each in self.events
        ]

    def merge(self, other: "CauseGroup") -> None:
        """Adds the incidents of a later input."""
        if not self.count or (other.first[0] and other.first < self.first):
            self.sample = other.sample
        self.count += other.count
        self.entries += other.entries
        self.first = min((each for each in (self.first, other.first) if each[0]), default=("", ""))
        self.last = max(self.last, other.last)
        self.weight = max(self.weight, other.weight)
        for hour, count in other.hours.items():
            self.hours[hour] = self.hours.get(hour, 0) + count
        self.events += other.events[: _EVENTS - len(self.events)]
        for mine, theirs in (
            (self.chains, other.chains),
            (self.channels, other.channels),
            (self.addresses, other.addresses),
            (self.places, other.places),
        ):
            for name, count in theirs.items():
                _tally(mine, name, count)


class Incidents(Threads):
    """Folds the failures of one log, in its order, into groups by cause."""

    def __init__(self) -> None:
        super().__init__(self._count)
        self.groups: dict[str, CauseGroup] = {}

    def _count(self, failures: Sequence[Failure], channel: str) -> None:
        only = failures[0]
        cause, weight, line = (only.cause, only.weight, only.line) if len(failures) == 1 else _best(failures)
        group = self.groups.get(cause)
        if group is None:
            group = self.groups[cause] = CauseGroup()
        if weight > group.weight:
            group.weight = weight
        group.add(failures, channel, line)


def _tally(counts: dict[str, int], name: str, count: int) -> None:
    known = counts.get(name)
    if known is not None:
        counts[name] = known + count
    elif name and len(counts) < _DISTINCT:
        counts[name] = count


def folded(failures: Iterable[Failure]) -> dict[str, CauseGroup]:
    """The incidents of one log, by cause."""
    incidents = Incidents()
    for failure in failures:
        incidents.take(failure)
    incidents.finish()
    return incidents.groups
