"""A quick look reads a trace up to its first failed connection, tells that one as reading all does, and says what it
left. Long traces are synthetic: copies of samples at other times.
"""

import gzip
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from command_line import SAMPLES
from mqtrace.cli import exits
from mqtrace.cli.running import exit_code
from mqtrace.diagnosis import diagnose
from mqtrace.evidence import connections
from mqtrace.model import Outcome, Report
from test_seeking import days, sample

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
        "c-unknown-channel-two-threads",
        "dotnet-mqserver-malformed",
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
    whole = path.read_bytes()
    assert (quick.inputs[0].size, quick.inputs[0].lines) == (begin, whole[:begin].count(b"\n") + 1)
    assert note.endswith("Leave out --quick to have all of it read.")


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


def test_what_a_thread_says_right_behind_a_failure_is_read_and_of_what_it_says_later_is_said_that_it_is_not(
    tmp_path: Path,
) -> None:
    broken = ("1", ("{  MQOPEN", "}! MQOPEN rc=MQRC_CONNECTION_BROKEN"))
    more = ("1", ("}! MQCLOSE rc=MQRC_NOT_AUTHORIZED",))
    near = written(tmp_path / "near.FMT", ("1", CONNECTED), idle(100), broken, more, idle(200))
    far = written(tmp_path / "far.FMT", ("1", CONNECTED), idle(100), broken, idle(200), more, idle(200))
    said = {}
    for path, quick in ((near, False), (near, True), (far, False), (far, True)):
        report = diagnose(path, quick=quick)
        (outcome,) = report.outcomes
        assert (outcome.connection.reason_code, outcome.cause and outcome.cause.id) == (
            2009,
            "network.connection-broken",
        )
        said[path.stem, quick] = [fact.value for fact in outcome.connection.later]
        assert any("what threads said later is not told; the last can" in note for note in report.notes) == quick
    both = ["MQRC_CONNECTION_BROKEN", "MQRC_NOT_AUTHORIZED"]
    assert said == {("near", False): both, ("near", True): both, ("far", False): both, ("far", True): both[:1]}


def test_the_time_asked_for_is_that_of_the_failure_at_which_reading_stops(tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    quick = diagnose(path, quick=True, since="2026-11-24T18")
    assert [(each.connection.start[:13], each.connection.count) for each in quick.outcomes] == [("2026-11-24T19", 1)]


def test_entries_of_a_log_are_only_possibly_of_the_one_connection_that_was_read(tmp_path: Path) -> None:
    path = long_trace("c-refused-by-error-segment", tmp_path)
    (first,) = diagnose(path, quick=True).outcomes
    channel = next(row.value for row in first.settings if row.name == "channel")
    log = (SAMPLES.parent / "tests/data/readers/logs/synthetic_9.0.5.LOG").read_text(encoding="utf-8")
    log = log.replace("2021-03-17T07:12:25", first.connection.end[:19]).replace("TO.QM9", channel)
    (tmp_path / "AMQERR01.LOG").write_text(log, encoding="utf-8")
    ties = [
        {entry.tie for outcome in diagnose(tmp_path, quick=quick).outcomes for entry in outcome.connection.log_entries}
        for quick in (False, True)
    ]
    assert ties == [{"same"}, {"possible"}]


def test_extension_files_behind_the_failure_are_not_read(tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    whole = path.read_bytes()
    middle = whole.index(b"\n", len(whole) // 2) + 1
    path.write_bytes(whole[:middle])
    (tmp_path / "AMQ7253.0_F1.FMT").write_bytes(whole[middle:])
    quick = diagnose(tmp_path, quick=True)
    (_, end), second = left(quick)
    assert (end, second) == (middle, (0, len(whole) - middle))
    assert [each.connection.count for each in quick.outcomes] == [1]


@pytest.mark.parametrize("packed", [False, True])
def test_of_an_input_whose_size_is_not_known(tmp_path: Path, packed: bool) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    content = gzip.compress(path.read_bytes()) if packed else path.read_bytes()
    quick = diagnose("-", stdin=BytesIO(content), quick=True)
    assert [end for _, end in left(quick)] == [None]
    assert "to its end were not read" in quick.notes[0]


def test_the_exit_code_is_that_of_reading_all(tmp_path: Path) -> None:
    path = long_trace("c-label-not-in-key-repository", tmp_path)
    for fail_on, code in (("", exits.OK), ("cause", exits.PROBLEM)):
        assert exit_code(diagnose(path, quick=True), fail_on) == exit_code(diagnose(path), fail_on) == code
