"""mqtrace settings: only the ledger."""

from pathlib import Path

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM, MAP, REDACT
from mqtrace.cli.console import output, width
from mqtrace.cli.passing_on import hiding
from mqtrace.cli.running import exit_code, read_inputs, say_nothing_found
from mqtrace.mark import marked, marked_json

NAME = "settings"
HELP = """Says which setting won over which, and what proves it; nothing about causes.

\b
Examples:
  mqtrace settings AMQ7253.0.FMT
  mqtrace settings trace/ mqclient.ini ccdt.json --format json
"""


def command(
    paths: list[str] = typer.Argument(
        None, metavar="[PATH]...", help="Files, folders, archives; - is standard input.", show_default=False
    ),
    form: str = FORM,
    redact: bool = REDACT,
    names: Path = MAP,
) -> None:
    """Prints the ledger of each connection."""
    from msgspec.structs import replace

    from mqtrace.report.json import report_as_dict
    from mqtrace.report.ledger import render_ledgers

    report = read_inputs(paths or [], [])
    (shown,), check = hiding(report, redact=redact, names=names)
    if form == "json":
        whole = report_as_dict(replace(shown, findings=()))
        kept = ("client", "process", "thread", "program", "start", "count", "queue_manager", "settings")
        rows = [{name: connection[name] for name in kept} for connection in whole["connections"]]
        text = marked_json({"schema": whole["schema"], "connections": rows, "inputs": whole["inputs"]})
    else:
        text = marked(render_ledgers(shown, width=width()))
    output(check(text))
    code = exit_code(report)
    if code == exits.NOTHING:
        say_nothing_found(report)
    raise typer.Exit(code)
