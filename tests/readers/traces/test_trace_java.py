"""The Java client's trace: prefixes, header, processes in one file, and numbers that show what is missing. SYNTHETIC,
in the form of genuine traces of com.ibm.mq.allclient 9.1 to 9.4.
"""

from datetime import date
from io import BytesIO

import pytest

from mqtrace.formats import format_of
from mqtrace.inputs import Source
from mqtrace.model import Record
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import trace_java
from mqtrace.readers.traces.continuity import Replay, hole_in
from mqtrace.readers.traces.trace_lines import Selection

HEAD = """Date: Wed Nov 25 02:30:23 {zone} 2026
{level}
Process ID: 31314

System properties (list may be incomplete due to security policy):
|   os.name               :-  Linux
|   sun.java.command      :-  com.example.App QM1 password=hidden
|   user.name             :-  appuser
|   user.timezone         :-  Europe/Berlin
"""


def record(clock: str, body: str, thread: str = "00000001") -> str:
    return f"[25/11/26 02:30:{clock}]  {thread}  {body}\n"


def read(text: str, *literals: bytes) -> list[Record]:
    selection = Selection(literals, ("line",) * len(literals), (b"",) * len(literals))
    return [found for found, _ in trace_java.read(Source("t", BytesIO(text.encode())), Tally(), selection)]


def test_a_record_has_its_date_its_process_and_the_text_behind_its_thread() -> None:
    text = "Process ID: 31314\n" + record("23.552.00", "@2cbb3d47  c.i.m.j.remote.api.RemoteFAP   --  d  Reason [2009]")
    (found,) = read(text, b"Reason [")
    assert (found.thread, found.clock) == ("31314.00000001", "2026-11-25T02:30:23.552")
    assert found.raw == b"@2cbb3d47  c.i.m.j.remote.api.RemoteFAP   --  d  Reason [2009]"


def test_the_lines_of_an_exception_are_of_the_thread_that_threw_it() -> None:
    (found,) = read("[25/11/26 02:30:24.169.00]  0001 Connection refused [java.net.ConnectException] at:\n", b"refused")
    assert (found.thread, found.raw) == (".0001", b"Connection refused [java.net.ConnectException] at:")


def test_each_header_names_the_process_of_the_records_behind_it() -> None:
    one = record("23.552.00", "@1  c.A  -  d  words")
    found = read(f"Process ID: 11\n{one}Process ID:12\n{one}", b"words")
    assert [each.thread for each in found] == ["11.00000001", "12.00000001"]


def test_the_line_that_names_the_process_is_no_record_where_nobody_asks_for_it() -> None:
    assert read("Process ID: 11\n", b"words") == []


@pytest.mark.parametrize("level", ["MQ Build Level=9.4.4.0(p944-L251003)", "Build Level: 9.4.4.0(p944-L250214)"])
@pytest.mark.parametrize(("zone", "offset"), [("UTC", 0), ("CET", 3600)])
def test_the_header(level: str, zone: str, offset: int) -> None:
    header = trace_java.header(HEAD.format(level=level, zone=zone).encode())
    assert (header.process, header.level, header.platform) == (31314, "9.4.4.0", "Linux")
    assert (header.day, header.began, header.utc_offset) == (date(2026, 11, 25), 2 * 3600 + 30 * 60 + 23, offset)
    assert (header.program, header.user) == ("com.example.App", "appuser")


def test_a_trace_without_a_header_has_the_date_of_its_first_record() -> None:
    header = trace_java.header(record("23.552.00", "@1  c.A  -  d  x").encode())
    assert (header.day, header.process, header.utc_offset) == (date(2026, 11, 25), None, None)


def test_the_client_s_failure_report_and_its_log_are_no_traces() -> None:
    properties = "|   sun.java.command      :-  App\n"
    report = f"------START FFST------\nFirst Failure Symptom Report\n{properties}"
    for text in (report, "Date: Wed Nov 25 02:30:31 UTC 2026\nProcess ID: 31579\n"):
        known = format_of(text.encode())
        assert known is None or known.kind != "trace-java"


WHOLE = (
    ("23.552.00", "@1  c.A           {  outer()"),
    ("23.552.01", "@2  c.B    -      {  inner()"),
    ("23.552.02", "@2  c.B    --     d  data"),
    ("23.552.02", " a line of the same record"),
    ("23.562.03", "@2  c.B    -      !  inner(), words [java.lang.Exception]"),
    ("23.563.00", "@3  c.C    -      {  other()"),
    ("23.563.01", "@3  c.C    -      }  other()"),
)


def hole(lines: tuple[tuple[str, str], ...]) -> str | None:
    """The first line behind missing ones, None where none are seen to be missing."""
    content = "".join(record(clock, body) for clock, body in lines).encode()
    source = Source("trace", BytesIO(content))
    replay = Replay(source)
    assert source.stream.read() == content
    place = hole_in(replay, trace_java.DIALECT, "31314.00000001", 0, len(content))
    return None if place is None else content[place:].decode().splitlines()[0]


def test_a_whole_call_has_no_hole_though_one_that_threw_has_no_end() -> None:
    assert hole(WHOLE) is None


@pytest.mark.parametrize(("missing", "behind"), [(1, 2), (2, 4), (4, 5)])
def test_a_number_that_is_left_out_shows_a_hole(missing: int, behind: int) -> None:
    lines = tuple(each for each in WHOLE if each[0] != WHOLE[missing][0])
    expected = None if missing == 4 else record(*WHOLE[behind]).rstrip("\n")
    assert hole(lines) == expected


def test_a_call_that_begins_two_levels_deeper_shows_a_hole() -> None:
    deep = ("23.564.00", "@3  c.C    ---    {  deep()")
    assert hole((WHOLE[0], deep)) == record(*deep).rstrip("\n")


def test_a_sign_of_great_depth_stands_for_many_levels() -> None:
    outer = ("23.564.00", "@3  c.C    ----+----+----+----+----    {  outer()")
    inner = ("23.564.01", "@3  c.C    :    {  inner()")
    assert hole((outer, inner)) is None
