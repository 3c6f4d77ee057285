"""TCP segments in the packets of a capture, whatever link they were taken from."""

import struct
from ipaddress import ip_address
from typing import NamedTuple

from mqtrace.decode.capture_packets import Packet

# LINKTYPE_ numbers of https://www.tcpdump.org/linktypes.html, and where the network layer begins.
_ETHERNET, _COOKED, _COOKED_2 = 1, 113, 276
_FIXED_HEADERS = {0: 4, 108: 4, 12: 0, 14: 0, 101: 0, 228: 0, 229: 0}
_TAGGED = (b"\x81\x00", b"\x88\xa8", b"\x91\x00")
_IP = (b"\x08\x00", b"\x86\xdd")
_TCP = 6
# Extension headers of IPv6 that may stand before TCP: hop-by-hop, routing, destination options; and that of a fragment.
_EXTENSIONS, _FRAGMENT = (0, 43, 60), 44
_MOST_EXTENSIONS = 8
_HEADER = struct.Struct(">4sI4xBB")
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16


class TcpSegment(NamedTuple):
    """One TCP segment.

    Attributes:
        time: of its packet, seconds since 1970.
        source, target: ends of the connection: the bytes of address and port. `end_text` writes them.
        sequence: number of its first byte; of a SYN the number before.
        starts, acknowledges, ends, resets: its flags SYN, ACK, FIN, RST.
        data: its bytes, as far as the capture has them.
        cut: whether the capture has not all of them.
    """

    time: float
    source: bytes
    target: bytes
    sequence: int
    starts: bool
    acknowledges: bool
    ends: bool
    resets: bool
    data: bytes
    cut: bool


def reads_link(link_type: int) -> bool:
    """Whether packets of a link of that type (LINKTYPE_ number) are read."""
    return link_type in (_ETHERNET, _COOKED, _COOKED_2) or link_type in _FIXED_HEADERS


def segment_of(packet: Packet) -> TcpSegment | None:
    """The TCP segment in a packet; None for everything else, fragments and what is cut before the data among it."""
    network = _network(packet)
    version = network[0] >> 4 if len(network) >= 20 else 0
    if version == 4:
        return _of_ipv4(packet.time, network)
    return _of_ipv6(packet.time, network) if version == 6 else None


def end_text(end: bytes) -> str:
    """An end of a connection as "127.0.0.1:1414" or "[::1]:1414"."""
    address, port = ip_address(end[:-2]), int.from_bytes(end[-2:], "big")
    return f"{address}:{port}" if address.version == 4 else f"[{address}]:{port}"


def _of_ipv4(time: float, network: bytes) -> TcpSegment | None:
    if network[9] != _TCP or int.from_bytes(network[6:8], "big") & 0x1FFF:
        return None
    # A length of 0 is left to the network card (segmentation offload).
    length = int.from_bytes(network[2:4], "big") or len(network)
    return _of_tcp(time, network[12:16], network[16:20], network[(network[0] & 15) * 4 : length], len(network) < length)


def _of_ipv6(time: float, network: bytes) -> TcpSegment | None:
    header, at = network[6], 40
    for _ in range(_MOST_EXTENSIONS):
        if header in _EXTENSIONS and len(network) >= at + 2:
            header, at = network[at], at + (network[at + 1] + 1) * 8
        elif (
            header == _FRAGMENT
            and len(network) >= at + 8
            and not int.from_bytes(network[at + 2 : at + 4], "big") & 0xFFF8
        ):
            header, at = network[at], at + 8
        else:
            break
    length = int.from_bytes(network[4:6], "big")
    end = 40 + length if length else len(network)
    return _of_tcp(time, network[8:24], network[24:40], network[at:end], len(network) < end) if header == _TCP else None


def _of_tcp(time: float, source: bytes, target: bytes, tcp: bytes, cut: bool) -> TcpSegment | None:
    if len(tcp) < 20:
        return None
    ports, sequence, offset, flags = _HEADER.unpack_from(tcp)
    ends = (source + ports[:2], target + ports[2:])
    marks = (bool(flags & _SYN), bool(flags & _ACK), bool(flags & _FIN), bool(flags & _RST))
    return TcpSegment(time, *ends, sequence, *marks, tcp[(offset >> 4) * 4 :], cut)


def _network(packet: Packet) -> bytes:
    """The network layer of a packet, b"" when it is not IP."""
    data = packet.data
    if packet.link_type in _FIXED_HEADERS:
        return data[_FIXED_HEADERS[packet.link_type] :]
    if packet.link_type == _COOKED:
        return data[16:] if data[14:16] in _IP else b""
    if packet.link_type == _COOKED_2:
        return data[20:] if data[:2] in _IP else b""
    return _of_ethernet(data) if packet.link_type == _ETHERNET else b""


def _of_ethernet(data: bytes) -> bytes:
    at = 12
    while data[at : at + 2] in _TAGGED:
        at += 4
    return data[at + 2 :] if data[at : at + 2] in _IP else b""
