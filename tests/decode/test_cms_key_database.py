"""The CMS key database: what its records hold, and what is refused."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqtrace.decode.cms_key_database import decode_key_database, is_key_database
from mqtrace.model.errors import DecodeError

FOLDER = Path(__file__).parents[1] / "data" / "keys" / "kdb"
SAMPLE = (FOLDER / "personal_and_two_ca.kdb").read_bytes()
HEADER, RECORD = 88, 5000


def test_labels_and_private_keys() -> None:
    database = decode_key_database(SAMPLE)
    assert (database.version, database.kind, database.passed_over) == (4, "keys", 0)
    assert [(each.label, each.private_key) for each in database.entries] == [
        ("lab ca", False),
        ("lab ec ca", False),
        ("ibmwebspheremqappuser", True),
    ]


def test_version_3_has_a_shorter_header() -> None:
    older = SAMPLE[:2] + b"\x03" + SAMPLE[3:80] + SAMPLE[HEADER:]
    assert decode_key_database(older).entries == decode_key_database(SAMPLE).entries


def test_no_private_key_leaves_the_decoder() -> None:
    entry = decode_key_database((FOLDER / "one_personal.kdb").read_bytes()).entries[0]
    assert entry.certificate.startswith(b"\x30\x82")
    # The object identifier of PBES2 stands in the encrypted key only.
    assert bytes.fromhex("06092a864886f70d01050d") not in entry.certificate


def test_record_in_another_state_is_passed_over() -> None:
    database = decode_key_database(SAMPLE[:HEADER] + b"\0\0\0\2" + SAMPLE[HEADER + 4 :])
    assert ([each.label for each in database.entries], database.passed_over) == (
        ["lab ec ca", "ibmwebspheremqappuser"],
        1,
    )


def test_requests() -> None:
    data = (FOLDER / "empty.rdb").read_bytes()
    assert is_key_database(data)
    assert decode_key_database(data).kind == "requests"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no CMS key database"),
        (SAMPLE[:40], "cut"),
        (SAMPLE[:-1], "cut"),
        (SAMPLE[:2] + b"\x05" + SAMPLE[3:], "version 5"),
        (SAMPLE[:16] + b"\0\0\0\1" + SAMPLE[20:], "records of 1 bytes"),
        (SAMPLE[:20] + b"\xff\xff\xff\xff" + SAMPLE[24:], "cut"),
    ],
)
def test_refused(data: bytes, said: str) -> None:
    with pytest.raises(DecodeError, match=said):
        decode_key_database(data)


def read_or_refused(data: bytes) -> list[str]:
    try:
        return [each.label for each in decode_key_database(data).entries]
    except DecodeError as error:
        return [str(error)]


@settings(deadline=None)
@given(st.integers(0, len(SAMPLE) - 8), st.binary(min_size=1, max_size=8))
def test_any_damage_is_read_or_refused(at: int, damage: bytes) -> None:
    data = SAMPLE[:at] + damage + SAMPLE[at + len(damage) :]
    assert all(each.isprintable() for each in read_or_refused(data))
