"""Both ends compared: the client's settings against the channel that output of runmqsc shows."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mqtrace.catalog.ciphers import cipher_spec
from mqtrace.model import Alternative, Confidence, DecodeError, Evidence, Finding, Status
from mqtrace.readers.configuration.mqsc_objects import MqscObject
from mqtrace.rules.case import Case
from mqtrace.rules.registry import rule
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
    """A finding is a failure only where the connection failed with a code that fits, before the channel was
    accepted.
    """
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
    if any(each.name == channel for each in end.instances):
        return
    near = next((each for each in end.server_connections if each.upper() == channel.upper()), "")
    hint = f" {near} differs by case only." if near else ""
    shown = ", ".join(end.server_connections[:5]) + (" ..." if len(end.server_connections) > 5 else "")
    text = f"Channel {channel} is not among the server-connection channels that runmqsc shows ({shown}).{hint}"
    status = _status(case, UNKNOWN_REASONS)
    confidence: Confidence = "certain" if case.connection.reason_code == 2540 else "possible"
    part = "the output given may show a part of the channels, or another queue manager's."
    how = f"DISPLAY CHANNEL(*) CHLTYPE(SVRCONN): {part}"
    other = () if confidence == "certain" else (Alternative("channel.rejected", how),)
    location = case.given.mqsc[0].location
    evidence = (Evidence(location, f"channels shown: {shown}"), *case.evidence("channel")[:2])
    yield Finding("channel.unknown", status, text, confidence, evidence, other)


@rule
def channel_of_another_type(case: Case) -> Iterator[Finding]:
    """The queue manager has the channel as a type that is not for clients."""
    end = case.other_end
    kind = end.channel.attributes.get("CHLTYPE", SERVER_CONNECTION) if end and end.channel else SERVER_CONNECTION
    if not end or not end.channel or kind == SERVER_CONNECTION:
        return
    text = f"Channel {end.channel.name} has CHLTYPE({kind}) on the queue manager; a client needs CHLTYPE(SVRCONN)."
    confidence: Confidence = "certain" if case.connection.reason_code == 2539 else "likely"
    evidence = (*end.channel.evidence("CHLTYPE"), *case.evidence("channel")[:2])
    yield Finding("channel.wrong-type", _status(case, WRONG_TYPE_REASONS), text, confidence, evidence)


@rule
def plain_client_and_channel_with_tls(case: Case) -> Iterator[Finding]:
    """The client has no CipherSpec, the channel demands one: they never connect."""
    channel = _channel(case)
    if channel is None or _client_cipher(case) != "" or not channel.attributes.get("SSLCIPH"):
        return
    text = f"The client has no CipherSpec; channel {channel.name} has SSLCIPH({channel.attributes['SSLCIPH']})."
    failed = case.connection.reason_code in (*TLS_REASONS, 2539) and not case.find("error_segment.status")
    confidence: Confidence = "certain" if failed else "likely"
    how = f"{IN_LOG} has AMQ9639 when this is the cause."
    other = () if failed else (Alternative("channel.rejected", how),)
    status = "warn" if case.find("error_segment.status") else _status(case, PLAIN_REASONS)
    evidence = _evidence(case, "cipher_spec", channel, "SSLCIPH")
    yield Finding("tls.client-plain-server-tls", status, text, confidence, evidence, other)


@rule
def client_with_tls_and_plain_channel(case: Case) -> Iterator[Finding]:
    """The client begins with TLS, the channel has no CipherSpec."""
    channel = _channel(case)
    cipher = _client_cipher(case)
    if channel is None or not cipher or channel.attributes.get("SSLCIPH") != "":
        return
    blank = f"channel {channel.name} has a blank SSLCIPH, so it takes no connection with TLS."
    text = f"The client has CipherSpec {cipher}; {blank}"
    how = f"{IN_LOG} names the TLS failure where the handshake failed before the channel was looked at."
    other = (Alternative("tls.initialization", how),)
    evidence = _evidence(case, "cipher_spec", channel, "SSLCIPH")
    yield Finding("tls.server-not-tls", _status(case, REFUSED_REASONS), text, "likely", evidence, other)


@rule
def cipher_specs_that_cannot_agree(case: Case) -> Iterator[Finding]:
    """Both ends have a CipherSpec, and the two cannot come together."""
    channel = _channel(case)
    cipher = _client_cipher(case)
    wanted = channel.attributes.get("SSLCIPH", "") if channel else ""
    if channel is None or not cipher or not wanted:
        return
    found = _agreement(cipher, wanted, tls13=_is_tls13_enabled(case))
    if found is None or found.outcome == "connects":
        return
    confidence: Confidence = "likely" if found.outcome == "fails" else "possible"
    text = f"The client has CipherSpec {cipher}, channel {channel.name} has SSLCIPH({wanted}). {found.why}"
    other = (
        Alternative(
            "tls.handshake-refused", f"{IN_LOG} has AMQ9631 when this is the cause, AMQ9616 when no suite is shared."
        ),
    )
    evidence = _evidence(case, "cipher_spec", channel, "SSLCIPH")
    own = case.find("gskit.code")
    status = "warn" if own and own.value not in CODES_OF_A_REFUSAL else _status(case, REFUSED_REASONS)
    yield Finding("tls.cipherspec-mismatch", status, text, confidence, evidence, other)


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
        each.value.upper()
        for each in (*case.given.ini, *case.given.qm_ini)
        if each.group.upper() == "SSL" and each.name.upper() == "ALLOWTLSV13"
    ]
    return not any(value in ("NO", "N", "FALSE") for value in values)


@rule
def cipher_specs_that_the_queue_manager_does_not_enable(case: Case) -> Iterator[Finding]:
    """qm.ini names the CipherSpecs that are enabled, and none of the client's is among them."""
    allowed = next(
        (each for each in case.given.qm_ini if (each.group.upper(), each.name.upper()) == ("SSL", ALLOWED)), None
    )
    cipher = _client_cipher(case)
    if allowed is None or not cipher:
        return
    enabled, offered = _specific(allowed.value), _specific(cipher)
    if not enabled or not offered or enabled & offered:
        return
    text = f"The client has CipherSpec {cipher}, and AllowedCipherSpecs of qm.ini enables {allowed.value} only."
    other = (Alternative("tls.handshake-refused", f"{IN_LOG} has AMQ9616 when this is the cause."),)
    evidence = (Evidence(allowed.location, f"AllowedCipherSpecs={allowed.value}"), *case.evidence("cipher_spec")[:2])
    yield Finding("tls.no-shared-cipher", _status(case, REFUSED_REASONS), text, "likely", evidence, other)


def _specific(names: str) -> frozenset[str]:
    """The CipherSpecs that a list of names stands for; empty where one of them is not known."""
    found: list[str] = []
    for each in filter(None, (name.strip() for name in names.split(","))):
        spec = cipher_spec(each)
        if spec is None or not (spec.hex or spec.members):
            return frozenset()
        found += spec.members or (spec.name,)
    return frozenset(found)


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
    text = f"Channel {channel.name} has SSLCAUTH(REQUIRED), and the client sent no certificate."
    alert = case.find("tls.alert")
    asked = missing.name == "tls.client_certificate_sent" or alert is not None or case.find("tls.certificate_wanted")
    status = "warn" if alert and alert.value not in ALERTS_WITHOUT_CERTIFICATE else _status(case, REFUSED_REASONS)
    other = (Alternative("tls.handshake-refused", f"{IN_LOG} has AMQ9637 when this is the cause."),)
    evidence = (*channel.evidence("SSLCAUTH"), missing.evidence)
    yield Finding("tls.client-certificate-missing", status, text, "likely" if asked else "possible", evidence, other)


@rule
def peer_name_of_the_channel(case: Case) -> Iterator[Finding]:
    """The channel's SSLPEER does not match the client's certificate, where a given key store shows it under the label
    in force.
    """
    channel = _channel(case)
    pattern = channel.attributes.get("SSLPEER", "") if channel else ""
    label = case.value("certificate_label")
    certificates = [
        each
        for store in case.given.stores
        for each in store.certificates
        if label and each.label == label and each.subject
    ]
    if channel is None or not pattern or len({each.subject for each in certificates}) != 1:
        return
    from mqtrace.keys.peer_name import match_peer_name

    compared = match_peer_name(pattern, certificates[0].subject, certificates[0].serial)
    if compared.matches:
        return
    why = compared.malformed or next(each.why for each in compared.attributes if not each.matches)
    identity = "tls.peer-name-invalid" if compared.malformed else "tls.peer-name-mismatch"
    sent = f"the client's certificate {certificates[0].subject}"
    text = f"SSLPEER({pattern}) of channel {channel.name} does not match {sent}. {why}"
    other = (Alternative("tls.handshake-refused", f"{IN_LOG} has AMQ9636 when this is the cause."),)
    evidence = _evidence(case, "certificate_label", channel, "SSLPEER")
    yield Finding(identity, _status(case, REFUSED_REASONS), text, "likely", evidence, other)


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
            text = f"Channel {channel.name} has {name}({limit})" + (
                f", and {running} instances are shown running." if running else "."
            )
            logged = f"{IN_LOG} has AMQ9513, AMQ9489 or AMQ9490 when this is the cause"
            how = f"{logged}; DISPLAY CHSTATUS(*) counts the instances."
            evidence = (*channel.evidence(name), *case.evidence("channel")[:2])
            yield Finding(
                "channel.limit", "fail", text, "possible", evidence, (Alternative("channel.unavailable", how),)
            )


def _running(end: OtherEnd, limit: str) -> int:
    """Instances shown: all of them, for MAXINSTC those of the client that has the most."""
    clients = [each.attributes.get("CONNAME", "") for each in end.instances]
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
    quoted = f"Give it between quotes: {attribute}('VALUE')."
    if differs_by_case_only(value, client):
        told = f"it differs from the client's {setting.replace('_', ' ')} '{client}' by case only"
    elif is_upper_case_path(value):
        told = "a path in upper case throughout"
    else:
        return
    owner = f"{held.kind.replace('qmgr', 'queue manager')} {held.name}"
    text = f"{attribute} of {owner} is {value}, {told}: runmqsc turns a value without quotes to upper case."
    yield Finding(
        "settings.value-in-upper-case",
        "warn",
        text,
        "likely",
        (*held.evidence(attribute), *case.evidence(setting)[:1]),
        fix=(quoted,),
    )


@rule
def both_ends_side_by_side(case: Case) -> Iterator[Finding]:
    """Attribute by attribute what the two ends say, with the verdict."""
    channel = _channel(case)
    if channel is None:
        return
    verdicts = [
        each
        for each in (_cipher_verdict(case, channel), _label_verdict(case, channel), *_other_verdicts(channel))
        if each
    ]
    evidence = tuple(
        line
        for name in ("SSLCIPH", "SSLCAUTH", "SSLPEER", "CERTLABL", "SHARECNV", "MAXINST")
        for line in channel.evidence(name)
    )
    if verdicts:
        yield Finding(
            "channel.both-ends",
            "info",
            f"Channel {channel.name}, both ends: " + "; ".join(verdicts) + ".",
            "certain",
            evidence,
        )


def _cipher_verdict(case: Case, channel: MqscObject) -> str:
    client, server = _client_cipher(case), channel.attributes.get("SSLCIPH")
    if server is None or client is None:
        return ""
    told = f"CipherSpec here {client or '(none)'}, there {server or '(none)'}"
    found = _agreement(client, server, tls13=_is_tls13_enabled(case))
    return f"{told}: {found.outcome if found else 'cannot be told, the name is not known'}"


def _label_verdict(case: Case, channel: MqscObject) -> str:
    """CERTLABL of the channel is used only where the client's SNI names the channel."""
    label = channel.attributes.get("CERTLABL", "")
    if not label:
        return ""
    sni = case.value("outbound_sni").upper()
    if sni in ("HOSTNAME", "*"):
        return f"CERTLABL({label}) is not used, because this client sends the host's name as SNI (OutboundSNI {sni})"
    return f"CERTLABL({label}) is used where the client's SNI names the channel"


def _other_verdicts(channel: MqscObject) -> Iterator[str]:
    attributes = channel.attributes
    if attributes.get("SSLCIPH") and attributes.get("SSLCAUTH"):
        needed = "must" if attributes["SSLCAUTH"] == "REQUIRED" else "may"
        yield f"SSLCAUTH({attributes['SSLCAUTH']}): the client {needed} send a certificate"
    if attributes.get("SSLPEER"):
        yield f"SSLPEER({attributes['SSLPEER']}) must match the client's certificate"
    for name in ("SHARECNV", "MAXINST", "MAXINSTC"):
        if attributes.get(name) and attributes[name] != str(UNLIMITED):
            yield f"{name}({attributes[name]})"
