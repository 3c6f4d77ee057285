"""Which day a date means."""

import pytest

from mqtrace.readers.logs.log_dates import Dates
from mqtrace.readers.logs.scanned import Moment
from mqtrace.triage.dates import settled


@pytest.mark.parametrize(
    ("prefix", "moment"),
    [
        ("03/17/26 01:12:25 - ", Moment("2026-03-17", "01:12:25")),
        ("09/03/2014 04:56:03 PM - ", Moment("2014-03-09|2014-09-03", "16:56:03")),
        ("11.10.2018 10:39:30 - ", Moment("2018-10-11", "10:39:30")),
        ("3/31/2025 15:52:45 - ", Moment("2025-03-31", "15:52:45")),
        ("2026年3月17日 1:12:25 - ", Moment("2026-03-17", "01:12:25")),
        ("03/17/26 99:12:25 - ", Moment("", "")),
        ("left over 03/17/26 01:12:25 - ", None),
        ("no date: - ", None),
    ],
)
def test_a_header_date(prefix: str, moment: Moment | None) -> None:
    stem, _, rest = prefix.rpartition(":")
    assert Dates().local(stem, rest[:2], rest[2:]) == moment


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-03-17T07:12:25.367Z", Moment("2026-03-17", "07:12:25.367Z")),
        ("2026-02-30T07:12:25.367Z", None),
        ("2026-03-17T27:12:25.367Z", None),
        ("yesterday", None),
    ],
)
def test_a_utc_time(value: str, moment: Moment | None) -> None:
    assert Dates().utc(value) == moment


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (["2026-03-01"], {}),
        (["2026-01-30", "2026-01-02|2026-02-01", "2026-02-13"], {"2026-01-02|2026-02-01": "2026-02-01"}),
        (
            ["2014-03-09|2014-09-03", "2014-04-09|2014-09-04"],
            {"2014-03-09|2014-09-03": "2014-09-03", "2014-04-09|2014-09-04": "2014-09-04"},
        ),
        (["2018-03-02|2018-02-03", "2018-03-03", "2018-03-04"], {"2018-03-02|2018-02-03": "2018-03-02"}),
    ],
)
def test_neighbours_tell_what_an_ambiguous_day_means(days: list[str], told: dict[str, str]) -> None:
    assert settled(days) == told
