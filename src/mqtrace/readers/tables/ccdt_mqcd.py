"""The channel definition (MQCD in its 32-bit layout, and what follows it) in a record of a binary channel table."""

from dataclasses import dataclass
from functools import cache

from mqtrace.catalog.tables import Row, table
from mqtrace.masking import printable
from mqtrace.readers.tables.ccdt_chain import LATEST_VERSION, ByteOrder

# After the MQCD from version 6 on: 8 zero bytes, length of the exit strings, 52 bytes, time of change, 64 blanks; then the exit strings.
EXIT_LENGTH_AT = 8
EXITS_AT = 132
EXITS_SINCE = 6
EXIT_LISTS = ("", "", "exits.send[].name", "exits.send[].userData", "exits.receive[].name", "exits.receive[].userData")
SECRET_FIELDS = frozenset({"Password", "RemotePassword"})


@dataclass(frozen=True, slots=True)
class Definition:
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
    exits, peer_name = (
        _tail(data[_length(known) :], order, numbers.get("SSLPeerNameLength", 0)) if known >= EXITS_SINCE else ((), "")
    )
    return Definition(version, texts, numbers, exits, peer_name, len(data) >= _length(known))


def _text(field: bytes) -> str:
    return printable(field.split(b"\0", 1)[0].decode("utf-8", "replace").rstrip(" "))


def _tail(tail: bytes, order: ByteOrder, peer_length: int) -> tuple[tuple[tuple[str, str], ...], str]:
    exits_end = EXITS_AT + int.from_bytes(tail[EXIT_LENGTH_AT : EXIT_LENGTH_AT + 4], order)
    peer_name = _text(tail[exits_end : exits_end + max(peer_length, 0)])
    lists = tail[EXITS_AT:exits_end].split(b"\x01")
    exits = [
        (path, _text(item))
        for path, items in zip(EXIT_LISTS, lists, strict=False)
        if path
        for item in items.split(b"\x02")
    ]
    return tuple((path, value) for path, value in exits if value), peer_name
