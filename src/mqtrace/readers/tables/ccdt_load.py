"""Reads a channel table of either kind."""

from mqtrace.readers.tables import ccdt_binary, ccdt_json
from mqtrace.readers.tables.ccdt_table import ChannelTable


def load_table(data: bytes) -> ChannelTable:
    """The channel table in the bytes: binary when they begin with AMQR, else JSON. Never raises; problems tell what is wrong."""
    return ccdt_binary.load_table(data) if ccdt_binary.sniff(data) else ccdt_json.load_table(data)
