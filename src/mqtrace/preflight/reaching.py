"""Asks the other end: its name, a connection, a handshake, and MQ's first flow, each within ten seconds.

Nothing that could be a secret is sent: no user id, no password, no certificate of the client, no flow of MQ beyond the
first one.
"""

import errno
import os
import select
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from time import monotonic
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.ciphers import cipher_specs
from mqtrace.catalog.tables import table
from mqtrace.model.preflight import ChannelAhead, Check, CheckState
from mqtrace.model.text import text
from mqtrace.preflight.ahead import Ahead
from mqtrace.preflight.first_flow import answered, initial_data
from mqtrace.preflight.peer import Shown, judge_peer

LIMIT = 10.0
# So many channels and addresses are tried, until one answers.
MOST = 4
_ANSWER = 4096
_CERTIFICATE, _CERTIFICATE_REQUEST = 11, 13
_ERRNO = {
    errno.ECONNREFUSED: "network.refused", errno.ETIMEDOUT: "network.timeout",
    errno.EHOSTUNREACH: "network.unreachable", errno.ENETUNREACH: "network.unreachable",
    errno.ECONNRESET: "network.reset-by-peer",
}  # fmt: skip
_VERSIONS = {"TLS 1.2": ssl.TLSVersion.TLSv1_2, "TLS 1.3": ssl.TLSVersion.TLSv1_3}


class Talk(Struct):
    """One address that is asked, with what was learned.

    Attributes:
        ahead, channel, address: what is asked for, and where.
        checks: what came of it so far.
    """

    ahead: Ahead
    channel: ChannelAhead
    address: str
    checks: list[Check] = field(default_factory=list)

    def say(self, name: str, state: CheckState, said: str, begun: float, cause: str = "") -> None:
        """Adds a check that began at that moment."""
        reason = self.ahead.wanted.family.reasons.get(cause) if state == "fails" else None
        self.checks.append(Check(name, state, said, cause, reason, seconds=round(monotonic() - begun, 3)))

    @property
    def failed(self) -> bool:
        """Whether something failed."""
        return any(each.state == "fails" for each in self.checks)


def reach(ahead: Ahead, channels: Sequence[ChannelAhead]) -> list[Check]:
    """Asks the addresses in the order tried until one answers. What failed before that does not keep the client."""
    tried = [(channel, address) for channel in channels for address in channel.addresses][:MOST]
    checks: list[Check] = []
    for channel, address in tried:
        talk = Talk(ahead, channel, address)
        _ask(talk)
        if not talk.failed:
            return [*(_passed(each) for each in checks), *talk.checks]
        checks += talk.checks
    return checks


def _passed(check: Check) -> Check:
    """A failure that leads to the next address."""
    if check.state != "fails":
        return check
    return replace(
        check, state="ok", text=text("{text}: the next address is tried.", text=check.text.rstrip(".")), cause=""
    )


def _ask(talk: Talk) -> None:
    host, _, rest = talk.address.rpartition("(")
    found = _resolved(talk, host, int(rest.rstrip(")")))
    stream = _connected(talk, found) if found else None
    if stream is None:
        return
    with stream:
        if talk.channel.cipher_spec:
            _over_tls(talk, stream)
        else:
            _first_flow(talk, stream)


# ---------------------------------------------------------------- name and connection


def _resolved(talk: Talk, host: str, port: int) -> list[Any]:
    begun = monotonic()
    found: list[Any] = []
    failed: list[OSError] = []

    def ask() -> None:
        try:
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))

    # The resolver has a patience of its own, and cannot be told another one.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(LIMIT)
    if found:
        addresses = ", ".join(dict.fromkeys(each[4][0] for each in found))
        talk.say("host name", "ok", text("{host} is {addresses}.", host=host, addresses=addresses), begun)
    elif failed:
        why = failed[0].strerror or str(failed[0])
        talk.say(
            "host name",
            "fails",
            text("{host} cannot be resolved: {why}.", host=host, why=why),
            begun,
            "network.name-not-resolved",
        )
    else:
        said = text("No answer for the name {host} within {LIMIT} s.", host=host, LIMIT=f"{LIMIT:.0f}")
        talk.say("host name", "fails", said, begun, "network.name-not-resolved")
    return found


def _connected(talk: Talk, found: Sequence[Any]) -> socket.socket | None:
    begun, error = monotonic(), OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    for family, kind, protocol, _, place in found:
        left = LIMIT - (monotonic() - begun)
        if left <= 0:
            break
        stream = None
        try:
            stream = socket.socket(family, kind, protocol)
            stream.settimeout(left)
            stream.connect(place)
        except TimeoutError:
            error = OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
        except OSError as failed:
            error = failed
        else:
            talk.say("connection", "ok", text("{address} takes the connection.", address=talk.address), begun)
            return stream
        if stream:
            stream.close()
    cause = _ERRNO.get(error.errno or 0, "network.host-unavailable")
    talk.say(
        "connection",
        "fails",
        text("{address}: {strerror}.", address=talk.address, strerror=error.strerror or error),
        begun,
        cause,
    )
    return None


# ---------------------------------------------------------------- TLS


def _over_tls(talk: Talk, stream: socket.socket) -> None:
    begun, shown = monotonic(), Shown()
    try:
        context = _context(talk.channel.cipher_spec, shown)
        secure = context.wrap_socket(
            stream, server_hostname=talk.channel.server_name or None, do_handshake_on_connect=False
        )
    except (ssl.SSLError, ValueError, OSError) as error:
        talk.say("TLS", "open", text("This machine's library cannot speak it: {words}.", words=_words(error)), begun)
        return
    with secure:
        failed = _handshake(secure, begun)
        if failed is None:
            version, suite = secure.version() or "", (secure.cipher() or ("", "", 0))[0]
            shown.version = version
            name = (
                text(", as {server_name}", server_name=talk.channel.server_name)
                if talk.channel.server_name
                else ", without a server name"
            )
            talk.say("TLS", "ok", text("{version} with {suite}{name}.", version=version, suite=suite, name=name), begun)
        else:
            state, said, cause = _refused(failed, shown)
            talk.say("TLS", state, said, begun, cause)
        for name, state, said, cause in judge_peer(talk.ahead, talk.channel, shown):
            talk.say(name, state, said, begun, cause)
        if failed is None:
            _first_flow(talk, secure, shown)


def _context(spec: str, shown: Shown) -> ssl.SSLContext:
    """A client that offers what the CipherSpec means and believes every certificate: it is judged afterwards."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    known = cipher_specs(spec)
    versions = [_VERSIONS[each] for each in (known[0].protocols if known else ()) if each in _VERSIONS]
    if versions:
        context.minimum_version, context.maximum_version = min(versions), max(versions)
    if known and known[0].iana and "TLS 1.2" in known[0].protocols:
        names = [each["name"] for each in context.get_ciphers() if _is_suite(each["name"], known[0].iana)]
        if names:
            context.set_ciphers(":".join(names))

    def saw(_: object, direction: str, version: object, __: object, kind: int, data: bytes) -> None:
        if direction == "read" and kind == _CERTIFICATE:
            shown.certificate = data
        if direction == "read" and kind == _CERTIFICATE_REQUEST:
            shown.request = data
        shown.version = getattr(version, "name", "") or shown.version

    # Python's own tests use it; without it the chain and the authorities wanted are not told.
    with suppress(AttributeError):
        context._msg_callback = saw  # type: ignore[attr-defined]
    return context


def _is_suite(openssl: str, iana: str) -> bool:
    from mqtrace.catalog.tls_names import cipher_suite_of_openssl

    return cipher_suite_of_openssl(openssl, ("TLSv1.2",)).iana == iana


def _handshake(secure: ssl.SSLSocket, begun: float) -> OSError | None:
    """The error that ended it; None where it went well."""
    secure.setblocking(False)
    return _waiting(secure, secure.do_handshake, begun)[1]


def _waiting(stream: socket.socket, act: Callable[[], Any], begun: float) -> tuple[Any, OSError | None]:
    """What `act` gives, repeated while it waits for the other end, and the error that ended it."""
    while True:
        reads, writes = [stream], list[socket.socket]()
        try:
            return act(), None
        except (ssl.SSLWantReadError, BlockingIOError):
            pass
        except ssl.SSLWantWriteError:
            reads, writes = [], [stream]
        except OSError as error:
            return None, error
        left = LIMIT - (monotonic() - begun)
        if left <= 0 or not any(select.select(reads, writes, [], left)):
            return None, TimeoutError(errno.ETIMEDOUT, text("no answer within {LIMIT} s", LIMIT=f"{LIMIT:.0f}"))


def _refused(error: OSError, shown: Shown) -> tuple[CheckState, str, str]:
    """State, sentence and cause of a handshake that failed."""
    words = _words(error)
    if isinstance(error, TimeoutError):
        return (
            "fails",
            text("The handshake got no answer within {LIMIT} s.", LIMIT=f"{LIMIT:.0f}"),
            "network.silent-peer",
        )
    reason = getattr(error, "reason", "") or ""
    if shown.request and "ALERT" in reason:
        return (
            "open",
            text("It asks for a certificate of the client, which this check has none of: {words}.", words=words),
            "",
        )
    named = (row["cause_id"] for row in table("openssl_reasons") if row["part"] in reason)
    return "fails", text("The handshake failed: {words}.", words=words), next(named, "tls.closed-in-handshake")


def _words(error: BaseException) -> str:
    reason = getattr(error, "reason", None)
    said = str(reason).replace("_", " ").lower() if reason else getattr(error, "strerror", None) or str(error)
    return said or type(error).__name__


# ---------------------------------------------------------------- MQ


def _first_flow(talk: Talk, stream: socket.socket, shown: Shown | None = None) -> None:
    begun = monotonic()
    stream.setblocking(False)
    flow = initial_data(talk.channel.channel, talk.ahead.wanted.queue_manager)
    _, error = _waiting(stream, lambda: stream.send(flow), begun)
    data = b""
    if error is None:
        data, error = _waiting(stream, lambda: stream.recv(_ANSWER), begun)
    name = "MQ"
    if isinstance(error, TimeoutError):
        said = text("No answer to MQ's first flow within {LIMIT} s.", LIMIT=f"{LIMIT:.0f}")
        talk.say(name, "fails", said, begun, "network.silent-peer")
    elif not data and shown and shown.request:
        # In TLS 1.3 the refusal of a missing certificate comes after the handshake.
        said = text(
            "It asks for a certificate of the client, which this check has none of, and ended it{why}.", why=_why(error)
        )
        talk.say(name, "open", said, begun)
    elif error is not None:
        cause = _ERRNO.get(error.errno or 0, "network.closed-by-peer")
        talk.say(name, "fails", text("MQ's first flow was not answered{why}.", why=_why(error)), begun, cause)
    else:
        told = answered(data or b"")
        talk.say(
            name,
            "fails" if told.cause else "ok",
            text("{address}: {text}.", address=talk.address, text=told.text),
            begun,
            told.cause,
        )


def _why(error: OSError | None) -> str:
    return f": {_words(error)}" if error else ""
