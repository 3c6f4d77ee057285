"""Whatever the bytes: an answer, soon."""

import json
import struct
import time
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_capture import from_client, from_server, pcap

from mqtrace.handshakes.reading import holds_handshakes, read_handshakes
from mqtrace.inputs import Source
from mqtrace.report.tls_json import handshakes_as_dict
from mqtrace.rules.outcome import handshake_cause

MEGABYTE = 1 << 20
SAMPLES = Path(__file__).parents[1] / "data" / "handshakes"
FILES = [path for path in sorted(SAMPLES.rglob("*")) if path.suffix in (".pcap", ".trc", ".log", ".txt")]
ENTRY = b"javax.net.ssl|D|1|m|2026|C:1|Produced ClientHello handshake message (\n"
TRACE_BEGIN = (
    struct.pack(">7I", 1 << 31, 1, 1, 0, 1, 0, 0)
    + struct.pack(">2I", 0, 0x60)
    + b">>>>> GSKTrace turned on  <<<<<\0"
    + b"0" * 64
)


def record(text: bytes) -> bytes:
    return struct.pack(">7I", 1, 1, 1, 1, 1, 0, 0) + struct.pack(">2I", 1, len(text) + 65) + text + b"\0" + b"a" * 64


def told(data: bytes) -> str:
    return json.dumps(
        handshakes_as_dict([(each, handshake_cause(each)) for each in read_handshakes(Source("x", BytesIO(data)))])
    )


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(FILES), st.integers(0, 1 << 20), st.binary(max_size=40), st.integers(0, 60))
def test_damaged_files_are_read_as_far_as_they_go(path: Path, at: int, put: bytes, taken: int) -> None:
    data = path.read_bytes()
    at %= len(data)
    assert json.loads(told(data[:at] + put + data[at + taken :])).keys() == {"handshakes"}


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(
        [b"", b"\xd4\xc3\xb2\xa1", b"\x0a\x0d\x0d\x0a", b"\x16\x03", TRACE_BEGIN, ENTRY, b"CONNECTED(3)\n"]
    ),
    st.binary(max_size=400),
)
def test_any_bytes_are_answered(begin: bytes, rest: bytes) -> None:
    assert json.loads(told(begin + rest)).keys() == {"handshakes"}


CASES = {
    "empty lines": b"\n" * MEGABYTE,
    "headings": b"<client_hello>\n" * (MEGABYTE // 15),
    "hex rows": b"V3 Client Hello Sent:\n-----BEGIN HEX-----\n"
    + b"01 00 00 75 03 03 CD AD 62 AF F2 7A AC 50 39 5C\n" * (MEGABYTE // 48),
    "a record of line ends": TRACE_BEGIN + record(b"\n" * (MEGABYTE - 200) + b"Alert"),
    "brackets": ENTRY + b'  "cipher suites": "' + b"[" * MEGABYTE,
    "blanks": ENTRY + (b'  "cipher suites": "' + b" " * 60000 + b"x\n") * 16,
    "many entries": ENTRY * (MEGABYTE // len(ENTRY)),
    "s_client": b"CONNECTED(00000003)\n"
    + b">>> TLS 1.2, Handshake [length 0001], ClientHello\n01 00\n" * (MEGABYTE // 56),
    "records": b"\x16\x03\x03\0\1\1" * (MEGABYTE // 6),
    "turns": pcap(
        [
            (from_client if at % 2 == 0 else from_server)(1 + 6 * (at // 2), b"\x16\x03\x03\0\1\0")
            for at in range(MEGABYTE // 62)
        ]
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_megabyte_takes_less_than_two_seconds(name: str) -> None:
    begin = time.process_time()
    told(CASES[name])
    assert time.process_time() - begin < 2


def test_blank_lines_cost_no_time_where_every_input_is_asked() -> None:
    begun = time.process_time()
    assert not holds_handshakes(b"\n" * 65536)
    assert time.process_time() - begun < 0.5
