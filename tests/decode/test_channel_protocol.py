"""The first flows of a channel, and what answers instead of a queue manager."""

import json
from pathlib import Path

import pytest

from mqtrace.decode.channel_protocol import first_bytes_kind, parse_segment
from mqtrace.decode.hexdump import parse_hex
from mqtrace.model.errors import DecodeError
from mqtrace.model.tls import Segment


def segment_of(samples: Path, name: str) -> bytes:
    return parse_hex((samples / "dumps" / f"{name}.txt").read_text())


def test_initial_data_of_the_dotnet_client(samples: Path) -> None:
    assert parse_segment(segment_of(samples, "dotnet_initial_data")) == Segment(
        "initial-data", "little", 268, 1, channel="APP.SVRCONN", queue_manager="", fap_level=15, product="MQNM09030000"
    )


def test_initial_data_of_the_java_client(samples: Path) -> None:
    assert parse_segment(segment_of(samples, "java_initial_data")) == Segment(
        "initial-data", "big", 268, 1, channel="APP.SVRCONN", queue_manager="QM1", fap_level=17, product="MQJB09040400"
    )


def test_error_segment_says_why_the_queue_manager_refused(samples: Path) -> None:
    segment = parse_segment(segment_of(samples, "dotnet_error_segment"))

    assert segment == Segment(
        "error", "little", 36, 5, error_status=1, meaning="channel not known to the queue manager"
    )


@pytest.mark.parametrize(
    ("hexadecimal", "expected"),
    [
        pytest.param(
            "54534820 00000028 01050c00 00000000 00000000 00000111 03330000 0000000c 00000018 00000000",
            Segment("error", "big", 40, 5, error_status=0x18, meaning="CipherSpec differs from the channel definition"),
            id="big endian, length 0c",
        ),
        pytest.param(
            "5453484d 0000002c 00000001 00000000 01053000 00000000 00000000 00000111 03330000 00000008 00000017",
            Segment("error", "big", 44, 5, error_status=0x17, meaning="channel ended by the other end's exit or rule"),
            id="TSHM has the numbers of a conversation before its byte order",
        ),
        pytest.param(
            "5453484d 0000002c 00000001 00000000 01053000 00000000 00000000 00000111 03330000 00000008 00000000",
            Segment("other", "big", 44, 5),
            id="status 0 closes, it is no error",
        ),
        pytest.param(
            "54534820 0000001c 01053800 00000000 00000000 00000111 03330000",
            Segment("other", "big", 28, 5),
            id="close without a status",
        ),
        pytest.param(
            "54534820 00000024 02050c00 00000000 00000000 22020000 33030000 08000000",
            Segment("error", "little", 36, 5),
            id="cut before its status",
        ),
        pytest.param(
            "54534843 00000030 010c3800 00000000 00000000 00000111 03330000", Segment("other", "big", 48, 12), id="TSHC"
        ),
    ],
)
def test_other_segments(hexadecimal: str, expected: Segment) -> None:
    assert parse_segment(bytes.fromhex(hexadecimal)) == expected


def test_cut_initial_data_gives_what_is_there(samples: Path) -> None:
    data = segment_of(samples, "java_initial_data")

    assert parse_segment(data[:0x50]) == Segment("initial-data", "big", 268, 1, channel="APP.SVRCONN", fap_level=17)
    assert parse_segment(data[:0x40]) == Segment("initial-data", "big", 268, 1, fap_level=17)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"TSH " + bytes(23), id="header cut"),
        pytest.param(b"TSHM" + bytes(31), id="longer header cut"),
        pytest.param(b"TSH \0\0\0\x24\x03" + bytes(40), id="byte order 3"),
        pytest.param(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n", id="HTTP"),
    ],
)
def test_what_is_no_segment_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError, match="no MQ segment"):
        parse_segment(data)


def test_an_unseen_status_has_no_meaning() -> None:
    segment = parse_segment(
        bytes.fromhex("54534820 00000024 02050c00 00000000 00000000 22020000 33030000 08000000 ff7f0000")
    )
    assert (segment.error_status, segment.meaning) == (0x7FFF, "")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"TSH \0\0\0\x24", "mq"),
        (b"TSHM", "mq"),
        (b"TSHC", "mq"),
        (b"\xe3\xe2\xc8\x40", "mq"),
        (b"\x16\x03\x03\0\x7a", "tls-handshake"),
        (b"\x15\x03\x01\0\x02\x02\x28", "tls-alert"),
        (b"\x17\x03\x03\0\x10", "tls-other"),
        (b"HTTP/1.1 400 Bad Request", "http"),
        (b"<html>", "http"),
        (b"SSH-2.0-OpenSSH_9.6", "ssh"),
        (b"220 mail.example.test ESMTP", "mail-or-ftp"),
        (b"AMQP\0\1\0\0", "amqp"),
        (b"", "nothing"),
        (b"\0\0\0\0", "unknown"),
        (b"\x16", "unknown"),
    ],
)
def test_kind_of_peer(data: bytes, kind: str) -> None:
    assert first_bytes_kind(data) == kind


@pytest.mark.corpus
def test_first_flights_in_clear_name_the_channel(shared_corpus: Path) -> None:
    channels = {}
    for path in sorted(shared_corpus.glob("trace-*/*/truth.json")):
        truth = json.loads(path.read_text())
        data = bytes.fromhex(truth.get("client_hello") or "")
        if data.startswith(b"TSH"):
            channels[path.parent.name] = (parse_segment(data).channel, truth["settings"]["channel"]["value"])
    assert len(channels) >= 3
    assert all(sent == true for sent, true in channels.values()), channels


def test_initial_data_in_ebcdic_are_read(samples: Path) -> None:
    data = segment_of(samples, "java_initial_data")
    texts = (slice(0, 4), slice(28, 32), slice(52, 72), slice(76, 124), slice(176, 188))
    ebcdic = bytearray(data)
    for each in texts:
        ebcdic[each] = data[each].decode("ascii").encode("cp500")
    assert parse_segment(bytes(ebcdic)) == parse_segment(data)
