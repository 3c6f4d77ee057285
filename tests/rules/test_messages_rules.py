"""Causes that error log entries name, and messages that stand in the trace itself."""

from datetime import datetime

import pytest
from msgspec.structs import replace

from mqtrace.catalog.messages import all_messages
from mqtrace.catalog.tables import table
from mqtrace.model import Fact, Finding, Location, LogEntry
from mqtrace.rules import choose_cause, judge

from .cases import Case, case, fact, found, ids, used


def entry(message: str, text: str = "Text of the message.", **fields: object) -> LogEntry:
    return LogEntry(message, text, Location("AMQERR01.LOG", 12), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "inserts", "cause"),
    [
        ("AMQ9202", {1: "111"}, "network.refused"),
        ("AMQ9637", {}, "tls.client-certificate-missing"),
        ("AMQ9508", {}, "qmgr.unavailable"),
    ],
)
def test_an_entry_of_the_connection_names_its_cause(message: str, inserts: dict[int, str], cause: str) -> None:
    one = case(log_entries=(entry(message, inserts=inserts),), reason=2538)
    failing = [finding for finding in found(one, cause) if finding.status == "fail"]
    assert failing
    assert failing[0].evidence[0].location == Location("AMQERR01.LOG", 12)


@pytest.mark.parametrize("message", ["AMQ9999", "", "AMQ0000"], ids=["consequence", "cut", "unknown"])
def test_an_entry_that_is_a_mere_consequence_or_not_known_names_no_cause(message: str) -> None:
    without, with_entry = case(reason=2538), case(log_entries=(entry(message),), reason=2538)
    assert [each for each in ids(with_entry) if each[1] == "fail"] == [
        each for each in ids(without) if each[1] == "fail"
    ]


def causes(one: Case) -> set[str]:
    return {identity for identity, status in ids(one) if status == "fail"}


def test_a_message_in_the_trace_is_a_cause_that_its_inserts_would_make_sure() -> None:
    (finding,) = [
        each
        for each in found(case(fact("message", "AMQ9518"), reason=2058, phase="settings"), "settings.ccdt-missing")
        if each.confidence != "certain"
    ]
    assert finding.status == "fail"
    assert finding.alternatives


@pytest.mark.parametrize(
    ("message", "reason"),
    [("AMQ9518", 0), ("AMQ9999", 2538), ("AMQ0000", 2538)],
    ids=["connected", "consequence", "unknown"],
)
def test_near_misses_of_a_message_in_the_trace(message: str, reason: int) -> None:
    assert causes(case(fact("message", message), reason=reason)) == causes(case(reason=reason))


# ---------------------------------------------------------------- entries paired with a trace

ASKED = used("application.channel", "APP.SVRCONN")
OF_SERVER = {"queue_manager": "QM1", "inserts": {3: "APP.SVRCONN"}}


def confidence(identity: str, *facts: Fact, message: str, reason: int, **fields: object) -> list[str]:
    one = case(
        ASKED,
        *facts,
        log_entries=(entry(message, **{**OF_SERVER, **fields}),),
        reason=reason,
        phase="negotiation",
        client="dotnet",
    )
    return [
        finding.confidence
        for finding in found(one, identity)
        if finding.evidence and finding.evidence[0].location.source != "trace"
    ]


def test_an_entry_of_the_queue_manager_beside_a_trace_is_likely_at_most_since_it_may_be_another_client_s() -> None:
    assert confidence("channel.unknown", message="AMQ9519", reason=2540) == ["likely"]
    alone = case(log_entries=(entry("AMQ9519", **OF_SERVER),), reason=None)
    assert [each.confidence for each in found(alone, "channel.unknown")] == ["certain"]


def test_an_entry_that_the_reason_code_denies_names_no_cause() -> None:
    assert confidence("channel.unknown", message="AMQ9519", reason=2009) == []
    assert confidence("channel.unknown", message="AMQ9519", reason=2059) == ["possible"]


def test_an_entry_of_a_client_with_tls_is_not_the_one_of_a_client_without() -> None:
    plain = used("mqcd.SSLCipherSpec", "")
    named = used("mqcd.ChannelName", "APP.SVRCONN")
    secured = used("mqcd.SSLCipherSpec", "ECDHE_RSA_AES_256_GCM_SHA384")
    assert confidence("tls.client-plain-server-tls", named, plain, message="AMQ9639", reason=2009) == ["likely"]
    assert confidence("tls.client-plain-server-tls", named, secured, message="AMQ9639", reason=2009) == []
    assert confidence("tls.client-certificate-missing", named, plain, message="AMQ9637", reason=2393) == []
    assert confidence("tls.client-certificate-missing", named, secured, message="AMQ9637", reason=2393) == ["likely"]
    assert confidence("tls.client-certificate-missing", named, secured, message="AMQ9637", reason=2538) == ["likely"]


def test_an_entry_of_the_same_client_process_is_as_sure_as_it_is_alone() -> None:
    own = entry("AMQ9205", program="app", process=4711)
    (same,) = found(replace_process(case(ASKED, log_entries=(own,), reason=2538), 4711), "network.name-not-resolved")
    (other,) = found(replace_process(case(ASKED, log_entries=(own,), reason=2538), 5000), "network.name-not-resolved")
    assert (same.confidence, other.confidence) == ("certain", "likely")


def replace_process(one: Case, process: int) -> Case:
    return replace(one, connection=replace(one.connection, process=process))


# ---------------------------------------------------------------- exceptions of Java clients


def named_by(text: str, message: str = "AMQ9204", reason: int = 2538, **fields: object) -> set[tuple[str, str]]:
    one = case(log_entries=(entry(message, text, reason_code=reason, **fields),), reason=reason, client="java")
    return {(each.id, each.confidence) for each in judge(one) if each.status == "fail" and each.id not in GENERAL}


GENERAL = {"network.host-unavailable", "network.connection-broken", "tls.initialization"}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            "java.net.ConnectException: Connection refused < AMQ9204: Connection to host 'h' rejected.",
            "network.refused",
        ),
        ("java.net.SocketTimeoutException: Connect timed out", "network.timeout"),
        ("java.net.UnknownHostException: nowhere.example.com", "network.name-not-resolved"),
        ("java.net.NoRouteToHostException: No route to host", "network.unreachable"),
    ],
)
def test_the_exception_under_a_message_that_only_names_the_host_is_the_cause(text: str, cause: str) -> None:
    assert named_by(text) == {(cause, "certain")}


@pytest.mark.parametrize(
    "text",
    [
        "AMQ9204: Connection to host 'h' rejected.",
        "Connection refused",
        "java.lang.IllegalStateException: not connected",
    ],
)
def test_near_misses_of_an_exception_of_the_network(text: str) -> None:
    assert named_by(text) == set()


def test_exceptions_of_several_addresses_are_told_apart_by_none() -> None:
    text = (
        "java.net.ConnectException: Connection refused < AMQ9204: x < java.net.SocketTimeoutException: Connect "
        "timed out"
    )
    assert named_by(text) == {("network.refused", "possible"), ("network.timeout", "possible")}


def test_under_a_reason_of_tls_it_is_the_key_store_or_the_handshake() -> None:
    text = "java.io.FileNotFoundException: /srv/app/keys/gone.p12 (No such file or directory) < AMQ9204: x"
    assert ("tls.key-repository-missing", "certain") in named_by(text, reason=2393)
    assert named_by(text, reason=2538) == set()


@pytest.mark.parametrize("row", table("dotnet_exceptions"), ids=lambda row: row["text"])
def test_the_exception_below_a_failure_of_dotnet_is_the_cause(row: dict[str, str]) -> None:
    text = f"System.Exception: {row['text']} < Unhandled"
    assert (row["cause_id"], "certain") in named_by(text, "", 2538, client="dotnet")
    assert named_by(f"no {row['text']}", "", 2538, client="dotnet") == set()


@pytest.mark.parametrize("row", table("java_properties"), ids=lambda row: row["property"])
def test_a_refused_value_is_told_by_its_property(row: dict[str, str]) -> None:
    one = case(log_entries=(entry("JMSCC0005", inserts={3: "x", 4: row["property"]}),), reason=None, client="java")
    assert causes(one) == {row["cause_id"]}


def test_another_property_is_a_refused_value_and_no_more() -> None:
    one = case(log_entries=(entry("JMSCC0005", inserts={3: "x", 4: "XMSC_WMQ_OTHER"}),), reason=None, client="java")
    assert causes(one) == {"settings.value-refused"}


def test_an_exception_that_only_stands_above_is_likely() -> None:
    text = "right above: java.io.FileNotFoundException: Invalid file path < IBM MQ call failed"
    assert ("tls.key-repository-missing", "likely") in named_by(text, "JMSCMQ0001", 2397)
    assert ("tls.key-repository-missing", "certain") in named_by(text[13:], "JMSCMQ0001", 2397)


def test_a_message_of_liberty_is_its_client_s_though_it_names_the_queue_manager() -> None:
    text = "java.net.NoRouteToHostException: No route to host < AMQ9204: x"
    assert ("network.unreachable", "certain") in named_by(text, program="Liberty", queue_manager="QM1")


def test_a_stream_that_ended_and_silence_look_alike_to_java() -> None:
    one = case(
        log_entries=(entry("AMQ9208", inserts={1: "-1(ffffffff)", 2: "0"}, reason_code=2009),),
        reason=2009,
        client="java",
    )
    (finding,) = [each for each in found(one, "network.closed-by-peer") if each.status == "fail"]
    assert (finding.confidence, [each.id for each in finding.alternatives]) == ("likely", ["network.silent-peer"])


# ---------------------------------------------------------------- the right side

QUEUE_MANAGERS = {"program": "amqrmppa", "queue_manager": "QM1", "severity": "E"}
# What is true of a client alone: where it got its address from, what its application gets, its own log.
OF_CLIENT = ("client gets", "application's user", "where the client", "What answers", "the client's host", "MQSERVER")


def causes_of_both_ends() -> list[str]:
    """The causes of the network and of the key repository that a queue manager's log proves as well as a client's."""
    named = {info.cause_server for info in all_messages() if info.cause_server and info.cause_client}
    sharper = {"network.refused", "network.timeout", "network.unreachable"}
    return sorted(id for id in named | sharper if id.startswith(("network.", "tls.key-repository-")))


@pytest.mark.parametrize("identity", causes_of_both_ends())
def test_what_a_queue_manager_s_log_says_is_told_from_its_side(identity: str) -> None:
    chosen = choose_cause([Finding(identity, "fail", end="server")])
    assert chosen is not None
    words = " ".join((chosen.title, chosen.explanation, *chosen.fix))
    assert [each for each in OF_CLIENT if each in words] == []


def test_the_same_message_of_a_client_keeps_the_words_for_clients() -> None:
    chosen = choose_cause([Finding("network.not-mq", "fail")])
    assert chosen is not None
    assert chosen.title == "What answers at that address is not an MQ listener."


def test_the_other_end_of_a_queue_manager_s_entry_is_named() -> None:
    one = case(log_entries=(entry("AMQ9207", remote_host="192.0.2.7", **QUEUE_MANAGERS),), reason=None)
    assert [finding.text for finding in found(one, "network.not-mq")] == ["The other end was 192.0.2.7."]


# ---------------------------------------------------------------- the values of the entry


@pytest.mark.parametrize(
    ("inserts", "step"),
    [
        ({3: "alice", 4: "QM1 [qmgr]", 5: "connect"}, "setmqaut -m QMGR -t qmgr -p alice +connect"),
        ({3: "alice", 4: "A.Q [queue]", 5: "put inq"}, "setmqaut -m QMGR -n A.Q -t queue -p alice +put +inq"),
        ({3: "alice; rm x", 4: "A.Q [queue]", 5: "put"}, ""),
        ({3: "alice", 4: "A.Q", 5: "put"}, ""),
        ({3: "alice", 4: "A.Q [queue]"}, ""),
    ],
    ids=["queue manager", "queue", "not to be pasted", "no type", "no permissions"],
)
def test_what_was_missing_is_granted_by_its_own_command(inserts: dict[int, str], step: str) -> None:
    one = case(log_entries=(entry("AMQ8077", inserts=inserts, **QUEUE_MANAGERS),), reason=2035)
    steps = [each.rpartition("   ")[2] for finding in found(one, "auth.not-authorized") for each in finding.fix]
    assert steps == ([step] if step else [])


@pytest.mark.parametrize(
    ("given", "spec"),
    [
        ("TLS_ECDHE_RSA_WITH_AES_256_GCM_S", "ECDHE_RSA_AES_256_GCM_SHA384"),
        ("TLS_ECDHE_RSA_WITH_AES_256_GCM", ""),
        ("ECDHE_RSA_AES_256_GCM_SHA385", ""),
    ],
    ids=["cut at 32", "not cut, and no suite", "no suite"],
)
def test_a_suite_in_place_of_a_cipherspec_leads_to_the_cipherspec(given: str, spec: str) -> None:
    one = case(log_entries=(entry("AMQ9635", inserts={4: given}, program="orders"),), reason=2393)
    (finding,) = found(one, "tls.cipherspec-unknown")
    assert f"the CipherSpec is {spec}." in finding.text if spec else "the CipherSpec is" not in finding.text


@pytest.mark.parametrize(
    ("message", "inserts", "cause"),
    [
        ("AMQ9220", {3: "/opt/mqm/gskit8/lib64/libgsk8ssl_64.so", 4: "GSKit"}, "tls.library-not-loaded"),
        ("AMQ9220", {3: "/opt/mqm/lib/libmqlu62.so", 4: "LU 6.2"}, ""),
        ("AMQ9221", {3: "TPC"}, "settings.mqserver-invalid"),
    ],
)
def test_what_the_client_could_not_load_or_does_not_know(message: str, inserts: dict[int, str], cause: str) -> None:
    one = case(log_entries=(entry(message, inserts=inserts, program="orders"),), reason=None)
    assert causes(one) == ({cause} if cause else set())


def test_a_bare_not_authorized_is_possible_with_its_alternatives() -> None:
    one = case(log_entries=(entry("", "MQCONN rc=2035", reason_code=2035),), reason=2035, phase="negotiation")
    (finding,) = found(one, "auth.not-authorized")
    assert finding.confidence == "possible"
    assert [each.id for each in finding.alternatives] == [
        "auth.password-required",
        "auth.password-wrong",
        "channel.blocked",
    ]


# ---------------------------------------------------------------- what a program printed, beside a log without a time


@pytest.mark.parametrize(
    ("fields", "reason", "confidence", "tells"),
    [
        ({"queue_manager": "QM1"}, 2035, "likely", True),
        ({"queue_manager": "QM1", "when": datetime(2026, 3, 17)}, 2035, "certain", False),
        ({}, 2540, "certain", False),
    ],
    ids=["only the code fits", "the log tells its time", "the code alone proves it"],
)
def test_a_log_without_a_time_beside_what_a_program_printed_is_likely_of_it(fields, reason, confidence, tells) -> None:
    log = entry("AMQ9777" if reason == 2035 else "AMQ9520", **fields)
    printed = LogEntry("", "MQCONN ended", Location("app.log", 1), reason_code=reason, tie="possible")
    cause = choose_cause(judge(case(log_entries=(log, printed), reason=reason, phase="negotiation")))
    assert (cause.confidence, "No time tells" in cause.explanation) == (confidence, tells)
