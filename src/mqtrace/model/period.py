"""The time asked for."""

from datetime import datetime, timedelta

from msgspec import Struct

# What is not given of a moment is the begin of it; how long that is, at most, by the characters that are given.
_REST = "0001-01-01T00:00:00"
_DAY = timedelta(days=1)
_LENGTHS = {4: 366 * _DAY, 7: 31 * _DAY, 10: _DAY, 13: _DAY / 24, 16: _DAY / 1440}


class Period(Struct, frozen=True):
    """From one moment to another, both as far as they are given: "2026-03-17" is that whole day; "" is no limit.

    Moments are compared as they are written: local time with local time, UTC with UTC.
    """

    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        return bool(self.since or self.until)

    def holds(self, moment: str) -> bool:
        """Whether a moment in ISO 8601 is asked for; one without a date is not, where anything is."""
        if not self:
            return True
        return "T" in moment and not self.is_before(moment) and not self.is_after(moment)

    def is_before(self, moment: str) -> bool:
        """Whether a moment is too early."""
        return moment[: len(self.since)] < self.since

    def is_after(self, moment: str) -> bool:
        """Whether a moment is too late."""
        return bool(self.until) and moment[: len(self.until)] > self.until

    @property
    def begin(self) -> datetime:
        """The first moment that is asked for. Raises ValueError where `since` is no moment."""
        return datetime.fromisoformat(self.since + _REST[len(self.since) :]) if self.since else datetime.min

    @property
    def end(self) -> datetime:
        """A moment behind all that are asked for. Raises ValueError where `until` is no moment."""
        if not self.until:
            return datetime.max
        until = datetime.fromisoformat(self.until + _REST[len(self.until) :])
        return until + _LENGTHS.get(len(self.until), _DAY / 86_400)

    @property
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return bool(self.since) and self.is_after(self.since)
