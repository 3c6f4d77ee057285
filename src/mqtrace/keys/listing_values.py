"""Values as the tools print them: dates, names, kinds of keys, serial numbers."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

from mqtrace.catalog.tables import table
from mqtrace.kept import compiled

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_TIME = compiled(r"(?<!\d)(\d{1,2})[:.](\d{2})[:.](\d{2})(?:\.\d+)?\s{0,2}([AaPp]\.?[Mm])?")
_NUMBERS = compiled(r"\b(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?!\d)")
_MONTH = compiled(r"\b([A-Z][a-z]{2})[a-z]{0,6}\b")
_YEAR = compiled(r"\b(\d{4})\b")
_DAY = compiled(r"(?<![:.\d+-])\b(\d{1,2})\b(?![:.]\d)")
_OFFSET = compiled(r"(?:GMT|UTC|Z|\b|(?<=\d))\s?([+-])(\d{2}):?(\d{2})\s*$")
# Java prints the zone by its short name; these are the ones that mean one thing.
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2}
_ZONES |= {"EET": 2, "EEST": 3, "BST": 1, "WET": 0, "WEST": 1, "JST": 9, "AEST": 10, "AEDT": 11}
_ZONE = compiled(r"\b([A-Z]{3,4})\b(?!\S*[+-]\d)")
_LONGEST_DATE = 100
# As openssl and NSS write it, in decimal and hexadecimal or, where it is long, in pairs of digits.
_SERIAL = compiled(
    r"^[ \t]*Serial Number:\s*(?:\d+ \(0x(?P<short>[0-9a-f]+)\)|(?P<long>[0-9a-f]{2}(?::\s{0,40}[0-9a-f]{2})+))",
    re.MULTILINE,
)
_BITS = compiled(r"\b(\d{3,5})\b")


def blocks(text: str, starts: Sequence[int]) -> list[str]:
    """The text from each start up to the next one."""
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)] if starts else []


def fields_of(block: str, field: re.Pattern[str]) -> dict[str, str]:
    """The fields of a block by name, of several of one name the first. `field` has the groups name and value."""
    return {found["name"].strip(): found["value"] for found in reversed(list(field.finditer(block)))}


def date_of(text: str) -> datetime | None:
    """The moment in UTC that a date of a listing names; None where it cannot be read (its month in another language).
    No zone is UTC.
    """
    text = text.strip()[:_LONGEST_DATE]
    clock = _TIME.search(text)
    if clock is None:
        return None
    rest = text[: clock.start()] + " " + text[clock.end() :]
    day = _day(rest)
    hour = int(clock[1])
    if clock[4]:
        hour = hour % 12 + (12 if clock[4][0] in "Pp" else 0)
    try:
        moment = datetime(*day, hour, int(clock[2]), int(clock[3]), tzinfo=_zone(text)) if day else None
        return moment.astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> tuple[int, int, int] | None:
    numbers = _NUMBERS.search(text)
    if numbers:
        return int(numbers[1]), int(numbers[2]), int(numbers[3])
    month = next((_MONTHS[name.lower()] for name in _MONTH.findall(text) if name.lower() in _MONTHS), None)
    year, day = _YEAR.search(text), _DAY.search(text)
    return (int(year[1]), month, int(day[1])) if month and year and day else None


def _zone(text: str) -> timezone:
    offset = _OFFSET.search(text)
    if offset:
        minutes = int(f"{offset[1]}1") * (int(offset[2]) * 60 + int(offset[3]))
        return timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else UTC
    hours = next((_ZONES[name] for name in _ZONE.findall(text) if name in _ZONES), 0)
    return timezone(timedelta(hours=hours))


def key_of(kind: str, bits: str) -> str:
    """Kind and bits of a key ("rsa2048"), "" where the texts do not tell both."""
    word = kind.casefold()
    name = next((name for part, name in (("rsa", "rsa"), ("ec", "ec"), ("dsa", "dsa")) if part in word), "")
    number = _BITS.search(bits)
    return f"{name}{int(number[1])}" if name and number else ""


def serial_of(text: str) -> str:
    """A serial number, hexadecimal in lower case without zeros in front; "" where there is none."""
    digits = "".join(text.split()).replace(":", "").removeprefix("0x").lower()
    return (digits.lstrip("0") or "0") if digits and all(each in "0123456789abcdef" for each in digits) else ""


def serial_in(block: str) -> str:
    """The serial number in a certificate that openssl or NSS wrote out."""
    found = _SERIAL.search(block)
    return serial_of(found["short"] or found["long"]) if found else ""


def usages_of(words: str) -> tuple[str, ...]:
    """Usages by their names in RFC 5280, from a list parted by commas or ends of lines, without other words."""
    plain = ("".join(each for each in word if each.isalpha()).casefold() for word in re.split(r"[,\n]", words))
    known = _usage_words()
    return tuple(dict.fromkeys(name for word in plain for name in known.get(word, "").split()))


@cache
def _usage_words() -> dict[str, str]:
    return {row["word"]: row["usages"] for row in table("key_usage_words")}
