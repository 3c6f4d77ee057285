"""Packets of a capture file: pcap, and pcapng with all of its interfaces.

Formats: the internet drafts "PCAP Capture File Format" and "PCAP Next Generation (pcapng) Capture File Format".
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from mqtrace.model.errors import DecodeError

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1e6),
    b"\xa1\xb2\xc3\xd4": (">", 1e6),
    b"\x4d\x3c\xb2\xa1": ("<", 1e9),
    b"\xa1\xb2\x3c\x4d": (">", 1e9),
}
_SECTION = b"\x0a\x0d\x0d\x0a"
_BYTE_ORDER_MAGIC = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _SIMPLE_PACKET, _ENHANCED_PACKET = 1, 3, 6
_TIME_RESOLUTION, _END_OF_OPTIONS = 9, 0
# No link carries more in one packet; a larger length is not one.
_LONGEST_PACKET = 1 << 20
_MOST_INTERFACES = 4096


class Packet(NamedTuple):
    """One packet: when (seconds since 1970, 0.0 when not told), the type of its link (LINKTYPE_ number), its bytes."""

    time: float
    link_type: int
    data: bytes


class _Interface(NamedTuple):
    link_type: int
    ticks: float


def is_capture(head: bytes) -> bool:
    """Whether a file that begins with these bytes is a pcap or pcapng."""
    return head[:4] in _PCAP or (head[:4] == _SECTION and head[8:12] in _BYTE_ORDER_MAGIC)


def packets(stream: BinaryIO) -> Iterator[Packet]:
    """Every packet in file order; ends where the file is cut. Raises DecodeError when it is no capture, or goes wrong
    in the middle.
    """
    magic = stream.read(4)
    if magic in _PCAP:
        yield from _pcap(stream, *_PCAP[magic])
    elif magic == _SECTION:
        yield from _pcapng(stream)
    else:
        raise DecodeError("The bytes are no capture: they begin neither as a pcap nor as a pcapng.")


def _pcap(stream: BinaryIO, order: str, ticks: float) -> Iterator[Packet]:
    header = stream.read(20)
    if len(header) < 20:
        return
    # The upper bits tell of check sequences at the end of frames.
    link_type = struct.unpack(order + "I", header[16:])[0] & 0xFFFF
    record = struct.Struct(order + "4I")
    while len(head := stream.read(record.size)) == record.size:
        seconds, fraction, length, _ = record.unpack(head)
        yield Packet(seconds + fraction / ticks, link_type, _exactly(stream, length))


def _pcapng(stream: BinaryIO) -> Iterator[Packet]:
    order, interfaces = _section(stream, stream.read(8)), list[_Interface]()
    while len(head := stream.read(8)) == 8:
        if head[:4] == _SECTION:
            order, interfaces = _section(stream, head[4:] + stream.read(4)), []
            continue
        kind, length = struct.unpack(order + "2I", head)
        body = _exactly(stream, length - 8)[:-4]
        if kind == _INTERFACE and len(body) >= 8 and len(interfaces) < _MOST_INTERFACES:
            interfaces.append(_interface(body, order))
        elif kind == _ENHANCED_PACKET and len(body) >= 20:
            yield from _enhanced(body, order, interfaces)
        elif kind == _SIMPLE_PACKET and len(body) >= 4 and interfaces:
            length = struct.unpack(order + "I", body[:4])[0]
            yield Packet(0.0, interfaces[0].link_type, body[4 : 4 + length])


def _section(stream: BinaryIO, head: bytes) -> str:
    """Byte order of the section whose length and byte order magic are `head`; the rest of its header is passed over."""
    order = _BYTE_ORDER_MAGIC.get(head[4:])
    if order is None:
        raise DecodeError("The capture has a section of pcapng without its byte order.")
    _exactly(stream, struct.unpack(order + "I", head[:4])[0] - 12)
    return order


def _interface(body: bytes, order: str) -> _Interface:
    ticks, at = 1e6, 8
    while at + 4 <= len(body):
        code, length = struct.unpack(order + "2H", body[at : at + 4])
        if code == _END_OF_OPTIONS:
            break
        if code == _TIME_RESOLUTION and length == 1 and at + 4 < len(body):
            exponent = body[at + 4]
            ticks = 2.0 ** (exponent & 0x7F) if exponent & 0x80 else 10.0 ** min(exponent, 18)
        at += 4 + length + -length % 4
    return _Interface(struct.unpack(order + "H", body[:2])[0], ticks)


def _enhanced(body: bytes, order: str, interfaces: list[_Interface]) -> Iterator[Packet]:
    number, high, low, length, _ = struct.unpack(order + "5I", body[:20])
    if number < len(interfaces):
        interface = interfaces[number]
        yield Packet((high << 32 | low) / interface.ticks, interface.link_type, body[20 : 20 + length])


def _exactly(stream: BinaryIO, length: int) -> bytes:
    if not 0 <= length <= _LONGEST_PACKET:
        raise DecodeError(f"The capture is damaged: a packet or block would take {length} bytes.")
    return stream.read(length)
