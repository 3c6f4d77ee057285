"""TLS in what one side sent: records, the messages of a handshake, what the hellos say (RFC 5246, 8446, 6066)."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from msgspec import Struct

from mqtrace.catalog.alerts import alert_level, alert_name
from mqtrace.catalog.tls_names import cipher_suite, code_name, is_grease, version_name
from mqtrace.decode.byte_reader import ByteReader
from mqtrace.decode.sni import channel_of
from mqtrace.masking import printable
from mqtrace.model import DecodeError
from mqtrace.model.tls import Alert, Chosen, ClientHello, Sender

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23
_RECORD_HEADER = 5
_CLIENT_HELLO = 1
# Numbers of extensions.
_SERVER_NAME, _GROUPS, _SIGNATURE_ALGORITHMS, _VERSIONS, _KEY_SHARE = 0, 10, 13, 43, 51
HANDSHAKE_MESSAGES = {
    0: "hello_request",
    1: "client_hello",
    2: "server_hello",
    4: "new_session_ticket",
    5: "end_of_early_data",
    8: "encrypted_extensions",
    11: "certificate",
    12: "server_key_exchange",
    13: "certificate_request",
    14: "server_hello_done",
    15: "certificate_verify",
    16: "client_key_exchange",
    20: "finished",
    22: "certificate_status",
    24: "key_update",
}
# RFC 8446 section 4.1.3: a ServerHello with this random asks for another ClientHello.
_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


class _Record(NamedTuple):
    """One record: its content type, its payload, and whether the bytes end before it does."""

    kind: int
    payload: bytes
    cut: bool


class ServerHello(Struct, frozen=True):
    """What a server chose; the group of its key share, None when it names none; `retry`: it asks for another
    ClientHello of that group.
    """

    chosen: Chosen
    group: str | None = None
    retry: bool = False


class CertificateMessage(Struct, frozen=True):
    """A certificate message up to TLS 1.2: the certificates in DER, the sender's own first; empty when it has none."""

    certificates: tuple[bytes, ...]


class OtherMessage(Struct, frozen=True):
    """A message of which only the name is told: those of HANDSHAKE_MESSAGES, change_cipher_spec, application_data,
    encrypted_alert.
    """

    name: str


Message = ClientHello | ServerHello | CertificateMessage | Alert | OtherMessage


def message_name(message: Message) -> str:
    """Name of a message as in TLS ("client_hello", "hello_retry_request", "certificate", "alert")."""
    if isinstance(message, OtherMessage):
        return message.name
    if isinstance(message, ServerHello):
        return "hello_retry_request" if message.retry else "server_hello"
    names = {ClientHello: "client_hello", CertificateMessage: "certificate", Alert: "alert"}
    return names[type(message)]


def parse_records(data: bytes, sender: Sender = "unknown") -> tuple[Message, ...]:
    """The messages in the TLS records that one side sent, in order, up to the first that is cut or is no record.

    What follows a change_cipher_spec is encrypted: a handshake record there is called finished, an alert
    encrypted_alert. Raises DecodeError when there is not one whole message.
    """
    flight = _Flight(sender)
    try:
        for record in _records(data):
            flight.add(record)
    except DecodeError:
        if not flight.messages:
            raise
    if not flight.messages:
        raise DecodeError(f"The bytes hold no whole TLS message: {flight.lack()}.")
    return tuple(flight.messages)


def parse_server_hello(data: bytes) -> ServerHello:
    """The ServerHello of a bare handshake message (02 ..). Raises DecodeError when it is something else, or cut."""
    message = ByteReader(data, "ServerHello")
    kind = message.number(1, "message type")
    if HANDSHAKE_MESSAGES.get(kind) != "server_hello":
        raise DecodeError(f"The bytes are no ServerHello: they begin with {kind:02x}, not with 02.")
    return _server_hello(message.vector(3, "body"))


def parse_client_hello(data: bytes) -> ClientHello:
    """The ClientHello that `data` begins with: TLS records (16 03 ..), over which it may be spread, or the bare message
    (01 ..).

    Raises DecodeError when it is something else, or cut: then with what is missing.
    """
    if data[:1] == bytes([HANDSHAKE]):
        data = _handshake_payload(data, "ClientHello")
    message = ByteReader(data, "ClientHello")
    kind = message.number(1, "message type")
    if kind != _CLIENT_HELLO:
        raise DecodeError(
            f"The bytes are no ClientHello: they begin with {kind:02x}, not with 01 or a TLS record (16 03)."
        )
    return _client_hello(message.vector(3, "body"))


def _client_hello(body: bytes) -> ClientHello:
    """The ClientHello of a message's body, which begins with the legacy version. Raises DecodeError when it is cut."""
    reader = ByteReader(body, "ClientHello")
    legacy_version = reader.number(2, "legacy version")
    reader.take(32, "random")
    reader.vector(1, "session id")
    suites = reader.codes(2, "cipher suites")
    reader.vector(1, "compression methods")
    extensions = dict(_extensions(reader))
    versions = tuple(map(version_name, _codes(extensions, _VERSIONS, 1))) or (version_name(legacy_version),)
    server_name = _server_name(extensions.get(_SERVER_NAME, b""))
    return ClientHello(
        versions=versions,
        cipher_suites=tuple(cipher_suite(code, versions) for code in _without_grease(suites)),
        groups=tuple(code_name("group", code) for code in _codes(extensions, _GROUPS, 2)),
        signature_algorithms=tuple(
            code_name("signature_algorithm", code) for code in _codes(extensions, _SIGNATURE_ALGORITHMS, 2)
        ),
        server_name=server_name,
        extensions=tuple(_without_grease(extensions)),
        channel=channel_of(server_name or ""),
    )


class _Flight:
    """What one side sent: handshake messages are put together from records, of which one may hold several or a part."""

    def __init__(self, sender: Sender) -> None:
        self.messages: list[Message] = []
        self._sender = sender
        self._pending = bytearray()
        self._encrypted = False

    def add(self, record: _Record) -> None:
        """Takes the messages of one more record; of one that is cut only its whole handshake messages."""
        if record.kind == HANDSHAKE and not (self._encrypted and not _is_hello(record.payload)):
            self._pending += record.payload
            self._take_handshake_messages()
        elif not record.cut:
            self.messages.append(self._other(record))

    def lack(self) -> str:
        """What is missing when there is no message."""
        if not self._pending:
            return "they do not begin with a TLS record (14 to 17, then 03), or it is cut"
        name = HANDSHAKE_MESSAGES.get(self._pending[0], "handshake message")
        return f"{len(self._pending)} bytes of a {name} are there, its end is not"

    def _take_handshake_messages(self) -> None:
        position = 0
        while len(self._pending) - position >= 4:
            end = position + 4 + int.from_bytes(self._pending[position + 1 : position + 4], "big")
            if end > len(self._pending):
                break
            self.messages.append(_handshake_message(self._pending[position], bytes(self._pending[position + 4 : end])))
            position = end
        del self._pending[:position]

    def _other(self, record: _Record) -> Message:
        if record.kind == CHANGE_CIPHER_SPEC:
            self._encrypted = True
            return _named("change_cipher_spec")
        if record.kind == ALERT:
            return _alert(record.payload, self._sender) if len(record.payload) == 2 else _named("encrypted_alert")
        return _named("application_data" if record.kind == APPLICATION_DATA else "finished")


def _is_hello(payload: bytes) -> bool:
    # In TLS 1.3 a client may send a change_cipher_spec, which means nothing there, before a second ClientHello.
    return payload[:1] in (b"\x01", b"\x02") and int.from_bytes(payload[1:4], "big") == len(payload) - 4


def _handshake_message(kind: int, body: bytes) -> Message:
    name = HANDSHAKE_MESSAGES.get(kind, f"handshake_{kind}")
    if name == "client_hello":
        return _client_hello(body)
    if name == "server_hello":
        return _server_hello(body)
    return CertificateMessage(_certificates(body)) if name == "certificate" else _named(name)


def _server_hello(body: bytes) -> ServerHello:
    reader = ByteReader(body, "ServerHello")
    version = reader.number(2, "legacy version")
    retry = reader.take(32, "random") == _RETRY_RANDOM
    reader.vector(1, "session id")
    suite = reader.number(2, "cipher suite")
    reader.take(1, "compression method")
    group = None
    for number, content in _extensions(reader):
        if number == _VERSIONS:
            version = ByteReader(content, "supported_versions extension").number(2, "version")
        elif number == _KEY_SHARE:
            group = code_name("group", ByteReader(content, "key_share extension").number(2, "group"))
    protocol = version_name(version)
    return ServerHello(Chosen(protocol, cipher_suite(suite, (protocol,))), group, retry)


def _certificates(body: bytes) -> tuple[bytes, ...]:
    chain = ByteReader(ByteReader(body, "certificate message").vector(3, "chain"), "certificate message")
    certificates = []
    while chain.left:
        certificates.append(chain.vector(3, "certificate"))
    return tuple(certificates)


@cache
def _named(name: str) -> OtherMessage:
    return OtherMessage(name)


@cache
def _alert(payload: bytes, sender: Sender) -> Alert:
    level, code = payload
    return Alert(alert_level(level), code, alert_name(code), sender)


def _extensions(hello: ByteReader) -> Iterator[tuple[int, bytes]]:
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


def _records(data: bytes) -> Iterator[_Record]:
    """The records that `data` begins with; ends before the first bytes that are none, and with the one that is cut."""
    position = 0
    while len(data) - position >= _RECORD_HEADER and _is_record(data, position):
        length = int.from_bytes(data[position + 3 : position + _RECORD_HEADER], "big")
        payload = data[position + _RECORD_HEADER : position + _RECORD_HEADER + length]
        yield _Record(data[position], payload, len(payload) < length)
        position += _RECORD_HEADER + length


def _handshake_payload(data: bytes, name: str) -> bytes:
    """The first handshake message, put together from the records that it is spread over.

    Raises DecodeError when the records end before it is whole; `name` is what the error calls it.
    """
    payload = bytearray()
    for record in _records(data):
        if record.kind != HANDSHAKE:
            break
        payload += record.payload
        if len(payload) >= 4 and len(payload) >= 4 + int.from_bytes(payload[1:4], "big"):
            return bytes(payload)
    if len(payload) < 4:
        raise DecodeError(f"The {name} is cut: its TLS record is not whole.")
    ByteReader(bytes(payload[1:]), name).vector(3, "body")
    return bytes(payload)


def _is_record(data: bytes, position: int) -> bool:
    return (
        CHANGE_CIPHER_SPEC <= data[position] <= APPLICATION_DATA and data[position + 1] == 3 and data[position + 2] <= 4
    )
