"""Java key stores, put together by hand: JKS is Java's DataOutputStream."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.decode.jks import decode_java_key_store, is_java_key_store, password_fits
from mqtrace.model.errors import DecodeError


def text(value: str) -> bytes:
    return len(value).to_bytes(2, "big") + value.encode()


def block(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def entry(tag: int, alias: str, rest: bytes) -> bytes:
    return number(tag) + text(alias) + bytes(8) + rest


CERTIFICATE = text("X.509") + block(b"certificate")
PERSONAL = entry(1, "own", block(b"secret key") + number(2) + CERTIFICATE + text("X.509") + block(b"signer"))
TRUSTED = entry(2, "signer", CERTIFICATE)


def store(*entries: bytes, magic: bytes = b"\xfe\xed\xfe\xed", version: int = 2, password: str = "pw") -> bytes:
    data = magic + number(version) + number(len(entries)) + b"".join(entries)
    return data + hashlib.sha1(password.encode("utf-16-be") + b"Mighty Aphrodite" + data).digest()


def test_aliases_keys_and_certificates() -> None:
    found = decode_java_key_store(store(PERSONAL, TRUSTED))
    assert [(each.label, each.private_key, each.certificates) for each in found.entries] == [
        ("own", True, (b"certificate", b"signer")),
        ("signer", False, (b"certificate",)),
    ]
    assert "secret key" not in repr(found)


def test_version_1_has_no_kind_of_certificate() -> None:
    assert decode_java_key_store(store(entry(2, "a", block(b"c")), version=1)).entries[0].certificates == (b"c",)


def test_reading_ends_at_a_secret_key() -> None:
    found = decode_java_key_store(store(TRUSTED, entry(3, "sealed", b"\xac\xed"), TRUSTED, magic=b"\xce\xce\xce\xce"))
    assert (found.kind, len(found.entries), found.is_whole) == ("jceks", 1, False)


def test_password() -> None:
    assert password_fits(store(TRUSTED), "pw")
    assert not password_fits(store(TRUSTED), "other")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no Java key store"),
        (store(TRUSTED)[:40], "cut"),
        (store(TRUSTED, version=3), "version 3"),
        (store(entry(9, "a", b"")), "kind 9"),
        (store(entry(1, "a", block(b"k") + number(0xFFFFFFFF))), "cut"),
    ],
)
def test_refused(data: bytes, said: str) -> None:
    with pytest.raises(DecodeError, match=said):
        decode_java_key_store(data)


def read_or_refused(data: bytes) -> list[str]:
    try:
        return [each.label for each in decode_java_key_store(data).entries]
    except DecodeError as error:
        return [str(error)]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(rest: bytes) -> None:
    data = b"\xfe\xed\xfe\xed\0\0\0\2" + rest
    assert is_java_key_store(data)
    assert all(each.isprintable() for each in read_or_refused(data))
