"""Who runs with which protocol, and who keeps a channel from TLS 1.3 only: by DISPLAY CHSTATUS and CHANNEL."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from msgspec.structs import replace

from mqtrace.catalog.ciphers import cipher_spec
from mqtrace.model.tls_readiness import ChannelClients, IdleChannel, TlsReadiness, Verdict
from mqtrace.readers.configuration.mqsc_objects import MqscObject
from mqtrace.settings.both_ends import CLIENT_CONNECTION, SERVER_CONNECTION

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
# Values of SECPROT, and the protocols of the table of CipherSpecs.
PROTOCOLS = {
    "NONE": "none", "SSLV30": "SSLv3", "TLSV1": "TLSv1", "TLSV10": "TLSv1", "TLSV12": "TLSv1.2", "TLSV13": "TLSv1.3",
    "SSL 3.0": "SSLv3", "TLS 1.0": "TLSv1", "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3",
}  # fmt: skip
OF_PROTOCOL: Mapping[str, Verdict] = {"": "not known", "none": "plain", "TLSv1.3": "ready"}

ChannelName = tuple[str, str]


def tls_readiness(shown: Sequence[MqscObject]) -> TlsReadiness:
    """What the objects that runmqsc showed tell of clients and channels."""
    definitions = {_name(channel): channel for channel in shown if _is_definition(channel)}
    instances = [instance for instance in shown if instance.kind == "status"]
    counts = Counter(_clients(instance, _definition(definitions, instance)) for instance in instances)
    clients = [replace(equal, count=count) for equal, count in counts.items()]
    return TlsReadiness(
        clients=tuple(sorted(clients, key=_order)),
        idle=tuple(_idle(definitions, {_name(instance) for instance in instances})),
        without_status=sum(equal.count for equal in clients if equal.told_by == "definition"),
    )


def protocol_of(spec: str | None) -> str:
    """The protocol that a CipherSpec means: "none" for a blank one, "" where it leaves that open or is not known."""
    if spec is None:
        return ""
    if not spec:
        return "none"
    known = cipher_spec(spec)
    return PROTOCOLS.get(known.protocols[0], "") if known and len(known.protocols) == 1 else ""


def _name(shown: MqscObject) -> ChannelName:
    return shown.queue_manager, shown.name


def _is_definition(shown: MqscObject) -> bool:
    return shown.kind == "channel" and shown.attributes.get("CHLTYPE") != CLIENT_CONNECTION


def _definition(definitions: Mapping[ChannelName, MqscObject], instance: MqscObject) -> MqscObject | None:
    """The channel's definition of the same queue manager, or the one that stands in output without a name."""
    return definitions.get(_name(instance)) or definitions.get(("", instance.name))


def _clients(instance: MqscObject, definition: MqscObject | None) -> ChannelClients:
    status = instance.attributes
    defined = definition.attributes if definition else {}
    has_status = "SECPROT" in status or "SSLCIPH" in status
    protocol = _negotiated(status) if has_status else protocol_of(defined.get("SSLCIPH"))
    return ChannelClients(
        queue_manager=instance.queue_manager,
        channel=instance.name,
        type=status.get("CHLTYPE", defined.get("CHLTYPE", "")),
        client=status.get("CONNAME", ""),
        application=status.get("RAPPLTAG", ""),
        user=status.get("MCAUSER", ""),
        peer=status.get("SSLPEER", ""),
        product=status.get("RPRODUCT", ""),
        version=_version(status.get("RVERSION", "")),
        protocol=protocol,
        cipher_spec=status.get("SSLCIPH", "") or defined.get("SSLCIPH", ""),
        verdict=_verdict(protocol),
        told_by="status" if has_status else "definition",
    )


def _version(digits: str) -> str:
    """ "9.3.0.10" for RVERSION(09030010); as it is where it has another form."""
    if len(digits) != 8 or not digits.isdecimal():
        return digits
    return ".".join(str(int(digits[at : at + 2])) for at in range(0, 8, 2))


def _negotiated(status: Mapping[str, str]) -> str:
    if "SECPROT" in status:
        return PROTOCOLS.get(status["SECPROT"], status["SECPROT"])
    return protocol_of(status["SSLCIPH"])


def _verdict(protocol: str) -> Verdict:
    return OF_PROTOCOL.get(protocol, "blocks TLS 1.3 only")


def _order(equal: ChannelClients) -> tuple[int, str, str, str, str]:
    place = VERDICTS.index(equal.verdict)
    return place, equal.queue_manager, equal.channel, equal.client, equal.application


def _idle(definitions: Mapping[ChannelName, MqscObject], running: set[ChannelName]) -> Iterable[IdleChannel]:
    for (queue_manager, name), channel in sorted(definitions.items()):
        if channel.attributes.get("CHLTYPE") == SERVER_CONNECTION and (queue_manager, name) not in running:
            spec = channel.attributes.get("SSLCIPH")
            yield IdleChannel(queue_manager, name, spec or "", _verdict(protocol_of(spec)))
