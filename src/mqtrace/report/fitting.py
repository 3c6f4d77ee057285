"""The steps of a fix made to fit one connection: its own values in the commands, and no steps for other clients.

Values come from foreign input and the commands are meant to be pasted, so a value is used only when it is made of
characters that no shell and no MQSC command reads as anything else; otherwise the word that stands for it stays.
"""

import re
from collections.abc import Iterable

from mqtrace.model import Outcome

_ADDRESS = re.compile(r"([A-Za-z0-9][A-Za-z0-9.-]{0,252})\((\d{1,5})\)")
_NAME = re.compile(r"[A-Z0-9][A-Z0-9._]{0,47}")
_PATH = re.compile(r"/[A-Za-z0-9._/-]{1,250}")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FAMILY = re.compile(r"(C|Java|\.NET): ")
_FAMILIES = {"C": "c", "Java": "java", ".NET": "dotnet"}

_PORT_PLACES = re.compile(
    r"(?<=HOST:)PORT\b|(?<=HOST )PORT\b|(?<=grep )PORT\b|(?<=findstr )PORT\b|(?<=-p )PORT\b|(?<=-Port )PORT\b"
)
_HOST_PLACES = re.compile(
    r"\bHOST(?=:\d| \d| -Port \d)|(?<=getent hosts )HOST\b|(?<=getent ahosts )HOST\b|(?<=nslookup )HOST\b"
)
_QUEUE_MANAGER_PLACES = re.compile(r"(?<=runmqsc )QMGR\b|(?<=-m )QMGR\b")
_CHANNEL_PLACES = re.compile(r"(?<=DISPLAY CHANNEL\()(?:CHANNEL|NAME)(?=\))")
_LABEL_PLACES = re.compile(r"(?<=-label )LABEL\b")
_STORE_PLACES = re.compile(r"/PATH/key\.kdb\b")


def fitted(text: str, outcome: Outcome) -> str:
    """A sentence of the catalogue, fitted.

    The words HOST, PORT, QMGR, CHANNEL, LABEL and /PATH/key.kdb in its commands are filled in where known.
    """
    for places, value in _values(outcome):
        if value:
            text = places.sub(lambda _, value=value: value, text)  # type: ignore[misc]
    return text


def fitting_steps(steps: Iterable[str], outcome: Outcome) -> tuple[str, ...]:
    """The steps that concern this client, fitted.

    Steps that begin with the name of a client family are for that family alone.
    """
    client = outcome.connection.client
    if client == "unknown":
        return tuple(fitted(step, outcome) for step in steps)
    return tuple(fitted(_without_family(step), outcome) for step in steps if _family(step) in ("", client))


def _family(step: str) -> str:
    named = _FAMILY.match(step)
    return _FAMILIES[named[1]] if named else ""


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
    yield _QUEUE_MANAGER_PLACES, _queue_manager(outcome)
    yield _CHANNEL_PLACES, _matching(_NAME, outcome.connection.channel)
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


def _matching(allowed: re.Pattern[str], value: str) -> str:
    return value if allowed.fullmatch(value) else ""
