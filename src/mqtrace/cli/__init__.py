"""The command line."""

import gc
import sys

# What a run makes is needed to its end, for the most part: looking for what is not, each 700 objects, took a twentieth
# of the time.
LOOK_FOR_GARBAGE_EACH = 50_000


def main() -> None:
    """The program `mqtrace`."""
    gc.set_threshold(LOOK_FOR_GARBAGE_EACH)
    from mqtrace.cli.app import run

    sys.exit(run(sys.argv[1:]))
