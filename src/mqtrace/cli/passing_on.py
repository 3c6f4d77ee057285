"""What hides names in what is passed on, and what is said of what was written."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mqtrace.cli.console import output, say
from mqtrace.cli.running import read_inputs

if TYPE_CHECKING:
    from mqtrace.model import Report
    from mqtrace.redaction.bundle import Passed
    from mqtrace.redaction.identities import Identities
    from mqtrace.triage.result import Triage

    Write = Callable[[list[str], Report, Identities, Path], Passed]


def hiding(*reports: "Report", redact: bool, names: Path | None) -> "tuple[tuple[Report, ...], Callable[[str], str]]":
    """The reports, with pseudonyms where either option asks for them (the same in all), and the check that each text
    made of them has to pass: it raises RedactionError.
    """
    if not (redact or names):
        return reports, str
    from mqtrace.redaction.identities import Identities, checked
    from mqtrace.redaction.report import learn_from_report, redacted

    identities = Identities()
    for report in reports:
        learn_from_report(report, identities)
    hidden = tuple(redacted(report, identities) for report in reports)
    _write_map(identities, names)
    return hidden, lambda text: checked(text, identities)


def hiding_triage(found: "Triage", *, redact: bool, names: Path | None) -> "tuple[Triage, Callable[[str], str]]":
    """As `hiding`, for what triage found."""
    if not (redact or names):
        return found, str
    from mqtrace.redaction.identities import Identities, checked
    from mqtrace.redaction.triage import redacted_triage

    identities = Identities()
    hidden = redacted_triage(found, identities)
    _write_map(identities, names)
    return hidden, lambda text: checked(text, identities)


def which_of_the_two(*, is_hidden: bool) -> str:
    """What a written report says of itself: whether it names anybody, and how to get the other one."""
    from mqtrace.report.shown import NAMED, PSEUDONYMS

    return PSEUDONYMS if is_hidden else NAMED


def _write_map(identities: "Identities", names: Path | None) -> None:
    if names:
        from mqtrace.redaction.bundle import write_map

        write_map(identities, names)


def pass_on(
    write: "Write",
    paths: list[str],
    target: Path,
    *,
    objects: bool,
    names: Path | None,
    surroundings: bool = False,
) -> None:
    """Reads the inputs, writes them redacted to `target`, and the key to the names where that is asked for.

    `surroundings`: whether a report goes with them, whose page has the lines around evidence.
    """
    from mqtrace.redaction.identities import Identities

    identities = Identities(objects=objects)
    passed = write(paths, read_inputs(paths, [], surroundings=surroundings), identities, target)
    _write_map(identities, names)
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
