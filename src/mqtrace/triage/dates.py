"""Dates of headers, each parsed once; and which day an ambiguous one means, told by its neighbours."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from itertools import pairwise

from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.log_dates import Written, date_tail, written
from mqtrace.readers.logs.log_order import Draft, in_order
from mqtrace.triage.seen import Moment

UNKNOWN = Moment("", "")
EITHER = "|"
_MOST = 8192
_SECONDS = frozenset(f"{number:02}" for number in range(60))
_NOON = time(12)


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(r"(\d\d?[/.]\d\d?[/.]\d{2,4}) (\d\d?)[:.](\d\d)[:.](\d\d)(?: ([AP])M)? - ")


@cache
def _utc() -> re.Pattern[str]:
    return re.compile(r"(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z)")


class Dates:
    """What stands before "Process(" -> when that is. A fleet writes few distinct days, and many entries a second."""

    def __init__(self) -> None:
        self._minutes: dict[str, tuple[str, str]] = {}
        self._days: dict[str, str] = {}

    def local(self, stem: str, seconds: str, rest: str) -> tuple[str, str] | None:
        """The local time that a header's begin means: `stem`, a colon, two digits of `seconds`, `rest`. None where it is no date alone."""
        # Every minute is parsed once.
        known = self._minutes.get(stem + rest)
        if known is not None and seconds in _SECONDS:
            return known[0], known[1] + seconds
        found = self._parsed(f"{stem}:{seconds}{rest}")
        if found and found.day and seconds in _SECONDS and found.clock.endswith(seconds):
            if len(self._minutes) >= _MOST:
                self._minutes.clear()
            self._minutes[stem + rest] = (found.day, found.clock[:6])
        return found

    def is_day(self, day: str) -> bool:
        """Whether "2026-02-30" is a day."""
        return day in self._days or self._is_new_day(day)

    def _is_new_day(self, day: str) -> bool:
        try:
            date.fromisoformat(day)
        except ValueError:
            return False
        self._remember(day, day)
        return True

    def utc(self, value: str) -> Moment | None:
        """The UTC time in a Time() field; None where it is none."""
        match = _utc().fullmatch(value)
        if match is None:
            return None
        return Moment(match[1], match[2]) if self.is_day(match[1]) else None

    def _remember(self, written_day: str, day: str) -> None:
        if len(self._days) >= _MOST:
            self._days.clear()
        self._days[written_day] = day

    def _parsed(self, prefix: str) -> Moment | None:
        match = _plain().fullmatch(prefix)
        if match is None:
            return (
                moment_of_written(written(prefix)) if date_tail().fullmatch(prefix.encode("utf-8", "replace")) else None
            )
        day_written, hour, minute, second, half = match.groups()
        day = self._days.get(day_written)
        if day is None:
            day = moment_of_written(written(f"{day_written} 00:00:00 - ")).day
            self._remember(day_written, day)
        number = int(hour) % 12 + (12 if half == "P" else 0) if half else int(hour)
        if not day or number > 23 or minute > "59" or second > "59":
            return UNKNOWN
        return Moment(day, f"{number:02}:{minute}:{second}")


def moment_of_written(date: Written) -> Moment:
    """The moment that a date means; of one that can mean two days, both."""
    return moment_of_candidates(date.candidates)


def moment_of_candidates(candidates: Sequence[datetime]) -> Moment:
    """The moment of the local times that a date can mean, which differ in their day alone."""
    if not candidates:
        return UNKNOWN
    return Moment(EITHER.join(f"{each:%Y-%m-%d}" for each in candidates), f"{candidates[0]:%H:%M:%S}")


def settled(days: Iterable[str]) -> dict[str, str]:
    """Which day each ambiguous one of `days` means. They are the days of one log, in the order in which they begin.

    The readers' rule decides (a log is written front to back); where it leaves both open, the reading whose days follow closest.
    """
    days = [day for day in days if day]
    if not any(EITHER in day for day in days):
        return {}
    ordered = [entry.when for entry in in_order(_draft(day) for day in days)]
    told = {day: f"{when:%Y-%m-%d}" for day, when in zip(days, ordered, strict=True) if when and EITHER in day}
    open_days = [day for day in days if EITHER in day and day not in told]
    choice = min((1, 0), key=lambda number: _span(days, told, number)) if open_days else 0
    return told | {day: day.split(EITHER)[choice] for day in open_days}


def _draft(day: str) -> Draft:
    noons = tuple(datetime.combine(date.fromisoformat(each), _NOON) for each in day.split(EITHER))
    entry = LogEntry("", "", Location("", 0), when=noons[0] if len(noons) == 1 else None)
    return Draft(entry, () if len(noons) == 1 else noons)


def _span(days: Sequence[str], told: dict[str, str], number: int) -> int:
    """Days from each to the next in sum, were the open ones all read as their candidate `number`."""
    read = [
        date.fromisoformat(told.get(day) or day.split(EITHER)[-1 if EITHER not in day else number]).toordinal()
        for day in days
    ]
    return sum(abs(after - before) for before, after in pairwise(read))
