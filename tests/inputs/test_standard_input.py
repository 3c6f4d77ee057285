"""Standard input is read like a file: once, packed or not."""

import gzip
import io
import sys
import zipfile

import pytest

from mqtrace.inputs import open_sources


def test_it_is_a_source_named_by_a_dash(read_all) -> None:
    (read,) = read_all("-", stdin=b"AMQ9999\n" * 100_000)
    assert (read.name, read.content, read.error) == ("-", b"AMQ9999\n" * 100_000, None)


def test_it_has_a_head_but_neither_size_nor_path() -> None:
    (facts,) = [(each.head(3), each.size, each.path) for each in open_sources(["-"], stdin=io.BytesIO(b"AMQ9999"))]
    assert facts == (b"AMQ", None, None)


def test_it_is_unpacked(read_all) -> None:
    assert [each.content for each in read_all("-", stdin=gzip.compress(b"log"))] == [b"log"]


def test_a_zip_archive_is_opened_though_a_pipe_cannot_seek(read_all) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a/log", b"log")
    assert [(each.name, each.content, each.error) for each in read_all("-", stdin=target.getvalue())] == [
        ("-!a/log", b"log", None)
    ]


def test_it_is_read_once_however_often_it_is_given(tmp_path, read_all) -> None:
    (tmp_path / "log").write_bytes(b"file")
    assert [each.content for each in read_all("-", tmp_path / "log", "-", stdin=b"pipe")] == [b"pipe", b"file"]


def test_the_stream_of_the_process_is_the_default_and_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"pipe"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert [each.stream.read(10) for each in open_sources(["-"])] == [b"pipe"]
    assert not stdin.closed


@pytest.mark.parametrize("closed", [True, False])
def test_a_closed_or_missing_one_is_named(monkeypatch: pytest.MonkeyPatch, closed: bool) -> None:
    stdin = io.TextIOWrapper(io.BytesIO())
    stdin.close()
    monkeypatch.setattr(sys, "stdin", stdin if closed else None)
    assert [each.error for each in open_sources(["-"])] == [
        "Standard input is closed: pipe something into mqtrace, or give a file."
    ]


def test_a_pipe_that_does_not_wait_is_not_taken_for_its_end() -> None:
    class NothingYet(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(size) or None  # type: ignore[return-value]

    for source in open_sources(["-"], stdin=NothingYet(b"begin")):
        assert source.stream.read(100) == b"begin"
        assert (
            source.error
            == "There is nothing more to read yet, and the input does not wait for it: save it to a file first."
        )
