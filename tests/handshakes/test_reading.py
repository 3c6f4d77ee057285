"""Which reader takes an input, and what is said of what none takes."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from mqtrace.handshakes.facts import facts_of
from mqtrace.handshakes.reading import kind_of, read_handshakes
from mqtrace.inputs import Source
from mqtrace.model.tls import Handshake
from mqtrace.report.tls_json import handshakes_as_dict
from mqtrace.report.tls_text import summary
from mqtrace.rules.outcome import handshake_cause

Read = Callable[[str], list[Handshake]]


def read_bytes(data: bytes) -> list[Handshake]:
    return read_handshakes(Source("x", BytesIO(data)))


def first_flight(samples: Path) -> bytes:
    recorded = json.loads((samples / "records" / "tls12_server_cert_expired.json").read_text())
    return bytes.fromhex(recorded["flow"][0]["hex"])


@pytest.mark.parametrize("form", ["bytes", "hexadecimal", "dump"])
def test_records_alone_are_read(form: str, samples: Path) -> None:
    data = first_flight(samples)
    rows = (f"{at:08x}: {data[at : at + 16].hex(' ')}  |....|" for at in range(0, len(data), 16))
    given = {"bytes": data, "hexadecimal": data.hex().encode(), "dump": "\n".join(rows).encode()}[form]
    (found,) = read_bytes(given)
    assert (found.origin, found.messages) == ("records", ("client_hello",))


def test_the_contract_is_kept(read: Read) -> None:
    (handshake,) = read("captures/tls12_client_cert_missing.pcap")
    (found,) = handshakes_as_dict([(handshake, handshake_cause(handshake))])["handshakes"]
    assert found["chosen"] == {
        "protocol": "TLSv1.2",
        "cipher_suite": {
            "hex": "c030",
            "iana": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "cipher_spec": "ECDHE_RSA_AES_256_GCM_SHA384",
        },
    }
    assert found["offered"]["channel"] == "TO.QM2"
    assert [(each["code"], each["name"], each["from"]) for each in found["alerts"]] == [
        (40, "handshake_failure", "server")
    ]
    assert found["certificates"][0]["not_before"] == "2026-11-23T16:53:32Z"
    assert found["gskit"] is None
    assert found["cause"]["id"] == "tls.client-certificate-missing"


def test_s_client_output_is_read(read: Read) -> None:
    (found,) = read("s_client/openssl_s_client_tls13_mutual.txt")
    assert (found.origin, found.complete) == ("s_client", True)


def test_facts_have_the_names_that_traces_give(read: Read) -> None:
    (found,) = read("gskit-trace/selected_unknown_ca_tls13.trc")
    facts = {fact.name: fact.value for fact in facts_of(found)}
    assert facts["gskit.code"] == "414"
    assert facts["gskit.validation"] == "575010"
    assert facts["tls.chosen_version"] == "TLSv1.3"
    assert facts["tls.server_certificate_issuer"] == "CN=Other CA,O=mqtrace lab,C=GB"
    assert (facts["tls.alert_sent"], "tls.alert" in facts) == ("42", False)


def test_kinds_are_told_by_content(samples: Path) -> None:
    assert kind_of((samples / "captures" / "ok_tls13.pcap").read_bytes()) == "capture"
    assert kind_of((samples / "gskit-trace" / "selected_alert_40_tls12.trc").read_bytes()) == "gskit-trace"
    assert kind_of((samples / "java-debug" / "mtls_ok.log").read_bytes()) == ""


@pytest.mark.parametrize("data", [b"", b"nothing of the kind", bytes(1000), b"\x16\x03", b"<client_hello", b"16 03"])
def test_other_inputs_show_no_handshake(data: bytes) -> None:
    assert read_bytes(data) == []


def test_damage_is_said(samples: Path) -> None:
    trace = (samples / "gskit-trace" / "selected_alert_40_tls12.trc").read_bytes()
    source = Source("x", BytesIO(trace + b"\xff" * 64))
    (found,) = read_handshakes(source)
    assert found.gskit == 415
    assert source.error is not None
    assert "is none of a GSKit trace" in source.error


RUN = """depth=0 CN = qm1.example
verify error:num=18:self-signed certificate
verify return:1
CONNECTED(00000003)
---
Certificate chain
 0 s:CN = qm1.example
   i:CN = qm1.example
---
SSL handshake has read 1454 bytes and written 313 bytes
Verification error: self-signed certificate
---
New, TLSv1.2, Cipher is ECDHE-RSA-AES256-GCM-SHA384
    Verify return code: 18 (self-signed certificate)
---
"""
REFUSED = """CONNECTED(00000003)
40C7:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:rec_layer_s3.c:1600:SSL alert number 40
---
no peer certificate available
---
SSL handshake has read 7 bytes and written 168 bytes
---
New, (NONE), Cipher is (NONE)
---
"""
LATE = (
    "8000:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:rec_layer_s3.c:1600:SSL alert "
    "number 116\n"
)


def test_a_certificate_that_s_client_cannot_verify_does_not_make_the_handshake_incomplete() -> None:
    (found,) = read_bytes(RUN.encode())
    assert found.complete
    assert "verify 18, the certificate is self-signed and not among the trusted ones" in summary(found)


def test_each_run_of_s_client_is_one_handshake() -> None:
    found = read_bytes(f"{RUN}{REFUSED}{RUN}{LATE}{RUN}".encode())
    assert [(each.location.line, [alert.code for alert in each.alerts]) for each in found] == [
        (1, []),
        (16, [40]),
        (25, [116]),
        (41, []),
    ]
