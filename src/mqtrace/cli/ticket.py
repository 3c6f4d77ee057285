"""mqtrace ticket: the report for a support ticket."""

from pathlib import Path

import typer

from mqtrace.cli import exits
from mqtrace.cli.console import output, say
from mqtrace.cli.passing_on import MAP, REDACT, hiding
from mqtrace.cli.running import exit_code, read_inputs, say_nothing_found

NAME = "ticket"
HELP = """Writes the report for a ticket, a mail or a review: Markdown of at most 60 lines, what matters first.

\b
Examples:
  mqtrace ticket trace/ AMQERR01.LOG -o case.md
  mqtrace ticket AMQ7253.0.FMT | xclip

It is 'mqtrace diagnose --format md'. GitHub, GitLab and Jira show it, and as plain text in a mail it can be read.
Secrets show as ***; names of hosts and users are shown unless --redact is given.
"""


def command(
    paths: list[str] = typer.Argument(
        None, metavar="[PATH]...", help="Files, folders, archives; - is standard input.", show_default=False
    ),
    file: Path = typer.Option(None, "-o", "--output", metavar="FILE", help="Write to FILE (.md) instead."),
    redact: bool = REDACT,
    names: Path = MAP,
) -> None:
    """Diagnoses the inputs and prints or writes the ticket."""
    from mqtrace.model import UsageError
    from mqtrace.report.write import rendered, write_text

    if file and file.suffix.lower() != ".md":
        raise UsageError(f"{file}: a ticket is Markdown; end the name with .md")
    report = read_inputs(paths or [], [])
    (shown,), check = hiding(report, redact=redact, names=names)
    text = check(rendered(shown, "md"))
    if file:
        write_text(text, file)
        if shown is report:
            say(f"{file} is written; it names hosts and users: look at it before you pass it on, or use --redact")
    else:
        output(text)
    code = exit_code(report)
    if code == exits.NOTHING:
        say_nothing_found(report)
    raise typer.Exit(code)
