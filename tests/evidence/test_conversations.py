"""Entries of error logs (SYNTHETIC, built as LogEntry) to events: which belong together,
and what each says of a connection."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from mqtrace.evidence.conversations import conversations
from mqtrace.evidence.log_connections import LogConnections
from mqtrace.evidence.log_entries import address_of, channel_of, is_failure, written_by
from mqtrace.model import Connection, Location, LogEntry

BEGIN = datetime(2026, 3, 17, 1, 12, 25)
LINES = count(1, 20)


def entry(
    message: str,
    seconds: float = 0,
    thread: str = "100.1",
    program: str = "amqrmppa",
    *,
    dated: bool = True,
    **fields: object,
) -> LogEntry:
    """An entry some seconds after the begin of the log."""
    when = BEGIN + timedelta(seconds=seconds) if dated else None
    named = {"queue_manager": "QM1", **fields}
    return LogEntry(
        message, "Text.", Location("AMQERR01.LOG", next(LINES)), when=when, thread=thread, program=program, **named
    )  # type: ignore[arg-type]


def chains(*entries: LogEntry) -> list[list[str]]:
    """The messages of each event; an event that another has taken over is left out."""
    return [[each.message for each in event.entries] for event in conversations(entries) if event.entries]


def connections(*entries: LogEntry) -> list[Connection]:
    found = LogConnections()
    found.take(entries)
    return found.connections()


# Counted in a public queue manager log: FORMAT of error logs, correlation.
@pytest.mark.parametrize(
    "chain",
    [
        ["AMQ9780", "AMQ9519", "AMQ9999"], ["AMQ9639", "AMQ9999"], ["AMQ9271", "AMQ9999"], ["AMQ9557", "AMQ9999"],
        ["AMQ9202", "AMQ9999"], ["AMQ9777", "AMQ9999"], ["AMQ9776", "AMQ9999"], ["AMQ9209", "AMQ9999"],
        ["AMQ9211", "AMQ9999"],
        ["AMQ9616", "AMQ9492"], ["AMQ9665", "AMQ9492"], ["AMQ9631", "AMQ9999"], ["AMQ9635", "AMQ9999"],
        ["AMQ9502", "AMQ9999"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_the_entries_of_a_known_chain_are_one_event(chain: list[str]) -> None:
    assert chains(*(entry(message, number) for number, message in enumerate(chain))) == [chain]


def test_a_chain_twice_is_two_events() -> None:
    twice = [entry(message, second) for second, message in enumerate(["AMQ9639", "AMQ9999", "AMQ9639", "AMQ9999"])]
    assert chains(*twice) == [["AMQ9639", "AMQ9999"], ["AMQ9639", "AMQ9999"]]


def test_a_second_cause_begins_another_event() -> None:
    assert chains(entry("AMQ9639"), entry("AMQ9631", 1)) == [["AMQ9639"], ["AMQ9631"]]


@pytest.mark.parametrize(("seconds", "events"), [(5, 1), (6, 2)])
def test_entries_of_one_event_stand_within_five_seconds(seconds: int, events: int) -> None:
    assert len(chains(entry("AMQ9639"), entry("AMQ9999", seconds))) == events


def test_without_times_entries_that_stand_near_each_other_are_one_event() -> None:
    near = [entry("AMQ9639", dated=False), entry("AMQ9999", dated=False)]
    assert len(chains(*near)) == 1
    far = LogEntry(
        "AMQ9999", "Text.", Location("AMQERR01.LOG", near[0].location.line + 60), thread="100.1", program="amqrmppa"
    )
    assert len(chains(near[0], far)) == 2


def test_a_consequence_that_names_another_channel_is_another_event() -> None:
    assert chains(entry("AMQ9639", inserts={3: "A.SVRCONN"}), entry("AMQ9999", inserts={3: "B.SVRCONN"})) == [
        ["AMQ9639"],
        ["AMQ9999"],
    ]


def test_threads_that_interleave_keep_their_own_entries() -> None:
    found = chains(
        entry("AMQ9639", 0, "100.1"),
        entry("AMQ9519", 0, "100.2"),
        entry("AMQ9999", 1, "100.2"),
        entry("AMQ9999", 1, "100.1"),
    )
    assert sorted(found) == [["AMQ9519", "AMQ9999"], ["AMQ9639", "AMQ9999"]]


def test_a_consequence_alone_is_an_event() -> None:
    assert chains(entry("AMQ9999")) == [["AMQ9999"]]


def test_entries_that_are_only_information_are_left_out() -> None:
    assert chains(entry("AMQ9002"), entry("AMQ9202", 1), entry("AMQ9001", 1), entry("AMQ9999", 2)) == [
        ["AMQ9202", "AMQ9999"]
    ]


# ---------------------------------------------------------------- the agent's entries


def agent(message: str, seconds: float = 0) -> LogEntry:
    return entry(message, seconds, "200.7", "amqzlaa0")


def test_what_the_agent_wrote_is_put_before_the_channel_s_entry() -> None:
    assert chains(agent("AMQ5534"), entry("AMQ9557", 1), entry("AMQ9999", 1)) == [["AMQ5534", "AMQ9557", "AMQ9999"]]


@pytest.mark.parametrize("later", [4, 60])
def test_what_the_agent_wrote_long_before_is_another_event(later: float) -> None:
    assert sorted(chains(agent("AMQ5534"), entry("AMQ9557", later))) == [["AMQ5534"], ["AMQ9557"]]


def test_no_entry_of_the_agent_is_lost_when_its_thread_writes_of_the_next_event() -> None:
    assert sorted(chains(agent("AMQ8077"), agent("AMQ5540", 1), agent("AMQ8077", 60))) == [
        ["AMQ5540"],
        ["AMQ8077"],
        ["AMQ8077"],
    ]


def test_a_channel_s_entry_that_is_not_about_a_user_takes_nothing_of_the_agent() -> None:
    assert sorted(chains(agent("AMQ5534"), entry("AMQ9639", 1))) == [["AMQ5534"], ["AMQ9639"]]


def test_the_connection_is_that_of_the_channel_and_not_of_the_agent() -> None:
    (found,) = connections(
        agent("AMQ5534"), entry("AMQ9557", 1, process=100), entry("AMQ9999", 1, inserts={3: "A.SVRCONN", 5: "h1"})
    )
    assert (found.process, found.program, found.channel, found.address, found.phase) == (
        100,
        "amqrmppa",
        "A.SVRCONN",
        "h1",
        "mqconn",
    )
    assert (found.start, found.end) == ("2026-03-17T01:12:25", "2026-03-17T01:12:26")


def test_in_a_whole_log_what_only_the_agent_wrote_of_is_no_client_s_connection() -> None:
    local = agent("AMQ5540", 60)
    client = [agent("AMQ5534"), entry("AMQ9557", 1), entry("AMQ9999", 1, inserts={3: "A.SVRCONN"})]
    assert [each.channel for each in connections(*client, local)] == ["A.SVRCONN"]
    assert [each.channel for each in connections(local, *client)] == ["A.SVRCONN"]


def test_of_the_agent_s_entries_alone_it_is_not_known_whether_a_client_connected() -> None:
    assert [each.log_entries[0].message for each in connections(agent("AMQ8077"), agent("AMQ5534", 60))] == [
        "AMQ8077",
        "AMQ5534",
    ]


def test_what_only_the_agent_wrote_of_can_still_belong_to_a_trace() -> None:
    found = LogConnections()
    found.take([agent("AMQ5540"), entry("AMQ9639", 60, inserts={3: "A.SVRCONN"})])
    assert [each.log_entries[0].message for each in found.events()] == ["AMQ5540", "AMQ9639"]


@pytest.mark.parametrize("program", ["runmqchi", "amqpcsea", "runmqlsr"])
def test_a_program_of_the_queue_manager_that_cannot_connect_is_no_client(program: str) -> None:
    assert connections(entry("AMQ9508", program=program, reason_code=2162)) == []
    assert len(connections(entry("AMQ9508", reason_code=2162))) == 1
    assert len(connections(entry("AMQ9665", program=program, remote_host="192.0.2.7"))) == 1


# ---------------------------------------------------------------- z/OS, Liberty, failure reports


def zos(message: str, seconds: float = 0, channel: str = "A.SVRCONN", **fields: object) -> LogEntry:
    """A message of a job log: it tells no thread, and all channels have the same program."""
    return entry(message, seconds, "", "CSQXRESP", severity="E", inserts={3: channel} if channel else {}, **fields)


def test_channels_of_zos_are_told_apart_by_their_name() -> None:
    found = chains(zos("CSQX620"), zos("CSQX620", 0, "B.SVRCONN"), zos("CSQX599", 1), zos("CSQX599", 1, "B.SVRCONN"))
    assert found == [["CSQX620", "CSQX599"], ["CSQX620", "CSQX599"]]


def test_a_message_that_zos_shares_with_others_names_its_channel() -> None:
    (found,) = connections(zos("CSQX635"), zos("CSQX599", 1))
    assert (found.channel, found.client, found.phase) == ("A.SVRCONN", "unknown", "tls")


def test_messages_of_a_channel_initiator_that_starts_are_no_connections() -> None:
    assert (
        connections(
            zos("CSQX022", channel=""), zos("CSQX500"), zos("CSQX501"), zos("CSQX632"), zos("CSQX251", channel="")
        )
        == []
    )


def test_a_failure_of_a_channel_whose_name_is_not_known_yet_is_a_connection() -> None:
    (found,) = connections(zos("CSQX620", channel="????", remote_host="192.0.2.7"))
    assert (found.channel, found.address) == ("", "192.0.2.7")


@pytest.mark.parametrize("hint", ["AMQ9620", "CSQX620"])
def test_what_failed_and_its_consequence_are_one_event_each_time(hint: str) -> None:
    last = "CSQX599" if hint.startswith("CSQX") else "AMQ9999"
    assert chains(*(entry(message, number) for number, message in enumerate([hint, last, hint, last]))) == [
        [hint, last],
        [hint, last],
    ]


def liberty(message: str, seconds: float = 0) -> LogEntry:
    return entry(message, seconds, "", "Liberty", queue_manager="", severity="E")


def test_what_liberty_wrote_of_a_connection_it_made_is_a_java_client_s() -> None:
    (found,) = connections(liberty("CWPKI0823"))
    assert (found.client, found.phase, written_by(found.log_entries[0])) == ("java", "tls", "client")


def test_what_liberty_wrote_of_its_own_port_is_the_server_s_and_belongs_to_no_trace() -> None:
    found = LogConnections()
    found.take([liberty("CWWKO0801")])
    assert [(each.client, written_by(each.log_entries[0])) for each in found.connections()] == [("unknown", "server")]
    assert found.events() == []


def test_messages_of_liberty_about_nothing_that_failed_are_no_connections() -> None:
    assert (
        connections(liberty("CWWKO0219"), liberty("CWPKI0803"), liberty("FFDC1015"), liberty("CWWKF0011"), liberty(""))
        == []
    )


@pytest.mark.parametrize("message", ["", "AMQ6209", "AMQ6125"])
def test_a_failure_report_that_names_no_cause_is_no_connection(message: str) -> None:
    assert connections(entry(message, program="runmqdlq", queue_manager="", inserts={3: "SIGINT"})) == []


# ---------------------------------------------------------------- folding


def test_equal_events_are_one_connection_with_a_count() -> None:
    found = connections(
        *(
            entry(message, 60 * minute, inserts={3: "A.SVRCONN"})
            for minute in range(3)
            for message in ("AMQ9639", "AMQ9999")
        )
    )
    assert [(each.count, each.start, each.end) for each in found] == [(3, "2026-03-17T01:12:25", "2026-03-17T01:14:25")]


@pytest.mark.parametrize("other", [{"inserts": {3: "B"}}, {"remote_host": "h2"}, {"queue_manager": "QM2"}])
def test_events_of_another_channel_host_or_queue_manager_stay_apart(other: dict[str, object]) -> None:
    first = entry("AMQ9639", inserts={3: "A"}, remote_host="h1")
    second = entry("AMQ9639", 60, **{"inserts": {3: "A"}, "remote_host": "h1", **other})
    assert [each.count for each in connections(first, second)] == [1, 1]


def test_each_event_is_kept_by_itself_for_pairing() -> None:
    found = LogConnections()
    found.take(entry("AMQ9639", 60 * minute) for minute in range(3))
    assert [each.start for each in found.events()] == [
        "2026-03-17T01:12:25",
        "2026-03-17T01:13:25",
        "2026-03-17T01:14:25",
    ]


def test_a_consequence_that_names_no_channel_is_no_connection() -> None:
    assert connections(entry("AMQ9999")) == []
    assert connections(entry("AMQ9999", inserts={3: "????"})) == []
    assert [each.channel for each in connections(entry("AMQ9999", inserts={3: "A.SVRCONN"}))] == ["A.SVRCONN"]


def test_connections_are_in_the_order_of_time() -> None:
    found = connections(entry("AMQ9639", 60), entry("AMQ9519", 0, "100.2"))
    assert [each.log_entries[0].message for each in found] == ["AMQ9519", "AMQ9639"]


def test_a_queue_manager_that_ends_is_no_client_s_failure() -> None:
    assert connections(entry("AMQ9542", program="amqrmppa")) == []


@pytest.mark.parametrize(("program", "count"), [("runmqsc", 0), ("/opt/mqm/bin/dmpmqcfg", 0), ("orders", 1)])
def test_a_command_of_the_queue_manager_s_own_host_is_no_client(program: str, count: int) -> None:
    assert len(connections(entry("AMQ5540", program="amqzlaa0", inserts={3: program}))) == count


@pytest.mark.parametrize(("permissions", "phase"), [("connect", "mqconn"), ("get put", "connected"), ("", "mqconn")])
def test_an_authority_for_an_object_is_asked_for_after_connecting(permissions: str, phase: str) -> None:
    inserts = {3: "bob", 4: "Q1 [queue]", 5: permissions}
    (found,) = connections(entry("AMQ8077", program="amqrmppa", inserts=inserts))
    assert found.phase == phase


# ---------------------------------------------------------------- single entries


def test_channel_and_address_from_inserts() -> None:
    one = entry("AMQ9202", inserts={1: "111", 3: "h1 (10.0.0.7) (1414)", 4: "TCP/IP", 5: "A.SVRCONN"})
    assert (channel_of(one), address_of(one)) == ("A.SVRCONN", "h1 (10.0.0.7) (1414)")


def test_channel_and_address_from_quoted_texts_where_there_are_no_inserts() -> None:
    assert channel_of(entry("AMQ9639", quoted=("A.SVRCONN", "10.0.0.7"))) == "A.SVRCONN"
    assert address_of(entry("AMQ9202", quoted=("h1 (10.0.0.7) (1414)", "TCP/IP"))) == "h1 (10.0.0.7) (1414)"


@pytest.mark.parametrize("quoted", ["10.0.0.7", "lower.case", "A.NAME.OF.MORE.THAN.20.CHARS", "NODOT", ""])
def test_a_quoted_text_that_has_not_the_form_of_a_channel_is_none(quoted: str) -> None:
    assert channel_of(entry("AMQ9639", quoted=(quoted,))) == ""


def test_a_quoted_text_of_a_message_that_speaks_of_no_channel_is_none() -> None:
    assert channel_of(entry("AMQ9492", quoted=("A.SVRCONN",))) == ""


def test_the_remote_host_of_the_header_goes_before_inserts() -> None:
    assert address_of(entry("AMQ9999", remote_host="10.0.0.7", inserts={5: "h1"})) == "10.0.0.7"


@pytest.mark.parametrize(
    ("program", "queue_manager", "end"),
    [
        ("amqrmppa", "", "server"),
        ("orders", "QM1", "server"),
        ("orders", "", "client"),
        ("C:\\mq\\bin\\amqrmppa.exe", "", "server"),
    ],
)
def test_the_end_that_wrote_an_entry(program: str, queue_manager: str, end: str) -> None:
    assert written_by(entry("AMQ9999", program=program, queue_manager=queue_manager)) == end


def test_without_a_program_a_severity_letter_tells_a_queue_manager_s_console_from_an_exception() -> None:
    assert written_by(entry("AMQ9633", program="", queue_manager="", severity="E")) == "server"
    assert written_by(entry("AMQ9771", program="", queue_manager="QM1")) == "client"


@pytest.mark.parametrize(
    ("message", "reason", "fails"),
    [("AMQ9639", None, True), ("AMQ9999", None, True), ("AMQ9001", None, False), ("", None, False), ("", 2035, True)],
)
def test_what_is_a_failure(message: str, reason: int | None, fails: bool) -> None:
    assert is_failure(entry(message, reason_code=reason)) == fails


def test_an_entry_of_a_client_program_is_a_connection_of_the_c_client() -> None:
    (found,) = connections(entry("AMQ9202", program="orders", queue_manager="", inserts={1: "111", 3: "h1(1414)"}))
    assert (found.client, found.reason_code, found.completion_code, found.phase) == ("c", None, None, "tcp")


def test_a_reason_that_a_program_printed_is_what_the_application_got() -> None:
    (found,) = connections(entry("", program="", queue_manager="", reason_code=2035))
    assert (found.client, found.reason_code, found.completion_code) == ("unknown", 2035, 2)
