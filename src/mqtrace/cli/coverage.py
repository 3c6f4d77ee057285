"""mqtrace coverage: what mqtrace does not understand of a trace."""

import json
import sys
from pathlib import Path

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import one_of
from mqtrace.cli.console import output, say, width

NAME = "coverage"
HELP = """Lists the lines of traces that no pattern matches, grouped by shape: where a new pattern would help.

\b
Examples:
  mqtrace coverage AMQ7253.0.FMT
  mqtrace coverage trace/ --top 50 --format json
"""


def command(
    paths: list[str] = typer.Argument(..., metavar="PATH...", help="Files, folders, archives; - is standard input."),
    top: int = typer.Option(20, "--top", min=1, metavar="N", help="How many shapes to show for each trace."),
    patterns: list[Path] = typer.Option([], "--patterns", metavar="DIR", help="A folder with more trace patterns."),
    form: str = typer.Option("text", "--format", metavar="text|json", help="Form of the output.", callback=one_of(("text", "json"))),
) -> None:
    """Prints the shapes of each trace."""
    from mqtrace.diagnosis import coverage

    found = list(coverage(paths, sys.stdin.buffer, tuple(patterns)))
    if not found:
        say("no trace among the inputs; expected are formatted traces of the C client (.FMT) or traces of the .NET client (.TRC)")
        raise typer.Exit(exits.NOTHING)
    if form == "json":
        output(json.dumps([each.as_dict(top) for each in found], indent=2, ensure_ascii=False) + "\n")
        return
    from mqtrace.report.layout import shorten
    from mqtrace.report.safe import clean

    for each in found:
        output(
            f"{clean(each.source)}: {each.lines:,} lines, {each.texts:,} with text of their own, {each.unparsed:,} of them not understood\n"
        )
        for shape in each.shapes[:top]:
            output(f"{shape.count:8,}  line {shape.location.line:<8} {shorten(clean(shape.text), width() - 25)}\n")
