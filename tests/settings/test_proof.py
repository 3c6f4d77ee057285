"""Proof of the value and proof of the source are two things: over all sources of all precedence files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from mqtrace.catalog.precedence import SettingRule, SourceRule, precedence, read_precedence
from mqtrace.catalog.tables import data_folder
from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Client, Connection, Evidence, Fact, Location, Proves, Setting, Structure, StructureField
from mqtrace.settings import ledger as module
from mqtrace.settings.ledger import build_ledger

FAMILIES: list[Client] = sorted(path.stem for path in (data_folder("patterns") / "precedence").glob("*.toml"))  # type: ignore[assignment]
VALUE = "OWN.VALUE"


def fact(name: str, value: str, proves: Proves = "set", offset: int = 0, source: str = "trace") -> Fact:
    return Fact(name, value, Location(source, 1, offset), f"{name}={value}", proves)


def rows(client: Client, *facts: Fact, given: tuple[Fact, ...] = (), **more: object) -> dict[str, Setting]:
    connection = Connection(client, "trace", facts=facts, phase="tcp")
    return {row.name: row for row in build_ledger(replace(connection, **more), Configuration(given))}  # type: ignore[arg-type]


def proofs(row: Setting) -> tuple[str, str, str]:
    return row.proof, row.value_proof, row.source_proof


def sources() -> Iterator[tuple[Client, SettingRule, SourceRule]]:
    """Every source that a file beside the trace can speak of, and whose setting a trace can show in force."""
    for client in FAMILIES:
        for rule in precedence(client):
            for source in rule.sources:
                if rule.in_force and source.reads and source.facts and source.facts[0].startswith(("env.", "ini.")):
                    yield client, rule, source


SOURCES = list(sources())
NAMES = [f"{client}-{rule.name}-{source.source}" for client, rule, source in SOURCES]


def of_source(source: SourceRule, where: str) -> Fact:
    """A fact that makes the source give VALUE."""
    parts = {"channel": f"{VALUE}/TCP/h(1)", "address": f"A/TCP/{VALUE}"}
    return fact(source.facts[0], parts.get(source.part, VALUE), source=where)


def in_force(rule: SettingRule) -> Fact:
    name = next(name for name in rule.in_force if not name.startswith("env."))
    return fact(name, VALUE, "used")


def asked(client: Client, but: str) -> list[Fact]:
    """What shows that every other source was asked and had nothing."""
    names = {
        name
        for rule in precedence(client)
        for source in rule.sources
        for name in (*source.facts, *source.pair)
        if not name.startswith(("mqcd.", "mqsco.", "table.", "ini."))
    }
    return [fact("call.begins", ""), *(fact(name, "", "not-set") for name in sorted(names - {but}))]


@pytest.mark.parametrize(("client", "rule", "source"), SOURCES, ids=NAMES)
def test_a_file_beside_the_trace_never_proves_a_source(client: Client, rule: SettingRule, source: SourceRule) -> None:
    row = rows(client, in_force(rule), given=(of_source(source, "listing.txt"),))[rule.name]
    assert row.value_proof == "traced"
    assert row.source_proof != "traced"
    assert (row.proof == "traced") == (row.source == "unknown")


@pytest.mark.parametrize(("client", "rule", "source"), SOURCES, ids=NAMES)
def test_a_source_that_the_trace_names_is_traced_where_no_earlier_one_is_open(
    client: Client, rule: SettingRule, source: SourceRule
) -> None:
    facts = [*asked(client, source.facts[0]), of_source(source, "trace"), in_force(rule)]
    row = rows(client, *facts)[rule.name]
    assert (row.value, row.source, *proofs(row)) == (VALUE, source.source, "traced", "traced", "traced")


@pytest.mark.parametrize(("client", "rule", "source"), SOURCES, ids=NAMES)
def test_by_precedence_alone_neither_is_traced(client: Client, rule: SettingRule, source: SourceRule) -> None:
    if source.facts[0] in rule.in_force:
        pytest.skip("the line that gives it is itself what was in force")
    row = rows(client, *asked(client, source.facts[0]), of_source(source, "trace"))[rule.name]
    assert (row.source, *proofs(row)) == (source.source, "inferred", "inferred", "inferred")


def test_an_earlier_source_that_may_have_given_it_leaves_the_source_inferred() -> None:
    late = [fact("env.MQSERVER", "APP/TCP/h(1)"), fact("mqcd.ChannelName", "APP", "used")]
    row = rows("c", *late)["channel"]
    assert (row.source, *proofs(row)) == ("env:MQSERVER", "inferred", "traced", "inferred")
    row = rows("c", fact("call.begins", ""), *late)["channel"]
    assert (row.source, *proofs(row)) == ("env:MQSERVER", "traced", "traced", "traced")


# ---------------------------------------------------------------- a definition comes as a whole


def parts_without_a_source() -> Iterator[tuple[Client, str, str]]:
    """Each source of a channel, with each other part of the definition that it cannot give."""
    for client in FAMILIES:
        whole = {rule.name: rule for rule in precedence(client) if rule.definition}
        for source in whole["channel"].sources if whole else ():
            for name, rule in whole.items():
                if source.source not in {each.source for each in rule.sources}:
                    yield client, source.source, name


PARTS = list(parts_without_a_source())


def test_mqserver_and_the_ini_file_cannot_give_what_belongs_to_tls() -> None:
    assert {(source, name) for client, source, name in PARTS if client == "c"} == {
        (source, name)
        for source in ("env:MQSERVER", "ini:Channels.ServerConnectionParms")
        for name in ("cipher_spec", "ssl_peer")
    }


@pytest.mark.parametrize(("client", "source", "name"), PARTS)
def test_a_source_that_cannot_give_a_part_in_force_gave_none_of_the_definition(
    client: Client, source: str, name: str
) -> None:
    whole = {rule.name: rule for rule in precedence(client) if rule.definition}
    rule = next(each for each in whole["channel"].sources if each.source == source)
    facts = [
        *asked(client, rule.facts[0]),
        fact(rule.facts[0], "APP/TCP/h(1)"),
        fact("mqcd.ChannelName", "APP", "used"),
        fact("mqcd.ConnectionName", "h(1)", "used"),
        fact(whole[name].in_force[0], VALUE, "used"),
    ]
    settings = rows(client, *facts)
    assert {settings[each].source for each in ("channel", "address", name)} == {"unknown"}
    (candidate,) = [each for each in settings["channel"].candidates if each.source == source]
    assert (candidate.state, candidate.value) == ("overridden", "APP")
    assert candidate.why == f"it cannot give a {name.replace('_', ' ')}, and '{VALUE}' is in force"


@pytest.mark.parametrize(
    ("address", "source"), [("h(1414)", "env:MQSERVER"), ("h", "env:MQSERVER"), ("other(1414)", "unknown")]
)
def test_a_source_of_the_same_channel_and_another_address_gave_neither(address: str, source: str) -> None:
    facts = [fact("env.MQSERVER", "APP/TCP/h(1414)"), fact("mqcd.ChannelName", "APP", "used")]
    settings = rows("c", *asked("c", "env.MQSERVER"), *facts, fact("mqcd.ConnectionName", address, "used"))
    assert (settings["channel"].source, settings["address"].source) == (source, source)


def test_the_parts_of_a_definition_have_the_source_of_its_channel() -> None:
    facts = [
        fact("mqcno.ClientConnPtr", "0x7fff"),
        fact("env.MQSERVER", "APP/TCP/h(1)"),
        *(fact(f"mqcd.{name}", value, "used") for name, value in (("ChannelName", "APP"), ("ConnectionName", "h(1)"))),
        fact("mqcd.SSLPeerName", "CN=QM1", "used"),
    ]
    settings = rows("c", *facts)
    for name in ("channel", "address", "ssl_peer"):
        assert (settings[name].source, settings[name].proof) == ("application", "traced"), name


# ---------------------------------------------------------------- definitions that were dumped


def dumped(channel: str, offset: int, address: str = "h(1)") -> tuple[Structure, list[Fact]]:
    """SYNTHETIC: a dump of an MQCD, and its facts."""
    fields = {"ChannelName": channel, "ConnectionName": address, "SSLCipherSpec": f"{channel}_CIPHER"}
    facts = [fact(f"mqcd.{name}", value, "used", offset) for name, value in fields.items()]
    evidence = (Evidence(Location("trace", 1, offset), "MQCD"),)
    shown = tuple(StructureField(name, 0, value) for name, value in fields.items())
    return Structure("MQCD", 11, 64, "little", shown, evidence=evidence), facts


def step(name: str, offset: int) -> Fact:
    return fact(name, "", offset=offset)


def channel_of(*shown: Fact | tuple[Structure, list[Fact]]) -> tuple[str, str]:
    facts = [each for one in shown for each in ([one] if isinstance(one, Fact) else one[1])]
    structures = tuple(one[0] for one in shown if not isinstance(one, Fact))
    row = rows("c", fact("call.begins", ""), *facts, structures=structures)
    return row["channel"].value, row["cipher_spec"].value


BEGINS, FAILS, STANDS = step("session.begins", 20), step("session.failed", 30), step("session.established", 30)


@pytest.mark.parametrize(
    ("shown", "channel"),
    [
        ([dumped("ONE", 10)], "ONE"),
        ([dumped("ONE", 10), dumped("TWO", 11)], ""),
        ([dumped("ONE", 10), dumped("TWO", 11), BEGINS], ""),
        ([dumped("ONE", 10), dumped("TWO", 11), BEGINS, dumped("ONE", 25)], "ONE"),
        ([dumped("ONE", 10), BEGINS, FAILS, dumped("TWO", 35), step("session.begins", 40)], "TWO"),
        ([BEGINS, dumped("ONE", 25), FAILS, step("session.begins", 40), dumped("TWO", 45)], "TWO"),
        ([BEGINS, dumped("ONE", 25), STANDS, dumped("DATA", 35)], "ONE"),
        ([BEGINS, STANDS, dumped("DATA", 35)], ""),
    ],
    ids=[
        "one", "two-entries", "two-entries-and-a-session", "in-the-session", "before-the-second", "in-the-second",
        "data-after-it", "data-alone",
    ],
)  # fmt: skip
def test_of_several_definitions_the_one_of_the_session_is_in_force(
    shown: list[Fact | tuple[Structure, list[Fact]]], channel: str
) -> None:
    assert channel_of(*shown) == (channel, f"{channel}_CIPHER" if channel else "")


# ---------------------------------------------------------------- rules with a condition

MADE = """
family = "made"
[[setting]]
name     = "channel"
in_force = []
needs    = "program.jms"
basis    = "reported"
[[setting.sources]]
source   = "application"
facts    = ["application.channel"]

[[setting]]
name     = "address"
in_force = []
basis    = "reported"
[[setting.sources]]
source   = "property:host"
facts    = ["property.host"]
needs    = "program.jms"
[[setting.sources]]
source   = "env:HOST"
facts    = ["env.HOST"]
"""


@pytest.fixture
def _made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.toml").write_text(MADE)
    monkeypatch.setattr(module, "precedence", lambda family: read_precedence(tmp_path / "made.toml"))


@pytest.mark.usefixtures("_made")
def test_a_rule_or_a_source_that_needs_a_fact_applies_only_where_it_is_known() -> None:
    given = [fact("property.host", "h1"), fact("env.HOST", "h2")]
    assert {row.name: row.source for row in rows("java", *given).values()} == {"address": "env:HOST"}
    with_fact = rows("java", fact("program.jms", "yes"), *given)
    assert {row.name: row.source for row in with_fact.values()} == {"channel": "none", "address": "property:host"}
