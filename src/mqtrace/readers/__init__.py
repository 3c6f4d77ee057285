"""Bytes to records: one module a format. This is the one list of them; the order is the order in which they are asked.

A reader has KIND, sniff(head) and read(); those of traces also have CLIENT and header(head), and read only what a selection hits.
A reader of logs may have a NOTE, which the report gives with the input.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Protocol, TypeGuard, cast

from mqtrace.inputs import Source
from mqtrace.model import Client, ConfigValue, LogEntry
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.trace_header import TraceHeader
from mqtrace.readers.traces.trace_lines import Selected, Selection


class Reader(Protocol):
    """What every reader has."""

    KIND: str

    def sniff(self, head: bytes) -> bool:
        """Whether an input that begins with these bytes is of this kind."""


class TraceReader(Reader, Protocol):
    """A reader of traces."""

    CLIENT: Client

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


class ConfigurationReader(Reader, Protocol):
    """A reader of configuration files and listings."""

    def read(self, source: Source, tally: Tally) -> Iterator[ConfigValue]:
        """Every value."""


# In the order in which they are asked. Modules are imported when they are asked first: few runs need all of them.
TRACES = ("traces.trace_dotnet", "traces.trace_c")
CONFIGURATION = (
    "tables.ccdt_json",
    "tables.ccdt_binary",
    "configuration.mqsc",
    "configuration.ini",
    "configuration.environment",
)
LOGS = (
    *("logs.fdc", "logs.errorlog_json", "logs.errorlog_text", "logs.zos_log", "logs.log_console", "logs.liberty_log"),
    "logs.application_log",
)


def reader_of(head: bytes) -> "TraceReader | LogReader | ConfigurationReader | None":
    """The reader of an input that begins with these bytes, None when no reader takes it."""
    from mqtrace.readers.not_formatted import other_format

    if other_format(head):
        return None
    for name in (*TRACES, "logs.fdc", *CONFIGURATION, *LOGS):
        reader = import_module(f"mqtrace.readers.{name}")
        if reader.sniff(head):
            return cast("TraceReader | LogReader | ConfigurationReader", reader)
    return None


def is_trace(reader: Reader) -> TypeGuard[TraceReader]:
    """Whether the reader is one of traces."""
    return name_of(reader) in TRACES


def is_configuration(reader: Reader) -> TypeGuard[ConfigurationReader]:
    """Whether the reader is one of configuration."""
    return name_of(reader) in CONFIGURATION


def is_log(reader: Reader) -> TypeGuard[LogReader]:
    """Whether the reader is one of logs."""
    return name_of(reader) in LOGS


def name_of(reader: Reader) -> str:
    """The reader's name in the lists above."""
    return str(getattr(reader, "__name__", "")).removeprefix(f"{__name__}.")
