"""Lines that are missing inside a call: calls that do not nest, counters, sessions and clocks that jump. SYNTHETIC."""

from io import BytesIO

import pytest

from mqtrace.inputs import Source
from mqtrace.readers.traces import trace_c, trace_dotnet
from mqtrace.readers.traces.continuity import Replay, hole_in

WHOLE = (
    " 09:00:00.000001  7253.1      RSESS:000001 {  MQCONNX",
    " 09:00:00.000002  7253.1      RSESS:000001 -{  rriInitSess",
    " 09:00:00.000003  7253.2      :            {  MQGET",
    " 09:00:00.000004  7253.1      RSESS:000001   0x0000:  41414141 41414141 41414141 41414141  |AAAAAAAAAAAAAAAA|",
    " 09:00:00.000005  7253.1      RSESS:000001   0x0010:  41414141 41414141 41414141 41414141  |AAAAAAAAAAAAAAAA|",
    " 09:00:00.000006  7253.1      RSESS:000001 -}! rriInitSess rc=rrcE_CHANNEL_ERROR",
    " 09:00:00.000007  7253.1      RSESS:000002 -{  rriInitSess",
    " 09:04:00.000008  7253.1      RSESS:000002 -}  rriInitSess rc=OK",
    " 09:04:00.000009  7253.1      RSESS:000002 }  MQCONNX rc=OK",
)


def hole(lines: tuple[str, ...], reader=trace_c) -> str | None:
    """The first line behind missing ones, None where none are seen to be missing."""
    content = "".join(f"{line}\n" for line in lines).encode()
    source = Source("trace", BytesIO(content))
    replay = Replay(source)
    assert source.stream.read() == content
    place = hole_in(replay, reader.DIALECT, "7253.1", 0, len(content))
    return None if place is None else content[place:].decode().splitlines()[0]


def test_a_whole_call_has_no_hole() -> None:
    assert hole(WHOLE) is None


@pytest.mark.parametrize(
    ("lines", "behind"),
    [
        pytest.param(WHOLE[:1] + WHOLE[5:], WHOLE[5], id="a call ends that did not begin"),
        pytest.param(WHOLE[:5] + WHOLE[6:], WHOLE[6], id="a call begins at the depth of one that did not end"),
        pytest.param(WHOLE[:3] + WHOLE[4:], WHOLE[4], id="a dump without its begin"),
        pytest.param((*WHOLE[:2], " 09:00:00.000003  7253.1      : !!! 12 lines lost", *WHOLE[2:]), "!!!", id="told"),
        pytest.param((*WHOLE[:7], WHOLE[7].replace("RSESS:000002", "RSESS:000004")), WHOLE[7][:8], id="session"),
        pytest.param((*WHOLE[:7], WHOLE[7].replace("09:04", "09:30")), " 09:30", id="clock"),
    ],
)
def test_what_shows_that_lines_are_missing(lines: tuple[str, ...], behind: str) -> None:
    assert behind in (hole(lines) or "")


@pytest.mark.parametrize(
    ("counters", "is_torn"), [((1, 2, 5, 6), False), ((1, 2, 30, 31), True), ((1, 3, 2, 4), False)]
)
def test_counters_of_lines_that_leave_out_several_in_a_row(counters: tuple[int, ...], is_torn: bool) -> None:
    lines = tuple(f"{counter:08X} 09:00:00.000001   7253.1     text" for counter in counters)
    assert (hole(lines, trace_dotnet) is not None) == is_torn
