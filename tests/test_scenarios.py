"""Every scenario with a known truth, from files to the report's JSON: the managed .NET
client, and synthetic traces of the C client."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mqtrace.diagnosis import diagnose
from mqtrace.report.json import report_as_dict, report_schema

Json = dict[str, Any]
CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"
FAMILIES = ("trace-dotnet", "trace-c-synthetic")
# A value of these ends with the file's name as the trace gives it.
FILES = ("ccdt", "mqclient_ini")

pytestmark = pytest.mark.corpus


@dataclass(frozen=True)
class Scenario:
    """What happened, and what the report says."""

    truth: Json
    report: Json

    @property
    def connections(self) -> list[Json]:
        found: list[Json] = self.report["connections"]
        return found

    @property
    def causes(self) -> list[Json]:
        return [each["cause"] for each in self.connections if each["cause"]]


def names() -> list[str]:
    return sorted(
        f"{path.parent.parent.name}/{path.parent.name}"
        for family in FAMILIES
        for path in (CORPUS / family).glob("*/truth.json")
    )


@cache
def diagnosed(name: str) -> Scenario:
    folder = CORPUS / name
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "truth.json")
    return Scenario(json.loads((folder / "truth.json").read_text(encoding="utf-8")), report_as_dict(diagnose(files)))


@pytest.fixture(params=names() or ["missing"])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    return diagnosed(request.param)


def same_value(name: str, value: str, wanted: str) -> bool:
    return value == wanted or (name in FILES and bool(wanted) and value.endswith(wanted))


def same_setting(name: str, row: Json, wanted: Json) -> bool:
    sources = wanted["source"].lower().split("|")
    return same_value(name, row["value"], wanted["value"]) and (
        wanted["source"] == "unknown" or row["source"].lower() in sources
    )


def test_the_report_is_what_its_schema_says(scenario: Scenario) -> None:
    assert [
        error.message for error in Draft202012Validator(json.loads(report_schema())).iter_errors(scenario.report)
    ] == []


def test_the_application_s_reason_codes(scenario: Scenario) -> None:
    assert set(scenario.truth["reason_codes"]) <= {each["reason_code"] for each in scenario.connections}


def test_the_cause(scenario: Scenario) -> None:
    found, wanted = {cause["id"] for cause in scenario.causes}, set(scenario.truth["cause_ids"])
    assert found & wanted if wanted else not found


def test_the_findings(scenario: Scenario) -> None:
    told = {each["id"] for each in scenario.report["findings"] if each["status"] in ("fail", "warn")} | {
        cause["id"] for cause in scenario.causes
    }
    assert set(scenario.truth.get("findings", ())) <= told


def test_the_settings_that_won_and_their_sources(scenario: Scenario) -> None:
    rows = [row for each in scenario.connections for row in each["settings"]]
    for name, wanted in scenario.truth["settings"].items():
        found = [row for row in rows if row["name"] == name]
        assert any(same_setting(name, row, wanted) for row in found), (
            name,
            wanted,
            [(row["value"], row["source"]) for row in found],
        )


def test_gskit_s_return_code_is_shown(scenario: Scenario) -> None:
    code = scenario.truth.get("gskit")
    assert not code or str(code) in json.dumps(scenario.report)


def test_no_secret_is_told(scenario: Scenario) -> None:
    assert [secret for secret in scenario.truth.get("secrets", ()) if secret in json.dumps(scenario.report)] == []


def test_no_cause_is_certain_but_wrong(scenario: Scenario) -> None:
    right = set(scenario.truth["cause_ids"])
    if right & {cause["id"] for cause in scenario.causes}:
        right |= set(scenario.truth.get("other_cause_ids", ()))
    assert {cause["id"] for cause in scenario.causes if cause["confidence"] == "certain"} <= right


def test_no_setting_is_traced_but_wrong(scenario: Scenario) -> None:
    if len(scenario.connections) != 1:
        return
    truth = scenario.truth["settings"]
    traced = [row for row in scenario.connections[0]["settings"] if row["proof"] == "traced" and row["name"] in truth]
    assert [
        row["name"] for row in traced if not same_value(row["name"], row["value"], truth[row["name"]]["value"])
    ] == []


def test_each_cause_is_proved_by_a_line(scenario: Scenario) -> None:
    assert [cause["id"] for cause in scenario.causes if not cause["evidence"]] == []


def test_no_rule_fails_and_every_file_is_read(scenario: Scenario) -> None:
    assert [each["id"] for each in scenario.report["findings"] if each["id"].startswith("rule.")] == []
    assert [each["file"] for each in scenario.report["inputs"] if each["error"] or each["kind"] == "unknown"] == []
