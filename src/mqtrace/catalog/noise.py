"""The texts of a trace that say nothing of a connection (patterns/noise): what `mqtrace coverage` passes over."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from mqtrace.catalog.printf import regex_of
from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.catalog.typed import Size, Text, read, toml_of
from mqtrace.kept import compiled_regex
from mqtrace.model import PatternError

if TYPE_CHECKING:
    import regex


class Noise(Struct, frozen=True):
    """Texts in printf's form, and why they say nothing."""

    why: Text
    forms: Annotated[tuple[Annotated[str, Size(2)], ...], Size(1)]


def read_noise(path: Path) -> tuple[Noise, ...]:
    """The entries of a file of patterns/noise. Raises PatternError, naming file and entry, when it is not valid."""
    content = toml_of(path)
    entries = content.get("noise")
    if set(content) != {"noise"} or not isinstance(entries, list):
        raise PatternError(f"{path.name}: write [[noise]] above each entry, and nothing else beside")
    return tuple(read(Noise, entry, f"{path.name}: noise {number}") for number, entry in enumerate(entries, start=1))


@cache
def noise(client: str) -> "regex.Pattern[bytes]":
    """What matches the body of a line that is noise in a trace of that client family: also one in the form of a pattern
    that takes nothing from it, as it prints a blank or a result without error.
    """
    path = data_folder("patterns") / "noise" / f"{client}.toml"
    forms = [form for entry in read_noise(path) for form in entry.forms] if path.is_file() else []
    forms += [form for pattern in trace_patterns(client) for form in pattern.forms]
    return compiled_regex(rf"\s*(?:{'|'.join(regex_of(form, blank=True) for form in forms) or '(?!)'})\s*$".encode())
