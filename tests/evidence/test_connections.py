"""Facts to connections: what opens and closes a call, what belongs to it, and what the application got."""

import pytest
from msgspec.structs import replace

import make_c_trace
from mqtrace.evidence import building
from mqtrace.evidence import connections as module
from mqtrace.evidence.definitions import facts_in_force, is_untold
from mqtrace.readers.traces.trace_header import TraceHeader

from .traces import HEADER, builder, connections, values

OPEN, CLOSE = "{  MQCONNX", "}  MQCONNX rc=OK"
FAIL = "}! MQCONNX rc=MQRC_HOST_NOT_AVAILABLE"
SESSION = "----{  rriInitSess"


def test_a_call_from_its_entry_to_its_exit_is_one_connection() -> None:
    (found,) = connections("c", OPEN, SESSION, CLOSE)
    assert (found.client, found.source, found.process, found.thread, found.count) == ("c", "trace", 7253, "7253.1", 1)
    assert (found.program, found.host, found.level) == ("orders.exe", "apphost", "9.3.0.5")
    assert (found.start, found.end) == ("2026-11-24T09:00:00.000001", "2026-11-24T09:00:00.000003")
    assert (found.completion_code, found.reason_code, found.phase) == (0, 0, "connected")


@pytest.mark.parametrize(
    ("end", "completion", "reason"),
    [
        ("}  MQCONNX rc=OK FunctionTime=66", 0, 0),
        ("}  MQCONNX (rc=OK)", 0, 0),
        ("}! MQCONNX rc=MQRC_HOST_NOT_AVAILABLE", 2, 2538),
        ("}! MQCONNX (rc=MQRC_Q_MGR_NOT_AVAILABLE)", 2, 2059),
        ("} MQCONNX rc=MQRC_NOT_AUTHORIZED", 2, 2035),
    ],
)
def test_the_exit_tells_what_the_application_got(end: str, completion: int, reason: int) -> None:
    (found,) = connections("c", OPEN, end)
    assert (found.completion_code, found.reason_code) == (completion, reason)


def test_calls_of_the_same_name_inside_do_not_open_or_close_one() -> None:
    (found,) = connections(
        "c",
        OPEN,
        "-{  tmzstMQCONNX",
        "--{  MQCONNX",
        SESSION,
        "--}  MQCONNX rc=OK",
        "-}! tmzstMQCONNX rc=MQRC_UNEXPECTED_ERROR",
        FAIL,
    )
    assert found.reason_code == 2538
    assert found.end.endswith("000007")


def test_two_calls_after_each_other_are_two_connections() -> None:
    found = connections("c", OPEN, "errno = 111", FAIL, OPEN, SESSION, CLOSE)
    assert [(each.reason_code, values(each, "socket.errno")) for each in found] == [(2538, ["111"]), (0, [])]


def test_an_exit_without_its_entry_closes_what_the_thread_said_before() -> None:
    (found,) = connections("c", SESSION, "errno = 111", "-----}! rriInitSess rc=rrcE_CHANNEL_ERROR", FAIL)
    assert (found.reason_code, found.phase, values(found, "socket.errno")) == (2538, "tcp", ["111"])
    assert found.start == "2026-11-24T09:00:00.000001"


def test_a_trace_that_ends_inside_the_call_has_no_reason_code() -> None:
    (found,) = connections("c", OPEN, SESSION, "errno = 110")
    assert (found.completion_code, found.reason_code, found.phase) == (None, None, "tcp")


@pytest.mark.parametrize(
    ("end", "reason"), [([CLOSE], 0), ([FAIL], 2538), ([], None)], ids=["connected", "failed", "cut"]
)
def test_what_a_layer_inside_returned_is_not_what_the_application_got(end: list[str], reason: int | None) -> None:
    (found,) = connections("c", OPEN, SESSION, "---}! zstMQConnect rc=MQRC_Q_MGR_NOT_AVAILABLE", *end)
    assert (found.reason_code, values(found, "reason")) == (reason, ["MQRC_Q_MGR_NOT_AVAILABLE"])


def test_a_trace_of_one_call_s_middle_tells_its_failure() -> None:
    (found,) = connections("c", SESSION, "errno = 111")
    assert (found.reason_code, found.phase, values(found, "socket.errno")) == (None, "tcp", ["111"])


def test_a_trace_without_any_call_or_failure_has_no_connection() -> None:
    assert connections("c", "xcsGetEnvironmentString[MQSERVER] = NULL", "PeerName: mq1") == []


def test_threads_that_interleave_keep_their_own_facts() -> None:
    found = connections(
        "c",
        f"1| {OPEN}",
        f"2| {OPEN}",
        f"2| {SESSION}",
        f"1| {SESSION}",
        "2| errno = 110",
        "1| errno = 111",
        f"1| {FAIL}",
        f"2| {CLOSE}",
    )
    assert [(each.thread, each.reason_code, values(each, "socket.errno")) for each in found] == [
        ("7253.1", 2538, ["111"]),
        ("7253.2", 0, ["110"]),
    ]


def test_what_holds_for_the_process_is_known_to_each_of_its_connections() -> None:
    found = connections(
        "c", "xcsGetEnvironmentString[MQSERVER] = A/TCP/h(1)", f"1| {OPEN}", f"1| {FAIL}", f"2| {OPEN}", f"2| {CLOSE}"
    )
    assert [values(each, "env.MQSERVER") for each in found] == [["A/TCP/h(1)"], ["A/TCP/h(1)"]]


def test_what_the_process_read_later_replaces_what_it_read_before() -> None:
    (found,) = connections(
        "c", OPEN, "xcsGetEnvironmentString[MQSERVER] = NULL", "xcsGetEnvironmentString[MQSERVER] = A/TCP/h(1)", CLOSE
    )
    assert values(found, "env.MQSERVER")[-1] == "A/TCP/h(1)"


def test_equal_connections_are_one_with_a_count() -> None:
    once = [OPEN, SESSION, "errno = 111", FAIL]
    (found,) = connections("c", *once, *once, *once)
    assert found.count == 3
    assert (found.start[-6:], found.end[-6:]) == ("000001", "000012")


@pytest.mark.parametrize(
    "other",
    [
        [OPEN, SESSION, "errno = 110", FAIL],
        [OPEN, SESSION, "errno = 111", "}! MQCONNX rc=MQRC_Q_MGR_NOT_AVAILABLE"],
        [OPEN, "errno = 111", FAIL],
        [OPEN, SESSION, "errno = 111", SESSION, "errno = 111", FAIL],
    ],
    ids=["fact", "reason", "phase", "attempts"],
)
def test_connections_that_differ_stay_apart(other: list[str]) -> None:
    found = connections("c", OPEN, SESSION, "errno = 111", FAIL, *other)
    assert [each.count for each in found] == [1, 1]


def test_each_session_is_an_attempt_with_its_own_facts() -> None:
    (found,) = connections("c", OPEN, SESSION, "errno = 111", SESSION, "errno = 110", FAIL)
    assert [[fact.value for fact in each.facts if fact.name == "socket.errno"] for each in found.attempts] == [
        ["111"],
        ["110"],
    ]


def test_a_call_that_failed_after_connecting_is_the_reason() -> None:
    (found,) = connections(
        "c", OPEN, SESSION, CLOSE, "}! MQOPEN rc=MQRC_NOT_AUTHORIZED", "}! MQCLOSE rc=MQRC_HOBJ_ERROR"
    )
    assert (found.completion_code, found.reason_code, found.phase) == (2, 2035, "connected")


@pytest.mark.parametrize(
    "end", ["}! MQGET rc=MQRC_NO_MSG_AVAILABLE", "}  MQOPEN rc=OK", "}! MQGET rc=MQRC_TRUNCATED_MSG_ACCEPTED"]
)
def test_codes_that_are_no_failure_do_not_count_after_connecting(end: str) -> None:
    (found,) = connections("c", OPEN, SESSION, CLOSE, end)
    assert found.reason_code == 0


def test_midnight_passes_within_a_connection() -> None:
    header = replace(HEADER, began=23 * 3600.0)
    (found,) = connections("c", f"23:59:59.900000 1| {OPEN}", f"00:00:00.100000 1| {FAIL}", header=header)
    assert (found.start, found.end) == ("2026-11-24T23:59:59.900000", "2026-11-25T00:00:00.100000")


def test_connections_before_and_after_midnight_stay_in_order() -> None:
    found = connections(
        "c",
        f"23:59:59.900000 1| {OPEN}",
        f"23:59:59.950000 1| {FAIL}",
        f"00:00:00.100000 1| {OPEN}",
        f"00:00:00.200000 1| {CLOSE}",
    )
    assert [each.reason_code for each in found] == [2538, 0]


def test_a_clock_that_steps_back_stays_on_the_same_day() -> None:
    (found,) = connections("c", f"09:30:00.000000 1| {OPEN}", f"09:00:00.000000 1| {FAIL}")
    assert (found.start, found.end) == ("2026-11-24T09:30:00.000000", "2026-11-24T09:00:00.000000")


def test_without_a_header_the_times_have_no_date_and_the_program_no_name() -> None:
    (found,) = connections("c", OPEN, FAIL, header=TraceHeader())
    assert (found.start, found.program, found.process) == ("09:00:00.000001", "", 7253)


# ---------------------------------------------------------------- values that count only behind another


def test_a_value_of_the_ini_file_is_told_from_the_same_words_later() -> None:
    (found,) = connections(
        "c",
        OPEN,
        "Adding stanza (SSLKeyRepository) length (9)",
        "SSLKeyRepository = '/ini/key'",
        "SSLKeyRepository = '/env/key'",
        FAIL,
    )
    assert values(found, "ini.ssl.sslkeyrepository") == ["/ini/key"]
    assert values(found, "later.sslkeyrepository") == ["/env/key"]


def test_what_another_thread_adds_does_not_count_for_this_one() -> None:
    (found,) = connections(
        "c",
        f"1| {OPEN}",
        "2| Adding stanza (SSLKeyRepository) length (9)",
        "1| SSLKeyRepository = '/env/key'",
        f"1| {FAIL}",
    )
    assert (values(found, "ini.ssl.sslkeyrepository"), values(found, "later.sslkeyrepository")) == ([], ["/env/key"])


# ---------------------------------------------------------------- the managed .NET client


RECEIVED_NOTHING = "9| Number of bytes read from Socket by RcvThread = 0"
DOTNET_OPEN = "--{  MQQueueManager.Connect() inputs  [QM1]"
DOTNET_FAIL = "--}! MQQueueManager.Connect() rc=(Unknown(2009))"


def test_an_exit_that_says_ok_proves_nothing_when_an_exception_was_thrown() -> None:
    (found,) = connections(
        "dotnet",
        DOTNET_OPEN,
        "IBM.WMQ.MQQueueManager#00A109FD throwing MQException: cc=2 rc=2538",
        "--}  MQQueueManager.Connect() rc=OK",
    )
    assert (found.completion_code, found.reason_code, found.queue_manager) == (2, 2538, "QM1")


def test_what_a_receive_thread_says_of_the_socket_belongs_to_the_connection() -> None:
    (found,) = connections(
        "dotnet",
        f"4| {DOTNET_OPEN}",
        "4| Bind using socket HDL:80",
        RECEIVED_NOTHING,
        "9| Socket closed HDL:80",
        f"4| {DOTNET_FAIL}",
    )
    assert (found.thread, found.reason_code, values(found, "network.closed")) == ("7253.4", 2009, [""])


@pytest.mark.parametrize(
    "receiving",
    [
        [RECEIVED_NOTHING, "9| Socket closed HDL:81"],
        [RECEIVED_NOTHING],
    ],
    ids=["another-socket", "no-socket"],
)
def test_what_a_receive_thread_says_of_another_socket_does_not(receiving: list[str]) -> None:
    (found,) = connections(
        "dotnet", f"4| {DOTNET_OPEN}", "4| Bind using socket HDL:80", *receiving, f"4| {DOTNET_FAIL}"
    )
    assert values(found, "network.closed") == []


def test_a_socket_number_used_again_is_another_socket() -> None:
    found = connections(
        "dotnet",
        f"4| {DOTNET_OPEN}", "4| Bind using socket HDL:80", f"4| {DOTNET_FAIL}",
        f"5| {DOTNET_OPEN}", "5| Bind using socket HDL:80", RECEIVED_NOTHING, "9| Socket closed HDL:80",
        f"5| {DOTNET_FAIL}",
    )  # fmt: skip
    assert [(each.thread, values(each, "network.closed")) for each in found] == [("7253.4", []), ("7253.5", [""])]


def test_a_local_handle_does_not_keep_equal_connections_apart() -> None:
    (found,) = connections(
        "dotnet",
        DOTNET_OPEN,
        "Bind using socket HDL:80",
        DOTNET_FAIL,
        DOTNET_OPEN,
        "Bind using socket HDL:81",
        DOTNET_FAIL,
    )
    assert found.count == 2


# ---------------------------------------------------------------- memory does not grow with the trace


def test_the_facts_of_one_connection_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.evidence.building.FACTS_PER_CONNECTION", 20)
    (found,) = connections("c", OPEN, *(f"errno = {number}" for number in range(1, 100)), FAIL)
    assert len(found.facts) == 20
    assert found.reason_code == 2538


def test_what_a_thread_says_outside_of_any_call_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PENDING", 20)
    (found,) = connections("c", *(f"errno = {number}" for number in range(1, 100)), FAIL)
    assert len(found.facts) <= 21
    assert values(found, "socket.errno")[-1] == "99"


def test_connections_beyond_the_limit_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DISTINCT", 3)
    lines = [line for number in range(1, 9) for line in (OPEN, f"errno = {number}", FAIL)]
    assert len(connections("c", *lines)) == 3


def test_facts_and_attempts_have_their_time_also_behind_midnight() -> None:
    (found,) = connections(
        "c",
        f"23:59:59.000001 1| {OPEN}",
        f"23:59:59.500000 1| {SESSION}",
        "00:00:01.000000 1| connect() errno = 111",
        f"00:00:02.000000 1| {FAIL}",
        header=replace(HEADER, began=23 * 3600),
    )
    (attempt,) = found.attempts
    assert (attempt.start, attempt.end) == ("2026-11-24T23:59:59.500000", "2026-11-25T00:00:02.000000")
    assert [fact.when for fact in found.facts if fact.name == "socket.errno"] == ["2026-11-25T00:00:01.000000"]
    assert found.end == "2026-11-25T00:00:02.000000"


def test_without_a_date_a_fact_has_the_time_of_day() -> None:
    (found,) = connections("c", OPEN, FAIL, header=TraceHeader())
    assert [fact.when for fact in found.facts] == ["09:00:00.000001", "09:00:00.000002"]


def test_what_is_said_after_the_return_is_no_fact_of_the_call() -> None:
    (found,) = connections("c", OPEN, SESSION, "}  rriInitSess rc=OK", CLOSE, "}! MQOPEN (rc=MQRC_NOT_AUTHORIZED)")
    assert (found.reason_code, found.failed_later) == (2035, True)
    assert [fact.name for fact in found.later] == ["later.reason"]
    assert values(found, "later.reason") == []


def test_a_failure_after_a_failed_call_is_not_its_reason() -> None:
    (found,) = connections("c", OPEN, FAIL, "}! MQOPEN (rc=MQRC_NOT_AUTHORIZED)")
    assert (found.reason_code, found.failed_later) == (2538, False)


def test_a_call_of_data_whose_end_is_lost_ends_where_the_next_call_begins() -> None:
    (found,) = connections("c", "{  MQPUT", OPEN, SESSION, "connect() errno = 111", FAIL)
    assert values(found, "socket.errno") == ["111"]


def test_what_is_left_out_at_a_limit_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "FACTS_PER_CONNECTION", 3)
    monkeypatch.setattr(module, "DISTINCT", 1)
    lines = [SESSION, *(f"connect() errno = {number}" for number in range(100, 105)), FAIL]
    made = builder("c", OPEN, *lines, OPEN, CLOSE)
    assert len(made.connections()) == 1
    first, second = made.notes()
    assert first.startswith("trace: 1 connections beyond the first")
    assert second.startswith("trace: 5 facts were left out")


def test_where_all_is_kept_there_is_no_note() -> None:
    made = builder("c", OPEN, SESSION, FAIL)
    made.connections()
    assert made.notes() == []


def test_of_definitions_that_were_looked_at_before_an_attempt_none_is_known_to_be_its_own() -> None:
    rows = [
        f"1| {line.body}"
        for channel in ("FIRST.SVRCONN", "SECOND.SVRCONN")
        for line in make_c_trace.rows(make_c_trace.channel_definition(channel, "mq1(1414)"))
    ]
    (found,) = connections("c", OPEN, *rows, SESSION, "connect() errno = 111", FAIL)
    assert values(found, "mqcd.ChannelName") == ["FIRST.SVRCONN", "SECOND.SVRCONN"]
    assert [fact.name for fact in facts_in_force(found) if fact.name.startswith("mqcd.")] == []
    assert (found.attempts[0].channel, is_untold(found)) == ("", True)
