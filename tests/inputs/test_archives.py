"""Archives and compressed files are known by content, unpacked as streams, and their entries named after a "!"."""

import bz2
import gzip
import io
import lzma
import os
import stat
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mqtrace.inputs import open_sources, unpacking
from mqtrace.inputs.packing import zstd_library

LINES = b"10:11:12.345678  4711.1  RSESS:000001  -----{  xcsFreeMem\n" * 2000


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(entries: dict[str, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=form) as archive:
        for name, content in entries.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()


def zstd(data: bytes) -> bytes:
    return zstd_library().compress(data)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd,
}


@pytest.mark.parametrize("compress", COMPRESS.values(), ids=COMPRESS)
class TestCompressedFiles:
    def test_it_is_unpacked_whatever_its_name_is(self, tmp_path, read_all, compress) -> None:
        (tmp_path / "AMQ1.TRC").write_bytes(compress(LINES))
        assert [(each.name, each.content == LINES, each.error) for each in read_all(tmp_path / "AMQ1.TRC")] == [
            ("AMQ1.TRC", True, None)
        ]

    def test_several_packed_streams_in_a_row_are_one_file(self, tmp_path, read_all, compress) -> None:
        (tmp_path / "log").write_bytes(compress(b"one\n") + compress(b"") + compress(b"two\n"))
        assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"one\ntwo\n", None)]

    def test_thousands_of_tiny_streams_take_no_time(self, tmp_path, read_all, compress) -> None:
        (tmp_path / "log").write_bytes(compress(b"line\n") * 2000)
        assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"line\n" * 2000, None)]

    def test_a_compressed_tar_archive_is_opened(self, tmp_path, read_all, compress) -> None:
        (tmp_path / "all.tgz").write_bytes(compress(tarred({"errors/AMQERR01.LOG": b"log", "trace/AMQ1.FMT": LINES})))
        read = read_all(tmp_path / "all.tgz")
        assert [(each.name, each.content, each.error) for each in read] == [
            ("all.tgz!errors/AMQERR01.LOG", b"log", None),
            ("all.tgz!trace/AMQ1.FMT", LINES, None),
        ]

    def test_what_was_unpacked_has_no_size_and_no_path(self, tmp_path, compress) -> None:
        (tmp_path / "log").write_bytes(compress(LINES))
        assert [(each.size, each.path) for each in open_sources([tmp_path])] == [(None, None)]

    def test_the_head_of_what_was_unpacked_is_64_kib(self, tmp_path, compress) -> None:
        (tmp_path / "log").write_bytes(compress(LINES))
        assert [each.head() for each in open_sources([tmp_path])] == [LINES[:65536]]


def test_gzip_padded_with_zeros_is_whole(tmp_path, read_all) -> None:
    (tmp_path / "tape.gz").write_bytes(gzip.compress(b"log") + bytes(10_000) + gzip.compress(b"more") + bytes(512))
    assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"logmore", None)]


def test_a_skippable_frame_of_zstd_is_passed_over(tmp_path, read_all) -> None:
    (tmp_path / "log").write_bytes(b"\x50\x2a\x4d\x18\x04\0\0\0note" + zstd(b"log"))
    assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"log", None)]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_zip_archive_yields_its_files(tmp_path, read_all, method) -> None:
    (tmp_path / "all").write_bytes(zipped({"folder/": b"", "folder/a.log": LINES, "b.log": b"b", "empty": b""}, method))
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("all!folder/a.log", LINES, None),
        ("all!b.log", b"b", None),
        ("all!empty", b"", None),
    ]


def test_a_zip_archive_written_as_a_stream_is_read(tmp_path, read_all) -> None:
    class Pipe(io.RawIOBase):
        """What cannot seek makes zipfile write sizes after the data, as Java does."""

        data = b""

        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mqjms_1.trc", LINES)
    (tmp_path / "mqjms_1.trz").write_bytes(pipe.data)
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("mqjms_1.trz!mqjms_1.trc", LINES, None)
    ]


def test_an_empty_zip_archive_has_no_sources(tmp_path, read_all) -> None:
    (tmp_path / "empty.zip").write_bytes(zipped({}))
    assert read_all(tmp_path) == []


@pytest.mark.parametrize(
    "form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["ustar", "gnu", "pax"]
)
@pytest.mark.parametrize("name", ["log", "/var/mqm/errors/AMQERR01.LOG", "p" * 60 + "/" + "q" * 90, "Prüfung.log"])
def test_a_tar_archive_yields_its_files_in_every_form(tmp_path, read_all, form, name) -> None:
    (tmp_path / "all.tar").write_bytes(tarred({name: LINES, "second": b"2"}, form))
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        (f"all.tar!{name.lstrip('/')}", LINES, None),
        ("all.tar!second", b"2", None),
    ]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["gnu", "pax"])
def test_a_tar_archive_holds_names_longer_than_its_header(tmp_path, read_all, form) -> None:
    name = "/".join(["folder" * 10] * 20)
    (tmp_path / "all.tar").write_bytes(tarred({name: b"1", "second": b"2"}, form))
    assert [(each.name, each.content) for each in read_all(tmp_path)] == [
        (f"all.tar!{name}", b"1"),
        ("all.tar!second", b"2"),
    ]


def test_folders_links_and_pipes_of_a_tar_archive_are_passed_over(tmp_path, read_all) -> None:
    with tarfile.open(tmp_path / "all.tar", "w") as archive:
        for name, kind in [
            ("dir", tarfile.DIRTYPE),
            ("sym", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("pipe", tarfile.FIFOTYPE),
        ]:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        member = tarfile.TarInfo("log")
        member.size = 3
        archive.addfile(member, io.BytesIO(b"log"))
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("all.tar!log", b"log", None),
    ]


def test_an_entry_that_is_not_read_does_not_disturb_the_next(tmp_path) -> None:
    (tmp_path / "all.tgz").write_bytes(gzip.compress(tarred({"a": LINES, "b": LINES, "c": b"c"})))
    assert [each.stream.read(1) for each in open_sources([tmp_path])] == [b"1", b"1", b"c"]


def test_archives_in_archives_are_opened(tmp_path, read_all) -> None:
    inner = zipped({"log": b"1", "trace.gz": gzip.compress(LINES)})
    (tmp_path / "outer.zip").write_bytes(
        zipped({"all.tgz": gzip.compress(tarred({"x/log": b"2"})), "inner.zip": inner})
    )
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("outer.zip!all.tgz!x/log", b"2", None),
        ("outer.zip!inner.zip!log", b"1", None),
        ("outer.zip!inner.zip!trace.gz", LINES, None),
    ]


@pytest.mark.parametrize(("times", "content", "error"), [(4, b"log", None), (5, b"", unpacking._TOO_DEEP)])
def test_archives_are_opened_four_deep(tmp_path, read_all, times, content, error) -> None:
    data = b"log"
    for _ in range(times):
        data = zipped({"x": data})
    (tmp_path / "deep").write_bytes(data)
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("deep" + "!x" * 4, content, error)
    ]


def test_nothing_is_unpacked_to_disk(tmp_path, read_all, monkeypatch) -> None:
    def refuse(*_, **__) -> None:
        raise AssertionError("a file is written")

    (tmp_path / "outer.zip").write_bytes(
        zipped({"inner.zip": zipped({"log": b"1"}), "all.tgz": gzip.compress(tarred({"b": b"2"}))})
    )
    monkeypatch.setattr(os, "mkdir", refuse)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert [each.content for each in read_all(tmp_path / "outer.zip")] == [b"1", b"2"]
    assert os.listdir(tmp_path) == ["outer.zip"]  # noqa: PTH208


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_climb_are_refused_and_absolute_ones_read(tmp_path, read_all, pack) -> None:
    (tmp_path / "slip").write_bytes(
        pack({"../../etc/cron.d/x": b"evil", "a/../../b": b"evil", "/etc/passwd": b"harmless", "..\\x": b"evil"})
    )
    refused = "Refused: its name leads out of the archive (..), as in an archive made to overwrite files."
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("slip!../../etc/cron.d/x", b"", refused),
        ("slip!a/../../b", b"", refused),
        ("slip!etc/passwd", b"harmless", None),
        ("slip!..\\x", b"", refused),
    ]


def test_names_of_entries_are_safe_to_show(tmp_path, read_all) -> None:
    (tmp_path / "odd.tar").write_bytes(tarred({"\x1b[31mred\n": b"1", "caf\udce9": b"2"}, tarfile.GNU_FORMAT))
    (tmp_path / "odd.zip").write_bytes(zipped({"\u202elog": b"3"}).replace(b"log", b"l\x1bg"))
    assert [each.name for each in read_all(tmp_path)] == [
        "odd.tar!\\x1b[31mred\\x0a",
        "odd.tar!caf\\xe9",
        "odd.zip!\\u{202e}l\\x1bg",
    ]


def test_an_encrypted_entry_is_named_and_the_others_are_read(tmp_path, read_all) -> None:
    data = bytearray(zipped({"secret.log": b"secret", "open.log": b"open"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "all.zip").write_bytes(data)
    assert [(each.name, each.content, each.error) for each in read_all(tmp_path)] == [
        ("all.zip!secret.log", b"", "It is encrypted: unpack the archive with its password and give the folder."),
        ("all.zip!open.log", b"open", None),
    ]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_whose_output_zipfile_does_not_limit_is_named(tmp_path, read_all, method) -> None:
    (tmp_path / "all.zip").write_bytes(zipped({"log": LINES}, method))
    error = (
        f"It is packed with method {method} of ZIP, which is not unpacked here: unpack the archive and give the folder."
    )
    assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"", error)]


def test_a_link_in_a_zip_archive_is_passed_over(tmp_path, read_all) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("log", b"log")
    assert [each.name for each in read_all(tmp_path)] == ["all.zip!log"]


def test_a_sparse_file_of_a_tar_archive_is_named_and_the_next_is_read(tmp_path, read_all) -> None:
    with tarfile.open(tmp_path / "all.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        sparse = tarfile.TarInfo("sparse")
        sparse.size = 10
        sparse.pax_headers = {"GNU.sparse.size": "1" + "0" * 18, "GNU.sparse.map": "0,10"}
        archive.addfile(sparse, io.BytesIO(bytes(10)))
        log = tarfile.TarInfo("log")
        log.size = 3
        archive.addfile(log, io.BytesIO(b"log"))
    assert [(each.name, each.content, str(each.error)[:40]) for each in read_all(tmp_path)] == [
        ("all.tar!sparse", b"", "Not read: it is stored with holes (a spa"),
        ("all.tar!log", b"log", "None"),
    ]


@pytest.mark.parametrize(
    ("head", "packing"),
    [(b"\x1f\x9d\x90", "compress (.Z)"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!\x1a\x07\x01\x00", "RAR")],
)
def test_a_packing_that_cannot_be_unpacked_is_named(tmp_path, read_all, head, packing) -> None:
    (tmp_path / "packed").write_bytes(head + bytes(100))
    error = f"It is packed with {packing}, which cannot be unpacked here: unpack it and give the result."
    assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"", error)]


def test_a_missing_library_is_named(tmp_path, read_all, monkeypatch) -> None:
    (tmp_path / "log").write_bytes(lzma.compress(b"log"))
    monkeypatch.setitem(sys.modules, "lzma", None)
    error = "This Python cannot unpack it, as it has no module lzma: unpack it and give the result."
    assert [(each.content, each.error) for each in read_all(tmp_path)] == [(b"", error)]


@pytest.mark.parametrize(
    "text", [b"PK is not a ZIP archive", b"BZh9 is no bzip2", b"\x1f\x8b", b"\0" * 1024, b"ustar" * 200]
)
def test_what_only_looks_packed_is_read_as_it_is(tmp_path, read_all, text) -> None:
    (tmp_path / "log").write_bytes(text)
    assert [(each.content, each.error) for each in read_all(tmp_path)] == [(text, None)]


def test_a_genuine_compressed_java_trace_is_a_zip_of_one_entry(read_all) -> None:
    trace = Path(__file__).parents[1] / "data" / "inputs" / "bindings_nothing_set.trz"
    (read,) = read_all(trace)
    assert (read.name.rsplit("!", 1)[1], read.error) == ("null0_945.trc", None)
    assert (len(read.content), read.content.count(b"\n")) == (285_431, 1915)
