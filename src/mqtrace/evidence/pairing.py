"""Logs meet traces: the events of error logs that belong to the connections of a trace."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median_low
from typing import NamedTuple

from mqtrace.evidence.clock import in_utc
from mqtrace.model import Connection

# Clocks of two hosts that are kept by a time service differ by less than this.
CLOCKS = timedelta(seconds=10)
# An offset is believed when so many connections agree on it this closely.
AGREEING = 3
CLOSELY = timedelta(seconds=1)
# Time zones and forgotten clocks; what is farther apart is another day's failure.
_FARTHEST = timedelta(hours=27)
# Connections that are compared with every event of their channel: more do not make an offset surer, and cost their product.
_COMPARED = 50


class _Fit(NamedTuple):
    """That an event fits a connection. The smallest is the best: another process than the connection's is no fit at all."""

    other_process: bool
    apart: timedelta
    connection: int
    event: int


class _Difference(NamedTuple):
    """How far a log's clock is ahead, should this event be this connection's."""

    ahead: timedelta
    connection: int
    event: int


def paired(connections: Sequence[Connection], events: Sequence[Connection], channels: Sequence[str]) -> list[Connection]:
    """The connections of traces, each that failed with the log entries of the events that fit it best: the server's, then the client's.

    `channels`: for each connection the name of its channel, "" where it is not known. An event fits when its channel is the same (or
    the log does not know it yet) and its time, less the clocks' offset, is near; where either has no time, when the channel is the
    same; what a program printed about its failure, when the reason code is the same. In the client's own log the process and the
    port must be the same too, where both are told. One event goes to one connection, and one that knows no channel to the nearest only.
    """
    offset = clock_offset(connections, events, channels) or timedelta()
    sides: dict[bool, list[_Fit]] = {False: [], True: []}
    for number, event in enumerate(events):
        sides[_is_clients(event)] += _fits(number, event, connections, channels, offset)
    chosen: dict[int, list[int]] = defaultdict(list)
    for is_clients in (False, True):
        for fit in _chosen(sides[is_clients], connections, events):
            chosen[fit.connection].append(fit.event)
    return [
        replace(connection, log_entries=tuple(entry for each in chosen[number] for entry in events[each].log_entries))
        if number in chosen
        else connection
        for number, connection in enumerate(connections)
    ]


def clock_offset(connections: Sequence[Connection], events: Sequence[Connection], channels: Sequence[str]) -> timedelta | None:
    """How far the clock of the queue manager's log is ahead of the traces' clock; None where too little agrees.

    The median of the differences between failing connections and events of the same channel and the same other end, when at least
    three connections and as many events agree within a second. Of several such offsets the one with most agreement, then the smallest.
    """
    groups: dict[tuple[str, str], list[_Difference]] = defaultdict(list)
    failing = [(number, each) for number, each in enumerate(connections) if each.reason_code and channels[number]][:_COMPARED]
    for number, event in enumerate(events):
        if event.channel and not _is_clients(event):
            groups[event.source, _host_and_port(event.address)[0]] += _differences(number, event, failing, channels)
    found = [best for differences in groups.values() if (best := _agreed(differences)) is not None]
    return min(found, key=lambda each: (-each[0], abs(each[1])))[1] if found else None


def _differences(
    number: int, event: Connection, failing: Sequence[tuple[int, Connection]], channels: Sequence[str]
) -> Iterator[_Difference]:
    for index, connection in failing:
        moments = _moments(connection, event) if channels[index] == event.channel and not _contradict(connection, event) else None
        if moments is not None and abs(moments[2] - moments[1]) <= _FARTHEST:
            begin, end, logged = moments
            yield _Difference(timedelta() if begin <= logged <= end else logged - end, index, number)


def _agreed(differences: list[_Difference]) -> tuple[int, timedelta] | None:
    """How many agree at most, and the median of what they agree on; None where too few do."""
    differences.sort()
    best: tuple[int, timedelta] | None = None
    first = 0
    for last, difference in enumerate(differences):
        while difference.ahead - differences[first].ahead > CLOSELY:
            first += 1
        if last - first + 1 < AGREEING:
            continue
        agreeing = differences[first : last + 1]
        support = min(len({each.connection for each in agreeing}), len({each.event for each in agreeing}))
        offset = median_low([each.ahead for each in agreeing])
        if support >= AGREEING and (best is None or (-support, abs(offset)) < (-best[0], abs(best[1]))):
            best = support, offset
    return best


def _fits(number: int, event: Connection, connections: Sequence[Connection], channels: Sequence[str], offset: timedelta) -> list[_Fit]:
    """The connections that an event fits. Where the log does not know the channel, only those that are nearest in time."""
    ahead = timedelta() if _is_clients(event) else offset
    fitting = [
        _Fit(not _same_process(connection, event), apart, index, number)
        for index, connection in enumerate(connections)
        if connection.reason_code and (apart := _apart(connection, channels[index], event, ahead)) is not None
    ]
    if event.channel or _is_printed(event):
        return fitting
    return [fit for fit in fitting if fit[:2] == min(fitting)[:2]]


def _chosen(fits: list[_Fit], connections: Sequence[Connection], events: Sequence[Connection]) -> Iterator[_Fit]:
    """The best fits, each connection once, each event once unless one of both stands for several."""
    taken_connections: set[int] = set()
    taken_events: set[int] = set()
    for fit in sorted(fits):
        shared = connections[fit.connection].count > 1 or events[fit.event].count > 1
        if fit.connection not in taken_connections and (shared or fit.event not in taken_events):
            taken_connections.add(fit.connection)
            taken_events.add(fit.event)
            yield fit


def _apart(connection: Connection, channel: str, event: Connection, ahead: timedelta) -> timedelta | None:
    """How far apart they are in time, None when they do not fit."""
    if _is_printed(event):
        return CLOCKS if event.reason_code == connection.reason_code else None
    if (event.channel and channel and event.channel != channel) or _contradict(connection, event):
        return None
    moments = _moments(connection, event)
    if moments is None:
        return CLOCKS if event.channel and event.channel == channel else None
    begin, end, logged = moments[0], moments[1], moments[2] - ahead
    if begin - CLOCKS <= logged <= end + CLOCKS:
        return max(begin - logged, logged - end, timedelta())
    return None


def _contradict(connection: Connection, event: Connection) -> bool:
    """Whether the client's own log names another process or another port of the queue manager than the trace does.

    The queue manager's log names its own process, and the client's end with a port that the trace does not tell.
    """
    if not _is_clients(event):
        return False
    if None not in (event.process, connection.process) and event.process != connection.process:
        return True
    port = _host_and_port(event.address)[1]
    addresses = [connection.address, *(attempt.address for attempt in connection.attempts)]
    ports = {_host_and_port(address)[1] for address in addresses} - {""}
    return bool(port and ports) and port not in ports


def _same_process(connection: Connection, event: Connection) -> bool:
    return _is_clients(event) and event.process is not None and event.process == connection.process


def _is_clients(event: Connection) -> bool:
    """Whether a client program wrote it. A log that names no program is the queue manager's: its console."""
    return event.client != "unknown" or _is_printed(event)


def _is_printed(event: Connection) -> bool:
    """Whether a program printed a reason code, and no message that says more."""
    return event.reason_code is not None and not any(entry.message for entry in event.log_entries)


def _host_and_port(address: str) -> tuple[str, str]:
    """Host and port of "host(port)", "host (address)(port)" and "host:port"; the port is "" where it is missing."""
    match = re.fullmatch(r"([^\s(:]*)[^\n]*?(?:\((\d{1,5})\)|(?<!:):(\d{1,5}))", address.strip()[:300])
    return (match[1].lower(), match[2] or match[3] or "") if match else (address.strip().partition("(")[0].lower(), "")


def _moments(connection: Connection, event: Connection) -> tuple[datetime, datetime, datetime] | None:
    """Begin and end of the connection and the time of the event: in UTC where both tell it, else in local time."""
    entry = next((each for each in event.log_entries if each.utc or each.when), None)
    if entry is None or "T" not in connection.start:
        return None
    ended = connection.end if "T" in connection.end else connection.start
    if entry.utc and connection.utc_offset is not None:
        begin, end = in_utc(connection.start, connection.utc_offset), in_utc(ended, connection.utc_offset)
        return (begin, end, entry.utc.replace(tzinfo=None)) if begin and end else None
    if not entry.when:
        return None
    return datetime.fromisoformat(connection.start), datetime.fromisoformat(ended), entry.when
