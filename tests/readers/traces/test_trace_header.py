"""The header of a trace in every layout that is known (FORMAT of the C client: records,
box, plain lines; managed .NET)."""

from datetime import date

import pytest

from mqtrace.readers.traces import trace_c, trace_dotnet
from mqtrace.readers.traces.trace_header import TraceHeader, parse_header

RECORDS = """\
 12:06:32.904302   622742.1          :          Header.v02:9.0:AIX 7.2:64:-1:1:GMT
 12:06:32.904302   622742.1          :          Version : 9.0.0.0    Level : p000-L090514
 12:06:32.904302   622742.1          :          UTC   Date : 05/15/16  Time : 11:06:32.904302
 12:06:32.904302   622742.1          :          Local Date : 05/15/16  Time : 12:06:32.904302  GMT
 12:06:32.904302   622742.1          :          PID : 622742 Process : dltmqm_nd (64-bit)
 12:06:32.904302   622742.1          :          Host : dynamo
 12:06:32.904302   622742.1          :          Operating System : AIX 7.3
 12:06:32.904302   622742.1          :          Product Long Name : IBM MQ for AIX
 12:06:32.904302   622742.1          :          --------------------------------
"""
BOX = """\
+-----------------------------------------------------------------------------+
|                                                                             |
| Date/Time         :- Tue November 24 2026 09:00:00 UTC                      |
| Host Name         :- apphost                                                |
| Operating System  :- Linux 5.14.0                                           |
| PIDS              :- 5724H7251                                              |
| LVLS              :- 9.3.0.10                                               |
| UserID            :- 00001001 (app)                                         |
| Program Name      :- amqsgetc                                               |
| Addressing mode   :- 64-bit                                                 |
| Process           :- 00007253                                               |
+-----------------------------------------------------------------------------+
"""
BOX_WITH_OFFSET = """\
| Date/Time         :- Tue 24 11 2026 11:00:00                                |\x20
| UTC Time          :- 1795510800.000000                                      |\x20
| UTC Time Offset   :- 120 (CET)                                              |\x20
| Host Name         :- apphost                                                |\x20
| LVLS              :- 9.2.4.0                                                |\x20
| Real UserID       :- 1001 (app)                                             |\x20
| Program Name      :- runmqchi                                               |\x20
| Process           :- 7253                                                   |\x20
"""
WINDOWS = """\
Process : C:\\app\\bin\\amqsgetc.exe (64-bit)
Version : 9.3.0.5    Level : p930-005-230615
Date : 11/24/26  Time : 09:00:00.100000
Host : APPHOST
Operating System : Windows Server 2022
"""
WINDOWS_5_3 = """\
Process : C:\\mqm\\bin\\amqxssvn.exe
Version : 530 Level : p000-L020213
Date : 02/25/02  Time : 16:35:47
"""
DOTNET = """\
Process : /usr/share/dotnet/dotnet (64-bit)\r
Host : vm\r
Operating System : Debian GNU/Linux 12 (bookworm)xX64 Edition, Build : SP0 Unix 6.18.44.657\r
Product Long Name : IBM MQ for Windows\r
Version : 9.3.0.0    Level :  p930-L220606_P\r
Data Path : \r
UTC Date : 24/11/2026  Time : 16:10:46.375562\r
LCL Date : 24/11/2026  Time : 17:10:46.375562 \r
"""


def test_records_of_the_old_unix_layout() -> None:
    assert trace_c.header(RECORDS.encode()) == TraceHeader(
        program="dltmqm_nd", process=622742, host="dynamo", platform="AIX 7.3", level="9.0.0.0",
        day=date(2016, 5, 15), began=12 * 3600 + 6 * 60 + 32.904302, utc_offset=3600,
    )  # fmt: skip


def test_the_box_of_the_newer_unix_layout() -> None:
    assert trace_c.header(BOX.encode()) == TraceHeader(
        program="amqsgetc", process=7253, host="apphost", user="app", platform="Linux 5.14.0", level="9.3.0.10",
        day=date(2026, 11, 24), began=9 * 3600, utc_offset=0,
    )  # fmt: skip


def test_the_box_may_tell_the_utc_time_and_its_offset_in_minutes() -> None:
    found = trace_c.header(BOX_WITH_OFFSET.encode())
    assert (found.utc_offset, found.day, found.user, found.process) == (7200, date(2026, 11, 24), "app", 7253)


def test_the_plain_lines_of_windows() -> None:
    assert trace_c.header(WINDOWS.replace("\n", "\r\n").encode()) == TraceHeader(
        program="C:\\app\\bin\\amqsgetc.exe", host="APPHOST", platform="Windows Server 2022", level="9.3.0.5",
        day=date(2026, 11, 24), began=9 * 3600 + 0.1, utc_offset=None,
    )  # fmt: skip


def test_windows_5_3_has_no_host() -> None:
    found = trace_c.header(WINDOWS_5_3.encode())
    assert (found.program, found.day, found.host) == (
        "C:\\mqm\\bin\\amqxssvn.exe",
        date(2002, 2, 25),
        "",
    )


def test_the_managed_client_writes_day_before_month() -> None:
    assert trace_dotnet.header(DOTNET.encode()) == TraceHeader(
        program="/usr/share/dotnet/dotnet", host="vm", level="9.3.0.0",
        platform="Debian GNU/Linux 12 (bookworm)xX64 Edition, Build : SP0 Unix 6.18.44.657",
        day=date(2026, 11, 24), began=17 * 3600 + 10 * 60 + 46.375562, utc_offset=3600,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "c", "dotnet"),
    [
        ("05/06/26", date(2026, 5, 6), date(2026, 6, 5)),
        ("05/06/2026", date(2026, 5, 6), date(2026, 6, 5)),
        ("24/11/2026", date(2026, 11, 24), date(2026, 11, 24)),
        ("11/24/26", date(2026, 11, 24), date(2026, 11, 24)),
        ("2026-11-24", date(2026, 11, 24), date(2026, 11, 24)),
        ("24.11.2026", date(2026, 11, 24), date(2026, 11, 24)),
        ("02/30/26", None, None),
        ("99/99/99", None, None),
        ("soon", None, None),
    ],
)
def test_a_date_is_read_in_the_order_of_its_writer_unless_a_field_decides(
    written: str, c: date | None, dotnet: date | None
) -> None:
    lines = [f"Date : {written}  Time : 09:00:00.100000"]
    assert parse_header(lines, day_first=False).day == c
    assert parse_header(lines, day_first=True).day == dotnet


@pytest.mark.parametrize(
    ("utc", "local", "offset"),
    [
        ("05/15/16  Time : 11:06:32.904302", "05/15/16  Time : 11:06:32.904302", 0),
        ("05/15/16  Time : 11:06:32.904302", "05/15/16  Time : 16:36:32.904302", 19800),
        ("05/15/16  Time : 02:00:00.000000", "05/14/16  Time : 22:00:00.000000", -14400),
        ("12/31/16  Time : 23:30:00.000000", "01/01/17  Time : 00:30:00.000000", 3600),
        ("05/15/16", "05/15/16  Time : 11:06:32.904302", None),
    ],
)
def test_the_offset_follows_from_the_two_clocks(utc: str, local: str, offset: int | None) -> None:
    found = parse_header([f"UTC   Date : {utc}", f"Local Date : {local}  GMT"], day_first=False)
    assert found.utc_offset == offset


@pytest.mark.parametrize(
    "content",
    [b"", b" 09:00:00.1 7253.1 : {  MQCONNX\n", b"\xff\x00\x01" * 500, b"+---+\n| \n"],
    ids=["empty", "call", "binary", "cut"],
)
def test_a_trace_without_a_header_gives_an_empty_one(content: bytes) -> None:
    assert trace_c.header(content) == TraceHeader()
    assert trace_dotnet.header(content) == TraceHeader()
