"""Captures written for tests: pcap and pcapng with TCP over IPv4 and IPv6, on several kinds of link."""

import struct
from collections.abc import Sequence

CLIENT, SERVER = 40000, 1414
SYN, ACK, FIN, RST = 2, 16, 1, 4


def tcp(source: int, target: int, sequence: int, data: bytes = b"", flags: int = ACK) -> bytes:
    """An IPv4 packet; the client is 10.0.0.1, the server 10.0.0.2."""
    segment = struct.pack(">HHIIBBHHH", source, target, sequence & 0xFFFFFFFF, 0, 0x50, flags, 1, 0, 0) + data
    ends = (b"\x0a\0\0\1", b"\x0a\0\0\2") if target == SERVER else (b"\x0a\0\0\2", b"\x0a\0\0\1")
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0) + b"".join(ends) + segment


def from_client(sequence: int, data: bytes = b"", flags: int = ACK) -> bytes:
    return tcp(CLIENT, SERVER, sequence, data, flags)


def from_server(sequence: int, data: bytes = b"", flags: int = ACK) -> bytes:
    return tcp(SERVER, CLIENT, sequence, data, flags)


def pcap(packets: Sequence[bytes], link_type: int = 101, order: str = "<") -> bytes:
    head = struct.pack(order + "IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, link_type)
    return head + b"".join(
        struct.pack(order + "4I", 1_700_000_000 + at, 0, len(each), len(each)) + each for at, each in enumerate(packets)
    )


def block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<2I", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)


def pcapng(packets: Sequence[tuple[int, bytes]], link_types: Sequence[int]) -> bytes:
    """Packets with the number of their interface; a comment block stands between header and packets."""
    section = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    interfaces = b"".join(block(1, struct.pack("<HHI", link_type, 0, 65535)) for link_type in link_types)
    told = block(5, bytes(12))
    ticks = 1_700_000_000 * 1_000_000
    return (
        section
        + interfaces
        + told
        + b"".join(
            block(6, struct.pack("<5I", interface, ticks >> 32, ticks & 0xFFFFFFFF, len(each), len(each)) + each)
            for interface, each in packets
        )
    )
