"""What an input is, asked once: every kind that is known, in the order in which they are asked, and who reads it."""

from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from typing import Any, Literal

from msgspec import Struct

Role = Literal["trace", "configuration", "log", "failure-report", "key-store", "handshakes", "unread"]
_SAMPLE = 256


class Head(Struct, frozen=True, dict=True):
    """The first bytes of an input.

    Attributes:
        raw: as they are.
        name: the input's name: a binary file that is called as the product calls its traces is taken for one.
    """

    raw: bytes
    name: str = ""

    @cached_property
    def text(self) -> bytes:
        """The same as UTF-8 without a byte order mark, whatever form of Unicode or EBCDIC it is in."""
        sample = self.raw[:_SAMPLE]
        if sample.isascii() and b"\0" not in sample:
            return self.raw
        from mqtrace.readers.logs.log_chunks import unified_head

        return unified_head(self.raw)


class Format(Struct, frozen=True):
    """One kind of input.

    Attributes:
        kind: as the contract names it.
        role: what becomes of it. What is "unread" is known, and told with its note.
        home: the module that reads it, below mqtrace; imported when it is asked first, as few runs need all.
        asks: the function that tells whether an input that begins with these bytes is of this kind, as "module:name"
            where its module is not `home`.
        is_text: whether it is asked with the decoded text; else with the bytes as they are.
        note: one sentence for the user.
    """

    kind: str
    role: Role
    home: str
    asks: str = "sniff"
    is_text: bool = True
    note: str = ""

    @property
    def reader(self) -> Any:
        """The module that reads it."""
        return import_module(f"mqtrace.{self.home}")

    @property
    def is_log(self) -> bool:
        """Whether it has entries of a log, as triage counts them."""
        return self.role in ("log", "failure-report")

    def takes(self, head: Head) -> bool:
        """Whether an input that begins with these bytes is of this kind."""
        module, _, function = self.asks.rpartition(":")
        asked = getattr(import_module(f"mqtrace.{module or self.home}"), function)
        return bool(asked(head.text if self.is_text else head.raw))


_FDC_NOTE = "failure reports (FDC): dumps and the environment are not read, since they can hold passwords"
OWN_OUTPUT = Format(
    "unknown",
    "unread",
    "readers.not_read",
    "is_own_output",
    note="written by mqtrace itself: not read, as it is no evidence",
)
TABLE = Format(
    "unknown", "unread", "readers.not_read", "is_table", is_text=False, note="a table (Parquet, a workbook): not read"
)
NOT_FORMATTED = Format(
    "not-formatted",
    "unread",
    "readers.not_read",
    note="a trace that is not formatted; run   dspmqtrc FILE   where MQ is installed, and give the .FMT file",
)
TRACES = (
    Format("trace-dotnet", "trace", "readers.traces.trace_dotnet"),
    Format("trace-c", "trace", "readers.traces.trace_c"),
    Format("trace-java", "trace", "readers.traces.trace_java"),
)
# Asked before listings, as such a report ends with one.
FAILURE_REPORT = Format("failure-report", "failure-report", "readers.logs.fdc", note=_FDC_NOTE)
CONFIGURATION = (
    Format("ccdt-json", "configuration", "readers.tables.ccdt_json"),
    Format("ccdt-binary", "configuration", "readers.tables.ccdt_binary", is_text=False),
    Format("listing", "configuration", "readers.configuration.mqsc"),
    Format("ini", "configuration", "readers.configuration.ini"),
    Format("environment", "configuration", "readers.configuration.environment"),
)
LOGS = (
    Format("errorlog-json", "log", "readers.logs.errorlog_json"),
    Format("errorlog-text", "log", "readers.logs.errorlog_text"),
    Format("errorlog-text", "log", "readers.logs.zos_log"),
    Format("errorlog-text", "log", "readers.logs.log_console"),
    Format("errorlog-text", "log", "readers.logs.liberty_log"),
    Format("application-log", "log", "readers.logs.application_log"),
)
KEY_STORE = Format("key-store", "key-store", "keys.reading", is_text=False)
PRINTED_HANDSHAKES = Format("application-log", "handshakes", "handshakes.reading", "formats:prints_handshakes")
HANDSHAKES = (
    Format("capture", "handshakes", "handshakes.reading", "decode.capture:is_capture", is_text=False),
    Format("gskit-trace", "handshakes", "handshakes.reading", "decode.gskit_trace:is_gskit_trace", is_text=False),
    PRINTED_HANDSHAKES,
    Format("gskit-trace", "handshakes", "handshakes.reading", "holds_handshakes"),
)
FORMATS = (OWN_OUTPUT, TABLE, *TRACES, FAILURE_REPORT, *CONFIGURATION, *LOGS, KEY_STORE, *HANDSHAKES)


def format_of(raw: bytes, name: str = "", among: Iterable[Format] = FORMATS) -> Format | None:
    """The kind of an input that begins with these bytes; None where it is none of those that are known."""
    head = Head(raw, name)
    for kind in among:
        if kind.takes(head):
            return kind
    from mqtrace.readers.not_read import is_binary_trace

    return NOT_FORMATTED if is_binary_trace(raw, name) else None


def prints_handshakes(text: bytes) -> bool:
    """Whether a text shows handshakes as a program prints them: javax.net.debug, or openssl s_client."""
    from mqtrace.decode.jsse_debug import is_jsse_debug
    from mqtrace.decode.s_client import is_s_client

    words = text.decode("utf-8", "replace")
    return is_jsse_debug(words) or is_s_client(words)
