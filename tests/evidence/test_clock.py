"""Times of day become dates: the header tells the first day, and midnight passes."""

from datetime import date, datetime, timedelta

import pytest

from mqtrace.evidence.clock import Calendar, in_utc

DAY = date(2026, 12, 31)


def followed(*clocks: str, day: date | None = DAY, hour: int | None = None) -> list[str]:
    calendar = Calendar(day, hour)
    found = []
    for clock in clocks:
        calendar.follow(clock)
        found.append(calendar.moment(clock))
    return found


# Times of day in file order, and how many days after the header's date each is.
STEPS = {
    "same-day": [("09:00:00.1", 0), ("10:00:00.1", 0)],
    "midnight": [("23:59:59.9", 0), ("00:00:00.1", 1)],
    "step-back": [("10:00:00.5", 0), ("09:59:59.5", 0)],
    "end-of-summer-time": [("02:59:59.9", 0), ("02:00:00.0", 0), ("03:00:00.0", 0)],
    "threads-around-midnight": [("23:59:59.9", 0), ("00:00:00.1", 1), ("23:59:59.8", 0), ("00:00:00.2", 1)],
    "late-line-of-yesterday": [("22:00:00.0", 0), ("01:00:00.0", 1), ("22:00:00.0", 0), ("01:00:00.0", 1)],
}


@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_a_step_back_of_more_than_half_a_day_is_midnight(steps: list[tuple[str, int]]) -> None:
    wanted = [f"{DAY + timedelta(days=days)}T{clock}" for clock, days in steps]
    assert followed(*(clock for clock, _ in steps)) == wanted


def test_days_pass_one_after_the_other() -> None:
    clocks = [f"{hour:02}:30:00.0" for _ in range(3) for hour in (0, 6, 12, 18)]
    assert [moment[:10] for moment in followed(*clocks)][::4] == ["2026-12-31", "2027-01-01", "2027-01-02"]


def test_a_trace_that_begins_after_midnight_of_its_header_is_of_the_next_day() -> None:
    assert followed("00:00:01.0", hour=23) == ["2027-01-01T00:00:01.0"]


def test_without_a_date_the_time_of_day_stands_alone() -> None:
    assert followed("23:59:59.9", "00:00:00.1", day=None) == ["23:59:59.9", "00:00:00.1"]


def test_no_clock_gives_no_moment() -> None:
    assert Calendar(DAY, 9).moment("") == ""


@pytest.mark.parametrize(
    ("local", "offset", "utc"),
    [
        ("2026-11-24T00:30:00.5", 3600, datetime(2026, 11, 23, 23, 30, 0, 500000)),
        ("2026-11-24T22:00:00", -14400, datetime(2026, 11, 25, 2)),
        ("2026-11-24T22:00:00", 0, datetime(2026, 11, 24, 22)),
        ("2026-11-24T22:00:00", None, None),
        ("22:00:00.5", 3600, None),
        ("2026-11-24T99:00:00", 3600, None),
        ("", 0, None),
    ],
)
def test_utc_follows_where_date_and_offset_are_known(local: str, offset: int | None, utc: datetime | None) -> None:
    assert in_utc(local, offset) == utc
