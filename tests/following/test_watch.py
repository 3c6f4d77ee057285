"""Each failure is told once, soon, and as `diagnose` tells it, whatever becomes of the file."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.command_line import SAMPLES, sample
from tests.following.following import STEP, Turned, causes

from mqtrace.diagnosis import diagnose
from mqtrace.following import traces
from mqtrace.following.growth import Growth
from mqtrace.following.traces import TraceReading
from mqtrace.inputs import open_sources
from mqtrace.model import Outcome
from mqtrace.report.groups import status_of

TRACES = sorted(path for path in SAMPLES.glob("*/*") if path.suffix.lower() in (".fmt", ".trc", ".trz"))
REFUSED = (sample("dotnet-server-name-refused") / "trace.TRC").read_bytes()
PEER_NAME = (sample("dotnet-peer-name-mismatch") / "trace.TRC").read_bytes()
NOT_MQ = (sample("dotnet-not-an-mq-listener") / "trace.TRC").read_bytes()
# What the process says before the call that fails, and the call.
BEFORE, CALL = (REFUSED[: (at := REFUSED.index(b"00000022 17:15:59"))], REFUSED[at:])
SNI, PEER, LISTENER = "tls.sni-refused", "tls.peer-name-mismatch", "network.not-mq"
SOON = 2.0


def failures(path: Path) -> list[Outcome]:
    return [outcome for outcome in diagnose([path]).outcomes if status_of(outcome) == "FAILED"]


def moved(data: bytes, process: bytes) -> bytes:
    """A trace as another process would have written it."""
    return data.replace(b"  5009.", b"  " + process + b".").replace(b"17:15:5", b"18:15:5")


@pytest.mark.parametrize("trace", TRACES, ids=[path.parent.name for path in TRACES])
def test_what_is_told_of_a_trace_that_grows_is_what_diagnose_tells_of_the_whole(trace: Path, tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    data, told = b"".join(source.stream.read() for source in open_sources([trace])), []
    for begin in range(0, len(data), 11_003):  # ends anywhere in lines, dumps and blocks
        turned.write("x.TRC", data[begin : begin + 11_003])
        told += turned.turn(STEP)
    told += turned.turn()
    assert [each.outcome for each in told] == failures(tmp_path)


def test_of_the_past_is_told_what_is_asked_for(tmp_path: Path) -> None:
    for name in ("dotnet-server-name-refused", "dotnet-not-an-mq-listener", "c-refused-by-error-segment"):
        shutil.copytree(SAMPLES / name, tmp_path / name)
    assert Turned(tmp_path).turn() == []
    assert sorted(causes(Turned(tmp_path, from_start=True).first)) == [LISTENER, "tls.cipherspec-mismatch", SNI]
    assert sorted(causes(Turned(tmp_path, since="2026-11-24T17:14").first)) == ["tls.cipherspec-mismatch", SNI]


def test_what_the_process_said_before_counts_for_what_fails_now(tmp_path: Path) -> None:
    (tmp_path / "x.TRC").write_bytes(BEFORE)
    turned = Turned(tmp_path)
    turned.write("x.TRC", CALL)
    [told] = turned.turn()
    assert [told.outcome] == failures(tmp_path)
    assert max(turned.lags) < SOON


def test_a_failure_like_one_before_is_told_as_such_and_nothing_twice(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", REFUSED)
    assert causes(turned.turn(30)) == [SNI]
    turned.write("x.TRC", CALL)
    assert causes(turned.turn(30)) == [f"{SNI} again"]
    turned.write("y.TRC", PEER_NAME)
    assert causes(turned.turn(30)) == [PEER]
    assert turned.watch.failed == 3


def test_a_loop_that_fails_is_one_line_each_time_it_is_looked_at(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", REFUSED + CALL * 9)
    told = turned.turn()
    # What has much behind it, what has stood for a while, and the last one, which might still have gone on.
    assert [each.outcome.connection.count for each in told] == [3, 6, 1]
    assert causes(told) == [SNI, f"{SNI} again", f"{SNI} again"]


def test_the_end_of_a_line_is_waited_for(tmp_path: Path) -> None:
    end = CALL.index(b"\n", CALL.rindex(b"MQQueueManager.Connect()"))
    turned = Turned(tmp_path)
    turned.write("x.TRC", BEFORE + CALL[: end - 5])
    assert turned.turn(60) == []
    turned.write("x.TRC", CALL[end - 5 :])
    assert causes(turned.turn()) == [SNI]


def test_a_file_that_is_cut_begins_anew(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", PEER_NAME + REFUSED[:20_000])
    assert causes(turned.turn()) == [PEER]
    (tmp_path / "x.TRC").write_bytes(moved(REFUSED, b"6009")[15_011:20_000])  # begins in the middle of a record
    assert turned.turn() == []
    turned.write("x.TRC", moved(REFUSED, b"6009")[20_000:])
    [told] = turned.turn()
    assert causes([told]) == [SNI]
    assert [told.outcome] == failures(tmp_path)


def test_a_file_that_is_cut_and_has_grown_beyond_that_since_begins_anew(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", REFUSED[:20_000])
    turned.turn()
    (tmp_path / "x.TRC").write_bytes(PEER_NAME)
    assert causes(turned.turn()) == [PEER]


def test_a_file_that_is_cut_while_its_program_goes_on_where_it_was_is_read(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    with (tmp_path / "x.TRC").open("wb", buffering=0) as file:
        file.write(PEER_NAME * 3)
        assert causes(turned.turn())[:1] == [PEER]
        os.truncate(tmp_path / "x.TRC", 0)
        turned.turn(STEP)
        file.write(NOT_MQ[15_011:])  # after as many bytes as it had written, which are none now
        told = turned.turn()
    assert [each.outcome.cause and each.outcome.cause.id for each in told] == [LISTENER]


def test_nothing_is_missed_where_a_file_is_replaced(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", PEER_NAME + NOT_MQ[:20_000])
    turned.turn()
    turned.write("x.TRC", NOT_MQ[20_000:])
    (tmp_path / "x.TRC").rename(tmp_path.parent / "elsewhere.TRC")  # before its end was looked at
    turned.write("x.TRC", REFUSED)
    assert sorted(causes(turned.turn())) == [LISTENER, SNI]
    assert max(turned.lags) < SOON


def test_a_file_that_is_renamed_goes_on(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", BEFORE)
    turned.turn()
    (tmp_path / "x.TRC").rename(tmp_path / "y.TRC")
    turned.write("y.TRC", CALL)
    [told] = turned.turn()
    assert causes([told]) == [SNI]
    assert told.outcome.cause
    assert told.outcome.cause.evidence[0].location.source == str(tmp_path / "y.TRC")


def copied_and_cut(folder: Path) -> None:
    shutil.copy(folder / "x.TRC", folder / "x.TRC.1")
    (folder / "x.TRC").write_bytes(b"")


def sent_again(folder: Path) -> None:
    shutil.copy(folder / "x.TRC", folder / ".x.TRC.k3Xa")
    (folder / ".x.TRC.k3Xa").rename(folder / "x.TRC")


@pytest.mark.parametrize("copy", [copied_and_cut, sent_again])
def test_a_copy_says_nothing_twice(copy: Callable[[Path], None], tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", REFUSED)
    assert causes(turned.turn()) == [SNI]
    copy(tmp_path)
    assert turned.turn(30) == []
    turned.write("x.TRC", moved(REFUSED, b"6009"))
    assert causes(turned.turn()) == [f"{SNI} again"]


def test_a_folder_may_vanish_and_come_back(tmp_path: Path) -> None:
    folder = tmp_path / "trace"
    turned = Turned(folder)
    assert ["; it is waited for" in said for said in turned.said] == [True]
    turned.write("x.TRC", REFUSED[:20_000])
    turned.turn()
    assert turned.said[1:] == [f"{folder}: it can be read again"]
    folder.rename(tmp_path / "gone")
    turned.turn(60)
    assert len(turned.said) == 3
    (tmp_path / "gone").rename(folder)
    turned.write("x.TRC", REFUSED[20_000:])
    assert causes(turned.turn()) == [SNI]


def test_the_right_to_read_may_be_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turned = Turned(tmp_path)
    turned.write("x.TRC", BEFORE)
    turned.turn()
    with monkeypatch.context() as lost:
        lost.setattr(Growth, "file", lambda self: (_ for _ in ()).throw(PermissionError(13, "no")))
        turned.write("x.TRC", CALL)
        assert turned.turn(10) == []
    assert causes(turned.turn()) == [SNI]
    assert [said.partition(": ")[2].partition(":")[0] for said in turned.said] == [
        "No right to read it",
        "it can be read again",
    ]


def test_a_file_that_could_not_be_read_at_first_has_its_past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.TRC").write_bytes(REFUSED)
    with monkeypatch.context() as lost:
        lost.setattr(Growth, "file", lambda self: (_ for _ in ()).throw(PermissionError(13, "no")))
        turned = Turned(tmp_path)
    assert turned.turn() == []
    turned.write("x.TRC", moved(CALL, b"6009"))
    assert causes(turned.turn()) == [SNI]


def test_hostile_bytes_cost_nothing_but_themselves(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    noise = random.Random(7)
    turned.write("x.TRC", BEFORE)
    turned.write("random", noise.randbytes(200_000))
    turned.write("nul", b"\0" * 100_000)
    turned.write("line", b"x" * 3_000_000)
    turned.write("object.json", b'{"a":' * 50_000)
    turned.write("AMQERR01.LOG", b"03/17/2026 07:12:25 AM - Process(" * 20_000)
    turned.turn()
    turned.write("x.TRC", noise.randbytes(70_000) + b"\n" + b"y" * 2_000_000 + b"\x1b]0;\n\xff\xfe" + CALL)
    turned.write("line", b"\n")
    assert causes(turned.turn()) == [SNI]


def test_what_is_remembered_of_a_trace_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "REMEMBERED", 50)
    readings: list[TraceReading] = []
    made = TraceReading.__init__
    monkeypatch.setattr(TraceReading, "__init__", lambda self, *given: [made(self, *given), readings.append(self)][0])
    turned = Turned(tmp_path)
    turned.write("x.TRC", BEFORE)
    told = []
    for number in range(300):
        turned.write("x.TRC", CALL.replace(b"  5009.4 ", b"  5009.%d " % (1000 + number)))
        told += turned.turn(STEP) if number % 30 == 0 else []
    told += turned.turn()
    assert sum(each.outcome.connection.count for each in told) == 300
    [reading] = readings
    builder = reading._builder
    kept = ("_open", "_pending", "_process", "_sockets", "_objects", "_previous", "_named", "_data")
    assert max(len(getattr(builder, name)) for name in kept) == 50
    assert not builder._folded


def test_a_fault_of_a_reader_costs_its_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = TraceReading.read

    def read(self: TraceReading, until: int) -> None:
        if self._growth.path.endswith("bad.TRC"):
            raise ZeroDivisionError
        made(self, until)

    monkeypatch.setattr(TraceReading, "read", read)
    turned = Turned(tmp_path)
    turned.write("bad.TRC", PEER_NAME)
    turned.write("x.TRC", REFUSED)
    assert causes(turned.turn()) == [SNI]
    turned.write("bad.TRC", NOT_MQ)
    turned.turn()
    assert [said.partition(" (")[0] for said in turned.said] == [f"{tmp_path / 'bad.TRC'}: mqtrace itself failed on it"]


def test_configuration_is_read_again_when_it_changes(tmp_path: Path) -> None:
    trace = sample("dotnet-ini-key-misspelt")
    turned = Turned(tmp_path)
    turned.write("mqclient.ini", (trace / "mqclient.ini").read_bytes())
    turned.write("trace.TRC", (trace / "trace.TRC").read_bytes())
    [told] = turned.turn()
    assert [told.outcome] == failures(tmp_path)
    (tmp_path / "mqclient.ini").write_bytes(b"CHANNELS:\n   ServerConnectionParms=X.SVRCONN/TCP/mq(1414)\n")
    turned.write("trace.TRC", (trace / "trace.TRC").read_bytes())
    [again] = turned.turn()
    [now] = {outcome.settings for outcome in failures(tmp_path)}
    assert again.outcome.settings[0].evidence[0].location.line > told.outcome.settings[0].evidence[0].location.line
    assert [(row.name, row.value, row.source) for row in again.outcome.settings] == [
        (row.name, row.value, row.source) for row in now
    ]
