"""The channels that would be tried, and the steps of TLS of each."""

from collections.abc import Iterator, Sequence

from mqtrace.decode.sni import server_name_of
from mqtrace.model import DecodeError
from mqtrace.model.key_store import KeyStore
from mqtrace.model.preflight import ChannelAhead, Check
from mqtrace.model.text import text
from mqtrace.preflight.ahead import Ahead, step
from mqtrace.preflight.ciphers import unknown_cipher
from mqtrace.preflight.files import is_file, read_file
from mqtrace.preflight.stores import store_checks
from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tables.ccdt_table import ChannelTable, addresses_of
from mqtrace.settings.channel_choice import ChannelCandidate

CIPHER, SERVER_NAME = "CipherSpec", "server name (SNI)"
_IGNORES_LABELS = "property.com.ibm.mq.jmqi.ignoreCCDTCertificateLabel"


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
    cipher, opened = list(_cipher(ahead, channel)), list(store_checks(ahead, channel, stores))
    # The C client opens the key repository before it looks at the CipherSpec.
    yield from _label(ahead, channel)
    yield from (*opened, *cipher) if ahead.wanted.client == "c" else (*cipher, *opened)
    yield from _server_name(ahead, channel)


def _cipher(ahead: Ahead, channel: ChannelAhead) -> Iterator[Check]:
    why = unknown_cipher(ahead, channel)
    evidence = ahead.evidence("cipher_spec") or ahead.evidence("cipher_suite")
    if why.text:
        yield step(ahead, CIPHER, why.text, why.cause, state=why.state, reason=why.reason, evidence=evidence)
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
        yield step(ahead, "certificate label", said, "tls.certificate-label-not-allowed")


def _server_name(ahead: Ahead, channel: ChannelAhead) -> Iterator[Check]:
    last = channel.channel[-1:]
    if ahead.wanted.client == "java" and last and not (last.isdigit() or last.isupper()):
        if ahead.value("outbound_sni").upper() != "HOSTNAME":
            said = text(
                "The Java client cannot make a server name of {channel}, which ends in '{last}'.",
                channel=channel.channel,
                last=last,
            )
            yield step(ahead, SERVER_NAME, said, "tls.sni-name-not-encodable")
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
