"""TCP connections in captures, put together from packets."""

import struct
from io import BytesIO

import pytest
from make_capture import ACK, FIN, SYN, block, from_client, from_server, pcap, pcapng

from mqtrace.decode.capture import TcpConversation, conversations, is_capture
from mqtrace.model import DecodeError

ETHERNET = bytes(12)


def read(data: bytes) -> list[TcpConversation]:
    return list(conversations(BytesIO(data)))


def said(talk: TcpConversation) -> list[tuple[str, bytes]]:
    return [(turn.sender, bytes(turn.data)) for turn in talk.turns]


OPENING = [from_client(99, flags=SYN), from_server(499, flags=SYN | ACK)]
TALK = [*OPENING, from_client(100, b"ask"), from_server(500, b"answer")]
TOLD = [("client", b"ask"), ("server", b"answer")]


def test_turns_are_told_in_order() -> None:
    (talk,) = read(pcap(TALK))
    assert (talk.client, talk.server, talk.started) == ("10.0.0.1:40000", "10.0.0.2:1414", 1_700_000_000.0)
    assert said(talk) == TOLD


@pytest.mark.parametrize(
    ("packets", "told"),
    [
        ([*OPENING, from_client(102, b"k"), from_client(100, b"as")], [("client", b"ask")]),
        ([*OPENING, from_client(100, b"as"), from_client(100, b"as"), from_client(102, b"k")], [("client", b"ask")]),
        ([*OPENING, from_client(100, b"as"), from_client(101, b"sk")], [("client", b"ask")]),
        ([from_client(0xFFFFFFFE, b"as"), from_client(0, b"k")], [("client", b"ask")]),
        ([from_client(99, flags=SYN), from_client(100, b"ask")], [("client", b"ask")]),
    ],
    ids=["out of order", "sent again", "overlapping", "number wraps", "answer not captured"],
)
def test_bytes_are_put_in_order(packets: list[bytes], told: list[tuple[str, bytes]]) -> None:
    (talk,) = read(pcap(packets))
    assert said(talk) == told


def test_what_is_missing_is_told() -> None:
    (talk,) = read(pcap([*OPENING, from_client(100, b"as"), from_client(105, b"later")]))
    assert (said(talk), talk.incomplete) == ([("client", b"as")], True)


def test_who_closes_first_is_told() -> None:
    (talk,) = read(pcap([*TALK, from_server(506, flags=FIN | ACK), from_client(103, flags=FIN | ACK)]))
    assert talk.closed_by == "server"


def test_the_same_ports_again_are_another_connection() -> None:
    assert [said(each) for each in read(pcap([*TALK, *TALK]))] == [TOLD, TOLD]


@pytest.mark.parametrize(
    ("link_type", "head"),
    [
        (1, ETHERNET + b"\x08\0"),
        (1, ETHERNET + b"\x81\0\0\7\x08\0"),
        (113, bytes(14) + b"\x08\0"),
        (276, b"\x08\0" + bytes(18)),
        (0, b"\2\0\0\0"),
        (101, b""),
        (228, b""),
    ],
    ids=["Ethernet", "VLAN", "Linux cooked", "Linux cooked 2", "loopback", "raw", "IPv4"],
)
def test_links_of_all_usual_kinds_are_read(link_type: int, head: bytes) -> None:
    (talk,) = read(pcap([head + each for each in TALK], link_type))
    assert said(talk) == TOLD


def test_ipv6_is_read() -> None:
    segment = struct.pack(">HHIIBBHHH", 40000, 1414, 100, 0, 0x50, 16, 1, 0, 0) + b"ask"
    packet = struct.pack(">IHBB", 6 << 28, len(segment), 6, 64) + bytes(15) + b"\1" + bytes(15) + b"\2" + segment
    (talk,) = read(pcap([packet]))
    assert (talk.client, talk.server) == ("[::1]:40000", "[::2]:1414")


def test_pcapng_is_read_with_the_link_of_each_interface() -> None:
    packets = [(0, TALK[0]), (1, ETHERNET + b"\x08\0" + TALK[1]), (0, TALK[2]), (1, ETHERNET + b"\x08\0" + TALK[3])]
    (talk,) = read(pcapng(packets, [101, 1]))
    assert (said(talk), talk.started) == (TOLD, 1_700_000_000.0)


def test_big_endian_pcap_is_read() -> None:
    (talk,) = read(pcap(TALK, order=">"))
    assert said(talk) == TOLD


def test_a_cut_capture_gives_what_is_whole() -> None:
    (talk,) = read(pcap(TALK)[:-3])
    assert said(talk)[0] == ("client", b"ask")


def test_damage_in_the_middle_is_said_after_what_was_read() -> None:
    found = conversations(BytesIO(pcap(TALK) + struct.pack("<4I", 0, 0, 1 << 31, 1 << 31)))
    assert said(next(found)) == TOLD
    with pytest.raises(DecodeError, match="would take 2147483648 bytes"):
        next(found)


@pytest.mark.parametrize("data", [b"", b"hello", b"\xd4\xc3\xb2", block(0x0A0D0D0A, b"nope" + bytes(12))])
def test_anything_else_is_no_capture(data: bytes) -> None:
    assert not is_capture(data)
    with pytest.raises(DecodeError):
        read(data)
