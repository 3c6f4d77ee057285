"""What `diagnose` does once it is known what is asked for, and the report as all commands show it."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mqtrace.cli import exits
from mqtrace.cli.console import colour, output, width
from mqtrace.cli.passing_on import hiding, which_of_the_two
from mqtrace.cli.running import exit_code, read_inputs, say_nothing_found

if TYPE_CHECKING:
    from mqtrace.model import Report


def diagnosed(
    paths: Sequence[str],
    form: str,
    *,
    files: Sequence[Path] = (),
    patterns: Sequence[Path] = (),
    fail_on: str = "",
    since: str = "",
    until: str = "",
    last: int = 0,
    quick: bool = False,
    processes: int = 0,
    verbosity: int = 0,
    redact: bool = False,
    names: Path | None = None,
) -> int:
    """Prints the report on the paths in that form, or writes it to files, and returns the exit code."""
    from mqtrace.report.write import form_named, form_of, import_writers

    # An unknown suffix is said before the inputs are read.
    forms = {form_of(file) for file in files} or {form_named(form)}
    report = read_inputs(
        paths,
        patterns,
        surroundings="html" in forms,
        since=since,
        until=until,
        last=last,
        quick=quick,
        processes=processes,
        meanwhile=partial(import_writers, forms),
    )
    (shown,), check = hiding(report, redact=redact, names=names)
    show(_noted(shown, is_hidden=shown is not report) if files else shown, form, files, verbosity, check)
    code = exit_code(report, fail_on)
    if code == exits.NOTHING:
        say_nothing_found(report)
    return code


def _noted(report: "Report", *, is_hidden: bool) -> "Report":
    from mqtrace.report.shown import with_note

    return with_note(report, which_of_the_two(is_hidden=is_hidden))


def show(report: "Report", form: str, files: Sequence[Path], verbosity: int, check: Callable[[str], str] = str) -> None:
    """Prints the report, or writes it to the files, each text as `check` lets it pass."""
    from mqtrace.report.write import form_named, form_of, rendered, write_text

    texts = [check(rendered(report, form_of(file), verbosity=verbosity)) for file in files]
    for file, text in zip(files, texts, strict=True):
        write_text(text, file)
    if not files and form == "text":
        output(check(rendered(report, "text", width=width(), color=colour(), verbosity=verbosity)))
    elif not files:
        output(check(rendered(report, form_named(form))))
