"""mqtrace ini: mqclient.ini checked."""

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_input, one_of
from mqtrace.cli.console import output, say, width
from mqtrace.mark import marked, marked_json

NAME = "ini"
HELP = """Checks mqclient.ini: names that MQ does not know, values that it does not take, settings that the client does not read.

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
    help="""Checks an mqclient.ini. Exit code 1 when something is wrong with it.

\b
Examples:
  mqtrace ini lint mqclient.ini
  mqtrace ini lint mqclient.ini --client dotnet
  mqtrace ini lint mqclient.ini --format json
""",
)
def lint(
    file: str = typer.Argument(..., metavar="FILE", help="An mqclient.ini; - is standard input."),
    client: str = typer.Option(
        "c",
        "--client",
        metavar="c|dotnet|java",
        help="Client family that reads it.",
        callback=one_of(("c", "dotnet", "java")),
    ),
    form: str = typer.Option(
        "text", "--format", metavar="text|json", help="Form of the output.", callback=one_of(("text", "json"))
    ),
) -> None:
    """Prints each problem with its line."""
    from mqtrace.model import ConfigValue
    from mqtrace.readers.configuration import ini as ini_reader
    from mqtrace.readers.tally import Tally
    from mqtrace.report.layout import wrap
    from mqtrace.report.safe import clean
    from mqtrace.report.words import counted
    from mqtrace.settings.ini_lint import lint_ini

    with one_input(file) as source:
        lines = list(ini_reader.read_lines(source, Tally()))
    values = [each for each in lines if isinstance(each, ConfigValue)]
    if ini_reader.is_queue_managers(values):
        say(f"{file} is a queue manager's file (qm.ini or mqs.ini), not a client's; nothing was checked")
        raise typer.Exit(exits.NOTHING)
    if not values:
        say(f"{file} holds no setting: expected are stanzas like 'SSL:' with lines like 'Name=value'")
        raise typer.Exit(exits.NOTHING)
    problems = lint_ini(lines, client)
    if form == "json":
        rows = [
            {"kind": each.kind, "line": each.location.line, "text": clean(each.text), "nearest": clean(each.nearest)}
            for each in problems
        ]
        output(marked_json({"settings": len(values), "problems": rows}))
    else:
        told = (
            wrap(f"line {each.location.line}: {clean(each.text)}", min(width(), 100), hanging=2) for each in problems
        )
        shown = [line if number == 0 else f"  {line}" for each in told for number, line in enumerate(each)]
        output(marked("\n".join(shown or [f"{counted(len(values), 'setting')}, no problem found"]) + "\n"))
    raise typer.Exit(exits.PROBLEM if problems else exits.OK)
