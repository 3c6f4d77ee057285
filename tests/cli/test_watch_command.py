"""mqtrace watch as a user types it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Timer

import jsonschema
import pytest
from tests.command_line import called, sample

from mqtrace.report.json import report_schema

COMMAND = (sys.executable, "-c", "from mqtrace.cli import main; main()", "watch")
NOT_MQ = sample("dotnet-not-an-mq-listener") / "trace.TRC"
LABEL = sample("c-label-not-in-key-repository") / "AMQ7253.0.FMT"


@contextmanager
def started(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A watch in a process of its own, which is gone after a minute whatever becomes of it."""

    def heed_ctrl_c() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what a shell starts in the background ignores it

    with subprocess.Popen(
        (*COMMAND, str(folder)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed_ctrl_c
    ) as watch:
        end = Timer(60, watch.kill)
        end.start()
        try:
            yield watch
        finally:
            end.cancel()
            watch.kill()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of the output goes after some looks."""
    answers: Iterator[bool] = cycle([True] * 9 + [False])
    monkeypatch.setattr("mqtrace.cli.watch.is_read", lambda: next(answers))
    monkeypatch.setattr("mqtrace.cli.watch.STEP", 0.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, trace in enumerate((NOT_MQ, LABEL)):
        shutil.copy(trace, tmp_path / f"{number}-{trace.name}")
    return tmp_path


@pytest.mark.usefixtures("looks")
def test_a_failure_is_told_as_on_the_first_screen(folder: Path) -> None:
    done = called("watch", folder, "--from-start")
    assert done.code == 0
    assert done.out.startswith("\n FAILED    amqsgetc (C client 9.3.0.10) could not connect to QM1: 2393")
    told = re.findall(r"^ (FAILED|WHY|SETTING|FIX|PROOF)\b", done.out, re.MULTILINE)
    assert told == ["FAILED", "WHY", "SETTING", "FIX", "PROOF"] * 2
    assert "Read 2 files" not in done.out
    assert done.warnings == ["mqtrace: following 2 traces and 0 logs, and what appears; Ctrl-C ends it"]


@pytest.mark.usefixtures("looks")
def test_quiet_gives_one_line_a_connection(folder: Path) -> None:
    lines = called("watch", folder, "--from-start", "-q").out.replace(f"{folder}{os.sep}", "").splitlines()
    assert [line.partition("cause=")[2].split()[0] for line in lines] == [
        "tls.certificate-label-not-found",
        "network.not-mq",
    ]
    assert lines == sorted(called("diagnose", folder, "-q").out.splitlines(), key=lambda line: line.split()[1])


@pytest.mark.usefixtures("looks")
def test_json_is_a_report_a_line(folder: Path) -> None:
    lines = called("watch", folder, "--from-start", "--format", "json").out.splitlines()
    reports = [json.loads(line) for line in lines]
    for report in reports:
        jsonschema.validate(report, json.loads(report_schema()))
    assert [report["connections"][0]["reason_code"] for report in reports] == [2393, 2009]
    assert {finding["connection"] for report in reports for finding in report["findings"]} == {0}


@pytest.mark.usefixtures("looks")
def test_what_it_wrote_is_no_evidence(folder: Path, tmp_path: Path) -> None:
    for form in ("text", "json"):
        own = called("watch", folder, "--from-start", "--format", form).out
        (tmp_path / f"own.{form}").write_text(own)
    (tmp_path / "own.quiet").write_text(called("watch", folder, "--from-start", "-q").out)
    for file in folder.glob("?-*"):
        file.unlink()
    assert called("watch", folder, "--from-start").out == ""


def test_standard_input_cannot_be_followed() -> None:
    done = called("watch", "-")
    assert (done.code, len(done.warnings)) == (2, 1)
    assert "COMMAND | mqtrace" in done.err


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_ctrl_c_ends_it_with_a_line(folder: Path) -> None:
    with started(folder) as watch:
        assert watch.stderr is not None
        assert "following 2 traces" in watch.stderr.readline()
        with (folder / f"0-{NOT_MQ.name}").open("ab") as file:
            file.write(NOT_MQ.read_bytes())
        assert watch.stdout is not None
        watch.stdout.readline()
        assert watch.stdout.readline().startswith(" FAILED ")
        watch.send_signal(signal.SIGINT)
        assert watch.stderr.read() == "mqtrace: 1 failed connection told; 2 traces and 0 logs had something to say\n"
        assert watch.wait(20) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows tells only when a line is written")
def test_a_reader_that_goes_ends_it_without_a_word(folder: Path) -> None:
    with started(folder) as watch:
        assert watch.stderr is not None
        watch.stderr.readline()
        assert watch.stdout is not None
        watch.stdout.close()
        began = time.monotonic()
        assert (watch.stderr.read(), watch.wait(20)) == ("", 0)
        assert time.monotonic() - began < 15
