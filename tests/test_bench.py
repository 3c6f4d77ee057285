"""The scripts of bench: made traces are what they are said to be, and all processes of a command are measured."""

import importlib.util
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import mqtrace
from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.model import Report
from mqtrace.model.text import joined

HERE = Path(__file__).parents[1]
SAMPLES = tomllib.loads((HERE / "sample-traces" / "samples.toml").read_text(encoding="utf-8"))["sample"]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory and processor time are read from /proc")
C_SAMPLE, DOTNET_SAMPLE, JAVA_SAMPLE = (
    "c-label-not-in-key-repository",
    "dotnet-connection-refused-address-list",
    "java-mqserver-not-read",
)


def module_of(name: str) -> ModuleType:
    """A script of bench/ as a module; the scripts import each other by these names."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, HERE / "bench" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="module")
def make_trace() -> ModuleType:
    return module_of("make_trace")


@pytest.fixture(scope="module")
def measuring() -> ModuleType:
    return module_of("measuring")


@pytest.fixture(scope="module")
def compare(make_trace: ModuleType, measuring: ModuleType) -> ModuleType:
    return module_of("compare")


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
    made = make_trace.make(path, make_trace.Wanted(700_000, share=20, connections=0))
    content = path.read_bytes()
    counted = interesting_lines(content)
    of_header = interesting_lines(content[: content.index(b" 09:00:00.")])
    assert counted - of_header == made.interesting
    assert made.lines == content.count(b"\n")
    assert 0.97 < made.lines / made.interesting / 20 < 1.03


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


# Both processes hold their memory at the same moment, for longer than a look takes.
TWO_PROCESSES = "import os, time; data = b'x' * 20_000_000 if os.fork() else b'y' * 30_000_000; time.sleep(0.2)"


@on_linux
def test_memory_is_that_of_all_processes_together(measuring: ModuleType) -> None:
    script = f"{TWO_PROCESSES}; os._exit(0) if data[:1] == b'y' else os.wait()"
    most = measuring.peak_memory(measuring.Command("two", (sys.executable, "-c", script)))
    assert 50_000_000 < most < 100_000_000


@on_linux
def test_processor_time_is_that_of_children_too(measuring: ModuleType) -> None:
    busy = "import time\nwhile time.process_time() < 0.15: pass"
    script = f"import subprocess, sys; subprocess.run((sys.executable, '-c', {busy!r}))"
    spent = measuring.run(measuring.Command("busy child", (sys.executable, "-c", script)))
    assert spent.processor >= 0.15


@on_linux
@pytest.mark.parametrize(("terminal", "code"), [(True, 0), (False, 1)])
def test_a_command_writes_to_a_terminal_where_it_is_asked_to(measuring: ModuleType, terminal: bool, code: int) -> None:
    measuring.run(measuring.Command("test", ("test", "-t", "1"), terminal=terminal, codes=(code,)))
    with pytest.raises(subprocess.CalledProcessError):
        measuring.run(measuring.Command("test", ("test", "-t", "1"), terminal=terminal, codes=(1 - code,)))


@on_linux
def test_a_ratio_is_of_the_bests_and_of_the_runs_in_turn(measuring: ModuleType) -> None:
    ours = [measuring.Spent(2.0, 3.0), measuring.Spent(6.0, 4.0), measuring.Spent(4.0, 6.0)]
    theirs = [measuring.Spent(4.0, 1.0), measuring.Spent(8.0, 2.0), measuring.Spent(4.0, 3.0)]
    assert measuring.ratio(ours, theirs) == measuring.Ratio(wall=0.5, processor=3.0, pairs=0.75)


@on_linux
@pytest.mark.parametrize(
    ("value", "limit", "row"),
    [(0.8, 0.8, "| x | v | 0.8 | met |"), (0.81, 0.8, "| x | v | 0.8 | **not met** |"), (9.0, None, "| x | v | | |")],
)
def test_a_figure_stands_beside_its_limit(compare: ModuleType, value: float, limit: float | None, row: str) -> None:
    assert compare.Judged("x", value, "v", limit).row() == row


@on_linux
def test_what_is_missing_is_said(
    compare: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "trace").write_bytes(b"")
    names = [command.name for command in compare.commands_of(tmp_path / "trace", ())]
    assert compare.RIPGREP not in names
    assert compare.GREP in names
    assert "rg is missing, so that nothing is compared with it: install ripgrep." in capsys.readouterr().err


@pytest.fixture(scope="module")
def hot_path() -> ModuleType:
    return module_of("hot_path")


def test_a_look_counts_for_the_innermost_function_of_mqtrace(hot_path: ModuleType) -> None:
    seen = []

    def words() -> Iterator[str]:
        yield "a"
        seen.append(hot_path.described(sys._getframe()))

    assert joined(words()) == "a"
    module, name, number, called = seen[0]
    assert (Path(module).name, name) == ("text.py", "joined")
    assert hot_path.line_of(module, int(number)) == "`for each in texts:`"
    assert called.endswith("words")


def test_what_is_imported_is_one_row_whoever_imports_it(
    hot_path: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "imported_by_the_test.py").write_text(
        "import sys, hot_path\nseen = hot_path.described(sys._getframe())\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    assert importlib.import_module("imported_by_the_test").seen == ("", "imports", "0", "")


def test_the_table_has_the_shares_of_functions_and_of_their_lines(hot_path: ModuleType) -> None:
    module = str(hot_path.SOURCE / "model" / "text.py")
    line = next(number for number in range(1, 99) if "for each in texts" in hot_path.line_of(module, number))
    seen = [("", "imports", "0", "")] * 3 + [(module, "joined", str(line), "")] * 6 + [(module, "joined", "1", "x")]
    table = hot_path.table(seen).splitlines()
    assert table[2] == "| 70% | `joined` (model/text.py) | `for each in texts:` 60%, x 10% |"
    assert table[3] == "| 30% | imports |  |"
