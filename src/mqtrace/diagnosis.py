"""Inputs to Report: the pipeline, and nothing else."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from mqtrace.evidence.same_connection import is_same_call
from mqtrace.gathering import Finders, Gathered, Progress, Warn, finish_trace, read_input
from mqtrace.inputs import open_sources
from mqtrace.model import Connection, Finding, Gap, Outcome, Report, Setting
from mqtrace.report.shown import shown

Ledger = tuple[Setting, ...]

# The rooms that judge (rules, settings) are imported where they are used: while a second process already reads its
# part of a large trace.


def diagnose(
    paths: Path | str | Iterable[Path | str],
    *,
    stdin: BinaryIO | None = None,
    pattern_folders: Sequence[Path] = (),
    surroundings: bool = False,
    progress: Progress | None = None,
    warn: Warn | None = None,
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

    Raises PatternError when a pattern is not valid. Inputs that cannot be read are rows of the report, never an
    exception.
    """
    gathered = Gathered()

    def noted(text: str) -> None:
        gathered.notes.append(text)
        if warn:
            warn(text)

    finders = Finders(tuple(pattern_folders), noted)
    chosen = [paths] if isinstance(paths, str | Path) else list(paths)
    for source in open_sources(chosen, stdin=stdin):
        read_input(source, gathered, finders, progress)
    finish_trace(gathered)
    if gathered.probes:
        gathered.notes += gathered.probes.notes()
    report = _report(gathered)
    if surroundings:
        from mqtrace.excerpts import excerpts_of

        report = replace(report, excerpts=tuple(excerpts_of(report, chosen)))
    return shown(report)


def _report(gathered: Gathered) -> Report:
    from mqtrace.rules import numbered
    from mqtrace.rules.outcome import decide

    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    for connection, settings in _with_ledgers(gathered):
        outcome, judged = decide(connection, settings, gathered.configuration)
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


def _with_ledgers(gathered: Gathered) -> Iterator[tuple[Connection, Ledger]]:
    """Every connection with its ledger: those of traces with the log entries that belong to them, else the failing
    events of the logs.
    """
    from mqtrace.settings.ledger import build_ledger

    connections = _of_traces(gathered)
    if gathered.logs:
        gathered.notes += gathered.logs.notes()
    if gathered.logs and not gathered.connections:
        # Without a trace nothing ties an event to a handshake: each stands by itself.
        connections = [*gathered.logs.connections(), *connections]
    connections = _with_reports(connections, gathered.reported)
    ledgers = [build_ledger(connection, gathered.configuration) for connection in connections]
    if gathered.logs and gathered.connections:
        connections = _with_log_entries(gathered.logs.events(), connections, ledgers, gathered)
    return zip(connections, ledgers, strict=True)


def _of_traces(gathered: Gathered) -> list[Connection]:
    """The connections of traces with their handshakes; where there are handshakes alone, those."""
    if not gathered.handshakes:
        return gathered.connections
    from mqtrace.evidence.handshakes import connection_of, with_handshakes

    if gathered.connections:
        tied = with_handshakes(gathered.connections, gathered.handshakes)
        gathered.notes += tied.notes
        return list(tied.connections)
    return [connection_of(handshake) for handshake in gathered.handshakes]


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


def _gaps(findings: Sequence[Finding]) -> list[Gap]:
    """The open questions, each once."""
    return list(
        dict.fromkeys(Gap(finding.text, finding.how_to_find_out) for finding in findings if finding.status == "skip")
    )
