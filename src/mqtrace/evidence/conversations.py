"""Entries of error logs to conversations: the entries of one event, of which one names the cause and the others follow.

Entries of one event stand in the same thread within seconds. The agent that checks a user is another process than the
channel: its entries are joined by time.
Chains seen in a public queue manager log (7.5, 8.0): 9780 > 9519 > 9999, 9616 > 9492, 5534 > 9557 > 9999.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from mqtrace.catalog.java_exceptions import client_causes
from mqtrace.catalog.programs import own_programs
from mqtrace.evidence.failures import Failure, FailureMaker, Sort
from mqtrace.evidence.log_entries import address_of, other_end_of
from mqtrace.evidence.same_connection import is_other_channel, is_other_end
from mqtrace.model import LogEntry
from mqtrace.readers.logs.log_order import settled
from mqtrace.readers.logs.scanned import Scanned, as_scanned

WITHIN_SECONDS = 5
AGENT_WITHIN_SECONDS = 3
_NEAR_LINES = 60
# An event has a handful of entries; a thread that fails for hours is many events.
_LONGEST = 32
_OPEN = 4096
_AGENTS = 16
# What takes the failures of an event, and its channel.
Ended = Callable[[Sequence[Failure], str], None]


class Conversation(NamedTuple):
    """The entries of one event, in the order of the log, those of the agent before those of the channel.

    `channel`: "" when not told.
    """

    failures: Sequence[Failure]
    channel: str

    @property
    def entries(self) -> list[LogEntry]:
        """The entries."""
        return [failure.entry for failure in self.failures if failure.entry]

    @property
    def last(self) -> LogEntry:
        """The newest entry."""
        return self.entries[-1]

    @property
    def address(self) -> str:
        """The other end, "" when no entry tells it."""
        return next((name for entry in self.entries if (name := address_of(entry))), "")

    @property
    def is_of_a_connection(self) -> bool:
        """Whether it tells enough to be a failed connection: a channel; else a cause, what failed, or a reason code.

        What a queue manager's own program wrote of no channel and no other end is its own failure.
        """
        if self.channel:
            return True
        tells = any(failure.sort.role == "cause" or failure.sort.hints for failure in self.failures)
        if not tells and not any(entry.reason_code for entry in self.entries):
            return False
        programs = [entry.program.lower() for entry in self.entries]
        return bool(self.address) or not all(program.startswith(own_programs()) for program in programs)

    @property
    def is_of_agent(self) -> bool:
        """Whether only the agent wrote of it."""
        return all(failure.sort.is_agent for failure in self.failures)


def conversations(entries: Iterable[LogEntry | Scanned]) -> Iterator[Conversation]:
    """The failing events of one log, in the order in which they begin to end.

    Entries that are only information are left out.
    """
    ended: list[Conversation] = []
    threads = Threads(lambda failures, channel: ended.append(Conversation(failures, channel)))
    maker = FailureMaker(keeps_entries=True)
    for entry in settled(as_scanned(entries)):
        failure = maker.of(entry)
        if failure is not None:
            threads.take(failure)
            yield from ended
            ended.clear()
    threads.finish()
    yield from ended


class _Event:
    """An event while its entries are still being read.

    Attributes:
        failures: its failures, in order.
        channel, end: "" until a failure tells it; the other end, as written.
        named, hinted: a message names its cause; a message says what failed.
        ended, closed, absorbed: nothing more belongs to it; another one of its thread began; it is counted with another
            one.
        agent: the event of the agent that it follows from.
    """

    __slots__ = ("absorbed", "agent", "channel", "closed", "end", "ended", "failures", "hinted", "named")

    def __init__(self, failure: Failure) -> None:
        self.failures = [failure]
        self.channel, self.end = failure.channel, _other_end(failure)
        self.named, self.hinted = failure.sort.role == "cause", failure.sort.hints
        self.ended = self.closed = self.absorbed = False
        self.agent: _Event | None = None

    def takes(self, failure: Failure) -> bool:
        """Whether a failure of the same thread belongs to this event."""
        if self.ended or len(self.failures) >= _LONGEST:
            return False
        return _takes(self.failures[-1], self.channel, self.end, failure, named=self.named)

    def doubt(self, failure: Failure) -> Failure:
        """The failure of the same thread that begins another event. Where it speaks of another end while this event may
        still go on, and names no channel, it is not sure which entry is of which of the two.
        """
        if self.ended or not _crosses(self.failures[-1], self.channel, self.end, failure):
            return failure
        self.failures = [_doubtful(earlier) for earlier in self.failures]
        return _doubtful(failure)

    def add(self, failure: Failure) -> None:
        """Takes the failure in. A consequence behind a cause, or behind what failed, ends the event."""
        self.failures.append(failure)
        self.channel = self.channel or failure.channel
        self.end = self.end or _other_end(failure)
        role = failure.sort.role
        if role == "consequence":
            self.ended = self.named or self.hinted
        else:
            self.named = self.named or role == "cause"
            self.hinted = self.hinted or failure.sort.hints

    def absorb(self, agent: "_Event") -> None:
        """Puts the agent's entries of the same moment before its own."""
        agent.ended = agent.absorbed = True
        self.agent = agent
        self.channel = self.channel or agent.channel

    def all_failures(self) -> list[Failure]:
        """Its failures behind those of the agent."""
        return [*self.agent.failures, *self.failures] if self.agent else self.failures


class Threads:
    """Gathers the failures of one log, given in its order, into events.

    `ended` is called with each of these once it has ended.
    """

    def __init__(self, ended: Ended) -> None:
        self._ended = ended
        # The newest event of each thread; one of a single failure is that failure, because most are.
        self._open: dict[str, _Event | Failure] = {}
        # The newest events of agents, open or closed: a channel's entry may still follow from them.
        self._agents: deque[_Event] = deque()

    def take(self, failure: Failure) -> None:
        """Takes the next failure of the log."""
        thread, sort = failure.thread, failure.sort
        known = self._open.get(thread)
        if known is None:
            if len(self._open) >= _OPEN:
                self._close_all()
        elif isinstance(known, _Event):
            if known.takes(failure):
                known.add(failure)
                self._note_agent(known, sort)
                return
            failure = known.doubt(failure)
            self._close(known)
        elif _takes(known, known.channel, _other_end(known), failure, named=known.sort.role == "cause"):
            self._open[thread] = event = _Event(known)
            event.add(failure)
            self._note_agent(event, sort)
            return
        else:
            alone = _Event(known)
            failure = alone.doubt(failure)
            self._ended(alone.failures, known.channel)
        if sort.is_agent or sort.follows_agent:
            self._open[thread] = event = _Event(failure)
            self._note_agent(event, sort)
            if not sort.is_agent:
                self._join_agent(event, failure)
        else:
            self._open[thread] = failure

    def _note_agent(self, event: _Event, sort: Sort) -> None:
        if sort.is_agent and event not in self._agents:
            self._agents.append(event)
            if len(self._agents) > _AGENTS:
                self._settle(self._agents.popleft())

    def finish(self, but: Collection[str] = ()) -> None:
        """Ends all events, once all failures were taken. Those of the threads in `but` go on: more may come of them."""
        going_on = {thread: self._open.pop(thread) for thread in but if thread in self._open}
        agents = list(self._agents)
        self._agents = deque(agent for agent in agents if any(agent is each for each in going_on.values()))
        for agent in agents:
            if agent not in self._agents:
                self._settle(agent)
        self._close_all()
        self._open = going_on

    def _join_agent(self, event: _Event, failure: Failure) -> None:
        for agent in reversed(self._agents):
            if not agent.ended and _near(agent.failures[-1], failure, AGENT_WITHIN_SECONDS):
                event.absorb(agent)
                return

    def _close_all(self) -> None:
        for event in self._open.values():
            self._close(event if isinstance(event, _Event) else _Event(event))
        self._open.clear()

    def _close(self, event: _Event) -> None:
        event.closed = True
        if event not in self._agents:
            self._settle(event)

    def _settle(self, event: _Event) -> None:
        """Counts an event that is closed, and that no other has taken in."""
        if event.closed and not event.absorbed:
            self._ended(event.all_failures(), event.channel)


def _takes(last: Failure, channel: str, end: str, failure: Failure, *, named: bool) -> bool:
    """Whether an event that ends with `last` goes on with `failure`: near, of the same channel and other end, no second
    cause, and no other failure that a program printed.
    """
    if not _near(last, failure, WITHIN_SECONDS) or is_other_channel(failure.channel, channel):
        return False
    if last.reason and failure.reason and _printed_apart(last, failure):
        return False
    return (not named or failure.sort.role == "consequence") and not is_other_end(end, _other_end(failure))


def _printed_apart(last: Failure, failure: Failure) -> bool:
    """Whether what a program printed twice is of two failures: of two reason codes, addresses, or exceptions."""
    if last.reason != failure.reason or (last.end and failure.end and last.end != failure.end):
        return True
    entries = [entry for entry in (last.entry, failure.entry) if entry]
    chains = [client_causes(entry.text, entry.client, entry.reason_code) for entry in entries]
    return len({chain for chain in chains if chain}) > 1


def _crosses(last: Failure, channel: str, end: str, failure: Failure) -> bool:
    if not _near(last, failure, WITHIN_SECONDS) or (failure.channel and channel):
        return False
    return is_other_end(end, _other_end(failure))


def _other_end(failure: Failure) -> str:
    """The other end as written; of an entry that is kept also the IP number that its message quotes."""
    return failure.end or (other_end_of(failure.entry) if failure.entry else "")


def _doubtful(failure: Failure) -> Failure:
    return failure._replace(entry=replace(failure.entry, tie="possible")) if failure.entry else failure


def _near(first: Failure, second: Failure, limit: int) -> bool:
    if first.at >= 0 and second.at >= 0:
        return abs(second.at - first.at) <= limit
    return second.line - first.line < _NEAR_LINES
