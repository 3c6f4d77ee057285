import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mqtrace.model import Attempt, ClockOffset, Connection, Finding, Outcome, Report
from mqtrace.report.json import report_as_dict, report_schema
from mqtrace.report.shown import shown
from mqtrace.report.write import rendered

from .reports import ADDRESS_LIST, ALL, NOTHING, TLS_FAILURE


def valid(document: Any) -> bool:
    return Draft202012Validator(json.loads(report_schema())).is_valid(document)


@pytest.mark.parametrize("name", ALL)
def test_satisfies_the_schema(name: str) -> None:
    Draft202012Validator(json.loads(report_schema())).validate(json.loads(rendered(ALL[name], "json")))


def test_connection_has_the_names_of_the_contract() -> None:
    (connection,) = report_as_dict(TLS_FAILURE)["connections"]
    assert {
        name: connection[name]
        for name in ("client", "process", "thread", "count", "completion_code", "reason_code", "reason_name", "phase")
    } == {
        "client": "c",
        "process": 7253,
        "thread": "7253.1",
        "count": 1,
        "completion_code": 2,
        "reason_code": 2393,
        "reason_name": "MQRC_SSL_INITIALIZATION_ERROR",
        "phase": "tls",
    }
    assert connection["tls"] == {
        "messages": ["client_hello"],
        "alerts": [],
        "server_name": "app2e-tls.chl.mq.ibm.com",
    }


def test_cause_with_its_evidence() -> None:
    cause = report_as_dict(TLS_FAILURE)["connections"][0]["cause"]
    assert (cause["id"], cause["confidence"], cause["alternatives"]) == (
        "tls.certificate-label-not-found",
        "certain",
        [],
    )
    assert cause["evidence"][0] == {
        "file": "/home/app/traces/AMQ7253.0.FMT",
        "line": 283,
        "text": "gsk_secure_soc_init rc=407",
    }


def test_setting_with_its_candidates() -> None:
    settings = {each["name"]: each for each in report_as_dict(TLS_FAILURE)["connections"][0]["settings"]}
    label = settings["certificate_label"]
    assert (label["value"], label["source"], label["proof"]) == ("rsaca256_clientx", "ccdt", "traced")
    assert [(each["source"], each["state"]) for each in label["candidates"]] == [
        ("application", "not-set"),
        ("ccdt", "won"),
        ("ini:SSL.CertificateLabel", "overridden"),
    ]
    assert (settings["ssl_peer"]["value"], settings["ssl_peer"]["source"]) == ("", "none")


def test_structure_with_offsets_and_the_line_of_its_dump() -> None:
    (structure,) = report_as_dict(shown(TLS_FAILURE))["connections"][0]["structures"]
    assert structure["fields"] == [
        {"name": "ChannelName", "offset": "0x0000", "value": "APP.TLS"},
        {"name": "Password", "offset": "0x01b8", "value": "***"},
    ]
    assert structure["not_in_force"] == ["CertificateLabel"]
    assert [each["line"] for each in structure["evidence"]] == [215]


def test_attempts_have_their_times() -> None:
    tried = Attempt("APP.SVRCONN", "mq1(1414)", start="2026-11-24T09:00:00.000001", end="2026-11-24T09:00:01.000000")
    report = Report((Outcome(Connection("c", "app.FMT", attempts=(tried,))),))
    (attempt,) = report_as_dict(report)["connections"][0]["attempts"]
    assert (attempt["start"], attempt["end"]) == (tried.start, tried.end)


def test_offsets_of_clocks_are_data() -> None:
    offset = ClockOffset("AMQERR01.LOG", "apphost", timedelta(seconds=-7200), 4)
    assert report_as_dict(Report(clock_offsets=(offset,)))["clock_offsets"] == [
        {"log": "AMQERR01.LOG", "clock": "apphost", "ahead_seconds": -7200.0, "agreeing": 4}
    ]


def test_attempts_have_their_causes() -> None:
    attempts = report_as_dict(ADDRESS_LIST)["connections"][0]["attempts"]
    assert [(each["address"], each["cause"] and each["cause"]["id"]) for each in attempts] == [
        ("10.9.9.9(1414)", "network.unreachable"),
        ("qm-standby.internal.example.com(1414)", None),
        ("10.0.0.7(1415)", "network.refused"),
    ]


def test_input_that_could_not_be_read() -> None:
    assert report_as_dict(NOTHING)["inputs"][2] == {
        "file": "/tmp/locked.log",
        "kind": "unknown",
        "bytes": 0,
        "lines": 0,
        "records": 0,
        "unparsed_lines": 0,
        "error": "no right to read it",
        "note": "",
        "unread": [],
    }


@pytest.mark.parametrize("name", ALL)
def test_printable_and_without_secrets(name: str) -> None:
    text = rendered(ALL[name], "json")
    assert text.replace("\n", "").isprintable()
    assert "s3cret" not in text


@pytest.mark.parametrize(
    ("status", "severity"), [("fail", "high"), ("warn", "medium"), ("info", "low"), ("skip", "low")]
)
def test_severity_of_a_finding_follows_from_its_status(status: Any, severity: str) -> None:
    (finding,) = report_as_dict(Report(findings=(Finding("a.b", status),)))["findings"]
    assert finding["severity"] == severity


def without(document: Any, *path: str | int) -> Any:
    *parents, last = path
    for step in parents:
        document = document[step]
    del document[last]


def changed(value: Any, *path: str | int) -> Any:
    document = report_as_dict(TLS_FAILURE)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    "path",
    [
        ("schema",),
        ("connections", 0, "cause", "id"),
        ("connections", 0, "reason_code"),
        ("connections", 0, "settings", 0, "proof"),
        ("findings", 0, "id"),
    ],
)
def test_schema_refuses_what_lacks_a_name(path: tuple[str | int, ...]) -> None:
    document = report_as_dict(TLS_FAILURE)
    without(document, *path)
    assert not valid(document)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("mqtrace-report/2", ("schema",)),
        ("cobol", ("connections", 0, "client")),
        ("dreaming", ("connections", 0, "phase")),
        ("sure", ("connections", 0, "cause", "confidence")),
        ("NotAnId", ("connections", 0, "cause", "id")),
        ("lost", ("connections", 0, "settings", 4, "candidates", 0, "state")),
        ("guessed", ("connections", 0, "settings", 0, "proof")),
        ("bad", ("findings", 0, "status")),
        ("trace-cobol", ("inputs", 0, "kind")),
        (-1, ("inputs", 0, "bytes")),
        (0, ("connections", 0, "count")),
    ],
)
def test_schema_refuses_unknown_words(value: Any, path: tuple[str | int, ...]) -> None:
    assert not valid(changed(value, *path))


def test_schema_lets_fields_be_added() -> None:
    assert valid(changed("x", "connections", 0, "cause", "new_field"))


def test_schema_is_valid() -> None:
    Draft202012Validator.check_schema(json.loads(report_schema()))


def test_documented_schema_is_the_shipped_one() -> None:
    assert (Path(__file__).parents[2] / "docs" / "report-schema.json").read_text(encoding="utf-8") == report_schema()
