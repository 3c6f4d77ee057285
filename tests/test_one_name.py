"""One certificate, one text of its name, whatever shows it. All inputs are synthetic: what the tools print is written
as they print it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from tests.decode.make_capture import from_client, from_server, pcap

from mqtrace.handshakes.reading import read_handshakes
from mqtrace.inputs import Source
from mqtrace.keys.reading import read_store
from mqtrace.model.key_store import KeyStore

NAME = "CN=app1+SERIALNUMBER=7,E=mq@example.com,OU=MQ\\, Lab,O=Müller \\+ Söhne,ST=Hessen,C=DE"
PASSWORD = "throwaway-pw"
AT = datetime(2026, 1, 1, tzinfo=UTC)
PARTS = [
    [("2.5.4.6", "DE")],
    [("2.5.4.8", "Hessen")],
    [("2.5.4.10", "Müller + Söhne")],
    [("2.5.4.11", "MQ, Lab")],
    [("1.2.840.113549.1.9.1", "mq@example.com")],
    [("2.5.4.3", "app1"), ("2.5.4.5", "7")],
]


@cache
def key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def certificate() -> x509.Certificate:
    """Self-signed; its name begins with the country, as that of most certificates does."""
    name = x509.Name(
        x509.RelativeDistinguishedName(
            [x509.NameAttribute(x509.ObjectIdentifier(number), value) for number, value in part]
        )
        for part in PARTS
    )
    begun = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key().public_key())
    dated = begun.serial_number(7).not_valid_before(AT).not_valid_after(AT.replace(year=2036))
    return dated.sign(key(), hashes.SHA256())


def der() -> bytes:
    return certificate().public_bytes(Encoding.DER)


def sized(data: bytes, size: int) -> bytes:
    return len(data).to_bytes(size, "big") + data


def pkcs12() -> bytes:
    return serialize_key_and_certificates(
        b"app1", key(), certificate(), None, BestAvailableEncryption(PASSWORD.encode())
    )


def jks() -> bytes:
    entry = b"\0\0\0\2" + sized(b"app1", 2) + bytes(8) + sized(b"X.509", 2) + sized(der(), 4)
    return b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1" + entry + bytes(20)


def cms() -> bytes:
    element = b"\xa1\x82" + sized(der(), 2)
    content = b"\x30\x82" + sized(element, 2)
    record = (b"\0\0\0\1\0\0\0\1" + sized(content, 4) + sized(b"app1", 4)).ljust(5000, b"\0")
    return b"7H\x03".ljust(8, b"\0") + b"X509KEY\0" + (5000).to_bytes(4, "big") + b"\0\0\0\1" + bytes(56) + record


KEYTOOL = 'CN=app1+SERIALNUMBER=7, EMAILADDRESS=mq@example.com, OU="MQ, Lab", O="Müller + Söhne", ST=Hessen, C=DE'
JSSE = KEYTOOL.replace('"MQ, Lab"', r"MQ\, Lab").replace('"Müller + Söhne"', r"Müller \+ Söhne")
OPENSSL = (
    r'C = DE, ST = Hessen, O = "M\C3\BCller + S\C3\B6hne", OU = "MQ, Lab", emailAddress = mq@example.com, '
    "CN = app1 + serialNumber = 7"
)
OPENSSL_3 = OPENSSL.replace(" = ", "=")
GSKIT = "CN=app1+SERIALNUMBER=7,EMAIL=mq@example.com,OU=MQ\\, Lab,O=Müller \\+ Söhne,ST=Hessen,C=DE"
NUMBERS = (
    r"2.5.4.3=app1+2.5.4.5=#130137,1.2.840.113549.1.9.1=#160e6d71406578616d706c652e636f6d,2.5.4.11=MQ\, Lab,"
    r"OID.2.5.4.10=Müller \+ Söhne,2.5.4.8=Hessen,2.5.4.6=DE"
)
STORES: dict[str, Callable[[], bytes]] = {
    "PEM": lambda: certificate().public_bytes(Encoding.PEM),
    "DER": der,
    "PKCS#12": pkcs12,
    "JKS": jks,
    "CMS": cms,
    "keytool": lambda: (
        f"Alias name: app1\nEntry type: trustedCertEntry\n\nOwner: {KEYTOOL}\nIssuer: {KEYTOOL}\n".encode()
    ),
    "runmqakm": lambda: f"Label : app1\nKey Size : 256\nSubject : {GSKIT}\nIssuer : {GSKIT}\n".encode(),
    "runmqakm with numbers": lambda: (
        f"Label : app1\nKey Size : 256\nSubject : {NUMBERS}\nIssuer : {NUMBERS}\n".encode()
    ),
    "openssl x509": lambda: f"subject={OPENSSL}\nissuer={OPENSSL}\nnotAfter=Jan  1 00:00:00 2036 GMT\n".encode(),
    "openssl 3 x509": lambda: f"subject={OPENSSL_3}\nissuer={OPENSSL_3}\nnotAfter=Jan  1 00:00:00 2036 GMT\n".encode(),
}


def store(data: bytes) -> KeyStore:
    return read_store(Source("store", BytesIO(data), len(data)), lambda: PASSWORD)


@pytest.mark.parametrize("shown", STORES)
def test_every_store_and_listing_shows_the_same_name(shown: str) -> None:
    (found,) = store(STORES[shown]()).certificates
    assert (found.subject, found.issuer) == (NAME, NAME)


def record(kind: int, message: bytes) -> bytes:
    return b"\x16\x03\x03" + sized(bytes([kind]) + sized(message, 3), 2)


def capture() -> bytes:
    hello = record(1, b"\x03\x03" + bytes(32) + b"\0" + b"\0\x02\xc0\x2b" + b"\1\0")
    return pcap([from_client(100, hello), from_server(500, record(11, sized(sized(der(), 3), 3)))])


def transcript() -> bytes:
    # An empty hello is enough of one: the heading tells it.
    return f"<client_hello>\n<certificate>\nSubject[{GSKIT}]\nIssuer[{GSKIT}]\n".encode()


def java_debug() -> bytes:
    entry = "javax.net.ssl|DEBUG|10|main|2026-11-25 02:36:18.470 UTC|X.java:1|"
    lines = [
        f"{entry}Produced ClientHello handshake message (",
        ")",
        f"{entry}Consuming server Certificate handshake message (",
        '"Certificates": [',
        f'    "issuer"             : "{JSSE}",',
        f'    "subject"            : "{JSSE}",',
        ")",
    ]
    return "\n".join(lines).encode()


def s_client() -> bytes:
    return f"CONNECTED(00000003)\n---\nCertificate chain\n 0 s:{OPENSSL}\n   i:{OPENSSL}\n---\n".encode()


@pytest.mark.parametrize("recorded", [capture, transcript, java_debug, s_client])
def test_every_recorder_of_handshakes_shows_the_same_name(recorded: Callable[[], bytes]) -> None:
    (handshake,) = read_handshakes(Source("x", BytesIO(recorded())))
    (found,) = handshake.certificates
    assert (found.subject, found.issuer, found.self_signed) == (NAME, NAME, True)
