"""Traces in the C client's own words that are in no corpus: what is sure of them is true."""

import os
from pathlib import Path
from random import Random

import pytest

from make_c_worded import Truth, made
from mqtrace import diagnose
from mqtrace.catalog.reasons import reason_name
from mqtrace.model import Outcome

SEED = os.environ.get("MQTRACE_ATTACK", "")
FIRST = int(SEED) * 1000 if SEED.isdigit() else 0
COUNT = 600 if SEED else 40


def wrong(found: Outcome, truth: Truth) -> list[str]:
    """What is called certain or traced, and is not so."""
    told = []
    cause = found.cause
    if cause and cause.confidence == "certain" and cause.id not in truth.causes:
        told.append(f"cause {cause.id} is certain; true is {truth.causes}")
    for row in found.settings:
        value, source = truth.settings.get(row.name, (row.value, row.source))
        known = row.value in ("", value) if row.name != "ccdt" else value in row.value
        if row.proof == "traced" and not known:
            told.append(f"{row.name} is traced {row.value!r}; true is {value!r}")
        if row.proof == "traced" and row.source not in ("unknown", source):
            told.append(f"{row.name} is traced from {row.source}; true is {source}")
    return told


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT, 10))
def test_what_is_sure_is_true(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + 10):
        one = made(seed)
        outcomes = diagnose(one.trace.write(tmp_path / f"AMQ{seed}.0.FMT")).outcomes
        assert outcomes, seed
        for found in outcomes:
            truth = one.truths[int(found.connection.thread.rpartition(".")[2])]
            assert wrong(found, truth) == [], seed
            assert reason_name(found.connection.reason_code or 0) == truth.reason.replace("OK", "MQRC_NONE"), seed


@pytest.mark.parametrize("first", range(FIRST, FIRST + COUNT // 2, 10))
def test_what_is_sure_of_a_part_is_true(tmp_path: Path, first: int) -> None:
    """Cut at either end, or without some lines in the middle."""
    path = tmp_path / "AMQ7300.0.FMT"
    for seed in range(first, first + 10):
        one, choice = made(seed), Random(seed)
        lines = one.trace.content().splitlines(keepends=True)
        begin = choice.randrange(12, len(lines) - 1)
        end = begin + choice.choice((1, 2, 5, 20, 100, len(lines) // 3))
        for left in (lines[:begin], lines[begin:], lines[:begin] + lines[end:]):
            path.write_bytes(b"".join(left))
            for found in diagnose(path).outcomes:
                truth = one.truths[int(found.connection.thread.rpartition(".")[2])]
                assert wrong(found, truth) == [], (seed, begin, end, len(left))


def test_most_of_it_is_told(tmp_path: Path) -> None:
    """Saying nothing would be never wrong."""
    causes = channels = failed = 0
    for seed in range(80):
        one = made(seed)
        for found in diagnose(one.trace.write(tmp_path / f"AMQ{seed}.0.FMT")).outcomes:
            truth = one.truths[int(found.connection.thread.rpartition(".")[2])]
            failed += bool(truth.causes)
            causes += bool(found.cause and found.cause.id in truth.causes)
            row = next(each for each in found.settings if each.name == "channel")
            channels += (row.value, row.source) == truth.settings["channel"]
    assert failed > 10
    assert causes > 0.9 * failed
    assert channels > 30
