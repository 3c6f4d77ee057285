"""ClientHellos of real clients, and ones built for one property each."""

import json
from pathlib import Path

import pytest

from mqtrace.decode.sni import channel_of
from mqtrace.decode.tls import parse_client_hello
from mqtrace.model.errors import DecodeError
from mqtrace.model.tls import ClientHello
from mqtrace.report.tls_json import hello_as_dict


def extension(number: int, content: bytes) -> bytes:
    return number.to_bytes(2, "big") + len(content).to_bytes(2, "big") + content


def message(suites: bytes, *extensions: bytes, version: bytes = b"\x03\x03") -> bytes:
    listed = b"".join(extensions)
    tail = len(listed).to_bytes(2, "big") + listed if extensions else b""
    body = version + bytes(32) + b"\0" + len(suites).to_bytes(2, "big") + suites + b"\x01\0" + tail
    return b"\x01" + len(body).to_bytes(3, "big") + body


def record(payload: bytes) -> bytes:
    return b"\x16\x03\x01" + len(payload).to_bytes(2, "big") + payload


def client_flight(samples: Path, name: str) -> bytes:
    flow = json.loads((samples / "tls" / f"{name}.json").read_text())["flow"]
    return bytes.fromhex(flow[0]["hex"])


def test_hello_of_a_client_that_sends_the_channel_as_server_name(samples: Path) -> None:
    shown = hello_as_dict(parse_client_hello(client_flight(samples, "ok_tls13")))

    assert list(shown) == ["versions", "cipher_suites", "groups", "signature_algorithms", "server_name", "channel"]
    assert shown["versions"] == ["TLSv1.3", "TLSv1.2", "TLSv1.1", "TLSv1"]
    assert shown["cipher_suites"][0] == {
        "hex": "1302",
        "iana": "TLS_AES_256_GCM_SHA384",
        "cipher_spec": "TLS_AES_256_GCM_SHA384",
    }
    assert shown["cipher_suites"][4] == {
        "hex": "c030",
        "iana": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "cipher_spec": "ECDHE_RSA_AES_256_GCM_SHA384",
    }
    assert shown["cipher_suites"][-1] == {
        "hex": "00ff",
        "iana": "TLS_EMPTY_RENEGOTIATION_INFO_SCSV",
        "cipher_spec": None,
    }
    assert shown["groups"] == [
        "x25519",
        "secp256r1",
        "x448",
        "secp521r1",
        "secp384r1",
        *(f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)),
    ]
    assert shown["signature_algorithms"][:3] == [
        "ecdsa_secp256r1_sha256",
        "ecdsa_secp384r1_sha384",
        "ecdsa_secp521r1_sha512",
    ]
    assert (shown["server_name"], shown["channel"]) == ("to2e-qm2.chl.mq.ibm.com", "TO.QM2")


def test_bare_message_record_and_fragments_are_read_alike(samples: Path) -> None:
    flight = client_flight(samples, "ok_tls12_mutual")
    bare = flight[5:]
    fragments = b"".join(record(bare[at : at + 7]) for at in range(0, len(bare), 7))

    assert (
        parse_client_hello(flight)
        == parse_client_hello(bare)
        == parse_client_hello(fragments)
        == parse_client_hello(flight + b"more")
    )


@pytest.mark.parametrize(
    ("version", "name"),
    [(b"\x03\x03", "TLSv1.2"), (b"\x03\x02", "TLSv1.1"), (b"\x03\x01", "TLSv1"), (b"\x03\x00", "SSLv3")],
)
def test_without_supported_versions_the_legacy_version_counts(version: bytes, name: str) -> None:
    assert parse_client_hello(message(b"\x00\x2f", version=version)).versions == (name,)


def test_grease_is_left_out_and_signalling_values_are_not() -> None:
    hello = parse_client_hello(
        message(
            bytes.fromhex("1a1a 1301 00ff 5600 fafa"),
            extension(0x2A2A, b""),
            extension(43, bytes.fromhex("06 3a3a 0304 0303")),
            extension(10, bytes.fromhex("0004 4a4a 001d")),
            extension(13, bytes.fromhex("0004 0403 5a5a")),
        )
    )

    assert [each.hex for each in hello.cipher_suites] == ["1301", "00ff", "5600"]
    assert hello.versions == ("TLSv1.3", "TLSv1.2")
    assert hello.groups == ("x25519",)
    assert hello.signature_algorithms == ("ecdsa_secp256r1_sha256",)
    assert hello.extensions == (43, 10, 13)


def test_numbers_without_a_name_are_given_in_hexadecimal() -> None:
    hello = parse_client_hello(
        message(b"\xee\xee", extension(10, bytes.fromhex("0002 7777")), extension(43, bytes.fromhex("02 7f1c")))
    )

    assert [(each.hex, each.iana, each.cipher_spec) for each in hello.cipher_suites] == [("eeee", None, None)]
    assert (hello.groups, hello.versions) == (("7777",), ("7f1c",))


@pytest.mark.parametrize(
    ("version", "cipher_spec"),
    [
        (b"\x03\x03", "TLS_RSA_WITH_RC4_128_SHA256"),
        (b"\x03\x01", "TLS_RSA_WITH_RC4_128_SHA"),
        (b"\x03\x00", "RC4_SHA_US"),
    ],
)
def test_the_cipher_spec_of_a_number_depends_on_the_protocol(version: bytes, cipher_spec: str) -> None:
    (suite,) = parse_client_hello(message(b"\x00\x05", version=version)).cipher_suites

    assert suite.cipher_spec == cipher_spec


def test_no_server_name_is_none() -> None:
    shown = hello_as_dict(parse_client_hello(message(b"\x13\x01")))

    assert (shown["server_name"], shown["channel"]) == (None, None)


def test_control_characters_in_a_server_name_do_not_come_through() -> None:
    name = b"\x1b]0;title\x07host"
    entry = b"\0" + len(name).to_bytes(2, "big") + name

    hello = parse_client_hello(message(b"\x13\x01", extension(0, len(entry).to_bytes(2, "big") + entry)))

    assert hello.server_name == "\\x1b]0;title\\x07host"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "message type takes 1 bytes, 0 are there"),
        (b"\x16\x03\x01", "its TLS record is not whole"),
        (b"\x16\x03\x01\x00\x20\x01\x00\x00", "its TLS record is not whole"),
        (record(message(b"\x13\x01"))[:-1], r"its body takes 41 bytes, 40 are there"),
        (message(b"\x13\x01")[:-1], r"its body takes 41 bytes, 40 are there"),
        (b"\x01\x00\x00\x10" + bytes(16), "its random takes 32 bytes, 14 are there"),
        (message(b"\x13\x01", extension(43, b"\x04\x03\x04")), "its list takes 4 bytes, 2 are there"),
        (message(b"\x13\x01", b"\x00\x00\x00\x09"), "its extension 0 takes 9 bytes, 0 are there"),
        (b"\x02\x00\x00\x00", "they begin with 02"),
        (b"TSH \x00\x00\x00\x24", "they begin with 54"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "they begin with 15"),
    ],
)
def test_what_is_cut_or_no_hello_is_refused_with_the_reason(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        parse_client_hello(data)


def test_every_cut_of_a_hello_is_refused(samples: Path) -> None:
    flight = client_flight(samples, "ok_tls13")
    for end in range(len(flight)):
        with pytest.raises(DecodeError):
            parse_client_hello(flight[:end])


@pytest.mark.corpus
def test_every_hello_of_the_corpus_has_known_names_and_the_server_name_that_was_sent(shared_corpus: Path) -> None:
    hellos: list[ClientHello] = []
    for path in sorted(shared_corpus.glob("trace-*/*/truth.json")):
        truth = json.loads(path.read_text())
        data = bytes.fromhex(truth.get("client_hello") or "")
        if data[:1] != b"\x16":
            continue
        hello = parse_client_hello(data)
        hellos.append(hello)
        if "server_name_sent" in truth:
            assert (hello.server_name or "") == truth["server_name_sent"], path
        if truth.get("channel_sent") and (hello.server_name or "").endswith(".chl.mq.ibm.com"):
            assert channel_of(hello.server_name or "") == truth["channel_sent"], path
    assert len(hellos) == 83
    assert all(suite.iana for hello in hellos for suite in hello.cipher_suites)
    assert {name for hello in hellos for name in hello.groups + hello.signature_algorithms if len(name) == 4} == {
        "x448"
    }
