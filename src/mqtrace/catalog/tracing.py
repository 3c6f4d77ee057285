"""How to get evidence that is missing: patterns/tracing.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import Text, read_as, toml_of

Kind = Literal["detail", "begin", "log"]


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with a client family: for everything, for the sources of settings, and the log to read."""

    detail: Text
    begin: Text
    log: Text


def read_advice(path: Path) -> Mapping[str, Advice]:
    """The advice of a file, by client family. Raises PatternError."""
    return read_as(Mapping[str, Advice], toml_of(path), path.name)  # type: ignore[no-any-return]


@cache
def _advice() -> Mapping[str, Advice]:
    return read_advice(data_folder("patterns") / "tracing.toml")


def how_to_trace(client: str, kind: Kind) -> str:
    """What to do with that client family: for everything ("detail"), for the sources of settings ("begin"), or the log
    to read ("log").
    """
    advice = _advice().get(client, _advice()["unknown"])
    return {"detail": advice.detail, "begin": advice.begin, "log": advice.log}[kind]
