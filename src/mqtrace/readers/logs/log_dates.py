"""Local dates of AMQERR headers: the locale of the process that wrote an entry decides their form, entry by entry."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

# A local time is at most 14 hours from UTC.
_FARTHEST = timedelta(hours=15)
_YEARS = range(1990, 2100)
# The last six numbers before "Process(": the units of Chinese, Japanese and Korean dates are up to 4 bytes each.
_FORM = r"(?<!\d)(\d{1,4})(\D{1,5})(\d{1,2})\D{1,5}(\d{1,4})(\D{1,16})(\d{1,2})\D{1,4}(\d\d)\D{1,4}(\d\d)"


class Written(NamedTuple):
    """A header's date as written.

    Attributes:
        candidates: the local times that it can mean, one where its form is certain, none where it is not understood.
        year_first: the time it means should its two-digit year stand first.
    """

    candidates: tuple[datetime, ...]
    year_first: datetime | None = None


@cache
def date_tail() -> re.Pattern[bytes]:
    """Matches a date and time at the end of the bytes before "Process(", or alone on a line."""
    return re.compile(_FORM.encode() + rb"\D{0,16}$")


@cache
def _form() -> re.Pattern[str]:
    return re.compile(_FORM + r"(\D*)")


@lru_cache(maxsize=256)
def written(prefix: str) -> Written:
    """What the text before "Process(" can mean as local time."""
    match = _form().search(prefix)
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
    return int(digits) if len(digits) > 2 else 2000 + int(digits) - (100 if int(digits) > 69 else 0)


def _valid(*numbers: tuple[int, int, int, int, int, int]) -> tuple[datetime, ...]:
    found: dict[datetime, None] = {}
    for each in numbers:
        try:
            found[datetime(*each)] = None
        except ValueError:
            continue
    return tuple(when for when in found if when.year in _YEARS)


def utc_time(text: str) -> datetime | None:
    """UTC time of a Time() field or of ibm_datetime ("2021-03-17T07:12:25.367Z"); None where it is none."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    except OverflowError:
        return None


def local_time(date: Written, utc: datetime | None) -> datetime | None:
    """The local time that `date` means, judged by the entry alone: by its UTC time, else by its form. None: ambiguous."""
    if utc is not None:
        plain = utc.replace(tzinfo=None)
        possible = (*date.candidates, date.year_first) if date.year_first else date.candidates
        near = min(possible, key=lambda each: abs(each - plain), default=None)
        if near is not None and abs(near - plain) <= _FARTHEST:
            return near
    return date.candidates[0] if len(date.candidates) == 1 else None
