"""What a handshake says, as facts named as those that traces give, so that the same signs decide."""

from collections.abc import Iterator

from mqtrace.catalog.gskit import validation_cause
from mqtrace.decode.channel_protocol import error_meaning
from mqtrace.handshakes.handshake import Handshake

_CLOSED, _NOT_TLS, _BAD_CERTIFICATE = 420, 410, 414
_HELLOS = ((), ("client_hello",), ("server_hello",), ("hello_retry_request",))


def handshake_facts(handshake: Handshake) -> list[tuple[str, str]]:
    """Name and value of each fact. "tls.alert" is an alert of the server, or of nobody knows whom; "tls.alert_sent" one of the client."""
    return [
        *_offered(handshake),
        *_certificates(handshake),
        *_alerts(handshake),
        *_gskit(handshake),
        *_ending(handshake),
    ]


def _offered(handshake: Handshake) -> Iterator[tuple[str, str]]:
    if handshake.messages:
        yield "tls.messages", " ".join(handshake.messages)
    if handshake.offered:
        yield "tls.offered_versions", " ".join(handshake.offered.versions)
        yield "tls.server_name", handshake.offered.server_name or ""
    if handshake.chosen:
        yield "tls.chosen_version", handshake.chosen[0]


def _certificates(handshake: Handshake) -> Iterator[tuple[str, str]]:
    if handshake.certificates:
        yield "tls.server_certificate", handshake.certificates[0].subject
        yield "tls.server_certificate_issuer", handshake.certificates[0].issuer
    if "certificate_request" in handshake.messages:
        yield "tls.certificate_wanted", "true"
    if handshake.client_certificate_sent is not None:
        yield "tls.client_certificate_sent", str(handshake.client_certificate_sent).lower()
    if handshake.client_certificate_sent is False:
        yield "tls.no_certificate", "true"


def _alerts(handshake: Handshake) -> Iterator[tuple[str, str]]:
    for alert in handshake.alerts:
        yield ("tls.alert_sent" if alert.from_ == "client" else "tls.alert"), str(alert.code)


def _gskit(handshake: Handshake) -> Iterator[tuple[str, str]]:
    """GSKit's codes, those left out that say nothing of the handshake: who closes after it is done gives 420, and a server that sends an
    alert speaks TLS whatever 410 says. A validation code beside another return code is about the client's own certificate.
    """
    after_hellos = handshake.complete or handshake.messages[-1:] not in _HELLOS
    answered = any(alert.from_ == "server" for alert in handshake.alerts)
    silent = (handshake.gskit == _CLOSED and after_hellos) or (handshake.gskit == _NOT_TLS and answered)
    if handshake.gskit and not silent:
        yield "gskit.code", str(handshake.gskit)
    if handshake.validation:
        either = validation_cause(handshake.validation, "client") == validation_cause(handshake.validation, "server")
        if handshake.gskit in (None, _BAD_CERTIFICATE) or either:
            yield "gskit.validation", str(handshake.validation)


def _ending(handshake: Handshake) -> Iterator[tuple[str, str]]:
    yield from (("tls.failure", failure) for failure in handshake.failures)
    for each in handshake.segments if handshake.offered is None else ():
        if each.sender == "server" and each.segment.kind == "error" and each.segment.error_status is not None:
            known = error_meaning(each.segment.error_status)
            yield "error_segment.status" if known else "error_segment.not_known", f"{each.segment.error_status:02x}"
    if handshake.refused:
        yield "handshake.refused", "true"
    # Where bytes are missing, what seems not to have been said may have been.
    if handshake.origin == "capture" and not handshake.refused and not handshake.incomplete:
        client = "tls" if handshake.offered else "plain"
        yield f"handshake.answer_to_{client}", handshake.answer or "nothing"
        if handshake.closed_by != "unknown":
            yield "handshake.closed_by", handshake.closed_by
    told = handshake.alerts or handshake.gskit or handshake.validation or handshake.failures
    if handshake.origin in ("transcript", "gskit-trace") and not told and handshake.messages.count("certificate") == 1:
        yield "handshake.ended_after", handshake.messages[-1]
