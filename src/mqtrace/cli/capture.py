"""mqtrace capture: a command under trace, and its diagnosis."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_of
from mqtrace.cli.console import aside, say, width
from mqtrace.cli.words import FORMATS

if TYPE_CHECKING:
    from mqtrace.capture.child import Ending
    from mqtrace.capture.session import Wish
    from mqtrace.model import Client, Report
    from mqtrace.preflight.files import File

NAME = "capture"
HELP = """Runs a command under the right trace, ends the trace, and says why its connection failed.

\b
Examples:
  mqtrace capture -- ./orders QM1
  mqtrace capture --client dotnet --bundle case.zip -- ./orders QM1
  mqtrace capture --until 2393 -- java -jar orders.jar
  mqtrace capture --attach 4711
  mqtrace capture --end

\b
The command keeps its input, output, signals and exit code; the report goes to
standard error, or to the files of -o. The trace is ended whatever happens;
--end ends one that a killed capture left on.
"""
CLIENTS = ("c", "dotnet", "java")


class Outlet(NamedTuple):
    """What is done with a trace: the form of the report, its files, the folder to keep, the archive to write."""

    form: str
    files: list[Path]
    keep: Path | None
    bundle: Path | None


def command(
    words: list[str] = typer.Argument(
        None, metavar="[-- COMMAND [ARGS]...]", help="The command to trace.", show_default=False
    ),
    client: str = typer.Option(
        "", "--client", metavar="c|dotnet|java", help="Client family; guessed where left out.", callback=one_of(CLIENTS)
    ),
    keep: Path | None = typer.Option(None, "--keep", metavar="DIR", help="Keep the trace in this new folder."),
    bundle: Path | None = typer.Option(
        None, "--bundle", metavar="FILE", help="Write a ZIP archive for a ticket, without secrets."
    ),
    until: int = typer.Option(
        0, "--until", metavar="CODE", help="Repeat the command until it gets this reason code.", show_default=False
    ),
    attach: int = typer.Option(
        0, "--attach", metavar="PID", help="Trace a running C client until Ctrl-C.", show_default=False
    ),
    end: bool = typer.Option(False, "--end", help="End the trace that a killed capture left on."),
    limit: int = typer.Option(200, "--limit", metavar="MB", min=1, help="Megabytes of one file of a C client's trace."),
    form: str = typer.Option(
        "text", "--format", metavar="text|md|json", help="Form of the report.", callback=one_of(FORMATS)
    ),
    files: list[Path] = typer.Option(
        [], "-o", "--output", metavar="FILE", help="Write the report to FILE (.txt, .md, .json) instead."
    ),
) -> None:
    """Runs the command, and prints or writes the report on it."""
    from mqtrace.capture.session import Wish, end_left_over
    from mqtrace.model import UsageError
    from mqtrace.report.write import form_of

    for file in files:
        form_of(file)
    if end:
        end_left_over(say, os.environ)
        raise typer.Exit(exits.OK)
    if bool(words) == bool(attach):
        raise UsageError("give a command, as   mqtrace capture -- ./orders QM1   or --attach PID, and only one of them")
    wish = Wish(_family(client, words or []), tuple(words or ()), attach, limit)
    told = Outlet(form, files, keep, bundle)
    raise typer.Exit(_repeated(wish, told, until))


def _family(client: str, words: list[str]) -> "Client":
    from mqtrace.capture.family import family_of_command

    if client:
        return client  # type: ignore[return-value]
    guess, why = family_of_command(words) if words else ("c", "only that one can be traced while it runs")
    say(f"taken for a {guess} client: {why}; --client names another")
    return guess


def _repeated(wish: "Wish", told: Outlet, until: int) -> int:
    """The exit code of the last run of the command."""
    from mqtrace.capture.child import signals_held

    with signals_held() as ending:
        run, code = 0, None
        while code is None:
            run += 1
            with _folder(told.keep, fresh=run > 1) as folder:
                code = _run(run, wish, told, until, folder, ending)
        return code


def _run(run: int, wish: "Wish", told: Outlet, until: int, folder: Path, ending: "Ending") -> int | None:
    """The exit code of the command; None where it is to be run again."""
    code, report, begun = _once(wish, folder, ending)
    codes = {outcome.connection.reason_code for outcome in report.outcomes}
    missed = bool(until) and until not in codes
    if missed and not ending.wanted:
        say(f"run {run}: {', '.join(str(each) for each in codes if each is not None) or 'no failure'}")
        return None
    if missed:
        say(f"ended before {until} came back")
    _tell(report, wish, folder, begun, told)
    return code


@contextmanager
def _folder(keep: Path | None, *, fresh: bool) -> Iterator[Path]:
    """The folder of the trace: a new one that is kept, or one that is gone afterwards."""
    from mqtrace.model import UsageError

    if keep is None:
        with tempfile.TemporaryDirectory(prefix="mqtrace-capture-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    if fresh:
        shutil.rmtree(keep, ignore_errors=True)
    try:
        keep.mkdir(parents=True)
    except FileExistsError:
        raise UsageError(f"{keep} is there already; name a folder that is not") from None
    except OSError as error:
        raise UsageError(f"{keep} cannot be made: {error.strerror}; name another folder with   --keep DIR") from None
    yield keep.absolute()


def _once(wish: "Wish", folder: Path, ending: "Ending") -> tuple[int, "Report", float]:
    """Exit code of the command, the report on its trace, and when it began."""
    from mqtrace.capture.child import CommandError, run_command
    from mqtrace.capture.session import check_first, is_binary, traced, variables_for
    from mqtrace.diagnosis import diagnose

    variables = dict(os.environ)
    check_first(wish, folder, variables)
    begun, code = time.time(), exits.OK
    with traced(wish, folder, variables, say):
        if wish.pid:
            _wait(wish.pid, ending)
        elif ending.wanted:
            code = exits.INTERRUPTED
        else:
            try:
                code = run_command(wish.command, variables_for(wish, folder, variables), ending)
            except CommandError as error:
                say(str(error))
                code = error.code
    # Of a trace that was formatted the raw form says nothing more.
    readable = sorted(path for path in folder.iterdir() if not is_binary(path))
    return code, diagnose(readable or [folder]), begun


def _wait(process: int, ending: "Ending") -> None:
    """Until the user has enough, or the process has ended."""
    from mqtrace.capture.session import is_alive

    say(f"process {process} is traced; Ctrl-C ends the trace")
    while not ending.wanted and is_alive(process):
        time.sleep(0.1)


def _tell(report: "Report", wish: "Wish", folder: Path, begun: float, told: Outlet) -> None:
    """The report, where it is wanted, and what of the trace is to be kept."""
    from mqtrace.cli.running import exit_code
    from mqtrace.report.write import form_named, rendered, write_report_file

    for file in told.files:
        write_report_file(report, file)
    if exit_code(report) == exits.NOTHING:
        say(_nothing(wish))
    elif not told.files:
        aside(rendered(report, form_named(told.form), width=width()))
    if told.keep:
        say(f"the trace is in {folder}")
    if told.bundle:
        _bundle(report, wish, folder, begun, told.bundle)


def _bundle(report: "Report", wish: "Wish", folder: Path, begun: float, archive: Path) -> None:
    """Writes the archive, as `mqtrace bundle` does."""
    from mqtrace.capture.staging import stage, stage_settings
    from mqtrace.preflight.surroundings import of_shell
    from mqtrace.redaction.bundle import bundle
    from mqtrace.redaction.identities import Identities

    with tempfile.TemporaryDirectory(prefix="mqtrace-bundle-") as staged:
        target = Path(staged)
        stage(target, folder, begun, dict(os.environ))
        stage_settings(target, "environment.txt", (f"{each.name}={each.value}" for each in of_shell().variables))
        for file in _files_read(wish):
            stage_settings(target, Path(file.name).name, file.data.decode("utf-8", "replace").splitlines())
        passed = bundle([target], report, Identities(), archive)
    for left in passed.left_out:
        say(f"left out: {left.name}: {left.why}")
    say(f"{archive} has {len(passed.files)} files and the report; secrets, hosts and users are hidden in it")


def _nothing(wish: "Wish") -> str:
    from mqtrace.catalog.tracing import how_to_trace

    others = " or ".join(each for each in CLIENTS if each != wish.client)
    return (
        f"the trace tells nothing of a connection: is it a {wish.client} client (--client {others} is another)? "
        f"By hand: {how_to_trace(wish.client, 'detail')}"
    )


def _files_read(wish: "Wish") -> "Iterator[File]":
    """The ini file and the channel table that this environment leads to."""
    from datetime import UTC, datetime

    from mqtrace.catalog.settings_files import client_beforehand
    from mqtrace.preflight.ahead import Wanted, look_ahead
    from mqtrace.preflight.files import read_file
    from mqtrace.preflight.surroundings import of_shell

    around = of_shell()
    ahead = look_ahead(Wanted("", wish.client, client_beforehand(wish.client), datetime.now(UTC)), around)
    yield from (read_file(each.file, around.file(each.file)) for each in ahead.inis if each.state == "read")
    if ahead.table_file and not ahead.table_file.error:
        yield ahead.table_file
