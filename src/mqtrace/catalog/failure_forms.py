"""How programs state a failure of MQ, and what only mentions one: patterns/failures.toml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import Text, read, toml_of
from mqtrace.model import PatternError

Loudness = Literal["quiet", "loud", ""]


class FormEntry(Struct, frozen=True):
    """One [[form]]; the fields are explained in the file."""

    id: Text
    regex: Text
    needs: tuple[Literal["mq", "opening", "failing", "loud", "alone", "words", "below"], ...]
    samples: tuple[str, ...]
    near_misses: tuple[str, ...]
    unless: str = ""
    means: str = ""


class FamilyEntry(Struct, frozen=True):
    """One [[printed_by]]; the fields are explained in the file."""

    client: Literal["c", "dotnet", "java"]
    regex: Text
    samples: tuple[str, ...]


class MentionEntry(Struct, frozen=True):
    """One [[mention]]; the fields are explained in the file."""

    id: Text
    where: Literal["line", "before", "code", "after"]
    regex: Text
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

    @property
    def loudness(self) -> Mapping[str, Loudness]:
        """What each level says."""
        quiet: dict[str, Loudness] = dict.fromkeys(self.levels.quiet, "quiet")
        return quiet | dict.fromkeys(self.levels.loud, "loud")


def read_failure_forms(path: Path) -> FailureForms:
    """The forms of one file. Raises PatternError."""
    forms = read(FailureForms, toml_of(path), path.name)
    for form in forms.form:
        _compile(form.regex, path, form.id)
        _compile(form.unless, path, form.id)
    for mention in forms.mention:
        _compile(mention.regex, path, mention.id)
    for family in forms.printed_by:
        _compile(family.regex, path, family.client)
    return forms


def _compile(regex: str, path: Path, entry: str) -> None:
    try:
        re.compile(regex)
    except re.error as error:
        raise PatternError(f"{path.name}: {entry}: regex: {error}") from error


@cache
def failure_forms() -> FailureForms:
    """The forms that ship with mqtrace. Raises PatternError when the file is not valid."""
    return read_failure_forms(data_folder("patterns") / "failures.toml")
