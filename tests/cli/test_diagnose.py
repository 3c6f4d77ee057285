"""mqtrace diagnose: forms, files and exit codes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import SAMPLES, Ran, program, sample
from mqtrace.cli import exits

Run = Callable[..., Ran]
FAILED = "c-label-not-in-key-repository"
CAUSE = "tls.certificate-label-not-found"
CONNECTED = "dotnet-connected"
ESCAPE = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")


# ---------------------------------------------------------------- forms


def test_the_report_is_on_standard_output_and_nothing_else_is(mqtrace: Run) -> None:
    shown = mqtrace("diagnose", sample(FAILED), "--format", "json")
    assert shown.err == ""
    assert json.loads(shown.out)["connections"][0]["cause"]["id"] == CAUSE


@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_warnings_do_not_disturb_the_report(mqtrace: Run, form: str, tmp_path: Path) -> None:
    alone = mqtrace("diagnose", sample(FAILED), "--format", form)
    shown = mqtrace("diagnose", sample(FAILED), tmp_path / "missing.FMT", "--format", form)
    assert "There is no such file" not in alone.out + alone.err
    assert shown.warnings == [
        f"mqtrace: {tmp_path}/missing.FMT: There is no such file or folder (or a link leads to nothing): check the "
        "name."
    ]
    assert "mqtrace: " not in shown.out


@pytest.mark.parametrize(
    "variables",
    [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}],
    ids=["pipe", "no-color", "forced"],
)
@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_what_is_no_terminal_gets_no_escape_sequences(variables: dict[str, str], form: str) -> None:
    shown = program("diagnose", sample(FAILED), "--format", form, variables=variables)
    assert shown.code == exits.OK
    assert ESCAPE.findall(shown.stdout + shown.stderr) == []


def on_terminal(**variables: str) -> bytes:
    """What a terminal gets of the report."""
    import pty

    terminal, end = pty.openpty()
    environment = (
        {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        | {"TERM": "xterm-256color"}
        | variables
    )
    command = [sys.executable, "-c", "from mqtrace.cli import main; main()", "diagnose", sample(FAILED)]
    with subprocess.Popen(command, stdout=end, stderr=subprocess.DEVNULL, env=environment):
        os.close(end)
        shown = b""
        while chunk := _read(terminal):
            shown += chunk
    os.close(terminal)
    return shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux tells the end of a terminal so
        return b""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["colour", "no-color", "dumb"],
)
def test_a_terminal_gets_colours_unless_it_wants_none(variables: dict[str, str], coloured: bool) -> None:
    shown = on_terminal(**variables)
    assert b"QM1" in shown
    assert (b"\x1b[" in shown) == coloured


def test_verbose_shows_more_and_quiet_one_line_a_connection(mqtrace: Run) -> None:
    usual, verbose, quiet = (mqtrace("diagnose", sample(FAILED), *words).out for words in ((), ("-v",), ("-q",)))
    assert len(verbose.splitlines()) > len(usual.splitlines())
    assert quiet.count("\n") == 1
    assert f"cause={CAUSE} confidence=" in quiet


# ---------------------------------------------------------------- files


def test_several_files_each_by_its_suffix(mqtrace: Run, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("report.json", "TICKET.MD", "report.txt")]
    shown = mqtrace("diagnose", sample(FAILED), *(word for file in files for word in ("-o", file)))
    assert (shown.code, shown.out, shown.err) == (exits.OK, "", "")
    assert json.loads(files[0].read_text())["connections"][0]["cause"]["id"] == CAUSE
    # A file says besides whether it names anybody.
    for file, form in ((files[1], "md"), (files[2], "text")):
        printed = mqtrace("diagnose", sample(FAILED), "--format", form).out.splitlines()
        written = file.read_text().splitlines()
        assert set(printed) <= set(written)
        assert any("are named in this report" in line for line in set(written) - set(printed))


@pytest.mark.parametrize("name", ["report.pdf", "report", "report.json.gz"])
def test_an_unknown_suffix_is_said_before_anything_is_read(mqtrace: Run, tmp_path: Path, name: str) -> None:
    shown = mqtrace("diagnose", tmp_path / "missing.FMT", "-o", tmp_path / "first.json", "-o", tmp_path / name)
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert name in shown.warnings[0]
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_one_line(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("diagnose", sample(FAILED), "-o", tmp_path / "no-folder" / "report.json")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert shown.warnings[0].startswith("mqtrace: Cannot write the report to ")


# ---------------------------------------------------------------- exit codes


@pytest.mark.parametrize("name", [FAILED, CONNECTED])
def test_a_report_is_0_whatever_it_says(mqtrace: Run, name: str) -> None:
    assert mqtrace("diagnose", sample(name)).code == exits.OK


@pytest.mark.parametrize(
    ("name", "fail_on", "code"),
    [
        (FAILED, "cause", exits.PROBLEM),
        (FAILED, "warning", exits.PROBLEM),
        (CONNECTED, "cause", exits.OK),
        (CONNECTED, "warning", exits.OK),
    ],
)
def test_fail_on(mqtrace: Run, name: str, fail_on: str, code: int) -> None:
    shown = mqtrace("diagnose", sample(name), "--fail-on", fail_on)
    assert shown.code == code
    assert shown.out == mqtrace("diagnose", sample(name)).out


@pytest.mark.parametrize(("fail_on", "code"), [("cause", exits.OK), ("warning", exits.PROBLEM)])
def test_a_warning_of_a_working_connection_is_no_cause(mqtrace: Run, tmp_path: Path, fail_on: str, code: int) -> None:
    shutil.copy(sample(CONNECTED) / "trace.TRC", tmp_path)
    (tmp_path / "mqclient.ini").write_text("SSL:\n  SSLKeyRepositry=/keys/key\n")
    shown = mqtrace("diagnose", tmp_path, "--fail-on", fail_on, "--format", "json")
    assert [each["status"] for each in json.loads(shown.out)["findings"] if each["id"] == "settings.ini-unknown-key"][
        :1
    ] == ["warn"]
    assert shown.code == code


def test_fail_on_comes_before_unreadable_inputs(mqtrace: Run, tmp_path: Path) -> None:
    assert mqtrace("diagnose", sample(FAILED), tmp_path / "missing", "--fail-on", "cause").code == exits.PROBLEM


def test_a_mistyped_fail_on(mqtrace: Run) -> None:
    shown = mqtrace("diagnose", sample(FAILED), "--fail-on", "causes")
    assert (shown.code, len(shown.warnings)) == (exits.USAGE, 1)
    assert "did you mean 'cause'?" in shown.warnings[0]


def test_an_end_before_the_begin_is_told_before_anything_is_read(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("diagnose", tmp_path / "missing", "--since", "2026-03-18T08", "--until", "2026-03-18T07:59")
    assert (shown.code, shown.warnings) == (
        exits.USAGE,
        ["mqtrace: --until 2026-03-18T07:59 is before --since 2026-03-18T08; no failure is in between"],
    )


def missing(folder: Path) -> Path:
    return folder / "missing.FMT"


def empty_folder(folder: Path) -> Path:
    return folder


def nothing_of_mq(folder: Path) -> Path:
    (folder / "notes.txt").write_text("Bread, butter, milk.\n")
    return folder


def empty_file(folder: Path) -> Path:
    (folder / "AMQERR01.LOG").write_bytes(b"")
    return folder


@pytest.mark.parametrize("given", [missing, empty_folder, nothing_of_mq, empty_file])
def test_nothing_of_mq_is_3_and_says_what_was_looked_at_and_what_was_expected(
    mqtrace: Run, tmp_path: Path, given: Callable[[Path], Path]
) -> None:
    shown = mqtrace("diagnose", given(tmp_path))
    assert shown.code == exits.NOTHING
    last = shown.warnings[-1]
    assert last.startswith("mqtrace: nothing about an MQ connection in ")
    assert ".FMT" in last
    assert "AMQERR01.LOG" in last


def test_a_missing_path_is_named(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("diagnose", missing(tmp_path))
    assert shown.warnings[0].startswith(f"mqtrace: {tmp_path}/missing.FMT: There is no such file or folder")


def test_one_unreadable_among_others_is_4_and_the_rest_is_told(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("diagnose", missing(tmp_path), sample(FAILED), "-q")
    assert shown.code == exits.PARTIAL
    assert f"cause={CAUSE} " in shown.out


def test_many_unreadable_inputs_do_not_fill_the_screen(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("diagnose", sample(FAILED), *(tmp_path / f"missing{number}" for number in range(50)))
    assert shown.code == exits.PARTIAL
    assert len(shown.warnings) == 21
    assert shown.warnings[-1] == "mqtrace: ... and 30 more inputs could not be read"


# ---------------------------------------------------------------- inputs


def test_standard_input_may_be_given_beside_files() -> None:
    trace = (sample(FAILED) / "AMQ7253.0.FMT").read_bytes()
    shown = program("diagnose", "-", sample(CONNECTED), "-q", stdin=trace)
    assert shown.code == exits.OK
    assert len(shown.out.splitlines()) == 2
    assert "at=-:" in shown.out


def test_empty_standard_input_is_nothing_to_read() -> None:
    shown = program("diagnose", "-")
    assert (shown.code, len(shown.warnings)) == (exits.NOTHING, 1)


def test_a_rule_that_raises_costs_only_its_own_answer(mqtrace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_on_purpose(case: object) -> list[object]:
        raise ZeroDivisionError("what the trace holds")

    monkeypatch.setattr("mqtrace.rules.case._RULES", [broken_on_purpose, *_rules()])
    shown = mqtrace("diagnose", sample(FAILED), "--format", "json")
    found = json.loads(shown.out)
    assert (shown.code, shown.err) == (exits.OK, "")
    assert found["connections"][0]["cause"]["id"] == CAUSE
    assert ("rule.broken-on-purpose", "skip") in [(each["id"], each["status"]) for each in found["findings"]]
    assert "what the trace holds" not in shown.out


def _rules() -> list[object]:
    import mqtrace.rules  # noqa: F401  (importing the themes registers their rules)
    from mqtrace.rules.case import rules

    return list(rules())


def test_every_sample_ends_with_0(mqtrace: Run) -> None:
    folders = sorted(path for path in SAMPLES.iterdir() if path.is_dir())
    assert {folder.name: mqtrace("diagnose", folder, "-q").code for folder in folders} == {
        folder.name: exits.OK for folder in folders
    }
