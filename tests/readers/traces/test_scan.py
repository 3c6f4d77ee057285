"""The prefilter: hyperscan and the portable search give the same hits."""

import sys
from pathlib import Path

import hyperscan
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.readers.traces.scan import Scanner

dumped = hyperscan.dumpb
LETTERS = st.lists(st.sampled_from([b"a", b"b", b"\n", b".", b"*", b"\\", b"\xff"]), max_size=120).map(b"".join)
NO_NUL = st.binary(min_size=1, max_size=6).filter(lambda literal: b"\x00" not in literal)
WORDS = st.lists(st.sampled_from([b"a", b"b", b"\n", b".", b"*", b"\\", b"\xff"]), min_size=1, max_size=4).map(b"".join)


def both(literals: list[bytes], block: bytes) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    scanners = Scanner(literals, worth_compiling=-1), Scanner(literals, portable=True)
    fast, portable = (scanner.hits(block, 0, len(block)) for scanner in scanners)
    return fast, portable


def test_only_what_stands_between_two_offsets_is_found() -> None:
    for scanner in (Scanner([b"ab"], worth_compiling=-1), Scanner([b"ab"], portable=True)):
        assert scanner.hits(b"abxabxabab", 1, 9) == [(3, 0), (6, 0)]


@pytest.mark.parametrize(
    ("literals", "block", "hits"),
    [
        ([b"abc"], b"", []),
        ([b"abc"], b"ab", []),
        ([b"abc"], b"xabcabc", [(1, 0), (4, 0)]),
        ([b"aa"], b"aaaa", [(0, 0), (1, 0), (2, 0)]),
        ([b"abc", b"bc", b"bcd"], b"abcd", [(0, 0), (1, 1), (1, 2)]),
        ([b"bc", b"abc"], b"abc", [(0, 1), (1, 0)]),
        ([b"ab", b"ab"], b"ab", [(0, 0), (0, 1)]),
        ([b"a.c", b"[x]", b"(?P<"], b"abc a.c [x] (?P<", [(4, 0), (8, 1), (12, 2)]),
        ([b"a\nb", b"\r\n"], b"\x00a\nb\x00\r\n", [(1, 0), (5, 1)]),
        ([b"\xe2\x80\x98", b"\xff"], b"\xff\xe2\x80\x98", [(0, 1), (1, 0)]),
        ([b"ABC"], b"abc", []),
    ],
    ids=str,
)
def test_every_occurrence_is_found_sorted_by_offset(
    literals: list[bytes], block: bytes, hits: list[tuple[int, int]]
) -> None:
    fast, portable = both(literals, block)
    assert portable == hits
    assert fast == hits


@given(st.lists(WORDS, min_size=1, max_size=8, unique=True), LETTERS)
def test_both_searches_agree_on_overlapping_literals(literals: list[bytes], block: bytes) -> None:
    fast, portable = both(literals, block)
    assert fast == portable


@given(st.lists(NO_NUL, min_size=1, max_size=6, unique=True), st.binary(max_size=60), st.data())
def test_both_searches_agree_on_any_bytes(literals: list[bytes], noise: bytes, data: st.DataObject) -> None:
    parts = data.draw(st.lists(st.sampled_from([*literals, noise]), max_size=10))
    fast, portable = both(literals, b"".join(parts))
    assert fast == portable


def test_a_scanner_without_literals_finds_nothing() -> None:
    assert Scanner([]).hits(b"anything", 0, 8) == []


def test_where_hyperscan_is_missing_the_portable_search_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    assert Scanner([b"ab", b"b"], worth_compiling=-1).hits(b"xab", 0, 3) == [(1, 0), (2, 1)]


def test_hyperscan_is_made_ready_once_enough_was_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr(Scanner, "_use_hyperscan", lambda self: made.append(self))
    scanner = Scanner([b"ab", b"b"], worth_compiling=6)
    assert [(scanner.hits(b"xab", 0, 3), len(made)) for _ in range(4)] == [
        ([(1, 0), (2, 1)], ready) for ready in (0, 0, 1, 1)
    ]


@pytest.mark.parametrize("is_of_another_machine", [False, True])
def test_what_hyperscan_made_in_an_earlier_run_finds_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_of_another_machine: bool
) -> None:
    made, loaded = [], []
    load = hyperscan.loadb

    def loadb(content: bytes, mode: int) -> object:
        loaded.append(content)
        if is_of_another_machine and len(loaded) == 2:
            raise hyperscan.DatabasePlatformError
        return load(content, mode)

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(hyperscan, "dumpb", lambda database: made.append(1) or dumped(database))
    monkeypatch.setattr(hyperscan, "loadb", loadb)
    for _ in range(2):
        assert Scanner([b"ab", b"b"], worth_compiling=-1).hits(b"xab", 0, 3) == [(1, 0), (2, 1)]
    assert len(made) == 1 + is_of_another_machine


def test_a_literal_with_a_nul_is_found_too() -> None:
    fast, portable = both([b"a\x00b"], b"xa\x00b")
    assert fast == portable == [(1, 0)]
