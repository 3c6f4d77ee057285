"""The steps up to a channel that can be tried: the ini file, the definition, the channel table."""

from collections.abc import Iterator

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.model import Evidence, Location
from mqtrace.model.preflight import Check, CheckState
from mqtrace.model.text import joined, text
from mqtrace.preflight.ahead import Ahead, step
from mqtrace.preflight.ciphers import is_older
from mqtrace.preflight.files import File
from mqtrace.readers.tables.ccdt_table import addresses_of
from mqtrace.settings.connection_string import as_the_client_reads, is_valid

TABLE, DEFINITION = "channel table", "channel"
_STRINGS = {"env:MQSERVER": "env.MQSERVER", "ini:Channels.ServerConnectionParms": "ini.channels.serverconnectionparms"}


def checks_of(ahead: Ahead) -> list[Check]:
    """The steps up to a channel that can be tried."""
    return [*_ini(ahead), *_definition(ahead)]


# ---------------------------------------------------------------- mqclient.ini


def _ini(ahead: Ahead) -> Iterator[Check]:
    name = "mqclient.ini"
    read = next((each for each in ahead.inis if each.state == "read"), None)
    vain = [each.file for each in ahead.inis if each.state == "in-vain"]
    passed = [each.file for each in ahead.inis if each.state == "passed-over"]
    if passed and not ahead.around.is_here:
        yield Check(
            name,
            "open",
            text("{passed} is named, and is not on this machine: give it with --ini FILE.", passed=passed[0]),
        )
        return
    if not (read or ahead.around.is_here):
        said = "Those of the machine were not looked at: give --ini FILE, or with --root the folder of its files."
        yield Check(name, "open", said)
        return
    told = [text("{file} is read.", file=read.file) if read else "There is none where this client looks."]
    told += [text("{each} is named, and not there: the client passes over it.", each=each) for each in passed]
    told += [text("There in vain: {vain}.", vain=", ".join(vain))] if vain else []
    yield Check(name, "ok", joined(told))


# ---------------------------------------------------------------- the channel


def _definition(ahead: Ahead) -> Iterator[Check]:
    source = ahead.source("channel")
    if source in _STRINGS:
        yield _connection_string(ahead, source)
    elif ahead.table_file:
        yield _table(ahead, ahead.table_file)
    elif ahead.wanted.client == "java" and source in ("default", "none"):
        said = (
            "The Java client takes its channel from the program alone: --program channel=NAME,conn=HOST(PORT) says it."
        )
        yield Check(DEFINITION, "open", said)
    elif ahead.value("channel") or (ahead.value("address") and source != "none"):
        yield _given(ahead)
    elif ahead.value("ccdt"):
        table = ahead.value("ccdt")
        said = text(
            "The channel table {table} is not a file of this machine, and is not fetched: give it with --ccdt FILE.",
            table=table,
        )
        yield Check(TABLE, "open", said, evidence=ahead.evidence("ccdt"))
    else:
        said = "Nothing gives a channel. If the program does, say so with --program channel=NAME,conn=HOST(PORT)."
        yield step(ahead, DEFINITION, said, "settings.no-channel")


def _given(ahead: Ahead) -> Check:
    """A definition that the program gives: whether an address of it can be tried."""
    addresses, evidence = addresses_of(ahead.value("address")), ahead.evidence("channel")
    if ahead.wanted.client == "java" and ahead.source("address") in ("default", "none"):
        said = "Nothing gives an address: without one, a Java program may connect to a local queue manager instead."
        return Check(DEFINITION, "open", said, evidence=evidence)
    if not addresses or any(not each.fault for each in addresses):
        return Check(DEFINITION, "ok", _definition_words(ahead), evidence=evidence)
    fault = addresses[-1].fault
    said = text("{address} is no address that can be tried.", address=ahead.value("address"))
    cause = "network.name-not-resolved" if fault == "bad-host" else "settings.address-invalid"
    reason = settings_pattern("channel_choice")[ahead.wanted.client].get("fails", {}).get(fault)
    return step(ahead, DEFINITION, said, cause, reason=reason, evidence=evidence)


def _definition_words(ahead: Ahead) -> str:
    channel, address = ahead.value("channel") or "(blank)", ahead.value("address") or "(no address)"
    return text("{channel} to {address} would be tried.", channel=channel, address=address)


def _connection_string(ahead: Ahead, source: str) -> Check:
    name = _STRINGS[source]
    said = next((fact.value for fact in reversed([*ahead.configuration.facts, *ahead.facts]) if fact.name == name), "")
    evidence = ahead.evidence("channel")
    called = source.rpartition(":")[2].rpartition(".")[2]
    read = as_the_client_reads(said) if ahead.wanted.client == "c" else None
    surprises = (
        text(" {called}: {surprises}.", called=called, surprises="; ".join(read.surprises))
        if read and read.surprises
        else ""
    )
    if (read and read.reason) or not (read or is_valid(said)):
        told = text(
            "{called} is '{text}'; it must be CHANNEL/TCP/HOST(PORT).{surprises}",
            called=called,
            text=said,
            surprises=surprises,
        )
        reason = read.reason if read else None
        return step(ahead, DEFINITION, told, "settings.mqserver-invalid", reason=reason, evidence=evidence)
    return Check(DEFINITION, "ok", joined((_definition_words(ahead), surprises), between=""), evidence=evidence)


def _table(ahead: Ahead, file: File) -> Check:
    if file.error:
        return _missing_table(ahead, file)
    evidence = (Evidence(Location(file.name, 0), text("the channel table {name}", name=file.name)),)
    refused = next(_refused(ahead, file), None)
    if refused:
        said, cause, reason = refused
        return Check(TABLE, "fails", said, cause, reason, evidence)
    if "channel" in ahead.wanted.program and ahead.wanted.client == "java":
        said = "A channel table and a channel are given: the classes for Java use the table, those for JMS give 2423."
        return Check(TABLE, "open", said, "settings.channel-conflict", evidence=evidence)
    return Check(TABLE, "ok", f"{file.name}: {_definition_words(ahead)}", evidence=evidence)


def _refused(ahead: Ahead, file: File) -> Iterator[tuple[str, str, int | None]]:
    """Why no channel of the table is tried: sentence, cause, reason code."""
    choice, table = ahead.choice, ahead.table
    if choice is None or table is None:
        return
    told = text(" The first problem: {problems}.", problems=choice.problems[0]) if choice.problems else ""
    since = ahead.wanted.family.json_since
    if table.kind == "json" and is_older(ahead.wanted.level, since):
        said = text(
            "{name} is a table in JSON, which clients read from {since} on, and this one is of ",
            name=file.name,
            since=since,
        )
        refused = settings_pattern("channel_choice")[ahead.wanted.client]["refused"]
        yield f"{text}{ahead.wanted.level}.", "settings.ccdt-invalid", refused
    if not choice.returns:
        yield (
            text("The client never comes back from the channel table {name}.{told}", name=file.name, told=told),
            "settings.ccdt-invalid",
            None,
        )
    if not choice.accepted:
        said = text("This client refuses the whole channel table {name}.{told}", name=file.name, told=told)
        yield said, "settings.ccdt-invalid", choice.reason_code
    if not choice.candidates:
        said = text(
            "No channel of {name} is for the queue manager '{queue_manager}'.",
            name=file.name,
            queue_manager=ahead.wanted.queue_manager,
        )
        yield said, "settings.ccdt-no-match", choice.reason_code
    if choice.reason_code:
        said = text(
            "No channel of {name} that is for the queue manager has an address that can be tried.", name=file.name
        )
        yield said, "settings.address-invalid", choice.reason_code


def _missing_table(ahead: Ahead, file: File) -> Check:
    evidence = ahead.evidence("ccdt")
    nobody = ahead.source("ccdt") in ("default", "none")
    if nobody:
        said = text(
            "Nothing gives a channel, and the table that is looked for by default, {name}, is not there.",
            name=file.name,
        )
        state: CheckState = "fails" if ahead.around.is_here else "open"
        return step(ahead, DEFINITION, said, "settings.no-channel", state=state, evidence=evidence)
    if not ahead.around.is_here or ahead.around.file(file.name) is None:
        said = text("The channel table {name} is not on this machine: give it with --ccdt FILE.", name=file.name)
        return Check(TABLE, "open", said, evidence=evidence)
    said = text("The channel table {name} cannot be read: {error}", name=file.name, error=file.error)
    return step(ahead, TABLE, said, "settings.ccdt-missing", evidence=evidence)
