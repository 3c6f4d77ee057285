"""GSKit's binary trace, record by record."""

import struct
from io import BytesIO
from pathlib import Path

import pytest

from mqtrace.decode.gskit_trace import gskit_records, is_gskit_trace
from mqtrace.model import DecodeError


@pytest.fixture
def trace(samples: Path) -> bytes:
    return (samples.parent / "handshakes" / "gskit-trace" / "selected_alert_40_tls12.trc").read_bytes()


def test_records_have_place_time_and_text(trace: bytes) -> None:
    records = list(gskit_records(BytesIO(trace)))
    alert = next(each for each in records if each.text.startswith("Alert Level"))
    assert (alert.source, alert.line, alert.process) == ("sslv3.cpp", 13128, 15857)
    assert alert.text == "Alert Level:Description (hex)  2:28 : AlertDescription::handshake_failure"
    assert alert.time == 1795572817


def test_the_records_follow_each_other_to_the_end(trace: bytes) -> None:
    records = list(gskit_records(BytesIO(trace)))
    assert [each.offset for each in records][:3] == [0, 132, 286]
    assert records[-1].offset < len(trace)


@pytest.mark.parametrize("cut", [1, 30, 131, 140, 5000])
def test_a_cut_trace_ends_with_its_last_whole_record(trace: bytes, cut: int) -> None:
    whole = [each.offset for each in gskit_records(BytesIO(trace))]
    ends = [*whole[1:], len(trace)]
    shorter = [each.offset for each in gskit_records(BytesIO(trace[:cut]))]
    assert shorter == [start for start, end in zip(whole, ends, strict=True) if end <= cut]


def test_a_trace_is_known_by_its_first_record(trace: bytes) -> None:
    assert is_gskit_trace(trace[:64])
    assert not is_gskit_trace(trace[132:])
    assert not is_gskit_trace(b"")


def test_bytes_that_are_no_record_are_refused() -> None:
    with pytest.raises(DecodeError, match="source name would take 4294967295 bytes"):
        list(gskit_records(BytesIO(struct.pack(">7I", 1, 2, 3, 4, 5, 6, 0xFFFFFFFF))))


def test_control_characters_are_replaced() -> None:
    text = b"a\x1b[31mb\nc\0" + b"0" * 64
    data = struct.pack(">7I", 1, 2, 3, 4, 5, 6, 0) + struct.pack(">2I", 7, len(text)) + text
    (record,) = gskit_records(BytesIO(data))
    assert record.text == "a\\x1b[31mb\nc"
