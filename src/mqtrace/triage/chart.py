"""Entries over time, in at most 24 bars."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

_BARS = 24


class Chart(NamedTuple):
    """Attributes: `step` ("2 hours") that a bar stands for; `bars`: when each begins ("2026-03-17 07h"), and its entries."""

    step: str
    bars: tuple[tuple[str, int], ...]


def chart(hours: Mapping[str, int]) -> Chart:
    """The bars of hours ("2026-03-17T07") with their entries; none of them where there are fewer than two."""
    if len(hours) < 2:
        return Chart("", ())
    begins = [datetime.fromisoformat(f"{hour}:00:00") for hour in hours]
    first, last = min(begins), max(begins)
    step = _step(last - first)
    counts = [0] * ((last - first) // step + 1)
    for begin, count in zip(begins, hours.values(), strict=True):
        counts[(begin - first) // step] += count
    return Chart(
        _named(step), tuple((f"{first + step * index:%Y-%m-%d %H}h", count) for index, count in enumerate(counts))
    )


def _step(span: timedelta) -> timedelta:
    hours = int(span.total_seconds() // 3600)
    for step in (1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160, 8760):
        if hours // step < _BARS:
            return timedelta(hours=step)
    return timedelta(hours=hours // _BARS + 1)


def _named(step: timedelta) -> str:
    hours = int(step.total_seconds() // 3600)
    days = hours // 24
    return f"{hours} hour{'s' if hours > 1 else ''}" if hours < 48 else f"{days} days"
