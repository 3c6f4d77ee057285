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
from mqtrace.model import Client, Connection, Evidence, LogEntry, Phase

WITHIN = timedelta(seconds=5)
AGENT_WITHIN = timedelta(seconds=3)
UNKNOWN_CHANNEL = "????"
DISTINCT = 20_000
AUTHORITY = "auth."
ENDING = ("AMQ9542",)
# Commands that an administrator runs on the queue manager's host, as the agent names them.
COMMANDS = ("runmqsc", "dmpmqcfg", "dspmq", "runmqdlq")
# The agents, which act for programs: the second for those that are bound in another way.
AGENTS = ("amqzlaa0", "amqzlsa0")
SERVING = ("agent", "channel", "channel pooling process")
ZOS = "CSQX"
# Liberty's messages on its own ports, to which no client of MQ connects, and on connections that it makes.
OWN_PORTS = "CWWKO"
OUTGOING = "CWPKI"
PHASES: dict[str, Phase] = {"network": "tcp", "tls": "tls", "auth": "mqconn", "channel": "negotiation", "qmgr": "negotiation"}


@cache
def _server_programs() -> tuple[str, ...]:
    return tuple(row["prefix"] for row in table("programs"))


@cache
def _own_programs() -> tuple[str, ...]:
    """Programs of a queue manager that connect to it themselves and serve no client: channel initiator, command server and the like."""
    return tuple(row["prefix"] for row in table("programs") if row["role"] not in SERVING)


def written_by(entry: LogEntry) -> Literal["client", "server"]:
    """The end that wrote an entry, see `end_of`."""
    return end_of(entry.message, entry.severity, entry.program, entry.queue_manager)


def end_of(message: str, severity: str, program: str, queue_manager: str) -> Literal["client", "server"]:
    """The end that wrote such an entry: a queue manager's process or command, or a client program.

    What names no program stands on the console of a queue manager, where messages have a severity letter, or a Java program printed it.
    Liberty is the server at its own ports and else a client.
    """
    name = program.replace("\\", "/").rpartition("/")[2].lower()
    if not name:
        return "server" if severity else "client"
    is_server = queue_manager or message.startswith(OWN_PORTS) or name.startswith(_server_programs())
    return "server" if is_server else "client"


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
    if not name and entry.message.startswith(ZOS) and not _knows_inserts(entry):
        name = entry.inserts.get(3, "")
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


def _knows_inserts(entry: LogEntry) -> bool:
    info = message(entry.message)
    return info is not None and bool(info.inserts)


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
    def is_of_a_connection(self) -> bool:
        """Whether it tells enough to be a failed connection: a channel; else a cause, what failed, or a reason code.

        What a queue manager's own program wrote of no channel and no other end is its own failure.
        """
        if self.channel:
            return True
        tells = self.named or self.hinted or any(entry.reason_code for entry in self.entries)
        return tells and (bool(self.address) or not all(entry.program.lower().startswith(_own_programs()) for entry in self.entries))

    @property
    def is_of_agent(self) -> bool:
        """Whether only the agent wrote of it."""
        return all(_is_agent(entry) for entry in self.entries)

    def takes(self, entry: LogEntry, info: MessageInfo | None) -> bool:
        """Whether an entry of the same thread belongs to this event."""
        if self.ended or not _near(self.last, entry, WITHIN):
            return False
        channel, mine = channel_of(entry), self.channel
        if channel and mine and channel != mine:
            return False
        return not self.named or (info is not None and info.role == "consequence")

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
            if event and event.is_of_agent:
                left.append(event)
            elif event:
                yield event
            event = open_events[key] = Conversation()
            event.add(entry, info)
            _join_agent(event, entry, info, agents)
        if _is_agent(entry):
            agents.append(event)
        for old in [each for each in left if not (each.entries and _near(each.last, entry, AGENT_WITHIN))]:
            left.remove(old)
            yield old
    yield from left
    yield from open_events.values()


def _place(entry: LogEntry) -> str:
    """What stands for the thread in a log that tells none: the program, on z/OS, where all channels have the same, the channel."""
    return f"{channel_of(entry) if entry.message.startswith(ZOS) else entry.program}#{entry.location.source}"


def _is_agent(entry: LogEntry) -> bool:
    return entry.program.lower().startswith(AGENTS)


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
        """Takes in the entries of one log.

        Where a log has entries of channels, what only the agent wrote of is about a program on the queue manager's own host, and no
        client's connection; where it has none, as in a paste of a few entries, that is not known.
        """
        agents: deque[Connection] = deque(maxlen=DISTINCT)
        has_channels = False
        for event in conversations(entries):
            if not event.entries or not event.is_of_a_connection:
                continue
            # A queue manager that ends says so once for each of its processes, whether or not a client was there.
            ends = all(entry.message in ENDING and not channel_of(entry) for entry in event.entries)
            connection = connection_of(event)
            has_channels = has_channels or bool(event.channel)
            if not event.entries[0].message.startswith(OWN_PORTS):
                self._newest.append(connection)
            if event.is_of_agent and not _is_of_command(event):
                agents.append(connection)
            elif not event.is_of_agent and not ends:
                self._fold(connection)
        for connection in () if has_channels else agents:
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
            connection.phase,
        )
        before = self._folded.get(key)
        if before:
            self._folded[key] = replace(before, count=before.count + 1, end=connection.end or before.end)
        elif len(self._folded) < DISTINCT:
            self._folded[key] = connection
        else:
            self.not_kept += 1

    def events(self) -> list[Connection]:
        """Every event by itself that can be one of a traced client, the newest 20,000, in the order of the logs."""
        return list(self._newest)

    def connections(self) -> list[Connection]:
        """The connections: in time order where the logs tell the time of all of them, else in the order of the logs."""
        found = list(self._folded.values())
        return sorted(found, key=lambda each: each.start) if all(each.start for each in found) else found


def _is_of_command(event: Conversation) -> bool:
    """Whether a message names a command of the queue manager's own host (runmqsc) as the program."""
    named = (_insert(entry, "program").replace("\\", "/").rpartition("/")[2].lower() for entry in event.entries)
    return any(name.startswith((*_server_programs(), *COMMANDS)) for name in named)


def connection_of(event: Conversation) -> Connection:
    """One failing event of a log as a connection. The client is known where a client program wrote it."""
    first = event.entries[0]
    channel_entry = next((entry for entry in event.entries if not _is_agent(entry)), first)
    reason = next((entry.reason_code for entry in event.entries if entry.reason_code), None)
    server = written_by(channel_entry) == "server"
    client: Client = "java" if channel_entry.message.startswith(OUTGOING) else "c"
    known = bool(channel_entry.program) and not server
    return Connection(
        client=client if known else "unknown",
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
        permissions = _insert(entry, "missing permissions")
        if permissions and "connect" not in permissions.lower():
            return "connected"
        info = message(entry.message) if entry.message else None
        cause = (info.cause_server or info.cause_client) if info and info.role == "cause" else ""
        if cause.partition(".")[0] in PHASES:
            return PHASES[cause.partition(".")[0]]
    return "negotiation"
