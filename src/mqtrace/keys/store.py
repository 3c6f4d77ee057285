"""What a key store holds, whatever its kind: certificates and what is known of their keys, never a key or a password."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from mqtrace.decode.certificate import DecodedCertificate, decode_certificate

StoreKind = Literal["pkcs12", "pem", "der", "pkcs7", "jks", "cms", "listing", "stash", "unknown"]
StoreState = Literal["open", "missing", "locked", "wrong-password", "unusable"]


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """One certificate of a store, or what a listing tells of it.

    Attributes:
        label: label, alias or friendly name; "" where it has none.
        subject, issuer: distinguished names, the most specific attribute first; "" where the listing does not tell.
        serial: serial number, hexadecimal in lower case.
        not_before, not_after: its validity, in UTC; None where the listing does not tell. RACF lists its local time, taken as UTC.
        key: kind and bits of its public key ("rsa2048", "ec256"), "" where not known.
        private_key: whether its private key is in the store; None where that cannot be told.
        signature_algorithm: "sha256-rsa", or as the listing writes it.
        usages: key usages and extended key usages, by their names in RFC 5280; empty where it limits none.
        alternative_names: "DNS:name", "IP:address".
        is_ca: whether it may sign others; None where it does not say.
        trusted: the store's trust flag; None where it has none.
        ring_usage: how it is connected to a RACF key ring: PERSONAL, CERTAUTH, SITE; "" elsewhere.
        data: the certificate in DER, None for a listing.
    """

    label: str
    subject: str = ""
    issuer: str = ""
    serial: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None
    key: str = ""
    private_key: bool | None = None
    signature_algorithm: str = ""
    usages: tuple[str, ...] = ()
    alternative_names: tuple[str, ...] = ()
    is_ca: bool | None = None
    trusted: bool | None = None
    ring_usage: str = ""
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class KeyStore:
    """What was read of one store.

    Attributes:
        source: display name of the input.
        kind: what it is by its content, whatever its name says.
        certificates: in the order of the file.
        stash: name of the stash file (.sth) that lies beside it, "" when there is none or that is not known.
        state: open; missing (not there, or not readable); locked (a password is needed); wrong-password; unusable (no store,
            damaged, or a layout that is not known).
        note: one sentence about any state but open.
        fix: what to do about that.
        remarks: sentences about what was passed over or is worth knowing.
        is_whole: whether a certificate that is not in `certificates` is not in the store; False for one file of one certificate and for
            listings that show a part.
    """

    source: str
    kind: StoreKind
    certificates: tuple[StoredCertificate, ...] = ()
    stash: str = ""
    state: StoreState = "open"
    note: str = ""
    fix: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    is_whole: bool = True


def stored(
    data: bytes, label: str = "", *, private_key: bool | None = None, trusted: bool | None = None
) -> StoredCertificate:
    """The certificate, given in DER, as an entry of a store. Raises DecodeError when it is none."""
    return _of(decode_certificate(data), label, private_key, trusted)


def _of(
    certificate: DecodedCertificate, label: str, private_key: bool | None, trusted: bool | None
) -> StoredCertificate:
    return StoredCertificate(
        label=label,
        subject=certificate.subject,
        issuer=certificate.issuer,
        serial=certificate.serial,
        not_before=certificate.not_before,
        not_after=certificate.not_after,
        key=certificate.key,
        private_key=private_key,
        signature_algorithm=certificate.signature_algorithm,
        usages=certificate.usages,
        alternative_names=certificate.alternative_names,
        is_ca=certificate.is_ca,
        trusted=trusted,
        data=certificate.data,
    )


def with_private_key(certificate: StoredCertificate) -> StoredCertificate:
    """The same certificate, whose private key is in the store."""
    return replace(certificate, private_key=True)
