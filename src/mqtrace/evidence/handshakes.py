"""Handshakes that something else than a client's trace recorded, as evidence: of a trace's connection, or as one of their own."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from mqtrace.decode.sni import channel_of
from mqtrace.handshakes.as_dict import handshake_as_dict, segment_text
from mqtrace.handshakes.facts import handshake_facts
from mqtrace.handshakes.handshake import Handshake
from mqtrace.model import Connection, Fact

PATTERN = "handshake"


def facts_of(handshake: Handshake) -> tuple[Fact, ...]:
    """The facts of a handshake, all with the line or packet where it begins."""
    text = _text(handshake)
    return tuple(
        Fact(name, value, handshake.location, text, "used", "", "", f"{PATTERN}.{handshake.origin}")
        for name, value in handshake_facts(handshake)
    )


def _text(handshake: Handshake) -> str:
    if handshake.refused:
        return f"{handshake.server} refused the connection of {handshake.client}"
    if handshake.messages or not handshake.segments:
        return f"TLS handshake ({handshake.origin}): {', '.join(handshake.messages) or 'no message'}"
    return next(
        (segment_text(each) for each in reversed(handshake.segments) if each.segment.kind != "other"),
        "a flow of MQ without TLS",
    )


def tls_of(handshake: Handshake) -> dict[str, Any]:
    """The contract's "tls" object of a handshake."""
    whole = handshake_as_dict(handshake)
    tls = {name: whole[name] for name in ("messages", "offered", "chosen", "alerts")}
    tls["server_name"] = handshake.offered.server_name if handshake.offered else None
    if handshake.certificates:
        first = handshake.certificates[0]
        tls["server_certificate"] = {
            "subject": first.subject,
            "issuer": first.issuer,
            "self_signed": first.subject == first.issuer,
        }
    return tls


def connection_of(handshake: Handshake) -> Connection:
    """A handshake alone as a connection. What the application got is not known, even where the handshake went well."""
    flow = next((each.segment for each in handshake.segments if each.segment.channel and not handshake.messages), None)
    server_name = handshake.offered.server_name if handshake.offered else None
    return Connection(
        client="unknown",
        source=handshake.location.source,
        start=_start(handshake.started),
        utc_offset=0 if handshake.started.endswith(("Z", "UTC", "GMT")) else None,
        queue_manager=flow.queue_manager if flow else "",
        channel=flow.channel if flow else channel_of(server_name or "") or "",
        address=handshake.server,
        phase="negotiation" if flow else "tls",
        facts=facts_of(handshake),
        tls=tls_of(handshake),
    )


def _start(started: str) -> str:
    """A recorder's time without its zone ("2026-11-25 02:31:47.734 UTC") as ISO 8601 in the recorder's own time; others as they are."""
    written = re.fullmatch(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)( ?[A-Za-z]{1,5})?", started)
    return f"{written[1]}T{written[2].replace(',', '.')}" if written else started


def with_handshakes(connections: Sequence[Connection], handshakes: Iterable[Handshake]) -> list[Connection]:
    """The connections, each with the facts of the handshake that has its server name, where exactly one connection has that name."""
    found = list(connections)
    for handshake in handshakes:
        name = handshake.offered.server_name if handshake.offered else None
        fitting = [number for number, each in enumerate(found) if name and _server_name(each) == name]
        if len(fitting) == 1:
            number = fitting[0]
            facts = facts_of(handshake)
            attempts = found[number].attempts
            if attempts:
                attempts = (*attempts[:-1], replace(attempts[-1], facts=attempts[-1].facts + facts))
            merged = {**tls_of(handshake), **found[number].tls}
            found[number] = replace(found[number], facts=found[number].facts + facts, attempts=attempts, tls=merged)
    return found


def _server_name(connection: Connection) -> str:
    return next((fact.value for fact in reversed(connection.facts) if fact.name == "tls.server_name"), "")
