"""mqtrace preflight, the command."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from command_line import Ran
from mqtrace.cli import exits
from mqtrace.report.json import report_schema

Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No MQ variable, and a folder and a home with nothing in them."""
    for name in [each for each in os.environ if each.startswith(("MQ", "AMQ"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_the_environment_of_this_shell(mqtrace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MQSERVER", "ENV.SVRCONN/TCP/mq1.example(1415)")
    shown = mqtrace("preflight", "QM1", "--client", "c")
    lines = [" ".join(each.split()) for each in shown.out.splitlines()]
    assert (shown.code, shown.err) == (exits.OK, "")
    assert lines[0] == "READY A C client would reach QM1, as far as can be seen"
    assert "channel ENV.SVRCONN MQSERVER" in lines
    assert "1 ENV.SVRCONN mq1.example(1415) no TLS" in lines


def test_a_guess_of_the_client_is_said(mqtrace: Run) -> None:
    assert "client family c" in mqtrace("preflight", "QM1").err


def test_what_would_fail_ends_with_one(mqtrace: Run) -> None:
    shown = mqtrace("preflight", "QM1", "--client", "c", "-q")
    assert shown.code == exits.PROBLEM
    assert shown.out.startswith("WOULD-FAIL reason=2058 cause=settings.no-channel ")


def test_what_cannot_be_told_ends_with_one_where_that_is_asked_for(mqtrace: Run) -> None:
    words = ("preflight", "QM1", "--client", "dotnet", "--program")
    program = "channel=A,conn=mq1(1414),cipher=ECDHE_RSA_AES_256_GCM_SHA384"
    assert mqtrace(*words, program).code == exits.OK
    assert mqtrace(*words, program, "--fail-on", "unclear").code == exits.PROBLEM


def test_an_oddity_ends_with_one_where_that_is_asked_for(mqtrace: Run, tmp_path: Path) -> None:
    (tmp_path / "mqclient.ini").write_text("SSL:\n  SSLKeyRepositry=/keys\n")
    words = ("preflight", "--client", "c", "--program", "channel=A,conn=mq1(1414)", "--fail-on")
    assert mqtrace(*words, "failure").code == exits.OK
    assert mqtrace(*words, "warning").code == exits.PROBLEM


def test_a_list_of_addresses_and_a_peer_name_are_one_value_each(mqtrace: Run) -> None:
    program = "channel=A,conn=mq1(1414),mq2(1415),peer=CN=QM1,O=Lab"
    shown = mqtrace("preflight", "--client", "c", "--program", program, "--format", "json")
    (connection,) = json.loads(shown.out)["connections"]
    rows = {each["name"]: each["value"] for each in connection["settings"]}
    assert (rows["address"], rows["ssl_peer"]) == ("mq1(1414),mq2(1415)", "CN=QM1,O=Lab")


def test_json_keeps_the_schema_of_the_report(mqtrace: Run) -> None:
    shown = mqtrace("preflight", "QM1", "--client", "c", "--program", "channel=A,conn=mq1(1414)", "--format", "json")
    report = json.loads(shown.out)
    jsonschema.validate(report, json.loads(report_schema()))
    assert (report["schema"], report["preflight"]["verdict"]) == ("mqtrace-report/1", "would-connect")
    assert report["connections"][0]["cause"] is None


def test_markdown(mqtrace: Run, tmp_path: Path) -> None:
    ticket = tmp_path / "ticket.md"
    mqtrace("preflight", "QM1", "--client", "c", "-o", ticket)
    text = ticket.read_text()
    assert text.startswith("# FAILS: A C client would not connect to QM1: 2058 ")
    assert "| `fails` | `channel` |" in text


def test_the_environment_of_a_process(mqtrace: Run, tmp_path: Path) -> None:
    import subprocess
    import sys
    import time

    if not Path("/proc/self/environ").exists():
        pytest.skip("there is no /proc here")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mqclient.ini").write_text("SSL:\n  OutboundSNI=HOSTNAME\n")
    variables = {"MQSERVER": "PID.SVRCONN/TCP/mq7(1414)", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", "input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=variables, cwd=tmp_path / "there") as started:
        # Until the program is there, its environment is that of the fork, or empty.
        given_up = time.monotonic() + 20
        while b"PID.SVRCONN" not in Path(f"/proc/{started.pid}/environ").read_bytes() and time.monotonic() < given_up:
            time.sleep(0.01)
        shown = mqtrace("preflight", "--client", "c", "--pid", started.pid, "--format", "json")
        started.communicate(b"\n")
    report = json.loads(shown.out)
    assert report["preflight"]["channels"][0]["channel"] == "PID.SVRCONN"
    assert [each["file"] for each in report["preflight"]["ini_files"]] == ["mqclient.ini"]


def test_variables_of_a_unit(mqtrace: Run, tmp_path: Path) -> None:
    unit = tmp_path / "app.service"
    unit.write_text('[Service]\nEnvironment="MQSERVER=UNIT.SVRCONN/TCP/mq8(1414)"\nExecStart=/srv/app\n')
    shown = mqtrace("preflight", "--client", "c", "--env", unit, "--root", "/", "--format", "json")
    assert json.loads(shown.out)["preflight"]["channels"][0]["channel"] == "UNIT.SVRCONN"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pid", "1", "--env", "x"), "give one of them"),
        (("--pid", "999999999"), "cannot be read"),
        (("--env", "gone.env"), "gone.env cannot be read"),
        (("--program", "chanel=A"), "it knows channel, conn"),
        (("--client", "go"), "none of c, dotnet, java"),
    ],
)
def test_a_wrong_command_line_is_one_line(mqtrace: Run, words: tuple[str, ...], said: str) -> None:
    shown = mqtrace("preflight", *words)
    assert (shown.code, shown.out) == (exits.USAGE, "")
    assert said in shown.warnings[-1]
