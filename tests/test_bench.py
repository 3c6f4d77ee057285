"""The traces that bench/make_trace.py makes are what it says of them."""

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import mqtrace
from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.model import Report

HERE = Path(__file__).parents[1]
SAMPLES = tomllib.loads((HERE / "sample-traces" / "samples.toml").read_text(encoding="utf-8"))["sample"]
C_SAMPLE, DOTNET_SAMPLE, JAVA_SAMPLE = (
    "c-label-not-in-key-repository",
    "dotnet-connection-refused-address-list",
    "java-mqserver-not-read",
)


@pytest.fixture(scope="module")
def make_trace() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_trace", HERE / "bench" / "make_trace.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def holds_against(name: str, report: Report) -> None:
    """Each connection has the reason, the cause and the winners of the sample."""
    truth = next(sample for sample in SAMPLES if sample["name"] == name)
    for outcome in report.outcomes:
        assert outcome.connection.reason_code == truth["reason_code"]
        assert outcome.cause is not None
        assert (outcome.cause.id, outcome.cause.confidence) == (truth["cause"], "certain")
        won = {row.name: [row.value.removeprefix("file://"), row.source] for row in outcome.settings}
        assert {setting: won[setting] for setting in truth["settings"]} == truth["settings"]


def interesting_lines(content: bytes) -> int:
    """Lines with a literal that mqtrace looks for, in the plainest way."""
    literals = {literal for pattern in trace_patterns("c") for literal in pattern.literals}
    hits = (found.start() for literal in literals for found in re.finditer(re.escape(literal), content))
    return len({content.rfind(b"\n", 0, hit) for hit in hits})


@pytest.mark.parametrize(
    ("share", "connections", "polling"), [(0, 1, False), (50, 1, False), (2000, 10, False), (0, 2, True)]
)
def test_the_hidden_connection_has_its_cause_and_its_winners(
    make_trace: ModuleType, tmp_path: Path, share: int, connections: int, polling: bool
) -> None:
    path = tmp_path / "AMQ7253.0.FMT"
    made = make_trace.make(path, make_trace.Wanted(1_000_000, share, connections, polling=polling))
    report = mqtrace.diagnose([path])
    assert path.stat().st_size == made.size >= 1_000_000
    assert sum(outcome.connection.count for outcome in report.outcomes) == connections
    holds_against(C_SAMPLE, report)


def test_as_many_lines_are_interesting_as_it_says(make_trace: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "AMQ7253.0.FMT"
    made = make_trace.make(path, make_trace.Wanted(700_000, share=100, connections=0))
    content = path.read_bytes()
    counted = interesting_lines(content)
    of_header = interesting_lines(content[: content.index(b" 09:00:00.")])
    assert counted - of_header == made.interesting
    assert made.lines == content.count(b"\n")
    assert 0.99 < made.lines / made.interesting / 100 < 1.01


def test_without_a_share_only_the_connection_is_interesting(make_trace: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "AMQ7253.0.FMT"
    made = make_trace.make(path, make_trace.Wanted(700_000))
    assert made.interesting < made.lines / 1000


@pytest.mark.parametrize("name", [DOTNET_SAMPLE, JAVA_SAMPLE])
def test_a_repeated_sample_is_the_same_connection_many_times(make_trace: ModuleType, tmp_path: Path, name: str) -> None:
    path = tmp_path / "trace.TRC"
    made = make_trace.make(path, make_trace.Wanted(1_000_000), name)
    report = mqtrace.diagnose([path])
    assert path.stat().st_size == made.size >= 1_000_000
    assert {outcome.cause.id for outcome in report.outcomes if outcome.cause} == {"network.refused"}
    assert sum(outcome.connection.count for outcome in report.outcomes) > 1


@pytest.mark.parametrize("name", [C_SAMPLE, DOTNET_SAMPLE, JAVA_SAMPLE])
def test_it_says_in_its_header_that_it_is_synthetic(make_trace: ModuleType, tmp_path: Path, name: str) -> None:
    path = tmp_path / "trace.TRC"
    make_trace.make(path, make_trace.Wanted(100_000), name)
    assert b"SYNTHETIC" in path.read_bytes()[:300]


def test_more_connections_than_hide_in_the_size_are_refused(make_trace: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="do not hide"):
        make_trace.make(tmp_path / "x", make_trace.Wanted(1_000_000, connections=1000))
