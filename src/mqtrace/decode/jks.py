"""Java's key stores JKS and JCEKS, read without their password: only the private keys in them are encrypted.

The layout is that of `sun.security.provider.JavaKeyStore` and `com.sun.crypto.provider.JceKeyStore` of OpenJDK, seen in
stores made by keytool 17. Numbers are big endian. No key leaves this module.
"""

import hashlib
import hmac
from typing import Literal

from msgspec import Struct

from mqtrace.decode.byte_reader import ByteReader
from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError

_KINDS: dict[bytes, Literal["jks", "jceks"]] = {b"\xfe\xed\xfe\xed": "jks", b"\xce\xce\xce\xce": "jceks"}
_PRIVATE_KEY, _TRUSTED, _SECRET_KEY = 1, 2, 3
_DIGEST_SIZE = 20
# What every store's digest begins with besides the password.
_WHITENER = b"Mighty Aphrodite"


class JavaKeyStoreEntry(Struct, frozen=True):
    """One entry: its alias, whether it has a private key (which stays encrypted), its certificates in DER."""

    label: str
    private_key: bool
    certificates: tuple[bytes, ...]


class JavaKeyStore(Struct, frozen=True):
    """What a store holds.

    Attributes:
        kind: "jks" or "jceks".
        entries: in the order of the file.
        is_whole: False where reading ended at a secret key, whose end only Java can find.
    """

    kind: Literal["jks", "jceks"]
    entries: tuple[JavaKeyStoreEntry, ...]
    is_whole: bool = True


def is_java_key_store(head: bytes) -> bool:
    """Whether an input that begins with these bytes is a JKS or JCEKS store."""
    return head[:4] in _KINDS


def decode_java_key_store(data: bytes) -> JavaKeyStore:
    """What the store holds. Raises DecodeError when it is none, is cut, or has a version that is not known here."""
    kind = _KINDS.get(data[:4])
    if kind is None:
        raise DecodeError("The bytes are no Java key store.")
    reader = ByteReader(data[:-_DIGEST_SIZE], "Java key store")
    reader.take(4, "header")
    version, count = reader.number(4, "version"), reader.number(4, "number of entries")
    if version not in (1, 2):
        raise DecodeError(f"The Java key store has version {version}; the layout is known of versions 1 and 2 only.")
    entries: list[JavaKeyStoreEntry] = []
    for _ in range(count):
        entry = _entry(reader, version)
        if entry is None:
            return JavaKeyStore(kind, tuple(entries), is_whole=False)
        entries.append(entry)
    return JavaKeyStore(kind, tuple(entries))


def password_fits(data: bytes, password: str) -> bool:
    """Whether the digest at the store's end was made with this password."""
    digest = hashlib.sha1(password.encode("utf-16-be", "surrogatepass"), usedforsecurity=False)
    digest.update(_WHITENER)
    digest.update(data[:-_DIGEST_SIZE])
    return hmac.compare_digest(digest.digest(), data[-_DIGEST_SIZE:])


def _entry(reader: ByteReader, version: int) -> JavaKeyStoreEntry | None:
    """The next entry; None for a secret key."""
    tag = reader.number(4, "kind of entry")
    label = printable(reader.vector(2, "alias").decode("utf-8", "replace"))
    reader.take(8, "date of entry")
    if tag == _SECRET_KEY:
        return None
    if tag == _TRUSTED:
        return JavaKeyStoreEntry(label, False, (_certificate(reader, version),))
    if tag != _PRIVATE_KEY:
        raise DecodeError(f"The Java key store has an entry of kind {tag}, which is not known.")
    reader.vector(4, "private key")
    count = reader.number(4, "number of certificates")
    return JavaKeyStoreEntry(label, True, tuple(_certificate(reader, version) for _ in range(count)))


def _certificate(reader: ByteReader, version: int) -> bytes:
    if version > 1:
        reader.vector(2, "kind of certificate")
    return reader.vector(4, "certificate")
