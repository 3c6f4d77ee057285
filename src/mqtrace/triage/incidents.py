"""Failing entries to incidents: the entries of one event count once, under the cause that names it best.

The rules of what belongs together are those of evidence.conversations: same process and thread, same channel, within seconds; the agent's
entries, which another process writes, are joined by time.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from mqtrace.evidence.conversations import AGENT_WITHIN, WITHIN
from mqtrace.triage.failures import Failure

_WITHIN = WITHIN.seconds
_AGENT_WITHIN = AGENT_WITHIN.seconds
_NEAR_LINES = 60
# An event has a handful of entries; a thread that fails for hours is many events.
_LONGEST = 32
_OPEN = 4096
_DISTINCT = 200
_SHAPES = 2000


class Event:
    """An incident while its entries are still being read. One is made for most failures, so that the defaults stand in the class.

    Attributes:
        first, last: its first and last failure.
        messages: ids, in order.
        cause, weight: the best cause so far; `fallback` is that of a consequence.
        channel, address: "" until a failure tells them.
        line: of the failure that names the cause.
        named, ended, absorbed: a cause was seen; nothing more belongs to it; it is counted with another one.
    """

    cause = channel = address = fallback = ""
    weight = -1000
    line = 0
    named = ended = absorbed = False

    def __init__(self, failure: Failure) -> None:
        self.first = failure
        self.messages: list[str] = []
        self.add(failure)

    def takes(self, failure: Failure) -> bool:
        """Whether a failure of the same thread belongs to this event."""
        if self.ended or len(self.messages) >= _LONGEST or not _near(self.last, failure, _WITHIN):
            return False
        if failure.channel and self.channel and failure.channel != self.channel:
            return False
        return not self.named or failure.role == "consequence"

    def add(self, failure: Failure) -> None:
        """Takes the failure in. A consequence behind a cause ends the event."""
        self.last = failure
        self.messages.append(failure.message)
        if failure.channel and not self.channel:
            self.channel = failure.channel
        if failure.address and not self.address:
            self.address = failure.address
        role = failure.role
        if not self.line:
            self.line = failure.line
        if role == "consequence":
            self.fallback = self.fallback or failure.cause
            self.ended = self.named
            return
        if failure.cause and failure.weight > self.weight:
            self.cause, self.weight, self.line = failure.cause, failure.weight, failure.line
        if role == "cause":
            self.named = True

    def absorb(self, agent: "Event") -> None:
        """Puts the agent's entries of the same moment before its own."""
        agent.ended = agent.absorbed = True
        self.first = agent.first
        self.messages[:0] = agent.messages
        if agent.weight >= self.weight:
            self.cause, self.weight, self.line = agent.cause, agent.weight, agent.line
        self.channel, self.address = self.channel or agent.channel, self.address or agent.address


@dataclass(slots=True)
class Group:
    """All incidents of one cause.

    Attributes:
        count: incidents.
        entries: entries of them.
        first, last: day and clock of the first and last incident.
        sample: file and line of the entry that names the cause, in the first incident.
        weight: how well the cause is proved and how specific it is.
        chains, channels, addresses, places: how often each chain of messages, channel, other end and queue manager; at most 200 each.
        shapes: incidents that are not in these counts yet.
    """

    count: int = 0
    entries: int = 0
    first: tuple[str, str] = ("", "")
    last: tuple[str, str] = ("", "")
    sample: tuple[str, int] = ("", 0)
    weight: int = -1000
    chains: dict[str, int] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    shapes: dict[tuple[tuple[str, ...], str, str, str], int] = field(default_factory=dict)

    def spread(self) -> None:
        """Adds the shapes counted so far to the counts of chains, channels, addresses and places."""
        for (messages, channel, address, place), count in self.shapes.items():
            _tally(self.chains, " > ".join(messages), count)
            _tally(self.channels, channel, count)
            _tally(self.addresses, address.partition("(")[0].strip(), count)
            _tally(self.places, place, count)
        self.shapes.clear()

    def merge(self, other: "Group") -> None:
        """Adds the incidents of a later input."""
        if not self.count:
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
        self._open: dict[str, Event] = {}
        self._agents: deque[Event] = deque(maxlen=16)

    def take(self, failure: Failure) -> None:
        """Takes the next failure of the log."""
        event = self._open.get(failure.thread)
        if event is not None and event.takes(failure):
            event.add(failure)
        else:
            if event is not None:
                self._close(event)
            elif len(self._open) >= _OPEN:
                self._close_all()
            event = self._open[failure.thread] = Event(failure)
            if failure.follows_agent and not failure.is_agent:
                self._join_agent(event, failure)
        if failure.is_agent and event not in self._agents:
            self._agents.append(event)

    def finish(self) -> dict[str, Group]:
        """The groups, once all failures were taken."""
        self._close_all()
        for group in self.groups.values():
            group.spread()
        return self.groups

    def _join_agent(self, event: Event, failure: Failure) -> None:
        near = [agent for agent in self._agents if not agent.ended and not agent.absorbed and _near(agent.last, failure, _AGENT_WITHIN)]
        if near and self._open.get(near[-1].first.thread) is near[-1]:
            event.absorb(near[-1])

    def _close_all(self) -> None:
        for event in self._open.values():
            self._close(event)
        self._open.clear()

    def _close(self, event: Event) -> None:
        if event.absorbed:
            return
        cause = event.cause or event.fallback
        group = self.groups.get(cause)
        if group is None:
            group = self.groups[cause] = Group(first=(event.first.day, event.first.clock), sample=("", event.line))
        group.count += 1
        group.entries += len(event.messages)
        group.last = (event.last.day, event.last.clock)
        if event.weight > group.weight:
            group.weight = event.weight
        key = (tuple(event.messages[:6]), event.channel, event.address, event.first.place)
        known = group.shapes.get(key, 0)
        if not known and len(group.shapes) >= _SHAPES:
            group.spread()
        group.shapes[key] = known + 1


def _tally(counts: dict[str, int], name: str, count: int) -> None:
    if name and (name in counts or len(counts) < _DISTINCT):
        counts[name] = counts.get(name, 0) + count


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
