"""Inputs to Report: the pipeline, and nothing else."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from mqtrace.gathering import Finders, Gathered, Progress, Warn, read_input
from mqtrace.inputs import open_sources
from mqtrace.model import Connection, Finding, Gap, Outcome, Report

# The rooms that judge (rules, settings) are imported where they are used: while a second process already reads its part of a large trace.


def diagnose(
    paths: Path | str | Iterable[Path | str],
    *,
    stdin: BinaryIO | None = None,
    pattern_folders: Sequence[Path] = (),
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> Report:
    """Reads all inputs and says which setting won and why each connection failed.

    Args:
        paths: one or several files, folders, archives; "-" is standard input.
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
    for source in open_sources([paths] if isinstance(paths, str | Path) else list(paths), stdin=stdin):
        read_input(source, gathered, finders, progress)
    return _report(gathered)


def _report(gathered: Gathered) -> Report:
    from mqtrace.rules import numbered
    from mqtrace.rules.outcome import decide

    outcomes: list[Outcome] = []
    findings: list[Finding] = []
    notes = [*gathered.notes, *gathered.dropped()]
    for connection in _all_connections(gathered, notes):
        outcome, found = decide(connection, gathered.configuration)
        findings.extend(numbered(found, len(outcomes)))
        outcomes.append(outcome)
    return Report(tuple(outcomes), tuple(findings), tuple(gathered.inputs), tuple(_gaps(findings)), tuple(notes))


def _all_connections(gathered: Gathered, notes: list[str]) -> list[Connection]:
    """The connections of traces with the log entries that belong to them; of logs alone, the failing events of the logs."""
    traced = gathered.connections
    if gathered.handshakes:
        from mqtrace.evidence.handshakes import connection_of, with_handshakes

        traced = (
            with_handshakes(traced, gathered.handshakes)
            if traced
            else [connection_of(each) for each in gathered.handshakes]
        )
    if gathered.logs is None:
        return traced
    if not gathered.connections:
        # Without a trace nothing ties an event to a handshake: each stands by itself.
        return [*gathered.logs.connections(), *traced]
    from mqtrace.evidence.pairing import paired
    from mqtrace.settings.given_files import channel_in, ledger_with_files

    events = gathered.logs.events()
    channels = [channel_in(ledger_with_files(connection, gathered.configuration)) for connection in traced]
    together, offsets = paired(traced, events, channels)
    notes += [str(each) for each in offsets]
    used = {entry.location for connection in together for entry in connection.log_entries}
    others = sum(1 for event in events if event.log_entries[0].location not in used)
    if others:
        notes.append(
            f"{others} other failing event{'s' if others > 1 else ''} of the logs belong to no connection of the traces."
        )
    return together


def _gaps(findings: Sequence[Finding]) -> list[Gap]:
    """The open questions, each once."""
    return list(
        dict.fromkeys(Gap(finding.text, finding.how_to_find_out) for finding in findings if finding.status == "skip")
    )
