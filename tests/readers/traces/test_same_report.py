"""However a trace is read, the report is the same: by one process, by several, and where hyperscan is missing."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mqtrace.diagnosis import diagnose
from mqtrace.readers.traces import blocks, parallel, scan
from mqtrace.report.write import rendered

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / ".." / "shared" / "corpus"
FAMILIES = ("trace-c-synthetic", "trace-c-worded", "trace-dotnet", "trace-java", "red-team")
# All of them with MQTRACE_EVERY=1; else one in so many, which takes some seconds.
EVERY = int(os.environ.get("MQTRACE_EVERY", "9"))


@pytest.fixture
def report_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], list[str]]:
    """The reports on a folder: by one process, by two and by five, with hyperscan and without."""
    monkeypatch.setattr(parallel, "SMALLEST", 1)
    monkeypatch.setattr(blocks, "BLOCK", 8 * 1024)
    monkeypatch.setattr(blocks, "FEWEST", 1)
    monkeypatch.setattr(parallel.threading, "active_count", lambda: 1)

    def read(path: Path, processes: int, *, with_hyperscan: bool) -> str:
        scan.scanner_of.cache_clear()
        with monkeypatch.context() as patch:
            patch.setattr(scan.Scanner.__init__, "__kwdefaults__", {"portable": False, "worth_compiling": -1})
            if not with_hyperscan:
                patch.setitem(sys.modules, "hyperscan", None)
            report = rendered(diagnose(path, processes=processes), "json")
        scan.scanner_of.cache_clear()
        return report

    def reports(path: Path) -> list[str]:
        return [
            read(path, 1, with_hyperscan=True),
            read(path, 2, with_hyperscan=True),
            read(path, 5, with_hyperscan=False),
        ]

    return reports


@pytest.mark.parametrize("sample", sorted(path.name for path in (ROOT / "sample-traces").iterdir() if path.is_dir()))
def test_a_sample_gives_one_report(sample: str, report_of: Callable[[Path], list[str]]) -> None:
    one, two, five_without_hyperscan = report_of(ROOT / "sample-traces" / sample)
    assert two == one
    assert five_without_hyperscan == one


@pytest.mark.corpus
@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_of_the_corpus_gives_one_report(family: str, report_of: Callable[[Path], list[str]]) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    for scenario in sorted(path for path in (CORPUS / family).iterdir() if path.is_dir())[::EVERY]:
        one, two, five_without_hyperscan = report_of(scenario)
        assert two == one, scenario.name
        assert five_without_hyperscan == one, scenario.name
