"""Bytes to records: one module a format, and what each has. `mqtrace.formats` lists them all, with their kinds.

A reader has sniff(head) and read(); those of traces also have CLIENT and header(head), and read only what a
selection hits.
"""

from collections.abc import Iterator
from typing import Protocol

from mqtrace.inputs import Source
from mqtrace.model import Client, LogEntry
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.trace_header import TraceHeader
from mqtrace.readers.traces.trace_lines import Dialect, Selected, Selection


class Reader(Protocol):
    """What every reader has."""

    def sniff(self, head: bytes) -> bool:
        """Whether an input that begins with these bytes is of this kind."""


class TraceReader(Reader, Protocol):
    """A reader of traces."""

    CLIENT: Client
    DIALECT: Dialect

    def header(self, head: bytes) -> TraceHeader:
        """What the header in these first bytes tells."""

    def body(self, line: bytes) -> bytes:
        """The line without its prefix."""

    def read(self, source: Source, tally: Tally, selection: Selection) -> Iterator[Selected]:
        """The records that the selection hits, with the literals that hit them."""


class LogReader(Reader, Protocol):
    """A reader of logs."""

    def read(self, source: Source, tally: Tally) -> Iterator[LogEntry]:
        """Every entry."""
