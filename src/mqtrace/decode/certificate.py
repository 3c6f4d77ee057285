"""What an X.509 certificate says of itself."""

import warnings
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError

if TYPE_CHECKING:
    from cryptography import x509

# The names that SSLPEER has for them, where RFC 4514 knows only their numbers (IBM documentation q009860_).
_ATTRIBUTE_NAMES = {
    "1.2.840.113549.1.9.1": "E",
    "0.9.2342.19200300.100.1.3": "MAIL",
    "2.5.4.5": "SERIALNUMBER",
    "2.5.4.12": "T",
    "2.5.4.17": "PC",
    "1.2.840.113549.1.9.2": "UNSTRUCTUREDNAME",
    "1.2.840.113549.1.9.8": "UNSTRUCTUREDADDRESS",
    "2.5.4.46": "DNQ",
}
_KEY_USAGES = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
}
KEY_USAGES = frozenset(_KEY_USAGES.values())
_EXTENDED_USAGES = {
    "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth",
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "2.5.29.37.0": "anyExtendedKeyUsage",
}
_SIGNATURES = {
    "1.2.840.113549.1.1.": "rsa",
    "1.2.840.10045.4.": "ecdsa",
    "1.2.840.10040.4.": "dsa",
    "2.16.840.1.101.3.4.3.": "dsa",
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
}
LARGEST = 1 << 18


@dataclass(frozen=True, slots=True)
class DecodedCertificate:
    """What a certificate says of itself.

    Attributes:
        subject, issuer: distinguished names as RFC 4514 writes them, the most specific attribute first.
        serial: serial number, hexadecimal in lower case.
        not_before, not_after: its validity, in UTC.
        key: kind and bits of its public key ("rsa2048", "ec256", "dsa1024", "ed25519"), "" where it cannot be read.
        signature_algorithm: hash and key of the signature ("sha256-rsa"), its number where it has no name here.
        usages: key usages and extended key usages by their names in RFC 5280; empty where the certificate limits none.
        alternative_names: "DNS:name" and "IP:address".
        is_ca: whether it may sign others (basic constraints); None where it does not say.
        data: the certificate in DER.
    """

    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    key: str
    signature_algorithm: str
    usages: tuple[str, ...]
    alternative_names: tuple[str, ...]
    is_ca: bool | None
    data: bytes


def decode_certificate(data: bytes) -> DecodedCertificate:
    """What the certificate, given in DER, says of itself. Raises DecodeError when it is none."""
    with warnings.catch_warnings():
        # The library warns of oddities that old tools wrote (a serial number of 0); they are none of the reader's business here.
        warnings.simplefilter("ignore")
        certificate = _load(data)
        try:
            return _decoded(certificate, data)
        except (ValueError, TypeError, OverflowError) as error:
            raise DecodeError("The certificate is damaged: its names or dates cannot be read.") from error


def _decoded(certificate: "x509.Certificate", data: bytes) -> DecodedCertificate:
    return DecodedCertificate(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        key=_key(certificate),
        signature_algorithm=_signature_algorithm(certificate),
        usages=_usages(certificate),
        alternative_names=_alternative_names(certificate),
        is_ca=_is_ca(certificate),
        data=data,
    )


def is_signed_by(certificate: bytes, issuer: bytes) -> bool | None:
    """Whether the key of the second certificate made the signature of the first; None where that cannot be told. Raises DecodeError."""
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _load(certificate).verify_directly_issued_by(_load(issuer))
        except InvalidSignature:
            return False
        except (ValueError, TypeError, UnsupportedAlgorithm):
            return None
    return True


def _load(data: bytes) -> "x509.Certificate":
    from cryptography import x509

    if len(data) > LARGEST:
        raise DecodeError(f"A certificate of {len(data)} bytes is larger than any that is used.")
    try:
        return x509.load_der_x509_certificate(data)
    except (ValueError, TypeError, x509.InvalidVersion) as error:
        raise DecodeError("The bytes are no X.509 certificate.") from error


def _name(name: "x509.Name") -> str:
    from cryptography.x509 import ObjectIdentifier

    return printable(name.rfc4514_string({ObjectIdentifier(number): text for number, text in _ATTRIBUTE_NAMES.items()}))


def _key(certificate: "x509.Certificate") -> str:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa

    try:
        key = certificate.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    kinds = ((rsa.RSAPublicKey, "rsa"), (ec.EllipticCurvePublicKey, "ec"), (dsa.DSAPublicKey, "dsa"))
    for kind, name in kinds:
        if isinstance(key, kind):
            return f"{name}{key.key_size}"
    return (
        "ed25519"
        if isinstance(key, ed25519.Ed25519PublicKey)
        else "ed448"
        if isinstance(key, ed448.Ed448PublicKey)
        else ""
    )


def _signature_algorithm(certificate: "x509.Certificate") -> str:
    from cryptography.exceptions import UnsupportedAlgorithm

    number = certificate.signature_algorithm_oid.dotted_string
    kind = next((kind for prefix, kind in _SIGNATURES.items() if number.startswith(prefix)), "")
    with suppress(UnsupportedAlgorithm, ValueError, TypeError):
        if certificate.signature_hash_algorithm and kind:
            return f"{certificate.signature_hash_algorithm.name}-{kind}"
    return kind or number


def _extensions(certificate: "x509.Certificate") -> Iterable["x509.Extension[x509.ExtensionType]"]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return tuple(certificate.extensions)
    except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, UnsupportedAlgorithm):
        return ()


def _usages(certificate: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    found: list[str] = []
    for each in _extensions(certificate):
        if isinstance(each.value, x509.KeyUsage):
            found += [name for attribute, name in _KEY_USAGES.items() if getattr(each.value, attribute)]
        elif isinstance(each.value, x509.ExtendedKeyUsage):
            found += [_EXTENDED_USAGES.get(usage.dotted_string, usage.dotted_string) for usage in each.value]
    return tuple(found)


def _alternative_names(certificate: "x509.Certificate") -> tuple[str, ...]:
    from cryptography import x509

    names = (each.value for each in _extensions(certificate) if isinstance(each.value, x509.SubjectAlternativeName))
    found: list[str] = []
    for name in (name for each in names for name in each):
        if isinstance(name, x509.DNSName):
            found.append(f"DNS:{printable(name.value)}")
        elif isinstance(name, x509.IPAddress):
            found.append(f"IP:{name.value}")
    return tuple(found)


def _is_ca(certificate: "x509.Certificate") -> bool | None:
    from cryptography import x509

    return next(
        (each.value.ca for each in _extensions(certificate) if isinstance(each.value, x509.BasicConstraints)), None
    )
