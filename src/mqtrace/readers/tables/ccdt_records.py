"""The records of a binary channel table, the chain that orders them, and the channel definition (MQCD) in each.

Layout (not documented by IBM): "AMQR", records, a zero word. A record is five words (its length, length of its data, 0,
offset of the previous record in the chain, offset of the next one) and the data: an MQCD in its 32-bit layout, and what
follows it. The chain ascends by name and is not the order in the file. Known from a genuine table of MQ 9 and from
tables
given to IBM's C, .NET and Java clients.
"""

import struct
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import Row, table
from mqtrace.masking import printable
from mqtrace.readers.tables.ccdt_table import Problems, shown

EYECATCHER = b"AMQR"
HEADER = 20
VERSION_OFFSET = 20
NAME_LENGTH = 20
LATEST_VERSION = 13
MOST_RECORDS = 100_000
ByteOrder = Literal["little", "big"]
# After the MQCD from version 6 on: 8 zero bytes, length of the exit strings, 52 bytes, time of change, 64 blanks; then
# the exit strings.
EXIT_LENGTH_AT = 8
EXITS_AT = 132
EXITS_SINCE = 6
EXIT_LISTS = ("", "", "exits.send[].name", "exits.send[].userData", "exits.receive[].name", "exits.receive[].userData")
SECRET_FIELDS = frozenset({"Password", "RemotePassword"})


class TableRecord(Struct, frozen=True):
    """One record.

    Attributes:
        offset: in the file.
        data_length: length of the data as the record states it; 0 in a deleted record.
        previous, following: its links, 0 for none.
        data: the data that there are.
    """

    offset: int
    data_length: int
    previous: int
    following: int
    data: bytes

    @property
    def name(self) -> bytes:
        """The channel's name, which the chain ascends by."""
        return self.data[:NAME_LENGTH].split(b"\0", 1)[0].rstrip(b" ")


class Definition(Struct, frozen=True):
    """What a record's data say.

    Attributes:
        version: of the MQCD.
        texts: its character fields without padding, by name; passwords are left out.
        numbers: its number fields, by name.
        exits: (path of the attribute, value) of the exits that a list names.
        peer_name: SSLPEER.
        complete: False when the data end within the MQCD.
    """

    version: int
    texts: dict[str, str]
    numbers: dict[str, int]
    exits: tuple[tuple[str, str], ...]
    peer_name: str
    complete: bool


def byte_order_of(data: bytes) -> ByteOrder:
    """Byte order of a table: that in which the first MQCD has a known version, else of the shorter first record."""
    version_at = len(EYECATCHER) + HEADER + VERSION_OFFSET
    version = data[version_at : version_at + 4]
    orders: tuple[ByteOrder, ByteOrder] = ("little", "big")
    for order in orders:
        if 0 < int.from_bytes(version, order) <= LATEST_VERSION:
            return order
    length = data[len(EYECATCHER) : len(EYECATCHER) + 4]
    return "little" if int.from_bytes(length, "little") <= int.from_bytes(length, "big") else "big"


def chained(data: bytes, order: ByteOrder, problems: Problems) -> list[TableRecord]:
    """The records in the order of the chain, deleted ones too; those outside it and a broken chain are told."""
    records = {record.offset: record for record in _in_file_order(data, order, problems)}
    if not records:
        problems.add("no-records", 0, "the table has no record")
    chain = _follow(_head(list(records.values())), records, problems)
    reached = {record.offset for record in chain}
    for record in records.values():
        if record.offset not in reached and record.data_length:
            text = f"the record at {record.offset:#x} is not in the chain: clients do not see it"
            problems.add("not-in-chain", record.offset, text)
    _tell_lengths_and_names(chain, problems)
    return chain


def _head(records: list[TableRecord]) -> TableRecord | None:
    """Where the chain begins.

    With a deleted record only where nothing else begins it: records taken out of the chain have no links either.
    """
    heads = [record for record in records if not record.previous]
    live = [record for record in heads if record.data_length]
    linked = [record for record in heads if record.following]
    return next(iter([*live, *linked, *records]), None)


def _tell_lengths_and_names(chain: list[TableRecord], problems: Problems) -> None:
    if chain and not chain[0].data_length:
        problems.add("first-record-deleted", chain[0].offset, "the first record of the chain is a deleted one")
    odd = next((record for record in chain if record.data_length != len(record.data)), None)
    if odd:
        text = (
            f"the record at {odd.offset:#x} states {odd.data_length} bytes of data and has {len(odd.data)}: "
            "the C client sees neither it nor those after it"
        )
        problems.add("record-length", odd.offset, text)
    for earlier, later in pairwise(chain[: chain.index(odd)] if odd else chain):
        if later.name <= earlier.name:
            text = f"{_shown_name(later)} follows {_shown_name(earlier)} in the chain, which has to ascend by name"
            problems.add("chain-not-ascending", later.offset, text)
            break


def _shown_name(record: TableRecord) -> str:
    return f"channel {shown(record.name.decode('utf-8', 'replace'))}"


def _in_file_order(data: bytes, order: ByteOrder, problems: Problems) -> Iterator[TableRecord]:
    words = struct.Struct(("<" if order == "little" else ">") + "5I")
    offset, count = len(EYECATCHER), 0
    while offset + 4 <= len(data) and data[offset : offset + 4] != b"\0\0\0\0":
        if offset + HEADER > len(data):
            break
        length, data_length, _, previous, following = words.unpack_from(data, offset)
        count += 1
        if length < HEADER or count > MOST_RECORDS:
            problems.add("damaged", offset, f"no record can be read at {offset:#x}")
            return
        yield TableRecord(offset, data_length, previous, following, data[offset + HEADER : offset + length])
        if offset + length > len(data):
            problems.add("damaged", offset, f"the file ends within the record at {offset:#x}")
            return
        offset += length
    if offset + 4 > len(data):
        problems.add("damaged", offset, "the file has no end mark: it may have been cut")


def _follow(record: TableRecord | None, records: dict[int, TableRecord], problems: Problems) -> list[TableRecord]:
    chain: dict[int, TableRecord] = {}
    while record is not None:
        chain[record.offset] = record
        if not record.following:
            break
        way = f"the chain goes from {record.offset:#x} to {record.following:#x}"
        if record.following in chain:
            problems.add("chain-loops", record.offset, f"{way}, where it has been")
            break
        if record.following not in records:
            problems.add("damaged", record.offset, f"{way}, where no record is")
        record = records.get(record.following)
    return list(chain.values())


@cache
def _fields() -> tuple[Row, ...]:
    return tuple(row for row in table("mq_struct_fields") if row["struct"] == "MQCD" and row["is_pointer"] != "True")


@cache
def _length(version: int) -> int:
    """Length in bytes of the 32-bit MQCD of that version."""
    rows = [
        row for row in table("mq_struct_fields") if row["struct"] == "MQCD" and int(row["since_version"]) <= version
    ]
    return max((int(row["offset_32"]) + int(row["length_32"]) for row in rows), default=0)


def definition(data: bytes, order: ByteOrder) -> Definition:
    """Decodes a record's data; fields beyond the stated version or the end of the data are left out."""
    version = int.from_bytes(data[20:24], order, signed=True)
    known = min(max(version, 1), LATEST_VERSION)
    texts: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for row in _fields():
        start, length = int(row["offset_32"]), int(row["length_32"])
        field = data[start : start + length]
        if int(row["since_version"]) > known or len(field) < length or row["field"] in SECRET_FIELDS:
            continue
        if row["ctype"].startswith("MQCHAR"):
            texts[row["field"]] = _text(field)
        elif row["ctype"] == "MQLONG":
            numbers[row["field"]] = int.from_bytes(field, order, signed=True)
    exits: tuple[tuple[str, str], ...] = ()
    peer_name = ""
    if known >= EXITS_SINCE:
        exits, peer_name = _tail(data[_length(known) :], order, numbers.get("SSLPeerNameLength", 0))
    return Definition(version, texts, numbers, exits, peer_name, len(data) >= _length(known))


def _text(field: bytes) -> str:
    return printable(field.split(b"\0", 1)[0].decode("utf-8", "replace").rstrip(" "))


def _tail(tail: bytes, order: ByteOrder, peer_length: int) -> tuple[tuple[tuple[str, str], ...], str]:
    exits_end = EXITS_AT + int.from_bytes(tail[EXIT_LENGTH_AT : EXIT_LENGTH_AT + 4], order)
    peer_name = _text(tail[exits_end : exits_end + max(peer_length, 0)])
    lists = tail[EXITS_AT:exits_end].split(b"\x01")
    named = [(path, items) for path, items in zip(EXIT_LISTS, lists, strict=False) if path]
    exits = [(path, _text(item)) for path, items in named for item in items.split(b"\x02")]
    return tuple((path, value) for path, value in exits if value), peer_name
