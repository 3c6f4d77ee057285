"""Large packed files, of several pieces."""

import gzip
import random
import sys

import pytest

from mqtrace.inputs import open_sources
from mqtrace.inputs.packing import PIECE, zstd_library

# Hexadecimal digits: half of it is left when it is packed.
CONTENT = random.Random(16).randbytes(3 * PIECE).hex().encode()
PACKED = {"gzip": gzip.compress(CONTENT, 1), "zstd": zstd_library().compress(CONTENT)}


@pytest.fixture
def packed(tmp_path, request):
    path = tmp_path / "log"
    path.write_bytes(PACKED[request.param])
    return path


@pytest.mark.parametrize("packed", PACKED, indirect=True)
def test_it_gives_the_same_bytes(packed) -> None:
    (content,) = [source.stream.read() for source in open_sources([packed])]
    assert content == CONTENT


@pytest.mark.parametrize("packed", PACKED, indirect=True)
def test_what_stands_before_a_cut_is_given_and_the_cut_is_named(packed) -> None:
    packed.write_bytes(packed.read_bytes()[:-20])
    ((content, error),) = [(source.stream.read(), source.error) for source in open_sources([packed])]
    assert CONTENT.startswith(content)
    assert len(content) > len(CONTENT) - PIECE
    assert str(error).startswith("The ")
    assert "data end too early" in str(error)


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
