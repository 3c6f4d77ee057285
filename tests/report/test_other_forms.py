"""SARIF, JUnit and trace events: what their readers require of them, and what they say."""

import json
from itertools import combinations
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
from msgspec.structs import replace

from command_line import sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Report
from mqtrace.report.write import rendered

from .reports import ALL, CONNECTED, HOSTILE, NOTHING, TLS_FAILURE, UNKNOWN_CAUSE, folded


def shape(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


# What sections 3.13 to 3.52 of SARIF 2.1.0 require, and the names of the properties that are used; others are faults.
TEXT = shape({"text": {"type": "string", "minLength": 1}}, "text")
REGION = shape({"startLine": {"type": "integer", "minimum": 1}, "snippet": shape({"text": {"type": "string"}})})
LOCATION = shape(
    {
        "physicalLocation": shape(
            {
                "artifactLocation": shape({"uri": {"type": "string", "pattern": r"^[\w\-.~!$&'()*+,;=:@%/]+$"}}),
                "region": REGION,
            }
        )
    }
)
RESULT = shape(
    {
        "ruleId": {"type": "string", "minLength": 1},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "relatedLocations": {"type": "array", "items": LOCATION},
        "properties": {"type": "object"},
    },
    "message",
)
RULE = shape({"id": {"type": "string"}, "shortDescription": TEXT, "help": TEXT}, "id")
TOLD = shape({"level": {"enum": ["none", "note", "warning", "error"]}, "message": TEXT}, "message")
RUN = shape(
    {
        "tool": shape(
            {
                "driver": shape(
                    {
                        "name": {"const": "mqtrace"},
                        "version": {"type": "string"},
                        "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                    },
                    "name",
                )
            },
            "driver",
        ),
        "invocations": {
            "type": "array",
            "items": shape(
                {
                    "executionSuccessful": {"type": "boolean"},
                    "toolExecutionNotifications": {"type": "array", "items": TOLD},
                },
                "executionSuccessful",
            ),
        },
        "results": {"type": "array", "items": RESULT},
    },
    "tool",
)
SARIF = shape(
    {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "properties": {"type": "object"},
        "runs": {"type": "array", "items": RUN},
    },
    "version",
    "runs",
)
# "Trace Event Format": metadata, complete events with their length, instants with their scope.
PLACE = {"pid": {"type": "integer"}, "tid": {"type": "integer"}}
TIMED = {"ts": {"type": "integer", "minimum": 0}, **PLACE}
NAMED = {"name": {"type": "string", "minLength": 1}, "cat": {"type": "string"}, "args": {"type": "object"}}
EVENT = {
    "oneOf": [
        shape({**NAMED, **PLACE, "ph": {"const": "M"}}, "name", "ph", "pid", "args"),
        shape(
            {**NAMED, **TIMED, "ph": {"const": "X"}, "dur": {"type": "integer", "minimum": 0}},
            "ph",
            "ts",
            "dur",
            *PLACE,
        ),
        shape({**NAMED, **TIMED, "ph": {"const": "i"}, "s": {"enum": ["t", "p", "g"]}}, "ph", "ts", "s", *PLACE),
    ]
}
EVENTS = shape(
    {
        "otherData": {"type": "object"},
        "displayTimeUnit": {"enum": ["ms", "ns"]},
        "traceEvents": {"type": "array", "items": EVENT},
    },
    "traceEvents",
)


def sarif(name: str) -> Any:
    whole = json.loads(rendered(ALL[name], "sarif"))
    jsonschema.validate(whole, SARIF)
    return whole["runs"][0]


@pytest.mark.parametrize("name", ALL)
def test_sarif_has_what_its_standard_requires(name: str) -> None:
    run = sarif(name)
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in run["results"]] == [each["ruleId"] for each in run["results"]]


def test_sarif_places_a_cause_at_its_proof() -> None:
    first, warning = sarif("tls-failure")["results"]
    assert (first["ruleId"], first["level"]) == ("tls.certificate-label-not-found", "error")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///home/app/traces/AMQ7253.0.FMT"
    assert place["region"] == {"startLine": 283, "snippet": {"text": "gsk_secure_soc_init rc=407"}}
    assert len(first["relatedLocations"]) == 2
    assert (warning["ruleId"], warning["level"]) == ("settings.ignored-by-client", "warning")


def test_sarif_tells_failures_without_a_cause_and_inputs_that_were_not_read() -> None:
    assert [each["ruleId"] for each in sarif("unknown-cause")["results"]] == ["qmgr.unavailable", "no-cause-proved"]
    assert sarif("unknown-cause")["results"][0]["level"] == "warning"
    (told,) = sarif("nothing")["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "/tmp/locked.log: no right to read it"
    assert sarif("connected")["results"][0]["ruleId"] == "settings.mqserver-hides-ccdt"


def test_a_path_is_a_uri_whatever_is_in_it() -> None:
    (result,) = sarif("hostile")["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote(uri) == r"file:///tmp/\x1b]0;owned\x07a\u{202e}gol.trc"


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("a b.FMT", "a%20b.FMT"),
        (r"C:\mq\a.FMT", "file:///C:/mq/a.FMT"),
        ("case.zip!t/a.FMT", "case.zip!t/a.FMT"),
        ("/t/ü.FMT", "file:///t/%C3%BC.FMT"),
    ],
)
def test_paths_of_both_kinds_of_systems(source: str, uri: str) -> None:
    from mqtrace.report.sarif import _uri

    assert _uri(source) == uri


def suite(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(rendered(ALL[name], "junit"))


@pytest.mark.parametrize("name", ALL)
def test_junit_counts_what_it_holds(name: str) -> None:
    found = suite(name)
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(found.attrib[key]) == len(found.findall(f"testcase/{tag}"))
    assert int(found.attrib["tests"]) == len(found.findall("testcase")) == len(list(found))
    assert all(case.attrib["name"] and case.attrib["classname"] for case in found)


def test_junit_tells_a_failure_with_cause_fix_and_proof() -> None:
    (case,) = suite("tls-failure")
    failure = case[0]
    assert (case.attrib["classname"], case.attrib["time"]) == ("connection.c", "0.187546")
    assert failure.attrib["type"] == "tls.certificate-label-not-found"
    assert "1. See which labels exist:" in (failure.text or "")
    assert "AMQ7253.0.FMT:283  gsk_secure_soc_init rc=407" in (failure.text or "")


def test_junit_tells_what_is_not_known_and_not_read_apart_from_failures() -> None:
    assert [[each.tag for each in case] for case in suite("unknown-cause")] == [["failure"], ["failure"], ["skipped"]]
    assert [[each.tag for each in case] for case in suite("nothing")] == [["error"]]
    assert [list(case) for case in suite("connected")] == [[]]
    assert (len(folded().outcomes), len(suite("folded"))) == (600, 5)


@pytest.mark.parametrize("report", [TLS_FAILURE, NOTHING, CONNECTED, HOSTILE, UNKNOWN_CAUSE])
def test_trace_events_have_what_perfetto_reads(report: Any) -> None:
    jsonschema.validate(json.loads(rendered(report, "perfetto")), EVENTS)


def test_trace_events_have_the_call_its_phases_and_its_moments() -> None:
    whole = json.loads(rendered(diagnose(sample("c-label-not-in-key-repository")), "perfetto"))
    jsonschema.validate(whole, EVENTS)
    slices = [
        (each["name"], each["cat"], each["ts"], each["dur"]) for each in whole["traceEvents"] if each["ph"] == "X"
    ]
    assert slices == [
        ("connect to QM1", "call", 0, 1808),
        ("APP.TLS to mq1.example.com(1414)", "attempt", 1563, 245),
        ("settings", "phase", 286, 1277),
        ("tcp", "phase", 1563, 94),
        ("tls", "phase", 1657, 151),
    ]
    names = [each["args"]["name"] for each in whole["traceEvents"] if each["ph"] == "M"]
    assert names == ["amqsgetc (C client 9.3.0.10)", "thread 7253.1", "phases of thread 7253.1"]
    (failure,) = [each for each in whole["traceEvents"] if each.get("cat") == "failure"]
    assert (failure["name"], failure["args"]["at"]) == ("GSKit answers 407", "AMQ7253.0.FMT:324")


def test_slices_of_one_lane_lie_within_each_other() -> None:
    whole = json.loads(rendered(diagnose(sample("dotnet-connection-refused-address-list")), "perfetto"))
    slices = [each for each in whole["traceEvents"] if each["ph"] == "X"]
    assert [each["cat"] for each in slices].count("attempt") == 2
    for one, other in combinations(slices, 2):
        if one["tid"] == other["tid"]:
            first, second = sorted((one, other), key=lambda each: (each["ts"], -each["dur"]))
            ends = first["ts"] + first["dur"], second["ts"] + second["dur"]
            assert second["ts"] >= ends[0] or ends[1] <= ends[0]


def test_processes_of_two_hosts_with_one_number_are_two() -> None:
    (outcome,) = diagnose(sample("c-label-not-in-key-repository")).outcomes
    other = replace(outcome, connection=replace(outcome.connection, host="another"))
    whole = json.loads(rendered(Report((outcome, other)), "perfetto"))
    assert len({each["pid"] for each in whole["traceEvents"] if each["name"] == "process_name"}) == 2
