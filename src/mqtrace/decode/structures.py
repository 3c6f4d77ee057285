"""MQI structures in dumps: MQCD, MQSCO, MQCNO, MQCSP, MQBNO, MQAIR.

Offsets, lengths and versions come from patterns/tables/mq_struct_fields.csv and mq_struct_lengths.csv (the public MQI
headers). Text in EBCDIC is not decoded.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from mqtrace.decode.structure_dump import (
    Bits,
    ByteOrder,
    FieldLayout,
    StructureDump,
    end_of_other_storage,
    eyecatchers,
    field_named,
    is_channel_definition,
    layout,
    lengths,
    pointer_bits,
    stated_length,
    stated_version,
)
from mqtrace.decode.text import field_text
from mqtrace.masking import HIDDEN
from mqtrace.model import Structure, StructureField
from mqtrace.model.errors import DecodeError

# CryptoHardware holds the password of a token between its semicolons.
_SECRETS = ("Password", "CryptoHardware")
# Where the size of its pointers cannot be told, a pointer or a reserved field may be a piece of the password behind it.
_CREDENTIALS = "MQCSP"


def recognise_structure(data: bytes, base: int = 0) -> str | None:
    """Name of the structure that a dump shows, None when it is none that is known.

    `base` is the offset in the structure of the first byte of `data`; without its first bytes no structure is
    recognised.
    """
    dump = StructureDump(data, base)
    name = eyecatchers().get(dump.part(0, 4) or b"")
    if name is not None:
        return name if stated_version(dump, name) else None
    return "MQCD" if is_channel_definition(dump) else None


def decode_structure(data: bytes, name: str | None = None, base: int = 0) -> Structure:
    """The structure in a dump that may end anywhere.

    `name` says which structure it is; without it the bytes must be recognised. `base` is as for recognise_structure.
    Byte order comes from Version, the size of pointers from what `structure_dump.pointer_bits` describes (64 where
    nothing decides). Only fields that are whole are given. `cut_at` is the offset in the structure where the dump ends,
    when a field in force is missing. Fields beyond Version that hold something are in `not_in_force`, for an MQCD as
    far as StrucLength reaches. Passwords are masked, and what an MQCSP points to; pointers are in hexadecimal; bytes
    are in hexadecimal, "" when all are zero.

    Raises DecodeError when the bytes are not that structure.
    """
    name = name or recognise_structure(data, base)
    if name is None:
        raise DecodeError("The bytes are no MQCD, and they do not begin with the eyecatcher of another structure.")
    dump = StructureDump(data, base)
    version, order = _checked_version(dump, name)
    bits = pointer_bits(dump, name, version, order)
    fields = layout(name, bits)
    end = max(each.end for each in fields if each.since_version <= version)
    return Structure(
        name=name,
        version=version,
        bits=bits,
        byte_order=order,
        fields=_values(dump, name, (each for each in fields if each.since_version <= version), order),
        not_in_force=_filled_beyond(dump, name, version, bits, order),
        cut_at=dump.end if dump.end < end else None,
    )


def _checked_version(dump: StructureDump, name: str) -> tuple[int, ByteOrder]:
    if not layout(name, 64):
        raise DecodeError(f"{name} is no structure that mqtrace can decode.")
    begin = dump.part(0, 4)
    if begin is not None and name in eyecatchers().values() and eyecatchers().get(begin) != name:
        raise DecodeError(f"The bytes do not begin with the eyecatcher of {name}.")
    stated = stated_version(dump, name)
    if stated is None:
        raise DecodeError(f"The bytes are no {name}: its Version field is missing or holds no version that exists.")
    return stated


def _filled_beyond(
    dump: StructureDump, name: str, version: int, bits: Bits, order: ByteOrder
) -> tuple[StructureField, ...]:
    limit = (
        _end_of_storage(dump, version, bits, order)
        if name == "MQCD"
        else end_of_other_storage(dump, name, version, bits, order)
    )
    beyond = (each for each in layout(name, bits) if each.since_version > version and each.end <= limit)
    found = _values(dump, name, (each for each in beyond if _is_filled(dump, each)), order)
    # Behind a short MQCSP may stand the password that it points to.
    return tuple(replace(each, value=HIDDEN) for each in found) if name == _CREDENTIALS else found


def _end_of_storage(dump: StructureDump, version: int, bits: Bits, order: ByteOrder) -> int:
    length = stated_length(dump, order)
    known = lengths("MQCD", bits)
    if length is not None and length in known.values():
        return length
    # Before version 4 an MQCD has no StrucLength, so behind its own length may be anything.
    return dump.end if version >= field_named("MQCD", "StrucLength").since_version else known[version]


def _is_filled(dump: StructureDump, field: FieldLayout) -> bool:
    content = dump.part(field.offset, field.length) or b""
    return bool(field_text(content)) if field.kind == "text" else any(content)


def _values(
    dump: StructureDump, name: str, fields: Iterable[FieldLayout], order: ByteOrder
) -> tuple[StructureField, ...]:
    contents = ((each, dump.part(each.offset, each.length)) for each in fields)
    return tuple(
        StructureField(each.name, each.offset, _value(each, content, order, secret=name == _CREDENTIALS))
        for each, content in contents
        if content is not None
    )


def _value(field: FieldLayout, content: bytes, order: ByteOrder, secret: bool) -> str:
    if field.kind == "text":
        text = field_text(content)
        return HIDDEN if text and any(word in field.name for word in _SECRETS) else text
    if secret and field.kind != "number" and any(content):
        return HIDDEN
    if field.kind == "pointer":
        return f"0x{int.from_bytes(content, order):0{2 * field.length}x}"
    if field.kind == "bytes":
        return content.hex() if any(content) else ""
    numbers = (content[at : at + 4] for at in range(0, field.length, 4))
    return ", ".join(str(int.from_bytes(each, order, signed=True)) for each in numbers)
