"""What an X.509 certificate says of itself."""

import warnings
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mqtrace.decode.distinguished_name import NameAttribute, format_distinguished_name, type_name
from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError
from mqtrace.model.key_store import StoredCertificate

if TYPE_CHECKING:
    from cryptography import x509

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


def decode_certificate(
    data: bytes, label: str = "", *, private_key: bool | None = None, trusted: bool | None = None
) -> StoredCertificate:
    """What the certificate, given in DER, says of itself, as an entry of a store. Raises DecodeError."""
    with warnings.catch_warnings():
        # The library warns of oddities that old tools wrote (a serial number of 0); they are none of the reader's
        # business here.
        warnings.simplefilter("ignore")
        certificate = _load(data)
        try:
            return replace(_decoded(certificate, data), label=label, private_key=private_key, trusted=trusted)
        except (ValueError, TypeError, OverflowError) as error:
            raise DecodeError("The certificate is damaged: its names or dates cannot be read.") from error


def _decoded(certificate: "x509.Certificate", data: bytes) -> StoredCertificate:
    return StoredCertificate(
        label="",
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
    """Whether the key of the second certificate made the signature of the first; None where that cannot be told. Raises
    DecodeError.
    """
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
    """The name in the one form; a name in a certificate begins with the most general part."""
    return format_distinguished_name(
        NameAttribute(type_name(each.oid.dotted_string), _text(each.value), bool(at))
        for part in reversed(name.rdns)
        for at, each in enumerate(part)
    )


def _text(value: str | bytes) -> str:
    return printable(value if isinstance(value, str) else value.decode("latin-1"))


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
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519"
    return "ed448" if isinstance(key, ed448.Ed448PublicKey) else ""


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
