"""The command line."""

import atexit
import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

# What a run makes is needed to its end, for the most part: looking for what is not, each 700 objects, took a twentieth
# of the time.
LOOK_FOR_GARBAGE_EACH = 200_000


def main() -> None:
    """The program `mqtrace`."""
    gc.set_threshold(LOOK_FOR_GARBAGE_EACH)
    _import_msgspec()
    from mqtrace.cli.entry import run

    _leave(run(sys.argv[1:]))


def _import_msgspec() -> None:
    """Imports msgspec without typing_extensions, of which it wants what typing has, and which takes as long as all the
    rest of it.
    """
    if "typing_extensions" not in sys.modules:
        sys.modules["typing_extensions"] = None  # type: ignore[assignment]  # how Python says that there is none
        with suppress(ImportError):  # a later msgspec may insist
            import_module("msgspec")
        del sys.modules["typing_extensions"]


def _leave(code: int) -> NoReturn:
    """Ends the process. That Python gives back each object before that would take an eighth of a run."""
    atexit._run_exitfuncs()
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with suppress(OSError, ValueError):  # who read it is gone
            stream.flush()
    os._exit(code)
