"""AMQERR logs and the container console in JSON, damaged and wrapped."""

import json
from collections import Counter
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import DATA, entry, read

from mqtrace.readers.logs import errorlog_json
from mqtrace.readers.tally import Tally

RECORD = {
    "ibm_messageId": "AMQ9202E",
    "ibm_arithInsert1": 111,
    "ibm_arithInsert2": 111,
    "ibm_commentInsert1": "host (192.0.2.1) (1414)",
    "ibm_datetime": "2024-01-17T13:28:24.001Z",
    "type": "mq_log",
    "loglevel": "ERROR",
    "ibm_processId": 268,
    "ibm_threadId": 7,
    "message": "AMQ9202E: Made-up words.",
}
LINE = json.dumps(RECORD)


def test_a_console_of_records_lines_of_the_container_and_a_glued_record():
    tally = Tally()
    first, cut, whole = read(errorlog_json, (DATA / "synthetic_console.json").read_bytes(), tally)
    assert (first.message, first.severity, first.text) == ("AMQ9557", "E", "Made-up words for 'app'.")
    assert (first.process, first.thread, first.user, first.program) == (268, "268.7", "mqm", "amqrmppa")
    assert (first.queue_manager, first.host, first.remote_host) == ("QM1", "node1", "192.0.2.7")
    assert (first.level, first.installation, first.module) == ("9.3.0.0", "Installation1", "made.c:12")
    assert (first.when, first.utc) == (None, datetime(2024, 1, 17, 13, 28, 24, 1000, UTC))
    assert (first.inserts, first.quoted, first.reason_code) == ({1: "2", 2: "2035", 3: "app"}, ("app",), 2035)
    assert (cut.message, cut.utc, cut.complete) == ("AMQ9557", first.utc, False)
    assert (whole.thread, whole.complete) == ("268.7", True)
    assert [each.location.line for each in (first, cut, whole)] == [2, 3, 3]
    assert (tally.lines, tally.records) == (4, 3)


def test_numbers_in_place_of_strings():
    (found,) = read(errorlog_json, LINE)
    assert (found.process, found.thread, found.inserts[1]) == (268, "268.7", "111")


def test_inserts_that_are_zero_or_fractions():
    found = read(errorlog_json, json.dumps(RECORD | {"ibm_arithInsert1": 0, "ibm_arithInsert2": 25.49}))
    assert found[0].inserts == {2: "25.49", 3: "host (192.0.2.1) (1414)"}


@pytest.mark.parametrize(("level", "letter"), [("INFO", "I"), ("WARNING", "W"), ("ERROR", "E"), ("ODD", "")])
def test_the_severity_of_an_id_without_a_letter(level, letter):
    record = RECORD | {"ibm_messageId": "AMQ9202", "loglevel": level, "message": "AMQ9202: Words."}
    assert [(each.message, each.severity) for each in read(errorlog_json, json.dumps(record))] == [("AMQ9202", letter)]


WRAPPED = [
    LINE,
    "\ufeff" + LINE,
    json.dumps({"log": LINE + "\n", "stream": "stdout"}),
    json.dumps({"@timestamp": "2024", "message": LINE}),
    json.dumps({"mq": RECORD, "agent": {"type": "filebeat"}}),
    "[" + LINE + "]",
    "qm1  | " + LINE,
]


@pytest.mark.parametrize("line", WRAPPED)
def test_a_record_in_the_objects_of_a_shipper(line):
    assert errorlog_json.sniff(line.encode())
    assert [(each.message, each.thread, each.complete) for each in read(errorlog_json, line)] == [
        ("AMQ9202", "268.7", True)
    ]


def test_a_text_entry_carried_whole():
    line = json.dumps({"message": entry("03/17/21 01:12:25", "CommentInsert1(a)"), "x": 1})
    assert errorlog_json.sniff(line.encode())
    (found,) = read(errorlog_json, '{"x": 2}\n' + line)
    assert (found.message, found.thread, found.inserts, found.complete, found.location.line) == (
        "AMQ9999",
        "1.2",
        {3: "a"},
        True,
        2,
    )


def test_a_text_log_carried_line_by_line():
    text = entry() + entry(process="3.4", message="AMQ9001I: Ends.")
    lines = "\n".join(json.dumps({"log": f"{line}\n"}) for line in text.splitlines())
    found = read(errorlog_json, lines)
    assert [(each.message, each.thread, each.complete, each.location.line) for each in found] == [
        ("AMQ9999", "1.2", True, 1),
        ("AMQ9001", "3.4", True, 10),
    ]


def test_a_console_in_the_basic_form_carried_line_by_line():
    line = json.dumps({"log": "2021-09-21T11:15:36.159Z AMQ9557E: No. [ArithInsert1(2), ArithInsert2(2035)]\n"})
    assert [(each.message, each.reason_code) for each in read(errorlog_json, line)] == [("AMQ9557", 2035)]


def test_a_record_that_lost_its_begin():
    assert [(each.message, each.complete) for each in read(errorlog_json, LINE[30:])] == [("AMQ9202", False)]


def test_a_line_longer_than_the_cap_is_cut():
    line = json.dumps(RECORD | {"ibm_commentInsert2": "x" * 100_000})
    found = read(errorlog_json, line + "\n" + LINE)
    assert [(each.message, each.complete) for each in found] == [("AMQ9202", False), ("AMQ9202", True)]


def test_secrets_are_masked():
    (found,) = read(errorlog_json, json.dumps(RECORD | {"ibm_commentInsert2": "password=hunter2"}))
    assert found.inserts[4] == "password=***"


NOT_SUCH = [
    "",
    "AMQ9999E: Gone.",
    '{"channel": []}',
    '{"message": "hello"}',
    "2021-09-21T11:15:36.159Z AMQ9557E: Words.",
]


@pytest.mark.parametrize("head", NOT_SUCH)
def test_what_is_no_such_log(head):
    assert not errorlog_json.sniff(head.encode())


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=1000), st.binary(max_size=1000))
def test_damage_around_a_record_does_not_lose_it(before, after):
    found = read(errorlog_json, before.replace(b'"ibm_', b"") + b"\n" + LINE.encode() + b"\n" + after)
    assert [each.thread for each in found if each.message == "AMQ9202"] == ["268.7"]


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.none() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(list(RECORD)), inner),
    )
)
def test_any_value_where_a_field_stands(value):
    found = read(
        errorlog_json, json.dumps({"ibm_messageId": value, "message": value, "ibm_processId": value, "host": value})
    )
    assert len(found) == 1


@pytest.mark.corpus
def test_every_record_of_a_genuine_log(amqerr):
    data = (amqerr / "container-9.2.4-AMQERR01.json").read_bytes()
    found = read(errorlog_json, data)
    # 58 lines; two of them hold a record that a full disk cut, and the next record behind it.
    assert len(found) == data.count(b'{"ibm_messageId":') == 60
    assert [(each.message, each.location.line) for each in found if not each.complete] == [
        ("AMQ6125", 15),
        ("AMQ6119", 57),
    ]
    assert Counter(each.severity for each in found) == Counter(
        part[7:8].decode() for part in data.split(b'{"ibm_messageId":"')[1:]
    )
