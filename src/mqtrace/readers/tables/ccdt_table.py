"""A client channel definition table, whatever it was written in."""

from dataclasses import dataclass
from typing import Literal

TableKind = Literal["json", "binary"]


@dataclass(frozen=True, slots=True)
class ChannelAttribute:
    """One attribute of a channel.

    Attributes:
        path: name as in a JSON table, from the channel object ("transmissionSecurity.cipherSpecification"); [] is an item of a list.
        value: as text, without padding; secrets are masked.
        line, column: from 1; in a binary table line is 0 and column the byte offset in the file.
    """

    path: str
    value: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """One channel of a table.

    Attributes:
        name: its name, "" when it has none.
        type: "clientConnection", or what the table says.
        queue_manager: QMNAME, "" when blank or missing (`given` tells the two apart).
        addresses: "host(port)" in order, the port always there for TCP.
        cipher_spec, certificate_label, peer_name: "" when blank or missing.
        weight: client weight 0 to 99.
        affinity: "preferred" or "none".
        line, column: where the entry begins, as in ChannelAttribute.
        attributes: everything that the table says of it, in file order.
    """

    name: str
    type: str
    queue_manager: str
    addresses: tuple[str, ...]
    cipher_spec: str
    certificate_label: str
    peer_name: str
    weight: int
    affinity: str
    line: int
    column: int
    attributes: tuple[ChannelAttribute, ...] = ()

    def given(self, path: str) -> bool:
        """Whether the table has that attribute, even a blank one."""
        return any(each.path == path for each in self.attributes)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a table.

    Attributes:
        line, column: as in ChannelAttribute; 0 and 0 for the table as a whole.
        text: one sentence that names the key or value.
        kind: its name in patterns/settings/ccdt_problems.toml.
        refused_by: client families ("c", "dotnet", "java") known to refuse the whole table for it.
    """

    line: int
    column: int
    text: str
    kind: str
    refused_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class ChannelTable:
    """A client channel definition table.

    Attributes:
        kind: json or binary.
        channels: the entries, in the order of the file (of a binary table: of its chain).
        problems: what is wrong with it, in the order of the file, at most ccdt_problems.MOST.
        byte_order: "little" or "big" of a binary table, "" of a JSON one.
    """

    kind: TableKind
    channels: tuple[ChannelEntry, ...]
    problems: tuple[Problem, ...] = ()
    byte_order: Literal["", "little", "big"] = ""
