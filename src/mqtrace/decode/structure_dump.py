"""The bytes of a dumped structure, what they say of byte order and size, and where fields stand (patterns/tables)."""

from functools import cache
from typing import Literal

from msgspec import Struct

from mqtrace.catalog.tables import Row, table
from mqtrace.kept import compiled

FieldKind = Literal["text", "number", "bytes", "pointer"]
Bits = Literal[64, 32]


class FieldLayout(Struct, frozen=True):
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


ByteOrder = Literal["little", "big"]

_CHANNEL_NAME = compiled(rb"([A-Za-z0-9._/%]*)[ \0]*")
_LARGEST_OFFSET = 1 << 20
_LARGEST_NUMBER = 999_999_999
_LOWEST_ADDRESS = 0x10000
# Little endian hosts use less than 52 bits of an address; AIX puts shared memory at 0x07.. and stacks at 0x0f..
_ADDRESS_BITS = {"little": 52, "big": 60}
_LONGEST_CHANNEL_DEFINITION = 4096


class StructureDump(Struct, frozen=True):
    """Part of a structure.

    Attributes:
        data: the bytes at hand.
        base: offset in the structure of the first of them.
    """

    data: bytes
    base: int = 0

    @property
    def end(self) -> int:
        """Offset in the structure of the first byte that is not at hand."""
        return self.base + len(self.data)

    def part(self, offset: int, length: int) -> bytes | None:
        """`length` bytes from `offset` in the structure; None unless all of them are at hand."""
        start = offset - self.base
        return self.data[start : start + length] if start >= 0 and offset + length <= self.end else None

    def number(self, offset: int, order: ByteOrder) -> int | None:
        """The MQLONG at `offset`; None unless it is at hand."""
        content = self.part(offset, 4)
        return None if content is None else int.from_bytes(content, order, signed=True)


def field_named(structure: str, name: str) -> FieldLayout:
    """The field of that name, where pointers have 64 bits. The structure must have it."""
    return next(field for field in layout(structure, 64) if field.name == name)


def stated_version(dump: StructureDump, structure: str) -> tuple[int, ByteOrder] | None:
    """Version and byte order: the order in which the Version field is a version that exists; None when neither is."""
    offset = field_named(structure, "Version").offset
    orders: tuple[ByteOrder, ...] = ("little", "big")
    for order in orders:
        version = dump.number(offset, order)
        if version is not None and version in lengths(structure, 64):
            return version, order
    return None


def is_channel_definition(dump: StructureDump) -> bool:
    """Whether the bytes are an MQCD, which has no eyecatcher.

    Version, ChannelType and TransportType must exist in one byte order, ChannelName must be a name that MQ allows, the
    other text fields of version 1 must be text as far as they are at hand, and so must StrucLength be a length. A blank
    name is believed only with a StrucLength.
    """
    stated = stated_version(dump, "MQCD")
    name = _CHANNEL_NAME.fullmatch(dump.part(0, field_named("MQCD", "ChannelName").length) or b"-")
    if stated is None or name is None:
        return False
    version, order = stated
    length = stated_length(dump, order) if version >= field_named("MQCD", "StrucLength").since_version else None
    if length is None and not name[1]:
        return False
    return _known_types(dump, order) and _plausible_length(length, version) and _texts_are_text(dump)


def stated_length(dump: StructureDump, order: ByteOrder) -> int | None:
    """StrucLength of an MQCD; None unless it is at hand."""
    return dump.number(field_named("MQCD", "StrucLength").offset, order)


def pointer_bits(dump: StructureDump, structure: str, version: int, order: ByteOrder) -> Bits:
    """Size of the structure's pointers, found in this order; the first that differs between the two sizes decides.

    1. StrucLength of an MQCD is a length of one size only.
    2. Fewer fields in force that cannot be what they should be: text with control characters or with something behind
    its
       NUL, numbers that are text or beyond what MQ allows, pointers that no process can have, reserved bytes in use.
    3. The same for all fields at hand, in force or not.
    4. The dump ends where the structure of that size ends, in the stated version or in another.
    Where nothing differs the answer is 64.
    """
    sizes: tuple[Bits, ...] = (64, 32)
    if structure == "MQCD":
        length = stated_length(dump, order)
        fitting = [bits for bits in sizes if length in lengths(structure, bits).values()]
        if len(fitting) == 1:
            return fitting[0]

    def against(bits: Bits) -> tuple[int, int, bool, bool]:
        wrong = [each for each in layout(structure, bits) if _is_wrong(dump, each, order)]
        in_force = sum(each.since_version <= version for each in wrong)
        ends = lengths(structure, bits)
        return in_force, len(wrong), dump.end != ends[version], dump.end not in ends.values()

    return min(sizes, key=against)


def end_of_other_storage(dump: StructureDump, structure: str, version: int, bits: Bits, order: ByteOrder) -> int:
    """Offset where the fields beyond `version` end in a structure that does not state its length.

    That is where the first thing stands that the structure says to be at an offset behind itself, or the first version
    with a field that cannot be what it should be.
    """
    ends = lengths(structure, bits)
    offsets = (
        each for each in layout(structure, bits) if each.name.endswith("Offset") and each.since_version <= version
    )
    stated = (dump.number(each.offset, order) or 0 for each in offsets)
    end = min([dump.end, *(each for each in stated if each >= ends[version])])
    for later in sorted(each for each in ends if each > version):
        fields = (each for each in layout(structure, bits) if each.since_version == later and each.end <= end)
        if any(_is_wrong(dump, each, order) for each in fields):
            return min(end, ends[later - 1])
    return end


def _known_types(dump: StructureDump, order: ByteOrder) -> bool:
    channel_type = dump.number(field_named("MQCD", "ChannelType").offset, order)
    transport_type = dump.number(field_named("MQCD", "TransportType").offset, order)
    return channel_type in range(1, 12) and transport_type in range(7)


def _plausible_length(length: int | None, version: int) -> bool:
    if length is None:
        return True
    # A later level of MQ may have a longer structure than the table knows, never a shorter one.
    return lengths("MQCD", 32)[version] <= length <= _LONGEST_CHANNEL_DEFINITION and length % 4 == 0


def _texts_are_text(dump: StructureDump) -> bool:
    fields = (each for each in layout("MQCD", 64) if each.kind == "text" and each.since_version == 1)
    return all(_printable((dump.part(each.offset, each.length) or b"").split(b"\0", 1)[0]) for each in fields)


def _is_wrong(dump: StructureDump, field: FieldLayout, order: ByteOrder) -> bool:
    content = dump.part(field.offset, field.length)
    if content is None:
        return False
    if field.kind == "text":
        text, _, rest = content.partition(b"\0")
        return not _printable(text) or bool(rest.strip(b"\0 "))
    if field.kind == "pointer":
        address = int.from_bytes(content, order)
        return address != 0 and not _LOWEST_ADDRESS <= address < 1 << _ADDRESS_BITS[order]
    if field.kind == "bytes":
        return field.name.startswith("Reserved") and bool(content.strip(b"\0 "))
    return any(_wrong_number(field.name, content[at : at + 4], order) for at in range(0, field.length, 4))


def _wrong_number(name: str, content: bytes, order: ByteOrder) -> bool:
    value = int.from_bytes(content, order, signed=True)
    if name.endswith(("Offset", "Length")):
        return abs(value) > _LARGEST_OFFSET
    return value > _LARGEST_NUMBER or value < -9 or _printable(content)


def _printable(content: bytes) -> bool:
    return all(each >= 0x20 and each != 0x7F for each in content)
