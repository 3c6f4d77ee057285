"""Handshakes, hellos, structures and agreements as JSON, under the names of the contract."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import asdict

from mqtrace.catalog.alerts import KnownAlert, alert_name
from mqtrace.model import Cause, Structure
from mqtrace.model.tls import Agreement, Alert, Chosen, ClientHello, Handshake, Segment
from mqtrace.report.tls_text import UNKNOWN_ALERT, summary

Json = dict[str, Any]


def tls_as_dict(handshake: Handshake) -> Json:
    """The "tls" object of a connection: what the inputs tell of its handshake, each part only where they tell it."""
    told: Json = {}
    if handshake.messages:
        told["messages"] = list(handshake.messages)
    if handshake.offered:
        told["offered"] = hello_as_dict(handshake.offered)
    if handshake.chosen:
        told["chosen"] = _chosen(handshake.chosen)
    if handshake.alerts or handshake.messages:
        told["alerts"] = [_alert(alert) for alert in handshake.alerts]
    if handshake.server_name or handshake.offered:
        told["server_name"] = handshake.server_name or None
    if handshake.certificates:
        first = handshake.certificates[0]
        shown = {name: text for name, text in asdict(first).items() if text or name in ("subject", "issuer")}
        told["server_certificate"] = {**shown, "self_signed": first.self_signed}
    return told


def handshakes_as_dict(handshakes: Iterable[tuple[Handshake, Cause | None]]) -> Json:
    """The object of `decode handshake`: each handshake with the cause that it proves."""
    return {"handshakes": [_handshake(handshake, cause) for handshake, cause in handshakes]}


def _chosen(chosen: Chosen) -> Json:
    return {**asdict(chosen), "cipher_suite": asdict(chosen.cipher_suite)}


def hello_as_dict(hello: ClientHello) -> Json:
    """The object of `decode hello`; "channel" is the channel that the server name stands for, or None."""
    return {
        "versions": list(hello.versions),
        "cipher_suites": [asdict(suite) for suite in hello.cipher_suites],
        "groups": list(hello.groups),
        "signature_algorithms": list(hello.signature_algorithms),
        "server_name": hello.server_name,
        "channel": hello.channel,
    }


def alert_as_dict(code: int, known: KnownAlert | None) -> Json:
    """The object of `decode alert`."""
    if known is None:
        return {"code": code, "name": alert_name(code), "meaning": UNKNOWN_ALERT}
    return {
        "code": known.code,
        "name": known.name,
        "meaning": known.meaning,
        "cause_from_server": known.cause_from_server or None,
        "cause_from_client": known.cause_from_client or None,
    }


def structure_as_dict(structure: Structure) -> Json:
    """The object of `decode mqcd` and its like."""
    return {
        "version": structure.version,
        "bits": structure.bits,
        "byte_order": structure.byte_order,
        "fields": {field.name: field.value for field in structure.fields},
        "not_in_force": [field.name for field in structure.not_in_force],
        "cut_at": structure.cut_at,
    }


def agreement_as_dict(agreement: Agreement) -> Json:
    """The object of `decode cipher`."""
    return {
        "outcome": agreement.outcome,
        "protocol": agreement.protocol,
        "negotiated": agreement.negotiated,
        "why": agreement.why,
        "versions": [{"protocol": protocol, "negotiated": name or None} for protocol, name in agreement.versions],
    }


def _handshake(handshake: Handshake, cause: Cause | None) -> Json:
    return {
        "origin": handshake.origin,
        "file": handshake.location.source,
        "line": handshake.location.line,
        "started": handshake.started,
        "client": handshake.client,
        "server": handshake.server,
        "messages": list(handshake.messages),
        "complete": handshake.complete,
        "incomplete": handshake.incomplete,
        "offered": hello_as_dict(handshake.offered) if handshake.offered else None,
        "chosen": _chosen(handshake.chosen) if handshake.chosen else None,
        "alerts": [_alert(alert) for alert in handshake.alerts],
        "certificates": [asdict(certificate) for certificate in handshake.certificates],
        "client_certificates": [asdict(certificate) for certificate in handshake.client_certificates],
        "client_certificate_sent": handshake.client_certificate_sent,
        "gskit": handshake.gskit,
        "validation": handshake.validation,
        "failures": list(handshake.failures),
        "mq": [_segment(segment) for segment in handshake.segments],
        "cause": _cause(cause) if cause else None,
        "text": cause.title if cause else summary(handshake),
    }


def _alert(alert: Alert) -> Json:
    told = {"code": alert.code, "name": alert.name, "from": alert.sender}
    return {**told, "level": alert.level} if alert.level else told


def _segment(segment: Segment) -> Json:
    return {
        "from": segment.sender,
        "kind": segment.kind,
        "channel": segment.channel,
        "queue_manager": segment.queue_manager,
        "fap_level": segment.fap_level,
        "product": segment.product,
        "error_code": segment.error_status,
        "meaning": segment.meaning,
        "text": str(segment),
    }


def _cause(cause: Cause) -> Json:
    alternatives = [{"id": other.id, "how_to_tell": other.how_to_tell} for other in cause.alternatives]
    return {"id": cause.id, "title": cause.title, "confidence": cause.confidence, "alternatives": alternatives}
