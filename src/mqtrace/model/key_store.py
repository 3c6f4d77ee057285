"""What a key store holds, whatever its kind: certificates and what is known of their keys, never a key."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

StoreKind = Literal["pkcs12", "pem", "der", "pkcs7", "jks", "cms", "listing", "stash", "unknown"]
StoreState = Literal["open", "missing", "locked", "wrong-password", "unusable"]


class StoredCertificate(Struct, frozen=True):
    """One certificate of a store, or what a listing tells of it.

    Attributes:
        label: label, alias or friendly name; "" where it has none.
        subject, issuer: distinguished names in the one form (decode.distinguished_name); "" where the listing does
            not tell.
        serial: serial number, hexadecimal in lower case.
        not_before, not_after: its validity, in UTC; None where the listing does not tell. RACF lists its local
            time, taken as UTC.
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


class KeyStore(Struct, frozen=True):
    """What was read of one store.

    Attributes:
        source: display name of the input.
        kind: what it is by its content, whatever its name says.
        certificates: in the order of the file.
        stash: name of the stash file (.sth) that lies beside it, "" when there is none or that is not known.
        state: open; missing (not there, or not readable); locked (a password is needed); wrong-password; unusable
            (no store, damaged, or a layout that is not known).
        note: one sentence about any state but open.
        fix: what to do about that.
        remarks: sentences about what was passed over or is worth knowing.
        is_whole: whether a certificate that is not in `certificates` is not in the store; False for one file of one
            certificate and for listings that show a part.
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


class KeyProblem(Struct, frozen=True):
    """One thing that is wrong with a store: the cause's id, a sentence with the names of this case, and what to do."""

    id: str
    text: str
    fix: tuple[str, ...] = ()
