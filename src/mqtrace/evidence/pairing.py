"""Logs meet traces: the events of error logs that belong to the connections of a trace."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace

from mqtrace.evidence.clock_offset import Offsets, offsets_of
from mqtrace.evidence.same_connection import Logged, Traced, apart, is_same_host, logged_of, tie_of, traced_of
from mqtrace.model import ClockOffset, Connection, LogEntry


class _Fit(NamedTuple):
    """That an event fits a connection. The smallest is the best: one that is surely its own, then of the same process
    and host, then the nearest."""

    is_doubtful: bool
    other_process: bool
    other_host: bool
    apart: timedelta
    traced: int
    event: int


def paired(
    connections: Sequence[Connection], events: Sequence[Connection], channels: Sequence[str]
) -> tuple[list[Connection], tuple[ClockOffset, ...]]:
    """The connections of traces, each that failed with the log entries of the events that fit it best, the server's,
    then the client's; and the offsets of the clocks of the logs that this was done with.

    `channels`: for each connection the name of its channel, "" where it is not known. An event fits when its channel is
    the same (or the log does not know it yet) and its time, less the clocks' offset, is near; where either has no time,
    when the channel is the same. What the client wrote itself must not contradict the trace in process, port, address
    or reason code, and what a program printed without a message must have the same reason code. One event goes to one
    connection, and one that knows no channel to the nearest only.
    """
    traced = [traced_of(number, each, channels[number]) for number, each in enumerate(connections) if each.reason_code]
    logged = [logged_of(number, each) for number, each in enumerate(events)]
    offsets = offsets_of(traced, logged)
    chosen: dict[int, list[_Fit]] = defaultdict(list)
    for is_clients in (False, True):
        asked = [event for event in logged if event.is_clients == is_clients]
        fits = [fit for event in asked for fit in _fits(event, traced, offsets)]
        for fit in _chosen(fits, connections, events):
            chosen[fit.traced].append(fit)
    together = [
        replace(
            connection, log_entries=tuple(entry for fit in chosen[number] for entry in _tied(events[fit.event], fit))
        )
        if number in chosen
        else connection
        for number, connection in enumerate(connections)
    ]
    return together, tuple(offsets.values())


def _tied(event: Connection, fit: _Fit) -> Iterator[LogEntry]:
    """The entries of an event, each with how surely it is of the connection."""
    for entry in event.log_entries:
        yield replace(entry, tie="possible") if fit.is_doubtful else entry


def _fits(event: Logged, traced: Sequence[Traced], offsets: Offsets) -> list[_Fit]:
    """The connections that an event fits. Where the log does not know the channel, those that are nearest in time."""
    fitting = []
    for each in traced:
        offset = None if event.is_clients else offsets.get((event.connection.source, each.clock))
        distance = apart(each, event, offset.ahead if offset else timedelta())
        if distance is None:
            continue
        doubtful = tie_of(each, event, offset.ahead if offset else None) == "possible"
        others = (not _same_process(each, event), not _same_host(each, event))
        fitting.append(_Fit(doubtful, *others, distance, each.number, event.number))
    if event.connection.channel or event.is_printed:
        return fitting
    return [fit for fit in fitting if fit[:4] == min(fitting)[:4]]


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


def _same_process(traced: Traced, event: Logged) -> bool:
    process = event.connection.process
    return event.is_clients and process is not None and process == traced.connection.process


def _same_host(traced: Traced, event: Logged) -> bool:
    """Whether the queue manager names the client's host as the trace does."""
    return not event.is_clients and is_same_host(event.host, traced.connection.host)
