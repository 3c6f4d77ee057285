"""Causes in the TLS handshake that need more than one line."""

from collections.abc import Iterator

from mqtrace.model import Alternative, Finding
from mqtrace.rules.case import Case
from mqtrace.rules.registry import rule


@rule
def no_key_repository(case: Case) -> Iterator[Finding]:
    """TLS is asked for, and no source gives a key repository."""
    row = case.rows.get("key_repository")
    if case.connection.client != "c" or case.connection.reason_code not in (2381, 2393) or not row:
        return
    if case.value("cipher_spec") and not row.value and row.proof != "unknown":
        text = f"CipherSpec {case.value('cipher_spec')} asks for TLS, and no source gives a key repository."
        how = "The client's AMQERR01.LOG names the key repository that was tried, if any."
        evidence = row.evidence + case.evidence("cipher_spec")[:1]
        yield Finding("tls.no-key-repository", "fail", text, "likely", evidence, (Alternative("tls.key-repository-unusable", how),))
