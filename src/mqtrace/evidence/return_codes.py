"""Which of the codes that a client's functions returned says why its call failed, and what those codes say."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

from mqtrace.kept import compiled

if TYPE_CHECKING:
    from mqtrace.model.failure_report import FunctionExit

# Functions that only keep a code for others.
KEEPERS = frozenset({"rrxError", "rrxReportError", "cciSslReportGSKitError"})
# The wrappers of GSKit's functions, which return its codes; other numbers are error numbers of the system.
GSKIT = "ccigsk_"
# The client's own codes, and those that its application gets.
OWN, REASON = "rrc", "MQRC_"
_NUMBER = compiled(r"Unknown\(([0-9A-F]{1,8})\)")


class Exit(Protocol):
    """The return of a function: its depth, its name and its code."""

    @property
    def depth(self) -> int:
        """How deep it was nested."""

    @property
    def name(self) -> str:
        """Of the function."""

    @property
    def code(self) -> str:
        """As written, never one of success."""


E = TypeVar("E", bound=Exit)


def unwinds(depth: int, outer: int) -> bool:
    """Whether a failing exit at the depth `outer`, which is the next one, can pass on the failure of one at `depth`."""
    return depth - outer in (0, 1)


def decisive(exits: "Iterable[FunctionExit]") -> "tuple[FunctionExit, ...]":
    """The last run of failing exits that passed from one function to the one that called it, the innermost first.

    A code that a caller replaced by success breaks the run: that failure did not fail the call. While the stack unwinds
    the same failure is told at every level.
    """
    run: list[FunctionExit] = []
    for function in exits:
        if run and not unwinds(run[-1].depth, function.depth):
            run = []
        run.append(function)
    return tuple(run)


def told_by(run: Iterable[E]) -> Iterator[tuple[E, str, str]]:
    """What a run says beside the client's own codes, as name and value of facts: errors of the system, codes of
    GSKit, and which functions failed.
    """
    for function in run:
        number = _NUMBER.fullmatch(function.code)
        if number:
            name = "gskit.code" if function.name.startswith(GSKIT) else "socket.errno"
            yield function, name, str(int(number[1], 16))
        elif not function.code.startswith(REASON) and function.name not in KEEPERS:
            yield function, "client.failed_function", function.name
