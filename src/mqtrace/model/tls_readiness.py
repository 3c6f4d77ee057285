"""Which TLS the clients of queue managers run with."""

from typing import Literal

from msgspec import Struct

Verdict = Literal["plain", "blocks TLS 1.3 only", "ready", "not known"]


class ChannelClients(Struct, frozen=True):
    """Equal instances of one channel.

    Attributes:
        queue_manager: name, "" where the output does not tell.
        channel, type: name and CHLTYPE of the channel.
        client: address of the other end.
        application, user, peer: RAPPLTAG, MCAUSER and the certificate's name, "" when not told.
        product, version: RPRODUCT and RVERSION of the client, "" when not told.
        protocol: "TLSv1.3" and the like; "none" without TLS, "" when not known.
        cipher_spec: the CipherSpec, "" without one.
        verdict: what the instances mean for raising the channel to TLS 1.3 only.
        told_by: "status", or "definition" where the status does not tell.
        count: number of instances.
    """

    queue_manager: str
    channel: str
    type: str
    client: str
    application: str
    user: str
    peer: str
    product: str
    version: str
    protocol: str
    cipher_spec: str
    verdict: Verdict
    told_by: Literal["status", "definition"]
    count: int = 1


class IdleChannel(Struct, frozen=True):
    """A server-connection channel without a running instance, and what its definition allows."""

    queue_manager: str
    channel: str
    cipher_spec: str
    verdict: Verdict


class TlsReadiness(Struct, frozen=True):
    """What output of runmqsc tells of the TLS of all channels.

    Attributes:
        clients: those without TLS first, then those that block TLS 1.3 only, each by queue manager and channel.
        idle: channels without a client, by queue manager and channel.
        without_status: number of instances whose status tells neither SECPROT nor SSLCIPH.
    """

    clients: tuple[ChannelClients, ...]
    idle: tuple[IdleChannel, ...]
    without_status: int
