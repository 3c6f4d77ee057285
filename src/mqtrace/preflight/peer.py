"""What the other end showed in its handshake, judged by the store that the client would use."""

from collections.abc import Iterator

from msgspec import Struct

from mqtrace.decode.certificate import decode_certificate
from mqtrace.decode.certificate_request import authorities_of, certificates_of
from mqtrace.keys.chain import by_name, chain_of
from mqtrace.keys.peer_name import match_peer_name
from mqtrace.model import DecodeError
from mqtrace.model.key_store import KeyStore, StoredCertificate
from mqtrace.model.preflight import ChannelAhead, CheckState
from mqtrace.model.text import text
from mqtrace.preflight.ahead import Ahead
from mqtrace.preflight.stores import store_file

_MOST_NAMES = 3
Judged = tuple[str, CheckState, str, str]


class Shown(Struct):
    """What a handshake showed: the message with the certificates, the request for one, the protocol."""

    certificate: bytes = b""
    request: bytes = b""
    version: str = ""

    @property
    def tls13(self) -> bool:
        """Whether the messages are those of TLS 1.3."""
        return self.version.replace("_", ".").endswith("1.3")


def judge_peer(ahead: Ahead, channel: ChannelAhead, shown: Shown) -> Iterator[Judged]:
    """(name, state, sentence, cause) of the server's certificate and of the client's that it wants."""
    try:
        ders = certificates_of(shown.certificate, shown.tls13) if shown.certificate else ()
        chain = [decode_certificate(der) for der in ders]
        wanted = authorities_of(shown.request, shown.tls13) if shown.request else None
    except DecodeError as error:
        yield "certificates", "open", text("What the other end showed could not be read: {error}", error=error), ""
        return
    if chain:
        yield from _server(ahead, chain)
    if wanted is not None:
        yield from _client(ahead, channel, wanted)


def _server(ahead: Ahead, chain: list[StoredCertificate]) -> Iterator[Judged]:
    own, name, now = chain[0], "server certificate", ahead.wanted.at
    if own.not_after and own.not_after < now:
        yield (
            name,
            "fails",
            text("{subject} expired on {not_after}.", subject=own.subject, not_after=f"{own.not_after:%Y-%m-%d}"),
            "tls.certificate-expired",
        )
        return
    if own.not_before and own.not_before > now:
        said = text(
            "{subject} is not valid before {not_before}.", subject=own.subject, not_before=f"{own.not_before:%Y-%m-%d}"
        )
        yield name, "fails", said, "tls.certificate-not-yet-valid"
        return
    peer = ahead.value("ssl_peer")
    match = match_peer_name(peer, own.subject, own.serial) if peer else None
    if match and not match.malformed and not match.matches:
        said = text("{subject} does not match the peer name {peer}.", subject=own.subject, peer=peer)
        yield name, "fails", said, "tls.peer-name-mismatch"
        return
    yield _trusted(ahead, own, chain, name)


def _trusted(ahead: Ahead, own: StoredCertificate, chain: list[StoredCertificate], name: str) -> Judged:
    store = _store(ahead, ("key_repository", "trust_store"))
    until = (
        text("{subject}, valid until {not_after}", subject=own.subject, not_after=f"{own.not_after:%Y-%m-%d}")
        if own.not_after
        else own.subject
    )
    if store is None:
        return (
            name,
            "open",
            text("{until}: no store was opened that tells whether the client believes it.", until=until),
            "",
        )
    held = {each.data for each in store.certificates if each.data}
    path = chain_of(own, by_name([*store.certificates, *chain[1:]]))
    believed = next((each for each in path.certificates if each.data in held), None)
    if believed:
        return (
            name,
            "ok",
            text(
                "{until}, is believed by {label} of {store}.",
                until=until,
                label=believed.label or believed.subject,
                store=store.source,
            ),
            "",
        )
    signer = path.missing or path.certificates[-1].subject
    said = text(
        "{until}, was signed by {signer}, and {store} does not have that.",
        until=until,
        signer=signer,
        store=store.source,
    )
    return name, "fails", said, "tls.server-certificate-untrusted"


def _store(ahead: Ahead, names: tuple[str, ...]) -> KeyStore | None:
    """The first of these stores that was opened."""
    files = [file for name in names if (file := store_file(ahead, ahead.value(name)))]
    opened = {each.source: each for each in ahead.stores if each.state == "open"}
    return next((opened[file.name] for file in files if file.name in opened), None)


def _client(ahead: Ahead, channel: ChannelAhead, wanted: tuple[str, ...]) -> Iterator[Judged]:
    name = "client certificate"
    asked = text("It asks for one{by}", by=_by(wanted))
    store = _store(ahead, ("key_repository", "key_store"))
    if store is None:
        yield name, "open", text("{asked}; no store was opened that tells whether the client has it.", asked=asked), ""
        return
    labels = {channel.certificate_label, ""} if channel.certificate_label else {""}
    personal = [each for each in store.certificates if each.private_key]
    own = next((each for each in personal if each.label in labels), None)
    if own is None and ahead.wanted.client != "c":
        own = next(iter(personal), None)
    if own is None:
        said = text(
            "{asked}, and {store} has none that would be sent: where it insists, that fails.",
            asked=asked,
            store=store.source,
        )
        yield name, "open", said, "tls.client-certificate-missing"
        return
    path = chain_of(own, by_name(store.certificates))
    signers = {each.issuer for each in path.certificates}
    if wanted and not signers & set(wanted):
        said = text(
            "{asked}, and {label} was signed by {issuer}.",
            asked=asked,
            label=own.label or own.subject,
            issuer=own.issuer,
        )
        yield name, "open", said, "tls.client-certificate-rejected"
        return
    yield name, "ok", text("{asked}; {label} fits.", asked=asked, label=own.label or own.subject), ""


def _by(wanted: tuple[str, ...]) -> str:
    if not wanted:
        return " of any authority"
    more = text(" and {value} more", value=len(wanted) - _MOST_NAMES) if len(wanted) > _MOST_NAMES else ""
    return text(" signed by {wanted}{more}", wanted=", ".join(wanted[:_MOST_NAMES]), more=more)
