"""The files of patterns/settings, and their forms: variables, stanzas, problems of tables, habits of clients."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal

from msgspec import Struct, field

from mqtrace.catalog.tables import data_folder
from mqtrace.catalog.typed import Size, Spelling, Text, read_as, toml_of
from mqtrace.kept import toml
from mqtrace.model import Basis

Clients = tuple[Literal["c", "dotnet", "java"], ...]
Name = Annotated[str, Spelling(r"\w+", "a name without blanks")]
Place = Literal["cwd", "data-directory", "home"]
Attribute = Annotated[str, Spelling(r"\w+\.\w+", "Stanza.Attribute, or STRUCTURE.Field")]


class Variable(Struct, frozen=True):
    """An environment variable: what it is for, what it feeds, who is known to read it, what goes wrong with it."""

    name: Name
    meaning: Text
    feeds: tuple[Name, ...]
    clients: Clients
    basis: Basis
    secret: bool = False
    wrong: tuple[Text, ...] = ()


class VariableFile(Struct, frozen=True):
    """variables.toml"""

    variable: tuple[Variable, ...]


class ReadPlace(Struct, frozen=True):
    """A variable or an attribute of mqclient.ini, and the families known to read it."""

    name: Annotated[str, Spelling(r"\w+(\.\w+)?", "a variable, or Stanza.Attribute")]
    clients: Clients


class FieldPlace(Struct, frozen=True):
    """A field of a structure, and the lowest version in which it counts."""

    name: Attribute
    version: Annotated[int, Size(1, 100)]


class TablePlace(Struct, frozen=True):
    """An attribute of a channel table, and the families known to read it."""

    path: Text
    clients: Clients


class SettingPlaces(Struct, frozen=True):
    """A setting, the places that it can stand in, what it does, and what goes wrong with it."""

    name: Name
    title: Text
    env: tuple[ReadPlace, ...] = ()
    ini: tuple[ReadPlace, ...] = ()
    field: tuple[FieldPlace, ...] = ()
    ccdt: tuple[TablePlace, ...] = ()
    property: str = ""
    secret: bool = False
    meaning: str = ""
    wrong: tuple[Text, ...] = ()


class SettingFile(Struct, frozen=True):
    """settings.toml"""

    setting: tuple[SettingPlaces, ...]


class StanzaFile(Struct, frozen=True):
    """ini_stanzas.toml"""

    queue_manager: tuple[Name, ...]


class TableProblem(Struct, frozen=True):
    """What can be wrong with a channel table, and who refuses the whole table for it."""

    basis: Basis
    refused_by: Clients = ()
    endless_for: Clients = ()
    untried: Clients = ()
    note: str = ""


class Habits(Struct, frozen=True):
    """How a client family chooses channels of a table; the fields are explained in channel_choice.toml."""

    title: Text
    no_match: int
    no_match_blank: int
    refused: int
    basis: Basis
    between: str = ""
    more_addresses: str = ""
    binary_order: str = ""
    peer_name: str = ""
    certificate_label: str = ""
    weighted: str = ""
    weighted_list: str = ""
    equal_names: str = ""
    level: str = ""
    documented_as: str = ""
    longest_name: int = 0
    queue_manager_key: bool = False
    chain_order: bool = False
    star_entries: bool = False
    unnamed: bool = False
    unusable: bool = False
    splits_weighted: bool = False
    last_of_equals_first: bool = False
    stops_at_odd_record: bool = False
    weaker_reasons: tuple[int, ...] = ()
    fails: Mapping[str, int] = field(default_factory=dict)
    notes: Mapping[str, Text] = field(default_factory=dict)


class DefaultTable(Struct, frozen=True):
    """The channel table that is read where nobody names one: the fact that stands for it, and the place it is in."""

    fact: Text
    place: Place


class Beforehand(Struct, frozen=True):
    """What a client does before it reaches the network; the fields are explained in preflight.toml."""

    level: Text
    basis: Basis
    ini: Mapping[str, Text]
    data_variables: tuple[Name, ...]
    data_directories: tuple[Text, ...]
    store_suffixes: tuple[str, ...]
    stores: tuple[Name, ...]
    program: Mapping[str, tuple[Text, ...]]
    entry: Mapping[str, Text]
    reasons: Mapping[str, int]
    json_since: str = ""
    stem_before: str = ""
    table: DefaultTable | None = None
    label: str = ""
    missing: Mapping[str, int] = field(default_factory=dict)
    system_stores: tuple[Text, ...] = ()
    ciphers: tuple[Text, ...] = ()


FORMS: Mapping[str, Any] = {
    "variables": VariableFile,
    "settings": SettingFile,
    "ini_stanzas": StanzaFile,
    "ccdt_problems": Mapping[str, TableProblem],
    "channel_choice": Mapping[str, Habits],
    "preflight": Mapping[str, Beforehand],
}


@cache
def client_beforehand(client: str) -> Beforehand:
    """What a client of that family does before it reaches the network. Raises PatternError, KeyError for another."""
    path = data_folder("patterns") / "settings" / "preflight.toml"
    families: Mapping[str, Beforehand] = read_as(FORMS["preflight"], toml_of(path), path.name)
    return families[client]


@cache
def settings_pattern(name: str) -> dict[str, Any]:
    """Contents of patterns/settings/`name`.toml as tomllib gives them. Treat it as read-only: it is shared."""
    return toml((data_folder("patterns") / "settings" / f"{name}.toml").read_bytes())
