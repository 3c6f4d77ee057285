"""Recorded handshakes beside a trace: to which connection each belongs."""

from dataclasses import replace

import pytest

from mqtrace.decode.channel_protocol import Segment
from mqtrace.decode.client_hello import ClientHello
from mqtrace.decode.tls import Alert
from mqtrace.evidence.handshakes import connection_of, facts_of, with_handshakes
from mqtrace.handshakes.handshake import Handshake, MqSegment
from mqtrace.model import Attempt, Connection, Fact, Location

NAME = "app2e-tls.chl.mq.ibm.com"
PLACE = Location("capture.pcap", 3)


def handshake(name: str | None = NAME) -> Handshake:
    hello = ClientHello(("TLSv1.2",), (), server_name=name)
    refused = (Alert("fatal", 40, "handshake_failure", "server"),)
    messages = ("client_hello", "alert")
    return Handshake(
        "capture", PLACE, messages, hello, alerts=refused, server="10.0.0.7:1414", started="2026-11-24T09:00:00"
    )


def connection(name: str = NAME, thread: str = "1.1", **fields: object) -> Connection:
    told = (Fact("tls.server_name", name, Location("trace", 1), "SNI", "used"),) if name else ()
    return Connection("c", "trace", thread=thread, facts=told, **fields)  # type: ignore[arg-type]


def values(one: Connection, fact: str) -> list[str]:
    return [each.value for each in one.facts if each.name == fact]


def test_a_handshake_belongs_to_the_connection_with_its_server_name() -> None:
    found = with_handshakes([connection("other", "1.1"), connection(NAME, "1.2")], [handshake()])
    assert [values(each, "tls.alert") for each in found] == [[], ["40"]]
    assert found[1].tls["alerts"] == [{"code": 40, "name": "handshake_failure", "from": "server", "level": "fatal"}]
    assert found[1].tls["server_name"] == NAME


@pytest.mark.parametrize(
    ("connections", "name"),
    [
        ([connection(NAME, "1.1"), connection(NAME, "1.2")], NAME),
        ([connection("other")], NAME),
        ([connection("")], NAME),
        ([connection("")], None),
        ([connection("")], ""),
    ],
    ids=["two-have-it", "none-has-it", "trace-tells-none", "neither-tells-one", "empty-name"],
)
def test_a_handshake_that_may_be_another_s_belongs_to_none(connections: list[Connection], name: str | None) -> None:
    assert with_handshakes(connections, [handshake(name)]) == connections


def test_the_last_attempt_gets_its_facts() -> None:
    attempts = (Attempt("A", "h(1)"), Attempt("A", "h(2)"))
    (found,) = with_handshakes([connection(attempts=attempts)], [handshake()])
    assert found.attempts[0] == attempts[0]
    assert [fact.value for fact in found.attempts[1].facts if fact.name == "tls.alert"] == ["40"]


def test_what_the_trace_tells_of_the_handshake_stays() -> None:
    (found,) = with_handshakes([connection(tls={"alerts": ["told by the trace"]})], [handshake()])
    assert found.tls["alerts"] == ["told by the trace"]
    assert found.tls["messages"] == ["client_hello", "alert"]


def test_every_fact_leads_to_the_place_where_the_handshake_begins() -> None:
    facts = facts_of(handshake())
    assert {fact.location for fact in facts} == {PLACE}
    assert {fact.text for fact in facts} == {"TLS handshake (capture): client_hello, alert"}


def test_a_handshake_alone_is_a_connection_whose_end_is_not_known() -> None:
    found = connection_of(handshake())
    assert (found.client, found.source, found.address, found.phase) == (
        "unknown",
        "capture.pcap",
        "10.0.0.7:1414",
        "tls",
    )
    assert (found.reason_code, found.completion_code, found.start) == (None, None, "2026-11-24T09:00:00")


def test_a_flow_without_tls_is_told_as_what_it_is() -> None:
    started = Segment("initial-data", "little", 268, 1, channel="APP.SVRCONN", queue_manager="QM1", fap_level=13)
    refusal = Segment("error", "little", 36, 5, error_status=0x18)
    plain = Handshake(
        "capture", PLACE, segments=(MqSegment("client", started), MqSegment("server", refusal)), server="10.0.0.7:1414"
    )
    found = connection_of(plain)
    assert (found.channel, found.queue_manager, found.phase) == ("APP.SVRCONN", "QM1", "negotiation")
    assert [(each.name, each.value) for each in found.facts if each.name.startswith("error_segment")] == [
        ("error_segment.status", "18")
    ]
    assert (
        found.facts[0].text
        == "the server refuses with error code 24 (0x18): CipherSpec differs from the channel definition"
    )


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
    connection = connection_of(replace(handshake(), started=written))
    assert connection.start == start
    assert (connection.utc_offset == 0) == written.endswith(("UTC", "Z"))
