"""Messages in the TLS records of one side."""

import json
from pathlib import Path

import pytest

from mqtrace.decode.tls import (
    Alert,
    CertificateMessage,
    OtherMessage,
    ServerHello,
    message_name,
    parse_records,
    parse_server_hello,
)
from mqtrace.model.errors import DecodeError
from mqtrace.model.tls import Chosen, CipherSuite

TLS_AES_256 = CipherSuite("1302", "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384")
ECDHE_RSA_256 = CipherSuite("c030", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE_RSA_AES_256_GCM_SHA384")
RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

FLIGHTS = {
    "ok_tls12_mutual": [
        ["client_hello"],
        ["server_hello", "certificate", "server_key_exchange", "certificate_request", "server_hello_done"],
        ["certificate", "client_key_exchange", "certificate_verify", "change_cipher_spec", "finished"],
        ["new_session_ticket", "change_cipher_spec", "finished"],
        ["encrypted_alert"],
        ["encrypted_alert"],
    ],
    "ok_tls13": [
        ["client_hello"],
        ["server_hello", "change_cipher_spec", *["application_data"] * 5],
        ["change_cipher_spec", *["application_data"] * 3],
        ["application_data"] * 2,
        ["application_data"],
        ["application_data"],
    ],
    "tls12_server_cert_expired": [
        ["client_hello"],
        ["server_hello", "certificate", "server_key_exchange", "server_hello_done"],
        ["alert"],
    ],
    "tls12_no_shared_cipher_ec_vs_rsa": [["client_hello"], ["alert"]],
}


def flights(samples: Path, name: str) -> list[bytes]:
    return [bytes.fromhex(each["hex"]) for each in json.loads((samples / "tls" / f"{name}.json").read_text())["flow"]]


def server_hello(random: bytes, suite: bytes, *extensions: bytes) -> bytes:
    listed = b"".join(extensions)
    body = b"\x03\x03" + random + b"\0" + suite + b"\0" + len(listed).to_bytes(2, "big") + listed
    return b"\x02" + len(body).to_bytes(3, "big") + body


@pytest.mark.parametrize("name", FLIGHTS)
def test_messages_of_each_flight(samples: Path, name: str) -> None:
    assert [[message_name(each) for each in parse_records(flight)] for flight in flights(samples, name)] == FLIGHTS[
        name
    ]


def test_what_the_server_chose(samples: Path) -> None:
    assert parse_records(flights(samples, "ok_tls13")[1])[0] == ServerHello(Chosen("TLSv1.3", TLS_AES_256), "x25519")
    assert parse_records(flights(samples, "ok_tls12_mutual")[1])[0] == ServerHello(Chosen("TLSv1.2", ECDHE_RSA_256))


def test_a_hello_retry_request_is_told_by_its_random() -> None:
    asks = bytes.fromhex("002b 0002 0304 0033 0002 0018")

    assert parse_server_hello(server_hello(RETRY_RANDOM, b"\x13\x02", asks)) == ServerHello(
        Chosen("TLSv1.3", TLS_AES_256), "secp384r1", retry=True
    )


def test_an_alert_names_its_sender(samples: Path) -> None:
    (alert,) = parse_records(flights(samples, "tls12_no_shared_cipher_ec_vs_rsa")[1], "server")
    assert alert == Alert("fatal", 40, "handshake_failure", "server")

    (alert,) = parse_records(flights(samples, "tls12_server_cert_expired")[2], "client")
    assert alert == Alert("fatal", 45, "certificate_expired", "client")

    assert parse_records(b"\x15\x03\x01\0\2\1\xc8") == (Alert("warning", 200, "alert_200"),)


def test_certificates_are_given_in_der(samples: Path) -> None:
    server, client = (parse_records(flights(samples, "ok_tls12_mutual")[at]) for at in (1, 2))

    (chain,) = (each for each in server if isinstance(each, CertificateMessage))
    assert [each[:2].hex() for each in chain.certificates] == ["3082"] * len(chain.certificates)
    assert chain.certificates
    assert any(isinstance(each, CertificateMessage) and each.certificates for each in client)


def test_messages_may_share_a_record_or_be_spread_over_several() -> None:
    done, request = b"\x0e\0\0\0", b"\x0d\0\0\x02ab"
    shared = b"\x16\x03\x03\0\x0a" + request + done
    spread = b"".join(b"\x16\x03\x03\0\x01" + bytes([each]) for each in request + done)

    assert (
        parse_records(shared)
        == parse_records(spread)
        == (OtherMessage("certificate_request"), OtherMessage("server_hello_done"))
    )


def test_a_second_client_hello_may_follow_a_change_cipher_spec(samples: Path) -> None:
    hello = flights(samples, "ok_tls13")[0]

    messages = parse_records(hello + b"\x14\x03\x03\0\1\1" + hello)

    assert [message_name(each) for each in messages] == ["client_hello", "change_cipher_spec", "client_hello"]


def test_a_cut_flight_gives_its_whole_messages(samples: Path) -> None:
    flight = flights(samples, "ok_tls12_mutual")[1]

    assert [message_name(each) for each in parse_records(flight[:-400])] == ["server_hello", "certificate"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "do not begin with a TLS record"),
        (b"HTTP/1.1 400 Bad Request", "do not begin with a TLS record"),
        (b"\x15\x03\x01\x00\x02\x02", "or it is cut"),
        (b"\x16\x03\x01\x00\x08\x02\x00\x00\x50", "4 bytes of a server_hello are there, its end is not"),
        (b"\x16\x03\x03\x00\x06\x02\x00\x00\x02\x03\x03", "its random takes 32 bytes, 0 are there"),
    ],
)
def test_without_one_whole_message_the_reason_is_told(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        parse_records(data)
