"""The CMS key database (.kdb) of IBM's GSKit, read without its password: only the private keys in it are encrypted.

The layout was seen in three public files of versions 3 and 4 (FORMAT-GSKIT, chapter 4): a header of 80 or 88 bytes,
then records of one size. Numbers are big endian. No key leaves this module: of an encrypted one it only says that it is
there.
"""

from typing import Literal

from msgspec import Struct

from mqtrace.decode.byte_reader import ByteReader
from mqtrace.decode.certificate_der import SEQUENCE, Element, element
from mqtrace.decode.text import field_text
from mqtrace.model.errors import DecodeError

MAGIC = b"7H"
_KINDS: dict[bytes, Literal["keys", "requests"]] = {b"X509KEY\0": "keys", b"X509KYP\0": "requests"}
_HEADER_SIZES = {3: 80, 4: 88}
_NAME_OFFSET = 8
_IN_USE = 1
_TRUSTED, _PERSONAL = 0xA1, 0xA2
_SMALLEST_RECORD, _LARGEST_RECORD = 64, 1 << 20


class KeyDatabaseEntry(Struct, frozen=True):
    """One entry: its label, its certificate in DER, and whether a private key (which stays encrypted) belongs to it."""

    label: str
    certificate: bytes
    private_key: bool


class KeyDatabase(Struct, frozen=True):
    """What a key database holds.

    Attributes:
        version: 3 or 4.
        kind: "keys" (.kdb), or "requests" for certificates (.rdb), whose entries are not read.
        entries: those with a certificate, in the order of the file.
        passed_over: number of records that hold something else (a secret key) or are in a state not known here.
    """

    version: int
    kind: Literal["keys", "requests"]
    entries: tuple[KeyDatabaseEntry, ...]
    passed_over: int = 0


def is_key_database(head: bytes) -> bool:
    """Whether an input that begins with these bytes is a CMS key database, of whatever version."""
    return head.startswith(MAGIC) and head[_NAME_OFFSET : _NAME_OFFSET + 8] in _KINDS


def decode_key_database(data: bytes) -> KeyDatabase:
    """What the key database holds. Raises DecodeError when it is none, is cut, or has a layout not known here."""
    if not is_key_database(data):
        raise DecodeError("The bytes are no CMS key database.")
    version, kind = data[2], _KINDS[data[_NAME_OFFSET : _NAME_OFFSET + 8]]
    header = _HEADER_SIZES.get(version)
    if header is None:
        raise DecodeError(f"The CMS key database has version {version}; the layout is known of versions 3 and 4 only.")
    reader = ByteReader(data, "CMS key database")
    reader.take(_NAME_OFFSET + 8, "header")
    size, count = reader.number(4, "record size"), reader.number(4, "number of records")
    reader.take(header - _NAME_OFFSET - 16, "header")
    if not _SMALLEST_RECORD <= size <= _LARGEST_RECORD:
        raise DecodeError(f"The CMS key database has records of {size} bytes, which is not the layout known here.")
    if reader.left < size * count:
        raise DecodeError(
            f"The CMS key database is cut: {count} records of {size} bytes, and {reader.left} bytes are left for them."
        )
    if kind == "requests":
        return KeyDatabase(version, kind, ())
    found = [_entry(reader.take(size, "record")) for _ in range(count)]
    entries = tuple(each for each in found if each)
    return KeyDatabase(version, kind, entries, len(found) - len(entries))


def _entry(record: bytes) -> KeyDatabaseEntry | None:
    """The entry in a record; None where the record is in another state or holds no certificate."""
    reader = ByteReader(record, "record of the CMS key database")
    state = reader.number(4, "state")
    reader.take(4, "number")
    if state != _IN_USE:
        return None
    content = element(reader.vector(4, "content"), "entry in the CMS key database", SEQUENCE)
    label = field_text(reader.vector(4, "label"))
    held = next((part for part in content.parts if part.tag in (_TRUSTED, _PERSONAL)), None)
    if held is None:
        return None
    return KeyDatabaseEntry(label, _certificate(held), held.tag == _PERSONAL)


def _certificate(held: Element) -> bytes:
    certificate = element(held.content, "certificate", SEQUENCE)
    return certificate.whole if held.tag == _TRUSTED else element(certificate.content, "certificate", SEQUENCE).whole
