"""Structures are built from the tables, not with the decoder, and must come back field by field."""

import random
from pathlib import Path

import pytest

from mqtrace.catalog.tables import table
from mqtrace.decode.hexdump import parse_hex
from mqtrace.decode.structures import decode_structure, recognise_structure
from mqtrace.model import Structure
from mqtrace.model.errors import DecodeError

ORDERS = ("little", "big")
LENGTHS = {(row["struct"], int(row["version"])): row for row in table("mq_struct_lengths")}
MQCD_VERSIONS = range(1, 14)
TEXTS = {
    "ChannelName": "APP.SVRCONN",
    "QMgrName": "QM1",
    "Desc": "made for a test",
    "ConnectionName": "mq1.example.test(1414)",
    "SSLCipherSpec": "ECDHE_RSA_AES_256_GCM_SHA384",
    "LocalAddress": "192.0.2.7(1000)",
    "CertificateLabel": "applabel",
    "KeyRepository": "/var/mqm/ssl/key",
    "ApplName": "app",
    "AuthInfoConnName": "http://ocsp.example.test",
    "OCSPResponderURL": "http://ocsp.example.test",
    "Password": "hunter2",
    "LDAPPassword": "hunter2",
}
NUMBERS = {
    "ChannelType": 6,
    "TransportType": 2,
    "MaxMsgLength": 4194304,
    "SSLPeerNameLength": 12,
    "KeepAliveInterval": -1,
}
POINTERS = {64: 0x7F12_3456_7890, 32: 0x0804_A010}


def fields_of(structure: str) -> list[dict[str, str]]:
    return [row for row in table("mq_struct_fields") if row["struct"] == structure]


def content(row: dict[str, str], structure: str, version: int, bits: int, order: str) -> bytes:
    name, length = row["field"], int(row[f"length_{bits}"])
    if name == "StrucId":
        return structure[2:].ljust(4).encode()
    if row["is_pointer"] == "True":
        return POINTERS[bits].to_bytes(length, order)
    if row["ctype"].startswith("MQCHAR"):
        return TEXTS.get(name, "").encode().ljust(length)[:length]
    if row["ctype"].startswith("MQBYTE"):
        return bytes(length)
    number = {"Version": version, "StrucLength": int(LENGTHS[structure, version][f"length_{bits}"])}.get(
        name, NUMBERS.get(name, 0)
    )
    return number.to_bytes(4, order, signed=True) * (length // 4)


def built(structure: str, version: int, bits: int, order: str) -> bytes:
    data = bytearray(int(LENGTHS[structure, version][f"length_{bits}"]))
    for row in fields_of(structure):
        if int(row["since_version"]) <= version:
            offset = int(row[f"offset_{bits}"])
            data[offset : offset + int(row[f"length_{bits}"])] = content(row, structure, version, bits, order)
    return bytes(data)


def expected(row: dict[str, str], structure: str, version: int, bits: int) -> str:
    name, length = row["field"], int(row[f"length_{bits}"])
    if name == "StrucId":
        return structure[2:]
    if row["is_pointer"] == "True":
        return "***" if structure == "MQCSP" else f"0x{POINTERS[bits]:0{2 * length}x}"
    if row["ctype"].startswith("MQCHAR"):
        return "***" if name in ("Password", "LDAPPassword") else TEXTS.get(name, "")[:length]
    if row["ctype"].startswith("MQBYTE"):
        return ""
    number = {"Version": version, "StrucLength": int(LENGTHS[structure, version][f"length_{bits}"])}.get(
        name, NUMBERS.get(name, 0)
    )
    return ", ".join([str(number)] * (length // 4))


def values(structure: Structure) -> dict[str, str]:
    return {each.name: each.value for each in structure.fields}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize(("name", "version"), sorted(LENGTHS))
def test_every_version_size_and_byte_order_comes_back_whole(name: str, version: int, bits: int, order: str) -> None:
    data = built(name, version, bits, order)
    rows = [row for row in fields_of(name) if int(row["since_version"]) <= version]
    # Where no field differs between the sizes, the size cannot be told and is given as 64.
    differs = any(row["offset_64"] != row["offset_32"] or row["length_64"] != row["length_32"] for row in rows)

    decoded = decode_structure(data)

    assert recognise_structure(data) == name
    assert (decoded.name, decoded.version, decoded.byte_order) == (name, version, order)
    assert decoded.bits == (bits if differs else 64)
    assert [(each.name, each.offset, each.value) for each in decoded.fields] == [
        (row["field"], int(row[f"offset_{bits}"]), expected(row, name, version, bits)) for row in rows
    ]
    assert decoded.not_in_force == ()
    assert decoded.cut_at is None


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("version", MQCD_VERSIONS)
def test_a_channel_definition_may_be_cut_after_any_row(version: int, bits: int, order: str) -> None:
    data = built("MQCD", version, bits, order)
    whole = decode_structure(data)
    for end in range(32, len(data), 16):
        decoded = decode_structure(data[:end])
        lengths = {row["field"]: int(row[f"length_{bits}"]) for row in fields_of("MQCD")}
        last_end = whole.fields[-1].offset + lengths[whole.fields[-1].name]
        assert decoded.fields == tuple(each for each in whole.fields if each.offset + lengths[each.name] <= end), end
        assert decoded.cut_at == (end if end < last_end else None), end


def test_what_lies_beyond_the_stated_version_is_not_in_force() -> None:
    data = bytearray(built("MQCD", 11, 64, "little"))
    data[0x14:0x18] = (6).to_bytes(4, "little")

    decoded = decode_structure(bytes(data))

    assert decoded.version == 6
    assert "SSLCipherSpec" not in values(decoded)
    beyond = {each.name: each.value for each in decoded.not_in_force}
    assert beyond["SSLCipherSpec"] == "ECDHE_RSA_AES_256_GCM_SHA384"
    assert beyond["CertificateLabel"] == "applabel"
    assert "SharingConversations" not in beyond


def test_what_lies_behind_struc_length_is_no_field() -> None:
    data = built("MQCD", 6, 64, "little") + b"SOMETHING ELSE THAT STANDS BEHIND IT IN MEMORY"

    assert decode_structure(data).not_in_force == ()


def test_a_label_in_an_old_mqsco_is_not_in_force() -> None:
    data = bytearray(built("MQSCO", 5, 64, "big"))
    data[4:8] = (4).to_bytes(4, "big")

    decoded = decode_structure(bytes(data))

    assert decoded.value("CertificateLabel") == ""
    assert [(each.name, each.offset, each.value) for each in decoded.not_in_force] == [
        ("CertificateLabel", 564, "applabel")
    ]


@pytest.mark.parametrize("name", ["MQCD", "MQAIR"])
def test_passwords_are_masked_in_and_out_of_force(name: str) -> None:
    for version in (version for structure, version in LENGTHS if structure == name):
        for bits in (64, 32):
            decoded = decode_structure(built(name, version, bits, "little"))
            assert "hunter2" not in repr(decoded)
    old = bytearray(built("MQCD", 11, 64, "little"))
    old[0x14] = 1
    assert {each.name: each.value for each in decode_structure(bytes(old)).not_in_force}["Password"] == "***"


@pytest.mark.parametrize("password", ["a", "abc", "secret", "hunter2", "correct horse battery"])
@pytest.mark.parametrize("pointed_at_by", ["offset", "pointer"])
@pytest.mark.parametrize("bits", [64, 32])
@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_piece_of_the_password_behind_an_mqcsp_is_taken_for_a_field(
    version: int, bits: int, pointed_at_by: str, password: str
) -> None:
    data = bytearray(built("MQCSP", version, bits, "little"))
    for row in fields_of("MQCSP"):
        if pointed_at_by == "offset" and row["field"] in ("CSPPasswordOffset", "CSPPasswordPtr"):
            offset, length = int(row[f"offset_{bits}"]), int(row[f"length_{bits}"])
            data[offset : offset + length] = (len(data) if row["field"].endswith("Offset") else 0).to_bytes(
                length, "little"
            )
    dumped = bytes(data) + password.encode() + bytes(40)

    decoded = decode_structure(dumped, "MQCSP")

    shown = {each.value for each in (*decoded.fields, *decoded.not_in_force)} - {"***", "CSP", ""}
    assert {each for each in shown if int(each, 0) not in (0, version, len(data))} == set()


def test_what_an_option_structure_has_at_an_offset_behind_itself_is_no_later_field() -> None:
    data = bytearray(built("MQCNO", 5, 64, "little"))
    (offset,) = (int(row["offset_64"]) for row in fields_of("MQCNO") if row["field"] == "SecurityParmsOffset")
    data[offset : offset + 4] = len(data).to_bytes(4, "little")

    assert decode_structure(bytes(data) + b"CSP \1\0\0\0" + bytes(48)).not_in_force == ()


def test_memory_behind_an_option_structure_is_no_later_field() -> None:
    later = {
        each.name
        for each in decode_structure(built("MQSCO", 5, 64, "little") + b"text of another structure").not_in_force
    }

    assert later == set()


def test_a_blank_password_is_shown_as_blank() -> None:
    data = bytearray(built("MQCD", 11, 64, "little"))
    data[0x3E4:0x3F0] = b" " * 12

    assert decode_structure(bytes(data)).value("Password") == ""


def test_text_ends_at_nul_or_blanks_and_holds_no_control_characters() -> None:
    data = bytearray(built("MQCD", 11, 64, "little"))
    data[0x20:0x60] = b"\x1b[31mred\x00left over".ljust(64)
    data[0x60:0x90] = "QM\u202e1".encode().ljust(48)

    decoded = decode_structure(bytes(data), "MQCD")

    assert decoded.value("Desc") == "\\x1b[31mred"
    assert decoded.value("QMgrName") == "QM\\u{202e}1"


def test_a_dump_that_begins_later_gives_the_fields_that_are_there() -> None:
    data = built("MQCD", 11, 64, "little")

    decoded = decode_structure(data[0x10:], "MQCD", base=0x10)

    assert decoded.value("ChannelName") == ""
    assert decoded.value("ConnectionName") == "mq1.example.test(1414)"
    assert recognise_structure(data[0x10:], base=0x10) is None


def test_dumps_of_a_c_trace(samples: Path) -> None:
    def decoded(name: str) -> Structure:
        return decode_structure(parse_hex((samples / "dumps" / name).read_text()))

    channel = decoded("mqcd_v11.txt")
    assert (channel.name, channel.version, channel.bits, channel.byte_order, channel.cut_at) == (
        "MQCD",
        11,
        64,
        "little",
        None,
    )
    assert channel.value("ChannelName") == "APP.TLS"
    assert channel.value("ConnectionName") == "mq1.example.com(1414)"
    assert channel.value("ShortConnectionName") == "mq1.example.com(1414"
    assert channel.value("SSLCipherSpec") == "ANY_TLS12_OR_HIGHER"
    assert channel.value("CertificateLabel") == "rsaca256_clientx"

    stores = decoded("mqsco_v5.txt")
    assert (stores.name, stores.version, stores.value("KeyRepository")) == ("MQSCO", 5, "/home/app/ssl/key")

    aix = decoded("mqcd_v10_big_endian.txt")
    assert (aix.version, aix.bits, aix.byte_order, aix.value("ChannelName")) == (10, 64, "big", "APP.SVRCONN")

    cut = decoded("mqcd_cut.txt")
    assert (cut.version, cut.cut_at, cut.value("QMgrName"), cut.value("ConnectionName")) == (11, 256, "QM1", "")


@pytest.mark.parametrize(
    ("offset", "replacement"),
    [
        pytest.param(0x14, b"\x0e\0\0\0", id="version 14"),
        pytest.param(0x18, b"\x0c\0\0\0", id="channel type 12"),
        pytest.param(0x1C, b"\x07\0\0\0", id="transport type 7"),
        pytest.param(0x18, b"\0\0\0\x06", id="type in the other byte order"),
        pytest.param(0x00, b"NAME WITH BLANKS", id="name with blanks inside"),
        pytest.param(0x00, b"\x01\x02", id="name with control characters"),
        pytest.param(0x5D4, b"\x01\x02\x03\0", id="no length"),
        pytest.param(0x60, b"\x01\x02", id="queue manager name that is no text"),
    ],
)
def test_what_only_resembles_a_channel_definition_is_not_recognised(offset: int, replacement: bytes) -> None:
    data = bytearray(built("MQCD", 11, 64, "little"))
    data[offset : offset + len(replacement)] = replacement

    assert recognise_structure(bytes(data)) is None


def test_random_bytes_are_not_recognised() -> None:
    randomly = random.Random(20261124)
    assert [recognise_structure(randomly.randbytes(2000)) for _ in range(2000)] == [None] * 2000


def test_zeros_blanks_and_text_are_not_recognised() -> None:
    for data in (
        b"",
        bytes(2000),
        b" " * 2000,
        b"SCO ",
        b"SCO \0\0\0\0",
        b"SCO is no structure here",
        b"the quick brown fox " * 100,
    ):
        assert recognise_structure(data) is None


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", None),
        (bytes(100), None),
        (b"SCO \x05\0\0\0", "MQCNO"),
        (b"CNO \x63\0\0\0", "MQCNO"),
        (b"SCO ", "MQSCO"),
        (b"MD  \x01\0\0\0", "MQMD"),
    ],
)
def test_other_bytes_are_refused(data: bytes, name: str | None) -> None:
    with pytest.raises(DecodeError):
        decode_structure(data, name)


@pytest.mark.corpus
def test_every_dump_of_the_c_traces(shared_corpus: Path) -> None:
    found = []
    for trace in sorted(shared_corpus.glob("trace-c-synthetic/*/*.FMT")):
        dump: list[str] = []
        for line in [*trace.read_text("latin-1").splitlines(), " 0x0000:  00"]:
            if " 0x0000:  " in line and dump:
                name = recognise_structure(parse_hex("\n".join(dump)))
                if name:
                    found.append((trace.parent.name, name, decode_structure(parse_hex("\n".join(dump))).cut_at))
                dump = []
            if " 0x0" in line and ":  " in line:
                dump.append(line)
    assert len(found) == 12
    assert [each for each in found if each[2] is not None] == [("windows_with_counter_cut_dump", "MQCD", 256)]
