"""Values of configuration files and listings, as facts named like those of traces."""

from collections.abc import Iterable, Iterator, Sequence

from mqtrace.model import ConfigValue, Fact

SECRET = "***"


def configuration_facts(kind: str, values: Iterable[ConfigValue]) -> Iterator[Fact]:
    """One fact a value: env.NAME of a listing, ini.stanza.attribute of an ini file, table.attribute of a channel table.

    The facts of a channel table carry the channel's name as their thread, so that those of one channel can be picked.
    """
    for value in values:
        name = _name(kind, value)
        shown = f"{value.name}={value.value}" if kind in ("ini", "environment") else f"{value.group}: {value.name} {value.value}"
        thread = value.group if kind.startswith("ccdt") else ""
        yield Fact(name, value.value, value.location, shown, "set", thread, "", f"{kind}.{value.name}", "documented")


def _name(kind: str, value: ConfigValue) -> str:
    if kind == "environment":
        return f"env.{value.name}"
    if kind == "ini":
        return f"ini.{value.group.lower()}.{value.name.lower()}"
    return f"table.{value.name.rpartition('.')[2].lower()}"


def of_channel(facts: Sequence[Fact], channel: str) -> list[Fact]:
    """The facts of a channel table that speak of one channel, and all facts of other configuration."""
    return [fact for fact in facts if not fact.name.startswith("table.") or fact.thread == channel]
