"""Conversations of error logs to connections, equal ones counted."""

import re
from collections import Counter, deque
from collections.abc import Hashable, Iterable

from msgspec.structs import replace

from mqtrace.catalog.messages import message
from mqtrace.catalog.programs import message_channels, server_programs
from mqtrace.evidence.conversations import Conversation, conversations
from mqtrace.evidence.log_entries import OWN_PORTS, channel_of, insert_of, is_agent, written_by
from mqtrace.evidence.same_connection import event_key, is_near, is_other_end, is_other_manager
from mqtrace.model import Client, Connection, LogEntry, Period, Phase
from mqtrace.readers.logs.scanned import Scanned

DISTINCT = 20_000
ALWAYS = Period()
ENDING = ("AMQ9542",)
# Commands that an administrator runs on the queue manager's host, as the agent names them.
COMMANDS = ("runmqsc", "dmpmqcfg", "dspmq", "runmqdlq")
# Liberty's messages on connections that it makes.
OUTGOING = "CWPKI"
PHASES: dict[str, Phase] = {
    "settings": "settings",
    "network": "tcp",
    "tls": "tls",
    "auth": "mqconn",
    "channel": "negotiation",
    "qmgr": "negotiation",
}


class LogConnections:
    """Folds the events of logs into connections, equal ones counted; those of a time not asked for are left out."""

    def __init__(self, asked: Period = ALWAYS) -> None:
        self._asked = asked
        self._folded: dict[Hashable, Connection] = {}
        self._newest: deque[Connection] = deque(maxlen=DISTINCT)
        self._met = 0
        self._left_out = 0
        self._routine: Counter[tuple[str, str]] = Counter()
        self._last_routine: dict[str, Connection] = {}

    def take(self, entries: Iterable[LogEntry | Scanned]) -> None:
        """Takes in the entries of one log."""
        self.take_events(conversations(entries))

    def take_events(self, events: Iterable[Conversation]) -> None:
        """Takes in the failing events of one log.

        Where a log has entries of channels, what only the agent wrote of is about a program on the queue manager's own
        host, and no client's connection; where it has none, as in a paste of a few entries, that is not known.
        """
        agents: deque[Connection] = deque(maxlen=DISTINCT)
        has_channels = False
        for event in events:
            if not event.entries or not event.is_of_a_connection:
                continue
            # A queue manager that ends says so once for each of its processes, whether or not a client was there.
            ends = all(entry.message in ENDING and not channel_of(entry) for entry in event.entries)
            connection = connection_of(event)
            if not self._asked.holds(connection.end or connection.start):
                continue
            has_channels = has_channels or bool(event.channel)
            self._keep_event(event, connection)
            if self._is_routine(event, connection):
                continue
            if event.is_of_agent and not _is_of_command(event):
                self._left_out += len(agents) == DISTINCT
                agents.append(connection)
            elif not event.is_of_agent and not ends:
                self._fold(connection)
        for connection in () if has_channels else agents:
            self._fold(connection)

    def _keep_event(self, event: Conversation, connection: Connection) -> None:
        if not event.entries[0].message.startswith(OWN_PORTS):
            self._newest.append(connection)
            self._met += 1

    def _is_routine(self, event: Conversation, connection: Connection) -> bool:
        routine = routine_of(event, connection)
        if routine:
            self._routine[routine] += 1
            self._last_routine[routine[1]] = connection
        return routine is not None

    def _fold(self, connection: Connection) -> None:
        key = (_folder(connection), event_key(connection))
        before = self._folded.get(key)
        if before:
            self._folded[key] = _with_one_more(before, connection)
        elif len(self._folded) < DISTINCT:
            self._folded[key] = connection
        else:
            self._left_out += 1

    def notes(self) -> list[str]:
        """A sentence for each limit at which events were left out, with what to do. Empty when all were kept."""
        notes = []
        if self._routine and self._folded:
            routine = ", ".join(f"{words} ({id}, {number:,})" for (words, id), number in self._routine.items())
            notes.append(f"Not counted as failed connections, since they are routine: {routine}.")
        if self._left_out:
            notes.append(
                f"{self._left_out:,} failing events of the logs, beyond the first {DISTINCT:,} that differ, were "
                "left out: "
                "mqtrace triage reads all of them."
            )
        if self._met > DISTINCT:
            notes.append(
                f"Of the failing events of the logs only the newest {DISTINCT:,} of {self._met:,} were compared "
                "with traces: "
                "give the log of the day of the trace alone."
            )
        return notes

    def events(self) -> list[Connection]:
        """Every event by itself that can be one of a traced client, the newest 20,000, in the order of the logs."""
        return list(self._newest)

    def connections(self) -> list[Connection]:
        """The connections: in time order where the logs tell the time of all of them, else in the order of the logs.

        What a program printed and the one event of a log that it can be are one connection, with both as evidence.
        """
        connections = with_printed(with_heads(list((self._folded or self._last_routine).values())))
        if not all(connection.start for connection in connections):
            return connections
        return sorted(connections, key=lambda connection: connection.start)


def routine_of(event: Conversation, connection: Connection) -> tuple[str, str] | None:
    """What a queue manager that was called wrote of the end of a channel, and the message; None of all else.

    Where a log has nothing else, the newest of each message is told as a connection after all: it is what was asked.
    """
    if connection.calls_out or not event.channel:
        return None
    entries = [(entry, message(entry.message)) for entry in event.entries]
    if any(info is None or not (info.routine or info.role == "consequence") for _, info in entries):
        return None
    if any(written_by(entry) != "server" for entry, _ in entries):
        return None
    return next(((info.routine, entry.message) for entry, info in entries if info and info.routine), None)


def with_heads(connections: list[Connection]) -> list[Connection]:
    """The connections, what only says that a connection failed joined with the one failure that it can be the head of.

    A program prints head and tail of a chain of exceptions to two places, or the lines between them are lost.
    """
    heads = [connection for connection in connections if _is_head(connection)]
    tails = [connection for connection in connections if not _is_head(connection) and _is_printed(connection)]
    joined: dict[int, Connection] = {}
    taken: set[int] = set()
    for head in heads:
        fitting = [tail for tail in tails if _is_same_chain(head, tail)]
        if len(fitting) == 1 and sum(_is_same_chain(other, fitting[0]) for other in heads) == 1:
            joined[id(fitting[0])] = _joined(fitting[0], head)
            taken.add(id(head))
    return [joined.get(id(one), one) for one in connections if id(one) not in taken]


def _is_head(connection: Connection) -> bool:
    """Whether it says that a connection failed, and nothing of why."""
    if connection.reason_code is not None:
        return False
    infos = [message(entry.message) for entry in connection.log_entries if entry.message]
    return bool(infos) and all(info is not None and info.connects for info in infos)


def _is_same_chain(head: Connection, tail: Connection) -> bool:
    if head.count > 1 or tail.count > 1 or is_other_manager(head.queue_manager, tail.queue_manager):
        return False
    is_other = bool(head.address and tail.address) and head.address != tail.address
    return not is_other and is_near(head.log_entries[0], tail.log_entries[0])


def with_printed(connections: list[Connection]) -> list[Connection]:
    """The connections, each event that one printed failure alone fits, and that fits no other event, joined with it."""
    printed = [connection for connection in connections if _is_printed(connection)]
    logged = [connection for connection in connections if not _is_printed(connection)]
    joined: dict[int, Connection] = {}
    taken: set[int] = set()
    for failure in printed:
        events = _beside(failure, [event for event in logged if _is_same_failure(failure, event)])
        if len(events) == 1 and _beside(events[0], _rivals(printed, events[0])) == [failure]:
            joined[id(events[0])] = _joined(events[0], failure)
            taken.add(id(failure))
    return [joined.get(id(one), one) for one in connections if id(one) not in taken]


def _is_printed(connection: Connection) -> bool:
    """Whether a program printed it, and no error log of MQ tells of it."""
    if connection.reason_code is None:
        return False
    return not any(entry.program or entry.process for entry in connection.log_entries)


def _is_same_failure(printed: Connection, event: Connection) -> bool:
    """Whether an event can be what a program printed: a message goes with that reason code, and nothing contradicts."""
    if printed.count > 1 or event.count > 1 or is_other_manager(printed.queue_manager, event.queue_manager):
        return False
    infos = [message(entry.message) for entry in event.log_entries if entry.message]
    if not any(info and printed.reason_code in info.reason_codes for info in infos):
        return False
    by_client = written_by(event.log_entries[0]) == "client"
    if by_client and is_other_end(printed.address, event.address):
        return False
    return is_near(printed.log_entries[0], event.log_entries[0])


def _joined(event: Connection, printed: Connection) -> Connection:
    """The event with what the program printed of it; where no time tells that, that is only possibly of it."""
    entries = tuple(replace(entry, tie="possible") for entry in printed.log_entries)
    if event.client == "unknown" and printed.client != "unknown":
        # Program, level, user and host of the event are those of the queue manager's process that wrote it.
        names = ("client", "program", "level", "user", "host", "process", "thread")
        event = replace(event, **{name: getattr(printed, name) for name in names})
    return replace(
        event,
        queue_manager=event.queue_manager or printed.queue_manager,
        address=printed.address or event.address,
        completion_code=printed.completion_code or event.completion_code,
        reason_code=printed.reason_code or event.reason_code,
        log_entries=(*event.log_entries, *entries),
    )


def _rivals(printed: list[Connection], event: Connection) -> list[Connection]:
    """What programs printed that can be of the event."""
    return [failure for failure in printed if _is_same_failure(failure, event)]


def _with_one_more(known: Connection, other: Connection) -> Connection:
    """The newer of two equal ones for both: events of different threads end in any order."""
    newer = other if other.end >= known.end else known
    return replace(
        newer,
        count=known.count + other.count,
        start=min(filter(None, (known.start, other.start)), default=""),
        end=max(known.end, other.end),
    )


def _beside(one: Connection, others: list[Connection]) -> list[Connection]:
    """The others that lie in the same folder, all where none does: each host has its own."""
    return [other for other in others if _folder(other) == _folder(one)] or others


def _folder(connection: Connection) -> str:
    """Where its first line stands."""
    return re.sub(r"(?:^|[/\\!])[^/\\!]*$", "", connection.source)


def _is_of_command(event: Conversation) -> bool:
    """Whether a message names a command of the queue manager's own host (runmqsc) as the program."""
    named = (insert_of(entry, "program").replace("\\", "/").rpartition("/")[2].lower() for entry in event.entries)
    return any(name.startswith((*server_programs(), *COMMANDS)) for name in named)


def connection_of(event: Conversation) -> Connection:
    """One failing event of a log as a connection. The client is known where a client program wrote it."""
    first = event.entries[0]
    channel_entry = next((entry for entry in event.entries if not is_agent(entry)), first)
    reason = next((entry.reason_code for entry in event.entries if entry.reason_code), None)
    server = written_by(channel_entry) == "server"
    client = _client_of(channel_entry, server=server)
    return Connection(
        client=client,
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
        calls_out=server and _calls_out(event.entries),
    )


def _calls_out(entries: Iterable[LogEntry]) -> bool:
    """Whether a queue manager's own channel to another one wrote them: by its program, or by a message of who calls."""
    for entry in entries:
        info = message(entry.message)
        if (info and info.calls_out) or entry.program.lower().startswith(message_channels()):
            return True
    return False


def _client_of(entry: LogEntry, *, server: bool) -> Client:
    """The family of the client that an entry is of: its words tell it, else the program that wrote the log."""
    if entry.message.startswith(OUTGOING):
        return "java"
    if entry.client != "unknown" or server or not entry.program:
        return entry.client
    return "c"


def _written(entry: LogEntry) -> str:
    if entry.utc:
        return entry.utc.replace(tzinfo=None).isoformat() + "Z"
    return entry.when.isoformat() if entry.when else ""


def _phase(event: Conversation) -> Phase:
    """How far it came, as far as the family of its causes tells."""
    for entry in event.entries:
        permissions = insert_of(entry, "missing permissions")
        if permissions and "connect" not in permissions.lower():
            return "connected"
        info = message(entry.message) if entry.message else None
        cause = (info.cause_server or info.cause_client) if info and info.role == "cause" else ""
        if cause.partition(".")[0] in PHASES:
            return PHASES[cause.partition(".")[0]]
    return "negotiation"
