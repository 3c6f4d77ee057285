"""Failing entries to incidents: the entries of one event count once, under the cause that names it best.

The rules of what belongs together are those of evidence.conversations: same process and thread, same channel, within seconds; the agent's
entries, which another process writes, are joined by time.
"""

import sys
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mqtrace.evidence.conversations import AGENT_WITHIN, WITHIN
from mqtrace.triage.failures import NO_WEIGHT, Failure, Sort

_WITHIN = WITHIN.seconds
_AGENT_WITHIN = AGENT_WITHIN.seconds
_NEAR_LINES = 60
# An event has a handful of entries; a thread that fails for hours is many events.
_LONGEST = 32
_OPEN = 4096
_AGENTS = 16
_DISTINCT = 2000


class Event:
    """An incident while its entries are still being read.

    Attributes:
        failures: its failures, in order.
        channel: "" until a failure tells it.
        named, hinted: a message names its cause; a message says what failed.
        ended, closed, absorbed: nothing more belongs to it; another one of its thread began; it is counted with another one.
        agent: the event of the agent that it follows from.
    """

    __slots__ = ("absorbed", "agent", "channel", "closed", "ended", "failures", "hinted", "named")

    def __init__(self, failure: Failure) -> None:
        self.failures = [failure]
        self.channel = failure.channel
        self.named, self.hinted = failure.sort.role == "cause", failure.sort.hints
        self.ended = self.closed = self.absorbed = False
        self.agent: Event | None = None

    def takes(self, failure: Failure) -> bool:
        """Whether a failure of the same thread belongs to this event."""
        failures = self.failures
        return (
            not self.ended
            and len(failures) < _LONGEST
            and _takes(failures[-1], self.channel, failure, named=self.named)
        )

    def add(self, failure: Failure) -> None:
        """Takes the failure in. A consequence behind a cause, or behind what failed, ends the event."""
        self.failures.append(failure)
        self.channel = self.channel or failure.channel
        role = failure.sort.role
        if role == "consequence":
            self.ended = self.named or self.hinted
        else:
            self.named = self.named or role == "cause"
            self.hinted = self.hinted or failure.sort.hints

    def absorb(self, agent: "Event") -> None:
        """Puts the agent's entries of the same moment before its own."""
        agent.ended = agent.absorbed = True
        self.agent = agent
        self.channel = self.channel or agent.channel

    def all_failures(self) -> list[Failure]:
        """Its failures behind those of the agent."""
        return [*self.agent.failures, *self.failures] if self.agent else self.failures


def _best(failures: list[Failure]) -> tuple[str, int, int]:
    """The cause that is proved best and the most specific, its weight, and the line that names it; else what a consequence stands for."""
    cause, weight, line, fallback = "", NO_WEIGHT, failures[0].line, ""
    for failure in failures:
        if failure.sort.role == "consequence":
            fallback = fallback or failure.cause
        elif failure.cause and failure.weight > weight:
            cause, weight, line = failure.cause, failure.weight, failure.line
    return cause or fallback, weight, line


@dataclass(slots=True)
class Group:
    """All incidents of one cause.

    Attributes:
        count: incidents.
        entries: entries of them.
        first, last: day and clock of the begin of the first incident, and of the end of the last.
        sample: file and line of the entry that names the cause, in the first incident.
        begin, end: the lines of a log at which the first begins, and the last ends; events do not close in the order of the log.
        weight: how well the cause is proved and how specific it is.
        chains, channels, addresses, places: how often each chain of messages, channel, other end and queue manager; 2,000 names of each.
    """

    count: int = 0
    entries: int = 0
    first: tuple[str, str] = ("", "")
    last: tuple[str, str] = ("", "")
    sample: tuple[str, int] = ("", 0)
    begin: int = sys.maxsize
    end: int = 0
    weight: int = NO_WEIGHT
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

    def merge(self, other: "Group") -> None:
        """Adds the incidents of a later input."""
        if not self.count or (other.first[0] and other.first < self.first):
            self.sample = other.sample
        self.count += other.count
        self.entries += other.entries
        self.first = min((each for each in (self.first, other.first) if each[0]), default=("", ""))
        self.last = max(self.last, other.last)
        self.weight = max(self.weight, other.weight)
        for mine, theirs in (
            (self.chains, other.chains),
            (self.channels, other.channels),
            (self.addresses, other.addresses),
            (self.places, other.places),
        ):
            for name, count in theirs.items():
                _tally(mine, name, count)


class Incidents:
    """Folds the failures of one log, in its order, into groups by cause."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        # The newest event of each thread; one of a single failure is that failure, because most are.
        self._open: dict[str, Event | Failure] = {}
        # The newest events of agents, open or closed: a channel's entry may still follow from them.
        self._agents: deque[Event] = deque()

    def take(self, failure: Failure) -> None:
        """Takes the next failure of the log."""
        thread, sort = failure.thread, failure.sort
        known = self._open.get(thread)
        if known is None:
            if len(self._open) >= _OPEN:
                self._close_all()
        elif isinstance(known, Event):
            if known.takes(failure):
                known.add(failure)
                self._note_agent(known, sort)
                return
            self._close(known)
        elif _takes(known, known.channel, failure, named=known.sort.role == "cause"):
            self._open[thread] = event = Event(known)
            event.add(failure)
            self._note_agent(event, sort)
            return
        else:
            self._count(known.cause, known.weight, known.line, (known,), known.channel)
        if sort.is_agent or sort.follows_agent:
            self._open[thread] = event = Event(failure)
            self._note_agent(event, sort)
            if not sort.is_agent:
                self._join_agent(event, failure)
        else:
            self._open[thread] = failure

    def _note_agent(self, event: Event, sort: Sort) -> None:
        if sort.is_agent and event not in self._agents:
            self._agents.append(event)
            if len(self._agents) > _AGENTS:
                self._settle(self._agents.popleft())

    def finish(self) -> dict[str, Group]:
        """The groups, once all failures were taken."""
        self._close_all()
        for agent in self._agents:
            self._settle(agent)
        return self.groups

    def _join_agent(self, event: Event, failure: Failure) -> None:
        for agent in reversed(self._agents):
            if not agent.ended and _near(agent.failures[-1], failure, _AGENT_WITHIN):
                event.absorb(agent)
                return

    def _close_all(self) -> None:
        for event in self._open.values():
            self._close(event if isinstance(event, Event) else Event(event))
        self._open.clear()

    def _close(self, event: Event) -> None:
        event.closed = True
        if event not in self._agents:
            self._settle(event)

    def _settle(self, event: Event) -> None:
        """Counts an event that is closed, and that no other has taken in."""
        if event.closed and not event.absorbed:
            failures = event.all_failures()
            self._count(*_best(failures), failures, event.channel)

    def _count(self, cause: str, weight: int, line: int, failures: Sequence[Failure], channel: str) -> None:
        group = self.groups.get(cause)
        if group is None:
            group = self.groups[cause] = Group()
        if weight > group.weight:
            group.weight = weight
        group.add(failures, channel, line)


def _tally(counts: dict[str, int], name: str, count: int) -> None:
    known = counts.get(name)
    if known is not None:
        counts[name] = known + count
    elif name and len(counts) < _DISTINCT:
        counts[name] = count


def _takes(last: Failure, channel: str, failure: Failure, *, named: bool) -> bool:
    """Whether an event that ends with `last` goes on with `failure`: near, of the same channel, and no second cause."""
    if not _near(last, failure, _WITHIN):
        return False
    if failure.channel and channel and failure.channel != channel:
        return False
    return not named or failure.sort.role == "consequence"


def _near(first: Failure, second: Failure, limit: int) -> bool:
    if first.at >= 0 and second.at >= 0:
        return abs(second.at - first.at) <= limit
    return second.line - first.line < _NEAR_LINES


def folded(failures: Iterable[Failure]) -> dict[str, Group]:
    """The incidents of one log, by cause."""
    incidents = Incidents()
    for failure in failures:
        incidents.take(failure)
    return incidents.finish()
