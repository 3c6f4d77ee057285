"""AMQERR logs as text: layouts of 5.3 to 9.4, pastes and damage."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import DATA, HEADER, entry, read

from mqtrace.readers.logs import errorlog_text
from mqtrace.readers.tally import Tally


def test_an_entry_of_9_0_5_with_all_its_fields():
    first, second = read(errorlog_text, (DATA / "synthetic_9.0.5.LOG").read_bytes())
    assert (first.message, first.severity, first.module, first.complete) == ("AMQ9208", "E", "amqccita.c:4214", True)
    assert first.text == "Made-up words about 'node9 (192.0.2.1)' and 'TO.QM9   '."
    assert first.quoted == ("node9 (192.0.2.1)", "TO.QM9")
    assert (first.process, first.thread) == (6029646, "6029646.412472")
    assert (first.user, first.program, first.host, first.installation) == (
        "brk(admin)",
        "amqrmppa",
        "NODE1",
        "Installation1",
    )
    assert (first.level, first.queue_manager, first.remote_host) == ("9.0.5.0", "QM1", "192.0.2.1(1480)")
    assert first.when == datetime(2021, 3, 17, 1, 12, 25)
    assert first.utc == datetime(2021, 3, 17, 7, 12, 25, 367000, UTC)
    assert first.inserts == {
        1: "104",
        2: "104",
        3: "node9 (192.0.2.1)(1414)",
        4: " recv()",
        5: "MCAUSER(app) CLNTUSER(jochen)",
    }
    assert (first.location.line, second.location.line) == (1, 19)
    assert second.inserts == {3: "TO.QM9"}


def test_an_entry_of_8_0_gives_its_number_and_quotes_in_place_of_inserts():
    first, second = read(errorlog_text, (DATA / "synthetic_8.0.LOG").read_bytes())
    assert (first.message, first.severity, first.inserts) == ("AMQ9202", "", {1: "111"})
    assert first.quoted == ("node6 (192.0.2.8) (1414)",)
    assert (second.message, second.module, second.complete) == ("AMQ5051", "", True)
    assert second.when == datetime(2014, 9, 13, 16, 56, 3)


def test_an_entry_of_5_3_has_only_a_date():
    entries = read(errorlog_text, (DATA / "synthetic_5.3.LOG").read_bytes())
    assert [(each.message, each.when, each.location.line, each.complete) for each in entries] == [
        ("AMQ9208", datetime(2005, 10, 17, 9, 29, 31), 2, True),
        ("AMQ7463", datetime(2005, 10, 18, 13, 30, 13), 10, True),
    ]


def test_one_file_mixes_locales_code_pages_and_carriage_returns():
    first, second = read(errorlog_text, (DATA / "synthetic_two_locales_cp1252.LOG").read_bytes())
    assert (first.text, first.quoted) == ("Erfundener Text über 'QM1'.", ("QM1",))
    assert (first.program, first.complete) == ("CRTMQM.EXE", True)
    assert first.when == datetime(2018, 10, 11, 10, 39, 30)
    assert second.when == datetime(2018, 10, 11, 10, 40, 30)


def test_a_full_disk_cuts_an_entry_and_the_next_is_glued_to_its_rest():
    tally = Tally()
    entries = read(errorlog_text, (DATA / "synthetic_disk_full.LOG").read_bytes(), tally)
    assert [(each.message, each.process, each.complete) for each in entries] == [
        ("AMQ9999", 6029646, True),
        ("", 135, False),
        ("AMQ9208", 6029646, True),
    ]
    assert entries[1].host == "NODE1"
    assert (tally.records, tally.unparsed) == (3, 1)


DATES = [
    ("03/17/21 01:12:25", "", datetime(2021, 3, 17, 1, 12, 25)),
    ("17/03/2021 01:12:25", "", datetime(2021, 3, 17, 1, 12, 25)),
    ("09/13/2014 04:56:03 PM", "", datetime(2014, 9, 13, 16, 56, 3)),
    ("09/13/2014 12:56:03 AM", "", datetime(2014, 9, 13, 0, 56, 3)),
    ("11.10.2018 10:39:30", "", datetime(2018, 10, 11, 10, 39, 30)),
    ("3/31/2025 15:52:45", "", datetime(2025, 3, 31, 15, 52, 45)),
    ("2021-03-04 01:12:25", "", datetime(2021, 3, 4, 1, 12, 25)),
    ("2014年09月03日 16時56分03秒", "", datetime(2014, 9, 3, 16, 56, 3)),
    ("04/04/2021 01:12:25", "", datetime(2021, 4, 4, 1, 12, 25)),
    ("03/04/2021 01:12:25", "", None),
    ("03/04/2021 01:12:25", "2021-04-02T23:12:25.000Z", datetime(2021, 4, 3, 1, 12, 25)),
    ("03/04/2021 01:12:25", "2021-03-04T07:12:25.000Z", datetime(2021, 3, 4, 1, 12, 25)),
    ("14/09/03 16:56:03", "2014-09-03T07:56:03.000Z", datetime(2014, 9, 3, 16, 56, 3)),
    ("02/17/2022 06.40.06 PM", "", datetime(2022, 2, 17, 18, 40, 6)),
    ("31/31/2025 15:52:45", "", None),
    ("09/13/2014 04:56:03 ΜΜ", "", None),
]


@pytest.mark.parametrize(("date", "utc", "when"), DATES)
def test_the_date_of_an_entry(date, utc, when):
    (found,) = read(errorlog_text, entry(date, *([f"Time({utc})"] if utc else [])))
    assert found.when == when


def test_neighbours_tell_what_an_ambiguous_date_means():
    days = ["03/28/2014", "04/03/2014", "04/15/2014"]
    found = read(errorlog_text, "".join(entry(f"{day} 10:00:00") for day in days))
    assert [each.when for each in found] == [
        datetime(2014, 3, 28, 10),
        datetime(2014, 4, 3, 10),
        datetime(2014, 4, 15, 10),
    ]


def test_a_date_stays_ambiguous_when_both_meanings_lie_between_its_neighbours():
    days = ["01/13/2014", "04/03/2014", "05/15/2014"]
    assert read(errorlog_text, "".join(entry(f"{day} 10:00:00") for day in days))[1].when is None


def test_a_last_entry_without_a_footer_is_kept():
    whole = entry() + entry(message="AMQ9002I: Begins.")
    found = read(errorlog_text, whole[: whole.rindex("----- made.c")])
    assert [(each.message, each.complete) for each in found] == [("AMQ9999", True), ("AMQ9002", False)]


def test_entries_pasted_without_headers():
    text = (
        "Hello,\nwe see this:\n\nAMQ9503E: Talks failed.\n\nEXPLANATION:\nNo.\nACTION:\nNone.\n----- a.c : 1 "
        "------\n\nAMQ9999E: Gone.\n"
    )
    found = read(errorlog_text, text)
    assert [(each.message, each.text, each.location.line) for each in found] == [
        ("AMQ9503", "Talks failed.", 4),
        ("AMQ9999", "Gone.", 12),
    ]
    assert not any(each.complete for each in found)


def test_message_lines_that_grep_left():
    assert [each.text for each in read(errorlog_text, "AMQ9209E: One.\nAMQ9999E: Two.\n")] == ["One.", "Two."]


def test_a_message_id_at_the_begin_of_a_line_of_the_explanation_is_no_entry():
    text = entry().replace("made-up text.", "made-up text that names\nAMQ7077: another one.")
    assert [each.message for each in read(errorlog_text, text)] == ["AMQ9999"]


@pytest.mark.parametrize("margin", ["> ", "   ", ">> ", "\t"])
def test_quoted_and_indented_pastes(margin):
    text = "".join(f"{margin}{line}\n" for line in entry(message="AMQ9999E: Gone\naway.").splitlines())
    (found,) = read(errorlog_text, "see below\n" + text)
    assert (found.message, found.text, found.user, found.module, found.complete) == (
        "AMQ9999",
        "Gone away.",
        "mqm",
        "made.c:12",
        True,
    )


def test_newlines_flattened_to_blanks():
    fields = (
        "Host(h) Installation(i)",
        "VRMF(9.1.0.0) QMgr(QM1)",
        "CommentInsert1(a (b)(1))",
        "CommentInsert2(TCP/IP)",
    )
    flat = " ".join((entry("03/17/21 01:12:25", *fields) + entry(process="3.4")).split())
    first, second = read(errorlog_text, flat)
    assert (first.message, first.text, first.queue_manager) == ("AMQ9999", "Channel 'A.B' went away.", "QM1")
    assert (first.inserts, first.module, first.complete) == ({3: "a (b)(1)", 4: "TCP/IP"}, "made.c:12", True)
    assert (second.thread, second.location.line) == ("3.4", 1)


def test_blank_lines_lost_in_a_paste():
    text = entry(message="AMQ9999E: Gone\naway.").replace("\n\n", "\n").replace(f"{'':19}\n", "")
    assert read(errorlog_text, text)[0].text == "Gone away."


def test_headings_of_any_language_end_the_message():
    text = entry().replace("\n\nEXPLANATION:", "\nPOJASNILO:").replace("ACTION:", "DEJANJE:")
    assert read(errorlog_text, text)[0].text == "Channel 'A.B' went away."


def test_interleaved_writers_lose_no_message():
    first, second = entry(process="1.1", message="AMQ9001I: A."), entry(process="2.2", message="AMQ9002I: B.")
    header, rest = first.split("\n", 1)
    found = read(errorlog_text, f"{header}\n{second}{rest}")
    assert [(each.thread, each.message) for each in found] == [("1.1", ""), ("2.2", "AMQ9002"), ("", "AMQ9001")]


def test_nuls_between_entries():
    found = read(errorlog_text, entry().encode() + b"\0" * 5000 + entry(message="AMQ9001I: Ends.").encode())
    assert [(each.message, each.complete) for each in found] == [("AMQ9999", True), ("AMQ9001", True)]


def test_utf_16_with_a_byte_order_mark():
    data = entry().encode("utf-16")
    assert errorlog_text.sniff(data)
    assert [(each.message, each.thread, each.complete) for each in read(errorlog_text, data)] == [
        ("AMQ9999", "1.2", True)
    ]


REASONS = [
    ("Calls failed with CompCode 2 and Reason\n2035.", 2035),
    ("It failed with reason code 2162.", 2162),
    ("It failed with reason 2009.", 2009),
    ("In 2035 nothing failed.", None),
    ("It failed with reason 43.", None),
]


@pytest.mark.parametrize(("sentence", "code"), REASONS)
def test_the_reason_code_that_an_explanation_states(sentence, code):
    assert read(errorlog_text, entry().replace("This is a made-up text.", sentence))[0].reason_code == code


def test_the_reason_code_that_an_insert_states():
    text = entry(
        "03/17/21 01:12:25", "ArithInsert1(2) ArithInsert2(2035)", "CommentInsert1(app)", message="AMQ9557E: Not 'app'."
    )
    assert read(errorlog_text, text)[0].reason_code == 2035


def test_secrets_are_masked():
    text = entry(
        "03/17/21 01:12:25", "CommentInsert2(tool -pw hunter2 -x)", message="AMQ6206I: tool password=hunter2 was run."
    )
    (found,) = read(errorlog_text, text)
    assert (found.text, found.inserts) == ("tool password=*** was run.", {4: "tool -pw *** -x"})


def test_an_entry_longer_than_the_cap_is_cut_and_the_next_one_is_found():
    tally = Tally()
    found = read(
        errorlog_text, entry().replace("This is", "This is " * 20000) + entry(message="AMQ9001I: Ends."), tally
    )
    assert [(each.message, each.complete) for each in found] == [("AMQ9999", False), ("AMQ9001", True)]
    assert found[0].location.length == 65536
    assert found[1].location.line == 10


def test_a_line_of_many_megabytes_between_two_entries():
    found = read(errorlog_text, entry().encode() + b"x" * 5_000_000 + b"\n" + entry(message="AMQ9001I: Ends.").encode())
    assert [(each.message, each.location.line) for each in found] == [("AMQ9999", 1), ("AMQ9001", 11)]


def test_the_same_entries_whatever_the_size_of_the_chunks(monkeypatch):
    data = (
        "".join(entry(process=f"{number}.1") for number in range(40)) + (DATA / "synthetic_disk_full.LOG").read_text()
    )
    whole = read(errorlog_text, data)
    monkeypatch.setattr("mqtrace.readers.logs.log_chunks.CHUNK_SIZE", 37)
    assert read(errorlog_text, data) == whole


SNIFFS = [
    (HEADER, True),
    ("> " + HEADER, True),
    ("some prose\n\nAMQ9999E: Gone.\n", True),
    ("10/17/05  09:29:31\nAMQ9208: Words.\n", True),
    ("2021-09-21T11:15:36.159Z AMQ9557E: Words.", False),
    ('{"ibm_messageId":"AMQ9557E"}', False),
    ("see AMQ9999E: it is bad", False),
    ("Process(1.2) is running", False),
    ("AMQ9202E: away.\nMQCONN ended with reason code 2538\n", False),
    ("", False),
]


@pytest.mark.parametrize(("head", "expected"), SNIFFS)
def test_what_is_such_a_log(head, expected):
    assert errorlog_text.sniff(head.encode()) is expected


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000), st.binary(max_size=2000))
def test_damage_around_an_entry_does_not_lose_it(before, after):
    whole = entry(message="AMQ4242E: Whole.", process="4242.1").encode()
    found = read(errorlog_text, before + b"\n" + whole + after)
    assert [(each.thread, each.text, each.module) for each in found if each.message == "AMQ4242"] == [
        ("4242.1", "Whole.", "made.c:12")
    ]


PIECES = st.sampled_from(
    [HEADER, " Process(", "AMQ9999E: ", "\n", "-----", "Host(", ")", "'", "\0", "Time(x)", "ArithInsert1(9", ":", "> "]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_mixture_of_pieces_counts_what_it_yields(text):
    tally = Tally()
    found = read(errorlog_text, text, tally)
    assert tally.records == len(found)
    assert tally.unparsed == sum(not each.message for each in found)
    assert tally.size == len(text.encode())


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"), [("linux-7.5-8.0-AMQERR01.LOG", 3373), ("container-9.2.4-AMQERR01.LOG", 61)]
)
def test_every_entry_of_a_genuine_log(amqerr, name, count):
    data = (amqerr / name).read_bytes()
    found = read(errorlog_text, data)
    ids = Counter(line[:7].decode() for line in data.split(b"\n") if line.startswith(b"AMQ"))
    assert len(found) == count
    assert Counter(each.message for each in found if each.message) == ids
    assert all(each.host and each.thread and each.level for each in found)


@pytest.mark.corpus
def test_dates_of_a_genuine_log_are_right_or_not_given(amqerr):
    found = read(errorlog_text, (amqerr / "linux-7.5-8.0-AMQERR01.LOG").read_bytes())
    lines = (amqerr / "linux-7.5-8.0-AMQERR01.LOG").read_text("latin-1").split("\n")
    told = [(each.when, lines[each.location.line - 1][:22]) for each in found if each.when]
    assert len(told) == 2810
    assert all(when == datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p") for when, text in told)


@pytest.mark.corpus
def test_what_the_genuine_container_log_holds(amqerr):
    found = read(errorlog_text, (amqerr / "container-9.2.4-AMQERR01.LOG").read_bytes())
    assert [each.location.line for each in found if not each.message] == [196, 1092]
    assert sum(each.complete for each in found) == 59
    assert all(each.when and each.utc for each in found)


@pytest.mark.corpus
def test_reason_codes_of_a_genuine_log(amqerr):
    found = read(errorlog_text, (amqerr / "linux-7.5-8.0-AMQERR01.LOG").read_bytes())
    assert Counter((each.message, each.reason_code) for each in found if each.reason_code) == {
        ("AMQ9557", 2035): 42,
        ("AMQ9557", 2063): 1,
        ("AMQ8507", 2085): 6,
        ("AMQ9508", 2162): 1,
    }


def test_a_utc_time_with_points_in_it_tells_which_day_a_date_means():
    times = "02/07/2022 06.40.06 PM - Process(3.1) User(a) Program(b)\n    Time(2022-02-07T23.40.06.275Z)\n"
    (one,) = read(errorlog_text, times + "AMQ9520: Channel not there.\n\n-----\n")
    assert one.utc.isoformat() == "2022-02-07T23:40:06.275000+00:00"
    assert one.when.isoformat() == "2022-02-07T18:40:06"


HEADER = "05/14/26 10:00:00 - Process(3.1) User(a) Program(b)\n    Host(h)\n    Time(2026-05-14T10:00:00.123Z)\n"


@pytest.mark.parametrize("end", ["", "\n\nEXPLANATION:\nNothing.\n----- amqrfpta.c : 617 -----\n" + HEADER])
@pytest.mark.parametrize(
    ("below", "is_foreign"),
    [
        ("2026-05-14 10:00:01,123 ERROR [main] c.e.Orders - Reason: 2035 it is", True),
        ("[10:00:01.123] [worker-1] gave up", True),
        ("May 14 10:00:01 host app: java.lang.IllegalStateException: no", True),
        ("2026-05-14 10:00:01 was when it began", False),
        ("ERROR is the name of it", False),
    ],
)
def test_a_line_of_another_log_right_below_is_none_of_the_entry(below: str, is_foreign: bool, end: str) -> None:
    one, *_ = read(errorlog_text, f"{HEADER}AMQ9520E: Channel not there.\n{below}{end}")
    assert one.text == ("Channel not there." if is_foreign else f"Channel not there. {below}")
    assert (below in one.said.text) is not is_foreign
    assert one.reason_code is None
