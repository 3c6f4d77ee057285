"""Logs meet traces: the events of error logs that belong to the connections of a trace."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from mqtrace.evidence.clock_offset import CLOCKS, Offset, Offsets, offsets_of
from mqtrace.evidence.compared import Logged, Traced, is_number, is_same_host, logged_of, moments, traced_of
from mqtrace.model import Connection


class _Fit(NamedTuple):
    """That an event fits a connection. The smallest is the best: one that names the same process and host, then the nearest."""

    other_process: bool
    other_host: bool
    apart: timedelta
    traced: int
    event: int


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
    traced = [traced_of(number, each, channels[number]) for number, each in enumerate(connections) if each.reason_code]
    logged = [logged_of(number, each) for number, each in enumerate(events)]
    offsets = offsets_of(traced, logged)
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


def _fits(event: Logged, traced: Sequence[Traced], offsets: Offsets) -> list[_Fit]:
    """The connections that an event fits. Where the log does not know the channel, only those that are nearest in time."""
    fitting = []
    for each in traced:
        offset = None if event.is_clients else offsets.get((event.connection.source, each.clock))
        apart = _apart(each, event, offset.ahead if offset else timedelta())
        if apart is not None:
            fitting.append(
                _Fit(not _same_process(each, event), not _same_host(each, event), apart, each.number, event.number)
            )
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


def _apart(traced: Traced, event: Logged, ahead: timedelta) -> timedelta | None:
    """How far apart they are in time, None when they do not fit."""
    same_channel = bool(traced.channel) and event.connection.channel == traced.channel
    if (event.connection.channel and traced.channel and not same_channel) or (
        event.is_clients and _contradict(traced, event)
    ):
        return None
    found = moments(traced, event)
    if found is None:
        return CLOCKS if same_channel or event.is_printed else None
    (begin, end), when = found
    apart = max(begin - (when - ahead), (when - ahead) - end, timedelta())
    return apart if apart <= CLOCKS else None


def _contradict(traced: Traced, event: Logged) -> bool:
    """Whether the client itself wrote another process, reason code, port or address than the trace has.

    The queue manager's log is not asked: it names its own process, and the client's end with a port that the trace does not tell.
    """
    mine, other = traced.connection, event.connection
    if (None not in (other.process, mine.process) and other.process != mine.process) or (
        other.reason_code and other.reason_code != mine.reason_code
    ):
        return True
    ports = {port for _, port in traced.addresses} - {""}
    numbers = {host for host, _ in traced.addresses if is_number(host)}
    return bool(event.port and ports and event.port not in ports) or bool(
        is_number(event.host) and numbers and event.host not in numbers
    )


def _same_process(traced: Traced, event: Logged) -> bool:
    process = event.connection.process
    return event.is_clients and process is not None and process == traced.connection.process


def _same_host(traced: Traced, event: Logged) -> bool:
    """Whether the queue manager names the client's host as the trace does."""
    return not event.is_clients and is_same_host(event.host, traced.connection.host)
