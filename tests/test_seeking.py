"""A part of a large file is read for the time asked for, and tells what reading all of it tells. Traces of several days
are synthetic: copies of samples at other times.
"""

import gzip
import random
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from make_days import days_of_java, days_of_log, days_of_trace
from mqtrace import seeking
from mqtrace.diagnosis import diagnose
from mqtrace.model import Outcome, Period, Report
from mqtrace.report.json import report_as_dict
from mqtrace.seeking import Limits

TESTS = Path(__file__).parent
SAMPLES = TESTS.parent / "sample-traces"
DAY = datetime(2026, 11, 24)
NOTHING_IS_LARGE = Limits(large=1 << 60)
TRACES = (
    "c-label-not-in-key-repository",
    "c-unknown-channel-two-threads",
    "dotnet-mqserver-malformed",
    "java-server-certificate-untrusted",
)
LOGS = (
    "data/readers/logs/synthetic_9.0.5.LOG",
    "data/readers/logs/synthetic_console.json",
    "data/screens/bare-2035/AMQERR01.LOG",
)


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "LIMITS", Limits(large=0, step=1024, closely=256))


def sample(name: str) -> tuple[str, bytes]:
    """Name and bytes of a sample's trace."""
    folder = SAMPLES / name
    if name.startswith("java"):
        with zipfile.ZipFile(folder / "trace.trz") as packed:
            return "trace.trc", packed.read("trace.trc")
    path = next(path for path in folder.iterdir() if path.suffix in (".FMT", ".TRC"))
    return path.name, path.read_bytes()


def begins(choice: random.Random, copies: int, longest: int = 11) -> list[timedelta]:
    found = [timedelta()]
    for _ in range(copies - 1):
        found.append(found[-1] + timedelta(seconds=choice.randint(3600, longest * 3600)))
    return found


def days(name: str, content: bytes, starts: list[timedelta]) -> bytes:
    return days_of_java(content, starts) if name.endswith(".trc") else days_of_trace(content, DAY, starts)


def periods(choice: random.Random, begin: datetime, span: timedelta, count: int) -> list[dict[str, str]]:
    found = []
    for number in range(count):
        first, last = sorted(begin + span * choice.uniform(-0.05, 1.05) for _ in range(2))
        both = {"since": f"{first:%Y-%m-%dT%H:%M}", "until": f"{last:%Y-%m-%dT%H:%M}"}
        found.append({**both, ("since", "until", "none")[number % 3]: ""} if number % 3 < 2 else both)
    return found


def all_of(path: Path, **asked: str) -> Report:
    """What reading all tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeking, "LIMITS", NOTHING_IS_LARGE)
        return diagnose(path, **asked)  # type: ignore[arg-type]


def told(outcome: Outcome) -> tuple[object, ...]:
    """Who failed when and how, and the lines of the failure itself."""
    connection, cause = outcome.connection, outcome.cause
    own = [fact.location for fact in connection.facts if fact.name in ("call.begins", "reason", "tls.alert")]
    entries = [(entry.location, entry.said) for entry in connection.log_entries]
    who = (connection.process, connection.thread, connection.program, connection.user, connection.host)
    when = (connection.start, connection.answered, connection.count)
    return *who, *when, connection.reason_code, connection.phase, cause and (cause.id, cause.confidence), own, entries


def unread(report: Report) -> int:
    return sum(part.end - part.begin for each in report.inputs for part in each.unread if part.end)


def agree(part: Report, whole: Report) -> None:
    """Each connection is told alike, and each setting alike or as unknown."""
    assert list(map(told, part.outcomes)) == list(map(told, whole.outcomes))
    for ours, theirs in zip(part.outcomes, whole.outcomes, strict=True):
        for mine, all_known in zip(ours.settings, theirs.settings, strict=True):
            same = (mine.value, mine.source) == (all_known.value, all_known.source)
            is_unknown = mine.source == "unknown" or (mine.source == "none" and mine.proof == "unknown")
            assert same or is_unknown, mine.name


# ---------------------------------------------------------------- the same as reading all


@pytest.mark.parametrize("name", TRACES)
def test_a_part_of_a_trace_of_days_tells_what_all_of_it_tells(name: str, tmp_path: Path) -> None:
    choice = random.Random(name)
    file, content = sample(name)
    starts = begins(choice, 3 if name.startswith("java") else 7)
    path = tmp_path / file
    path.write_bytes(days(file, content, starts))
    first = datetime.fromisoformat(all_of(path).outcomes[0].connection.start)
    left = 0
    for asked in periods(choice, first, starts[-1], 3):
        part = diagnose(path, **asked)  # type: ignore[arg-type]
        agree(part, all_of(path, **asked))
        left += unread(part)
    assert left > path.stat().st_size / 2  # of all three together


@pytest.mark.parametrize("name", LOGS)
def test_a_part_of_a_log_of_days_tells_what_all_of_it_tells(name: str, tmp_path: Path) -> None:
    choice = random.Random(name)
    starts = begins(choice, 30)
    path = tmp_path / Path(name).name
    path.write_bytes(days_of_log((TESTS / name).read_bytes(), starts))
    whole = diagnose(path)
    first = datetime.fromisoformat(min(each.connection.start for each in whole.outcomes).removesuffix("Z"))
    left = 0
    for asked in periods(choice, first, starts[-1], 6):
        part = diagnose(path, **asked)  # type: ignore[arg-type]
        agree(part, all_of(path, **asked))
        left += unread(part)
    assert left > path.stat().st_size


def test_what_the_process_read_before_the_part_is_unknown_and_never_another_source(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    starts = [timedelta(hours=hour) for hour in range(0, 40, 4)]
    # Only the first call reads the environment and the ini file.
    read = (b"xcsGetEnvironmentString", b"mqclient.ini", b"SSLKeyRepository", b"ClientCertificateLabel")
    own = b"".join(line for line in content.splitlines(keepends=True) if not any(word in line for word in read))
    later = days(file, own, starts)
    path = tmp_path / file
    path.write_bytes(content + later[len(days(file, own, starts[:1])) :])
    (whole,) = all_of(path, since="2026-11-25").outcomes
    (part,) = diagnose(path, since="2026-11-25").outcomes
    assert told(part)[:9] == told(whole)[:9]
    before = {row.name: row for row in whole.settings}
    assert (before["key_repository"].source, before["certificate_label"].source) == ("env:MQSSLKEYR", "ccdt")
    after = {row.name: (row.value, row.source) for row in part.settings}
    assert after["key_repository"] == (before["key_repository"].value, "unknown")
    assert after["certificate_label"] == (before["certificate_label"].value, "unknown")
    assert after["channel"][1] == after["mqclient_ini"][1].replace("none", "unknown") == "unknown"
    gaps = [gap.how_to_find_out for gap in diagnose(path, since="2026-11-25").gaps]
    assert any("the part of the trace that was not read: leave out --since" in how for how in gaps)


def test_threads_of_java_have_the_process_of_the_last_header_before_the_part(tmp_path: Path) -> None:
    file, content = sample("java-server-certificate-untrusted")
    starts = [timedelta(), timedelta(hours=5)]
    other = days(file, content, [timedelta(hours=10), timedelta(hours=15)])
    path = tmp_path / file
    path.write_bytes(days(file, content, starts) + other.replace(b"Process ID: 2804", b"Process ID: 2805"))
    began = datetime.fromisoformat(all_of(path).outcomes[0].connection.start)
    for hours, process in ((4, 2804), (14, 2805)):
        asked = {"since": f"{began + timedelta(hours=hours):%Y-%m-%dT%H}"}
        part = diagnose(path, **asked)  # type: ignore[arg-type]
        assert part.outcomes[0].connection.process == process
        assert part.outcomes[0].connection.thread.startswith(f"{process}.")
        assert unread(part)


# ---------------------------------------------------------------- said


def test_the_report_says_what_was_not_read_and_how_to_have_it_read(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    path = tmp_path / file
    path.write_bytes(days(file, content, [timedelta(hours=hour) for hour in range(0, 50, 5)]))
    report = diagnose(path, since="2026-11-25T05", until="2026-11-25T05")
    before, behind = report.inputs[0].unread
    size = path.stat().st_size
    assert (before.begin, behind.end) == (0, size)
    assert before.first[:16] == "2026-11-24T09:00"
    assert before.last < "2026-11-25T05" < "2026-11-25T06" < behind.first
    assert report_as_dict(report)["inputs"][0]["unread"] == [
        {"from": 0, "to": before.end, "first": before.first, "last": before.last},
        {"from": behind.begin, "to": size, "first": behind.first, "last": behind.last},
    ]
    assert report.inputs[0].size == behind.begin - before.end
    (note,) = (note for note in report.notes if "not read" in note)
    assert note.startswith(f"{path}: bytes 0 to {before.end:,} (2026-11-24T09:00:00")
    assert "pipe it in:   cat FILE | mqtrace diagnose - --since" in note
    # The part begins and ends where lines do.
    whole = path.read_bytes()
    assert whole[before.end - 1 : before.end] + whole[behind.begin - 1 : behind.begin] == b"\n\n"


def test_a_call_that_goes_on_behind_the_part_is_told_without_its_end(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    lines = content.splitlines(keepends=True)
    middle = next(at for at, line in enumerate(lines) if b"gsk_secure_soc_init rc=407" in line)
    hours = [DAY + timedelta(hours=9, minutes=minute) for minute in range(1, 660)]
    quiet = [f" {when:%H:%M:%S}.000000   7253.99           nothing of note\n".encode() for when in hours]
    rest = [line.replace(b" 09:00:", b" 20:00:", 1) for line in lines[middle:]]
    path = tmp_path / file
    path.write_bytes(b"".join([*lines[:middle], *quiet, *rest]))
    report = diagnose(path, until="2026-11-24T10")
    assert [each.connection.reason_code for each in report.outcomes] == [None]
    assert [gap.question for gap in report.gaps if "ended" in gap.question] == [
        "How the call of thread 7253.1 ended: what was read of the trace ends before it does."
    ]
    assert all_of(path, until="2026-11-24T10").outcomes == ()  # it failed at 20:00
    assert [each.connection.reason_code for each in diagnose(path, until="2026-11-24T20").outcomes] == [2393]


# ---------------------------------------------------------------- all is read


def whole_is_read(path: Path, since: str = "2026-11-25") -> None:
    report = diagnose(path, since=since)
    assert unread(report) == 0
    assert (report.inputs[0].size, report.inputs[0].error) == (report.inputs[0].size, None)
    agree(report, all_of(path, since=since))


def test_of_a_small_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "LIMITS", Limits())
    file, content = sample("c-label-not-in-key-repository")
    path = tmp_path / file
    path.write_bytes(days(file, content, begins(random.Random(1), 5)))
    whole_is_read(path)


def test_of_what_is_packed(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    path = tmp_path / f"{file}.gz"
    path.write_bytes(gzip.compress(days(file, content, begins(random.Random(1), 5))))
    whole_is_read(path)


def test_of_times_that_go_back(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    path = tmp_path / file
    path.write_bytes(days(file, content, [timedelta(hours=hour) for hour in (0, 4, 8, 12, 16, 20, 13, 22, 26)]))
    whole_is_read(path)


def test_of_a_trace_without_a_date(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    path = tmp_path / file
    path.write_bytes(days(file, content, begins(random.Random(1), 5)).replace(b"Tue November 24 2026", b"a day"))
    whole_is_read(path)


def test_of_a_day_that_hides_between_two_places_that_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, content = sample("c-label-not-in-key-repository")
    starts = [timedelta(minutes=20 * at) for at in range(8)]
    quiet = [starts[-1] + timedelta(hours=hour) for hour in (9, 20)]
    later = [starts[-1] + timedelta(hours=24, minutes=20 * at) for at in range(1, 9)]
    path = tmp_path / file
    copies = days(file, content, [*starts, *later])
    # Dates are told by the lines that say something.
    words = "xcsGetEnvironmentString[MQCLNTCF] = NULL"
    lines = b"".join(f" {DAY + timedelta(hours=9) + at:%H:%M:%S}.000000   99.1    {words}\n".encode() for at in quiet)
    middle = len(days(file, content, starts))
    middle = copies.index(b"\n", middle) + 1
    path.write_bytes(copies[:middle] + lines + copies[middle:])
    monkeypatch.setattr(seeking, "LIMITS", Limits(large=0, step=16 * 1024, closely=1 << 20))
    hidden = diagnose(path, since="2026-11-25T13")
    monkeypatch.setattr(seeking, "LIMITS", Limits(large=0, step=16 * 1024, closely=32))
    seen = diagnose(path, since="2026-11-25T13")
    assert (len(hidden.outcomes), len(seen.outcomes)) == (0, 1)
    assert unread(seen) == 0
    agree(seen, all_of(path, since="2026-11-25T13"))


def test_of_a_trace_in_several_files(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    whole = days(file, content, begins(random.Random(1), 5))
    middle = whole.index(b"\n", len(whole) // 2) + 1
    first = tmp_path / file
    first.write_bytes(whole[:middle])
    (tmp_path / file.replace(".FMT", "_F1.FMT")).write_bytes(whole[middle:])
    whole_is_read(tmp_path)


def test_of_a_log_whose_days_can_be_read_in_two_ways(tmp_path: Path) -> None:
    path = tmp_path / "AMQERR01.LOG"
    path.write_bytes((TESTS / "data/readers/logs/synthetic_8.0.LOG").read_bytes() * 40)
    assert unread(diagnose(path, since="2014-09-10")) == 0


# ---------------------------------------------------------------- damage


def test_damage_stops_nothing(tmp_path: Path) -> None:
    choice = random.Random(3)
    file, content = sample("dotnet-mqserver-malformed")
    whole = days(file, content, begins(choice, 9))
    path = tmp_path / file
    for _ in range(6):
        damaged = bytearray(whole)
        for _ in range(choice.randint(1, 6)):
            place = choice.randrange(len(damaged))
            damaged[place : place + choice.choice((1, 500, 5000))] = choice.choice(
                (b"", b"\0" * 900, b"99:99:99.999999   1.1   x\n" * 20, b"x" * 9000, b"\n" * 50, bytes(range(256)))
            )
        path.write_bytes(damaged)
        report = diagnose(path, since="2026-11-25T12", until="2026-11-26T12")
        assert [each.error for each in report.inputs] == [None]


def test_what_is_no_moment_reads_all(tmp_path: Path) -> None:
    file, content = sample("c-label-not-in-key-repository")
    path = tmp_path / file
    path.write_bytes(days(file, content, begins(random.Random(1), 5)))
    assert unread(diagnose(path, since="2026-11-2x")) == 0


@pytest.mark.parametrize(
    ("until", "end"),
    [
        ("2026", datetime(2027, 1, 2)),
        ("2026-02", datetime(2026, 3, 4)),
        ("2026-02-28", datetime(2026, 3, 1)),
        ("2026-02-28T23", datetime(2026, 3, 1)),
        ("2026-02-28T23:59", datetime(2026, 3, 1)),
        ("2026-02-28T23:59:59", datetime(2026, 3, 1)),
        ("", datetime.max),
    ],
)
def test_the_end_of_a_period_is_behind_all_that_is_asked_for(until: str, end: datetime) -> None:
    assert Period(until=until).end == end
