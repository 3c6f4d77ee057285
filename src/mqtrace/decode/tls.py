"""The messages of a TLS handshake in what one side sent (RFC 5246, RFC 8446)."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from mqtrace.decode.byte_reader import ByteReader
from mqtrace.decode.client_hello import ClientHello, client_hello_body, extensions_of
from mqtrace.decode.tls_names import CipherSuite, alert_name, cipher_suite, code_name, version_name
from mqtrace.decode.tls_records import ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, TlsRecord, records
from mqtrace.model.errors import DecodeError

Sender = Literal["client", "server", "unknown"]

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
_KEY_SHARE, _VERSIONS = 51, 43
# RFC 8446 section 4.1.3: a ServerHello with this random asks for another ClientHello.
_RETRY_RANDOM = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


@dataclass(frozen=True, slots=True)
class ServerHello:
    """What a server chose.

    Attributes:
        version: protocol version ("TLSv1.2").
        cipher_suite: the cipher suite.
        group: group of its key share, or the one that a retry asks for; None when it names none.
        retry: True for a hello_retry_request.
    """

    version: str
    cipher_suite: CipherSuite
    group: str | None = None
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert: level ("warning", "fatal", or its number), code, name ("handshake_failure"), and who sent it."""

    level: str
    code: int
    name: str
    from_: Sender = "unknown"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Names and validity of a certificate.

    Attributes:
        subject, issuer: distinguished names as the source writes them.
        not_before, not_after: ISO 8601 in UTC ("2025-10-02T00:00:00Z"), "" when the source is cut before it.
    """

    subject: str
    issuer: str
    not_before: str = ""
    not_after: str = ""


@dataclass(frozen=True, slots=True)
class CertificateMessage:
    """A certificate message up to TLS 1.2: the certificates in DER, the sender's own first; empty when it has none."""

    certificates: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class OtherMessage:
    """A message of which only the name is told: those of HANDSHAKE_MESSAGES, change_cipher_spec, application_data, encrypted_alert."""

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

    What follows a change_cipher_spec is encrypted: a handshake record there is called finished, an alert encrypted_alert.
    Raises DecodeError when there is not one whole message.
    """
    flight = _Flight(sender)
    try:
        for record in records(data):
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


class _Flight:
    """What one side sent: handshake messages are put together from records, of which one may hold several or a part."""

    def __init__(self, sender: Sender) -> None:
        self.messages: list[Message] = []
        self._sender = sender
        self._pending = bytearray()
        self._encrypted = False

    def add(self, record: TlsRecord) -> None:
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

    def _other(self, record: TlsRecord) -> Message:
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
        return client_hello_body(body)
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
    for number, content in extensions_of(reader):
        if number == _VERSIONS:
            version = ByteReader(content, "supported_versions extension").number(2, "version")
        elif number == _KEY_SHARE:
            group = code_name("group", ByteReader(content, "key_share extension").number(2, "group"))
    protocol = version_name(version)
    return ServerHello(protocol, cipher_suite(suite, (protocol,)), group, retry)


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
    return Alert({1: "warning", 2: "fatal"}.get(level, str(level)), code, alert_name(code), sender)
