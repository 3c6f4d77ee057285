"""Cut and damaged archives: what could be unpacked is delivered, the rest is named, nothing is raised and nothing hangs."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mqtrace.inputs import open_sources
from mqtrace.inputs.budget import FREE

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
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress(LINES),
}


@pytest.mark.parametrize("compression", PACKED)
def test_a_cut_file_gives_what_is_there_and_says_that_it_was_cut(tmp_path, read_all, compression) -> None:
    packed = PACKED[compression]
    (tmp_path / "cut").write_bytes(packed[: len(packed) - 20])
    (read,) = read_all(tmp_path)
    assert LINES.startswith(read.content)
    assert len(read.content) > len(LINES) // 4
    assert read.error == f"The {compression} data end too early, the file was cut: what is there is read; copy the whole file again."


@pytest.mark.parametrize("compression", PACKED)
def test_a_damaged_file_gives_what_stands_before_and_says_so(tmp_path, read_all, compression) -> None:
    packed = bytearray(PACKED[compression])
    middle = len(packed) * 3 // 4
    packed[middle : middle + 64] = b"\xff" * 64
    (tmp_path / "bad").write_bytes(packed)
    (read,) = read_all(tmp_path)
    assert len(read.content) < len(LINES) + 1
    assert str(read.error).startswith(f"The {compression} data are damaged (")
    assert str(read.error).endswith("): what stands before is read; copy the file again, in binary mode.")


def test_text_after_packed_data_is_named(tmp_path, read_all) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(b"log") + b"plain text that was appended")
    (read,) = read_all(tmp_path)
    assert read.content == b"log"
    assert read.error == "Bytes that are not gzip follow the packed data and are not read: they are damaged, or do not belong there."


def test_a_file_damaged_from_its_start_is_known_as_unreadable_before_it_is_read(tmp_path) -> None:
    (tmp_path / "log.gz").write_bytes(b"\x1f\x8b\x08\xff" + b"\xff" * 100)
    assert [(bool(each.error), each.head()) for each in open_sources([tmp_path])] == [(True, b"")]


def test_the_entries_of_a_cut_zip_archive_are_found_without_its_directory(tmp_path, read_all) -> None:
    whole = zipped({"a": b"first", "b/c": LINES, "d": b"lost"})
    (tmp_path / "cut.zip").write_bytes(whole[: whole.rindex(b"PK\x03\x04") - 100])
    first, second, archive = read_all(tmp_path)
    assert (first.name, first.content, first.error) == ("cut.zip!a", b"first", None)
    assert (second.name, LINES.startswith(second.content), len(second.content) > 100_000) == ("cut.zip!b/c", True, True)
    assert second.error == "It ends too early, as the ZIP archive was cut: what is there is read; copy the whole archive again."
    assert (archive.name, str(archive.error)[:35]) == ("cut.zip", "The ZIP archive is cut or damaged, ")


@pytest.mark.parametrize("offset", [0, 12, 20, 28, 42], ids=["magic", "time", "size", "name length", "offset"])
def test_a_damaged_directory_loses_no_entry_that_can_be_found(tmp_path, read_all, offset) -> None:
    data = bytearray(zipped({"a": b"first", "b": b"second"}))
    data[data.index(b"PK\x01\x02") + offset] ^= 0x40
    (tmp_path / "bad.zip").write_bytes(data)
    contents = [each.content for each in read_all(tmp_path)]
    assert b"second" in contents


def test_a_wrong_checksum_is_named(tmp_path, read_all) -> None:
    (tmp_path / "bad.zip").write_bytes(zipped({"a": b"first", "b": b"second"}, zipfile.ZIP_STORED).replace(b"first", b"fIrst"))
    first, second = read_all(tmp_path)
    assert (
        str(first.error) == "Its checksum is wrong: the ZIP archive is damaged, and so may be what was read; copy it again, in binary mode."
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
    assert [(each.name.rsplit("/", 1)[1], bool(each.error)) for each in open_sources([tmp_path])][-1] == ("cut.tgz", True)


def test_a_cut_zip_archive_inside_a_cut_gzip_names_both(tmp_path, read_all) -> None:
    packed = gzip.compress(zipped({"a": b"first", "b": LINES}, zipfile.ZIP_STORED))
    (tmp_path / "cut.gz").write_bytes(packed[:-1000])
    read = read_all(tmp_path)
    assert read[0].content == b"first"
    assert [str(each.error)[:21] for each in read[1:]] == ["It ends too early, as", "The ZIP archive is cu", "The gzip data end too"]


SMALL = {
    "zip": zipped({"a": b"first" * 50, "folder/b": b"second" * 50}),
    "zip of a tgz": zipped({"x.tgz": gzip.compress(tarred({"a": b"log" * 100}))}, zipfile.ZIP_STORED),
    "zip in a zip": zipped({"x.zip": zipped({"a": b"log" * 100})}, zipfile.ZIP_STORED),
    "gzip": gzip.compress(b"one" * 100) + gzip.compress(b"two" * 100),
    "bzip2": bz2.compress(b"one" * 100) + bz2.compress(b"two" * 100),
    "xz": lzma.compress(b"one" * 100) + lzma.compress(b"two" * 100),
    "zstd": zstandard.ZstdCompressor().compress(b"one" * 100),
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
