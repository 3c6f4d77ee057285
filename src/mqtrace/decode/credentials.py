"""Where passwords stand in the bytes of a dump: by the structure that holds them, whatever they are like.

Layouts of MQCD and MQCSP from patterns/tables. CAUT and UID are what a client sends of user and password: as observed
in traces of the Java client, and as named by Wireshark's dissector; what stands behind the lengths of a CAUT is not the
same in all versions, so that all of it counts.
"""

from collections.abc import Iterator

from mqtrace.decode.structure_dump import StructureDump, layout, lengths, pointer_bits, stated_version
from mqtrace.decode.structures import recognise_structure
from mqtrace.masking import is_secret

_ENCODINGS = ("ascii", "cp500")
_CAUT_HEADER = 24
# Of a UID segment, and how far behind the segment's begin it stands.
_PASSWORD = slice(16, 28)
_SEGMENT_HEADER = 44


def credential_places(data: bytes) -> Iterator[slice]:
    """Each run of bytes that is a password, or holds one; it may end beyond the data."""
    if recognise_structure(data) == "MQCD":
        yield from _of_channel_definition(data)
    for encoding in _ENCODINGS:
        for at in _places(data, "CSP ".encode(encoding)):
            yield from _behind_csp(data, at)
        for at in _places(data, "CAUT".encode(encoding)):
            yield slice(at + _CAUT_HEADER, len(data))
        for at in _places(data, "UID ".encode(encoding)):
            if data.rfind("TSH".encode(encoding), max(at - _SEGMENT_HEADER, 0), at) >= 0:
                yield slice(at + _PASSWORD.start, at + _PASSWORD.stop)


def _places(data: bytes, eyecatcher: bytes) -> Iterator[int]:
    at = data.find(eyecatcher)
    while at >= 0:
        yield at
        at = data.find(eyecatcher, at + 1)


def _of_channel_definition(data: bytes) -> Iterator[slice]:
    dump = StructureDump(data)
    version, order = stated_version(dump, "MQCD") or (1, "little")
    for field in layout("MQCD", pointer_bits(dump, "MQCD", version, order)):
        if field.kind == "text" and is_secret(field.name):
            yield slice(field.offset, field.end)


def _behind_csp(data: bytes, at: int) -> Iterator[slice]:
    """What follows an MQCSP: it points to user and password, which a client keeps beside it."""
    # Only the eyecatcher tells an MQCSP in EBCDIC from other bytes, as its numbers are the same.
    dump = StructureDump(b"CSP " + data[at + 4 :])
    stated = stated_version(dump, "MQCSP")
    if stated:
        yield slice(at + lengths("MQCSP", pointer_bits(dump, "MQCSP", *stated))[stated[0]], len(data))
