"""The ledger: who could give a setting, who won, and what proves it."""

import pytest

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import CandidateState, Client, Connection, Evidence, Fact, Location, Phase, Proves, Setting
from mqtrace.settings.ledger import build_ledger


def fact(name: str, value: str = "", proves: Proves = "set", source: str = "trace") -> Fact:
    return Fact(name, value, Location(source, 1), f"{name}={value}", proves)


def not_set(name: str) -> Fact:
    return fact(name, proves="not-set")


def used(name: str, value: str) -> Fact:
    return fact(name, value, "used")


def configured(name: str, value: str) -> Fact:
    return fact(name, value, "set", "mqclient.ini")


def ledger(
    *facts: Fact, client: Client = "c", given: tuple[Fact, ...] = (), phase: Phase = "tcp"
) -> dict[str, Setting]:
    return {
        row.name: row
        for row in build_ledger(Connection(client, "trace", facts=facts, phase=phase), Configuration(given))
    }


def told(row: Setting) -> tuple[str, str, str]:
    return row.value, row.source, row.proof


def states(row: Setting) -> dict[str, tuple[CandidateState, str]]:
    return {each.source: (each.state, each.value) for each in row.candidates}


# The trace holds the call from its begin.
BEGIN = fact("call.begins")
# Lines of the managed client that show that it has asked the file and the application.
ASKED = (used("mqclient_ini.none", ""), not_set("application.certificate_label"))
SERVER = "ENV.SVRCONN/TCP/h1(1414)"
PARMS = "INI.SVRCONN/TCP/h2(1414)"
C_NAMES = [
    "mqclient_ini", "channel", "address", "queue_manager", "ccdt", "key_repository", "certificate_label", "cipher_spec",
    "ssl_peer",
    "outbound_sni",
]  # fmt: skip


@pytest.mark.parametrize("client", ["c", "dotnet"])
def test_the_rows_are_the_settings_of_the_contract_in_its_order(client: Client) -> None:
    assert list(ledger(client=client)) == C_NAMES


def test_a_family_without_a_file_of_precedence_has_no_rows() -> None:
    assert ledger(used("mqcd.ChannelName", "APP"), client="unknown") == {}


def test_where_no_input_speaks_of_a_setting_nothing_is_known_of_it() -> None:
    row = ledger()["key_repository"]
    assert told(row) == ("", "none", "unknown")
    assert states(row)["env:MQSSLKEYR"] == ("not-set", "")
    assert next(each.why for each in row.candidates) == "no input shows it"


# ---------------------------------------------------------------- the states of candidates


def test_the_first_in_order_that_gives_a_value_wins_and_the_others_are_overridden() -> None:
    row = ledger(fact("env.MQSSLKEYR", "/env/key"), fact("ini.ssl.sslkeyrepository", "/etc/mq/key"))["key_repository"]
    assert told(row) == ("/env/key", "env:MQSSLKEYR", "inferred")
    assert states(row)["env:MQSSLKEYR"] == ("won", "/env/key")
    assert states(row)["ini:SSL.SSLKeyRepository"] == ("overridden", "/etc/mq/key")


def test_a_variable_that_is_known_not_to_be_set_leaves_the_place_to_the_next() -> None:
    row = ledger(not_set("env.MQSSLKEYR"), fact("ini.ssl.sslkeyrepository", "/etc/mq/key"))["key_repository"]
    assert told(row) == ("/etc/mq/key", "ini:SSL.SSLKeyRepository", "inferred")
    assert states(row)["env:MQSSLKEYR"] == ("not-set", "")
    assert next(each.why for each in row.candidates if each.source == "env:MQSSLKEYR") == "not set"


def test_where_every_source_is_known_not_to_be_set_the_value_is_known_to_be_none() -> None:
    assert told(ledger(not_set("env.MQSSLKEYR"))["key_repository"]) == ("", "none", "inferred")


@pytest.mark.parametrize(
    ("client", "name", "variable", "source"),
    [
        ("dotnet", "key_repository", "env.MQSSLKEYR", "env:MQSSLKEYR"),
        ("dotnet", "certificate_label", "env.MQCERTLABL", "env:MQCERTLABL"),
        ("dotnet", "ccdt", "env.MQCCDTURL", "env:MQCCDTURL"),
        ("c", "outbound_sni", "env.MQOUTBOUND_SNI", "env:MQOUTBOUND_SNI"),
    ],
)
def test_a_source_that_this_client_does_not_read_is_ignored(
    client: Client, name: str, variable: str, source: str
) -> None:
    row = ledger(fact(variable, "given"), client=client)[name]
    assert states(row)[source] == ("ignored", "given")
    assert row.value != "given"
    assert row.source != source


def test_each_candidate_leads_to_the_line_that_gives_it() -> None:
    row = ledger(fact("env.MQSSLKEYR", "/env/key"))["key_repository"]
    assert row.candidates[0].evidence == (Evidence(Location("trace", 1), "env.MQSSLKEYR=/env/key"),)
    assert set(row.evidence) == set(row.candidates[0].evidence)


# ---------------------------------------------------------------- traced beats inferred


def test_a_value_in_force_is_traced_and_its_source_is_the_candidate_that_gives_it() -> None:
    row = ledger(fact("env.MQSSLKEYR", "/env/key"), used("mqsco.KeyRepository", "/env/key"))["key_repository"]
    assert told(row) == ("/env/key", "env:MQSSLKEYR", "traced")
    assert [line.text for line in row.evidence] == ["mqsco.KeyRepository=/env/key", "env.MQSSLKEYR=/env/key"]


def test_where_the_trace_disagrees_with_precedence_the_trace_is_believed() -> None:
    row = ledger(
        fact("env.MQSSLKEYR", "/env/key"),
        fact("ini.ssl.sslkeyrepository", "/etc/mq/key"),
        used("mqsco.KeyRepository", "/etc/mq/key"),
    )["key_repository"]
    assert told(row) == ("/etc/mq/key", "ini:SSL.SSLKeyRepository", "traced")
    assert states(row)["env:MQSSLKEYR"] == ("overridden", "/env/key")


def test_two_paths_of_the_same_length_are_two_paths() -> None:
    row = ledger(fact("env.MQSSLKEYR", "/env/key"), used("mqsco.KeyRepository", "/app/key"))["key_repository"]
    assert told(row) == ("/app/key", "application", "traced")


def test_a_value_in_force_that_no_source_gives_came_from_the_application() -> None:
    row = ledger(fact("env.MQSSLKEYR", "/env/key"), used("mqsco.KeyRepository", "/srv/app/key"))["key_repository"]
    assert told(row) == ("/srv/app/key", "application", "traced")
    assert states(row)["application"] == ("won", "/srv/app/key")


def test_a_field_in_force_that_is_blank_proves_that_there_is_no_value() -> None:
    assert told(ledger(used("mqcd.SSLCipherSpec", ""))["cipher_spec"]) == ("", "none", "traced")


def test_a_blank_field_proves_nothing_before_the_client_has_tried_to_connect() -> None:
    assert told(ledger(used("mqcd.SSLCipherSpec", ""), phase="settings")["cipher_spec"]) == ("", "none", "unknown")


@pytest.mark.parametrize("name", ["channel", "address"])
def test_a_blank_name_is_only_a_definition_that_is_not_filled_yet(name: str) -> None:
    blank = ledger(used("mqcd.ChannelName", ""), used("mqcd.ConnectionName", ""))
    assert told(blank[name]) == ("", "none", "unknown")


def test_a_blank_field_of_a_definition_without_a_name_proves_nothing() -> None:
    cipher = used("mqcd.SSLCipherSpec", "")
    assert told(ledger(used("mqcd.ChannelName", ""), cipher, client="dotnet")["cipher_spec"]) == ("", "none", "unknown")
    assert told(ledger(used("mqcd.ChannelName", "APP"), cipher, client="dotnet")["cipher_spec"]) == (
        "",
        "none",
        "traced",
    )


def test_where_the_reading_of_the_variables_is_not_in_the_trace_a_structure_does_not_tell_its_source() -> None:
    shown = used("mqsco.KeyRepository", "/app/key")
    assert told(ledger(shown)["key_repository"]) == ("/app/key", "unknown", "traced")
    assert "application" not in states(ledger(shown)["key_repository"])
    assert told(ledger(not_set("env.MQSSLKEYR"), shown)["key_repository"]) == ("/app/key", "application", "traced")


def test_what_mqserver_prints_can_be_the_ini_file_s_where_no_line_speaks_of_that_file() -> None:
    printed = fact("mqserver", SERVER, "read")
    assert told(ledger(printed, client="dotnet")["channel"])[1] == "unknown"
    assert told(ledger(used("mqclient_ini.none", ""), printed, client="dotnet")["channel"])[1] == "env:MQSERVER"
    given = (configured("ini.channels.serverconnectionparms", SERVER),)
    assert told(ledger(printed, client="dotnet", given=given)["channel"])[1] != "env:MQSERVER"
    assert told(ledger(used("mqclient_ini.none", ""), client="dotnet")["mqclient_ini"]) == ("", "none", "traced")


def test_the_last_fact_of_a_name_counts() -> None:
    row = ledger(used("mqcd.ChannelName", "FIRST"), used("mqcd.ChannelName", "SECOND"))["channel"]
    assert row.value == "SECOND"


def test_a_value_that_was_only_read_does_not_beat_precedence() -> None:
    read = fact("later.sslkeyrepository", "/etc/mq/key", "read")
    row = ledger(fact("env.MQSSLKEYR", "/env/key"), fact("ini.ssl.sslkeyrepository", "/etc/mq/key"), read)[
        "key_repository"
    ]
    assert told(row) == ("/env/key", "env:MQSSLKEYR", "inferred")


def test_a_value_that_was_only_read_and_agrees_stays_inferred() -> None:
    row = ledger(fact("env.MQSSLKEYR", "/env/key"), fact("later.sslkeyrepository", "/env/key", "read"))[
        "key_repository"
    ]
    assert told(row) == ("/env/key", "env:MQSSLKEYR", "inferred")


# ---------------------------------------------------------------- where the channel comes from


def test_mqserver_gives_channel_and_address_and_hides_the_table() -> None:
    rows = ledger(fact("env.MQSERVER", SERVER), fact("env.MQCCDTURL", "file:///app/ccdt.json"))
    assert told(rows["channel"]) == ("ENV.SVRCONN", "env:MQSERVER", "inferred")
    assert told(rows["address"]) == ("h1(1414)", "env:MQSERVER", "inferred")
    assert told(rows["ccdt"]) == ("", "none", "inferred")
    table = next(each for each in rows["ccdt"].candidates if each.source == "env:MQCCDTURL")
    assert (table.state, table.value, table.why) == (
        "overridden",
        "file:///app/ccdt.json",
        "not looked at: the channel came from env:MQSERVER",
    )


def test_a_table_that_the_trace_shows_in_use_is_not_hidden() -> None:
    table = "/app/ccdt.json"
    rows = ledger(BEGIN, fact("env.MQSERVER", SERVER), fact("env.MQCCDTURL", table), used("ccdt.file", table))
    assert told(rows["ccdt"]) == ("/app/ccdt.json", "env:MQCCDTURL", "traced")


def test_without_mqserver_the_ini_file_gives_the_channel_and_hides_the_table() -> None:
    rows = ledger(
        not_set("env.MQSERVER"),
        fact("ini.channels.serverconnectionparms", PARMS),
        fact("env.MQCHLLIB", "/mq"),
        fact("env.MQCHLTAB", "C.TAB"),
    )
    assert told(rows["channel"]) == ("INI.SVRCONN", "ini:Channels.ServerConnectionParms", "inferred")
    assert told(rows["ccdt"]) == ("", "none", "inferred")
    assert states(rows["ccdt"])["env:MQCHLLIB"] == ("overridden", "/mq/C.TAB")


def test_mqserver_stands_before_the_ini_file() -> None:
    row = ledger(fact("env.MQSERVER", SERVER), fact("ini.channels.serverconnectionparms", PARMS))["channel"]
    assert told(row) == ("ENV.SVRCONN", "env:MQSERVER", "inferred")
    assert states(row)["ini:Channels.ServerConnectionParms"] == ("overridden", "INI.SVRCONN")


def test_a_channel_in_force_that_only_a_table_can_give_came_from_the_table() -> None:
    rows = ledger(
        BEGIN,
        not_set("env.MQSERVER"),
        fact("env.MQCCDTURL", "/app/ccdt.json"),
        used("mqcd.ChannelName", "APP.TLS"),
        used("mqcd.ConnectionName", "h(1)"),
    )
    assert told(rows["channel"]) == ("APP.TLS", "ccdt", "traced")
    assert told(rows["address"]) == ("h(1)", "ccdt", "traced")
    assert told(rows["ccdt"]) == ("/app/ccdt.json", "env:MQCCDTURL", "inferred")


def test_a_definition_given_by_the_program_is_the_application_s() -> None:
    rows = ledger(used("mqcno.ClientConnPtr", "0x7fff12345678"), used("mqcd.ChannelName", "APP.TLS"))
    assert told(rows["channel"]) == ("APP.TLS", "application", "traced")


def test_an_address_out_of_a_list_comes_from_who_gave_the_list() -> None:
    given = [used("application.address", "h1(1414),h2(1414)"), used("mqcd.ConnectionName", "h2(1414)")]
    assert told(ledger(*given, client="dotnet")["address"]) == ("h2(1414)", "application", "traced")


def test_a_null_pointer_gives_no_definition() -> None:
    rows = ledger(used("mqcno.ClientConnPtr", "0x0000000000000000"), used("mqcd.ChannelName", "APP.TLS"))
    assert told(rows["channel"]) == ("APP.TLS", "unknown", "traced")


# ---------------------------------------------------------------- pairs: a folder and a file name


@pytest.mark.parametrize(
    ("facts", "value", "source"),
    [
        ([fact("env.MQCHLLIB", "/mq"), fact("env.MQCHLTAB", "C.TAB")], "/mq/C.TAB", "env:MQCHLLIB"),
        ([fact("env.MQCHLLIB", "/mq/"), fact("env.MQCHLTAB", "C.TAB")], "/mq/C.TAB", "env:MQCHLLIB"),
        ([fact("env.MQCHLLIB", "C:\\mq"), fact("env.MQCHLTAB", "C.TAB")], "C:\\mq\\C.TAB", "env:MQCHLLIB"),
        ([fact("env.MQCHLTAB", "C.TAB")], "C.TAB", "env:MQCHLTAB"),
        ([not_set("env.MQCHLLIB"), fact("env.MQCHLTAB", "C.TAB")], "C.TAB", "env:MQCHLTAB"),
        ([fact("env.MQCHLLIB", "/mq")], "/mq", "env:MQCHLLIB"),
        (
            [fact("ini.channels.channeldefinitiondirectory", "/ini"),
             fact("ini.channels.channeldefinitionfile", "I.TAB")],
            "/ini/I.TAB", "ini:Channels.ChannelDefinitionDirectory",
        ),
        ([fact("ini.channels.channeldefinitionfile", "I.TAB")], "I.TAB", "ini:Channels.ChannelDefinitionFile"),
    ],
    ids=["both", "slash-at-the-end", "windows", "file-alone", "folder-not-set", "folder-alone",
         "ini-both", "ini-file-alone"],
)  # fmt: skip
def test_a_folder_and_a_file_name_are_one_table(facts: list[Fact], value: str, source: str) -> None:
    assert told(ledger(*facts)["ccdt"]) == (value, source, "inferred")


def test_the_environment_stands_before_the_ini_file() -> None:
    row = ledger(
        fact("env.MQCHLLIB", "/mq"), fact("env.MQCHLTAB", "RE.TAB"),
        fact("ini.channels.channeldefinitiondirectory", "/mq"),
        fact("ini.channels.channeldefinitionfile", "COLIN2.TAB"),
    )["ccdt"]  # fmt: skip
    assert told(row) == ("/mq/RE.TAB", "env:MQCHLLIB", "inferred")
    assert states(row)["ini:Channels.ChannelDefinitionDirectory"] == ("overridden", "/mq/COLIN2.TAB")


@pytest.mark.parametrize(
    ("in_force", "given"),
    [
        ("/app/ccdt.json", "file:///app/ccdt.json"),
        ("/srv/app/ccdt.json", "./ccdt.json"),
        ("C:/mq/C.TAB", "C:\\mq\\C.TAB"),
        ("/app/ccdt.json", "ccdt.json"),
    ],
)
def test_the_same_file_written_in_another_way_is_the_same(in_force: str, given: str) -> None:
    row = ledger(BEGIN, fact("env.MQCCDTURL", given), used("ccdt.file", in_force))["ccdt"]
    assert told(row) == (in_force, "env:MQCCDTURL", "traced")


def test_another_file_of_a_similar_name_is_not() -> None:
    row = ledger(fact("env.MQCCDTURL", "/app/my-ccdt.json"), used("ccdt.file", "/app/ccdt.json"))["ccdt"]
    assert row.source != "env:MQCCDTURL"


# ---------------------------------------------------------------- defaults


def test_a_default_is_the_value_where_nobody_gives_one() -> None:
    row = ledger(not_set("env.MQSERVER"))["outbound_sni"]
    assert told(row) == ("CHANNEL", "default", "inferred")
    assert states(row)["default"] == ("won", "CHANNEL")
    assert told(ledger()["outbound_sni"]) == ("", "none", "unknown")


def test_a_source_beats_the_default() -> None:
    assert told(ledger(fact("ini.ssl.outboundsni", "HOSTNAME"))["outbound_sni"]) == (
        "HOSTNAME",
        "ini:SSL.OutboundSNI",
        "inferred",
    )


def test_a_key_repository_has_a_default_only_where_tls_is_asked_for() -> None:
    plain = ledger(used("mqcd.SSLCipherSpec", ""), client="dotnet")["key_repository"]
    secured = ledger(*ASKED, used("mqcd.SSLCipherSpec", "ECDHE_RSA_AES_256_GCM_SHA384"), client="dotnet")[
        "key_repository"
    ]
    assert told(plain) == ("", "none", "unknown")
    assert told(secured) == ("*SYSTEM", "default", "inferred")


def test_a_label_in_the_form_of_the_default_is_the_default() -> None:
    label = used("effective.certificate_label", "ibmwebspheremqroot")
    assert told(ledger(*ASKED, label, client="dotnet")["certificate_label"]) == (
        "ibmwebspheremqroot",
        "default",
        "traced",
    )
    assert told(ledger(label, client="dotnet")["certificate_label"]) == ("ibmwebspheremqroot", "unknown", "traced")


# ---------------------------------------------------------------- what stands beside the trace


def test_a_configuration_file_given_beside_the_trace_fills_in_what_the_trace_does_not_say() -> None:
    row = ledger(given=(configured("ini.ssl.sslkeyrepository", "/etc/mq/key"),))["key_repository"]
    assert told(row) == ("/etc/mq/key", "ini:SSL.SSLKeyRepository", "inferred")
    assert row.evidence[0].location.source == "mqclient.ini"


def test_the_trace_stands_before_a_file_given_beside_it() -> None:
    row = ledger(not_set("env.MQSSLKEYR"), given=(configured("env.MQSSLKEYR", "/now/key"),))["key_repository"]
    assert told(row) == ("", "none", "inferred")


# ---------------------------------------------------------------- the managed .NET client's own order


def test_the_managed_client_prints_the_ini_file_s_channel_under_the_name_of_mqserver() -> None:
    row = ledger(fact("mqserver", PARMS, "read"), fact("ini.channels.serverconnectionparms", PARMS), client="dotnet")[
        "channel"
    ]
    assert told(row) == ("INI.SVRCONN", "ini:Channels.ServerConnectionParms", "inferred")


def test_an_mqserver_that_differs_from_the_ini_file_is_a_variable() -> None:
    row = ledger(fact("mqserver", SERVER, "read"), fact("ini.channels.serverconnectionparms", PARMS), client="dotnet")[
        "channel"
    ]
    assert told(row) == ("ENV.SVRCONN", "env:MQSERVER", "inferred")


def test_the_application_stands_before_mqserver_for_the_managed_client() -> None:
    row = ledger(*ASKED, used("application.channel", "APP.SVRCONN"), fact("mqserver", SERVER, "read"), client="dotnet")[
        "channel"
    ]
    assert told(row)[:2] == ("APP.SVRCONN", "application")
    assert states(row)["env:MQSERVER"] == ("overridden", "ENV.SVRCONN")
