"""Which threads are inside a call that moves data of messages: what they write until it returns is no evidence, and a
client that polls for messages writes little else.
"""

from collections.abc import Callable, Sequence

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


class DataCalls:
    """Such calls, as far as the lines tell that were seen.

    Attributes:
        moving: the threads that are inside one, and how deep it is nested.
    """

    def __init__(self, turns: CallTurns) -> None:
        self._turns = turns
        self.moving: dict[bytes, int] = {}

    def take(self, thread: bytes, record: Record, literals: Sequence[int]) -> None:
        """Takes in a line on which a call begins or returns. One ends where it returns, or where another begins or
        returns at its depth: then its own end is lost.
        """
        turns = self._turns(record, literals)
        outer = self.moving.get(thread)
        if outer is not None:
            if not any(0 <= turn.depth <= outer for turn in turns):
                return
            del self.moving[thread]
        for turn in turns:
            if turn.begins_data:
                self.moving[thread] = turn.depth
