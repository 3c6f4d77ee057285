"""The steps of a fix made to fit one connection: its own values in the commands, and no steps for other clients.

Values come from foreign input and the commands are meant to be pasted, so a value is used only when it is made of
characters that no shell and no MQSC command reads as anything else; otherwise the word that stands for it stays.
"""

import re
from collections.abc import Iterable

from mqtrace.catalog.messages import message
from mqtrace.catalog.precedence import source_words
from mqtrace.kept import compiled
from mqtrace.model import Connection, Outcome

_ADDRESS = compiled(r"([A-Za-z0-9][A-Za-z0-9.-]{0,252})\((\d{1,5})\)")
_NAME = compiled(r"[A-Z0-9][A-Z0-9._]{0,47}")
_PATH = compiled(r"/[A-Za-z0-9._/-]{1,250}")
_HOST = compiled(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")
_NUMBER = compiled(r"\d{1,3}(?:\.\d{1,3}){3}")
_CLIENT_USER = compiled(r"\bCLNTUSER\(([^()]{1,64})\)")
_USER = compiled(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
# "The application gets 2393 or 2400, from .NET 2538": codes, and whose they are.
_GETS = compiled(
    r"(\b(?:application|client|program) (?:only )?(?:gets|got|sees)(?: only)? |\balone it gets )"
    r"\d{4}(?:(?:,? (?:or|and)|,) (?:from )?(?:the )?(?:\.?[A-Za-z]+ ){0,3}\d{4})*"
)
_LABEL = compiled(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FAMILY = compiled(r"((?:C|Java|\.NET)(?:, (?:C|Java|\.NET))*): ")
_GOT = compiled(r"(where the client got it) \([^()]*\)")
# The setting that a cause is about, of a single cause or of its family; and its attribute in a channel table.
_FAULTY = {
    "network": "address",
    "channel": "channel",
    "settings.ccdt-missing": "ccdt",
    "tls.certificate-label-not-found": "certificate_label",
    "tls.cipherspec-unknown": "cipher_spec",
}
_ATTRIBUTES = {
    "address": "clientConnection",
    "channel": "name",
    "certificate_label": "certificateLabel",
    "cipher_spec": "cipherSpecification",
}
_READ_CLIENTS_LOG = compiled(r"(?:C: )?(?:[Rr]ead|[Ll]ook for [A-Z0-9 a-z]{1,40} in) the client's AMQERR01\.LOG")
_READ_LOG = compiled(r"Read (?:QMGR/errors/AMQERR01\.LOG|the queue manager's log)")
_FAMILIES = {"C": "c", "Java": "java", ".NET": "dotnet"}

_PORT_PLACES = compiled(
    r"(?<=HOST:)PORT\b|(?<=HOST )PORT\b|(?<=grep )PORT\b|(?<=findstr )PORT\b|(?<=-p )PORT\b|(?<=-Port )PORT\b"
)
_HOST_PLACES = compiled(
    r"\bHOST(?=:\d| \d| -Port \d)|(?<=getent hosts )HOST\b|(?<=getent ahosts )HOST\b|(?<=nslookup )HOST\b"
)
_QUEUE_MANAGER_PLACES = compiled(r"(?<=runmqsc )QMGR\b|(?<=-m )QMGR\b|(?<=\.json )QMGR\b|(?<=strmqm )QMGR\b")
_ROUTE_PLACES = compiled(r"(?<=ip route get )ADDRESS\b")
_LOG_PLACES = compiled(r"\bQMGR(?=/errors/)")
_CHANNEL_PLACES = compiled(
    r"(?<=(?:LAY|ART|TER|TOP) CHANNEL\()(?:CHANNEL|NAME)(?=\))|(?<=CHSTATUS\()CHANNEL(?=\))"
    r"|(?<=CHANNEL\(.)CHANNEL(?=.\))"
    r"|(?<=CHLAUTH\(')CHANNEL(?='\))|(?<=--encode )CHANNEL\b"
)
_DEFINE_PLACES = compiled(r"(?<=DEFINE CHANNEL\()NAME(?=\))")
_USER_PLACES = compiled(r"(?<=-p )USER\b|(?<=passwd )USER\b|(?<=CLNTUSER\(')USER(?='\))")
_ADDRESS_PLACES = compiled(r"(?<=ADDRESS\(')ADDRESS(?='\))")
_CIPHER_PLACES = compiled(r"(?<=mqtrace explain )NAME\b")
_TABLE_PLACES = compiled(r"/PATH/ccdt\.json\b|(?<=json\.tool )ccdt\.json\b|(?<=ccdt match )ccdt\.json\b")
_SERVER_NAME_PLACES = compiled(r"(?<=-servername )NAME\b")
_LABEL_PLACES = compiled(r"(?<=-label )LABEL\b")
_STORE_PLACES = compiled(r"/PATH/key\.kdb\b")


def fitted(text: str, outcome: Outcome) -> str:
    """A sentence of the catalogue, fitted.

    The words HOST, PORT, QMGR, CHANNEL, LABEL and /PATH/key.kdb in its commands are filled in where known.
    """
    text = _GOT.sub(lambda match: f"{match[1]} ({giver})", text) if (giver := _giver(outcome)) else text
    for places, value in _values(outcome):
        if value:
            text = places.sub(lambda _, value=value: value, text)  # type: ignore[misc]
    return text


def fitting_steps(steps: Iterable[str], outcome: Outcome) -> tuple[str, ...]:
    """The steps that concern this client, fitted.

    Steps that begin with the name of a client family are for that family alone.
    """
    client = outcome.connection.client
    sensible = [step for step in steps if not _is_refuted(step, outcome)]
    if client == "unknown":
        return tuple(fitted(step, outcome) for step in sensible)
    return tuple(fitted(_without_family(step), outcome) for step in sensible if client in _families(step))


def _families(step: str) -> tuple[str, ...]:
    """The client families that a step is for."""
    named = _FAMILY.match(step)
    return tuple(_FAMILIES[name] for name in named[1].split(", ")) if named else tuple(_FAMILIES.values())


def _is_refuted(step: str, outcome: Outcome) -> bool:
    """Whether a step asks for what was done: a log that was read, or a CipherSpec that is the one not known."""
    entries = [entry for entry in outcome.connection.log_entries if entry.program]
    if _READ_CLIENTS_LOG.match(step):
        return any(not entry.queue_manager for entry in entries)
    if _READ_LOG.match(step):
        return any(entry.queue_manager for entry in entries)
    given = _seen(outcome, "cipher_spec")
    unknown = outcome.cause is not None and outcome.cause.id == "tls.cipherspec-unknown"
    return unknown and bool(given) and re.search(rf"(?<!\w){re.escape(given)}(?!\w)", step) is not None


def _without_family(step: str) -> str:
    bare = _FAMILY.sub("", step, count=1)
    return bare[:1].upper() + bare[1:]


def _values(outcome: Outcome) -> Iterable[tuple[re.Pattern[str], str]]:
    """Each place with its value, "" where none is known.

    The port first, because its places are told by the word HOST before it.
    """
    address = _address(outcome)
    yield _PORT_PLACES, address[2] if address else ""
    yield _HOST_PLACES, address[1] if address else ""
    yield _ROUTE_PLACES, _matching(_NUMBER, address[1]) if address else ""
    manager = _queue_manager(outcome)
    yield _QUEUE_MANAGER_PLACES, manager
    yield _LOG_PLACES, manager if "." not in manager else ""
    channel = _matching(_NAME, outcome.connection.channel)
    yield _CHANNEL_PLACES, channel
    yield _DEFINE_PLACES, channel if outcome.cause and outcome.cause.id == "channel.unknown" else ""
    yield _USER_PLACES, _matching(_USER, _user(outcome.connection))
    yield _ADDRESS_PLACES, _other_end(outcome.connection)
    yield _CIPHER_PLACES, _matching(_LABEL, _seen(outcome, "cipher_spec"))
    yield _TABLE_PLACES, _matching(_PATH, _given(outcome, "ccdt").removeprefix("file://"))
    yield _SERVER_NAME_PLACES, _matching(_HOST, getattr(outcome.connection.tls, "server_name", ""))
    yield _LABEL_PLACES, _matching(_LABEL, _given(outcome, "certificate_label"))
    yield _STORE_PLACES, _store(_given(outcome, "key_repository"))


def _address(outcome: Outcome) -> re.Match[str] | None:
    """Host and port; None where several addresses were tried, because any of them can be meant."""
    several = len({attempt.address for attempt in outcome.connection.attempts if attempt.address}) > 1
    return None if several else _ADDRESS.fullmatch(outcome.connection.address)


def _queue_manager(outcome: Outcome) -> str:
    """The name asked for; "" where the failure is that the queue manager has another one."""
    mistaken = outcome.cause is not None and outcome.cause.id == "qmgr.name-mismatch"
    return "" if mistaken else _matching(_NAME, outcome.connection.queue_manager)


def _store(repository: str) -> str:
    """The file of a key repository: the stem is given without a suffix, or the file's whole name."""
    path = _matching(_PATH, repository)
    return path if not path or "." in path.rpartition("/")[2] else f"{path}.kdb"


def _given(outcome: Outcome, name: str) -> str:
    return next(
        (setting.value for setting in outcome.settings if setting.name == name and setting.proof != "unknown"), ""
    )


def _giver(outcome: Outcome) -> str:
    """Where the client got the setting that the cause is about, as a person would look for it; "" where not known."""
    family = outcome.cause.id.partition(".")[0] if outcome.cause else ""
    name = _FAULTY.get(outcome.cause.id if outcome.cause else "") or _FAULTY.get(family, "")
    setting = next((each for each in outcome.settings if each.name == name and each.value), None)
    if setting is None or setting.proof == "unknown" or setting.source in ("unknown", "none", "default"):
        return ""
    if setting.source != "ccdt":
        return source_words(setting.source)
    of_channel = f" of {outcome.connection.channel}" if outcome.connection.channel else ""
    table = _given(outcome, "ccdt").removeprefix("file://")
    return f"{_ATTRIBUTES.get(name, name)}{of_channel} in {table or 'the channel table'}"


def _seen(outcome: Outcome, name: str) -> str:
    """The value of a setting, whatever is known of its source."""
    return next((setting.value for setting in outcome.settings if setting.name == name), "")


def _user(connection: Connection) -> str:
    """The user whom an entry of a log names as the one that was checked; else the one of the client's own process."""
    named = _logged(connection, "user")
    active = _CLIENT_USER.search(_logged(connection, "active values"))
    if named or active:
        return named or (active[1] if active else "")
    is_server = connection.client == "unknown" or any(entry.queue_manager for entry in connection.log_entries)
    return "" if is_server else connection.user


def _other_end(connection: Connection) -> str:
    """The IP number of the client's end, which only a queue manager's log tells, "" else."""
    asked = [entry for entry in connection.log_entries if entry.queue_manager and not connection.calls_out]
    named = next((entry.remote_host for entry in asked if entry.remote_host), "") or (
        _logged(connection, "address") or _logged(connection, "host") if asked else ""
    )
    return _matching(_NUMBER, named.partition("(")[0].strip())


def _logged(connection: Connection, role: str) -> str:
    """The first insert of the connection's entries that holds this, as the catalogue calls it; "" where none does."""
    for entry in connection.log_entries:
        known = message(entry.message) if entry.message else None
        for number, words in known.inserts.items() if known else ():
            if words.startswith(role) and entry.inserts.get(number, "").strip():
                return entry.inserts[number].strip()
    return ""


def of_this_reason(explanation: str, code: int | None) -> str:
    """What a cause means, with the reason code that came instead of those that other clients get.

    Only sentences that say what the application or client gets have codes of several clients.
    """
    if not code or not _GETS.search(explanation):
        return explanation
    return _GETS.sub(lambda match: f"{match[1]}{code}", explanation)


def _matching(allowed: re.Pattern[str], value: str) -> str:
    return value if allowed.fullmatch(value) else ""
