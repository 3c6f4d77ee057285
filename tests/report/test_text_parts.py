"""Sentences that keep the values in them apart from their words, so that a policy can decide about each by its name."""

import pytest

from mqtrace.model import Finding, Report
from mqtrace.model.text import Named, Text, joined, text
from mqtrace.report.shown import Policy, shown

SENTENCE = text("{address} refused the connection of {program}.", address="h.example.com(1414)", program="app")


class WithoutAddresses(Policy, frozen=True):
    """As a policy of redaction would be."""

    def value(self, name: str, value: str) -> str:
        return "host-1" if name == "address" else value


def test_it_is_the_sentence_wherever_a_text_is_wanted() -> None:
    assert SENTENCE == "h.example.com(1414) refused the connection of app."
    assert SENTENCE.parts[0] == Named("address", "h.example.com(1414)")


def test_a_policy_reaches_the_values_in_a_sentence_by_their_names() -> None:
    report = Report(findings=(Finding("network.refused", "fail", SENTENCE),))
    (finding,) = shown(report, WithoutAddresses()).findings
    assert finding.text == "host-1 refused the connection of app."
    assert isinstance(finding.text, Text)


def test_a_secret_in_a_value_is_masked_by_the_value_s_name() -> None:
    told = text("The store has the password {keystore_password}.", keystore_password="hunter2")
    (finding,) = shown(Report(findings=(Finding("x.y", "warn", told),))).findings
    assert finding.text == "The store has the password ***."


def test_what_was_shown_once_stays_as_it_is() -> None:
    once = shown(Report(findings=(Finding("network.refused", "fail", SENTENCE),)))
    assert shown(once) == once


@pytest.mark.parametrize("inner", [SENTENCE, "plain words"])
def test_sentences_in_sentences_and_one_after_the_other_keep_their_parts(inner: str) -> None:
    outer = joined([text("{told} Look again.", told=inner), inner])
    assert outer == f"{inner} Look again. {inner}"
    names = [part.name for part in outer.parts if isinstance(part, Named)]
    assert names == (["address", "program"] * 2 if isinstance(inner, Text) else ["told"])


def test_a_name_without_a_value_is_a_fault() -> None:
    with pytest.raises(KeyError):
        text("{address} {nobody}", address="h")
