"""A redacted report names nobody, says the same otherwise, and is not given when somebody is still in it."""

import re
from pathlib import Path

import pytest

import mqtrace
from mqtrace.model import Connection, Evidence, Finding, Location, Outcome, Report
from mqtrace.model.text import text
from mqtrace.redaction.identities import Identities, RedactionError, checked
from mqtrace.redaction.report import redacted
from mqtrace.report.write import FORMS, rendered

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLES = sorted(path for path in (ROOT / "sample-traces").iterdir() if path.is_dir())


def told(report):
    """What a report says, without whom it names."""
    return [
        (
            outcome.cause and (outcome.cause.id, outcome.cause.confidence, len(outcome.cause.evidence)),
            outcome.connection.reason_code,
            [(row.name, row.source, row.proof, len(row.candidates)) for row in outcome.settings],
        )
        for outcome in report.outcomes
    ]


def named_and_left(folder):
    """What is told differently, and who is still named, in the redacted report of a folder."""
    report = mqtrace.diagnose(folder)
    identities = Identities()
    hidden = redacted(report, identities)
    left = [who for form in FORMS for who in identities.found_in(rendered(hidden, form))]
    return told(hidden) == told(report), left


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_a_sample_says_the_same_and_names_nobody(folder):
    assert named_and_left(folder) == (True, [])


@pytest.mark.corpus
@pytest.mark.parametrize("family", ["trace-c-worded", "amqerr-c-genuine", "public-cases", "red-team"])
def test_the_corpus_says_the_same_and_names_nobody(family):
    scenarios = sorted(CORPUS.glob(f"{family}/*/truth.json"))
    assert scenarios
    assert {str(truth): both for truth in scenarios if (both := named_and_left(truth.parent)) != (True, [])} == {}


def made(words):
    line = Evidence(Location("/home/anna/t.FMT", 3), "connect to mqprod.corp.example(1414) by anna")
    connection = Connection("c", "/home/anna/t.FMT", host="apphost", user="anna", address="mqprod.corp.example(1414)")
    return Report((Outcome(connection),), (Finding("network.refused", "fail", words, "certain", (line,)),))


def test_every_field_sentence_and_line_is_reached():
    sentence = text("Host {host} refused {who}.", host="mqprod.corp.example", who="anna")
    hidden = redacted(made(sentence), Identities())
    assert hidden.findings[0].text == "Host host-2 refused user-1."
    assert hidden.findings[0].evidence[0].text == "connect to host-2(1414) by user-1"
    assert hidden.findings[0].evidence[0].location.source == "/home/user-1/t.FMT"
    connection = hidden.outcomes[0].connection
    assert (connection.host, connection.user, connection.address) == ("host-1", "user-1", "host-2(1414)")


def test_secrets_stay_hidden():
    report = made(text("MQCSP {said}; {password}", said="password=Zx81-geheim", password="Zx81-geheim"))
    assert "Zx81-geheim" not in rendered(redacted(report, Identities()), "json")


def test_a_text_that_still_names_one_is_not_given():
    identities = Identities()
    hidden = rendered(redacted(made("x"), identities), "text")
    assert checked(hidden, identities) == hidden
    with pytest.raises(RedactionError, match="user-1") as error:
        checked(hidden + "by anna", identities)
    assert "anna" not in str(error.value)


def test_the_words_of_a_report_itself_name_nobody():
    """A report is given whoever is named like one of its words; names of fields and settings aside."""
    report = mqtrace.diagnose(SAMPLES[0])
    for form in FORMS:
        identities = Identities()
        for word in re.findall(r"\b(?:[A-Za-z][a-z]{2,}|[A-Z]{3,})\b", rendered(report, form)):
            identities.learn("user", word)
        assert [who.value for who in identities.found_in(rendered(redacted(report, identities), form))] == []
