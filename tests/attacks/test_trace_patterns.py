"""Every trace pattern's own words, planted where they are no evidence: nothing certain or
traced comes of them. All SYNTHETIC."""

from collections.abc import Iterator

import pytest
from tests.attacks.planting import (
    FAILING,
    WORKING,
    Lines,
    Planter,
    after_the_call,
    before_the_call,
    in_another_thread,
    in_the_data_of_a_put,
    in_the_text_of_a_dump,
)
from tests.evidence.traces import connections

from make_c_trace import channel_definition, rows
from mqtrace.catalog.trace_patterns import TracePattern, trace_patterns
from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Client
from mqtrace.rules.outcome import decide
from mqtrace.settings.ledger import build_ledger

CLIENTS: tuple[Client, ...] = ("c", "dotnet", "java")


def sure(client: Client, lines: Lines) -> set[tuple[str, str]]:
    """What is called certain or traced: causes, and settings with their values."""
    found = set()
    for connection in connections(client, *lines):
        outcome, _ = decide(connection, build_ledger(connection), Configuration())
        if outcome.cause and outcome.cause.confidence == "certain":
            found.add(("cause", outcome.cause.id))
        found |= {(row.name, row.value) for row in outcome.settings if row.proof == "traced"}
    return found


def is_of_process(pattern: TracePattern) -> bool:
    """Whether its words hold wherever the process says them."""
    return pattern.scope == "process"


def attacks(client: Client, pattern: TracePattern) -> Iterator[tuple[str, Planter]]:
    """The places in which the words of a pattern prove nothing."""
    yield "in the text of a dump", in_the_text_of_a_dump(client)
    if pattern.opens or pattern.closes:
        return  # what begins or ends a call is a call of its own there
    yield "after the call", after_the_call
    yield "in the data of a put", in_the_data_of_a_put(client)
    if not is_of_process(pattern):
        yield "before the call", before_the_call
        yield "in another thread", in_another_thread


CASES = [
    pytest.param(client, pattern, id=pattern.id)
    for client in CLIENTS
    for pattern in trace_patterns(client)
    if pattern.kind == "line"
]


@pytest.mark.parametrize(("client", "pattern"), CASES)
def test_words_that_are_no_evidence_make_nothing_sure(client: Client, pattern: TracePattern) -> None:
    for carrier in (FAILING[client], WORKING[client]):
        known = sure(client, carrier)
        for place, plant in attacks(client, pattern):
            for example in pattern.match:
                got = sure(client, plant(carrier, example.line.strip()))
                assert got <= known, f"{place}: {example['line']}"


# With the thread before it: rows hold what else parts a thread from its line.
DEFINITION = [f"1| {line.body}" for line in rows(channel_definition("EVIL.SVRCONN", "evil(9)"))]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([*WORKING["c"], "{  MQPUT", *DEFINITION, "}  MQPUT rc=OK"], id="in the data of a put"),
        pytest.param([*WORKING["c"], *DEFINITION], id="after the call"),
        pytest.param([*DEFINITION, *WORKING["c"]], id="before the call"),
        pytest.param(
            [*WORKING["c"][:2], *(row.replace("1|", "2|", 1) for row in DEFINITION), *WORKING["c"][2:]],
            id="in another thread",
        ),
    ],
)
def test_a_definition_that_is_data_is_not_in_force(lines: Lines) -> None:
    assert {value for _, value in sure("c", lines)} & {"EVIL.SVRCONN", "evil(9)"} == set()


def test_the_same_words_in_their_place_are_evidence() -> None:
    begin, *rest = FAILING["c"][1:]
    lines = [FAILING["c"][0], begin, *DEFINITION, "connect() errno = 111", *rest]
    assert {("cause", "network.refused"), ("channel", "EVIL.SVRCONN")} <= sure("c", lines)
