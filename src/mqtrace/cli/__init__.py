"""The command line."""

import sys


def main() -> None:
    """The program `mqtrace`."""
    from mqtrace.cli.app import run

    sys.exit(run(sys.argv[1:]))
