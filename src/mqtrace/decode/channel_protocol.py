"""The first flows of MQ's channel protocol, and what kind of server answered instead.

Layout of the transmission segment header and of the initial data as observed in traces of the .NET and Java clients
(and named alike by Wireshark's dissector): eyecatcher, length (always big endian), in TSHM two numbers of the
conversation, then byte order (1 big, 2 little), segment type, flags, unit of work, encoding, CCSID.
"""

from mqtrace.catalog.tables import table
from mqtrace.decode.text import field_text
from mqtrace.kept import compiled
from mqtrace.model import DecodeError
from mqtrace.model.tls import ByteOrder, Segment

# Where the byte order stands after each eyecatcher. Only TSHM has the numbers of a conversation before it.
_BYTE_ORDER_AT = {b"TSH ": 8, b"TSHC": 8, b"TSHM": 16}
_EBCDIC = "cp500"
_HEADER_AFTER_BYTE_ORDER = 20
_INITIAL_DATA, _STATUS_DATA = 1, 5
_PRODUCT_FORM = compiled(r"[A-Z]{4}[0-9]{8}")
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


def parse_segment(data: bytes) -> Segment:
    """The segment that `data` begins with; its end may be missing, its header not. Raises DecodeError for others."""
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
    if status == 0:
        # So a client closes a conversation.
        return Segment("other", order, length, _STATUS_DATA)
    return Segment("error", order, length, _STATUS_DATA, error_status=status, meaning=_meaning(status))


def _meaning(status: int | None) -> str:
    """What a status means (patterns/tables/error_segment.csv), "" for one that has not been seen yet."""
    return next((row["meaning"] for row in table("error_segment") if int(row["status_hex"], 16) == status), "")


def _text(body: bytes, place: slice, ebcdic: bool) -> str:
    if len(body) < place.stop:
        return ""
    return field_text(body[place].decode(_EBCDIC).encode("latin-1", "replace") if ebcdic else body[place])
