"""Causes that entries of error logs name. The catalogue of messages is read only where there are such entries."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mqtrace.catalog.gskit import WrittenBy
from mqtrace.kept import compiled
from mqtrace.model import Alternative, Confidence, Connection, Finding, LogEntry
from mqtrace.model.text import Named, Text, joined, text
from mqtrace.rules.case import Case, rule

if TYPE_CHECKING:
    from mqtrace.catalog.ciphers import CipherSpec
    from mqtrace.catalog.messages import MessageInfo

# The code that an application gets for whatever a queue manager does not explain.
GENERAL_REASON = 2059
# What clients report of a handshake that failed, by family and level: the managed .NET client says 2538.
TLS_REASONS = (2009, 2393, 2397, 2538)
# Causes of messages that name the host and leave the rest to what is nested in them.
GENERAL_CAUSES = ("network.host-unavailable", "network.connection-broken")
# Beginnings of what the catalogue calls the inserts that are worth saying, and how much of one is said.
NAMED = ("user", "object", "missing permissions", "active values", "rule", "label", "CipherSpec", "transport")
LONGEST = 120
# Beginnings of the names of cipher suites, and the room for a CipherSpec in the MQCD.
SUITES = ("TLS_", "SSL_")
LONGEST_CIPHER_SPEC = 32
PLAIN_CLIENT = "tls.client-plain-server-tls"
# How the text of an entry begins whose exception stands above it, without a word that ties the two.
ABOVE = "right above: "
# "APP.QUEUE [queue]", and words that no shell reads as anything else.
_OBJECT = compiled(r"(?P<name>[A-Za-z0-9._/%]{1,48}) \[(?P<type>[a-z]{2,12})\]")
_WORD = compiled(r"[A-Za-z0-9_.]{1,64}")
_QUOTED = compiled(r"'([^']{1,300})'")


@rule
def log_entries_that_name_a_cause(case: Case) -> Iterator[Finding]:
    """Each entry of the connection whose message is known to name a cause; its inserts sharpen it."""
    entries = _entries(case)
    if not entries:
        return
    from mqtrace.catalog.messages import cause_of_message, message
    from mqtrace.evidence.log_entries import evidence_of, insert_of, written_by

    for entry in entries:
        info = message(entry.message) if entry.message else None
        if info is None or info.role == "consequence":
            continue
        end = written_by(entry)
        cause = cause_of_message(info, end, entry.inserts or dict(enumerate(entry.quoted[:1], 3)))
        codes = info.reason_codes + (TLS_REASONS if cause.startswith("tls.") else ())
        named: Confidence = "likely" if _is_sharper(cause, info, end) else info.confidence or "possible"
        confidence = _at_most(named, case.connection, entry, end, codes)
        if cause and confidence and not _is_denied(cause, case):
            alternatives = tuple(other for other in info.alternatives if other.id != cause)
            other_end = _other_end(entry) if end == "server" else ""
            suite = suite_meant(insert_of(entry, "CipherSpec").strip())
            sentence = joined(filter(None, (other_end, _named(entry), suite)))
            proof = (evidence_of(entry),)
            fix = _grant(entry)
            yield Finding(cause, "fail", sentence, confidence, proof, alternatives, fix=fix, tie=entry.tie, end=end)


def _entries(case: Case) -> tuple[LogEntry, ...]:
    """The entries of the connection, and what its last attempt threw in the trace with the code that came back: of
    several addresses the failure of another one may have counted, which is thrown again in the end.
    """
    from mqtrace.evidence.written_messages import thrown_entries

    thrown = thrown_entries(case.facts, case.connection.process)
    codes = (None, case.connection.reason_code)
    known = case.connection.reason_code is not None
    return (*case.connection.log_entries, *(each for each in thrown if not known or each.reason_code in codes))


def _is_sharper(cause: str, info: "MessageInfo", end: WrittenBy) -> bool:
    """Whether a message that is only possibly of its cause has an insert that names a better one."""
    general = info.cause_client if end == "client" else info.cause_server
    return info.confidence == "possible" and bool(info.sharpened_by) and cause != general


def _other_end(entry: LogEntry) -> str:
    """Who the other end was, as the queue manager's log names it; "" where it does not."""
    from mqtrace.evidence.log_entries import other_end_of

    other = other_end_of(entry)
    return text("The other end was {address}.", address=other) if other else ""


def _named(entry: LogEntry) -> str:
    """Whom and what the message names in its inserts, such as user, object, rule, label; "" where it names none."""
    from mqtrace.catalog.messages import message

    info = message(entry.message)
    known = info.inserts if info else {}
    roles = {number: role.partition(" (")[0] for number, role in known.items() if role.startswith(NAMED)}
    named = [
        text("{role} '{value}'", role=Text((role,)), value=Named(role, entry.inserts[number].strip()[:LONGEST]))
        for number, role in roles.items()
        if entry.inserts.get(number)
    ]
    return text("The log names {inserts}.", inserts=joined(named, ", ")) if named else ""


def _grant(entry: LogEntry) -> tuple[str, ...]:
    """The command that grants what was missing; none where the message does not say it in words that can be pasted."""
    from mqtrace.evidence.log_entries import insert_of

    user, wanted = insert_of(entry, "user").strip(), insert_of(entry, "missing permissions").split()
    accessed = _OBJECT.fullmatch(insert_of(entry, "object").strip())
    if accessed is None or not wanted or not all(_WORD.fullmatch(word) for word in (user, *wanted)):
        return ()
    name = "" if accessed["type"] == "qmgr" else text(" -n {object}", object=accessed["name"])
    rights = " ".join(f"+{word}" for word in wanted)
    command = "Grant it, if it is meant to be:   setmqaut -m QMGR{name} -t {type} -p {user} {rights}"
    return (text(command, name=name, type=accessed["type"], user=user, rights=rights),)


def suite_meant(given: str) -> str:
    """The CipherSpec that is meant where one is the name of a cipher suite of TLS or Java, whole or cut; else ""."""
    if not given.startswith(SUITES):
        return ""
    from mqtrace.catalog.ciphers import all_cipher_specs

    is_cut = len(given) == LONGEST_CIPHER_SPEC
    specs = [spec for spec in all_cipher_specs() if spec.name != given and _is_suite_of(given, spec, is_cut=is_cut)]
    if not specs:
        return ""
    cut = text(", cut at {length} characters", length=LONGEST_CIPHER_SPEC) if is_cut else ""
    return text(
        "'{suite}' is the name of a cipher suite{cut}, and no CipherSpec: the CipherSpec is {cipher_spec}.",
        suite=given,
        cut=cut,
        cipher_spec=" or ".join(dict.fromkeys(spec.name for spec in specs)),
    )


def _is_suite_of(given: str, spec: "CipherSpec", *, is_cut: bool) -> bool:
    return any(name == given or (is_cut and name.startswith(given)) for name in (spec.iana, *spec.java))


def _at_most(
    confidence: Confidence, connection: Connection, entry: LogEntry, end: WrittenBy, codes: tuple[int, ...]
) -> Confidence | None:
    """How surely an entry that was paired with a connection tells its cause; None where
    the trace's reason code denies it.

    A log alone is its own connection. An entry of the queue manager that fits a trace by channel and time may be
    another client's; one of the client's own log is surely the connection's only where host, process, thread and time
    are the same (`entry.tie`).
    """
    own = end == "client" and entry.process is not None and entry.process == connection.process
    if entry.tie == "same" and (own or not connection.facts):
        return confidence
    if codes and connection.reason_code not in (*codes, None):
        return "possible" if connection.reason_code == GENERAL_REASON or len(connection.attempts) > 1 else None
    return "possible" if "possible" in (confidence, entry.tie) else "likely"


def _is_denied(cause: str, case: Case) -> bool:
    """Whether the trace shows that the client used TLS where the entry is of one that did not, or the reverse."""
    if not case.connection.facts or not cause.startswith("tls."):
        return False
    return bool(case.value("cipher_spec")) if cause == PLAIN_CLIENT else case.plain


@rule
def exceptions_of_programs(case: Case) -> Iterator[Finding]:
    """What the exceptions under a message or reason code name, where that itself is general."""
    entries = [entry for entry in _entries(case) if not case.connection.facts or entry.thread]
    if not entries:
        return
    from mqtrace.evidence.log_entries import evidence_of

    for entry in entries:
        causes = _causes_of_exceptions(entry)
        for cause in causes:
            how = "One of the exceptions names it: see which address each is of."
            others = tuple(Alternative(other, how) for other in causes if other != cause)
            sure: Confidence = "certain" if entry.tie == "same" and not others else "possible"
            if entry.text.startswith(ABOVE):
                general = "tls.initialization" if cause.startswith("tls.") else GENERAL_CAUSES[0]
                how = "The exception only stands right above: see whether its stack is one of MQ's connection."
                sure, others = "likely" if sure == "certain" else sure, (*others, Alternative(general, how))
            yield Finding(cause, "fail", "", sure, (evidence_of(entry),), others, tie=entry.tie)


def _causes_of_exceptions(entry: LogEntry) -> tuple[str, ...]:
    """Ids of the causes that the exceptions of an entry name; none where its message names one itself, or a queue
    manager wrote it.
    """
    from mqtrace.catalog.java_exceptions import client_causes
    from mqtrace.catalog.messages import message
    from mqtrace.evidence.log_entries import written_by

    info = message(entry.message) if entry.message else None
    if info is not None and info.cause_client not in ("", *GENERAL_CAUSES):
        return ()
    if written_by(entry) != "client":
        return ()
    return client_causes(f"{entry.text} {' '.join(entry.inserts.values())}", entry.client, entry.reason_code)


@rule
def messages_in_the_trace(case: Case) -> Iterator[Finding]:
    """A message id in the trace itself: the client wrote that message at this moment."""
    named = [fact for fact in case.facts if fact.name == "message"]
    if case.connection.reason_code == 0 or not named:
        return
    from mqtrace.catalog.messages import cause_of_message, message

    for fact in named:
        info = message(fact.value)
        if info is None or info.role != "cause" or not cause_of_message(info, "client", _quoted_insert(fact.text)):
            continue
        confidence: Confidence = "possible" if info.sharpened_by or info.confidence != "certain" else "likely"
        how = "The client's AMQERR01.LOG has this message with its inserts."
        alternatives = info.alternatives or (Alternative("network.host-unavailable", how),)
        alternatives = tuple(other for other in alternatives if other.id != info.cause_client)
        yield Finding(info.cause_client, "fail", "", confidence, (fact.evidence,), alternatives)


def _quoted_insert(text: str) -> dict[int, str]:
    """The first text in quotes as the first comment insert, which it is where a message stands without its inserts."""
    quoted = _QUOTED.search(text)
    return {3: quoted[1]} if quoted else {}
