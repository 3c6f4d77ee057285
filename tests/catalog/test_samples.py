"""The samples: their files are there, and each report has the sample's reason code, cause, findings and settings."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import pytest
from jsonschema import Draft202012Validator

from mqtrace.catalog.causes import cause as cause_info
from mqtrace.catalog.samples import Sample, sample, samples
from mqtrace.diagnosis import diagnose
from mqtrace.model import Outcome, Report, Setting
from mqtrace.report.json import report_as_dict, report_schema

FOLDER = Path(__file__).parents[2] / "sample-traces"
DEMO = "c-label-not-in-key-repository"
each_sample = pytest.mark.parametrize("one", samples(), ids=lambda one: one.name)


@cache
def report(name: str) -> Report:
    one = sample(name)
    assert one is not None
    return diagnose([FOLDER / name / file for file in one.files])


def outcome(one: Sample) -> Outcome:
    """The outcome of the connection that matters."""
    (found,) = [each for each in report(one.name).outcomes if each.connection.reason_code == one.reason_code]
    return found


def as_wanted(row: Setting, wanted: dict[str, list[str]]) -> str:
    """The row's value; of a file as it is wanted where it ends so (a trace may give it as a URL)."""
    value = wanted.get(row.name, [""])[0]
    return value if row.name in ("ccdt", "mqclient_ini") and value and row.value.endswith(value) else row.value


def test_names_are_unique_and_each_folder_is_a_sample() -> None:
    assert [name for name, count in Counter(one.name for one in samples()).items() if count > 1] == []
    assert {one.name for one in samples()} == {path.name for path in FOLDER.iterdir() if path.is_dir()}


def test_there_is_a_sample_for_the_demo() -> None:
    assert sample(DEMO) is not None
    assert sample("no-such-sample") is None


def test_both_families_have_samples_that_fail_and_that_connect() -> None:
    kinds = {(one.name.partition("-")[0], bool(one.cause)) for one in samples()}
    assert {("c", True), ("c", False), ("dotnet", True), ("dotnet", False)} <= kinds


def test_all_samples_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 1_500_000


@each_sample
def test_its_files_are_there_and_nothing_else(one: Sample) -> None:
    folder = FOLDER / one.name
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == set(one.files)


@each_sample
def test_it_says_what_it_is(one: Sample) -> None:
    assert one.title
    assert one.origin in ("genuine", "synthetic")
    assert not one.cause or cause_info(one.cause)
    assert (one.reason_code == 0) == (one.cause == "")


@each_sample
def test_every_file_of_it_is_read(one: Sample) -> None:
    read = report(one.name).inputs
    assert [each.error for each in read] == [None] * len(one.files)
    assert "unknown" not in [each.kind for each in read]


@each_sample
def test_its_cause_is_found(one: Sample) -> None:
    found = outcome(one).cause
    assert (found.id if found else "") == one.cause


@each_sample
def test_the_cause_is_proved_by_lines_of_its_files(one: Sample) -> None:
    found = outcome(one).cause
    if found is None:
        return
    assert found.evidence
    for line in found.evidence:
        name, _, inner = line.location.source.partition("!")
        path = Path(name)
        assert FOLDER / one.name in path.parents
        content = ZipFile(path).read(inner) if inner else path.read_bytes()
        begin, end = line.location.offset, line.location.offset + line.location.length
        assert content[:begin].count(b"\n") + 1 == line.location.line
        assert content[begin:end].strip()


@each_sample
def test_its_findings_are_found(one: Sample) -> None:
    told = {finding.id for finding in report(one.name).findings if finding.status in ("fail", "warn")}
    assert set(one.findings) <= told


@each_sample
def test_its_settings_are_in_the_ledger(one: Sample) -> None:
    wanted = one.settings or {}
    rows = {row.name: [as_wanted(row, wanted), row.source] for row in outcome(one).settings}
    assert {name: rows.get(name) for name in wanted} == wanted


@each_sample
def test_nothing_of_it_is_sure_but_wrong(one: Sample) -> None:
    causes = [each.cause for each in report(one.name).outcomes if each.cause and each.cause.confidence == "certain"]
    assert {each.id for each in causes} <= {one.cause}
    if len(report(one.name).outcomes) == 1:
        wanted = one.settings or {}
        traced = {row.name: as_wanted(row, wanted) for row in outcome(one).settings if row.proof == "traced"}
        assert {
            name: traced[name] for name, (value, _) in wanted.items() if name in traced and traced[name] != value
        } == {}


@each_sample
def test_its_report_is_what_the_schema_says(one: Sample) -> None:
    told = report_as_dict(report(one.name))
    assert [error.message for error in Draft202012Validator(json.loads(report_schema())).iter_errors(told)] == []


@each_sample
def test_no_rule_fails_on_it(one: Sample) -> None:
    assert [finding.text for finding in report(one.name).findings if finding.id.startswith("rule.")] == []
