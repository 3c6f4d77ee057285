"""A rule that raises costs its answer in silence of the exit code: none may, on anything that is at hand."""

from pathlib import Path

import pytest

import mqtrace

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLES = sorted(path for path in (ROOT / "sample-traces").iterdir() if path.is_dir())


def failed_rules(folder: Path) -> list[str]:
    return [finding.id for finding in mqtrace.diagnose(folder).findings if finding.id.startswith("rule.")]


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_no_rule_fails_on_a_sample(folder: Path) -> None:
    assert failed_rules(folder) == []


@pytest.mark.corpus
def test_no_rule_fails_on_the_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    scenarios = sorted(CORPUS.glob("*/*/truth.json"))
    assert scenarios
    assert {str(truth.parent): failed for truth in scenarios if (failed := failed_rules(truth.parent))} == {}
