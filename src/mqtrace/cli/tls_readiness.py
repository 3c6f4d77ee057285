"""mqtrace tls-readiness: who runs with which protocol, and who blocks TLS 1.3 only."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from mqtrace.cli import exits
from mqtrace.cli.choices import FORM
from mqtrace.cli.console import output, say, standard_input, width
from mqtrace.mark import marked, marked_json

if TYPE_CHECKING:
    from mqtrace.readers.configuration.mqsc_objects import MqscObject

NAME = "tls-readiness"
HELP = """Says which clients negotiated which TLS, who blocks raising a channel to TLS 1.3 only, and who has no TLS.

\b
Examples:
  mqtrace tls-readiness chs.txt
  mqtrace tls-readiness QM1.txt QM2.txt
  mqtrace tls-readiness /listings --format json

\b
The input is output of DISPLAY CHSTATUS(*) ALL, and of DISPLAY CHANNEL(*) ALL
where there is some. Make it with:
  (echo "DISPLAY CHANNEL(*) ALL"; echo "DISPLAY CHSTATUS(*) ALL") |
    runmqsc QM1 > QM1.txt
"""


def command(
    files: list[str] = typer.Argument(
        ..., metavar="FILE...", help="Output of runmqsc; files, folders, archives, or - for standard input."
    ),
    form: str = FORM,
) -> None:
    """Prints the table, its sums, and what could not be told."""
    from mqtrace.report.tls_readiness import readiness_as_dict, readiness_text
    from mqtrace.settings.tls_readiness import tls_readiness

    objects, failed = _read(files)
    if not any(shown.kind in ("channel", "status") for shown in objects):
        say(
            "No channel in the input: expected is output of DISPLAY CHSTATUS(*) ALL or DISPLAY CHANNEL(*) ALL of "
            "runmqsc"
        )
        raise typer.Exit(exits.NOTHING)
    readiness = tls_readiness(objects)
    if form == "json":
        output(marked_json(readiness_as_dict(readiness)))
    else:
        output(marked(readiness_text(readiness, width())))
    raise typer.Exit(exits.PARTIAL if failed else exits.OK)


def _read(files: Sequence[str]) -> tuple[list["MqscObject"], bool]:
    """All objects of the inputs that are output of runmqsc, and whether an input could not be read."""
    from mqtrace.inputs import open_sources
    from mqtrace.model.errors import fault_words
    from mqtrace.readers.configuration import mqsc
    from mqtrace.readers.configuration.mqsc_objects import objects
    from mqtrace.readers.tally import Tally
    from mqtrace.report.words import counted

    shown: list[MqscObject] = []
    failed = False
    for source in open_sources(files, stdin=standard_input()):
        tally = Tally()
        error = None
        try:
            known = mqsc.sniff(source.head())
            if known:
                shown.extend(objects(mqsc.read(source, tally)))
        except Exception as fault:  # noqa: BLE001  (a fault of the reader costs its input, never the others)
            error = fault_words(fault)
        error = error or source.error
        if error:
            failed = True
            say(f"{source.name}: {error}")
        elif not known:
            say(f"{source.name}: no output of runmqsc, passed over")
        if tally.unparsed:
            say(f"{source.name}: {counted(tally.unparsed, 'line')} not understood")
    return shown, failed
