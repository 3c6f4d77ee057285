"""What is written in calls that move data of messages is left out while a trace is read: the connections are the same
as when all of it is read."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence.connections import ConnectionBuilder
from mqtrace.evidence.facts import FactFinder
from mqtrace.inputs import Source
from mqtrace.model import Record
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces import trace_c
from mqtrace.readers.traces.data_calls import CallTurn, DataCalls
from mqtrace.readers.traces.parallel import Sharing

# Synthetic lines of the C client, in an order that no client has. The depth of a call is its dashes.
DUMP = (
    "  0x0000:  54534820 00000058 01050000 00000000  |TSH ...X........|",
    "  0x0010:  00000000 00000111 04b80000 01010000  |................|",
)
SAID = (
    "{}{{  MQGET", "{}}}! MQGET rc=MQRC_NO_MSG_AVAILABLE FunctionTime=77",
    "{}{{  MQPUT", "{}}}  MQPUT rc=OK FunctionTime=5",
    "{}{{  MQCONNX", "{}}}! MQCONNX rc=MQRC_Q_MGR_NOT_AVAILABLE FunctionTime=6",
    "{}}}! zstMQGET rc=MQRC_NOT_AUTHORIZED",
    "Receiving 88 bytes", "Sending 88 bytes", "[MQSERVER] = 'A/TCP/host(1414)'", "FAILED: RemoteHost=10.0.0.1",
    "xcsGetEnvironmentString[MQCCDTURL] = file:///a.json", "AMQ9202E",
)  # fmt: skip
LINES = st.tuples(st.sampled_from("123"), st.integers(0, 2), st.sampled_from(SAID) | st.just(None))


def trace(said: list[tuple[str, int, str | None]]) -> bytes:
    lines = []
    for number, (thread, depth, body) in enumerate(said):
        prefix = f" 09:00:{number // 10:02}.{number % 10}00000   7253.{thread}           :       "
        lines += [prefix + row for row in DUMP] if body is None else [prefix + body.format("-" * depth)]
    return "\n".join([*lines, ""]).encode()


def connections(content: bytes, *, by_reader: bool, by_builder: bool = True) -> tuple[Any, list[tuple[str, int, int]]]:
    finder = FactFinder(trace_patterns("c"), sharing=Sharing(1))
    selection = finder.selection
    if not by_reader:
        selection = replace(selection, turning=frozenset())
    builder = ConnectionBuilder("c", "trace", trace_c.header(content))
    tally, seen = Tally(), []
    for record, literals in trace_c.read(Source("trace", io.BytesIO(content)), tally, selection):
        is_moving = by_builder and builder.is_moving_data(record.thread)
        if not (is_moving and selection.telling.isdisjoint(literals)):
            seen.append((record.kind, record.line, record.offset))
            builder.feed(finder.observe(record, literals))
    return (builder.connections(lambda *_: None), tally), seen


@given(st.lists(LINES, max_size=60))
def test_the_connections_are_the_same(said: list[tuple[str, int, str | None]]) -> None:
    content = trace(said)
    found, left = connections(content, by_reader=True)
    assert (found, left) == connections(content, by_reader=False)
    assert found == connections(content, by_reader=False, by_builder=False)[0]


def test_what_a_poll_for_a_message_writes_is_not_even_read() -> None:
    content = trace(
        [("1", 0, None), ("1", 0, SAID[0]), ("1", 0, None), ("1", 0, SAID[7]), ("2", 0, None), ("1", 0, SAID[1])]
    )
    finder = FactFinder(trace_patterns("c"))
    tally = Tally()
    records = [record for record, _ in trace_c.read(Source("t", io.BytesIO(content)), tally, finder.selection)]
    assert [(record.kind, record.thread, record.line) for record in records] == [
        ("hexdump", "7253.1", 1), ("text", "7253.1", 3), ("hexdump", "7253.2", 7), ("text", "7253.1", 9)
    ]  # fmt: skip
    assert tally.records == 6


@pytest.mark.parametrize(
    ("turns", "moving"),
    [
        ([CallTurn(True, 1)], {b"1": 1}),
        ([CallTurn(True, 1), CallTurn(False, 2)], {b"1": 1}),
        ([CallTurn(True, 1), CallTurn(False, 1)], {}),
        ([CallTurn(True, 1), CallTurn(False, 0)], {}),
        ([CallTurn(True, 1), CallTurn(False, -1)], {b"1": 1}),
        ([CallTurn(True, 1), CallTurn(True, 2)], {b"1": 1}),
        ([CallTurn(True, 1), CallTurn(True, 0)], {b"1": 0}),
        ([CallTurn(False, 0)], {}),
    ],
)
def test_a_call_ends_where_one_turns_at_its_depth(turns: list[CallTurn], moving: dict[bytes, int]) -> None:
    calls: DataCalls[bytes] = DataCalls()
    for turn in turns:
        calls.take(b"1", [turn])
    assert calls.moving == moving


def test_how_long_a_call_took_is_told_apart_where_a_pattern_asks_for_it() -> None:
    plain, *_ = (each for each in trace_patterns("c") if each.id == "c.function-failed")
    asking = replace(plain, id="x", regex=r"FunctionTime=(?P<value>\d+)", value=None)
    line = b"-}! cciTcpReceive rc=rrcE_COMMUNICATIONS_ERROR FunctionTime=%d"
    for pattern, values in ((plain, {"rrcE_COMMUNICATIONS_ERROR"}), (asking, {"7", "8"})):
        finder = FactFinder([pattern])
        found = [
            finder.observe(Record("text", line % time, "t", 1, 0, 0), range(len(finder.selection.literals)))
            for time in (7, 8)
        ]
        assert {seen.value for each in found for seen in each} == values
        assert [each[0].record.raw[-1:] for each in found] == [b"7", b"8"]
