"""mqtrace capture: the trace is on for the command alone, and is ended whatever happens."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from mqtrace.capture.session import state_file
from mqtrace.cli import exits
from mqtrace.cli.entry import run

from .installation import Installation

Say = Callable[[], str]
STARTED, ENDED, FORMATTED = "strmqtrc", "endmqtrc", "dspmqtrc"


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Say:
    """What came on standard error since the last time."""
    return lambda: capfd.readouterr().err


def capture(installation: Installation, *words: object) -> int:
    return run(["capture", *map(str, words), "--", str(installation.client)])


# ---------------------------------------------------------------- what is done


def test_the_trace_is_on_for_the_command_and_its_diagnosis_is_shown(installation: Installation, said: Say) -> None:
    assert capture(installation) == exits.OK
    start, end, shown = installation.calls
    # What a script of a shell starts nobody knows.
    assert start == "strmqtrc -e -t all -t detail -l 200 -p *"
    assert (end, shown) == ("endmqtrc -e", "dspmqtrc AMQ7253.0.TRC")
    text = said()
    assert "taken for a c client: orders is a script" in text
    assert "could not connect to QM1: 2393" in text
    assert (installation.is_on, installation.left_behind) == (False, [])


def test_output_and_exit_code_are_those_of_the_command(
    installation: Installation, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXIT", "7")
    assert capture(installation) == 7
    shown = capfd.readouterr()
    assert shown.out == "out\n"
    assert shown.err.splitlines()[1] == "err"


def test_a_trace_in_the_folder_of_all_traces_is_taken_from_there(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WRITES_TO", str(installation.data / "trace"))
    kept = installation.root / "kept"
    assert capture(installation, "--keep", kept) == exits.OK
    assert sorted(each.name for each in kept.iterdir()) == ["AMQ7253.0.FMT", "AMQ7253.0.TRC"]
    assert installation.left_behind == []


def test_an_old_trace_is_left_where_it_is(installation: Installation) -> None:
    old = installation.data / "trace" / "AMQ1.0.TRC"
    old.write_bytes(b"\0")
    os.utime(old, (0, 0))
    assert capture(installation) == exits.OK
    assert installation.left_behind == ["AMQ1.0.TRC"]


def test_it_is_repeated_until_it_fails_that_way(installation: Installation, said: Say) -> None:
    # The first two runs leave no trace.
    client = installation.client
    client.write_text(
        client.read_text()
        .replace("[ -e", f'echo run >> "{installation.root}/runs"\n[ -e', 1)
        .replace("] &&", f'] && [ "$(wc -l < "{installation.root}/runs")" -gt 2 ] &&', 1)
    )
    assert capture(installation, "--until", 2393) == exits.OK
    assert installation.called.count(STARTED) == installation.called.count(ENDED) == 3
    assert said().count("no failure") == 2


def test_the_variables_of_net_and_java(installation: Installation, capfd: pytest.CaptureFixture[str]) -> None:
    show = ["--", "sh", "-c", 'echo "$MQDOTNET_TRACE_ON $MQTRACEPATH $JAVA_TOOL_OPTIONS"']
    run(["capture", "--client", "dotnet", *show])
    number, folder = capfd.readouterr().out.split()
    assert number == "2"
    assert not Path(folder).exists()
    os.environ["JAVA_TOOL_OPTIONS"] = "-Xmx64m"
    try:
        run(["capture", "--client", "java", *show])
    finally:
        del os.environ["JAVA_TOOL_OPTIONS"]
    options = capfd.readouterr().out
    assert options.strip().startswith("-Xmx64m -Dcom.ibm.msg.client.commonservices.trace.status=ON ")
    assert installation.calls == []


# ---------------------------------------------------------------- what cannot be done is said before


@pytest.mark.parametrize("missing", [STARTED, ENDED, FORMATTED])
def test_a_program_of_mq_that_is_missing(
    installation: Installation, said: Say, missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.remove(missing)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert capture(installation) == exits.USAGE
    assert f"{missing} is not here" in said()
    assert installation.calls == []


def test_no_right_to_trace(installation: Installation, said: Say) -> None:
    installation.fails(STARTED)
    assert capture(installation) == exits.USAGE
    text = said()
    assert "AMQ7077" in text
    assert "group mqm" in text
    # Neither was the command run, nor is a trace ended that was not started.
    assert "out" not in text
    assert (installation.called, installation.left_behind) == ([STARTED], [])


def test_a_trace_of_somebody_else_is_left_alone(installation: Installation, said: Say) -> None:
    (installation.data / "trace" / "AMQ99.0.TRC").write_bytes(b"\0")
    assert capture(installation) == exits.USAGE
    assert "somebody else" in said()
    assert installation.calls == []


def test_a_second_capture_at_once(installation: Installation, said: Say) -> None:
    state_file().write_text(json.dumps({"mqtrace": os.getpid(), "end": ["endmqtrc", "-e"]}))
    assert capture(installation) == exits.USAGE
    assert "running already" in said()
    assert run(["capture", "--end"]) == exits.USAGE
    assert installation.calls == []


def test_a_disk_that_is_too_small(installation: Installation, said: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 0, 100 << 20))
    assert capture(installation) == exits.USAGE
    assert "type   --limit 12" in said()
    assert installation.calls == []
    assert capture(installation, "--limit", 12) == exits.OK


@pytest.mark.parametrize("client", ["dotnet", "java"])
def test_what_cannot_be_attached_to(installation: Installation, said: Say, client: str) -> None:
    assert run(["capture", "--client", client, "--attach", str(os.getpid())]) == exits.USAGE
    assert f"mqtrace capture --client {client} -- COMMAND" in said()


def test_a_folder_to_keep_that_is_there(installation: Installation, said: Say) -> None:
    assert capture(installation, "--keep", installation.root) == exits.USAGE
    assert "is there already" in said()
    assert installation.calls == []


def test_a_folder_that_options_of_java_cannot_carry(installation: Installation, said: Say) -> None:
    words = ["capture", "--client", "java", "--keep", str(installation.root / "a b"), "--", "true"]
    assert run(words) == exits.USAGE
    assert "has a blank" in said()


@pytest.mark.parametrize("words", [(), ("--attach", "1", "--", "orders")])
def test_neither_command_nor_process_or_both(installation: Installation, words: tuple[str, ...]) -> None:
    assert run(["capture", *words]) == exits.USAGE


# ---------------------------------------------------------------- every order of failure


def test_a_command_that_is_not_there(installation: Installation, said: Say) -> None:
    assert run(["capture", "--client", "c", "--", str(installation.root / "gone")]) == 127
    assert "cannot be started" in said()
    assert installation.called == [STARTED, ENDED]
    assert installation.left_behind == []


def test_a_command_that_is_killed(installation: Installation) -> None:
    assert run(["capture", "--client", "c", "--", "sh", "-c", "kill -9 $$"]) == 128 + signal.SIGKILL
    assert installation.called == [STARTED, ENDED]


def test_an_end_that_fails_can_be_made_up_for(installation: Installation, said: Say) -> None:
    installation.fails(ENDED)
    assert capture(installation) == exits.OK
    assert "the trace is still on" in said()
    assert state_file().exists()
    # The capture that left it is still alive here, so another one's number stands for it.
    state_file().write_text(state_file().read_text().replace(str(os.getpid()), "999999999"))
    assert capture(installation) == exits.USAGE
    assert "mqtrace capture --end" in said()
    installation.works(ENDED)
    assert run(["capture", "--end"]) == exits.OK
    assert (installation.is_on, state_file().exists()) == (False, False)


def test_nothing_to_end(installation: Installation, said: Say) -> None:
    assert run(["capture", "--end"]) == exits.OK
    assert "nothing was ended" in said()
    assert installation.calls == []


def test_a_format_that_fails_keeps_the_exit_code(
    installation: Installation, said: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXIT", "3")
    installation.fails(FORMATTED)
    assert capture(installation) == 3
    assert "could not be formatted" in said()
    assert (installation.is_on, installation.left_behind) == (False, [])


def test_a_report_that_cannot_be_written(installation: Installation) -> None:
    assert capture(installation, "-o", installation.root / "gone" / "report.md") == exits.USAGE
    assert (installation.is_on, installation.left_behind) == (False, [])


class Running:
    """A capture in a process of its own, whose command waits."""

    def __init__(self, installation: Installation, *words: str) -> None:
        self.installation = installation
        command = [sys.executable, "-c", "from mqtrace.cli import main; main()", "capture", *words]
        self.process = subprocess.Popen(
            [*command, "--", str(installation.client)],
            env={**os.environ, "WAITS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.wait_for(lambda: (installation.root / "waiting").exists())

    def wait_for(self, happened: Callable[[], bool]) -> None:
        """Until it has happened, ten seconds at most."""
        for _ in range(1000):
            if happened():
                return
            time.sleep(0.01)
        raise AssertionError("it did not happen")

    def end(self) -> None:
        """Kills what is left of it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_reaches_the_command_and_the_trace_is_ended(
    installation: Installation, number: signal.Signals
) -> None:
    running = Running(installation)
    running.process.send_signal(number)
    _, error = running.process.communicate(timeout=20)
    assert running.process.returncode == (5 if number == signal.SIGTERM else 128 + number)
    assert installation.called == [STARTED, ENDED, FORMATTED]
    assert b"could not connect" in error
    assert (installation.is_on, installation.left_behind) == (False, [])


def test_an_interrupt_of_the_terminal(installation: Installation) -> None:
    running = Running(installation)
    # A terminal interrupts the whole group.
    os.killpg(running.process.pid, signal.SIGINT)
    running.process.communicate(timeout=20)
    assert running.process.returncode == 128 + signal.SIGINT
    assert installation.called == [STARTED, ENDED, FORMATTED]
    assert installation.left_behind == []


def test_a_capture_that_is_killed(installation: Installation) -> None:
    running = Running(installation)
    running.process.kill()
    try:
        running.wait_for(lambda: not installation.is_on and not state_file().exists())
        assert installation.called == [STARTED, ENDED]
    finally:
        running.end()


def test_a_running_program(installation: Installation) -> None:
    """--attach: until the program ends, or the user has enough."""
    with subprocess.Popen(["sleep", "0.3"]) as other:
        # A child that has ended is there until its parent asks for it.
        Thread(target=other.wait, daemon=True).start()
        assert run(["capture", "--attach", str(other.pid)]) == exits.OK
    assert installation.calls[0] == f"strmqtrc -e -t all -t detail -l 200 -i {other.pid}"
    assert installation.called == [STARTED, ENDED]
