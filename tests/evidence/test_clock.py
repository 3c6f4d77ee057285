"""Times of day become dates: the header tells the first day, and midnight passes."""

from datetime import date, datetime

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


@pytest.mark.parametrize(
    ("clocks", "moments"),
    [
        (["09:00:00.1", "10:00:00.1"], ["2026-12-31T09:00:00.1", "2026-12-31T10:00:00.1"]),
        (["23:59:59.9", "00:00:00.1"], ["2026-12-31T23:59:59.9", "2027-01-01T00:00:00.1"]),
        (["10:00:00.5", "09:59:59.5"], ["2026-12-31T10:00:00.5", "2026-12-31T09:59:59.5"]),
        (["02:59:59.9", "02:00:00.0", "03:00:00.0"], ["2026-12-31T02:59:59.9", "2026-12-31T02:00:00.0", "2026-12-31T03:00:00.0"]),
        (["23:59:59.9", "00:00:00.1", "23:59:59.8", "00:00:00.2"], ["2026-12-31T23:59:59.9", "2027-01-01T00:00:00.1", "2026-12-31T23:59:59.8", "2027-01-01T00:00:00.2"]),
        (["22:00:00.0", "01:00:00.0", "22:00:00.0", "01:00:00.0"], ["2026-12-31T22:00:00.0", "2027-01-01T01:00:00.0", "2026-12-31T22:00:00.0", "2027-01-01T01:00:00.0"]),
    ],
    ids=["same-day", "midnight", "step-back", "end-of-summer-time", "threads-around-midnight", "late-line-of-yesterday"],
)  # fmt: skip
def test_a_step_back_of_more_than_half_a_day_is_midnight(clocks: list[str], moments: list[str]) -> None:
    assert followed(*clocks) == moments


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
