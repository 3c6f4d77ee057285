"""The console of a container's queue manager in the form "basic"."""

from datetime import UTC, datetime

import pytest
from log_samples import entry, read

from mqtrace.readers.logs import log_console
from mqtrace.readers.tally import Tally

LINE = (
    "2021-09-21T11:15:36.159Z AMQ9557E: No start for 'app'. [ArithInsert1(2), ArithInsert2(2035), CommentInsert1(app)]"
)


def test_a_message_with_its_inserts():
    (found,) = read(log_console, LINE)
    assert (found.message, found.severity, found.text) == ("AMQ9557", "E", "No start for 'app'.")
    assert (found.inserts, found.quoted, found.reason_code) == ({1: "2", 2: "2035", 3: "app"}, ("app",), 2035)
    assert (found.when, found.utc, found.complete) == (None, datetime(2021, 9, 21, 11, 15, 36, 159000, UTC), True)


def test_lines_of_the_container_are_counted_only():
    tally = Tally()
    text = f"2021-09-21T11:15:30.1Z Starting\n{LINE}\n[INFO ] without an id\n"
    assert [each.location.line for each in read(log_console, text, tally)] == [2]
    assert (tally.lines, tally.records) == (3, 1)


@pytest.mark.parametrize("before", ["[ERROR   ] ", "2021-09-21T11:15:37.2Z ", "2021-09-21T11:15:37.2Z [ERROR   ] "])
def test_messages_of_mqweb_stand_between_those_of_mq(before):
    text = (
        f"{LINE}\n{before}CWPKI0823E: SSL HANDSHAKE FAILURE: from the host [node7:1414]. It is: [PKIX path building "
        "failed].\n"
    )
    first, second = read(log_console, text)
    assert (first.message, second.message, second.severity, second.remote_host) == (
        "AMQ9557",
        "CWPKI0823",
        "E",
        "node7:1414",
    )
    assert second.utc == (datetime(2021, 9, 21, 11, 15, 37, 200000, UTC) if before.startswith("2") else None)


@pytest.mark.parametrize("prefix", ["2021-09-21 13:15:36 | ", "qm1_1  | ", "\x1b[36mqm1 |\x1b[0m "])
def test_a_prefix_of_another_tool(prefix):
    assert [each.message for each in read(log_console, prefix + LINE)] == ["AMQ9557"]


def test_values_that_hold_commas_and_brackets():
    line = (
        "2021-09-21T11:15:36.159Z AMQ9636E: No. [CommentInsert1(A.B), CommentInsert2(CN=x, OU=[y], O=z(1)), "
        "CommentInsert3(h (1))]\r"
    )
    assert read(log_console, line)[0].inserts == {3: "A.B", 4: "CN=x, OU=[y], O=z(1)", 5: "h (1)"}


def test_a_message_without_inserts():
    found = read(log_console, r"2021-09-21T11:15:36.159Z AMQ5026I: Two\nlines [of words]")
    assert [(each.text, each.inserts) for each in found] == [("Two lines [of words]", {})]


SNIFFS = [
    (LINE, True),
    ("x\n" + LINE, True),
    (entry(), False),
    ('{"log":"' + LINE + '"}', False),
    ("2021-09-21T11:15:30.1Z Starting", False),
]


@pytest.mark.parametrize(("head", "expected"), SNIFFS)
def test_what_is_such_a_console(head, expected):
    assert log_console.sniff(head.encode()) is expected
