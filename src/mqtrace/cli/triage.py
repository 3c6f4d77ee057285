"""mqtrace triage: many logs at once."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import MAP, REDACT, check_period, form_option, moment_option, one_of, processes_option
from mqtrace.cli.console import colour, output, progress, say, standard_input, width
from mqtrace.cli.passing_on import hiding_triage, which_of_the_two

if TYPE_CHECKING:
    from mqtrace.triage.result import Triage

NAME = "triage"
HELP = """Counts the messages of many error logs, folds them into incidents, and shows what is new.

\b
Examples:
  mqtrace triage /var/mqm/qmgrs/*/errors
  mqtrace triage logs/ --by channel --since 2026-03-17T08:00
  mqtrace triage logs/ --since yesterday
  mqtrace triage logs/ -o monday.html -o monday.parquet
  mqtrace triage logs/ --baseline monday.parquet
  mqtrace triage s3://bucket/logs --scheduler tcp://HOST:8786

Times are those of the entries: UTC where an entry tells it (9.0.5 and later), else local time as it is written; --since
and --until are compared with the same. URLs are read with fsspec: s3:// and https:// are tested; gs:// and sftp:// are
not.
"""
COLUMNS = ("message", "reason", "channel", "host", "user", "queue-manager", "program", "probe", "hour", "day")
FORMS = ("text", "json", "csv", "md", "html")
SHOWN = 20
EXPECTED = "AMQERR01.LOG, AMQERR01.json, a container's console, FDC files, logs of z/OS, Liberty and applications"


def command(
    paths: list[str] = typer.Argument(
        ..., metavar="PATH...", help="Files, folders, archives, URLs; - is standard input."
    ),
    by: str = typer.Option(
        "message", "--by", metavar="COLUMN", help=f"One of {', '.join(COLUMNS)}.", callback=one_of(COLUMNS)
    ),
    since: str = moment_option("--since", "Leave out what is earlier."),
    until: str = moment_option("--until", "Leave out what is later; a day is meant to its end."),
    top: int = typer.Option(0, "--top", min=0, metavar="N", help="Show only the N most frequent rows."),
    baseline: Path = typer.Option(
        None, "--baseline", metavar="FILE", help="A .parquet file of an earlier run: marks what is new."
    ),
    form: str = form_option(FORMS),
    files: list[Path] = typer.Option(
        [],
        "-o",
        "--output",
        metavar="FILE",
        help="Write to FILE instead (.html, .json, .md, .csv, .xlsx; .parquet has all rows); may be repeated.",
    ),
    processes: int = processes_option("How many processes read; one a core unless given."),
    scheduler: str = typer.Option(
        "", "--scheduler", metavar="URL", help="A Dask scheduler (tcp://HOST:8786) whose workers read instead."
    ),
    redact: bool = REDACT,
    names: Path = MAP,
) -> None:
    """Reads the logs and prints or writes the tables."""
    from msgspec.structs import replace

    from mqtrace.triage.files import check_file, read_baseline
    from mqtrace.triage.part import Question
    from mqtrace.triage.result import compared
    from mqtrace.triage.running import triage

    for file in files:
        check_file(file)
    check_period(since, until, "entry")
    known = read_baseline(baseline, by) if baseline else None
    # A table of rows alone shows no incidents.
    incidents = {file.suffix.lower() for file in files} != {".csv"} if files else form != "csv"
    with progress() as told:
        found = triage(
            paths,
            Question(by, since, until, incidents),
            processes=processes,
            scheduler=scheduler,
            stdin=standard_input(),
            progress=told,
        )
    _say_what_was_not_read(found, in_time=bool(since or until))
    found = compared(found, *known) if known else found
    shown, check = hiding_triage(found, redact=redact, names=names)
    if files:
        shown = replace(shown, notes=(*shown.notes, which_of_the_two(is_hidden=shown is not found)))
    show(shown, form, files, top, check)
    raise typer.Exit(exit_code(found))


def show(found: "Triage", form: str, files: list[Path], top: int, check: Callable[[str], str] = str) -> None:
    """Prints the answer, or writes it to the files, if `check` lets it pass."""
    from mqtrace.report.names import short_names
    from mqtrace.report.shown import clean
    from mqtrace.triage.files import rendered, write_file
    from mqtrace.triage.result import cleaned
    from mqtrace.triage.text_form import rendered_text

    found = cleaned(found, clean)
    # A workbook is no text; its rows are those of the other forms. Without redaction there is nothing to check.
    if check is not str:
        check(rendered(found, "json"))
    for file in files:
        write_file(found, file, top)
    if files or (form == "text" and not found.entries):
        return
    if form == "text":
        names = short_names(each.source for each in found.inputs)
        found = cleaned(found, lambda text: names.get(text, text))
        output(check(rendered_text(found, width=width(), colour=colour(), top=top)))
    else:
        output(check(rendered(found, form, top)))


def exit_code(found: "Triage") -> int:
    """The exit code of a run."""
    if not found.entries:
        return exits.NOTHING
    return exits.PARTIAL if any(each.error for each in found.inputs) else exits.OK


def _say_what_was_not_read(found: "Triage", *, in_time: bool) -> None:
    from mqtrace.report.words import counted

    broken = [each for each in found.inputs if each.error]
    for each in broken[:SHOWN]:
        say(f"{each.source}: {each.error}")
    if len(broken) > SHOWN:
        say(f"... and {counted(len(broken) - SHOWN, 'more input')} could not be read")
    for note in found.notes:
        say(note)
    looked = [each for each in found.inputs if not each.error]
    if not found.entries and looked:
        kinds = ", ".join(sorted({each.kind for each in looked}))
        what = f"no entry of a log in {counted(len(looked), 'input')} ({kinds})"
        say(
            f"{what} of the time asked for; leave out --since and --until"
            if in_time
            else f"{what}; expected are {EXPECTED}"
        )
