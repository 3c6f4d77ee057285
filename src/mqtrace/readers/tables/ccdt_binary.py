"""Binary channel tables (AMQCLCHL.TAB). The layout is told in ccdt_records."""

from collections.abc import Iterator

from mqtrace.catalog.tables import table
from mqtrace.inputs import Source
from mqtrace.masking import mask_value
from mqtrace.model import ConfigValue
from mqtrace.readers.configuration.config_lines import LIMIT, read_limited
from mqtrace.readers.tables.ccdt_records import (
    EYECATCHER,
    HEADER,
    LATEST_VERSION,
    ByteOrder,
    Definition,
    TableRecord,
    byte_order_of,
    chained,
    definition,
)
from mqtrace.readers.tables.ccdt_table import (
    ADDRESSES,
    ChannelAttribute,
    ChannelEntry,
    ChannelTable,
    Problems,
    shown,
    table_values,
)
from mqtrace.readers.tally import Tally

CHANNEL_TYPES = {6: "clientConnection"}
AFFINITIES = {0: "none", 1: "preferred"}
RECONNECTS = {0: "no", 1: "yes", 2: "queueManager", 3: "disabled"}
NAMED = {"ChannelType": CHANNEL_TYPES, "ConnectionAffinity": AFFINITIES, "DefReconnect": RECONNECTS}
TRANSPORTS = {1: "LU62", 2: "TCP", 3: "NETBIOS", 4: "SPX"}
TCP = 2


def sniff(head: bytes) -> bool:
    """Whether the bytes begin like a binary channel table."""
    return head.startswith(EYECATCHER)


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """Every attribute of every channel in the order of the chain (see table_values), with the offset of its field."""
    channels = load_table(read_limited(source, tally))
    tally.lines = 0
    tally.records = len(channels.channels)
    tally.unparsed += sum(1 for problem in channels.problems if problem.kind in ("damaged", "not-a-table"))
    yield from table_values(channels, source.name, [])


def load_table(data: bytes) -> ChannelTable:
    """The table in the bytes, with everything that is wrong with it.

    Never raises; of more than 16 MiB the rest is not read.
    """
    problems = Problems()
    if not data.startswith(EYECATCHER):
        problems.add("not-a-table", 0, "the file does not begin with AMQR, so it is no binary channel table")
        return ChannelTable("binary", (), tuple(problems.found))
    if len(data) > LIMIT:
        problems.add("too-large", 0, "the file is larger than 16 MiB; the rest was not read")
    order = byte_order_of(data)
    if order == "big":
        problems.add("big-endian", 0, "the table is big-endian, as AIX, IBM i and z/OS write it")
    channels: list[ChannelEntry] = []
    beyond_end = False
    for record in chained(data[:LIMIT], order, problems):
        beyond_end = beyond_end or record.data_length != len(record.data)
        if record.data_length:
            channels.append(_entry(record, order, problems, beyond_end=beyond_end))
    return ChannelTable("binary", tuple(channels), tuple(problems.found), order)


def _entry(record: TableRecord, order: ByteOrder, problems: Problems, *, beyond_end: bool) -> ChannelEntry:
    channel = definition(record.data, order)
    name = channel.texts.get("ChannelName", "")
    _tell(channel, name, record.offset, problems)
    transport = channel.numbers.get("TransportType", TCP)
    channel_type = channel.numbers.get("ChannelType", 0)
    weight = channel.numbers.get("ClientChannelWeight", 0)
    if weight < 0:
        problems.add("negative-weight", record.offset, f"channel {shown(name)} has the client weight {weight}")
    return ChannelEntry(
        name=name,
        type=CHANNEL_TYPES.get(channel_type, str(channel_type)),
        queue_manager=channel.texts.get("QMgrName", ""),
        connection=channel.texts.get("ConnectionName") or channel.texts.get("ShortConnectionName", ""),
        cipher_spec=channel.texts.get("SSLCipherSpec", ""),
        certificate_label=channel.texts.get("CertificateLabel", ""),
        peer_name=channel.peer_name,
        weight=max(weight, 0),
        affinity=AFFINITIES.get(channel.numbers.get("ConnectionAffinity", 1), "preferred"),
        line=0,
        column=record.offset,
        attributes=tuple(_attributes(channel, record.offset + HEADER)),
        transport=TRANSPORTS.get(transport, str(transport)),
        beyond_end=beyond_end,
    )


def _tell(channel: Definition, name: str, offset: int, problems: Problems) -> None:
    if not 1 <= channel.version <= LATEST_VERSION:
        text = f"the record at {offset:#x} has MQCD version {channel.version}, which is not known"
        problems.add("unknown-version", offset, text)
    elif not channel.complete:
        problems.add("damaged", offset, f"channel {shown(name)} at {offset:#x} ends before its definition does")


def _attributes(channel: Definition, base: int) -> Iterator[ChannelAttribute]:
    offsets = {row["field"]: int(row["offset_32"]) for row in table("mq_struct_fields") if row["struct"] == "MQCD"}
    given = set()
    for row in table("ccdt_attributes"):
        field = row["mqcd_field"]
        value = channel.peer_name if field == "SSLPeerNamePtr" else _value(channel, field)
        if value and field not in given:
            given.add(field)
            path = ADDRESSES if field == "ConnectionName" else row["path"].partition("[]")[0]
            yield ChannelAttribute(path, mask_value(path, value), 0, base + offsets[field])
    for path, value in channel.exits:
        yield ChannelAttribute(path, mask_value(path, value), 0, base)


def _value(channel: Definition, field: str) -> str:
    if field in channel.texts:
        return channel.texts[field]
    if field not in channel.numbers:
        return ""
    number = channel.numbers[field]
    return NAMED.get(field, {}).get(number, str(number))
