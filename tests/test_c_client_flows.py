"""Flows of the channel protocol in a trace of a C client: what was received says why, what was sent says with what.

Every trace here is SYNTHETIC; the flows have the layout of those of the .NET and Java clients.
"""

from pathlib import Path

import pytest

from make_c_trace import UNIX, WINDOWS, Layout, Lines, Trace, connect, enter, leave, rows, session, text
from mqtrace import diagnose
from mqtrace.decode.hexdump import parse_hex
from mqtrace.model import Outcome

DUMPS = Path(__file__).parent / "data" / "decode" / "dumps"
REFUSED = "MQRC_CHANNEL_NOT_AVAILABLE"


def initial_data() -> bytes:
    return parse_hex((DUMPS / "dotnet_initial_data.txt").read_text())


def error_segment(status: int) -> bytes:
    data = bytearray(parse_hex((DUMPS / "dotnet_error_segment.txt").read_text()))
    data[32:36] = status.to_bytes(4, "little")
    return bytes(data)


def flow(caption: str, data: bytes) -> Lines:
    return [enter("ccxReceive", 6), *text(caption), *rows(data), leave("ccxReceive", 6)]


def outcome(folder: Path, inside: Lines, result: str = REFUSED, layout: Layout = UNIX) -> Outcome:
    lines = connect(session(inside, "rrcE_CHANNEL_ERROR" if result != "OK" else "OK"), result)
    (only,) = diagnose(Trace(lines, layout, "boxed").write(folder / "AMQ7300.0.FMT")).outcomes
    return only


def cause(found: Outcome) -> tuple[str, str] | None:
    return (found.cause.id, found.cause.confidence) if found.cause else None


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0x01, ("channel.unknown", "certain")),
        (0x16, ("channel.unavailable", "certain")),
        (0x17, ("channel.ended-by-exit", "certain")),
        (0x08, ("channel.rejected", "likely")),
        (0x7A, ("channel.rejected", "certain")),
    ],
)
@pytest.mark.parametrize("layout", [UNIX, WINDOWS], ids=lambda layout: layout.name)
def test_the_status_that_was_received_is_the_cause(
    tmp_path: Path, layout: Layout, status: int, expected: tuple[str, str]
) -> None:
    caption = "Receiving Data:-" if layout.windows else "Receiving 36 bytes"
    assert cause(outcome(tmp_path, flow(caption, error_segment(status)), layout=layout)) == expected


@pytest.mark.parametrize("caption", ["Sending 36 bytes", "Data:-", "Received at last"])
def test_a_segment_that_was_not_received_is_no_refusal(tmp_path: Path, caption: str) -> None:
    found = outcome(tmp_path, flow(caption, error_segment(0x01)))
    assert not [fact for fact in found.connection.facts if fact.name.startswith("error_segment")]
    assert cause(found) != ("channel.unknown", "certain")


def test_data_of_another_thread_is_none_of_this_connection(tmp_path: Path) -> None:
    inside = [
        *text("Receiving 36 bytes"),
        *(line.__class__(line.kind, line.body, 2) for line in rows(error_segment(1))),
    ]
    found = outcome(tmp_path, inside)
    assert not [fact for fact in found.connection.facts if fact.name.startswith("error_segment")]


def test_a_segment_that_ends_a_working_connection_is_no_cause(tmp_path: Path) -> None:
    assert cause(outcome(tmp_path, flow("Receiving 36 bytes", error_segment(0x01)), "OK")) is None


def test_initial_data_tells_the_channel_that_was_asked_for(tmp_path: Path) -> None:
    found = outcome(tmp_path, flow("Sending 268 bytes", initial_data()))
    row = next(each for each in found.settings if each.name == "channel")
    assert (row.value, row.source, row.proof) == ("APP.SVRCONN", "unknown", "traced")


def test_the_rest_of_a_flow_is_never_shown(tmp_path: Path) -> None:
    header = bytearray(error_segment(1)[:28])
    header[9], header[4:8] = 8, (60).to_bytes(4, "big")  # a flow of user and password
    found = outcome(tmp_path, flow("Sending 60 bytes", bytes(header) + b"UID SomeUser    Secret1!        "))
    assert "Secret1!" not in repr(found)
