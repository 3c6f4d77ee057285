"""The command line."""

import atexit
import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

# What a run makes is needed to its end, for the most part: looking for what is not, each 700 objects, took a twentieth
# of the time.
LOOK_FOR_GARBAGE_EACH = 200_000


def main() -> None:
    """The program `mqtrace`."""
    gc.set_threshold(LOOK_FOR_GARBAGE_EACH)
    from mqtrace.cli.entry import run

    _leave(run(sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """Ends the process. That Python gives back each object before that would take an eighth of a run."""
    atexit._run_exitfuncs()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):  # who read it is gone
            stream.flush()
    os._exit(code)
