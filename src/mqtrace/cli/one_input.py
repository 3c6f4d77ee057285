"""What commands that take one file share."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from mqtrace.cli import exits
from mqtrace.cli.console import say, standard_input
from mqtrace.inputs import Source


@contextmanager
def one_input(path: str) -> Iterator[Source]:
    """The input at a path, or standard input for "-"; of a folder or archive the first one. Exits with 3 when it cannot be read."""
    from mqtrace.inputs import open_sources

    for source in open_sources([path], stdin=standard_input()):
        if source.error:
            say(f"{source.name}: {source.error}")
            raise typer.Exit(exits.NOTHING)
        yield source
        if source.error:
            say(f"{source.name}: {source.error}")
        return
    say(f"{path}: there is no file in it")
    raise typer.Exit(exits.NOTHING)
