"""A large packed file is unpacked in a thread beside reading, of which nothing is left however reading ends."""

import gzip
import random
import sys
import threading

import pytest

from mqtrace.inputs import open_sources, unpacking
from mqtrace.inputs.ahead import unpacked_ahead
from mqtrace.inputs.packing import PIECE, zstd_library

# Hexadecimal digits: half of it is left when it is packed, so that the packed file is large enough for a thread.
CONTENT = random.Random(16).randbytes(3 * PIECE).hex().encode()
PACKED = {"gzip": gzip.compress(CONTENT, 1), "zstd": zstd_library().compress(CONTENT)}


@pytest.fixture
def packed(tmp_path, request):
    path = tmp_path / "log"
    path.write_bytes(PACKED[request.param])
    assert path.stat().st_size > unpacking._WORTH_A_THREAD
    return path


@pytest.mark.parametrize("packed", PACKED, indirect=True)
def test_it_gives_the_same_bytes_and_leaves_no_thread(packed) -> None:
    (content,) = [source.stream.read() for source in open_sources([packed])]
    assert content == CONTENT
    assert threading.active_count() == 1


@pytest.mark.parametrize("packed", PACKED, indirect=True)
def test_a_thread_runs_while_it_is_read_and_none_when_the_next_input_is_open(packed, tmp_path) -> None:
    plain = tmp_path / "plain"
    plain.write_bytes(b"plain")
    sources = open_sources([packed, plain])
    first = next(sources)
    assert first.stream.read(1000) == CONTENT[:1000]
    assert threading.active_count() == 2
    assert next(sources).stream.read() == b"plain"
    assert threading.active_count() == 1


def test_a_small_file_needs_no_thread(tmp_path) -> None:
    (tmp_path / "log").write_bytes(gzip.compress(CONTENT[:1000]))
    for source in open_sources([tmp_path / "log"]):
        assert source.stream.read() == CONTENT[:1000]
        assert threading.active_count() == 1


@pytest.mark.parametrize("packed", PACKED, indirect=True)
def test_a_reader_that_stops_early_leaves_no_thread(packed) -> None:
    sources = open_sources([packed])
    next(sources)
    sources.close()
    assert threading.active_count() == 1


@pytest.mark.parametrize("packed", PACKED, indirect=True)
def test_what_stands_before_a_cut_is_given_and_the_cut_is_named(packed) -> None:
    packed.write_bytes(packed.read_bytes()[:-20])
    ((content, error),) = [(source.stream.read(), source.error) for source in open_sources([packed])]
    assert CONTENT.startswith(content)
    assert len(content) > len(CONTENT) - PIECE
    assert str(error).startswith("The ")
    assert "data end too early" in str(error)
    assert threading.active_count() == 1


def test_no_more_than_a_few_pieces_are_made_before_they_are_wanted() -> None:
    made = []
    pieces = unpacked_ahead(made.append(number) or bytes([number]) for number in range(100))
    assert next(pieces) == b"\0"
    pieces.close()
    assert 1 <= len(made) <= 5


def test_an_error_comes_after_the_pieces_before_it() -> None:
    def failing():
        yield b"one"
        yield b"two"
        raise ValueError("three")

    pieces = unpacked_ahead(failing())
    assert [next(pieces), next(pieces)] == [b"one", b"two"]
    with pytest.raises(ValueError, match="three"):
        next(pieces)


@pytest.mark.parametrize("is_damaged", [False, True])
def test_gzip_is_read_the_same_without_its_fast_library(tmp_path, monkeypatch, is_damaged) -> None:
    data = bytearray(PACKED["gzip"] * 2)
    data[-5] ^= is_damaged  # the checksum
    (tmp_path / "log").write_bytes(data)

    def read() -> tuple[bytes, str | None]:
        (found,) = [(source.stream.read(), source.error) for source in open_sources([tmp_path / "log"])]
        return found

    fast, fast_error = read()
    monkeypatch.setitem(sys.modules, "isal", None)
    slow, slow_error = read()
    for content, error in ((fast, fast_error), (slow, slow_error)):
        assert (CONTENT * 2).startswith(content)
        assert len(content) >= len(CONTENT) * 2 - PIECE * is_damaged
        assert str(error).startswith("It is damaged") == is_damaged
