"""Channel tables in JSON: what is read of them, and what is told of their mistakes."""

import json
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.tables import ccdt_json
from mqtrace.readers.tables.ccdt_scanner import DEEPEST, LONGEST_TEXT
from mqtrace.readers.tables.ccdt_table import MOST, ChannelAttribute, ChannelEntry, Problem
from mqtrace.readers.tally import Tally

SAMPLES = Path(__file__).parents[2] / "data" / "readers" / "config"
CORPUS = Path(__file__).parents[3] / ".." / "shared" / "corpus" / "ccdt"

FULL = """{"channel": [
  {"name": "APP.SVRCONN", "type": "clientConnection",
   "clientConnection": {"connection": [{"host": "h1", "port": 1415}, {"host": "h2"}], "queueManager": "QM1"},
   "transmissionSecurity": {"cipherSpecification": "ANY_TLS12_OR_HIGHER", "certificateLabel": "app",
   "certificatePeerName": "CN=qm1"},
   "connectionManagement": {"clientWeight": 20, "affinity": "none", "sharingConversations": 1}}
]}
"""


def read(data: bytes) -> tuple[list[ConfigValue], Tally]:
    tally = Tally()
    source = Source("ccdt.json", BufferedReader(BytesIO(data)))  # type: ignore[arg-type]
    return list(ccdt_json.read(source, tally)), tally


def channel(**changes: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "name": "A.CH",
        "type": "clientConnection",
        "clientConnection": {"connection": [{"host": "h", "port": 1}], "queueManager": "QM1"},
    }
    return {**whole, **changes}


def problems_of(*channels: dict[str, object]) -> list[tuple[str, str]]:
    table = ccdt_json.load_table(json.dumps({"channel": channels}).encode())
    return [(problem.kind, problem.text) for problem in table.problems]


def test_a_channel_with_everything() -> None:
    table = ccdt_json.load_table(FULL.encode())
    entry = table.channels[0]
    assert (table.kind, table.byte_order, table.problems) == ("json", "", ())
    assert entry == ChannelEntry(
        name="APP.SVRCONN",
        type="clientConnection",
        queue_manager="QM1",
        connection="h1(1415),h2",
        cipher_spec="ANY_TLS12_OR_HIGHER",
        certificate_label="app",
        peer_name="CN=qm1",
        weight=20,
        affinity="none",
        line=2,
        column=3,
        attributes=entry.attributes,
    )
    assert entry.addresses == ("h1(1415)", "h2(1414)")
    assert entry.attributes[:3] == (
        ChannelAttribute("name", "APP.SVRCONN", 2, 4),
        ChannelAttribute("type", "clientConnection", 2, 27),
        ChannelAttribute("clientConnection.connection[].host", "h1", 3, 41),
    )


def test_values_have_the_channel_as_group_and_lines_as_places() -> None:
    values, tally = read(FULL.encode())
    second = Location("ccdt.json", 2, 14, 53)
    third = Location("ccdt.json", 3, 68, 109)
    assert values[:4] == [
        ConfigValue("APP.SVRCONN", "name", "APP.SVRCONN", second),
        ConfigValue("APP.SVRCONN", "type", "clientConnection", second),
        ConfigValue("APP.SVRCONN", "clientConnection.connection", "h1(1415),h2(1414)", third),
        ConfigValue("APP.SVRCONN", "clientConnection.queueManager", "QM1", third),
    ]
    assert [value.name.rpartition(".")[2] for value in values[4:]] == [
        "cipherSpecification",
        "certificateLabel",
        "certificatePeerName",
        "clientWeight",
        "affinity",
        "sharingConversations",
    ]
    assert (tally.records, tally.lines, tally.unparsed) == (1, 7, 0)


def test_defaults_of_what_is_not_given() -> None:
    entry = ccdt_json.load_table(json.dumps({"channel": [channel()]}).encode()).channels[0]
    assert (entry.cipher_spec, entry.certificate_label, entry.peer_name, entry.weight, entry.affinity) == (
        "",
        "",
        "",
        0,
        "preferred",
    )
    assert entry.given("clientConnection.queueManager")
    assert not entry.given("transmissionSecurity.cipherSpecification")


PROBLEMS = {
    "unknown key": (channel(cipherspec="x"), "unknown-key", 'unknown key "cipherspec" in a channel'),
    "misspelt section": (
        channel(transmisionSecurity={}),
        "unknown-key",
        'unknown key "transmisionSecurity" in a channel; did you mean "transmissionSecurity"?',
    ),
    "misspelt key": (
        channel(transmissionSecurity={"cipherSpec": "x", "certificatelabel": "x"}),
        "unknown-key",
        'unknown key "certificatelabel" in transmissionSecurity; did you mean "certificateLabel"?',
    ),
    "weight in quotes": (
        channel(connectionManagement={"clientWeight": "5"}),
        "wrong-type",
        "connectionManagement.clientWeight must be a whole number without quotes",
    ),
    "port that is a word": (
        channel(clientConnection={"queueManager": "Q", "connection": [{"host": "h", "port": "x"}]}),
        "not-a-number",
        'clientConnection.connection[].port "x" is not a number',
    ),
    "name that is a number": (channel(name=5), "wrong-type", "name must be a text in quotes"),
    "section that is a text": (
        channel(transmissionSecurity="x"),
        "wrong-type",
        "transmissionSecurity is not an object",
    ),
    "connection that is no list": (
        channel(clientConnection={"queueManager": "Q", "connection": {"host": "h"}}),
        "wrong-type",
        "clientConnection.connection is not a list",
    ),
    "number with a fraction": (
        channel(connectionManagement={"clientWeight": 5.0}),
        "wrong-type",
        "connectionManagement.clientWeight must be a whole number without quotes",
    ),
    "null": (
        channel(transmissionSecurity={"certificateLabel": None}),
        "null-value",
        "transmissionSecurity.certificateLabel is null",
    ),
    "null for a section": (channel(transmissionSecurity=None), "null-value", "transmissionSecurity is null"),
    "null for a name": (channel(name=None), "missing-name", "a channel has no name"),
    "long name": (channel(name="A" * 21), "name-too-long", f'name "{"A" * 21}" has 21 characters, 20 are allowed'),
    "server connection": (
        channel(type="serverConnection"),
        "not-client-connection",
        'type is "serverConnection", not clientConnection',
    ),
    "affinity": (
        channel(connectionManagement={"affinity": "PREFERRED"}),
        "wrong-value",
        'connectionManagement.affinity is "PREFERRED", not none or preferred',
    ),
    "type in the words of MQSC": (channel(type="CLNTCONN"), "unknown-type", 'type is "CLNTCONN", not clientConnection'),
    "compression": (
        channel(compression={"message": ["zip"]}),
        "wrong-value",
        'compression.message[] is "zip", not none or any or rle or zlibfast or zlibhigh or lz4fast or lz4high',
    ),
    "long list of addresses": (
        channel(clientConnection={"queueManager": "Q", "connection": [{"host": "127.0.0.1", "port": 11}] * 20}),
        "too-long",
        'the addresses of channel "A.CH" have more than 264 characters together',
    ),
    "weight below 0": (
        channel(connectionManagement={"clientWeight": -1}),
        "negative-weight",
        'channel "A.CH" has the client weight -1',
    ),
    "weight": (
        channel(connectionManagement={"clientWeight": 100}),
        "out-of-range",
        "connectionManagement.clientWeight is 100, not 0 to 99",
    ),
    "no queue manager": (
        channel(clientConnection={"connection": [{"host": "h"}]}),
        "missing-queue-manager",
        'channel "A.CH" has no clientConnection.queueManager',
    ),
    "no connection": (
        channel(clientConnection={"queueManager": "Q"}),
        "missing-connection",
        'channel "A.CH" has no clientConnection.connection',
    ),
    "no host": (
        channel(clientConnection={"queueManager": "Q", "connection": [{"port": 1}]}),
        "missing-connection",
        'channel "A.CH" has no host to connect to',
    ),
}


@pytest.mark.parametrize(("entry", "kind", "text"), PROBLEMS.values(), ids=PROBLEMS)
def test_problems_of_a_channel(entry: dict[str, object], kind: str, text: str) -> None:
    assert (kind, text) in problems_of(entry)


def test_a_channel_without_faults_has_no_problem() -> None:
    assert problems_of(channel()) == []


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("with_bom", [(1, 1, "bom", {"c", "dotnet", "java"})]),
        ("trailing_comma", [(13, 26, "trailing-comma", set())]),
        ("unknown_key", [(15, 4, "unknown-key", {"java"})]),
        ("unknown_key_at_top", [(1, 2, "unknown-key", {"java"})]),
        ("port_as_text", [(10, 7, "wrong-type", {"c", "java"})]),
        ("no_type", [(3, 3, "missing-type", {"c", "dotnet", "java"})]),
        ("name_21_characters", [(4, 4, "name-too-long", {"c", "java"})]),
        ("empty_channel_list", [(1, 2, "no-channels", {"java"})]),
        ("no_match", []),
    ],
)
def test_problems_of_tables_that_clients_were_given(
    folder: str, expected: list[tuple[int, int, str, set[str]]]
) -> None:
    table = ccdt_json.load_table((SAMPLES / "ccdt-oracle-java" / folder / "ccdt.json").read_bytes())
    assert [(each.line, each.column, each.kind, each.refused_by) for each in table.problems] == expected


NOT_JSON = {
    "brace for a bracket": ((SAMPLES / "bad.json").read_text(), 1, 26, "a comma or ] is missing"),
    "no comma": ('{"channel": [\n {"name": "A"\n  "type": "x"}]}', 3, 3, "a comma or } is missing"),
    "no colon": ('{"channel" []}', 1, 12, 'a colon is missing after the key "channel"'),
    "cut": ('{"channel": [{"name": "A",\n', 2, 1, "the text ends where a } is missing"),
    "text without end": ('{"channel": [{"name": "A\n}]}', 1, 23, "a text in quotes is missing or does not end"),
    "NUL in a text": ('{"channel": "A\0"}', 1, 13, "a text in quotes is missing or does not end"),
    "bad escape": ('{"channel": "C:\\x"}', 1, 13, "a text holds an escape that JSON does not know"),
    "comment without end": ('{/* mine "channel": []}', 1, 2, "a text in quotes is missing or does not end"),
    "comment with #": ("# mine\n{}", 1, 1, 'a value is missing before "# mine\\x0a{}"'),
    "keys without quotes": ("{channel: []}", 1, 2, "a text in quotes is missing or does not end"),
    "two commas": ('{"channel": [1,,2]}', 1, 16, 'a value is missing before ",2]}"'),
    "text before the table": ("ccdt = {}", 1, 1, 'a value is missing before "ccdt = {}"'),
    "escaped single quote": (r"{'a\'b': 1}", 1, 2, "a text holds an escape that JSON does not know"),
    "nothing": ("", 1, 1, 'a value is missing before ""'),
    "word": ('{"channel": yes}', 1, 13, 'a value is missing before "yes}"'),
}


@pytest.mark.parametrize(("text", "line", "column", "reason"), NOT_JSON.values(), ids=NOT_JSON)
def test_what_is_not_json_is_told_with_its_place(text: str, line: int, column: int, reason: str) -> None:
    table = ccdt_json.load_table(text.encode())
    assert table.channels == ()
    assert table.problems[-1] == Problem(line, column, f"not valid JSON: {reason}", "not-json")
    assert table.problems[-1].refused_by == {"c", "dotnet", "java"}
    assert read(text.encode())[0] == []


def test_a_limit_of_mqtrace_is_not_called_a_mistake_of_the_table() -> None:
    (problem,) = ccdt_json.load_table(b"[" * 1000).problems
    assert problem == Problem(1, DEEPEST + 2, "more than 50 levels deep, so the table was not read", "too-large")
    assert problem.refused_by == set()


def test_a_key_given_twice_keeps_its_last_value() -> None:
    table = ccdt_json.load_table(FULL.replace('"name": "APP.SVRCONN"', '"name": "X", "name": "Y"').encode())
    assert table.channels[0].name == "Y"
    text = 'the key "name" is given twice, and the last one counts'
    assert table.problems == (Problem(2, 17, text, "duplicate-key"),)


LENIENT = {
    "line comment": ('{// mine "x\n"channel": []}', ["comment"], 2),
    "block comment": ('{"channel": /* a * b **/ []}', ["comment"], 13),
    "comment before the table": ('// mine\n{"channel": []}', ["comment"], 1),
    "single quotes": ("{'channel': []}", ["single-quotes"], 2),
    "raw line end": ('{"channel": [], "x": "a\nb"}', ["control-character"], 22),
    "capitals": ('{"x": NULL, "channel": []}', ["capital-word"], 7),
    "leading zero": ('{"x": 007, "channel": []}', ["leading-zero"], 7),
    "comma at the end": ('{"channel": [],}', ["trailing-comma"], 15),
    "text after the end": ('{"channel": []} ]', ["trailing-text"], 17),
}


@pytest.mark.parametrize(("text", "expected", "column"), LENIENT.values(), ids=LENIENT)
def test_what_the_c_client_reads_though_it_is_no_json(text: str, expected: list[str], column: int) -> None:
    told = [
        problem
        for problem in ccdt_json.load_table(text.encode()).problems
        if problem.kind not in ("no-channels", "unknown-key")
    ]
    assert [problem.kind for problem in told] == expected
    assert told[0].column == column
    assert not told[0].refused_by


@pytest.mark.parametrize(
    ("length", "expected"), [(LONGEST_TEXT - 2, ["no-channels", "unknown-key"]), (LONGEST_TEXT, ["too-large"])]
)
def test_a_text_has_a_bound(length: int, expected: list[str]) -> None:
    table = ccdt_json.load_table(json.dumps({"channel": [], "x": "a" * length}).encode())
    assert [problem.kind for problem in table.problems] == expected


def test_quotes_within_single_quotes_stay() -> None:
    table = ccdt_json.load_table(rb"""{'channel': [{'name': 'say "A" \"B\" \u0041'}]}""")
    assert table.channels[0].name == 'say "A" "B" A'


def test_text_after_the_table_is_told() -> None:
    assert [each.kind for each in ccdt_json.load_table((FULL + "}").encode()).problems] == ["trailing-text"]


def test_a_list_at_the_top_is_no_table() -> None:
    table = ccdt_json.load_table(b'[{"name": "A"}]')
    assert [(each.kind, each.text) for each in table.problems] == [
        ("not-json", 'a table is an object with a list "channel"')
    ]


def test_problems_end_at_a_bound() -> None:
    entry = channel(**{f"key{number}": 1 for number in range(MOST + 100)})
    assert len(problems_of(entry)) == MOST


def test_passwords_and_escapes_do_not_get_out() -> None:
    values, _ = read(json.dumps({"channel": [channel(name="A\x1b[1m", password="passw0rd", user="\ud800")]}).encode())
    assert [value.value for value in values if value.name in ("name", "password", "user")] == [
        "A\\x1b[1m",
        "***",
        "\\u{d800}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        "\ufeff" + FULL,
        '{"channel": []}',
        "{'channel': []}",
        '// mine\n/* too */ {"channel": []}',
        '{"channel":[{"name":"X",}',
        '{"channels": [{"name": "A", "transmissionSecurity": {',
        '[{"name": "A", "type": "clientConnection"}]',
        '{"comment": "x", "channel": [{"name": "A", "type": "clientConnection"}]}',
    ],
)
def test_tables_are_recognised_even_broken(text: str) -> None:
    assert ccdt_json.sniff(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AMQR\0\0",
        '{"name": "app", "version": "1.0.0", "dependencies": {}}',
        '{"channel": {"value": "APP.SVRCONN", "source": "application"}}',
        '{"channel": ["stable", "beta"]}',
        '{"channel": "stable", "platform": "linux"}',
        '{"apiVersion": "v1", "clientConnection": {"kubeconfig": "/etc/x"}}',
        "channels:\n  - conda-forge\n",
        '// {"channel": []}\n',
        '{"ibm_messageId":"AMQ9202E","channel":"X"}',
    ],
)
def test_other_json_is_not_taken(text: str) -> None:
    assert not ccdt_json.sniff(text.encode())


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "khongks_two_qms.json",
            [("DEV.APP.SVRCONN", "QMGRP", ("localhost(1414)",)), ("DEV.APP.SVRCONN", "QMGRP", ("localhost(1415)",))],
        ),
        ("tdolby_no_ssl.json", [("ACE.SVRCONN", "ACEv13_QM", ("localhost(23456)",))]),
        (
            "tdolby_tls13_label.json",
            [("MQ.CLIENT.SVRCONN", "cp4iqm", ("cp4iqm-ibm-mq-qm-cp4i.apps.openshift.yourcompany.com(443)",))],
        ),
    ],
)
def test_tables_of_the_corpus(name: str, expected: list[tuple[str, str, tuple[str, ...]]]) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    table = ccdt_json.load_table((CORPUS / name).read_bytes())
    assert [(each.name, each.queue_manager, each.addresses) for each in table.channels] == expected
    assert table.problems == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(JSON)
def test_everything_that_is_json_is_read_as_json(value: object) -> None:
    text = json.dumps({"channel": [value]}, allow_nan=False) if _finite(value) else "{}"
    assert all(each.kind != "not-json" for each in ccdt_json.load_table(text.encode()).problems)


def _finite(value: object) -> bool:
    return "NaN" not in json.dumps(value) and "Infinity" not in json.dumps(value)


@given(
    st.binary(max_size=500)
    | st.lists(st.sampled_from(["{", "}", "[", "]", ":", ",", '"channel"', '"name"', "1", "null", " ", "\n"]))
    .map("".join)
    .map(str.encode)
)
def test_any_bytes_give_a_table(data: bytes) -> None:
    ccdt_json.sniff(data)
    table = ccdt_json.load_table(data)
    values, tally = read(data)
    assert {value.group for value in values} <= {each.name for each in table.channels}
    assert tally.records == len(table.channels)
