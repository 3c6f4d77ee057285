"""Configuration given beside a trace, as facts, and which of it can be what the client used."""

import pytest

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import ConfigValue, Location


def value(group: str, name: str, text: str, source: str = "file", line: int = 1) -> ConfigValue:
    return ConfigValue(group, name, text, Location(source, line))


def names(configuration: Configuration) -> list[str]:
    return [fact.name for fact in configuration.facts]


@pytest.mark.parametrize(
    ("kind", "group", "name", "fact", "thread", "text"),
    [
        ("environment", "", "MQSERVER", "env.MQSERVER", "", "MQSERVER=V"),
        ("ini", "SSL", "SSLKeyRepository", "ini.ssl.sslkeyrepository", "", "SSLKeyRepository=V"),
        ("ccdt-json", "APP", "transmissionSecurity.cipherSpecification", "table.cipherspecification", "APP", None),
        ("ccdt-binary", "APP", "SSLCipherSpec", "table.sslcipherspec", "APP", None),
    ],
)
def test_a_value_becomes_a_fact(kind: str, group: str, name: str, fact: str, thread: str, text: str | None) -> None:
    (found,) = Configuration().plus(kind, [value(group, name, "V", line=7)]).facts
    assert (found.name, found.value, found.proves, found.thread, found.location.line) == (fact, "V", "set", thread, 7)
    assert found.text == (text or f"APP: {name} V")


def test_values_of_ini_files_are_kept_as_written() -> None:
    given = value("SSL", "SSLKeyRepository", "V")
    assert Configuration().plus("ini", [given]).ini == (given,)
    assert Configuration().plus("environment", [given]).ini == ()


@pytest.mark.parametrize(
    ("group", "source"),
    [("SSL", "QM1/qm.ini"), ("SSL", "case.zip!QM1/qm.ini"), ("SSL", "C:\\QM1\\QM.INI"), ("ExitPath", "copy.txt")],
)
def test_a_queue_manager_s_file_says_nothing_of_the_client(group: str, source: str) -> None:
    given = value(group, "SSLKeyRepository", "V", source)
    found = Configuration().plus("ini", [given])
    assert (found.facts, found.ini, found.qm_ini) == ((), (), (given,))


def test_output_of_runmqsc_gives_no_facts() -> None:
    given = value("QMGR", "SSLKEYR", "V")
    found = Configuration().plus("listing", [given])
    assert (found.facts, found.mqsc) == ((), (given,))


def test_only_the_facts_of_one_channel_of_a_table() -> None:
    whole = (
        Configuration()
        .plus("environment", [value("", "MQSERVER", "V")])
        .plus("ccdt-json", [value("A", "host", "a"), value("B", "host", "b")])
    )
    assert [(fact.name, fact.value) for fact in whole.of_channel("B").facts] == [
        ("env.MQSERVER", "V"),
        ("table.host", "b"),
    ]
    assert names(whole.of_channel("")) == ["env.MQSERVER"]


@pytest.mark.parametrize(
    ("used", "source", "counts"),
    [
        (None, "/any/where.ini", True),
        ("", "/any/mqclient.ini", False),
        ("/home/app/mqclient.ini", "/tmp/copies/mqclient.ini", True),
        ("C:\\app\\mqclient.ini", "copies/mqclient.ini", True),
        ("/home/app/mqclient.ini", "/home/app/other.ini", False),
        ("app/mqclient.ini", "/tmp/app/mqclient.ini", True),
        ("app/mqclient.ini", "/tmp/other/mqclient.ini", False),
        ("./mqclient.ini", "/tmp/other/mqclient.ini", True),
        ("mqclient.ini", "/tmp/other/mqclient.ini", True),
        ("/home/app/mqclient.ini", "case.zip!conf/mqclient.ini", True),
    ],
)
def test_an_ini_file_counts_where_it_can_be_the_one_that_was_used(used: str | None, source: str, counts: bool) -> None:
    found = Configuration().plus("ini", [value("SSL", "SSLKeyRepository", "V", source)]).of_ini(used)
    assert (bool(found.facts), bool(found.ini)) == (counts, counts)


@pytest.mark.parametrize(
    ("used", "counts"),
    [("file:///home/app/ccdt.json", True), ("/home/app/other.json", False), ("", False), (None, True)],
)
def test_so_does_a_channel_table(used: str | None, counts: bool) -> None:
    found = Configuration().plus("ccdt-json", [value("A", "host", "h", "/tmp/ccdt.json")]).of_table(used)
    assert bool(found.facts) == counts


def test_a_listing_of_variables_counts_whatever_files_were_used() -> None:
    assert names(Configuration().plus("environment", [value("", "MQSERVER", "V")]).of_ini("").of_table("")) == [
        "env.MQSERVER"
    ]
