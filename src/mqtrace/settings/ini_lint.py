"""What is wrong with an mqclient.ini: unknown names, values that MQ does not take, what a client does not read.

What the C client makes of a file that is not as it should be was tried with the C client 9.2.0.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.catalog.tables import Row, table
from mqtrace.catalog.words import meant as meant_by
from mqtrace.kept import compiled
from mqtrace.masking import HIDDEN
from mqtrace.model import ConfigValue, Location
from mqtrace.model.text import Named, Text, joined, text
from mqtrace.readers.configuration.ini import StrangeLine, is_queue_managers
from mqtrace.settings.connection_string import as_the_client_reads

IniProblemKind = Literal[
    "unknown-stanza",
    "unknown-key",
    "wrong-stanza",
    "out-of-range",
    "ignored-by-client",
    "duplicate",
    "no-setting",
    "byte-order-mark",
    "repeated-stanza",
    "literal-value",
    "table-place",
]
# A client's file with more is another program's, and comparing names takes time.
MOST = 200
# The form of ServerConnectionParms, as the table names it.
CONNECTION = "CHANNEL/TRANSPORT/ADDRESS"
_WHOLE_NUMBER = compiled(r"-?[0-9]{1,10}")
_STANZA_AND_KEY = compiled(r"(?P<stanza>[A-Za-z0-9]{1,40})\s*:\s*(?P<key>[\w.]{1,60})")
_REMARK = compiled(r"\s#")
_QUOTES = ("'", '"')
_URL = compiled(r"(?P<scheme>[A-Za-z]{2,10}):/")
_SCHEMES = ("file", "http", "https", "ftp")


class IniProblem(Struct, frozen=True):
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


class _Known(Struct, frozen=True):
    """What mqclient.ini can hold.

    Attributes:
        rows: (stanza, key) in lower case -> row.
        stanzas: stanza in lower case -> as documented.
        keys: key in lower case -> rows.
    """

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

    `lines`: its attributes, and the strange lines where they are to be told. `client`: "c", "dotnet" or "java".
    Stanzas and
    keys are compared without regard to case, as all families do.
    """
    given = list(lines)
    values = [line for line in given if isinstance(line, ConfigValue)]
    if is_queue_managers(values):
        return []
    strange = (line for line in given if isinstance(line, StrangeLine))
    problems = [problem for line in islice(strange, MOST) for problem in _strange(line, client)]
    problems += islice(_problems(values, client), MOST)
    return sorted(problems, key=lambda problem: problem.location.line)[:MOST]


def _strange(line: StrangeLine, client: str) -> Iterator[IniProblem]:
    if line.kind == "no-setting":
        is_stanza = line.text.lower() in _known().stanzas
        lost = text("; the lines below it belong to no stanza and are lost") if is_stanza else ""
        template = "'{line}' is neither a stanza, which ends with a colon, nor Name=value, so it has no effect{lost}"
        yield IniProblem("no-setting", line.location, text(template, line=line.text[:80], lost=lost))
    elif client == "c":
        yield IniProblem(line.kind, line.location, _unread(line))


def _unread(line: StrangeLine) -> str:
    if line.kind == "repeated-stanza":
        return text(
            "stanza {stanza} stands here a second time: the C client reads only the first one", stanza=line.text
        )
    if line.text != "utf-8":
        return "the file is UTF-16: the C client reads nothing of it, and says nothing"
    return "the file begins with a byte order mark: the C client does not read the stanza that begins in its first line"


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
            counts = text("; the C client takes the last one of a stanza") if client == "c" else ""
            template = "{key} is given twice; first in line {first}{counts}"
            first = seen[place].location.line
            yield IniProblem("duplicate", value.location, text(template, key=_name(value), first=first, counts=counts))
        seen.setdefault(place, value)


def _name(value: ConfigValue) -> str:
    return f"{value.group}.{value.name}" if value.group else value.name


def _unknown_stanza(value: ConfigValue, known: _Known) -> IniProblem:
    meant = meant_by(value.group.strip("[] "), known.stanzas.values())
    hint = text("; {meant}: was probably meant", meant=meant) if meant else ""
    sentence = text("unknown stanza {stanza}, so nothing below it has an effect{hint}", stanza=value.group, hint=hint)
    return IniProblem("unknown-stanza", value.location, sentence, meant)


def _misplaced(value: ConfigValue, known: _Known) -> Iterator[IniProblem]:
    joined = _STANZA_AND_KEY.fullmatch(value.name)
    if joined:
        template = "{stanza}: and {key} stand in one line, so it is no stanza and has no effect"
        yield IniProblem("no-setting", value.location, text(template, **joined.groupdict()), joined["stanza"])
        return
    elsewhere = known.keys.get(value.name.lower())
    if elsewhere:
        # Below an unknown stanza the stanza is the mistake, and it has been told.
        if not value.group or value.group.lower() in known.stanzas:
            meant = elsewhere[0]["stanza"]
            where = text("in stanza {stanza}" if value.group else "before any stanza", stanza=value.group)
            template = "{key} stands {where}, where it has no effect; it belongs to {meant}"
            sentence = text(template, key=value.name, where=where, meant=meant)
            yield IniProblem("wrong-stanza", value.location, sentence, meant)
        return
    own = [row["attribute"] for row in known.rows.values() if row["stanza"].lower() == value.group.lower()]
    every = [row["attribute"] for rows in known.keys.values() for row in rows]
    meant = meant_by(value.name, own) or meant_by(value.name, every)
    hint = text("; {meant} was probably meant", meant=meant) if meant else ""
    sentence = text("unknown key {key}, so it has no effect{hint}", key=_name(value), hint=hint)
    yield IniProblem("unknown-key", value.location, sentence, meant)


def _title(client: str) -> str:
    """The client family in words; of a log alone it may not be known."""
    known: dict[str, dict[str, str]] = settings_pattern("channel_choice")
    return known[client]["title"] if client in known else "client"


def _value_problems(value: ConfigValue, row: Row, client: str) -> Iterator[IniProblem]:
    if client in row["ignored_by"].split():
        sentence = text("the {client} does not read {key}", client=_title(client), key=_name(value))
        yield IniProblem("ignored-by-client", value.location, sentence)
        return
    if value.value == HIDDEN:
        return
    literal = _taken_literally(value.value) if client == "c" else ""
    if literal:
        yield IniProblem("literal-value", value.location, _is(value, literal))
    yield from _table_place(value, row, client)
    allowed = row["values"]
    if allowed == CONNECTION:
        yield from _connection(value)
    elif allowed and not _is_allowed(value.value, allowed):
        words = allowed.replace("|", " or ").replace("..", " to ").replace(",", ", ")
        given = Named(value.name, value.value or "blank")
        sentence = text("{key} is {value}, not {allowed}", key=_name(value), value=given, allowed=words)
        yield IniProblem("out-of-range", value.location, sentence, meant_by(value.value, allowed.split("|")))
    elif client in row["case"].split() and value.value not in allowed.split("|"):
        words = allowed.replace("|", " or ")
        why = text("the {client} takes {allowed} only in capital letters", client=_title(client), allowed=words)
        yield IniProblem("out-of-range", value.location, _is(value, why), value.value.upper())


def _is(value: ConfigValue, why: str) -> Text:
    """What a key is set to, and what is to be said of that."""
    given = text("{key} is {value}:", key=_name(value), value=Named(value.name, value.value))
    return joined([given, why])


def _taken_literally(value: str) -> str:
    if value.startswith(_QUOTES):
        return "the quotes are part of the value"
    return "what follows the # is part of the value" if _REMARK.search(value) else ""


def _connection(value: ConfigValue) -> Iterator[IniProblem]:
    if not value.value:
        template = (
            "{key} is blank, which counts as given: no other source of a channel is asked, and the client ends with "
            "2058"
        )
        yield IniProblem("out-of-range", value.location, text(template, key=_name(value)))
        return
    for surprise in as_the_client_reads(value.value).surprises:
        yield IniProblem("out-of-range", value.location, _is(value, surprise))


def _table_place(value: ConfigValue, row: Row, client: str) -> Iterator[IniProblem]:
    """The place of the channel table: the file's name is put behind the directory, whatever either looks like."""
    if client != "c" or row["attribute"] not in ("ChannelDefinitionFile", "ChannelDefinitionDirectory"):
        return
    url = _URL.match(value.value)
    why = ""
    if row["attribute"] == "ChannelDefinitionFile":
        if "/" in value.value or "\\" in value.value:
            why = "it is a name only and is put behind the directory, even where it is a path or a URL"
    elif url and url["scheme"] not in _SCHEMES:
        why = "this is no scheme that the client knows (small letters), so it is taken for a folder"
    elif url and value.value.endswith("/"):
        why = "the slash at the end makes two before the name of the file"
    if why:
        yield IniProblem("table-place", value.location, _is(value, why))


def _is_allowed(value: str, allowed: str) -> bool:
    if "," in allowed:
        return {word.strip().upper() for word in value.split(",")} <= set(allowed.split(","))
    low, dots, high = allowed.partition("..")
    if not dots:
        return value.upper() in allowed.split("|")
    return _WHOLE_NUMBER.fullmatch(value) is not None and int(low) <= int(value) <= int(high)
