"""Whatever a rule finds in its tests keeps the values of its case apart from its words."""

from collections.abc import Iterator

import pytest

import mqtrace.rules
from mqtrace.model import Finding, Outcome, Report
from mqtrace.rules.case import Case, Rule
from words_and_values import values_in_words


@pytest.fixture(autouse=True)
def values_stand_apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    runs: list[tuple[Case, list[Finding]]] = []

    def kept(rule: Rule, case: Case) -> list[Finding]:
        runs.append((case, run(rule, case)))
        return runs[-1][1]

    run = mqtrace.rules._run
    monkeypatch.setattr(mqtrace.rules, "_run", kept)
    yield
    for case, findings in runs:
        if findings:
            report = Report((Outcome(case.connection, tuple(case.rows.values())),), tuple(findings))
            assert list(values_in_words(report)) == []
