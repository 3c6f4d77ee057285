"""What `diagnose` and `settings` share: reading the inputs, saying what was not read, and the exit code."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mqtrace.cli import exits
from mqtrace.cli.console import progress, say, standard_input

if TYPE_CHECKING:
    from mqtrace.model import InputRead, Report

SHOWN = 5
EVIDENCE = ("trace-", "failure-report", "errorlog-", "application-log", "capture", "gskit-trace")


def read_inputs(
    paths: Sequence[str],
    pattern_folders: Sequence[Path],
    *,
    surroundings: bool = False,
    since: str = "",
    until: str = "",
    last: int = 0,
    quick: bool = False,
    processes: int = 0,
    meanwhile: Callable[[], None] | None = None,
) -> "Report":
    """The report on the paths, or on the usual trace and error folders where none is given.

    `surroundings`, `since`, `until`, `last`, `quick`, `processes` and `meanwhile` as for `diagnosis.diagnose`.
    """
    from mqtrace.diagnosis import diagnose

    chosen: Sequence[str | Path] = paths or usual()
    with progress() as shown:
        report = diagnose(
            chosen,
            stdin=standard_input(),
            pattern_folders=pattern_folders,
            surroundings=surroundings,
            progress=shown,
            warn=say,
            since=since,
            until=until,
            last=last,
            quick=quick,
            processes=processes,
            meanwhile=meanwhile,
        )
    _say_what_was_not_read(report, chosen)
    return report


def usual() -> list[Path]:
    from mqtrace.inputs.places import usual_places
    from mqtrace.model import UsageError

    places = usual_places()
    if not places:
        import click

        command = click.get_current_context().command_path
        raise UsageError(
            f"no path given, and none of the usual MQ folders exists here; type   {command} FOLDER-OR-FILE ..."
        )
    say(f"no path given; reading {', '.join(map(str, places))}")
    return places


def _say_what_was_not_read(report: "Report", paths: Iterable[str | Path]) -> None:
    from mqtrace.inputs.places import neighbours
    from mqtrace.report.words import counted

    # Each part of an input that ended early has the error.
    broken = list(dict.fromkeys((read.source, read.error) for read in report.inputs if read.error))
    for source, error in broken[: 4 * SHOWN]:
        say(f"{source}: {error}")
    if len(broken) > 4 * SHOWN:
        say(f"... and {counted(len(broken) - 4 * SHOWN, 'more input')} could not be read")
    for note, files in _notes(report.inputs).items():
        names = ", ".join(files[:SHOWN]) + (f" and {len(files) - SHOWN} more" if len(files) > SHOWN else "")
        say(f"{names}: {note}")
    for path in paths:
        logs = neighbours(Path(path)) if str(path) != "-" else []
        given = [Path(each).absolute() for each in paths if str(each) != "-"]
        logs = [log for log in logs if not any(log.absolute().is_relative_to(each) for each in given)]
        if logs:
            say(
                f"error logs beside {path} were not read; read them too with   mqtrace {path} "
                f"{' '.join(map(str, logs))}"
            )


def _notes(inputs: Iterable["InputRead"]) -> dict[str, list[str]]:
    """Names of the inputs that are not read, by what to do with them, without traces whose formatted twin is there."""
    formatted = {_stem(each.source) for each in inputs if each.kind.startswith("trace-")}
    notes: dict[str, list[str]] = {}
    for each in inputs:
        if each.note and not (each.kind == "not-formatted" and _stem(each.source) in formatted):
            notes.setdefault(each.note, []).append(each.source)
    return notes


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


def exit_code(report: "Report", fail_on: str = "") -> int:
    """The exit code of a run: see the README."""
    read = [each for each in report.inputs if each.kind.startswith(EVIDENCE) and not each.note]
    if not report.outcomes and not any(each.records for each in read):
        return exits.NOTHING
    failed = any(outcome.cause for outcome in report.outcomes)
    warned = any(finding.status in ("fail", "warn") for finding in report.findings)
    if (fail_on in ("cause", "warning") and failed) or (fail_on == "warning" and warned):
        return exits.PROBLEM
    return exits.PARTIAL if any(each.error for each in report.inputs) else exits.OK


def say_nothing_found(report: "Report") -> None:
    """One line that says what was looked at and what was expected."""
    from mqtrace.report.words import counted

    read = [each for each in report.inputs if not each.error]
    kinds = sorted({each.kind for each in read})
    looked = f"{counted(len({read.source for read in report.inputs}), 'input')} ({', '.join(kinds) or 'none readable'})"
    say(
        f"nothing about an MQ connection in {looked}; expected are formatted traces of the C client (.FMT), "
        "traces of the .NET client (.TRC), error logs (AMQERR01.LOG, .json) or what a program printed about its failure"
    )
