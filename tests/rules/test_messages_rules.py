"""Causes that error log entries name, and messages that stand in the trace itself."""

import pytest

from mqtrace.model import Location, LogEntry

from .cases import Case, case, fact, found, ids


def entry(message: str, text: str = "Text of the message.", **fields: object) -> LogEntry:
    return LogEntry(message, text, Location("AMQERR01.LOG", 12), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "inserts", "cause"),
    [
        ("AMQ9202", {1: "111"}, "network.refused"),
        ("AMQ9637", {}, "tls.client-certificate-missing"),
        ("AMQ9508", {}, "qmgr.unavailable"),
    ],
)
def test_an_entry_of_the_connection_names_its_cause(message: str, inserts: dict[int, str], cause: str) -> None:
    one = case(log_entries=(entry(message, inserts=inserts),), reason=2538)
    failing = [finding for finding in found(one, cause) if finding.status == "fail"]
    assert failing
    assert failing[0].evidence[0].location == Location("AMQERR01.LOG", 12)


@pytest.mark.parametrize("message", ["AMQ9999", "", "AMQ0000"], ids=["consequence", "cut", "unknown"])
def test_an_entry_that_is_a_mere_consequence_or_not_known_names_no_cause(message: str) -> None:
    without, with_entry = case(reason=2538), case(log_entries=(entry(message),), reason=2538)
    assert [each for each in ids(with_entry) if each[1] == "fail"] == [each for each in ids(without) if each[1] == "fail"]


def causes(one: Case) -> set[str]:
    return {identity for identity, status in ids(one) if status == "fail"}


def test_a_message_in_the_trace_is_a_cause_that_its_inserts_would_make_sure() -> None:
    (finding,) = [
        each
        for each in found(case(fact("message", "AMQ9518"), reason=2058, phase="settings"), "settings.ccdt-missing")
        if each.confidence != "certain"
    ]
    assert finding.status == "fail"
    assert finding.alternatives


@pytest.mark.parametrize(
    ("message", "reason"), [("AMQ9518", 0), ("AMQ9999", 2538), ("AMQ0000", 2538)], ids=["connected", "consequence", "unknown"]
)
def test_near_misses_of_a_message_in_the_trace(message: str, reason: int) -> None:
    assert causes(case(fact("message", message), reason=reason)) == causes(case(reason=reason))
