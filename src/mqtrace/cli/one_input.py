"""What commands that take one file share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from mqtrace.cli import exits
from mqtrace.cli.console import say, standard_input
from mqtrace.inputs import Source


@contextmanager
def one_input(path: str) -> Iterator[Source]:
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
