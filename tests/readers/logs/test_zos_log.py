"""Messages of a channel initiator in job logs and SYSLOG of z/OS. All samples are
SYNTHETIC, in the layout of public problem reports."""

from datetime import date, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import read

from mqtrace.readers.logs import zos_log
from mqtrace.readers.tally import Tally

SSL_ERROR = (
    "+CSQX620E %CSQ9 CSQXRESP System SSL error, channel APP.SVRCONN\n connection 192.0.2.7\n"
    + " function 'gsk_secure_socket_init' RC=8\n"
)


def test_a_message_of_a_job_log_with_its_inserts():
    tally = Tally()
    text = (
        "          J E S 2  J O B  L O G\n 09.36.19 STC01234 ---- TUESDAY,  13 FEB 2024 ----\n 09.36.21 STC01234  "
        + SSL_ERROR
    )
    (found,) = read(zos_log, text, tally)
    assert (found.message, found.severity, found.program, found.queue_manager) == ("CSQX620", "E", "CSQXRESP", "CSQ9")
    assert (
        found.text
        == "System SSL error, channel APP.SVRCONN connection 192.0.2.7 function 'gsk_secure_socket_init' RC=8"
    )
    assert found.inserts == {1: "8", 3: "APP.SVRCONN", 4: "192.0.2.7", 5: "gsk_secure_socket_init"}
    assert (found.remote_host, found.when, found.utc) == ("192.0.2.7", datetime(2024, 2, 13, 9, 36, 21), None)
    assert (found.location.line, found.complete) == (3, True)
    assert (tally.lines, tally.records, tally.unparsed) == (5, 1, 0)


FORMS = [
    ("09:36:21  +CSQX500I %CSQ9 CSQXRESP Channel A.B started", "CSQ9", "CSQXRESP", "Channel A.B started"),
    ("CSQX500I CSQ1 CSQXRESP Channel A.B started", "CSQ1", "CSQXRESP", "Channel A.B started"),
    ("CSQX500I CSQ1CSQXRESP Channel A.B started", "CSQ1", "CSQXRESP", "Channel A.B started"),
    (" 09.36.21 STC01234  +CSQX500I +MQ01 CSQXRESP Channel A.B started", "MQ01", "CSQXRESP", "Channel A.B started"),
    ("> 09.36.21 JOB12345  CSQX500I %CSQ9 CSQXRESP Channel A.B started", "CSQ9", "CSQXRESP", "Channel A.B started"),
    ("CSQX500I Channel A.B started", "", "", "Channel A.B started"),
    (
        "N 0000000 SYS1     24044 09:36:21.12 STC01234 00000090  +CSQX500I %CSQ9 CSQXRESP Channel A.B started",
        *("CSQ9", "CSQXRESP", "Channel A.B started"),
    ),
    ("2024-02-13 09:36:21 +CSQX500I %CSQ9 CSQXRESP Channel A.B started", "CSQ9", "CSQXRESP", "Channel A.B started"),
]


@pytest.mark.parametrize(("line", "queue_manager", "section", "text"), FORMS)
def test_what_stands_before_a_message(line, queue_manager, section, text):
    assert zos_log.sniff(line.encode())
    (found,) = read(zos_log, line + "\n")
    assert (found.message, found.queue_manager, found.program, found.text) == ("CSQX500", queue_manager, section, text)
    assert found.complete == bool(section)


DATES = [
    ("09.36.19 STC01234 ---- TUESDAY,  13 FEB 2024 ----\n09.36.21 STC01234  +", datetime(2024, 2, 13, 9, 36, 21)),
    (
        "---- TUESDAY,  13 FEB 2024 ----\n23.59.59  IEF403I X\n---- WEDNESDAY, 14 FEB 2024 ----\n00.00.01 +",
        datetime(2024, 2, 14, 0, 0, 1),
    ),
    ("N 0000000 SYS1     24044 09:36:21.12 STC01234 00000090  +", datetime(2024, 2, 13, 9, 36, 21)),
    ("N 0000000 SYS1     2024044 09:36:21.12 STC01234 00000090  +", datetime(2024, 2, 13, 9, 36, 21)),
    ("2024-02-13 09:36:21 +", datetime(2024, 2, 13, 9, 36, 21)),
    ("2024-02-13T09:36:21 +", datetime(2024, 2, 13, 9, 36, 21)),
    ("09.36.21 STC01234  +", None),
    ("---- TUESDAY,  13 FEB 2024 ----\n+", None),
    ("---- TUESDAY,  33 FEB 2024 ----\n09.36.21 +", None),
    ("---- TUESDAY,  13 FEB 2024 ----\n25.36.21 +", None),
    ("---- TUESDAY,  13 FOO 2024 ----\n09.36.21 +", None),
    ("+", None),
]


@pytest.mark.parametrize(("before", "when"), DATES)
def test_the_date_comes_from_the_log_or_is_not_told(before, when):
    assert read(zos_log, before + "CSQX500I %CSQ9 CSQXRESP Channel A.B started\n")[0].when == when


def test_a_message_goes_on_until_another_begins():
    text = (
        " 09.36.21 STC01234  +CSQX620E %CSQ9 CSQXRESP System SSL error, channel\n APP.SVRCONN connection 192.0.2.7\n"
        " function 'f' RC=402\n 09.36.21 STC01234  IEF403I OTHER - STARTED\n this belongs to IEF403I\n"
        " 09.36.22 STC01234  +CSQX599E %CSQ9 CSQXRESP Channel APP.SVRCONN ended abnormally\n\nnot a part of it\n"
    )
    first, second = read(zos_log, text)
    assert first.text == "System SSL error, channel APP.SVRCONN connection 192.0.2.7 function 'f' RC=402"
    assert (second.text, second.inserts) == ("Channel APP.SVRCONN ended abnormally", {3: "APP.SVRCONN"})


@pytest.mark.parametrize(
    "text",
    [
        "M 4000000 SYS1     24044 09:36:21.12 STC01234 00000090  +CSQX620E %CSQ9 CSQXRESP System SSL error, 621\n"
        "D                                         621 00000090  channel A.B connection 192.0.2.7\n"
        "E                                         621 00000090  function 'f' RC=402\n",
        " 09.36.21 STC01234  +CSQX620E %CSQ9 CSQXRESP System SSL error, 621\n    621             channel A.B "
        "connection 192.0.2.7\n"
        "    621             function 'f' RC=402\n",
        "> +CSQX620E %CSQ9 CSQXRESP System SSL error,\n> channel A.B connection 192.0.2.7\n> function 'f' RC=402\n",
    ],
    ids=["SYSLOG", "job log", "quoted"],
)
def test_the_lines_of_one_message_are_joined(text):
    (found,) = read(zos_log, text)
    assert found.text == "System SSL error, channel A.B connection 192.0.2.7 function 'f' RC=402"
    assert found.inserts == {1: "402", 3: "A.B", 4: "192.0.2.7", 5: "f"}


INSERTS = [
    ("CSQX599E %CSQ9 CSQXRESP Channel APP.SVRCONN ended abnormally connection 192.0.2.7", "APP.SVRCONN", "192.0.2.7"),
    ("CSQX599E %CSQ9 CSQXRESP Channel ???? ended abnormally", "????", ""),
    (
        "CSQX635E %CSQ9 CSQXRESP Invalid cipher specification FOO for channel A.B connection 192.0.2.7",
        "A.B",
        "192.0.2.7",
    ),
    (
        "CSQX637E %CSQ9 CSQXRESP No SSL certificate for remote channel A.B, connection node7.example.com(1414)",
        "A.B",
        "node7.example.com(1414)",
    ),
    (
        "CSQX208E %CSQ9 CSQXRESP Error receiving data, connection 192.0.2.7 (queue manager ????) TRPTYPE=TCP "
        "RC=00000461",
        "",
        "192.0.2.7",
    ),
    ("CSQX630E %CSQ9 CSQXRESP Channel A.B requires SSL", "A.B", ""),
    ("CSQX501I %CSQ9 CSQXRESP Channel A.B is no longer active connection 2001:db8::7", "A.B", "2001:db8::7"),
    (
        "CSQX777E %CSQ9 CSQXRESP Channel A.B from 192.0.2.7 has been blocked due to USERSRC(NOACCESS)",
        "A.B",
        "192.0.2.7",
    ),
    ("CSQX500I %CSQ9 CSQXRESP Channel A.B started from here", "A.B", ""),
    ("CSQX209E %CSQ9 CSQXRESP Connection unexpectedly terminated, connection 192.0.2.7", "", "192.0.2.7"),
]


@pytest.mark.parametrize(("line", "channel", "connection"), INSERTS)
def test_channel_and_other_end(line, channel, connection):
    (found,) = read(zos_log, line)
    assert (found.inserts.get(3, ""), found.remote_host) == (channel, connection)


def test_two_messages_glued_on_one_line():
    text = (
        "09.36.21 +CSQX500I %CSQ9 CSQXRESP Channel A.B started 09.36.22 +CSQX500I %CSQ9 CSQXRESP Channel C.D started\n"
    )
    found = read(zos_log, "---- TUESDAY,  13 FEB 2024 ----\n" + text)
    assert [(each.text, each.when and each.when.second) for each in found] == [
        ("Channel A.B started", 21),
        ("Channel C.D started", 22),
    ]


@pytest.mark.parametrize("length", range(9, len(SSL_ERROR)))
def test_a_message_cut_anywhere_is_kept(length):
    (found,) = read(zos_log, SSL_ERROR[:length])
    assert found.message == "CSQX620"
    assert not found.complete or found.text


def test_a_message_without_text_is_counted():
    tally = Tally()
    (found,) = read(zos_log, "CSQX620E\n", tally)
    assert (found.text, found.complete, tally.records, tally.unparsed) == ("", False, 1, 1)


def test_messages_of_other_parts_of_the_queue_manager():
    text = (
        "CSQY022I %CSQ9 CSQYASCP QUEUE MANAGER INITIALIZATION COMPLETE\nCSQJ001I %CSQ9 CSQJW307 CURRENT COPY 1 "
        "ACTIVE LOG\n"
    )
    assert [(each.message, each.program) for each in read(zos_log, text)] == [
        ("CSQY022", "CSQYASCP"),
        ("CSQJ001", "CSQJW307"),
    ]


def test_the_reason_code_that_a_message_states():
    (found,) = read(zos_log, "CSQX772E %CSQ9 CSQXRESP MQPUT failed, MQRC=2033\n")
    assert found.reason_code is None
    (found,) = read(zos_log, "CSQX036E %CSQ9 CSQXRESP Unable to open queue, call failed with reason 2085\n")
    assert found.reason_code == 2085


def test_secrets_are_masked():
    (found,) = read(zos_log, "CSQX620E %CSQ9 CSQXRESP System SSL error password=hunter2\n")
    assert found.text == "System SSL error password=***"


@pytest.mark.parametrize("end", ["\x15", "\x25"])
def test_a_job_log_in_ebcdic(end):
    text = "".join(f" 09.36.21 STC01234  {line}\n" for line in SSL_ERROR.splitlines()[:1])
    data = text.encode("cp037").replace("\n".encode("cp037"), end.encode("latin-1"))
    assert zos_log.sniff(data)
    tally = Tally()
    (found,) = read(zos_log, data * 2, tally)[:1]
    assert (found.message, found.queue_manager, found.inserts) == ("CSQX620", "CSQ9", {3: "APP.SVRCONN"})
    assert (tally.lines, tally.records) == (2, 2)


NO_MESSAGES = [
    "the message CSQX620E %CSQ9 CSQXRESP was seen",
    "2024-02-13 09:36:21 [main] error - CSQX620E %CSQ9 CSQXRESP System SSL error",
    "CSQX620E and CSQX599E are messages",
    "CSQX620E",
    '{"message": "CSQX620E %CSQ9 CSQXRESP System SSL error"}',
    "CSQXPARM",
    "",
]


@pytest.mark.parametrize("text", NO_MESSAGES)
def test_a_text_that_only_mentions_a_message_is_no_job_log(text):
    assert not zos_log.sniff(text.encode())


PIECES = [
    *SSL_ERROR.splitlines(keepends=True),
    " 09.36.21 STC01234 ",
    "---- TUESDAY,  13 FEB 2024 ----\n",
    "CSQX",
    " RC=",
    "channel ",
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([each.encode() for each in PIECES])), max_size=30))
def test_no_bytes_make_it_fail(pieces):
    data = b"".join(pieces)
    zos_log.sniff(data)
    tally = Tally()
    assert len(read(zos_log, data, tally)) == tally.records


@pytest.mark.load
@pytest.mark.parametrize(
    "piece", ["CSQX620E ", "A ", "09.36.21 ", "channel ", "CSQX620E %CSQ9 CSQXRESP ", "+", "1", "\n", SSL_ERROR]
)
def test_a_megabyte_ends_soon(piece):
    line = piece * (60_000 // len(piece)) + "\n"
    data = (line * (1_000_000 // len(line))).encode()
    begin = process_time()
    zos_log.sniff(data[:65536])
    read(zos_log, data)
    assert process_time() - begin < 4


def test_days_are_those_of_the_calendar():
    text = "N 0000000 SYS1     24366 09:36:21.12 STC01234 00000090  +CSQX500I %CSQ9 CSQXRESP Channel A.B started"
    when = read(zos_log, text)[0].when
    assert when is not None
    assert when.date() == date(2024, 12, 31)
