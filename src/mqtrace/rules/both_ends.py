"""Both ends compared: the client's settings against the channel that output of runmqsc shows."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mqtrace.model import Alternative, Confidence, DecodeError, Evidence, Finding, Status
from mqtrace.model.text import Named, joined, text
from mqtrace.readers.configuration.mqsc_objects import MqscObject
from mqtrace.rules.case import Case, rule
from mqtrace.settings.both_ends import SERVER_CONNECTION, OtherEnd, differs_by_case_only, is_upper_case_path

if TYPE_CHECKING:
    from mqtrace.model.tls import Agreement

# What an application gets when the ends do not fit: the first are the TLS layer's own, the others have further causes.
TLS_REASONS = (2393, 2397)
PLAIN_REASONS = (*TLS_REASONS, 2009, 2059, 2539)
REFUSED_REASONS = (*TLS_REASONS, 2009, 2059, 2538, 2539)
UNKNOWN_REASONS = (2540, 2059)
WRONG_TYPE_REASONS = (2539, 2059)
LIMIT_REASONS = (2537, 2025)
# handshake_failure and certificate_required; any other alert says that something else is wrong.
ALERTS_WITHOUT_CERTIFICATE = ("40", "116")
# GSKit's return codes for what the other end does; any other one tells of a failure before it had a say.
CODES_OF_A_REFUSAL = ("0", "406", "415", "420", "446")
ALLOWED = "ALLOWEDCIPHERSPECS"
SMALL_LIMIT = 1
MOST_SHOWN = 5
UNLIMITED = 999_999_999
IN_LOG = "The queue manager's AMQERR01.LOG of that time"


def _channel(case: Case) -> MqscObject | None:
    """The definition of the connection's channel, where it is one for clients."""
    end = case.other_end
    if (
        end is None
        or end.channel is None
        or end.channel.attributes.get("CHLTYPE", SERVER_CONNECTION) != SERVER_CONNECTION
    ):
        return None
    return end.channel


def _status(case: Case, reasons: Sequence[int]) -> Status:
    """A finding is a failure only where the connection failed with a fitting code, before the channel was accepted."""
    accepted = case.connection.phase in ("mqconn", "connected")
    return "fail" if case.connection.reason_code in reasons and not accepted else "warn"


def _client_cipher(case: Case) -> str | None:
    """The client's CipherSpec, "" where it is known to have none, None where that is not known."""
    return case.value("cipher_spec") or ("" if case.plain else None)


def _evidence(case: Case, setting: str, server: MqscObject, attribute: str) -> tuple[Evidence, ...]:
    """Both ends' lines; for a setting that nobody gave, the channel's."""
    client = case.evidence(setting) or case.evidence("channel")
    return (*server.evidence(attribute), *client[:2])


@rule
def channel_not_in_listing(case: Case) -> Iterator[Finding]:
    """The output shows the channels for clients, and this one is not among them."""
    end = case.other_end
    channel = case.value("channel")
    if (
        end is None
        or end.channel
        or end.is_ambiguous
        or not end.server_connections
        or channel in end.server_connections
    ):
        return
    if any(instance.name == channel for instance in end.instances):
        return
    near = next((name for name in end.server_connections if name.upper() == channel.upper()), "")
    hint = text(" {near} differs by case only.", near=Named("channel", near)) if near else ""
    names = joined((Named("channel", name) for name in end.server_connections[:MOST_SHOWN]), ", ")
    shown = text("{names} ...", names=names) if len(end.server_connections) > MOST_SHOWN else names
    template = "Channel {channel} is not among the server-connection channels that runmqsc shows ({shown}).{hint}"
    sentence = text(template, channel=channel, shown=shown, hint=hint)
    status = _status(case, UNKNOWN_REASONS)
    confidence: Confidence = "certain" if case.connection.reason_code == 2540 else "possible"
    how = (
        "DISPLAY CHANNEL(*) CHLTYPE(SVRCONN): the output given may show a part of the channels, or another queue "
        "manager's."
    )
    other = () if confidence == "certain" else (Alternative("channel.rejected", how),)
    location = case.given.mqsc[0].location
    evidence = (Evidence(location, text("channels shown: {shown}", shown=shown)), *case.evidence("channel")[:2])
    yield Finding("channel.unknown", status, sentence, confidence, evidence, other)


@rule
def channel_of_another_type(case: Case) -> Iterator[Finding]:
    """The queue manager has the channel as a type that is not for clients."""
    end = case.other_end
    kind = end.channel.attributes.get("CHLTYPE", SERVER_CONNECTION) if end and end.channel else SERVER_CONNECTION
    if not end or not end.channel or kind == SERVER_CONNECTION:
        return
    template = "Channel {channel} has CHLTYPE({type}) on the queue manager; a client needs CHLTYPE(SVRCONN)."
    sentence = text(template, channel=end.channel.name, type=kind)
    confidence: Confidence = "certain" if case.connection.reason_code == 2539 else "likely"
    evidence = (*end.channel.evidence("CHLTYPE"), *case.evidence("channel")[:2])
    yield Finding("channel.wrong-type", _status(case, WRONG_TYPE_REASONS), sentence, confidence, evidence)


@rule
def plain_client_and_channel_with_tls(case: Case) -> Iterator[Finding]:
    """The client has no CipherSpec, the channel demands one: they never connect."""
    channel = _channel(case)
    if channel is None or _client_cipher(case) != "" or not channel.attributes.get("SSLCIPH"):
        return
    template = "The client has no CipherSpec; channel {channel} has SSLCIPH({cipher_spec})."
    sentence = text(template, channel=channel.name, cipher_spec=channel.attributes["SSLCIPH"])
    failed = case.connection.reason_code in (*TLS_REASONS, 2539) and not case.find("error_segment.status")
    confidence: Confidence = "certain" if failed else "likely"
    how = joined([IN_LOG, "has AMQ9639 when this is the cause."])
    other = () if failed else (Alternative("channel.rejected", how),)
    status = "warn" if case.find("error_segment.status") else _status(case, PLAIN_REASONS)
    evidence = _evidence(case, "cipher_spec", channel, "SSLCIPH")
    yield Finding("tls.client-plain-server-tls", status, sentence, confidence, evidence, other)


@rule
def client_with_tls_and_plain_channel(case: Case) -> Iterator[Finding]:
    """The client begins with TLS, the channel has no CipherSpec."""
    channel = _channel(case)
    cipher = _client_cipher(case)
    if channel is None or not cipher or channel.attributes.get("SSLCIPH") != "":
        return
    sentence = text(
        "The client has CipherSpec {cipher_spec}; channel {channel} has a blank SSLCIPH, so it takes no connection "
        "with TLS.",
        cipher_spec=cipher,
        channel=channel.name,
    )
    how = joined([IN_LOG, "names the TLS failure where the handshake failed before the channel was looked at."])
    other = (Alternative("tls.initialization", how),)
    evidence = _evidence(case, "cipher_spec", channel, "SSLCIPH")
    yield Finding("tls.server-not-tls", _status(case, REFUSED_REASONS), sentence, "likely", evidence, other)


@rule
def cipher_specs_that_cannot_agree(case: Case) -> Iterator[Finding]:
    """Both ends have a CipherSpec, and the two cannot come together."""
    channel = _channel(case)
    cipher = _client_cipher(case)
    wanted = channel.attributes.get("SSLCIPH", "") if channel else ""
    if channel is None or not cipher or not wanted:
        return
    agreed = _agreement(cipher, wanted, tls13=_is_tls13_enabled(case))
    if agreed is None or agreed.outcome == "connects":
        return
    confidence: Confidence = "likely" if agreed.outcome == "fails" else "possible"
    sentence = text(
        "The client has CipherSpec {client}, channel {channel} has SSLCIPH({server}).",
        client=Named("cipher_spec", cipher),
        channel=channel.name,
        server=Named("cipher_spec", wanted),
    )
    how = joined([IN_LOG, "has AMQ9631 when this is the cause, AMQ9616 when no suite is shared."])
    other = (Alternative("tls.handshake-refused", how),)
    evidence = _evidence(case, "cipher_spec", channel, "SSLCIPH")
    own = case.find("gskit.code")
    status = "warn" if own and own.value not in CODES_OF_A_REFUSAL else _status(case, REFUSED_REASONS)
    yield Finding("tls.cipherspec-mismatch", status, joined([sentence, agreed.why]), confidence, evidence, other)


def _agreement(client: str, server: str, *, tls13: bool) -> "Agreement | None":
    """What the two come to; None for a name that is not known."""
    from mqtrace.decode.cipher_agreement import agreement

    try:
        return agreement(client, server, tls13=tls13)
    except DecodeError:
        return None


def _is_tls13_enabled(case: Case) -> bool:
    """Whether no given mqclient.ini or qm.ini turns TLS 1.3 off."""
    values = [
        value.value.upper()
        for value in (*case.given.ini, *case.given.qm_ini)
        if value.group.upper() == "SSL" and value.name.upper() == "ALLOWTLSV13"
    ]
    return not any(value in ("NO", "N", "FALSE") for value in values)


@rule
def cipher_specs_that_the_queue_manager_does_not_enable(case: Case) -> Iterator[Finding]:
    """qm.ini names the CipherSpecs that are enabled, and none of the client's is among them."""
    allowed = next(
        (line for line in case.given.qm_ini if (line.group.upper(), line.name.upper()) == ("SSL", ALLOWED)), None
    )
    cipher = _client_cipher(case)
    if allowed is None or not cipher:
        return
    enabled, offered = _specific(allowed.value), _specific(cipher)
    if not enabled or not offered or enabled & offered:
        return
    template = "The client has CipherSpec {cipher_spec}, and AllowedCipherSpecs of qm.ini enables {allowed} only."
    sentence = text(template, cipher_spec=cipher, allowed=allowed.value)
    other = (Alternative("tls.handshake-refused", joined([IN_LOG, "has AMQ9616 when this is the cause."])),)
    line = text("AllowedCipherSpecs={allowed}", allowed=allowed.value)
    evidence = (Evidence(allowed.location, line), *case.evidence("cipher_spec")[:2])
    yield Finding("tls.no-shared-cipher", _status(case, REFUSED_REASONS), sentence, "likely", evidence, other)


def _specific(names: str) -> frozenset[str]:
    """The CipherSpecs that a list of names stands for; empty where one of them is not known."""
    from mqtrace.catalog.ciphers import cipher_spec

    specific: list[str] = []
    for name in filter(None, map(str.strip, names.split(","))):
        spec = cipher_spec(name)
        if spec is None or not (spec.hex or spec.members):
            return frozenset()
        specific += spec.members or (spec.name,)
    return frozenset(specific)


@rule
def certificate_demanded_and_not_sent(case: Case) -> Iterator[Finding]:
    """The channel demands a certificate of the client, which has or sent none."""
    channel = _channel(case)
    missing = case.find("tls.no_certificate") or case.find("tls.client_certificate_sent", value="false")
    if (
        channel is None
        or missing is None
        or channel.attributes.get("SSLCAUTH") != "REQUIRED"
        or not channel.attributes.get("SSLCIPH")
    ):
        return
    template = "Channel {channel} has SSLCAUTH(REQUIRED), and the client sent no certificate."
    sentence = text(template, channel=channel.name)
    alert = case.find("tls.alert")
    asked = missing.name == "tls.client_certificate_sent" or alert is not None or case.find("tls.certificate_wanted")
    status = "warn" if alert and alert.value not in ALERTS_WITHOUT_CERTIFICATE else _status(case, REFUSED_REASONS)
    other = (Alternative("tls.handshake-refused", joined([IN_LOG, "has AMQ9637 when this is the cause."])),)
    evidence = (*channel.evidence("SSLCAUTH"), missing.evidence)
    confidence: Confidence = "likely" if asked else "possible"
    yield Finding("tls.client-certificate-missing", status, sentence, confidence, evidence, other)


@rule
def peer_name_of_the_channel(case: Case) -> Iterator[Finding]:
    """The channel's SSLPEER does not match the certificate that a given key store has under the label in force."""
    channel = _channel(case)
    pattern = channel.attributes.get("SSLPEER", "") if channel else ""
    label = case.value("certificate_label")
    stored = [certificate for store in case.given.stores for certificate in store.certificates]
    labelled = [certificate for certificate in stored if label and certificate.label == label]
    certificates = [certificate for certificate in labelled if certificate.subject]
    if channel is None or not pattern or len({certificate.subject for certificate in certificates}) != 1:
        return
    from mqtrace.keys.peer_name import match_peer_name

    compared = match_peer_name(pattern, certificates[0].subject, certificates[0].serial)
    if compared.matches:
        return
    why = compared.malformed or next(attribute.why for attribute in compared.attributes if not attribute.matches)
    identity = "tls.peer-name-invalid" if compared.malformed else "tls.peer-name-mismatch"
    sentence = text(
        "SSLPEER({peer_name}) of channel {channel} does not match the client's certificate {subject}.",
        peer_name=pattern,
        channel=channel.name,
        subject=certificates[0].subject,
    )
    other = (Alternative("tls.handshake-refused", joined([IN_LOG, "has AMQ9636 when this is the cause."])),)
    evidence = _evidence(case, "certificate_label", channel, "SSLPEER")
    yield Finding(identity, _status(case, REFUSED_REASONS), joined([sentence, why]), "likely", evidence, other)


@rule
def limit_of_instances(case: Case) -> Iterator[Finding]:
    """The connection was refused, and the channel's limit is reached or next to nothing."""
    channel = _channel(case)
    end = case.other_end
    if channel is None or end is None or case.connection.reason_code not in LIMIT_REASONS:
        return
    for name in ("MAXINST", "MAXINSTC"):
        written = channel.attributes.get(name, "")
        limit = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else UNLIMITED
        running = _running(end, name)
        if limit <= max(SMALL_LIMIT, running):
            shown = text(", and {running} instances are shown running", running=running) if running else ""
            sentence = text(
                "Channel {channel} has {name}({limit}){shown}.",
                channel=channel.name,
                name=name,
                limit=limit,
                shown=shown,
            )
            how = joined(
                [
                    IN_LOG,
                    "has AMQ9513, AMQ9489 or AMQ9490 when this is the cause; DISPLAY CHSTATUS(*) counts the instances.",
                ]
            )
            evidence = (*channel.evidence(name), *case.evidence("channel")[:2])
            yield Finding(
                "channel.limit", "fail", sentence, "possible", evidence, (Alternative("channel.unavailable", how),)
            )


def _running(end: OtherEnd, limit: str) -> int:
    """Instances shown: all of them, for MAXINSTC those of the client that has the most."""
    clients = [instance.attributes.get("CONNAME", "") for instance in end.instances]
    return len(clients) if limit == "MAXINST" else max(map(clients.count, set(clients)), default=0)


@rule
def values_in_upper_case(case: Case) -> Iterator[Finding]:
    """Values that runmqsc turned to upper case because they were not quoted."""
    end = case.other_end
    if end is None:
        return
    for held in (end.channel, end.queue_manager):
        if held is None:
            continue
        for attribute, setting in (("CERTLABL", "certificate_label"), ("SSLKEYR", "key_repository")):
            yield from _in_upper_case(case, held, attribute, setting)


def _in_upper_case(case: Case, held: MqscObject, attribute: str, setting: str) -> Iterator[Finding]:
    value, client = held.attributes.get(attribute, ""), case.value(setting)
    if differs_by_case_only(value, client):
        template = "it differs from the client's {setting} '{value}' by case only"
        sign = text(template, setting=setting.replace("_", " "), value=Named(setting, client))
    elif is_upper_case_path(value):
        sign = text("a path in upper case throughout")
    else:
        return
    kind = held.kind.replace("qmgr", "queue manager")
    sentence = text(
        "{attribute} of {kind} {name} is {value}, {sign}: runmqsc turns a value without quotes to upper case.",
        attribute=attribute,
        kind=kind,
        name=Named(kind.replace(" ", "_"), held.name),
        value=Named(attribute, value),
        sign=sign,
    )
    evidence = (*held.evidence(attribute), *case.evidence(setting)[:1])
    fix = (text("Give it between quotes: {attribute}('VALUE').", attribute=attribute),)
    yield Finding("settings.value-in-upper-case", "warn", sentence, "likely", evidence, fix=fix)


@rule
def both_ends_side_by_side(case: Case) -> Iterator[Finding]:
    """Attribute by attribute what the two ends say, with the verdict."""
    channel = _channel(case)
    if channel is None:
        return
    verdicts = [
        verdict
        for verdict in (_cipher_verdict(case, channel), _label_verdict(case, channel), *_other_verdicts(channel))
        if verdict
    ]
    evidence = tuple(
        line
        for name in ("SSLCIPH", "SSLCAUTH", "SSLPEER", "CERTLABL", "SHARECNV", "MAXINST")
        for line in channel.evidence(name)
    )
    if verdicts:
        template = "Channel {channel}, both ends: {verdicts}."
        sentence = text(template, channel=channel.name, verdicts=joined(verdicts, "; "))
        yield Finding("channel.both-ends", "info", sentence, "certain", evidence)


def _cipher_verdict(case: Case, channel: MqscObject) -> str:
    client, server = _client_cipher(case), channel.attributes.get("SSLCIPH")
    if server is None or client is None:
        return ""
    agreed = _agreement(client, server, tls13=_is_tls13_enabled(case))
    return text(
        "CipherSpec here {client}, there {server}: {outcome}",
        client=Named("cipher_spec", client or "(none)"),
        server=Named("cipher_spec", server or "(none)"),
        outcome=agreed.outcome if agreed else "cannot be told, the name is not known",
    )


def _label_verdict(case: Case, channel: MqscObject) -> str:
    """CERTLABL of the channel is used only where the client's SNI names the channel."""
    label = channel.attributes.get("CERTLABL", "")
    if not label:
        return ""
    sni = case.value("outbound_sni").upper()
    if sni in ("HOSTNAME", "*"):
        template = "CERTLABL({label}) is not used, because this client sends the host's name as SNI (OutboundSNI {sni})"
        return text(template, label=Named("certificate_label", label), sni=sni)
    template = "CERTLABL({label}) is used where the client's SNI names the channel"
    return text(template, label=Named("certificate_label", label))


def _other_verdicts(channel: MqscObject) -> Iterator[str]:
    attributes = channel.attributes
    if attributes.get("SSLCIPH") and attributes.get("SSLCAUTH"):
        needed = "must" if attributes["SSLCAUTH"] == "REQUIRED" else "may"
        template = "SSLCAUTH({wanted}): the client {needed} send a certificate"
        yield text(template, wanted=attributes["SSLCAUTH"], needed=needed)
    if attributes.get("SSLPEER"):
        yield text("SSLPEER({peer_name}) must match the client's certificate", peer_name=attributes["SSLPEER"])
    for name in ("SHARECNV", "MAXINST", "MAXINSTC"):
        if attributes.get(name) and attributes[name] != str(UNLIMITED):
            yield f"{name}({attributes[name]})"
