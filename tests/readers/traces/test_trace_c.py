"""The prefix of a C client's line in every layout that published excerpts show, and what
is (and is not) such a trace."""

from io import BytesIO

import pytest

from mqtrace.inputs import Source
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import trace_c
from mqtrace.readers.traces.trace_lines import Selection

# Prefix as each platform and version writes it, thread, and the column (of text) where the body stands.
PREFIXES = {
    "unix, blank ident of 12": (" 09:00:00.123456     7253.1           :            ", "7253.1"),
    "unix, session ident": (" 09:00:00.123456     7253.1      RSESS:000001      ", "7253.1"),
    "unix, another ident": (" 09:00:00.123456     7253.1       CONN:000012      ", "7253.1"),
    "unix, blank ident of 11": (" 09:00:00.123456   622742.117259     :           ", "622742.117259"),
    "unix, no ident": (" 09:00:00.123456   622742.5515       ", "622742.5515"),
    "unix, flagged": ("*09:00:00.123456     7253.1           :            ", "7253.1"),
    "unix, no flag column": ("09:00:00.123456     7253.1           :            ", "7253.1"),
    "unix, wide process id": (" 09:00:00.123456 1234567890.1           :            ", "1234567890.1"),
    "windows 9.3, no counter": ("09:00:00.123456   7253.1           :       !! - ", "7253.1"),
    "windows 9.0, counter": ("0000000A 09:00:00.123456   7253.1           :       !! - ", "7253.1"),
    "windows 9.0, counter, no remark": ("FFFFFFFF 09:00:00.123456   7253.1      RSESS:000003 ", "7253.1"),
    "windows 5.3, counter, no ident": ("00000001 09:00:00.123456  6278.1           ", "6278.1"),
}
SELECTION = Selection((b"[MQSERVER]",), ("line",), (b"",))
BODY = "xcsGetEnvironmentString[MQSERVER] = NULL"


@pytest.mark.parametrize(("prefix", "thread"), PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_line_of_every_layout_gives_thread_time_and_body(prefix: str, thread: str, newline: str) -> None:
    content = f"{prefix}{BODY}{newline}".encode()
    ((record, _),) = trace_c.read(Source("trace", BytesIO(content)), Tally(), SELECTION)
    assert (record.thread, record.clock, record.raw) == (thread, "09:00:00.123456", BODY.encode())
    assert trace_c.body(content) == BODY.encode()


@pytest.mark.parametrize(
    "body",
    [
        "{  MQCONNX",
        "----}! zstMQConnect rc=MQRC_HOST_NOT_AVAILABLE",
        "0x0000:  53434f20 05000000 00000000 00000000  |SCO ............|",
        "-> MQCRTMH",
    ],
)
@pytest.mark.parametrize(("prefix", "thread"), PREFIXES.values(), ids=PREFIXES)
def test_calls_rows_and_stacks_stand_behind_every_prefix(prefix: str, thread: str, body: str) -> None:
    assert trace_c.body(f"{prefix}{body}\n".encode()) == body.encode()


@pytest.mark.parametrize(
    "line",
    [
        "File name: '/srv/app/mqclient.ini'",
        "9:00:00.123456 7253.1 : text",
        " 09:00:00,123 INFO 7253.1 text",
        "| Program Name      :- amqsgetc |",
        "",
    ],
)
def test_a_line_without_a_prefix_is_all_body(line: str) -> None:
    assert trace_c.body(line.encode()) == line.encode()


@pytest.mark.parametrize("text", [":looks like an ident", "RSESS:1x", "CONN: text", "7253.1 : text"])
def test_text_that_resembles_an_ident_stays_in_the_body(text: str) -> None:
    prefix = PREFIXES["unix, blank ident of 12"][0]
    assert trace_c.body(f"{prefix}{text}".encode()) == text.encode()


TITLES = [
    "Timestamp        Process.Thread  Trace Ident  Trace Data",
    "Counter  TimeStamp       Process.Thread    Data",
    "Counter  TimeStamp          PID.TID    Ident        Data",
    "TimeStamp         PID.TID    Ident         Data",
]


@pytest.mark.parametrize("title", TITLES)
def test_the_titles_of_the_columns_tell_the_format(title: str) -> None:
    assert trace_c.sniff(f"\n{title}\n{60 * '='}\n".encode())


@pytest.mark.parametrize(("prefix", "thread"), PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize(
    "body", ["---{  MQCONNX", "}! MQCONNX rc=MQRC_Q_MGR_NOT_AVAILABLE", BODY, "Header.v02:9.0:AIX 7.2:64:-1:1:GMT"]
)
def test_one_record_of_a_trace_without_a_header_tells_the_format(prefix: str, thread: str, body: str) -> None:
    assert trace_c.sniff(f"cut line\n{prefix}{body}\n".encode())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\x00\x01\x02\xff" * 50,
        b"TimeStamp of the last run: today\n",
        b" 09:00:00.123456     4711.1 GET /index.html {json}\n",
        b"2026-11-24 09:00:00.123456 4711.1 {  request\n",
        b"11/24/26 09:00:00 AM - Process(7253.1) User(app) Program(amqsgetc)\nAMQ9202E: Remote host not available.\n",
    ],
    ids=["empty", "binary", "prose", "other-log", "dated-log", "error-log"],
)
def test_other_texts_are_no_trace(head: bytes) -> None:
    assert not trace_c.sniff(head)
