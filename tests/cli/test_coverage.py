"""mqtrace coverage: lines of a trace that no pattern matches."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import Ran, sample
from mqtrace.cli import exits

Run = Callable[..., Ran]
TRACE = sample("dotnet-connected") / "trace.TRC"
UNDERSTOOD = sample("c-label-not-in-key-repository") / "AMQ7253.0.FMT"


def test_json_counts_the_lines_and_the_shapes(mqtrace: Run) -> None:
    shown = mqtrace("coverage", TRACE, "--format", "json", "--top", "2")
    (found,) = json.loads(shown.out)
    assert (shown.code, shown.err) == (exits.OK, "")
    assert found["file"] == str(TRACE)
    assert found["lines"] == len(TRACE.read_bytes().splitlines())
    assert 0 < found["unparsed_lines"] < found["texts"] < found["lines"]
    assert len(found["shapes"]) == 2
    assert found["shapes"][0]["count"] >= found["shapes"][1]["count"]


def test_text_names_an_example_with_its_line(mqtrace: Run) -> None:
    (found,) = json.loads(mqtrace("coverage", TRACE, "--format", "json").out)
    head, first, *_ = mqtrace("coverage", TRACE).out.splitlines()
    assert head.startswith(f"{TRACE}: {found['lines']:,} lines, ")
    assert first.split()[:3] == [str(found["shapes"][0]["count"]), "line", str(found["shapes"][0]["line"])]


def test_a_pattern_of_one_s_own_covers_more(mqtrace: Run, tmp_path: Path) -> None:
    (before,) = json.loads(mqtrace("coverage", TRACE, "--format", "json").out)
    shape = before["shapes"][0]
    literal = shape["text"].split()[0]
    head = (
        '[[pattern]]\nid = "own.word"\nclients = ["dotnet"]\nfact = "own.word"\nbasis = "reported"\nsource = "a test"\n'
    )
    (tmp_path / "own.toml").write_text(f'{head}literals = ["{literal}"]\n')
    (after,) = json.loads(mqtrace("coverage", TRACE, "--format", "json", "--patterns", tmp_path).out)
    assert after["unparsed_lines"] <= before["unparsed_lines"] - shape["count"]


@pytest.mark.parametrize("content", [b"", b"Bread, butter, milk.\n"])
def test_what_is_no_trace_is_nothing_to_read(mqtrace: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes.txt").write_bytes(content)
    shown = mqtrace("coverage", tmp_path)
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.NOTHING, "", 1)
    assert "no trace among the inputs" in shown.warnings[0]


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_input_that_cannot_be_read_is_named(mqtrace: Run, tmp_path: Path, form: str) -> None:
    shown = mqtrace("coverage", TRACE, tmp_path / "missing.FMT", "--format", form)
    assert (shown.code, len(shown.warnings)) == (exits.PARTIAL, 1)
    assert "missing.FMT" in shown.err
    assert shown.out == mqtrace("coverage", TRACE, "--format", form).out


def test_nothing_that_can_be_read_is_nothing(mqtrace: Run, tmp_path: Path) -> None:
    shown = mqtrace("coverage", tmp_path / "missing.FMT")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.NOTHING, "", 2)


def test_a_trace_that_was_cut_is_shown_as_far_as_it_goes(mqtrace: Run, tmp_path: Path) -> None:
    packed = gzip.compress(TRACE.read_bytes() * 20)
    (tmp_path / "cut.FMT.gz").write_bytes(packed[: len(packed) // 2])
    shown = mqtrace("coverage", tmp_path)
    assert (shown.code, len(shown.warnings)) == (exits.PARTIAL, 1)
    assert "cut.FMT.gz: " in shown.out


def test_a_fault_of_mqtrace_costs_its_input_only(mqtrace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("content of the trace")

    monkeypatch.setattr("mqtrace.readers.traces.trace_dotnet.body", broken)
    shown = mqtrace("coverage", sample("dotnet-connected"), UNDERSTOOD)
    assert shown.code == exits.PARTIAL
    assert [line.partition(" at ")[0].rpartition(": ")[2] for line in shown.warnings] == [
        "mqtrace itself failed on it (LookupError"
    ]
    assert shown.out == mqtrace("coverage", UNDERSTOOD).out
