"""What would happen, step by step, in the order in which a client does these things; each step says how it would go."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from mqtrace.keys.check import CheckRequest, check
from mqtrace.keys.reading import read_store
from mqtrace.model import DecodeError, Evidence, Location
from mqtrace.model.key_store import KeyStore
from mqtrace.model.preflight import ChannelAhead, Check, CheckState
from mqtrace.model.text import joined, text
from mqtrace.preflight.ahead import Ahead
from mqtrace.preflight.ciphers import is_older, unknown_cipher
from mqtrace.preflight.files import File, is_file, read_file
from mqtrace.readers.configuration.config_known import settings_pattern
from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tables.ccdt_table import ChannelTable, addresses_of
from mqtrace.settings.channel_choice import ChannelCandidate
from mqtrace.settings.connection_string import as_the_client_reads, is_valid

Password = Callable[[], str | None]
TABLE, DEFINITION, CIPHER, SERVER_NAME = "channel table", "channel", "CipherSpec", "server name (SNI)"
# Problems of a store that end the call at this end; the others depend on what the other end asks for.
_ENDS_HERE = {
    "tls.key-repository-missing", "tls.key-repository-unusable", "tls.certificate-label-not-found",
    "tls.trust-store-empty",
}  # fmt: skip
_INI_PASSWORD = "ini.ssl.sslkeyrepositorypassword"
_TRUST_PASSWORD = "javax.net.ssl.trustStorePassword"
_IGNORES_LABELS = "property.com.ibm.mq.jmqi.ignoreCCDTCertificateLabel"
_STRINGS = {"env:MQSERVER": "env.MQSERVER", "ini:Channels.ServerConnectionParms": "ini.channels.serverconnectionparms"}


def checks_of(ahead: Ahead) -> list[Check]:
    """The steps up to a channel that can be tried."""
    return [*_ini(ahead), *_definition(ahead)]


def _made(
    ahead: Ahead,
    name: str,
    said: str,
    cause: str,
    *,
    state: CheckState = "fails",
    reason: int | None = None,
    evidence: Iterable[Evidence] = (),
) -> Check:
    """A check; where it fails, the reason is what the client is known to give for the cause."""
    known = ahead.wanted.family.reasons.get(cause) if reason is None else reason
    return Check(name, state, said, cause, known if state == "fails" else None, tuple(evidence))


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
        yield _made(ahead, DEFINITION, said, "settings.no-channel")


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
    return _made(ahead, DEFINITION, said, cause, reason=reason, evidence=evidence)


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
        return _made(ahead, DEFINITION, told, "settings.mqserver-invalid", reason=reason, evidence=evidence)
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
        return _made(ahead, DEFINITION, said, "settings.no-channel", state=state, evidence=evidence)
    if not ahead.around.is_here or ahead.around.file(file.name) is None:
        said = text("The channel table {name} is not on this machine: give it with --ccdt FILE.", name=file.name)
        return Check(TABLE, "open", said, evidence=evidence)
    said = text("The channel table {name} cannot be read: {error}", name=file.name, error=file.error)
    return _made(ahead, TABLE, said, "settings.ccdt-missing", evidence=evidence)


# ---------------------------------------------------------------- the channels, one after the other


def channels_of(ahead: Ahead) -> tuple[ChannelAhead, ...]:
    """The channels in the order in which they would be tried."""
    if ahead.choice:
        return tuple(_of_table(ahead, candidate) for candidate in ahead.choice.candidates)
    if not (ahead.value("channel") or ahead.value("address")):
        return ()
    spec = ahead.value("cipher_spec") or ahead.value("cipher_suite")
    label, addresses = ahead.value("certificate_label"), _addresses(ahead.value("address"))
    name = server_name(ahead, ahead.value("channel"), addresses) if spec else ""
    return (ChannelAhead(ahead.value("channel"), addresses, spec, label, name),)


def _addresses(said: str) -> tuple[str, ...]:
    return tuple(each.text for each in addresses_of(said) if not each.fault)


def _of_table(ahead: Ahead, candidate: ChannelCandidate) -> ChannelAhead:
    entry = candidate.channel
    label = entry.certificate_label or ahead.value("certificate_label")
    name = server_name(ahead, entry.name, candidate.addresses) if entry.cipher_spec else ""
    return ChannelAhead(entry.name, candidate.addresses, entry.cipher_spec, label, name, candidate.why)


def server_name(ahead: Ahead, channel: str, addresses: Sequence[str]) -> str:
    """The name that TLS would send: that of the channel, or the host's where OutboundSNI asks for it; "" for none."""
    from mqtrace.decode.sni import server_name_of

    if ahead.value("outbound_sni").upper() == "HOSTNAME":
        host = addresses[0].partition("(")[0] if addresses else ""
        return host if "." in host and not host.replace(".", "").isdigit() else ""
    try:
        return server_name_of(channel)
    except DecodeError:
        return ""


def tls_checks(ahead: Ahead, channels: Sequence[ChannelAhead], stores: Sequence[KeyStore]) -> list[list[Check]]:
    """The steps of TLS of each channel; none where a channel has no CipherSpec."""
    return [list(_tls(ahead, channel, stores)) if channel.cipher_spec else [] for channel in channels]


def _tls(ahead: Ahead, channel: ChannelAhead, stores: Sequence[KeyStore]) -> Iterator[Check]:
    cipher, opened = list(_cipher(ahead, channel)), list(_stores(ahead, channel, stores))
    # The C client opens the key repository before it looks at the CipherSpec.
    yield from _label(ahead, channel)
    yield from (*opened, *cipher) if ahead.wanted.client == "c" else (*cipher, *opened)
    yield from _server_name(ahead, channel)


def _cipher(ahead: Ahead, channel: ChannelAhead) -> Iterator[Check]:
    why = unknown_cipher(ahead, channel)
    evidence = ahead.evidence("cipher_spec") or ahead.evidence("cipher_suite")
    if why.text:
        yield _made(ahead, CIPHER, why.text, why.cause, state=why.state, reason=why.reason, evidence=evidence)
    else:
        yield Check(
            CIPHER,
            "ok",
            text("{cipher_spec} is known to this client.", cipher_spec=channel.cipher_spec),
            evidence=evidence,
        )


def _label(ahead: Ahead, channel: ChannelAhead) -> Iterator[Check]:
    """A label in a table, which the Java client does not allow."""
    ignored = next((fact.value for fact in ahead.facts if fact.name == _IGNORES_LABELS), "")
    if ahead.wanted.client == "java" and channel.certificate_label and ignored.lower() != "true":
        said = text(
            "{channel} of the channel table has the certificate label {certificate_label}.",
            channel=channel.channel,
            certificate_label=channel.certificate_label,
        )
        yield _made(ahead, "certificate label", said, "tls.certificate-label-not-allowed")


def _server_name(ahead: Ahead, channel: ChannelAhead) -> Iterator[Check]:
    last = channel.channel[-1:]
    if ahead.wanted.client == "java" and last and not (last.isdigit() or last.isupper()):
        if ahead.value("outbound_sni").upper() != "HOSTNAME":
            said = text(
                "The Java client cannot make a server name of {channel}, which ends in '{last}'.",
                channel=channel.channel,
                last=last,
            )
            yield _made(ahead, SERVER_NAME, said, "tls.sni-name-not-encodable")
        return
    if channel.server_name:
        yield Check(SERVER_NAME, "ok", text("{server_name} would be sent.", server_name=channel.server_name))


def plain_though_asked(ahead: Ahead, channels: Sequence[ChannelAhead]) -> Iterator[Check]:
    """Whether something here asks for TLS, and what would win has none: a channel that demands it refuses that."""
    if not channels or channels[0].cipher_spec:
        return
    asked = next(_asks_for_tls(ahead, channels), "")
    if asked:
        said = text(
            "{channel} would be tried in plain text, and {asked}: a channel that demands TLS refuses that.",
            channel=channels[0].channel,
            asked=asked,
        )
        yield Check(CIPHER, "open", said, evidence=ahead.evidence("channel"))


def _asks_for_tls(ahead: Ahead, channels: Sequence[ChannelAhead]) -> Iterator[str]:
    protected = next((each for each in channels[1:] if each.cipher_spec), None)
    if protected:
        yield text(
            "{channel}, which comes later, has {cipher_spec}",
            channel=protected.channel,
            cipher_spec=protected.cipher_spec,
        )
    for key in ("cipher", "suite"):
        if ahead.wanted.program.get(key):
            yield text(
                "the program gives {program}, which does not count with this channel", program=ahead.wanted.program[key]
            )
    for hidden in hidden_tables(ahead):
        entry = next((each for each in hidden.channels if each.cipher_spec), None)
        if entry:
            yield text(
                "{name} of the channel table that is not looked at has {cipher_spec}",
                name=entry.name,
                cipher_spec=entry.cipher_spec,
            )
    if ahead.value("key_repository") not in ("", *ahead.wanted.family.system_stores):
        yield text("the key repository {key_repository} is named", key_repository=ahead.value("key_repository"))


def hidden_tables(ahead: Ahead) -> Iterator[ChannelTable]:
    """The channel tables that are named and not looked at, as far as they are at hand."""
    row = ahead.rows.get("ccdt")
    for each in row.candidates if row else ():
        path = ahead.around.file(each.value) if each.value and each.state == "overridden" else None
        file = read_file(each.value, path) if is_file(path) else None
        if file and not file.error:
            yield load_table(file.data)


# ---------------------------------------------------------------- key repositories


def open_stores(ahead: Ahead, password: Password) -> list[KeyStore]:
    """The stores that the settings name and that are at hand."""
    return [
        read_store(file.source(), password)
        for name in ahead.wanted.family.stores
        if (file := store_file(ahead, ahead.value(name))) and not file.error
    ]


def store_file(ahead: Ahead, named: str) -> File | None:
    """The file of a store, whose name may lack its suffix; None where it is a store of the system, or none is named."""
    if not named or named in ahead.wanted.family.system_stores:
        return None
    names = [named + suffix for suffix in ahead.wanted.family.store_suffixes]
    there = next((name for name in names if is_file(ahead.around.file(name))), named)
    return read_file(there, ahead.around.file(there))


def _stores(ahead: Ahead, channel: ChannelAhead, stores: Sequence[KeyStore]) -> Iterator[Check]:
    family = ahead.wanted.family
    for name in family.stores:
        named, words = ahead.value(name), name.replace("_", " ")
        evidence = ahead.evidence(name)
        if named in family.system_stores:
            yield Check(
                words,
                "open",
                text("{named} is a store of the system, which was not looked into.", named=named),
                evidence=evidence,
            )
        elif not named:
            yield from _no_store(ahead, name, words, channel)
        else:
            yield _store(ahead, channel, name, stores)


def _no_store(ahead: Ahead, name: str, words: str, channel: ChannelAhead) -> Iterator[Check]:
    if ahead.wanted.client == "c":
        said = text(
            "{cipher_spec} asks for TLS, and nothing names a {words}.", cipher_spec=channel.cipher_spec, words=words
        )
        yield _made(ahead, words, said, "tls.no-key-repository", evidence=ahead.evidence("cipher_spec"))
    elif name == "trust_store":
        yield Check(words, "open", "Nothing names one, so the JDK's own decides (cacerts), which was not looked into.")


def _store(ahead: Ahead, channel: ChannelAhead, name: str, stores: Sequence[KeyStore]) -> Check:
    named, words, evidence = ahead.value(name), name.replace("_", " "), ahead.evidence(name)
    if ahead.wanted.family.system_stores:
        known = " and ".join(ahead.wanted.family.system_stores)
        said = text(
            "The {words} {named} is not one that this client takes; it takes {known}.",
            words=words,
            named=named,
            known=known,
        )
        return _made(ahead, words, said, "tls.key-repository-unusable", evidence=evidence)
    file = store_file(ahead, named)
    if file is None or file.error:
        said = text(
            "The {words} {named} cannot be read: {error}", words=words, named=named, error=file.error if file else ""
        )
        if not ahead.around.is_here:
            return Check(
                words,
                "open",
                text("The {words} {named} is not on this machine.", words=words, named=named),
                evidence=evidence,
            )
        reason = ahead.wanted.family.missing.get(name)
        return _made(ahead, words, said, "tls.key-repository-missing", reason=reason, evidence=evidence)
    store = next(each for each in stores if each.source == file.name)
    return _opened(ahead, channel, store, words, evidence)


def _opened(ahead: Ahead, channel: ChannelAhead, store: KeyStore, words: str, evidence: tuple[Evidence, ...]) -> Check:
    """What the store that was opened means for the channel."""
    if ahead.wanted.client == "java" and words == "trust store":
        empty = _empty_for_java(ahead, store, evidence)
        if empty:
            return empty
    if store.state in ("locked", "wrong-password"):
        how = "MQTRACE_STORE_PASSWORD lets mqtrace look into it"
        return Check(
            words, "open", text("{store} has a password, and {how}.", store=store.source, how=how), evidence=evidence
        )
    label = channel.certificate_label if ahead.source("certificate_label") != "default" else ""
    label = "" if words == "trust store" else label
    if ahead.wanted.client == "c" and store.kind in ("cms", "pkcs12") and not _is_password_at_hand(ahead, store):
        how = "nothing gives its password: no stash file (.sth) beside it, no MQKEYRPWD, none in mqclient.ini"
        said = text("{store} was opened here, and {how}.", store=store.source, how=how)
        return Check(words, "open", said, "tls.key-repository-password", evidence=evidence)
    problems = check(store, CheckRequest(ahead.wanted.at, label=label, cipher=_spec(ahead, channel)))
    here = next((each for each in problems if each.id in _ENDS_HERE), None)
    if here:
        return _made(ahead, words, f"{store.source}: {here.text}", here.id, evidence=evidence)
    if problems:
        return Check(words, "open", f"{store.source}: {problems[0].text}", problems[0].id, evidence=evidence)
    return Check(words, "ok", _store_words(ahead, channel, store), evidence=evidence)


def _is_password_at_hand(ahead: Ahead, store: KeyStore) -> bool:
    """Whether the client finds the password of the store, as far as files and variables tell."""
    given = (fact.value for fact in ahead.configuration.facts if fact.name == _INI_PASSWORD)
    return bool(store.stash or ahead.around.variable("MQKEYRPWD") or any(given))


def _empty_for_java(ahead: Ahead, store: KeyStore, evidence: tuple[Evidence, ...]) -> Check | None:
    """Whether the JDK gets nothing out of a trust store: one in PEM, or one of PKCS#12 without its password."""
    words, reason = "trust store", ahead.wanted.family.missing.get("trust_store")
    if store.kind in ("pem", "der"):
        said = text(
            "{store} is no store that the JDK reads: it is {kind}.", store=store.source, kind=store.kind.upper()
        )
        return _made(ahead, words, said, "tls.key-repository-unusable", reason=reason, evidence=evidence)
    if store.kind == "pkcs12" and store.state == "locked" and _TRUST_PASSWORD not in ahead.around.properties:
        said = text(
            "{store} has a password, and no -D{TRUST_PASSWORD} gives it: the JDK then reads nothing of it.",
            store=store.source,
            TRUST_PASSWORD=_TRUST_PASSWORD,
        )
        return _made(ahead, words, said, "tls.trust-store-empty", reason=reason, evidence=evidence)
    return None


def _spec(ahead: Ahead, channel: ChannelAhead) -> str:
    return "" if ahead.wanted.client == "java" else channel.cipher_spec


def _store_words(ahead: Ahead, channel: ChannelAhead, store: KeyStore) -> str:
    label = channel.certificate_label
    held = {each.label for each in store.certificates if each.private_key is not False}
    told: list[str] = [text("{store} was opened.", store=store.source)]
    if ahead.wanted.client == "c" and label not in held:
        told.append(
            text(
                "It has no personal certificate {label}, so none is sent: a channel with SSLCAUTH(REQUIRED) "
                "refuses that.",
                label=label or "of the default label",
            )
        )
    elif label and label in held:
        told.append(text("The certificate {label} is in it.", label=label))
    return joined(told)
