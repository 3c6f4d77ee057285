"""Who beats whom: patterns/precedence/<family>.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from mqtrace.catalog.files import data_folder
from mqtrace.model import PatternError


@dataclass(frozen=True, slots=True)
class SourceRule:
    """One place a setting can come from; the fields are explained at the top of patterns/precedence/c.toml."""

    source: str
    facts: tuple[str, ...] = ()
    part: str = ""
    pair: tuple[str, ...] = ()
    alone: str = ""
    differs: str = ""
    pair_differs: str = ""
    when: Mapping[str, str] = field(default_factory=dict)
    any: bool = False
    flag: str = ""
    paths: tuple[str, ...] = ()
    reads: bool = True
    needs: str = ""


@dataclass(frozen=True, slots=True)
class SettingRule:
    """How one setting is decided; the fields are explained at the top of patterns/precedence/c.toml."""

    name: str
    in_force: tuple[str, ...]
    basis: str
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


def _source(entry: dict[str, Any]) -> SourceRule:
    lists: dict[str, Any] = {name: tuple(entry[name]) for name in ("facts", "pair", "paths") if name in entry}
    return SourceRule(**{**entry, **lists})


def _setting(entry: dict[str, Any], silent: dict[str, Any]) -> SettingRule:
    changed: dict[str, Any] = {
        "silent": {source: tuple(facts) for source, facts in silent.items()},
        "in_force": tuple(entry["in_force"]),
        "hidden_by": {name: tuple(sources) for name, sources in entry.get("hidden_by", {}).items()},
        "sources": tuple(_source(source) for source in entry.get("sources", [])),
    }
    return SettingRule(**{**entry, **changed})


@cache
def precedence(family: str) -> tuple[SettingRule, ...]:
    """The settings of a client family in the order of its file; none for a family that has no file. Raises PatternError."""
    path = data_folder("patterns") / "precedence" / f"{family}.toml"
    if not path.exists():
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return tuple(_setting(entry, content.get("silent", {})) for entry in content["setting"])
    except (ValueError, KeyError, TypeError) as error:
        raise PatternError(f"{path.name}: not a valid file of precedence: {error}") from error
