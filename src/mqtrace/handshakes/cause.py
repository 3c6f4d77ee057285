"""The cause of a failed handshake, as far as the handshake alone can tell."""

from collections.abc import Iterator
from dataclasses import dataclass

from mqtrace.catalog.alerts import alert as known_alert
from mqtrace.catalog.causes import cause as known_cause
from mqtrace.catalog.signs import Sign, signs
from mqtrace.catalog.tables import table
from mqtrace.handshakes.facts import handshake_facts
from mqtrace.handshakes.handshake import VERIFY, Handshake
from mqtrace.model import Alternative, Confidence

_WEIGHT = {"certain": 40, "likely": 0}
_CLIENTS = {"java-debug": "java", "transcript": "c", "gskit-trace": "c"}


@dataclass(frozen=True, slots=True)
class HandshakeCause:
    """Why a handshake failed.

    Attributes:
        id: id of the cause, None when the handshake does not tell one, or did not fail.
        text: one or two sentences: the cause's title, or what is known instead.
        confidence: certain or likely; None without a cause.
        alternatives: what else fits, and how to tell.
    """

    id: str | None
    text: str
    confidence: Confidence | None = None
    alternatives: tuple[Alternative, ...] = ()


def cause_of(handshake: Handshake) -> HandshakeCause:
    """The best cause that the handshake proves by itself: what is certain first, then the most specific. "Possible" proves nothing."""
    found = [*_of_signs(handshake), *_of_alerts(handshake)]
    best = max(found, key=_weight, default=None)
    return best or HandshakeCause(None, _what_is_known(handshake))


def _weight(found: HandshakeCause) -> int:
    info = known_cause(found.id or "")
    return _WEIGHT[found.confidence or "likely"] + (info.specificity if info else 0)


def _of_signs(handshake: Handshake) -> Iterator[HandshakeCause]:
    facts = handshake_facts(handshake)
    for name, value in facts:
        for sign in signs().get(name, ()):
            if sign.confidence != "possible" and _applies(sign, value, facts, handshake):
                yield HandshakeCause(sign.cause, _title(sign.cause), sign.confidence, sign.alternatives)


def _applies(sign: Sign, value: str, facts: list[tuple[str, str]], handshake: Handshake) -> bool:
    client = _CLIENTS.get(handshake.origin, "unknown")
    plain = handshake.offered is None and not handshake.messages
    return (
        (not sign.values or value in sign.values)
        and sign.contains in value
        and (not sign.phases or "tls" in sign.phases)
        and (not sign.clients or client in sign.clients)
        and all(_has(facts, wanted) for wanted in sign.requires)
        and not any(_has(facts, unwanted) for unwanted in sign.unless)
        and (not sign.plain or plain)
        and (not sign.secured or not plain)
    )


def _has(facts: list[tuple[str, str]], wanted: str) -> bool:
    name, _, value = wanted.partition("=")
    return any(fact == name and (not value or value == has) for fact, has in facts)


def _of_alerts(handshake: Handshake) -> Iterator[HandshakeCause]:
    """What an alert of the server means that no sign knows; only where no sign spoke of any, for those weigh the circumstances."""
    if any(
        name == "tls.alert" and any(value in sign.values for sign in signs()["tls.alert"])
        for name, value in handshake_facts(handshake)
    ):
        return
    for each in handshake.alerts:
        known = known_alert(each.code)
        if each.from_ == "server" and known and known.cause_from_server:
            yield HandshakeCause(known.cause_from_server, _title(known.cause_from_server), "likely")


def openssl_verify(failure: str) -> str:
    """A verdict of openssl s_client ("verify 18") with its meaning."""
    meanings = {row["code"]: row["meaning"] for row in table("openssl_verify")}
    meaning = meanings.get(failure.removeprefix(VERIFY))
    return f"{failure}, {meaning}" if meaning else failure


def _title(id: str) -> str:
    info = known_cause(id)
    return info.title if info else id


def _what_is_known(handshake: Handshake) -> str:
    unverified = [openssl_verify(each) for each in handshake.failures if each.startswith(VERIFY)]
    if handshake.complete and unverified:
        return (
            f"The handshake is complete, but openssl could not verify the server's certificate: {'; '.join(unverified)}. "
            "Without -CAfile it knows only the system's certificate authorities; a client of MQ knows those of its own key repository."
        )
    if handshake.complete:
        return "The handshake is complete; what failed, if anything, came after it."
    if handshake.incomplete:
        return (
            "Bytes of this connection are missing in the capture, so it does not tell how the handshake ended. "
            "Capture whole packets from the beginning on (tcpdump -s 0)."
        )
    if not handshake.messages:
        return "There is no TLS message in it." + (
            " The other end closed the connection." if handshake.closed_by == "server" else ""
        )
    last = handshake.messages[-1]
    if handshake.origin == "capture" and handshake.chosen and handshake.chosen[0] == "TLSv1.3":
        return "After the ServerHello everything is encrypted with TLS 1.3, alerts too: the logs of the two ends say how it went on."
    if set(handshake.messages) == {"client_hello"}:
        return "Only the ClientHello is there: the other end refused it, closed the connection or does not speak TLS."
    if handshake.alerts:
        return f"The alert {handshake.alerts[-1].name} alone has more than one cause: the log of the end that sent it names one."
    return f"It shows nothing that failed; the last message is {last}."
