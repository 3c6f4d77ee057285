"""What a record says: the facts that the patterns of a family find in it."""

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mqtrace.catalog.trace_patterns import TracePattern, read_patterns, trace_patterns
from mqtrace.evidence.clock import Calendar
from mqtrace.evidence.facts import FactFinder
from mqtrace.model import Fact, Location, Record

GIVEN = {
    "id": "test.one", "clients": ["c"], "literals": ["Label"], "regex": r"Label (?P<value>\S+)", "fact": "label",
    "proves": "used",
    "basis": "reported", "source": "this test",
}  # fmt: skip


def pattern(**fields: object) -> TracePattern:
    """A pattern as a file gives it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "test.toml"
        path.write_text(
            "[[pattern]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in {**GIVEN, **fields}.items())
        )
        return read_patterns(path)[0]


def record(text: bytes) -> Record:
    return Record("text", text, "trace", 7, 100, len(text), "7253.1", "09:00:00.000001")


def facts(text: bytes, *patterns: TracePattern) -> list[Fact]:
    finder = FactFinder(patterns)
    hits = [index for index, literal in enumerate(finder.selection.literals) if literal in text]
    return [seen.fact(Calendar(None)) for seen in finder.observe(record(text), hits)]


def test_a_fact_has_its_value_place_thread_and_how_it_is_known() -> None:
    assert facts(b"Saved Label app1", pattern()) == [
        Fact(
            "label",
            "app1",
            Location("trace", 7, 100, 16),
            "Saved Label app1",
            "used",
            "7253.1",
            "09:00:00.000001",
            "test.one",
            "reported",
            "09:00:00.000001",
        )
    ]


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"regex": r"Label (?P<value>\S+)"}, "label", "App1"),
        ({"regex": r"(?P<kind>Label) (?P<value>\S+)", "fact": "ini.{kind}"}, "ini.Label", "App1"),
        ({"regex": r"(?P<kind>Label) (?P<value>\S+)", "fact": "ini.{kind.lower}"}, "ini.label", "App1"),
        ({"regex": r"Label (?P<name>\S+)", "value": "<{name}>"}, "label", "<App1>"),
        ({"regex": r"Label (?P<value>\S+)", "value": ""}, "label", ""),
        ({"regex": "", "value": "there"}, "label", "there"),
        ({"regex": ""}, "label", ""),
    ],
    ids=[
        "group",
        "name-from-group",
        "name-in-lower-case",
        "value-template",
        "fixed-value",
        "literal-with-value",
        "literal-alone",
    ],
)
def test_name_and_value_are_what_the_pattern_says(fields: dict[str, object], name: str, value: str) -> None:
    ((found),) = facts(b"Label App1", pattern(**fields))
    assert (found.name, found.value) == (name, value)


def test_a_line_that_holds_the_literal_but_does_not_match_gives_nothing() -> None:
    assert facts(b"no Label", pattern()) == []


def test_a_pattern_with_two_literals_in_one_line_gives_one_fact() -> None:
    assert len(facts(b"Label App1 CertLabel", pattern(literals=["Label", "CertLabel"]))) == 1


def test_two_patterns_that_share_a_literal_both_give_their_fact() -> None:
    found = facts(b"Label App1", pattern(), pattern(id="test.two", fact="other"))
    assert [fact.name for fact in found] == ["label", "other"]


def test_a_secret_is_neither_in_the_value_nor_in_the_text() -> None:
    (found,) = facts(b"Label hunter2", pattern(secret=True))
    assert (found.value, found.text) == ("***", "label")


@pytest.mark.parametrize(
    ("client", "line"),
    [
        ("c", "xcsGetEnvironmentString[MQKEYRPWD] = hunter2"),
        ("c", "xcsGetEnvironmentString(MQKEYRPWD) = 'hunter2'"),
        ("c", "SSLKeyRepositoryPassword = 'hunter2'"),
        ("dotnet", "com.ibm.mq.cfg.ssl.sslkeyrepositorypassword=hunter2"),
        ("dotnet", "Command Line:       /srv/app/bin/c.dll QM1 pass=hunter2"),
    ],
)
def test_no_shipped_pattern_lets_a_password_through(client: str, line: str) -> None:
    found = facts(line.encode(), *trace_patterns(client))
    assert [fact for fact in found if "hunter2" in fact.value] == []
    assert [fact for fact in found if "PWD" in fact.name and fact.value != "***"] == []


def test_the_same_text_again_keeps_its_own_place() -> None:
    finder = FactFinder([pattern()])
    first = finder.observe(record(b"Label A"), [0])
    second = finder.observe(Record("text", b"Label A", "trace", 9, 300, 7, "7253.2", "09:00:00.000002"), [0])
    assert [seen.record.line for seen in (*first, *second)] == [7, 9]
    assert second[0].record.thread == "7253.2"


def test_a_regular_expression_that_takes_too_long_gives_nothing_and_the_others_still_do() -> None:
    slow = pattern(id="test.slow", regex=r"^(?:\w+\w+)+ (?P<value>!)$", fact="slow")
    began = time.monotonic()
    found = facts(b"Label " + b"a" * 4000, slow, pattern())
    assert [fact.name for fact in found] == ["label"]
    assert time.monotonic() - began < 5


def test_bytes_that_are_no_utf_8_are_kept_as_well_as_may_be() -> None:
    (found,) = facts(b"Label caf\xe9", pattern())
    assert found.value == "caf\ufffd"


def test_the_text_of_a_fact_is_cut() -> None:
    (found,) = facts(b"Label " + b"x" * 5000, pattern())
    assert len(found.text) == 500


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("tls.alert", "48", True),
        ("tls.alert", "", False),
        ("tls.alert", "\u00b2", False),
        ("openssl.error", "0A000418", True),
        ("openssl.error", "x", False),
    ],
)
@pytest.mark.parametrize("regex", ["Label", ""], ids=["regex", "literal"])
def test_a_number_that_is_none_says_nothing(name: str, value: str, kept: bool, regex: str) -> None:
    assert [fact.value for fact in facts(b"Label", pattern(fact=name, value=value, regex=regex))] == [value] * kept
