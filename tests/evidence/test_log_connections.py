"""Events of logs as connections (SYNTHETIC entries): what is joined, what stays apart, and what no client made."""

from datetime import datetime, timedelta
from io import BufferedReader, BytesIO

import pytest
from msgspec.structs import replace

from mqtrace.evidence.log_connections import LogConnections
from mqtrace.evidence.log_entries import address_of
from mqtrace.evidence.same_connection import loosely_joined
from mqtrace.inputs import Source
from mqtrace.model import Connection, Location, LogEntry
from mqtrace.readers.logs import application_log
from mqtrace.readers.tally import Tally

REFUSED = (
    "com.ibm.mq.jmqi.JmqiException: CC=2;RC=2538;AMQ9204: Connection to host 'mq.example(1414)' rejected. "
    "[1=java.net.ConnectException[Connection refused],3=mq.example(1414),4=TCP,5=Socket.connect]"
)
TIMED_OUT = REFUSED.replace("Connection refused", "Connection timed out")
JMS = "com.ibm.mq.MQException: JMSCMQ0001: IBM MQ call failed with compcode '2' ('MQCC_FAILED') "
BEGIN = datetime(2026, 3, 17, 12, 0, 0)
CLIENTS = {"program": "orders", "process": 7253, "thread": "7253.1"}
QUEUE_MANAGERS = {"program": "amqrmppa", "process": 100, "thread": "100.1", "queue_manager": "QM1", "severity": "E"}


def entry(message: str, line: int = 1, **fields: object) -> LogEntry:
    return LogEntry(message, "Text.", Location("AMQERR01.LOG", line), **fields)  # type: ignore[arg-type]


def printed(reason: int, text: str = "MQCONN ended", **fields: object) -> LogEntry:
    return LogEntry("", text, Location("app.log", 1), reason_code=reason, **fields)  # type: ignore[arg-type]


def output(lines: list[str]) -> list[LogEntry]:
    """What a program printed, as its reader reads it."""
    data = "\n".join(lines).encode()
    return list(application_log.read(Source("app.log", BufferedReader(BytesIO(data), 65536)), Tally()))


def connections(*logs: list[LogEntry]) -> list[Connection]:
    found = LogConnections()
    for log in logs:
        found.take(log)
    return found.connections()


def test_what_a_program_printed_and_the_event_of_its_log_are_one_connection() -> None:
    (one,) = connections([entry("AMQ9520", inserts={3: "A.CHANNEL"}, **CLIENTS)], [printed(2540)])
    assert (one.reason_code, one.channel, [each.tie for each in one.log_entries]) == (
        2540,
        "A.CHANNEL",
        ["same", "possible"],
    )


@pytest.mark.parametrize(
    ("logged", "reason", "more"),
    [
        ([entry("AMQ9520", **CLIENTS)], 2035, {}),
        ([entry("AMQ9520", when=BEGIN, **CLIENTS)], 2540, {"when": BEGIN + timedelta(minutes=1)}),
        ([entry("AMQ9777", **QUEUE_MANAGERS)], 2035, {"queue_manager": "QM2"}),
        ([entry("AMQ9202", remote_host="192.0.2.1(1)", **CLIENTS)], 2538, {"remote_host": "192.0.2.2(1)"}),
        ([entry("AMQ9520", inserts={3: "A"}, **CLIENTS), entry("AMQ9520", 9, inserts={3: "B"}, **CLIENTS)], 2540, {}),
    ],
    ids=["another reason", "another time", "another queue manager", "another address", "two events fit"],
)
def test_what_contradicts_or_can_be_of_several_events_stays_apart(
    logged: list[LogEntry], reason: int, more: dict[str, object]
) -> None:
    assert len(connections(logged, [printed(reason, **more)])) == len(logged) + 1


ENDS = {"remote_host": "mq.example(1414)"}


@pytest.mark.parametrize(
    ("logged", "other", "is_loose"),
    [
        ({}, {}, True),
        ({}, {"when": BEGIN}, True),
        (ENDS, ENDS, True),
        ({"when": BEGIN}, {}, False),
        ({"when": BEGIN}, {"when": BEGIN}, False),
        ({**ENDS, "inserts": {3: "A.B"}}, {**ENDS, "message": "AMQ9520", "inserts": {3: "A.B"}}, False),
    ],
    ids=["no times", "no time of the log", "one address", "time of the log", "one time", "one channel and address"],
)
def test_an_event_without_a_time_is_only_loosely_what_a_program_printed(
    logged: dict[str, object], other: dict[str, object], is_loose: bool
) -> None:
    output_of = replace(printed(2540), **other)  # type: ignore[arg-type]
    (one,) = connections([entry("AMQ9520", **CLIENTS, **logged)], [output_of])
    assert bool(loosely_joined(one)) is is_loose


# ---------------------------------------------------------------- what a program printed (SYNTHETIC)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["MQCONN ended with reason code 2035", "MQCONN ended with reason code 2538"], [(2035, 1), (2538, 1)]),
        ([f"{JMS}reason '2538' ('MQRC_HOST_NOT_AVAILABLE').", f"{JMS}reason '2035' ('MQRC_NOT_AUTHORIZED')."], None),
        ([REFUSED, TIMED_OUT], [(2538, 1), (2538, 1)]),
        ([REFUSED, REFUSED.replace("(1414)", "(1415)")], [(2538, 1), (2538, 1)]),
        ([REFUSED, "", *["prose"] * 80, REFUSED], [(2538, 2)]),
    ],
    ids=["reasons", "reasons under one message", "exceptions", "ports", "the same twice"],
)
def test_failures_without_times_are_one_only_where_all_that_decides_is_the_same(
    lines: list[str], expected: list[tuple[int, int]] | None
) -> None:
    found = [(each.reason_code, each.count) for each in connections(output(lines))]
    assert found == (expected or [(2538, 1), (2035, 1)])


HEAD = (
    "com.ibm.msg.client.jms.DetailedIllegalStateException: JMSWMQ0018: Failed to connect to queue manager 'QM1' with "
    "connection mode 'Client' and host name 'mq.example(1414)'."
)


def test_head_and_tail_of_a_chain_in_two_files_are_one_connection() -> None:
    (one,) = connections(output([HEAD]), output([f"Caused by: {REFUSED}"]))
    assert (one.reason_code, one.queue_manager, len(one.log_entries)) == (2538, "QM1", 2)


def test_a_head_that_two_tails_fit_or_none_stays_a_connection_without_a_code() -> None:
    other = REFUSED.replace("mq.example", "other.example")
    assert len(connections(output([HEAD]), output([REFUSED]), output([TIMED_OUT]))) == 3
    assert [each.reason_code for each in connections(output([HEAD]), output([other]))] == [None, 2538]


@pytest.mark.parametrize(
    ("message", "first", "second", "number"),
    [
        ("AMQ9202", {1: "111"}, {1: "110"}, 2),
        ("AMQ9202", {1: "111"}, {1: "111"}, 1),
        ("AMQ9557", {3: "alice"}, {3: "bob"}, 2),
        ("AMQ9557", {3: "alice"}, {3: "alice"}, 1),
    ],
    ids=["errno", "the same errno", "user", "the same user"],
)
def test_failures_of_one_message_are_alike_only_where_errno_and_user_are(
    message: str, first: dict[int, str], second: dict[int, str], number: int
) -> None:
    log = [entry(message, 1, inserts=first, **QUEUE_MANAGERS), entry(message, 99, inserts=second, **QUEUE_MANAGERS)]
    assert len(connections(log)) == number


@pytest.mark.parametrize(
    ("message", "writer", "calls_out"),
    [
        ("AMQ9202", QUEUE_MANAGERS, True),
        ("AMQ9202", CLIENTS, False),
        ("AMQ9777", QUEUE_MANAGERS, False),
        ("AMQ9777", {**QUEUE_MANAGERS, "program": "runmqchl"}, True),
    ],
    ids=["it calls", "a client calls", "it was called", "the program of a sender channel"],
)
def test_a_queue_manager_s_own_channel_is_no_client(message: str, writer: dict[str, object], calls_out: bool) -> None:
    (one,) = connections([entry(message, inserts={1: "111", 3: "A.CHANNEL"}, **writer)])
    assert one.calls_out is calls_out


# ---------------------------------------------------------------- routine


ENDED = {"AMQ9209": {3: "192.0.2.1(50123)", 5: "A.CHANNEL"}, "AMQ9528": {3: "A.CHANNEL"}}


@pytest.mark.parametrize("message", ENDED)
def test_the_end_of_a_channel_that_others_call_is_routine_and_counted(message: str) -> None:
    found = LogConnections()
    ended = [entry(message, line, inserts=ENDED[message], **QUEUE_MANAGERS) for line in (1, 100)]
    found.take([*ended, entry("AMQ9519", 200, inserts={3: "B.CHANNEL"}, **QUEUE_MANAGERS)])
    (one,) = found.connections()
    assert one.channel == "B.CHANNEL"
    assert any(f"({message}, 2)" in note for note in found.notes())


def test_where_a_log_has_nothing_else_it_is_told() -> None:
    (one,) = connections([entry("AMQ9209", inserts=ENDED["AMQ9209"], **QUEUE_MANAGERS)])
    assert one.channel == "A.CHANNEL"


@pytest.mark.parametrize(
    ("writer", "channel"),
    [(CLIENTS, "A.CHANNEL"), ({**QUEUE_MANAGERS, "program": "runmqchl"}, "A.CHANNEL"), (QUEUE_MANAGERS, "????")],
    ids=["a client wrote it", "a channel that calls", "before the channel was known"],
)
def test_near_misses_of_routine(writer: dict[str, object], channel: str) -> None:
    found = LogConnections()
    other = entry("AMQ9519", 200, inserts={3: "B.CHANNEL"}, **QUEUE_MANAGERS)
    found.take([entry("AMQ9209", inserts={3: "192.0.2.1(1)", 5: channel}, **writer), other])
    assert len(found.connections()) == 2
    assert found.notes() == []


@pytest.mark.parametrize(
    ("quoted", "address"),
    [
        ("mq1(1414)", "mq1(1414)"),
        ("mq1 (192.0.2.1) (1414)", "mq1 (192.0.2.1) (1414)"),
        ("mq1(1414),mq2(1415)", "mq1(1414),mq2(1415)"),
        ("MQ reconnect: reason 2009 (MQRC_CONNECTION_BROKEN) was the last", ""),
        ("setHost(String)", ""),
        ("MQRC_NOT_AUTHORIZED(2035)", ""),
    ],
)
def test_a_quoted_text_is_an_address_only_in_the_form_of_one(quoted, address):
    assert address_of(LogEntry("", "", Location("app.log", 1), quoted=(quoted,))) == address
