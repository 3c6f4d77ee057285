"""javax.net.debug output, in both of its forms."""

from pathlib import Path
from time import process_time

import pytest

from mqtrace.decode.jsse_debug import is_jsse_debug, jsse_events, received_alert
from mqtrace.decode.jsse_debug_messages import certificates_of, choice_of, hello_of

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
def log(samples: Path) -> bytes:
    return (samples.parent / "handshakes" / "java-debug" / "tls12_required_client_cert_none.log").read_bytes()


def test_messages_come_with_the_end_that_sent_them(log: bytes) -> None:
    events = [(each.name, each.own) for each in jsse_events([log]) if each.kind == "message"]
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


def test_the_hello_is_read(log: bytes) -> None:
    hello = hello_of(next(each.body for each in jsse_events([log]) if each.name == "client_hello"))
    assert hello is not None
    assert hello.versions == ("TLSv1.2",)
    assert [(each.hex, each.cipher_spec) for each in hello.cipher_suites] == [("c030", "ECDHE_RSA_AES_256_GCM_SHA384")]
    assert hello.groups == ("x25519", "secp256r1", "secp384r1", "secp521r1", "x448")
    assert hello.signature_algorithms[:2] == ("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384")
    assert hello.server_name == "app2e-svrconn.chl.mq.ibm.com"


def test_the_choice_and_the_certificates_are_read(log: bytes) -> None:
    bodies = {each.name: each.body for each in jsse_events([log]) if each.kind == "message" and not each.own}
    choice = choice_of(bodies["server_hello"])
    assert choice is not None
    assert (choice.protocol, choice.cipher_suite.hex) == ("TLSv1.2", "c030")
    first = certificates_of(bodies["certificate"])[0]
    assert (first.subject, first.issuer) == (
        "CN=QM1 RSA,OU=MQ LAB,O=EXAMPLE,C=GB",
        "CN=LAB CA,OU=MQ LAB,O=EXAMPLE,C=GB",
    )
    assert (first.not_before, first.not_after) == ("2026-10-25T00:00:00Z", "2036-11-21T00:00:00Z")


def test_a_received_alert_and_the_failure_are_told(log: bytes) -> None:
    alert, failure = [each for each in jsse_events([log]) if each.kind != "message"]
    assert received_alert(alert) == ("fatal", "handshake_failure")
    assert failure.text == "Received fatal alert: handshake_failure"


def test_the_form_before_jdk_11_is_read() -> None:
    events = list(jsse_events([OLD.encode()]))
    names = [(each.kind, each.name, each.line) for each in events]
    assert names == [
        ("message", "client_hello", 2),
        ("message", "server_hello", 12),
        ("message", "server_key_exchange", 15),
        ("message", "server_hello_done", 16),
        ("alert", "handshake_failure", 17),
        ("failure", "", 18),
    ]
    hello = hello_of(events[0].body, events[0].text)
    assert hello is not None
    assert (hello.versions, hello.server_name) == (("TLSv1.2",), "app2e-svrconn.chl.mq.ibm.com")
    assert [each.hex for each in hello.cipher_suites] == ["c030", "009d"]
    assert hello.groups == ("secp256r1", "secp384r1")
    choice = choice_of(events[1].body, events[1].text)
    assert choice is not None
    assert (choice.protocol, choice.cipher_suite.hex) == ("TLSv1.2", "c030")


def test_it_is_known_by_its_content(log: bytes) -> None:
    assert is_jsse_debug(log.decode())
    assert is_jsse_debug(OLD)
    assert not is_jsse_debug("javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure")


@pytest.mark.parametrize("form", ["new", "old"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pieces_may_end_anywhere(log: bytes, form: str, size: int) -> None:
    text = log if form == "new" else OLD.encode()
    pieces = (text[at : at + size] for at in range(0, len(text), size))
    assert list(jsse_events(pieces)) == list(jsse_events([text]))


def test_lines_that_end_as_in_windows_and_a_mark_at_the_begin_change_nothing(log: bytes) -> None:
    def told(text: bytes) -> list[object]:
        return [
            (each.name, each.line, each.text, hello_of(each.body), certificates_of(each.body), received_alert(each))
            for each in jsse_events([text])
        ]

    assert told(b"\xef\xbb\xbf" + log.replace(b"\n", b"\r\n")) == told(log)


def test_a_message_without_an_end_is_cut_and_the_next_one_is_read(log: bytes) -> None:
    hello, *others = jsse_events([log])
    filler = [b"  filler\n" * 100_000] * 20
    begin = log.index(hello.body) + len(hello.body)
    first, *rest = jsse_events([log[:begin] + b"\n", *filler, b"endless " * 100_000, log[begin:]])
    assert first.body.startswith(hello.body)
    assert len(first.body) == 256 * 1024
    assert [(each.name, each.line) for each in rest] == [(each.name, each.line + 2_000_001) for each in others]


@pytest.mark.parametrize("line", [b"\n", b" \n", b'"subject"\n', b"Issuer \n", b"main, RECV TLS ALERT: \n", b"*** \n"])
def test_a_line_repeated_without_end_takes_no_time_that_grows_with_its_square(line: bytes) -> None:
    began = process_time()
    for event in jsse_events([b"*** Certificate chain\n", line * (1 << 18)]):
        certificates_of(event.body)
        hello_of(event.body)
    assert process_time() - began < 10
