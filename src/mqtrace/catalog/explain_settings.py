"""`explain MQSERVER`, `SSLPEER`, `OutboundSNI`: what a variable or setting does, who reads it, who beats it, what goes
wrong.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from mqtrace.catalog.explanation import Explained, explanation
from mqtrace.catalog.precedence import SettingRule, precedence, source_words
from mqtrace.catalog.settings_files import FORMS, SettingPlaces, Variable
from mqtrace.catalog.tables import Row, data_folder, table
from mqtrace.catalog.typed import read_as, toml_of

FAMILIES = {"c": "the C client", "dotnet": "the managed .NET client", "java": "the Java client"}
_SEE = "See who gave it in a failed connection:   mqtrace settings TRACE_OR_FILES"


@cache
def variables() -> tuple[Variable, ...]:
    """The variables of patterns/settings."""
    return _file("variables").variable  # type: ignore[no-any-return]


@cache
def settings() -> tuple[SettingPlaces, ...]:
    """The settings of patterns/settings."""
    return _file("settings").setting  # type: ignore[no-any-return]


def _file(name: str) -> Any:
    path = data_folder("patterns") / "settings" / f"{name}.toml"
    return read_as(FORMS[name], toml_of(path), path.name)


def setting_names() -> Iterator[str]:
    """The words that `explained_settings` knows, as people write them."""
    yield from (variable.name for variable in variables())
    for setting in settings():
        yield from _names_of(setting)
    yield from (row["attribute"] for row in table("mqclient_ini"))


def explained_settings(word: str) -> Iterator[Explained]:
    """What is known by a word, in any case: kind, id, title, meaning, causes (what goes wrong), fixes."""
    wanted = word.lower()
    yield from (_variable(each) for each in variables() if each.name.lower() == wanted)
    named = [each for each in settings() if wanted in {name.lower() for name in _names_of(each)}]
    yield from (_setting(each) for each in named)
    if not named:
        rows = table("mqclient_ini")
        yield from (_attribute(row) for row in rows if wanted in _attribute_names(row))


def _attribute_names(row: Row) -> tuple[str, str]:
    return row["attribute"].lower(), f"{row['stanza']}.{row['attribute']}".lower()


def _names_of(setting: SettingPlaces) -> Iterator[str]:
    """What a setting is called: its name, its attributes in mqclient.ini and MQSC, its fields, its property."""
    yield from (setting.name, setting.title)
    for place in setting.ini:
        yield from (place.name, place.name.partition(".")[2])
    for field in setting.field:
        yield field.name.partition(".")[2]
    for entry in setting.ccdt:
        yield entry.path.rpartition(".")[2]
        yield from (
            row["mqsc"] for row in table("ccdt_attributes") if row["path"].startswith(entry.path) and row["mqsc"]
        )
    if setting.property:
        yield setting.property


def _sentence(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)


def _read_by(clients: Iterable[str]) -> str:
    known = [words for family, words in FAMILIES.items() if family in clients]
    others = [words for family, words in FAMILIES.items() if family not in clients]
    if not known:
        return "No client library is known to read it."
    not_read = f"; not by {' and '.join(others)}" if others else ""
    return f"Read by {' and '.join(known)}{not_read}."


def _order(setting: str, clients: Iterable[str]) -> Iterator[str]:
    """For each family that has an order of sources for the setting, a sentence with it."""
    for family in clients:
        rule = next((each for each in precedence(family) if each.name == setting), None)
        sources = _sources(rule) if rule else []
        if len(sources) > 1:
            yield f"Who wins for {FAMILIES[family]}, the first that gives it: {', '.join(sources)}."


def _sources(rule: SettingRule) -> list[str]:
    """The sources in their order. One that stands there twice counts first only where the program itself names it."""
    read = [each.source for each in rule.sources if each.reads]
    words = [source_words(source, article="the ") for source in read]
    told = [f"{name} that the program names" if name in words[n + 1 :] else name for n, name in enumerate(words)]
    return list(dict.fromkeys(told))


def _variable(variable: Variable) -> Explained:
    fed = [each for each in settings() if each.name in variable.feeds]
    sets = f"It gives the {' and the '.join(each.title for each in fed)}." if fed else ""
    order = _order(fed[0].name, variable.clients) if fed else ()
    secret = "Its value is a secret and is never shown." if variable.secret else ""
    title = f"{variable.meaning[0].upper()}{variable.meaning[1:]}."
    meaning = _sentence((sets, _read_by(variable.clients), *order, secret))
    process = "See what a running process has:   tr '\\0' '\\n' </proc/PID/environ | grep '^MQ'"
    more = {"causes": variable.wrong, "fixes": (process, _SEE), "basis": variable.basis}
    return explanation("variable", variable.name, title, meaning, **more)


def _setting(setting: SettingPlaces) -> Explained:
    places = [f"{each.name} ({', '.join(each.clients)})" for each in (*setting.env, *setting.ini)]
    places += [f"{each.name} from version {each.version}" for each in setting.field]
    places += [f"{each.path} of a channel table ({', '.join(each.clients)})" for each in setting.ccdt]
    places += [f"-D{setting.property}"] if setting.property else []
    given = f"It can be given by {'; '.join(places)}." if places else ""
    meaning = _sentence((setting.meaning, given, *_order(setting.name, FAMILIES)))
    title = f"The {setting.title} of a connection."
    return explanation("setting", setting.name, title, meaning, causes=setting.wrong, fixes=(_SEE,))


def _attribute(row: Row) -> Explained:
    values = f"Its values: {row['values'].replace('|', ', ')}." if row["values"] else ""
    same = f"The variable {row['env']} sets the same." if row["env"] else ""
    clients = [family for family in FAMILIES if family in row["clients"].split()]
    known = "mqtrace knows no more of it than where it stands and who reads it." if not values else ""
    meaning = _sentence((values, same, _read_by(clients), known))
    title = f"An attribute of mqclient.ini, in the stanza {row['stanza']}."
    return explanation("attribute", f"{row['stanza']}.{row['attribute']}", title, meaning, causes=(), fixes=(_SEE,))
