"""Events of logs (SYNTHETIC, built as LogEntry) meet the connections of traces: by time,
channel, address and process."""

from datetime import UTC, datetime, timedelta
from itertools import count
from time import process_time

import pytest
from msgspec.structs import replace

from mqtrace.evidence.clock_offset import sentence as sentence_of
from mqtrace.evidence.log_connections import LogConnections
from mqtrace.evidence.pairing import paired
from mqtrace.model import Attempt, ClockOffset, Connection, Location, LogEntry

BEGIN = datetime(2026, 3, 17, 12, 0, 0)
LINES = count(1)
CHANNEL = "APP.SVRCONN"


def connection(seconds: float = 0, **fields: object) -> Connection:
    """A failed connection of a trace, so many seconds after the begin, that took 0.2 s."""
    start = BEGIN + timedelta(seconds=seconds)
    given = {
        "process": 7253,
        "start": start.isoformat(timespec="microseconds"),
        "end": (start + timedelta(seconds=0.2)).isoformat(timespec="microseconds"),
        "reason_code": 2393,
        "address": "qmhost(1414)",
        **fields,
    }
    return Connection("c", "app.FMT", **given)  # type: ignore[arg-type]


def entry(
    seconds: float = 0, message: str = "AMQ9639", channel: str = CHANNEL, log: str = "AMQERR01.LOG", **fields: object
) -> LogEntry:
    """An entry of the queue manager's log, so many seconds after the begin by the log's clock."""
    given = {
        "when": BEGIN + timedelta(seconds=seconds),
        "process": 100,
        "thread": f"100.{next(LINES)}",
        "program": "amqrmppa",
        "queue_manager": "QM1",
        "inserts": {3: channel} if channel else {},
        "severity": "E",
        **fields,
    }
    return LogEntry(message, "Text.", Location(log, next(LINES)), **given)  # type: ignore[arg-type]


def clients(seconds: float = 0, message: str = "AMQ9202", **fields: object) -> LogEntry:
    """An entry of a client's own log."""
    given = {
        "program": "orders",
        "queue_manager": "",
        "process": 7253,
        "inserts": {1: "111", 3: "qmhost(1414)"},
        **fields,
    }
    return entry(seconds, message, "", "client/AMQERR01.LOG", **given)


def pair(
    connections: list[Connection], entries: list[LogEntry], channels: list[str] | None = None
) -> tuple[list[list[LogEntry]], tuple[ClockOffset, ...]]:
    """For each connection its log entries; and the offsets."""
    logs = LogConnections()
    for log in dict.fromkeys(each.location.source for each in entries):
        logs.take(each for each in entries if each.location.source == log)
    together, offsets = paired(connections, logs.events(), channels or [CHANNEL] * len(connections))
    return [list(each.log_entries) for each in together], offsets


# ---------------------------------------------------------------- clocks


SHOWN = "as 4 failures that are in both show, and was allowed for."


@pytest.mark.parametrize(
    ("offset", "sentence"),
    [
        (0, "The clocks of AMQERR01.LOG and app.FMT agree, by 4 failures that are in both."),
        (37, f"The clock of AMQERR01.LOG is 37 s ahead of that of app.FMT, {SHOWN}"),
        (-7200, f"The clock of AMQERR01.LOG is 2 h behind that of app.FMT, {SHOWN}"),
        (3725, f"The clock of AMQERR01.LOG is 1 h 2 min 5 s ahead of that of app.FMT, {SHOWN}"),
    ],
)
def test_the_offset_of_the_clocks_is_estimated_and_told(offset, sentence):
    times = [0, 60, 200, 411]
    entries = [entry(time + offset + 0.1) for time in times]
    found, offsets = pair([connection(time) for time in times], entries)
    assert [each[0].location for each in found] == [each.location for each in entries]
    assert [sentence_of(each) for each in offsets] == [sentence]
    assert abs(offsets[0].ahead - timedelta(seconds=offset)) < timedelta(seconds=1)


@pytest.mark.parametrize("times", [[0], [0, 60]])
def test_fewer_than_three_failures_show_no_offset(times):
    found, offsets = pair([connection(time) for time in times], [entry(time + 37) for time in times])
    assert (found, offsets) == ([[] for _ in times], ())


def test_fewer_than_three_failures_are_paired_where_the_clocks_agree():
    found, offsets = pair([connection()], [entry(3)])
    assert (len(found[0]), offsets) == (1, ())


def test_three_failures_that_do_not_agree_show_no_offset():
    found, offsets = pair([connection(time) for time in (0, 60, 200)], [entry(time) for time in (37, 85, 251)])
    assert (found, offsets) == ([[], [], []], ())


def test_clocks_more_than_a_day_apart_show_no_offset():
    _, offsets = pair([connection(time) for time in (0, 60, 200)], [entry(time + 200_000) for time in (0, 60, 200)])
    assert offsets == ()


def test_failures_at_even_intervals_that_agree_on_many_offsets_show_none():
    connections = [connection(60 * number) for number in range(5)]
    _, offsets = pair(connections, [entry(60 * number + 37) for number in range(-10, 20)])
    assert offsets == ()
    _, offsets = pair(connections, [entry(60 * number + 2) for number in range(-10, 20)])
    assert [round(each.ahead.total_seconds()) for each in offsets] == [2]


def test_the_clocks_of_two_clients_are_not_mixed():
    times = [0, 60, 200]
    first = [connection(time, host="alpha") for time in times]
    second = [connection(time + 20, host="beta") for time in times]
    entries = [entry(time + 37, remote_host="alpha.lab (192.0.2.1)") for time in times]
    entries += [entry(time + 20 - 900, remote_host="beta (192.0.2.2)") for time in times]
    found, offsets = pair(first + second, entries)
    assert [[each.remote_host for each in one] for one in found] == [["alpha.lab (192.0.2.1)"]] * 3 + [
        ["beta (192.0.2.2)"]
    ] * 3
    assert {each.clock: round(each.ahead.total_seconds()) for each in offsets} == {"alpha": 37, "beta": -900}


def test_utc_goes_before_local_time():
    times = [0, 60, 200]
    connections = [connection(time, utc_offset=3600) for time in times]
    utc = [(BEGIN + timedelta(seconds=time - 3600)).replace(tzinfo=UTC) for time in times]
    found, offsets = pair(connections, [entry(99_999, utc=moment) for moment in utc])
    assert [len(each) for each in found] == [1, 1, 1]
    assert [each.ahead for each in offsets] == [timedelta()]


# ---------------------------------------------------------------- what must agree


def test_two_clients_at_the_same_time_are_told_apart_by_their_host():
    connections = [connection(host="alpha"), connection(host="beta")]
    found, _ = pair(
        connections, [entry(0.3, remote_host="beta.lab (192.0.2.2)"), entry(0.1, remote_host="alpha (192.0.2.1)")]
    )
    assert [one[0].remote_host for one in found] == ["alpha (192.0.2.1)", "beta.lab (192.0.2.2)"]


def test_two_clients_at_the_same_time_are_told_apart_by_their_channel():
    found, _ = pair(
        [connection(), connection()],
        [entry(0, channel="B.SVRCONN"), entry(0, channel="A.SVRCONN")],
        ["A.SVRCONN", "B.SVRCONN"],
    )
    assert [one[0].inserts[3] for one in found] == ["A.SVRCONN", "B.SVRCONN"]


def test_one_event_goes_to_the_nearest_of_two_connections():
    found, _ = pair([connection(0), connection(5)], [entry(5.1)])
    assert [len(one) for one in found] == [0, 1]


def test_an_event_goes_to_many_equal_connections_that_are_folded():
    found, _ = pair([connection(0, count=7), connection(1)], [entry(0.1)])
    assert [len(one) for one in found] == [1, 0]


@pytest.mark.parametrize(
    ("channel", "seconds", "fits"),
    [
        (CHANNEL, 9, True),
        (CHANNEL, 11, False),
        (CHANNEL, -11, False),
        ("OTHER.SVRCONN", 0, False),
        ("", 1, True),
        ("", 11, False),
    ],
)
def test_an_event_fits_by_channel_and_time(channel, seconds, fits):
    found, _ = pair([connection()], [entry(seconds, channel=channel)])
    assert bool(found[0]) == fits


def test_an_event_that_knows_no_channel_goes_to_the_nearest_connection_only():
    found, _ = pair([connection(0), connection(4)], [entry(4.1, "AMQ9616", channel="")])
    assert [len(one) for one in found] == [0, 1]


def test_without_times_the_channel_decides():
    found, _ = pair([connection(), connection()], [entry(when=None)], ["OTHER.SVRCONN", CHANNEL])
    assert [len(one) for one in found] == [0, 1]


def test_a_connection_that_went_well_gets_no_event():
    found, _ = pair([connection(reason_code=0), connection(reason_code=None)], [entry()])
    assert found == [[], []]


CONTRADICTIONS = [
    ({}, {}, True),
    ({"process": 4711}, {}, False),
    ({"process": None}, {}, True),
    ({"inserts": {1: "111", 3: "qmhost(1415)"}}, {}, False),
    ({"inserts": {1: "111", 3: "qmhost (192.0.2.9)(1414)"}}, {}, True),
    ({"inserts": {1: "111", 3: "192.0.2.9(1414)"}}, {"address": "192.0.2.8(1414)"}, False),
    ({"inserts": {1: "111", 3: "192.0.2.8(1414)"}}, {"address": "192.0.2.8(1414)"}, True),
    ({"inserts": {1: "111", 3: "qmhost(1415)"}}, {"attempts": (Attempt("", "qmhost(1415)"),)}, True),
    ({"reason_code": 2393}, {}, True),
    ({"reason_code": 2035}, {}, False),
]


@pytest.mark.parametrize(("of_entry", "of_connection", "fits"), CONTRADICTIONS)
def test_what_the_client_wrote_itself_must_not_contradict_the_trace(of_entry, of_connection, fits):
    found, _ = pair([connection(**of_connection)], [clients(0.1, **of_entry)])
    assert bool(found[0]) == fits


def test_the_process_that_the_trace_names_goes_before_a_nearer_entry():
    found, _ = pair([connection()], [clients(0.1, process=None), clients(3)])
    assert [one.process for one in found[0]] == [7253]


@pytest.mark.parametrize(
    ("reason", "seconds", "fits"), [(2393, 0, True), (2393, 3600, False), (2035, 0, False), (2393, None, True)]
)
def test_what_a_program_printed_fits_by_its_reason_code(reason, seconds, fits):
    when = None if seconds is None else BEGIN + timedelta(seconds=seconds)
    printed = LogEntry("", "ended with reason code", Location("app.log", 1), reason_code=reason, when=when)
    assert bool(pair([connection()], [printed])[0][0]) == fits


def test_the_queue_manager_s_entry_stands_before_the_client_s():
    found, _ = pair([connection()], [clients(0.1), entry(0.2)])
    assert [one.message for one in found[0]] == ["AMQ9639", "AMQ9202"]


def test_a_handshake_at_a_port_of_liberty_is_no_event_of_a_client_of_mq():
    own = LogEntry("CWWKO0801", "Text.", Location("messages.log", 1), severity="E", when=BEGIN, program="Liberty")
    assert pair([connection()], [own])[0] == [[]]


SAME = {"host": "apphost", "thread": "7253.1", "program": "orders"}


@pytest.mark.parametrize(
    ("of_entry", "of_connection", "tie"),
    [
        ({}, {}, "same"),
        ({"host": "apphost.example.com"}, {}, "same"),
        ({"host": "otherpod"}, {}, "possible"),
        ({"host": ""}, {}, "possible"),
        ({"thread": "7253.2"}, {}, "possible"),
        ({"program": "otherprog"}, {}, "possible"),
        ({"user": "bob"}, {"user": "app"}, "possible"),
        ({"process": None}, {}, "possible"),
        ({"when": BEGIN - timedelta(seconds=3)}, {}, "possible"),
        ({"when": BEGIN + timedelta(seconds=4)}, {}, "possible"),
        ({}, {"start": "12:00:00.000000", "end": "12:00:00.200000"}, "possible"),
    ],
)
def test_the_client_s_own_entry_is_surely_of_the_call_where_all_is_the_same(of_entry, of_connection, tie):
    own = clients(0.1, **{**SAME, **of_entry, "inserts": {1: "111", 3: "qmhost(1414)"}, "reason_code": 2393})
    own = replace(own, message="AMQ9633", inserts={3: CHANNEL})
    (found,), _ = pair([connection(**{**SAME, **of_connection})], [own])
    assert [each.tie for each in found] == [tie]


@pytest.mark.parametrize(("when", "tie"), [(BEGIN + timedelta(seconds=0.1), "same"), (None, "possible")])
def test_an_undated_entry_of_the_queue_manager_is_only_possibly_of_the_call(when, tie):
    (found,), _ = pair([connection()], [entry(when=when)])
    assert [each.tie for each in found] == [tie]


@pytest.mark.load
def test_many_events_and_connections_take_no_minutes():
    connections = [connection(number, end="") for number in range(0, 1500, 5)]
    entries = [entry(number / 2) for number in range(3000)]
    begin = process_time()
    found, _ = pair(connections, entries)
    assert process_time() - begin < 7.5
    assert all(found)


@pytest.mark.parametrize(("code", "expected"), [(2393, 1), (2538, 0)])
def test_what_a_program_printed_without_a_time_is_possibly_of_the_connection_with_its_code(
    code: int, expected: int
) -> None:
    printed = LogEntry("AMQ9771", "SSL handshake failed.", Location("app.log", 1), reason_code=code)
    logs = LogConnections()
    logs.take([printed])
    (one,), _ = paired([connection()], logs.events(), [""])
    assert [each.tie for each in one.log_entries] == ["possible"] * expected
