"""The time asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Period:
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
    def is_empty(self) -> bool:
        """Whether it ends before it begins."""
        return bool(self.since) and self.is_after(self.since)
