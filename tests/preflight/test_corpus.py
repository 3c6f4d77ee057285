"""What a real client made of the same files: its winners, and never a false "would connect"."""

import importlib.util
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parents[2]
CORPUS = HERE / ".." / "shared" / "corpus"


def bench() -> ModuleType:
    """bench/preflight_truth.py, which measures the same by hand."""
    spec = importlib.util.spec_from_file_location("preflight_truth", HERE / "bench" / "preflight_truth.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.corpus
def test_winners_and_verdicts_are_those_of_the_real_clients() -> None:
    measured = bench()
    verdicts: Counter[str] = Counter()
    right, total = 0, 0
    for case in measured.cases(CORPUS):
        report = measured.answer(case)
        verdict = measured.judged(case, report)
        verdicts[verdict] += 1
        assert verdict not in ("FALSE WOULD CONNECT", "FALSE ALARM"), case.folder
        for _, is_right, _ in (*measured.winners(case, report), *measured.first_tried(case, report)):
            total += 1
            right += is_right
    assert total > 0
    assert right >= 0.95 * total
    assert verdicts["would fail, same reason"] > 0.9 * (
        verdicts["would fail, same reason"] + verdicts["would fail, OTHER REASON"]
    )
