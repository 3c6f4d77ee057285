"""A run of the program, from the words that were typed to the exit code.

typer and click take a sixth of the time in which a small trace is answered. So the run that most people type, some
paths to diagnose, does without them.
"""

from collections.abc import Sequence

from mqtrace.cli import exits
from mqtrace.cli.console import give_up_output, say
from mqtrace.cli.words import only_paths, with_command


def run(arguments: Sequence[str]) -> int:
    """Runs the command line and returns the exit code; no exception reaches the user as a traceback."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except SystemExit as stop:
        return _stopped(stop)
    except OSError as error:
        return _unwritten(error) if error.filename is None else _failed(error)
    except Exception as error:  # noqa: BLE001  (the last catch: nobody is shown a traceback, which could hold what a trace holds)
        return _failed(error)


def _run(arguments: Sequence[str]) -> int:
    words = with_command(arguments)
    plain = only_paths(words) if words else None
    if plain:
        from mqtrace.cli.diagnosing import diagnosed

        return diagnosed(*plain)
    from mqtrace.cli.app import run_command

    return run_command(arguments, words)


def _stopped(stop: SystemExit) -> int:
    """The exit code of a run that click ended; 0 where the reader of a pipe has seen enough."""
    if isinstance(stop.__context__, BrokenPipeError):
        give_up_output()
        return exits.OK
    return stop.code if isinstance(stop.code, int) else exits.OK


def _unwritten(error: OSError) -> int:
    """The inputs' own errors are rows of the report, so what fails without the name of a file is standard output."""
    give_up_output()
    if isinstance(error, BrokenPipeError):
        return exits.OK
    say(
        f"standard output cannot be written ({error.strerror}); redirect it elsewhere, or write the report to a "
        "file with -o"
    )
    return exits.USAGE


def _failed(error: Exception) -> int:
    from mqtrace.model.errors import MqtraceError, place_of

    if isinstance(error, MqtraceError):
        say(str(error))
        return exits.USAGE
    say(f"mqtrace itself failed ({place_of(error)}); please report this line. Try the inputs one by one.")
    return exits.INTERNAL
