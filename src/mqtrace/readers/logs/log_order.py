"""Decides ambiguous dates of a log by the order of its entries: a log is written front to back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from mqtrace.model import LogEntry

# How many entries wait at most for the next certain date.
PATIENCE = 2000
# Writers do not wait for each other, and a local clock goes back an hour in autumn.
_SLACK = timedelta(hours=2)


class Draft(NamedTuple):
    """An entry, and the local times that its date can mean where it alone does not tell."""

    entry: LogEntry
    candidates: tuple[datetime, ...]


def in_order(drafts: Iterator[Draft]) -> Iterator[LogEntry]:
    """The entries of `drafts`; `when` is filled in where only one meaning of a date lies between its certain neighbours."""
    before: datetime | None = None
    waiting: list[Draft] = []
    for draft in drafts:
        entry, candidates = draft
        when = entry.when
        if when is None and (waiting or candidates):
            waiting.append(draft)
            if len(waiting) < PATIENCE:
                continue
        if waiting:
            settled, before = _settled(waiting, before, when)
            yield from settled
            waiting.clear()
            if when is None:
                continue
        before = when or before
        yield entry
    yield from _settled(waiting, before, None)[0]


def _settled(
    waiting: list[Draft], before: datetime | None, after: datetime | None
) -> tuple[list[LogEntry], datetime | None]:
    """The waiting entries with what can be told of their dates, and the last date that is certain then."""
    times: list[datetime | None] = []
    bounds: list[datetime | None] = []
    for draft in waiting:
        bounds.append(before)
        times.append(_only(draft.candidates, before, after))
        before = times[-1] or before
    for index in range(len(waiting) - 1, -1, -1):
        times[index] = times[index] or _only(waiting[index].candidates, bounds[index], after)
        after = times[index] or after
    entries = [
        replace(draft.entry, when=when) if when else draft.entry for draft, when in zip(waiting, times, strict=True)
    ]
    return entries, before


def _only(candidates: tuple[datetime, ...], before: datetime | None, after: datetime | None) -> datetime | None:
    fitting = [
        each
        for each in candidates
        if (before is None or each >= before - _SLACK) and (after is None or each <= after + _SLACK)
    ]
    return fitting[0] if len(fitting) == 1 else None
