"""What a handshake says, as facts: the same ones whatever recorded it, so that the same signs decide."""

from collections.abc import Iterator

from mqtrace.catalog.gskit import validation_cause
from mqtrace.model import Fact
from mqtrace.model.tls import Alert, Handshake

_CLOSED, _NOT_TLS, _BAD_CERTIFICATE = 420, 410, 414
_HELLOS = ((), ("client_hello",), ("server_hello",), ("hello_retry_request",))
# Where nobody says who sent them, these are taken for the server's; any other alert may be either's.
_OF_SERVER = (40, 49, 70, 71, 80, 86, 112, 116)
_NamedValues = Iterator[tuple[str, str]]


def facts_of(handshake: Handshake) -> tuple[Fact, ...]:
    """The facts of a handshake, all with the line or packet where it begins.

    "tls.alert" is an alert of the server, "tls.alert_sent" one of the client, "tls.alert_of_either" one of which nobody
    knows whose it is.
    """
    text = _text(handshake)
    pattern = f"handshake.{handshake.origin}"
    said = (
        *_offered(handshake),
        *_certificates(handshake),
        *((_alert_name(alert), str(alert.code)) for alert in handshake.alerts),
        *_gskit(handshake),
        *_ending(handshake),
    )
    return tuple(Fact(name, value, handshake.location, text, "used", pattern=pattern) for name, value in said)


def _text(handshake: Handshake) -> str:
    """One line for the report."""
    if handshake.refused:
        return f"{handshake.server} refused the connection of {handshake.client}"
    if handshake.messages or not handshake.segments:
        return f"TLS handshake ({handshake.origin}): {', '.join(handshake.messages) or 'no message'}"
    told = (str(segment) for segment in reversed(handshake.segments) if segment.kind != "other")
    return next(told, "a flow of MQ without TLS")


def _offered(handshake: Handshake) -> _NamedValues:
    if handshake.messages:
        yield "tls.messages", " ".join(handshake.messages)
    if handshake.offered:
        yield "tls.offered_versions", " ".join(handshake.offered.versions)
        yield "tls.server_name", handshake.server_name
    if handshake.chosen:
        yield "tls.chosen_version", handshake.chosen.protocol


def _certificates(handshake: Handshake) -> _NamedValues:
    if handshake.certificates:
        yield "tls.server_certificate", handshake.certificates[0].subject
        yield "tls.server_certificate_issuer", handshake.certificates[0].issuer
    if "certificate_request" in handshake.messages:
        yield "tls.certificate_wanted", "true"
    if handshake.client_certificate_sent is not None:
        yield "tls.client_certificate_sent", str(handshake.client_certificate_sent).lower()
    if handshake.client_certificate_sent is False:
        yield "tls.no_certificate", "true"


def _alert_name(alert: Alert) -> str:
    if alert.sender == "client":
        return "tls.alert_sent"
    of_either = alert.sender == "unknown" and alert.code not in _OF_SERVER
    return "tls.alert_of_either" if of_either else "tls.alert"


def _gskit(handshake: Handshake) -> _NamedValues:
    """GSKit's codes, those left out that say nothing of the handshake: who closes after it is done gives 420, and a
    server that sends an alert speaks TLS whatever 410 says. A validation code beside another return code is about the
    client's own certificate.
    """
    after_hellos = handshake.complete or handshake.messages[-1:] not in _HELLOS
    answered = any(alert.sender == "server" for alert in handshake.alerts)
    silent = (handshake.gskit == _CLOSED and after_hellos) or (handshake.gskit == _NOT_TLS and answered)
    if handshake.gskit and not silent:
        yield "gskit.code", str(handshake.gskit)
    if handshake.validation:
        either = validation_cause(handshake.validation, "client") == validation_cause(handshake.validation, "server")
        if handshake.gskit in (None, _BAD_CERTIFICATE) or either:
            yield "gskit.validation", str(handshake.validation)


def _ending(handshake: Handshake) -> _NamedValues:
    yield from (("tls.failure", failure) for failure in handshake.failures)
    for segment in handshake.segments if handshake.offered is None else ():
        if segment.sender == "server" and segment.kind == "error" and segment.error_status is not None:
            name = "error_segment.status" if segment.meaning else "error_segment.not_known"
            yield name, f"{segment.error_status:02x}"
    if handshake.refused:
        yield "handshake.refused", "true"
    elif handshake.origin == "capture" and not handshake.incomplete:
        # Where bytes are missing, what seems not to have been said may have been.
        client = "tls" if handshake.offered else "plain"
        yield f"handshake.answer_to_{client}", handshake.answer or "nothing"
        if handshake.closed_by != "unknown":
            yield "handshake.closed_by", handshake.closed_by
    silent = handshake.origin in ("transcript", "gskit-trace") and not handshake.failed
    if silent and handshake.messages.count("certificate") == 1:
        yield "handshake.ended_after", handshake.messages[-1]
