"""Failure reports: headers of all forms, and nothing of what follows them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import CORPUS, DATA, read

from mqtrace.formats import format_of
from mqtrace.readers.logs import fdc
from mqtrace.readers.tally import Tally

# SYNTHETIC, in the layout of public reports. The values are made up.
ROWS = {
    "Date/Time": "Wed January 17 2024 14:28:24 CET",
    "UTC Time": "1705498104.863703",
    "Host Name": "node1 (Linux 5.10)",
    "LVLS": "9.2.4.0",
    "Installation Name": "Installation1    (126)",
    "Probe Id": "XC338001",
    "Component": "xehMadeUp",
    "Source filename": "/build/slot1/src/lib/cs/unix/amqmade.c",
    "Line Number": "825",
    "Program Name": "amqrmppa",
    "Process": "0000011309",
    "Thread": "2    ChannelThread",
    "QueueManager": "QM1",
    "Major Errorcode": "xecE_MADE_UP",
    "Minor Errorcode": "OK",
    "Probe Type": "MSGAMQ6209",
    "Probe Description": "AMQ6209W: Made-up words about a signal that are so many",
    "Arith1": "2 (0x2)",
    "Comment1": "SIGMADE",
    "Comment2": "sent by pid 0",
}
SECRETS = ("hunter2", "s3cret-pw", "throw-away")
# What follows a header: it holds the environment, and here also boxes and rows that look like those of a header.
BODY = """
MQM Function Stack
xehAsySignalMonitor
xcsFFST

MQM Trace History
---{ xehMadeUp

Component Dumps (Thread 2)
| Comment3          :- hunter2                                                |
Comment3 :- hunter2
Probe Id          :- hunter2
+-----------------------------------------------------------------------------+
| Comment3          :- hunter2                                                |
| QueueManager      :- hunter2                                                |
+-----------------------------------------------------------------------------+
Environment Variables:
MQ_PASSWORD=s3cret-pw
TITLE=IBM MQ First Failure Symptom Report
Comment3 :- throw-away
"""


def box(rows: dict[str, str] | None = None, product: str = "IBM MQ", end: str = "\n", **changes: str) -> str:
    rule = f"+{'-' * 77}+"
    lines = [
        rule,
        f"|{'':77}|",
        f"| {product + ' First Failure Symptom Report':75} |",
        f"| {'=' * 41:75} |",
        f"|{'':77}|",
    ]
    for name, value in {**(ROWS if rows is None else rows), **changes}.items():
        first, rest = value[:50], value[50:]
        lines.append(f"| {name:18}:- {first:54} |")
        lines += [f"|   {rest:73} |"] if rest else []
    return end.join([*lines, f"|{'':77}|", rule, ""])


def test_a_header_is_an_entry_with_all_that_it_tells():
    tally = Tally()
    (found,) = read(fdc, box() + BODY, tally)
    assert (found.message, found.severity, found.module) == ("AMQ6209", "W", "amqmade.c:825")
    assert found.text == "XC338001 xehMadeUp xecE_MADE_UP OK SIGMADE; sent by pid 0"
    assert (found.process, found.thread, found.program, found.host) == (11309, "11309.2", "amqrmppa", "node1")
    assert (found.installation, found.level, found.queue_manager) == ("Installation1", "9.2.4.0", "QM1")
    assert found.inserts == {1: "2", 3: "SIGMADE", 4: "sent by pid 0"}
    assert (found.utc, found.when) == (
        datetime(2024, 1, 17, 13, 28, 24, 863703, UTC),
        datetime(2024, 1, 17, 14, 28, 24, 863703),
    )
    assert (found.location.line, found.complete) == (3, True)
    assert (tally.records, tally.unparsed, tally.lines) == (1, 0, (box() + BODY).count("\n"))


def test_nothing_of_the_body_is_in_an_entry():
    found = read(fdc, (box() + BODY) * 2)
    assert len(found) == 2
    assert [secret for secret in SECRETS if secret in repr(found)] == []
    assert found[0].queue_manager == "QM1"


@pytest.mark.parametrize("lines", range(5, box().count("\n") + 1))
def test_a_header_cut_at_any_line_gives_nothing_of_what_follows_it(lines):
    cut = "".join(line + "\n" for line in box().split("\n")[:lines])
    found = read(fdc, cut + BODY)
    assert len(found) == 1
    assert [secret for secret in SECRETS if secret in repr(found)] == []
    assert found[0].complete == (lines == box().count("\n"))
    assert fdc.sniff((cut + BODY).encode())


@pytest.mark.parametrize("lines", range(5, box().count("\n") - 1))
def test_the_report_behind_a_cut_one_is_whole(lines):
    cut = "".join(line + "\n" for line in box().split("\n")[:lines])
    first, second = read(fdc, cut + box(Comment1="second"))
    assert (first.complete, second.complete) == (False, True)
    assert second.inserts[3] == "second"


def test_a_report_glued_to_the_rest_of_a_cut_one():
    cut = box().split("| Major")[0] + "| Major Errorcode   :- xec"
    first, second = read(fdc, cut + box(Comment1="second"))
    assert (first.text, first.complete) == ("XC338001 xehMadeUp xec", False)
    assert (second.inserts[3], second.complete) == ("second", True)


def test_rows_of_two_writers_in_one_box_are_told_to_be_damaged():
    (found,) = read(fdc, box().replace("| Thread ", "| Probe Id          :- ZX999999" + " " * 46 + "|\n| Thread "))
    assert (found.complete, found.text[:8]) == (False, "XC338001")


@pytest.mark.parametrize(
    ("changes", "program"),
    [
        ({"Program Name": r"C:\Program Files\IBM\MQ\bin64\amqrmppa.exe"}, "amqrmppa.exe"),
        ({"Program Name": "/opt/mqm/bin/amqrmppa"}, "amqrmppa"),
        ({"Program Name": "my program"}, "my program"),
    ],
)
def test_the_program_with_its_path(changes, program):
    assert read(fdc, box(**changes))[0].program == program


def test_a_report_of_windows_with_carriage_returns():
    (found,) = read(fdc, box(end="\r\n", **{"Source filename": r"F:\build\p900_P\src\lib\amqmade.c"}))
    assert (found.module, found.queue_manager, found.complete) == ("amqmade.c:825", "QM1", True)


def test_a_report_of_5_3_has_another_title_and_no_utc_time():
    rows = {
        "Date/Time": "Wednesday October 17 09:29:31 MEST 2007",
        "Probe Id": "XC130003",
        "Component": "xehExceptionHandler",
    }
    (found,) = read(fdc, box(rows, product="WebSphere MQ"))
    assert (found.when, found.utc, found.text) == (
        datetime(2007, 10, 17, 9, 29, 31),
        None,
        "XC130003 xehExceptionHandler",
    )


@pytest.mark.parametrize(
    ("date", "utc", "when"),
    [
        ("Wed January 17 2024 13:28:24 UTC", "1705498104.863703", datetime(2024, 1, 17, 13, 28, 24, 863703)),
        ("Wed January 17 2034 13:28:24 UTC", "1705498104.863703", None),
        ("Mittwoch Januar 17 13:28:24", "", None),
        ("Wed February 31 2024 13:28:24 UTC", "", None),
        ("", "", None),
    ],
)
def test_a_local_time_counts_where_it_can_be_read_and_agrees_with_utc(date, utc, when):
    assert read(fdc, box(**{"Date/Time": date, "UTC Time": utc}))[0].when == when


def test_secrets_in_a_comment_are_masked():
    (found,) = read(fdc, box(Comment1="password=hunter2"))
    assert (found.inserts[3], "hunter2" in repr(found)) == ("password=***", False)


@pytest.mark.parametrize("margin", ["> ", "    "])
def test_quoted_and_indented_pastes(margin):
    text = "see:\n" + "".join(f"{margin}{line}\n" for line in box().splitlines())
    assert fdc.sniff(text.encode())
    (found,) = read(fdc, text)
    assert (found.message, found.queue_manager, found.complete) == ("AMQ6209", "QM1", True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_report_in_utf_16(encoding):
    assert fdc.sniff(box().encode(encoding))
    assert [each.message for each in read(fdc, box().encode(encoding))] == ["AMQ6209"]


JAVA = [
    (
        "java_not_mq.FDC",
        "01 com.ibm.mq.jmqi.remote.rfp.RfpTSH.checkEyecatcher()",
        31579,
        datetime(2026, 11, 25, 2, 30, 31, 964000),
    ),
    (
        "java_key_store_missing.FDC",
        "03 com.ibm.mq.jmqi.remote.impl.RemoteTCPConnection.getNonFipsSocketFactory()",
        6912,
        datetime(2026, 11, 25, 2, 34, 53, 703000),
    ),
]


@pytest.mark.parametrize(("name", "text", "process", "when"), JAVA)
def test_a_genuine_report_of_the_classes_for_java(name, text, process, when):
    data = (DATA / name).read_bytes()
    known = format_of(data)
    assert known is not None
    assert known.home == "readers.logs.fdc"
    (found,) = read(fdc, data)
    assert (found.text, found.process, found.when, found.utc) == (text, process, when, when.replace(tzinfo=UTC))
    assert (found.location.line, found.complete) == (4, True)


def test_the_passwords_in_a_genuine_report_are_not_in_its_entry():
    data = (DATA / "java_key_store_missing.FDC").read_bytes()
    assert b"keyStorePassword" in data
    assert "assword" not in repr(read(fdc, data))


@pytest.mark.parametrize("lines", range(4, 22))
def test_a_report_of_the_classes_for_java_cut_at_any_line(lines):
    text = (DATA / "java_key_store_missing.FDC").read_text()
    body = text[text.index("|   Description") :]
    (found,) = read(fdc, "".join(text.splitlines(keepends=True)[:lines]) + body)
    assert "assword" not in repr(found)
    assert found.complete == (lines >= 20)


NO_REPORTS = [
    "2026-01-01 10:00:00 ERROR see the First Failure Symptom Report in /var/mqm/errors",
    "2026-01-01 10:00:00 ERROR the IBM MQ First Failure Symptom Report has Probe Id :- XC338001",
    "The title reads\nIBM MQ First Failure Symptom Report\nand tells little.",
    "x\n" * 3000 + box(),
    "",
]


@pytest.mark.parametrize("text", NO_REPORTS)
def test_a_text_that_only_mentions_a_report_is_none(text):
    assert not fdc.sniff(text.encode())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.binary(max_size=60), st.sampled_from(box().encode().splitlines(keepends=True))), max_size=40)
)
def test_no_bytes_make_it_fail(pieces):
    data = b"".join(pieces)
    fdc.sniff(data)
    tally = Tally()
    assert len(read(fdc, data, tally)) == tally.records


@pytest.mark.corpus
def test_the_genuine_reports_of_a_container():
    path = CORPUS / "fdc" / "container-9.2.4-headers.FDC"
    if not path.is_file():
        pytest.skip("the corpus is not here")
    found = read(fdc, path.read_bytes())
    assert len(found) == 18
    assert {(each.message, each.program, each.module, each.complete) for each in found} == {
        ("AMQ6209", "runmqdlq", "amqxerrx.c:825", True)
    }
    assert all(each.utc and each.when == each.utc.replace(tzinfo=None) for each in found)
