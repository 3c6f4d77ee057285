"""The objects that output of runmqsc shows, put together from the values that the reader yields."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from mqtrace.model import ConfigValue, Evidence, Location

NAMING = frozenset({"CHANNEL", "QMNAME", "CHLAUTH"})


class MqscObject(Struct, frozen=True):
    """One object.

    Attributes:
        kind: "channel", "status", "qmgr" or "chlauth".
        name: name of the channel or queue manager.
        attributes: value by name, "" for a word without a value.
        queue_manager: name of the queue manager that it belongs to, "" where the output does not tell.
        location: its first line.
        lines: where each attribute stands.
    """

    kind: str
    name: str
    attributes: Mapping[str, str]
    queue_manager: str
    location: Location
    lines: Mapping[str, Location]

    def evidence(self, attribute: str) -> tuple[Evidence, ...]:
        """The attribute as runmqsc shows it, with its place; empty when the object has no such attribute."""
        if attribute not in self.attributes:
            return ()
        return (Evidence(self.lines[attribute], f"{self.kind} {self.name}: {attribute}({self.attributes[attribute]})"),)


def objects(values: Iterable[ConfigValue]) -> tuple[MqscObject, ...]:
    """The objects in order. A queue manager that was named holds for what follows it in the same input."""
    found: list[MqscObject] = []
    held: list[ConfigValue] = []
    queue_manager, source = "", ""
    for value in values:
        first = (
            not held or value.group != held[0].group or value.location.source != source or value.name == held[0].name
        )
        if first and held:
            found.append(_object(held, queue_manager))
            held = []
        if value.location.source != source:
            queue_manager, source = "", value.location.source
        if first and value.group.startswith("qmgr:") and value.name == "QMNAME":
            queue_manager = value.value
        held.append(value)
    return (*found, *([_object(held, queue_manager)] if held else []))


def _object(values: list[ConfigValue], queue_manager: str) -> MqscObject:
    kind, _, name = values[0].group.partition(":")
    if values[0].name in NAMING:
        name = values[0].value
    attributes = {value.name: value.value for value in values}
    lines = {value.name: value.location for value in values}
    return MqscObject(kind, name, attributes, queue_manager, values[0].location, lines)
