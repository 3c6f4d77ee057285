"""mqtrace coverage: what mqtrace does not understand of a trace."""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM, PATTERNS
from mqtrace.cli.console import output, say, standard_input, width
from mqtrace.mark import marked, marked_json

if TYPE_CHECKING:
    from mqtrace.coverage import Coverage

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
    patterns: list[Path] = PATTERNS,
    form: str = FORM,
) -> None:
    """Prints the shapes of each trace."""
    from mqtrace.coverage import coverage

    found = list(coverage(paths, standard_input(), tuple(patterns), warn=say))
    failed = [each for each in found if each.error]
    for each in failed:
        say(f"{each.source}: {each.error}")
    traces = [each for each in found if each.lines]
    if not traces:
        say(
            "no trace among the inputs; expected are formatted traces of the C client (.FMT) or traces of the .NET "
            "client (.TRC)"
        )
        raise typer.Exit(exits.NOTHING)
    if form == "json":
        output(marked_json([each.as_dict(top) for each in traces]))
    else:
        output(marked("".join(_text(each, top) for each in traces)))
    raise typer.Exit(exits.PARTIAL if failed else exits.OK)


def _text(trace: "Coverage", top: int) -> str:
    from mqtrace.pages.layout import shorten
    from mqtrace.report.shown import clean
    from mqtrace.report.words import counted

    numbers = (
        f"{counted(trace.lines, 'line')}, {trace.texts:,} with text of their own, {trace.unparsed:,} of them not "
        "understood"
    )
    shapes = [
        f"{shape.count:8,}  line {shape.location.line:<8} {shorten(clean(shape.text), width() - 25)}\n"
        for shape in trace.shapes[:top]
    ]
    return f"{clean(trace.source)}: {numbers}\n{''.join(shapes)}"
