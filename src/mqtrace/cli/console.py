"""What reaches the terminal: reports on standard output, everything else in one line each on standard error."""

import errno
import os
import select
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic
from typing import BinaryIO, TextIO

# Nothing is laid out narrower than this.
NARROWEST = 40
WIDTH_OF_PIPES = 80
# Seconds between two looks of the progress.
REFRESHED = 0.1
# Seconds within which most inputs are read: nothing needs to be shown, nor imported for it.
PATIENCE = 0.4


def say(text: str) -> None:
    """A warning or a hint: one line on standard error, without control characters."""
    from mqtrace.masking import mask, printable

    # Where standard error is closed or full, nobody can be told; the exit code still says it.
    if _there(sys.stderr):
        try:
            print(f"mqtrace: {printable(mask(text))}", file=sys.stderr, flush=True)
        except OSError:
            _give_up(sys.stderr)


def aside(text: str) -> None:
    """Text for standard error where standard output belongs to another program; in UTF-8 whatever the locale."""
    if _there(sys.stderr):
        try:
            sys.stderr.flush()
            sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace"))
            sys.stderr.buffer.flush()
        except OSError:
            _give_up(sys.stderr)


def width() -> int:
    """Columns that the variable COLUMNS gives, else those of the terminal, else 80; never so few that no word fits."""
    import shutil

    return max(shutil.get_terminal_size((WIDTH_OF_PIPES, 24)).columns, NARROWEST)


def colour() -> bool:
    """Whether the output may be coloured: a terminal that is not dumb, and NO_COLOR not set."""
    return _is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def output(text: str) -> None:
    """Text for standard output, in UTF-8 whatever the locale.

    Raises OSError when it cannot be written, also where it is closed.
    """
    if not _there(sys.stdout):
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def give_up_output() -> None:
    """Keeps Python from complaining when it flushes at the end what could not be written."""
    if _there(sys.stdout):
        _give_up(sys.stdout)


def _give_up(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def is_read() -> bool:
    """Whether somebody still reads standard output: not where it is a pipe whose other end was closed."""
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
        return not any(event & select.POLLERR for _, event in poll.poll(0))
    except (AttributeError, OSError, ValueError):
        return True  # no such call on Windows: it shows when the next line is written


def standard_input() -> BinaryIO | None:
    """The bytes of standard input; None where it is closed."""
    return getattr(sys.stdin, "buffer", None)


def is_piped() -> bool:
    """Whether standard input is a pipe or a file that somebody gave."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode)


def _there(stream: object) -> bool:
    """Whether the process has this stream: one that was closed beforehand (`>&-`) is None, whatever its type says."""
    return stream is not None


def _is_terminal(stream: TextIO) -> bool:
    return _there(stream) and stream.isatty()


@contextmanager
def progress() -> Iterator[Callable[[str, int], None] | None]:
    """Shows on a terminal how many bytes of which input are read, once that takes long; None elsewhere."""
    if not _is_terminal(sys.stderr):
        yield None
        return
    with ExitStack() as stack:
        show: Callable[[str, int], None] | None = None
        last = monotonic()

        def tell(name: str, size: int) -> None:
            nonlocal show, last
            now = monotonic()
            if now - last < (REFRESHED if show else PATIENCE):
                return
            show, last = show or stack.enter_context(_bar()), now
            show(name, size)

        yield tell


@contextmanager
def _bar() -> Iterator[Callable[[str, int], None]]:
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}", markup=False), DownloadColumn(), TransferSpeedColumn())
    # Refreshed here: a thread that does it would keep the next large trace from being read by several processes, which
    # are forked.
    with Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as shown:
        task = shown.add_task("reading", total=None)
        yield lambda name, size: shown.update(task, description=name[-60:], completed=size, refresh=True)
