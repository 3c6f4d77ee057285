"""mqtrace diagnose: why it failed, what to do, which setting won."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORMATS, PATTERNS, check_period, form_option, moment_option, one_of, processes_option
from mqtrace.cli.console import colour, output, width
from mqtrace.cli.passing_on import MAP, REDACT, hiding, which_of_the_two
from mqtrace.cli.running import exit_code, read_inputs, say_nothing_found

if TYPE_CHECKING:
    from mqtrace.model import Report

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
    from mqtrace.report.write import form_named, form_of, import_writers

    check_period(since, until, "failure")
    # An unknown suffix is said before the inputs are read.
    forms = {form_of(file) for file in files} or {form_named(form)}
    report = read_inputs(
        paths or [],
        patterns,
        surroundings="html" in forms,
        since=since,
        until=until,
        last=last,
        quick=quick,
        processes=processes,
        meanwhile=partial(import_writers, forms),
    )
    (shown,), check = hiding(report, redact=redact, names=names)
    show(
        _noted(shown, is_hidden=shown is not report) if files else shown,
        form,
        files,
        -1 if quiet else int(verbose),
        check,
    )
    code = exit_code(report, fail_on)
    if code == exits.NOTHING:
        say_nothing_found(report)
    raise typer.Exit(code)


def _noted(report: "Report", *, is_hidden: bool) -> "Report":
    from mqtrace.report.shown import with_note

    return with_note(report, which_of_the_two(is_hidden=is_hidden))


def show(report: "Report", form: str, files: list[Path], verbosity: int, check: Callable[[str], str] = str) -> None:
    """Prints the report, or writes it to the files, each text as `check` lets it pass."""
    from mqtrace.report.write import form_named, form_of, rendered, write_text

    texts = [check(rendered(report, form_of(file), verbosity=verbosity)) for file in files]
    for file, text in zip(files, texts, strict=True):
        write_text(text, file)
    if not files:
        output(check(rendered(report, form_named(form), width=width(), color=colour(), verbosity=verbosity)))
