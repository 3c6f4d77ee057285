"""What reaches the terminal: reports on standard output, everything else in one line each on standard error."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

WIDTH_OF_PIPES = 100


def say(text: str) -> None:
    """A warning or a hint: one line on standard error, without control characters."""
    from mqtrace.report.safe import mask, safe

    print(f"mqtrace: {mask(safe(text))}", file=sys.stderr)


def width() -> int:
    """Columns of the terminal; 100 where the output is no terminal."""
    return shutil.get_terminal_size((WIDTH_OF_PIPES, 24)).columns if sys.stdout.isatty() else WIDTH_OF_PIPES


def colour() -> bool:
    """Whether the output may be coloured: a terminal that is not dumb, and NO_COLOR not set."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def output(text: str) -> None:
    """Text for standard output, in UTF-8 whatever the locale."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


@contextmanager
def progress() -> Iterator[Callable[[str, int], None] | None]:
    """Shows on a terminal how many bytes of which input are read; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("reading", total=None)
        yield lambda name, size: shown.update(task, description=name[-60:], completed=size)
