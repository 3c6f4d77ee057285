from pathlib import Path

import pytest

from mqtrace.model import UsageError
from mqtrace.report.write import form_named, form_of, rendered, write_report_file

from .reports import TLS_FAILURE


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.json", "json"),
        ("a.MD", "md"),
        ("a.b.txt", "text"),
        ("a.html", "html"),
        ("a.sarif", "sarif"),
        ("a.JUNIT.xml", "junit"),
        ("a.perfetto.json", "perfetto"),
    ],
)
def test_suffix_decides_the_form(name: str, form: str) -> None:
    assert form_of(Path(name)) == form


def test_unknown_suffix_names_the_known_ones() -> None:
    with pytest.raises(
        UsageError,
        match=r"'a\.docx': end the name with one of \.html, \.perfetto\.json, \.json, .*, \.txt\.",
    ):
        form_of(Path("a.docx"))


def test_unknown_format_names_the_known_ones() -> None:
    assert form_named("md") == "md"
    with pytest.raises(UsageError, match=r"'yaml': choose one of html, json, junit, md, perfetto, sarif, text\."):
        form_named("yaml")


@pytest.mark.parametrize(
    ("suffix", "begin"),
    [
        (".txt", " FAILED    amqsgetc"),
        (".md", "# FAILED: amqsgetc"),
        (".json", '{\n  "schema": "mqtrace-report/1"'),
        (".html", "<!DOCTYPE html>"),
        (".sarif", '{\n  "properties": {\n    "generator": "mqtrace'),
        (".junit.xml", "<?xml"),
        (".perfetto.json", '{\n  "otherData"'),
    ],
)
def test_file_gets_the_form_of_its_suffix(tmp_path: Path, suffix: str, begin: str) -> None:
    path = tmp_path / f"report{suffix}"
    write_report_file(TLS_FAILURE, path)
    assert path.read_text(encoding="utf-8").startswith(begin)


def test_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "report.md"
    with pytest.raises(UsageError, match=r"Cannot write the report to .*report\.md: No such file or directory"):
        write_report_file(TLS_FAILURE, path)


def test_width_and_verbosity_reach_the_text() -> None:
    assert rendered(TLS_FAILURE, "text", verbosity=-1).startswith("FAILED 2026-11-24T09:00:00.123456 program=amqsgetc")
