"""All that is decided of one connection: its settings, its cause, what followed from it, and its handshake."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mqtrace.catalog.alerts import alert_name
from mqtrace.catalog.causes import is_consequence
from mqtrace.catalog.reasons import written_reason
from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Attempt, Cause, Connection, Fact, Finding, Outcome, Setting
from mqtrace.rules import Case, choose_cause, judge, make_case, ranked
from mqtrace.rules.derived import deciding_facts
from mqtrace.rules.gaps import settled
from mqtrace.rules.messages import PLAIN_CLIENT

if TYPE_CHECKING:
    from mqtrace.model.tls import Handshake

# Facts that tell the code of one attempt, or of the call in the end.
REASONS = ("attempt.reason", "reason")


def decide(
    connection: Connection, settings: tuple[Setting, ...], given: Configuration
) -> tuple[Outcome, list[Finding]]:
    """The outcome of one connection with its ledger, and all that the rules found of it."""
    case = make_case(connection, settings, given)
    findings = judge(case)
    cause = choose_cause(findings) if connection.reason_code != 0 else None
    if cause and case.value("cipher_spec"):
        cause = _not_plain(cause)
    findings = settled(findings, cause is not None and cause.confidence == "certain")
    # A call that may have been a local one is not said to have gone over a channel.
    local = any(finding.id == "gap.client" for finding in findings)
    filled = replace(
        connection,
        channel="" if local else case.value("channel") or connection.channel,
        address="" if local else case.value("address") or connection.address,
        queue_manager=connection.queue_manager or case.value("queue_manager"),
    )
    followed, attempts = _followed(findings, cause), _attempt_causes(case, cause)
    return Outcome(filled, settings, cause, followed, attempts, _tls(filled, case.facts)), findings


def _not_plain(cause: Cause) -> Cause:
    """The cause without the alternative that the ledger refutes: a CipherSpec that is given is no plain client."""
    return replace(cause, alternatives=tuple(other for other in cause.alternatives if other.id != PLAIN_CLIENT))


def _followed(findings: Sequence[Finding], cause: Cause | None) -> tuple[Finding, ...]:
    """The failing findings that can be mere consequences of the cause, each id once by its best; no others."""
    best = {
        finding.id: finding for finding in reversed(ranked(findings)) if cause and is_consequence(finding.id, cause.id)
    }
    return tuple(best.values())[::-1]


def _attempt_causes(case: Case, cause: Cause | None) -> tuple[Cause | None, ...]:
    """Why each attempt failed. What the application got in the end, and why, tells of the last one, unless that had a
    code of its own.
    """
    attempts = case.connection.attempts
    if not attempts:
        return ()
    own = _codes(attempts[-1])[:1] if len(attempts) > 1 else []
    is_of_last = own in ([], [case.connection.reason_code])
    last = cause if is_of_last else _attempt_cause(case, len(attempts), own[0])
    before = (
        _attempt_cause(case, number, next(reversed(_codes(attempts[number - 1])), None))
        for number in range(1, len(attempts))
    )
    return (*before, last)


def _codes(attempt: Attempt) -> list[int | None]:
    """The reason codes of an attempt, in their order."""
    return [written_reason(fact.value) for fact in attempt.facts if fact.name in REASONS and fact.proves == "used"]


def _attempt_cause(case: Case, number: int, code: int | None) -> Cause | None:
    """Why the attempt of that number failed, with that code of its own."""
    if code == 0:
        return None
    attempts = case.connection.attempts[:number]
    one = replace(case.connection, attempts=attempts, phase=attempts[-1].phase, reason_code=code, completion_code=None)
    alone = replace(case, connection=one, facts=deciding_facts(one), given=Configuration(), other_end=None)
    return choose_cause(judge(alone))


def handshake_cause(handshake: "Handshake") -> Cause | None:
    """The cause that a handshake proves by itself, by the rules that judge traces; None where nothing failed or it
    proves none.
    """
    from mqtrace.evidence.handshakes import connection_of

    findings = judge(make_case(connection_of(handshake), ()))
    return choose_cause([finding for finding in findings if finding.confidence != "possible"])


def _tls(connection: Connection, deciding: Sequence[Fact]) -> "Handshake | None":
    """The handshake that the inputs show, filled up from single facts."""
    named = {fact.name: fact.value for fact in connection.facts if fact.name.startswith("tls.")}
    codes = dict.fromkeys(int(fact.value) for fact in deciding if fact.name == "tls.alert")
    subject, server_name = named.get("tls.server_certificate", ""), named.get("tls.server_name", "")
    if not (codes or subject or server_name):
        return connection.tls
    from mqtrace.decode.distinguished_name import distinguished_name
    from mqtrace.model.tls import Alert, Certificate, Handshake

    issuer = distinguished_name(named.get("tls.server_certificate_issuer", ""))
    shown = Handshake(
        alerts=tuple(Alert("", code, alert_name(code), "server") for code in codes),
        certificates=(Certificate(distinguished_name(subject), issuer),) if subject else (),
        server_name=server_name,
    )
    return shown.filling(connection.tls)
