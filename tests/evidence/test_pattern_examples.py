"""Every trace pattern has examples that hold, and every pattern of dumps and blocks is met in a sample."""

from functools import cache
from pathlib import Path

import pytest

from mqtrace.catalog.samples import samples
from mqtrace.catalog.trace_patterns import TracePattern, trace_patterns
from mqtrace.evidence.facts import FactFinder
from mqtrace.evidence.pattern_examples import families, run_examples
from mqtrace.formats import TRACES, format_of
from mqtrace.inputs import open_sources
from mqtrace.readers.tally import Tally

ROOT = Path(__file__).parents[2]
PATTERNS = [pattern for family in families() for pattern in trace_patterns(family)]
LINES = [pattern for pattern in PATTERNS if pattern.kind == "line"]
OTHERS = [pattern for pattern in PATTERNS if pattern.kind != "line"]


def test_the_examples_of_all_patterns_hold() -> None:
    count, problems = run_examples()
    assert problems == []
    assert count > len(LINES)


@pytest.mark.parametrize("pattern", LINES, ids=lambda pattern: pattern.id)
def test_a_pattern_of_lines_has_an_example_that_matches(pattern: TracePattern) -> None:
    assert pattern.match


@cache
def seen_in_samples() -> dict[str, set[str]]:
    """Ids of the patterns that find something in the samples, with the names of the facts found."""
    seen: dict[str, set[str]] = {}
    paths = [ROOT / "sample-traces" / sample.name / file for sample in samples() for file in sample.files]
    for source in open_sources(paths):
        known = format_of(source.head())
        if known not in TRACES:
            continue
        finder = FactFinder(trace_patterns(known.reader.CLIENT))
        for record, literals in known.reader.read(source, Tally(), finder.selection):
            for found in finder.observe(record, literals):
                seen.setdefault(found.pattern.id, set()).add(found.name)
    return seen


@pytest.mark.parametrize("pattern", OTHERS, ids=lambda pattern: pattern.id)
def test_a_pattern_of_dumps_or_blocks_finds_facts_in_a_sample(pattern: TracePattern) -> None:
    assert seen_in_samples().get(pattern.id)


@pytest.mark.parametrize(
    ("pattern", "facts"),
    [
        ("c.structure-mqcd", {"mqcd.ChannelName", "mqcd.ConnectionName", "mqcd.SSLCipherSpec", "mqcd.Version"}),
        ("c.structure-with-eyecatcher", {"mqsco.KeyRepository", "mqsco.CertificateLabel"}),
        ("c.transcript", {"tls.messages", "tls.offered_versions", "tls.server_name"}),
        ("c.flow-received", {"error_segment.status"}),
        ("c.flow-sent", {"sent.flow.channel", "sent.flow.product"}),
        ("dotnet.answer", {"socket.answer"}),
        ("dotnet.error-segment", {"error_segment.status"}),
    ],
)
def test_the_facts_of_dumps_and_blocks_have_the_names_that_the_ledger_and_the_rules_look_for(
    pattern: str, facts: set[str]
) -> None:
    assert facts <= seen_in_samples()[pattern]
