"""Inputs to Report: the pipeline, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.connections import ConnectionBuilder
from mqtrace.evidence.coverage import Shape, uncovered
from mqtrace.evidence.facts import FactFinder
from mqtrace.inputs import Source, open_sources
from mqtrace.model import Cause, Connection, Finding, Gap, InputRead, Outcome, PatternError, Report, Setting
from mqtrace.model.errors import place_of
from mqtrace.readers import TraceReader, is_configuration, is_log, is_trace, not_formatted, reader_of
from mqtrace.readers.tally import Tally

# The rooms that judge (rules, settings) are imported where they are used: while a second process already reads its part of a large trace.
if TYPE_CHECKING:
    from mqtrace.evidence.conversations import LogConnections
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
    """

    connections: list[Connection] = field(default_factory=list)
    logs: "LogConnections | None" = None
    configuration: Configuration = field(default_factory=Configuration)
    handshakes: "list[Handshake]" = field(default_factory=list)
    inputs: list[InputRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def diagnose(
    paths: Iterable[Path | str],
    *,
    stdin: BinaryIO | None = None,
    pattern_folders: Sequence[Path] = (),
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> Report:
    """Reads all inputs and says which setting won and why each connection failed.

    Args:
        paths: files, folders, archives; "-" is standard input.
        stdin: the stream that "-" stands for.
        pattern_folders: folders with more trace patterns.
        progress: called with an input's name and the bytes read of it.
        warn: called while the inputs are read with what the report will have as a note, such as that a pattern takes too long.

    Raises PatternError when a pattern is not valid. Inputs that cannot be read are rows of the report, never an exception.
    """
    gathered = Gathered()

    def told(text: str) -> None:
        gathered.notes.append(text)
        if warn:
            warn(text)

    finders = Finders(tuple(pattern_folders), told)
    for source in open_sources(list(paths), stdin=stdin):
        _read(source, gathered, finders, progress)
    return _report(gathered)


class Finders(dict[str, FactFinder]):
    """The finder of each client family, made when the first trace of that family is met."""

    def __init__(self, folders: tuple[Path, ...], warn: Warn | None) -> None:
        super().__init__()
        self._folders = folders
        self._warn = warn

    def __missing__(self, client: str) -> FactFinder:
        self[client] = FactFinder(trace_patterns(client, self._folders), warn=self._warn)
        return self[client]


def _read(source: Source, gathered: Gathered, finders: Finders, progress: Progress | None) -> None:
    tally = Tally()
    kind, note, error = "unknown", "", ""
    try:
        head = source.head()
        reader = reader_of(head)
        kind = reader.KIND if reader else kind
        if reader is None:
            kind, note = _read_other(source, head, gathered)
        elif is_trace(reader):
            _read_trace(reader, source, head, tally, gathered, finders, progress)
        elif is_log(reader):
            _logs(gathered).take(reader.read(source, tally))
        elif is_configuration(reader):
            gathered.configuration = gathered.configuration.plus(kind, reader.read(source, tally))
    except PatternError:
        raise
    except Exception as fault:  # noqa: BLE001  (a fault of a reader costs its input, never the others)
        error, tally = _fault(fault), Tally()
    size = tally.size or source.size or 0
    note = note or getattr(source, "skipped", "")
    gathered.inputs.append(InputRead(source.name, kind, size, tally.lines, tally.records, tally.unparsed, error or source.error, note))


def _fault(fault: Exception) -> str:
    return f"mqtrace itself failed on it ({place_of(fault)}): please report this line."


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
    from mqtrace.evidence.conversations import LogConnections

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
) -> None:
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
    gathered.connections.extend(builder.connections())


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of one trace is understood.

    Attributes:
        source: the trace, or another input that cannot be read.
        lines, texts, unparsed: lines, lines with text of their own, those of them that are not understood.
        shapes: of the lines not understood, the most frequent first.
        error: why the input, or the rest of it, cannot be read; None when all is well.
    """

    source: str
    lines: int
    texts: int
    unparsed: int
    shapes: tuple[Shape, ...]
    error: str | None = None

    def as_dict(self, top: int) -> dict[str, object]:
        """The numbers and the `top` most frequent shapes."""
        from mqtrace.report.safe import clean

        shapes = [{"count": each.count, "line": each.location.line, "text": clean(each.text)} for each in self.shapes[:top]]
        return {"file": clean(self.source), "lines": self.lines, "texts": self.texts, "unparsed_lines": self.unparsed, "shapes": shapes}


def coverage(
    paths: Iterable[Path | str], stdin: BinaryIO | None = None, pattern_folders: tuple[Path, ...] = (), warn: Warn | None = None
) -> Iterator[Coverage]:
    """What is not understood of each trace among the inputs, and, without lines, the inputs that cannot be read.

    Raises PatternError when a pattern is not valid. `warn` is as in `diagnose`.
    """
    finders = Finders(pattern_folders, warn)
    for source in open_sources(list(paths), stdin=stdin):
        tally = Tally()
        shapes: list[Shape] = []
        error = None
        try:
            reader = reader_of(source.head())
            if reader and is_trace(reader):
                shapes = uncovered(source, reader, finders[reader.CLIENT], tally)
        except PatternError:
            raise
        except Exception as fault:  # noqa: BLE001  (as in _read)
            error, tally = _fault(fault), Tally()
        error = error or source.error
        if tally.lines or error:
            yield Coverage(source.name, tally.lines, tally.records, tally.unparsed, tuple(shapes), error)


def _report(gathered: Gathered) -> Report:
    from mqtrace.rules import numbered

    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    notes = gathered.notes
    for connection in _all_connections(gathered, notes):
        outcome, found = _decide(connection, gathered.configuration)
        findings.extend(numbered(found, len(outcomes)))
        outcomes.append(outcome)
    return Report(tuple(outcomes), tuple(findings), tuple(gathered.inputs), tuple(_gaps(findings)), tuple(notes))


def _all_connections(gathered: Gathered, notes: list[str]) -> list[Connection]:
    """The connections of traces with the log entries that belong to them; of logs alone, the failing events of the logs."""
    traced = gathered.connections
    if gathered.handshakes:
        from mqtrace.evidence.handshakes import connection_of, with_handshakes

        traced = with_handshakes(traced, gathered.handshakes) if traced else [connection_of(each) for each in gathered.handshakes]
    if gathered.logs is None or not traced:
        return traced or (gathered.logs.connections() if gathered.logs else [])
    from mqtrace.evidence.pairing import paired

    events = gathered.logs.events()
    channels = [_named(_ledger(connection, gathered.configuration)).get("channel", "") for connection in traced]
    together = paired(traced, events, channels)
    used = {entry.location for connection in together for entry in connection.log_entries}
    others = sum(1 for event in events if event.log_entries[0].location not in used)
    if others:
        notes.append(f"{others} other failing event{'s' if others > 1 else ''} of the logs belong to no connection of the traces.")
    return together


def _ledger(connection: Connection, given: Configuration) -> tuple[Setting, ...]:
    """The ledger. A configuration file given beside the trace counts only where the trace does not say that another one was used."""
    from mqtrace.settings.ledger import build_ledger

    traced = {row.name: row for row in build_ledger(connection)}
    given = given.of_files(_file(traced, "mqclient_ini"), _file(traced, "ccdt"))
    channel = _named(build_ledger(connection, given.of_channel("").facts)).get("channel", "")
    return build_ledger(connection, given.of_channel(channel).facts)


def _file(rows: Mapping[str, Setting], name: str) -> str | None:
    """The file that the trace says was used, "" where it says that there was none, None where it does not say."""
    row = rows.get(name)
    return row.value if row and (row.proof == "traced" or (row.value and row.proof == "inferred")) else None


def _named(rows: Sequence[Setting]) -> dict[str, str]:
    return {row.name: row.value for row in rows}


def _decide(connection: Connection, given: Configuration) -> tuple[Outcome, list[Finding]]:
    from mqtrace.rules import choose_cause, judge, make_case, ranked
    from mqtrace.rules.gaps import settled

    rows = _ledger(connection, given)
    named = _named(rows)
    found = judge(make_case(connection, rows, given))
    cause = choose_cause(found) if connection.reason_code != 0 else None
    found = settled(found, cause is not None and cause.confidence == "certain")
    filled = replace(
        connection,
        channel=named.get("channel") or connection.channel,
        address=named.get("address") or connection.address,
        queue_manager=connection.queue_manager or named.get("queue_manager", ""),
    )
    chain = tuple({finding.id: finding for finding in reversed(ranked(found)) if cause and finding.id != cause.id}.values())[::-1]
    return Outcome(filled, rows, cause, chain, _attempt_causes(connection, rows), _tls(filled)), found


def _attempt_causes(connection: Connection, rows: Sequence[Setting]) -> tuple[Cause | None, ...]:
    from mqtrace.rules import choose_cause, judge, make_case

    causes = []
    for number in range(1, len(connection.attempts) + 1):
        one = replace(connection, attempts=connection.attempts[:number])
        causes.append(choose_cause(judge(make_case(one, rows))) if connection.reason_code != 0 else None)
    return tuple(causes)


def _alert_name(code: int) -> str:
    from mqtrace.catalog.alerts import alert

    known = alert(code)
    return known.name if known else str(code)


def _tls(connection: Connection) -> dict[str, object]:
    """The contract's "tls" object: what a handshake in clear text tells, filled up from single facts."""
    from mqtrace.rules.derived import deciding_facts

    tls = dict(connection.tls)
    alerts = [fact.value for fact in deciding_facts(connection) if fact.name == "tls.alert"]
    if alerts and not tls.get("alerts"):
        tls["alerts"] = [{"code": int(code), "name": _alert_name(int(code)), "from": "server"} for code in dict.fromkeys(alerts)]
    named = {fact.name: fact.value for fact in connection.facts}
    if named.get("tls.server_name") and not tls.get("server_name"):
        tls["server_name"] = named["tls.server_name"]
    if named.get("tls.server_certificate") and "server_certificate" not in tls:
        subject, issuer = named["tls.server_certificate"], named.get("tls.server_certificate_issuer", "")
        tls["server_certificate"] = {"subject": subject, "issuer": issuer, "self_signed": bool(issuer) and subject == issuer}
    return tls


def _gaps(findings: Sequence[Finding]) -> list[Gap]:
    """The open questions, each once."""
    return list(dict.fromkeys(Gap(finding.text, finding.how_to_find_out) for finding in findings if finding.status == "skip"))
