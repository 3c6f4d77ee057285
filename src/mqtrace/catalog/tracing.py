"""How to get evidence that is missing: patterns/tracing.toml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import Text, read_as, toml_of

Kind = Literal["detail", "begin", "log"]


class Advice(Struct, frozen=True):
    """What to do with a client family: for everything, for the sources of settings, and the log to read; and how
    `mqtrace capture` takes a trace of it. The fields are explained at the top of patterns/tracing.toml.
    """

    detail: Text
    begin: Text
    log: Text
    start: tuple[str, ...] = ()
    attach: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    added: tuple[str, ...] = ()


def read_advice(path: Path) -> Mapping[str, Advice]:
    """The advice of a file, by client family. Raises PatternError."""
    return read_as(Mapping[str, Advice], toml_of(path), path.name)  # type: ignore[no-any-return]


@cache
def _advice() -> Mapping[str, Advice]:
    return read_advice(data_folder("patterns") / "tracing.toml")


def advice(client: str) -> Advice:
    """What is known of tracing a client family. Raises KeyError for another."""
    return _advice()[client]


def how_to_trace(client: str, kind: Kind) -> str:
    """What to do with that client family: for everything ("detail"), for the sources of settings ("begin"), or the log
    to read ("log").
    """
    known = _advice().get(client, _advice()["unknown"])
    return {"detail": known.detail, "begin": known.begin, "log": known.log}[kind]
