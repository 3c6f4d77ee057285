"""Who beats whom: patterns/precedence/<family>.toml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import read, toml_of
from mqtrace.model import Basis

_PLACES = {
    "ccdt": "channel table",
    "cwd": "current folder",
    "data-directory": "data directory",
    "home": "home folder",
}
_SOURCES = {
    "application": "the program",
    "mqenvironment": "MQEnvironment",
    "none": "nobody",
    "unknown": "(unknown)",
}


class SourceRule(Struct, frozen=True):
    """One place a setting can come from; the fields are explained at the top of patterns/precedence/c.toml."""

    source: str
    facts: tuple[str, ...] = ()
    part: str = ""
    pair: tuple[str, ...] = ()
    pair_default: str = ""
    alone: str = ""
    differs: str = ""
    pair_differs: str = ""
    when: Mapping[str, str] = field(default_factory=dict)
    any: bool = False
    flag: str = ""
    paths: tuple[str, ...] = ()
    reads: bool = True
    needs: str = ""
    says: tuple[str, ...] = ()
    unset: str = ""
    shown: tuple[str, ...] = ()
    unshown: tuple[str, ...] = ()
    listed: str = ""


class SettingRule(Struct, frozen=True):
    """How one setting is decided; the fields are explained at the top of patterns/precedence/c.toml."""

    name: str
    in_force: tuple[str, ...]
    basis: Basis
    unmatched: str = "unknown"
    needs: str = ""
    definition: bool = False
    default: str = ""
    default_file: str = ""
    default_pattern: str = ""
    when_used: str = ""
    blank_is_open: bool = False
    blank_needs_attempt: bool = False
    blank_needs: str = ""
    blank_unless: str = ""
    hidden_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    silent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[SourceRule, ...] = ()


class PrecedenceFile(Struct, frozen=True):
    """A file of patterns/precedence: the sources that say nothing when they have nothing, and the settings."""

    family: str
    setting: tuple[SettingRule, ...]
    silent: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_precedence(path: Path) -> tuple[SettingRule, ...]:
    """The settings of one file, in its order. Raises PatternError, naming file, setting and field, if not valid."""
    content = read(PrecedenceFile, toml_of(path), path.name)
    return tuple(replace(rule, silent=content.silent) for rule in content.setting)


@cache
def precedence(family: str) -> tuple[SettingRule, ...]:
    """The settings of a client family in the order of its file; none for a family without one. Raises PatternError."""
    path = data_folder("patterns") / "precedence" / f"{family}.toml"
    return read_precedence(path) if path.exists() else ()


def source_words(source: str, *, article: str = "") -> str:
    """What people call a source; in a sentence `article` ("the ") stands before what needs one.

    "MQSSLKEYR" for "env:MQSSLKEYR", "mqclient.ini SSL.OutboundSNI" for "ini:SSL.OutboundSNI".
    """
    family, colon, name = source.partition(":")
    if colon:
        return {"env": name, "ini": f"mqclient.ini {name}", "property": f"-D{name}"}.get(family.lower(), source)
    place = _PLACES.get(source.lower())
    return f"{article}{place}" if place else _SOURCES.get(source.lower(), source)
