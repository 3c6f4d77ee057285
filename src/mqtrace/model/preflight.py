"""What can be said of a connection before it is made."""

from typing import Literal

from msgspec import Struct

from mqtrace.model.key_store import KeyStore
from mqtrace.model.location import Evidence

Verdict = Literal["would-connect", "would-fail", "cannot-tell"]
CheckState = Literal["ok", "fails", "open"]
IniState = Literal["read", "in-vain", "passed-over"]


class Check(Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        name: what it is about ("mqclient.ini", "channel table", "key repository").
        state: ok, fails (a client that comes here fails), open (what is at hand does not tell).
        text: one sentence with the names of this case.
        cause: id of the cause where it fails, "" otherwise.
        reason_code: what the application gets where it fails; None where that is not known.
        evidence: where that stands.
        seconds: how long it took, for what reached over the network; None for what was only read.
    """

    name: str
    state: CheckState
    text: str
    cause: str = ""
    reason_code: int | None = None
    evidence: tuple[Evidence, ...] = ()
    seconds: float | None = None


class IniFile(Struct, frozen=True):
    """An mqclient.ini that is there, or was named: where, which place that is, and what comes of it."""

    file: str
    place: str
    state: IniState


class ChannelAhead(Struct, frozen=True):
    """A channel that would be tried.

    Attributes:
        channel, addresses, cipher_spec, certificate_label: as the definition gives them.
        server_name: what TLS would send as server name, "" where nothing is sent or that is not known.
        why: why it stands here.
    """

    channel: str
    addresses: tuple[str, ...]
    cipher_spec: str = ""
    certificate_label: str = ""
    server_name: str = ""
    why: str = ""


class Preflight(Struct, frozen=True):
    """What would come of a connection.

    Attributes:
        verdict: would-connect (nothing that was looked at keeps it from the queue manager), would-fail, cannot-tell.
        reason_code: what the application would get, 0 where it would connect, None where that cannot be told.
        because: one sentence.
        told_by: where the environment was taken from.
        at: the moment of the connection, in ISO 8601 and UTC.
        level: level of the client that the answer holds for.
        checks: in the order in which a client does these things.
        ini_files: in the order in which they are looked for.
        channels: in the order tried.
        by_chance: whether chance decides between the weighted ones of them.
        stores: key repositories and key stores that were opened.
    """

    verdict: Verdict
    reason_code: int | None
    because: str
    told_by: str
    at: str
    level: str = ""
    checks: tuple[Check, ...] = ()
    ini_files: tuple[IniFile, ...] = ()
    channels: tuple[ChannelAhead, ...] = ()
    by_chance: bool = False
    stores: tuple[KeyStore, ...] = ()
