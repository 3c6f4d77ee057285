"""What the first word means, the help, and how a run ends whatever happens."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from command_line import Ran, program, sample
from mqtrace.cli import exits
from mqtrace.cli.app import build
from mqtrace.cli.words import COMMANDS
from mqtrace.model import UsageError
from mqtrace.version import __version__

Run = Callable[..., Ran]
CONNECTED = "dotnet-connected"
FAILED = "c-label-not-in-key-repository"


def all_commands() -> list[tuple[str, ...]]:
    """The words of every command, groups of commands too."""
    found: list[tuple[str, ...]] = []

    def walk(command: click.Command, words: tuple[str, ...]) -> None:
        found.append(words)
        for name, each in getattr(command, "commands", {}).items():
            walk(each, (*words, name))

    walk(build(), ())
    return found[1:]


# ---------------------------------------------------------------- the first word


def test_what_comes_through_a_pipe_is_diagnosed_without_a_word() -> None:
    command = [sys.executable, "-c", "from mqtrace.cli import main; main()"]
    data = b"MQCONNX ended with reason code 2393\n"
    ran = subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)
    assert b"2393 MQRC_SSL_INITIALIZATION_ERROR" in ran.stdout


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
    ("word", "meant"),
    [("diagnos", "diagnose"), ("setting", "settings"), ("explian", "explain"), ("TRIAGE", "triage"), ("dmeo", "demo")],
)
def test_a_mistyped_command_is_suggested(mqtrace: Run, word: str, meant: str) -> None:
    shown = mqtrace(word)
    line = f"mqtrace: '{word}' is neither a command nor a file or folder that exists. Did you mean 'mqtrace {meant}'?"
    assert (shown.code, shown.out, shown.warnings) == (exits.USAGE, "", [line])


@pytest.mark.parametrize(
    ("word", "meant"), [("help", "--help"), ("sni", "decode sni"), ("match", "ccdt match"), ("mqdc", "decode mqcd")]
)
def test_so_are_a_command_of_a_group_and_an_option(mqtrace: Run, word: str, meant: str) -> None:
    assert mqtrace(word).warnings[0].endswith(f" Did you mean 'mqtrace {meant}'?")


def test_a_mistyped_command_of_a_group_is_suggested(mqtrace: Run) -> None:
    for words, line in (
        (("ccdt", "shw"), "'shw' is no command of 'mqtrace ccdt'. Did you mean 'mqtrace ccdt show'?"),
        (("ccdt", "LINT", "x"), "'LINT' is no command of 'mqtrace ccdt'. Did you mean 'mqtrace ccdt lint'?"),
        (("ini", "foo"), "'foo' is no command of 'mqtrace ini'. Known are lint."),
    ):
        shown = mqtrace(*words)
        assert (shown.code, shown.out, shown.warnings) == (exits.USAGE, "", [f"mqtrace: {line}"])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("explain",), "Missing argument 'WORD'; type   mqtrace explain [OPTIONS] WORD"),
        (("ccdt", "match", "a"), "Missing argument 'QMNAME'; type   mqtrace ccdt match [OPTIONS] FILE QMNAME"),
        (("explain", "a", "b"), "Got unexpected extra argument; type   mqtrace explain [OPTIONS] WORD"),
    ],
)
def test_a_missing_word_and_one_too_many_lead_to_what_to_type(mqtrace: Run, words: tuple[str, ...], line: str) -> None:
    shown = mqtrace(*words)
    assert (shown.code, shown.out, shown.warnings) == (exits.USAGE, "", [f"mqtrace: {line}"])


@pytest.mark.parametrize("command", ["diagnose", "settings"])
def test_without_a_path_and_without_mq_a_path_is_asked_for(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("mqtrace.inputs.places.usual_places", list)
    shown = mqtrace(command)
    assert (shown.code, len(shown.warnings)) == (exits.USAGE, 1)
    assert shown.warnings[0].endswith(f"; type   mqtrace {command} FOLDER-OR-FILE ...")


ONE_FILE = [
    ("ccdt", "show"),
    ("ccdt", "lint"),
    ("ini", "lint"),
    ("decode", "handshake"),
    ("decode", "mqcd"),
    ("keys", "check"),
]


@pytest.mark.parametrize("words", ONE_FILE, ids=" ".join)
def test_a_folder_where_one_file_is_meant_is_no_guess(mqtrace: Run, words: tuple[str, ...]) -> None:
    shown = mqtrace(*words, sample(FAILED))
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert shown.warnings[0].startswith(f"mqtrace: {sample(FAILED)} is a folder; give the ")


@pytest.mark.parametrize(
    "words", [words for words in ONE_FILE if words not in (("decode", "mqcd"), ("keys", "check"))], ids=" ".join
)
@pytest.mark.parametrize("name", ["missing.json", "a" * 5000])
def test_a_file_that_cannot_be_opened_is_nothing_to_read(mqtrace: Run, words: tuple[str, ...], name: str) -> None:
    shown = mqtrace(*words, name)
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.NOTHING, "", 1)


@pytest.mark.skipif(sys.platform == "win32", reason="no such devices")
@pytest.mark.parametrize("words", ONE_FILE, ids=" ".join)
def test_a_device_is_no_file(mqtrace: Run, words: tuple[str, ...]) -> None:
    shown = mqtrace(*words, "/dev/null")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.NOTHING, "", 1)
    assert "/dev/null: Skipped, as it is a device" in shown.err


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


@pytest.mark.parametrize(
    ("shell", "sign"),
    [("bash", "complete -o default -F "), ("zsh", "#compdef mqtrace"), ("fish", "complete --command mqtrace")],
)
def test_the_completion_of_a_shell_that_is_named(mqtrace: Run, shell: str, sign: str) -> None:
    shown = mqtrace("--show-completion", shell)
    assert (shown.code, shown.err, sign in shown.out) == (exits.OK, "", True)


@pytest.mark.parametrize("option", ["--show-completion", "--install-completion"])
def test_a_shell_that_is_not_known(mqtrace: Run, option: str) -> None:
    shown = mqtrace(option, "dos")
    assert (shown.code, shown.out) == (exits.USAGE, "")
    assert shown.warnings == [
        "mqtrace: 'dos' is no shell that has completion; known are bash, zsh, fish, powershell, pwsh"
    ]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("mqtrace cove", "coverage"), ("mqtrace ccdt li", "lint"), ("mqtrace diagnose --fo", "--format")],
)
def test_words_are_completed(typed: str, offered: str) -> None:
    variables = {"_MQTRACE_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" "))}
    assert program(variables=variables).out.split() == [offered]


@pytest.mark.parametrize("words", all_commands(), ids=" ".join)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_the_help_of_a_command_says_what_it_does_and_goes_on_with_examples(
    mqtrace: Run, words: tuple[str, ...], option: str
) -> None:
    shown = mqtrace(*words, option)
    blocks = [block.strip() for block in shown.out.split("\n\n")]
    assert (shown.code, shown.err) == (exits.OK, "")
    assert blocks[0].startswith(f"Usage: mqtrace {' '.join(words)}")
    assert blocks[1].endswith(".")
    assert blocks[2].startswith("Examples:\n")


@pytest.mark.parametrize("words", [(), *all_commands()], ids=" ".join)
def test_the_help_fits_a_terminal_of_80_columns(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert [line for line in mqtrace(*words, "--help").out.splitlines() if len(line) > 80] == []


@pytest.mark.parametrize("words", [("coverage",), ("explain",), ("ini", "lint")], ids=" ".join)
def test_the_help_says_of_each_argument_what_it_is(mqtrace: Run, words: tuple[str, ...]) -> None:
    shown = mqtrace(*words, "--help").out.lower()
    assert shown.count("arguments:\n") == 1
    name, *text = shown.partition("arguments:\n")[2].splitlines()[0].split()
    assert len(text) > 3, name


@pytest.mark.parametrize("group", sorted({words[0] for words in all_commands() if len(words) > 1}))
def test_a_group_of_commands_alone_lists_them(mqtrace: Run, group: str) -> None:
    shown = mqtrace(group)
    assert (shown.code, shown.err) == (exits.OK, "")
    assert all(words[1] in shown.out for words in all_commands() if len(words) > 1 and words[0] == group)


def test_every_command_stands_in_the_help_in_order(mqtrace: Run) -> None:
    listed = mqtrace("--help").out.partition("Commands:\n")[2]
    assert [line.split()[0] for line in listed.splitlines() if line[2:3].strip()] == list(COMMANDS)


def test_no_sentence_on_a_command_is_cut(mqtrace: Run) -> None:
    assert "..." not in mqtrace("decode").out.partition("Commands:\n")[2]


def test_the_report_has_the_width_that_the_environment_gives_else_80(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def widest(columns: str) -> int:
        monkeypatch.setenv("COLUMNS", columns)
        return max(map(len, mqtrace("settings", sample(FAILED)).out.splitlines()))

    assert widest("") <= 80 < widest("120") <= 120
    assert widest("1") <= 50


# ---------------------------------------------------------------- usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diagnose", "--formt", "json"), "--format"),
        (("settings", "--fromat", "json"), "--format"),
        (("diagnose", "--fail-no", "cause"), "--fail-on"),
        (("coverage", ".", "--tpo", "3"), "--top"),
        (("--verison",), "--version"),
        (("ccdt", "match", "a", "b", "--clinet", "c"), "--client"),
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


PROGRAM_WORDS = [sys.executable, "-c", "from mqtrace.cli import main; main()"]
PROGRAM = shlex.join(PROGRAM_WORDS) + ' "$@"'


def read_none_of(*words: str) -> tuple[bytes, int]:
    """What the program says, and its exit code, when whoever reads its output is gone before it begins."""
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run([*PROGRAM_WORDS, *words], stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
    os.close(writer)
    return ran.stderr, ran.returncode


def redirected(command: str, *words: str) -> Ran:
    """How the program ends when a shell starts it so."""
    # What is not written at once is written at the end, where it can fail once more.
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ran = subprocess.run(
        ["sh", "-c", command, "sh", *words], input=b"", capture_output=True, timeout=60, check=False, env=buffered
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


OUTPUTS = [
    ("patterns", "list"), ("patterns", "test"), ("schema",), ("--help",), ("diagnose", "--help"), ("ccdt",),
    ("--version",),
    ("demo", "--list"), ("explain", "2393"), ("diagnose", str(sample(FAILED)), "--format", "json"),
    ("coverage", str(sample(FAILED))),
    ("settings", str(sample(FAILED))), ("decode", "alert", "40"), ("--show-completion", "bash"),
]  # fmt: skip


@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_a_reader_of_the_pipe_that_has_seen_enough_ends_it_quietly(words: tuple[str, ...]) -> None:
    assert read_none_of(*words) == (b"", exits.OK)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
@pytest.mark.parametrize("words", OUTPUTS, ids=" ".join)
def test_a_full_disk_is_one_line(words: tuple[str, ...]) -> None:
    shown = redirected(f"exec {PROGRAM} > /dev/full", *words)
    assert shown.code == exits.USAGE
    assert shown.warnings[-1].startswith("mqtrace: standard output cannot be written (No space left on device); ")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
class TestClosedStreams:
    def test_without_standard_output_it_says_so(self) -> None:
        shown = redirected(f"exec {PROGRAM} >&-", "explain", "2393")
        assert (shown.code, shown.out) == (exits.USAGE, "")
        assert shown.warnings[0].startswith("mqtrace: standard output cannot be written (Bad file descriptor); ")

    @pytest.mark.parametrize("closed", ["2>&-", "2> /dev/full"])
    def test_without_standard_error_nothing_gets_into_the_output(self, closed: str) -> None:
        shown = redirected(f"exec {PROGRAM} {closed}", "explain", "no-such-word")
        assert (shown.code, shown.out, shown.err) == (exits.USAGE, "", "")

    def test_without_standard_input_files_are_read(self) -> None:
        shown = redirected(f"exec {PROGRAM} <&-", "diagnose", str(sample(FAILED)))
        assert shown == program("diagnose", str(sample(FAILED)))

    def test_without_standard_input_a_dash_is_an_input_that_cannot_be_read(self) -> None:
        shown = redirected(f"exec {PROGRAM} <&-", "diagnose", "-")
        assert (shown.code, len(shown.warnings)) == (exits.NOTHING, 2)
        assert "Standard input is closed" in shown.warnings[0]


def wait_until_read(pipe: int) -> None:
    """Until the program has taken all that was written, and waits for more."""
    import fcntl
    import termios

    end = time.monotonic() + 60
    while int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interruption_from_the_keyboard_says_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDWR)
    with subprocess.Popen(
        [*PROGRAM_WORDS, "-"], stdin=reader, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        os.write(reader, (sample(FAILED) / "AMQ7253.0.FMT").read_bytes())
        wait_until_read(reader)
        running.send_signal(signal.SIGINT)
        try:
            out, err = running.communicate(timeout=30)
        finally:
            running.kill()
    os.close(reader)
    assert (running.returncode, out, err) == (exits.INTERRUPTED, b"", b"")


# Paths alone are understood without click, which turns an interruption into an exception of its own.
@pytest.mark.parametrize("words", [(), ("-q",)])
@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), exits.INTERRUPTED), (UsageError("typed wrongly"), exits.USAGE)]
)
def test_an_interruption_has_the_code_of_one(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], error: BaseException, code: int
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("mqtrace.diagnosis.diagnose", stop)
    assert mqtrace("diagnose", sample(CONNECTED), *words).code == code


def broken(*_: object, **__: object) -> None:
    raise LookupError("content of the trace")


def test_a_fault_of_mqtrace_is_one_line_without_what_the_trace_holds(
    mqtrace: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mqtrace.catalog.explain.explain", broken)
    shown = mqtrace("explain", "2393")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.INTERNAL, "", 1)
    assert "content of the trace" not in shown.err
    assert "LookupError at test_app.py:" in shown.err


@pytest.mark.parametrize("place", ["read", "header"])
def test_a_fault_of_a_reader_costs_its_input_only(mqtrace: Run, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setattr(f"mqtrace.readers.traces.trace_dotnet.{place}", broken)
    shown = mqtrace("diagnose", sample(CONNECTED), sample(FAILED), "--format", "json")
    report = json.loads(shown.out)
    assert (shown.code, len(shown.warnings)) == (exits.PARTIAL, 1)
    assert "content of the trace" not in shown.out + shown.err
    assert "trace.TRC: mqtrace itself failed on it (LookupError at test_app.py:" in shown.err
    assert [bool(each["error"]) for each in report["inputs"]] == [True, False]
    assert [each["cause"]["id"] for each in report["connections"]] == ["tls.certificate-label-not-found"]


def test_a_fault_in_the_only_input_leaves_nothing(mqtrace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.readers.traces.trace_dotnet.read", broken)
    assert mqtrace("diagnose", sample(CONNECTED)).code == exits.NOTHING
