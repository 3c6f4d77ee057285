"""Causes in the TLS handshake that need more than one line."""

from collections.abc import Iterator

from mqtrace.catalog.ciphers import cipher_spec
from mqtrace.model import Alternative, Finding
from mqtrace.model.text import text
from mqtrace.rules.case import Case, rule
from mqtrace.rules.messages import suite_meant

# What an application gets where the CipherSpec is not known.
TLS_REASONS = (2393, 2397, 2400)
# Facts of a handshake, or of GSKit at work: neither is there without a key repository.
OF_HANDSHAKE = ("gskit.", "tls.alert", "tls.messages", "tls.server_certificate")


def _is_repository_there(case: Case) -> bool:
    """Whether the trace or a log that belongs to it shows that the client had got past opening a key repository."""
    if any(fact.name.startswith(OF_HANDSHAKE) for fact in case.facts):
        return True
    if not case.connection.log_entries:
        return False
    from mqtrace.catalog.messages import cause_of_message, message
    from mqtrace.evidence.log_entries import written_by

    named = ((message(entry.message) if entry.message else None, entry) for entry in case.connection.log_entries)
    causes = {cause_of_message(info, written_by(entry), entry.inserts) for info, entry in named if info}
    return any(cause.startswith("tls.") and cause != "tls.no-key-repository" for cause in causes)


@rule
def no_key_repository(case: Case) -> Iterator[Finding]:
    """TLS is asked for, and no source gives a key repository."""
    row = case.rows.get("key_repository")
    if case.connection.client != "c" or case.connection.reason_code not in (2381, 2393) or not row:
        return
    if case.value("cipher_spec") and not row.value and row.proof != "unknown" and not _is_repository_there(case):
        template = "CipherSpec {cipher_spec} asks for TLS, and no source gives a key repository."
        how = "The client's AMQERR01.LOG names the key repository that was tried, if any."
        evidence = row.evidence + case.evidence("cipher_spec")[:1]
        yield Finding(
            "tls.no-key-repository",
            "fail",
            text(template, cipher_spec=case.value("cipher_spec")),
            "likely",
            evidence,
            (Alternative("tls.key-repository-unusable", how),),
        )


@rule
def suite_in_place_of_a_cipherspec(case: Case) -> Iterator[Finding]:
    """A table given beside a log or a program's output has the name of a cipher suite as its CipherSpec."""
    if case.connection.facts or case.connection.reason_code not in TLS_REASONS:
        return
    given = case.value("cipher_spec")
    if case.source("cipher_spec") != "ccdt" or cipher_spec(given) is not None:
        return
    sentence = suite_meant(given)
    if sentence:
        others = (Alternative("tls.initialization", "The client's AMQERR01.LOG has no AMQ9635 at this moment."),)
        evidence = case.evidence("cipher_spec")
        yield Finding("tls.cipherspec-unknown", "fail", sentence, "likely", evidence, others)


@rule
def handshakes_that_may_be_this_one(case: Case) -> Iterator[Finding]:
    """Why a handshake beside the trace failed that no time ties to this connection, nor away from it."""
    if not case.connection.perhaps_tls or case.connection.reason_code == 0:
        return
    from mqtrace.rules.outcome import handshake_cause

    for handshake in case.connection.perhaps_tls:
        cause = handshake_cause(handshake)
        if cause:
            named = any(case.anywhere("tls.server_name"))
            template = (
                "A handshake with the same server name" if named else "A handshake"
            ) + ", recorded in {source}, failed so. Its time does not tell whether it is this connection's."
            sentence = text(template, source=handshake.location.source)
            yield Finding(cause.id, "fail", sentence, "possible", cause.evidence, cause.alternatives)
