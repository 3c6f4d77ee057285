"""Inputs to what they give: each is opened, known for what it is, and read; one that fails stops no other."""

from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.connections import ConnectionBuilder
from mqtrace.evidence.coverage import says_nothing
from mqtrace.evidence.facts import FactFinder
from mqtrace.evidence.trace_files import TraceFiles
from mqtrace.formats import Role
from mqtrace.inputs import Source
from mqtrace.inputs.names import member_of
from mqtrace.model import Client, ClockOffset, Connection, InputRead, PatternError, Period, Record, Unread
from mqtrace.model.errors import fault_words
from mqtrace.model.text import text
from mqtrace.parts import Part, parts_of
from mqtrace.readers.tally import Tally
from mqtrace.readers.traces.continuity import Replay
from mqtrace.readers.traces.parallel import ONE_A_CORE, Selected, Sharing
from mqtrace.readers.traces.trace_text import text_source
from mqtrace.seeking import Sought, is_whole_trace, sought_in_log, sought_in_trace, stopped

# Rooms that few inputs need are imported where they are used.
if TYPE_CHECKING:
    from mqtrace.evidence.log_connections import LogConnections
    from mqtrace.evidence.probes import Probes
    from mqtrace.model.tls import Handshake

# Records that are taken from a trace at once.
AT_ONCE = 250
LEFT_OUT = "{} of its {} TLS handshakes are left out, the oldest of those that failed and of those that did not"
Progress = Callable[[str, int], None]
Warn = Callable[[str], None]


class Gathered(Struct):
    """What all inputs of a run gave.

    Attributes:
        connections: of traces.
        reported: calls during which a client wrote failure reports.
        logs: the failing events of logs; None until the first log is met.
        configuration: of configuration files and listings.
        handshakes: TLS handshakes that something else than a client's trace recorded.
        inputs: one row an input.
        notes: sentences on the run itself.
        trace: the trace that was read last, whose connections are still to be made.
        probes: failure reports by their probes; None until the first one is met.
        clock_offsets: how far the clocks of logs were ahead of those of traces.
        asked: the time asked for.
        last: how many of the newest connections are asked for; 0 for all.
        not_asked: how many connections of traces failed, or were made, at another time.
        quick: whether a trace is read no further than its first failed connection.
        is_stopped: whether that was so.
        traces: what each trace said, and its name: a copy of a trace, packed or not, says nothing new.
    """

    connections: list[Connection] = field(default_factory=list)
    reported: list[Connection] = field(default_factory=list)
    logs: "LogConnections | None" = None
    configuration: Configuration = field(default_factory=Configuration)
    handshakes: "list[Handshake]" = field(default_factory=list)
    inputs: list[InputRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    traces: dict[tuple[Any, ...], str] = field(default_factory=dict)
    trace: TraceFiles | None = None
    probes: "Probes | None" = None
    clock_offsets: list[ClockOffset] = field(default_factory=list)
    asked: Period = field(default_factory=Period)
    last: int = 0
    not_asked: int = 0
    quick: bool = False
    is_stopped: bool = False


class Finders(dict[str, FactFinder]):
    """The finder of each client family, made when the first trace of that family is met.

    Raises PatternError when a pattern of the user's folders is not valid.
    """

    def __init__(self, folders: tuple[Path, ...], warn: Warn | None, sharing: Sharing = ONE_A_CORE) -> None:
        super().__init__()
        self._folders = folders
        self._warn = warn
        self._sharing = sharing
        # What a user gives must be valid, whether or not a trace of that family is among the inputs.
        for client in get_args(Client) if folders else ():
            trace_patterns(client, folders)

    def __missing__(self, client: str) -> FactFinder:
        self[client] = FactFinder(trace_patterns(client, self._folders), sharing=self._sharing, warn=self._warn)
        return self[client]


def read_input(source: Source, gathered: Gathered, finders: Finders, progress: Progress | None) -> None:
    """Reads one input, each part by its own reader, into `gathered`. Raises PatternError for a pattern not valid."""
    try:
        for part in parts_of(source):
            _read_part(part, source, gathered, finders, progress)
    except PatternError:
        raise
    except Exception as fault:  # noqa: BLE001  (as below: what it is could not be told)
        gathered.inputs.append(InputRead(source.name, "unknown", error=fault_words(fault)))


def _read_part(part: Part, source: Source, gathered: Gathered, finders: Finders, progress: Progress | None) -> None:
    tally = Tally()
    note, error = "", ""
    try:
        note = _READ[part.format.role](part, tally, gathered, Reading(finders, progress)) if part.format else ""
    except PatternError:
        raise
    except Exception as fault:  # noqa: BLE001  (a fault of a reader costs its input, never the others)
        error, tally = fault_words(fault), Tally()
    gathered.inputs.append(
        InputRead(
            source.name,
            part.kind,
            tally.size or part.source.size or 0,
            tally.lines,
            tally.records,
            tally.unparsed,
            error or part.source.error or source.error,
            note or source.skipped,
            tally.unread,
        )
    )


class Reading(Struct, frozen=True):
    """What reading traces needs beside the input: the finders of facts, and whom to tell of progress."""

    finders: Finders
    progress: Progress | None


def _read_log(part: Part, tally: Tally, gathered: Gathered, _: Reading) -> str:
    from mqtrace.readers.logs.scanned import scanned

    sought = Sought(part.source)
    if part.whole and part.format:
        sought = sought_in_log(part.source, part.format.home, gathered.asked)
    if sought.unread:
        read = replace(part, source=sought.source, line=sought.line, offset=sought.offset, whole=False)
    else:
        read = part
    entries = (
        scanned(read.reader, read.source, tally) if read.whole else read.placed(read.reader.read(read.source, tally))
    )
    _logs(gathered).take(entries)
    _say_unread(sought, part, tally, gathered)
    return part.note


def _say_unread(sought: Sought, part: Part, tally: Tally, gathered: Gathered) -> None:
    """Says which parts of an input were not read."""
    part.source.error = part.source.error or sought.source.error
    if sought.unread:
        tally.unread = sought.unread
        gathered.notes.append(sought.note(part.source.name))


def _logs(gathered: Gathered) -> "LogConnections":
    """What the logs tell together: made when the first one is read, since many inputs hold none."""
    from mqtrace.evidence.log_connections import LogConnections

    if gathered.logs is None:
        gathered.logs = LogConnections(gathered.asked)
    return gathered.logs


def _read_failure_reports(part: Part, tally: Tally, gathered: Gathered, _: Reading) -> str:
    """Reads failure reports: those of a client that was connecting tell of its call, others are entries of a log."""
    from mqtrace.evidence.failure_reports import connections_of, is_of_client
    from mqtrace.evidence.probes import Probes

    reports = list(part.reader.reports(part.source, tally))
    gathered.probes = gathered.probes or Probes()
    gathered.probes.take(report.entry for report in reports)
    gathered.reported.extend(connections_of(reports))
    _logs(gathered).take(report.entry for report in reports if not is_of_client(report))
    return part.note


def _read_configuration(part: Part, tally: Tally, gathered: Gathered, _: Reading) -> str:
    values = part.placed(part.reader.read(part.text_source(), tally))
    gathered.configuration = gathered.configuration.plus(part.kind, values)
    return part.note


def _read_key_store(part: Part, _tally: Tally, gathered: Gathered, _: Reading) -> str:
    store = part.reader.read_store(part.source, lambda: None)
    gathered.configuration = gathered.configuration.with_store(store)
    return "" if store.state == "open" else str(store.note)


def _read_handshakes(part: Part, _tally: Tally, gathered: Gathered, _: Reading) -> str:
    seen = Tally()
    found = part.reader.read_handshakes(part.text_source(), seen)
    gathered.handshakes.extend(part.placed(found))
    left_out = seen.records - len(found)
    return LEFT_OUT.format(f"{left_out:,}", f"{seen.records:,}") if left_out > 0 else part.note


def _read_nothing(part: Part, _tally: Tally, _gathered: Gathered, _: Reading) -> str:
    return part.note


def _read_trace(part: Part, tally: Tally, gathered: Gathered, reading: Reading) -> str:
    """Reads a file of a trace. Its connections are made when the next trace begins, as it may go on in another file."""
    reader, progress = part.reader, reading.progress
    finder = reading.finders[reader.CLIENT]
    source = text_source(part.source)
    replay = Replay(source)
    trace, sought = _trace_of(part, source, gathered)
    if trace.is_stopped:
        tally.unread = (Unread(0, source.size),)
        return ""
    file = trace.add(source.name, len(gathered.inputs), replay, part.offset)
    gathered.trace = None  # what fails to be read is not reported in part
    last: Record | None = None
    is_quick = gathered.quick and part.whole
    start, feed, observe = file.start, trace.feed if file.start else trace.builder.feed, finder.observe
    records = part.placed(sought.placed(reader.read(sought.source, tally, finder.selection)))
    records = chain.from_iterable(_batches(records, 1 if is_quick else AT_ONCE))
    for record, literals in _without_data(records, trace.builder, finder.selection.telling):
        if start:
            record.offset += start
        observations = observe(record, literals)
        if observations:
            feed(observations)
        elif not says_nothing(record.raw, reader.CLIENT):
            tally.unparsed += 1
        if is_quick and trace.builder.has_failed(record.offset):
            last = record
            break
        if progress and tally.size != file.size:
            file.size = tally.size
            progress(source.name, file.size)
    file.size, file.lines, gathered.trace = sought.offset + tally.size, sought.line + tally.lines, trace
    _say_unread(sought, part, tally, gathered)
    _stop_behind(last, source.size, sought, trace, tally, gathered=gathered)
    return ""


def _batches(records: Iterator[Selected], size: int) -> Iterator[list[Selected]]:
    """The records, some at a time: what reads them and what they say then do not take turns in the processor's cache,
    each pushing out what the other needs.
    """
    while batch := list(islice(records, size)):
        yield batch


def _without_data(
    records: Iterator[Selected], builder: ConnectionBuilder, telling: frozenset[int]
) -> Iterator[Selected]:
    """The records without what is no evidence, as it was written in a call that moves data. What reads them leaves that
    out itself, where the begin of the call stands in the same block.
    """
    for record, literals in records:
        if not builder.is_moving_data(record.thread) or not telling.isdisjoint(literals):
            yield record, literals


def _stop_behind(
    last: Record | None, size: int | None, sought: Sought, trace: TraceFiles, tally: Tally, *, gathered: Gathered
) -> None:
    """Leaves unread what stands behind a record, and says so. `size`: of the file."""
    if last is None:
        return
    read = last.offset + last.length - trace.files[-1].start
    tally.size, tally.lines = read - sought.offset, last.line - sought.line
    if read == size:
        return
    rest = Unread(read, size)
    trace.stop(size)
    gathered.is_stopped = True
    tally.unread = (*(part for part in tally.unread if part.begin < read), rest)
    gathered.notes.append(stopped(trace.name, rest))


def _trace_of(part: Part, source: Source, gathered: Gathered) -> tuple[TraceFiles, Sought]:
    """The trace that a file is of, and the part of the file that is read."""
    reader, trace = part.reader, gathered.trace
    if trace and part.whole and trace.goes_on_in(reader.CLIENT, source.name):
        return trace, Sought(source)
    finish_trace(gathered)
    header, sought = reader.header(source.head()), Sought(source)
    if part.whole and is_whole_trace(source):
        sought = sought_in_trace(source, reader.DIALECT, header, gathered.asked)
    builder = ConnectionBuilder(reader.CLIENT, source.name, sought.header(header), gathered.asked)
    trace = TraceFiles(
        reader.CLIENT, builder, reader.DIALECT, member_of(source.name)[0], read_in_part=bool(sought.unread)
    )
    return trace, sought


def finish_trace(gathered: Gathered) -> None:
    """Makes the connections of the trace that was read last; of a copy of one before only a note."""
    trace, gathered.trace = gathered.trace, None
    if trace is None:
        return
    found = trace.connections()
    gathered.not_asked += trace.builder.not_asked
    said = trace.key(found)
    if found and said in gathered.traces:
        for file in trace.files:
            note = text("the same trace as {source}; counted once", source=gathered.traces[said])
            gathered.inputs[file.row] = replace(gathered.inputs[file.row], note=note)
        return
    gathered.traces[said] = gathered.inputs[trace.files[0].row].source
    gathered.connections.extend(found)
    gathered.notes.extend(trace.notes())


_READ: dict[Role, Callable[[Part, Tally, Gathered, Reading], str]] = {
    "trace": _read_trace,
    "log": _read_log,
    "failure-report": _read_failure_reports,
    "configuration": _read_configuration,
    "key-store": _read_key_store,
    "handshakes": _read_handshakes,
    "unread": _read_nothing,
}
