"""Reads the handshakes of an input, told by its content."""

import re
from collections import deque
from collections.abc import Iterable

from mqtrace.decode.capture import is_capture
from mqtrace.decode.gskit_trace import is_gskit_trace
from mqtrace.decode.hexdump import parse_hex
from mqtrace.decode.jsse_debug import is_jsse_debug
from mqtrace.decode.s_client import is_s_client
from mqtrace.decode.text import decoded
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import DecodeError
from mqtrace.model.tls import Handshake
from mqtrace.readers.tally import Tally

KIND_CAPTURE = "capture"
KIND_GSKIT_TRACE = "gskit-trace"
MOST = 4_000
TRANSCRIPT = compiled(r"<client_hello>|^[ \t]*+V3 Client Hello Sent", re.MULTILINE)
_RECORDS_LIMIT = 1 << 20


def kind_of(head: bytes) -> str:
    """Kind of an input that begins so and holds handshakes only: "capture" or "gskit-trace"; "" for any other."""
    if is_capture(head):
        return KIND_CAPTURE
    return KIND_GSKIT_TRACE if is_gskit_trace(head) else ""


def holds_handshakes(head: bytes) -> bool:
    """Whether a text that begins so shows handshakes: javax.net.debug, openssl s_client, or a GSKit transcript."""
    text = decoded(head)
    return is_jsse_debug(text) or is_s_client(text) or bool(TRANSCRIPT.search(text))


def read_handshakes(source: Source, tally: Tally | None = None) -> list[Handshake]:
    """The handshakes of an input in the order in which they begin; none when it shows none. Kept are the newest MOST of
    those that failed, and of the others; `tally.records` counts all.

    Read are captures (pcap, pcapng), GSKit traces, GSKit transcripts alone or inside a C trace, javax.net.debug output,
    the output of openssl s_client, and TLS records as bytes or hexadecimal. Raises nothing; where an input is damaged,
    source.error says so.
    """
    tally = tally or Tally()
    failed: deque[Handshake] = deque(maxlen=MOST)
    others: deque[Handshake] = deque(maxlen=MOST)
    try:
        for handshake in _handshakes(source):
            tally.records += 1
            (failed if handshake.failed else others).append(handshake)
    except DecodeError:
        return []
    return sorted([*failed, *others], key=_begin)


def _begin(handshake: Handshake) -> str:
    if handshake.origin == "capture":
        return handshake.started
    return f"{handshake.location.line:12}{handshake.location.offset:16}"


def _handshakes(source: Source) -> Iterable[Handshake]:
    from mqtrace.handshakes import captures, printed, transcripts

    head = source.head()
    if kind := kind_of(head):
        return captures.of_capture(source) if kind == KIND_CAPTURE else transcripts.of_gskit_trace(source)
    if head[:2] in (b"\x16\x03", b"\x15\x03"):
        return [captures.of_records(source.stream.read(_RECORDS_LIMIT), source.name)]
    text = decoded(head)
    if is_jsse_debug(text):
        return printed.of_java_debug(source)
    if is_s_client(text):
        return printed.of_s_client(source)
    if records := _hexadecimal(text):
        return [captures.of_records(records, source.name)]
    return transcripts.of_text(source)


def _hexadecimal(text: str) -> bytes:
    """TLS records in hexadecimal, b"" when the text is something else."""
    if transcript_begins(text):
        return b""
    try:
        data = parse_hex(text)
    except DecodeError:
        return b""
    return data if data[:2] in (b"\x16\x03", b"\x15\x03") else b""


def transcript_begins(text: str) -> bool:
    """Whether a heading of a transcript stands in the text."""
    from mqtrace.handshakes.transcripts import HELLO

    return bool(HELLO.search(text))
