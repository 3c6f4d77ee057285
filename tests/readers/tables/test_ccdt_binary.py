"""Binary channel tables: the chain, the definition in a record, and damaged files."""

from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_ccdt import Channel, write_table

from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.tables import ccdt_binary
from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tables.ccdt_table import ChannelTable
from mqtrace.readers.tally import Tally

SAMPLES = Path(__file__).parents[2] / "data" / "readers" / "config" / "ccdt-oracle-dotnet"
GENUINE = Path(__file__).parents[3] / ".." / "shared" / "corpus" / "ccdt" / "ewiger_9x_AMQCLCHL.TAB"


def read(data: bytes) -> tuple[list[ConfigValue], Tally]:
    tally = Tally()
    source = Source("AMQCLCHL.TAB", BufferedReader(BytesIO(data)))  # type: ignore[arg-type]
    return list(ccdt_binary.read(source, tally)), tally


def connection(name: str, address: str = "h(1)", **fields: str | int) -> Channel:
    return Channel(name, {"QMgrName": "QM1", "ConnectionName": address, **fields})


def names(data: bytes) -> list[str]:
    return [channel.name for channel in ccdt_binary.load_table(data).channels]


def problems(data: bytes) -> list[tuple[str, int]]:
    return [(problem.kind, problem.column) for problem in ccdt_binary.load_table(data).problems]


def kinds(table: ChannelTable) -> list[str]:
    return [problem.kind for problem in table.problems]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        (
            "binary_v11_label_cipher",
            [("S.CH", "QM1", ("127.0.0.1(1)",), "ECDHE_RSA_AES_256_GCM_SHA384", "mylabel", "")],
        ),
        (
            "binary_v7_sslpeer",
            [("P.CH", "QM1", ("127.0.0.1(1)",), "ECDHE_RSA_AES_256_GCM_SHA384", "", "CN=QM1,O=EXAMPLE")],
        ),
        (
            "binary_v7_star",
            [("A.CH", "", ("127.0.0.1(2)",), "", "", ""), ("Z.CH", "QM1", ("127.0.0.1(1)",), "", "", "")],
        ),
        (
            "binary_v9_weights",
            [("Y.CH", "QM1", ("127.0.0.1(2)",), "", "", ""), ("W.CH", "QM1", ("127.0.0.1(1)",), "", "", "")],
        ),
    ],
)
def test_tables_that_clients_read(folder: str, expected: list[tuple[object, ...]]) -> None:
    table = ccdt_binary.load_table((SAMPLES / folder / "AMQCLCHL.TAB").read_bytes())
    found = [
        (each.name, each.queue_manager, each.addresses, each.cipher_spec, each.certificate_label, each.peer_name)
        for each in table.channels
    ]
    assert found == expected
    # Their records state the length of the MQCD, which the .NET and Java clients do not mind.
    assert (table.kind, table.byte_order, kinds(table)) == ("binary", "little", ["record-length"])
    assert all(channel.beyond_end for channel in table.channels)


def test_a_big_endian_table_is_read_and_told() -> None:
    table = ccdt_binary.load_table((SAMPLES / "binary_big_endian" / "AMQCLCHL.TAB").read_bytes())
    assert table.byte_order == "big"
    assert [(each.name, each.addresses) for each in table.channels] == [("A.CH", ("127.0.0.1(1)",))]
    assert kinds(table) == ["big-endian", "record-length"]
    assert (table.problems[0].refused_by, table.problems[0].endless_for) == ({"dotnet", "java"}, {"c"})


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("version", range(4, 14))
def test_every_version_in_both_byte_orders(version: int, order: str) -> None:
    fields: dict[str, str | int] = {
        "QMgrName": "QM1",
        "ConnectionName": "h1(1415),h2",
        "SSLCipherSpec": "ANY_TLS12",
        "ClientChannelWeight": 7,
        "ConnectionAffinity": 0,
        "CertificateLabel": "label",
    }
    data = write_table([Channel("APP.SVRCONN", fields, version, "CN=qm1" if version > 6 else "")], order=order)
    entry = ccdt_binary.load_table(data).channels[0]
    assert (entry.name, entry.type, entry.queue_manager, entry.addresses) == (
        "APP.SVRCONN",
        "clientConnection",
        "QM1",
        ("h1(1415)", "h2(1414)"),
    )
    assert (entry.cipher_spec, entry.peer_name) == (("ANY_TLS12", "CN=qm1") if version > 6 else ("", ""))
    assert (entry.weight, entry.affinity) == ((7, "none") if version > 8 else (0, "preferred"))
    assert entry.certificate_label == ("label" if version > 10 else "")


def test_channels_come_in_the_order_of_the_chain() -> None:
    assert names(write_table([connection("C"), connection("A"), connection("B")], chain=[0, 2, 1])) == ["C", "B", "A"]


def test_the_head_of_the_chain_need_not_be_first_in_the_file() -> None:
    assert names(write_table([connection("A"), connection("B")], chain=[1, 0])) == ["B", "A"]


def test_deleted_records_are_left_out_without_a_problem() -> None:
    data = write_table([connection("A"), Channel("GONE", deleted=True), connection("B")])
    assert names(data) == ["A", "B"]
    assert problems(data) == []


def test_records_outside_the_chain_are_told() -> None:
    data = write_table([connection("A"), connection("LOST"), connection("B")], chain=[0, 2])
    assert names(data) == ["A", "B"]
    assert problems(data) == [("not-in-chain", 4 + 20 + 2078)]


def test_a_chain_that_bites_its_tail_ends() -> None:
    data = write_table([connection("A"), connection("B")], loop_to=0)
    assert names(data) == ["A", "B"]
    assert problems(data) == [("chain-loops", 2102)]
    assert ccdt_binary.load_table(data).problems[0].endless_for == {"c"}


def test_a_link_to_nowhere_ends_the_chain() -> None:
    data = bytearray(write_table([connection("A"), connection("B")]))
    data[20:24] = (99).to_bytes(4, "little")
    assert names(bytes(data)) == ["A"]
    assert problems(bytes(data)) == [("damaged", 4), ("not-in-chain", 2102)]


@pytest.mark.parametrize(
    ("length", "found", "told"),
    [
        (2102, ["A"], [("damaged", 2102), ("damaged", 4)]),
        (2500, ["A", "B"], [("damaged", 2102), ("record-length", 2102), ("damaged", 2102)]),
        (100, ["A"], [("damaged", 4), ("damaged", 4), ("record-length", 4), ("damaged", 4)]),
        (4, [], [("damaged", 4), ("no-records", 0)]),
        (3, [], [("not-a-table", 0)]),
    ],
)
def test_tables_that_were_cut(length: int, found: list[str], told: list[tuple[str, int]]) -> None:
    data = write_table([connection("A"), connection("B")])[:length]
    assert names(data) == found
    assert problems(data) == told


def test_an_unknown_version_is_told() -> None:
    data = bytearray(write_table([connection("A")]))
    data[44:48] = (14).to_bytes(4, "little")
    table = ccdt_binary.load_table(bytes(data))
    assert [(each.kind, each.text) for each in table.problems] == [
        ("unknown-version", "the record at 0x4 has MQCD version 14, which is not known")
    ]
    assert table.channels[0].queue_manager == "QM1"


def test_passwords_are_never_read() -> None:
    values, _ = read(
        write_table([connection("A", UserIdentifier="me", Password="passw0rd", RemotePassword="passw0rd")])
    )
    assert all("passw0rd" not in value.value for value in values)


def test_values_have_the_names_of_a_json_table_and_offsets() -> None:
    exits = b"\x01\x01" + b"/exits/send(MAIN)" + b"\x01" + b"data" + b"\x01\x01\x01"
    values, tally = read(
        write_table([Channel("A", {"QMgrName": "QM1", "ConnectionName": "h", "DefReconnect": 2}, exits=exits)])
    )
    data_at = 24
    assert values[:4] == [
        ConfigValue("A", "name", "A", Location("AMQCLCHL.TAB", 0, data_at)),
        ConfigValue("A", "type", "clientConnection", Location("AMQCLCHL.TAB", 0, data_at + 24)),
        ConfigValue("A", "clientConnection.queueManager", "QM1", Location("AMQCLCHL.TAB", 0, data_at + 96)),
        ConfigValue("A", "clientConnection.connection", "h(1414)", Location("AMQCLCHL.TAB", 0, data_at + 1024)),
    ]
    named = {value.name: value.value for value in values}
    assert named["connectionManagement.defaultReconnect"] == "queueManager"
    assert named["exits.send[].name"] == "/exits/send(MAIN)"
    assert named["exits.send[].userData"] == "***"
    assert (tally.records, tally.lines, tally.unparsed) == (1, 0, 0)


def test_other_transports_have_no_address() -> None:
    (channel,) = ccdt_binary.load_table(write_table([connection("A", "LU.NAME", TransportType=1)])).channels
    assert (channel.transport, channel.connection, channel.addresses) == ("LU62", "LU.NAME", ())


def test_what_follows_a_record_of_another_length_is_beyond_the_end_of_the_c_client() -> None:
    data = bytearray(write_table([connection("A"), connection("B"), connection("C")]))
    data[2106:2110] = (1940).to_bytes(4, "little")
    table = ccdt_binary.load_table(bytes(data))
    assert [(channel.name, channel.beyond_end) for channel in table.channels] == [
        ("A", False),
        ("B", True),
        ("C", True),
    ]
    assert problems(bytes(data)) == [("record-length", 2102)]


@pytest.mark.parametrize(
    ("order", "told"), [("AB", []), ("BA", [("chain-not-ascending", 2102)]), ("AA", [("chain-not-ascending", 2102)])]
)
def test_a_chain_ascends_by_name(order: str, told: list[tuple[str, int]]) -> None:
    assert problems(write_table([connection(name) for name in order])) == told


def test_a_chain_that_begins_with_a_deleted_record_is_told() -> None:
    data = bytearray(write_table([connection("A"), connection("B")]))
    data[8:12] = bytes(4)
    assert names(bytes(data)) == ["B"]
    assert problems(bytes(data)) == [("first-record-deleted", 4), ("record-length", 4)]


def test_either_kind_is_loaded_by_its_first_bytes() -> None:
    assert load_table(write_table([connection("A")])).kind == "binary"
    assert load_table(b'{"channel": []}').kind == "json"


@pytest.mark.corpus
def test_a_genuine_table() -> None:
    if not GENUINE.is_file():
        pytest.skip("the shared corpus is not here")
    table = ccdt_binary.load_table(GENUINE.read_bytes())
    cipher = "TLS_RSA_WITH_AES_256_CBC_SHA256"
    assert [
        (each.name, each.queue_manager, each.addresses, each.cipher_spec, each.column) for each in table.channels
    ] == [
        ("CERT.SVRCONN", "QM1", ("ibmmq(1414)",), cipher, 0x836),
        ("CERT.SVRCONN_CLNT", "QM1", ("ibmmq(1414)",), cipher, 0x1068),
        ("SYSTEM.DEF.CLNTCONN", "", (), "", 0x4),
    ]
    assert table.problems == ()


@given(st.binary(max_size=400).map(lambda data: b"AMQR" + data), st.binary(max_size=30))
def test_any_bytes_give_a_table(data: bytes, other: bytes) -> None:
    table = ccdt_binary.load_table(data)
    values, tally = read(data)
    assert {value.group for value in values} <= {each.name for each in table.channels}
    assert tally.records == len(table.channels)
    assert ccdt_binary.sniff(other) == other.startswith(b"AMQR")


@given(st.data())
def test_a_damaged_table_still_gives_a_table(data: st.DataObject) -> None:
    written = bytearray(write_table([connection("A"), connection("B"), connection("C")], chain=[2, 1, 0]))
    for _ in range(5):
        at = data.draw(st.integers(0, len(written) - 1))
        written[at] = data.draw(st.integers(0, 255))
    table = ccdt_binary.load_table(bytes(written))
    assert len(table.channels) <= 4
