"""Recorded handshakes beside a trace: to which connection each belongs."""

import pytest
from msgspec.structs import replace

from mqtrace.evidence.handshakes import Tied, connection_of, with_handshakes
from mqtrace.handshakes.facts import facts_of
from mqtrace.model import Attempt, Client, Connection, Fact, Location
from mqtrace.model.tls import Alert, Chosen, CipherSuite, ClientHello, Handshake, Origin, Segment

NAME = "app2e-tls.chl.mq.ibm.com"
PLACE = Location("capture.pcap", 3)
START, END = "2026-11-24T09:00:00.100000", "2026-11-24T09:00:02.500000"
WITHIN = "2026-11-24T09:00:01Z"
SUITE = CipherSuite("c030", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_AES_256_GCM_SHA384")


def handshake(name: str = NAME, **fields: object) -> Handshake:
    """One that the server refused with handshake_failure, inside the call of `connection`."""
    told = Handshake(
        "capture",
        PLACE,
        messages=("client_hello",),
        offered=ClientHello(("TLSv1.2",), (), server_name=name or None),
        alerts=(Alert("fatal", 40, "handshake_failure", "server"),),
        server_name=name,
        server="10.0.0.7:1414",
        started=WITHIN,
    )
    return replace(told, **fields)  # type: ignore[arg-type]


def connection(name: str = NAME, client: Client = "c", more: tuple[Fact, ...] = (), **fields: object) -> Connection:
    """One that failed in the handshake, on a clock in UTC."""
    told = (Fact("tls.server_name", name, Location("trace", 1), "SNI", "used"),) if name else ()
    one = Connection(
        client, "trace", thread="1.1", process=4711, start=START, end=END, utc_offset=0, reason_code=2393, phase="tls"
    )
    return replace(one, facts=told + more, **fields)  # type: ignore[arg-type]


def values(one: Connection, fact: str) -> list[str]:
    return [each.value for each in one.facts if each.name == fact]


def belongs(tied: Tied) -> str:
    """What became of one handshake beside one connection."""
    first = tied.connections[0]
    if first.perhaps_tls:
        return "possible"
    if first.tls is not None:
        return "is"
    return "alone" if len(tied.connections) > 1 else "counted"


def test_a_handshake_belongs_to_the_connection_with_its_server_name_in_whose_call_it_was() -> None:
    tied = with_handshakes([connection("other"), connection()], [handshake()])
    assert [values(each, "tls.alert") for each in tied.connections] == [[], ["40"]]
    assert (tied.connections[1].tls, tied.notes) == (handshake(), [])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "is"),
        # Time: inside the call, in whole seconds; by local time where the recorder does not tell its zone.
        ({"started": "2026-11-24T09:00:00Z"}, "is"),
        ({"started": "2026-11-24T09:00:03Z"}, "is"),
        ({"started": "2026-11-24 09:00:01.250 CET"}, "is"),
        ({"started": "2026-11-24T08:59:58Z"}, "alone"),
        ({"started": "2026-11-24T09:00:04Z"}, "alone"),
        ({"started": "2026-11-25T09:00:01Z"}, "alone"),
        ({"started": "2025-11-24T09:00:01Z"}, "alone"),
        ({"started": ""}, "possible"),
        ({"started": "09:00:01.000123"}, "possible"),
        # Name, address and port, process.
        ({"server_name": "to2e-qm2.chl.mq.ibm.com"}, "alone"),
        ({"server_name": ""}, "alone"),
        ({"server": "10.0.0.8:1414"}, "alone"),
        ({"server": "10.0.0.7:1415"}, "alone"),
        ({"server": ""}, "is"),
        ({"process": 4711}, "is"),
        ({"process": 4712}, "alone"),
        ({"process": 4712, "started": ""}, "alone"),
        # How it ended.
        ({"alerts": (Alert("fatal", 48, "unknown_ca", "server"),)}, "alone"),
        ({"alerts": (), "messages": ("client_hello", "server_hello")}, "is"),
        ({"chosen": Chosen("TLSv1.3", SUITE)}, "alone"),
        ({"chosen": Chosen("TLSv1.2", SUITE)}, "is"),
        # Nobody's, and nothing failed in it.
        ({"server_name": "", "alerts": ()}, "counted"),
    ],
)
def test_time_address_process_and_outcome_decide(changes: dict[str, object], expected: str) -> None:
    trace = (
        Fact("tls.alert", "40", Location("trace", 2), "alert 40", "used"),
        Fact("tls.chosen_version", "TLSv1.2", Location("trace", 2), "TLSv1.2", "used"),
    )
    one = connection(more=trace, address="10.0.0.7(1414)")
    assert belongs(with_handshakes([one], [handshake(**changes)])) == expected


@pytest.mark.parametrize(
    ("origin", "client", "expected"),
    [
        ("capture", "c", "is"),
        ("capture", "dotnet", "is"),
        ("capture", "java", "is"),
        ("java-debug", "java", "is"),
        ("java-debug", "c", "alone"),
        ("java-debug", "dotnet", "alone"),
        ("gskit-trace", "c", "is"),
        ("gskit-trace", "dotnet", "alone"),
        ("gskit-trace", "java", "alone"),
        ("transcript", "c", "is"),
        ("transcript", "java", "alone"),
        # A program of its own, whoever runs it.
        ("s_client", "c", "alone"),
    ],
)
def test_a_recorder_records_its_own_kind_of_client(origin: Origin, client: Client, expected: str) -> None:
    assert belongs(with_handshakes([connection(client=client)], [handshake(origin=origin)])) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reason_code": 0}, "alone"),
        ({"phase": "negotiation"}, "alone"),
        ({"phase": "connected"}, "alone"),
        ({"phase": "tcp"}, "is"),
        # No date, or a clock whose zone nobody tells.
        ({"start": "09:00:00.100000", "end": "09:00:02.500000"}, "possible"),
        ({"utc_offset": None}, "possible"),
        ({"utc_offset": 3600}, "alone"),
        ({"utc_offset": 3600, "start": START.replace("T09", "T10"), "end": END.replace("T09", "T10")}, "is"),
    ],
)
def test_what_the_trace_tells_of_the_call_counts(changes: dict[str, object], expected: str) -> None:
    assert belongs(with_handshakes([replace(connection(), **changes)], [handshake()])) == expected  # type: ignore[arg-type]


def test_a_handshake_that_two_connections_can_have_is_nobodys() -> None:
    both = [connection(thread="1.1"), connection(thread="1.2")]
    tied = with_handshakes(both, [handshake()])
    assert tied.connections == [*both, connection_of(handshake())]


def test_a_clock_that_is_known_to_be_off_is_allowed_for() -> None:
    calls = [
        connection(start=f"2026-11-24T09:{minute:02}:00.000000", end=f"2026-11-24T09:{minute:02}:01.000000")
        for minute in (0, 7, 19)
    ]
    ahead = [handshake(started=f"2026-11-24T09:{minute:02}:41Z") for minute in (0, 7, 19)]
    tied = with_handshakes(calls, ahead)
    assert [values(each, "tls.alert") for each in tied.connections] == [["40"]] * 3
    assert len(with_handshakes(calls[:2], ahead[:2]).connections) == 4


def test_those_that_failed_stand_alone_up_to_a_limit_and_the_rest_are_counted() -> None:
    strangers = [handshake("", started=f"2026-11-24T10:{at // 60:02}:{at % 60:02}Z") for at in range(102)]
    tied = with_handshakes([connection()], strangers)
    assert len(tied.connections) == 101
    assert tied.notes == ["2 other TLS handshakes belong to no connection of the traces."]


def test_the_last_attempt_gets_its_facts() -> None:
    attempts = (Attempt("A", "h(1414)"), Attempt("A", "h(1414)"))
    (found,) = with_handshakes([connection(attempts=attempts)], [handshake()]).connections
    assert found.attempts[0] == attempts[0]
    assert [fact.value for fact in found.attempts[1].facts if fact.name == "tls.alert"] == ["40"]


def test_what_the_trace_tells_of_the_handshake_stays() -> None:
    own = Handshake(alerts=(Alert("", 48, "unknown_ca", "server"),))
    (found,) = with_handshakes([connection(tls=own)], [handshake()]).connections
    assert found.tls is not None
    assert (found.tls.alerts, found.tls.messages) == (own.alerts, ("client_hello",))


def test_every_fact_leads_to_the_place_where_the_handshake_begins() -> None:
    facts = facts_of(handshake())
    assert {fact.location for fact in facts} == {PLACE}
    assert {fact.text for fact in facts} == {"TLS handshake (capture): client_hello"}


def test_a_handshake_alone_is_a_connection_whose_end_is_not_known() -> None:
    found = connection_of(handshake())
    assert (found.client, found.source, found.address, found.phase) == (
        "unknown",
        "capture.pcap",
        "10.0.0.7:1414",
        "tls",
    )
    assert (found.reason_code, found.completion_code, found.start) == (None, None, "2026-11-24T09:00:01")


def test_a_flow_without_tls_is_told_as_what_it_is() -> None:
    started = Segment(
        "initial-data", "little", 268, 1, channel="APP.SVRCONN", queue_manager="QM1", fap_level=13, sender="client"
    )
    why = "CipherSpec differs from the channel definition"
    refusal = Segment("error", "little", 36, 5, error_status=0x18, meaning=why, sender="server")
    found = connection_of(Handshake("capture", PLACE, segments=(started, refusal), server="10.0.0.7:1414"))
    assert (found.channel, found.queue_manager, found.phase) == ("APP.SVRCONN", "QM1", "negotiation")
    assert [(each.name, each.value) for each in found.facts if each.name.startswith("error_segment")] == [
        ("error_segment.status", "18")
    ]
    assert found.facts[0].text == f"the server refuses with error code 24 (0x18): {why}"


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2026-11-25 02:31:47.734 UTC", "2026-11-25T02:31:47.734"),
        ("2026-11-24T09:00:00Z", "2026-11-24T09:00:00"),
        ("09:00:00.123", "09:00:00.123"),
        ("", ""),
    ],
)
def test_the_time_of_a_recorder_is_in_the_form_of_the_report(written: str, start: str) -> None:
    found = connection_of(handshake(started=written))
    assert found.start == start
    assert (found.utc_offset == 0) == written.endswith(("UTC", "Z"))


def refused_late(protocol: str = "TLSv1.3", sender: str = "server") -> Handshake:
    """One whose client went on, and was refused then."""
    return handshake(
        chosen=Chosen(protocol, SUITE),
        alerts=(Alert("fatal", 116, "certificate_required", sender),),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [(refused_late(), "is"), (refused_late("TLSv1.2"), "alone"), (refused_late(sender="client"), "alone")],
)
def test_a_server_may_refuse_once_the_client_has_gone_on_in_tls_13_alone(recorded: Handshake, expected: str) -> None:
    assert belongs(with_handshakes([connection(phase="negotiation", reason_code=2009)], [recorded])) == expected


@pytest.mark.parametrize(
    ("began", "expected"),
    [("2026-11-24T08:59:55Z", "possible"), ("2026-11-24T08:59:40Z", "alone"), ("2026-11-24T09:00:30Z", "alone")],
)
def test_a_trace_of_exceptions_only_may_have_the_handshake_that_began_shortly_before(began: str, expected: str) -> None:
    ended = connection("", client="java", phase="settings")
    recorded = handshake(origin="java-debug", started=began, process=None, server="")
    assert belongs(with_handshakes([ended], [recorded])) == expected


def test_a_call_that_came_to_a_handshake_and_sent_no_name_has_none_with_a_name() -> None:
    assert belongs(with_handshakes([connection("", client="java")], [handshake(origin="java-debug")])) == "alone"
