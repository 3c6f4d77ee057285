"""Which of the codes that a client's functions returned says why its call failed."""

from collections.abc import Iterable

from mqtrace.model.failure_report import FunctionExit

# Functions that only keep a code for others.
KEEPERS = frozenset({"rrxError", "rrxReportError", "cciSslReportGSKitError"})


def decisive(exits: Iterable[FunctionExit]) -> tuple[FunctionExit, ...]:
    """The last run of failing exits that passed from one function to the one that called it, the innermost first.

    A code that a caller replaced by success breaks the run: that failure did not fail the call. While the stack unwinds the same failure
    is told at every level.
    """
    run: list[FunctionExit] = []
    for function in exits:
        if run and run[-1].depth - function.depth not in (0, 1):
            run = []
        run.append(function)
    return tuple(run)
