"""Facts that follow from others: by the arithmetic of a library, by counting, and from the reason code."""

import pytest

from mqtrace.model import Attempt, Connection, Fact, Location, LogEntry
from mqtrace.rules.derived import deciding_facts

from .cases import fact, used


def derived(*facts: Fact, reason: int | None = None) -> list[tuple[str, str]]:
    connection = Connection("dotnet", "trace", facts=facts, reason_code=reason)
    return [(each.name, each.value) for each in deciding_facts(connection)[len(facts) :]]


@pytest.mark.parametrize(
    ("facts", "follows"),
    [
        ([fact("openssl.error", "410")], [("tls.alert", "40")]),
        ([fact("openssl.error", "3e8")], [("tls.alert", "0")]),
        ([fact("openssl.error", "3E7")], []),
        ([fact("openssl.error", "0BF")], []),
        ([fact("tls.certificates_in_store", "0")], [("tls.no_certificate", "")]),
        ([fact("tls.certificates_in_store", "10")], []),
        ([fact("tls.certificate_callback")], []),
        ([fact("tls.certificate_callback"), fact("tls.certificate_callback")], [("tls.certificate_wanted", "")]),
    ],
    ids=[
        "alert-40",
        "alert-0",
        "below-the-alerts",
        "own-error",
        "empty-store",
        "ten-certificates",
        "one-callback",
        "two-callbacks",
    ],
)
def test_what_follows_from_other_facts(facts: list[Fact], follows: list[tuple[str, str]]) -> None:
    assert derived(*facts) == follows


@pytest.mark.parametrize(("reason", "follows"), [(2538, [("application.reason", "2538")]), (0, []), (None, [])])
def test_the_reason_code_is_a_fact_where_there_is_one(reason: int | None, follows: list[tuple[str, str]]) -> None:
    assert derived(fact("call.result", "2538"), reason=reason) == follows


def told_by(*facts: Fact, reason: int = 2538, entries: tuple[LogEntry, ...] = ()) -> str:
    return deciding_facts(Connection("dotnet", "trace", facts=facts, reason_code=reason, log_entries=entries))[-1].text


def test_the_reason_code_stands_on_the_line_that_tells_it() -> None:
    assert told_by(fact("reason", "2381"), used("reason", "2538"), fact("call.result", "OK")) == "reason 2538"


def test_a_reason_code_written_as_a_name_stands_on_the_line_of_the_exit() -> None:
    assert (
        told_by(fact("socket.errno", "111"), fact("call.result", "MQRC_HOST_NOT_AVAILABLE"))
        == "call.result MQRC_HOST_NOT_AVAILABLE"
    )


def test_a_reason_code_that_only_a_log_states_stands_there() -> None:
    entry = LogEntry("AMQ9202", "Remote host not available", Location("AMQERR01.LOG", 4), reason_code=2538)
    assert told_by(entries=(entry,)) == "AMQ9202: Remote host not available"


def test_a_reason_code_that_no_line_tells_is_said_all_the_same() -> None:
    assert told_by() == "reason code 2538"


def test_only_the_last_attempt_decides() -> None:
    first, second = fact("openssl.error", "410"), fact("socket.errno", "111")
    attempts = (Attempt("A", "h1(1)", (first,)), Attempt("A", "h2(1)", (second,)))
    facts = deciding_facts(Connection("c", "trace", facts=(first, second), attempts=attempts))
    assert [each.name for each in facts] == ["socket.errno"]
