"""Of a large log a part is read for the time asked for, and counts what reading all of it counts.

All logs are SYNTHETIC.
"""

import gzip
import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.triage.logs import entry, write
from typer.testing import CliRunner

from mqtrace import seeking
from mqtrace.cli import triage as cli_triage
from mqtrace.seeking import Limits
from mqtrace.triage.part import Question
from mqtrace.triage.planning import Planner
from mqtrace.triage.reading import read_unit
from mqtrace.triage.result import Gathering, Triage
from mqtrace.triage.running import triage
from mqtrace.triage.tables import as_dict

BEGIN = datetime(2026, 3, 17, 5)
MESSAGES = ("AMQ9999E", "AMQ9776E", "AMQ9001I", "AMQ9637E", "AMQ9519E")
EVERYTHING_IS_LARGE = Limits(large=0, step=4096, closely=256)
NOTHING_IS_LARGE = Limits(large=1 << 60)
RECORD = (
    '{{"ibm_messageId":"{message}","ibm_commentInsert1":"{channel}","ibm_datetime":"{time}","ibm_serverName":"QM1",'
    '"type":"mq_log","host":"host1","loglevel":"ERROR","ibm_processId":"{process}","ibm_threadId":"{thread}",'
    '"ibm_remoteHost":"10.0.0.7","message":"{message}: Made up."}}\n'
)


@pytest.fixture(autouse=True)
def _everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeking, "LIMITS", EVERYTHING_IS_LARGE)


def moments(choice: random.Random, count: int = 260) -> list[datetime]:
    """Times in order, some entries within seconds, some hours apart; days after the 12th can be read in one way."""
    found = [BEGIN]
    for _ in range(count - 1):
        found.append(found[-1] + timedelta(seconds=choice.choice((0, 1, 1, 3, 20, 600, 4000))))
    return found


def written(form: str, when: datetime, choice: random.Random, zone: int) -> str:
    """An entry of that time in UTC: a text of 9.x, one of 8.0, or a record of JSON; some of the texts are cut. Local
    time is `zone` hours ahead of UTC.
    """
    message, channel = choice.choice(MESSAGES), f"APP{choice.randrange(5)}.SVRCONN"
    process, thread = choice.randrange(1, 4), choice.randrange(1, 3)
    time = f"{when:%Y-%m-%dT%H:%M:%S}.250Z"
    if form == "json":
        return RECORD.format(message=message, channel=channel, time=time, process=process, thread=thread)
    inserts = ("RemoteHost(10.0.0.7)", f"CommentInsert1({channel})") if form == "9.x" else ()
    text = entry(
        message,
        date=f"{when + timedelta(hours=zone):%m/%d/%y %H:%M:%S}",
        time=time if form == "9.x" else "",
        process=f"{process}.{thread}",
        inserts=inserts,
    )
    return text[: choice.randrange(1, len(text))] if choice.random() < 0.05 else text


def log(
    folder: Path, form: str = "9.x", times: list[datetime] | None = None, zone: int = 0
) -> tuple[str, list[datetime]]:
    """A log, and the times of its entries in UTC."""
    choice = random.Random(form)
    times = times or moments(choice)
    texts = [written(form, when, choice, zone) for when in times]
    return write(folder, "".join(texts), f"AMQERR01.{'json' if form == 'json' else 'LOG'}"), times


def counted(path: str, question: Question) -> Triage:
    return triage([path], question, processes=1)


def whole(path: str, question: Question) -> Triage:
    """What reading all of it counts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeking, "LIMITS", NOTHING_IS_LARGE)
        return counted(path, question)


def shared(path: str, question: Question) -> Triage:
    """What three processes count together, each a range of what is read."""
    gathering = Gathering(question)
    (job,) = Planner(question, 3, 8192).jobs([path])
    assert len(job.units) > 1
    part = gathering.add(job.name, [read_unit(unit, question) for unit in job.units], job.line)
    return gathering.result([job.row(part)])


def told(found: Triage) -> tuple[dict[str, Any], list[tuple[object, ...]]]:
    """All of the answer but what was read, and how much that was."""
    answer = as_dict(found)
    inputs, notes = answer.pop("inputs"), answer.pop("notes")
    assert any("not read" in note for note in notes) == any(each["unread"] for each in inputs)
    return answer, [(each["file"], each["kind"], each["records"], each["unparsed_lines"]) for each in inputs]


def unread(found: Triage) -> int:
    return sum((part.end or 0) - part.begin for each in found.inputs for part in each.unread)


# ---------------------------------------------------------------- the same as reading all


@pytest.mark.parametrize(("form", "zone"), [("9.x", 3), ("9.x", -5), ("8.0", 0), ("json", 0)])
def test_a_part_of_a_log_counts_what_all_of_it_counts(tmp_path: Path, form: str, zone: int) -> None:
    """In a log of 9.x, entries that were cut before their UTC have local time alone."""
    path, times = log(tmp_path, form, zone=zone)
    choice = random.Random(3)
    left = 0
    for number in range(3):
        first, last = sorted(choice.sample(times, 2))
        since = "" if number == 1 else f"{first:%Y-%m-%dT%H:%M:%S}"
        until = "" if number == 0 else f"{last:%Y-%m-%dT%H:%M}"
        question = Question(("message", "channel", "hour")[number], since, until)
        part, everything = counted(path, question), whole(path, question)
        assert told(part) == told(everything)
        assert part.rows
        assert part.inputs[0].size + unread(part) == Path(path).stat().st_size
        assert part.inputs[0].lines < everything.inputs[0].lines or not unread(part)
        left += unread(part)
    assert left > Path(path).stat().st_size / 2  # of all three together


@pytest.mark.parametrize("form", ["9.x", "json"])
def test_several_processes_share_what_is_left(tmp_path: Path, form: str) -> None:
    path, times = log(tmp_path, form)
    question = Question(since=f"{times[100]:%Y-%m-%dT%H:%M}", until=f"{times[200]:%Y-%m-%dT%H:%M}")
    found = shared(path, question)
    assert len(found.inputs[0].unread) == 2
    assert as_dict(found) == as_dict(counted(path, question))
    assert told(found) == told(whole(path, question))


def test_an_hour_that_local_time_has_twice_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In autumn, in a log without UTC that is too quiet for any two looks to see it."""
    monkeypatch.setattr(seeking, "LIMITS", Limits(large=0, step=8192, closely=8192))
    for night in range(73, 76):
        times = [BEGIN + timedelta(minutes=10 * number) for number in range(150)]
        times[night:] = [when - timedelta(hours=1) for when in times[night:]]
        path, _ = log(tmp_path, "8.0", times)
        moment = f"{times[night + 3]:%Y-%m-%dT%H:%M}"
        for question in (Question(until=moment), Question(since=moment)):
            part = counted(path, question)
            assert unread(part)
            assert told(part) == told(whole(path, question))


@pytest.mark.parametrize("zone", [3, -5])
def test_an_entry_that_was_cut_before_its_utc_counts_by_its_local_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zone: int
) -> None:
    monkeypatch.setattr(seeking, "LIMITS", Limits(large=0, step=1024))
    local = timedelta(hours=zone)
    times = [BEGIN + timedelta(minutes=20 * number) for number in range(200)]
    texts = [
        entry("AMQ9001I", date=f"{when + local:%m/%d/%y %H:%M:%S}", time=f"{when:%Y-%m-%dT%H:%M:%S}.000Z")
        for when in times
    ]
    texts[100] = texts[100][: texts[100].index("VRMF")] + "\n"
    path = write(tmp_path, "".join(texts))
    hour = f"{times[100] + local:%Y-%m-%dT%H}"
    question = Question("queue-manager", hour, hour)
    part = counted(path, question)
    assert [(row.key, row.count) for row in part.rows] == [("QM1", 3), ("", 1)]
    assert len(part.inputs[0].unread) == 2
    assert told(part) == told(whole(path, question))


def test_of_an_incident_that_began_before_the_time_the_rest_is_told_as_ever(tmp_path: Path) -> None:
    times = [BEGIN + timedelta(minutes=20 * number) for number in range(60)]
    texts = [entry("AMQ9001I", time=f"{when:%Y-%m-%dT%H:%M}:00.000Z", process="9.9") for when in times]
    day, lines = "2026-03-17T23:59:", texts[0].count("\n")
    # AMQ9776 is why, AMQ9999 what comes of it a second later.
    texts[57:57] = [entry("AMQ9776E", time=f"{day}58.000Z"), entry("AMQ9999E", time=f"{day}59.000Z")]
    path = write(tmp_path, "".join(texts))
    for since, messages, line in (("58", "AMQ9776 > AMQ9999", 57), ("59", "AMQ9999", 58)):
        part, everything = (read(path, Question(since=f"{day}{since}")) for read in (counted, whole))
        assert [each.messages for each in part.incidents] == [(messages,)]
        assert part.incidents[0].events[0].entries[0][1] == line * lines + 1
        assert told(part) == told(everything)
        assert unread(part)


def test_a_time_without_entries_gives_none(tmp_path: Path) -> None:
    path, times = log(tmp_path)
    for asked in ({"since": f"{times[-1] + timedelta(days=1):%Y-%m-%d}"}, {"until": "2026-03-16"}):
        found = counted(path, Question(**asked))
        assert (found.rows, found.incidents, found.inputs[0].records) == ((), (), 0)
        assert 0 < found.inputs[0].size < unread(found)


# ---------------------------------------------------------------- all is read


def test_where_times_go_back_all_is_read(tmp_path: Path) -> None:
    times = [BEGIN + timedelta(minutes=10 * number) for number in range(200)]
    question = Question(since="2026-03-17T20", until="2026-03-17T20")
    ordered = counted(log(tmp_path, times=times)[0], question)
    assert unread(ordered)
    times[100:] = [when - timedelta(hours=12) for when in times[100:]]
    path, _ = log(tmp_path, times=times)
    back = counted(path, question)
    assert unread(back) == 0
    assert told(back) == told(whole(path, question))
    assert back.entries == 2 * ordered.entries == 12


def test_of_what_is_small_packed_or_of_another_kind_all_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, times = log(tmp_path)
    question = Question(since=f"{times[-20]:%Y-%m-%dT%H}")
    packed = tmp_path / "packed.LOG.gz"
    packed.write_bytes(gzip.compress(Path(path).read_bytes()))
    liberty = "".join(
        f"[{when:%m/%d/%y %H:%M:%S}:123 UTC] 0000002a com.ibm.ws.Made E CWPKI0823E: Made up.\n" for when in times
    )
    other = write(tmp_path, liberty, "messages.log")
    utf_16 = write(tmp_path, Path(path).read_text().encode("utf-16"), "AMQERR02.LOG")
    assert [unread(counted(each, question)) for each in (str(packed), other, utf_16)] == [0, 0, 0]
    assert counted(other, question).entries
    size = Path(path).stat().st_size
    for large, is_read in ((8 * size, False), (8 * size + 8, True)):
        monkeypatch.setattr(seeking, "LIMITS", Limits(large=large, step=4096))
        assert (unread(counted(path, question)) == 0) == is_read


# ---------------------------------------------------------------- said


def run(*words: object) -> tuple[str, str]:
    """Standard output and standard error, each in one line."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(cli_triage.command)
    result = CliRunner().invoke(app, [*map(str, words), "--processes", "1"])
    assert result.exit_code == 0
    return result.stdout, " ".join(result.stderr.split())


@pytest.mark.parametrize("form", ["text", "md", "html", "json", "csv"])
def test_every_form_says_what_was_not_read(tmp_path: Path, form: str) -> None:
    path, times = log(tmp_path)
    out, error = run(path, "--since", f"{times[-20]:%Y-%m-%dT%H}", "--format", form)
    (rest,) = counted(path, Question(since=f"{times[-20]:%Y-%m-%dT%H}")).inputs[0].unread
    said = f"bytes 0 to {rest.end:,} ({rest.first} to {rest.last}) were not read, since another time is asked for"
    assert f"mqtrace: {path}: {said}" in error
    # A table of rows alone has no room for sentences.
    assert (said in " ".join(out.split())) == (form != "csv")
    if form == "json":
        assert json.loads(out)["inputs"][0]["unread"] == [
            {"from": 0, "to": rest.end, "first": rest.first, "last": rest.last}
        ]


def test_of_several_logs_one_sentence_tells_how_much_and_the_page_of_each(tmp_path: Path) -> None:
    path, times = log(tmp_path)
    write(tmp_path, Path(path).read_bytes(), "AMQERR02.LOG")
    out, error = run(tmp_path, "--since", f"{times[-20]:%Y-%m-%dT%H}", "--format", "html")
    found = counted(str(tmp_path), Question(since=f"{times[-20]:%Y-%m-%dT%H}"))
    assert f"mqtrace: {unread(found):,} bytes of 2 logs were not read (--format json lists them), since" in error
    assert out.count(f"bytes 0 to {found.inputs[0].unread[0].end:,} (2026-03-17T05:") == 2
