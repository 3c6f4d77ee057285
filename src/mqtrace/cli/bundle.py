"""mqtrace bundle: one archive for a ticket, in which nobody is named."""

from pathlib import Path

import typer

from mqtrace.cli.choices import MAP, OBJECTS, PATHS
from mqtrace.cli.passing_on import pass_on

NAME = "bundle"
HELP = """Packs redacted traces and logs, the report on them and a manifest into one archive for a ticket.

\b
Examples:
  mqtrace bundle /var/mqm/trace /var/mqm/qmgrs/QM1/errors -o case.zip
  mqtrace bundle trace.zip -o case.zip --redact-map names.json

Names get pseudonyms as with 'mqtrace redact'; the report is redacted too.
"""


def command(
    paths: list[str] = PATHS,
    archive: Path = typer.Option(..., "-o", "--output", metavar="FILE.zip", help="A new archive."),
    objects: bool = OBJECTS,
    names: Path = MAP,
) -> None:
    """Writes the archive."""
    from mqtrace.redaction.bundle import bundle

    pass_on(bundle, paths, archive, objects=objects, names=names, surroundings=True)
