"""A large trace read by two processes gives the same records, in the same order, as one read by one."""

import os
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import pytest
from msgspec.structs import replace

from mqtrace.inputs import Source, open_sources
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import parallel, trace_c
from mqtrace.readers.traces.parallel import Sharing, parts_of, read_parts
from mqtrace.readers.traces.regions import FilePart
from mqtrace.readers.traces.trace_lines import Selected, Selection, read_part

SELECTION = Selection((b"MQSERVER", b"0x0010:  "), ("line", "dump"), (b"", b""))
ROWS = 4


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


def nothing(_content: bytes) -> int:
    """A count of hits by which each process reads an equal part."""
    return 0


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "SMALLEST", 1)
    monkeypatch.setattr(parallel, "BESIDES", 0)
    monkeypatch.setattr(parallel, "BATCH", 7)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(parallel.threading, "active_count", lambda: 1)


def part_of(path: Path, stream: BinaryIO, part: FilePart, tally: Tally) -> Iterator[Selected]:
    return read_part(stream, part, tally, trace_c.DIALECT, SELECTION, name=str(path))


def read(path: Path) -> tuple[list[Selected], Tally]:
    tally = Tally()
    found = [
        (record, list(literals))
        for source in open_sources([path])
        for record, literals in trace_c.read(source, tally, SELECTION)
    ]
    return found, tally


def alone(path: Path) -> tuple[list[Selected], Tally]:
    tally = Tally()
    source = Source(str(path), BytesIO(path.read_bytes()))
    found = [(record, list(literals)) for record, literals in trace_c.read(source, tally, SELECTION)]
    return found, tally


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("records", [1, 2, 3, 10, 101])
def test_two_processes_give_what_one_gives(tmp_path: Path, records: int) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(records))
    assert len(parts_of(path, path.stat().st_size, 2, nothing)) == 2
    assert read(path) == alone(path)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("share", [0.05, 0.2, 0.31, 0.45, 0.5, 0.55, 0.8, 0.99])
def test_a_dump_across_the_border_of_the_parts_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    monkeypatch.setattr(parallel, "_own_share", lambda *_: share)
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(3))
    found, tally = read(path)
    assert [len(record.data) for record, _ in found if record.kind == "hexdump"] == [16 * ROWS] * 3
    assert (found, tally) == alone(path)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    "content",
    [b"one line without an end MQSERVER", b"\n", b"x" * 50 + b"\nMQSERVER\n"],
    ids=["no-newline", "newline", "two-lines"],
)
def test_a_file_that_cannot_be_cut_well_is_read_all_the_same(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(content)
    assert read(path) == alone(path)


@pytest.mark.usefixtures("always")
def test_what_a_failed_child_does_not_send_is_read_here(tmp_path: Path) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(40))
    parent = os.getpid()

    def reader(stream: BinaryIO, part: FilePart, tally: Tally) -> Iterator[Selected]:
        for number, selected in enumerate(part_of(path, stream, part, tally)):
            if os.getpid() != parent and number == 20:
                os._exit(9)
            yield selected

    tally = Tally()
    with path.open("rb") as stream:
        found = [
            (record, list(literals))
            for record, literals in read_parts(
                stream, path, parts_of(path, path.stat().st_size, 2, nothing), tally, reader
            )
        ]
    assert (found, tally) == alone(path)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("where", ["both", "this process", "the child"])
def test_a_fault_in_a_part_reaches_the_caller_and_leaves_no_child(tmp_path: Path, where: str) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(40))
    parent = os.getpid()

    def reader(stream: BinaryIO, part: FilePart, tally: Tally) -> Iterator[Selected]:
        yield from islice(part_of(path, stream, part, tally), 10)
        if where == "both" or (where == "this process") == (os.getpid() == parent):
            raise LookupError

    with path.open("rb") as stream:
        records = read_parts(stream, path, parts_of(path, path.stat().st_size, 2, nothing), Tally(), reader)
        if where == "the child":  # its part is read here instead
            assert len(list(records)) == 20
        else:
            with pytest.raises(LookupError):
                list(records)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("always")
def test_a_child_whose_records_nobody_wants_ends(tmp_path: Path) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(40_000))
    for source in open_sources([path]):
        records = trace_c.read(source, Tally(), SELECTION)
        next(records)
        records.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("size", [0, 1, parallel.SMALLEST - 1, None])
def test_a_small_file_is_read_by_one_process(tmp_path: Path, size: int | None) -> None:
    assert parts_of(tmp_path / "AMQ1.0.FMT", size, 2, nothing) == (FilePart(),)


def test_an_input_that_is_no_plain_file_is_read_by_one_process() -> None:
    assert parts_of(None, 10**9, 2, nothing) == (FilePart(),)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("processes", [1, 2, 3, 4, 7])
def test_any_number_of_processes_gives_what_one_gives(tmp_path: Path, processes: int) -> None:
    path = tmp_path / "AMQ1.0.FMT"
    path.write_bytes(trace(101))
    assert len(parts_of(path, path.stat().st_size, processes, nothing)) == processes
    tally = Tally()
    found = [
        (record, list(literals))
        for source in open_sources([path])
        for record, literals in trace_c.read(source, tally, replace(SELECTION, sharing=Sharing(processes)))
    ]
    assert (found, tally) == alone(path)


def test_the_share_of_this_process_is_the_smaller_the_more_there_is_to_make_of_what_is_read() -> None:
    shares = [parallel._own_share(density, 2, 10**12) for density in (0, 0.0001, 0.001, 0.1)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == pytest.approx(0.5, abs=0.001)
    assert shares[-1] == parallel.LEAST_SHARE
    assert parallel._own_share(0, 4, 10**12) == pytest.approx(0.25, abs=0.001)
    assert parallel._own_share(0, 2, 100_000_000) < shares[0]
