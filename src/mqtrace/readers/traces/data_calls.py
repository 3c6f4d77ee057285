"""Which threads are inside a call that moves data of messages: what they write until it returns is no evidence, and a
client that polls for messages writes little else.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from mqtrace.model import Record


class CallTurn(Struct, frozen=True):
    """A call that begins or returns.

    Attributes:
        begins_data: whether one begins that moves data.
        depth: how deep it is nested; -1 where that is not told.
    """

    begins_data: bool
    depth: int


# The calls that begin or return on a line.
CallTurns = Callable[[Record, Sequence[int]], Sequence[CallTurn]]


Thread = TypeVar("Thread", bytes, str)


class DataCalls(Generic[Thread]):
    """Such calls, as far as the lines tell that were seen.

    Attributes:
        moving: the threads that are inside one, and how deep it is nested.
    """

    def __init__(self) -> None:
        self.moving: dict[Thread, int] = {}

    def hold(self, thread: Thread, depths: Iterable[int]) -> bool:
        """Whether a line of the thread is of one, given how deep the calls are that begin or return on it. One ends
        where it returns, or where another begins or returns at its depth: then its own end is lost.
        """
        outer = self.moving.get(thread)
        if outer is None:
            return False
        if any(0 <= depth <= outer for depth in depths):
            del self.moving[thread]
            return False
        return True

    def take(self, thread: Thread, turns: Sequence[CallTurn]) -> None:
        """Takes in a line on which calls begin or return."""
        if not self.hold(thread, (turn.depth for turn in turns)):
            for turn in turns:
                if turn.begins_data:
                    self.moving[thread] = turn.depth
