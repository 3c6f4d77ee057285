"""MQ's first flow, the initial data of a client, which names a channel; and what an answer to it says.

Layout as seen in the first flows of the .NET and Java clients (decode/channel_protocol.py reads it): a header of 28
bytes, then 240 bytes. No user, no password and no name of a program is in it.
"""

import struct

from msgspec import Struct

from mqtrace.catalog.tables import table
from mqtrace.decode.channel_protocol import first_bytes_kind, parse_segment
from mqtrace.model import DecodeError
from mqtrace.model.text import text

# The level of the protocol that every queue manager of today speaks, and what goes with it.
_LEVEL = 13
_BIG, _INITIAL, _CONTROL = 1, 1, 0x31
_ENCODING, _CCSID = 0x111, 819
_CHANNEL, _QUEUE_MANAGER = 20, 48
_SEGMENT, _MESSAGE, _HEARTBEAT, _BATCH = 32748, 4 << 20, 300, 50
_LENGTH, _MORE = 268, 138
_OTHERS = {
    "http": "it answers in HTTP",
    "ssh": "it answers as SSH does",
    "tls-alert": "it answers with an alert of TLS: it expects TLS",
    "tls-handshake": "it answers with TLS",
    "nothing": "it closed the connection without an answer",
}
_CAUSES = {"nothing": "network.closed-by-peer", "tls-alert": "tls.client-plain-server-tls"}


class Answered(Struct, frozen=True):
    """What the other end made of the first flow: a sentence, and the id of the cause where it refuses, else ""."""

    text: str
    cause: str = ""


def initial_data(channel: str, queue_manager: str) -> bytes:
    """The first flow of a client that wants the channel."""
    header = struct.pack(">4sIBBBB8xIHH", b"TSH ", _LENGTH, _BIG, _INITIAL, _CONTROL, 0, _ENCODING, _CCSID, 0)
    names = (_padded(channel, _CHANNEL), _padded(queue_manager.removeprefix("*"), _QUEUE_MANAGER))
    body = struct.pack(
        ">4sBBBB2xHIII20sBBH48sI", b"ID  ", _LEVEL, 0x26, 0, 0, _BATCH, _SEGMENT, _MESSAGE, 999_999_999,
        names[0], 0x51, 0, _CCSID, names[1], _HEARTBEAT,
    )  # fmt: skip
    # How much follows, no compression of headers and messages, one conversation.
    more = struct.pack(">H2x2s16s6xI", _MORE, b"\0\xff", b"\0".ljust(16, b"\xff"), 1)
    return (header + body + more).ljust(_LENGTH, b"\0")


def _padded(name: str, length: int) -> bytes:
    return name.encode("latin-1", "replace")[:length].ljust(length)


def answered(data: bytes) -> Answered:
    """What the first bytes of the answer say."""
    kind = first_bytes_kind(data)
    if kind != "mq":
        return Answered(_OTHERS.get(kind, "its answer is not MQ's"), _CAUSES.get(kind, "network.not-mq"))
    try:
        segment = parse_segment(data)
    except DecodeError:
        return Answered("its answer is cut", "network.closed-by-peer")
    if segment.kind == "error":
        meaning = segment.meaning or f"status {segment.error_status}"
        return Answered(text("the queue manager refuses: {meaning}", meaning=meaning), _cause(segment.error_status))
    name = f" {segment.queue_manager}" if segment.queue_manager else ""
    return Answered(text("the queue manager{name} knows the channel and answers", name=name))


def _cause(status: int | None) -> str:
    known = next((row["cause_id"] for row in table("error_segment") if int(row["status_hex"], 16) == status), "")
    return known or "channel.rejected"
