"""Writes binary channel tables: the layout that ccdt_records describes, with every defect the tests need."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from mqtrace.catalog.tables import table

BLANK = b" "
HEADER = 20


@dataclass
class Channel:
    """One record to write. `fields`: MQCD fields by name; `deleted`: no data length; `exits`: the exit strings."""

    name: str
    fields: dict[str, str | int] = field(default_factory=dict)
    version: int = 11
    peer_name: str = ""
    exits: bytes = b"\x01" * 6
    deleted: bool = False


def rows(version: int) -> list[dict[str, str]]:
    return [
        row for row in table("mq_struct_fields") if row["struct"] == "MQCD" and int(row["since_version"]) <= version
    ]


def definition(channel: Channel, order: str) -> bytes:
    """The MQCD in its 32-bit layout and the tail behind it."""
    known = rows(channel.version)
    length = max(int(row["offset_32"]) + int(row["length_32"]) for row in known)
    data = bytearray(length)
    values: dict[str, str | int] = {
        "ChannelName": channel.name,
        "Version": channel.version,
        "ChannelType": 6,
        "TransportType": 2,
        "StrucLength": length,
        "SSLPeerNameLength": len(channel.peer_name),
        "ConnectionAffinity": 1,
    }
    values.update(channel.fields)
    for row in known:
        start, size = int(row["offset_32"]), int(row["length_32"])
        value = values.get(row["field"])
        if row["ctype"].startswith("MQCHAR"):
            data[start : start + size] = str(value or "").encode().ljust(size, BLANK)
        elif isinstance(value, int):
            data[start : start + size] = struct.pack(order + "i", value)
    if channel.version < 6:
        return bytes(data) + bytes(8) + b"\x06" + bytes(11)
    tail = (
        bytes(8)
        + struct.pack(order + "I", len(channel.exits))
        + bytes(52)
        + struct.pack(order + "I", 1700000000)
        + BLANK * 64
    )
    return bytes(data) + tail + channel.exits + channel.peer_name.encode()


def write_table(
    channels: Sequence[Channel], chain: Sequence[int] | None = None, order: str = "<", loop_to: int | None = None
) -> bytes:
    """A table.

    `chain`: record indexes in the order of the chain (default: of the file); `loop_to`: the record that its end points
    to.
    """
    bodies = [definition(channel, order) for channel in channels]
    offsets, at = [], 4
    for body in bodies:
        offsets.append(at)
        at += HEADER + len(body)
    links = (
        list(chain) if chain is not None else [index for index, channel in enumerate(channels) if not channel.deleted]
    )
    out = b"AMQR"
    for index, body in enumerate(bodies):
        place = links.index(index) if index in links else None
        following = offsets[links[place + 1]] if place is not None and place + 1 < len(links) else 0
        previous = offsets[links[place - 1]] if place else 0
        if loop_to is not None and place == len(links) - 1:
            following = offsets[loop_to]
        data_length = 0 if channels[index].deleted else len(body)
        out += struct.pack(order + "5I", HEADER + len(body), data_length, 0, previous, following) + body
    return out + bytes(4)
