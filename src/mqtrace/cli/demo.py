"""mqtrace demo: a sample, diagnosed."""

import typer

from mqtrace.cli import exits
from mqtrace.cli.console import output, say
from mqtrace.cli.diagnosing import show
from mqtrace.cli.running import read_inputs

NAME = "demo"
HELP = """Diagnoses one of the samples that come with mqtrace, to show what a report looks like.

\b
Examples:
  mqtrace demo
  mqtrace demo --list
  mqtrace demo dotnet-peer-name-mismatch
"""
FIRST = "c-label-not-in-key-repository"


def command(
    name: str = typer.Argument(FIRST, metavar="[NAME]", help="Name of a sample.", show_default=False),
    listed: bool = typer.Option(False, "--list", help="List the samples."),
) -> None:
    """Prints the report on a sample, or the list of samples."""
    from mqtrace.catalog.samples import sample, samples
    from mqtrace.catalog.tables import data_folder
    from mqtrace.catalog.words import nearest

    if listed:
        output("".join(f"{each.name:36} {each.origin:10} {each.title}\n" for each in samples()))
        return
    chosen = sample(name)
    if chosen is None:
        near = nearest(name, [each.name for each in samples()], limit=1)
        say(
            f"there is no sample '{name}'."
            + (f" Did you mean '{near[0]}'?" if near else "")
            + " 'mqtrace demo --list' lists them."
        )
        raise typer.Exit(exits.USAGE)
    folder = data_folder("sample-traces") / chosen.name
    say(f"sample {chosen.name} ({chosen.origin}): {chosen.title}")
    show(read_inputs([str(folder / file) for file in chosen.files], []), "text", [], 0)
