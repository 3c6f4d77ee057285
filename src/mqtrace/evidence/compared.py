"""What of a connection of a trace, and of an event of a log, is compared to tell whether they are the same failure."""

import re
from datetime import datetime
from ipaddress import ip_address
from typing import NamedTuple

from mqtrace.evidence.clock import in_utc
from mqtrace.evidence.log_entries import written_by
from mqtrace.model import Connection

Span = tuple[datetime, datetime]


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
    return Traced(
        number,
        channel,
        connection.host or connection.source,
        (datetime.fromisoformat(connection.start), datetime.fromisoformat(ended)) if "T" in connection.start else None,
        (begin_utc, end_utc) if begin_utc and end_utc else None,
        connection,
        tuple(
            _host_and_port(address)
            for address in (connection.address, *(each.address for each in connection.attempts))
            if address
        ),
    )


def logged_of(number: int, event: Connection) -> Logged:
    """What is compared of the event with that number."""
    entry = next((each for each in event.log_entries if each.utc or each.when), None)
    return Logged(
        number,
        entry.when if entry else None,
        entry.utc.replace(tzinfo=None) if entry and entry.utc else None,
        event,
        *_host_and_port(event.address),
        any(written_by(each) == "client" for each in event.log_entries),
        event.reason_code is not None and not any(each.message for each in event.log_entries),
    )


def moments(traced: Traced, event: Logged) -> tuple[Span, datetime] | None:
    """Begin and end of the connection and the time of the event: in UTC where both tell it, else in local time."""
    if traced.utc and event.utc:
        return traced.utc, event.utc
    return (traced.local, event.local) if traced.local and event.local else None


def is_same_host(first: str, second: str) -> bool:
    """Whether two names are one host's, with or without its domain."""
    return bool(first and second) and first.partition(".")[0].lower() == second.partition(".")[0].lower()


def is_number(host: str) -> bool:
    """Whether a host is given by its IP number."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host_and_port(address: str) -> tuple[str, str]:
    """Host and port of "host(port)", "host (address)(port)" and "host:port"; the port is "" where it is missing."""
    match = re.fullmatch(r"([^\s(:]*)[^\n]*?(?:\((\d{1,5})\)|(?<!:):(\d{1,5}))", address.strip()[:300])
    return (
        (match[1].lower(), match[2] or match[3] or "")
        if match
        else (address.strip().partition("(")[0].strip().lower(), "")
    )
