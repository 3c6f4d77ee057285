"""Captures: the handshakes in them are those that were recorded as TLS records at the same time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judging import cause_id

from mqtrace.decode.tls import parse_client_hello
from mqtrace.model.tls import Handshake

RECORDS = Path(__file__).parents[1] / "data" / "handshakes" / "records"
Read = Callable[[str], list[Handshake]]
TLS = [path.stem for path in sorted(RECORDS.glob("*.json")) if path.stem != "plaintext_mq_to_tls_server"]


def recorded(name: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((RECORDS / f"{name}.json").read_text())
    return truth


@pytest.mark.parametrize("name", TLS)
def test_the_messages_are_those_recorded(name: str, read: Read) -> None:
    (handshake,) = read(f"captures/{name}.pcap")
    in_the_clear = [record["hs"] for turn in recorded(name)["flow"] for record in turn["records"] if record.get("hs")]
    # A handshake record that is encrypted has no name in the recording; it can only be Finished.
    assert [each for each in handshake.messages if each != "finished"] == in_the_clear


@pytest.mark.parametrize("name", TLS)
def test_the_hello_is_the_one_recorded(name: str, read: Read) -> None:
    (handshake,) = read(f"captures/{name}.pcap")
    assert handshake.offered == parse_client_hello(bytes.fromhex(recorded(name)["flow"][0]["hex"]))
    assert handshake.offered.server_name == "to2e-qm2.chl.mq.ibm.com"


@pytest.mark.parametrize("name", TLS)
def test_alerts_in_the_clear_are_told_with_their_sender(name: str, read: Read) -> None:
    (handshake,) = read(f"captures/{name}.pcap")
    senders = {"C": "client", "S": "server"}
    alerts = [
        (record["alert"][1], senders[turn["dir"]])
        for turn in recorded(name)["flow"]
        for record in turn["records"]
        if record.get("alert")
    ]
    assert [(each.code, each.sender) for each in handshake.alerts] == alerts


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("ok_tls12_mutual", None),
        ("ok_tls13", None),
        ("proto_client12_server13", "tls.protocol-version"),
        ("proto_client13_server12", "tls.protocol-version"),
        ("tls12_client_ca_unknown_to_server", "tls.client-certificate-rejected"),
        ("tls12_client_cert_missing", "tls.client-certificate-missing"),
        ("tls12_no_shared_cipher_ec_vs_rsa", "tls.handshake-refused"),
        ("tls12_server_ca_unknown_to_client", "tls.server-certificate-untrusted"),
        ("tls12_server_cert_expired", "tls.certificate-expired"),
        # TLS 1.3 encrypts the alert that tells.
        ("tls13_client_cert_missing", None),
        # The server closed without a word.
        ("plaintext_mq_to_tls_server", None),
        ("mq_plain_initdata", None),
    ],
)
def test_the_cause_is_what_the_capture_proves(name: str, cause: str | None, read: Read) -> None:
    (handshake,) = read(f"captures/{name}.pcap")
    assert cause_id(handshake) == cause


def test_certificates_have_names_and_dates(read: Read) -> None:
    (handshake,) = read("captures/tls12_server_cert_expired.pcap")
    (certificate,) = handshake.certificates
    assert certificate.subject == "CN=QMEXP,OU=MQ,O=Lab,C=XX"
    assert certificate.issuer == "CN=Lab CA,O=Lab,C=XX"
    assert certificate.not_after < "2026"


def test_the_clients_empty_certificate_is_told_from_one_sent(read: Read) -> None:
    assert read("captures/tls12_client_cert_missing.pcap")[0].client_certificate_sent is False
    assert read("captures/ok_tls12_mutual.pcap")[0].client_certificate_sent is True
    assert read("captures/tls12_server_cert_expired.pcap")[0].client_certificate_sent is None


def test_mq_without_tls_shows_its_initial_data(read: Read) -> None:
    (handshake,) = read("captures/mq_plain_initdata.pcap")
    shown = [(each.sender, each.channel, each.queue_manager, each.fap_level) for each in handshake.segments]
    assert shown == [("client", "TO.QM2", "QM2", 13), ("server", "TO.QM2", "QM2", 13)]
