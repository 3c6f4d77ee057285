"""The messages in which a server shows certificates and asks for one, made here by hand."""

from collections.abc import Callable

import pytest

from mqtrace.decode.certificate_request import authorities_of, certificates_of
from mqtrace.model import DecodeError

# CN=Lab CA, below O=Lab.
NAME = bytes.fromhex("301f310c300a060355040a0c034c6162310f300d06035504030c064c6162204341")


def vector(size: int, content: bytes) -> bytes:
    return len(content).to_bytes(size, "big") + content


def message(kind: int, *parts: bytes) -> bytes:
    return bytes([kind]) + vector(3, b"".join(parts))


AUTHORITIES = vector(2, vector(2, NAME) * 2)
EXTENSIONS = b"\0\x0d" + vector(2, b"\0\0") + b"\0\x2f" + vector(2, AUTHORITIES)
WANTED = {
    False: message(13, vector(1, b"\x01\x40"), vector(2, b"\x04\x03"), AUTHORITIES),
    True: message(13, vector(1, b""), vector(2, EXTENSIONS)),
}
OWN, SIGNER = vector(3, b"own"), vector(3, b"signer")
CHAIN = {
    False: message(11, vector(3, OWN + SIGNER)),
    True: message(11, vector(1, b""), vector(3, OWN + vector(2, b"") + SIGNER + vector(2, b"x"))),
}


@pytest.mark.parametrize("tls13", [False, True])
def test_what_a_server_shows_and_wants(tls13: bool) -> None:
    assert certificates_of(CHAIN[tls13], tls13) == (b"own", b"signer")
    assert authorities_of(WANTED[tls13], tls13) == ("CN=Lab CA,O=Lab", "CN=Lab CA,O=Lab")


def test_a_server_that_takes_any() -> None:
    assert authorities_of(message(13, vector(1, b""), vector(2, b"")), tls13=True) == ()


@pytest.mark.parametrize("tls13", [False, True])
@pytest.mark.parametrize(("read", "messages"), [(certificates_of, CHAIN), (authorities_of, WANTED)])
def test_what_is_cut_is_an_error_and_no_other(
    read: Callable[[bytes, bool], tuple[object, ...]], messages: dict[bool, bytes], tls13: bool
) -> None:
    whole = messages[tls13]
    for length in range(len(whole)):
        with pytest.raises(DecodeError):
            read(whole[:length], tls13)


@pytest.mark.parametrize("tls13", [False, True])
def test_a_name_that_is_none(tls13: bool) -> None:
    with pytest.raises(DecodeError):
        authorities_of(WANTED[tls13].replace(NAME, bytes(len(NAME))), tls13)
