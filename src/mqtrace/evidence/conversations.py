"""Entries of error logs to conversations: the entries of one event, of which one names the cause and the others follow.

Entries of one event stand in the same thread within seconds. The agent that checks a user is another process than the channel:
its entries are joined by time.
Chains seen in a public queue manager log (7.5, 8.0): 9780 > 9519 > 9999, 9616 > 9492, 5534 > 9557 > 9999.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from mqtrace.catalog.messages import MessageInfo, message
from mqtrace.catalog.programs import own_programs
from mqtrace.evidence.log_entries import ZOS, address_of, channel_of, is_agent, is_failure, other_end_of
from mqtrace.evidence.same_connection import is_other_channel, is_other_end
from mqtrace.model import LogEntry

WITHIN = timedelta(seconds=5)
AGENT_WITHIN = timedelta(seconds=3)
AUTHORITY = "auth."


@dataclass(slots=True)
class Conversation:
    """The entries of one event, in the order of the log.

    Attributes:
        entries: its entries.
        named: whether a message names its cause.
        hinted: whether a message says what failed, and not why.
        ended: whether nothing more belongs to it.
    """

    entries: list[LogEntry] = field(default_factory=list)
    named: bool = False
    hinted: bool = False
    ended: bool = False

    @property
    def last(self) -> LogEntry:
        """The newest entry."""
        return self.entries[-1]

    @property
    def channel(self) -> str:
        """The channel's name, "" when no entry tells it."""
        return next((name for entry in self.entries if (name := channel_of(entry))), "")

    @property
    def address(self) -> str:
        """The other end, "" when no entry tells it."""
        return next((name for entry in self.entries if (name := address_of(entry))), "")

    @property
    def other_end(self) -> str:
        """The other end as `other_end_of` an entry has it, "" when no entry tells it."""
        return next((name for entry in self.entries if (name := other_end_of(entry))), "")

    @property
    def is_of_a_connection(self) -> bool:
        """Whether it tells enough to be a failed connection: a channel; else a cause, what failed, or a reason code.

        What a queue manager's own program wrote of no channel and no other end is its own failure.
        """
        if self.channel:
            return True
        tells = self.named or self.hinted or any(entry.reason_code for entry in self.entries)
        return tells and (
            bool(self.address) or not all(entry.program.lower().startswith(own_programs()) for entry in self.entries)
        )

    @property
    def is_of_agent(self) -> bool:
        """Whether only the agent wrote of it."""
        return all(is_agent(entry) for entry in self.entries)

    def takes(self, entry: LogEntry, info: MessageInfo | None) -> bool:
        """Whether an entry of the same thread belongs to this event."""
        if self.ended or not _near(self.last, entry, WITHIN):
            return False
        if is_other_channel(channel_of(entry), self.channel) or is_other_end(other_end_of(entry), self.other_end):
            return False
        return not self.named or (info is not None and info.role == "consequence")

    def is_crossed_by(self, entry: LogEntry) -> bool:
        """Whether the thread speaks of another end while the event still goes on, and names no other channel."""
        if self.ended or not _near(self.last, entry, WITHIN) or (channel_of(entry) and self.channel):
            return False
        return is_other_end(other_end_of(entry), self.other_end)

    def doubt(self) -> None:
        """Marks its entries: the thread spoke of another event at the same time, and which of them is of which is not sure."""
        self.entries[:] = [replace(entry, tie="possible") for entry in self.entries]

    def add(self, entry: LogEntry, info: MessageInfo | None) -> None:
        """Takes the entry in. A consequence behind a cause, or behind what failed, ends the event."""
        self.entries.append(entry)
        if info is not None and info.role == "consequence":
            self.ended = self.named or self.hinted
        elif info is not None:
            self.named = self.named or info.role == "cause"
            self.hinted = self.hinted or bool(info.cause_client or info.cause_server)


def _near(first: LogEntry, second: LogEntry, limit: timedelta) -> bool:
    for before, after in ((first.utc, second.utc), (first.when, second.when)):
        if before is not None and after is not None:
            return abs(after - before) <= limit
    return first.location.source == second.location.source and second.location.line - first.location.line < 60


def conversations(entries: Iterable[LogEntry]) -> Iterator[Conversation]:
    """The failing events of one log, in the order in which they begin to end. Entries that are only information are left out."""
    open_events: dict[str, Conversation] = {}
    agents: deque[Conversation] = deque(maxlen=16)
    left: list[Conversation] = []  # of the agent: a channel's entry may still take them over
    for entry in entries:
        if not is_failure(entry):
            continue
        info = message(entry.message) if entry.message else None
        key = entry.thread or _place(entry)
        event = open_events.get(key)
        if event and event.takes(entry, info):
            event.add(entry, info)
        else:
            crossed = event is not None and event.is_crossed_by(entry)
            if event and crossed:
                event.doubt()
            if event and event.is_of_agent:
                left.append(event)
            elif event:
                yield event
            event = open_events[key] = Conversation()
            event.add(replace(entry, tie="possible") if crossed else entry, info)
            _join_agent(event, entry, info, agents)
        if is_agent(entry):
            agents.append(event)
        for old in [each for each in left if not (each.entries and _near(each.last, entry, AGENT_WITHIN))]:
            left.remove(old)
            yield old
    yield from left
    yield from open_events.values()


def _place(entry: LogEntry) -> str:
    """What stands for the thread in a log that tells none: the program, on z/OS, where all channels have the same, the channel."""
    return f"{channel_of(entry) if entry.message.startswith(ZOS) else entry.program}#{entry.location.source}"


def _join_agent(event: Conversation, entry: LogEntry, info: MessageInfo | None, agents: deque[Conversation]) -> None:
    """Puts the agent's entries of the same moment before the channel's entry that follows from them."""
    if info is None or not info.cause_server.startswith(AUTHORITY) or is_agent(entry):
        return
    near = [agent for agent in agents if not agent.ended and _near(agent.last, entry, AGENT_WITHIN)]
    if near:
        event.entries[:0] = near[-1].entries
        near[-1].ended = True
        near[-1].entries = []
