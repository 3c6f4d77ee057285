"""The ClientHello: what a client offered in a TLS handshake (RFC 5246, RFC 8446, RFC 6066)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from mqtrace.decode.byte_reader import ByteReader
from mqtrace.decode.sni import channel_of
from mqtrace.decode.tls_names import CipherSuite, cipher_suite, code_name, is_grease, version_name
from mqtrace.decode.tls_records import HANDSHAKE, handshake_payload
from mqtrace.masking import printable
from mqtrace.model.errors import DecodeError

_CLIENT_HELLO = 1
_SERVER_NAME, _GROUPS, _SIGNATURE_ALGORITHMS, _VERSIONS = 0, 10, 13, 43


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What a client offered, each list in the order sent, without the GREASE values of RFC 8701.

    Attributes:
        versions: protocol versions ("TLSv1.3"), of supported_versions, else the one legacy version.
        cipher_suites: cipher suites, signalling values among them.
        groups: names of the groups for key exchange.
        signature_algorithms: names of the signature algorithms.
        server_name: the server name (SNI); None when none was sent.
        extensions: numbers of all extensions.
    """

    versions: tuple[str, ...]
    cipher_suites: tuple[CipherSuite, ...]
    groups: tuple[str, ...] = ()
    signature_algorithms: tuple[str, ...] = ()
    server_name: str | None = None
    extensions: tuple[int, ...] = ()


def parse_client_hello(data: bytes) -> ClientHello:
    """The ClientHello that `data` begins with: TLS records (16 03 ..), over which it may be spread, or the bare message (01 ..).

    Raises DecodeError when it is something else, or cut: then with what is missing.
    """
    if data[:1] == bytes([HANDSHAKE]):
        data = handshake_payload(data, "ClientHello")
    message = ByteReader(data, "ClientHello")
    kind = message.number(1, "message type")
    if kind != _CLIENT_HELLO:
        raise DecodeError(
            f"The bytes are no ClientHello: they begin with {kind:02x}, not with 01 or a TLS record (16 03)."
        )
    return client_hello_body(message.vector(3, "body"))


def client_hello_body(body: bytes) -> ClientHello:
    """The ClientHello of a message's body, which begins with the legacy version. Raises DecodeError when it is cut."""
    reader = ByteReader(body, "ClientHello")
    legacy_version = reader.number(2, "legacy version")
    reader.take(32, "random")
    reader.vector(1, "session id")
    suites = reader.codes(2, "cipher suites")
    reader.vector(1, "compression methods")
    extensions = dict(extensions_of(reader))
    versions = tuple(map(version_name, _codes(extensions, _VERSIONS, 1))) or (version_name(legacy_version),)
    return ClientHello(
        versions=versions,
        cipher_suites=tuple(cipher_suite(code, versions) for code in _without_grease(suites)),
        groups=tuple(code_name("group", code) for code in _codes(extensions, _GROUPS, 2)),
        signature_algorithms=tuple(
            code_name("signature_algorithm", code) for code in _codes(extensions, _SIGNATURE_ALGORITHMS, 2)
        ),
        server_name=_server_name(extensions.get(_SERVER_NAME, b"")),
        extensions=tuple(_without_grease(extensions)),
    )


def hello_as_dict(hello: ClientHello) -> dict[str, Any]:
    """The hello as `decode hello --format json` prints it; "channel" is the channel that the server name stands for, or None."""
    return {
        "versions": list(hello.versions),
        "cipher_suites": [suite_as_dict(each) for each in hello.cipher_suites],
        "groups": list(hello.groups),
        "signature_algorithms": list(hello.signature_algorithms),
        "server_name": hello.server_name,
        "channel": channel_of(hello.server_name) if hello.server_name else None,
    }


def suite_as_dict(suite: CipherSuite) -> dict[str, Any]:
    """A cipher suite as the JSON reports print it."""
    return {"hex": suite.hex, "iana": suite.iana, "cipher_spec": suite.cipher_spec}


def extensions_of(hello: ByteReader) -> Iterator[tuple[int, bytes]]:
    """Number and content of each extension at the end of a hello; none when it ends before them."""
    if not hello.left:
        return
    reader = ByteReader(hello.vector(2, "extensions"), "list of extensions of the hello")
    while reader.left:
        number = reader.number(2, "extension number")
        yield number, reader.vector(2, f"extension {number}")


def _codes(extensions: dict[int, bytes], number: int, size: int) -> tuple[int, ...]:
    if number not in extensions:
        return ()
    return tuple(_without_grease(ByteReader(extensions[number], f"extension {number}").codes(size, "list")))


def _without_grease(codes: Iterable[int]) -> Iterable[int]:
    return (code for code in codes if not is_grease(code))


def _server_name(content: bytes) -> str | None:
    if not content:
        return None
    names = ByteReader(ByteReader(content, "server_name extension").vector(2, "list"), "server_name extension")
    while names.left:
        kind = names.number(1, "name type")
        name = names.vector(2, "name")
        if kind == 0:
            return printable(name.decode("utf-8", "replace"))
    return None
