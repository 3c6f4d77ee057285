"""Inputs to what they give: each is opened, known for what it is, and read; one that cannot be read never stops the others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.connections import ConnectionBuilder
from mqtrace.evidence.facts import FactFinder
from mqtrace.evidence.failure_reports import connections_of, is_of_client
from mqtrace.inputs import Source
from mqtrace.model import Connection, InputRead, PatternError
from mqtrace.model.errors import fault_words
from mqtrace.readers import TraceReader, is_configuration, is_log, is_trace, not_formatted, reader_of
from mqtrace.readers.logs import fdc
from mqtrace.readers.tally import Tally

# Rooms that few inputs need are imported where they are used.
if TYPE_CHECKING:
    from mqtrace.evidence.log_connections import LogConnections
    from mqtrace.handshakes.handshake import Handshake

Progress = Callable[[str, int], None]
Warn = Callable[[str], None]


@dataclass(slots=True)
class Gathered:
    """What all inputs of a run gave.

    Attributes:
        connections: of traces.
        logs: the failing events of logs; None until the first log is met.
        configuration: of configuration files and listings.
        handshakes: TLS handshakes that something else than a client's trace recorded.
        inputs: one row an input.
        notes: sentences on the run itself.
        traces: what each trace said, and its name: a copy of a trace, packed or not, says nothing new.
    """

    connections: list[Connection] = field(default_factory=list)
    logs: "LogConnections | None" = None
    configuration: Configuration = field(default_factory=Configuration)
    handshakes: "list[Handshake]" = field(default_factory=list)
    inputs: list[InputRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    traces: dict[tuple[Any, ...], str] = field(default_factory=dict)


class Finders(dict[str, FactFinder]):
    """The finder of each client family, made when the first trace of that family is met."""

    def __init__(self, folders: tuple[Path, ...], warn: Warn | None) -> None:
        super().__init__()
        self._folders = folders
        self._warn = warn

    def __missing__(self, client: str) -> FactFinder:
        self[client] = FactFinder(trace_patterns(client, self._folders), warn=self._warn)
        return self[client]


def read_input(source: Source, gathered: Gathered, finders: Finders, progress: Progress | None) -> None:
    """Reads one input into `gathered`. Raises PatternError when a pattern is not valid."""
    tally = Tally()
    kind, note, error = "unknown", "", ""
    try:
        head = source.head()
        reader = reader_of(head)
        kind = reader.KIND if reader else kind
        if reader is None:
            kind, note = _read_other(source, head, gathered)
        elif is_trace(reader):
            note = _read_trace(reader, source, head, tally, gathered, finders, progress)
        elif kind == "failure-report":
            reports = list(fdc.reports(source, tally))
            gathered.connections.extend(connections_of(reports))
            _logs(gathered).take(report.entry for report in reports if not is_of_client(report))
            note = getattr(reader, "NOTE", "")
        elif is_log(reader):
            _logs(gathered).take(reader.read(source, tally))
            note = getattr(reader, "NOTE", "")
        elif is_configuration(reader):
            gathered.configuration = gathered.configuration.plus(kind, reader.read(source, tally))
    except PatternError:
        raise
    except Exception as fault:  # noqa: BLE001  (a fault of a reader costs its input, never the others)
        error, tally = fault_words(fault), Tally()
    size = tally.size or source.size or 0
    note = note or getattr(source, "skipped", "")
    gathered.inputs.append(
        InputRead(source.name, kind, size, tally.lines, tally.records, tally.unparsed, error or source.error, note)
    )


def _read_other(source: Source, head: bytes, gathered: Gathered) -> tuple[str, str]:
    """Kind and note of an input that is neither trace nor log nor configuration: key stores, captures and other records of handshakes."""
    known = not_formatted.other_format(head)
    if known:
        return known
    from mqtrace.handshakes.reading import holds_handshakes, kind_of, read_handshakes
    from mqtrace.keys.reading import KIND, read_store
    from mqtrace.keys.reading import sniff as is_store

    if is_store(head):
        store = read_store(source, lambda: None)
        gathered.configuration = gathered.configuration.with_store(store)
        return KIND, "" if store.state == "open" else store.note
    kind = kind_of(head)
    if kind or holds_handshakes(head):
        found = read_handshakes(source)
        gathered.handshakes.extend(found)
        printed = found and found[0].origin in ("java-debug", "s_client")
        return kind or ("application-log" if printed else "gskit-trace"), ""
    return not_formatted.recognise(head, source.name) or ("unknown", "")


def _logs(gathered: Gathered) -> "LogConnections":
    from mqtrace.evidence.log_connections import LogConnections

    if gathered.logs is None:
        gathered.logs = LogConnections()
    return gathered.logs


def _read_trace(
    reader: TraceReader,
    source: Source,
    head: bytes,
    tally: Tally,
    gathered: Gathered,
    finders: Finders,
    progress: Progress | None,
) -> str:
    """Reads a trace; a note where it is a copy of one before."""
    client = reader.CLIENT
    finder = finders[client]
    builder = ConnectionBuilder(client, source.name, reader.header(head))
    told = 0
    for record, literals in reader.read(source, tally, finder.selection):
        observations = list(finder.observe(record, literals))
        if not observations:
            tally.unparsed += 1
        builder.feed(observations)
        if progress and tally.size != told:
            told = tally.size
            progress(source.name, told)
    found = builder.connections()
    said = (client, tally.size, tally.lines, tuple(_said(each) for each in found))
    if found and said in gathered.traces:
        return f"the same trace as {gathered.traces[said]}; counted once"
    gathered.traces[said] = source.name
    gathered.connections.extend(found)
    return ""


def _said(connection: Connection) -> tuple[Any, ...]:
    facts = tuple((fact.name, fact.value, fact.location.offset) for fact in connection.facts)
    return connection.thread, connection.start, connection.end, connection.count, facts
