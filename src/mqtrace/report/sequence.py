"""A TLS handshake as a picture of who sent what, client on the left, server on the right."""

from collections.abc import Iterator

from msgspec import Struct

from mqtrace.model.tls import Handshake, Sender

# Who sends a message, where its name tells it (RFC 5246 and RFC 8446).
_SENDERS: dict[str, Sender] = {
    "client_hello": "client",
    "client_key_exchange": "client",
    "server_hello": "server",
    "hello_retry_request": "server",
    "encrypted_extensions": "server",
    "certificate_request": "server",
    "server_key_exchange": "server",
    "server_hello_done": "server",
    "certificate_status": "server",
    "new_session_ticket": "server",
    "hello_request": "server",
}
_HELLO, _DONE = "server_hello", "server_hello_done"
_FINISHED = "finished"


class Sent(Struct, frozen=True):
    """One arrow: the sender ("unknown" is drawn without a head), words, and whether it is an alert."""

    sender: Sender
    words: str
    is_alert: bool = False


def sequence(handshake: Handshake) -> tuple[Sent, ...]:
    """The messages in the order seen, then the alerts; what both ends send is the server's or the client's only where
    the protocol leaves no choice.
    """
    return (*_messages(handshake), *_alerts(handshake))


def _messages(handshake: Handshake) -> Iterator[Sent]:
    newest = handshake.chosen.protocol if handshake.chosen else ""
    seen: list[str] = []
    for name in handshake.messages:
        sender = _SENDERS.get(name) or _sender_by_place(name, seen, newest)
        yield Sent(sender, _words(handshake, name, sender))
        seen.append(name)


def _sender_by_place(name: str, seen: list[str], protocol: str) -> Sender:
    """The sender of what either end can send, by what came before."""
    if protocol == "TLSv1.3":
        # The server's part ends with its Finished, and the client's comes behind.
        return "client" if _FINISHED in seen else "server"
    if name == "certificate" and _DONE in seen:
        return "client"
    if name == "certificate" and _HELLO in seen and name not in seen:
        return "server"
    if name in ("certificate_verify", _FINISHED, "change_cipher_spec") and "client_key_exchange" in seen:
        return "server" if _FINISHED in seen else "client"
    return "unknown"


def _words(handshake: Handshake, name: str, sender: Sender) -> str:
    more = ""
    if name == "client_hello" and handshake.offered:
        sent = f", server name {handshake.server_name}" if handshake.server_name else ""
        more = f": {', '.join(handshake.offered.versions)}, {len(handshake.offered.cipher_suites)} suites{sent}"
    elif name == _HELLO and handshake.chosen:
        suite = handshake.chosen.cipher_suite
        more = f": {handshake.chosen.protocol}, {suite.cipher_spec or suite.iana or suite.hex}"
    elif name == "certificate" and sender == "server" and handshake.certificates:
        more = f": {handshake.certificates[0].subject}"
    elif name == "certificate" and sender == "client":
        held = handshake.client_certificates
        more = f": {held[0].subject}" if held else ": none" * (handshake.client_certificate_sent is False)
    return f"{name.replace('_', ' ')}{more}"


def _alerts(handshake: Handshake) -> Iterator[Sent]:
    for alert in handshake.alerts:
        yield Sent(alert.sender, f"alert {alert.code} {alert.name}".rstrip(), True)
