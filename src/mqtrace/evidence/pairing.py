"""Logs meet traces: the events of error logs that belong to the connections of a trace."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mqtrace.evidence.clock import in_utc
from mqtrace.model import Connection

# Clocks of two hosts that are kept by a time service differ by less than this.
CLOCKS = timedelta(seconds=10)


def paired(connections: Sequence[Connection], events: Sequence[Connection], channels: Sequence[str]) -> list[Connection]:
    """The connections of traces, each that failed with the log entries of the event that fits it best.

    `channels`: for each connection the name of its channel, "" where it is not known. An event fits when its channel is the same (or
    the log does not know it yet) and its time is near; where either has no time, when the channel is the same; what a program printed
    about its failure, when the reason code is the same.
    """
    return [
        replace(connection, log_entries=best.log_entries) if (best := _best(connection, channel, events)) else connection
        for connection, channel in zip(connections, channels, strict=True)
    ]


def _best(connection: Connection, channel: str, events: Sequence[Connection]) -> Connection | None:
    if not connection.reason_code:
        return None
    fitting = [(apart, event) for event in events if (apart := _apart(connection, channel, event)) is not None]
    return min(fitting, key=lambda each: each[0])[1] if fitting else None


def _apart(connection: Connection, channel: str, event: Connection) -> timedelta | None:
    """How far apart they are in time, None when they do not fit."""
    printed = event.reason_code is not None and not any(entry.message for entry in event.log_entries)
    if printed:
        return CLOCKS if event.reason_code == connection.reason_code else None
    if event.channel and channel and event.channel != channel:
        return None
    moments = _moments(connection, event)
    if moments is None:
        return CLOCKS if event.channel and event.channel == channel else None
    begin, end, logged = moments
    if begin - CLOCKS <= logged <= end + CLOCKS:
        return max(begin - logged, logged - end, timedelta())
    return None


def _moments(connection: Connection, event: Connection) -> tuple[datetime, datetime, datetime] | None:
    """Begin and end of the connection and the time of the event: in UTC where both tell it, else in local time."""
    entry = next((each for each in event.log_entries if each.utc or each.when), None)
    if entry is None or "T" not in connection.start:
        return None
    if entry.utc and connection.utc_offset is not None:
        begin, end = in_utc(connection.start, connection.utc_offset), in_utc(connection.end, connection.utc_offset)
        return (begin, end, entry.utc.replace(tzinfo=None)) if begin and end else None
    if not entry.when:
        return None
    return datetime.fromisoformat(connection.start), datetime.fromisoformat(connection.end), entry.when
