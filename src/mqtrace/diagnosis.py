"""Inputs to Report: the pipeline, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.same_connection import is_same_call
from mqtrace.gathering import Finders, Gathered, Progress, Warn, finish_trace, read_input
from mqtrace.inputs import open_sources
from mqtrace.model import Connection, Finding, Gap, Outcome, Period, Report, Setting
from mqtrace.readers.traces.parallel import Sharing

Ledger = tuple[Setting, ...]

# The rooms that judge (rules, settings) are imported where they are used, or while other processes already read their
# parts of a large trace.


def diagnose(
    paths: Path | str | Iterable[Path | str],
    *,
    stdin: BinaryIO | None = None,
    pattern_folders: Sequence[Path] = (),
    surroundings: bool = False,
    progress: Progress | None = None,
    warn: Warn | None = None,
    since: str = "",
    until: str = "",
    last: int = 0,
    quick: bool = False,
    processes: int = 0,
    meanwhile: Callable[[], None] | None = None,
) -> Report:
    """Reads all inputs and says which setting won and why each connection failed.

    Args:
        paths: one or several files, folders, archives; "-" is standard input.
        stdin: the stream that "-" stands for.
        pattern_folders: folders with more trace patterns.
        surroundings: whether the report has the lines around the evidence of causes; they are read again, so that those
            of standard input cannot be had.
        progress: called with an input's name and the bytes read of it.
        warn: called while the inputs are read with what the report will have as a note, such as that a pattern takes
            too long.
        since, until: begin and end of the time asked for, as in "2026-03-17T08:30"; a day is meant to its end. A
            connection counts by the moment at which it failed, or was made; what has no date is left out then.
        last: how many of the newest connections are asked for; 0 for all.
        quick: whether a trace is read no further than its first failed connection.
        processes: how many processes read a large trace at most; 0 for one a core.
        meanwhile: called while others of these read, for what the caller needs later.

    Raises PatternError when a pattern is not valid. Inputs that cannot be read are rows of the report, never an
    exception.
    """
    gathered = Gathered(asked=Period(since, until), last=last, quick=quick)

    def noted(text: str) -> None:
        gathered.notes.append(text)
        if warn:
            warn(text)

    def prepare() -> None:
        _prepare_judging()
        if meanwhile:
            meanwhile()

    finders = Finders(tuple(pattern_folders), noted, Sharing(processes, prepare))
    chosen = [paths] if isinstance(paths, str | Path) else list(paths)
    for source in open_sources(chosen, stdin=stdin):
        read_input(source, gathered, finders, progress)
    finish_trace(gathered)
    if gathered.probes:
        gathered.notes += gathered.probes.notes()
    report = report_of(gathered)
    from mqtrace.report.shown import shown

    if surroundings:
        from mqtrace.excerpts import excerpts_of

        report = replace(report, excerpts=tuple(excerpts_of(report, chosen)))
    return shown(report)


def _prepare_judging() -> None:
    """Imports what judges, and reads the catalogue of which it needs most."""
    for room in ("report.shown", "rules.outcome", "settings.ledger"):
        import_module(f"mqtrace.{room}")
    from mqtrace.catalog.signs import signs

    signs()


def report_of(gathered: Gathered) -> Report:
    """What is decided of all that was gathered; secrets are not masked yet."""
    from mqtrace.rules import numbered
    from mqtrace.rules.outcome import decide

    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    for connection, settings, configuration in _with_ledgers(gathered):
        outcome, judged = decide(connection, settings, configuration)
        findings.extend(numbered(judged, len(outcomes)))
        outcomes.append(outcome)
    return Report(
        tuple(outcomes),
        tuple(findings),
        tuple(gathered.inputs),
        tuple(_gaps(findings)),
        tuple(gathered.notes),
        tuple(gathered.clock_offsets),
    )


def _with_ledgers(gathered: Gathered) -> Iterator[tuple[Connection, Ledger, Configuration]]:
    """Every connection with its ledger, and the configuration that can be its own.

    They are those of traces with the log entries that belong to them, else the failing
    events of the logs.
    """
    from mqtrace.settings.ledger import build_ledger

    connections = _of_traces(gathered)
    if gathered.logs:
        gathered.notes += gathered.logs.notes()
    if gathered.logs and not gathered.connections:
        # Without a trace nothing ties an event to a handshake: each stands by itself.
        connections = [*gathered.logs.connections(), *connections]
    connections = _asked_for(_with_reports(connections, gathered.reported), gathered)
    configurations = _of_each(connections, gathered.configuration)
    ledgers = list(map(build_ledger, connections, configurations))
    if gathered.logs and gathered.connections:
        connections = _with_log_entries(gathered.logs.events(), connections, ledgers, gathered)
    return zip(connections, ledgers, configurations, strict=True)


def _asked_for(connections: list[Connection], gathered: Gathered) -> list[Connection]:
    """The connections of the time asked for, and of these the newest."""
    kept = [each for each in connections if gathered.asked.holds(ended_at(each))]
    if gathered.last:
        newest = sorted(range(len(kept)), key=lambda at: ended_at(kept[at]))[-gathered.last :]
        kept = [kept[at] for at in sorted(newest)]
    count = gathered.not_asked + len(connections) - len(kept)
    if count:
        gathered.notes.append(
            f"{count:,} other connection{'s' if count > 1 else ''} not shown: --since, --until, --last."
        )
    return kept


def ended_at(connection: Connection) -> str:
    """When a connection failed, or was made; "" where no input tells the day."""
    moments = (connection.answered, connection.end, connection.start)
    return next((each for each in moments if "T" in each), "")


def _of_each(connections: Sequence[Connection], configuration: Configuration) -> list[Configuration]:
    """For each connection the configuration that no other host's inputs have beside them."""
    evidence = {source for connection in connections for source in _sources(connection)}
    of_sources: dict[frozenset[str], Configuration] = {}
    for sources in map(_sources, connections):
        if sources not in of_sources:
            of_sources[sources] = configuration.beside(sources, evidence)
    return [of_sources[_sources(connection)] for connection in connections]


def _sources(connection: Connection) -> frozenset[str]:
    return frozenset((connection.source, *(entry.location.source for entry in connection.log_entries)))


def _of_traces(gathered: Gathered) -> list[Connection]:
    """The connections of traces with their handshakes; where there are handshakes alone, those."""
    if not gathered.handshakes:
        return gathered.connections
    from mqtrace.evidence.handshakes import connections_of, with_handshakes

    if gathered.connections:
        tied = with_handshakes(gathered.connections, gathered.handshakes, all_known=not gathered.is_stopped)
        gathered.notes += tied.notes
        return list(tied.connections)
    return connections_of(gathered.handshakes)


def _with_reports(connections: list[Connection], reported: Iterable[Connection]) -> list[Connection]:
    """The connections, and the calls of which only a failure report tells."""
    others = [call for call in reported if not any(is_same_call(call, connection) for connection in connections)]
    return [*connections, *others]


def _with_log_entries(
    events: Sequence[Connection], connections: Sequence[Connection], ledgers: Sequence[Ledger], gathered: Gathered
) -> list[Connection]:
    """The connections of traces with their log entries; what was learned of the clocks goes into `gathered`."""
    from mqtrace.evidence.clock_offset import sentence
    from mqtrace.evidence.pairing import paired

    if gathered.is_stopped:
        # They may be of connections that were not read.
        events = [_doubted(event) for event in events]
    channels = [next((row.value for row in ledger if row.name == "channel"), "") for ledger in ledgers]
    together, offsets = paired(connections, events, channels)
    gathered.notes += [sentence(offset) for offset in offsets]
    gathered.clock_offsets.extend(offsets)
    used = {entry.location for connection in together for entry in connection.log_entries}
    others = sum(1 for event in events if event.log_entries[0].location not in used)
    if others:
        plural = "s" if others > 1 else ""
        gathered.notes.append(
            f"{others} other failing event{plural} of the logs belong to no connection of the traces."
        )
    return together


def _doubted(event: Connection) -> Connection:
    return replace(event, log_entries=tuple(replace(entry, tie="possible") for entry in event.log_entries))


def _gaps(findings: Sequence[Finding]) -> list[Gap]:
    """The open questions, each once."""
    return list(
        dict.fromkeys(Gap(finding.text, finding.how_to_find_out) for finding in findings if finding.status == "skip")
    )
