"""Files with `-----BEGIN`: certificates, PKCS#7 packages and private keys (of which only their presence is noted), and
the same in DER.
"""

import base64
import binascii
import re
import warnings
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.decode.certificate import decode_certificate
from mqtrace.decode.certificate_der import SEQUENCE, element, object_identifier
from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError
from mqtrace.model.key_store import KeyStore, StoredCertificate

_BLOCK = compiled(rb"-----BEGIN ([A-Z0-9 ]{3,40})-----\s++([^-]*+)-----END")
_BEGIN = compiled(rb"-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE|PKCS7|PRIVATE KEY|CERTIFICATE REQUEST)-----")
# What `openssl pkcs12` writes above each block.
_FRIENDLY_NAME = compiled(rb"^[ \t]*+friendlyName: (.{1,512}?)\s*$", re.MULTILINE)
_LOCAL_KEY = compiled(rb"^[ \t]*+localKeyID: ([0-9A-F ]{1,200}?)\s*$", re.MULTILINE)
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_PEM_WITHIN = 4096
_EBCDIC_DASHES = b"\x60" * 5
_MOST_CERTIFICATES = 2000
PKCS7_NOTE = "The file is a PKCS#7 package of certificates, where a single certificate is expected."
PKCS7_FIX = (
    (
        "z/OS: export the certificate alone:   RACDCERT ID(USER) EXPORT(LABEL('LABEL')) DSN('DATASET') FORMAT(CERTB64) "
        "  (not PKCS7B64)"
    ),
    (
        "Or take the certificates out of it:   openssl pkcs7 -print_certs -in FILE -out CERTIFICATES.pem   (for a "
        "binary file -inform DER)"
    ),
)


class _Block(Struct, frozen=True):
    kind: str
    label: str
    local_key: bytes
    data: bytes


def is_pem(head: bytes) -> bool:
    """Whether an input that begins so is a PEM file; output of other tools that shows a certificate is none."""
    found = _BEGIN.search(head[:_PEM_WITHIN])
    return (
        found is not None
        and b"CONNECTED(" not in head[: found.start()]
        and b"Certificate:" not in head[: found.start()]
    )


def is_ebcdic_pem(head: bytes) -> bool:
    """Whether it is a PEM file in the code of z/OS, as a transfer in binary leaves it."""
    return head.lstrip(b"\x40\x15\x25").startswith(_EBCDIC_DASHES)


def read_pem(source: str, data: bytes) -> KeyStore:
    """What the blocks of the file hold. Raises DecodeError where one is damaged."""
    blocks = list(_blocks(data))
    packages = [each for each in blocks if _is_package(each.data)]
    if packages:
        return _package(source, packages[0].data)
    certificates = [
        (decode_certificate(each.data, each.label, private_key=False), each.local_key)
        for each in blocks
        if each.kind.endswith("CERTIFICATE")
    ]
    if not certificates:
        return KeyStore(source, "pem", state="unusable", note=_without_certificate(blocks))
    keys = [each for each in blocks if each.kind.endswith("PRIVATE KEY")]
    personal = {_personal(certificates, each.local_key) for each in keys}
    return KeyStore(
        source,
        "pem",
        tuple(replace(each, private_key=True) if at in personal else each for at, (each, _) in enumerate(certificates)),
    )


def is_der(head: bytes) -> bool:
    """Whether an input that begins with these bytes is a certificate or a PKCS#7 package in DER."""
    if len(head) < 16 or head[:1] != bytes([SEQUENCE]) or head[1] < 0x80:
        return False
    start = 2 + (head[1] & 0x7F)
    return head[start : start + 1] == bytes([SEQUENCE]) or head[start : start + 11] == bytes.fromhex(
        "06092a864886f70d010702"
    )


def read_der(source: str, data: bytes) -> KeyStore:
    """The certificate in the file. Raises DecodeError where it is none."""
    if _is_package(data):
        return _package(source, data)
    first = element(data, "certificate", SEQUENCE)
    return KeyStore(
        source,
        "der",
        (decode_certificate(first.whole),),
        remarks=("The file is one certificate, not a key repository.",),
        is_whole=False,
    )


def _blocks(data: bytes) -> Iterator[_Block]:
    before = 0
    for number, found in enumerate(_BLOCK.finditer(data)):
        if number == _MOST_CERTIFICATES:
            raise DecodeError(f"The file has more than {_MOST_CERTIFICATES} blocks.")
        above = data[before : found.start()][-2048:]
        names, keys = _FRIENDLY_NAME.findall(above), _LOCAL_KEY.findall(above)
        label = printable(names[-1].decode("utf-8", "replace")) if names else ""
        # A private key is not even decoded.
        content = b"" if found[1].endswith(b"PRIVATE KEY") else _decoded(found[2])
        yield _Block(found[1].decode("ascii"), label, keys[-1] if keys else b"", content)
        before = found.end()


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise DecodeError("The file is damaged: a block between BEGIN and END is not base64.") from error


def _is_package(data: bytes) -> bool:
    try:
        return object_identifier(element(data, "package", SEQUENCE).at_least(2)[0]) == _SIGNED_DATA
    except DecodeError:
        return False


def _package(source: str, data: bytes) -> KeyStore:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    try:
        with warnings.catch_warnings():
            # It says that real packages, openssl's among them, are not DER in every detail.
            warnings.simplefilter("ignore")
            found = pkcs7.load_der_pkcs7_certificates(data)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise DecodeError("The PKCS#7 package is damaged, or holds no certificate.") from error
    certificates = tuple(
        decode_certificate(each.public_bytes(Encoding.DER), private_key=False) for each in found[:_MOST_CERTIFICATES]
    )
    return KeyStore(source, "pkcs7", certificates, note=PKCS7_NOTE, fix=PKCS7_FIX, is_whole=False)


def _personal(certificates: list[tuple[StoredCertificate, bytes]], local_key: bytes) -> int:
    """The place of the certificate that a key belongs to: of the same key id, else the first one that is no certificate
    authority.
    """
    if local_key:
        for at, (_, other) in enumerate(certificates):
            if other == local_key:
                return at
    return next((at for at, (each, _) in enumerate(certificates) if not each.is_ca), 0)


def _without_certificate(blocks: list[_Block]) -> str:
    kinds = {each.kind for each in blocks}
    if any(kind.endswith("REQUEST") for kind in kinds):
        return "The file is a request for a certificate: what the certificate authority sends back is the certificate."
    if kinds:
        return "The file holds a private key and no certificate."
    return "The file has no whole block between BEGIN and END: it is cut or damaged."
