"""Rules on settings: each with a case that triggers it and near misses that do not."""

import pytest
from msgspec.structs import replace

from mqtrace.model import Client, ConfigValue, Fact, Finding, Location, LogEntry, Phase, Structure, StructureField

from .cases import PLAIN, SECURED, Case, case, fact, found, not_set, used

SERVER = fact("env.MQSERVER", "ENV.SVRCONN/TCP/h1(1414)", "set")
PARMS = fact("ini.channels.serverconnectionparms", "INI.SVRCONN/TCP/h2(1414)", "set")
TABLE = fact("env.MQCCDTURL", "/app/ccdt.json", "set")
IN_FORCE = used("mqcd.ChannelName", "ENV.SVRCONN")


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.status, finding.confidence) for finding in findings]


def ini(name: str, value: str, group: str = "SSL", source: str = "mqclient.ini") -> tuple[str, ConfigValue]:
    return "ini", ConfigValue(group, name, value, Location(source, 2))


# ---------------------------------------------------------------- a channel hides the table

HIDES = "settings.mqserver-hides-ccdt"


@pytest.mark.parametrize("reason", [2393, 2397, 2009, 2059, 2539, 2540])
def test_mqserver_that_hides_a_table_is_the_likely_cause_where_tls_could_be_what_was_missing(reason: int) -> None:
    (finding,) = found(case(SERVER, TABLE, IN_FORCE, PLAIN, reason=reason), HIDES)
    assert (finding.status, finding.confidence) == ("fail", "likely")
    assert [each.id for each in finding.alternatives] == ["tls.client-plain-server-tls"]
    assert "MQSERVER gave channel ENV.SVRCONN; the channel table /app/ccdt.json was not looked at" in finding.text
    assert {line.text for line in finding.evidence} >= {
        "env.MQSERVER ENV.SVRCONN/TCP/h1(1414)",
        "env.MQCCDTURL /app/ccdt.json",
    }


@pytest.mark.parametrize(
    "one",
    [
        case(SERVER, TABLE, IN_FORCE, PLAIN, reason=0, phase="connected"),
        case(SERVER, TABLE, IN_FORCE, PLAIN, reason=2538),
        case(SERVER, TABLE, IN_FORCE, PLAIN, reason=2035),
        case(SERVER, TABLE, IN_FORCE, PLAIN, fact("error_segment.status", "01"), reason=2540),
        case(SERVER, TABLE, IN_FORCE, reason=2393),
    ],
    ids=[
        "connected",
        "host-not-available",
        "not-authorized",
        "queue-manager-answered",
        "cipher-spec-not-known",
    ],
)
def test_otherwise_it_is_an_oddity(one: Case) -> None:
    assert told(found(one, HIDES)) == [("warn", "certain")]


def test_with_a_cipher_spec_in_force_mqserver_gave_no_channel_and_hides_nothing() -> None:
    assert found(case(SERVER, TABLE, IN_FORCE, SECURED, reason=2393), HIDES) == []


@pytest.mark.parametrize(
    "one",
    [
        case(SERVER, IN_FORCE, PLAIN, reason=2393),
        case(SERVER, not_set("env.MQCCDTURL"), IN_FORCE, PLAIN, reason=2393),
        case(TABLE, used("mqcd.ChannelName", "APP.TLS"), PLAIN, reason=2393),
        case(PARMS, TABLE, used("mqcd.ChannelName", "INI.SVRCONN"), PLAIN, reason=2393),
    ],
    ids=["no-table", "table-not-set", "no-mqserver", "by-the-ini-file"],
)
def test_without_a_table_or_without_mqserver_nothing_is_hidden_by_it(one: Case) -> None:
    assert found(one, HIDES) == []


def test_the_channel_of_the_ini_file_hides_a_table_too() -> None:
    (finding,) = found(
        case(PARMS, TABLE, used("mqcd.ChannelName", "INI.SVRCONN"), PLAIN, reason=2393),
        "settings.ini-channel-hides-ccdt",
    )
    assert (finding.status, finding.confidence) == ("fail", "likely")
    assert finding.text.startswith("ServerConnectionParms of mqclient.ini gave channel INI.SVRCONN")


def test_a_table_given_beside_the_trace_is_hidden_too() -> None:
    table = ("ccdt-json", ConfigValue("APP.TLS", "name", "APP.TLS", Location("ccdt.json", 3)))
    (finding,) = found(case(SERVER, IN_FORCE, PLAIN, reason=2393, configured=[table]), HIDES)
    assert "the channel table ccdt.json was not looked at" in finding.text


# ---------------------------------------------------------------- plain here, TLS there


@pytest.mark.parametrize("reason", [2393, 2397])
def test_a_tls_failure_without_a_cipher_spec_here_points_at_the_other_end(reason: int) -> None:
    assert told(found(case(IN_FORCE, PLAIN, reason=reason), "tls.client-plain-server-tls")) == [("fail", "likely")]


@pytest.mark.parametrize(
    "one",
    [
        case(IN_FORCE, SECURED, reason=2393),
        case(IN_FORCE, reason=2393),
        case(IN_FORCE, PLAIN, fact("tls.begins"), reason=2393),
        case(IN_FORCE, PLAIN, reason=2538),
        case(IN_FORCE, PLAIN, reason=0),
    ],
    ids=["secured", "not-known", "tls-began", "another-code", "connected"],
)
def test_near_misses_of_plain_here_and_tls_there(one: Case) -> None:
    assert found(one, "tls.client-plain-server-tls") == []


# ---------------------------------------------------------------- MQSERVER is malformed

INVALID = "settings.mqserver-invalid"


@pytest.mark.parametrize("name", ["mqserver", "env.MQSERVER"])
@pytest.mark.parametrize("value", ["APP.SVRCONN", "APP.SVRCONN/TCP", "APP.SVRCONN/TCP/", "/TCP/h(1414)"])
@pytest.mark.parametrize(
    ("reason", "phase", "status"),
    [(2278, "settings", "fail"), (2058, "settings", "fail"), (2538, "tcp", "warn"), (2058, "mqconn", "warn")],
)
def test_an_mqserver_that_lacks_a_part(name: str, value: str, reason: int, phase: Phase, status: str) -> None:
    (finding,) = found(case(fact(name, value), reason=reason, phase=phase), INVALID)
    assert (finding.status, finding.confidence) == (status, "certain")
    assert value in finding.text


@pytest.mark.parametrize(
    "one",
    [SERVER, not_set("env.MQSERVER"), not_set("mqserver"), fact("mqserver", "")],
    ids=["whole", "not-set", "null", "empty"],
)
def test_near_misses_of_a_malformed_mqserver(one: Fact) -> None:
    assert found(case(one, reason=2278, phase="settings"), INVALID) == []


# ---------------------------------------------------------------- the table is missing, damaged, or has no match

MISSING = fact("file.not_found", "/srv/app/gone.json", "rejected")
OPENED = used("ccdt.file", "/srv/app/gone.json")


@pytest.mark.parametrize("reason", [2058, 2059, 2278])
def test_a_table_that_is_named_and_not_there(reason: int) -> None:
    one = case(fact("env.MQCCDTURL", "/srv/app/gone.json", "set"), OPENED, MISSING, reason=reason, phase="settings")
    assert {("fail", "certain")} == set(told(found(one, "settings.ccdt-missing")))
    assert found(one, "settings.no-channel") == []


def test_the_message_of_a_missing_file_does_as_well() -> None:
    one = case(
        fact("env.MQCCDTURL", "/srv/app/gone.json", "set"), fact("message", "AMQ9518"), reason=2058, phase="settings"
    )
    assert ("fail", "certain") in told(found(one, "settings.ccdt-missing"))


def test_where_nobody_names_a_table_there_is_no_channel_at_all() -> None:
    table = (used("ccdt.file", "/srv/app/AMQCLCHL.TAB"), fact("file.not_found", "/srv/app/AMQCLCHL.TAB", "rejected"))
    asked = (used("mqclient_ini.none"), not_set("mqchllib"), not_set("mqchltab"))
    (finding,) = found(case(*asked, *table, reason=2058, phase="settings", client="dotnet"), "settings.no-channel")
    assert (finding.status, finding.confidence) == ("fail", "certain")
    assert [each.id for each in finding.alternatives] == ["settings.ccdt-missing"]


def test_where_the_trace_does_not_hold_what_was_set_the_table_may_have_been_named() -> None:
    table = (used("ccdt.file", "/srv/app/AMQCLCHL.TAB"), fact("file.not_found", "/srv/app/AMQCLCHL.TAB", "rejected"))
    one = case(*table, reason=2058, phase="settings", client="dotnet")
    assert found(one, "settings.no-channel") == []
    (finding,) = found(one, "settings.ccdt-missing")
    assert (finding.confidence, [each.id for each in finding.alternatives]) == ("likely", ["settings.no-channel"])


@pytest.mark.parametrize(
    "one",
    [
        case(OPENED, MISSING, reason=2538),
        case(OPENED, MISSING, reason=0, phase="connected"),
        case(OPENED, fact("file.not_found", "/srv/app/mqclient.ini", "rejected"), reason=2058, phase="settings"),
        case(OPENED, reason=2058, phase="settings"),
        case(MISSING, reason=2058, phase="settings"),
    ],
    ids=["another-code", "connected", "another-file", "no-file-missing", "no-table"],
)
def test_near_misses_of_a_missing_table(one: Case) -> None:
    assert found(one, "settings.ccdt-missing") == []


@pytest.mark.parametrize("reason", [2278, 2058, 2059])
def test_a_table_that_the_client_could_not_read(reason: int) -> None:
    one = case(
        used("ccdt.file", "/app/ccdt.json"),
        fact("ccdt.not_valid", "not correctly formatted.", "rejected"),
        reason=reason,
        phase="settings",
    )
    finding = next(each for each in found(one, "settings.ccdt-invalid") if each.confidence == "certain")
    assert (finding.status, finding.text) == (
        "fail",
        "The channel table /app/ccdt.json is not valid: not correctly formatted.",
    )


def test_a_table_that_could_not_be_read_is_no_cause_of_a_connection_that_works() -> None:
    assert (
        found(case(fact("ccdt.not_valid", "x", "rejected"), reason=0, phase="connected"), "settings.ccdt-invalid") == []
    )


NO_MATCH = "settings.ccdt-no-match"


@pytest.mark.parametrize("matches", [["False"], ["True", "False"]], ids=["none", "the-last-one"])
def test_a_table_without_an_entry_for_the_queue_manager(matches: list[str]) -> None:
    facts = [fact("ccdt.match", value) for value in matches]
    one = case(
        used("ccdt.file", "/app/ccdt.json"),
        fact("application.queue_manager", "QM9", "set"),
        *facts,
        reason=2058,
        phase="settings",
        client="dotnet",
    )
    finding = next(each for each in found(one, NO_MATCH) if each.confidence == "certain")
    assert finding.text == "The channel table /app/ccdt.json has no client channel for queue manager name QM9."


@pytest.mark.parametrize(
    ("matches", "reason"),
    [(["True"], 2058), (["False", "True"], 2058), (["False"], 2538), (["False"], 0)],
    ids=["match", "match-at-last", "another-code", "connected"],
)
def test_near_misses_of_a_table_without_an_entry(matches: list[str], reason: int) -> None:
    one = case(*(fact("ccdt.match", value) for value in matches), reason=reason, phase="tcp")
    assert found(one, NO_MATCH) == []


# ---------------------------------------------------------------- given, and not read


@pytest.mark.parametrize(
    ("client", "variable"),
    [("dotnet", "MQSSLKEYR"), ("dotnet", "MQCERTLABL"), ("dotnet", "MQCCDTURL"), ("c", "MQOUTBOUND_SNI")],
)
def test_a_variable_that_this_client_does_not_read(client: Client, variable: str) -> None:
    (finding,) = found(case(fact(f"env.{variable}", "given", "set"), client=client), "settings.ignored-by-client")
    assert (finding.status, finding.confidence) == ("warn", "certain")
    assert f"env:{variable} gives" in finding.text
    assert "'given'" in finding.text


@pytest.mark.parametrize(
    ("client", "one"),
    [
        ("c", fact("env.MQSSLKEYR", "/key", "set")),
        ("dotnet", not_set("env.MQSSLKEYR")),
        ("dotnet", fact("env.MQOUTBOUND_SNI", "HOSTNAME", "set")),
    ],
    ids=["read-by-c", "not-set", "read-by-dotnet"],
)
def test_near_misses_of_a_variable_that_is_not_read(client: Client, one: Fact) -> None:
    assert found(case(one, client=client), "settings.ignored-by-client") == []


# ---------------------------------------------------------------- structures


def structure(*beyond: StructureField) -> Structure:
    return Structure("MQCD", 6, 64, "little", (StructureField("ChannelName", 0, "APP"),), beyond)


def test_a_value_beyond_the_stated_version_of_a_structure() -> None:
    one = case(structures=(structure(StructureField("SSLCipherSpec", 0x698, "ANY_TLS12")),))
    (finding,) = found(one, "settings.structure-version-too-low")
    assert (finding.status, finding.text) == (
        "warn",
        "MQCD is version 6; its SSLCipherSpec 'ANY_TLS12' belongs to a later version and does not count.",
    )


def test_a_structure_without_values_beyond_its_version_is_no_oddity() -> None:
    assert found(case(structures=(structure(),)), "settings.structure-version-too-low") == []


# ---------------------------------------------------------------- mqclient.ini


@pytest.mark.parametrize(
    ("value", "identity"),
    [
        (ini("SSLKeyRepositry", "/key"), "settings.ini-unknown-key"),
        (ini("OutboundSNI", "CHANNEL", group="SLL"), "settings.ini-unknown-key"),
        (ini("ServerConnectionParms", "A/TCP/h(1)", group="SSL"), "settings.ini-unknown-key"),
    ],
    ids=["misspelt", "unknown-stanza", "wrong-stanza"],
)
def test_a_mistake_in_a_given_ini_file(value: tuple[str, ConfigValue], identity: str) -> None:
    (finding,) = found(case(configured=[value]), identity)
    assert (finding.status, finding.evidence[0].location) == ("warn", Location("mqclient.ini", 2))


def test_an_ini_file_without_mistakes_gives_no_finding() -> None:
    assert found(case(configured=[ini("SSLKeyRepository", "/key")]), "settings.ini-unknown-key") == []


NOT_READ = "settings.ini-not-read"
READ = {"c": used("mqclient_ini.file", "/var/mqm/mqclient.ini"), "dotnet": used("mqclient_ini.cwd", "mqclient.ini")}


def test_an_ini_file_of_another_name_than_the_client_read() -> None:
    one = case(READ["c"], configured=[ini("SSLKeyRepository", "/key", source="conf/other.ini")])
    (finding,) = found(one, NOT_READ)
    assert finding.status == "warn"
    assert "conf/other.ini was given, but the client read /var/mqm/mqclient.ini" in finding.text


@pytest.mark.parametrize(
    "one",
    [
        case(READ["c"], configured=[ini("SSLKeyRepository", "/key", source="ticket/mqclient.ini")]),
        case(configured=[ini("SSLKeyRepository", "/key")]),
        case(READ["c"]),
    ],
    ids=["the-same", "not-known-which", "none-given"],
)
def test_near_misses_of_an_ini_file_that_was_not_read(one: Case) -> None:
    assert found(one, NOT_READ) == []


# ---------------------------------------------------------------- the trace against precedence

DIFFERS = "settings.precedence-differs"


def test_a_value_in_force_that_precedence_does_not_expect_is_worth_a_look() -> None:
    one = case(
        fact("env.MQSSLKEYR", "/env/key", "set"),
        fact("ini.ssl.sslkeyrepository", "/etc/mq/key", "set"),
        used("mqsco.KeyRepository", "/etc/mq/key"),
    )
    (finding,) = found(one, DIFFERS)
    assert (finding.status, finding.confidence) == ("info", "likely")
    assert "'/etc/mq/key' in force" in finding.text
    assert "'/env/key' of env:MQSSLKEYR comes first" in finding.text


@pytest.mark.parametrize(
    "facts",
    [
        [fact("env.MQSSLKEYR", "/env/key", "set"), used("mqsco.KeyRepository", "/env/key")],
        [fact("env.MQSSLKEYR", "/env/key", "set"), fact("ini.ssl.sslkeyrepository", "/etc/mq/key", "set")],
        [SERVER, TABLE, IN_FORCE],
    ],
    ids=["as-expected", "inferred", "hidden"],
)
def test_near_misses_of_a_value_that_precedence_does_not_expect(facts: list[Fact]) -> None:
    assert found(case(*facts), DIFFERS) == []


# ---------------------------------------------------------------- MQSERVER given beside what a program printed


@pytest.mark.parametrize(
    ("value", "reason", "client", "status"),
    [
        ("A.CHANNEL/TPC/h1(1414)", 2058, "c", ["fail"]),
        ("A.CHANNEL", 2058, "c", ["fail"]),
        ("A.CHANNEL", 2538, "c", ["warn"]),
        ("A.CHANNEL/TCP/h1(1414)", 2058, "c", []),
        ("A.CHANNEL/tcp/h1(1414)", 2058, "c", []),
        ("A.CHANNEL", 2058, "java", []),
    ],
    ids=["transport", "parts", "another reason", "valid", "in lower case", "Java reads none"],
)
def test_a_malformed_mqserver_given_beside_what_a_program_printed(
    value: str, reason: int, client: Client, status: list[str]
) -> None:
    given = ("environment", ConfigValue("", "MQSERVER", value, Location("env.txt", 1)))
    one = case(reason=reason, phase="negotiation", client=client, configured=[given])
    assert [finding.status for finding in found(one, "settings.mqserver-invalid")] == status


def test_where_a_trace_shows_what_the_client_read_a_given_mqserver_says_nothing() -> None:
    given = ("environment", ConfigValue("", "MQSERVER", "A.CHANNEL", Location("env.txt", 1)))
    assert found(case(TABLE, reason=2058, configured=[given]), "settings.mqserver-invalid") == []


# ---------------------------------------------------------------- the first match of a table has no CipherSpec

FIRST_MATCH = "settings.ccdt-first-match-without-tls"
OF_TABLE = fact("application.ccdt", "ccdt.json", "set")


def entry(channel: str, manager: str, cipher_spec: str = "") -> list[tuple[str, ConfigValue]]:
    attributes = {"name": channel, "clientConnection.queueManager": manager}
    if cipher_spec:
        attributes["transmissionSecurity.cipherSpecification"] = cipher_spec
    return [
        ("ccdt-json", ConfigValue(channel, name, value, Location("ccdt.json", 3))) for name, value in attributes.items()
    ]


@pytest.mark.parametrize(
    ("others", "reason", "expected"),
    [
        (entry("B.TLS", "QM1", "ANY_TLS12"), 0, [("warn", "certain")]),
        (entry("B.TLS", "QM1", "ANY_TLS12"), 2009, [("fail", "likely")]),
        (entry("B.TLS", "QM2", "ANY_TLS12"), 0, []),
        (entry("B.PLAIN", "QM1"), 0, []),
    ],
)
def test_another_entry_for_the_same_queue_manager_has_a_cipher_spec(
    others: list[tuple[str, ConfigValue]], reason: int, expected: list[tuple[str, str]]
) -> None:
    asked = fact("base.transport", "MQSeries Client", "set")
    facts = (asked, OF_TABLE, used("mqcd.ChannelName", "A.PLAIN"), used("mqcd.SSLCipherSpec", ""))
    given = [*entry("A.PLAIN", "QM1"), *others]
    one = case(*facts, client="java", reason=reason, phase="connected", configured=given)
    assert told(found(one, FIRST_MATCH)) == expected


# ---------------------------------------------------------------- a table beside what the client did


def table(channel: str, name: str, value: str) -> tuple[str, ConfigValue]:
    return "ccdt-json", ConfigValue(channel, name, value, Location("ccdt.json", 3))


SECURED_ENTRY = [
    table("TAB.TLS", "name", "TAB.TLS"),
    table("TAB.TLS", "clientConnection.queueManager", "QM1"),
    table("TAB.TLS", "transmissionSecurity.cipherSpecification", "ECDHE_RSA_AES_256_GCM_SHA384"),
]
WITHOUT = "settings.connected-without-tls"


def test_a_plain_connection_is_told_where_a_channel_with_tls_was_to_be_had() -> None:
    one = case(IN_FORCE, PLAIN, reason=0, phase="connected", configured=SECURED_ENTRY)
    (finding,) = found(one, WITHOUT)
    assert (finding.status, finding.confidence) == ("warn", "certain")
    assert "WITHOUT TLS" in finding.text
    assert "TAB.TLS" in finding.text


@pytest.mark.parametrize(
    "one",
    [
        case(IN_FORCE, SECURED, reason=0, phase="connected", configured=SECURED_ENTRY),
        case(IN_FORCE, PLAIN, reason=2538, configured=SECURED_ENTRY),
        case(IN_FORCE, PLAIN, reason=0, phase="connected", configured=SECURED_ENTRY[:2]),
        case(IN_FORCE, PLAIN, reason=0, phase="connected"),
    ],
    ids=["with TLS", "failed", "no TLS to be had", "no table"],
)
def test_near_misses_of_a_connection_without_tls(one: Case) -> None:
    assert found(one, WITHOUT) == []


@pytest.mark.parametrize(
    ("channel", "number"), [("OTHER.CH", 1), ("TAB.TLS", 0)], ids=["not in the table", "in the table"]
)
def test_a_channel_of_the_client_s_log_is_looked_up_in_the_table(channel: str, number: int) -> None:
    log = LogEntry("AMQ9520", "", Location("AMQERR01.LOG", 1), program="orders", inserts={3: channel})
    one = case(fact("logged.channel", channel, "read"), log_entries=(log,), configured=SECURED_ENTRY)
    one = replace(one, connection=replace(one.connection, facts=(), channel=channel))
    assert len(found(one, "settings.ccdt-lacks-channel")) == number
