"""A quick look reads a trace up to its first failed connection, tells that one as reading all does, and says what it
left. Long traces are synthetic: copies of samples at other times.
"""

import gzip
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from command_line import SAMPLES, Ran
from mqtrace.cli import exits
from mqtrace.diagnosis import diagnose
from mqtrace.evidence import connections
from mqtrace.model import Outcome, Report
from test_seeking import days, sample

Run = Callable[..., Ran]
HOURS = [timedelta(hours=hour) for hour in (0, 5, 10, 15)]
HEADER = "Process : C:\\app\\orders.exe (64-bit)\nDate : 11/24/26  Time : 08:59:59.000000\n\n"
CONNECTED = ("{  MQCONNX", "-{  reqDoConnect", "-}  reqDoConnect rc=OK", "}  MQCONNX rc=OK")
FAILED = ("{  MQCONNX", "-{  cciTcpConnect", "-}! cciTcpConnect rc=rrcE_HOST_NOT_AVAILABLE", "}! MQCONNX rc=2538")


@pytest.fixture(autouse=True)
def _looked_at_each_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STEP", 0)
    monkeypatch.setattr(connections, "QUIET", 1000)


def long_trace(name: str, folder: Path) -> Path:
    file, content = sample(name)
    path = folder / file
    path.write_bytes(days(file, content, HOURS))
    return path


def written(path: Path, *calls: tuple[str, tuple[str, ...]]) -> Path:
    """A made trace: each call is a thread and what it says."""
    lines = [f" 09:00:00.{at:06}   7253.{thread}     {body}\n" for at, (thread, body) in enumerate(
        (thread, body) for thread, bodies in calls for body in bodies
    )]  # fmt: skip
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    return path


def idle(lines: int) -> tuple[str, tuple[str, ...]]:
    return "99", ("xcsGetEnvironmentString[MQAPPLNAME] = NULL",) * lines


def failed(report: Report) -> list[Outcome]:
    return [outcome for outcome in report.outcomes if outcome.connection.reason_code]


def left(report: Report) -> list[tuple[int, int | None]]:
    return [(part.begin, part.end) for each in report.inputs for part in each.unread]


@pytest.mark.parametrize(
    "name",
    [
        "c-label-not-in-key-repository",
        "c-refused-by-error-segment",
        "c-unknown-channel-two-threads",
        "dotnet-mqserver-malformed",
        "dotnet-server-certificate-unknown-signer",
        "java-server-certificate-untrusted",
    ],
)
def test_the_first_failed_connection_has_the_same_cause_and_ledger(name: str, tmp_path: Path) -> None:
    path = long_trace(name, tmp_path)
    whole, quick = diagnose(path), diagnose(path, quick=True)
    one, other = failed(whole)[0], failed(quick)[0]
    assert (one.cause, one.settings, one.chain) == (other.cause, other.settings, other.chain)
    assert (one.connection.start, one.connection.thread) == (other.connection.start, other.connection.thread)
    ((begin, end),) = left(quick)
    assert (begin < end / 2, end) == (True, path.stat().st_size)
    assert one.connection.count > other.connection.count


def test_what_was_left_is_said(tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    quick = diagnose(path, quick=True)
    ((begin, end),) = left(quick)
    (note,) = quick.notes
    share = 100 * (end - begin) / end
    assert note.startswith(
        f"{path}: reading stopped at the first failed connection: bytes {begin:,} to {end:,} ({share:.0f} %)"
    )
    assert "what threads said later is not told. Leave out --quick" in note


def test_a_trace_in_which_nothing_fails_is_read_to_its_end(tmp_path: Path) -> None:
    path = long_trace("c-connected-with-label-of-ini", tmp_path)
    assert (left(diagnose(path, quick=True)), diagnose(path, quick=True).notes) == ([], diagnose(path).notes)


def test_a_call_that_has_not_returned_when_reading_stops_is_not_told_as_one_without_an_end(tmp_path: Path) -> None:
    open_call, rest = ("2", CONNECTED[:2]), ("2", CONNECTED[2:])
    path = written(tmp_path / "trace.FMT", open_call, ("1", FAILED), idle(200), rest)
    assert [outcome.connection.thread for outcome in diagnose(path).outcomes] == ["7253.2", "7253.1"]
    quick = diagnose(path, quick=True)
    assert [outcome.connection.thread for outcome in quick.outcomes] == ["7253.1"]
    assert len(left(quick)) == 1


def test_what_is_said_right_behind_a_failure_counts_and_what_is_said_far_behind_is_said_to_be_left(
    tmp_path: Path,
) -> None:
    later = ("1", ("{  MQOPEN", "}! MQOPEN rc=2085"))
    more = ("1", ("{  MQOPEN", "}! MQOPEN rc=2035"))
    path = written(tmp_path / "trace.FMT", ("1", CONNECTED), idle(100), later, more, idle(200), more)
    whole, quick = diagnose(path), diagnose(path, quick=True)
    assert [each.connection.reason_code for each in whole.outcomes] == [2085]
    assert [(each.connection.reason_code, each.cause) for each in quick.outcomes] == [(2085, whole.outcomes[0].cause)]
    told = [len(each.outcomes[0].connection.later) for each in (whole, quick)]
    assert told[0] >= told[1] >= 2
    assert "what threads said later is not told" in quick.notes[0]


def test_the_time_asked_for_is_that_of_the_failure_at_which_reading_stops(tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    quick = diagnose(path, quick=True, since="2026-11-24T18")
    assert [(each.connection.start[:13], each.connection.count) for each in quick.outcomes] == [("2026-11-24T19", 1)]


def test_entries_of_a_log_are_possibly_of_the_one_connection_that_was_read(tmp_path: Path) -> None:
    path = long_trace("c-refused-by-error-segment", tmp_path)
    (first,) = diagnose(path, quick=True).outcomes
    log = (SAMPLES.parent / "tests/data/readers/logs/synthetic_9.0.5.LOG").read_text(encoding="utf-8")
    own = log.replace("2021-03-17T07:12:25", first.connection.start[:19]).replace("TO.QM9", first.connection.channel)
    (tmp_path / "AMQERR01.LOG").write_text(own, encoding="utf-8")
    ties = {
        entry.tie for outcome in diagnose(tmp_path, quick=True).outcomes for entry in outcome.connection.log_entries
    }
    assert "same" not in ties


def test_extension_files_behind_the_failure_are_not_read(tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    whole = path.read_bytes()
    middle = whole.index(b"\n", len(whole) // 2) + 1
    path.write_bytes(whole[:middle])
    (tmp_path / "AMQ7253.0_F1.FMT").write_bytes(whole[middle:])
    quick = diagnose(tmp_path, quick=True)
    (begin, end), second = left(quick)
    assert (end, second) == (middle, (0, len(whole) - middle))
    assert [each.connection.count for each in quick.outcomes] == [1]


@pytest.mark.parametrize("packed", [False, True])
def test_of_an_input_whose_size_is_not_known(tmp_path: Path, packed: bool) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    content = gzip.compress(path.read_bytes()) if packed else path.read_bytes()
    quick = diagnose("-", stdin=BytesIO(content), quick=True)
    assert [end for _, end in left(quick)] == [None]
    assert "to its end were not read" in quick.notes[0]


def test_the_exit_code_is_that_of_reading_all(mqtrace: Run, tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    assert mqtrace("diagnose", path, "--quick").code == exits.OK
    shown = mqtrace("diagnose", path, "--quick", "--fail-on", "cause")
    assert shown.code == exits.PROBLEM
    assert "reading stopped at the first failed connection" in " ".join(shown.out.split())
