"""A channel table as configuration values."""

from collections.abc import Iterator

from mqtrace.model import ConfigValue, Location
from mqtrace.readers.tables.ccdt_table import ChannelEntry, ChannelTable

ADDRESSES = "clientConnection.connection"


def table_values(found: ChannelTable, source: str, lines: list[tuple[int, int]]) -> Iterator[ConfigValue]:
    """Each attribute of each channel; group is the channel's name.

    Hosts and ports come as one value "clientConnection.connection" ("host(port),host(port)"), others by their own path.
    `lines`: offset and length of each line of a JSON table.
    """
    for channel in found.channels:
        yield from _channel_values(channel, source, lines)


def _channel_values(channel: ChannelEntry, source: str, lines: list[tuple[int, int]]) -> Iterator[ConfigValue]:
    told = False
    for each in channel.attributes:
        location = _location(source, each.line, each.column, lines)
        if not each.path.startswith(ADDRESSES):
            yield ConfigValue(channel.name, each.path, each.value, location)
        elif not told:
            told = True
            yield ConfigValue(channel.name, ADDRESSES, ",".join(channel.addresses), location)


def _location(source: str, line: int, column: int, lines: list[tuple[int, int]]) -> Location:
    if not line:
        return Location(source, 0, column)
    offset, length = lines[line - 1] if line <= len(lines) else (0, 0)
    return Location(source, line, offset, length)
