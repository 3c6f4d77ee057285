"""The friendly words of the report for what the model holds."""

import re
from datetime import datetime

from mqtrace.model import Attempt, Connection, Evidence

_SETTINGS = {
    "ccdt": "channel table",
    "mqclient_ini": "mqclient.ini",
    "cipher_spec": "CipherSpec",
    "cipher_suite": "CipherSuite",
    "ssl_peer": "SSL peer name",
    "outbound_sni": "outbound SNI",
}
_CLIENTS = {"c": "C client", "dotnet": ".NET client", "java": "Java client", "unknown": "client"}
_PHASES = {
    "settings": "reading its settings",
    "name-resolution": "looking up the host name",
    "tcp": "opening the network connection",
    "tls": "the TLS handshake",
    "negotiation": "agreeing on the channel with the queue manager",
    "mqconn": "the queue manager's answer",
    "connected": "a connection that was made",
}
_UNITS = ("byte", "kB", "MB", "GB", "TB")


def setting_words(name: str) -> str:
    """How the report calls a setting: "channel table" for "ccdt"; an unknown name with blanks for underscores."""
    return _SETTINGS.get(name, name.replace("_", " "))


def phase_words(connection: Connection) -> str:
    """What the connection was doing when the inputs last saw it."""
    return _PHASES[connection.phase]


def reason_words(code: int) -> str:
    """ "2393 MQRC_SSL_INITIALIZATION_ERROR"; the number alone when the catalogue has no name for it."""
    from mqtrace.catalog.reasons import reason_name

    return f"{code} {reason_name(code) or ''}".rstrip()


def base_name(path: str) -> str:
    """Last part of a path of Unix or Windows; the path itself where it ends with a separator.

    An escape such as \\x1b is no separator.
    """
    return re.split(r"/|\\(?!x[0-9a-f]{2}|u\{)", path)[-1] or path


def client_words(connection: Connection) -> str:
    """ "amqsgetc (C client 9.3.0.10)"; without the program where no input names it.

    An error log names only who wrote in it. A channel between queue managers is no client.
    """
    if connection.calls_out:
        channel = f"Channel {connection.channel}" if connection.channel else "A channel"
        return f"{channel} of {connection.queue_manager or 'the queue manager'}"
    if connection.client == "unknown":
        return "A client"
    client = f"{_CLIENTS[connection.client]} {connection.level}".rstrip()
    return f"{base_name(connection.program)} ({client})" if connection.program else f"A {client}"


def logged_words(connection: Connection) -> str:
    """ "logged by amqrmppa 9.2.4.0": the program and level of an error log are those of its writer.

    "" where the client itself is known.
    """
    writer = f"{base_name(connection.program)} {connection.level}".strip() if connection.program else ""
    return f"logged by {writer}" if writer and connection.client == "unknown" else ""


def target_words(connection: Connection) -> str:
    """The queue manager, else the address, that the connection was meant for."""
    if connection.calls_out:
        return connection.address or "its other end"
    return connection.queue_manager or connection.address or "its queue manager"


def attempt_words(attempt: Attempt) -> str:
    """ "APP.SVRCONN to host(1414)", as far as it is known."""
    return " to ".join(part for part in (attempt.channel, attempt.address) if part) or "(unknown)"


def time_words(iso: str) -> str:
    """A time of ISO 8601 for reading, in whole seconds: "2026-11-24 09:00:00", "2026-11-24 09:00:00 UTC"."""
    return re.sub(r"Z$", " UTC", re.sub(r"[.,]\d+", "", iso.replace("T", " ", 1)))


def clock_words(iso: str) -> str:
    """The time of day of a time of ISO 8601, in whole seconds: "09:00:00"."""
    return re.sub(r"[.,]\d+.*$", "", iso.rpartition("T")[2])


def _moment(iso: str) -> datetime | None:
    try:
        return datetime.fromisoformat(iso if "T" in iso else f"2000-01-01T{iso}")
    except ValueError:
        return None


def duration_words(start: str, end: str) -> str:
    """ "took 21.0 s"; "" when it cannot be told or is under a tenth of a second."""
    begin, finish = _moment(start), _moment(end)
    if begin is None or finish is None or (begin.tzinfo is None) != (finish.tzinfo is None):
        return ""
    seconds = (finish - begin).total_seconds()
    return f"took {seconds:.1f} s" if seconds >= 0.1 else ""


def size_words(size: int) -> str:
    """A size in bytes for reading, in powers of 1000: "24 kB"."""
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(_UNITS) - 1:
        amount, unit = amount / 1000, unit + 1
    if not unit:
        return counted(size, "byte")
    digits = 1 if amount < 9.95 else 0
    return f"{amount:.{digits}f} {_UNITS[unit]}"


def counted(number: int, noun: str) -> str:
    """ "1 file", "1,200 files"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def place_words(evidence: Evidence) -> str:
    """ "AMQ7253.0.FMT:283": the input and the line; the input alone where it has no lines."""
    location = evidence.location
    return f"{location.source}:{location.line}" if location.line else location.source
