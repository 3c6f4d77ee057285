"""What the evidence does not tell, and how to find out."""

from collections.abc import Iterator, Sequence

from mqtrace.catalog.tracing import how_to_trace
from mqtrace.model import Finding
from mqtrace.model.text import Named, Text, joined, text
from mqtrace.rules.case import Case, rule

# Settings whose source is worth knowing when a connection failed over TLS, and when it failed otherwise.
OF_TLS = ("key_repository", "certificate_label", "cipher_spec")
UNREAD = "It may stand in the part of the trace that was not read: leave out --since, --until and --quick."
REASON = "reason"
ALWAYS = ("channel", "address")
# What a local connection to a queue manager that is not there gets too, and beginnings of facts that only a client
# gives.
LOCAL_REASONS = (2058, 2059)
OF_CLIENT = ("session.", "call.client", "tls.", "peer.", "socket.", "mqcd.", "gskit.")
# Beginnings of facts that are more exact than the outer reason code.
MORE_EXACT = ("socket.errno", "gskit.", "tls.alert", "openssl.", "error_segment.", "inner.reason", "thrown")


def _gap(identity: str, question: str, how: str) -> Finding:
    return Finding(f"gap.{identity}", "skip", question, "possible", how_to_find_out=how)


@rule
def call_without_an_end(case: Case) -> Iterator[Finding]:
    """The trace ends before the call returns, or there is no trace at all: only a handshake."""
    connection = case.connection
    if connection.reason_code is not None or connection.log_entries or not connection.facts:
        return
    if not connection.thread:
        question = "What the application got: a handshake alone does not tell."
        log = how_to_trace(connection.client, "log")
        yield _gap("end", question, text("Give {log}; or a trace of the client", log=Text([log])))
    else:
        asked = "How the call of thread {thread} ended: the trace ends before it does."
        how = "Let the program run until it reports the failure, then end the trace and collect it"
        if connection.read_in_part:
            asked = "How the call of thread {thread} ended: what was read of the trace ends before it does."
            how = UNREAD
        yield _gap("end", text(asked, thread=connection.thread), how)


@rule
def lines_missing_in_the_call(case: Case) -> Iterator[Finding]:
    """The calls of the thread do not nest, or the counters of the trace jump: what missing lines said is unknown."""
    hole = case.connection.hole
    if hole:
        asked = (
            "What the lines said that are missing from the trace inside the call of thread {thread}. The next that was "
            "read is line {line}."
        )
        how = "Trace again into a larger file, which does not wrap around, and give the whole of it"
        yield _gap("hole", text(asked, thread=case.connection.thread, line=hole.location.line), how)


@rule
def source_of_a_setting(case: Case) -> Iterator[Finding]:
    """Nothing tells where a setting that matters comes from."""
    connection = case.connection
    if not connection.reason_code or connection.client == "unknown" or connection.phase == "connected":
        return
    for name in ALWAYS + (OF_TLS if case.find("tls.begins") or case.value("cipher_spec") else ()):
        row = case.rows.get(name)
        if row is None or not (row.source == "unknown" or (row.source == "none" and row.proof == "unknown")):
            continue
        asked = "Where does the {setting} '{value}' come from?" if row.value else "Which {setting} was in force?"
        question = text(asked, setting=name.replace("_", " "), value=Named(name, row.value))
        begin = UNREAD if connection.read_in_part else how_to_trace(connection.client, "begin")
        how = joined(["No line of the inputs shows it.", begin])
        yield _gap(f"setting-{name.replace('_', '-')}", question, how)


@rule
def connection_without_a_session(case: Case) -> Iterator[Finding]:
    """A C program connected, or met no queue manager, and nothing shows that it was a client: it may be local."""
    connection = case.connection
    if connection.client != "c" or not connection.thread or connection.reason_code not in (0, *LOCAL_REASONS):
        return
    if connection.phase not in ("settings", "connected") or not connection.facts:
        return
    if (
        connection.attempts
        or connection.structures
        or any(fact.name.startswith(OF_CLIENT) for fact in connection.facts)
    ):
        return
    asked = "Whether the call of thread {thread} used a channel at all: the trace shows no session of a client."
    how = (
        "A program linked with the library of the server connects on its own host and reads no channel, unless "
        "MQ_CONNECT_TYPE=CLIENT. As a client:"
    )
    detail = how_to_trace(connection.client, "detail")
    yield _gap("client", text(asked, thread=connection.thread), joined([how, detail]))


@rule
def one_of_several_ini_files(case: Case) -> Iterator[Finding]:
    """Several ini files of clients are given, and the trace does not tell which one was read."""
    row = case.rows.get("mqclient_ini")
    used = row.value if row and (row.value or row.value_proof == "traced") else None
    files = case.given.of_ini(used).ini_files if len(case.given.ini_files) > 1 else ()
    if len(files) > 1:
        asked = "Which mqclient.ini the client read: {files} can each be it, so only what all of them say counts."
        question = text(asked, files=joined((Named("source", file) for file in files), ", "))
        yield _gap(
            "ini",
            question,
            "Give only the one of the program: of MQCLNTCF, else of its working directory, of the data directory, "
            "of its home",
        )


@rule
def reason_alone(case: Case) -> Iterator[Finding]:
    """Nothing but the outer reason code speaks of the failure."""
    connection = case.connection
    if not connection.reason_code or connection.log_entries:
        return
    if any(fact.name.startswith(MORE_EXACT) for fact in case.facts):
        return
    asked = "Why {reason_code} came back: nothing in the inputs is more exact than the code."
    question = text(asked, reason_code=connection.reason_code)
    log, detail = how_to_trace(connection.client, "log"), how_to_trace(connection.client, "detail")
    how = text("Give {log}. Or trace more: {detail}", log=Text([log]), detail=Text([detail]))
    yield _gap(REASON, question, how)


@rule
def certificate_of_the_other_end(case: Case) -> Iterator[Finding]:
    """A certificate was refused, and the inputs do not show which one came."""
    refused = any(
        fact.name in ("tls.server_certificate_refused", "gskit.validation")
        or (fact.name == "gskit.code" and fact.value == "414")
        for fact in case.facts
    )
    if (
        refused
        and not any(fact.name == "tls.server_certificate" for fact in case.facts)
        and not (case.connection.tls and case.connection.tls.certificates)
    ):
        address = case.value("address") or "HOST(PORT)"
        target = address.partition(",")[0].replace("(", ":").replace(")", "")
        question = "Which certificate the queue manager sent: the inputs do not show it."
        how = "See it with its chain and dates:   openssl s_client -connect {address} -showcerts </dev/null"
        yield _gap("certificate", question, text(how, address=target))


def settled(findings: Sequence[Finding], certain: bool) -> list[Finding]:
    """The findings without the question that a certain cause answers."""
    return [finding for finding in findings if not (certain and finding.id == f"gap.{REASON}")]
