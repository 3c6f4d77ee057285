"""The files of patterns/settings: which variables, stanzas, problems and habits there are."""

import tomllib
from functools import cache
from typing import Any

from mqtrace.catalog.files import data_folder


@cache
def settings_pattern(name: str) -> dict[str, Any]:
    """Contents of patterns/settings/`name`.toml as tomllib gives them. Treat it as read-only: it is shared."""
    with (data_folder("patterns") / "settings" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
