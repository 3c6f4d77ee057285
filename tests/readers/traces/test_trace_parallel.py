"""A large trace read by several processes gives the same records, in the same order, as one read by one."""

import gzip
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mqtrace.inputs import Source, open_sources
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import blocks, parallel, trace_c, window
from mqtrace.readers.traces.parallel import ONE_A_CORE, Sharing, read_shared
from mqtrace.readers.traces.regions import FilePart
from mqtrace.readers.traces.trace_lines import Selected, Selection, read_part

SELECTION = Selection((b"MQSERVER", b"0x0010:  "), ("line", "dump"), (b"", b""))
ROWS = 4
Found = tuple[list[tuple[Any, list[int]]], Tally, str | None]


def trace(records: int) -> bytes:
    """Records of one selected line, a dump of four rows, and a line of no interest."""
    found = []
    for number in range(records):
        prefix = b" 09:00:00.%06d     7253.1           :       " % number
        found.append(prefix + b"[MQSERVER] = %d\n" % number)
        row = prefix + b"  0x%04x:  %08x 00000000 00000000 00000000  |................|\n"
        found.extend(row % (offset, number) for offset in range(0, 16 * ROWS, 16))
        found.append(prefix + b"other\n")
    return b"".join(found)


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Every trace is large, and its blocks are small; gives what sets their size."""
    monkeypatch.setattr(parallel, "SMALLEST", 1)
    monkeypatch.setattr(parallel, "BATCH", 7)
    monkeypatch.setattr(blocks, "FEWEST", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(parallel.threading, "active_count", lambda: 1)

    def set_size(size: int) -> None:
        monkeypatch.setattr(blocks, "BLOCK", size)
        monkeypatch.setattr(window.Window, "size", size)

    set_size(1000)
    return set_size


def found_in(source: Source, selection: Selection) -> Found:
    tally = Tally()
    records = [(record, list(literals)) for record, literals in trace_c.read(source, tally, selection)]
    return records, tally, source.error


def read(path: Path, processes: int = 2) -> list[Found]:
    selection = replace(SELECTION, sharing=Sharing(processes))
    return [found_in(source, selection) for source in open_sources([path])]


def alone(content: bytes, name: Path | str) -> Found:
    return found_in(Source(str(name), io.BytesIO(content)), SELECTION)


def no_child_is_left() -> bool:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
    return True


@pytest.mark.parametrize("records", [1, 2, 3, 10, 101])
@pytest.mark.parametrize("processes", [1, 2, 3, 7])
def test_any_number_of_processes_gives_what_one_gives(tmp_path: Path, records: int, processes: int) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(records))
    assert read(path, processes) == [alone(trace(records), path)]
    assert no_child_is_left()


@pytest.mark.parametrize("size", [70, 130, 500, 611, 900, 1200, 1700])
def test_a_dump_across_the_border_of_blocks_is_whole(tmp_path: Path, always: Callable[[int], None], size: int) -> None:
    always(size)
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(3))
    found = read(path)
    assert [len(record.data) for record, _ in found[0][0] if record.kind == "hexdump"] == [16 * ROWS] * 3
    assert found == [alone(trace(3), path)]


@pytest.mark.parametrize(
    "content",
    [b"one line without an end MQSERVER", b"\n", b"x" * 5000 + b"\nMQSERVER\n", b"\n" * 3000],
    ids=["no-newline", "newline", "long-line", "empty-lines"],
)
def test_a_file_that_cannot_be_cut_well_is_read_all_the_same(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(content)
    assert read(path) == [alone(content, path)]


def test_blocks_are_neither_too_few_nor_too_many(
    tmp_path: Path, always: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "FEWEST", 16)
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(101))
    length = path.stat().st_size
    for size, expected in ((1, -(-length // blocks.MOST)), (10 * length, -(-length // 16)), (777, 777)):
        always(size)
        assert blocks.FileBlocks(path, length).size == expected
        assert read(path) == [alone(trace(101), path)]


def shared(path: Path, reader: Callable[..., Iterator[Selected]]) -> Found:
    tally = Tally()
    for source in open_sources([path]):
        records = read_shared(source, tally, reader, ONE_A_CORE, lambda: None)
        return [(record, list(literals)) for record, literals in records], tally, source.error
    raise AssertionError


def part_of(stream: Any, part: FilePart, tally: Tally) -> Iterator[Selected]:
    return read_part(stream, part, tally, trace_c.DIALECT, SELECTION, name="trace")


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("number", [0, 1, 9, 200])
@pytest.mark.parametrize("processes", [2, 6])
def test_what_a_failed_child_does_not_send_is_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, number: int, processes: int
) -> None:
    monkeypatch.setattr(window, "ROOM", 64 * 1024)
    monkeypatch.setattr(window, "PIECE", 4096)
    monkeypatch.setattr(window, "MARGIN", 8 * 1024)
    monkeypatch.setattr(window, "BEHIND", 8192)
    monkeypatch.setattr(os, "cpu_count", lambda: processes)
    content = trace(301)
    path = tmp_path / f"AMQ1.0.FMT{suffix}"
    path.write_bytes(gzip.compress(content) if suffix else content)
    parent = os.getpid()
    left = number

    def reader(stream: Any, part: FilePart, tally: Tally) -> Iterator[Selected]:
        nonlocal left
        for selected in part_of(stream, part, tally):
            if os.getpid() != parent:
                if not left:
                    os._exit(9)
                left -= 1
            yield selected

    assert shared(path, reader) == alone(content, "trace")
    assert no_child_is_left()


@pytest.mark.parametrize("where", ["both", "this process", "the child"])
def test_a_fault_in_a_block_reaches_the_caller_and_leaves_no_child(tmp_path: Path, where: str) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(101))
    parent = os.getpid()

    def reader(stream: Any, part: FilePart, tally: Tally) -> Iterator[Selected]:
        yield from islice(part_of(stream, part, tally), 1)
        if where == "both" or (where == "this process") == (os.getpid() == parent):
            raise LookupError
        yield from ()

    if where == "the child":  # its blocks are read here instead
        assert shared(path, reader)[0]
    else:
        with pytest.raises(LookupError):
            shared(path, reader)
    assert no_child_is_left()


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_children_whose_records_nobody_wants_end(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"AMQ1.0.FMT{suffix}"
    path.write_bytes(gzip.compress(trace(10_000)) if suffix else trace(10_000))
    for source in open_sources([path]):
        records = trace_c.read(source, Tally(), SELECTION)
        next(records)
        records.close()
        assert source.error is None
    assert no_child_is_left()


def test_a_file_that_is_cut_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(101))
    for source in open_sources([path]):
        path.write_bytes(trace(50))
        records, tally, error = found_in(source, SELECTION)
        assert len(records) == 100
        assert tally.size == len(trace(50))
        assert str(error).startswith(f"The file was cut from {len(trace(101))} to {len(trace(50))} bytes")


def test_a_file_that_is_gone_when_it_is_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(101))
    for source in open_sources([path]):
        path.unlink()
        assert found_in(source, SELECTION)[2]
    assert no_child_is_left()


@pytest.mark.parametrize("size", [0, 1, 999])
def test_a_small_file_is_read_by_one_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(parallel, "SMALLEST", 1000)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("forked"))
    content = trace(2)[-size:] if size else b""
    for name, packed in (("AMQ1.0.FMT", content), ("AMQ1.0.FMT.gz", gzip.compress(content))):
        (tmp_path / name).write_bytes(packed)
        assert read(tmp_path / name) == [alone(content, tmp_path / name)]


def test_where_no_process_can_be_forked_one_reads_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError

    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(101))
    monkeypatch.setattr(os, "fork", refuse)
    assert read(path) == [alone(trace(101), path)]


# ---------------------------------------------------------------- what is packed


def packed_as(kind: str, content: bytes) -> bytes:
    if kind == "gzip":
        return gzip.compress(content)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("AMQ1.0.FMT", content)
        archive.writestr("AMQ2.0.FMT", content[: len(content) // 2])
    return target.getvalue()


@pytest.mark.parametrize("kind", ["gzip", "zip"])
@pytest.mark.parametrize("records", [1, 101, 2000])
@pytest.mark.parametrize("processes", [2, 4])
def test_a_packed_trace_is_read_the_same(tmp_path: Path, kind: str, records: int, processes: int) -> None:
    path = tmp_path / "traces"
    content = trace(records)
    path.write_bytes(packed_as(kind, content))
    inner = [f"{path}!AMQ1.0.FMT", f"{path}!AMQ2.0.FMT"] if kind == "zip" else [path]
    expected = [alone(each, name) for each, name in zip((content, content[: len(content) // 2]), inner, strict=False)]
    assert read(path, processes) == expected
    assert no_child_is_left()


def test_what_is_held_goes_round_many_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window, "ROOM", 64 * 1024)
    monkeypatch.setattr(window, "PIECE", 4096)
    monkeypatch.setattr(window, "MARGIN", 16 * 1024)
    monkeypatch.setattr(window, "BEHIND", 8192)
    path = tmp_path / "AMQ1.0.FMT.gz"
    content = trace(3000)
    path.write_bytes(gzip.compress(content))
    assert len(content) > 20 * window.ROOM
    assert read(path) == [alone(content, path)]


def test_a_cut_packed_trace_is_read_to_the_cut_which_is_told(tmp_path: Path) -> None:
    path = tmp_path / "AMQ1.0.FMT.gz"
    path.write_bytes(gzip.compress(trace(2000), 1)[:-2000])
    ((two, two_counted, error),) = read(path)
    ((one, one_counted, known),) = read(path, 1)
    assert (two, two_counted, error) == (one, one_counted, known)
    assert two
    assert "data end too early" in str(error)


def test_the_limit_of_unpacking_holds_for_what_other_processes_unpack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mqtrace.inputs.budget.FREE", 1_000_000)
    path = tmp_path / "traces.zip"
    content = trace(1) + b"\n" * 700_000
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"AMQ{number}.0.FMT", content)
    path.write_bytes(target.getvalue())
    for processes in (1, 2):
        errors = [error for *_, error in read(path, processes)]
        assert any("Unpacking stopped" in str(error) for error in errors)
        assert errors[0] is None


def test_a_process_that_unpacks_and_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "AMQ1.0.FMT.gz"
    path.write_bytes(gzip.compress(trace(101)))
    monkeypatch.setattr(window.Window, "_offer", lambda *_: os._exit(9))
    ((records, _, error),) = read(path)
    assert records == []
    assert str(error).startswith("Unpacking it ended before its time")
