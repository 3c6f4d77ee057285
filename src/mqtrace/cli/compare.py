"""mqtrace compare: what differs between a run that went well and one that did not."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import MAP, REDACT, form_option
from mqtrace.cli.console import colour, output, width
from mqtrace.cli.passing_on import hiding, which_of_the_two
from mqtrace.cli.running import read_inputs, say_nothing_found

if TYPE_CHECKING:
    from mqtrace.report.comparison import Comparison

NAME = "compare"
HELP = """Says what differs between a run that went well and one that did not: settings, versions, certificates, steps.

\b
Examples:
  mqtrace compare yesterday.FMT today.FMT
  mqtrace compare good/ bad.zip -o difference.html
  mqtrace compare test-host.TRC live-host.TRC --format md

For "it worked yesterday": the first line names what most probably matters. Each of the two is a file, a
folder or an archive; of several connections in one, the worst failure is compared with the success most like it.
"""
FORMS = ("text", "md", "json", "html")
SUFFIXES = {".txt": "text", ".md": "md", ".json": "json", ".html": "html"}


def command(
    good: str = typer.Argument(..., metavar="GOOD", help="What the run that went well left."),
    bad: str = typer.Argument(..., metavar="BAD", help="What the run that did not left."),
    form: str = form_option(FORMS),
    files: list[Path] = typer.Option(
        [], "-o", "--output", metavar="FILE", help="Write to FILE instead (.html, .md, .json, .txt); may be repeated."
    ),
    redact: bool = REDACT,
    names: Path = MAP,
) -> None:
    """Compares the two and prints or writes the differences."""
    from mqtrace.model import UsageError
    from mqtrace.report.comparison import compared

    for file in files:
        if file.suffix.lower() not in SUFFIXES:
            raise UsageError(f"{file}: end the name with one of {', '.join(SUFFIXES)}")
    forms = {SUFFIXES[file.suffix.lower()] for file in files} or {form}
    reports = [read_inputs([path], [], surroundings="html" in forms) for path in (good, bad)]
    shown, check = hiding(*reports, redact=redact, names=names)
    found = compared(*shown)
    if found is None:
        for report in reports:
            if not report.outcomes:
                say_nothing_found(report)
        raise typer.Exit(exits.NOTHING)
    show(found, form, files, check, is_hidden=shown[0] is not reports[0])
    unread = any(each.error for report in reports for each in report.inputs)
    raise typer.Exit(exits.PARTIAL if unread else exits.OK)


def show(found: "Comparison", form: str, files: list[Path], check: Callable[[str], str], *, is_hidden: bool) -> None:
    """Prints the comparison, or writes it to the files, each text as `check` lets it pass."""
    from msgspec.structs import replace

    from mqtrace.report.write import write_text

    if not files:
        output(check(rendered(found, form, columns=width(), color=colour())))
        return
    found = replace(found, notes=(*found.notes, which_of_the_two(is_hidden=is_hidden)))
    texts = [check(rendered(found, SUFFIXES[file.suffix.lower()], columns=100)) for file in files]
    for file, text in zip(files, texts, strict=True):
        write_text(text, file)


def rendered(found: "Comparison", form: str, *, columns: int, color: bool = False) -> str:
    """The comparison in that form; `columns` and `color` matter to text alone."""
    from mqtrace.report import comparison_forms

    if form == "text":
        return comparison_forms.render_text(found, width=columns, color=color)
    forms = {
        "md": comparison_forms.render_markdown,
        "json": comparison_forms.to_json,
        "html": comparison_forms.render_html,
    }
    return forms[form](found)
