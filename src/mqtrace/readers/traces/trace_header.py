"""What the header of a trace tells of the process, in every layout that is known.

Layouts: a box of "| Key :- value |" rows (C client, 9.1 and newer on UNIX), ordinary records with "Key : value" (older
UNIX), plain "Key : value" lines (Windows and managed .NET). Keys may be missing; a trace without a header gives an
empty one.
"""

import re
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from mqtrace.kept import compiled

HEADER_LINES = 80
HEADER_COLUMNS = 500
BOX = compiled(r"^\|\s*(?P<key>[^|]+?)\s*:-\s?(?P<value>.*?)\s*\|\s*$")
PAIR = compiled(
    r"(?P<key>[A-Za-z][A-Za-z/]*(?: +[A-Za-z/]+){0,3})\s* :\s+(?P<value>\S.*?)"
    r"(?=\s+(?:Process|Time|Level) +: |\s{2,}[A-Z]\w*(?: \w+){0,2}\s* : |\s*$)"
)
HEADER_RECORD = compiled(r"Header\.v\d+:(?P<level>[\d.]+):(?P<platform>[^:]+):\d+:")
MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}


class TraceHeader(Struct, frozen=True):
    """What a trace's header tells; empty strings and None where it does not.

    Attributes:
        program: name or path of the program.
        process: process id.
        host, user, platform, level: as written; level is the MQ version ("9.3.0.10").
        day: local date of the first record.
        began: local time of day of the header, seconds since midnight.
        utc_offset: seconds that local time is ahead of UTC.
    """

    program: str = ""
    process: int | None = None
    host: str = ""
    user: str = ""
    platform: str = ""
    level: str = ""
    day: date | None = None
    began: float | None = None
    utc_offset: int | None = None


def _numbers(text: str) -> tuple[int, int, int] | None:
    found = re.match(r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})\b", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _day(text: str, day_first: bool) -> date | None:
    """A date such as 11/24/26, 24/11/2026 or 2026-11-24; a field above 12 decides against `day_first`."""
    numbers = _numbers(text)
    if not numbers:
        return None
    first, second, third = numbers
    if first > 31:
        year, month, day = first, second, third
    else:
        day, month, year = (
            (first, second, third) if (day_first and second <= 12) or first > 12 else (second, first, third)
        )
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _seconds(text: str) -> float | None:
    found = re.search(r"(\d{1,2}):(\d{2}):(\d{2})(\.\d+)?", text)
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) + float(found[4] or 0) if found else None


def _written_out(text: str) -> tuple[date | None, float | None]:
    """A date such as "Tue November 24 2026 09:00:00 UTC"."""
    found = re.search(r"\b([A-Za-z]{3})[a-z]* +(\d{1,2}),? +(\d{4})\b", text)
    month = MONTHS.get(found[1].lower()) if found else None
    if not found or not month:
        return None, _seconds(text)
    try:
        return date(int(found[3]), month, int(found[2])), _seconds(text)
    except ValueError:
        return None, _seconds(text)


def _pairs(lines: list[str]) -> dict[str, str]:
    """Keys in lower case -> values; a "Time" belongs to the date before it and is kept as "<date key> time"."""
    found: dict[str, str] = {}
    for line in lines:
        box = BOX.match(line)
        pairs = [(box["key"], box["value"])] if box else [(pair["key"], pair["value"]) for pair in PAIR.finditer(line)]
        before = ""
        for key, value in pairs:
            key = " ".join(key.lower().split())
            found.setdefault(f"{before} time" if key == "time" and before else key, value.strip())
            before = key
    return found


def _offset(pairs: dict[str, str], day_first: bool) -> int | None:
    """Seconds that local time is ahead of UTC, from the two clocks of the header or from its statement."""
    stated = re.match(r"(-?\d+)\b", pairs.get("utc time offset", ""))
    if stated:
        return int(stated[1]) * 60
    local_key = next((key for key in ("local date", "lcl date") if key in pairs), "")
    if local_key and "utc date" in pairs:
        moments = []
        for key in (local_key, "utc date"):
            day, clock = _day(pairs[key], day_first), _seconds(pairs.get(f"{key} time", ""))
            if day is None or clock is None:
                return None
            moments.append(datetime(day.year, day.month, day.day) + timedelta(seconds=clock))
        return round((moments[0] - moments[1]).total_seconds() / 60) * 60
    written = pairs.get("date/time", "")
    return 0 if re.search(r"\b(UTC|GMT)$", written) else None


def _began(pairs: dict[str, str], day_first: bool, offset: int | None) -> tuple[date | None, float | None]:
    for key in ("local date", "lcl date", "date"):
        if key in pairs and _day(pairs[key], day_first):
            return _day(pairs[key], day_first), _seconds(pairs.get(f"{key} time", ""))
    if pairs.get("date/time") and _written_out(pairs["date/time"])[0]:
        return _written_out(pairs["date/time"])
    epoch = re.match(r"(\d{9,10}(?:\.\d+)?)\b", pairs.get("utc time", ""))
    if epoch and offset is not None:
        moment = datetime.fromtimestamp(float(epoch[1]) + offset, UTC)
        return moment.date(), moment.hour * 3600 + moment.minute * 60 + moment.second
    return None, None


def parse_header(lines: list[str], *, day_first: bool) -> TraceHeader:
    """Reads the header from the first lines of a trace, their record prefixes removed.

    `day_first`: a date whose two first fields are both at most 12 is day/month (managed .NET) rather than month/day (C
    client).
    """
    lines = [line[:HEADER_COLUMNS] for line in lines[:HEADER_LINES]]
    pairs = _pairs(lines)
    record = next((found for line in lines if (found := HEADER_RECORD.search(line))), None)
    program = pairs.get("program name") or pairs.get("process", "")
    process = re.match(r"0*(\d+)", pairs.get("pid", "")) or re.match(r"0*(\d+)$", pairs.get("process", ""))
    level = re.search(
        r"\d+(?:\.\d+)+", pairs.get("lvls") or pairs.get("version", "") or (record["level"] if record else "")
    )
    user = re.search(r"\((.*)\)", pairs.get("userid", "") or pairs.get("real userid", ""))
    offset = _offset(pairs, day_first)
    day, began = _began(pairs, day_first, offset)
    return TraceHeader(
        program=re.sub(r"\s*\((32|64)-bit\)$", "", program),
        process=int(process[1]) if process else None,
        host=pairs.get("host name") or pairs.get("host", ""),
        user=user[1] if user else "",
        platform=pairs.get("operating system") or (record["platform"] if record else ""),
        level=level[0] if level else "",
        day=day,
        began=began,
        utc_offset=offset,
    )
