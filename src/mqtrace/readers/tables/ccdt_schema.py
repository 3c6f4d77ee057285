"""Compares a channel of a JSON table with the attributes that MQ knows, and flattens it."""

from functools import cache

from msgspec import Struct

from mqtrace.catalog.tables import Row, table
from mqtrace.catalog.words import did_you_mean
from mqtrace.masking import mask_value, printable
from mqtrace.readers.tables.ccdt_scanner import Node
from mqtrace.readers.tables.ccdt_table import ChannelAttribute, Problems, shown

SERVER_CONNECTION = "serverConnection"


class Schema(Struct, frozen=True):
    """The attributes of a channel.

    Attributes:
        leaves: path -> row of patterns/tables/ccdt_attributes.csv.
        children: path of an object -> names of its members.
        lists: paths of lists (their items' path has [] at its end).
    """

    leaves: dict[str, Row]
    children: dict[str, set[str]]
    lists: set[str]


@cache
def schema() -> Schema:
    """The attributes of a channel, from patterns/tables/ccdt_attributes.csv."""
    leaves = {row["path"]: row for row in table("ccdt_attributes")}
    children: dict[str, set[str]] = {}
    lists: set[str] = set()
    for path in leaves:
        parent = ""
        for step in path.split("."):
            name = step.removesuffix("[]")
            children.setdefault(parent, set()).add(name)
            here = f"{parent}.{name}" if parent else name
            if step.endswith("[]"):
                lists.add(here)
            parent = f"{here}[]" if step.endswith("[]") else here
    return Schema(leaves, children, lists)


def text_of(node: Node | None) -> str:
    """A scalar as text, fit to be shown; "" for anything else."""
    if node is None or node.value is None or isinstance(node.value, (dict, tuple)):
        return ""
    return str(node.value).lower() if isinstance(node.value, bool) else printable(str(node.value))


class ChannelCheck:
    """Walks through one channel; fills `attributes` and tells `problems`.

    Attributes:
        attributes: every scalar of the channel in file order, unknown ones too.
    """

    def __init__(self, problems: Problems) -> None:
        self.attributes: list[ChannelAttribute] = []
        self._problems = problems
        self._schema = schema()

    def walk(self, node: Node, path: str = "") -> None:
        """Checks the value at `path` ("" for the channel itself) and everything below it."""
        if node.value is None:
            self._add(path, node)
            self._problems.add("null-value", node.key_position, f"{path or 'a channel'} is null")
        elif path in self._schema.leaves:
            self._leaf(node, path, self._schema.leaves[path])
        elif path in self._schema.lists:
            self._list(node, path)
        else:
            self._object(node, path)

    def _list(self, node: Node, path: str) -> None:
        if not isinstance(node.value, tuple):
            self._problems.add("wrong-type", node.key_position, f"{path} is not a list")
        for item in node.items:
            self.walk(item, f"{path}[]")

    def _object(self, node: Node, path: str) -> None:
        if not isinstance(node.value, dict):
            self._problems.add("wrong-type", node.key_position, f"{path or 'a channel'} is not an object")
            return
        known = self._schema.children[path]
        for key, value in node.value.items():
            below = f"{path}.{key}" if path else key
            if key in known:
                self.walk(value, below)
            else:
                self._unknown(key, value, below, known)

    def _unknown(self, key: str, value: Node, path: str, known: set[str]) -> None:
        place = path.rpartition(".")[0] or "a channel"
        # Comparing names takes time, and nobody reads more problems than are kept.
        hint = "" if self._problems.full else did_you_mean(key, known)
        self._problems.add("unknown-key", value.key_position, f"unknown key {shown(key)} in {printable(place)}{hint}")
        self._add(printable(path), value)

    def _add(self, path: str, node: Node) -> None:
        if not isinstance(node.value, (dict, tuple)):
            line, column = self._problems.place(node.key_position)
            self.attributes.append(ChannelAttribute(path, mask_value(path, text_of(node)), line, column))

    def _leaf(self, node: Node, path: str, row: Row) -> None:
        self._add(path, node)
        value = node.value
        if row["type"] == "string" and isinstance(value, str):
            self._string(node, path, value, row)
        elif row["type"] == "integer" and isinstance(value, int) and not isinstance(value, bool):
            self._integer(node, path, value, row["values"])
        else:
            self._wrong_type(node, path, row["type"])

    def _wrong_type(self, node: Node, path: str, wanted: str) -> None:
        shape = "a text in quotes" if wanted == "string" else "a whole number without quotes"
        self._problems.add("wrong-type", node.key_position, f"{path} must be {shape}")
        if wanted == "integer" and isinstance(node.value, str) and not node.value.strip().lstrip("+-").isdecimal():
            self._problems.add("not-a-number", node.key_position, f"{path} {shown(node.value)} is not a number")

    def _string(self, node: Node, path: str, value: str, row: Row) -> None:
        if row["max_length"] and len(value) > int(row["max_length"]):
            kind = "name-too-long" if path == "name" else "too-long"
            text = f"{path} {shown(value)} has {len(value)} characters, {row['max_length']} are allowed"
            self._problems.add(kind, node.key_position, text)
        allowed = row["values"].split("|")
        if row["values"] and value not in allowed:
            kind = _other_type(value) if path == "type" else "wrong-value"
            self._problems.add(kind, node.key_position, f"{path} is {shown(value)}, not {' or '.join(allowed)}")

    def _integer(self, node: Node, path: str, value: int, values: str) -> None:
        low, _, high = values.partition("..")
        if high and not int(low) <= value <= int(high):
            self._problems.add("out-of-range", node.key_position, f"{path} is {value}, not {low} to {high}")


def _other_type(value: str) -> str:
    return "not-client-connection" if value == SERVER_CONNECTION else "unknown-type"
