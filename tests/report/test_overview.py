"""The table of many connections."""

from mqtrace.model import Connection, Outcome, Report
from mqtrace.report.overview import overview_rows


def times(*starts: str) -> list[str]:
    outcomes = tuple(
        Outcome(
            Connection("c", "trace", thread=str(number), channel=f"CHANNEL.{number}", start=start, reason_code=2538),
            (),
            None,
        )
        for number, start in enumerate(starts)
    )
    rows, left_out = overview_rows(Report(outcomes, (), (), (), ()), None)
    assert left_out == 0
    return [row[0] for row in rows]


def test_connections_of_one_day_have_their_time_of_day() -> None:
    assert times("2026-11-24T09:00:00.123", "2026-11-24T23:59:59", "") == ["09:00:00", "23:59:59", ""]


def test_connections_of_several_days_have_their_day_too() -> None:
    assert times("2026-11-24T23:59:59", "2026-11-25T00:00:01", "10:00:00") == [
        "2026-11-24 23:59:59",
        "2026-11-25 00:00:01",
        "10:00:00",
    ]
