"""The texts of a trace that say nothing of a connection (patterns/noise): what `mqtrace coverage` passes over."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from mqtrace.catalog.printf import fixed_text, regex_of
from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.catalog.typed import Size, Text, read, toml_of
from mqtrace.kept import compiled_regex
from mqtrace.model import PatternError

if TYPE_CHECKING:
    import regex


# Characters of a line that tell which texts it can be.
_BEGIN = 3


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


class NoiseForms:
    """Many texts in printf's form, of which a line is matched with those alone that begin as it does, or whose longest
    words are in it.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._beginning: defaultdict[bytes, list[str]] = defaultdict(list)
        self._holding: list[tuple[bytes, str]] = []
        for form in map(str.strip, forms):
            begin = form[:_BEGIN].encode()
            if b"%" in begin or len(begin) < _BEGIN:
                self._holding.append((fixed_text(form).encode(), form))
            else:
                self._beginning[begin].append(form)

    def match(self, body: bytes) -> bool:
        """Whether a line's body is one of the texts."""
        alike = self._beginning.get(body.lstrip()[:_BEGIN])
        if alike and _any_of(tuple(alike)).match(body):
            return True
        return any(words in body and _any_of((form,)).match(body) for words, form in self._holding)


@cache
def _any_of(forms: tuple[str, ...]) -> "regex.Pattern[bytes]":
    either = "|".join(regex_of(form, blank=True) for form in forms)
    return compiled_regex(rf"\s*(?:{either})\s*$".encode())


@cache
def noise(client: str) -> NoiseForms:
    """What matches the body of a line that is noise in a trace of that client family: also one in the form of a pattern
    that takes nothing from it, as it prints a blank or a result without error.
    """
    path = data_folder("patterns") / "noise" / f"{client}.toml"
    forms = [form for entry in read_noise(path) for form in entry.forms] if path.is_file() else []
    return NoiseForms([*forms, *(form for pattern in trace_patterns(client) for form in pattern.forms)])
