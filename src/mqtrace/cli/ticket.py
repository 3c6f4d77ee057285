"""mqtrace ticket: the report for a support ticket."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import MAP, REDACT, one_of
from mqtrace.cli.console import output, say
from mqtrace.cli.passing_on import hiding
from mqtrace.cli.running import exit_code, read_inputs, say_nothing_found

if TYPE_CHECKING:
    from mqtrace.report.ticket import Flavour

NAME = "ticket"
HELP = """Writes the report for a ticket, a mail or a review: at most 60 lines, what matters first.

\b
Examples:
  mqtrace ticket trace/ AMQERR01.LOG -o case.md
  mqtrace ticket trace/ --for jira | xclip
  mqtrace ticket trace/ --for mail -o case.txt

Each part has its heading. github is Markdown, as GitHub and GitLab show it ('mqtrace diagnose --format md' is the
same); jira is its wiki markup; mail is plain lines of 72 columns. Secrets show as ***; names of hosts and users are
shown unless --redact is given.
"""
FLAVOURS = ("github", "jira", "mail")


def command(
    paths: list[str] = typer.Argument(
        None, metavar="[PATH]...", help="Files, folders, archives; - is standard input.", show_default=False
    ),
    flavour: str = typer.Option(
        "github", "--for", metavar="|".join(FLAVOURS), help="Where it is pasted.", callback=one_of(FLAVOURS)
    ),
    file: Path = typer.Option(
        None, "-o", "--output", metavar="FILE", help="Write to FILE (.md; .txt for jira and mail) instead."
    ),
    redact: bool = REDACT,
    names: Path = MAP,
) -> None:
    """Diagnoses the inputs and prints or writes the ticket."""
    from mqtrace.model import UsageError
    from mqtrace.report.ticket import to_ticket
    from mqtrace.report.write import rendered, write_text

    suffix = ".md" if flavour == "github" else ".txt"
    if file and file.suffix.lower() != suffix:
        raise UsageError(f"{file}: end the name with {suffix}, or choose with --for what the ticket is written for")
    report = read_inputs(paths or [], [])
    (shown,), check = hiding(report, redact=redact, names=names)
    # Escapes and line ends could part a name, so that the check is also of the form that has the fewest.
    if shown is not report:
        check(rendered(shown, "json"))
    text = check(to_ticket(shown, cast("Flavour", flavour)))
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
