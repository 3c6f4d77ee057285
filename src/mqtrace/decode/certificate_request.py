"""What a server shows and asks for in a handshake: its certificates, and the authorities whose certificates it takes.

The messages as a TLS library hands them over, with their header of four bytes: RFC 5246 (7.4.2, 7.4.4) and RFC 8446
(4.3.2, 4.4.2).
"""

from collections.abc import Iterator

from mqtrace.decode.byte_reader import ByteReader
from mqtrace.decode.certificate_der import SEQUENCE, element, object_identifier
from mqtrace.decode.distinguished_name import NameAttribute, format_distinguished_name, type_name
from mqtrace.masking import printable

_HEADER = 4
_AUTHORITIES = 47
# A server that names more authorities is not asked for all of them.
_MOST = 200


def certificates_of(message: bytes, tls13: bool) -> tuple[bytes, ...]:
    """The certificates in DER, the server's own first. Raises DecodeError where the message is cut."""
    reader = ByteReader(message[_HEADER:], "certificate message")
    if tls13:
        reader.vector(1, "context")
    chain = ByteReader(reader.vector(3, "chain"), "certificate message")
    found = []
    while chain.left:
        found.append(chain.vector(3, "certificate"))
        if tls13:
            chain.vector(2, "extensions")
    return tuple(found)


def authorities_of(message: bytes, tls13: bool) -> tuple[str, ...]:
    """The names of the authorities that a request for a certificate lists, in the one form; none where it takes any.

    Raises DecodeError where the message is cut.
    """
    reader = ByteReader(message[_HEADER:], "certificate request")
    if not tls13:
        reader.vector(1, "types")
        reader.vector(2, "signature algorithms")
        return _names(reader.vector(2, "authorities"))
    reader.vector(1, "context")
    extensions = ByteReader(reader.vector(2, "extensions"), "certificate request")
    while extensions.left:
        kind, content = extensions.number(2, "extension"), extensions.vector(2, "extension")
        if kind == _AUTHORITIES:
            return _names(ByteReader(content, "certificate request").vector(2, "authorities"))
    return ()


def _names(data: bytes) -> tuple[str, ...]:
    reader = ByteReader(data, "list of authorities")
    found: list[str] = []
    while reader.left and len(found) < _MOST:
        found.append(format_distinguished_name(_attributes(reader.vector(2, "authority"))))
    return tuple(found)


def _attributes(der: bytes) -> Iterator[NameAttribute]:
    """A name in DER: a sequence of sets of (type, value), the most general part first."""
    for part in reversed(element(der, "name of an authority", SEQUENCE).parts):
        for at, pair in enumerate(part.parts):
            kind, value = pair.at_least(2)[:2]
            text = printable(value.content.decode("utf-8", "replace"))
            yield NameAttribute(type_name(object_identifier(kind)), text, bool(at))
