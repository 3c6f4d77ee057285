"""Causes that a key repository given beside the trace proves: each with a near miss."""

from datetime import UTC, datetime

import pytest

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, Fact, Finding, Phase
from mqtrace.model.key_store import KeyStore, StoredCertificate
from mqtrace.rules import judge, make_case
from mqtrace.settings.ledger import build_ledger

from .cases import used

MISSING = "tls.certificate-label-not-found"
EXPIRED = "tls.certificate-expired"


def certificate(label: str = "app1", year: int = 2030) -> StoredCertificate:
    begin, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(year, 1, 1, tzinfo=UTC)
    return StoredCertificate(label, "CN=app1", "CN=ca", "1", begin, end, "rsa2048", True, "sha256-rsa")


def store(*certificates: StoredCertificate, source: str = "/tmp/copy/key.kdb", **fields: object) -> KeyStore:
    return KeyStore(source, "cms", certificates, **fields)  # type: ignore[arg-type]


def found(
    given: KeyStore,
    *facts: Fact,
    repository: str = "/home/app/ssl/key",
    label: str = "app1",
    reason: int = 2393,
    phase: Phase = "tls",
    start: str = "2026-11-24T09:00:00.000000",
    utc_offset: int | None = None,
) -> list[Finding]:
    """What is found of the store."""
    told = (used("mqsco.KeyRepository", repository), used("mqcd.CertificateLabel", label), *facts)
    connection = Connection(
        "c", "trace", facts=told, reason_code=reason, phase=phase, start=start, utc_offset=utc_offset
    )
    configuration = Configuration().with_store(given)
    case = make_case(connection, build_ledger(connection), configuration)
    return [each for each in judge(case) if any(line.location.source == given.source for line in each.evidence)]


def ids(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(each.id, each.status) for each in findings]


def test_a_label_that_the_store_does_not_hold_is_a_likely_cause() -> None:
    (finding,) = [each for each in found(store(certificate("app2"))) if each.id == MISSING]
    assert (finding.status, finding.confidence) == ("fail", "likely")
    assert '"app1"' in finding.text
    assert finding.alternatives
    assert finding.fix


@pytest.mark.parametrize(
    ("repository", "source"),
    [
        ("/home/app/ssl/key", "key.kdb"), ("/home/app/ssl/key.kdb", "/tmp/key.kdb"), ("C:\\ssl\\key", "copy/key.p12"),
        ("/home/app/ssl/key", "case.zip!key.kdb"), ("/home/app/ssl/key", "case.zip!ssl/key.kdb"),
    ],
)  # fmt: skip
def test_a_store_is_the_one_used_by_its_file_name(repository: str, source: str) -> None:
    assert (MISSING, "fail") in ids(found(store(certificate("app2"), source=source), repository=repository))


@pytest.mark.parametrize(("repository", "source"), [("/home/app/ssl/key", "/home/app/ssl/other.kdb"), ("", "key.kdb")])
def test_another_store_proves_nothing(repository: str, source: str) -> None:
    assert found(store(certificate("app2"), source=source), repository=repository) == []


def test_a_store_that_holds_the_label_lacks_nothing() -> None:
    assert MISSING not in [each.id for each in found(store(certificate("app1")))]


@pytest.mark.parametrize(("reason", "phase"), [(0, "connected"), (2035, "mqconn"), (2393, "mqconn")])
def test_what_did_not_fail_in_the_handshake_is_only_warned(reason: int, phase: Phase) -> None:
    assert (MISSING, "warn") in ids(found(store(certificate("app2")), reason=reason, phase=phase))


@pytest.mark.parametrize(("start", "expired"), [("2026-11-24T09:00:00", False), ("2031-01-01T00:00:00", True)])
def test_a_certificate_is_judged_at_the_time_of_the_connection(start: str, expired: bool) -> None:
    assert (EXPIRED in [each.id for each in found(store(certificate(year=2030)), start=start)]) == expired


@pytest.mark.parametrize("state", ["locked", "wrong-password", "missing"])
def test_a_store_that_this_run_could_not_look_into_is_no_cause(state: str) -> None:
    assert found(store(state=state, note="Not opened.")) == []


def test_a_store_that_cannot_be_used_is_one() -> None:
    assert ids(found(store(state="unusable", note="It is cut."))) == [("tls.key-repository-unusable", "fail")]


@pytest.mark.parametrize(("utc_offset", "expired"), [(None, True), (0, True), (3600, False), (-3600, True)])
def test_the_time_of_a_trace_is_local(utc_offset: int | None, expired: bool) -> None:
    findings = found(store(certificate(year=2030)), start="2030-01-01T00:30:00.000000", utc_offset=utc_offset)
    assert (EXPIRED in [each.id for each in findings]) == expired
