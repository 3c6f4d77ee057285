"""Times of day of a trace, made into dates: mostly the date stands in the header only, and midnight passes."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

HALF_DAY = 12
# In a time of a record that has its date: ISO 8601.
DATED = "T"


def _hour(clock: str) -> int:
    return int(clock[:2]) if clock[:2].isdigit() else 0


class Calendar(Struct):
    """Follows the clock of one trace in file order and gives each time of day its date.

    A step back of more than half a day is midnight; a smaller one is a clock step or another thread, and stays on the
    same day.

    Attributes:
        day: date of the newest record, None when the header does not tell.
        hour: hour of the newest record, None before the first.
        nights: how often midnight has passed.
    """

    day: date | None
    hour: int | None = None
    nights: int = 0

    def follow(self, clock: str) -> None:
        """Takes note of the next record's time of day; a time with its date needs none."""
        if not clock or DATED in clock:
            return
        hour = _hour(clock)
        if self.hour is not None and hour < self.hour - HALF_DAY:
            self.nights += 1
            self.day = self.day and self.day + timedelta(days=1)
        if self.hour is None or hour <= self.hour + HALF_DAY:
            self.hour = hour

    def moment(self, clock: str) -> str:
        """Local time in ISO 8601 of a time of day at or near the newest record; the time
        of day alone where the date is not known."""
        if not clock or self.day is None or self.hour is None or DATED in clock:
            return clock
        hour = _hour(clock)
        days = (hour < self.hour - HALF_DAY) - (hour > self.hour + HALF_DAY)
        return f"{_written(self.day, days)}T{clock}"


@lru_cache(maxsize=8)
def _written(day: date, later: int) -> str:
    """The date so many days later, in ISO 8601."""
    return (day + timedelta(days=later)).isoformat()


def in_utc(local: str, utc_offset: int | None) -> datetime | None:
    """UTC time of a local time in ISO 8601; None where date or offset is not known."""
    if utc_offset is None or "T" not in local:
        return None
    try:
        return datetime.fromisoformat(local) - timedelta(seconds=utc_offset)
    except ValueError:
        return None
