"""A client channel definition table, whatever it was written in: its channels, and what is wrong with it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model import ConfigValue, Location

TableKind = Literal["json", "binary"]
ADDRESSES = "clientConnection.connection"
DEFAULT_PORT = 1414
HIGHEST_PORT = 65535
# A connection name has at most 264 characters.
MOST_ADDRESSES = 264
# A table with more problems is another program's file, or made to waste time.
MOST = 1000
LONGEST_SHOWN = 80
_PORT = compiled(r"[+-]?[0-9]{1,20}")


class Address(Struct, frozen=True):
    """One address of a connection name.

    Attributes:
        text: "host(port)", the port always there.
        fault: "" when a client can try it, else blank (no host), bad-port or bad-host, as in
            patterns/settings/channel_choice.toml.
    """

    text: str
    fault: Literal["", "blank", "bad-port", "bad-host"]


class ChannelAttribute(Struct, frozen=True):
    """One attribute of a channel.

    Attributes:
        path: name as in a JSON table, from the channel object ("transmissionSecurity.cipherSpecification"); [] is an
            item of a list.
        value: as text, without padding; secrets are masked.
        line, column: from 1; in a binary table line is 0 and column the byte offset in the file.
    """

    path: str
    value: str
    line: int
    column: int


class ChannelEntry(Struct, frozen=True):
    """One channel of a table.

    Attributes:
        name: its name, "" when it has none.
        type: "clientConnection", or what the table says.
        queue_manager: QMNAME, "" when blank or missing (`given` tells the two apart).
        connection: the connection name as the C client sees it, "host(port),host(port)".
        cipher_spec, certificate_label, peer_name: "" when blank or missing.
        weight: client weight; clients expect 0 to 99.
        affinity: "preferred" or "none".
        line, column: where the entry begins, as in ChannelAttribute.
        attributes: everything that the table says of it, in file order.
        transport: TCP, LU62, NETBIOS or SPX; only a binary table knows another than TCP.
        beyond_end: whether the C client ends its walk through a binary table before this entry.
    """

    name: str
    type: str
    queue_manager: str
    connection: str
    cipher_spec: str
    certificate_label: str
    peer_name: str
    weight: int
    affinity: str
    line: int
    column: int
    attributes: tuple[ChannelAttribute, ...] = ()
    transport: str = "TCP"
    beyond_end: bool = False

    def given(self, path: str) -> bool:
        """Whether the table has that attribute, even a blank one."""
        return any(attribute.path == path for attribute in self.attributes)

    @property
    def addresses(self) -> tuple[str, ...]:
        """ "host(port)" of every address that can be tried, in order; none of a transport other than TCP."""
        if self.transport != "TCP":
            return ()
        return tuple(address.text for address in addresses_of(self.connection) if not address.fault)


class Problem(Struct, frozen=True):
    """Something wrong with a table.

    Attributes:
        line, column: as in ChannelAttribute; 0 and 0 for the table as a whole.
        text: one sentence that names the key or value.
        kind: its name in patterns/settings/ccdt_problems.toml.
    """

    line: int
    column: int
    text: str
    kind: str

    @property
    def refused_by(self) -> frozenset[str]:
        """Client families ("c", "dotnet", "java") known to refuse the whole table for it."""
        return self._families("refused_by")

    @property
    def endless_for(self) -> frozenset[str]:
        """Client families that were seen never to come back from such a table."""
        return self._families("endless_for")

    @property
    def untried(self) -> frozenset[str]:
        """Client families of which it is not known what they do."""
        return self._families("untried")

    def _families(self, name: str) -> frozenset[str]:
        return frozenset(settings_pattern("ccdt_problems")[self.kind].get(name, ()))


class ChannelTable(Struct, frozen=True):
    """A client channel definition table.

    Attributes:
        kind: json or binary.
        channels: the entries, in the order of the file (of a binary table: of its chain).
        problems: what is wrong with it, in the order of the file, at most MOST.
        byte_order: "little" or "big" of a binary table, "" of a JSON one.
    """

    kind: TableKind
    channels: tuple[ChannelEntry, ...]
    problems: tuple[Problem, ...] = ()
    byte_order: Literal["", "little", "big"] = ""


class Problems:
    """The problems found so far; the first MOST are kept.

    Attributes:
        found: the problems.
    """

    def __init__(self, text: str = "") -> None:
        """`text`: the table's text, so that places in it can be told as line and column; "" for a binary one."""
        self.found: list[Problem] = []
        self._line_starts = [0, *(end.end() for end in re.finditer("\n", text))] if text else []

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a character, both from 1; in a binary table 0 and the byte offset."""
        if not self._line_starts:
            return 0, position
        line = bisect_right(self._line_starts, position)
        return line, position - self._line_starts[line - 1] + 1

    def add(self, kind: str, position: int, text: str) -> None:
        """One more problem, at a character of the text or a byte of the file."""
        if not self.full:
            self.found.append(Problem(*self.place(position), text, kind))

    @property
    def full(self) -> bool:
        """Whether no more are kept."""
        return len(self.found) >= MOST


def shown(text: str) -> str:
    """`text` in quotes, short enough for a sentence."""
    cut = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
    return f'"{printable(cut)}"'


def addresses_of(connection: str) -> list[Address]:
    """The addresses of a connection name as the C client reads it: a comma ends one, what follows its ) is ignored."""
    return [_address(member) for member in connection.split(",", MOST_ADDRESSES)[:MOST_ADDRESSES]]


def _address(member: str) -> Address:
    host, parenthesis, rest = member.partition("(")
    host = host.strip()
    given = rest.partition(")")[0].strip()
    # A port that is no number is taken for 0, and port 0 is tried.
    number = int(given) if _PORT.fullmatch(given) else 0
    text = f"{host}({number if parenthesis else DEFAULT_PORT})"
    if not host:
        return Address(text, "blank")
    if not 0 <= number <= HIGHEST_PORT:
        return Address(text, "bad-port")
    # host:port is not a form of MQ (more than one colon is an IPv6 address), and no name service knows .invalid (RFC
    # 6761).
    return Address(text, "bad-host" if host.count(":") == 1 or host.lower().endswith(".invalid") else "")


def table_values(table: ChannelTable, source: str, lines: list[tuple[int, int]]) -> Iterator[ConfigValue]:
    """Each attribute of each channel; group is the channel's name.

    Hosts and ports come as one value "clientConnection.connection" ("host(port),host(port)"), others by their own path.
    `lines`: offset and length of each line of a JSON table.
    """
    for channel in table.channels:
        connection_given = False
        for attribute in channel.attributes:
            location = _location(source, attribute, lines)
            if not attribute.path.startswith(ADDRESSES):
                yield ConfigValue(channel.name, attribute.path, attribute.value, location)
            elif not connection_given:
                connection_given = True
                yield ConfigValue(channel.name, ADDRESSES, ",".join(channel.addresses), location)


def _location(source: str, attribute: ChannelAttribute, lines: list[tuple[int, int]]) -> Location:
    if not attribute.line:
        return Location(source, 0, attribute.column)
    offset, length = lines[attribute.line - 1] if attribute.line <= len(lines) else (0, 0)
    return Location(source, attribute.line, offset, length)
