"""The records of a binary channel table and the chain that orders them.

Layout (not documented by IBM): "AMQR", records, a zero word. A record is five words (its length, length of its data with 0 for a deleted
record, 0, offset of the next record in the chain, offset of the previous one) and the data. Known from a genuine table of MQ 9 and from
tables that IBM's .NET and Java clients read; the chain is not the order in the file.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mqtrace.readers.tables.ccdt_problems import Problems

EYECATCHER = b"AMQR"
HEADER = 20
VERSION_OFFSET = 20
LATEST_VERSION = 13
MOST_RECORDS = 100_000
ByteOrder = Literal["little", "big"]


@dataclass(frozen=True, slots=True)
class TableRecord:
    """One record: its offset in the file, its links (0 for none), whether it is deleted, and its data."""

    offset: int
    following: int
    previous: int
    deleted: bool
    data: bytes


def byte_order_of(data: bytes) -> ByteOrder:
    """Byte order of a table: that in which the first record's MQCD has a known version, else that which gives the shorter record."""
    version_at = len(EYECATCHER) + HEADER + VERSION_OFFSET
    version = data[version_at : version_at + 4]
    orders: tuple[ByteOrder, ByteOrder] = ("little", "big")
    for order in orders:
        if 0 < int.from_bytes(version, order) <= LATEST_VERSION:
            return order
    length = data[len(EYECATCHER) : len(EYECATCHER) + 4]
    return "little" if int.from_bytes(length, "little") <= int.from_bytes(length, "big") else "big"


def chained(data: bytes, order: ByteOrder, problems: Problems) -> list[TableRecord]:
    """The records in the order of the chain, deleted ones left out; records outside the chain and a broken chain are told."""
    records = {record.offset: record for record in _in_file_order(data, order, problems)}
    heads = [record for record in records.values() if not record.previous and not record.deleted]
    found = _follow(heads[0] if heads else next(iter(records.values()), None), records, problems)
    reached = {record.offset for record in found}
    for record in records.values():
        if record.offset not in reached and not record.deleted:
            problems.add(
                "not-in-chain",
                record.offset,
                f"the record at {record.offset:#x} is not in the chain: clients do not see it",
            )
    return [record for record in found if not record.deleted]


def _in_file_order(data: bytes, order: ByteOrder, problems: Problems) -> Iterator[TableRecord]:
    words = struct.Struct(("<" if order == "little" else ">") + "5I")
    offset, count = len(EYECATCHER), 0
    while offset + 4 <= len(data) and data[offset : offset + 4] != b"\0\0\0\0":
        if offset + HEADER > len(data):
            break
        length, data_length, _, following, previous = words.unpack_from(data, offset)
        count += 1
        if length < HEADER or count > MOST_RECORDS:
            problems.add("damaged", offset, f"no record can be read at {offset:#x}")
            return
        yield TableRecord(offset, following, previous, data_length == 0, data[offset + HEADER : offset + length])
        if offset + length > len(data):
            problems.add("damaged", offset, f"the file ends within the record at {offset:#x}")
            return
        offset += length
    if offset + 4 > len(data):
        problems.add("damaged", offset, "the file has no end mark: it may have been cut")


def _follow(record: TableRecord | None, records: dict[int, TableRecord], problems: Problems) -> list[TableRecord]:
    found: dict[int, TableRecord] = {}
    while record is not None:
        found[record.offset] = record
        if not record.following:
            break
        if record.following in found:
            problems.add(
                "chain-loops", record.offset, f"the chain goes back from {record.offset:#x} to {record.following:#x}"
            )
            break
        if record.following not in records:
            problems.add(
                "damaged",
                record.offset,
                f"the chain goes from {record.offset:#x} to {record.following:#x}, where no record is",
            )
        record = records.get(record.following)
    return list(found.values())
