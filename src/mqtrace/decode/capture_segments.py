"""TCP segments in the packets of a capture, whatever link they were taken from."""

from typing import NamedTuple

from mqtrace.decode.capture_packets import Packet

# LINKTYPE_ numbers of https://www.tcpdump.org/linktypes.html, and where the network layer begins.
_ETHERNET, _COOKED, _COOKED_2 = 1, 113, 276
_FIXED_HEADERS = {0: 4, 108: 4, 12: 0, 14: 0, 101: 0, 228: 0, 229: 0}
_TAGGED = (b"\x81\x00", b"\x88\xa8", b"\x91\x00")
_IP = (b"\x08\x00", b"\x86\xdd")
_TCP = 6
_SYN = 2


class Segment(NamedTuple):
    """One TCP segment.

    Attributes:
        time: of its packet, seconds since 1970.
        source, target: addresses as "127.0.0.1:1414" or "[::1]:1414".
        sequence: number of its first byte; of a SYN the number before.
        starts, acknowledges, ends, resets: its flags SYN, ACK, FIN, RST.
        data: its bytes, as far as the capture has them.
    """

    time: float
    source: str
    target: str
    sequence: int
    starts: bool
    acknowledges: bool
    ends: bool
    resets: bool
    data: bytes


def segment_of(packet: Packet) -> Segment | None:
    """The TCP segment in a packet; None for everything else, fragments and what is cut before the data among it."""
    network = _network(packet)
    version = network[0] >> 4 if network else 0
    if not (version == 4 and network[9:10] == bytes([_TCP]) and not _is_later_fragment(network)) and version != 6:
        return None
    import dpkt

    try:
        header = dpkt.ip.IP(network) if version == 4 else dpkt.ip6.IP6(network)
    except (dpkt.Error, ValueError, IndexError, KeyError):
        return None
    tcp = header.data
    return _segment(packet.time, header, tcp) if isinstance(tcp, dpkt.tcp.TCP) else None


def _segment(time: float, header: object, tcp: object) -> Segment:
    source, target = (_address(getattr(header, end), getattr(tcp, port)) for end, port in (("src", "sport"), ("dst", "dport")))
    flags, sequence, data = (getattr(tcp, name) for name in ("flags", "seq", "data"))
    return Segment(time, source, target, sequence, bool(flags & _SYN), bool(flags & 16), bool(flags & 1), bool(flags & 4), bytes(data))


def _address(address: bytes, port: int) -> str:
    from ipaddress import ip_address

    found = ip_address(address)
    return f"{found}:{port}" if found.version == 4 else f"[{found}]:{port}"


def _is_later_fragment(network: bytes) -> bool:
    return int.from_bytes(network[6:8], "big") & 0x1FFF != 0


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
