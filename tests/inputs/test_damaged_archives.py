"""Cut and damaged archives: what could be unpacked is delivered, the rest is named,
nothing is raised and nothing hangs."""

import bz2
import gzip
import io
import lzma
import os
import random
import struct
import tarfile
import tracemalloc
import zipfile
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mqtrace.inputs import open_sources, unpacking
from mqtrace.inputs.budget import FREE
from mqtrace.inputs.packing import zstd_library

ZSTD = zstd_library()

LINES = "".join(f"{random.Random(1).random()} {number}\n" for number in range(20_000)).encode()


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in entries.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


PACKED = {
    "gzip": gzip.compress(LINES, mtime=0),
    "bzip2": bz2.compress(LINES, 1),
    "xz": lzma.compress(LINES),
    "zstd": ZSTD.compress(LINES, options={ZSTD.CompressionParameter.checksum_flag: 1}),
}


@pytest.mark.parametrize("compression", PACKED)
def test_a_cut_file_gives_what_is_there_and_says_that_it_was_cut(tmp_path, read_all, compression) -> None:
    packed = PACKED[compression]
    (tmp_path / "cut").write_bytes(packed[: len(packed) - 20])
    (read,) = read_all(tmp_path)
    assert LINES.startswith(read.content)
    assert len(read.content) > len(LINES) // 4
    assert (
        read.error
        == f"The {compression} data end too early, the file was cut: what is there is read; copy the whole file again."
    )


@pytest.mark.parametrize("compression", PACKED)
def test_a_damaged_file_gives_what_stands_before_and_says_so(tmp_path, read_all, compression) -> None:
    packed = bytearray(PACKED[compression])
    middle = len(packed) * 3 // 4
    packed[middle : middle + 64] = b"\xff" * 64
    (tmp_path / "bad").write_bytes(packed)
    (read,) = read_all(tmp_path)
    assert len(read.content) < len(LINES) + 1
    assert str(read.error).startswith("It is damaged or cut (")
    assert str(read.error).endswith("): what stands before is read; copy it again, in binary mode.")


def test_text_after_packed_data_is_named(tmp_path, read_all) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(b"log") + b"plain text that was appended")
    (read,) = read_all(tmp_path)
    assert read.content == b"log"
    assert (
        read.error
        == "Bytes that are not gzip follow the packed data and are not read: they are damaged, or do not belong there."
    )


def test_a_file_damaged_from_its_start_is_known_as_unreadable_before_it_is_read(tmp_path) -> None:
    (tmp_path / "log.gz").write_bytes(b"\x1f\x8b\x08\xff" + b"\xff" * 100)
    assert [(bool(each.error), each.head()) for each in open_sources([tmp_path])] == [(True, b"")]


NO_DIRECTORY = (
    "The directory at the end of the ZIP archive is missing or damaged, as in one that was cut: copy the whole "
    "archive again"
)


def test_a_cut_zip_archive_is_one_clear_error(tmp_path, read_all) -> None:
    (tmp_path / "cut.zip").write_bytes(zipped({"a": b"first", "b/c": LINES})[:-100])
    ((name, content, error),) = [(each.name, each.content, str(each.error)) for each in read_all(tmp_path)]
    assert (name, content, error[: len(NO_DIRECTORY)]) == ("cut.zip", b"", NO_DIRECTORY)
    assert error.endswith("repair it (zip -FF) and give the result.")


@pytest.mark.parametrize(
    ("offset", "change", "error"),
    [
        (0, 0x40, NO_DIRECTORY),
        (6, 0x80, "It is damaged or cut (zip file version 14.8): what stands"),
        (12, 0x40, "None"),
        (42, 0x40, "It is damaged or cut (Bad magic number for file header): "),
        (20, 0x06, "Its checksum is wrong: the ZIP archive is damaged"),
        (17, 0x40, "Its checksum is wrong: the ZIP archive is damaged"),
    ],
    ids=["magic", "version", "time", "offset", "size", "checksum"],
)
def test_damage_of_a_zip_directory_is_named(tmp_path, read_all, offset, change, error) -> None:
    data = bytearray(zipped({"a": b"first"}))
    data[data.rindex(b"PK\x01\x02") + offset] ^= change
    (tmp_path / "bad.zip").write_bytes(data)
    assert [str(each.error)[: len(error)] for each in read_all(tmp_path)] == [error]


@pytest.mark.parametrize("piped", [False, True])
def test_a_zip_directory_of_more_than_16_mb_is_refused_before_it_is_read(tmp_path, read_all, piped) -> None:
    size = 16 * 1024 * 1024 + 1
    data = b"PK\x03\x04" + bytes(size) + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 4, 0)
    (tmp_path / "large.zip").write_bytes(data)
    (read,) = read_all("-", stdin=data) if piped else read_all(tmp_path)
    assert (
        read.error
        == "The directory of the ZIP archive takes more than 16777216 bytes: unpack the archive and give the folder."
    )


def test_a_wrong_checksum_is_named(tmp_path, read_all) -> None:
    (tmp_path / "bad.zip").write_bytes(
        zipped({"a": b"first", "b": b"second"}, zipfile.ZIP_STORED).replace(b"first", b"fIrst")
    )
    first, second = read_all(tmp_path)
    assert (
        str(first.error)
        == "Its checksum is wrong: the ZIP archive is damaged, and so may be what was read; copy it again, in "
        "binary mode."
    )
    assert (second.content, second.error) == (b"second", None)


def test_a_cut_tar_archive_names_the_entry_and_itself(tmp_path, read_all) -> None:
    (tmp_path / "cut.tar").write_bytes(tarred({"a": b"first", "b": LINES, "c": b"lost"})[:100_000])
    cut = "The tar archive ends too early, it was cut: what is there is read; copy the whole archive again."
    assert [(each.name, len(each.content), each.error) for each in read_all(tmp_path)] == [
        ("cut.tar!a", 5, None),
        ("cut.tar!b", 100_000 - 3 * 512, cut),
        ("cut.tar", 0, cut),
    ]


def test_a_cut_tgz_is_named_even_when_its_entries_are_not_read(tmp_path) -> None:
    packed = gzip.compress(tarred({"a": LINES, "b": LINES}))
    (tmp_path / "cut.tgz").write_bytes(packed[: len(packed) // 2])
    assert [(each.name.rsplit("/", 1)[1], bool(each.error)) for each in open_sources([tmp_path])][-1] == (
        "cut.tgz",
        True,
    )


def test_a_cut_zip_archive_inside_a_cut_gzip_names_both(tmp_path, read_all) -> None:
    packed = gzip.compress(zipped({"a": b"first", "b": LINES}, zipfile.ZIP_STORED))
    (tmp_path / "cut.gz").write_bytes(packed[:-1000])
    assert [str(each.error)[:21] for each in read_all(tmp_path)] == ["The directory at the ", "The gzip data end too"]


def test_a_damaged_header_is_not_taken_for_the_end_of_a_tar_archive(tmp_path, read_all) -> None:
    data = bytearray(tarred({"a": b"first", "b": b"lost"}))
    data[1024] ^= 0x40
    (tmp_path / "bad.tar").write_bytes(data)
    error = "It is damaged or cut (bad checksum): what stands before is read; copy it again, in binary mode."
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("bad.tar!a", b"first", None),
        ("bad.tar", b"", error),
    ]


def tar_header(kind: bytes, size: int) -> bytes:
    """A header block of GNU tar; sizes from 8 GiB on and negative ones as binary numbers."""
    member = tarfile.TarInfo("log")
    member.type = kind
    member.size = size
    return member.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.GNUTYPE_SPARSE, b"?"])
@pytest.mark.parametrize("size", [2**60, -512, -(2**60)])
def test_an_impossible_size_ends_a_tar_archive_at_once(tmp_path, read_all, kind, size) -> None:
    (tmp_path / "bad.tar").write_bytes(tar_header(kind, size) + b"content")
    read = read_all(tmp_path)
    assert (read[-1].name, read[-1].error is None) == ("bad.tar", False)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME])
def test_headers_of_a_tar_archive_that_would_fill_the_memory_are_refused(tmp_path, read_all, kind) -> None:
    (tmp_path / "bad.tar").write_bytes(
        tarred({"a": b"first"})[:1024] + tar_header(kind, 10_000_000) + bytes(10_000_000)
    )
    first, archive = read_all(tmp_path)
    assert (first.content, first.error) == (b"first", None)
    assert str(archive.error).startswith("The tar archive is damaged here, or has headers that are too large")


def pax_header(kind: bytes, number: int) -> bytes:
    record = f"1000 key{number}=".encode().ljust(999, b"x") + b"\n"
    return tar_header(kind, len(record)) + record.ljust(1024, b"\0")


@pytest.mark.load
def test_many_entries_and_headers_of_a_tar_archive_cost_no_memory(tmp_path) -> None:
    with (tmp_path / "many.tar").open("wb") as archive:
        for number in range(4000):
            archive.write(pax_header(tarfile.XGLTYPE, number) + tar_header(tarfile.REGTYPE, 0))
        archive.write(bytes(1024))
    tracemalloc.start()
    count = sum(1 for _ in open_sources([tmp_path / "many.tar"]))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 4000
    assert peak < 2_000_000


def test_a_small_damaged_entry_has_its_error_only_once_it_is_read(tmp_path) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(LINES[:1000], mtime=0)[:-8])
    for source in open_sources([tmp_path / "cut.gz"]):
        assert (source.error, source.head()) == (None, LINES[:1000])
        assert (source.stream.read(1000), source.stream.read(1)) == (LINES[:1000], b"")
        assert (
            source.error
            == "The gzip data end too early, the file was cut: what is there is read; copy the whole file again."
        )


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux has /proc")
@pytest.mark.parametrize("piped", [False, True])
def test_archives_leave_no_file_open(tmp_path, monkeypatch, piped) -> None:
    monkeypatch.setattr(unpacking, "_SPOOL_IN_MEMORY", 1000)
    data = zipped(
        {"x.zip": zipped({"a": LINES, "b": LINES}), "y.tgz": gzip.compress(tarred({"c": LINES})), "z": b""},
        zipfile.ZIP_STORED,
    )
    (tmp_path / "all.zip").write_bytes(data)
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for stop in range(6):
        sources = open_sources(["-" if piped else tmp_path / "all.zip"], stdin=io.BytesIO(data))
        for source in islice(sources, stop):
            source.stream.read(1)
        sources.close()  # type: ignore[attr-defined]
        assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


SMALL = {
    "zip": zipped({"a": b"first" * 50, "folder/b": b"second" * 50}),
    "zip of a tgz": zipped({"x.tgz": gzip.compress(tarred({"a": b"log" * 100}))}, zipfile.ZIP_STORED),
    "zip in a zip": zipped({"x.zip": zipped({"a": b"log" * 100})}, zipfile.ZIP_STORED),
    "gzip": gzip.compress(b"one" * 100) + gzip.compress(b"two" * 100),
    "bzip2": bz2.compress(b"one" * 100) + bz2.compress(b"two" * 100),
    "xz": lzma.compress(b"one" * 100) + lzma.compress(b"two" * 100),
    "zstd": ZSTD.compress(b"one" * 100),
    "tar": tarred({"a": b"log" * 100, "n" * 150: b"log"}),
}


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """An archive with some bytes changed, maybe cut."""
    data = bytearray(SMALL[draw(st.sampled_from(sorted(SMALL)))])
    for _ in range(draw(st.integers(1, 3))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data[: draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))])


@settings(max_examples=400, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=damaged(), piped=st.booleans())
def test_no_damage_raises_hangs_or_is_unpacked_without_limit(tmp_path: Path, data: bytes, piped: bool) -> None:
    (tmp_path / "damaged").write_bytes(data)
    for source in open_sources(["-" if piped else tmp_path / "damaged"], stdin=io.BytesIO(data)):
        total = 0
        while chunk := source.stream.read(4096):
            total += len(chunk)
        assert total <= FREE
        assert source.error is None or (source.error[0].isupper() and source.error.endswith("."))
