"""How to get evidence that is missing: patterns/tracing.toml."""

import tomllib
from functools import cache
from typing import Literal

from mqtrace.catalog.files import data_folder

Kind = Literal["detail", "begin", "log"]


@cache
def _advice() -> dict[str, dict[str, str]]:
    content: dict[str, dict[str, str]] = tomllib.loads(
        (data_folder("patterns") / "tracing.toml").read_text(encoding="utf-8")
    )
    return content


def how_to_trace(client: str, kind: Kind) -> str:
    """What to do with that client family: for everything ("detail"), for the sources of settings ("begin"), or the log to read ("log")."""
    return _advice().get(client, _advice()["unknown"])[kind]
