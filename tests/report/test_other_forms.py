"""SARIF, JUnit and trace events: what their readers require of them, and what they say."""

import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from msgspec.structs import replace

from command_line import SAMPLES, sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Report
from mqtrace.report.write import rendered

from .reports import ALL, CONNECTED, HOSTILE, NOTHING, TLS_FAILURE, UNKNOWN_CAUSE, folded

# Those of others; where they come from stands beside them.
SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"

# A reference as RFC 3986 has it; the colon is that of a drive of Windows.
URI = r"(?:file:///)?(?:[\w.~!$&'()*+,;=@/-]|%[0-9A-F]{2}|(?<=/[A-Za-z]):)+"


def shape(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


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


@cache
def sarif_schema() -> jsonschema.Draft4Validator:
    text = (SCHEMAS / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text))


@cache
def junit_schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")


def sarif(report: Report) -> Any:
    """The run, when the whole is as the schema of the standard and what that cannot say require."""
    whole = json.loads(rendered(report, "sarif"))
    sarif_schema().validate(whole)
    assert (whole["version"], "2.1.0" in whole["$schema"]) == ("2.1.0", True)
    (run,) = whole["runs"]
    rules = [each["id"] for each in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules))
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        for place in (*result["locations"], *result.get("relatedLocations", ())):
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(
                r"(?:file:///)?(?:[\w.~!$&'()*+,;=@/-]|%[0-9A-F]{2}|(?<=/[A-Za-z]):)+", uri, re.ASCII
            ), uri
            assert place["physicalLocation"].get("region", {"startLine": 1})["startLine"] >= 1
    return run


def suite(report: Report) -> ElementTree.Element:
    """The suite, when it is as the schema of Jenkins' plug-in and the counts in it require."""
    text = rendered(report, "junit")
    junit_schema().validate(text)
    found = ElementTree.fromstring(text)
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(found.attrib[key]) == len(found.findall(f"testcase/{tag}"))
    assert int(found.attrib["tests"]) == len(found.findall("testcase")) == len(list(found))
    assert all(case.attrib["name"] and case.attrib["classname"] for case in found)
    return found


@pytest.mark.parametrize("name", ALL)
def test_a_report_is_as_the_schemas_of_sarif_and_junit_require(name: str) -> None:
    failed = sum(outcome.cause is not None for outcome in ALL[name].outcomes)
    assert len(sarif(ALL[name])["results"]) >= failed
    assert suite(ALL[name]).tag == "testsuite"


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_a_sample_is_as_the_schemas_of_sarif_and_junit_require(name: str) -> None:
    report = diagnose(SAMPLES / name)
    causes = {outcome.cause.id for outcome in report.outcomes if outcome.cause}
    assert causes <= {each["ruleId"] for each in sarif(report)["results"]}
    failed = {each.attrib["type"] for each in suite(report).findall("testcase/failure")}
    assert causes <= failed


def test_the_schemas_refuse_what_is_wrong() -> None:
    whole = json.loads(rendered(TLS_FAILURE, "sarif"))
    whole["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    assert not sarif_schema().is_valid(whole)
    assert not junit_schema().is_valid(rendered(TLS_FAILURE, "junit").replace("testcase", "case"))


def test_a_failure_without_evidence_is_placed_at_its_input() -> None:
    places = [each["locations"] for each in sarif(UNKNOWN_CAUSE)["results"] if each["ruleId"] == "no-cause-proved"]
    assert places == [[{"physicalLocation": {"artifactLocation": {"uri": "client.trc"}}}]]


def test_sarif_places_a_cause_at_its_proof() -> None:
    first, warning = sarif(TLS_FAILURE)["results"]
    assert (first["ruleId"], first["level"]) == ("tls.certificate-label-not-found", "error")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///home/app/traces/AMQ7253.0.FMT"
    assert place["region"] == {"startLine": 283, "snippet": {"text": "gsk_secure_soc_init rc=407"}}
    assert len(first["relatedLocations"]) == 2
    assert (warning["ruleId"], warning["level"]) == ("settings.ignored-by-client", "warning")


def test_sarif_tells_failures_without_a_cause_and_inputs_that_were_not_read() -> None:
    assert [each["ruleId"] for each in sarif(UNKNOWN_CAUSE)["results"]] == ["qmgr.unavailable", "no-cause-proved"]
    assert sarif(UNKNOWN_CAUSE)["results"][0]["level"] == "warning"
    (told,) = sarif(NOTHING)["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"] == "/tmp/locked.log: no right to read it"
    assert sarif(CONNECTED)["results"][0]["ruleId"] == "settings.mqserver-hides-ccdt"


def test_a_path_is_a_uri_whatever_is_in_it() -> None:
    (result,) = sarif(HOSTILE)["results"]
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


def test_junit_tells_a_failure_with_cause_fix_and_proof() -> None:
    (case,) = suite(TLS_FAILURE)
    failure = case[0]
    assert (case.attrib["classname"], case.attrib["time"]) == ("connection.c", "0.187546")
    assert failure.attrib["type"] == "tls.certificate-label-not-found"
    assert "1. See which labels exist:" in (failure.text or "")
    assert "AMQ7253.0.FMT:283  gsk_secure_soc_init rc=407" in (failure.text or "")


def test_junit_tells_what_is_not_known_and_not_read_apart_from_failures() -> None:
    assert [[each.tag for each in case] for case in suite(UNKNOWN_CAUSE)] == [["failure"], ["failure"], ["skipped"]]
    assert [[each.tag for each in case] for case in suite(NOTHING)] == [["error"]]
    assert [list(case) for case in suite(CONNECTED)] == [[]]
    assert (len(folded().outcomes), len(suite(folded()))) == (600, 5)


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
