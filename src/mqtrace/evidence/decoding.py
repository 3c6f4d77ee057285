"""Dumps and blocks of a record, read by the decoders that patterns name."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.model import DecodeError, Evidence, Record, Structure

if TYPE_CHECKING:
    from mqtrace.model.tls import Handshake

CIPHER_SPEC_SINCE = 7


class Decoded(Struct, frozen=True):
    """What a decoder found in one record.

    Attributes:
        facts: name and value of each fact.
        text: one line for the report.
        structure: the decoded MQI structure.
        tls: the handshake, as far as the record shows it.
    """

    facts: tuple[tuple[str, str], ...]
    text: str
    structure: Structure | None = None
    tls: "Handshake | None" = None


def decode_record(decoder: str, record: Record) -> Iterator[Decoded]:
    """What the named decoder finds in a dump or block; nothing where the bytes are something else."""
    try:
        yield from DECODERS[decoder](record)
    except DecodeError:
        return


def _structure(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.structures import decode_structure, recognise_structure

    name = recognise_structure(record.data, record.base)
    if not name:
        return
    decoded = decode_structure(record.data, name, record.base)
    text = f"{name} version {decoded.version}, {len(record.data)} bytes dumped"
    shown = replace(decoded, evidence=(Evidence(record.location, text),))
    prefix = name.lower()
    for field in decoded.fields:
        line = f"{name} {field.name} '{field.value}' at offset {field.offset:#06x}"
        yield Decoded(((f"{prefix}.{field.name}", field.value),), line, shown)
    if name == "MQCD" and decoded.version < CIPHER_SPEC_SINCE:
        line = (
            f"MQCD version {decoded.version} has no CipherSpec: that field is there from version {CIPHER_SPEC_SINCE} on"
        )
        yield Decoded((("mqcd.SSLCipherSpec", ""),), line, shown)
    for field in decoded.not_in_force:
        line = f"{name} {field.name} '{field.value}' at offset {field.offset:#06x}: beyond version {decoded.version}"
        yield Decoded(((f"{prefix}.not_in_force.{field.name}", field.value),), line, shown)


def _first_bytes(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.channel_protocol import first_bytes_kind

    kind = first_bytes_kind(record.data)
    if kind == "tls-alert" and len(record.data) >= 7:
        yield Decoded((("tls.alert", str(record.data[6])),), f"TLS alert {record.data[6]} received")
    yield Decoded((("socket.answer", kind),), f"received: {record.data[:48]!r}"[:120])


def _error_segment(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.channel_protocol import parse_segment

    segment = parse_segment(record.data)
    if segment.kind == "error" and segment.error_status is not None:
        status = f"{segment.error_status:02x}"
        yield Decoded((("status", status),), f"the queue manager answered with an error segment, status {status}")


def _channel_flow(record: Record) -> Iterator[Decoded]:
    """What a flow of the channel protocol tells of channel and queue manager, or why it refuses; nothing else of it,
    since flows hold passwords.
    """
    from mqtrace.decode.channel_protocol import parse_segment

    if record.base:
        return
    segment = parse_segment(record.data)
    if segment.kind == "error" and segment.error_status is not None:
        status = f"{segment.error_status:02x}"
        name = "error_segment.status" if segment.meaning else "error_segment.not_known"
        yield Decoded(((name, status),), f"an error segment, status {status}: {segment.meaning or 'not known'}")
    initial_data = (
        ("channel", segment.channel),
        ("queue_manager", segment.queue_manager),
        ("product", segment.product),
    )
    for name, value in initial_data:
        if value:
            yield Decoded(((f"flow.{name}", value),), f"initial data, {name.replace('_', ' ')} {value}")


def _transcript(record: Record) -> Iterator[Decoded]:
    from mqtrace.decode.gskit_transcript import parse_transcript
    from mqtrace.handshakes.facts import facts_of

    handshake = replace(parse_transcript(record.text), origin="trace", location=record.location)
    for fact in facts_of(handshake):
        yield Decoded(((fact.name, fact.value),), fact.text, tls=handshake)


DECODERS: Mapping[str, Callable[[Record], Iterator[Decoded]]] = {
    "mqi-structure": _structure,
    "first-bytes": _first_bytes,
    "error-segment": _error_segment,
    "channel-flow": _channel_flow,
    "gskit-transcript": _transcript,
}
