"""Causes that a key repository given beside the trace proves: what is not in it, or no longer valid."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from mqtrace.model import Alternative, Evidence, Finding, Location, Status
from mqtrace.rules.case import Case, rule

if TYPE_CHECKING:
    from mqtrace.model.key_store import KeyStore

# Reason codes that a client gets when TLS fails on its own side or in the handshake.
TLS_REASONS = (2009, 2059, 2381, 2393, 2397, 2538)
# Problems that only say that this run could not look into the store.
NOT_LOOKED_AT = ("tls.key-repository-password", "tls.key-repository-missing")
OTHER_STORE = (
    Alternative(
        "tls.initialization",
        "The store given beside the trace may not be the one that was used then: compare its date and place.",
    ),
)


def _is_used(store: "KeyStore", used: str) -> bool:
    """Whether a given store can be the key repository that was used: the same file name, with or without suffix."""
    name = store.source.replace("\\", "/").rpartition("/")[2].rpartition("!")[2]
    wanted = used.replace("\\", "/").rpartition("/")[2]
    return bool(wanted) and wanted in (name, name.rpartition(".")[0])


def _when(case: Case) -> datetime:
    """When the connection was made, now where no input tells the date."""
    start = case.connection.start
    if "T" not in start:
        return datetime.now(UTC)
    return datetime.fromisoformat(start.removesuffix("Z")).replace(tzinfo=UTC) - timedelta(
        seconds=case.connection.utc_offset or 0
    )


@rule
def problems_of_the_key_repository(case: Case) -> Iterator[Finding]:
    """What is wrong with the given store for the label and CipherSpec in force, at the time of the connection."""
    stores = [store for store in case.given.stores if _is_used(store, case.value("key_repository"))]
    if not stores:
        return
    from mqtrace.keys.check import CheckRequest, check

    failed = case.connection.reason_code in TLS_REASONS and case.connection.phase in (
        "settings",
        "tcp",
        "tls",
        "negotiation",
    )
    status: Status = "fail" if failed else "warn"
    label = case.value("certificate_label") if case.source("certificate_label") != "default" else ""
    for store in stores:
        request = CheckRequest(_when(case), label=label, cipher=case.value("cipher_spec"))
        for problem in check(store, request):
            if problem.id in NOT_LOOKED_AT:
                continue
            evidence = (Evidence(Location(store.source, 0), problem.text), *case.evidence("key_repository")[:1])
            yield Finding(problem.id, status, problem.text, "likely", evidence, OTHER_STORE, fix=problem.fix)
