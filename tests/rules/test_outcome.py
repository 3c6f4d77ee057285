"""What is told as a consequence of the cause, and what stands by itself."""

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, Fact, Location, Outcome
from mqtrace.rules.outcome import decide
from mqtrace.settings.ledger import build_ledger

from .cases import fact


def outcome(*facts: Fact, reason: int) -> Outcome:
    connection = Connection("c", "trace", facts=facts, reason_code=reason, phase="tcp")
    return decide(connection, build_ledger(connection), Configuration())[0]


def test_the_reason_code_of_a_refused_connection_is_its_consequence() -> None:
    found = outcome(fact("socket.errno", "111"), fact("call.result", "2538", "used"), reason=2538)
    assert found.cause is not None
    assert found.cause.id == "network.refused"
    assert [each.id for each in found.chain] == ["network.host-unavailable"]


def test_what_cannot_follow_from_the_cause_is_not_in_the_chain() -> None:
    found = outcome(fact("socket.errno", "111"), fact("ccdt.not_valid", "bad"), reason=2538)
    assert found.cause is not None
    assert found.cause.id == "settings.ccdt-invalid"
    assert "network.refused" not in [each.id for each in found.chain]


def test_a_location_is_kept_with_each_consequence() -> None:
    found = outcome(
        fact("socket.errno", "111"), Fact("call.result", "2538", Location("trace", 7), "rc=2538", "used"), reason=2538
    )
    assert found.chain[0].evidence[0].location.line == 7
