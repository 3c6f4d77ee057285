"""All that is decided of one connection: its settings, its cause, what followed from it, and its handshake."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mqtrace.catalog.alerts import alert_name
from mqtrace.catalog.causes import is_consequence
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.reasons import reason_code
from mqtrace.model import Cause, Connection, Finding, Outcome, Setting
from mqtrace.rules import choose_cause, judge, make_case, ranked
from mqtrace.rules.derived import deciding_facts
from mqtrace.rules.gaps import settled
from mqtrace.settings.given_files import ledger_with_files

if TYPE_CHECKING:
    from mqtrace.model.tls import Handshake


def decide(connection: Connection, given: Configuration) -> tuple[Outcome, list[Finding]]:
    """The outcome of one connection, and all that the rules found of it."""
    rows = ledger_with_files(connection, given)
    named = {row.name: row.value for row in rows}
    found = judge(make_case(connection, rows, given))
    cause = choose_cause(found) if connection.reason_code != 0 else None
    found = settled(found, cause is not None and cause.confidence == "certain")
    # A call that may have been a local one is not said to have gone over a channel.
    local = any(finding.id == "gap.client" for finding in found)
    filled = replace(
        connection,
        channel="" if local else named.get("channel") or connection.channel,
        address="" if local else named.get("address") or connection.address,
        queue_manager=connection.queue_manager or named.get("queue_manager", ""),
    )
    return Outcome(filled, rows, cause, _followed(found, cause), _attempt_causes(connection, rows), _tls(filled)), found


def _followed(found: Sequence[Finding], cause: Cause | None) -> tuple[Finding, ...]:
    """The failing findings that can be mere consequences of the cause, each id once by its best; others stand by
    themselves.
    """
    best = {
        finding.id: finding for finding in reversed(ranked(found)) if cause and is_consequence(finding.id, cause.id)
    }
    return tuple(best.values())[::-1]


def _attempt_causes(connection: Connection, rows: Sequence[Setting]) -> tuple[Cause | None, ...]:
    """Why each attempt failed. What the application got in the end tells of the last one only."""
    causes: list[Cause | None] = []
    for number, attempt in enumerate(connection.attempts, 1):
        one = replace(connection, attempts=connection.attempts[:number])
        if number < len(connection.attempts):
            told = next(
                (fact.value for fact in reversed(attempt.facts) if fact.name == "reason" and fact.proves == "used"), ""
            )
            one = replace(one, phase=attempt.phase, reason_code=reason_code(told), completion_code=None)
        causes.append(choose_cause(judge(make_case(one, rows))) if one.reason_code != 0 else None)
    return tuple(causes)


def handshake_cause(handshake: "Handshake") -> Cause | None:
    """The cause that a handshake proves by itself, by the rules that judge traces; None where nothing failed or it
    proves none.
    """
    from mqtrace.evidence.handshakes import connection_of

    found = judge(make_case(connection_of(handshake), ()))
    return choose_cause([finding for finding in found if finding.confidence != "possible"])


def _tls(connection: Connection) -> "Handshake | None":
    """The handshake that the inputs show, filled up from single facts."""
    named = {fact.name: fact.value for fact in connection.facts if fact.name.startswith("tls.")}
    codes = dict.fromkeys(int(fact.value) for fact in deciding_facts(connection) if fact.name == "tls.alert")
    if not named and not codes:
        return connection.tls
    from mqtrace.decode.distinguished_name import distinguished_name
    from mqtrace.model.tls import Alert, Certificate, Handshake

    subject = named.get("tls.server_certificate", "")
    issuer = distinguished_name(named.get("tls.server_certificate_issuer", ""))
    told = Handshake(
        alerts=tuple(Alert("", code, alert_name(code), "server") for code in codes),
        certificates=(Certificate(distinguished_name(subject), issuer),) if subject else (),
        server_name=named.get("tls.server_name", ""),
    )
    return told.filling(connection.tls) if told != Handshake() else connection.tls
