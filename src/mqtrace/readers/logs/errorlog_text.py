"""AMQERR0n.LOG: the error log as text, of MQ 5.3 to 9.4, in any locale, whole or pasted.

Layouts and damage are those of public logs: one entry is a header with the date, its fields, the message, two sections
under headings in the language of the process that wrote it, and a footer of dashes.
"""

from collections.abc import Iterable, Iterator

from mqtrace.inputs import Source
from mqtrace.kept import compiled
from mqtrace.model import LogEntry
from mqtrace.readers.logs.log_chunks import chunks, unified_head
from mqtrace.readers.logs.log_order import settled
from mqtrace.readers.logs.scanned import Scanned
from mqtrace.readers.logs.text_scan import TextScan, texts
from mqtrace.readers.tally import Tally

# Header of an entry; a trace has no User() after its process.
_HEADER = compiled(rb"\d\D{0,16}- *Process ?\([^()\n]{1,40}\)[ \t]+User ?\(")
# A message that begins a line and its own sentence; in a row of a table it is a mention.
_MESSAGE = compiled(
    rb"(?:\A|\n|-----)[ \t>|]*+(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?[ ]|[\d/.: -]{12,30}[APM]{0,2}[ \t\r\n]{1,4})?"
    rb"AMQ\d{4,5}[IWEST]?:[ \t]++(?=['\"(]?[A-Z\x80-\xff])(?![^\n]*\|[ \t\r]*(?:\n|\Z))"
)
# What an application prints beside messages without a header, and no error log does.
_APPLICATION = compiled(
    rb"MQRC_[A-Z]|(?:\A|\n)MQCONNX?\b|MQCONNX? ended|MQJE\d{3}|CC=\d;RC=\d|JMS[WC]MQ\d|\w\.\w+Exception:"
)


def sniff(head: bytes) -> bool:
    """Whether `head` holds an entry of such a log: a header, or a message id at the begin of a line."""
    head = unified_head(head).replace(b"\0", b"")
    if head.lstrip().startswith((b"{", b"[{")):
        return False
    if _HEADER.search(head) is not None:
        return True
    return _MESSAGE.search(head) is not None and _APPLICATION.search(head) is None


def read(source: Source, tally: Tally) -> Iterator[LogEntry]:
    """All entries of `source`, in its order; cut and damaged ones too, with `complete` False. Counts bytes, lines and
    entries.

    `when` is None where a date can mean two days and neither the entry nor its neighbours tell which.
    """
    return (entry.full() for entry in settled(scan(source, tally)))


def scan(source: Source, tally: Tally) -> Iterator[Scanned]:
    """The same entries, with what is asked of them; a date that can mean two days is left open."""
    return scanned_texts(chunks(source.stream, tally), source.name, tally)


def scanned_texts(pieces: Iterable[bytes], source: str, tally: Tally) -> Iterator[Scanned]:
    """The entries of the log that `pieces` make up, of the input named `source`."""
    return TextScan(source, tally).entries(texts(pieces))
