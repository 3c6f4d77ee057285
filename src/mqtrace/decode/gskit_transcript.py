"""GSKit's handshake transcript, as MQ and GSKit write it into traces.

Two engines write two dialects, and one text may hold both (observed in GSKit 8.0.60.5, FORMAT-GSKIT). MQ indents the
lines differently from level to level, so lines are matched without the blanks around them.
"""

import contextlib
from collections.abc import Iterator

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.alerts import alert_level, alert_name
from mqtrace.catalog.tls_names import cipher_suite, cipher_suite_named
from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.decode.hexdump import hex_row
from mqtrace.decode.sni import channel_of
from mqtrace.decode.tls import HANDSHAKE_MESSAGES, parse_client_hello, parse_server_hello
from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model import DecodeError
from mqtrace.model.tls import Alert, Certificate, Chosen, CipherSuite, ClientHello, Handshake, Sender

_OLDER_HEADINGS = {
    "V3 Client Hello Sent": "client_hello",
    "V3 Server Hello": "server_hello",
    "SSLV3ASN1Cert": "certificate",
    "RcvServerKeyExchange": "server_key_exchange",
    "SendClientKeyExchange": "client_key_exchange",
}
_NEWER_HEADING = compiled(r"<([a-z_]+)>(?:\s*\[\w+\])?")
_NEWER_NAMES = frozenset(HANDSHAKE_MESSAGES.values()) | {"hello_retry_request"}
_VERSIONS = {
    "TLSV13": "TLSv1.3",
    "TLSV12": "TLSv1.2",
    "TLSV11": "TLSv1.1",
    "TLSV10": "TLSv1",
    "TLSV1": "TLSv1",
    "SSLV3": "SSLv3",
}
_SUITE_NAMES = {"tls_ri_scsv": "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"}
_LENGTH = compiled(r"Length: ([0-9]{1,7})")
_NAME = compiled(r"(Subject|Issuer)\[(.*)\]")
_DATE = compiled(r"(NotBefore|NotAfter) [0-9]+ ([0-9]{2}:[0-9]{2}:[0-9]{2}) ([0-9]{2})-([0-9]{2})-([0-9]{4})")
_ALERT = compiled(r"Alert Level:Description \(hex\)\s+([0-9A-Fa-f]{1,2}):([0-9A-Fa-f]{1,2})\b")
# Alerts with which either end refuses the other's certificate.
CERTIFICATE_ALERTS = (42, 43, 44, 45, 46, 48)
_FOUR_DIGITS = compiled(r"[0-9A-Fa-f]{4}")


class _Piece(Struct):
    """The lines of one message, without the blanks around them; empty ones are left out."""

    name: str
    lines: list[str] = field(default_factory=list)

    def after(self, heading: str) -> Iterator[str]:
        """The lines after the first one that is the heading, with or without a number; nothing when there is none."""
        found = False
        for line in self.lines:
            if found:
                yield line
            else:
                found = line == heading or line.rstrip("0123456789") == f"{heading} "

    def value(self, heading: str) -> str:
        """The line after the heading, "" when there is none."""
        return next(self.after(heading), "")

    def sized_hex(self, heading: str) -> bytes | None:
        """The bytes after the heading and its length; None when they are not all there."""
        lines = self.after(heading)
        length = _LENGTH.fullmatch(next(lines, ""))
        if length is None:
            return None
        return _collect(lines, int(length[1]))

    def message(self) -> bytes:
        """The whole message, which the older engine writes in a block of its own; b"" when it is not there."""
        begin = next((at for at, line in enumerate(self.lines[:2]) if line == "-----BEGIN HEX-----"), None)
        return b"" if begin is None else b"".join(_rows(iter(self.lines[begin + 1 :])))


def parse_transcript(text: str) -> Handshake:
    """The first handshake in the text. Raises DecodeError when it holds none."""
    return parse_transcripts(text)[0]


def parse_transcripts(text: str) -> tuple[Handshake, ...]:
    """Every handshake in the text: each begins with a ClientHello that does not answer a hello_retry_request.

    A server_hello that both engines show is among the messages twice. The text does not say who sent an alert;
    where only one end can have, that one is told. The older engine does not
    show the client's certificates.

    Raises DecodeError when the text holds no message of either dialect.
    """
    handshakes: list[tuple[list[_Piece], list[Alert]]] = []
    previous = ""
    for part in _parts(text):
        if isinstance(part, Alert):
            if handshakes:
                handshakes[-1][1].append(part)
            continue
        if not handshakes or (part.name == "client_hello" and previous != "hello_retry_request"):
            handshakes.append(([], []))
        handshakes[-1][0].append(part)
        previous = part.name
    if not handshakes:
        raise DecodeError(
            "The text holds no message of a GSKit handshake transcript (<client_hello>, V3 Client Hello Sent)."
        )
    return tuple(_handshake(pieces, tuple(alerts)) for pieces, alerts in handshakes)


def _parts(text: str) -> Iterator[_Piece | Alert]:
    piece: _Piece | None = None
    for each in text.split("\n"):
        line = each.strip()
        alert = _ALERT.search(line) if "Alert Level" in line else None
        name = _heading(line)
        # Each certificate of a chain has the heading again; in TLS they are one message.
        if name and not (line.startswith("SSLV3ASN1Cert") and piece and piece.name == name):
            if piece:
                yield piece
            piece = _Piece(name)
        elif piece and line:
            piece.lines.append(line)
        if alert:
            code = int(alert[2], 16)
            if piece:
                yield piece
            yield Alert(alert_level(int(alert[1], 16)), code, alert_name(code))
            piece = None
    if piece:
        yield piece


def _heading(line: str) -> str:
    if line.startswith("<"):
        newer = _NEWER_HEADING.fullmatch(line)
        return newer[1] if newer and newer[1] in _NEWER_NAMES else ""
    return _OLDER_HEADINGS.get(line.rstrip(": "), "")


def _handshake(pieces: list[_Piece], alerts: tuple[Alert, ...]) -> Handshake:
    messages = tuple(each.name for each in pieces)
    hellos = [hello for each in pieces if each.lines and each.name == "client_hello" and (hello := _client_hello(each))]
    choices = [choice for each in pieces if each.lines and each.name == "server_hello" and (choice := _choice(each))]
    server, client = _certificate_pieces(pieces)
    return Handshake(
        origin="transcript",
        messages=messages,
        offered=hellos[-1] if hellos else None,
        chosen=choices[-1] if choices else None,
        alerts=tuple(replace(alert, sender=_probable_sender(alert.code, messages)) for alert in alerts),
        certificates=tuple(_certificates(server)),
        client_certificates=tuple(_certificates(client)),
        client_certificate_sent=_has_certificate(client),
        server_name=(hellos[-1].server_name or "") if hellos else "",
    )


def _probable_sender(code: int, messages: tuple[str, ...]) -> Sender:
    """Who must have sent an alert by what went before: the client has nothing to refuse before the ServerHello, the
    server nothing after it before the client answers. An alert that says the bytes are no TLS may be either's.
    """
    by_certificate = code in CERTIFICATE_ALERTS
    if messages[-1:] == ("client_hello",) and (by_certificate or code in (40, 70, 71, 80, 86, 112, 116)):
        return "server"
    if messages[-1:] == ("certificate",) and messages.count("certificate") == 1 and by_certificate:
        return "client"
    return "unknown"


def _certificate_pieces(pieces: list[_Piece]) -> tuple[_Piece | None, _Piece | None]:
    """The server's and the client's certificate message: no direction is printed, but the client's follows the server's
    last word.
    """
    server = client = None
    server_is_done = False
    for each in pieces:
        server_is_done = server_is_done or each.name in ("finished", "server_hello_done")
        if each.name == "certificate" and server_is_done:
            client = each
        elif each.name == "certificate":
            server = each
    return server, client


def _has_certificate(piece: _Piece | None) -> bool | None:
    if piece is None:
        return None
    if any(line.startswith("Subject[") for line in piece.lines):
        return True
    return False if piece.sized_hex("certificate_entries") == b"" else None


def _certificates(piece: _Piece | None) -> Iterator[Certificate]:
    found: dict[str, str] = {}
    for line in piece.lines if piece else ():
        name, date = _NAME.fullmatch(line), _DATE.fullmatch(line)
        if name and name[1] == "Subject" and found:
            yield _certificate(found)
            found = {}
        if name:
            found[name[1]] = distinguished_name(printable(name[2]))
        elif date:
            found[date[1]] = f"{date[5]}-{date[4]}-{date[3]}T{date[2]}Z"
    if found:
        yield _certificate(found)


def _certificate(found: dict[str, str]) -> Certificate:
    return Certificate(
        found.get("Subject", ""), found.get("Issuer", ""), found.get("NotBefore", ""), found.get("NotAfter", "")
    )


def _client_hello(piece: _Piece) -> ClientHello | None:
    for data in (piece.message(), _rebuilt(piece)):
        with contextlib.suppress(DecodeError):
            return parse_client_hello(data)
    return _hello_of_names(piece)


def _rebuilt(piece: _Piece) -> bytes:
    """The ClientHello put together again from the parts that follow it; what mqtrace does not read is left empty."""
    newer = piece.value("legacy_version") != ""
    lines = piece.after("legacy_version" if newer else "client_version")
    version = next(lines, "") + next(lines, "")
    suites, extensions = piece.sized_hex("cipher_suites"), piece.sized_hex("Extensions" if newer else "extensions")
    if not _FOUR_DIGITS.fullmatch(version) or suites is None or extensions is None:
        return b""
    parts = (
        bytes.fromhex(version),
        bytes(33),
        len(suites).to_bytes(2, "big"),
        suites,
        b"\x01\x00",
        len(extensions).to_bytes(2, "big"),
    )
    body = b"".join(parts) + extensions
    return b"\x01" + len(body).to_bytes(3, "big") + body


def _hello_of_names(piece: _Piece) -> ClientHello | None:
    versions = _versions(piece.value("supported_versions")) or _legacy_version(piece, "legacy_version")
    suites = next((line for line in piece.after("cipher_suites") if line.startswith("tls_")), "")
    if not suites:
        return None
    server_name = printable(piece.value("server_name"))
    return ClientHello(
        versions=versions,
        cipher_suites=tuple(_suite_named(name, versions) for name in _listed(suites)),
        groups=_listed(piece.value("supported_groups")),
        signature_algorithms=_listed(piece.value("signature_algorithms")),
        server_name=server_name or None,
        channel=channel_of(server_name),
    )


def _choice(piece: _Piece) -> Chosen | None:
    try:
        hello = parse_server_hello(piece.message())
    except DecodeError:
        return _choice_of_parts(piece)
    return hello.chosen


def _choice_of_parts(piece: _Piece) -> Chosen | None:
    legacy = _legacy_version(piece, "legacy_version") or _legacy_version(piece, "server_version")
    versions = _versions(piece.value("supported_versions")) or legacy
    name = piece.value("cipher_suite")
    if not versions or not name:
        return None
    suite = cipher_suite(int(name, 16), versions) if _FOUR_DIGITS.fullmatch(name) else _suite_named(name, versions)
    # A text that is cut before supported_versions shows the legacy version, which is 1.2 in TLS 1.3 too; the suites
    # tell them apart.
    return Chosen("TLSv1.3" if suite.hex.startswith("13") else versions[0], suite)


def _legacy_version(piece: _Piece, heading: str) -> tuple[str, ...]:
    return next(
        (found for line, _ in zip(piece.after(heading), range(4), strict=False) if (found := _versions(line))), ()
    )


def _versions(line: str) -> tuple[str, ...]:
    return tuple(_VERSIONS[name] for name in _listed(line) if name in _VERSIONS)


def _suite_named(name: str, versions: tuple[str, ...]) -> CipherSuite:
    return cipher_suite_named(_SUITE_NAMES.get(name, printable(name.upper())), versions)


def _listed(line: str) -> tuple[str, ...]:
    return tuple(printable(name.strip()) for name in line.split(",") if name.strip())


def _collect(lines: Iterator[str], length: int) -> bytes | None:
    content = bytearray()
    while len(content) < length:
        row = hex_row(next(lines, ""))
        if row is None:
            return None
        content += row
    return bytes(content[:length])


def _rows(lines: Iterator[str]) -> Iterator[bytes]:
    for line in lines:
        row = hex_row(line)
        if row is None:
            return
        yield row
