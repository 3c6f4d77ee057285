"""Where each field of an MQI structure stands, from patterns/tables."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from mqtrace.catalog.tables import Row, table

FieldKind = Literal["text", "number", "bytes", "pointer"]
Bits = Literal[64, 32]


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """One field of a structure.

    Attributes:
        name: as in the MQI.
        kind: text (MQCHARn), number (MQLONG, or several of them), bytes (MQBYTEn), pointer.
        since_version: lowest version of the structure that has it.
        offset: of its first byte in the structure.
        length: in bytes.
    """

    name: str
    kind: FieldKind
    since_version: int
    offset: int
    length: int

    @property
    def end(self) -> int:
        """Offset of the first byte after it."""
        return self.offset + self.length


@cache
def lengths(structure: str, bits: Bits) -> dict[int, int]:
    """Length in bytes of each version of a structure; empty for a structure that the tables do not know."""
    rows = table("mq_struct_lengths")
    return {int(row["version"]): int(row[f"length_{bits}"]) for row in rows if row["struct"] == structure}


@cache
def layout(structure: str, bits: Bits) -> tuple[FieldLayout, ...]:
    """All fields of the highest known version of a structure, in order."""
    return tuple(_field(row, bits) for row in table("mq_struct_fields") if row["struct"] == structure)


@cache
def eyecatchers() -> dict[bytes, str]:
    """First four bytes -> structure, for every known structure that begins with an eyecatcher."""
    named = {row["struct"] for row in table("mq_struct_fields") if row["field"] == "StrucId"}
    return {name.removeprefix("MQ").ljust(4).encode("ascii"): name for name in sorted(named)}


def _field(row: Row, bits: Bits) -> FieldLayout:
    return FieldLayout(
        name=row["field"],
        kind=_kind(row),
        since_version=int(row["since_version"]),
        offset=int(row[f"offset_{bits}"]),
        length=int(row[f"length_{bits}"]),
    )


def _kind(row: Row) -> FieldKind:
    if row["is_pointer"] == "True":
        return "pointer"
    if row["ctype"].startswith("MQCHAR"):
        return "text"
    return "bytes" if row["ctype"].startswith("MQBYTE") else "number"
