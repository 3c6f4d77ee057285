"""Counts, rows and incidents of whole logs."""

import re
from collections import Counter
from pathlib import Path
from typing import cast

import pytest
import typer
from tests.triage.logs import entry, fleet, hour, write
from typer.testing import CliRunner, Result

from mqtrace.cli import triage as cli_triage
from mqtrace.formats import format_of
from mqtrace.inputs import open_sources
from mqtrace.readers import LogReader
from mqtrace.readers.tally import Tally
from mqtrace.triage.part import Question
from mqtrace.triage.running import triage
from mqtrace.triage.tables import as_dict, rendered_csv

FAILURE_REPORTS = Path(__file__).parents[1] / "data" / "fdc"


def run_command(*words: str) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(cli_triage.command)
    return CliRunner().invoke(app, [*words, "--processes", "1"])


def counts(path: str, by: str = "message", **limits: str) -> dict[str, int]:
    return {row.key: row.count for row in triage([path], Question(by, **limits), processes=1).rows}


def test_counts_per_message_are_those_of_an_independent_count(tmp_path: Path) -> None:
    text = fleet()
    independent = Counter(re.findall(r"^(AMQ\d{4})[EIW]: Some", text, re.M))
    independent[""] = 5
    assert counts(write(tmp_path, text)) == independent


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("channel", {"A.B": 2, "": 1}),
        ("host", {"h1": 2, "h2": 1}),
        ("user", {"joe": 2, "mqm": 1}),
        ("program", {"amqrmppa": 3}),
        ("queue-manager", {"QM1": 3}),
        ("reason", {"2035": 1, "": 2}),
        ("hour", {"2026-03-17T01": 2, "2026-03-17T05": 1}),
        ("day", {"2026-03-17": 3}),
    ],
)
def test_every_column_can_be_counted_by(tmp_path: Path, by: str, expected: dict[str, int]) -> None:
    channel = ("CommentInsert1(A.B)",)
    failed = ("ArithInsert1(2) ArithInsert2(2035)", "CommentInsert1(joe)")
    text = (
        entry("AMQ9001I", time=hour(1), inserts=channel, host="h1", user="joe")
        + entry("AMQ9999E", time=hour(1, 5), inserts=channel, host="h1")
        + entry("AMQ9557E", time=hour(5), inserts=failed, host="h2", user="joe")
    )
    assert counts(write(tmp_path, text), by) == expected


def test_a_row_has_first_last_rate_and_a_sample(tmp_path: Path) -> None:
    path = write(
        tmp_path, entry("AMQ9999E", time=hour(3)) + entry("AMQ9001I", time=hour(2)) + entry("AMQ9999E", time=hour(1))
    )
    row = triage([path], processes=1).rows[0]
    assert (row.key, row.count, row.first, row.last, row.rate, row.line) == ("AMQ9999", 2, hour(1), hour(3), 1.0, 1)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"since": "2026-03-17T02"}, {"AMQ9999": 1}),
        ({"until": "2026-03-17T02:59"}, {"AMQ9001": 1}),
        ({"until": "2026-03-17"}, {"AMQ9001": 1, "AMQ9999": 1}),
        ({"since": "2026-03-18"}, {}),
    ],
)
def test_only_the_time_asked_for_is_counted(tmp_path: Path, limits: dict[str, str], expected: dict[str, int]) -> None:
    path = write(tmp_path, entry("AMQ9001I", time=hour(1)) + entry("AMQ9999E", time=hour(3)))
    assert counts(path, **limits) == expected


def test_a_burst_is_an_hour_that_stands_out(tmp_path: Path) -> None:
    text = "".join(entry("AMQ9999E", time=hour(number)) for number in range(6)) + entry("AMQ9999E", time=hour(7)) * 30
    assert triage([write(tmp_path, text)], processes=1).rows[0].bursts == ("2026-03-17T07",)


def test_entries_of_one_event_are_one_incident_with_a_first_cause(tmp_path: Path) -> None:
    channel = ("CommentInsert1(A.B)",)
    chain = [entry(each, time=hour(1), inserts=channel) for each in ("AMQ9776E", "AMQ9999E")]
    other = entry("AMQ9776E", time=hour(1), process="100.2", inserts=channel)
    found = triage([write(tmp_path, chain[0] + other + chain[1])], processes=1).incidents
    assert [(each.cause, each.count, each.entries, each.line) for each in found] == [("channel.blocked", 2, 3, 1)]
    assert found[0].messages == ("AMQ9776", "AMQ9776 > AMQ9999")


@pytest.mark.parametrize("form", ["text", "json", "csv", "md", "html"])
def test_entries_that_are_in_no_row_are_counted_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("mqtrace.triage.reading.MOST_CELLS", 2)
    path = write(tmp_path, "".join(entry("AMQ9999E", time=hour(1), user=f"user{number}") for number in range(5)))
    found = triage([path], Question("user"), processes=1)
    note = (
        "3 entries are in no row of the table: an input holds more than 200,000 "
        "different values of user (on different days)."
    )
    assert (found.entries, found.inputs[0].records, found.not_in_rows, found.notes) == (2, 5, 3, (note,))
    assert as_dict(found)["not_in_rows"] == 3
    result = run_command(path, "--by", "user", "--format", form)
    assert f"mqtrace: {note}" in result.stderr.splitlines()
    assert note in " ".join(result.stdout.split()) or form == "csv"


def test_a_log_that_is_there_as_text_and_as_json_is_told(tmp_path: Path) -> None:
    record = '{"ibm_messageId":"AMQ9999E","ibm_datetime":"2026-03-17T01:00:00.000Z","message":"AMQ9999E: Ended."}\n'
    for name, text in (
        ("AMQERR01.LOG", entry("AMQ9999E", time=hour(1))),
        ("AMQERR01.json", record),
        ("AMQERR02.json", record),
    ):
        write(tmp_path, text, name)
    (note,) = triage([str(tmp_path)], processes=1).notes
    assert note == (
        f"Entries of {tmp_path}/AMQERR01.LOG may be counted twice: the same log is "
        "there as text and as JSON; give one of both."
    )


def test_an_incident_begins_with_the_entry_that_stands_first_whatever_closes_first(tmp_path: Path) -> None:
    first = entry("AMQ9776E", time=hour(1), process="1.1")
    later = [entry("AMQ9776E", time=hour(2, minute), process="2.2") for minute in range(3)]
    write(tmp_path, first + "".join(later), "a.LOG")
    write(tmp_path, entry("AMQ9001I", time=hour(0)) + entry("AMQ9776E", time=hour(0, 30)), "b.LOG")
    found = triage([str(tmp_path)], processes=1).incidents
    assert [(each.first, each.last, each.line) for each in found] == [(hour(0, 30), hour(2, 2), 13)]
    assert found[0].file.endswith("b.LOG")


def test_an_incident_ends_when_seconds_pass(tmp_path: Path) -> None:
    text = entry("AMQ9776E", time=hour(1)) + entry("AMQ9999E", time=hour(1, 1))
    found = triage([write(tmp_path, text)], processes=1).incidents
    assert [(each.cause, each.count) for each in found] == [("channel.blocked", 1), ("", 1)]


def test_what_the_agent_wrote_is_the_cause_of_what_the_channel_wrote(tmp_path: Path) -> None:
    agent = entry("AMQ5534E", time=hour(1), program="amqzlaa0", process="7.1")
    channel = entry("AMQ9557E", time=hour(1)) + entry("AMQ9999E", time=hour(1))
    found = triage([write(tmp_path, agent + channel)], processes=1).incidents
    assert [(each.cause, each.count, each.entries, each.line) for each in found] == [("auth.password-wrong", 1, 3, 1)]


@pytest.mark.parametrize("by", ["message", "channel", "hour"])
def test_four_processes_give_the_bytes_that_one_gives(tmp_path: Path, by: str) -> None:
    write(tmp_path, fleet(4000), "a.LOG")
    write(tmp_path, fleet(50), "b.LOG")
    answers = [triage([str(tmp_path)], Question(by), processes=number, smallest_range=100_000) for number in (1, 4)]
    assert rendered_csv(answers[0]) == rendered_csv(answers[1])
    assert as_dict(answers[0]) == as_dict(answers[1])


def test_the_one_cause_among_ten_thousand_consequences_comes_first(tmp_path: Path) -> None:
    noise = [
        entry(
            message,
            time=f"2026-03-17T{number // 420:02}:{number // 7 % 60:02}:00.000Z",
            process=f"{number % 90}.{number % 7}",
        )
        for number in range(3334)
        for message in ("AMQ9209E", "AMQ9999E", "AMQ9001I")
    ]
    noise.insert(5000, entry("AMQ9637E", time="2026-03-17T04:00:00.000Z", process="4242.1"))
    first = triage([write(tmp_path, "".join(noise))], processes=1).incidents[0]
    assert (first.cause, first.count) == ("tls.client-certificate-missing", 1)


def test_of_proved_causes_of_a_day_the_most_frequent_comes_first_and_what_all_end_in_last(
    tmp_path: Path,
) -> None:
    often = [entry("AMQ9519E", time=f"2026-03-17T01:{number:02}:00.000Z", process=f"1.{number}") for number in range(3)]
    seldom = entry("AMQ9637E", time="2026-03-17T04:00:00.000Z", process="4242.1")
    ends = [entry("AMQ9209E", time=f"2026-03-17T05:{number:02}:00.000Z", process=f"2.{number}") for number in range(9)]
    log = write(tmp_path, "".join([seldom, *often, *ends]))
    found = triage([log], processes=1).incidents
    assert [each.cause for each in found][:2] == ["channel.unknown", "tls.client-certificate-missing"]
    assert [each.is_proved for each in found] == [True, True, False]
    told = run_command(log).stdout
    assert told.startswith("3 causes, the newest: The queue manager has no channel of that name")


def test_the_worst_is_of_the_newest_day_not_the_most_frequent_of_years(tmp_path: Path) -> None:
    old = [entry("AMQ9519E", time=f"2023-03-17T01:{number:02}:00.000Z", process=f"1.{number}") for number in range(9)]
    new = entry("AMQ9637E", time="2026-03-17T04:00:00.000Z", process="4242.1")
    found = triage([write(tmp_path, "".join([*old, new]))], processes=1).incidents
    assert [each.cause for each in found] == ["tls.client-certificate-missing", "channel.unknown"]


@pytest.mark.parametrize(("since", "until"), [("2026-03-05", ""), ("", "2026-03-04")])
def test_the_time_asked_for_filters_incidents_as_it_filters_rows(tmp_path: Path, since: str, until: str) -> None:
    """The days can be read both ways; their neighbours tell which is meant."""
    days = ("04/03/2026", "05/03/2026", "06/03/2026", "20/03/2026")
    texts = [
        f"{day} 10:00:0{at} - Process(1.{at}) User(mqm) Program(amqrmppa)\nAMQ9519E: Channel 'A' not found.\n\n"
        f"----- a.c : 1 ---\n"
        for at, day in enumerate(days)
    ]
    found = triage([write(tmp_path, "".join(texts))], Question(since=since, until=until), processes=1)
    assert [each.count for each in found.incidents] == [each.count for each in found.rows] == [3 if since else 1]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp932", "euc-jp", "cp1252"])
def test_a_log_in_any_encoding_is_counted(tmp_path: Path, encoding: str) -> None:
    text = (
        entry("AMQ9999E", "チャネル 'A.B' für", time=hour(1)).encode(encoding, "replace")
        + entry("AMQ9001I").encode(encoding)[2 if encoding == "utf-16" else 0 :]
    )
    assert counts(write(tmp_path, text)) == {"AMQ9001": 1, "AMQ9999": 1}


LIBERTY = "[11/28/26 19:00:01:123 UTC] 0000002a com.ibm.ws.Made"
TIME = '"ibm_datetime":"2026-03-17T01:12:25.000Z"'
OTHERS = (
    ("2024-02-13 09:36:21 +CSQX620E %CSQ9 CSQXRESP Made up, channel A.B\n" * 3, {"CSQX620": 3}),
    (
        f"{LIBERTY} E CWPKI0823E: Made up.\n" * 2 + f"{LIBERTY} I CWWKO0219I: Made up.\n",
        {"CWPKI0823": 2, "CWWKO0219": 1},
    ),
    (
        "2021-09-21T11:15:36.159Z AMQ9557E: Made up for 'app'. [ArithInsert1(2), ArithInsert2(2035)]\n" * 4,
        {"AMQ9557": 4},
    ),
    (
        f'{{"ibm_messageId":"AMQ9999E",{TIME},"message":"AMQ9999E: It ended."}}\n'
        f'{{"type":"liberty_message",{TIME},"ibm_messageId":"CWWKO0801E","message":"CWWKO0801E: made up"}}\n',
        {"AMQ9999": 1, "CWWKO0801": 1},
    ),
)


@pytest.mark.parametrize(("text", "expected"), OTHERS)
def test_logs_of_other_products_are_counted_as_their_readers_read_them(
    tmp_path: Path, text: str, expected: dict[str, int]
) -> None:
    path = write(tmp_path, text, "messages.log")
    for source in open_sources([path]):
        known = format_of(source.head())
        assert known is not None
        reader = cast("LogReader", known.reader)
        assert Counter(each.message for each in reader.read(source, Tally())) == expected
    assert counts(path) == expected


@pytest.mark.parametrize(
    "content", [b"", b"\0" * 5000, bytes(range(256)) * 400, b"AMQ" * 9000, b"\n-----\n" * 9000, b"\xff\xfe"]
)
def test_what_is_no_log_is_a_row_without_entries(tmp_path: Path, content: bytes) -> None:
    found = triage([write(tmp_path, content)], processes=1)
    assert (found.entries, [each.records for each in found.inputs]) == (0, [0])


def test_a_missing_path_is_told_in_one_sentence() -> None:
    assert [each.error and each.error.partition(":")[0] for each in triage(["no-such-log"], processes=1).inputs] == [
        "There is no such file or folder (or a link leads to nothing)"
    ]


def test_failure_reports_are_a_row_a_probe_the_newest_first() -> None:
    """As ffstsummary lists them."""
    found = triage([str(FAILURE_REPORTS)], Question(by="probe"))
    named = [(row.key.split()[0], row.count) for row in found.rows if row.key]
    assert {probe for probe, _ in named} >= {"XC022001"}
    assert sum(count for _, count in named) == found.entries
    assert [row.last for row in found.rows] == sorted((row.last for row in found.rows), reverse=True)
