"""mqtrace ini: mqclient.ini checked."""

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM, one_input, one_of
from mqtrace.cli.console import say
from mqtrace.cli.linting import FILES_HELP, LintedFile, LintedProblem, lint_files

NAME = "ini"
HELP = """Checks mqclient.ini: names that MQ does not know, values that it does not take, what the client does not read.

\b
Examples:
  mqtrace ini lint mqclient.ini
"""

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})


@app.callback()
def commands() -> None:
    """Keeps `lint` a word of its own, as in `mqtrace ccdt lint`."""


@app.command(
    name="lint",
    help="""Checks mqclient.ini files. Exit code 1 when something is wrong with one.

\b
Examples:
  mqtrace ini lint mqclient.ini
  mqtrace ini lint mqclient.ini --client dotnet
  mqtrace ini lint */mqclient.ini --format json
""",
)
def lint(
    files: list[str] = typer.Argument(..., metavar="FILE...", help=f"An mqclient.ini{FILES_HELP}"),
    client: str = typer.Option(
        "c",
        "--client",
        metavar="c|dotnet|java",
        help="Client family that reads it.",
        callback=one_of(("c", "dotnet", "java")),
    ),
    form: str = FORM,
) -> None:
    """Prints each problem with its place."""
    lint_files(files, lambda file: _checked(file, client), form)


def _checked(file: str, client: str) -> LintedFile:
    from mqtrace.model import ConfigValue
    from mqtrace.readers.configuration.ini import is_queue_managers, read_lines
    from mqtrace.readers.tally import Tally
    from mqtrace.report.shown import clean
    from mqtrace.report.words import counted
    from mqtrace.settings.ini_lint import lint_ini

    with one_input(file) as source:
        lines = list(read_lines(source, Tally()))
    values = [line for line in lines if isinstance(line, ConfigValue)]
    if is_queue_managers(values):
        say(f"{file} is a queue manager's file (qm.ini or mqs.ini), not a client's; nothing was checked")
        raise typer.Exit(exits.NOTHING)
    if not values:
        say(f"{file} holds no setting: expected are stanzas like 'SSL:' with lines like 'Name=value'")
        raise typer.Exit(exits.NOTHING)
    problems = [
        LintedProblem(problem.kind, problem.location.line, 1, problem.text, {"nearest": clean(problem.nearest)})
        for problem in lint_ini(lines, client)
    ]
    return LintedFile(problems, {"settings": len(values)}, counted(len(values), "setting"))
