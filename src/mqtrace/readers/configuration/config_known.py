"""What is known of configuration: the files of patterns/settings, and the known name that a misspelt one means."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from typing import Any

from mqtrace.catalog.tables import data_folder
from mqtrace.kept import toml

# No name of MQ is longer, and comparing takes time with the square of the length.
LONGEST = 64
# A shorter beginning of a name can be anything.
SHORTEST_BEGINNING = 5


@cache
def settings_pattern(name: str) -> dict[str, Any]:
    """Contents of patterns/settings/`name`.toml as tomllib gives them. Treat it as read-only: it is shared."""
    return toml((data_folder("patterns") / "settings" / f"{name}.toml").read_bytes())


def nearest(name: str, known: Iterable[str]) -> str:
    """The name of `known` most like `name` without regard to case, or the only one that it begins; else ""."""
    if len(name) > LONGEST:
        return ""
    by_lower = {word.lower(): word for word in known}
    alike = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    if not alike and len(name) >= SHORTEST_BEGINNING:
        begun = [word for word in by_lower if word.startswith(name.lower())]
        alike = begun if len(begun) == 1 else []
    return by_lower[alike[0]] if alike else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that names the known name most like `name`; "" when none is alike."""
    meant = nearest(name, known)
    return f'; did you mean "{meant}"?' if meant else ""
