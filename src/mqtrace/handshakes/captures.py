"""Handshakes, and MQ's first flows, in the TCP connections of a capture, and in TLS records alone."""

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.decode.capture import End, TcpConversation, Turn, conversations
from mqtrace.decode.certificate import decode_certificate
from mqtrace.decode.channel_protocol import first_bytes_kind, parse_segment
from mqtrace.decode.tls import CertificateMessage, Message, ServerHello, message_name, parse_records
from mqtrace.inputs import Source
from mqtrace.model import DecodeError, Location
from mqtrace.model.tls import Alert, Certificate, Chosen, ClientHello, Handshake, Origin, Segment, Sender

# Names that parse_records gives to what is no handshake message.
_NOT_HANDSHAKE = ("change_cipher_spec", "application_data", "encrypted_alert", "alert")
_MOST_SEGMENTS = 8
# A handshake has some twenty; more come from bytes made to waste time.
_MOST_MESSAGES = 64


class _Shown(Struct):
    """What the messages of both ends show, collected in their order."""

    messages: list[str] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    offered: ClientHello | None = None
    chosen: Chosen | None = None
    certificates: dict[str, tuple[bytes, ...]] = field(default_factory=dict)

    def take(self, message: Message, sender: Sender) -> None:
        name = message_name(message)
        if name not in _NOT_HANDSHAKE:
            self.messages.append(name)
        if isinstance(message, Alert):
            self.alerts.append(message)
        elif isinstance(message, ClientHello):
            self.offered = message
        elif isinstance(message, ServerHello) and not message.retry:
            self.chosen = message.chosen
        elif isinstance(message, CertificateMessage):
            self.certificates[sender] = message.certificates


def of_capture(source: Source) -> Iterator[Handshake]:
    """One handshake for each TCP connection that speaks TLS or MQ, or was refused. A damaged capture ends them."""
    found = conversations(source.stream)
    try:
        for talk in found:
            if _concerns_mq(talk):
                yield _of_conversation(talk, source.name)
    except DecodeError as error:
        source.error = source.error or str(error)


def of_records(data: bytes, name: str) -> Handshake:
    """The handshake in TLS records that one side sent. Raises DecodeError when they hold no whole message."""
    sender: Sender = "client" if data[5:6] == b"\x01" else "unknown"
    shown = _Shown()
    for message in parse_records(data, sender):
        shown.take(message, sender)
    return _handshake("records", Location(name, 0), shown)


def _concerns_mq(talk: TcpConversation) -> bool:
    kinds = {first_bytes_kind(talk.said("client")), first_bytes_kind(talk.said("server"))}
    return talk.refused or bool(kinds & {"mq", "tls-handshake", "tls-alert"})


def _of_conversation(talk: TcpConversation, name: str) -> Handshake:
    shown = _Shown()
    for message, sender in _messages(talk.turns):
        shown.take(message, sender)
    started = datetime.fromtimestamp(talk.started, UTC).isoformat().replace("+00:00", "Z") if talk.started else ""
    return replace(
        _handshake("capture", Location(name, 0), shown),
        segments=tuple(_segments(talk)),
        answer=first_bytes_kind(talk.said("server")) if talk.turns else "",
        refused=talk.refused,
        closed_by=talk.closed_by or "unknown",
        incomplete=talk.incomplete,
        client=talk.client,
        server=talk.server,
        started=started,
    )


def _messages(turns: Sequence[Turn]) -> Iterator[tuple[Message, End]]:
    """The messages of both ends in order. A message may be spread over turns, so each end's bytes are read again from
    their beginning.
    """
    said: dict[End, bytearray] = {"client": bytearray(), "server": bytearray()}
    told: dict[End, int] = {"client": 0, "server": 0}
    for turn in turns:
        said[turn.sender] += turn.data
        if said[turn.sender][1:2] != b"\x03" or told[turn.sender] >= _MOST_MESSAGES:
            continue
        with contextlib.suppress(DecodeError):
            found = parse_records(bytes(said[turn.sender]), turn.sender)
            yield from ((message, turn.sender) for message in found[told[turn.sender] : _MOST_MESSAGES])
            told[turn.sender] = len(found)


def _segments(talk: TcpConversation) -> Iterator[Segment]:
    for turn in talk.turns[:_MOST_SEGMENTS]:
        data = bytes(turn.data)
        with contextlib.suppress(DecodeError):
            for _ in range(_MOST_SEGMENTS):
                segment = parse_segment(data)
                yield replace(segment, sender=turn.sender)
                data = data[segment.length :]


def _handshake(origin: Origin, location: Location, shown: _Shown) -> Handshake:
    client = shown.certificates.get("client")
    server = shown.certificates.get("server") or shown.certificates.get("unknown") or ()
    return Handshake(
        origin=origin,
        location=location,
        messages=tuple(shown.messages),
        offered=shown.offered,
        chosen=shown.chosen,
        alerts=tuple(shown.alerts),
        certificates=tuple(map(_certificate, server)),
        client_certificates=tuple(map(_certificate, client or ())),
        client_certificate_sent=None if client is None else bool(client),
        server_name=(shown.offered.server_name if shown.offered else None) or "",
    )


def _certificate(der: bytes) -> Certificate:
    """Names and dates of a certificate; names are "" where its bytes are no certificate."""
    try:
        found = decode_certificate(der)
    except DecodeError:
        return Certificate("", "")
    dates = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else "" for moment in (found.not_before, found.not_after))
    return Certificate(found.subject, found.issuer, *dates)
