"""Binary channel tables (AMQCLCHL.TAB). The layout is told in ccdt_chain and ccdt_mqcd."""

from collections.abc import Iterator

from mqtrace.catalog.tables import table
from mqtrace.inputs import Source
from mqtrace.masking import mask_value
from mqtrace.model import ConfigValue
from mqtrace.readers.configuration.config_lines import LIMIT, read_limited
from mqtrace.readers.tables.ccdt_chain import (
    EYECATCHER,
    HEADER,
    LATEST_VERSION,
    ByteOrder,
    TableRecord,
    byte_order_of,
    chained,
)
from mqtrace.readers.tables.ccdt_mqcd import Definition, definition
from mqtrace.readers.tables.ccdt_problems import Problems, shown
from mqtrace.readers.tables.ccdt_table import ChannelAttribute, ChannelEntry, ChannelTable
from mqtrace.readers.tables.ccdt_values import ADDRESSES, table_values
from mqtrace.readers.tally import Tally

KIND = "ccdt-binary"
CHANNEL_TYPES = {6: "clientConnection"}
AFFINITIES = {0: "none", 1: "preferred"}
RECONNECTS = {0: "no", 1: "yes", 2: "queueManager", 3: "disabled"}
NAMED = {"ChannelType": CHANNEL_TYPES, "ConnectionAffinity": AFFINITIES, "DefReconnect": RECONNECTS}
TCP = 2
DEFAULT_PORT = 1414


def sniff(head: bytes) -> bool:
    """Whether the bytes begin like a binary channel table."""
    return head.startswith(EYECATCHER)


def read(source: Source, tally: Tally) -> Iterator[ConfigValue]:
    """Every attribute of every channel in the order of the chain, see ccdt_values; the line is 0, the offset that of the field."""
    found = load_table(read_limited(source, tally))
    tally.lines = 0
    tally.records = len(found.channels)
    tally.unparsed += sum(1 for each in found.problems if each.kind in ("damaged", "not-a-table"))
    yield from table_values(found, source.name, [])


def load_table(data: bytes) -> ChannelTable:
    """The table in the bytes, with everything that is wrong with it. Never raises; of more than 16 MiB the rest is not read."""
    problems = Problems()
    if not data.startswith(EYECATCHER):
        problems.add("not-a-table", 0, "the file does not begin with AMQR, so it is no binary channel table")
        return ChannelTable("binary", (), tuple(problems.found))
    if len(data) > LIMIT:
        problems.add("too-large", 0, "the file is larger than 16 MiB; the rest was not read")
    order = byte_order_of(data)
    if order == "big":
        problems.add("big-endian", 0, "the table is big-endian, as AIX, IBM i and z/OS write it")
    records = chained(data[:LIMIT], order, problems)
    channels = tuple(_entry(record, order, problems) for record in records)
    return ChannelTable("binary", channels, tuple(problems.found), order)


def _entry(record: TableRecord, order: ByteOrder, problems: Problems) -> ChannelEntry:
    found = definition(record.data, order)
    name = found.texts.get("ChannelName", "")
    _tell(found, name, record.offset, problems)
    transport = found.numbers.get("TransportType", TCP)
    addresses = _addresses(found.texts.get("ConnectionName") or found.texts.get("ShortConnectionName", ""), transport)
    channel_type = found.numbers.get("ChannelType", 0)
    return ChannelEntry(
        name=name,
        type=CHANNEL_TYPES.get(channel_type, str(channel_type)),
        queue_manager=found.texts.get("QMgrName", ""),
        addresses=addresses,
        cipher_spec=found.texts.get("SSLCipherSpec", ""),
        certificate_label=found.texts.get("CertificateLabel", ""),
        peer_name=found.peer_name,
        weight=min(max(found.numbers.get("ClientChannelWeight", 0), 0), 99),
        affinity=AFFINITIES.get(found.numbers.get("ConnectionAffinity", 1), "preferred"),
        line=0,
        column=record.offset,
        attributes=tuple(_attributes(found, record.offset + HEADER)),
    )


def _tell(found: Definition, name: str, offset: int, problems: Problems) -> None:
    if not 1 <= found.version <= LATEST_VERSION:
        problems.add(
            "unknown-version", offset, f"the record at {offset:#x} has MQCD version {found.version}, which is not known"
        )
    elif not found.complete:
        problems.add("damaged", offset, f"channel {shown(name)} at {offset:#x} ends before its definition does")


def _addresses(connection: str, transport: int) -> tuple[str, ...]:
    given = [each.strip() for each in connection.split(",") if each.strip()]
    if transport != TCP:
        return tuple(given)
    return tuple(each if "(" in each else f"{each}({DEFAULT_PORT})" for each in given)


def _attributes(found: Definition, base: int) -> Iterator[ChannelAttribute]:
    offsets = {row["field"]: int(row["offset_32"]) for row in table("mq_struct_fields") if row["struct"] == "MQCD"}
    told = set()
    for row in table("ccdt_attributes"):
        field = row["mqcd_field"]
        value = found.peer_name if field == "SSLPeerNamePtr" else _value(found, field)
        if value and field not in told:
            told.add(field)
            path = ADDRESSES if field == "ConnectionName" else row["path"].partition("[]")[0]
            yield ChannelAttribute(path, mask_value(path, value), 0, base + offsets[field])
    for path, value in found.exits:
        yield ChannelAttribute(path, mask_value(path, value), 0, base)


def _value(found: Definition, field: str) -> str:
    if field in found.texts:
        return found.texts[field]
    if field not in found.numbers:
        return ""
    number = found.numbers[field]
    return NAMED.get(field, {}).get(number, str(number))
