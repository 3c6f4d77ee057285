"""What the first word means, the help, and how a run ends whatever happens."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
import typer

from command_line import Ran, program, sample
from mqtrace.cli import exits
from mqtrace.cli.app import COMMANDS, build
from mqtrace.version import __version__

Run = Callable[..., Ran]
CONNECTED = "dotnet-connected"
FAILED = "c-label-not-in-key-repository"


def all_commands() -> list[tuple[str, ...]]:
    """The words of every command that does something; groups only hold others."""
    found: list[tuple[str, ...]] = []

    def walk(command: Any, words: tuple[str, ...]) -> None:
        inside = getattr(command, "commands", {})
        for name, each in inside.items():
            walk(each, (*words, name))
        if not inside:
            found.append(words)

    walk(typer.main.get_command(build()), ())
    return found


# ---------------------------------------------------------------- the first word


@pytest.fixture
def folder_named_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(sample(CONNECTED), tmp_path / "patterns")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder_named_patterns")
def test_a_command_wins_over_a_folder_of_its_name(mqtrace: Run) -> None:
    assert mqtrace("patterns", "list").out.startswith("c.connect ")


@pytest.mark.usefixtures("folder_named_patterns")
def test_a_folder_written_with_its_place_is_diagnosed(mqtrace: Run) -> None:
    assert mqtrace("./patterns").out == mqtrace("diagnose", "./patterns").out


def test_a_path_is_diagnosed(mqtrace: Run) -> None:
    shown = mqtrace(sample(FAILED))
    assert (shown.code, shown.err) == (exits.OK, "")
    assert shown.out == mqtrace("diagnose", sample(FAILED)).out


def test_an_option_of_diagnose_may_stand_first(mqtrace: Run) -> None:
    assert mqtrace("-q", sample(FAILED)).out == mqtrace("diagnose", "-q", sample(FAILED)).out


def test_a_dash_is_standard_input() -> None:
    trace = sample(FAILED) / "AMQ7253.0.FMT"
    shown = program("-", "-q", stdin=trace.read_bytes())
    assert (shown.code, shown.err) == (exits.OK, "")
    assert shown.out == program(trace, "-q").out.replace("AMQ7253.0.FMT:", "-:")


@pytest.mark.parametrize(
    ("word", "meant"), [("diagnos", "diagnose"), ("setting", "settings"), ("explian", "explain"), ("TRIAGE", "triage"), ("dmeo", "demo")]
)
def test_a_mistyped_command_is_suggested(mqtrace: Run, word: str, meant: str) -> None:
    shown = mqtrace(word)
    line = f"mqtrace: '{word}' is neither a command nor a file or folder that exists. Did you mean 'mqtrace {meant}'?"
    assert (shown.code, shown.out, shown.warnings) == (exits.USAGE, "", [line])


def test_a_word_like_nothing_known_leads_to_the_list(mqtrace: Run) -> None:
    shown = mqtrace("/no/such/trace.FMT")
    assert shown.code == exits.USAGE
    assert shown.warnings[0].endswith("'mqtrace --help' lists the commands.")


# ---------------------------------------------------------------- help and version


def test_without_arguments_the_help_is_printed(mqtrace: Run) -> None:
    shown = mqtrace()
    assert (shown.code, shown.err) == (exits.OK, "")
    assert shown.out.startswith("Usage: mqtrace ")
    assert shown.out == mqtrace("--help").out


def test_the_version(mqtrace: Run) -> None:
    shown = mqtrace("--version")
    assert (shown.code, shown.out, shown.err) == (exits.OK, f"mqtrace {__version__}\n", "")


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_of_a_command_says_what_it_does_and_goes_on_with_examples(mqtrace: Run, words: tuple[str, ...], option: str) -> None:
    shown = mqtrace(*words, option)
    blocks = [block.strip() for block in shown.out.split("\n\n")]
    assert (shown.code, shown.err) == (exits.OK, "")
    assert blocks[0].startswith(f"Usage: mqtrace {' '.join(words)}")
    assert blocks[1].endswith(".")
    assert blocks[2].startswith("Examples:\n") or words == ("schema",)


@pytest.mark.parametrize("group", [words[0] for words in all_commands() if len(words) > 1])
def test_a_group_of_commands_alone_lists_them(mqtrace: Run, group: str) -> None:
    shown = mqtrace(group)
    assert (shown.code, shown.err) == (exits.OK, "")
    assert all(words[1] in shown.out for words in all_commands() if words[0] == group)


def test_every_command_stands_in_the_help(mqtrace: Run) -> None:
    listed = mqtrace("--help").out.partition("Commands:\n")[2]
    assert {line.split()[0] for line in listed.splitlines() if line[2:3].strip()} == set(COMMANDS)


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diagnose", "--formt", "json"), "--format"),
        (("settings", "--fromat", "json"), "--format"),
        (("diagnose", "--fail-no", "cause"), "--fail-on"),
        (("coverage", ".", "--tpo", "3"), "--top"),
    ],
)
def test_a_mistyped_option_is_suggested(mqtrace: Run, words: tuple[str, ...], said: str) -> None:
    shown = mqtrace(*words)
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert said in shown.warnings[0]


@pytest.mark.parametrize("command", ["diagnose", "settings", "coverage"])
def test_a_mistyped_format_is_suggested(mqtrace: Run, command: str) -> None:
    shown = mqtrace(command, ".", "--format", "jsno")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert "did you mean 'json'?" in shown.warnings[0]


# ---------------------------------------------------------------- however it ends


def read_one_line_of(*words: str) -> tuple[bytes, int]:
    """What the program says, and its exit code, when whoever reads its output stops after a line."""
    writer = subprocess.Popen(
        [sys.executable, "-c", "from mqtrace.cli import main; main()", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    with writer.stderr:
        return writer.stderr.read(), writer.wait(60)


# One writes its lines one by one, one all at once.
@pytest.mark.parametrize("words", [("patterns", "list"), ("schema",)])
def test_a_reader_of_the_pipe_that_has_seen_enough_ends_it_quietly(words: tuple[str, ...]) -> None:
    assert read_one_line_of(*words)[0] == b""


@pytest.mark.xfail(strict=True, reason="click ends it with 1 before `run` sees the BrokenPipeError; 1 is 'a check failed'")
def test_that_is_no_failed_check() -> None:
    assert read_one_line_of("patterns", "list")[1] == exits.OK


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), exits.INTERRUPTED), (click.UsageError("typed wrongly"), exits.USAGE)])
def test_an_interruption_has_the_code_of_one(mqtrace: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("mqtrace.diagnosis.diagnose", stop)
    assert mqtrace("diagnose", sample(CONNECTED)).code == code


def test_a_fault_of_mqtrace_is_one_line_without_what_the_trace_holds(mqtrace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("content of the trace")

    monkeypatch.setattr("mqtrace.readers.traces.trace_dotnet.read", broken)
    shown = mqtrace("diagnose", sample(CONNECTED))
    assert shown.code != exits.OK
    assert "Traceback" not in shown.out + shown.err
    assert "content of the trace" not in shown.out + shown.err
    assert len(shown.warnings) == 1
    assert "LookupError at test_app.py:" in shown.err
