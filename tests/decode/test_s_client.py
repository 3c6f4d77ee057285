"""Output of openssl s_client."""

from pathlib import Path

import pytest

from mqtrace.decode.s_client import parse_s_client
from mqtrace.model import DecodeError

# SYNTHETIC, in the form of OpenSSL 3.0.
REFUSED = """\
CONNECTED(00000003)
800B5D47587F0000:error:0A000410:SSL routines:ssl3_read_bytes:\
sslv3 alert handshake failure:rec_layer_s3.c:1601:SSL alert number 40
---
no peer certificate available
---
No client certificate CA names sent
---
SSL handshake has read 7 bytes and written 168 bytes
Verification: OK
---
New, (NONE), Cipher is (NONE)
"""
OLDER = """\
CONNECTED(00000003)
depth=0 CN = QM1
verify error:num=18:self signed certificate
verify return:1
---
Certificate chain
 0 s:CN = QM1
   i:CN = QM1
---
SSL handshake has read 1500 bytes and written 400 bytes
---
New, TLSv1.2, Cipher is {name}
SSL-Session:
    Protocol  : TLSv1.2
    Cipher    : {name}
    Verify return code: 18 (self signed certificate)
"""
TRACED = """\
CONNECTED(00000003)
>>> TLS 1.0, RecordHeader [length 0005]
    16 03 01 00 30
>>> TLS 1.2, Handshake [length 0031], ClientHello
    01 00 00 2d 03 03 00 01 02 03 04 05 06 07 08 09
    0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19
    1a 1b 1c 1d 1e 1f 00 00 04 c0 30 00 ff 01 00 00
    00
<<< TLS 1.2, Alert [length 0002], fatal handshake_failure
    02 28
"""


@pytest.fixture
def mutual(samples: Path) -> str:
    return (samples.parent / "handshakes" / "s_client" / "openssl_s_client_tls13_mutual.txt").read_text()


def test_the_choice_is_read(mutual: str) -> None:
    chosen = parse_s_client(mutual).chosen
    assert chosen is not None
    assert (chosen.protocol, chosen.cipher_suite.hex, chosen.cipher_suite.cipher_spec) == (
        "TLSv1.3",
        "1302",
        "TLS_AES_256_GCM_SHA384",
    )


def test_the_chain_is_read(mutual: str) -> None:
    first, second = parse_s_client(mutual).certificates
    assert (first.subject, first.issuer) == ("CN=QM1,OU=MQ,O=Lab,C=XX", "CN=Lab CA,O=Lab,C=XX")
    assert (first.not_before, first.not_after) == ("2026-11-23T16:53:32Z", "2027-11-23T16:53:32Z")
    assert second.subject == second.issuer


def test_only_messages_that_it_proves_are_told(mutual: str) -> None:
    assert parse_s_client(mutual).messages == ("client_hello", "server_hello", "certificate_request", "certificate")


def test_a_refusal_shows_the_alert() -> None:
    found = parse_s_client(REFUSED)
    assert (found.chosen, found.messages) == (None, ("client_hello",))
    assert [(each.code, each.name, each.sender) for each in found.alerts] == [(40, "handshake_failure", "server")]
    assert found.failures == ("sslv3 alert handshake failure",)


@pytest.mark.parametrize(
    ("name", "number", "spec"),
    [
        ("ECDHE-RSA-AES256-GCM-SHA384", "c030", "ECDHE_RSA_AES_256_GCM_SHA384"),
        ("ECDHE-ECDSA-AES128-SHA256", "c023", "ECDHE_ECDSA_AES_128_CBC_SHA256"),
        ("AES256-GCM-SHA384", "009d", "TLS_RSA_WITH_AES_256_GCM_SHA384"),
        ("AES128-SHA256", "003c", "TLS_RSA_WITH_AES_128_CBC_SHA256"),
        ("ECDHE-RSA-CHACHA20-POLY1305", "cca8", None),
        ("DES-CBC3-SHA", "000a", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
    ],
)
def test_openssls_own_names_are_known(name: str, number: str, spec: str | None) -> None:
    chosen = parse_s_client(OLDER.format(name=name)).chosen
    assert chosen is not None
    assert (chosen.cipher_suite.hex, chosen.cipher_suite.cipher_spec) == (number, spec)


def test_what_is_wrong_with_the_certificate_is_told_once() -> None:
    assert parse_s_client(OLDER.format(name="AES256-SHA")).failures == ("verify 18",)


def test_msg_shows_the_hello_and_the_alert() -> None:
    found = parse_s_client(TRACED)
    assert found.messages == ("client_hello",)
    assert found.offered is not None
    assert [each.hex for each in found.offered.cipher_suites] == ["c030", "00ff"]
    assert [(each.code, each.sender) for each in found.alerts] == [(40, "server")]


def test_other_text_is_refused() -> None:
    with pytest.raises(DecodeError):
        parse_s_client("Connection refused")
