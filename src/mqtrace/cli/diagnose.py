"""mqtrace diagnose: why it failed, what to do, which setting won."""

from pathlib import Path

import typer

from mqtrace.cli.choices import (
    MAP,
    PATTERNS,
    REDACT,
    check_period,
    form_option,
    moment_option,
    one_of,
    processes_option,
)
from mqtrace.cli.diagnosing import diagnosed
from mqtrace.cli.words import FORMATS

NAME = "diagnose"
HELP = """Says why a connection failed, what to do, and which setting won over which.

\b
Examples:
  mqtrace diagnose /var/mqm/trace /var/mqm/qmgrs/QM1/errors
  mqtrace diagnose trace.zip --format md
  mqtrace diagnose AMQ7253.0.FMT -o report.html -o report.json
  mqtrace diagnose /var/mqm/errors --since yesterday
  mqtrace diagnose trace/ --since 2026-03-17T08:30 --until 2026-03-17T09
  mqtrace diagnose large.TRC --quick
  cat AMQ7253.0.FMT | mqtrace

Without a path the usual trace and error folders of this machine are read.
"""
FAIL_ON = ("cause", "warning")


def command(
    paths: list[str] = typer.Argument(
        None, metavar="[PATH]...", help="Files, folders, archives; - is standard input.", show_default=False
    ),
    form: str = form_option(FORMATS, "Form of the report on standard output."),
    files: list[Path] = typer.Option(
        [],
        "-o",
        "--output",
        metavar="FILE",
        help="Write the report to FILE instead, in the form of its suffix (.html, .md, .json, .txt, .sarif, "
        ".junit.xml, .perfetto.json); may be repeated.",
    ),
    patterns: list[Path] = PATTERNS,
    fail_on: str = typer.Option(
        "",
        "--fail-on",
        metavar="cause|warning",
        help="Exit with 1 when a cause (or any warning) is found.",
        callback=one_of(FAIL_ON),
    ),
    since: str = moment_option("--since", "Only what failed since then: 2026-03-17, 2026-03-17T08:30, yesterday, 2h."),
    until: str = moment_option("--until", "Only what failed until then; a day is meant to its end."),
    last: int = typer.Option(0, "--last", metavar="N", min=0, help="Only the N newest connections."),
    quick: bool = typer.Option(False, "--quick", help="Read each trace only up to its first failed connection."),
    processes: int = processes_option("Processes that read a large trace; one a core unless given."),
    verbose: bool = typer.Option(False, "-v", "--verbose", help="Show every candidate of each setting and every fact."),
    quiet: bool = typer.Option(False, "-q", "--quiet", help="One line a connection."),
    redact: bool = REDACT,
    names: Path = MAP,
) -> None:
    """Diagnoses the inputs and prints or writes the report."""
    check_period(since, until, "failure")
    code = diagnosed(
        paths or [],
        form,
        files=files,
        patterns=patterns,
        fail_on=fail_on,
        since=since,
        until=until,
        last=last,
        quick=quick,
        processes=processes,
        verbosity=-1 if quiet else int(verbose),
        redact=redact,
        names=names,
    )
    raise typer.Exit(code)
