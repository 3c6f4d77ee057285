"""Dumps and blocks of a record, read by the decoders that patterns name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mqtrace.model import DecodeError, Evidence, Record, Structure

CIPHER_SPEC_SINCE = 7
# Alerts with which either end refuses the other's certificate.
CERTIFICATE_ALERTS = (42, 43, 44, 45, 46, 48)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a decoder found in one record.

    Attributes:
        facts: name and value of each fact.
        text: one line for the report.
        structure: the decoded MQI structure.
        tls: parts of the contract's "tls" object.
    """

    facts: tuple[tuple[str, str], ...]
    text: str
    structure: Structure | None = None
    tls: Mapping[str, Any] = field(default_factory=dict)


def decode_record(decoder: str, record: Record) -> Iterator[Decoded]:
    """What the named decoder finds in a dump or block; nothing where the bytes are something else."""
    try:
        yield from DECODERS[decoder](record)
    except DecodeError:
        return


def _structure(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.structures import decode_structure, recognise_structure

    name = recognise_structure(record.data, record.base)
    if not name:
        return
    decoded = decode_structure(record.data, name, record.base)
    text = f"{name} version {decoded.version}, {len(record.data)} bytes dumped"
    shown = replace(decoded, evidence=(Evidence(record.location, text),))
    prefix = name.lower()
    for each in decoded.fields:
        line = f"{name} {each.name} '{each.value}' at offset {each.offset:#06x}"
        yield Decoded(((f"{prefix}.{each.name}", each.value),), line, shown)
    if name == "MQCD" and decoded.version < CIPHER_SPEC_SINCE:
        line = (
            f"MQCD version {decoded.version} has no CipherSpec: that field is there from version {CIPHER_SPEC_SINCE} on"
        )
        yield Decoded((("mqcd.SSLCipherSpec", ""),), line, shown)
    for each in decoded.not_in_force:
        line = f"{name} {each.name} '{each.value}' at offset {each.offset:#06x}: beyond version {decoded.version}"
        yield Decoded(((f"{prefix}.not_in_force.{each.name}", each.value),), line, shown)


def _first_bytes(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.channel_protocol import first_bytes_kind

    kind = first_bytes_kind(record.data)
    if kind == "tls-alert" and len(record.data) >= 7:
        yield Decoded((("tls.alert", str(record.data[6])),), f"TLS alert {record.data[6]} received")
    yield Decoded((("socket.answer", kind),), f"received: {record.data[:48]!r}"[:120])


def _error_segment(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.channel_protocol import parse_segment

    segment = parse_segment(record.data)
    if segment.kind == "error" and segment.error_status is not None:
        status = f"{segment.error_status:02x}"
        yield Decoded((("status", status),), f"the queue manager answered with an error segment, status {status}")


def _transcript(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.client_hello import hello_as_dict, suite_as_dict
    from mqtrace.decode.gskit_transcript import parse_transcript

    handshake = parse_transcript(record.text)
    tls: dict[str, Any] = {"messages": list(handshake.messages)}
    facts = [("tls.messages", " ".join(handshake.messages))]
    if handshake.offered:
        tls["offered"] = hello_as_dict(handshake.offered)
        tls["server_name"] = handshake.offered.server_name
        facts.append(("tls.offered_versions", " ".join(handshake.offered.versions)))
        facts.append(("tls.server_name", handshake.offered.server_name or ""))
    if handshake.chosen:
        tls["chosen"] = {"protocol": handshake.chosen[0], "cipher_suite": suite_as_dict(handshake.chosen[1])}
        facts.append(("tls.chosen_version", handshake.chosen[0]))
    tls["alerts"] = [{"code": alert.code, "name": alert.name, "from": alert.from_} for alert in handshake.alerts]
    facts.extend((_alert_name(alert.code, alert.from_), str(alert.code)) for alert in handshake.alerts)
    if handshake.certificates:
        first = handshake.certificates[0]
        tls["server_certificate"] = {
            "subject": first.subject, "issuer": first.issuer, "self_signed": first.subject == first.issuer,
            "not_before": first.not_before, "not_after": first.not_after,
        }  # fmt: skip
        facts.append(("tls.server_certificate", first.subject))
    if handshake.client_certificate_sent is not None:
        facts.append(("tls.client_certificate_sent", str(handshake.client_certificate_sent).lower()))
    text = "GSKit handshake transcript: " + ", ".join(handshake.messages)
    for fact in facts:
        yield Decoded((fact,), text, tls=tls)


def _alert_name(code: int, sender: str) -> str:
    """Name of an alert's fact: what it means for a certificate depends on who sent it, and a transcript does not always say that."""
    if sender == "client":
        return "tls.alert_sent"
    return "tls.alert_of_either" if sender == "unknown" and code in CERTIFICATE_ALERTS else "tls.alert"


DECODERS: Mapping[str, Callable[[Record], Iterator[Decoded]]] = {
    "mqi-structure": _structure,
    "first-bytes": _first_bytes,
    "error-segment": _error_segment,
    "gskit-transcript": _transcript,
}
