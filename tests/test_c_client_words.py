"""Traces of a C client in its own words: how the texts of its libraries and the codes of its functions are read.

Every trace here is SYNTHETIC: the words stand in the client's libraries; which function prints them is made up.
"""

import random
from pathlib import Path
from typing import Any

import pytest

from make_c_trace import (
    UNIX,
    WINDOWS_COUNTER,
    Layout,
    Lines,
    Trace,
    channel_definition,
    enter,
    environments,
    leave,
    rows,
    structure,
    text,
)
from mqtrace import diagnose
from mqtrace.model import Outcome

CIPHER = "ECDHE_RSA_AES_256_GCM_SHA384"
VARIABLES = ("MQCLNTCF", "MQSERVER", "MQCCDTURL", "MQCHLLIB", "MQCHLTAB", "MQCERTLABL", "MQSSLKEYR")
TLS_FAILED, NO_HOST, NO_NAME = "MQRC_SSL_INITIALIZATION_ERROR", "MQRC_HOST_NOT_AVAILABLE", "MQRC_Q_MGR_NAME_ERROR"
LOOKING = "Looking for ServerConnectionParms / MQSERVER value"


def outcome(tmp_path: Path, lines: Lines, layout: Layout = UNIX) -> Outcome:
    path = Trace(lines, layout, "boxed").write(tmp_path / "AMQ7300.0.FMT")
    (only,) = diagnose(path).outcomes
    return only


def setting(found: Outcome, name: str) -> tuple[str, str]:
    row = next(each for each in found.settings if each.name == name)
    return row.value, row.source


def cause(found: Outcome) -> tuple[str, str] | None:
    return (found.cause.id, found.cause.confidence) if found.cause else None


def reads(**values: str) -> Lines:
    places = ['Rule2Path="mqclient.ini"', 'Rule3Path="/var/mqm/mqclient.ini"', 'Rule4Path="/home/app/mqclient.ini"']
    return [
        enter("ccxCheckConfig", 4),
        *text(*places),
        *environments(**{name: values.get(name) for name in VARIABLES}),
        leave("ccxCheckConfig", 4),
    ]


def call(read: Lines, chosen: Lines, session: Lines, result: str = "OK") -> Lines:
    """A whole call: the environment is read, a definition chosen, a session begun."""
    layers = ["MQCONNX", "MQCONNX", "trmzstMQCONNX", "reqDoConnect"]
    begin = [enter(name, depth) for depth, name in enumerate(layers)]
    end = [leave(name, 3 - at, result) for at, name in enumerate(reversed(layers))]
    asked = text("Called by MQCONNX pConn(0x7f01) Cno(0x7f02)", f"QMGR is <{'QM1':<48}>")
    return [*begin, *asked, *read, *chosen, *session, *end]


def connecting(inside: Lines, result: str = "OK") -> Lines:
    ended = [leave("reqConnectChl", 4, result)]
    return [enter("reqConnectChl", 4), *inside, *ended]


def session(inside: Lines, code: str = "OK") -> Lines:
    return [enter("rriInitSess", 5), *inside, leave("rriInitSess", 5, code)]


def by_mqserver() -> tuple[Lines, Lines]:
    value = "A.B/TCP/mq1(1414)"
    said = text(LOOKING, f"Using MQSERVER value of {value}", "ServerConnectionParms / MQSERVER value found")
    chosen = [*said, *text("Skipping opening chltab", f"SELECT CHANNEL <{'A.B':<20}>")]
    return reads(MQSERVER=value, MQSSLKEYR="/k/key"), chosen


def by_table() -> tuple[Lines, Lines]:
    said = text(LOOKING, "Using MQCCDTURL specified channel table of file:///app/ccdt.json", "ChannelName: 'A.B'")
    return reads(MQCCDTURL="file:///app/ccdt.json", MQSSLKEYR="/k/key"), [*said, *text("SELECT CHANNEL <A.B>")]


def definition(**fields: Any) -> Lines:
    return rows(channel_definition("A.B", "mq1(1414)", **fields))


def connect_exits(*exits: tuple[int, str, str]) -> Lines:
    """Functions, each within the next one, that return these codes."""
    begin = [enter(name, depth) for depth, name, _ in reversed(exits)]
    return [*begin, *(leave(name, depth, code) for depth, name, code in exits)]


# ---------------------------------------------------------------- codes of functions

REFUSED = connect_exits(
    (10, "connect", "Unknown(6F)"),
    (9, "cciBindAndConnect", "rrcE_HOST_NOT_AVAILABLE"),
    (8, "cciBindAndConnectList", "rrcE_HOST_NOT_AVAILABLE"),
    (7, "cciTcpAllocConv", "rrcE_HOST_NOT_AVAILABLE"),
    (6, "ccxAllocConv", "rrcE_HOST_NOT_AVAILABLE"),
)
OUTER = ((8, "cciBindAndConnectList"), (7, "cciTcpAllocConv"), (6, "ccxAllocConv"))


@pytest.mark.parametrize("layout", [UNIX, WINDOWS_COUNTER], ids=lambda layout: layout.name)
def test_errno_of_connect_is_told_in_decimal(tmp_path: Path, layout: Layout) -> None:
    inside = connecting(session([*definition(), *REFUSED], "rrcE_HOST_NOT_AVAILABLE"), NO_HOST)
    found = outcome(tmp_path, call(*by_mqserver(), inside, NO_HOST), layout)
    assert cause(found) == ("network.refused", "certain")
    assert found.cause
    assert "(error 111)" in found.cause.evidence[0].text


def test_a_failure_that_the_caller_replaced_by_success_is_not_the_cause(tmp_path: Path) -> None:
    tried = [*REFUSED[:-3], *(leave(name, depth) for depth, name in OUTER)]
    inside = connecting(session([*definition(), *tried], "rrcE_CHLAUTH_BLOCKED_NOACCESS"), "MQRC_NOT_AUTHORIZED")
    found = outcome(tmp_path, call(*by_mqserver(), inside, "MQRC_NOT_AUTHORIZED"))
    assert cause(found) == ("channel.blocked", "certain")


def test_a_function_that_failed_in_a_call_that_went_well_says_nothing(tmp_path: Path) -> None:
    inside = connecting(session([*definition(), *REFUSED[:-3], *(leave(name, depth) for depth, name in OUTER)]))
    found = outcome(tmp_path, call(*by_mqserver(), inside))
    assert cause(found) is None
    assert not [fact for fact in found.connection.facts if fact.name in ("socket.errno", "client.return_code")]


def test_a_run_of_failures_that_did_not_reach_the_return_says_nothing(tmp_path: Path) -> None:
    inside = connecting([enter("rriInitSess", 5), *definition(), *connect_exits((9, "cciX", "rrcE_SSL_WEAK_CIPHER"))])
    found = outcome(tmp_path, call(*by_mqserver(), inside, "OK")[:-4])
    assert not [fact for fact in found.connection.facts if fact.name.startswith("client.")]


def test_where_codes_differ_the_one_that_reached_the_return_is_sure_and_the_first_only_likely(tmp_path: Path) -> None:
    codes = connect_exits((7, "cciA", "rrcE_CHLAUTH_BLOCKED_USERID"), (6, "cciB", "rrcE_CLIENT_INST_LIMIT"))
    inside = connecting(session([*definition(), *codes], "rrcE_CLIENT_INST_LIMIT"), NO_HOST)
    found = outcome(tmp_path, call(*by_mqserver(), inside, NO_HOST))
    named = {fact.name: fact.value for fact in found.connection.facts if fact.name.startswith("client.")}
    assert named["client.return_code"] == "rrcE_CLIENT_INST_LIMIT"
    assert named["client.first_code"] == "rrcE_CHLAUTH_BLOCKED_USERID"
    assert cause(found) == ("channel.limit", "certain")


@pytest.mark.parametrize(
    ("functions", "code", "expected"),
    [
        (
            ["cciTcpResolveHostname", "cciTcpAllocConv", "ccxAllocConv"],
            "HOST_NOT_AVAILABLE",
            "network.name-not-resolved",
        ),
        (["cciSslSetCipherSpecs", "rriSecureInitEnv"], "SSL_WEAK_CIPHER", "tls.cipherspec-weak"),
        (["cciSslSetCipherSpecs", "<0012abcd>"], "SSL_CIPHER_INVALID_FIPS_MODE", "tls.cipherspec-not-fips"),
        (["cciTcpSslInitConn"], "SSL_REVOCATION_NOT_CHECKED", "tls.revocation-status-unknown"),
    ],
)
def test_the_code_names_the_cause(tmp_path: Path, functions: list[str], code: str, expected: str) -> None:
    depths = range(5 + len(functions), 5, -1)
    told = connect_exits(*((depth, name, f"rrcE_{code}") for depth, name in zip(depths, functions, strict=True)))
    reason = TLS_FAILED if code.startswith("SSL") else NO_HOST
    inside = connecting(session([*definition(SSLCipherSpec=CIPHER), *told], f"rrcE_{code}"), reason)
    assert cause(outcome(tmp_path, call(*by_table(), inside, reason))) == (expected, "certain")


def test_a_code_of_gskit_is_told_in_decimal(tmp_path: Path) -> None:
    told = connect_exits(
        (7, "ccigsk_secure_soc_init", "Unknown(1A4)"), (6, "cciTcpSslInitConn", "rrcE_SSL_SOCKET_CLOSED")
    )
    inside = connecting(session([*definition(SSLCipherSpec=CIPHER), *told], "rrcE_SSL_SOCKET_CLOSED"), TLS_FAILED)
    found = outcome(tmp_path, call(*by_table(), inside, TLS_FAILED))
    assert cause(found) == ("tls.closed-in-handshake", "likely")
    assert [fact.value for fact in found.connection.facts if fact.name == "gskit.code"] == ["420"]


def test_other_functions_numbers_are_nothing(tmp_path: Path) -> None:
    told = connect_exits((6, "xjcGetJsonStringLength", "Unknown(6F)"))
    inside = connecting(session([*definition(), *told], "rrcE_CHANNEL_ERROR"), NO_HOST)
    found = outcome(tmp_path, call(*by_mqserver(), inside, NO_HOST))
    assert not [fact for fact in found.connection.facts if fact.name == "socket.errno"]


# ---------------------------------------------------------------- where a setting came from


def test_the_client_names_mqserver(tmp_path: Path) -> None:
    found = outcome(tmp_path, call(*by_mqserver(), connecting(session(definition()))))
    assert setting(found, "channel") == ("A.B", "env:MQSERVER")
    assert found.connection.queue_manager == "QM1"


def test_nobody_was_asked_for_the_programs_own_definition(tmp_path: Path) -> None:
    inside = connecting(session(definition(SSLCipherSpec=CIPHER)))
    found = outcome(tmp_path, call(reads(), text("SELECT CHANNEL <A.B>"), inside))
    assert setting(found, "channel") == ("A.B", "application")
    assert setting(found, "cipher_spec") == (CIPHER, "application")


def test_without_the_reading_of_the_environment_nobody_knows(tmp_path: Path) -> None:
    inside = connecting(session(definition(SSLCipherSpec=CIPHER)))
    found = outcome(tmp_path, call([], text("SELECT CHANNEL <A.B>"), inside))
    assert setting(found, "channel") == ("A.B", "unknown")


@pytest.mark.parametrize(
    ("said", "variables", "source"),
    [
        ("MQCD", {}, "ccdt"),
        ("MQSCO", {}, "application"),
        ("Config", {"MQCERTLABL": "app"}, "env:MQCERTLABL"),
        ("Config", {}, "ini:SSL.CertificateLabel"),
        ("Default", {}, "default"),
    ],
)
def test_the_client_says_where_the_label_comes_from(
    tmp_path: Path, said: str, variables: dict[str, str], source: str
) -> None:
    _, chosen = by_table()
    label = text(f"{said} CertificateLabel 'app'", "Saved CertificateLabel 'app'")
    read = reads(MQCCDTURL="file:///app/ccdt.json", **variables)
    found = outcome(tmp_path, call(read, chosen, connecting(session([*definition(SSLCipherSpec=CIPHER), *label]))))
    assert setting(found, "certificate_label") == ("app", source)


def test_a_default_name_stands_behind_the_folder(tmp_path: Path) -> None:
    said = ["Using ChannelDefinitionDirectory / MQCHLLIB value of /etc/mq", "Using default channel file name of T.TAB"]
    chosen = text(LOOKING, *said, "SELECT CHANNEL <A.B>")
    found = outcome(tmp_path, call(reads(MQCHLLIB="/etc/mq"), chosen, connecting(session(definition()))))
    assert setting(found, "ccdt") == ("/etc/mq/T.TAB", "env:MQCHLLIB")


def test_places_of_the_ini_file_are_not_the_file(tmp_path: Path) -> None:
    found = outcome(tmp_path, call(*by_mqserver(), connecting(session(definition()))))
    assert setting(found, "mqclient_ini") == ("", "none")


PLACES = {
    1: ("/etc/app/client.ini", "env:MQCLNTCF"),
    2: ("mqclient.ini", "cwd"),
    3: ("/opt/data/mqclient.ini", "data-directory"),
    4: ("/home/app/mqclient.ini", "home"),
}


def looked_for(there: int, variables: dict[str, str | None]) -> Lines:
    """The client looks for mqclient.ini in its places, up to that one; 0 is in none."""
    lines = environments(**{name: variables.get(name) for name in VARIABLES})
    for number in range(1 if variables.get("MQCLNTCF") else 2, (there or 4) + 1):
        result = "OK" if number == there else "xecU_E_INI_FILE_NOT_FOUND"
        call = [enter("xcsBrowseIniCallback", 5), leave("xcsBrowseIniCallback", 5, result)]
        lines += [*text(f'Rule{number}Path="{PLACES[number][0]}"'), *call]
    return [enter("ccxCheckConfig", 4), *lines, leave("ccxCheckConfig", 4)]


@pytest.mark.parametrize("there", [1, 2, 3, 4])
def test_the_return_of_the_call_that_looked_for_it_tells_which_ini_file_was_read(tmp_path: Path, there: int) -> None:
    variables: dict[str, str | None] = {"MQCLNTCF": PLACES[1][0] if there == 1 else None}
    found = outcome(tmp_path, call(looked_for(there, variables), by_mqserver()[1], connecting(session(definition()))))
    assert setting(found, "mqclient_ini") == PLACES[there]


def test_where_no_call_found_it_there_is_no_ini_file(tmp_path: Path) -> None:
    found = outcome(tmp_path, call(looked_for(0, {}), by_mqserver()[1], connecting(session(definition()))))
    assert setting(found, "mqclient_ini") == ("", "none")


def test_a_call_that_returned_without_a_place_before_it_tells_nothing(tmp_path: Path) -> None:
    other = [enter("xcsBrowseIniCallback", 4), leave("xcsBrowseIniCallback", 4)]
    read = [*looked_for(0, {}), *other]
    found = outcome(tmp_path, call(read, by_mqserver()[1], connecting(session(definition()))))
    assert setting(found, "mqclient_ini") == ("", "none")


def test_a_key_repository_that_fills_its_room_is_not_taken(tmp_path: Path) -> None:
    long, short = "/opt/" + "x" * 45, "/home/app/key"
    form = "gsk_attribute_set_buffer: gsk_env_handle=0x7f, gsk_buf_id = 201, CharsForBuffer = {}, Length = {}"
    for value, length, expected in ((long, 60, ""), (f"{short}.kdb", 17, short)):
        inside = connecting(session([*definition(), *text(form.format(value, length))]))
        found = outcome(tmp_path, call(reads(), text("SELECT CHANNEL <A.B>"), inside))
        assert setting(found, "key_repository")[0] == expected


def test_the_programs_options_beat_the_environment(tmp_path: Path) -> None:
    options = [*text("User MQSCO"), *rows(structure("MQSCO", 5, {"KeyRepository": "/own/keys"}))]
    read = reads(MQSSLKEYR="/env/key")
    found = outcome(tmp_path, call(read, text("SELECT CHANNEL <A.B>"), connecting([*options, *session(definition())])))
    assert setting(found, "key_repository") == ("/own/keys", "application")


# ---------------------------------------------------------------- messages


def test_a_message_in_the_trace_is_read_with_its_inserts(tmp_path: Path) -> None:
    record = ["NLS Message 20009633 (536909363)", "  Numeric Insert :- 00000197  407", "  String Insert  :- 'A.B'"]
    inside = connecting([*session(definition(), "rrcE_X"), *text(*record)], TLS_FAILED)
    found = outcome(tmp_path, call(*by_table(), inside, TLS_FAILED))
    (entry,) = found.connection.log_entries
    assert (entry.message, entry.inserts) == ("AMQ9633", {1: "407", 3: "A.B"})


# ---------------------------------------------------------------- what is missing

WORDED = {
    "refused": call(
        *by_mqserver(),
        connecting(session([*definition(), *REFUSED], "rrcE_HOST_NOT_AVAILABLE"), NO_HOST), NO_HOST),
    "program": call(
        reads(MQSSLKEYR="/k"),
        text("SELECT CHANNEL <A.B>"),
        connecting(session(definition(SSLCipherSpec=CIPHER)))),
    "weak": call(
        *by_table(),
        connecting(
            session([
                *definition(SSLCipherSpec="RC4_SHA_US"),
                *connect_exits((6, "rriSecureInitEnv", "rrcE_SSL_WEAK_CIPHER"))],
                    "rrcE_SSL_WEAK_CIPHER"), TLS_FAILED),
        TLS_FAILED),
}  # fmt: skip


@pytest.mark.parametrize("name", WORDED)
def test_a_trace_that_lacks_lines_is_never_surely_wrong(tmp_path: Path, name: str) -> None:
    lines = WORDED[name]
    whole = outcome(tmp_path, lines)
    choice = random.Random(name)
    copies = [lines[: len(lines) * cut // 21] for cut in range(1, 21)]
    for _ in range(20):
        first = choice.randrange(len(lines))
        copies.append(lines[:first] + lines[first + choice.choice((1, 3, 10, 60)) :])
    for copy in copies:
        path = Trace(copy, header="boxed").write(tmp_path / "AMQ7300.0.FMT")
        for left in diagnose(path).outcomes:
            sure = [row for row in left.settings if row.proof == "traced" and row.name != "address"]
            values = {row.name: row.value for row in whole.settings}
            sources = {row.name: row.source for row in whole.settings}
            assert not left.cause or left.cause.confidence != "certain" or cause(left) == cause(whole)
            assert {row.name: row.value for row in sure if row.value} == {
                row.name: values[row.name] for row in sure if row.value
            }
            assert all(row.source in ("unknown", sources[row.name]) for row in sure if row.value)
