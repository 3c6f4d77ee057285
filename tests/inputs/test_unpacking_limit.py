"""Unpacking stops at 200 times the size of the archive, once that is beyond 100 MB."""

import gzip
import io
import os
import tracemalloc
import zipfile

import pytest

from mqtrace.inputs import open_sources, unpacking
from mqtrace.inputs.budget import FREE, Budget
from mqtrace.inputs.packing import zstd_library
from mqtrace.model import InputError

ZSTD = zstd_library()
MEGABYTE = bytes(1024 * 1024)


def zip_of_zeros(megabytes: int, *more: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("zeros", "w") as entry:
            for _ in range(megabytes):
                entry.write(MEGABYTE)
        for name in more:
            archive.writestr(name, b"after it")
    return target.getvalue()


def read_sizes(paths, stdin=None) -> list[tuple[str, int, str | None]]:
    found = []
    for source in open_sources(paths, stdin=stdin):
        size = 0
        while chunk := source.stream.read(1024 * 1024):
            size += len(chunk)
        found.append((source.name, size, source.error))
    return found


def assert_stopped(size: int, error: str | None, archive_size: int) -> None:
    limit = max(FREE, 200 * archive_size)
    assert limit - 2**23 <= size <= limit
    assert str(error).startswith("Unpacking stopped at ")
    assert "over 200 times the size of the archive" in str(error)


@pytest.mark.parametrize("piped", [False, True])
def test_a_zip_bomb_is_stopped_and_the_rest_of_the_archive_is_named(tmp_path, piped) -> None:
    bomb = zip_of_zeros(200, "more")
    (tmp_path / "bomb.zip").write_bytes(bomb)
    entry, archive = read_sizes(["-"], io.BytesIO(bomb)) if piped else read_sizes([tmp_path / "bomb.zip"])
    assert_stopped(entry[1], entry[2], len(bomb))
    assert (archive[0], archive[1], archive[2]) == ("-" if piped else str(tmp_path / "bomb.zip"), 0, entry[2])


def test_a_bomb_inside_an_archive_is_measured_against_the_outer_one(tmp_path) -> None:
    bomb = zip_of_zeros(200)
    with zipfile.ZipFile(tmp_path / "outer.zip", "w", zipfile.ZIP_DEFLATED) as outer:
        outer.writestr("inner.zip", bomb)
        outer.writestr("log", b"after it")
    read = read_sizes([tmp_path / "outer.zip"])
    assert [name.removeprefix(str(tmp_path)) for name, _, _ in read] == [
        "/outer.zip!inner.zip!zeros",
        "/outer.zip!inner.zip",
        "/outer.zip",
    ]
    assert FREE - len(bomb) - 2**20 <= read[0][1] <= FREE
    assert all(str(error).startswith("Unpacking stopped at ") for _, _, error in read)


def test_many_entries_share_one_limit(tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(16):
            archive.writestr(str(number), bytes(10_000_000))
    read = read_sizes([tmp_path / "many.zip"])
    limit = max(FREE, 200 * (tmp_path / "many.zip").stat().st_size)
    assert limit - 10_000_000 <= sum(size for _, size, _ in read) <= limit
    assert [error is None for _, _, error in read][-3:] == [True, False, False]


def test_entries_count_even_when_they_are_empty() -> None:
    budget = Budget(lambda: 0)
    budget.charge(entries=100_000)
    with pytest.raises(InputError, match=r"^Unpacking stopped at 0 bytes in 100001 entries, "):
        budget.charge(entries=1)


def test_less_than_100_mb_may_have_any_ratio(tmp_path) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(MEGABYTE * 90, 1))
    assert read_sizes([tmp_path / "log.gz"]) == [(str(tmp_path / "log.gz"), 90 * 2**20, None)]


def test_more_than_100_mb_may_be_unpacked_from_an_archive_of_that_size(tmp_path) -> None:
    (tmp_path / "log.gz").write_bytes(gzip.compress(os.urandom(600_000)) + gzip.compress(MEGABYTE * 110, 1))
    assert read_sizes([tmp_path / "log.gz"]) == [(str(tmp_path / "log.gz"), 600_000 + 110 * 2**20, None)]


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_bomb_costs_no_memory(tmp_path, compression) -> None:
    zeros = MEGABYTE * 64
    packed = gzip.compress(zeros, 1) * 4 if compression == "gzip" else ZSTD.compress(zeros) * 4
    (tmp_path / "bomb").write_bytes(packed)
    del zeros
    tracemalloc.start()
    ((_, size, error),) = read_sizes([tmp_path / "bomb"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert_stopped(size, error, len(packed))
    assert peak < 24_000_000


def test_a_nested_zip_archive_beyond_the_size_of_the_temporary_file_is_named(tmp_path, read_all, monkeypatch) -> None:
    monkeypatch.setattr(unpacking, "SPOOL_LIMIT", 300_000)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("log", os.urandom(400_000))
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
        archive.writestr("log", b"after it")
    large, log = read_all(tmp_path)
    assert large.name == "outer.zip!inner.zip"
    assert large.error == unpacking._TOO_LARGE
    assert log.content == b"after it"


def test_the_limit_grows_with_what_was_read_of_a_stream() -> None:
    packed = 0
    budget = Budget(lambda: packed)
    packed = 1_000_000
    assert [len(chunk) for chunk in budget.charged(iter([bytes(FREE), b"within"]))] == [FREE, 6]
    packed = 0
    with pytest.raises(InputError, match=r"^Unpacking stopped at 100000012 bytes in 0 entries, "):
        list(budget.charged(iter([b"beyond"])))


def test_once_hit_the_limit_stays_hit() -> None:
    packed = 0
    budget = Budget(lambda: packed)
    with pytest.raises(InputError):
        budget.charge(FREE + 1)
    packed = FREE
    with pytest.raises(InputError, match=r"^Unpacking stopped at 100000001 bytes in 0 entries, "):
        budget.charge()
