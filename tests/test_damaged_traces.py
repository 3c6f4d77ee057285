"""Traces that are cut, or have holes: what is left of a trace never says surely what the whole trace denies."""

import random
import shutil
import zipfile
from pathlib import Path

import pytest

import mqtrace
from mqtrace.model import Outcome

SAMPLES = Path(__file__).parents[1] / "sample-traces"
TRACES = sorted(
    path for path in SAMPLES.rglob("*") if path.suffix in (".TRC", ".FMT") and b"\0" not in path.read_bytes()[:1000]
)
CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"
WORDED = sorted((CORPUS / "trace-c-worded").rglob("*.FMT"))
CUTS, CUTS_OF_CORPUS = 12, 21
# The header tells who wrote the trace; a trace that wraps around keeps it.
HEADER = 30
HOLES, HOLES_OF_CORPUS = 10, 20


def outcomes(folder: Path) -> tuple[Outcome, ...]:
    return mqtrace.diagnose([folder]).outcomes


def cut_copies(trace: Path, folder: Path, count: int = CUTS) -> list[tuple[str, list[bytes]]]:
    lines = trace.read_bytes().splitlines(keepends=True)
    shutil.copytree(trace.parent, folder)
    places = sorted({len(lines) * number // count for number in range(1, count)})
    heads = [(f"the first {place} lines", lines[:place]) for place in places]
    tails = [(f"header and from line {place}", lines[:HEADER] + lines[place:]) for place in places if place > HEADER]
    return heads + tails


def copies_with_holes(trace: Path, count: int = HOLES) -> list[tuple[str, list[bytes]]]:
    """Copies that lack a run of lines in the middle, of all lengths up to a third; the same ones in each run."""
    lines = trace.read_bytes().splitlines(keepends=True)
    choice = random.Random(trace.parent.name)
    copies = []
    for _ in range(count):
        first = choice.randrange(HEADER, len(lines) - 1)
        after = first + choice.choice((2, 5, 20, 100, len(lines) // 3))
        copies.append((f"without lines {first + 1} to {after}", lines[:first] + lines[after:]))
    return copies


def check(trace: Path, folder: Path, copies: list[tuple[str, list[bytes]]]) -> None:
    """Nothing sure of a copy is wrong."""
    whole = outcomes(trace.parent)
    causes = {outcome.cause.id for outcome in whole if outcome.cause}
    rows = [row for outcome in whole for row in outcome.settings]
    for name, lines in copies:
        (folder / trace.name).write_bytes(b"".join(lines))
        for outcome in outcomes(folder):
            if outcome.cause and outcome.cause.confidence == "certain":
                assert outcome.cause.id in causes, name
            for row in outcome.settings:
                same = [each for each in rows if each.name == row.name]
                values = {value for each in same for value in (each.value, *(known.value for known in each.candidates))}
                if row.proof == "traced" and row.name != "address":
                    assert row.value in values, f"{name}: {row.name}"
                if row.proof == "traced" and row.source != "unknown":
                    assert row.source in {each.source for each in same}, f"{name}: {row.name}"


@pytest.mark.parametrize("trace", TRACES, ids=lambda path: path.parent.name)
def test_what_is_left_of_a_trace_is_never_surely_wrong(trace: Path, tmp_path: Path) -> None:
    check(trace, tmp_path / "cut", cut_copies(trace, tmp_path / "cut"))


@pytest.mark.parametrize("trace", TRACES, ids=lambda path: path.parent.name)
def test_a_trace_with_a_hole_in_the_middle_is_never_surely_wrong(trace: Path, tmp_path: Path) -> None:
    shutil.copytree(trace.parent, tmp_path / "torn")
    check(trace, tmp_path / "torn", copies_with_holes(trace))


@pytest.fixture
def java_trace(tmp_path: Path) -> Path:
    """A trace of the Java client, which comes packed as the client packs it."""
    folder = tmp_path / "java-server-certificate-untrusted"
    with zipfile.ZipFile(SAMPLES / folder.name / "trace.trz") as packed:
        packed.extractall(folder)
    return folder / "trace.trc"


def test_what_is_left_of_a_trace_of_java_is_never_surely_wrong(java_trace: Path, tmp_path: Path) -> None:
    check(java_trace, tmp_path / "cut", cut_copies(java_trace, tmp_path / "cut")[::3])


def test_a_trace_of_java_with_a_hole_is_never_surely_wrong(java_trace: Path, tmp_path: Path) -> None:
    shutil.copytree(java_trace.parent, tmp_path / "torn")
    check(java_trace, tmp_path / "torn", copies_with_holes(java_trace)[::2])


def test_a_trace_of_java_that_is_cut_in_the_middle_of_an_exception_has_no_reason_code(java_trace: Path) -> None:
    lines = java_trace.read_bytes().splitlines(keepends=True)
    caught = next(number for number, line in enumerate(lines) if b"  X  connect(RemoteTls,MQCSP)" in line)
    java_trace.write_bytes(b"".join(lines[: caught + 3]))
    (outcome,) = outcomes(java_trace.parent)
    assert outcome.connection.reason_code is None


def test_two_processes_of_java_in_one_file_are_told_apart(java_trace: Path) -> None:
    whole = java_trace.read_bytes()
    java_trace.write_bytes(whole + whole.replace(b"Process ID: 2804", b"Process ID: 2805"))
    assert [outcome.connection.process for outcome in outcomes(java_trace.parent)] == [2804, 2805]


@pytest.mark.corpus
@pytest.mark.parametrize("trace", WORDED, ids=lambda path: path.parent.name)
def test_what_is_left_of_a_worded_trace_is_never_surely_wrong(trace: Path, tmp_path: Path) -> None:
    copies = cut_copies(trace, tmp_path / "copy", CUTS_OF_CORPUS) + copies_with_holes(trace, HOLES_OF_CORPUS)
    check(trace, tmp_path / "copy", copies)


def test_there_are_traces_of_both_families() -> None:
    assert {".TRC", ".FMT"} == {trace.suffix for trace in TRACES}
