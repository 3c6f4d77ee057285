"""What names a person, a host or an organisation: patterns/identities.toml."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import Text, read, toml_of
from mqtrace.model import PatternError

Kind = Literal["host", "ip", "user", "name", "object", "path", "secret"]
Holds = Literal["whole", "addresses", "name"]


class IdentityField(Struct, frozen=True):
    """One [[field]]; the fields are explained in the file."""

    kind: Kind
    holds: Holds
    names: tuple[Text, ...]


class IdentityForm(Struct, frozen=True):
    """One [[form]]; the fields are explained in the file."""

    kind: Kind
    regex: Text
    samples: tuple[str, ...]
    near_misses: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The form, compiled."""
        return _compiled(self.regex)


class Versions(Struct, frozen=True):
    """The table [versions]."""

    names: tuple[Text, ...]


class Ordinary(Struct, frozen=True):
    """The table [ordinary]."""

    words: tuple[Text, ...]


class Forms(Struct, frozen=True):
    """The table [forms]."""

    words: tuple[Text, ...]


class Paths(Struct, frozen=True):
    """The table [paths]."""

    words: tuple[str, ...]
    numbered: tuple[str, ...]


class IdentityForms(Struct, frozen=True):
    """The whole file."""

    keep: Mapping[str, tuple[str, ...]]
    ordinary: Ordinary
    forms: Forms
    paths: Paths
    versions: Versions
    field: tuple[IdentityField, ...]
    form: tuple[IdentityForm, ...]


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    try:
        return re.compile(regex)
    except re.error as error:
        raise PatternError(f"identities.toml: {regex:.60}: {error}") from error


def read_identity_forms(path: Path) -> IdentityForms:
    """The forms of one file, each tried on its samples and near misses. Raises PatternError."""
    forms = read(IdentityForms, toml_of(path), path.name)
    for form in forms.form:
        missed = [sample for sample in form.samples if not form.pattern.search(sample)]
        hit = [near for near in form.near_misses if form.pattern.search(near)]
        if missed or hit:
            raise PatternError(
                f"{path.name}: {form.regex:.60}: {'misses' if missed else 'matches'} {(missed + hit)[0]!r}"
            )
    return forms


@cache
def identity_forms() -> IdentityForms:
    """What ships with mqtrace. Raises PatternError when the file is not valid."""
    path = data_folder("patterns") / "identities.toml"
    return read(IdentityForms, toml_of(path), path.name)


def fields_named(name: str) -> tuple[IdentityField, ...]:
    """What the value of that name holds: by the whole name, else by what stands behind its last dot."""
    folded = name.casefold()
    fields = _fields_by_name()
    return fields.get(folded) or fields.get(folded.rpartition(".")[2], ())


@cache
def _fields_by_name() -> Mapping[str, tuple[IdentityField, ...]]:
    by_name: dict[str, tuple[IdentityField, ...]] = {}
    for field in identity_forms().field:
        for name in field.names:
            by_name[name.casefold()] = (*by_name.get(name.casefold(), ()), field)
    return by_name
