"""Selected lines, dumps and blocks become records, with their true places, wherever a region's border falls."""

from collections.abc import Sequence
from io import BytesIO

import pytest

from mqtrace.inputs import Source
from mqtrace.model import Record
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import regions, trace_c, trace_dotnet, trace_lines
from mqtrace.readers.traces.scan import Scanner
from mqtrace.readers.traces.trace_lines import Selection

PREFIX = b" 09:00:00.%06d     7253.%d           :       "
HIT = b"MQSERVER"
ROW = b"0x0010:  "
BEGIN, END = b"<client_hello>", b"End of transcript"
SELECTION = Selection((HIT, ROW, BEGIN), ("line", "dump", "block"), (b"", b"", END))


def line(number: int, body: bytes, thread: int = 1) -> bytes:
    return PREFIX % (number, thread) + body + b"\n"


def rows(data: bytes, thread: int = 1) -> list[bytes]:
    found = []
    for offset in range(0, len(data), 16):
        part = data[offset : offset + 16]
        words = b" ".join(part[at : at + 4].hex().encode() for at in range(0, len(part), 4))
        found.append(line(offset, b"  0x%04x:  %-35s  |................|" % (offset, words), thread))
    return found


def read(
    content: bytes, selection: Selection = SELECTION, tally: Tally | None = None
) -> list[tuple[Record, Sequence[int]]]:
    tally = tally or Tally()
    return list(trace_c.read(Source("trace", BytesIO(content)), tally, selection))


def records(content: bytes) -> list[Record]:
    return [record for record, _ in read(content)]


@pytest.fixture
def small_regions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regions, "REGION", 300)
    monkeypatch.setattr(regions, "AHEAD", 3000)
    monkeypatch.setattr(regions, "BEHIND", 1200)


# ---------------------------------------------------------------- lines


def test_a_selected_line_has_its_body_place_thread_and_time() -> None:
    before, hit = line(1, b"{  MQCONNX"), line(2, b"xcsGetEnvironmentString[MQSERVER] = NULL")
    assert read(before + hit) == [
        (
            Record(
                "text", b"xcsGetEnvironmentString[MQSERVER] = NULL", "trace", 2, len(before), len(hit) - 1, "7253.1",
                "09:00:00.000002",
            ),
            [0],
        )
    ]  # fmt: skip


def test_a_line_hit_by_several_literals_is_one_record_with_all_of_them() -> None:
    selection = Selection((b"MQSERVER", b"NULL", b"absent", b"SERVER"), ("line",) * 4, (b"",) * 4)
    found = read(line(1, b"[MQSERVER] = NULL"), selection)
    assert [sorted(literals) for _, literals in found] == [[0, 1, 3]]


@pytest.mark.usefixtures("small_regions")
def test_line_numbers_and_offsets_stay_exact_over_many_regions() -> None:
    lines = [line(number, HIT if number % 7 == 0 else b"x" * (number % 50)) for number in range(1, 200)]
    content = b"".join(lines)
    found = records(content)
    assert [record.line for record in found] == list(range(7, 200, 7))
    for record in found:
        assert content[record.offset : record.offset + record.length] + b"\n" == lines[record.line - 1]


@pytest.mark.usefixtures("small_regions")
@pytest.mark.parametrize("padding", range(0, 330, 11))
def test_a_hit_is_found_once_wherever_a_border_falls(padding: int) -> None:
    content = line(1, b"x" * padding) + line(2, b"before") + line(3, HIT) + line(4, b"after") * 5
    assert [(record.line, record.raw) for record in records(content)] == [(3, HIT)]


@pytest.mark.parametrize(
    ("content", "lines"),
    [(b"", 0), (b"one", 1), (b"one\n", 1), (b"one\ntwo", 2), (b"one\ntwo\n", 2), (b"\n\n\n", 3)],
)
def test_the_lines_of_the_input_are_counted(content: bytes, lines: int) -> None:
    tally = Tally()
    read(content, tally=tally)
    assert (tally.lines, tally.size, tally.records) == (lines, len(content), 0)


def test_the_tally_counts_selected_lines_once() -> None:
    tally = Tally()
    read(line(1, HIT) + line(2, b"other") + line(3, HIT + b" " + HIT), tally=tally)
    assert (tally.lines, tally.records) == (3, 2)


def test_a_line_without_a_prefix_belongs_to_the_record_before_it() -> None:
    content = line(1, b"System.Exception: first", thread=7) + b"   at frame\n" + b" ---> " + HIT + b"\n"
    (record,) = records(content)
    assert (record.raw, record.line, record.thread, record.clock) == (b" ---> MQSERVER", 3, "7253.7", "09:00:00.000001")


def test_a_line_without_any_prefix_before_it_has_no_thread() -> None:
    (record,) = records(b"no prefix\n" + HIT + b"\n")
    assert (record.line, record.thread, record.clock) == (2, "", "")


def test_a_very_long_line_is_cut_around_the_hit() -> None:
    content = line(1, b"x" * 100_000 + HIT + b"y" * 100_000)
    (record,) = records(content)
    assert HIT in record.raw
    assert record.line == 1
    assert len(record.raw) <= 2 * trace_lines.LINE_CAP


def test_carriage_returns_are_no_part_of_the_text() -> None:
    (record,) = records(line(1, HIT).replace(b"\n", b"\r\n"))
    assert record.raw == HIT


# ---------------------------------------------------------------- dumps


DATA = bytes(range(16)) + b"\xff" * 16 + bytes(range(100, 108))


def test_a_dump_is_joined_from_its_first_row_on_and_may_end_in_a_short_row() -> None:
    content = line(1, b"before") + b"".join(rows(DATA)) + line(2, b"after")
    (record,) = records(content)
    assert (record.kind, record.data, record.base, record.line, record.thread) == ("hexdump", DATA, 0, 2, "7253.1")


@pytest.mark.usefixtures("small_regions")
@pytest.mark.parametrize("padding", range(0, 330, 11))
def test_a_dump_cut_by_a_border_is_read_whole(padding: int) -> None:
    before = line(1, b"x" * padding)
    (record,) = records(before + b"".join(rows(DATA)) + line(2, b"after") * 9)
    assert (record.data, record.base, record.line, record.offset) == (DATA, 0, 2, len(before))


def test_rows_of_another_thread_in_between_are_passed_over() -> None:
    own, other = rows(DATA), rows(b"\xee" * 40, thread=2)
    content = b"".join(part for pair in zip(own, other, strict=True) for part in pair)
    found = {record.thread: record.data for record in records(content)}
    assert found == {"7253.1": DATA, "7253.2": b"\xee" * 40}


def test_two_dumps_in_a_row_are_two_records() -> None:
    content = b"".join(rows(DATA) + rows(b"\xee" * 32))
    assert [(record.data, record.line) for record in records(content)] == [(DATA, 1), (b"\xee" * 32, 4)]


def test_a_dump_without_its_first_row_tells_where_it_begins() -> None:
    (record,) = records(b"".join(rows(DATA)[1:]))
    assert (record.data, record.base, record.line) == (DATA[16:], 16, 1)


def test_a_gap_ends_a_dump() -> None:
    first, second, _, fourth = rows(bytes(64))
    (record,) = records(first + second + fourth)
    assert len(record.data) == 32


def test_a_line_that_only_quotes_a_row_is_no_dump() -> None:
    assert records(line(1, b"text with 0x0010:  in it")) == []


# ---------------------------------------------------------------- blocks


def test_a_block_reaches_to_its_end_and_no_further() -> None:
    content = line(1, b"before") + line(2, BEGIN) + line(3, b"random 0102") + line(4, END) + line(5, b"after")
    (record,) = records(content)
    assert (record.kind, record.line) == ("transcript", 2)
    assert record.raw == b"<client_hello>\nrandom 0102\nEnd of transcript"


def test_a_block_of_lines_without_prefixes_belongs_to_the_record_that_begins_it() -> None:
    content = line(1, b"transcript", thread=3) + BEGIN + b"\n  random\n" + END + b"\n" + line(2, b"after")
    (record,) = records(content)
    assert (record.thread, record.line, record.raw) == ("7253.3", 2, b"<client_hello>\n  random\nEnd of transcript")


def test_lines_of_another_thread_are_no_part_of_a_block() -> None:
    content = line(1, BEGIN) + line(2, b"other", thread=2) + line(3, b"own") + line(4, END)
    (record,) = records(content)
    assert record.raw == b"<client_hello>\nown\nEnd of transcript"


@pytest.mark.usefixtures("small_regions")
@pytest.mark.parametrize("padding", range(0, 330, 11))
def test_a_block_cut_by_a_border_is_read_whole(padding: int) -> None:
    inside = [line(number, b"random %d" % number) for number in range(12)]
    content = line(1, b"x" * padding) + line(2, BEGIN) + b"".join(inside) + line(3, END) + line(4, b"after") * 9
    (record,) = records(content)
    assert record.raw.splitlines() == [BEGIN, *(b"random %d" % number for number in range(12)), END]


def test_a_block_without_an_end_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_lines, "BLOCK_LINES", 5)
    (record,) = records(line(1, BEGIN) + line(2, b"more") * 100)
    assert len(record.raw.splitlines()) == 5


# ---------------------------------------------------------------- both searches


def test_the_portable_search_selects_the_same_records(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        trace_lines, "scanner_of", lambda literals, portable: Scanner(literals, portable=portable, worth_compiling=-1)
    )
    content = line(1, HIT) + b"".join(rows(DATA)) + line(2, BEGIN) + line(3, END)
    portable = Selection(SELECTION.literals, SELECTION.kinds, SELECTION.ends, portable=True)
    assert read(content, portable) == read(content)


def test_a_dump_of_the_managed_client_is_read_with_its_own_form_of_rows() -> None:
    row = b"00000049 17:10:46.4 2355.4 "
    content = b"".join(
        b"0000004%d 17:10:46.40000%d   2355.4     0x%08x %s : $......\r\n" % (at, at, at * 16, b"54 53 48 20 " * count)
        for at, count in enumerate((4, 4, 1))
    )
    selection = Selection((b"0x00000000 54 53 48 20",), ("dump",), (b"",))
    ((record, _),) = trace_dotnet.read(Source("trace", BytesIO(row + b"\r\n" + content)), Tally(), selection)
    assert (record.data, record.line, record.thread) == (b"TSH " * 9, 2, "2355.4")
