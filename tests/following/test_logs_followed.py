"""Logs that grow: alone, rotated, and with the trace of the same failure."""

from pathlib import Path

import pytest
from tests.command_line import sample
from tests.following.following import STEP, Turned, causes

from mqtrace.diagnosis import diagnose
from mqtrace.report.json import to_json

TRACE = (sample("c-unknown-channel-two-threads") / "AMQ7253.0.FMT").read_bytes()
UNKNOWN = "channel.unknown"


def entry(identity: str, says: str, *, time: str = "09:00:00", process: str = "4711.12") -> bytes:
    """An entry of the queue manager's log, made for these tests."""
    return f"""11/24/2026 {time} AM - Process({process}) User(mqm) Program(amqrmppa)
                    Host(qmhost) Installation(Installation1)
                    VRMF(9.3.0.5) QMgr(QM1)

{identity}: {says}

EXPLANATION:
{says}
ACTION:
Correct it.
----- cmqxrsrv.c : 2233 -------------------------------------------------------
""".encode()


def no_channel(channel: str, **given: str) -> bytes:
    return entry("AMQ9519E", f"Channel '{channel}' not found.", **given)


def ended(channel: str, **given: str) -> bytes:
    return entry("AMQ9999E", f"Channel '{channel}' to host 'apphost (192.0.2.7)' ended abnormally.", **given)


def blocked(channel: str, **given: str) -> bytes:
    return entry("AMQ9776E", f"Channel '{channel}' was blocked by userid.", **given)


def test_an_event_is_told_once_it_has_ended_with_all_its_entries(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("AMQERR01.LOG", no_channel("A.SVRCONN"))
    turned.turn(0.4)
    turned.write("AMQERR01.LOG", ended("A.SVRCONN"))
    [told] = turned.turn(10)
    assert [each.message for each in told.outcome.connection.log_entries] == ["AMQ9519", "AMQ9999"]
    assert [told.outcome] == list(diagnose([tmp_path]).outcomes)
    assert max(turned.lags) < 2.0


def test_of_a_log_that_is_there_only_what_comes_is_told_at_its_line(tmp_path: Path) -> None:
    old = no_channel("OLD.SVRCONN", time="08:00:00") * 3000
    (tmp_path / "AMQERR01.LOG").write_bytes(old)
    turned = Turned(tmp_path)
    turned.write("AMQERR01.LOG", no_channel("NEW.SVRCONN"))
    [told] = turned.turn()
    assert told.outcome.connection.channel == "NEW.SVRCONN"
    assert told.outcome.connection.log_entries[0].location.line == old.count(b"\n") + 1
    assert told.outcome.connection.log_entries[0].location.offset == len(old)


def test_entries_that_are_half_written_are_read_whole_once_more_comes(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    data = b"".join(no_channel(f"A{number:02}.SVRCONN", process=f"4711.{number}") for number in range(12))
    told = []
    for begin in range(0, len(data), 151):
        turned.write("AMQERR01.LOG", data[begin : begin + 151])
        told += turned.turn(STEP)
    told += turned.turn()
    assert [each.outcome.connection.channel for each in told] == [f"A{number:02}.SVRCONN" for number in range(12)]


@pytest.mark.parametrize("begin", [1, 30, 100, 200, 300])
def test_a_log_is_known_however_little_of_it_comes_first(begin: int, tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    data = no_channel("A.SVRCONN")
    turned.write("AMQERR01.LOG", data[:begin])
    told = turned.turn()
    turned.write("AMQERR01.LOG", data[begin:])
    told += turned.turn()
    assert "A.SVRCONN" in [each.outcome.connection.channel for each in told]


def test_logs_that_take_the_place_of_one_another_are_read_to_their_end(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("AMQERR01.LOG", no_channel("A.SVRCONN"))
    told = turned.turn()
    for number, channel in enumerate(("B.SVRCONN", "C.SVRCONN")):
        turned.write("AMQERR01.LOG", no_channel(channel, process=f"5000.{number}"))
        if (tmp_path / "AMQERR02.LOG").exists():
            (tmp_path / "AMQERR02.LOG").rename(tmp_path / "AMQERR03.LOG")
        (tmp_path / "AMQERR01.LOG").rename(tmp_path / "AMQERR02.LOG")
        turned.write("AMQERR01.LOG", b"")
        told += turned.turn()
    turned.write("AMQERR01.LOG", no_channel("D.SVRCONN", process="6000.1"))
    told += turned.turn(30)
    assert [each.outcome.connection.channel for each in told] == ["A.SVRCONN", "B.SVRCONN", "C.SVRCONN", "D.SVRCONN"]


@pytest.mark.parametrize("wait", [0.0, 0.4])
@pytest.mark.parametrize("is_log_first", [True, False])
def test_a_log_and_a_trace_of_one_failure_are_one_story(wait: float, is_log_first: bool, tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    parts = [("AMQERR01.LOG", no_channel("APP.SVRCONN")), ("AMQ7253.0.FMT", TRACE)]
    told = []
    for name, data in parts if is_log_first else reversed(parts):
        turned.write(name, data)
        told += turned.turn(wait)
    told += turned.turn(30)
    [alone] = told
    assert alone.outcome.cause
    assert alone.outcome.cause.id == UNKNOWN
    assert alone.outcome.connection.client == "c"
    assert [each.message for each in alone.outcome.connection.log_entries] == ["AMQ9519"]
    assert max(turned.lags) < 2.0


def test_what_a_log_says_late_is_told_where_it_changes_the_answer(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("AMQ7253.0.FMT", TRACE)
    assert causes(turned.turn()) == [UNKNOWN]
    turned.write("AMQERR01.LOG", no_channel("APP.SVRCONN"))
    assert turned.turn(10) == []


def test_a_trace_that_comes_late_is_told_with_what_its_log_said(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("AMQERR01.LOG", no_channel("APP.SVRCONN"))
    assert [each.outcome.connection.client for each in turned.turn(5)] == ["unknown"]
    turned.write("AMQ7253.0.FMT", TRACE)
    [told] = turned.turn(5)
    assert [each.message for each in told.outcome.connection.log_entries] == ["AMQ9519"]


def test_events_that_are_routine_are_no_failures(tmp_path: Path) -> None:
    routine = entry("AMQ9209E", "Connection to host 'apphost (192.0.2.7)' for channel 'A.SVRCONN' closed.")
    turned = Turned(tmp_path)
    turned.write("AMQERR01.LOG", blocked("B.SVRCONN", process="1.1") + routine)
    assert [each.outcome.connection.channel for each in turned.turn(10)] == ["B.SVRCONN"]
    turned.write("AMQERR01.LOG", routine)
    assert turned.turn(10) == []


def test_what_a_program_prints_and_the_log_of_it_are_one_story(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    turned.write("app.log", b"2026-11-24 09:00:00 MQException: MQJE001: Completion Code '2', Reason '2540'.\n")
    turned.turn(0.4)
    turned.write("AMQERR01.LOG", no_channel("APP.SVRCONN"))
    [told] = turned.turn(10)
    assert {each.location.source for each in told.outcome.connection.log_entries} == {
        str(tmp_path / name) for name in ("app.log", "AMQERR01.LOG")
    }


def test_secrets_are_masked_as_in_a_report(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    says = b"2026-11-24 09:00:00 password=hunter2secret MQException: MQJE001: Completion Code '2', Reason '2540'.\n"
    turned.write("app.log", says)
    [told] = turned.turn()
    assert told.report.is_shown
    assert "2540" in to_json(told.report)
    assert "hunter2" not in to_json(told.report)


def test_a_log_in_objects_of_a_container_is_followed(tmp_path: Path) -> None:
    turned = Turned(tmp_path)
    lines = no_channel("A.SVRCONN").decode().splitlines()
    wrapped = "".join(f'{{"log":"{line}\\n","stream":"stdout","time":"2026-11-24T09:00:00Z"}}\n' for line in lines)
    turned.write("x-json.log", wrapped.encode())
    assert [each.outcome.connection.channel for each in turned.turn()] == ["A.SVRCONN"]
    turned.write("x-json.log", wrapped.replace("A.SVRCONN", "B.SVRCONN").encode())
    [told] = turned.turn()
    assert told.outcome.connection.channel == "B.SVRCONN"
    assert told.outcome.connection.log_entries[0].location.line == len(lines) + 1
