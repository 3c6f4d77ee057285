"""TLS records: the frames that messages travel in (RFC 5246 section 6.2, RFC 8446 section 5.1)."""

from collections.abc import Iterator
from typing import NamedTuple

from mqtrace.decode.byte_reader import ByteReader
from mqtrace.model.errors import DecodeError

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
_HEADER = 5


class TlsRecord(NamedTuple):
    """One record: its content type, its payload, and whether the bytes end before it does."""

    kind: int
    payload: bytes
    cut: bool


def records(data: bytes) -> Iterator[TlsRecord]:
    """The records that `data` begins with; ends before the first bytes that are no record, and with the one that is cut."""
    position = 0
    while len(data) - position >= _HEADER and _is_record(data, position):
        length = int.from_bytes(data[position + 3 : position + _HEADER], "big")
        payload = data[position + _HEADER : position + _HEADER + length]
        yield TlsRecord(data[position], payload, len(payload) < length)
        position += _HEADER + length


def handshake_payload(data: bytes, name: str) -> bytes:
    """The first handshake message, put together from the records that it is spread over.

    Raises DecodeError when the records end before it is whole; `name` is what the error calls it.
    """
    payload = bytearray()
    for record in records(data):
        if record.kind != HANDSHAKE:
            break
        payload += record.payload
        if len(payload) >= 4 and len(payload) >= 4 + int.from_bytes(payload[1:4], "big"):
            return bytes(payload)
    if len(payload) < 4:
        raise DecodeError(f"The {name} is cut: its TLS record is not whole.")
    ByteReader(bytes(payload[1:]), name).vector(3, "body")
    return bytes(payload)


def _is_record(data: bytes, position: int) -> bool:
    return (
        CHANGE_CIPHER_SPEC <= data[position] <= APPLICATION_DATA and data[position + 1] == 3 and data[position + 2] <= 4
    )
