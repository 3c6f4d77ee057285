"""javax.net.debug output as handshakes."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from judging import cause_id

from mqtrace import diagnose
from mqtrace.decode.tls import parse_client_hello
from mqtrace.handshakes import reading
from mqtrace.handshakes.reading import read_handshakes
from mqtrace.inputs import Source
from mqtrace.model.tls import Handshake
from mqtrace.readers.tally import Tally

Read = Callable[[str], list[Handshake]]
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "trace-java"
# What the handshake alone cannot tell, or that came after it.
BEYOND = ("channel.unknown", "tls.cipherspec-unknown")


@pytest.mark.parametrize(
    ("name", "alerts", "sent", "cause"),
    [
        ("mtls_ok", [], True, None),
        ("tls12_required_client_cert_none", [(40, "server")], False, "tls.client-certificate-missing"),
        ("tls_server_cert_expired", [(46, "client")], None, "tls.certificate-expired"),
        ("tls_no_truststore", [(46, "client")], None, "tls.server-certificate-untrusted"),
        # Nobody is there any more to be sent an alert.
        ("tls_server_plain_client_tls", [], None, "tls.closed-in-handshake"),
    ],
)
def test_what_a_log_shows(
    name: str, alerts: list[tuple[int, str]], sent: bool | None, cause: str | None, read: Read
) -> None:
    (found,) = read(f"java-debug/{name}.log")
    assert [(each.code, each.sender) for each in found.alerts] == alerts
    assert found.client_certificate_sent is sent
    assert found.offered is not None
    assert found.offered.server_name == "app2e-svrconn.chl.mq.ibm.com"
    assert cause_id(found) == cause


def test_threads_in_turns_are_told_apart(samples: Path) -> None:
    text = (samples / "java-debug" / "tls_server_plain_client_tls.log").read_text()
    other = text.replace("|10|main|", "|11|other|")
    found = read_handshakes(Source("x", BytesIO(f"{text}\n{other}".encode())))
    assert [each.messages for each in found] == [("client_hello",), ("client_hello",)]
    assert all(cause_id(each) == "tls.closed-in-handshake" for each in found)


def test_a_log_in_utf_16_is_read(samples: Path) -> None:
    text = (samples / "java-debug" / "mtls_ok.log").read_text()
    (found,) = read_handshakes(Source("x", BytesIO(text.encode("utf-16"))))
    assert found.complete


def test_more_than_are_kept_are_counted_and_the_newest_failed_ones_stay(samples: Path, monkeypatch) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    failed = (samples / "java-debug" / "tls_server_plain_client_tls.log").read_bytes()
    well = (samples / "java-debug" / "mtls_ok.log").read_bytes()
    tally = Tally()
    text = failed * 3 + well * 4
    found = read_handshakes(Source("x", BytesIO(text)), tally)
    assert tally.records == 7
    assert [each.failed for each in found] == [True, True, False, False]
    hellos = [
        number for number, line in enumerate((failed * 3 + well * 4).split(b"\n"), 1) if b"Produced ClientHello" in line
    ]
    assert [each.location.line for each in found] == [hellos[1], hellos[2], hellos[5], hellos[6]]


def test_equal_ones_are_one_connection_with_their_count_and_those_left_out_are_told(
    samples: Path, tmp_path: Path, monkeypatch
) -> None:
    failed = (samples / "java-debug" / "tls_server_plain_client_tls.log").read_text()
    later = failed.replace("2026-", "2027-")
    (tmp_path / "jsse.log").write_text(failed + failed + later)
    report = diagnose([tmp_path / "jsse.log"])
    (outcome,) = report.outcomes
    alone = diagnose([samples / "java-debug" / "tls_server_plain_client_tls.log"]).outcomes[0]
    connection = outcome.connection
    assert (connection.count, connection.start) == (3, alone.connection.start)
    assert connection.end == alone.connection.start.replace("2026-", "2027-")
    assert outcome.cause.id == alone.cause.id == "tls.closed-in-handshake"
    assert report.inputs[0].note == ""
    monkeypatch.setattr(reading, "MOST", 2)
    row = diagnose([tmp_path / "jsse.log"]).inputs[0]
    assert row.note.startswith("1 of its 3 TLS handshakes are left out")


def test_handshakes_with_another_end_stand_by_themselves(samples: Path, tmp_path: Path) -> None:
    names = ("tls_server_plain_client_tls", "tls_no_truststore", "tls_server_plain_client_tls")
    (tmp_path / "jsse.log").write_text("".join((samples / "java-debug" / f"{name}.log").read_text() for name in names))
    report = diagnose([tmp_path / "jsse.log"])
    assert [(each.connection.count, each.cause.id) for each in report.outcomes] == [
        (2, "tls.closed-in-handshake"),
        (1, "tls.server-certificate-untrusted"),
    ]


def corpus() -> list[Path]:
    return sorted(path.parent for path in CORPUS.glob("*/jsse.log"))


@pytest.mark.corpus
@pytest.mark.parametrize("folder", corpus(), ids=lambda path: path.name)
def test_a_log_of_the_corpus_shows_what_truly_happened(folder: Path) -> None:
    truth: dict[str, Any] = json.loads((folder / "truth.json").read_text())
    found = read_handshakes(Source("x", BytesIO((folder / "jsse.log").read_bytes())))
    if not found:
        assert not truth.get("client_hello")
        return
    (handshake,) = found
    assert handshake.offered is not None
    if truth.get("client_hello"):
        sent = parse_client_hello(bytes.fromhex(truth["client_hello"]))
        assert handshake.offered.cipher_suites == sent.cipher_suites
        assert (handshake.offered.versions, handshake.offered.server_name) == (sent.versions, sent.server_name)
    cause = cause_id(handshake)
    assert cause in truth["cause_ids"] or (cause is None and truth["cause_ids"][0] in BEYOND)


@pytest.mark.corpus
@pytest.mark.parametrize("client", ["dotnet", "java"])
def test_every_client_hello_of_the_corpus_is_decoded(client: str, shared_corpus: Path) -> None:
    count = 0
    for path in sorted((shared_corpus / f"trace-{client}").glob("*/truth.json")):
        truth = json.loads(path.read_text())
        if str(truth.get("client_hello") or "").startswith("16"):
            count += 1
            hello = parse_client_hello(bytes.fromhex(truth["client_hello"]))
            assert hello.cipher_suites
            assert hello.server_name == (truth.get("server_name_sent") or hello.server_name)
    assert count > 10
