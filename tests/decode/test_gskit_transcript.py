"""GSKit's transcripts against what is known of each handshake."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from mqtrace.decode.gskit_transcript import parse_transcript, parse_transcripts
from mqtrace.decode.tls import parse_client_hello
from mqtrace.model.errors import DecodeError
from mqtrace.model.tls import Alert, Certificate, Handshake

SAMPLES = [
    "alert_40_tls12",
    "expired_tls12",
    "mtls_ok_tls12",
    "mtls_ok_tls13",
    "mtls_optional_none_tls13",
    "ok_default_server12",
    "ok_tls13_retry",
    "unknown_ca_tls13",
]
OLDER_NAMES = {
    "V3 Client Hello Sent": "client_hello",
    "V3 Server Hello": "server_hello",
    "SSLV3ASN1Cert": "certificate",
    "RcvServerKeyExchange": "server_key_exchange",
    "SendClientKeyExchange": "client_key_exchange",
}
PROTOCOLS = {"TLSV13": "TLSv1.3", "TLSV12": "TLSv1.2"}
LAB_CA = "CN=Lab CA,O=mqtrace lab,C=GB"
SERVER = Certificate("CN=localhost,O=mqtrace lab,C=GB", LAB_CA, "2025-10-02T00:00:00Z", "2045-09-27T00:00:00Z")
CA = Certificate(LAB_CA, LAB_CA, "2025-10-02T00:00:00Z", "2045-09-27T00:00:00Z")
CLIENT = Certificate("CN=Lab client,O=mqtrace lab,C=GB", LAB_CA, "2025-10-02T00:00:00Z", "2045-09-27T00:00:00Z")


def text_of(folder: Path) -> str:
    return (folder / "transcript.txt").read_text("latin-1")


def truth_of(folder: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text())
    return truth


def check(handshake: Handshake, truth: dict[str, Any]) -> None:
    assert list(handshake.messages) == [OLDER_NAMES.get(name, name) for name in truth["messages"]]
    assert handshake.offered is not None
    # After a hello_retry_request the client offers again, with another key share.
    if truth.get("client_hello") and "hello_retry_request" not in truth["messages"]:
        assert handshake.offered == parse_client_hello(bytes.fromhex(truth["client_hello"]))
    if truth.get("offered"):
        assert [each.hex for each in handshake.offered.cipher_suites] == truth["offered"]["suites"]
        assert handshake.offered.server_name == truth["offered"]["server_name"]
    if truth["chosen"]:
        assert handshake.chosen is not None
        protocol, suite = handshake.chosen.protocol, handshake.chosen.cipher_suite
        assert (protocol, suite.iana) == (PROTOCOLS[truth["chosen"][0]], truth["chosen"][1].split(",")[0])


@pytest.mark.parametrize("name", SAMPLES)
def test_messages_offer_and_choice(samples: Path, name: str) -> None:
    folder = samples / "transcripts" / name
    check(parse_transcript(text_of(folder)), truth_of(folder))


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("indent", ["", "     ", "\t"])
def test_blanks_around_the_lines_do_not_matter(samples: Path, name: str, indent: str) -> None:
    text = text_of(samples / "transcripts" / name)
    moved = "\r\n".join(indent + line.strip() for line in text.split("\n"))

    assert parse_transcript(moved) == parse_transcript(text)


@pytest.mark.parametrize("name", [name for name in SAMPLES if name.endswith(("tls13", "retry", "server12"))])
def test_without_hexadecimal_the_names_tell_the_same(samples: Path, name: str) -> None:
    text = text_of(samples / "transcripts" / name)
    named = parse_transcript(re.sub(r"(?m)^ *([0-9A-F]{2} )+.*\n", "", text))
    whole = parse_transcript(text)

    assert whole.offered is not None
    assert named.offered == replace(whole.offered, extensions=())
    assert named.chosen == whole.chosen


def test_certificates_of_both_ends_in_the_newer_dialect(samples: Path) -> None:
    handshake = parse_transcript(text_of(samples / "transcripts" / "mtls_ok_tls13"))

    assert handshake.certificates == (SERVER, CA)
    assert handshake.client_certificates == (CLIENT, CA)
    assert handshake.client_certificate_sent is True


def test_the_older_dialect_shows_the_chain_as_one_message_and_nothing_of_the_client(samples: Path) -> None:
    handshake = parse_transcript(text_of(samples / "transcripts" / "mtls_ok_tls12"))

    assert handshake.messages.count("certificate") == 1
    assert handshake.certificates == (SERVER, CA)
    assert (handshake.client_certificates, handshake.client_certificate_sent) == ((), None)


def test_a_client_that_was_asked_and_has_no_certificate(samples: Path) -> None:
    handshake = parse_transcript(text_of(samples / "transcripts" / "mtls_optional_none_tls13"))

    assert "certificate_request" in handshake.messages
    assert (handshake.client_certificates, handshake.client_certificate_sent) == ((), False)


def test_an_expired_certificate_shows_its_dates(samples: Path) -> None:
    (certificate,) = parse_transcript(text_of(samples / "transcripts" / "expired_tls12")).certificates

    assert (certificate.not_before, certificate.not_after) == ("2023-08-24T00:00:00Z", "2024-09-27T00:00:00Z")


def test_an_alert_in_the_lines_around_it_belongs_to_the_handshake(samples: Path) -> None:
    folder = samples / "transcripts" / "alert_40_tls12"

    handshake = parse_transcript(text_of(folder) + (folder / "trace_lines.txt").read_text())

    assert handshake.alerts == (Alert("fatal", 40, "handshake_failure", "server"),)
    assert handshake.messages == ("client_hello",)
    assert handshake.chosen is None


def test_each_client_hello_begins_a_handshake_unless_it_answers_a_retry(samples: Path) -> None:
    texts = [text_of(samples / "transcripts" / name) for name in ("alert_40_tls12", "ok_tls13_retry", "mtls_ok_tls12")]

    together = parse_transcripts("\n".join(texts))

    assert together == tuple(parse_transcript(text) for text in texts)
    assert together[1].messages.count("client_hello") == 2


@pytest.mark.parametrize("name", SAMPLES)
def test_a_transcript_cut_anywhere_keeps_the_messages_before(samples: Path, name: str) -> None:
    text = text_of(samples / "transcripts" / name)
    whole = parse_transcript(text)
    for end in range(60, len(text), 997):
        cut = parse_transcript(text[:end])
        assert cut.messages == whole.messages[: len(cut.messages)]
        assert cut.chosen in (None, whole.chosen)


def test_a_hello_whose_block_is_cut_is_read_from_its_parts(samples: Path) -> None:
    text = text_of(samples / "transcripts" / "mtls_ok_tls12")
    damaged = text.replace("\n0B 00 02 01 00 00 17 00 00                          .........\n", "\n", 1)

    assert damaged != text
    assert parse_transcript(damaged).offered == parse_transcript(text).offered


def test_control_characters_in_a_name_do_not_come_through() -> None:
    handshake = parse_transcript("SSLV3ASN1Cert\nSubject[CN=\x1b[31mred,O=x]\nIssuer[CN=CA]\n")

    assert handshake.certificates == (Certificate("CN=\\\\x1b[31mred,O=x", "CN=CA"),)


@pytest.mark.parametrize("text", ["", "Start of GSKit TLS Handshake Transcript", "<null>", "client_hello", "V3 Client"])
def test_text_without_a_message_is_refused(text: str) -> None:
    with pytest.raises(DecodeError, match="no message of a GSKit handshake transcript"):
        parse_transcript(text)


@pytest.mark.corpus
def test_every_transcript_of_the_corpus(shared_corpus: Path) -> None:
    folders = [each for each in sorted((shared_corpus / "gskit" / "transcripts").iterdir()) if each.is_dir()]
    assert len(folders) == 68
    for folder in folders:
        truth = truth_of(folder)
        check(parse_transcript(text_of(folder)), truth)
        alerts = parse_transcript(text_of(folder) + (folder / "trace_lines.txt").read_text("latin-1")).alerts
        assert [each.code for each in alerts] == [
            each["code"] for each in (truth["alert_sent"], truth["alert_received"]) if each
        ], folder
