"""Traces in UTF-16, as PowerShell writes what it copies, read as the UTF-8 that they were."""

from mqtrace.inputs import Source
from mqtrace.readers.tally import Tally

MARK = b"\0"
SAMPLE = 64


def text_head(head: bytes) -> bytes:
    """The first bytes of a trace in UTF-8."""
    if not _is_wide(head):
        return head
    from mqtrace.readers.logs.log_chunks import unified_head

    return unified_head(head)


def text_source(source: Source) -> Source:
    """The source itself, or its text in UTF-8: offsets are those of that form then."""
    if not _is_wide(source.head(SAMPLE)):
        return source
    from mqtrace.readers.logs.log_chunks import chunks

    return Source.of_chunks(source.name, chunks(source.stream, Tally()))


def _is_wide(head: bytes) -> bool:
    if MARK not in head[:SAMPLE]:
        return False
    from mqtrace.readers.logs.log_chunks import is_utf_16

    return is_utf_16(head)
