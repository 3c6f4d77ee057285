"""The lines around evidence: which are read a second time, and which are not."""

import gzip
from pathlib import Path

import pytest

from mqtrace.excerpts import excerpts_of
from mqtrace.model import Cause, Connection, Evidence, Excerpt, InputRead, Location, Outcome, Report


def report(source: str, *lines: int, kind: str = "trace-c", reason: int = 2538) -> Report:
    cause = Cause("x.y", "", "", (), "certain", evidence=tuple(Evidence(Location(source, line), "") for line in lines))
    outcome = Outcome(Connection("c", source, reason_code=reason), cause=cause)
    return Report((outcome,), inputs=(InputRead(source, kind),))


def read(path: Path, *lines: int, kind: str = "trace-c") -> list[tuple[int, tuple[str | None, ...]]]:
    return [(each.first, each.lines) for each in excerpts_of(report(str(path), *lines, kind=kind), [path])]


def numbered(count: int) -> bytes:
    return "".join(f"line {number}\n" for number in range(1, count + 1)).encode()


def around(first: int, last: int) -> tuple[int, tuple[str, ...]]:
    return first, tuple(f"line {number}" for number in range(first, last + 1))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ((20,), [around(14, 26)]),
        ((2,), [around(1, 8)]),
        ((40,), [around(34, 40)]),
        ((10, 15), [around(4, 21)]),
        ((5, 30), [around(1, 11), around(24, 36)]),
        ((90,), []),
    ],
)
def test_six_lines_before_and_behind(tmp_path: Path, wanted: tuple[int, ...], found: list[object]) -> None:
    path = tmp_path / "a.FMT"
    path.write_bytes(numbered(40))
    assert read(path, *wanted) == found


def test_a_line_far_behind_is_found_in_a_packed_input_too(tmp_path: Path) -> None:
    path = tmp_path / "a.FMT.gz"
    path.write_bytes(gzip.compress(numbered(400_000)))
    assert read(path, 399_000) == [around(398_994, 399_006)]


def test_a_line_longer_than_what_is_read_at_once_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.FMT"
    path.write_bytes(b"x y " * 750_000 + b"\nsecond\n")
    ((first, lines),) = read(path, 2)
    assert (first, lines[1], len(str(lines[0]))) == (1, "second", 1999)


def test_utf_16_is_read_as_the_reader_of_traces_does(tmp_path: Path) -> None:
    path = tmp_path / "a.FMT"
    path.write_bytes(b"\xff\xfe" + "one\r\ntwo\r\n".encode("utf-16-le"))
    assert read(path, 1)[0][1][:2] == ("one", "two")


@pytest.mark.parametrize("kind", ["ini", "environment", "application-log", "ccdt-json", "listing"])
def test_configuration_and_output_of_programs_are_not_quoted(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(numbered(9))
    assert read(path, 3, kind=kind) == []
    assert read(path, 3, kind="errorlog-text") == [around(3, 9)]


def test_rows_of_a_dump_are_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a.FMT"
    rows = (
        "09:00:00.1 1.1 RSESS  0x0000:  73336372 65742020 20202020  |s3cret  |",
        "0000016A 17:17:06.0 1.1   0x00000000 73 33 63 72 65 74 : s3cret",
        "73 33 63 72 65 74 00 00     s3cret",
        "MQCNO.options: 0x00000040",
    )
    path.write_text("\n".join(rows))
    assert read(path, 1) == [(1, (None, None, None, "MQCNO.options: 0x00000040"))]


def test_a_secret_on_the_line_behind_its_name_is_hidden(tmp_path: Path) -> None:
    path = tmp_path / "AMQERR01.LOG"
    path.write_text("the value of password =\n  s3cret99\nend\n")
    ((_, lines),) = read(path, 1, kind="errorlog-text") or [(0, ())]
    assert "s3cret99" not in "".join(filter(None, lines))


def test_a_secret_in_a_field_of_a_header_is_hidden(tmp_path: Path) -> None:
    path = tmp_path / "AMQERR01.LOG"
    path.write_text("      Host(h) Installation(I1)\n      CommentInsert1(usage: amqssslc -u app s3cret99)\n")
    assert read(path, 1, kind="errorlog-text") == [
        (1, ("      Host(h) Installation(I1)", "      CommentInsert1(usage: amqssslc -u app ***)"))
    ]


def test_a_secret_that_takes_lines_with_it_leaves_nothing_to_quote(tmp_path: Path) -> None:
    path = tmp_path / "AMQERR01.LOG"
    path.write_text("-----BEGIN PRIVATE KEY-----\nx y\nx y\n-----END PRIVATE KEY-----\n", encoding="utf-8")
    assert read(path, 1, kind="errorlog-text") == []


def test_a_key_that_begins_above_what_is_quoted_is_not_quoted(tmp_path: Path) -> None:
    path = tmp_path / "AMQERR01.LOG"
    path.write_text(f"-----BEGIN PRIVATE KEY-----\n{'aB3/' * 16}\n{'aB3/' * 5}==\n-----END PRIVATE KEY-----\n")
    assert read(path, 2, kind="errorlog-text") == [(2, (None, None, "-----END PRIVATE KEY-----"))]


def test_standard_input_cannot_be_read_again() -> None:
    assert list(excerpts_of(report("-", 3), ["-"])) == []


def test_equal_causes_are_quoted_for_the_first_five_connections_only(tmp_path: Path) -> None:
    path = tmp_path / "a.FMT"
    path.write_bytes(numbered(2000))
    outcomes = tuple(report(str(path), line * 100).outcomes[0] for line in range(1, 9))
    found = list(excerpts_of(Report(outcomes, inputs=(InputRead(str(path), "trace-c"),)), [path]))
    assert [type(each) for each in found] == [Excerpt] * 5
