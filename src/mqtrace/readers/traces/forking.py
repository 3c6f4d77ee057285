"""Processes that work for this one, and the pipes between them."""

import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress

# Room for what a process sends while who reads it is busy.
PIPE = 1024 * 1024


def forked(run: Callable[[], None]) -> int:
    """The number of a process that runs this, and nothing else. Raises OSError."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        run()
        code = 0
    finally:
        os._exit(code)


def ended(process: int) -> None:
    """Ends a process: it is done, it failed, or nobody wants any more what it does."""
    with suppress(ProcessLookupError, ChildProcessError):  # whoever uses this as a library may have it reaped
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def wide_pipe() -> tuple[int, int]:
    """As `os.pipe`, with room for 1 MiB where the system can do that."""
    source, sink = os.pipe()
    try:
        import fcntl

        fcntl.fcntl(sink, fcntl.F_SETPIPE_SZ, PIPE)
    except (ImportError, AttributeError, OSError):
        pass
    return source, sink


def readable(*ends: int) -> list[int]:
    """Waits until one of these can be read; gives those that can. Raises EOFError where there is none to wait for."""
    if not ends:
        raise EOFError
    waiting = select.poll()
    for end in ends:
        waiting.register(end, select.POLLIN)
    return [end for end, _ in waiting.poll()]
