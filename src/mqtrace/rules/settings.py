"""Causes that lie in the settings: where they came from, and what they hid."""

from collections.abc import Iterator

from mqtrace.model import Alternative, Candidate, Client, Evidence, Fact, Finding, Setting, Status
from mqtrace.model.text import Named, Text, as_sentence, text
from mqtrace.rules.case import Case, rule
from mqtrace.settings.connection_string import MALFORMED, as_the_client_reads, is_valid

HIDERS = {
    "env:MQSERVER": ("settings.mqserver-hides-ccdt", "MQSERVER"),
    "ini:Channels.ServerConnectionParms": ("settings.ini-channel-hides-ccdt", "ServerConnectionParms of mqclient.ini"),
}
# What the application gets when this end speaks plain text and the channel wants TLS: 2393 (C), 2397 (Java), 2009 or
# 2059 (.NET).
PLAIN_REFUSED = {2393, 2397, 2009, 2059, 2539, 2540}
# A connection that works in plain text although it need not; the report says so first.
WITHOUT_TLS = "settings.connected-without-tls"
NO_TABLE = {2058, 2059, 2278}
READ_MQSERVER = ("c", "dotnet")


def _hidden_tables(case: Case) -> list[Candidate]:
    row = case.rows.get("ccdt")
    candidates = row.candidates if row else ()
    return [candidate for candidate in candidates if candidate.value and candidate.state == "overridden"]


@rule
def channel_hides_the_table(case: Case) -> Iterator[Finding]:
    """A channel of MQSERVER or mqclient.ini makes the client leave the channel table aside, and can carry no TLS."""
    hider = HIDERS.get(case.source("channel"))
    if not hider:
        return
    tables = _hidden_tables(case)
    given = [fact for fact in case.given.facts if fact.name == "table.name"]
    if not tables and not given:
        return
    identity, name = hider
    evidence = (
        case.evidence("channel")
        + tuple(line for table in tables for line in table.evidence)
        + tuple(fact.evidence for fact in given[:1])
    )
    table = tables[0].value if tables else given[0].location.source
    sentence = text(
        "{giver} gave channel {channel}; the channel table {ccdt} was not looked at. {giver} cannot carry TLS "
        "settings.",
        giver=name,
        channel=case.value("channel"),
        ccdt=table,
    )
    fails = case.plain and case.connection.reason_code in PLAIN_REFUSED and not case.find("error_segment.status")
    if fails:
        how = "DISPLAY CHANNEL(NAME) SSLCIPH on the queue manager: where it is blank, TLS is not the reason."
        other = (Alternative("tls.client-plain-server-tls", how),)
        yield Finding(identity, "fail", sentence, "likely", evidence, other)
    else:
        yield Finding(identity, "warn", sentence, "certain", evidence)


@rule
def first_match_without_tls(case: Case) -> Iterator[Finding]:
    """The entry of the table in force has no CipherSpec, and another one for the same queue manager name has one."""
    if case.source("channel") != "ccdt" or not case.plain:
        return
    channel = case.value("channel")
    facts = case.given.of_table(case.value("ccdt") or None).facts
    managers = {fact.thread: fact.value for fact in facts if fact.name == "table.queuemanager"}
    secured = (fact for fact in facts if fact.name == "table.cipherspecification" and fact.value)
    other = next((fact for fact in secured if managers.get(fact.thread, "") == managers.get(channel, "")), None)
    if other is None or other.thread == channel:
        return
    template = "Channel {channel} of the table has no CipherSpec; {other} for the same queue manager has one."
    sentence = text(template, channel=channel, other=other.thread)
    evidence = (*case.evidence("channel"), other.evidence)
    if case.connection.reason_code in PLAIN_REFUSED - {2540} and not case.find("error_segment.status"):
        how = "DISPLAY CHANNEL(NAME) SSLCIPH on the queue manager: where it is blank, TLS is not the reason."
        other_cause = (Alternative("tls.client-plain-server-tls", how),)
        yield Finding("settings.ccdt-first-match-without-tls", "fail", sentence, "likely", evidence, other_cause)
    else:
        yield Finding("settings.ccdt-first-match-without-tls", "warn", sentence, "certain", evidence)


@rule
def plain_client_refused(case: Case) -> Iterator[Finding]:
    """No CipherSpec is in force here, and the failure is the one that a channel with TLS gives."""
    if not case.plain or case.connection.reason_code not in (2393, 2397):
        return
    template = "Channel {channel} has no CipherSpec on this side, and a TLS failure came back."
    sentence = text(template, channel=case.value("channel"))
    how = "DISPLAY CHANNEL(NAME) SSLCIPH on the queue manager; its AMQERR01.LOG has AMQ9639 at this time."
    evidence = case.evidence("cipher_spec") or case.evidence("channel")
    other = (Alternative("tls.initialization", how),)
    yield Finding("tls.client-plain-server-tls", "fail", sentence, "likely", evidence, other)


@rule
def connection_string_invalid(case: Case) -> Iterator[Finding]:
    """MQSERVER lacks one of its three parts."""
    for name in ("mqserver", "env.MQSERVER"):
        fact = next(iter(case.anywhere(name)), None)
        if fact and fact.value and fact.proves != "not-set" and not is_valid(fact.value):
            failed = case.connection.reason_code in NO_TABLE and case.connection.phase == "settings"
            status: Status = "fail" if failed else "warn"
            yield Finding("settings.mqserver-invalid", status, _invalid(fact), "certain", (fact.evidence,))
            return


def _invalid(fact: Fact) -> Text:
    return text("MQSERVER is '{mqserver}'; it must be CHANNEL/TCP/HOST(PORT).", mqserver=fact.value)


def _is_malformed(given: str, client: Client) -> bool:
    return not is_valid(given) or (client == "c" and as_the_client_reads(given).reason == MALFORMED)


@rule
def given_connection_string_invalid(case: Case) -> Iterator[Finding]:
    """MQSERVER of an environment given beside a log or a program's output is not of the form it must have."""
    if case.connection.facts or case.connection.client not in READ_MQSERVER:
        return
    for fact in case.given.facts:
        if fact.name == "env.MQSERVER" and fact.value and _is_malformed(fact.value, case.connection.client):
            status: Status = "fail" if case.connection.reason_code in NO_TABLE else "warn"
            yield Finding("settings.mqserver-invalid", status, _invalid(fact), "likely", (fact.evidence,))
            return


@rule
def channel_table_missing(case: Case) -> Iterator[Finding]:
    """The channel table that the client opened is not there; where nobody named one, there is no channel at all."""
    if case.connection.reason_code not in NO_TABLE:
        return
    missing = next((fact for fact in case.anywhere("file.not_found") if _is_table(fact, case)), None)
    message = next((fact for fact in case.anywhere("message") if _is_of_table(fact, case)), None)
    if not missing and not message:
        return
    evidence = tuple(fact.evidence for fact in (missing, message) if fact) + case.evidence("ccdt")[:1]
    table = missing.value if missing else case.value("ccdt")
    if case.source("ccdt") in ("default", "none"):
        template = "No source gives a channel, and the table that is looked for by default, {ccdt}, does not exist."
        sentence = text(template, ccdt=table)
        how = "If a table was meant to be there, put it there or name it; else give a channel."
        yield Finding(
            "settings.no-channel", "fail", sentence, "certain", evidence, (Alternative("settings.ccdt-missing", how),)
        )
    sentence = text("The channel table {ccdt} does not exist.", ccdt=table)
    if case.source("ccdt") == "unknown":
        how = "If nobody named this table, no channel was given at all; the trace does not hold what was set."
        yield Finding(
            "settings.ccdt-missing", "fail", sentence, "likely", evidence, (Alternative("settings.no-channel", how),)
        )
    else:
        yield Finding("settings.ccdt-missing", "fail", sentence, "certain", evidence)


def _is_of_table(fact: Fact, case: Case) -> bool:
    """Whether a message says that a file was not found, and where it names the file, that
    this is the table: exits are files as well."""
    name = case.value("ccdt").replace("\\", "/").rpartition("/")[2]
    return fact.value == "AMQ9518" and ("'" not in fact.text or bool(name and name in fact.text))


def _is_table(fact: Fact, case: Case) -> bool:
    table = case.value("ccdt").replace("\\", "/").rpartition("/")[2]
    return bool(table) and fact.value.replace("\\", "/").endswith(table)


@rule
def channel_table_invalid(case: Case) -> Iterator[Finding]:
    """The client could not read the channel table."""
    fact = next(iter(case.anywhere("ccdt.not_valid")), None)
    if fact and case.connection.reason_code:
        template = "The channel table {ccdt} is not valid: {said}"
        sentence = text(template, ccdt=case.value("ccdt"), said=fact.value or "the client could not read it")
        yield Finding("settings.ccdt-invalid", "fail", sentence, "certain", (fact.evidence, *case.evidence("ccdt")[:1]))


@rule
def no_match_in_table(case: Case) -> Iterator[Finding]:
    """The table has no entry for the queue manager name."""
    fact = next((fact for fact in reversed(list(case.anywhere("ccdt.match")))), None)
    if fact and fact.value == "False" and case.connection.reason_code in NO_TABLE:
        template = "The channel table {ccdt} has no client channel for queue manager name {queue_manager}."
        name = case.value("queue_manager") or Text(("(blank)",))
        sentence = text(template, ccdt=case.value("ccdt"), queue_manager=name)
        evidence = (fact.evidence, *case.evidence("ccdt")[:1])
        yield Finding("settings.ccdt-no-match", "fail", sentence, "certain", evidence)


@rule
def given_but_not_read(case: Case) -> Iterator[Finding]:
    """A source gives a value, and this client family does not read that source."""
    for row in case.rows.values():
        for candidate in row.candidates:
            if candidate.state == "ignored" and candidate.value:
                sentence = text(
                    "{giver} gives {setting} '{value}', which this client does not read.",
                    giver=candidate.source,
                    setting=row.name.replace("_", " "),
                    value=Named(row.name, candidate.value),
                )
                yield Finding("settings.ignored-by-client", "warn", sentence, "certain", candidate.evidence)


@rule
def fields_beyond_the_version(case: Case) -> Iterator[Finding]:
    """A structure holds a value in a field beyond its stated version: the classic silent loss of a CipherSpec."""
    for structure in case.connection.structures:
        for field in structure.not_in_force:
            sentence = text(
                "{structure} is version {version}; its {field} '{value}' belongs to a later version and does not "
                "count.",
                structure=structure.name,
                version=structure.version,
                field=field.name,
                value=Named(field.name, field.value),
            )
            yield Finding("settings.structure-version-too-low", "warn", sentence, "certain", structure.evidence)


INI_FINDINGS = {
    "unknown-stanza": "settings.ini-unknown-key",
    "unknown-key": "settings.ini-unknown-key",
    "wrong-stanza": "settings.ini-unknown-key",
    "ignored-by-client": "settings.ignored-by-client",
}


@rule
def ini_file_with_mistakes(case: Case) -> Iterator[Finding]:
    """A given mqclient.ini has names that mean nothing, or that this client does not read."""
    if not case.given.ini:
        return
    from mqtrace.settings.ini_lint import lint_ini

    for problem in lint_ini(case.given.ini, case.connection.client):
        identity = INI_FINDINGS.get(problem.kind)
        if identity:
            evidence = (Evidence(problem.location, problem.text),)
            yield Finding(identity, "warn", as_sentence(problem.text), "certain", evidence)


@rule
def ini_file_not_read(case: Case) -> Iterator[Finding]:
    """The trace shows that no mqclient.ini, or another one, was read than the one given beside it."""
    row = case.rows.get("mqclient_ini")
    if not row or row.value_proof != "traced" or not case.given.ini or case.given.of_ini(row.value).ini:
        return
    source = case.given.ini[0].location
    read = text("the client read {ini}" if row.value else "the client found no mqclient.ini", ini=row.value)
    template = "{source} was given, but {read}: what stands in it did not count."
    sentence = text(template, source=source.source, read=read)
    evidence = (*row.evidence, Evidence(source, source.source))
    yield Finding("settings.ini-not-read", "warn", sentence, "certain", evidence)


@rule
def trace_against_precedence(case: Case) -> Iterator[Finding]:
    """The value in force is not the one that precedence says: the trace wins, and the order is worth a look."""
    for row in case.rows.values():
        first = next((candidate for candidate in row.candidates if _is_first(candidate)), None)
        # The program goes before all others, wherever its structure stands in the list of candidates.
        if row.source in ("application", "none") or row.proof != "traced" or not row.value or first is None:
            continue
        if first.state != "overridden" or first.source == row.source:
            continue
        sentence = text(
            "{difference} The trace is believed.{doubt}", difference=_differs(row, first), doubt=_doubt(case, first)
        )
        evidence = (*row.evidence[:1], *first.evidence[:1])
        yield Finding("settings.precedence-differs", "info", sentence, "likely", evidence)


def _is_first(candidate: Candidate) -> bool:
    return candidate.state == "won" or bool(candidate.value and candidate.state == "overridden")


def _differs(row: Setting, first: Candidate) -> Text:
    return text(
        "The trace shows {setting} '{value}' in force; by the known order of precedence '{other}' of {giver} comes "
        "first.",
        setting=row.name.replace("_", " "),
        value=Named(row.name, row.value),
        other=Named(row.name, first.value),
        giver=first.source,
    )


def _doubt(case: Case, first: Candidate) -> str:
    """What may be said of a file beside the trace that gives another value."""
    if not first.evidence or any(line.location.source == case.connection.source for line in first.evidence):
        return ""
    return text(" {source} may be of another program or time.", source=first.evidence[0].location.source)


def _of_queue_manager(case: Case, channel: str) -> bool:
    """Whether an entry of a given table can be tried for the queue manager asked for, as far as that is known."""
    names = {fact.value for fact in case.given.facts if fact.name == "table.queuemanager" and fact.thread == channel}
    asked = case.value("queue_manager") or case.connection.queue_manager
    return not asked or asked.lstrip("*") in names or not names


@rule
def connected_without_tls(case: Case) -> Iterator[Finding]:
    """The connection works in plain text, and a given table has a channel with TLS for the same queue manager."""
    if case.connection.reason_code != 0 or not case.plain:
        return
    for fact in case.given.facts:
        if fact.name != "table.cipherspecification" or not fact.value or not _of_queue_manager(case, fact.thread):
            continue
        sentence = text(
            "The connection works WITHOUT TLS: channel {channel} has no CipherSpec, and channel {secured} of the "
            "channel table has {cipher_spec}.",
            channel=case.value("channel") or case.connection.channel,
            secured=Named("channel", fact.thread),
            cipher_spec=fact.value,
        )
        evidence = (*(case.evidence("cipher_spec") or case.evidence("channel"))[:1], fact.evidence)
        yield Finding(WITHOUT_TLS, "warn", sentence, "certain", evidence)
        return


@rule
def channel_that_the_table_lacks(case: Case) -> Iterator[Finding]:
    """The client's log names a channel, and the channel table given beside it has none of that name."""
    channel = case.value("channel") or case.connection.channel
    known = [fact for fact in case.given.facts if fact.name == "table.name"]
    if case.connection.facts or case.connection.client == "unknown" or not channel or not known:
        return
    if case.source("channel") not in ("unknown", "none") or any(fact.value == channel for fact in known):
        return
    sentence = text(
        "The client used channel {channel}, which the channel table {ccdt} does not have: the channel came from "
        "elsewhere (the program, MQSERVER, mqclient.ini), or another table was read.",
        channel=channel,
        ccdt=known[0].location.source,
    )
    evidence = (*case.evidence("channel")[:1], known[0].evidence)
    yield Finding("settings.ccdt-lacks-channel", "warn", sentence, "certain", evidence)
