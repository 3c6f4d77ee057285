"""What a certificate says of itself; the samples come from key databases made for this project."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqtrace.decode.certificate import decode_certificate, is_signed_by
from mqtrace.decode.cms_key_database import decode_key_database
from mqtrace.model.errors import DecodeError

FOLDER = Path(__file__).parents[1] / "data" / "keys" / "kdb"
ROOT, CURVE, OWN = (
    each.certificate for each in decode_key_database((FOLDER / "personal_and_two_ca.kdb").read_bytes()).entries
)


def test_names_dates_and_key() -> None:
    found = decode_certificate(OWN)
    assert (found.subject, found.issuer) == ("CN=Lab client,O=mqtrace lab,C=GB", "CN=Lab CA,O=mqtrace lab,C=GB")
    assert (found.serial, found.key) == ("6562556318d37aa872fb5f4c4405527b630e8881", "rsa2048")
    assert (found.not_before, found.not_after) == (datetime(2025, 10, 2, tzinfo=UTC), datetime(2045, 9, 27, tzinfo=UTC))
    assert found.signature_algorithm == "sha256-rsa"
    assert found.data == OWN


def test_kinds_of_keys_and_authorities() -> None:
    curve = decode_certificate(CURVE)
    assert (curve.key, curve.signature_algorithm, curve.is_ca) == ("ec256", "sha256-ecdsa", True)


def test_signatures() -> None:
    assert is_signed_by(OWN, ROOT) is True
    assert is_signed_by(ROOT, ROOT) is True
    damaged = OWN[:-1] + bytes([OWN[-1] ^ 1])
    assert is_signed_by(damaged, ROOT) is False
    assert is_signed_by(OWN, CURVE) is None


def test_oddities_of_old_tools_print_nothing(recwarn: pytest.WarningsRecorder) -> None:
    number = bytes.fromhex("02146562556318d37aa872fb5f4c4405527b630e8881")
    assert decode_certificate(OWN.replace(number, number[:2] + b"\xff" + number[3:])).serial.startswith("-")
    assert [str(each.message) for each in recwarn] == []


@pytest.mark.parametrize("data", [b"", b"\x30", OWN[:-1], OWN + b"\0", bytes(1 << 19)], ids=len)
def test_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_certificate(data)


def read_or_refused(data: bytes) -> tuple[str, ...]:
    try:
        found = decode_certificate(data)
    except DecodeError as error:
        return (str(error),)
    return (found.subject, found.issuer, found.key, *found.usages)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(OWN) - 4), st.binary(min_size=1, max_size=4))
def test_any_damage_is_read_or_refused(at: int, damage: bytes) -> None:
    text = "".join(read_or_refused(OWN[:at] + damage + OWN[at + len(damage) :]))
    assert text.isprintable()
