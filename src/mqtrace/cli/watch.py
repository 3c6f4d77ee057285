"""mqtrace watch: each failure as soon as it happens."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import PATTERNS, form_option, moment_option
from mqtrace.cli.console import colour, is_read, output, say, width
from mqtrace.cli.running import usual

if TYPE_CHECKING:
    from mqtrace.following.watch import ToldFailure, Watch

NAME = "watch"
HELP = """Follows traces and error logs while they are written, and says why a connection failed as soon as it did.

\b
Examples:
  mqtrace watch /var/mqm/trace /var/mqm/qmgrs/QM1/errors
  mqtrace watch AMQERR01.LOG -q
  mqtrace watch /srv/app --since 2h
  mqtrace watch /var/mqm/trace --format json | jq .connections[0].cause.id

\b
Only what fails from now on is told, unless --since or --from-start asks for
more. A failure like one before is told in one line. Ctrl-C ends it.
"""
FORMS = ("text", "json")
# Seconds between two looks.
STEP = 0.2
# Seconds of reading at the begin after which that is said.
PATIENCE = 2.0


def command(
    paths: list[str] = typer.Argument(
        None, metavar="[PATH]...", help="Files and folders; they may appear later.", show_default=False
    ),
    form: str = form_option(FORMS, "Form of a failure; json is a report in one line."),
    patterns: list[Path] = PATTERNS,
    since: str = moment_option(
        "--since", "Tell also what failed since then: 2026-03-17, 2026-03-17T08:30, yesterday, 2h."
    ),
    from_start: bool = typer.Option(False, "--from-start", help="Tell also what failed before."),
    quiet: bool = typer.Option(False, "-q", "--quiet", help="One line a connection."),
) -> None:
    """Follows the paths until it is interrupted."""
    from mqtrace.following.watch import Watch
    from mqtrace.model import UsageError
    from mqtrace.report.words import counted

    if "-" in (paths or ()):
        raise UsageError("watch follows files, and a pipe is none; type   COMMAND | mqtrace   for a report at its end")
    watch = Watch(paths or usual(), say=say, pattern_folders=patterns, since=since, from_start=from_start)
    try:
        _follow(watch, _layout(form, quiet=quiet))
    except KeyboardInterrupt:
        say(f"{counted(watch.failed, 'failed connection')} told; {_files(watch)} had something to say")
    raise typer.Exit(exits.OK)


def _follow(watch: "Watch", laid_out: "Callable[[ToldFailure], str]") -> None:
    """Tells what fails until nobody reads it."""
    patience = time.monotonic() + PATIENCE
    is_early = True
    while is_read():
        began = time.monotonic()
        for told in watch.step(began):
            output(laid_out(told))
        if is_early and not watch.is_behind:
            is_early = False
            say(f"following {_files(watch)}, and what appears; Ctrl-C ends it")
        elif is_early and began > patience:
            patience = float("inf")
            say("reading what was written before, for the settings of what will fail")
        if not watch.is_behind:
            time.sleep(max(0.0, began + STEP - time.monotonic()))


def _layout(form: str, *, quiet: bool) -> "Callable[[ToldFailure], str]":
    from mqtrace.report.json import report_as_dict
    from mqtrace.report.overview import brief_line
    from mqtrace.report.text import render_answer

    def as_text(told: "ToldFailure") -> str:
        if quiet or told.is_again:
            return f"{brief_line(told.outcome)}\n"
        return f"\n{render_answer(told.report, width=width(), color=colour())}\n"

    def as_json(told: "ToldFailure") -> str:
        return f"{json.dumps(report_as_dict(told.report), ensure_ascii=False)}\n"

    return as_json if form == "json" else as_text


def _files(watch: "Watch") -> str:
    from mqtrace.report.words import counted

    kinds = [each.kind.role for each in watch.followed() if each.kind]
    return f"{counted(kinds.count('trace'), 'trace')} and {counted(kinds.count('log'), 'log')}"
