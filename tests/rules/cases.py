"""Small cases: a connection of a few facts, and the ledger that follows from them."""

from collections.abc import Iterable

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import (
    Attempt,
    Client,
    ConfigValue,
    Connection,
    Fact,
    Finding,
    Location,
    LogEntry,
    Phase,
    Proves,
    Setting,
    Structure,
)
from mqtrace.rules import Case, judge, make_case
from mqtrace.settings.ledger import build_ledger


def fact(name: str, value: str = "", proves: Proves = "read", line: int = 1) -> Fact:
    """A fact of the trace."""
    return Fact(name, value, Location("trace", line), f"{name} {value}".strip(), proves)


def used(name: str, value: str = "") -> Fact:
    """A fact that tells a value in force."""
    return fact(name, value, "used")


def not_set(name: str) -> Fact:
    """A fact that tells that a source gives nothing."""
    return fact(name, "", "not-set")


PLAIN = used("mqcd.SSLCipherSpec", "")
SECURED = used("mqcd.SSLCipherSpec", "ECDHE_RSA_AES_256_GCM_SHA384")


def case(
    *facts: Fact, reason: int | None = 2538, phase: Phase = "tcp", client: Client = "c",
    configured: Iterable[tuple[str, ConfigValue]] = (),
    attempts: tuple[Attempt, ...] = (), structures: tuple[Structure, ...] = (), log_entries: tuple[LogEntry, ...] = (),
) -> Case:  # fmt: skip
    """The case of a connection with these facts; `configured`: kind of input and value of what was given beside the
    trace.
    """
    connection = Connection(
        client,
        "trace",
        facts=facts,
        reason_code=reason,
        phase=phase,
        attempts=attempts,
        structures=structures,
        log_entries=log_entries,
    )
    given = Configuration()
    for kind, value in configured:
        given = given.plus(kind, [value])
    rows: tuple[Setting, ...] = build_ledger(connection, given)
    return make_case(connection, rows, given)


def found(one: Case, identity: str) -> list[Finding]:
    """What the rules find of that id."""
    return [finding for finding in judge(one) if finding.id == identity]


def ids(one: Case) -> list[tuple[str, str]]:
    """Id and status of all that the rules find."""
    return [(finding.id, finding.status) for finding in judge(one)]
