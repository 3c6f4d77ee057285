"""A value of an input stands in a sentence apart from its words, so that who hides a host or a user reaches it."""

from pathlib import Path

import pytest

import mqtrace
from mqtrace.model import Connection, Finding, Outcome, Report
from mqtrace.model.text import text
from words_and_values import values_in_words

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLES = sorted(path for path in (ROOT / "sample-traces").iterdir() if path.is_dir())
OF_ONE_CHANNEL = (Outcome(Connection("c", "a.FMT", channel="APP.SVRCONN")),)


def test_a_value_in_the_words_is_seen_and_one_apart_from_them_is_not() -> None:
    baked = Finding("a.b", "fail", "Channel APP.SVRCONN is not there.")
    apart = Finding("a.b", "fail", text("Channel {channel} is not there.", channel="APP.SVRCONN"))
    assert list(values_in_words(Report(OF_ONE_CHANNEL, (baked,)))) == [("APP.SVRCONN", baked.text)]
    assert list(values_in_words(Report(OF_ONE_CHANNEL, (apart,)))) == []


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_no_value_is_in_the_words_of_a_sample(folder: Path) -> None:
    assert list(values_in_words(mqtrace.diagnose(folder))) == []


@pytest.mark.corpus
def test_no_value_is_in_the_words_of_the_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    scenarios = sorted(CORPUS.glob("*/*/truth.json"))
    assert scenarios
    assert {
        str(truth.parent): bad for truth in scenarios if (bad := [*values_in_words(mqtrace.diagnose(truth.parent))])
    } == {}
