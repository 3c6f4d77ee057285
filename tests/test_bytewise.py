"""Where stringzilla is missing, the same is found and counted."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace import bytewise
from mqtrace.bytewise import find, line_count

LETTERS = st.lists(st.sampled_from([b"a", b"b", b"\n", b"\0", b"\xff"]), max_size=120).map(b"".join)
WORDS = st.lists(st.sampled_from([b"a", b"b", b"\n", b"\0", b"\xff"]), min_size=1, max_size=4).map(b"".join)


@pytest.fixture(scope="module")
def without_stringzilla() -> ModuleType:
    """The module as it is on a platform that has no wheel of stringzilla."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "stringzilla", None)
        spec = spec_from_file_location("bytewise_without_stringzilla", bytewise.__file__)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    assert module.find.__module__ == "bytewise_without_stringzilla"
    assert bytewise.find.__module__ != bytewise.__name__
    return module


@pytest.mark.parametrize("length", [0, 1, 100, 8192, 20_000])
def test_both_ways_to_count_lines_agree(without_stringzilla: ModuleType, length: int) -> None:
    buffer = bytearray(b"\n\n" + b"line\n\x8a" * 8192 + b"\n\n")
    for start in (0, 1, 2, 5):
        known = buffer.count(b"\n", start, start + length)
        assert line_count(buffer, start, start + length) == known
        assert without_stringzilla.line_count(buffer, start, start + length) == known


@given(WORDS, LETTERS, st.integers(0, 130), st.integers(0, 130))
def test_both_ways_to_find_agree(
    without_stringzilla: ModuleType, part: bytes, block: bytes, start: int, end: int
) -> None:
    stop = min(end, len(block))
    for buffer in (block, bytearray(block)):
        known = buffer.find(part, start, stop)
        assert find(buffer, part, start, stop) == without_stringzilla.find(buffer, part, start, stop) == known
