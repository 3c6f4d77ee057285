"""Causes that entries of error logs name. The catalogue of messages is read only where there are such entries."""

from collections.abc import Iterator

from mqtrace.model import Alternative, Confidence, Finding
from mqtrace.rules.case import Case
from mqtrace.rules.registry import rule


@rule
def log_entries_that_name_a_cause(case: Case) -> Iterator[Finding]:
    """Each entry of the connection whose message is known to name a cause; its inserts sharpen it."""
    if not case.connection.log_entries:
        return
    from mqtrace.catalog.messages import cause_of_message, message
    from mqtrace.evidence.conversations import evidence_of, written_by

    for entry in case.connection.log_entries:
        info = message(entry.message) if entry.message else None
        if info is None or info.role == "consequence":
            continue
        cause = cause_of_message(info, written_by(entry), entry.inserts)
        if cause:
            alternatives = tuple(each for each in info.alternatives if each.id != cause)
            yield Finding(cause, "fail", "", info.confidence or "possible", (evidence_of(entry),), alternatives)


@rule
def messages_in_the_trace(case: Case) -> Iterator[Finding]:
    """A message id in the trace itself: the client wrote that message at this moment."""
    told = [fact for fact in case.facts if fact.name == "message"]
    if case.connection.reason_code == 0 or not told:
        return
    from mqtrace.catalog.messages import message

    for fact in told:
        info = message(fact.value)
        if info is None or info.role != "cause" or not info.cause_client:
            continue
        confidence: Confidence = "possible" if info.sharpened_by or info.confidence != "certain" else "likely"
        how = "The client's AMQERR01.LOG has this message with its inserts."
        alternatives = info.alternatives or (Alternative("network.host-unavailable", how),)
        yield Finding(info.cause_client, "fail", "", confidence, (fact.evidence,), alternatives)
