"""Handshakes as `decode handshake --format json` prints them."""

from collections.abc import Iterable
from typing import Any

from mqtrace.decode.channel_protocol import error_meaning
from mqtrace.decode.client_hello import hello_as_dict, suite_as_dict
from mqtrace.decode.tls import Certificate
from mqtrace.handshakes.cause import HandshakeCause, cause_of
from mqtrace.handshakes.handshake import Handshake, MqSegment


def handshakes_as_dict(handshakes: Iterable[Handshake]) -> dict[str, Any]:
    """The object of the contract, one entry a connection."""
    return {"handshakes": [handshake_as_dict(each) for each in handshakes]}


def handshake_as_dict(handshake: Handshake) -> dict[str, Any]:
    """One handshake; "offered", "chosen", "gskit" and "cause" are None where it does not show them."""
    chosen = handshake.chosen
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
        "chosen": {"protocol": chosen[0], "cipher_suite": suite_as_dict(chosen[1])} if chosen else None,
        "alerts": [
            {"code": each.code, "name": each.name, "from": each.from_, "level": each.level} for each in handshake.alerts
        ],
        "certificates": [certificate_as_dict(each) for each in handshake.certificates],
        "client_certificates": [certificate_as_dict(each) for each in handshake.client_certificates],
        "client_certificate_sent": handshake.client_certificate_sent,
        "gskit": handshake.gskit,
        "validation": handshake.validation,
        "failures": list(handshake.failures),
        "mq": [_segment(each) for each in handshake.segments],
        "cause": _cause(cause := cause_of(handshake)),
        "text": cause.text,
    }


def certificate_as_dict(certificate: Certificate) -> dict[str, Any]:
    """Names and dates of a certificate."""
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
    }


def segment_text(each: MqSegment) -> str:
    """A segment of MQ's channel protocol in one line."""
    segment = each.segment
    if segment.kind == "error":
        code = segment.error_status or 0
        known = error_meaning(code)
        return f"the {each.sender} refuses with error code {code} ({code:#04x}): {known['meaning'] if known else 'not known'}"
    if segment.kind == "other":
        return f"a segment of type {segment.segment_type} of the {each.sender} without TLS"
    names = (("channel", segment.channel), ("queue manager", segment.queue_manager), ("FAP level", segment.fap_level))
    told = [f"{name} {value}" for name, value in names if value] + [segment.product] * bool(segment.product)
    return f"initial data of the {each.sender} without TLS: {', '.join(told) or 'no names'}"


def _segment(each: MqSegment) -> dict[str, Any]:
    segment = each.segment
    meaning = error_meaning(segment.error_status) if segment.error_status is not None else None
    return {
        "from": each.sender,
        "kind": segment.kind,
        "channel": segment.channel,
        "queue_manager": segment.queue_manager,
        "fap_level": segment.fap_level,
        "product": segment.product,
        "error_code": segment.error_status,
        "meaning": meaning["meaning"] if meaning else "",
        "text": segment_text(each),
    }


def _cause(cause: HandshakeCause) -> dict[str, Any] | None:
    if cause.id is None:
        return None
    alternatives = [{"id": each.id, "how_to_tell": each.how_to_tell} for each in cause.alternatives]
    return {"id": cause.id, "title": cause.text, "confidence": cause.confidence, "alternatives": alternatives}
