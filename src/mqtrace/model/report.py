"""All that a run has to say."""

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import force_setattr

from mqtrace.model.connection import Connection
from mqtrace.model.finding import Alternative, Confidence, Finding
from mqtrace.model.location import Evidence
from mqtrace.model.setting import Setting

if TYPE_CHECKING:
    from mqtrace.model.preflight import Preflight
    from mqtrace.model.tls import Handshake


class Unread(Struct, frozen=True):
    """A part of an input that was not read, as it was not asked for.

    Attributes:
        begin, end: byte offsets; end is None where the size of the input is not known.
        first, last: times of its first and last lines that were looked at; "" where none was.
    """

    begin: int
    end: int | None
    first: str = ""
    last: str = ""


class InputRead(Struct, frozen=True):
    """What was read of one input.

    Attributes:
        source: display name.
        kind: kind of the contract ("trace-dotnet", "errorlog-text", "unknown").
        size: bytes read (unpacked).
        lines, records, unparsed_lines: of a trace the lines that the prefilter selected; of a log all entries.
        error: why it could not be read, None when it could.
        note: one sentence for the user ("not formatted: run dspmqtrc on it"), "" when there is none.
        unread: the parts that were not asked for and so not read.
    """

    source: str
    kind: str
    size: int = 0
    lines: int = 0
    records: int = 0
    unparsed_lines: int = 0
    error: str | None = None
    note: str = ""
    unread: tuple[Unread, ...] = ()


class Cause(Struct, frozen=True):
    """The answer to "why": a finding joined with what the catalogue knows of its id."""

    id: str
    title: str
    explanation: str
    fix: tuple[str, ...]
    confidence: Confidence
    alternatives: tuple[Alternative, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class Outcome(Struct, frozen=True):
    """One connection with all that was decided of it.

    Attributes:
        connection: the connection.
        settings: the ledger's rows.
        cause: why it failed; None when nothing failed or nothing could be told.
        chain: failing findings that are consequences of the cause, nearest first.
        attempt_causes: the cause of each attempt, in the order of connection.attempts.
        tls: its TLS handshake, with what single facts tell of it.
    """

    connection: Connection
    settings: tuple[Setting, ...] = ()
    cause: Cause | None = None
    chain: tuple[Finding, ...] = ()
    attempt_causes: tuple[Cause | None, ...] = ()
    tls: "Handshake | None" = None


class Gap(Struct, frozen=True):
    """A question that the inputs leave open, and how to find out."""

    question: str
    how_to_find_out: str


class ClockOffset(Struct, frozen=True):
    """How far the clock of a queue manager's log is ahead of the clock of traces.

    Attributes:
        log: display name of the log.
        clock: the host of the traces, or the trace where it does not tell its host.
        ahead: how far the log's clock is ahead; negative where it is behind.
        agreeing: how many connections and events agree on it.
    """

    log: str
    clock: str
    ahead: timedelta
    agreeing: int


class Excerpt(Struct, frozen=True):
    """Lines of an input that follow one another: those around evidence, for a reader who does not have the input.

    Attributes:
        source: display name of the input.
        first: number of the first line, from 1.
        lines: the lines, secrets masked; a row of a dump and the like is None (its bytes could be a secret that no name
            tells).
    """

    source: str
    first: int
    lines: tuple[str | None, ...]


class Report(Struct, frozen=True):
    """All that a run has to say; every form of the report renders this object.

    Attributes:
        outcomes: the connections, each with what was decided of it.
        findings: what the rules found, each with the index of its connection.
        inputs: one row an input.
        gaps: the open questions, each once.
        notes: sentences on the run itself, such as what was left out at a limit.
        clock_offsets: how far the clocks of logs were ahead, where that was measured and allowed for.
        preflight: what would come of a connection that has not been made; None where one was.
        excerpts: the lines around the evidence of causes, where they were asked for.
        is_shown: it came out of `report.shown`; a report that is made of it with other parts did not.
    """

    outcomes: tuple[Outcome, ...] = ()
    findings: tuple[Finding, ...] = ()
    inputs: tuple[InputRead, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    clock_offsets: tuple[ClockOffset, ...] = ()
    preflight: "Preflight | None" = None
    excerpts: tuple[Excerpt, ...] = ()
    is_shown: bool = False

    def __post_init__(self) -> None:
        force_setattr(self, "is_shown", False)
