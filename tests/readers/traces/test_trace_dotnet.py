"""What is (and is not) a managed .NET client's trace, and where the body of its lines begins."""

from pathlib import Path

import pytest

from mqtrace.formats import format_of
from mqtrace.readers.traces import trace_dotnet

SAMPLES = Path(__file__).parents[3] / "sample-traces"
PREFIX = b"00000018 17:10:46.384581   2355.4      "


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("dotnet-*/*.TRC")), ids=lambda path: path.parent.name)
def test_every_genuine_trace_is_recognised(path: Path) -> None:
    known = format_of(path.read_bytes()[:65536])
    assert known is not None
    assert known.kind == "trace-dotnet"


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("c-*/*.FMT")), ids=lambda path: path.parent.name)
def test_a_trace_of_the_c_client_is_not_taken_for_one(path: Path) -> None:
    head = path.read_bytes()[:65536]
    assert not trace_dotnet.sniff(head)
    known = format_of(head)
    assert known is not None
    assert known.kind == "trace-c"


def test_a_trace_without_its_header_is_recognised_too() -> None:
    assert trace_dotnet.sniff(
        b"   at frame\r\n" + PREFIX + b"Constructing IBM.WMQ.MQClientCfg#03EAC713 MQMBID sn=p930\r\n"
    )


@pytest.mark.parametrize(
    "head",
    [b"", PREFIX + b"request IBM\r\n", b"IBM.WMQ.MQException: reason 2538\n   at IBM.WMQ.MQQueueManager..ctor()\n"],
    ids=["empty", "other", "log"],
)
def test_other_texts_are_no_trace(head: bytes) -> None:
    assert not trace_dotnet.sniff(head)


@pytest.mark.parametrize(
    ("line", "body"),
    [
        (PREFIX + b"mqclient.ini not in working directory\r\n", b"mqclient.ini not in working directory"),
        (
            b"0000001A 17:10:46.384147   2355.4     ---{  MQClientCfg.FindClientIni()\r\n",
            b"---{  MQClientCfg.FindClientIni()",
        ),
        (b"00000018 17:10:46.384581   2355.4      !! - Data received\r\n", b"Data received"),
        (b"17:10:46.384581   2355.4      text\n", b"text"),
        (b"   at Interop.Throw()\r\n", b"   at Interop.Throw()"),
    ],
)
def test_the_body_stands_behind_the_prefix(line: bytes, body: bytes) -> None:
    assert trace_dotnet.body(line) == body
