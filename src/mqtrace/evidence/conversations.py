"""Entries of error logs to conversations: the entries of one event, of which one names the cause and the others follow.

Entries of one event stand in the same thread within seconds. The agent that checks a user is another process than the channel:
its entries are joined by time.
Chains seen in a public queue manager log (7.5, 8.0): 9780 > 9519 > 9999, 9616 > 9492, 5534 > 9557 > 9999.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any, Literal

from mqtrace.catalog.messages import MessageInfo, message
from mqtrace.catalog.tables import table
from mqtrace.model import Connection, Evidence, LogEntry, Phase

WITHIN = timedelta(seconds=5)
AGENT_WITHIN = timedelta(seconds=3)
UNKNOWN_CHANNEL = "????"
DISTINCT = 20_000
AUTHORITY = "auth."
PHASES: dict[str, Phase] = {"network": "tcp", "tls": "tls", "auth": "mqconn", "channel": "negotiation", "qmgr": "negotiation"}


@cache
def _server_programs() -> tuple[str, ...]:
    return tuple(row["prefix"] for row in table("programs"))


def written_by(entry: LogEntry) -> Literal["client", "server"]:
    """The end that wrote an entry: a queue manager's process or command, or a client program."""
    program = entry.program.replace("\\", "/").rpartition("/")[2].lower()
    return "server" if entry.queue_manager or program.startswith(_server_programs()) else "client"


def is_failure(entry: LogEntry) -> bool:
    """Whether an entry belongs to a failure: its message is a cause or a consequence, or the program states a reason code."""
    info = message(entry.message) if entry.message else None
    return bool(entry.reason_code) or (info is not None and info.role != "information")


def evidence_of(entry: LogEntry) -> Evidence:
    """The entry as a line of proof."""
    text = entry.text if entry.text.startswith(entry.message) else f"{entry.message} {entry.text}"
    inserts = "".join(f" [{number}={value}]" for number, value in sorted(entry.inserts.items()) if number <= 2)
    return Evidence(entry.location, f"{text}{inserts}".strip())


def channel_of(entry: LogEntry) -> str:
    """Name of the channel that an entry speaks of, "" when it does not tell."""
    name = _insert(entry, "channel") or (_quoted_channel(entry) if _speaks_of(entry, "channel") else "")
    return "" if name.startswith(UNKNOWN_CHANNEL) else name.strip()


def address_of(entry: LogEntry) -> str:
    """The other end's host or address as the entry writes it, "" when it does not tell."""
    named = entry.remote_host or _insert(entry, "host") or _insert(entry, "address")
    return named or next((text for text in entry.quoted if "(" in text and ")" in text), "")


def _insert(entry: LogEntry, role: str) -> str:
    info = message(entry.message) if entry.message else None
    numbers = [number for number, text in info.inserts.items() if text.startswith(role)] if info else []
    return next((entry.inserts[number] for number in numbers if entry.inserts.get(number)), "")


def _speaks_of(entry: LogEntry, role: str) -> bool:
    info = message(entry.message) if entry.message else None
    return info is not None and any(text.startswith(role) for text in info.inserts.values())


def _quoted_channel(entry: LogEntry) -> str:
    """Stand-in for the insert in logs of 8.0 and older, which print no inserts: the quoted text that has the form of a name."""
    return next((text for text in entry.quoted if _looks_like_channel(text)), "")


def _looks_like_channel(text: str) -> bool:
    return (
        0 < len(text) <= 20
        and "." in text
        and not text[0].isdigit()
        and all(part.isupper() or part.isdigit() for part in text if part.isalnum())
    )


@dataclass(slots=True)
class Conversation:
    """The entries of one event, in the order of the log."""

    entries: list[LogEntry] = field(default_factory=list)
    named: bool = False
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
    def states_a_reason(self) -> bool:
        """Whether an entry states a reason code."""
        return any(entry.reason_code for entry in self.entries)

    def takes(self, entry: LogEntry, info: MessageInfo | None) -> bool:
        """Whether an entry of the same thread belongs to this event."""
        if self.ended or not _near(self.last, entry, WITHIN):
            return False
        channel, mine = channel_of(entry), self.channel
        if channel and mine and channel != mine:
            return False
        return not self.named or (info is not None and info.role == "consequence")

    def add(self, entry: LogEntry, info: MessageInfo | None) -> None:
        """Takes the entry in. A consequence behind a cause ends the event."""
        self.entries.append(entry)
        if info is not None and info.role == "cause":
            self.named = True
        elif info is not None and info.role == "consequence" and self.named:
            self.ended = True


def _near(first: LogEntry, second: LogEntry, limit: timedelta) -> bool:
    for before, after in ((first.utc, second.utc), (first.when, second.when)):
        if before is not None and after is not None:
            return abs(after - before) <= limit
    return first.location.source == second.location.source and second.location.line - first.location.line < 60


def conversations(entries: Iterable[LogEntry]) -> Iterator[Conversation]:
    """The failing events of one log, in the order in which they begin to end. Entries that are only information are left out."""
    open_events: dict[str, Conversation] = {}
    agents: deque[Conversation] = deque(maxlen=16)
    for entry in entries:
        if not is_failure(entry):
            continue
        info = message(entry.message) if entry.message else None
        key = entry.thread or f"{entry.program}#{entry.location.source}"
        event = open_events.get(key)
        if event and event.takes(entry, info):
            event.add(entry, info)
        else:
            if event and event not in agents:
                yield event
            event = open_events[key] = Conversation()
            event.add(entry, info)
            _join_agent(event, entry, info, agents)
        if _is_agent(entry):
            agents.append(event)
    yield from open_events.values()


def _is_agent(entry: LogEntry) -> bool:
    return entry.program.lower().startswith("amqzlaa0")


def _join_agent(event: Conversation, entry: LogEntry, info: MessageInfo | None, agents: deque[Conversation]) -> None:
    """Puts the agent's entries of the same moment before the channel's entry that follows from them."""
    if info is None or not info.cause_server.startswith(AUTHORITY) or _is_agent(entry):
        return
    near = [agent for agent in agents if not agent.ended and _near(agent.last, entry, AGENT_WITHIN)]
    if near:
        event.entries[:0] = near[-1].entries
        near[-1].ended = True
        near[-1].entries = []


class LogConnections:
    """Folds the events of logs into connections, equal ones counted."""

    def __init__(self) -> None:
        self._folded: dict[tuple[Any, ...], Connection] = {}
        self._newest: deque[Connection] = deque(maxlen=DISTINCT)
        self.not_kept = 0

    def take(self, entries: Iterable[LogEntry]) -> None:
        """Takes in the entries of one log."""
        for event in conversations(entries):
            if event.entries and (event.named or event.channel or event.states_a_reason):
                connection = connection_of(event)
                self._newest.append(connection)
                self._fold(connection)

    def _fold(self, connection: Connection) -> None:
        entries = connection.log_entries
        ids = tuple(entry.message or str(entry.reason_code) for entry in entries)
        key = (
            connection.source,
            ids,
            connection.channel,
            connection.address.partition("(")[0],
            connection.queue_manager,
            connection.program,
        )
        before = self._folded.get(key)
        if before:
            self._folded[key] = replace(before, count=before.count + 1, end=connection.end or before.end)
        elif len(self._folded) < DISTINCT:
            self._folded[key] = connection
        else:
            self.not_kept += 1

    def events(self) -> list[Connection]:
        """Every event by itself, the newest 20,000, in the order of the logs: for pairing with traces."""
        return list(self._newest)

    def connections(self) -> list[Connection]:
        """The connections: in time order where the logs tell the time of all of them, else in the order of the logs."""
        found = list(self._folded.values())
        return sorted(found, key=lambda each: each.start) if all(each.start for each in found) else found


def connection_of(event: Conversation) -> Connection:
    """One failing event of a log as a connection. The client is "c" where a client program wrote it, else it is not known."""
    first = event.entries[0]
    channel_entry = next((entry for entry in event.entries if not _is_agent(entry)), first)
    reason = next((entry.reason_code for entry in event.entries if entry.reason_code), None)
    server = written_by(channel_entry) == "server"
    known = bool(channel_entry.program) and not server
    return Connection(
        client="c" if known else "unknown",
        source=first.location.source,
        process=channel_entry.process,
        thread=channel_entry.thread,
        program=channel_entry.program,
        user=channel_entry.user,
        host=channel_entry.host,
        level=channel_entry.level,
        start=_written(event.entries[0]),
        end=_written(event.last),
        queue_manager=channel_entry.queue_manager,
        channel=event.channel,
        address=event.address,
        completion_code=2 if reason else None,
        reason_code=reason,
        phase=_phase(event),
        log_entries=tuple(event.entries),
    )


def _written(entry: LogEntry) -> str:
    if entry.utc:
        return entry.utc.replace(tzinfo=None).isoformat() + "Z"
    return entry.when.isoformat() if entry.when else ""


def _phase(event: Conversation) -> Phase:
    """How far it came, as far as the family of its causes tells."""
    for entry in event.entries:
        info = message(entry.message) if entry.message else None
        cause = (info.cause_server or info.cause_client) if info and info.role == "cause" else ""
        if cause.partition(".")[0] in PHASES:
            return PHASES[cause.partition(".")[0]]
    return "negotiation"
