"""All rules over a case, and the choice of the cause among what they find."""

from collections.abc import Iterator

import pytest

from mqtrace.catalog.causes import all_causes
from mqtrace.model import Alternative, Confidence, Evidence, Finding, Location, Status
from mqtrace.rules import choose_cause, judge, numbered, ranked
from mqtrace.rules.case import Case, rules

from .cases import case, fact


def broken(one: Case) -> Iterator[Finding]:
    """A rule that finds something, and then fails."""
    yield Finding("network.timeout", "fail")
    raise KeyError("password=hunter2")


def steady(one: Case) -> Iterator[Finding]:
    """A rule that finds something."""
    yield Finding("network.refused", "fail")


def test_a_rule_that_raises_is_a_failed_rule_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.rules.rules", lambda: (steady, broken, steady))
    first, failed, last = judge(case())
    assert (first.id, last.id) == ("network.refused", "network.refused")
    assert (failed.id, failed.status) == ("rule.broken", "skip")
    assert "KeyError" in failed.text


def test_what_a_failed_rule_says_holds_nothing_of_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.rules.rules", lambda: (broken,))
    assert "hunter2" not in judge(case())[0].text


def test_a_failed_rule_is_no_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.rules.rules", lambda: (broken,))
    assert choose_cause(judge(case())) is None


def test_each_rule_is_registered_once_under_a_name_of_its_own() -> None:
    names = [each.__name__ for each in rules()]
    assert len(names) == len(set(names))
    assert {"lines_that_name_a_cause", "channel_hides_the_table", "no_key_repository"} <= set(names)


def test_each_rule_says_what_it_looks_for() -> None:
    assert [each.__name__ for each in rules() if not each.__doc__] == []


def test_an_empty_case_gives_no_failure() -> None:
    assert [finding.id for finding in judge(case(reason=0, phase="connected")) if finding.status == "fail"] == []


# ---------------------------------------------------------------- the choice of the cause


def one(identity: str, confidence: Confidence = "certain", status: Status = "fail", line: int = 1) -> Finding:
    return Finding(
        identity, status, f"text of {identity}", confidence, (Evidence(Location("trace", line), f"line {line}"),)
    )


@pytest.mark.parametrize(
    ("findings", "best"),
    [
        ([], None),
        ([one("settings.mqserver-hides-ccdt", status="warn")], None),
        ([one("network.refused", status="info"), one("network.refused", status="skip")], None),
        ([one("network.host-unavailable", "possible"), one("network.refused")], "network.refused"),
        ([one("network.refused", "likely"), one("network.refused")], "network.refused"),
        (
            [one("tls.initialization", "possible"), one("tls.certificate-label-not-found")],
            "tls.certificate-label-not-found",
        ),
        (
            [one("network.connection-broken", "possible"), one("tls.client-certificate-missing", "likely")],
            "tls.client-certificate-missing",
        ),
    ],
)
def test_the_cause_is_the_best_failing_finding(findings: list[Finding], best: str | None) -> None:
    for order in (findings, findings[::-1]):
        chosen = choose_cause(order)
        assert (chosen.id if chosen else None) == best


@pytest.mark.parametrize("vague", ["network.host-unavailable", "tls.initialization", "network.connection-broken"])
def test_what_only_names_the_outer_code_is_never_the_answer_beside_something_certain(vague: str) -> None:
    for info in all_causes():
        if info.id != vague:
            chosen = choose_cause([one(vague, "possible"), one(info.id)])
            assert chosen is not None
            assert chosen.id == info.id


def test_the_ranking_has_the_failures_only_the_best_first() -> None:
    findings = [
        one("network.host-unavailable", "possible"),
        one("network.refused"),
        one("settings.ini-unknown-key", status="warn"),
    ]
    assert [finding.id for finding in ranked(findings)] == ["network.refused", "network.host-unavailable"]


def test_a_cause_has_the_evidence_of_all_findings_of_its_id_each_line_once() -> None:
    chosen = choose_cause(
        [
            one("network.refused", line=1),
            one("network.refused", line=2),
            one("network.refused", line=1),
            one("network.timeout", "possible", line=3),
        ]
    )
    assert chosen is not None
    assert [line.location.line for line in chosen.evidence] == [1, 2]


def test_a_cause_joins_the_finding_with_what_the_catalogue_knows() -> None:
    finding = Finding(
        "network.refused",
        "fail",
        "mq1(1414) refused.",
        "likely",
        fix=("Start the listener of mq1.",),
        alternatives=(Alternative("network.timeout", "nc"),),
    )
    chosen = choose_cause([finding])
    assert chosen is not None
    assert chosen.explanation.startswith("mq1(1414) refused. ")
    assert len(chosen.explanation) > len("mq1(1414) refused. ")
    assert (chosen.fix[0], chosen.confidence, chosen.alternatives) == (
        "Start the listener of mq1.",
        "likely",
        finding.alternatives,
    )
    assert len(chosen.fix) > 1
    assert chosen.title


def test_a_cause_that_the_catalogue_does_not_know_is_told_by_its_id() -> None:
    chosen = choose_cause([Finding("own.cause", "fail", "It failed.")])
    assert chosen is not None
    assert (chosen.title, chosen.explanation, chosen.fix) == ("own.cause", "It failed.", ())


def test_findings_are_numbered_with_their_connection() -> None:
    assert [finding.connection for finding in numbered([one("network.refused"), one("network.timeout")], 3)] == [3, 3]


def test_facts_of_an_earlier_attempt_do_not_decide_the_last_one() -> None:
    from mqtrace.model import Attempt

    first, second = fact("socket.errno", "111"), fact("socket.errno", "110")
    judged = judge(case(first, second, attempts=(Attempt("A", "h1", (first,)), Attempt("A", "h2", (second,)))))
    causes = [finding.id for finding in judged if finding.confidence == "certain" and finding.status == "fail"]
    assert causes == ["network.timeout"]
