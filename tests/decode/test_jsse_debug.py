"""javax.net.debug output, in both of its forms."""

from pathlib import Path

import pytest

from mqtrace.decode.jsse_debug import is_jsse_debug, jsse_events, received_alert
from mqtrace.decode.jsse_debug_messages import certificates_of_lines, choice_of_lines, hello_of_lines

# SYNTHETIC, in the form that Oracle's JSSE guide of JDK 8 shows.
OLD = """\
trustStore is: /srv/app/keys/trust.jks
*** ClientHello, TLSv1.2
RandomCookie:  GMT: 1 bytes = { 1, 2 }
Session ID:  {}
Cipher Suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, SSL_RSA_WITH_AES_256_GCM_SHA384]
Compression Methods:  { 0 }
Extension elliptic_curves, curve names: {secp256r1, secp384r1}
Extension signature_algorithms, signature_algorithms: SHA512withECDSA, SHA512withRSA
Extension server_name, server_name: [type=host_name (0), value=app2e-svrconn.chl.mq.ibm.com]
***
main, WRITE: TLSv1.2 Handshake, length = 221
*** ServerHello, TLSv1.2
Cipher Suite: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
***
*** ECDH ServerKeyExchange
*** ServerHelloDone
main, RECV TLSv1.2 ALERT:  fatal, handshake_failure
main, handling exception: javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure
"""


@pytest.fixture
def log(samples: Path) -> list[str]:
    return (
        (samples.parent / "handshakes" / "java-debug" / "tls12_required_client_cert_none.log").read_text().split("\n")
    )


def test_messages_come_with_the_end_that_sent_them(log: list[str]) -> None:
    events = [(each.name, each.own) for each in jsse_events(log) if each.kind == "message"]
    assert events == [
        ("client_hello", True),
        ("server_hello", False),
        ("certificate", False),
        ("server_key_exchange", False),
        ("certificate_request", False),
        ("server_hello_done", False),
        ("certificate", True),
        ("client_key_exchange", True),
        ("finished", True),
    ]


def test_the_hello_is_read(log: list[str]) -> None:
    hello = hello_of_lines(next(each.body for each in jsse_events(log) if each.name == "client_hello"))
    assert hello is not None
    assert hello.versions == ("TLSv1.2",)
    assert [(each.hex, each.cipher_spec) for each in hello.cipher_suites] == [("c030", "ECDHE_RSA_AES_256_GCM_SHA384")]
    assert hello.groups == ("x25519", "secp256r1", "secp384r1", "secp521r1", "x448")
    assert hello.signature_algorithms[:2] == ("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384")
    assert hello.server_name == "app2e-svrconn.chl.mq.ibm.com"


def test_the_choice_and_the_certificates_are_read(log: list[str]) -> None:
    bodies = {each.name: each.body for each in jsse_events(log) if each.kind == "message" and not each.own}
    choice = choice_of_lines(bodies["server_hello"])
    assert choice is not None
    assert (choice.protocol, choice.cipher_suite.hex) == ("TLSv1.2", "c030")
    first = certificates_of_lines(bodies["certificate"])[0]
    assert (first.subject, first.issuer) == (
        "CN=QM1 RSA,OU=MQ LAB,O=EXAMPLE,C=GB",
        "CN=LAB CA,OU=MQ LAB,O=EXAMPLE,C=GB",
    )
    assert (first.not_before, first.not_after) == ("2026-10-25T00:00:00Z", "2036-11-21T00:00:00Z")


def test_a_received_alert_and_the_failure_are_told(log: list[str]) -> None:
    alert, failure = [each for each in jsse_events(log) if each.kind != "message"]
    assert received_alert(alert) == ("fatal", "handshake_failure")
    assert failure.text == "Received fatal alert: handshake_failure"


def test_the_form_before_jdk_11_is_read() -> None:
    events = list(jsse_events(OLD.split("\n")))
    names = [(each.kind, each.name, each.line) for each in events]
    assert names == [
        ("message", "client_hello", 2),
        ("message", "server_hello", 12),
        ("message", "server_key_exchange", 15),
        ("message", "server_hello_done", 16),
        ("alert", "handshake_failure", 17),
        ("failure", "", 18),
    ]
    hello = hello_of_lines(events[0].body, events[0].text)
    assert hello is not None
    assert (hello.versions, hello.server_name) == (("TLSv1.2",), "app2e-svrconn.chl.mq.ibm.com")
    assert [each.hex for each in hello.cipher_suites] == ["c030", "009d"]
    assert hello.groups == ("secp256r1", "secp384r1")
    choice = choice_of_lines(events[1].body, events[1].text)
    assert choice is not None
    assert (choice.protocol, choice.cipher_suite.hex) == ("TLSv1.2", "c030")


def test_it_is_known_by_its_content(log: list[str]) -> None:
    assert is_jsse_debug("\n".join(log))
    assert is_jsse_debug(OLD)
    assert not is_jsse_debug("javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure")
