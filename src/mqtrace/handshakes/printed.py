"""Handshakes as programs print them: Java with javax.net.debug, thread by thread, and openssl s_client."""

from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.alerts import alert as known_alert
from mqtrace.decode.jsse_debug import JsseEvent, jsse_events, received_alert
from mqtrace.decode.jsse_debug_messages import certificates_of, choice_of, hello_of
from mqtrace.decode.s_client import parse_s_client
from mqtrace.decode.text import decoded
from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.masking import printable
from mqtrace.model import Location
from mqtrace.model.tls import Alert, Certificate, Chosen, ClientHello, Handshake, Sender
from mqtrace.readers.logs.log_chunks import chunks
from mqtrace.readers.tally import Tally

# When the other end has gone, Java names an alert that it can no longer send.
_NOTHING_SENT = ("kickstart", "terminated the handshake", "Received fatal alert")
_MOST_FAILURES = 8
_MOST_OPEN = 200
# Of openssl s_client.
_LONGEST_OUTPUT = 4 << 20
_MOST_RUNS = 1000
_CONNECTED = compiled(r"CONNECTED\([0-9A-Fa-f]+\)")
_CERTIFICATES = compiled(r"depth=\d|verify (?:error|return):|Can't use SSL_get_servername")
_ERROR = compiled(r"[0-9A-Fa-f]{8,16}:error:")


class _Growing(Struct):
    """A handshake of which more may come. `own`: which end wrote the log."""

    location: Location
    started: str
    own: Sender
    messages: list[str] = field(default_factory=list)
    offered: ClientHello | None = None
    chosen: Chosen | None = None
    alerts: list[Alert] = field(default_factory=list)
    certificates: dict[Sender, tuple[Certificate, ...]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def take(self, event: JsseEvent) -> None:
        if event.kind == "message":
            self._message(event)
        elif event.kind == "alert":
            level, name = (event.level, event.name) if event.name else received_alert(event)
            self._alert(name, level, self._sender(event.own))
        else:
            self._failure(event)

    def finished(self) -> Handshake:
        client = self.certificates.get("client")
        return Handshake(
            origin="java-debug",
            location=self.location,
            messages=tuple(self.messages),
            offered=self.offered,
            chosen=self.chosen,
            alerts=tuple(self.alerts),
            certificates=self.certificates.get("server", ()),
            client_certificates=client or (),
            client_certificate_sent=None if client is None else bool(client),
            server_name=(self.offered.server_name if self.offered else None) or "",
            failures=tuple(dict.fromkeys(self.failures)),
            started=self.started,
        )

    def _sender(self, own: bool | None) -> Sender:
        other: dict[Sender, Sender] = {"client": "server", "server": "client"}
        return self.own if own else other[self.own]

    def _message(self, event: JsseEvent) -> None:
        self.messages.append(event.name)
        if event.name == "client_hello":
            self.offered = hello_of(event.body, event.text)
        elif event.name == "server_hello":
            self.chosen = choice_of(event.body, event.text)
        elif event.name == "certificate":
            self.certificates[self._owner(event.own)] = certificates_of(event.body)

    def _owner(self, own: bool | None) -> Sender:
        """Whose certificate it is. The form of JDK 8 does not say it; the client's comes second."""
        if own is not None:
            return self._sender(own)
        return "client" if "server" in self.certificates else "server"

    def _alert(self, name: str, level: str, sender: Sender) -> None:
        known = known_alert(name) if name else None
        if known and not any(each.code == known.code for each in self.alerts):
            self.alerts.append(Alert(level or "fatal", known.code, known.name, sender))

    def _failure(self, event: JsseEvent) -> None:
        lines = event.body.decode("utf-8", "replace").split("\n") if b"xception" in event.body else ()
        causes = (line.strip() for line in lines if "xception" in line and not line.lstrip().startswith("at "))
        told = [printable(text) for text in (event.text, *causes) if text]
        self.failures = (self.failures + told)[:_MOST_FAILURES]
        if not any(mark in text for mark in _NOTHING_SENT for text in told):
            self._alert(event.name, "fatal", self.own)


def of_java_debug(source: Source) -> Iterator[Handshake]:
    """The handshakes of such a log; each begins with a ClientHello that does not answer a HelloRetryRequest."""
    growing: dict[str, _Growing] = {}
    for event in jsse_events(chunks(source.stream, Tally())):
        current = growing.get(event.thread)
        begins = event.kind == "message" and event.name == "client_hello"
        if begins and not (current and current.messages[-1:] == ["hello_retry_request"]):
            if current:
                yield growing.pop(event.thread).finished()
            elif len(growing) >= _MOST_OPEN:
                yield growing.pop(next(iter(growing))).finished()
            own: Sender = "server" if event.own is False else "client"
            current = growing[event.thread] = _Growing(Location(source.name, event.line), event.time, own)
        if current:
            current.take(event)
    yield from (each.finished() for each in growing.values())


def of_s_client(source: Source) -> Iterator[Handshake]:
    """The handshake of each run in the text. Raises DecodeError when there is none."""
    lines = decoded(source.stream.read(_LONGEST_OUTPUT)).split("\n")
    begins = [_begin(lines, at) for at, line in enumerate(lines) if _CONNECTED.match(line)][:_MOST_RUNS]
    # Whatever stands before the first run belongs to it.
    for begin, end in pairwise([0, *begins[1:], len(lines)]):
        yield replace(parse_s_client("\n".join(lines[begin:end])), location=Location(source.name, begin + 1))


def _begin(lines: list[str], connected: int) -> int:
    """Where the run begins that says CONNECTED on that line: what it wrote to standard error may stand before it,
    certificates first.
    """
    for pattern in (_ERROR, _CERTIFICATES):
        while connected and pattern.match(lines[connected - 1]):
            connected -= 1
    return connected
