"""Which day an ambiguous date means, told by its neighbours."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from mqtrace.readers.logs.log_order import settled as settled_entries
from mqtrace.readers.logs.scanned import EITHER, Scanned


def settled(days: Iterable[str]) -> dict[str, str]:
    """Which day each ambiguous one of `days` means. They are the days of one log, in the order in which they begin.

    The readers' rule decides (a log is written front to back); where it leaves both open, the reading whose days follow
    closest.
    """
    days = [day for day in days if day]
    if not any(EITHER in day for day in days):
        return {}
    told = {day: entry.moment[0] for day, entry in zip(days, settled_entries(map(_Noon, days)), strict=True)}
    open_days = [day for day in days if EITHER in told[day]]
    if open_days:
        choice = min((1, 0), key=lambda number: _span(told, number))
        told |= {day: day.split(EITHER)[choice] for day in open_days}
    return {day: meant for day, meant in told.items() if meant != day}


class _Noon(Scanned):
    """Stands for the entries of a day."""

    __slots__ = ("moment",)

    def __init__(self, day: str) -> None:
        self.moment = (day, "12:00:00")


def _span(told: Mapping[str, str], number: int) -> int:
    """Days from each to the next in sum, were the open ones all read as their candidate `number`."""
    read = [date.fromisoformat(day.split(EITHER)[number if EITHER in day else 0]).toordinal() for day in told.values()]
    return sum(abs(after - before) for before, after in pairwise(read))
