"""The errors that mqtrace raises on purpose. Each message says what happened, why, and what to do."""

from pathlib import PurePath


class MqtraceError(Exception):
    """Base of all errors that mqtrace raises on purpose; its text is fit for the user."""


class InputError(MqtraceError):
    """An input cannot be read: missing, no right to read it, damaged, or larger than an archive may unpack to."""


class PatternError(MqtraceError):
    """An entry of patterns/ (or of a folder given with --patterns) is not valid."""


class UsageError(MqtraceError):
    """The command line asks for something that cannot be done; the text says what to type instead."""


class DecodeError(MqtraceError):
    """Bytes are not the structure they were taken for."""


def how_to_extend(extra: str) -> str:
    """What to type to add the packages of an extra ("tables", "cluster"): mqtrace is
    installed from its checkout, not from an index."""
    return f"pip install '.[{extra}]'   in the checkout of mqtrace"


def place_of(error: BaseException) -> str:
    """Type of an error that nobody raised on purpose, with the file and line where it
    arose; its text could hold what a trace holds."""
    place = error.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{PurePath(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else "?"
    return f"{type(error).__name__} at {where}"


def fault_words(fault: Exception) -> str:
    """One line for an input whose reading ended in a fault of mqtrace."""
    return f"mqtrace itself failed on it ({place_of(fault)}): please report this line."
