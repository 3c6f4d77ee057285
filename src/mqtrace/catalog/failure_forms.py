"""How programs state a failure of MQ, and what only mentions one: patterns/failures.toml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import Text, read, toml_of

Loudness = Literal["quiet", "loud", ""]


class FormEntry(Struct, frozen=True):
    """One [[form]]; the fields are explained in the file."""

    id: Text
    regex: re.Pattern[str]
    needs: tuple[Literal["mq", "opening", "failing", "loud", "alone", "words", "below"], ...]
    samples: tuple[str, ...]
    near_misses: tuple[str, ...]
    unless: re.Pattern[str] | None = None
    means: str = ""


class FamilyEntry(Struct, frozen=True):
    """One [[printed_by]]; the fields are explained in the file."""

    client: Literal["c", "dotnet", "java"]
    regex: re.Pattern[str]
    samples: tuple[str, ...]


class MentionEntry(Struct, frozen=True):
    """One [[mention]]; the fields are explained in the file."""

    id: Text
    where: Literal["line", "before", "code", "after"]
    regex: re.Pattern[str]
    samples: tuple[str, ...]
    prose: bool = False


class Levels(Struct, frozen=True):
    """Levels of logs, in upper case: those that state no failure, and those of failures."""

    quiet: tuple[str, ...]
    loud: tuple[str, ...]


class FailureForms(Struct, frozen=True):
    """The whole file."""

    form: tuple[FormEntry, ...]
    mention: tuple[MentionEntry, ...]
    printed_by: tuple[FamilyEntry, ...]
    levels: Levels


def read_failure_forms(path: Path) -> FailureForms:
    """The forms of one file. Raises PatternError."""
    return read(FailureForms, toml_of(path), path.name)


@cache
def failure_forms() -> FailureForms:
    """The forms that ship with mqtrace. Raises PatternError when the file is not valid."""
    return read_failure_forms(data_folder("patterns") / "failures.toml")


@cache
def loudness_of_levels() -> Mapping[str, Loudness]:
    """What each level says."""
    levels = failure_forms().levels
    quiet: dict[str, Loudness] = dict.fromkeys(levels.quiet, "quiet")
    return quiet | dict.fromkeys(levels.loud, "loud")
