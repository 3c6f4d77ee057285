"""mqtrace compare and mqtrace ticket: forms, files and exit codes."""

import json
from pathlib import Path

import pytest

from command_line import sample

from .conftest import Run

GOOD, BAD = sample("c-connected-with-label-of-ini"), sample("c-label-not-in-key-repository")


@pytest.mark.parametrize(
    ("form", "begin"),
    [
        ("text", " DIFFERENT The certificate label differs"),
        ("md", "# The certificate label differs"),
        ("json", '{\n  "schema": "mqtrace-comparison/1"'),
        ("html", "<!DOCTYPE html>"),
    ],
)
def test_every_form_is_printed_and_written(mqtrace: Run, tmp_path: Path, form: str, begin: str) -> None:
    ran = mqtrace("compare", GOOD, BAD, "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(begin)
    file = tmp_path / f"a.{'txt' if form == 'text' else form}"
    assert mqtrace("compare", GOOD, BAD, "-o", file).out == ""
    assert file.read_text(encoding="utf-8").startswith(begin)


def test_the_page_has_the_lines_around_the_proof(mqtrace: Run) -> None:
    assert "Lines around it" in mqtrace("compare", GOOD, BAD, "--format", "html").out


def test_an_unknown_suffix_is_said_before_anything_is_read(mqtrace: Run) -> None:
    ran = mqtrace("compare", "missing", "missing", "-o", "a.pdf")
    assert (ran.code, ran.err) == (2, "mqtrace: a.pdf: end the name with one of .txt, .md, .json, .html\n")


def test_a_side_without_a_connection_ends_with_3(mqtrace: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("nothing\n")
    ran = mqtrace("compare", GOOD, tmp_path / "empty.txt")
    assert ran.code == 3
    assert "nothing about an MQ connection in 1 input" in ran.err


def test_one_side_is_a_usage_error(mqtrace: Run) -> None:
    ran = mqtrace("compare", GOOD)
    assert (ran.code, "BAD" in ran.err) == (2, True)


def test_a_ticket_is_the_markdown_report(mqtrace: Run, tmp_path: Path) -> None:
    printed = mqtrace("ticket", BAD)
    assert printed.out == mqtrace("diagnose", BAD, "--format", "md").out
    assert len(printed.out.splitlines()) <= 60
    ran = mqtrace("ticket", BAD, "-o", tmp_path / "case.md")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "case.md").read_text(encoding="utf-8") == printed.out
    assert "look at it before you pass it on" in ran.err


@pytest.mark.parametrize(("flavour", "begin"), [("jira", "h1. FAILED: "), ("mail", "FAILED: ")])
def test_a_ticket_is_written_for_where_it_is_pasted(mqtrace: Run, tmp_path: Path, flavour: str, begin: str) -> None:
    file = tmp_path / "case.txt"
    ran = mqtrace("ticket", BAD, "--for", flavour, "--redact", "-o", file)
    text = file.read_text(encoding="utf-8")
    assert (ran.code, ran.out, text.startswith(begin)) == (0, "", True)
    assert "host-1" in text
    assert "apphost" not in text


@pytest.mark.parametrize("words", [("-o", "case.html"), ("--for", "jira", "-o", "case.md"), ("--for", "jir")])
def test_a_ticket_is_of_a_kind_that_is_known_and_named_so(mqtrace: Run, words: tuple[str, ...]) -> None:
    assert mqtrace("ticket", BAD, *words).code == 2


def test_a_page_of_the_report_is_written_beside_other_forms(mqtrace: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.html", "a.json", "a.sarif", "a.junit.xml", "a.perfetto.json")]
    ran = mqtrace(BAD, *(word for file in files for word in ("-o", file)))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert "Lines around it" in files[0].read_text(encoding="utf-8")
    assert json.loads(files[4].read_text(encoding="utf-8"))["traceEvents"]


def test_what_comes_from_a_pipe_has_a_page_without_the_lines_around(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = (BAD / "AMQ7253.0.FMT").open("rb")
    monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": trace})())
    ran = mqtrace("diagnose", "-", "--format", "html")
    trace.close()
    assert ran.code == 0
    assert "could not connect to QM1" in ran.out
    assert "Lines around it" not in ran.out
