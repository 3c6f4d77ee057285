"""mqtrace triage."""

import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from mqtrace.cli import exits, triage

HEADER = (
    "03/17/26 01:12:{second:02} - Process(7.{thread}) User(mqm) Program(amqrmppa)\n{indent}Host(h1) "
    "Installation(Installation1)\n"
)


def entry(message: str, second: int = 0, thread: int = 1) -> str:
    """A SYNTHETIC entry."""
    header = HEADER.format(second=second, thread=thread, indent=" " * 20)
    return (
        f"{header}{'':19}\n{message}: Made up.\n\nEXPLANATION:\nMade up.\nACTION:\nNone.\n----- made.c : 1 {'-' * 62}\n"
    )


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "AMQERR01.LOG"
    path.write_text(entry("AMQ9776E") + entry("AMQ9999E", 1) + entry("AMQ9999E", 30, 2))
    return path


def run(*words: object) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(triage.command)
    return CliRunner().invoke(app, [*map(str, words), "--processes", "1"])


def test_json_has_the_contract_s_names(log: Path) -> None:
    result = run(log, "--by", "message", "--format", "json")
    found = json.loads(result.stdout)
    assert result.exit_code == exits.OK
    assert [(row["message"], row["count"], row["first"], row["sample"]) for row in found["rows"]] == [
        ("AMQ9999", 2, "2026-03-17T01:12:01", {"file": str(log), "line": 11}),
        ("AMQ9776", 1, "2026-03-17T01:12:00", {"file": str(log), "line": 1}),
    ]
    assert [(each["cause"]["id"], each["count"], each["entries"]) for each in found["incidents"]] == [
        ("channel.blocked", 1, 2),
        ("", 1, 1),
    ]
    assert [(each["kind"], each["records"], each["error"]) for each in found["inputs"]] == [("errorlog-text", 3, None)]


def test_top_leaves_out_the_less_frequent_rows(log: Path) -> None:
    assert [row["message"] for row in json.loads(run(log, "--top", 1, "--format", "json").stdout)["rows"]] == [
        "AMQ9999"
    ]


@pytest.mark.parametrize(
    ("form", "begin"),
    [("text", "A channel auth"), ("csv", "message,count"), ("md", "# A channel auth"), ("html", "<!DOCTYPE")],
)
def test_every_form_can_be_printed(log: Path, form: str, begin: str) -> None:
    assert run(log, "--format", form).stdout.startswith(begin)


def test_a_table_is_written_to_a_file(log: Path, tmp_path: Path) -> None:
    result = run(log, "-o", tmp_path / "out.csv")
    assert (result.exit_code, result.stdout) == (exits.OK, "")
    assert (tmp_path / "out.csv").read_text().splitlines()[0].startswith("message,count,first,last")


def test_what_holds_no_entry_ends_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of MQ")
    result = run(tmp_path)
    assert result.exit_code == exits.NOTHING
    assert (result.stdout, result.stderr.splitlines()) == (
        "",
        [
            "mqtrace: no entry of a log in 1 input (unknown); expected are AMQERR01.LOG, AMQERR01.json, a "
            "container's console, FDC files,"
            " logs of z/OS, Liberty and applications"
        ],
    )


def test_what_is_not_there_ends_with_one_line(tmp_path: Path) -> None:
    result = run(tmp_path / "missing.LOG")
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (exits.NOTHING, "", 1)


def test_a_time_without_entries_says_so(log: Path) -> None:
    result = run(log, "--since", "2027")
    assert result.exit_code == exits.NOTHING
    assert (
        result.stderr
        == "mqtrace: no entry of a log in 1 input (errorlog-text) of the time asked for; leave out --since and "
        "--until\n"
    )


def test_an_end_before_the_begin_is_told(log: Path) -> None:
    error = run(log, "--since", "2026-03-18", "--until", "2026-03-17").exception
    assert str(error) == "--until 2026-03-17 is before --since 2026-03-18; no entry is in between"


def test_one_unreadable_input_among_others_is_named(log: Path) -> None:
    result = run(log, log.parent / "missing.LOG")
    assert result.exit_code == exits.PARTIAL
    assert "missing.LOG: There is no such file" in result.stderr


WRONG = [
    *(("--by", "massage"), ("--format", "xml")),
    *(
        ("--since", "last week"),
        ("--since", "2y"),
        ("--since", "2026-02-30"),
        ("--until", "2026-13"),
        ("--until", "2026-03-17T25"),
    ),
]


@pytest.mark.parametrize("words", WRONG)
def test_a_word_that_is_not_known_is_a_usage_error(log: Path, words: tuple[str, str]) -> None:
    assert run(log, *words).exit_code == exits.USAGE


def test_terminal_escapes_of_a_log_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "AMQERR01.LOG"
    path.write_text(entry("AMQ9999E").replace("(mqm)", "(\x1b[31mred)") * 2)
    assert "\x1b" not in run(path, "--by", "user").stdout


@pytest.fixture
def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "pyarrow" not in sys.argv


@pytest.mark.usefixtures("without_pyarrow")
def test_a_missing_package_is_one_line_that_says_what_to_install(log: Path, tmp_path: Path) -> None:
    error = run(log, "-o", tmp_path / "out.parquet").exception
    assert str(error) == ".parquet files need pyarrow; type   pip install '.[tables]'   in the checkout of mqtrace"


def test_csv_has_the_rows_that_json_has(log: Path) -> None:
    rows = [line.split(",")[:2] for line in run(log, "--format", "csv").stdout.splitlines()[1:]]
    assert rows == [
        [row["message"], str(row["count"])] for row in json.loads(run(log, "--format", "json").stdout)["rows"]
    ]
