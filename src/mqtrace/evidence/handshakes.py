"""Handshakes that something else than a client's trace recorded, as evidence: of a trace's connection, or as
connections of their own.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.decode.sni import channel_of
from mqtrace.evidence.clock_offset import CLOSELY, Offsets, offsets_of
from mqtrace.evidence.same_connection import CLOCKS, Logged, Traced, is_elsewhere, is_other_process, moments, traced_of
from mqtrace.handshakes.facts import facts_of
from mqtrace.kept import compiled
from mqtrace.model import Connection, Location
from mqtrace.model.tls import Handshake, Origin

# Families of clients that a recorder can record, where it is not any: openssl s_client is a program of its own.
_CLIENTS: Mapping[Origin, tuple[str, ...]] = {
    "java-debug": ("java", "unknown"),
    "transcript": ("c", "unknown"),
    "gskit-trace": ("c", "unknown"),
    "s_client": (),
}
_AFTER_HANDSHAKE = ("negotiation", "mqconn", "connected")
# More connections of their own than people read.
_MOST_ALONE = 100
_TIME = compiled(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)( ?[A-Za-z]{1,5})?")


class Tied(Struct):
    """What became of the handshakes.

    Attributes:
        connections: those of the traces, with what is theirs; then those of handshakes that failed and belong to none.
        others: how many handshakes are in none of them.
    """

    connections: list[Connection]
    others: int = 0

    @property
    def notes(self) -> list[str]:
        """What the report says of those that are left out."""
        if not self.others:
            return []
        many = f"{self.others} other TLS handshakes belong" if self.others > 1 else "1 other TLS handshake belongs"
        return [f"{many} to no connection of the traces."]


def connection_of(handshake: Handshake) -> Connection:
    """A handshake alone as a connection. What the application got is not known, even where the handshake went well."""
    flow = next((segment for segment in handshake.segments if segment.channel and not handshake.messages), None)
    return Connection(
        client="unknown",
        source=handshake.location.source,
        process=handshake.process,
        start=_start(handshake.started),
        utc_offset=0 if handshake.started.endswith(("Z", "UTC", "GMT")) else None,
        queue_manager=flow.queue_manager if flow else "",
        channel=flow.channel if flow else channel_of(handshake.server_name) or "",
        address=handshake.server,
        phase="negotiation" if flow else "tls",
        facts=facts_of(handshake),
        tls=handshake,
    )


def connections_of(handshakes: Iterable[Handshake]) -> list[Connection]:
    """Handshakes alone as connections: those of an input that differ in place and time only are the first of them, with
    their count.
    """
    alike: dict[Handshake, list[Handshake]] = defaultdict(list)
    for handshake in handshakes:
        alike[replace(handshake, location=Location(handshake.location.source, 0), started="")].append(handshake)
    return [_of_alike(each) for each in alike.values()]


def _of_alike(handshakes: Sequence[Handshake]) -> Connection:
    first, last = connection_of(handshakes[0]), handshakes[-1]
    return replace(first, count=len(handshakes), end=_start(last.started)) if len(handshakes) > 1 else first


def with_handshakes(
    connections: Sequence[Connection], handshakes: Iterable[Handshake], *, all_known: bool = True
) -> Tied:
    """The connections of traces, each with the facts of the handshakes that are its own.

    A handshake is a connection's when it has its server name, was recorded inside its call (by the clocks, less their
    offset where that is known), by a recorder of its kind of client, with its process, address and port where both tell
    them, ended as it did, and is so of no other connection. Where no time tells, it is kept as one that may be the
    connection's, and so is each where not `all_known`: the rest of a trace was not read. One that is nobody's and
    failed becomes a connection of its own.
    """
    waiting = [_candidate(number, handshake) for number, handshake in enumerate(handshakes)]
    by_name = _by_server_name(connections)
    compared = [traced for same_name in by_name.values() for traced in same_name]
    offsets = offsets_of(compared, [candidate.logged for candidate in waiting])
    tied, alone, others = list(connections), list[Connection](), 0
    for candidate in waiting:
        handshake = candidate.handshake
        named = by_name.get(handshake.server_name, ())
        fitting = _fitting(candidate, named, offsets) or _fitting_unnamed(candidate, by_name.get("", ()))
        if len(fitting) == 1:
            number, sure = fitting[0]
            tied[number] = _joined(tied[number], handshake, sure and all_known)
        elif handshake.failed and len(alone) < _MOST_ALONE:
            alone.append(candidate.logged.connection)
        else:
            others += 1
    return Tied(tied + alone, others)


class _Candidate(NamedTuple):
    """A handshake that may belong to a connection, and what is compared of it."""

    handshake: Handshake
    logged: Logged


def _candidate(number: int, handshake: Handshake) -> _Candidate:
    alone = connection_of(handshake)
    when = datetime.fromisoformat(alone.start) if _TIME.fullmatch(alone.start) else None
    utc = when if alone.utc_offset == 0 else None
    (host, port), *_ = (*traced_of(number, alone, "").addresses, ("", ""))
    local = None if utc else when
    return _Candidate(handshake, Logged(number, local, utc, alone, host, port, is_clients=False, is_printed=False))


def _by_server_name(connections: Sequence[Connection]) -> dict[str, list[Traced]]:
    """The connections by the server name that they sent; those of which a trace of exceptions only shows the end, by
    "".
    """
    named: dict[str, list[Traced]] = defaultdict(list)
    for number, connection in enumerate(connections):
        name = next((fact.value for fact in reversed(connection.facts) if fact.name == "tls.server_name"), "")
        if name or _is_end_only(connection):
            named[name].append(traced_of(number, connection, channel_of(name) or ""))
    return named


def _fitting(candidate: _Candidate, named: Sequence[Traced], offsets: Offsets) -> list[tuple[int, bool]]:
    """The numbers of the connections whose it is by time, each with True; where there are none, of those whose it may
    be, with False.
    """
    possible = [traced for traced in named if not _contradicts(candidate, traced)]
    timed = [(traced.number, _is_inside(candidate.logged, traced, offsets)) for traced in possible]
    inside = [(number, True) for number, is_inside in timed if is_inside]
    return inside or [(number, False) for number, is_inside in timed if is_inside is None]


def _is_end_only(connection: Connection) -> bool:
    return bool(connection.reason_code) and connection.phase == "settings" and not connection.attempts


def _fitting_unnamed(candidate: _Candidate, unnamed: Sequence[Traced]) -> list[tuple[int, bool]]:
    """The numbers of the connections of which a trace shows only the end, shortly before which it began."""
    compared = [(traced, moments(traced, candidate.logged)) for traced in unnamed]
    near = [traced for traced, known in compared if known and known[0][0] - CLOCKS <= known[1] <= known[0][1] + CLOSELY]
    return [(traced.number, False) for traced in near if not _contradicts(candidate, traced)]


def _contradicts(candidate: _Candidate, traced: Traced) -> bool:
    """Whether recorder, process, address or outcome are another's."""
    handshake, connection = candidate.handshake, traced.connection
    if connection.client not in _CLIENTS.get(handshake.origin, (connection.client,)):
        return True
    if is_other_process(connection, candidate.logged.connection) or is_elsewhere(traced, candidate.logged):
        return True
    return _ended_otherwise(handshake, connection)


def _ended_otherwise(handshake: Handshake, connection: Connection) -> bool:
    """Whether the trace tells of another end than the handshake: it went on, with other alerts or version."""
    if handshake.failed and (connection.reason_code == 0 or connection.phase in _AFTER_HANDSHAKE):
        return connection.reason_code == 0 or not _can_fail_late(handshake)
    values: dict[str, set[str]] = defaultdict(set)
    for fact in connection.facts:
        values[fact.name].add(fact.value)
    alerts, version = values["tls.alert"] | values["tls.alert_sent"], values["tls.chosen_version"]
    shown = {str(alert.code) for alert in handshake.alerts}
    if alerts and shown and not alerts & shown:
        return True
    return bool(version and handshake.chosen) and handshake.chosen.protocol not in version  # type: ignore[union-attr]


def _can_fail_late(handshake: Handshake) -> bool:
    """Whether it was refused as TLS 1.3 lets a server do, once the client has gone on."""
    is_13 = handshake.chosen is not None and handshake.chosen.protocol == "TLSv1.3"
    return is_13 and any(alert.sender == "server" for alert in handshake.alerts)


def _is_inside(logged: Logged, traced: Traced, offsets: Offsets) -> bool | None:
    """Whether it began inside the call; None where no clock tells it."""
    compared = moments(traced, logged)
    if compared is None:
        return None
    (begin, end), when = compared
    offset = offsets.get((logged.connection.source, traced.clock))
    if offset:
        when -= offset.ahead
    # Some recorders write whole seconds.
    return begin - CLOSELY <= when <= end + CLOSELY


def _joined(connection: Connection, handshake: Handshake, sure: bool) -> Connection:
    if not sure:
        return replace(connection, perhaps_tls=(*connection.perhaps_tls, handshake))
    facts, attempts = facts_of(handshake), connection.attempts
    if attempts:
        attempts = (*attempts[:-1], replace(attempts[-1], facts=attempts[-1].facts + facts))
    return replace(connection, facts=connection.facts + facts, attempts=attempts, tls=handshake.filling(connection.tls))


def _start(started: str) -> str:
    """A recorder's time without its zone ("2026-11-25 02:31:47.734 UTC") as ISO 8601 in the recorder's own time; others
    as they are.
    """
    written = _TIME.fullmatch(started)
    return f"{written[1]}T{written[2].replace(',', '.')}" if written else started
