"""What proves which cause: patterns/signs."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from mqtrace.catalog.files import data_folder
from mqtrace.catalog.tables import table
from mqtrace.model import Alternative, Confidence, PatternError, Phase


@dataclass(frozen=True, slots=True)
class Sign:
    """One entry of patterns/signs; the fields are explained at the top of patterns/signs/network.toml."""

    fact: str
    cause: str
    confidence: Confidence
    values: tuple[str, ...] = ()
    contains: str = ""
    phases: tuple[Phase, ...] = ()
    reasons: tuple[int, ...] = ()
    channel_from: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    inputs: Literal["", "trace", "log"] = ""
    requires: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    plain: bool = False
    secured: bool = False
    alternatives: tuple[Alternative, ...] = ()
    text: str = ""


def _signs(entry: dict[str, Any]) -> list[Sign]:
    """One sign, or one for each row of the table that the entry names (columns `key` and cause_id)."""
    entry = dict(entry)
    for name in ("values", "phases", "reasons", "channel_from", "clients", "requires", "unless"):
        entry[name] = tuple(entry.get(name, ()))
    entry["alternatives"] = tuple(Alternative(**each) for each in entry.get("alternatives", ()))
    if "table" not in entry:
        return [Sign(**entry)]
    rows, key = table(entry.pop("table")), entry.pop("key")
    return [Sign(**{**entry, "values": (row[key],), "cause": row["cause_id"]}) for row in rows if row["cause_id"]]


@cache
def signs() -> dict[str, tuple[Sign, ...]]:
    """All signs, by the fact they look at. Raises PatternError when a file is not valid."""
    found: dict[str, list[Sign]] = {}
    for path in sorted((data_folder("patterns") / "signs").glob("*.toml")):
        try:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))["sign"]
            for sign in (sign for entry in entries for sign in _signs(entry)):
                found.setdefault(sign.fact, []).append(sign)
        except (ValueError, KeyError, TypeError) as error:
            raise PatternError(f"signs/{path.name}: not a valid file of signs: {error}") from error
    return {fact: tuple(each) for fact, each in found.items()}
