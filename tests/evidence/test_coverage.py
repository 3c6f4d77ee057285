"""Lines of a trace that no pattern matches, by shape."""

from io import BytesIO
from pathlib import Path

import pytest

from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence import coverage
from mqtrace.evidence.coverage import Shape, uncovered
from mqtrace.evidence.facts import FactFinder
from mqtrace.inputs import Source
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import trace_c

from .traces import written


def shapes(*bodies: str) -> tuple[list[Shape], Tally]:
    tally = Tally()
    source = Source("trace", BytesIO(written(*bodies).encode()))
    return uncovered(source, trace_c, FactFinder(trace_patterns("c")), tally), tally


def test_lines_alike_but_for_names_and_numbers_are_one_shape() -> None:
    found, _ = shapes("Waited 10 for 'A'", "Waited 200 for 'B'", "Waited 3 for [C]", "Slept 0x12ab", "Slept #99fe")
    assert [(each.text, each.count, each.location.line) for each in found] == [
        ("Waited 10 for 'A'", 3, 1),
        ("Slept 0x12ab", 2, 4),
    ]


def test_the_most_frequent_shape_is_first() -> None:
    found, _ = shapes("Rare words", "Common 1", "Common 2")
    assert [each.count for each in found] == [2, 1]


def test_a_line_that_a_pattern_matches_is_understood() -> None:
    found, tally = shapes("xcsGetEnvironmentString[MQSERVER] = A/TCP/h(1)", "Made up words")
    assert [each.text for each in found] == ["Made up words"]
    assert (tally.lines, tally.records, tally.unparsed) == (2, 2, 1)


@pytest.mark.parametrize(
    "body", ["{  madeUp", "}! madeUp rc=Unknown(1)", "--{  madeUp", "0x0000:  41424344  |ABCD|", "-----", "=====", ""]
)
def test_calls_rows_of_dumps_and_rules_have_no_text_of_their_own(body: str) -> None:
    found, tally = shapes(body)
    assert (found, tally.lines, tally.records, tally.unparsed) == ([], 1, 0, 0)


def test_lines_of_a_block_that_is_read_as_a_whole_are_understood() -> None:
    found, _ = shapes("Made up", "<client_hello>", "0B 00 02", "End of GSKit TLS Handshake Transcript", "Made up too")
    assert [each.text for each in found] == ["Made up", "Made up too"]


def test_a_line_of_another_thread_is_of_no_block() -> None:
    found, _ = shapes("1| <client_hello>", "2| Made up", "1| supported_groups 10")
    assert [each.text for each in found] == ["Made up"]


def test_noise_by_name_is_passed_over() -> None:
    found, tally = shapes("component:10 function:52 length:8 options:0 cbmindex:-1 *pointer:56c2", "component:10 of 12")
    assert [each.text for each in found] == ["component:10 of 12"]
    assert tally.records == 2


C_SAMPLES = sorted((Path(__file__).parents[2] / "sample-traces").glob("c-*/*.FMT"))
SHARED = Path(__file__).parents[2] / ".." / "shared" / "corpus"


def not_understood(trace: Path) -> list[str]:
    with trace.open("rb") as stream:
        found = uncovered(Source(trace.name, stream), trace_c, FactFinder(trace_patterns("c")), Tally())
    return [each.text for each in found]


@pytest.mark.parametrize("trace", C_SAMPLES, ids=lambda trace: trace.parent.name)
def test_every_line_of_a_sample_of_the_c_client_is_understood(trace: Path) -> None:
    assert not_understood(trace) == []


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["trace-c-worded", "trace-c-synthetic"])
def test_every_line_of_the_corpus_is_understood(name: str) -> None:
    for trace in (SHARED / name).rglob("*.FMT"):
        assert not_understood(trace) == [], trace


def test_the_number_of_shapes_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "SHAPES", 2)
    found, tally = shapes("One word", "Other words", "More words")
    assert (len(found), tally.unparsed) == (2, 3)


def test_an_example_is_not_longer_than_a_line_of_a_screen() -> None:
    (found,) = shapes("words " * 1000)[0]
    assert len(found.text) <= coverage.SHOWN
