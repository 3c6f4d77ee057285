"""How much `explain` knows, family by family, and that it says it of each and not the same of all."""

from collections import Counter
from collections.abc import Iterable

import pytest

from mqtrace.catalog.explain import explain, suggestions
from mqtrace.catalog.explain_settings import settings, variables
from mqtrace.catalog.messages import all_messages, message_inserts, short_meaning, writer_of
from mqtrace.catalog.reasons import reason, reason_names
from mqtrace.catalog.tables import table

# The number of messages of MQ's catalogue with a meaning of their own, and of all that it has: raised, never lowered.
KNOWN = {"AMQ9": (291, 573), "AMQ5": (29, 374), "AMQ8": (17, 622)}
# What MQOPEN can return to a client.
OF_OPEN = """
2001 2011 2017 2035 2042 2043 2044 2045 2046 2052 2057 2058 2059 2082 2085 2086 2087 2091 2092 2100 2101
2102 2152 2153 2154 2155 2156 2161 2162 2184 2188 2189 2192 2195 2196 2197 2198 2199 2425 2441
"""
OF_CLIENTS = """JMSWMQ0018 JMSWMQ0019 JMSWMQ1107 JMSWMQ2007 JMSWMQ2008 JMSWMQ2013 JMSCMQ0001 JMSCMQ0002 JMSCC0005
MQJCA1011 MQJMS2005 MQJE001 MQJE011 CWSMQ0006 CWSMQ0082 AMQ4036 AMQ4043 AMQ4059"""


def catalogue() -> list[str]:
    return [row["id"] for row in table("message_inserts")]


def has_meaning(id: str) -> bool:
    return short_meaning(id) is not None or any(info.id == id for info in all_messages())


@pytest.mark.parametrize("family", KNOWN)
def test_how_many_messages_of_a_family_are_known(family: str) -> None:
    own = {info.id for info in all_messages()} | {row["id"] for row in table("message_meanings")}
    ids = [id for id in catalogue() if id.startswith(family)]
    known, number = KNOWN[family]
    assert len([id for id in ids if id in own]) >= known
    assert len(ids) == number


def test_a_short_meaning_is_of_a_message_that_is_there_and_that_nothing_longer_explains() -> None:
    longer = {info.id for info in all_messages()}
    ids = [row["id"] for row in table("message_meanings")]
    assert [id for id in ids if message_inserts(id) is None or id in longer] == []


def meanings() -> Iterable[str]:
    yield from (info.meaning for info in all_messages())
    yield from (row["meaning"] for row in table("message_meanings"))
    yield from (
        info.meaning for name in reason_names() if (info := reason(name)) and info.meaning and name == info.name
    )


def test_no_two_meanings_are_the_same_sentence() -> None:
    assert [words for words, number in Counter(meanings()).items() if number > 1] == []


def test_where_nothing_is_known_beyond_the_id_it_says_that() -> None:
    unknown = next(id for id in catalogue() if id.startswith("AMQ9") and not has_meaning(id))
    found = explain(unknown)
    assert found is not None
    assert "no entry" in found["meaning"]
    assert found["causes"] == []


@pytest.mark.parametrize("code", OF_OPEN.split())
def test_every_reason_of_an_open_has_a_meaning(code: str) -> None:
    found = reason(int(code))
    assert found is not None
    assert found.meaning
    assert found.fixes


@pytest.mark.parametrize("id", OF_CLIENTS.split())
def test_the_ids_of_class_libraries_are_known_as_a_client_s(id: str) -> None:
    found = explain(id)
    assert found is not None
    assert (found["kind"], found["id"], found["written_by"]) == ("message", id, "client")
    assert found["fixes"]


@pytest.mark.parametrize(
    ("id", "writer"),
    [("AMQ8077", "queue manager"), ("AMQ9633", "either"), ("AMQ9514", "queue manager"), ("CSQX630", "queue manager")],
)
def test_who_writes_a_message(id: str, writer: str) -> None:
    assert writer_of(id) == writer


# ---------------------------------------------------------------- settings and variables


@pytest.mark.parametrize("name", [variable.name for variable in variables()])
def test_every_variable_says_who_reads_it(name: str) -> None:
    found = explain(name)
    assert found is not None
    assert (found["kind"], found["id"]) == ("variable", name)
    assert "Read by" in found["meaning"] or "No client library" in found["meaning"]


@pytest.mark.parametrize("name", [setting.name for setting in settings()])
def test_every_setting_says_what_it_does_and_what_goes_wrong(name: str) -> None:
    found = explain(name)
    assert found is not None
    assert found["kind"] == "setting"
    assert found["causes"]


@pytest.mark.parametrize(
    ("word", "kind", "id"),
    [
        ("SSLPEER", "setting", "ssl_peer"),
        ("sslciph", "setting", "cipher_spec"),
        ("OutboundSNI", "setting", "outbound_sni"),
        ("SSL.OutboundSNI", "setting", "outbound_sni"),
        ("certificatePeerName", "setting", "ssl_peer"),
        ("javax.net.ssl.trustStore", "setting", "trust_store"),
        ("PasswordProtection", "attribute", "CHANNELS.PasswordProtection"),
        ("mqserver", "variable", "MQSERVER"),
    ],
)
def test_a_setting_is_found_by_what_people_call_it(word: str, kind: str, id: str) -> None:
    found = explain(word)
    assert found is not None
    assert (found["kind"], found["id"]) == (kind, id)


def test_who_beats_mqserver_is_told_for_each_client() -> None:
    found = explain("MQSERVER")
    assert found is not None
    order = (
        "the program, the channel table that the program names, MQSERVER, mqclient.ini Channels.ServerConnectionParms"
    )
    assert f"Who wins for the C client, the first that gives it: {order}, the channel table." in found["meaning"]
    assert "not by the Java client" in found["meaning"]


def test_a_misspelt_variable_is_suggested() -> None:
    assert "MQCCDTURL" in suggestions("MQCCDURL")
