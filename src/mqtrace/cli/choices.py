"""Options that several commands have, and options that take one word of a few."""

from collections.abc import Callable, Sequence
from pathlib import Path

import typer

FORMATS = ("text", "md", "json")


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


def _folders(folders: list[Path]) -> list[Path]:
    """Lets folders of patterns through; one that is none is an error even where no trace is read, one without patterns is said."""
    if folders:
        from mqtrace.catalog.trace_patterns import pattern_files
        from mqtrace.cli.console import say

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
