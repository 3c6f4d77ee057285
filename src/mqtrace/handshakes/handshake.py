"""One TLS handshake, whatever recorded it."""

from dataclasses import dataclass, field
from typing import Literal

from mqtrace.decode.channel_protocol import Segment
from mqtrace.decode.client_hello import ClientHello
from mqtrace.decode.tls import Alert, Certificate, Sender
from mqtrace.decode.tls_names import CipherSuite
from mqtrace.model import Location

Origin = Literal["transcript", "gskit-trace", "capture", "java-debug", "s_client", "records"]

# How openssl s_client's verdict on a certificate begins among the failures; OpenSSL's number of it follows.
VERIFY = "verify "


@dataclass(frozen=True, slots=True)
class MqSegment:
    """One segment of MQ's channel protocol that was sent without TLS, and who sent it."""

    sender: Sender
    segment: Segment


@dataclass(frozen=True, slots=True)
class Handshake:
    """What one connection shows of its TLS handshake.

    Attributes:
        origin: what recorded it.
        location: where it begins.
        messages: names as in TLS, in the order seen; encrypted ones only where the origin decrypts them.
        offered: the last ClientHello, None when it is not shown.
        chosen: protocol ("TLSv1.2") and cipher suite of the ServerHello, None when there is none.
        alerts: in the order seen, with who sent them where the origin tells it.
        certificates, client_certificates: the server's and the client's, each its own first.
        client_certificate_sent: whether the client answered a request with a certificate; None when that is not shown.
        gskit: GSKit's return code, None when none is told.
        validation: GSKit's validation code (575010), None when none is told.
        failures: what the recorder says of the failure, in its words.
        segments: of a capture, MQ's flows before or instead of TLS.
        answer: of a capture, what kind of peer the server's first bytes come from (channel_protocol.first_bytes_kind).
        refused: whether the server refused the connection.
        closed_by: the end that closed the connection, "unknown" where it is not told.
        incomplete: whether the capture lacks bytes of the connection.
        client, server: addresses, "" where they are not told.
        started: ISO 8601 in UTC, or as the recorder writes it; "" where it is not told.
    """

    origin: Origin
    location: Location
    messages: tuple[str, ...] = ()
    offered: ClientHello | None = None
    chosen: tuple[str, CipherSuite] | None = None
    alerts: tuple[Alert, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    client_certificates: tuple[Certificate, ...] = ()
    client_certificate_sent: bool | None = None
    gskit: int | None = None
    validation: int | None = None
    failures: tuple[str, ...] = ()
    segments: tuple[MqSegment, ...] = field(default=())
    answer: str = ""
    refused: bool = False
    closed_by: Sender = "unknown"
    incomplete: bool = False
    client: str = ""
    server: str = ""
    started: str = ""

    @property
    def complete(self) -> bool:
        """Whether both ends finished the handshake, as far as the messages show it."""
        if self.origin == "s_client":
            # A certificate that cannot be verified does not end the handshake of s_client.
            return (
                self.chosen is not None and not self.alerts and all(each.startswith(VERIFY) for each in self.failures)
            )
        return self.messages.count("finished") >= 2 or (
            "new_session_ticket" in self.messages and "finished" in self.messages
        )
