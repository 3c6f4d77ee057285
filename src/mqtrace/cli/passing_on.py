"""What `redact` and `bundle` share: their options, and what is said of what they wrote."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mqtrace.cli.console import output, say
from mqtrace.cli.running import read_inputs

if TYPE_CHECKING:
    from mqtrace.model import Report
    from mqtrace.redaction.bundle import Passed
    from mqtrace.redaction.identities import Identities

    Write = Callable[[list[str], Report, Identities, Path], Passed]

PATHS = typer.Argument(..., metavar="PATH...", help="Files, folders, archives.", show_default=False)
OBJECTS = typer.Option(
    False, "--objects", help="Hide names of channels, queue managers and certificate labels as well."
)
MAP = typer.Option(
    None, "--redact-map", metavar="FILE", help="Write who stands behind each pseudonym to FILE, for yourself alone."
)
REDACT = typer.Option(
    False, "--redact", help="Give hosts, users and organisations pseudonyms; the same one everywhere (host-1)."
)


def hiding(report: "Report", names: Path | None) -> "tuple[Report, Callable[[str], str]]":
    """The report with pseudonyms, and the check that each text made of it has to pass: it raises RedactionError."""
    from mqtrace.redaction.bundle import write_map
    from mqtrace.redaction.identities import Identities, checked
    from mqtrace.redaction.report import redacted

    identities = Identities()
    hidden = redacted(report, identities)
    if names:
        write_map(identities, names)
    return hidden, lambda text: checked(text, identities)


def pass_on(write: "Write", paths: list[str], target: Path, *, objects: bool, names: Path | None) -> None:
    """Reads the inputs, writes them redacted to `target`, and the key to the names where that is asked for."""
    from mqtrace.redaction.bundle import write_map
    from mqtrace.redaction.identities import Identities

    identities = Identities(objects=objects)
    passed = write(paths, read_inputs(paths, []), identities, target)
    if names:
        write_map(identities, names)
    _tell(passed, target)


def _tell(passed: "Passed", where: Path) -> None:
    """Prints what was written, what was hidden and how often, what was not, and what was left out."""
    from mqtrace.redaction.inputs import NOT_HIDDEN
    from mqtrace.report.shown import clean
    from mqtrace.report.words import counted

    lines = [f"Wrote {counted(len(passed.files), 'redacted file')} to {where}", ""]
    lines += [f"  {who.pseudonym:<12} {counted(times, 'time')}" for who, times in passed.named]
    lines += ["", f"Secrets are hidden always ({counted(passed.secrets, 'known place')}). Not hidden:"]
    lines += [f"  - {what}" for what in NOT_HIDDEN]
    output("\n".join(lines) + "\n")
    for left in passed.left_out:
        say(f"left out: {clean(left.name)}: {left.why}")
