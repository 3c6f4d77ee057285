"""The first flows of MQ's channel protocol, and what kind of server answered instead.

Layout of the transmission segment header and of the initial data as observed in traces of the .NET and Java clients
(and named alike by Wireshark's dissector): eyecatcher, length (always big endian), in TSHM two numbers of the
conversation, then byte order (1 big, 2 little), segment type, flags, unit of work, encoding, CCSID.
"""

import re
from dataclasses import dataclass
from typing import Literal

from mqtrace.catalog.tables import Row, table
from mqtrace.decode.text import field_text
from mqtrace.model.errors import DecodeError

SegmentKind = Literal["initial-data", "error", "other"]
ByteOrder = Literal["little", "big"]

# Where the byte order stands after each eyecatcher. Only TSHM has the numbers of a conversation before it.
_BYTE_ORDER_AT = {b"TSH ": 8, b"TSHC": 8, b"TSHM": 16}
_EBCDIC = "cp500"
_HEADER_AFTER_BYTE_ORDER = 20
_INITIAL_DATA, _STATUS_DATA = 1, 5
_PRODUCT_FORM = re.compile(r"[A-Z]{4}[0-9]{8}")
_CHANNEL, _QUEUE_MANAGER, _PRODUCT = slice(24, 44), slice(48, 96), slice(148, 160)

_FIRST_BYTES = (
    (b"TSH", "mq"),
    (b"\xe3\xe2\xc8", "mq"),
    (b"\x16\x03", "tls-handshake"),
    (b"\x15\x03", "tls-alert"),
    (b"\x14\x03", "tls-other"),
    (b"\x17\x03", "tls-other"),
    (b"HTTP/", "http"),
    (b"<!DOCTYPE", "http"),
    (b"<html", "http"),
    (b"<HTML", "http"),
    (b"PRI * HTTP/2", "http"),
    (b"GET ", "http"),
    (b"POST ", "http"),
    (b"CONNECT ", "http"),
    (b"SSH-", "ssh"),
    (b"AMQP", "amqp"),
    (b"PROXY ", "proxy"),
    (b"220 ", "mail-or-ftp"),
    (b"220-", "mail-or-ftp"),
)


@dataclass(frozen=True, slots=True)
class Segment:
    """One transmission segment.

    Attributes:
        kind: initial-data (either end's first flow), error (the other end refuses and says why), other.
        byte_order: of the numbers in it.
        length: in bytes, as its header states.
        segment_type: number of its type.
        channel, queue_manager: of initial data, "" when blank or cut.
        fap_level: level of the protocol in initial data, else None.
        product: product identifier of the sender with its level ("MQNM09030000"), "" when absent.
        error_status: why an error segment refuses; None when it is cut before it. See error_meaning.
    """

    kind: SegmentKind
    byte_order: ByteOrder
    length: int
    segment_type: int
    channel: str = ""
    queue_manager: str = ""
    fap_level: int | None = None
    product: str = ""
    error_status: int | None = None


def parse_segment(data: bytes) -> Segment:
    """The segment that `data` begins with; its end may be missing, its header not. Raises DecodeError when it is none."""
    # An end on z/OS or IBM i may begin in its own characters.
    ebcdic = data[:4].decode(_EBCDIC).encode("ascii", "replace") in _BYTE_ORDER_AT
    at = _BYTE_ORDER_AT.get(data[:4].decode(_EBCDIC).encode("ascii") if ebcdic else data[:4])
    if at is None or len(data) < at + _HEADER_AFTER_BYTE_ORDER:
        raise DecodeError(
            "The bytes are no MQ segment: they do not begin with TSH, TSHM or TSHC, or the header is cut."
        )
    orders: dict[int, ByteOrder] = {1: "big", 2: "little"}
    order = orders.get(data[at])
    if order is None:
        raise DecodeError(f"The bytes are no MQ segment: byte order {data[at]} is neither 1 nor 2.")
    length = int.from_bytes(data[4:8], "big")
    body = data[at + _HEADER_AFTER_BYTE_ORDER : length]
    segment_type = data[at + 1]
    if ebcdic:
        body = body[:4].decode(_EBCDIC).encode("ascii", "replace") + body[4:]
    if segment_type == _INITIAL_DATA and body.startswith(b"ID  "):
        return _initial_data(order, length, body, ebcdic)
    if segment_type == _STATUS_DATA and length > at + _HEADER_AFTER_BYTE_ORDER:
        return _status_data(order, length, body)
    return Segment("other", order, length, segment_type)


def error_meaning(status: int) -> Row | None:
    """Row of patterns/tables/error_segment.csv for a status; None for one that has not been seen yet."""
    return next((row for row in table("error_segment") if int(row["status_hex"], 16) == status), None)


def first_bytes_kind(data: bytes) -> str:
    """What kind of peer sends these first bytes.

    One of mq, tls-handshake, tls-alert, tls-other, http, ssh, amqp, proxy, mail-or-ftp, nothing (no bytes), unknown.
    """
    if not data:
        return "nothing"
    return next((kind for begin, kind in _FIRST_BYTES if data.startswith(begin)), "unknown")


def _initial_data(order: ByteOrder, length: int, body: bytes, ebcdic: bool) -> Segment:
    product = _text(body, _PRODUCT, ebcdic)
    return Segment(
        kind="initial-data",
        byte_order=order,
        length=length,
        segment_type=_INITIAL_DATA,
        channel=_text(body, _CHANNEL, ebcdic),
        queue_manager=_text(body, _QUEUE_MANAGER, ebcdic),
        fap_level=body[4] if len(body) > 4 else None,
        product=product if _PRODUCT_FORM.fullmatch(product) else "",
    )


def _status_data(order: ByteOrder, length: int, body: bytes) -> Segment:
    status = int.from_bytes(body[4:8], order) if len(body) >= 8 else None
    # A client that closes a conversation sends the same type with status 0.
    return Segment("other" if status == 0 else "error", order, length, _STATUS_DATA, error_status=status or None)


def _text(body: bytes, place: slice, ebcdic: bool) -> str:
    if len(body) < place.stop:
        return ""
    return field_text(body[place].decode(_EBCDIC).encode("latin-1", "replace") if ebcdic else body[place])
