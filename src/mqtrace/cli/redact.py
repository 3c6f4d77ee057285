"""mqtrace redact: traces and logs in which nobody is named, for others to read."""

from pathlib import Path

import typer

from mqtrace.cli.choices import MAP, OBJECTS, PATHS
from mqtrace.cli.passing_on import pass_on

NAME = "redact"
HELP = """Writes traces and logs without hosts, users, organisations and secrets.

\b
Examples:
  mqtrace redact /var/mqm/trace -o for-support
  mqtrace redact AMQ7253.0.FMT -o for-support --redact-map names.json

Each name gets a pseudonym of the same length, the same in all files, so that the diagnosis of what is written is that
of the originals. What is not text (key repositories, captures) is left out.
"""


def command(
    paths: list[str] = PATHS,
    folder: Path = typer.Option(..., "-o", "--output", metavar="FOLDER", help="A new or empty folder."),
    objects: bool = OBJECTS,
    names: Path = MAP,
) -> None:
    """Writes the redacted inputs."""
    from mqtrace.redaction.bundle import redact_to_folder

    pass_on(redact_to_folder, paths, folder, objects=objects, names=names)
