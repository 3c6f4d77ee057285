"""The one door out: every text of a report is masked by what it is, and printable."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from mqtrace.catalog.causes import all_causes
from mqtrace.model import (
    Alternative,
    Candidate,
    Cause,
    Connection,
    Evidence,
    Fact,
    Finding,
    Gap,
    InputRead,
    Location,
    LogEntry,
    Outcome,
    Report,
    Setting,
    Structure,
    StructureField,
)
from mqtrace.report.shown import clean, clean_value, sentence, shown
from mqtrace.report.write import rendered

from .reports import ALL, HOSTILE, TLS_FAILURE, folded

PLACE = Location("a.FMT", 1)
LINE = "password=s3cret user=app"
MASKED = "password=*** user=app"
CONNECTION = Connection(
    "c",
    "a.FMT",
    facts=(Fact("env.MQKEYRPWD", "s3cret", PLACE, LINE), Fact("env.MQSSLKEYR", "/keys/key", PLACE, "MQSSLKEYR")),
    log_entries=(LogEntry("AMQ9202", LINE, PLACE, inserts={3: "app:s3cret@host"}, quoted=(LINE,)),),
    structures=(Structure("MQCSP", 1, 64, "little", (StructureField("CSPPassword", 0, "s3cret"),)),),
    tls={"server_name": "host", "told": [{"password": "s3cret"}]},
)
SETTING = Setting(
    "key_repository_password",
    "s3cret",
    "env:MQKEYRPWD",
    "traced",
    (Candidate("application", "s3cret", "overridden", f"It gives {LINE}"),),
    (Evidence(PLACE, LINE),),
)
CAUSE = Cause("a.b", f"Title {LINE}", "To set the password: run it.", (f"Do {LINE}",), "certain")
REPORT = Report(
    (Outcome(CONNECTION, (SETTING,), CAUSE),),
    (Finding("a.b", "fail", LINE, alternatives=(Alternative("c.d", LINE),), fix=(LINE,), how_to_find_out=LINE),),
    (InputRead("a.FMT", "trace-c", note=LINE, error=LINE),),
    (Gap(LINE, LINE),),
    (LINE,),
)


def test_no_field_of_any_noun_keeps_a_secret() -> None:
    assert "s3cret" in repr(REPORT)
    assert "s3cret" not in repr(shown(REPORT))


def test_values_are_hidden_by_the_name_beside_them_and_lines_by_their_own_words() -> None:
    (outcome,) = shown(REPORT).outcomes
    connection = outcome.connection
    assert [fact.value for fact in connection.facts] == ["***", "/keys/key"]
    assert connection.facts[0].text == MASKED
    assert connection.log_entries[0].inserts == {3: "app:***@host"}
    assert connection.structures[0].value("CSPPassword") == "***"
    assert connection.tls == {"server_name": "host", "told": [{"password": "***"}]}
    assert (outcome.settings[0].value, outcome.settings[0].candidates[0].value) == ("***", "***")
    assert outcome.settings[0].candidates[0].why == f"It gives {MASKED}"


def test_a_sentence_of_mqtrace_about_a_password_stays() -> None:
    (outcome,) = shown(REPORT).outcomes
    assert outcome.cause
    assert outcome.cause.explanation == "To set the password: run it."


@pytest.mark.parametrize("report", [*ALL.values(), REPORT], ids=[*ALL, "secrets"])
def test_what_was_shown_once_stays_as_it_is(report: Report) -> None:
    once = shown(report)
    assert shown(once) is once


def test_a_report_that_was_shown_is_not_walked_again_and_one_made_of_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[Report] = []
    monkeypatch.setattr("mqtrace.report.shown.shown", lambda report: walks.append(report) or shown(report))
    once = shown(REPORT)
    rendered(once, "json")
    assert walks == []
    assert "s3cret" not in rendered(replace(once, outcomes=REPORT.outcomes), "json")
    assert len(walks) == 1


@given(some.text())
def test_only_printable_is_left(text: str) -> None:
    finding = Finding("a.b", "fail", text, evidence=(Evidence(PLACE, text),))
    report = shown(Report((Outcome(Connection("c", "a.FMT", channel=text)),), (finding,)))
    texts = (report.outcomes[0].connection.channel, report.findings[0].text, report.findings[0].evidence[0].text)
    assert all(each.isprintable() for each in (*texts, clean(text), clean_value("x", text), sentence(text)))


@given(some.text("pasword=: '\"{}()<>,;@/\\\n\x1bAb1", max_size=60))
def test_hostile_text_is_shown_alike_the_second_time(text: str) -> None:
    once = shown(
        Report((Outcome(Connection("c", text, channel=text)),), (Finding("a.b", "fail", text),), notes=(text,))
    )
    assert shown(once) == once


def test_a_line_is_masked_before_its_lines_are_joined() -> None:
    two_lines = Evidence(PLACE, "MQKEYRPWD=s3 cret\nuser=x")
    report = shown(replace(TLS_FAILURE, findings=(Finding("a.b", "warn", evidence=(two_lines,)),)))
    assert report.findings[0].evidence[0].text == "MQKEYRPWD=*** user=x"


def test_blanks_that_part_a_command_from_its_words_stay() -> None:
    assert sentence("To set the password: run it.\n  Then   go") == "To set the password: run it. Then   go"


def test_no_text_is_left_out_of_the_walk() -> None:
    def texts(thing: Any) -> Any:
        if isinstance(thing, str):
            yield thing
        for each in (*getattr(thing, "__slots__", ()),):
            yield from texts(getattr(thing, each))
        if isinstance(thing, dict):
            thing = [*thing, *thing.values()]
        for each in thing if isinstance(thing, list | tuple) else ():
            yield from texts(each)

    assert not all(each.isprintable() for each in texts(HOSTILE))
    assert all(each.isprintable() for each in texts(shown(HOSTILE)))


def test_six_hundred_connections_pass_in_a_moment() -> None:
    report = folded()
    begin = time.process_time()
    shown(report)
    assert time.process_time() - begin < 0.2


def test_no_sentence_of_the_catalogue_is_taken_for_a_secret() -> None:
    words = [text for each in all_causes() for text in (each.title, *each.fix)]
    assert [text for text in words if sentence(text) != text and "***" not in text] == []
