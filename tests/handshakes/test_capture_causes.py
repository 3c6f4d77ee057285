"""What a capture proves of connections that did not come to a TLS handshake."""

import struct
from io import BytesIO

import pytest
from judging import cause_id
from make_capture import ACK, FIN, RST, SYN, from_client, from_server, pcap

from mqtrace.handshakes.reading import read_handshakes
from mqtrace.inputs import Source
from mqtrace.model.tls import Handshake
from mqtrace.report.tls_text import summary

ERROR_SEGMENT = b"TSH \0\0\0\x24\x02\x05\x31\0" + bytes(16) + b"\0\0\0\0" + b"\x01\0\0\0"
INITIAL_DATA = b"TSH \0\0\0\x20\x02\x01\x31\0" + bytes(16) + b"ID  "


def hello() -> bytes:
    body = b"\x03\x03" + bytes(32) + b"\0" + b"\0\x04\xc0\x30\xc0\x2f" + b"\1\0"
    message = b"\1" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\1" + len(message).to_bytes(2, "big") + message


def talk(asked: bytes, answer: bytes, ending: bytes = b"") -> Handshake:
    opening = [from_client(99, flags=SYN), from_server(499, flags=SYN | ACK), from_client(100, asked)]
    packets = [*opening, *([from_server(500, answer)] if answer else []), *([ending] if ending else [])]
    (handshake,) = read_handshakes(Source("x.pcap", BytesIO(pcap(packets))))
    return handshake


@pytest.mark.parametrize(
    ("handshake", "cause"),
    [
        (talk(hello(), ERROR_SEGMENT), "tls.server-not-tls"),
        (talk(hello(), b"HTTP/1.1 400 Bad Request\r\n"), "tls.server-not-tls"),
        (talk(hello(), b"", from_server(500, flags=FIN | ACK)), "tls.closed-in-handshake"),
        (talk(hello(), b"", from_client(999, flags=FIN | ACK)), None),
        (talk(hello(), b"\x15\3\3\0\2\2\x70"), "tls.sni-refused"),
        (talk(INITIAL_DATA, b"\x15\3\3\0\2\2\x0a"), "tls.client-plain-server-tls"),
        (talk(INITIAL_DATA, ERROR_SEGMENT), "channel.unknown"),
        (talk(INITIAL_DATA, b"HTTP/1.1 400 Bad Request\r\n"), "network.not-mq"),
    ],
    ids=[
        "mq answers tls",
        "http",
        "closed",
        "client closed",
        "alert 112",
        "plain to tls",
        "error segment",
        "http to plain",
    ],
)
def test_the_answer_decides(handshake: Handshake, cause: str | None) -> None:
    assert cause_id(handshake) == cause


def test_a_refused_connection_is_told() -> None:
    packets = [from_client(99, flags=SYN), from_server(0, flags=RST | ACK)]
    (handshake,) = read_handshakes(Source("x.pcap", BytesIO(pcap(packets))))
    assert (handshake.refused, handshake.server, cause_id(handshake)) == (True, "10.0.0.2:1414", "network.refused")


def test_connections_of_other_programs_are_left_out() -> None:
    packets = [from_client(100, b"GET / HTTP/1.1\r\n"), from_server(500, b"HTTP/1.1 200 OK\r\n")]
    assert read_handshakes(Source("x.pcap", BytesIO(pcap(packets)))) == []


def cut_to(capture: bytes, length: int) -> bytes:
    """The capture as taken with a limit to the bytes of a packet."""
    cut, at = capture[:24], 24
    while at < len(capture):
        head = list(struct.unpack("<4I", capture[at : at + 16]))
        kept = min(head[2], length)
        cut += struct.pack("<4I", *head[:2], kept, head[3]) + capture[at + 16 : at + 16 + kept]
        at += 16 + head[2]
    return cut


def test_a_capture_that_lacks_bytes_proves_nothing_by_what_is_not_there() -> None:
    packets = [
        from_client(99, flags=SYN),
        from_server(499, flags=SYN | ACK),
        from_client(100, hello()),
        from_server(500, flags=FIN | ACK),
    ]
    (whole,) = read_handshakes(Source("x.pcap", BytesIO(pcap(packets))))
    (cut,) = read_handshakes(Source("x.pcap", BytesIO(cut_to(pcap(packets), 60))))
    assert (whole.incomplete, cause_id(whole)) == (False, "tls.closed-in-handshake")
    assert (cut.incomplete, cause_id(cut)) == (True, None)
    assert summary(cut).startswith("Bytes of this connection are missing in the capture")


def test_an_error_code_that_nobody_knows_is_told_as_a_refusal() -> None:
    found = talk(INITIAL_DATA, ERROR_SEGMENT[:-4] + b"\x99\0\0\0")
    assert cause_id(found) == "channel.rejected"
    assert str(found.segments[-1]) == "the server refuses with error code 153 (0x99): not known"


def test_an_error_segment_behind_initial_data_in_one_turn_is_seen() -> None:
    found = talk(INITIAL_DATA, INITIAL_DATA + ERROR_SEGMENT)
    assert [(each.sender, each.kind) for each in found.segments] == [
        ("client", "initial-data"),
        ("server", "initial-data"),
        ("server", "error"),
    ]
    assert cause_id(found) == "channel.unknown"


def test_a_link_that_is_not_read_is_said() -> None:
    source = Source("x.pcap", BytesIO(pcap([from_client(99, flags=SYN)], link_type=105)))
    assert read_handshakes(source) == []
    assert source.error == "The capture's packets are of a link that is not read (LINKTYPE_ 105)."
