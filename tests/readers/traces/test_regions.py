"""A stream cut into regions: they follow each other without a gap, end at lines, and keep some bytes around."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mqtrace.readers.traces import regions as module
from mqtrace.readers.traces.regions import FilePart, Region, regions

REGION, AHEAD, BEHIND = 40, 24, 16


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch)


def shrink(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REGION", REGION)
    monkeypatch.setattr(module, "AHEAD", AHEAD)
    monkeypatch.setattr(module, "BEHIND", BEHIND)


def cut(content: bytes, part: FilePart | None = None) -> list[Region]:
    return [kept(region) for region in regions(BytesIO(content), part)]


def kept(region: Region) -> Region:
    """The region with a buffer of its own, cut to what is of the stream."""
    return replace(region, buffer=region.buffer[: region.stop])


def own(region: Region) -> bytes:
    return bytes(region.buffer[region.start : region.end])


@pytest.mark.usefixtures("small")
def test_regions_end_at_lines_and_hold_as_many_as_fit() -> None:
    content = b"".join(b"line %02d of ten\n" % number for number in range(10))
    found = cut(content)
    assert [own(region) for region in found] == [content[at : at + 30] for at in range(0, 150, 30)]
    assert [region.offset + region.start for region in found] == [0, 30, 60, 90, 120]


@pytest.mark.usefixtures("small")
def test_bytes_before_and_after_a_region_are_at_hand() -> None:
    content = b"".join(b"line %02d of ten\n" % number for number in range(20))
    for region in cut(content):
        begin, end = region.offset + region.start, region.offset + region.end
        assert region.start >= min(begin, BEHIND)
        assert len(region.buffer) - region.end >= min(len(content) - end, AHEAD)
        assert region.buffer == content[region.offset : region.offset + len(region.buffer)]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("content", "lengths"),
    [
        (b"", []),
        (b"no newline", [10]),
        (b"\n", [1]),
        (b"x" * 40 + b"\n", [40, 1]),
        (b"x" * 39 + b"\n", [40]),
        (b"x" * 100, [40, 40, 20]),
        (b"short\n" + b"x" * 100 + b"\nend", [6, 40, 40, 24]),
        (b"x" * 39 + b"\n" + b"y" * 10, [40, 10]),
        (b"a\n" * 40, [40, 40]),
    ],
    ids=[
        "empty",
        "no-newline",
        "one-newline",
        "longer-by-a-newline",
        "just-fits",
        "one-long-line",
        "long-line-inside",
        "rest",
        "many-lines",
    ],
)
def test_long_lines_are_cut_and_the_last_line_needs_no_newline(content: bytes, lengths: list[int]) -> None:
    found = cut(content)
    assert [len(own(region)) for region in found] == lengths
    assert b"".join(map(own, found)) == content


@given(st.lists(st.sampled_from([b"\n", b"a", b"long line " * 9, b"\r\n", b"\x00"]), max_size=60).map(b"".join))
def test_the_regions_of_any_stream_are_the_stream(content: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        found = cut(content)
    assert b"".join(map(own, found)) == content
    assert all(region.end - region.start <= REGION for region in found)
    assert all(len(region.buffer) <= module.REGIONS * REGION + AHEAD + BEHIND for region in found)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("end", [30, 60, 90, 300])
def test_of_a_part_no_more_is_read_than_its_regions_need(end: int) -> None:
    read = _Counting(b"".join(b"line %02d of ten\n" % number for number in range(40)))
    list(regions(read, FilePart(0, end)))
    assert read.count == end + AHEAD


class _Counting(BytesIO):
    """A stream that counts what is read of it."""

    count = 0

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        size = super().readinto(target)
        self.count += size
        return size


class _Trickle(BytesIO):
    """A stream that gives seven bytes a read, as a pipe may."""

    def readinto(self, target: memoryview) -> int:  # type: ignore[override]
        return super().readinto(target[:7])


@pytest.mark.usefixtures("small")
def test_a_stream_that_gives_little_at_a_time_gives_the_same_regions() -> None:
    content = b"".join(b"line %02d of ten\n" % number for number in range(10))
    assert [own(kept(region)) for region in regions(_Trickle(content))] == list(map(own, cut(content)))


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("middle", [0, 15, 30, 45, 75, 150])
def test_two_parts_of_a_stream_give_its_bytes_once_with_true_offsets(middle: int) -> None:
    content = b"".join(b"line %02d of ten\n" % number for number in range(10))
    found = [*cut(content, FilePart(0, middle)), *cut(content, FilePart(middle, None))]
    assert b"".join(map(own, found)) == content
    for region in found:
        assert own(region) == content[region.offset + region.start : region.offset + region.end]


@pytest.mark.usefixtures("small")
def test_a_part_sees_the_bytes_before_it() -> None:
    content = b"".join(b"line %02d of ten\n" % number for number in range(10))
    first = cut(content, FilePart(75, None))[0]
    assert first.buffer[: first.start] == content[75 - BEHIND : 75]
