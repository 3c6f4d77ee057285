"""Rules on TLS that need more than one line."""

import pytest
from msgspec.structs import replace

from mqtrace.model import ConfigValue, Connection, Finding, Location, LogEntry
from mqtrace.model.tls import Alert, Handshake
from mqtrace.rules import make_case
from mqtrace.rules.tls import handshakes_that_may_be_this_one

from .cases import PLAIN, SECURED, Case, case, fact, found, not_set, used

NO_KEY_REPOSITORY = "tls.no-key-repository"
NONE = not_set("env.MQSSLKEYR")


@pytest.mark.parametrize("reason", [2381, 2393])
def test_tls_without_any_key_repository(reason: int) -> None:
    (finding,) = found(case(NONE, SECURED, reason=reason, phase="tls"), NO_KEY_REPOSITORY)
    assert (finding.status, finding.confidence) == ("fail", "likely")
    assert [each.id for each in finding.alternatives] == ["tls.key-repository-unusable"]
    assert finding.text == "CipherSpec ECDHE_RSA_AES_256_GCM_SHA384 asks for TLS, and no source gives a key repository."


def test_a_blank_key_repository_in_force_is_none_as_well() -> None:
    assert (
        len(
            found(
                case(not_set("env.MQSSLKEYR"), used("mqsco.KeyRepository"), SECURED, reason=2381, phase="tls"),
                NO_KEY_REPOSITORY,
            )
        )
        == 1
    )


@pytest.mark.parametrize(
    "one",
    [
        case(fact("env.MQSSLKEYR", "/key", "set"), SECURED, reason=2381),
        case(NONE, PLAIN, reason=2393),
        case(SECURED, reason=2381),
        case(NONE, SECURED, reason=2538),
        case(NONE, SECURED, reason=0, phase="connected"),
        case(NONE, SECURED, reason=2381, client="dotnet"),
    ],
    ids=["given", "plain", "not-known", "another-code", "connected", "managed-client"],
)
def test_near_misses_of_tls_without_a_key_repository(one: Case) -> None:
    assert found(one, NO_KEY_REPOSITORY) == []


def handshake(**fields: object) -> Handshake:
    """One without a time, which the other end refused because it does not know the server name."""
    place = Location("client.pcap", 0)
    alerts = (Alert("fatal", 112, "unrecognized_name", "server"),)
    told = Handshake("capture", place, ("client_hello",), alerts=alerts, server_name="app2e-tls.chl.mq.ibm.com")
    return replace(told, **fields)  # type: ignore[arg-type]


def perhaps(reason: int | None, *handshakes: Handshake) -> list[Finding]:
    connection = Connection("c", "trace", reason_code=reason, phase="tls", perhaps_tls=handshakes)
    return list(handshakes_that_may_be_this_one(make_case(connection, ())))


def test_a_handshake_that_no_time_ties_is_a_possible_cause_and_no_more() -> None:
    (found,) = perhaps(2393, handshake())
    assert (found.id, found.status, found.confidence) == ("tls.sni-refused", "fail", "possible")
    assert [each.location.source for each in found.evidence] == ["client.pcap"]


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        (0, handshake()),
        (2393, handshake(alerts=())),
        (2393, handshake(alerts=(Alert("warning", 0, "close_notify", "server"),))),
    ],
    ids=["the connection works", "the handshake shows no failure", "a normal end"],
)
def test_what_failed_nowhere_is_no_cause(reason: int, given: Handshake) -> None:
    assert perhaps(reason, given) == []


# ---------------------------------------------------------------- a suite's name in a table


def given_spec(value: str, reason: int = 2393) -> list[Finding]:
    place = Location("ccdt.json", 3)
    entries = [
        ("environment", ConfigValue("", "MQCCDTURL", "ccdt.json", Location("env.txt", 1))),
        ("ccdt-json", ConfigValue("APP.TLS", "name", "APP.TLS", place)),
        ("ccdt-json", ConfigValue("APP.TLS", "transmissionSecurity.cipherSpecification", value, place)),
    ]
    log = LogEntry("", "MQCONN ended with reason code 2393", Location("app.log", 1), reason_code=reason)
    return found(case(reason=reason, configured=entries, log_entries=(log,)), "tls.cipherspec-unknown")


def test_a_cipher_suite_in_a_given_table_leads_to_the_cipherspec() -> None:
    (finding,) = given_spec("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
    assert finding.confidence == "likely"
    assert "the CipherSpec is ECDHE_ECDSA_AES_256_GCM_SHA384." in finding.text


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("ECDHE_ECDSA_AES_256_GCM_SHA384", 2393),
        ("TLS_AES_256_GCM_SHA384", 2393),
        ("TLS_MADE_UP", 2393),
        ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 2538),
    ],
    ids=["a CipherSpec", "one of TLS 1.3, which has its suite's name", "no suite", "no failure of TLS"],
)
def test_near_misses_of_a_suite_in_a_table(value: str, reason: int) -> None:
    assert given_spec(value, reason) == []
