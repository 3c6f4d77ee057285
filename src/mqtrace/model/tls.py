"""A TLS handshake as whatever recorded it shows it, and what MQ said before it or instead of it."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.model.location import Location

Sender = Literal["client", "server", "unknown"]
Origin = Literal["trace", "transcript", "gskit-trace", "capture", "java-debug", "s_client", "records"]
AgreementOutcome = Literal["connects", "fails", "likely to fail"]
SegmentKind = Literal["initial-data", "error", "other"]
ByteOrder = Literal["little", "big"]

# How openssl s_client's verdict on a certificate begins among the failures; OpenSSL's number of it follows.
VERIFY = "verify "


class CipherSuite(Struct, frozen=True):
    """A cipher suite.

    Attributes:
        hex: its number, four lower-case digits; "" for a name that IANA does not know.
        iana: its name in IANA's registry; None for a number that is not there.
        cipher_spec: MQ's name for it; None when MQ has none.
    """

    hex: str
    iana: str | None
    cipher_spec: str | None


class ClientHello(Struct, frozen=True):
    """What a client offered, each list in the order sent, without the GREASE values of RFC 8701.

    Attributes:
        versions: protocol versions ("TLSv1.3"), of supported_versions, else the one legacy version.
        cipher_suites: cipher suites, signalling values among them.
        groups: names of the groups for key exchange.
        signature_algorithms: names of the signature algorithms.
        server_name: the server name (SNI); None when none was sent.
        extensions: numbers of all extensions.
        channel: the channel that the server name stands for; None for a host's name.
    """

    versions: tuple[str, ...]
    cipher_suites: tuple[CipherSuite, ...]
    groups: tuple[str, ...] = ()
    signature_algorithms: tuple[str, ...] = ()
    server_name: str | None = None
    extensions: tuple[int, ...] = ()
    channel: str | None = None


class Chosen(Struct, frozen=True):
    """What the server chose: protocol ("TLSv1.2") and cipher suite."""

    protocol: str
    cipher_suite: CipherSuite


class Alert(Struct, frozen=True):
    """An alert: level ("warning", "fatal", its number, "" where it is not told), code, name, and who sent it."""

    level: str
    code: int
    name: str
    sender: Sender = "unknown"


class Certificate(Struct, frozen=True):
    """Names and validity of a certificate.

    Attributes:
        subject, issuer: distinguished names in the one form (decode.distinguished_name).
        not_before, not_after: ISO 8601 in UTC ("2025-10-02T00:00:00Z"), "" where they are not told.
    """

    subject: str
    issuer: str
    not_before: str = ""
    not_after: str = ""

    @property
    def self_signed(self) -> bool:
        """Whether it is its own signer."""
        return bool(self.issuer) and self.subject == self.issuer


class Segment(Struct, frozen=True):
    """One segment of MQ's channel protocol that was sent without TLS.

    Attributes:
        kind: initial-data (either end's first flow), error (the other end refuses and says why), other.
        byte_order: of the numbers in it.
        length: in bytes, as its header states.
        segment_type: number of its type.
        channel, queue_manager: of initial data, "" when blank or cut.
        fap_level: level of the protocol in initial data, else None.
        product: product identifier of the sender with its level ("MQNM09030000"), "" when absent.
        error_status: why an error segment refuses; None when it is cut before it.
        meaning: what that status means, "" when it is not known.
        sender: which end sent it.
    """

    kind: SegmentKind
    byte_order: ByteOrder
    length: int
    segment_type: int
    channel: str = ""
    queue_manager: str = ""
    fap_level: int | None = None
    product: str = ""
    error_status: int | None = None
    meaning: str = ""
    sender: Sender = "unknown"

    def __str__(self) -> str:
        """One line for the report."""
        if self.kind == "error":
            code = self.error_status or 0
            return f"the {self.sender} refuses with error code {code} ({code:#04x}): {self.meaning or 'not known'}"
        if self.kind == "other":
            return f"a segment of type {self.segment_type} of the {self.sender} without TLS"
        names = (("channel", self.channel), ("queue manager", self.queue_manager), ("FAP level", self.fap_level))
        shown = [f"{name} {value}" for name, value in names if value] + [self.product] * bool(self.product)
        return f"initial data of the {self.sender} without TLS: {', '.join(shown) or 'no names'}"


class Handshake(Struct, frozen=True):
    """What one connection shows of its TLS handshake.

    Attributes:
        origin: what recorded it; "trace" for the trace of a client itself.
        location: where it begins.
        messages: names as in TLS, in the order seen; encrypted ones only where the origin decrypts them.
        offered: the last ClientHello, None when it is not shown.
        chosen: of the ServerHello, None when there is none.
        alerts: in the order seen, with who sent them where the origin tells it.
        certificates, client_certificates: the server's and the client's, each its own first.
        client_certificate_sent: whether the client answered a request with a certificate; None when that is not shown.
        server_name: the server name (SNI) that the client sent, "" where none was sent or none is told.
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
        process: number of the process that recorded itself; None where it is not told.
    """

    origin: Origin = "trace"
    location: Location = Location("", 0)
    messages: tuple[str, ...] = ()
    offered: ClientHello | None = None
    chosen: Chosen | None = None
    alerts: tuple[Alert, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    client_certificates: tuple[Certificate, ...] = ()
    client_certificate_sent: bool | None = None
    server_name: str = ""
    gskit: int | None = None
    validation: int | None = None
    failures: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    answer: str = ""
    refused: bool = False
    closed_by: Sender = "unknown"
    incomplete: bool = False
    client: str = ""
    server: str = ""
    started: str = ""
    process: int | None = None

    @property
    def complete(self) -> bool:
        """Whether both ends finished the handshake, as far as the messages show it."""
        if self.origin == "s_client":
            # A certificate that cannot be verified does not end the handshake of s_client.
            unverified_only = all(failure.startswith(VERIFY) for failure in self.failures)
            return self.chosen is not None and not self.alerts and unverified_only
        finished = self.messages.count("finished")
        return finished >= 2 or (finished == 1 and "new_session_ticket" in self.messages)

    @property
    def failed(self) -> bool:
        """Whether it shows that something went wrong."""
        refusal = any(segment.kind == "error" for segment in self.segments)
        wrong_peer = self.answer not in ("", "tls-handshake" if self.offered else "mq") and not self.incomplete
        told = self.alerts or self.gskit or self.validation or self.failures
        return bool(told or self.refused or refusal or wrong_peer)

    def filling(self, known: "Handshake | None") -> "Handshake":
        """What is known already, with this one's parts where it lacks them."""
        if known is None or known is self:
            return self
        lacking = (name for name in known.__struct_fields__ if getattr(known, name) in ("", None, ()))
        return replace(known, **{name: getattr(self, name) for name in lacking})


class Agreement(Struct, frozen=True):
    """What comes of the CipherSpec settings of a client and a channel.

    Attributes:
        outcome: connects, fails, or likely to fail (it connects only where the queue manager happens to prefer the
            channel's CipherSpec).
        protocol, negotiated: protocol ("TLSv1.3") and CipherSpec of the handshake, None when none is agreed on.
        why: one to three sentences.
        versions: for each protocol that the client offers, the newest first, what the queue manager would take of
            it ("" for nothing).
    """

    outcome: AgreementOutcome
    protocol: str | None
    negotiated: str | None
    why: str
    versions: tuple[tuple[str, str], ...] = ()
