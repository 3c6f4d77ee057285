"""The connection as it would be: what the client would read, and the ledger over it.

What a trace would show of a call is put together beforehand, under the same names of facts, so that the ledger, the
choice of a channel and the rules are those of `diagnose`.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.precedence import precedence
from mqtrace.catalog.settings_files import Beforehand
from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Client, Connection, Evidence, Fact, InputRead, Location, Proof, Proves, Setting
from mqtrace.model.key_store import KeyStore
from mqtrace.model.preflight import Check, CheckState, IniFile
from mqtrace.preflight.files import DEFAULT_TABLE, File, folder_of, ini_files, read_file
from mqtrace.preflight.surroundings import Surroundings
from mqtrace.readers.configuration import ini
from mqtrace.readers.configuration.config_listing import variable_names
from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tables.ccdt_table import ChannelTable
from mqtrace.readers.tally import Tally
from mqtrace.settings.channel_choice import Choice, choose
from mqtrace.settings.ledger import build_ledger

BEGIN = "call.begins"
PROGRAM = "--program"
# Java options of this begin are those of mqclient.ini, Stanza.Attribute, in any case.
_CLIENT_PROPERTY = "com.ibm.mq.cfg."
_TABLE_NAME = "search.ccdt_default_name"
# Sources of which each gives a part of the table's place.
_BY_PARTS = ("env:MQCHLLIB", "env:MQCHLTAB")
_INI_PARTS = ("ini:Channels.ChannelDefinitionDirectory", "ini:Channels.ChannelDefinitionFile")


class Wanted(Struct, frozen=True):
    """What is asked.

    Attributes:
        queue_manager: the name that the program asks for.
        client: its client family, and what that does beforehand.
        level: level of the client, "" where that is not known.
        program: what the program gives itself, by the keys of preflight.toml.
        ini, ccdt: files given in place of those that would be looked for, None for none.
        at: the moment of the connection.
    """

    queue_manager: str
    client: Client
    family: Beforehand
    at: datetime
    level: str = ""
    program: Mapping[str, str] = field(default_factory=dict)
    ini: File | None = None
    ccdt: File | None = None


class Ahead(Struct):
    """The connection as it would be.

    Attributes:
        wanted, around: what was asked, and where the program runs.
        facts: what a trace of the call would show.
        configuration: what was read.
        inis: the ini files that are there.
        rows: the ledger, by the settings' names.
        table_file, table, choice: the channel table, where one would be read.
        inputs: one row a file.
        stores: key repositories and key stores that were opened.
    """

    wanted: Wanted
    around: Surroundings
    facts: list[Fact]
    configuration: Configuration = field(default_factory=Configuration)
    inis: tuple[IniFile, ...] = ()
    rows: dict[str, Setting] = field(default_factory=dict)
    table_file: File | None = None
    table: ChannelTable | None = None
    choice: Choice | None = None
    inputs: list[InputRead] = field(default_factory=list)
    stores: list[KeyStore] = field(default_factory=list)

    def value(self, name: str) -> str:
        """The value of a setting that would win, "" where nobody gives one."""
        return self.rows[name].value if name in self.rows else ""

    def source(self, name: str) -> str:
        """Its source, "none" where nobody gives one."""
        return self.rows[name].source if name in self.rows else "none"

    def evidence(self, name: str) -> tuple[Evidence, ...]:
        """Where it stands."""
        return self.rows[name].evidence if name in self.rows else ()

    def connection(self, **more: object) -> Connection:
        """The call."""
        one = Connection(
            self.wanted.client,
            self.around.told_by,
            user=self.around.user,
            level=self.wanted.level,
            queue_manager=self.wanted.queue_manager,
            phase="tcp" if self.value("channel") else "settings",
            facts=tuple(self.facts),
        )
        return replace(one, **more)

    def say(self, name: str, value: str, told_by: str, line: int = 0, proves: Proves = "used") -> None:
        """Adds a fact."""
        self.facts.append(_fact(name, value, Location(told_by, line), proves))

    def settle(self) -> None:
        """Makes the ledger anew."""
        self.rows = {row.name: row for row in build_ledger(self.connection(), self.configuration)}


def step(
    ahead: Ahead,
    name: str,
    said: str,
    cause: str,
    *,
    state: CheckState = "fails",
    reason: int | None = None,
    evidence: Iterable[Evidence] = (),
) -> Check:
    """A check; where it fails, the reason is what the client is known to give for the cause."""
    known = ahead.wanted.family.reasons.get(cause) if reason is None else reason
    return Check(name, state, said, cause, known if state == "fails" else None, tuple(evidence))


def look_ahead(wanted: Wanted, around: Surroundings) -> Ahead:
    """Reads what the client would read, up to the channel that it would try first."""
    ahead = Ahead(wanted, around, list(_of_call(wanted, around)))
    _read_ini(ahead)
    ahead.facts += _nothing_said(wanted.client, {fact.name for fact in ahead.facts})
    ahead.settle()
    if not ahead.value("channel") and not _is_malformed(ahead):
        _read_table(ahead)
    _default_label(ahead)
    return ahead


def _is_malformed(ahead: Ahead) -> bool:
    """Whether a source of the channel gave something that is no channel."""
    return ahead.source("channel").startswith(("env:", "ini:"))


# ---------------------------------------------------------------- what the call would show


def _of_call(wanted: Wanted, around: Surroundings) -> Iterator[Fact]:
    yield _fact(BEGIN, "", Location(around.told_by, 0), "read")
    for each in around.variables:
        if f"env:{each.name}" not in wanted.family.ini and each.value:
            yield _fact(f"env.{each.name}", each.value, each.location, "set", f"{each.name}={each.value}")
    for name, option in around.properties.items():
        short = name.removeprefix(_CLIENT_PROPERTY)
        fact = f"property.{name if short == name else short.lower()}"
        if f"property:{name}" not in wanted.family.ini:
            yield _fact(fact, option.value, option.location, "set", f"-D{name}={option.value}")
    if wanted.queue_manager:
        yield _fact("application.queue_manager", wanted.queue_manager, Location(around.told_by, 0), "used")
    yield _fact(_TABLE_NAME, DEFAULT_TABLE, Location(around.told_by, 0), "default")
    for key, value in wanted.program.items():
        for name in wanted.family.program[key]:
            yield _fact(name, value, Location(PROGRAM, 0), "used", f"{key}={value}")


def _fact(name: str, value: str, location: Location, proves: Proves, text: str = "") -> Fact:
    return Fact(name, value, location, text or f"{name} {value}".rstrip(), proves, pattern="preflight")


def _nothing_said(client: Client, said: set[str]) -> Iterator[Fact]:
    """That a source has nothing: beforehand all of them are at hand, so what is not said is not set."""
    nowhere = Location("", 0)
    for name in sorted(variable_names()):
        if f"env.{name}" not in said:
            yield _fact(f"env.{name}", "", nowhere, "not-set")
    for rule in precedence(client)[:1]:
        for names in rule.silent.values():
            for name in names:
                if name not in said:
                    yield _fact(f"{name}asked" if name.endswith(".") else name, "", nowhere, "not-set")


# ---------------------------------------------------------------- mqclient.ini


def _read_ini(ahead: Ahead) -> None:
    """Reads the first ini file that is there; what the others hold counts for nothing."""
    wanted, around = ahead.wanted, ahead.around
    if wanted.ini:
        ahead.inis = (IniFile(wanted.ini.name, "cwd", "read"),)
    else:
        ahead.inis = tuple(ini_files(around, wanted.family))
    for each in ahead.inis:
        there = each.state != "passed-over"
        ahead.say(wanted.family.ini[each.place], each.file if there else "", around.told_by, 0, "set")
        if each.state == "read":
            _take_ini(ahead, wanted.ini or read_file(each.file, around.file(each.file)))


def _take_ini(ahead: Ahead, file: File) -> None:
    tally = Tally()
    values = list(ini.read(file.source(), tally)) if not file.error else []
    ahead.configuration = ahead.configuration.plus("ini", values)
    ahead.inputs.append(_read(file, "ini", tally.lines, tally.records))


def _read(file: File, kind: str, lines: int = 0, records: int = 0) -> InputRead:
    return InputRead(file.name, kind, len(file.data), lines, records, error=file.error or None)


# ---------------------------------------------------------------- the channel table


def _read_table(ahead: Ahead) -> None:
    wanted, around = ahead.wanted, ahead.around
    named = bool(ahead.value("ccdt"))
    name, folder = _place_of_table(ahead) if named else _default_table(ahead)
    if wanted.ccdt and not named and "ccdt" in wanted.family.program:
        name = wanted.ccdt.name
        for fact in wanted.family.program["ccdt"]:
            ahead.say(fact, name, PROGRAM)
    elif not named and wanted.family.table:
        ahead.say(wanted.family.table.fact, name, around.told_by, 0, "default" if not wanted.ccdt else "used")
    if not name:
        return
    file = wanted.ccdt or read_file(name, around.file(name, folder))
    ahead.table_file = file
    ahead.inputs.append(_read(file, f"ccdt-{'binary' if file.data[:4] == b'AMQR' else 'json'}"))
    if file.error:
        ahead.settle()
        return
    ahead.table = load_table(file.data)
    ahead.choice = choose(ahead.table, wanted.queue_manager, wanted.client)
    if ahead.choice.candidates:
        first = ahead.choice.candidates[0]
        for attribute, fact in wanted.family.entry.items():
            value = ",".join(first.addresses) if attribute == "connection" else getattr(first.channel, attribute)
            ahead.say(fact, value, file.name, first.channel.line)
    ahead.settle()


def _place_of_table(ahead: Ahead) -> tuple[str, str]:
    """Name of the table that is named, and the folder that the name is relative to."""
    around, source = ahead.around, ahead.source("ccdt")
    if source not in (*_BY_PARTS, *_INI_PARTS):
        return ahead.value("ccdt"), ""
    parts = [
        around.variable(name) or _ini_value(ahead, attribute)
        for name, attribute in (("MQCHLLIB", "channeldefinitiondirectory"), ("MQCHLTAB", "channeldefinitionfile"))
    ]
    folder, file = parts[0], parts[1] or DEFAULT_TABLE
    if folder:
        separator = "" if folder.endswith(("/", "\\")) else "/"
        return f"{folder}{separator}{file}", ""
    return file, _default_folder(ahead)


def _ini_value(ahead: Ahead, attribute: str) -> str:
    name = f"ini.channels.{attribute}"
    return next((fact.value for fact in reversed(ahead.configuration.facts) if fact.name == name), "")


def _default_folder(ahead: Ahead) -> str:
    default = ahead.wanted.family.table
    return folder_of(default.place, ahead.around, ahead.wanted.family) if default else ""


def _default_table(ahead: Ahead) -> tuple[str, str]:
    folder = _default_folder(ahead)
    return (f"{folder.rstrip('/')}/{DEFAULT_TABLE}", "") if folder else ("", "")


# ---------------------------------------------------------------- defaults


def _default_label(ahead: Ahead) -> None:
    """The label that is looked for where nobody gives one, and TLS is asked for."""
    family, user = ahead.wanted.family, ahead.around.user
    if family.label and user and ahead.value("cipher_spec") and not ahead.value("certificate_label"):
        ahead.say(family.label, f"ibmwebspheremq{user.lower()}", ahead.around.told_by, 0, "default")
        ahead.settle()


def beforehand(rows: Iterable[Setting]) -> tuple[Setting, ...]:
    """The ledger as it is before the call: nothing of it was traced, and what is nowhere at hand was not given."""
    return tuple(map(_beforehand, rows))


def _beforehand(row: Setting) -> Setting:
    value, source = (_inferred(row.value_proof, row), _inferred(row.source_proof, row))
    return replace(row, proof=_inferred(row.proof, row), value_proof=value, source_proof=source)


def _inferred(proof: Proof, row: Setting) -> Proof:
    return "inferred" if proof == "traced" or row.source == "none" else proof
