"""Local dates of AMQERR headers: the locale of the process that wrote an entry decides their form, entry by entry."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from mqtrace.kept import compiled
from mqtrace.readers.logs.scanned import UNKNOWN, Moment, moment_of_candidates

# A local time is at most 14 hours from UTC.
_FARTHEST = timedelta(hours=15)
_YEARS = range(1990, 2100)
# The last six numbers before "Process(": the units of Chinese, Japanese and Korean dates are up to 4 bytes each.
_NUMBERS = r"(?<!\d)(\d{1,4})(\D{1,5})(\d{1,2})\D{1,5}(\d{1,4})(\D{1,16})(\d{1,2})\D{1,4}(\d\d)\D{1,4}(\d\d)"
_FORM = compiled(_NUMBERS + r"(\D*)")
# A date and time at the end of the bytes before "Process(", or alone on a line.
DATE_TAIL = compiled(_NUMBERS.encode() + rb"\D{0,16}$")
_PLAIN = compiled(r"(\d\d?[/.]\d\d?[/.]\d{2,4}) (\d\d?)[:.](\d\d)[:.](\d\d)(?: ([AP])M)? - ")
_UTC = compiled(r"(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?Z)")
_POINTS = compiled(r"T(\d\d)\.(\d\d)\.(\d\d)(?=\.|Z)")
_MOST = 8192
_SECONDS = frozenset(f"{number:02}" for number in range(60))


class Written(NamedTuple):
    """A header's date as written.

    Attributes:
        candidates: the local times that it can mean, one where its form is certain, none where it is not understood.
        year_first: the time it means should its two-digit year stand first.
    """

    candidates: tuple[datetime, ...]
    year_first: datetime | None = None


@lru_cache(maxsize=256)
def written(prefix: str) -> Written:
    """What the text before "Process(" can mean as local time."""
    match = _FORM.search(prefix)
    if match is None:
        return Written(())
    first, separator, second, third, gap, hour, minute, second_of_minute, tail = match.groups()
    clock = _clock(int(hour), gap + tail)
    if clock is None:
        return Written(())
    rest = (clock, int(minute), int(second_of_minute))
    if len(first) == 4 or int(first) > 31:
        return Written(_valid((_year(first), int(second), int(third), *rest)))
    day_first = (_year(third), int(second), int(first), *rest)
    month_first = (_year(third), int(first), int(second), *rest)
    # Every locale that writes dots puts the day before the month.
    numbers = (day_first,) if separator.startswith(".") else (day_first, month_first)
    year_first = _valid((_year(first), int(second), int(third), *rest)) if len(third) == 2 else ()
    return Written(_valid(*numbers), year_first[0] if year_first else None)


def _clock(hour: int, words: str) -> int | None:
    """Hour of the day; None where a word beside it may mean morning or afternoon."""
    words = words.strip(" -–—.,\t\rTZ日일秒초\0").lower()
    if not words:
        return hour
    marker = re.fullmatch(r"([ap])\W{0,3}m", words)
    if marker is None:
        return None
    return hour % 12 + (12 if marker[1] == "p" else 0)


def _year(digits: str) -> int:
    """Two digits are of the years 1970 to 2069."""
    return int(digits) if len(digits) > 2 else 1970 + (int(digits) - 70) % 100


def _valid(*numbers: tuple[int, int, int, int, int, int]) -> tuple[datetime, ...]:
    found: dict[datetime, None] = {}
    for each in numbers:
        try:
            found[datetime(*each)] = None
        except ValueError:
            continue
    return tuple(when for when in found if when.year in _YEARS)


def utc_time(text: str) -> datetime | None:
    """UTC time of a Time() field or of ibm_datetime ("2021-03-17T07:12:25.367Z"); None where it is none.

    Some locales write points between its hours, minutes and seconds.
    """
    try:
        when = datetime.fromisoformat(_POINTS.sub(r"T\1:\2:\3", text))
    except ValueError:
        return None
    try:
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except OverflowError:
        return None


def local_time(header: Written, utc: datetime | None) -> datetime | None:
    """The local time that `header` means, judged by the entry alone: by its UTC time, else by its form.

    None: ambiguous.
    """
    if utc is not None:
        plain = utc.replace(tzinfo=None)
        possible = (*header.candidates, header.year_first) if header.year_first else header.candidates
        near = min(possible, key=lambda each: abs(each - plain), default=None)
        if near is not None and abs(near - plain) <= _FARTHEST:
            return near
    return header.candidates[0] if len(header.candidates) == 1 else None


class Dates:
    """What stands before "Process(" -> when that is. A fleet writes few distinct days, and many entries a second."""

    def __init__(self) -> None:
        self._minutes: dict[str, tuple[str, str]] = {}
        self._days: dict[str, str] = {}

    def local(self, stem: str, seconds: str, rest: str) -> tuple[str, str] | None:
        """The local time that a header's begin means: `stem`, a colon, two digits of `seconds`, `rest`.

        None where it is no date alone.
        """
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
        match = _UTC.fullmatch(value)
        if match is None:
            return None
        return Moment(match[1], match[2]) if self.is_day(match[1]) else None

    def _remember(self, written_day: str, day: str) -> None:
        if len(self._days) >= _MOST:
            self._days.clear()
        self._days[written_day] = day

    def _parsed(self, prefix: str) -> Moment | None:
        match = _PLAIN.fullmatch(prefix)
        if match is None:
            return (
                moment_of_candidates(written(prefix).candidates)
                if DATE_TAIL.fullmatch(prefix.encode("utf-8", "replace"))
                else None
            )
        day_written, hour, minute, second, half = match.groups()
        day = self._days.get(day_written)
        if day is None:
            day = moment_of_candidates(written(f"{day_written} 00:00:00 - ").candidates).day
            self._remember(day_written, day)
        number = int(hour) % 12 + 12 * (half == "P") if half else int(hour)
        if not day or number > 23 or minute > "59" or second > "59":
            return UNKNOWN
        return Moment(day, f"{number:02}:{minute}:{second}")
