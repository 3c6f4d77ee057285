"""When two pieces of evidence are of the same connection: the one place that says so, which all who join evidence ask.

Same process means the same host, program, user, process number and thread, at a time that lies within the call: in
containers every process has the number 1 or 8. What is not known to be the same is at most possibly so, and what
contradicts is of another connection.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import NamedTuple

from mqtrace.decode.addresses import is_number
from mqtrace.evidence.clock import in_utc
from mqtrace.kept import compiled
from mqtrace.model import Connection, LogEntry, Tie

Span = tuple[datetime, datetime]

# Clocks of two hosts that are kept by a time service differ by less than this.
CLOCKS = timedelta(seconds=10)
# What one host writes of a call that it traces has the time of the call; logs may round it to a second.
ROUNDING = timedelta(seconds=1)
_ADDRESS = compiled(r"([^\s(:]*)[^\n]*?(?:\((\d{1,5})\)|(?<!:):(\d{1,5}))")
_WORD = compiled(r"[^\s()\[\],;'\"]{1,255}")


class Traced(NamedTuple):
    """What is compared of a connection. Times are begin and end."""

    number: int
    channel: str
    clock: str
    local: Span | None
    utc: Span | None
    connection: Connection
    addresses: tuple[tuple[str, str], ...]


class Logged(NamedTuple):
    """What is compared of an event of a log."""

    number: int
    local: datetime | None
    utc: datetime | None
    connection: Connection
    host: str
    port: str
    is_clients: bool
    is_printed: bool


def traced_of(number: int, connection: Connection, channel: str) -> Traced:
    """What is compared of a connection with that number and the name of its channel, "" where it is not known."""
    ended = connection.end if "T" in connection.end else connection.start
    begin_utc, end_utc = in_utc(connection.start, connection.utc_offset), in_utc(ended, connection.utc_offset)
    addresses = (connection.address, *(attempt.address for attempt in connection.attempts))
    return Traced(
        number,
        channel,
        connection.host or connection.source,
        (datetime.fromisoformat(connection.start), datetime.fromisoformat(ended)) if "T" in connection.start else None,
        (begin_utc, end_utc) if begin_utc and end_utc else None,
        connection,
        tuple(_host_and_port(address) for address in addresses if address),
    )


def logged_of(number: int, event: Connection) -> Logged:
    """What is compared of the event with that number."""
    # Only where there are logs: it reads the catalogue of messages.
    from mqtrace.evidence.log_entries import written_by

    entry = next((dated for dated in event.log_entries if dated.utc or dated.when), None)
    return Logged(
        number,
        entry.when if entry else None,
        entry.utc.replace(tzinfo=None) if entry and entry.utc else None,
        event,
        *_host_and_port(event.address),
        any(written_by(logged) == "client" for logged in event.log_entries),
        event.reason_code is not None and not any(logged.program or logged.process for logged in event.log_entries),
    )


def moments(traced: Traced, event: Logged) -> tuple[Span, datetime] | None:
    """Begin and end of the connection and the time of the event: in UTC where both tell it, else in local time."""
    if traced.utc and event.utc:
        return traced.utc, event.utc
    return (traced.local, event.local) if traced.local and event.local else None


def apart(traced: Traced, event: Logged, ahead: timedelta) -> timedelta | None:
    """How far an event may be from a connection in time; None where it is of another.
    `ahead`: of its clock, where that was measured."""
    same_channel = bool(traced.channel) and event.connection.channel == traced.channel
    if is_other_channel(traced.channel, event.connection.channel):
        return None
    if event.is_clients and _contradict(traced, event):
        return None
    compared = moments(traced, event)
    if compared is None:
        return CLOCKS if same_channel or event.is_printed else None
    (begin, end), when = compared
    distance = max(begin - (when - ahead), (when - ahead) - end, timedelta())
    return distance if distance <= CLOCKS else None


def tie_of(traced: Traced, event: Logged, ahead: timedelta | None) -> Tie:
    """How surely an event that fits a connection is of it. `ahead`: how far the event's
    clock is ahead, None where that is not known.

    What the queue manager wrote is the same where its channel and its time are: only the client's own entry names the
    process.
    """
    compared = moments(traced, event)
    if compared is None:
        return "possible"
    (begin, end), when = compared
    slack = ROUNDING if event.is_clients or ahead is not None else CLOCKS
    written = when - (ahead or timedelta())
    if not begin - slack <= written <= end + slack:
        return "possible"
    if event.is_clients:
        return "same" if is_same_thread(traced.connection, event.connection) else "possible"
    return "same" if traced.channel and event.connection.channel == traced.channel else "possible"


def is_same_thread(mine: Connection, other: Connection) -> bool:
    """Whether two pieces of evidence name the same host, process number and thread, and no other program or user."""
    if mine.process is None or mine.process != other.process:
        return False
    if not is_same_host(mine.host, other.host) or not mine.thread or mine.thread != other.thread:
        return False
    programs = {_program(mine.program), _program(other.program)} - {""}
    users = {mine.user.lower(), other.user.lower()} - {""}
    return len(programs) < 2 and len(users) < 2


def is_same_call(reported: Connection, traced: Connection) -> bool:
    """Whether a failure report was written during a call that a trace shows."""
    if not is_same_thread(reported, traced) or "T" not in reported.start or "T" not in traced.start:
        return False
    written, begin = datetime.fromisoformat(reported.start), datetime.fromisoformat(traced.start)
    end = datetime.fromisoformat(traced.end) if "T" in traced.end else begin
    return begin - ROUNDING <= written <= end + ROUNDING


def _program(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")


def _contradict(traced: Traced, event: Logged) -> bool:
    """Whether the client itself wrote another process, reason code, port or address than the trace has.

    The queue manager's log is not asked: it names its own process, and the client's end with a port that the trace does
    not tell.
    """
    reason = event.connection.reason_code
    if reason and reason != traced.connection.reason_code:
        return True
    return is_other_process(traced.connection, event.connection) or is_elsewhere(traced, event)


def is_other_process(mine: Connection, other: Connection) -> bool:
    """Whether two pieces of evidence are of different processes; not where one of them does not tell."""
    return None not in (mine.process, other.process) and mine.process != other.process


def is_elsewhere(traced: Traced, event: Logged) -> bool:
    """Whether an event tells of a port or an IP number that the trace has not, and the trace tells of others."""
    ports = {port for _, port in traced.addresses} - {""}
    if event.port and ports and event.port not in ports:
        return True
    numbers = {host for host, _ in traced.addresses if is_number(host)}
    return is_number(event.host) and bool(numbers) and event.host not in numbers


def is_same_host(first: str, second: str) -> bool:
    """Whether two names are one host's, with or without its domain."""
    return bool(first and second) and first.partition(".")[0].lower() == second.partition(".")[0].lower()


def is_other_end(first: str, second: str) -> bool:
    """Whether two addresses as logs write them ("host (192.0.2.1)(1414)") have different IP numbers."""
    mine, other = _numbers(first), _numbers(second)
    return bool(mine) and bool(other) and not mine & other


def _numbers(address: str) -> set[str]:
    words = (word.rpartition(":")[0] if word.count(":") == 1 else word for word in _WORD.findall(address[:300]))
    return {word for word in words if is_number(word)}


def event_key(event: Connection) -> Hashable:
    """What makes two events of logs alike, so that they are counted as one."""
    from mqtrace.catalog.java_exceptions import client_causes
    from mqtrace.evidence.log_entries import telling_inserts

    ids = tuple((entry.message, entry.reason_code, entry.tie) for entry in event.log_entries)
    nested = tuple(client_causes(entry.text, entry.client, entry.reason_code) for entry in event.log_entries)
    inserts = tuple(
        entry.inserts.get(number) for entry in event.log_entries for number in telling_inserts(entry.message)
    )
    # A queue manager names the port of the client's end, which is another one each time.
    end = event.address.partition("(")[0] if event.client == "unknown" else event.address
    return event.source, ids, nested, inserts, event.channel, end, event.queue_manager, event.program, event.phase


def trace_key(connection: Connection) -> Hashable:
    """What makes two connections of traces one and the same, read twice from a trace and its copy."""
    facts = tuple((fact.name, fact.value, fact.location.offset) for fact in connection.facts)
    return connection.thread, connection.start, connection.end, connection.count, facts


def is_other_channel(first: str, second: str) -> bool:
    """Whether two names are of different channels; not where one of them is not known."""
    return bool(first and second) and first != second


def is_other_manager(first: str, second: str) -> bool:
    """Whether two names are of different queue managers; not where one is not known, or is that of a group ("*X")."""
    names = {name.strip() for name in (first, second)} - {""}
    return len(names) > 1 and not any(name.startswith("*") for name in names)


def is_near(first: LogEntry, second: LogEntry) -> bool:
    """Whether two entries can be of one moment: always where one of them has no time."""
    if first.utc and second.utc:
        return abs(first.utc - second.utc) <= CLOCKS
    return not (first.when and second.when) or abs(first.when - second.when) <= CLOCKS


def loosely_joined(connection: Connection) -> tuple[LogEntry, ...]:
    """What a program printed that was made one connection with an event of a log, where neither a time of the log nor a
    name of who failed tells that it is: () where one does.

    Programs mostly print no time: it takes that of the one event that fits, but not where that is not known either.
    """
    own = [entry for entry in connection.log_entries if entry.tie == "same"]
    joined = tuple(entry for entry in connection.log_entries if entry.tie == "possible")
    is_tied = connection.facts or not own or any(_is_tied(first, second) for first in own for second in joined)
    return () if is_tied else joined


def _is_tied(logged: LogEntry, printed: LogEntry) -> bool:
    """Whether an entry tells when it was written, or that it is of the thread, or of the channel and other end, that
    was printed."""
    from mqtrace.evidence.log_entries import address_of, channel_of

    if logged.utc or logged.when or (logged.thread and logged.thread == printed.thread):
        return True
    ends = [(channel_of(entry), address_of(entry)) for entry in (logged, printed)]
    return all(ends[0]) and ends[0] == ends[1]


def _host_and_port(address: str) -> tuple[str, str]:
    """Host and port of "host(port)", "host (address)(port)" and "host:port"; the port is "" where it is missing."""
    match = _ADDRESS.fullmatch(address.strip()[:300])
    if match:
        return match[1].lower(), match[2] or match[3] or ""
    return address.strip().partition("(")[0].strip().lower(), ""
