"""Traces of a C client that nobody has seen yet: other layouts, other wordings, other
orders, and what must not be believed.

Every trace here is SYNTHETIC (make_c_trace). Each test says what a careful expert would answer, "unknown" where nobody
could know.
"""

import gzip
import json
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

import make_c_trace as make
from make_c_trace import (
    UNIX,
    WINDOWS_COUNTER,
    Layout,
    Line,
    Lines,
    Trace,
    channel_definition,
    connect,
    enter,
    environment,
    environments,
    handshake,
    interleaved,
    leave,
    noise,
    of_thread,
    rows,
    session,
    structure,
    text,
)  # fmt: skip
from mqtrace.diagnosis import diagnose
from mqtrace.readers.traces import trace_c
from mqtrace.report.json import report_as_dict
from mqtrace.report.words import client_words
from mqtrace.report.write import form_named, rendered

CIPHER = "ANY_TLS12_OR_HIGHER"
TLS_FAILED = "MQRC_SSL_INITIALIZATION_ERROR"
NO_HOST = "MQRC_HOST_NOT_AVAILABLE"
NOTHING_SET = dict.fromkeys(("MQSERVER", "MQCCDTURL", "MQCHLLIB", "MQCHLTAB", "MQCLNTCF", "MQSSLKEYR", "MQCERTLABL"))
SECRET = "Sup3rS3cr3tPW"
UNKNOWN = ("", "none", "unknown")


def report(
    tmp_path: Path, lines: Lines, layout: Layout = UNIX, header: str = "none", start: int = 32_400_000
) -> dict[str, Any]:
    path = Trace(lines, layout, header, start).write(tmp_path / "AMQ7300.0.FMT")
    return report_as_dict(diagnose([path]))


def only(tmp_path: Path, lines: Lines, **trace: Any) -> dict[str, Any]:
    """The one connection of a trace."""
    (connection,) = report(tmp_path, lines, **trace)["connections"]
    return dict(connection)


def setting(connection: dict[str, Any], name: str) -> tuple[str, str, str]:
    row = next(each for each in connection["settings"] if each["name"] == name)
    return row["value"], row["source"], row["proof"]


def cause(connection: dict[str, Any]) -> tuple[str, str] | None:
    return (connection["cause"]["id"], connection["cause"]["confidence"]) if connection["cause"] else None


def reads(**values: str | None) -> Lines:
    """The client reads all variables that matter; those not named are not set."""
    return environments(**{**NOTHING_SET, **values})


def definition(channel: str = "APP.SVRCONN", address: str = "mq1.example.com(1414)", **fields: Any) -> Lines:
    return rows(channel_definition(channel, address, **fields))


def call(name: str, result: str) -> Lines:
    """A call of the application after connecting."""
    return [enter(name), enter(f"zst{name}", 1), leave(f"zst{name}", 1, result), leave(name, 0, result)]


# Layouts


@pytest.mark.parametrize("header", make.HEADERS)
@pytest.mark.parametrize("layout", make.LAYOUTS, ids=lambda layout: layout.name)
def test_the_same_answer_in_every_layout(tmp_path: Path, layout: Layout, header: str) -> None:
    inside = [
        *noise(),
        *reads(MQSERVER="APP.SVRCONN/TCP/mq1.example.com(1414)"),
        *session(definition(), "rrcE_CHANNEL_ERROR"),
    ]
    found = only(tmp_path, connect(inside, NO_HOST), layout=layout, header=header)
    assert (found["reason_code"], found["phase"], cause(found)) == (
        2538,
        "tcp",
        ("network.host-unavailable", "possible"),
    )
    assert setting(found, "channel") == ("APP.SVRCONN", "env:MQSERVER", "traced")
    assert setting(found, "address") == ("mq1.example.com(1414)", "env:MQSERVER", "traced")
    assert setting(found, "cipher_spec") == ("", "none", "traced")
    assert setting(found, "key_repository") == ("", "none", "inferred")


@pytest.mark.parametrize(
    ("header", "program", "start"),
    [
        ("boxed", "orders", "2026-11-24T23:59:59.950000"),
        ("record", "orders", "2026-11-24T23:59:59.956000"),
        ("plain", "orders.exe", "2026-11-24T23:59:59.950000"),
        ("none", "", "23:59:59.950000"),
    ],
)
def test_the_header_gives_program_and_day_and_midnight_passes(
    tmp_path: Path, header: str, program: str, start: str
) -> None:
    found = only(tmp_path, connect(session(definition())), header=header, start=86_399_950)
    assert (found["program"], found["start"]) == (program, start)
    assert found["end"].startswith("2026-11-25T00:00:00" if header != "none" else "00:00:00")


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("version", range(4, 13))
def test_definitions_of_every_version_size_and_byte_order(
    tmp_path: Path, version: int, bits: make.Bits, order: make.Order
) -> None:
    dump = definition(
        "A.B", "h(1414)", version=version, bits=bits, order=order, SSLCipherSpec=CIPHER, CertificateLabel="label"
    )
    found = only(tmp_path, connect(session(dump)))
    assert setting(found, "channel") == ("A.B", "unknown", "traced")
    assert setting(found, "address") == ("h(1414)", "unknown", "traced")
    assert setting(found, "cipher_spec") == ((CIPHER, "unknown", "traced") if version >= 7 else ("", "none", "traced"))
    label = ("label", "unknown", "traced") if version >= 11 else UNKNOWN
    assert setting(found, "certificate_label") == label


@pytest.mark.parametrize("written", [{"upper": True}, {"gap": " "}, {"upper": True, "gap": " "}])
def test_rows_of_dumps_in_another_spelling(tmp_path: Path, written: dict[str, Any]) -> None:
    dumps = [
        *rows(structure("MQSCO", 5, {"KeyRepository": "/app/key"}), **written),
        *rows(channel_definition("A.B"), **written),
    ]
    found = only(tmp_path, connect([*reads(), *session(dumps)]))
    assert setting(found, "channel")[0] == "A.B"
    assert setting(found, "key_repository") == ("/app/key", "application", "traced")


@pytest.mark.parametrize("caption", ["CD ", "Channel definition:", "MQCD", ""])
def test_a_caption_is_not_needed(tmp_path: Path, caption: str) -> None:
    assert setting(only(tmp_path, connect(session([*text(caption), *definition("A.B")]))), "channel")[0] == "A.B"


@pytest.mark.parametrize("cut", [105, 40, 12, 2])
def test_a_cut_dump_tells_only_what_it_holds(tmp_path: Path, cut: int) -> None:
    found = only(tmp_path, connect(session(definition("A.B", SSLCipherSpec=CIPHER)[:cut]), TLS_FAILED))
    assert setting(found, "channel") == ("A.B", "unknown", "traced")
    assert setting(found, "cipher_spec") == UNKNOWN
    assert setting(found, "certificate_label") == UNKNOWN
    assert cause(found) == ("tls.initialization", "possible")


def test_rows_left_out_of_a_dump_cut_it(tmp_path: Path) -> None:
    dump = definition("A.B", SSLCipherSpec=CIPHER)
    found = only(tmp_path, connect(session([*dump[:20], *text("2 lines suppressed, same as above"), *dump[22:]])))
    assert setting(found, "channel")[0] == "A.B"
    assert setting(found, "cipher_spec") == UNKNOWN


# Wordings


@pytest.mark.parametrize(
    "form",
    [
        "xcsGetEnvironmentString[{0}] = {1}",
        "xcsGetEnvironmentString[{0}] = '{1}'",
        'xcsGetEnvironmentString[{0}] = "{1}"',
        "xcsGetEnvironmentString[{0}] = ‘{1}’",
        "xcsGetEnvironmentString({0}) = {1}",
        "xcsGetEnv[{0}]={1}",
        "getenv({0}) = {1}",
        "{0} = '{1}'",
        "Environment variable {0}={1}",
    ],
)
@pytest.mark.parametrize("layout", [UNIX, WINDOWS_COUNTER], ids=lambda layout: layout.name)
def test_variables_however_they_are_read(tmp_path: Path, form: str, layout: Layout) -> None:
    values = {
        "MQSERVER": "A.B/TCP/mq9(1415)",
        "MQSSLKEYR": "/my keys/key",
        "MQCERTLABL": "my label",
        "MQCLNTCF": "/etc/app/client.cfg",
    }
    found = only(
        tmp_path, connect([*text(*(form.format(*pair) for pair in values.items())), *session()]), layout=layout
    )
    assert setting(found, "channel") == ("A.B", "env:MQSERVER", "inferred")
    assert setting(found, "address") == ("mq9(1415)", "env:MQSERVER", "inferred")
    assert setting(found, "key_repository") == ("/my keys/key", "env:MQSSLKEYR", "inferred")
    assert setting(found, "certificate_label") == ("my label", "env:MQCERTLABL", "inferred")
    assert setting(found, "mqclient_ini") == ("/etc/app/client.cfg", "env:MQCLNTCF", "inferred")


@pytest.mark.parametrize(
    "line", ["xcsGetEnvironmentString[MQSSLKEYR] = 'NULL'", "getenv(MQSSLKEYR) = (null)", "MQSSLKEYR is not set"]
)
def test_variables_that_are_not_set(tmp_path: Path, line: str) -> None:
    assert setting(only(tmp_path, connect([*text(line), *session()])), "key_repository") == ("", "none", "inferred")


@pytest.mark.parametrize(
    "line",
    [
        "xcsIsEnvironment[MQSSLKEYR] = TRUE",
        "MQSSLKEYR is used",
        "MQSSLKEYR / SSLKeyRepository",
        "length of MQSSLKEYR 17",
        "see MQSSLKEYR: k",
    ],
)
def test_a_variable_that_is_only_mentioned(tmp_path: Path, line: str) -> None:
    assert setting(only(tmp_path, connect([*text(line), *session()])), "key_repository") == UNKNOWN


INI_FORMS = [
    "{0} = '{1}'",
    "{0} = ‘{1}’",
    '{0} = "{1}"',
    "{0} = “{1}”",
    "{0}={1}",
    "{0} = {1}",
    "Attribute {0} = '{1}'",
    "{0}: '{1}'",
]
INI = {
    "ChannelDefinitionDirectory": "/my tables",
    "ChannelDefinitionFile": "A.TAB",
    "SSLKeyRepository": "/my keys/key",
    "CertificateLabel": "my label",
}


@pytest.mark.parametrize("form", INI_FORMS)
def test_attributes_of_the_ini_file_that_are_announced(tmp_path: Path, form: str) -> None:
    said = [
        f
        for key, value in INI.items()
        for f in (f"Adding stanza ({key}) length ({len(value)})", form.format(key, value))
    ]
    found = only(tmp_path, connect([*reads(), *text(*said), *session(definition("A.B", SSLCipherSpec=CIPHER))]))
    assert setting(found, "ccdt") == ("/my tables/A.TAB", "ini:Channels.ChannelDefinitionDirectory", "inferred")
    assert setting(found, "channel") == ("A.B", "ccdt", "traced")
    assert setting(found, "key_repository") == ("/my keys/key", "ini:SSL.SSLKeyRepository", "inferred")
    assert setting(found, "certificate_label") == ("my label", "ini:SSL.CertificateLabel", "inferred")


@pytest.mark.parametrize("form", INI_FORMS)
def test_attributes_without_announcement_have_a_value_but_no_known_source(tmp_path: Path, form: str) -> None:
    said = ["SSL:", *(form.format(key, value) for key, value in INI.items())]
    found = only(tmp_path, connect([*reads(), *text(*said), *session(definition("A.B", SSLCipherSpec=CIPHER))]))
    assert setting(found, "key_repository") == ("/my keys/key", "unknown", "inferred")
    assert setting(found, "certificate_label") == ("my label", "unknown", "inferred")


def test_the_environment_beats_an_attribute_of_unknown_origin(tmp_path: Path) -> None:
    found = only(tmp_path, connect([*reads(MQSSLKEYR="/env/k"), *text("SSLKeyRepository=/ini/key"), *session()]))
    assert setting(found, "key_repository") == ("/env/k", "env:MQSSLKEYR", "inferred")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["FileName = '/var/mqm/mqclient.ini'"], ("/var/mqm/mqclient.ini", "data-directory", "traced")),
        (["FileName(/home/app/mqclient.ini)"], ("/home/app/mqclient.ini", "unknown", "traced")),
        (["Opening ./mqclient.ini"], ("./mqclient.ini", "cwd", "inferred")),
        (
            ["stat(/home/app/mqclient.ini) failed, errno 2", "reading /var/mqm/mqclient.ini"],
            ("/var/mqm/mqclient.ini", "data-directory", "inferred"),
        ),
        (["FileName = '/etc/app/special.ini'"], ("/etc/app/special.ini", "unknown", "inferred")),
        (["FileName = '/var/mqm/mqs.ini'", "FileName = '/var/mqm/qmgrs/QM1/qm.ini'"], ("", "none", "inferred")),
        (["/home/app/mqclient.ini not found"], ("", "none", "inferred")),
    ],
)
def test_which_ini_file(tmp_path: Path, lines: list[str], expected: tuple[str, str, str]) -> None:
    assert setting(only(tmp_path, connect([*reads(), *text(*lines), *session()])), "mqclient_ini") == expected


@pytest.mark.parametrize("file", ["/etc/app/client.cfg", "/etc/app/client.ini", "file:///etc/app/mqclient.ini"])
def test_an_ini_file_of_any_name_by_its_variable(tmp_path: Path, file: str) -> None:
    inside = [*reads(MQCLNTCF=file), *text("FileName = '/var/mqm/mqs.ini'"), *session()]
    assert setting(only(tmp_path, connect(inside)), "mqclient_ini") == (file, "env:MQCLNTCF", "inferred")


@pytest.mark.parametrize(
    ("line", "channel", "address"),
    [
        ("PeerName: h Channel Name: A.B Remote Address: 192.0.2.1(1414)", "A.B", "192.0.2.1(1414)"),
        ("Channel Name: A.B PeerName: h Remote Address: 192.0.2.1(1414)", "A.B", "192.0.2.1(1414)"),
        ("Remote Address: 192.0.2.1(1414) PeerName 'h' Channel Name 'A.B'", "A.B", "192.0.2.1(1414)"),
        ("PeerName=h ChannelName=A.B RemoteAddress=192.0.2.1(1414)", "A.B", "192.0.2.1(1414)"),
        ("PeerName: h Channel Name:  Remote Address: 192.0.2.1(1414)", "", "192.0.2.1(1414)"),
        ("PeerName: Channel Name: Remote Address: ", "", ""),
        ("SSLPeerName 'CN=SERVER' Channel Names: 3", "", ""),
    ],
)
def test_the_line_of_the_peer_in_any_order(tmp_path: Path, line: str, channel: str, address: str) -> None:
    found = only(tmp_path, connect(session(text(line))))
    assert (setting(found, "channel")[0], setting(found, "address")[0]) == (channel, address)


@pytest.mark.parametrize(
    "line",
    ["Saved CertificateLabel 'my label'", "Saved CertificateLabel = my label", "Saved CertificateLabel: “my label”"],
)
def test_the_label_that_was_saved(tmp_path: Path, line: str) -> None:
    found = only(tmp_path, connect([*reads(MQCERTLABL="my label"), *session([*definition(), *text(line)])]))
    assert setting(found, "certificate_label") == ("my label", "env:MQCERTLABL", "traced")


# Who wins


def test_with_nothing_but_a_return_code_all_is_unknown(tmp_path: Path) -> None:
    found = only(tmp_path, connect(session(result="rrcE_CHANNEL_ERROR"), TLS_FAILED))
    assert cause(found) == ("tls.initialization", "possible")
    for name in (
        "channel",
        "address",
        "queue_manager",
        "ccdt",
        "key_repository",
        "certificate_label",
        "cipher_spec",
        "ssl_peer",
    ):
        assert setting(found, name) == UNKNOWN


def test_dumps_alone_tell_values_and_not_where_they_come_from(tmp_path: Path) -> None:
    found = only(tmp_path, connect(session(definition("A.B", SSLCipherSpec=CIPHER, CertificateLabel="label"))))
    for name, value in (("channel", "A.B"), ("cipher_spec", CIPHER), ("certificate_label", "label")):
        assert setting(found, name) == (value, "unknown", "traced")


APPLICATION = rows(structure("MQCNO", 5, {"ClientConnPtr": 0x7F0010001000}))
OWN_TABLE = rows(structure("MQCNO", 6, {"CCDTUrlPtr": 0x7F0010001000, "CCDTUrlLength": 20}))
TOO_OLD = rows(structure("MQCNO", 5, {"CCDTUrlPtr": 0x7F0010001000, "CCDTUrlLength": 20}, storage=6))
SERVER = {"MQSERVER": "A.B/TCP/h(1414)"}
URL = {"MQCCDTURL": "file:///ccdt.json"}
FOLDER = {"MQCHLLIB": "/tables", "MQCHLTAB": "X.TAB"}
IN_INI = text("ServerConnectionParms = 'A.B/TCP/h(1414)'")


@pytest.mark.parametrize(
    ("variables", "before", "channel_source", "table"),
    [
        (SERVER, [], "env:MQSERVER", ("", "none", "inferred")),
        ({**SERVER, **URL}, [], "env:MQSERVER", ("", "none", "inferred")),
        (URL, IN_INI, "ini:Channels.ServerConnectionParms", ("", "none", "inferred")),
        (URL, [], "ccdt", ("file:///ccdt.json", "env:MQCCDTURL", "inferred")),
        ({**URL, **FOLDER}, [], "ccdt", ("file:///ccdt.json", "env:MQCCDTURL", "inferred")),
        (FOLDER, [], "ccdt", ("/tables/X.TAB", "env:MQCHLLIB", "inferred")),
        ({"MQCHLTAB": "X.TAB"}, [], "ccdt", ("X.TAB", "env:MQCHLTAB", "inferred")),
        ({"MQSERVER": "Z.Z/TCP/z(1)", **URL}, APPLICATION, "application", ("", "none", "inferred")),
        ({"MQSERVER": "Z.Z/TCP/z(1)"}, OWN_TABLE, "ccdt", ("", "application", "unknown")),
        (SERVER, TOO_OLD, "env:MQSERVER", ("", "none", "inferred")),
        ({}, [], "unknown", ("", "none", "inferred")),
    ],
)
def test_where_the_channel_came_from(
    tmp_path: Path, variables: dict[str, str], before: Lines, channel_source: str, table: tuple[str, str, str]
) -> None:
    found = only(tmp_path, connect([*reads(**variables), *before, *session(definition("A.B", "h(1414)"))]))
    assert setting(found, "channel") == ("A.B", channel_source, "traced")
    assert setting(found, "address") == ("h(1414)", channel_source, "traced")
    assert setting(found, "ccdt") == table


@pytest.mark.parametrize(
    ("variables", "before", "expected"),
    [
        ({}, [], (CIPHER, "unknown", "traced")),
        (URL, [], (CIPHER, "ccdt", "traced")),
        (URL, APPLICATION, (CIPHER, "application", "traced")),
    ],
)
def test_where_the_cipher_came_from(
    tmp_path: Path, variables: dict[str, str], before: Lines, expected: tuple[str, str, str]
) -> None:
    found = only(tmp_path, connect([*reads(**variables), *before, *session(definition("A.B", SSLCipherSpec=CIPHER))]))
    assert setting(found, "cipher_spec") == expected


def test_a_channel_of_the_table_that_no_dump_shows_has_no_known_cipher(tmp_path: Path) -> None:
    found = only(tmp_path, connect([*reads(**URL), *session(result="rrcE_CHANNEL_ERROR")], TLS_FAILED))
    assert setting(found, "channel") == ("", "ccdt", "unknown")
    assert setting(found, "cipher_spec") == UNKNOWN
    assert cause(found) == ("tls.initialization", "possible")


def options(repository: str = "", label: str = "", version: int = 5, **shape: Any) -> Lines:
    return rows(structure("MQSCO", version, {"KeyRepository": repository, "CertificateLabel": label}, **shape))


@pytest.mark.parametrize(
    ("variables", "before", "expected"),
    [
        ({"MQSSLKEYR": "/env/k"}, [], ("/env/k", "env:MQSSLKEYR", "inferred")),
        ({"MQSSLKEYR": "/env/k"}, options("/own/keys"), ("/own/keys", "application", "traced")),
        ({"MQSSLKEYR": "/env/k"}, options("/env/k"), ("/env/k", "env:MQSSLKEYR", "traced")),
        ({"MQSSLKEYR": "/env/k"}, options(), ("/env/k", "env:MQSSLKEYR", "inferred")),
        ({}, options("/own/keys"), ("/own/keys", "application", "traced")),
        ({}, [], ("", "none", "inferred")),
    ],
)
def test_where_the_key_repository_came_from(
    tmp_path: Path, variables: dict[str, str], before: Lines, expected: tuple[str, str, str]
) -> None:
    found = only(tmp_path, connect([*reads(**variables), *before, *session(definition("A.B", SSLCipherSpec=CIPHER))]))
    assert setting(found, "key_repository") == expected


@pytest.mark.parametrize(
    ("variables", "before", "label_of_channel", "expected"),
    [
        ({"MQCERTLABL": "env"}, [], "", ("env", "env:MQCERTLABL", "inferred")),
        ({"MQCERTLABL": "env", **URL}, [], "entry", ("entry", "ccdt", "traced")),
        ({"MQCERTLABL": "env", **URL}, APPLICATION, "own", ("own", "application", "traced")),
        ({"MQCERTLABL": "env"}, options(label="own"), "", ("own", "application", "traced")),
        ({"MQCERTLABL": "env"}, options(label="own", version=4, storage=6), "", ("env", "env:MQCERTLABL", "inferred")),
        (
            {},
            text("Adding stanza (CertificateLabel) length (3)", "CertificateLabel = 'ini'"),
            "",
            ("ini", "ini:SSL.CertificateLabel", "inferred"),
        ),
    ],
)
def test_where_the_label_came_from(
    tmp_path: Path, variables: dict[str, str], before: Lines, label_of_channel: str, expected: tuple[str, str, str]
) -> None:
    dump = definition("A.B", SSLCipherSpec=CIPHER, CertificateLabel=label_of_channel)
    found = only(tmp_path, connect([*reads(**variables), *before, *session(dump)]))
    assert setting(found, "certificate_label") == expected


@pytest.mark.parametrize(("bits", "order"), [(64, "little"), (32, "little"), (64, "big"), (32, "big")])
@pytest.mark.parametrize("version", range(1, 7))
def test_options_of_every_version(tmp_path: Path, version: int, bits: make.Bits, order: make.Order) -> None:
    dump = options("/own/keys", "own", version, bits=bits, order=order, storage=6)
    found = only(tmp_path, connect([*dump, *reads(), *session()]))
    assert setting(found, "key_repository") == ("/own/keys", "application", "traced")
    assert setting(found, "certificate_label") == (
        ("own", "application", "traced") if version >= 5 else ("", "none", "inferred")
    )


def test_the_name_in_the_table_is_not_proof_of_what_the_application_asked_for(tmp_path: Path) -> None:
    found = only(tmp_path, connect([*reads(**URL), *session(definition(QMgrName="GROUP"))]))
    assert setting(found, "queue_manager") == ("GROUP", "application", "inferred")


def test_the_last_definition_before_the_session_counts(tmp_path: Path) -> None:
    first = definition("OLD.CHANNEL", "old(1)", version=6, storage=11, SSLCipherSpec="SPEC_OF_NO_FORCE")
    found = report(
        tmp_path, connect([*reads(**URL), *first, *session(definition("A.B", "h(1414)", SSLCipherSpec=CIPHER))])
    )
    (connection,) = found["connections"]
    assert setting(connection, "channel") == ("A.B", "ccdt", "traced")
    assert setting(connection, "cipher_spec") == (CIPHER, "ccdt", "traced")
    assert [each["id"] for each in found["findings"]] == ["settings.structure-version-too-low"]


# How it ended


@pytest.mark.parametrize(
    ("result", "code", "expected"),
    [
        (NO_HOST, 2538, ("network.host-unavailable", "possible")),
        ("MQRC_CHANNEL_CONFIG_ERROR", 2539, ("channel.rejected", "possible")),
        ("MQRC_UNKNOWN_CHANNEL_NAME", 2540, ("channel.unknown", "certain")),
        ("MQRC_NOT_AUTHORIZED", 2035, ("auth.not-authorized", "possible")),
        ("MQRC_KEY_REPOSITORY_ERROR", 2381, ("tls.key-repository-unusable", "possible")),
        ("MQRC_CONNECTION_BROKEN", 2009, ("network.connection-broken", "possible")),
        ("MQRC_UNEXPECTED_ERROR", 2195, None),
        ("MQRC_Q_MGR_NOT_AVAILABLE", 2059, ("qmgr.unavailable", "possible")),
        (TLS_FAILED, 2393, ("tls.initialization", "possible")),
        ("Unknown(959)", 2393, ("tls.initialization", "possible")),
        ("(Unknown(2393))", 2393, ("tls.initialization", "possible")),
        ("0x00000959", 2393, ("tls.initialization", "possible")),
        ("00000959", 2393, ("tls.initialization", "possible")),
        ("2393", 2393, ("tls.initialization", "possible")),
    ],
)
@pytest.mark.parametrize("layout", [UNIX, WINDOWS_COUNTER], ids=lambda layout: layout.name)
def test_return_codes_in_every_form(
    tmp_path: Path, result: str, code: int, expected: tuple[str, str] | None, layout: Layout
) -> None:
    inside = [*noise(), *session(definition(SSLCipherSpec=CIPHER), "rrcE_CHANNEL_ERROR")]
    found = only(tmp_path, connect(inside, result), layout=layout)
    assert (found["reason_code"], cause(found)) == (code, expected)


@pytest.mark.parametrize("result", ["Unknown(8)", "xecE_E_ENV_VAR_NOT_FOUND"])
def test_a_result_that_is_no_reason_code_leaves_the_end_unknown(tmp_path: Path, result: str) -> None:
    found = only(tmp_path, connect(session(definition()), result))
    assert (found["reason_code"], cause(found)) == (None, None)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("MQRC_Q_MGR_NAME_ERROR", ("qmgr.name-mismatch", "certain")),
        ("MQRC_Q_MGR_NOT_AVAILABLE", ("qmgr.unavailable", "likely")),
    ],
)
def test_after_the_session_stands_it_is_the_queue_manager(
    tmp_path: Path, result: str, expected: tuple[str, str]
) -> None:
    found = only(tmp_path, connect(session(definition()), result))
    assert (found["phase"], cause(found)) == ("mqconn", expected)


@pytest.mark.parametrize(
    ("later", "code", "expected"),
    [
        (call("MQOPEN", "MQRC_NOT_AUTHORIZED"), 2035, ("auth.not-authorized", "likely")),
        (call("MQOPEN", "MQRC_UNKNOWN_OBJECT_NAME"), 2085, ("object.unknown", "likely")),
        (call("MQGET", "MQRC_CONNECTION_BROKEN"), 2009, ("network.connection-broken", "possible")),
        (call("MQGET", "MQRC_NO_MSG_AVAILABLE"), 0, None),
        (call("MQGET", "MQRC_TRUNCATED_MSG_FAILED"), 0, None),
        (call("MQGET", "MQRC_NOT_CONVERTED"), 0, None),
        (call("MQDISC", "MQRC_HCONN_ERROR"), 0, None),
        (noise(), 0, None),
    ],
)
def test_what_fails_after_connecting(tmp_path: Path, later: Lines, code: int, expected: tuple[str, str] | None) -> None:
    found = only(tmp_path, [*connect(session(definition())), *later])
    assert (found["reason_code"], found["phase"], cause(found)) == (code, "connected", expected)


def test_a_layer_that_fails_does_not_fail_a_call_that_succeeds(tmp_path: Path) -> None:
    inside = [
        enter("zstMQConnect", 5),
        leave("zstMQConnect", 5, NO_HOST),
        *text("MQI:MQCONNX HConn=FFFFFFFF rc=000009EA ObjName=QM1"),
        *session(),
    ]
    found = only(tmp_path, connect(inside))
    assert (found["reason_code"], cause(found)) == (0, None)


def test_a_verb_nested_in_itself_is_one_call(tmp_path: Path) -> None:
    inner = [
        enter("MQCONNX", 2),
        leave("MQCONNX", 2, "MQRC_Q_MGR_NAME_ERROR"),
        enter("MQCONNX", 2),
        *session(definition()),
        leave("MQCONNX", 2),
    ]
    found = only(
        tmp_path, [enter("MQCONNX"), enter("tmzstMQCONNX", 1), *inner, leave("tmzstMQCONNX", 1), leave("MQCONNX")]
    )
    assert (found["reason_code"], cause(found)) == (0, None)


def test_the_other_verb(tmp_path: Path) -> None:
    found = only(
        tmp_path, connect(session(definition(), "rrcE_CHANNEL_ERROR"), "MQRC_UNKNOWN_CHANNEL_NAME", verb="MQCONN")
    )
    assert (found["reason_code"], cause(found)) == (2540, ("channel.unknown", "certain"))


WHOLE = connect([*reads(**SERVER), *session(definition("A.B", "h(1414)"))], "MQRC_NOT_AUTHORIZED")
INSIDE = next(at for at, line in enumerate(WHOLE) if "rriInitSess" in line.body)


@pytest.mark.parametrize(
    "stack", [[], text("Thread stack (from libmqe_r.so)", "-> MQCONNX", "-> tmzstMQCONNX", "-> zstMQCONNX")]
)
def test_a_trace_switched_on_inside_the_call(tmp_path: Path, stack: Lines) -> None:
    found = only(tmp_path, [*stack, *WHOLE[INSIDE:]])
    assert (found["reason_code"], cause(found)) == (2035, ("auth.not-authorized", "possible"))
    assert setting(found, "channel") == ("A.B", "unknown", "traced")


def test_a_trace_that_ends_inside_the_call(tmp_path: Path) -> None:
    found = only(tmp_path, WHOLE[:-6])
    assert (found["reason_code"], cause(found)) == (None, None)
    assert setting(found, "channel") == ("A.B", "env:MQSERVER", "traced")


def test_rotated_files_contradict_nothing(tmp_path: Path) -> None:
    older = Trace(WHOLE[: INSIDE + 40]).write(tmp_path / "AMQ7300.0.TRS.FMT")
    newer = Trace(WHOLE[INSIDE + 40 :], start=32_401_000).write(tmp_path / "AMQ7300.0.FMT")
    found = report_as_dict(diagnose([older, newer]))["connections"]
    assert [(each["reason_code"], cause(each)) for each in found] == [
        (None, None),
        (2035, ("auth.not-authorized", "possible")),
    ]


def test_several_calls_in_one_thread(tmp_path: Path) -> None:
    lines = [*connect(session(definition("ONE"), "rrcE_CHANNEL_ERROR"), NO_HOST), *connect(session(definition("TWO")))]
    found = report(tmp_path, lines)["connections"]
    assert [(each["reason_code"], setting(each, "channel")[0]) for each in found] == [(2538, "ONE"), (0, "TWO")]


@pytest.mark.parametrize("layout", make.LAYOUTS, ids=lambda layout: layout.name)
def test_threads_that_run_at_once_do_not_mix(tmp_path: Path, layout: Layout) -> None:
    one = connect(session(definition("ONE", "one(1)"), "rrcE_CHANNEL_ERROR"), NO_HOST)
    two = of_thread(2, connect(session(definition("TWO", "two(2)", version=7, SSLCipherSpec=CIPHER))))
    found = report(tmp_path, interleaved(one, two), layout=layout)["connections"]
    assert [(each["thread"], each["reason_code"]) for each in found] == [("7300.1", 2538), ("7300.2", 0)]
    assert [setting(each, "channel")[0] for each in found] == ["ONE", "TWO"]
    assert [setting(each, "cipher_spec")[0] for each in found] == ["", CIPHER]


def attempts(connection: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["channel"], each["address"]) for each in connection["attempts"]]


@pytest.mark.parametrize(("second", "result", "code"), [("OK", "OK", 0), ("rrcE_CHANNEL_ERROR", NO_HOST, 2538)])
def test_two_channels_tried_one_after_another(tmp_path: Path, second: str, result: str, code: int) -> None:
    inside = [
        *session(definition("ONE", "one(1)"), "rrcE_CHANNEL_ERROR"),
        *session(definition("TWO", "two(2)"), second),
    ]
    found = only(tmp_path, connect([*reads(**URL), *inside], result))
    assert attempts(found) == [("ONE", "one(1)"), ("TWO", "two(2)")]
    assert found["reason_code"] == code
    assert setting(found, "channel") == ("TWO", "ccdt", "traced")


# What must not be believed


@pytest.mark.parametrize(
    "line",
    [
        "gsk_attribute_set_buffer 205 128",
        "gsk_attribute_set_buffer ... 128",
        "gsk_attribute_set_enum 402 510",
        "gsk_secure_soc_read 0 bytes",
        "gsk_secure_soc_read 407 bytes",
        "gsk_secure_soc_read returned 407 bytes",
        "gsk_secure_soc_write length 420",
        "gsk_environment_open handle 414",
        "gsk_secure_soc_init(407)",
        "gsk_secure_soc_init socket 6",
        "gsk_secure_soc_init rc=0 FunctionTime=414",
        "gsk_secure_soc_misc 104",
        "gsk_get_cert_info 407",
        "GSKit version 8",
        "GSKit 8.0.55.31",
        "GSKit library of 414 KB",
        "gsk_attribute_set_buffer GSK_KEYRING_FILE",
        "handle 0x575010, 575010.log",
    ],
)
def test_numbers_that_are_no_return_codes_of_gskit(tmp_path: Path, line: str) -> None:
    inside = session(
        [*definition(SSLCipherSpec=CIPHER), *handshake(text(line), "rrcE_SSL_ERROR")], "rrcE_CHANNEL_ERROR"
    )
    assert cause(only(tmp_path, connect(inside, TLS_FAILED))) == ("tls.initialization", "possible")


@pytest.mark.parametrize(
    "line",
    ["gsk_secure_soc_init rc=407", "gsk_secure_soc_init returned 407", "gsk_secure_soc_init: 407",
     "gsk_secure_soc_init fd=7 rc=407",
     "GSKit return code 407", "GSKit error 407", "ccigsk_secure_soc_init (rc=407)"],
)  # fmt: skip
def test_return_codes_of_gskit(tmp_path: Path, line: str) -> None:
    inside = session(
        [*definition(SSLCipherSpec=CIPHER), *handshake(text(line), "rrcE_SSL_ERROR")], "rrcE_CHANNEL_ERROR"
    )
    found = only(tmp_path, connect(inside, TLS_FAILED))
    assert (found["phase"], cause(found)) == ("tls", ("tls.certificate-label-not-found", "certain"))


REFUSED = session(handshake(text("gsk_secure_soc_init rc=407"), "rrcE_SSL_ERROR"), "rrcE_CHANNEL_ERROR")


@pytest.mark.parametrize(
    ("after", "result", "code", "expected"),
    [
        (session(definition()), "OK", 0, None),
        (session(definition(), "rrcE_CHANNEL_ERROR"), NO_HOST, 2538, ("network.host-unavailable", "possible")),
        (session(definition()), "MQRC_NOT_AUTHORIZED", 2035, ("auth.not-authorized", "possible")),
    ],
)
def test_a_code_of_an_earlier_attempt_explains_nothing(
    tmp_path: Path, after: Lines, result: str, code: int, expected: tuple[str, str] | None
) -> None:
    found = only(tmp_path, connect([*REFUSED, *after], result))
    assert (found["reason_code"], cause(found)) == (code, expected)


def test_an_address_that_was_refused_first_does_not_explain_what_the_queue_manager_refused(tmp_path: Path) -> None:
    found = only(tmp_path, connect(session([*definition(), *text("connect() errno = 111")]), "MQRC_NOT_AUTHORIZED"))
    assert cause(found) == ("auth.not-authorized", "possible")


@pytest.mark.parametrize("line", ["connect() errno = 111", "connect failed, errno(111)", "errno is 111"])
def test_an_error_number_of_the_socket(tmp_path: Path, line: str) -> None:
    found = only(tmp_path, connect(session([*definition(), *text(line)], "rrcE_CHANNEL_ERROR"), NO_HOST))
    assert cause(found) == ("network.refused", "certain")


@pytest.mark.parametrize(
    "line",
    [
        "111 errno values known",
        "errno 111 entries in table",
        "see AMQ9202 and errno.h",
        "reason 2540 is handled",
        "AMQ9207 is written when data is bad",
    ],
)
def test_words_that_only_mention_a_failure(tmp_path: Path, line: str) -> None:
    found = only(tmp_path, connect(session([*definition(), *text(line)], "rrcE_CHANNEL_ERROR"), NO_HOST))
    assert (found["reason_code"], cause(found)) == (2538, ("network.host-unavailable", "possible"))


WORDS = (
    "{  MQCONNX",
    "}! MQCONNX rc=MQRC_NOT_AUTHORIZED",
    "}! MQOPEN (rc=MQRC_NOT_AUTHORIZED)",
    "xcsGetEnvironmentString[MQSSLKEYR] = /evil/key",
    "MQSERVER=EVIL/TCP/evil(1)",
    "SSLKeyRepository = '/evil/key'",
    "Saved CertificateLabel 'evil'",
    "FileName = 'evil/mqclient.ini'",
    "gsk_secure_soc_init rc=407",
    "GSK_ERROR_BAD_KEYFILE_LABEL",
    "connect() errno = 111",
    "AMQ9202E: evil",
    "<client_hello>",
    "V3 Client Hello Sent",
    "PeerName: evil Channel Name: EVIL Remote Address: 6.6.6.6(6)",
    "GSKVAL_ERROR_NO_CHAIN_BUILT",
    "rc=rrcE_EVIL",
    "}  rriInitSess rc=OK",
    "|'\"{}",
)


def wide_row(number: int, words: str) -> Line:
    """A row that shows whole words, wider than rows are known to be: none must be read even then."""
    data = f"{words:<64}".encode()
    return Line("row", f"0x{number * 64:04x}:  {data.hex(' ', 4)}  |{words:<64}|")


@pytest.mark.parametrize("layout", make.LAYOUTS, ids=lambda layout: layout.name)
def test_words_in_dumped_data_say_nothing(tmp_path: Path, layout: Layout) -> None:
    data = [
        *rows("".join(f"{words:<16}" for words in WORDS).encode()),
        *(wide_row(at, words) for at, words in enumerate(WORDS)),
    ]
    inside = [*reads(), *data, *session([*definition("A.B", "h(1414)"), *data], "rrcE_CHANNEL_ERROR")]
    found = only(tmp_path, connect(inside, NO_HOST), layout=layout)
    assert (found["reason_code"], found["phase"], cause(found)) == (
        2538,
        "tcp",
        ("network.host-unavailable", "possible"),
    )
    assert setting(found, "channel") == ("A.B", "unknown", "traced")
    assert setting(found, "key_repository") == ("", "none", "inferred")
    assert setting(found, "mqclient_ini") == ("", "none", "inferred")
    assert "evil" not in str(found).lower()


def credentials() -> Lines:
    """The application gives a password; it stands in the trace wherever a careless line or dump can put it."""
    parameters = {
        "AuthenticationType": 1,
        "CSPUserIdPtr": 0x7F0010001000,
        "CSPPasswordPtr": 0x7F0010002000,
        "CSPPasswordLength": len(SECRET),
    }
    variables = environments(
        MQKEYRPWD=SECRET, MQSSLCRYP=f"GSK_PKCS11=/lib/x.so;token;{SECRET};", MQSAMP_PASSWORD=SECRET, APP_TOKEN=SECRET
    )
    return [
        *variables, *rows(structure("MQCNO", 5, {"SecurityParmsPtr": 0x7F0010003000})),
        *rows(structure("MQCSP", 3, parameters)),
        *rows(b"app"), *rows(SECRET.encode()),
        *text("Adding stanza (SSLKeyRepositoryPassword) length (13)", f"SSLKeyRepositoryPassword = '{SECRET}'",
              f"MQSSLCRYP = {SECRET}"),
        *session(definition("A.B", Password=SECRET[:12], RemotePassword=SECRET[:12])),
    ]  # fmt: skip


def outputs(path: Path) -> Iterable[str]:
    found = diagnose([path])
    return (rendered(found, form_named(form), verbosity=1) for form in ("text", "md", "json"))


@pytest.mark.parametrize("layout", [UNIX, WINDOWS_COUNTER], ids=lambda layout: layout.name)
def test_no_password_in_any_output(tmp_path: Path, layout: Layout) -> None:
    path = Trace(connect(credentials(), "MQRC_NOT_AUTHORIZED"), layout).write(tmp_path / "AMQ7300.0.FMT")
    for output in outputs(path):
        assert "A.B" in output
        assert SECRET[:12] not in output


@pytest.mark.parametrize(
    "row", ["0x0000:  " + "ab" * 4000, "0x0000:  " + "abababab " * 1800, "0x0000:  ab" + " " * 16000]
)
def test_a_row_without_an_end_takes_no_time(row: str) -> None:
    began = time.process_time()
    assert trace_c.ROW.match(row.encode()) is None
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    "line", ["|" + " " * 60_000, "a" * 60_000, "a/" * 30_000, "| a :- " * 9_000, "Aa : b  Cc " * 6_000]
)
def test_a_header_of_one_long_line_takes_no_time(line: str) -> None:
    began = time.process_time()
    assert trace_c.header(line.encode()).process is None
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize(
    "lines",
    [connect([]), [enter("MQCONNX")], [leave("xtmRequestMutex", 3)], [leave("MQGET", 0, "MQRC_NOT_OPEN_FOR_INPUT")]],
)
@pytest.mark.parametrize("layout", make.LAYOUTS, ids=lambda layout: layout.name)
def test_calls_alone_are_recognised_as_a_trace(lines: Sequence[Line], layout: Layout) -> None:
    assert trace_c.sniff(Trace(list(lines), layout).content())


# Known to be wrong; each needs a change in another room.


def test_two_repositories_of_equal_length_differ(tmp_path: Path) -> None:
    found = only(tmp_path, connect([*reads(MQSSLKEYR="/env/key"), *options("/app/key"), *session()]))
    assert setting(found, "key_repository") == ("/app/key", "application", "traced")


@pytest.mark.parametrize("name", ["certificate_label", "key_repository"])
def test_blank_fields_prove_nothing(tmp_path: Path, name: str) -> None:
    found = only(tmp_path, connect([*options(), *session(definition(SSLCipherSpec=CIPHER))]))
    assert setting(found, name)[2] != "traced"


def test_a_cipher_beyond_the_version_is_no_cipher(tmp_path: Path) -> None:
    dump = definition("A.B", version=6, storage=11, SSLCipherSpec=CIPHER)
    found = only(tmp_path, connect([*reads(), *APPLICATION, *session(dump, "rrcE_CHANNEL_ERROR")], TLS_FAILED))
    assert setting(found, "cipher_spec") == ("", "none", "traced")
    assert cause(found) == ("tls.client-plain-server-tls", "likely")


def test_a_definition_shown_before_its_session(tmp_path: Path) -> None:
    failed = session(result="rrcE_CHANNEL_ERROR")
    found = only(tmp_path, connect([*definition("ONE", "one(1)"), *failed, *definition("TWO", "two(2)"), *session()]))
    assert attempts(found) == [("ONE", "one(1)"), ("TWO", "two(2)")]


def test_a_variable_that_changes_between_two_calls(tmp_path: Path) -> None:
    lines = [
        *connect([*environment("MQSERVER", "ONE/TCP/one(1)"), *session()]),
        *connect([*environment("MQSERVER", "TWO/TCP/two(2)"), *session()]),
    ]
    found = report(tmp_path, lines)["connections"]
    assert [setting(each, "channel")[0] for each in found] == ["ONE", "TWO"]


def test_a_call_whose_begin_is_lost_is_not_mixed_with_the_one_before_it(tmp_path: Path) -> None:
    calls = [
        connect(
            [*reads(MQSERVER=f"{name}/TCP/{host}(1)"), *session(definition(name, f"{host}(1)"))],
            "MQRC_CHANNEL_NOT_AVAILABLE",
        )
        for name, host in (("ONE", "one"), ("TWO", "two"))
    ]
    found = report(tmp_path, [*calls[0], *calls[1][1:]])["connections"]
    assert [(each["channel"], each["address"], each["reason_code"]) for each in found] == [
        ("ONE", "one(1)", 2537),
        ("TWO", "two(1)", 2537),
    ]


def test_a_code_of_gskit_does_not_explain_what_fails_later(tmp_path: Path) -> None:
    inside = session(
        [*definition(SSLCipherSpec=CIPHER), *handshake(text("gsk_secure_soc_init rc=407", "gsk_secure_soc_init rc=0"))]
    )
    found = only(tmp_path, [*connect(inside), *call("MQOPEN", "MQRC_NOT_AUTHORIZED")])
    assert cause(found) == ("auth.not-authorized", "likely")


def test_an_error_number_does_not_explain_an_answer_of_the_queue_manager(tmp_path: Path) -> None:
    inside = session([*definition(), *text("connect() errno = 111")], "rrcE_CHANNEL_ERROR")
    assert cause(only(tmp_path, connect(inside, "MQRC_NOT_AUTHORIZED"))) == ("auth.not-authorized", "possible")


def test_a_table_of_the_ini_file_that_is_said_to_be_used(tmp_path: Path) -> None:
    said = [line for key, value in (("ChannelDefinitionDirectory", "/a"), ("ChannelDefinitionFile", "B.TAB"))
            for line in (f"Adding stanza ({key}) length (5)", f"{key} = '{value}'")]  # fmt: skip
    used = [
        "Using ChannelDefinitionDirectory / MQCHLLIB value of /a",
        "Using ChannelDefinitionFile / MQCHLTAB value of B.TAB",
    ]
    found = only(tmp_path, connect([*text(*said, *used), *session(definition())]))
    assert setting(found, "ccdt")[1] in ("ini:Channels.ChannelDefinitionDirectory", "unknown")


def test_a_warning_is_no_failure(tmp_path: Path) -> None:
    found = only(tmp_path, connect(session(definition()), "MQRC_SSL_ALREADY_INITIALIZED"))
    assert (found["completion_code"], found["phase"]) == (1, "connected")


def test_no_password_of_cryptographic_hardware(tmp_path: Path) -> None:
    dump = rows(
        structure("MQSCO", 5, {"KeyRepository": "/k", "CryptoHardware": f"GSK_PKCS11=/lib/x.so;token;{SECRET};"})
    )
    path = Trace(connect([*dump, *session()])).write(tmp_path / "AMQ7300.0.FMT")
    assert not [output for output in outputs(path) if SECRET in output]


# Several calls, attempts and threads: what one says is not the other's.


def attempt(channel: str, address: str, *said: str, result: str = "rrcE_CHANNEL_ERROR", **fields: Any) -> Lines:
    return session([*definition(channel, address, **fields), *text(*said)], result)


def attempt_causes(connection: dict[str, Any]) -> list[tuple[str, str] | None]:
    return [cause(each) for each in connection["attempts"]]


REFUSED_LABEL = session(
    [*definition("A", "a(1)", SSLCipherSpec=CIPHER), *handshake(text("gsk_secure_soc_init rc=407"), "rrcE_SSL_ERROR")],
    "rrcE_CHANNEL_ERROR",
)


def test_what_another_call_reads_later_is_not_what_this_one_read(tmp_path: Path) -> None:
    one = connect([*reads(MQSERVER="ONE/TCP/one(1)", MQSSLKEYR="/one"), *session(definition("ONE", "one(1)"))], NO_HOST)
    two = of_thread(
        2, connect([*reads(MQSERVER="TWO/TCP/two(2)", MQSSLKEYR="/two"), *session(definition("TWO", "two(2)"))])
    )
    for lines in ([*one, *two], interleaved(one, two)):
        first, second = report(tmp_path, lines)["connections"]
        assert setting(first, "channel") == ("ONE", "env:MQSERVER", "traced")
        assert setting(first, "key_repository") == ("/one", "env:MQSSLKEYR", "inferred")
        assert setting(second, "channel") == ("TWO", "env:MQSERVER", "traced")
        assert setting(second, "key_repository") == ("/two", "env:MQSSLKEYR", "inferred")


def test_each_attempt_fails_for_its_own_reason(tmp_path: Path) -> None:
    tried = [*REFUSED_LABEL, *attempt("A", "b(2)", "connect() errno = 111", SSLCipherSpec=CIPHER)]
    found = only(tmp_path, connect([*reads(), *tried], NO_HOST))
    assert (found["phase"], cause(found)) == ("tcp", ("network.refused", "certain"))
    assert attempt_causes(found) == [("tls.certificate-label-not-found", "certain"), ("network.refused", "certain")]


def test_the_end_of_a_call_says_nothing_of_its_first_attempt(tmp_path: Path) -> None:
    tried = [*attempt("A", "a(1)", "connect() errno = 111"), *attempt("A", "b(2)", result="OK")]
    found = only(tmp_path, connect([*reads(), *tried], "MQRC_NOT_AUTHORIZED"))
    assert attempt_causes(found) == [("network.refused", "certain"), ("auth.not-authorized", "possible")]


def test_attempts_that_failed_before_one_that_connects_keep_their_causes(tmp_path: Path) -> None:
    tried = [
        *attempt("A", "a(1)", "connect() errno = 111"),
        *attempt("A", "b(2)", "errno is 110"),
        *attempt("A", "c(3)", result="OK"),
    ]
    found = only(tmp_path, connect([*reads(), *tried]))
    assert (found["reason_code"], cause(found)) == (0, None)
    assert attempt_causes(found) == [("network.refused", "certain"), ("network.timeout", "certain"), None]


def test_a_code_of_gskit_says_nothing_once_the_queue_manager_has_answered(tmp_path: Path) -> None:
    said = handshake(text("gsk_environment_init rc=407", "gsk_secure_soc_init rc=0"))
    for result, end, expected in (
        ("MQRC_NOT_AUTHORIZED", "OK", "auth.not-authorized"),
        ("MQRC_UNKNOWN_CHANNEL_NAME", "rrcE_CHANNEL_ERROR", "channel.unknown"),
    ):
        found = only(tmp_path, connect([*reads(), *session([*definition(SSLCipherSpec=CIPHER), *said], end)], result))
        assert cause(found) == (expected, "possible" if expected.startswith("auth.") else "certain")


def test_an_entry_of_the_table_that_was_only_looked_at_is_not_in_force(tmp_path: Path) -> None:
    inside = [*reads(**URL), *definition("ENTRY1", "e1(1)", SSLCipherSpec=CIPHER), *definition("ENTRY2", "e2(1)")]
    found = only(tmp_path, connect(inside, "MQRC_Q_MGR_NAME_ERROR"))
    assert "traced" not in {row["proof"] for row in found["settings"]}


def test_a_call_that_shows_no_session_may_be_a_local_one(tmp_path: Path) -> None:
    def asked(lines: Lines) -> bool:
        return any(
            gap["question"].startswith("Whether the call of thread 7300.1 used a channel")
            for gap in report(tmp_path, lines)["gaps"]
        )

    assert asked(connect(reads(**SERVER)))
    path = Trace(connect(reads(**SERVER))).write(tmp_path / "local.FMT")
    assert "connected to its queue manager" in str(rendered(diagnose([path]), form_named("text")))
    assert asked(connect(reads(**SERVER), "MQRC_Q_MGR_NAME_ERROR"))
    assert not asked(connect([*reads(**SERVER), *session()]))
    assert not asked(connect([*reads(**SERVER), *text("Attempting to connect using the client library")]))


TRANSCRIPT = [
    "<client_hello>", "client_version", "TLSV12", "<server_hello>", "server_version", "TLSV12", "<certificate>",
    "<certificate_request>",
    "<certificate>", "Alert Level:Description (hex)  2:2A : AlertDescription::bad_certificate",
    "End of GSKit TLS Handshake Transcript",
]  # fmt: skip


def test_an_alert_that_either_end_can_have_sent_proves_nothing(tmp_path: Path) -> None:
    inside = session(
        [*definition(SSLCipherSpec=CIPHER), *handshake(text(*TRANSCRIPT), "rrcE_SSL_ERROR")], "rrcE_CHANNEL_ERROR"
    )
    found = only(tmp_path, connect(inside, TLS_FAILED))
    assert cause(found) == ("tls.server-certificate-rejected", "possible")
    assert [each["id"] for each in found["cause"]["alternatives"]] == ["tls.client-certificate-rejected"]


@pytest.mark.parametrize(
    ("header", "number", "expected"),
    [
        ("record", 79, ("network.refused", "certain")),
        ("record", 81, ("network.unreachable", "certain")),
        ("record", 111, ("network.host-unavailable", "possible")),
        ("boxed", 111, ("network.refused", "certain")),
        ("boxed", 79, ("network.host-unavailable", "possible")),
        ("none", 79, ("network.refused", "certain")),
    ],
)
def test_an_error_number_is_one_of_the_platform(
    tmp_path: Path, header: str, number: int, expected: tuple[str, str]
) -> None:
    inside = [*reads(), *attempt("A", "a(1)", f"connect() errno = {number}")]
    assert cause(only(tmp_path, connect(inside, NO_HOST), header=header)) == expected


def test_the_program_going_before_the_environment_is_no_surprise(tmp_path: Path) -> None:
    inside = [
        *reads(MQSERVER="Z/TCP/z(1)", MQSSLKEYR="/env"),
        *APPLICATION,
        *options("/own"),
        *session(definition("A", "a(1)")),
    ]
    assert "settings.precedence-differs" not in [each["id"] for each in report(tmp_path, connect(inside))["findings"]]


def test_rows_alone_still_tell_the_channel(tmp_path: Path) -> None:
    found = only(tmp_path, definition("A", "a(1)", SSLCipherSpec=CIPHER))
    assert (found["reason_code"], setting(found, "channel")) == (None, ("A", "unknown", "traced"))


def test_a_remark_behind_a_connection_string_is_no_part_of_it(tmp_path: Path) -> None:
    lines = text("MQSERVER = A/TCP/a(1) , b(2) overridden by the application")
    found = only(tmp_path, connect([*lines, *session(result="rrcE_CHANNEL_ERROR")], NO_HOST))
    assert setting(found, "address") == ("a(1) , b(2)", "env:MQSERVER", "inferred")


def test_a_blank_cipher_is_none_only_where_no_tls_follows(tmp_path: Path) -> None:
    said = [*definition("A", "a(1)"), *handshake(text("gsk_secure_soc_init rc=420"), "rrcE_SSL_ERROR")]
    found = only(tmp_path, connect([*reads(), *session(said, "rrcE_CHANNEL_ERROR")], TLS_FAILED))
    assert setting(found, "cipher_spec") == UNKNOWN
    tried = [*REFUSED_LABEL, *attempt("B", "b(2)")]
    found = only(tmp_path, connect([*reads(), *tried], TLS_FAILED))
    assert setting(found, "cipher_spec") == ("", "none", "traced")


def test_gskit_at_work_has_a_key_repository_wherever_it_came_from(tmp_path: Path) -> None:
    cipher = definition(SSLCipherSpec=CIPHER)
    found = only(tmp_path, connect([*reads(), *session(cipher, "rrcE_CHANNEL_ERROR")], TLS_FAILED))
    assert cause(found) == ("tls.no-key-repository", "likely")
    said = [*cipher, *handshake(text("gsk_secure_soc_init rc=414"), "rrcE_SSL_ERROR")]
    found = only(tmp_path, connect([*reads(), *session(said, "rrcE_CHANNEL_ERROR")], TLS_FAILED))
    assert cause(found) == ("tls.server-certificate-rejected", "likely")


def test_a_call_whose_begin_is_not_in_the_trace_may_have_given_its_own_channel(tmp_path: Path) -> None:
    """What another thread reads tells of the environment, not of the structures of this call."""
    whole = connect([*reads(**URL), *APPLICATION, *session(definition("A", "a(1)", SSLCipherSpec=CIPHER))])
    begun = next(at for at, line in enumerate(whole) if "rriInitSess" in line.body)
    other = of_thread(2, connect([*reads(**URL), *session(definition("B", "b(2)"))]))
    first, second = sorted(report(tmp_path, [*other, *whole[begun:]])["connections"], key=lambda each: each["thread"])
    assert setting(first, "channel") == ("A", "unknown", "traced")
    assert setting(first, "cipher_spec") == (CIPHER, "unknown", "traced")
    assert setting(second, "channel") == ("B", "ccdt", "traced")


def test_two_errors_in_one_attempt_leave_a_doubt(tmp_path: Path) -> None:
    """A host with two addresses, one of which cannot be reached."""
    inside = [*reads(), *attempt("A", "a(1)", "connect() errno = 101", "connect() errno = 111")]
    found = only(tmp_path, connect(inside, NO_HOST))
    assert cause(found) == ("network.refused", "likely")
    assert [each["id"] for each in found["cause"]["alternatives"]] == ["network.unreachable"]


def test_no_cause_is_its_own_alternative(tmp_path: Path) -> None:
    inside = [*reads(), *attempt("A", "a(1)", "AMQ9202E: Remote host 'a(1)' not available, retry later.")]
    found = only(tmp_path, connect(inside, NO_HOST))
    assert cause(found) == ("network.host-unavailable", "possible")
    assert [each["id"] for each in found["cause"]["alternatives"]] == ["network.refused", "network.name-not-resolved"]


# Times, processes and copies


def test_calls_stand_in_their_order_where_no_date_is_known_and_midnight_passes(tmp_path: Path) -> None:
    lines = [*connect(session(definition("ONE"))), *noise() * 30, *connect(session(definition("TWO")))]
    found = report(tmp_path, lines, start=86_400_000 - 150)["connections"]
    assert [setting(each, "channel")[0] for each in found] == ["ONE", "TWO"]
    assert found[1]["start"].startswith("00:00")


def test_the_header_of_one_process_says_nothing_of_another(tmp_path: Path) -> None:
    parts = [
        Trace(connect(session(definition("ONE"))), header="boxed"),
        Trace(connect(session(definition("TWO"))), header="boxed", pid=7400),
    ]
    path = tmp_path / "both.FMT"
    path.write_bytes(b"".join(each.content() for each in parts))
    found = report_as_dict(diagnose([path]))["connections"]
    assert [(each["process"], each["program"]) for each in found] == [(7300, "orders"), (7400, "")]


@pytest.mark.parametrize(
    "title",
    [
        "boxed",
        "record",
        "TimeStamp         PID.TID    Ident         Data",
        "Timestamp        Process.Thread  Trace Ident",
    ],
)
def test_a_process_that_has_the_number_of_one_before_has_its_own_environment(tmp_path: Path, title: str) -> None:
    first = Trace(connect([*reads(MQSERVER="ONE/TCP/one(1)", MQSSLKEYR="/one"), *session(definition("ONE", "one(1)"))]))
    second = Trace(connect(session(definition("ONE", "one(1)"), "rrcE_CHANNEL_ERROR"), NO_HOST), start=36_000_000)
    heads = make.HEADERS["boxed"] if title == "boxed" else ("", title, "")
    second.header = title if title == "record" else "none"
    path = tmp_path / "both.FMT"
    path.write_bytes(first.content() + "".join(f"{line}\n" for line in heads).encode() + second.content())
    one, two = report_as_dict(diagnose([path]))["connections"]
    assert setting(one, "channel") == ("ONE", "env:MQSERVER", "traced")
    assert setting(two, "channel") == ("ONE", "unknown", "traced")
    assert setting(two, "key_repository") == UNKNOWN


def test_a_copy_of_a_trace_says_nothing_new(tmp_path: Path) -> None:
    content = Trace(connect(session(definition("ONE"), "rrcE_CHANNEL_ERROR"), NO_HOST)).content()
    (tmp_path / "AMQ7300.0.FMT").write_bytes(content)
    (tmp_path / "AMQ7300.0.FMT.gz").write_bytes(gzip.compress(content))
    found = report_as_dict(diagnose([tmp_path]))
    assert len(found["connections"]) == 1
    assert [bool(each["note"]) for each in found["inputs"]] == [False, True]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_a_trace_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "AMQ7300.0.FMT"
    path.write_text(
        Trace(connect(session(definition("ONE"), "rrcE_CHANNEL_ERROR"), NO_HOST)).content().decode(), encoding=encoding
    )
    (found,) = report_as_dict(diagnose([path]))["connections"]
    assert (found["client"], found["reason_code"], setting(found, "channel")[0]) == ("c", 2538, "ONE")


@pytest.mark.parametrize("digits", [4, 10, 16])
def test_a_counter_of_another_width(tmp_path: Path, digits: int) -> None:
    content = (
        Trace(connect(session(definition("ONE"), "rrcE_CHANNEL_ERROR"), NO_HOST), make.WINDOWS_COUNTER)
        .content()
        .decode()
    )
    path = tmp_path / "AMQ7300.0.TRC"
    path.write_text("".join(line[:8][-4:].rjust(digits, "0") + line[8:] for line in content.splitlines(keepends=True)))
    (found,) = report_as_dict(diagnose([path]))["connections"]
    assert (found["reason_code"], setting(found, "channel")[0]) == (2538, "ONE")


# Configuration given beside a trace


def test_of_several_ini_files_only_what_all_say_counts(tmp_path: Path) -> None:
    """One client reads one file: values of several must not be mixed."""
    for name, repository in (("a", "/a/key"), ("b", "/b/key")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mqclient.ini").write_text(
            f"SSL:\n   SSLKeyRepository={repository}\n   OutboundSNI=HOSTNAME\n"
        )
    (tmp_path / "a" / "mqclient.ini").open("a").write("CHANNELS:\n   ChannelDefinitionFile=/a/A.TAB\n")
    inside = [
        *reads(),
        *text("FileName = '/home/app/mqclient.ini'"),
        *session(definition(SSLCipherSpec=CIPHER), "rrcE_CHANNEL_ERROR"),
    ]
    found = report(tmp_path, connect(inside, TLS_FAILED))
    given = report_as_dict(diagnose([tmp_path]))
    (connection,) = given["connections"]
    assert setting(connection, "key_repository") == UNKNOWN
    assert setting(connection, "channel") == ("APP.SVRCONN", "unknown", "traced")
    assert setting(connection, "outbound_sni") == ("HOSTNAME", "ini:SSL.OutboundSNI", "inferred")
    assert cause(connection) == cause(found["connections"][0]) == ("tls.initialization", "possible")
    assert any("can each be it" in gap["question"] for gap in given["gaps"])


def test_the_ini_file_whose_folder_is_the_one_that_was_read_counts(tmp_path: Path) -> None:
    for name in ("home/app", "var/mqm"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "mqclient.ini").write_text(f"SSL:\n   SSLKeyRepository=/{name}/key\n")
    inside = [
        *reads(),
        *text("FileName = '/home/app/mqclient.ini'"),
        *session(definition(SSLCipherSpec=CIPHER), "rrcE_CHANNEL_ERROR"),
    ]
    report(tmp_path, connect(inside, TLS_FAILED))
    (connection,) = report_as_dict(diagnose([tmp_path]))["connections"]
    assert setting(connection, "key_repository") == ("/home/app/key", "ini:SSL.SSLKeyRepository", "inferred")


ENTRY = {
    "name": "APP.SVRCONN",
    "type": "clientConnection",
    "clientConnection": {"connection": [{"host": "mq1", "port": 1414}], "queueManager": "QM1"},
    "transmissionSecurity": {"cipherSpecification": "ANY_TLS13", "certificateLabel": "of table"},
}


def test_a_table_given_beside_a_cut_dump_tells_what_is_cut(tmp_path: Path) -> None:
    inside = [*reads(MQCCDTURL="file:///app/ccdt.json"), *session(definition()[:20], "rrcE_CHANNEL_ERROR")]
    report(tmp_path, connect(inside, TLS_FAILED))
    other = {**ENTRY, "transmissionSecurity": {"cipherSpecification": "ANY_TLS12"}}
    for entries, cipher in (([ENTRY], ("ANY_TLS13", "ccdt", "inferred")), ([ENTRY, other], UNKNOWN)):
        (tmp_path / "ccdt.json").write_text(json.dumps({"channel": entries}))
        (connection,) = report_as_dict(diagnose([tmp_path]))["connections"]
        assert setting(connection, "cipher_spec") == cipher
    whole = [*reads(MQCCDTURL="file:///app/ccdt.json"), *session(definition(), "rrcE_CHANNEL_ERROR")]
    report(tmp_path, connect(whole, TLS_FAILED))
    (connection,) = report_as_dict(diagnose([tmp_path]))["connections"]
    assert setting(connection, "cipher_spec") == ("", "none", "traced")


@pytest.mark.parametrize(("program", "headline"), [("runmqchl", "Channel A.B of QM1"), ("orders", "orders (C client ")])
def test_a_channel_between_queue_managers_is_named_as_such(program: str, headline: str, tmp_path: Path) -> None:
    path = Trace(connect(session(definition("A.B", "h(1414)"), "rrcE_CHANNEL_ERROR"), NO_HOST), header="boxed").write(
        tmp_path / "AMQ7300.0.FMT"
    )
    path.write_bytes(path.read_bytes().replace(b"orders  ", program.encode().ljust(8)))
    (outcome,) = diagnose([path]).outcomes
    assert outcome.connection.calls_out is (program == "runmqchl")
    assert client_words(outcome.connection).startswith(headline)
