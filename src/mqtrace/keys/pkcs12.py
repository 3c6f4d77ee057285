"""PKCS#12 stores (RFC 7292), whatever the file is called.

Certificates, labels and which of them have a private key; the private keys themselves are never decrypted. The one
reader of the library `cryptography` knows a single private key a store, and a key repository of MQ may hold several.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.decode.certificate import decode_certificate
from mqtrace.decode.certificate_der import (
    BMP_STRING,
    OCTET_STRING,
    SEQUENCE,
    Element,
    element,
    elements,
    object_identifier,
)
from mqtrace.keys.pkcs12_decrypt import Rounds, decrypt, password_fits
from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError
from mqtrace.model.key_store import KeyStore, StoredCertificate

_DATA, _ENCRYPTED_DATA = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.6"
_BAGS = "1.2.840.113549.1.12.10.1."
_KEY_BAGS = (_BAGS + "1", _BAGS + "2")
_CERTIFICATE_BAG, _NESTED_BAG = _BAGS + "3", _BAGS + "6"
_FRIENDLY_NAME, _LOCAL_KEY = "1.2.840.113549.1.9.20", "1.2.840.113549.1.9.21"
_X509_CERTIFICATE = "1.2.840.113549.1.9.22.1"
_MOST_BAGS = 10_000
_PASSWORD_FIX = (
    "Test it:   keytool -list -storetype PKCS12 -keystore STORE   or   runmqakm -cert -list -db STORE -type pkcs12"
)


class _Certificate(Struct, frozen=True):
    label: str
    local_key: bytes
    data: bytes


class _Found(Struct):
    """What the bags hold; of keys only what they are called."""

    certificates: list[_Certificate] = field(default_factory=list)
    keys: list[tuple[str, bytes]] = field(default_factory=list)
    bags: int = 0


def is_pkcs12(head: bytes) -> bool:
    """Whether an input that begins with these bytes is a PKCS#12 store: a sequence that begins with the version 3."""
    if len(head) < 12 or head[0] != SEQUENCE:
        return False
    start = 2 + (head[1] & 0x7F if head[1] > 0x80 else 0)
    return head[start : start + 4] in (b"\x02\x01\x03\x30", b"\x02\x01\x03\xa0")


def read_pkcs12(source: str, data: bytes, password: Callable[[], str | None]) -> KeyStore:
    """What the store holds; locked where it has a password and none is given. Raises DecodeError when it is damaged.

    An empty password is tried before one is asked for.
    """
    _, content, *rest = element(data, "PKCS#12 store", SEQUENCE).at_least(2)
    safe = _content(content)
    if safe is None:
        raise DecodeError("The PKCS#12 store is signed or encrypted as a whole, which no tool of MQ does.")
    authentication = rest[0] if rest else None
    opened = _opened(safe, authentication, "")
    if opened is not None:
        return KeyStore(source, "pkcs12", opened)
    given = password()
    if not given:
        return KeyStore(
            source,
            "pkcs12",
            state="locked",
            note="The PKCS#12 store has a password, and none was given.",
            fix=(_PASSWORD_FIX,),
        )
    opened = _opened(safe, authentication, given)
    if opened is None:
        return KeyStore(
            source,
            "pkcs12",
            state="wrong-password",
            note="The password does not open the PKCS#12 store.",
            fix=(_PASSWORD_FIX,),
        )
    return KeyStore(source, "pkcs12", opened)


def _opened(safe: bytes, authentication: Element | None, password: str) -> tuple[StoredCertificate, ...] | None:
    """The certificates; None where the password does not fit."""
    rounds = Rounds()
    if authentication and not password_fits(authentication, safe, password, rounds):
        return None
    found = _Found()
    try:
        for each in element(safe, "content of the PKCS#12 store", SEQUENCE).parts:
            _collect(_plain(each, password, rounds), found)
    except DecodeError:
        # Without a MAC a password that does not fit shows only in what it decrypts to.
        if authentication is None:
            return None
        raise
    return tuple(_joined(found))


def _joined(found: _Found) -> Iterator[StoredCertificate]:
    """The certificates, each with its private key where a bag says so: by key id, or by name where the key has none."""
    by_key = {key: label for label, key in found.keys if key}
    names = {label for label, key in found.keys if label and not key}
    for each in found.certificates:
        has_key = each.local_key in by_key if each.local_key else each.label in names
        label = each.label or by_key.get(each.local_key, "")
        certificate = decode_certificate(each.data, label, private_key=False)
        yield replace(certificate, private_key=True) if has_key else replace(certificate, trusted=True)


def _content(info: Element) -> bytes | None:
    """The bytes of a content info in clear; None where it is of another kind."""
    kind, *held = info.at_least(1)
    if object_identifier(kind) != _DATA or not held:
        return None
    return element(held[0].content, "content", OCTET_STRING).content


def _plain(info: Element, password: str, rounds: Rounds) -> bytes:
    plain = _content(info)
    if plain is not None:
        return plain
    kind, *held = info.at_least(1)
    if object_identifier(kind) != _ENCRYPTED_DATA or not held:
        raise DecodeError("A part of the PKCS#12 store is protected in a way that mqtrace does not know.")
    _, algorithm, *encrypted = element(held[0].content, "encrypted content", SEQUENCE).at_least(2)[1].at_least(2)
    data = b"".join(
        each.content if each.tag == 0x80 else b"".join(part.content for part in each.parts) for each in encrypted
    )
    return decrypt(algorithm, data, password, rounds)


def _collect(bags: bytes, found: _Found, depth: int = 0) -> None:
    for bag in element(bags, "bags of the PKCS#12 store", SEQUENCE).parts:
        found.bags += 1
        if found.bags > _MOST_BAGS or depth > 4:
            raise DecodeError(f"The PKCS#12 store has more than {_MOST_BAGS} entries, or nests them.")
        number, held, *attributes = bag.at_least(2)
        kind = object_identifier(number)
        label, local_key = _attributes(attributes)
        if kind in _KEY_BAGS:
            found.keys.append((label, local_key))
        elif kind == _CERTIFICATE_BAG:
            certificate = _certificate(held)
            if certificate:
                found.certificates.append(_Certificate(label, local_key, certificate))
        elif kind == _NESTED_BAG:
            _collect(held.content, found, depth + 1)


def _certificate(held: Element) -> bytes:
    kind, content = element(held.content, "certificate bag", SEQUENCE).at_least(2)[:2]
    return (
        element(content.content, "certificate", OCTET_STRING).content
        if object_identifier(kind) == _X509_CERTIFICATE
        else b""
    )


def _attributes(found: list[Element]) -> tuple[str, bytes]:
    """Label and key id of a bag, "" and b"" where it has none."""
    label, local_key = "", b""
    for attribute in found[0].parts if found else ():
        kind, values = attribute.at_least(2)[:2]
        first = next(elements(values.content), None)
        if first and object_identifier(kind) == _FRIENDLY_NAME:
            label = printable(first.content.decode("utf-16-be" if first.tag == BMP_STRING else "utf-8", "replace"))
        elif first and object_identifier(kind) == _LOCAL_KEY:
            local_key = first.content
    return label, local_key
