"""Whatever the bytes: a store with a state, soon."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .key_stores import DATA, PASSWORD, ids, read_bytes

SAMPLES = [path.read_bytes() for path in sorted((DATA / "kdb").glob("*.*")) if not path.name.endswith(".json")]
LISTINGS = [path.read_bytes() for path in sorted((DATA / "listings").iterdir())]
MEGABYTE = 1 << 20


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(st.sampled_from(SAMPLES + LISTINGS)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=3))
        data = data or bytearray(b"\0")
    return bytes(data[: draw(st.integers(0, len(data)))])


@settings(deadline=None, max_examples=400)
@given(damaged() | st.binary(max_size=300))
def test_damaged_stores_are_read_or_told(data: bytes) -> None:
    store = read_bytes(data, password=PASSWORD)
    assert store.state in ("open", "wrong-password", "locked", "unusable")
    assert [each for each in store.certificates if not (each.label + each.subject).isprintable()] == []
    assert all(each.startswith("tls.") for each in ids(store, label="x", peer="CN=x", cipher="ANY_TLS12"))


# What each kind of store begins with, and lengths that lie.
BEGINS = [
    b"\x30\xff",
    b"\x30\x82",
    b"\x30\x80\x02\x01\x03\x30",
    b"\x30\x84\xff\xff\xff\xff",
    b"\x30\x03\x02\x01\x03",
    b"\xfe\xed\xfe\xed\0\0\0\2\0\0\0\1",
    b"\xce\xce\xce\xce",
    b"7H\x03\0\0\0\0\0X509KEY\0",
    b"7H\x04\0\0\0\0\0X509KYP\0",
    b"-----BEGIN CERTIFICATE-----\n",
    b"-----BEGIN PRIVATE KEY-----\n",
    b"Alias name: a\nOwner: ",
    b"Label : a\nKey Size :",
    b"Certificate:\n    Data:\n        Version: ",
    b"Digital certificate information for user X\n Label: a\n",
    b"CERTLABL(a) EXPIRY(",
]


@settings(deadline=None, max_examples=600)
@given(st.sampled_from(BEGINS), st.binary(max_size=60))
def test_beginnings_with_any_rest_are_read_or_told(begin: bytes, rest: bytes) -> None:
    assert read_bytes(begin + rest, password=PASSWORD).state in ("open", "wrong-password", "locked", "unusable")


@pytest.mark.parametrize("length", range(256))
def test_every_first_length_is_read_or_told(length: int) -> None:
    for size in (2, 12, 16, 18, 40, 130, 300):
        store = read_bytes((bytes([0x30, length]) + bytes(size))[:size], password=PASSWORD)
        assert store.state == "unusable"


@pytest.mark.parametrize("sample", range(len(SAMPLES) + len(LISTINGS)))
def test_a_store_cut_anywhere_near_its_begin_is_read_or_told(sample: int) -> None:
    data = (SAMPLES + LISTINGS)[sample]
    states = {read_bytes(data[:size], password=PASSWORD).state for size in range(min(len(data), 200))}
    assert states <= {"open", "wrong-password", "locked", "unusable"}


def large() -> Iterator[tuple[str, bytes]]:
    for name, unit in (
        ("sequences", b"\x30\x80"),
        ("pkcs12", b"\x30\x80\x02\x01\x03\x30\x80"),
        ("legend", b"* default, - personal, ! trusted\n-  a\n"),
        ("blanks", b"Label : x\nKey Size :" + b" " * 4000),
        ("certificate", b"Certificate:\n"),
        ("alias", b"Alias name: \n"),
        ("ring", b"Digital ring information for user X\n" + b"a " * 2000),
        ("wrapped", b"Digital certificate information for X\n Label: x\n Subject's Name:\n   >a<\n"),
        ("pairs", b"CERTLABL(a) EXPIRY("),
        ("pem", b"-----BEGIN CERTIFICATE-----\n"),
        ("names", b"subject=" + b"CN=," * 1000 + b"\nnotAfter=x\n"),
        ("jks", b"\xfe\xed\xfe\xed\0\0\0\2\0\x0f\0\0" + b"\0\0\0\2\0\0" + bytes(8) + b"\0\0\0\0\0\0"),
    ):
        yield name, (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]
    yield "blanks in a block", b"-----BEGIN CERTIFICATE-----" + b"\n" * MEGABYTE


@pytest.mark.parametrize("data", [pytest.param(data, id=name) for name, data in large()])
def test_a_megabyte_takes_less_than_a_second(data: bytes) -> None:
    started = time.process_time()
    ids(read_bytes(data, password=PASSWORD), label="x")
    assert time.process_time() - started < 1


def der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return bytes([tag]) + b"\x82" + len(content).to_bytes(2, "big") + content


def test_a_store_that_asks_for_too_many_rounds_is_refused() -> None:
    data = der(0x30, bytes.fromhex("06092a864886f70d010701"), der(0xA0, der(0x04, der(0x30))))
    digest = der(0x30, der(0x30, bytes.fromhex("06052b0e03021a")), der(0x04, bytes(20)))
    mac = der(0x30, digest, der(0x04, bytes(8)), b"\x02\x04\x7f\xff\xff\xff")
    store = read_bytes(der(0x30, b"\x02\x01\x03", data, mac), password=PASSWORD)
    assert (store.kind, store.state) == ("pkcs12", "unusable")
    assert "rounds of key derivation" in store.note
