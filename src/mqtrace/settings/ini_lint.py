"""What is wrong with an mqclient.ini: names that MQ does not know, values it does not take, settings that the client does not read."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Literal

from mqtrace.catalog.tables import Row, table
from mqtrace.masking import HIDDEN
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration.config_known import nearest
from mqtrace.readers.configuration.config_secrets import MASK
from mqtrace.readers.configuration.ini import StrangeLine, is_queue_managers
from mqtrace.settings.connection_string import is_valid

IniProblemKind = Literal[
    "unknown-stanza", "unknown-key", "wrong-stanza", "out-of-range", "ignored-by-client", "duplicate", "no-setting"
]
# A client's file with more is another program's, and comparing names takes time.
MOST = 200
# The form of ServerConnectionParms, as the table names it.
CONNECTION = "CHANNEL/TRANSPORT/ADDRESS"
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,10}")
TITLES = {"c": "C client", "dotnet": "managed .NET client", "java": "Java client"}


@dataclass(frozen=True, slots=True)
class IniProblem:
    """One problem of an ini file.

    Attributes:
        kind: what is wrong.
        location: the line.
        text: one sentence that names stanza and key.
        nearest: the known stanza, key or (for wrong-stanza) stanza that was probably meant, "" when none is alike.
    """

    kind: IniProblemKind
    location: Location
    text: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """What mqclient.ini can hold: (stanza, key) in lower case -> row; stanza in lower case -> as documented; key in lower case -> rows."""

    rows: dict[tuple[str, str], Row]
    stanzas: dict[str, str]
    keys: dict[str, list[Row]]


@cache
def _known() -> _Known:
    rows = table("mqclient_ini")
    keys: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        keys[row["attribute"].lower()].append(row)
    by_place = {(row["stanza"].lower(), row["attribute"].lower()): row for row in rows}
    return _Known(by_place, {row["stanza"].lower(): row["stanza"] for row in rows}, dict(keys))


def lint_ini(lines: Iterable[ConfigValue | StrangeLine], client: str) -> list[IniProblem]:
    """Problems of one ini file in its order, the first MOST of them; none for a queue manager's file.

    `lines`: its attributes, and the lines that mean nothing where they are to be told. `client`: "c", "dotnet" or "java". Stanzas
    and keys are compared without regard to case, as all families do.
    """
    given = list(lines)
    values = [each for each in given if isinstance(each, ConfigValue)]
    if is_queue_managers(values):
        return []
    problems = [_no_setting(each) for each in given if isinstance(each, StrangeLine)][:MOST]
    problems += islice(_problems(values, client), MOST)
    return sorted(problems, key=lambda each: each.location.line)[:MOST]


def _no_setting(line: StrangeLine) -> IniProblem:
    text = f"'{line.text[:80]}' is neither a stanza, which ends with a colon, nor Name=value, so it has no effect"
    return IniProblem("no-setting", line.location, text)


def _problems(values: list[ConfigValue], client: str) -> Iterator[IniProblem]:
    known = _known()
    stanzas_told: set[str] = set()
    seen: dict[tuple[str, str], ConfigValue] = {}
    for value in values:
        place = (value.group.lower(), value.name.lower())
        if value.group and place[0] not in known.stanzas and place[0] not in stanzas_told:
            stanzas_told.add(place[0])
            yield _unknown_stanza(value, known)
        row = known.rows.get(place)
        if row is None:
            yield from _misplaced(value, known)
        else:
            yield from _value_problems(value, row, client)
        if place in seen:
            first = seen[place].location.line
            yield IniProblem("duplicate", value.location, f"{_name(value)} is given twice; first in line {first}")
        seen.setdefault(place, value)


def _name(value: ConfigValue) -> str:
    return f"{value.group}.{value.name}" if value.group else value.name


def _unknown_stanza(value: ConfigValue, known: _Known) -> IniProblem:
    meant = nearest(value.group.strip("[] "), known.stanzas.values())
    hint = f"; {meant}: was probably meant" if meant else ""
    return IniProblem(
        "unknown-stanza",
        value.location,
        f"unknown stanza {value.group}, so nothing below it has an effect{hint}",
        meant,
    )


def _misplaced(value: ConfigValue, known: _Known) -> Iterator[IniProblem]:
    elsewhere = known.keys.get(value.name.lower())
    if elsewhere:
        # Below an unknown stanza the stanza is the mistake, and it has been told.
        if not value.group or value.group.lower() in known.stanzas:
            meant = elsewhere[0]["stanza"]
            where = f"in stanza {value.group}" if value.group else "before any stanza"
            text = f"{value.name} stands {where}, where it has no effect; it belongs to {meant}"
            yield IniProblem("wrong-stanza", value.location, text, meant)
        return
    own = [row["attribute"] for row in known.rows.values() if row["stanza"].lower() == value.group.lower()]
    meant = nearest(value.name, own) or nearest(
        value.name, [row["attribute"] for rows in known.keys.values() for row in rows]
    )
    hint = f"; {meant} was probably meant" if meant else ""
    yield IniProblem("unknown-key", value.location, f"unknown key {_name(value)}, so it has no effect{hint}", meant)


def _value_problems(value: ConfigValue, row: Row, client: str) -> Iterator[IniProblem]:
    if client in row["ignored_by"].split():
        yield IniProblem("ignored-by-client", value.location, f"the {TITLES[client]} does not read {_name(value)}")
        return
    allowed = row["values"]
    if not allowed or value.value == HIDDEN:
        return
    if not _is_allowed(value.value, allowed):
        words = allowed.replace("|", " or ").replace("..", " to ").replace(",", ", ")
        text = f"{_name(value)} is {value.value or 'blank'}, not {words}"
        yield IniProblem("out-of-range", value.location, text, nearest(value.value, allowed.split("|")))
    elif client in row["case"].split() and value.value not in allowed.split("|"):
        text = f"{_name(value)} is {value.value}: the {TITLES[client]} takes {allowed.replace('|', ' or ')} only in capital letters"
        yield IniProblem("out-of-range", value.location, text, value.value.upper())


def _is_allowed(value: str, allowed: str) -> bool:
    if allowed == CONNECTION:
        return is_valid(value) and value.count("(") == value.count(")")
    if "," in allowed:
        return {each.strip().upper() for each in value.split(",")} <= set(allowed.split(","))
    low, dots, high = allowed.partition("..")
    if not dots:
        return value.upper() in allowed.split("|")
    return WHOLE_NUMBER.fullmatch(value) is not None and int(low) <= int(value) <= int(high)
