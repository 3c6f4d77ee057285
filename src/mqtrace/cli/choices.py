"""What several commands take: options, options of one word of a few, and the one input."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from mqtrace.cli import exits
from mqtrace.cli.console import say, standard_input

if TYPE_CHECKING:
    from mqtrace.inputs import Source

_MOMENT = r"\d{4}(-\d\d(-\d\d([T ]\d\d(:\d\d(:\d\d)?)?)?)?)?"


def one_of(words: Sequence[str]) -> Callable[[str], str]:
    """A callback that lets only these words (and no word at all) through, and suggests the nearest one."""

    def check(value: str) -> str:
        if value and value not in words:
            from mqtrace.catalog.words import nearest

            near = nearest(value, words, limit=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise typer.BadParameter(f"'{value}' is none of {', '.join(words)}{hint}")
        return value

    return check


def moment(value: str) -> str:
    """A callback for a moment: "2026-03-17", "2026-03-17T08:30", "yesterday", "today", or how long ago: "2h", "3d".

    A day is one of this machine; how long ago is told in UTC, as logs of 9.0.5 and later tell it.
    """
    import re
    from datetime import UTC, date, datetime, timedelta

    ago = re.fullmatch(r"(\d{1,5}) ?(m|min|h|d|w)", value)
    if ago:
        unit = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}[ago[2]]
        return f"{datetime.now(UTC) - timedelta(**{unit: int(ago[1])}):%Y-%m-%dT%H:%M:%S}"
    if value in ("today", "yesterday"):
        return str(date.today() - timedelta(days=value == "yesterday"))
    written = value.replace(" ", "T")
    try:
        # What is not given is the begin of it.
        datetime.fromisoformat(written + "0001-01-01T00:00:00"[len(written) :] if written else "0001-01-01")
    except ValueError:
        written = "?"
    if written and not re.fullmatch(_MOMENT, written):
        raise typer.BadParameter(
            f"'{value}' is no moment; type it as 2026-03-17, 2026-03-17T08:30, yesterday, or 2h for two hours ago"
        )
    return written


def check_period(since: str, until: str, what: str) -> None:
    """Raises UsageError where the time asked for ends before it begins; `what` is what cannot be in it."""
    from mqtrace.model import Period, UsageError

    if Period(since, until).is_empty:
        raise UsageError(f"--until {until} is before --since {since}; no {what} is in between")


def _folders(folders: list[Path]) -> list[Path]:
    """Lets folders of patterns through; what is none is an error even where no trace is read."""
    if folders:
        from mqtrace.catalog.trace_patterns import pattern_files

        for folder in folders:
            if not pattern_files(folder):
                say(f"{folder}: no .toml file in it, so no pattern of your own is used")
    return folders


PATTERNS = typer.Option(
    [],
    "--patterns",
    metavar="DIR",
    help="A folder with more trace patterns; may be repeated.",
    show_default=False,
    callback=_folders,
)


def form_option(forms: Sequence[str], words: str = "Form of the output.") -> Any:
    """`--format`, of these forms."""
    return typer.Option("text", "--format", metavar="|".join(forms), help=words, callback=one_of(forms))


def moment_option(name: str, words: str) -> Any:
    """An option that is a moment."""
    return typer.Option("", name, metavar="MOMENT", help=words, callback=moment)


def processes_option(words: str) -> Any:
    """`-j`: how many processes at most; 0 where it is not given."""
    return typer.Option(0, "-j", "--processes", min=0, metavar="N", help=words)


FORM = form_option(("text", "json"))
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


@contextmanager
def one_input(path: str) -> "Iterator[Source]":
    """The input at a path, or standard input for "-"; of an archive the first one. Exits with 3 when it cannot be read.

    Raises UsageError for a folder: which of its files is meant nobody can tell.
    """
    from mqtrace.inputs import open_sources
    from mqtrace.model import UsageError

    # Path.is_dir raises where the folder above is shut.
    if path != "-" and os.path.isdir(path):  # noqa: PTH112
        raise UsageError(f"{path} is a folder; give the one file in it that is meant")
    for source in open_sources([path], stdin=standard_input()):
        if source.error or source.skipped:
            say(f"{source.name}: {source.error or source.skipped}")
            raise typer.Exit(exits.NOTHING)
        yield source
        if source.error:
            say(f"{source.name}: {source.error}")
        return
    say(f"{path}: there is no file in it")
    raise typer.Exit(exits.NOTHING)
