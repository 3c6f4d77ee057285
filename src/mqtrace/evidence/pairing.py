"""Logs meet traces: the events of error logs that belong to the connections of a trace."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import NamedTuple

from mqtrace.evidence.clock import in_utc
from mqtrace.evidence.log_entries import written_by
from mqtrace.model import Connection

# Clocks of two hosts that are kept by a time service differ by less than this.
CLOCKS = timedelta(seconds=10)
# An offset is believed when so many connections agree on it this closely.
AGREEING = 3
CLOSELY = timedelta(seconds=1)
# Time zones and forgotten clocks; what is farther apart is another day's failure.
_FARTHEST = timedelta(hours=27)
# Connections of one clock that are compared with every event of their channel: more make an offset no surer, and cost their product.
_COMPARED = 50

Span = tuple[datetime, datetime]


class Offset(NamedTuple):
    """How far the clock of a queue manager's log is ahead of the clock of traces.

    Attributes:
        log: display name of the log.
        clock: the host of the traces, or the trace where it does not tell its host.
        ahead: how far the log's clock is ahead; negative where it is behind.
        agreeing: how many connections and events agree on it.
    """

    log: str
    clock: str
    ahead: timedelta
    agreeing: int

    def __str__(self) -> str:
        """One sentence for the report."""
        seconds = round(self.ahead.total_seconds())
        if not seconds:
            return f"The clocks of {self.log} and {self.clock} agree, by {self.agreeing} failures that are in both."
        hours, minutes, rest = abs(seconds) // 3600, abs(seconds) // 60 % 60, abs(seconds) % 60
        parts = [f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if number]
        side = "ahead of" if seconds > 0 else "behind"
        failures = f"as {self.agreeing} failures that are in both show, and was allowed for"
        return f"The clock of {self.log} is {' '.join(parts)} {side} that of {self.clock}, {failures}."


class _Traced(NamedTuple):
    """What is compared of a connection. Times are begin and end."""

    number: int
    channel: str
    clock: str
    local: Span | None
    utc: Span | None
    connection: Connection
    addresses: tuple[tuple[str, str], ...]


class _Event(NamedTuple):
    """What is compared of an event of a log."""

    number: int
    local: datetime | None
    utc: datetime | None
    connection: Connection
    host: str
    port: str
    is_clients: bool
    is_printed: bool


class _Fit(NamedTuple):
    """That an event fits a connection. The smallest is the best: one that names the same process and host, then the nearest."""

    other_process: bool
    other_host: bool
    apart: timedelta
    traced: int
    event: int


class _Difference(NamedTuple):
    """How far a log's clock is ahead, should this event be this connection's."""

    ahead: timedelta
    traced: int
    event: int


Offsets = dict[tuple[str, str], Offset]


def paired(
    connections: Sequence[Connection], events: Sequence[Connection], channels: Sequence[str]
) -> tuple[list[Connection], tuple[Offset, ...]]:
    """The connections of traces, each that failed with the log entries of the events that fit it best, the server's, then the client's;
    and the offsets of the clocks of the logs that this was done with.

    `channels`: for each connection the name of its channel, "" where it is not known. An event fits when its channel is the same (or
    the log does not know it yet) and its time, less the clocks' offset, is near; where either has no time, when the channel is the
    same. What the client wrote itself must not contradict the trace in process, port, address or reason code, and what a program printed
    without a message must have the same reason code. One event goes to one connection, and one that knows no channel to the nearest only.
    """
    traced = [_traced(number, each, channels[number]) for number, each in enumerate(connections) if each.reason_code]
    logged = [_event(number, each) for number, each in enumerate(events)]
    offsets = _offsets(traced, logged)
    chosen: dict[int, list[int]] = defaultdict(list)
    for is_clients in (False, True):
        fits = [fit for event in logged if event.is_clients == is_clients for fit in _fits(event, traced, offsets)]
        for fit in _chosen(fits, connections, events):
            chosen[fit.traced].append(fit.event)
    together = [
        replace(connection, log_entries=tuple(entry for each in chosen[number] for entry in events[each].log_entries))
        if number in chosen
        else connection
        for number, connection in enumerate(connections)
    ]
    return together, tuple(offsets.values())


def _traced(number: int, connection: Connection, channel: str) -> _Traced:
    ended = connection.end if "T" in connection.end else connection.start
    begin_utc, end_utc = in_utc(connection.start, connection.utc_offset), in_utc(ended, connection.utc_offset)
    return _Traced(
        number,
        channel,
        connection.host or connection.source,
        (datetime.fromisoformat(connection.start), datetime.fromisoformat(ended)) if "T" in connection.start else None,
        (begin_utc, end_utc) if begin_utc and end_utc else None,
        connection,
        tuple(_host_and_port(address) for address in (connection.address, *(each.address for each in connection.attempts)) if address),
    )


def _event(number: int, event: Connection) -> _Event:
    entry = next((each for each in event.log_entries if each.utc or each.when), None)
    return _Event(
        number,
        entry.when if entry else None,
        entry.utc.replace(tzinfo=None) if entry and entry.utc else None,
        event,
        *_host_and_port(event.address),
        any(written_by(each) == "client" for each in event.log_entries),
        event.reason_code is not None and not any(each.message for each in event.log_entries),
    )


def _offsets(traced: Sequence[_Traced], logged: Sequence[_Event]) -> Offsets:
    """The offset for each log of a queue manager and each clock of traces, where enough agrees on one.

    The median of the differences between failing connections and events of the same channel and the same other end, when at least
    three connections and as many events agree within a second. Events that name the host of the traces go before others.
    """
    by_clock: dict[str, list[_Traced]] = defaultdict(list)
    for each in traced:
        if each.channel and len(by_clock[each.clock]) < _COMPARED:
            by_clock[each.clock].append(each)
    groups: dict[tuple[str, str, str], list[_Difference]] = defaultdict(list)
    for event in logged:
        if event.connection.channel and not event.is_clients:
            for clock, same in by_clock.items():
                groups[event.connection.source, clock, event.host] += _differences(event, same)
    found: dict[tuple[str, str], dict[bool, list[Offset]]] = defaultdict(lambda: {True: [], False: []})
    for (log, clock, host), differences in groups.items():
        found[log, clock][_is_same_host(host, clock)] += [Offset(log, clock, ahead, agreeing) for agreeing, ahead in _agreed(differences)]
    return {key: best for key, of in found.items() if (best := _best(of[True] or of[False])) is not None}


def _differences(event: _Event, traced: Sequence[_Traced]) -> Iterator[_Difference]:
    for each in traced:
        moments = _moments(each, event) if each.channel == event.connection.channel else None
        if moments is not None:
            (begin, end), when = moments
            if abs(when - end) <= _FARTHEST:
                yield _Difference(timedelta() if begin <= when <= end else when - end, each.number, event.number)


def _agreed(differences: list[_Difference]) -> Iterator[tuple[int, timedelta]]:
    """How many agree, and the median of what they agree on, for each place where as many do as nowhere before."""
    differences.sort()
    traced: Counter[int] = Counter()
    events: Counter[int] = Counter()
    first, most = 0, AGREEING
    for last, difference in enumerate(differences):
        traced[difference.traced] += 1
        events[difference.event] += 1
        while difference.ahead - differences[first].ahead > CLOSELY:
            for seen, number in ((traced, differences[first].traced), (events, differences[first].event)):
                seen[number] -= 1
                if not seen[number]:
                    del seen[number]
            first += 1
        agreeing = min(len(traced), len(events))
        if agreeing >= most:
            most = agreeing
            yield agreeing, differences[(first + last) // 2].ahead


def _best(candidates: Sequence[Offset]) -> Offset | None:
    """The offset on which most agree, the smallest of several.

    Failures at even intervals, as of a program that tries again and again, agree on several offsets equally well: none is believed then
    but one that clocks have that are kept.
    """
    highest = max((each.agreeing for each in candidates), default=0)
    most = [each for each in candidates if each.agreeing == highest]
    best = min(most, key=lambda each: abs(each.ahead), default=None)
    if best is None or abs(best.ahead) <= CLOCKS or all(abs(each.ahead - best.ahead) <= CLOSELY for each in most):
        return best
    return None


def _fits(event: _Event, traced: Sequence[_Traced], offsets: Offsets) -> list[_Fit]:
    """The connections that an event fits. Where the log does not know the channel, only those that are nearest in time."""
    fitting = []
    for each in traced:
        offset = None if event.is_clients else offsets.get((event.connection.source, each.clock))
        apart = _apart(each, event, offset.ahead if offset else timedelta())
        if apart is not None:
            fitting.append(_Fit(not _same_process(each, event), not _same_host(each, event), apart, each.number, event.number))
    if event.connection.channel or event.is_printed:
        return fitting
    return [fit for fit in fitting if fit[:3] == min(fitting)[:3]]


def _chosen(fits: list[_Fit], connections: Sequence[Connection], events: Sequence[Connection]) -> Iterator[_Fit]:
    """The best fits, each connection once, each event once unless one of both stands for several."""
    taken_connections: set[int] = set()
    taken_events: set[int] = set()
    for fit in sorted(fits):
        shared = connections[fit.traced].count > 1 or events[fit.event].count > 1
        if fit.traced not in taken_connections and (shared or fit.event not in taken_events):
            taken_connections.add(fit.traced)
            taken_events.add(fit.event)
            yield fit


def _apart(traced: _Traced, event: _Event, ahead: timedelta) -> timedelta | None:
    """How far apart they are in time, None when they do not fit."""
    same_channel = bool(traced.channel) and event.connection.channel == traced.channel
    if (event.connection.channel and traced.channel and not same_channel) or (event.is_clients and _contradict(traced, event)):
        return None
    moments = _moments(traced, event)
    if moments is None:
        return CLOCKS if same_channel or event.is_printed else None
    (begin, end), when = moments
    apart = max(begin - (when - ahead), (when - ahead) - end, timedelta())
    return apart if apart <= CLOCKS else None


def _contradict(traced: _Traced, event: _Event) -> bool:
    """Whether the client itself wrote another process, reason code, port or address than the trace has.

    The queue manager's log is not asked: it names its own process, and the client's end with a port that the trace does not tell.
    """
    mine, other = traced.connection, event.connection
    if (None not in (other.process, mine.process) and other.process != mine.process) or (
        other.reason_code and other.reason_code != mine.reason_code
    ):
        return True
    ports = {port for _, port in traced.addresses} - {""}
    numbers = {host for host, _ in traced.addresses if _is_number(host)}
    return bool(event.port and ports and event.port not in ports) or bool(_is_number(event.host) and numbers and event.host not in numbers)


def _same_process(traced: _Traced, event: _Event) -> bool:
    process = event.connection.process
    return event.is_clients and process is not None and process == traced.connection.process


def _same_host(traced: _Traced, event: _Event) -> bool:
    """Whether the queue manager names the client's host as the trace does."""
    return not event.is_clients and _is_same_host(event.host, traced.connection.host)


def _is_same_host(first: str, second: str) -> bool:
    """Whether two names are one host's, with or without its domain."""
    return bool(first and second) and first.partition(".")[0].lower() == second.partition(".")[0].lower()


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host_and_port(address: str) -> tuple[str, str]:
    """Host and port of "host(port)", "host (address)(port)" and "host:port"; the port is "" where it is missing."""
    match = re.fullmatch(r"([^\s(:]*)[^\n]*?(?:\((\d{1,5})\)|(?<!:):(\d{1,5}))", address.strip()[:300])
    return (match[1].lower(), match[2] or match[3] or "") if match else (address.strip().partition("(")[0].strip().lower(), "")


def _moments(traced: _Traced, event: _Event) -> tuple[Span, datetime] | None:
    """Begin and end of the connection and the time of the event: in UTC where both tell it, else in local time."""
    if traced.utc and event.utc:
        return traced.utc, event.utc
    return (traced.local, event.local) if traced.local and event.local else None
