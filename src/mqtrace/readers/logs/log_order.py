"""Decides ambiguous dates of a log by the order of its entries: a log is written front to back."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar

from mqtrace.model import LogEntry
from mqtrace.readers.logs.scanned import EITHER, Kinds, ReadEntry, Scanned

# How many entries wait at most for the next certain date.
PATIENCE = 2000
# Writers do not wait for each other, and a local clock goes back an hour in autumn.
_SLACK = timedelta(hours=2)
_NONE = timedelta()
_FAR_CLOSER = 3
Entry = TypeVar("Entry", bound=Scanned)


class Draft(NamedTuple):
    """An entry, and the local times that its date can mean where it alone does not tell."""

    entry: LogEntry
    candidates: tuple[datetime, ...]


def in_order(drafts: Iterable[Draft]) -> Iterator[LogEntry]:
    """The entries of `drafts`.

    `when` is filled in where only one meaning of a date lies between its certain neighbours.
    """
    kinds = Kinds()
    return (entry.full() for entry in settled(ReadEntry(draft.entry, kinds, draft.candidates) for draft in drafts))


def settled(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The same entries, in order, each with the day it means where only one lies between its certain neighbours."""
    before: Entry | None = None
    waiting: list[Entry] = []
    for entry in entries:
        day = entry.moment[0]
        if EITHER not in day and not waiting:
            before = entry if day else before
            yield entry
            continue
        waiting.append(entry)
        is_certain = day != "" and EITHER not in day
        if is_certain or len(waiting) == PATIENCE:
            _settle(waiting, before.when if before else None)
            before = next((known for known in reversed(waiting) if known.when), before)
            yield from waiting
            waiting.clear()
    _settle(waiting, before.when if before else None)
    yield from waiting


def _settle(waiting: Sequence[Scanned], before: datetime | None) -> None:
    """Settles what can be told of the waiting entries: the first comes after `before`, the last one may be certain."""
    bounds: list[datetime | None] = []
    after = waiting[-1].when if waiting else None
    for entry in waiting:
        bounds.append(before)
        _choose(entry, before, after)
        before = entry.when or before
    for entry, bound in zip(reversed(waiting), reversed(bounds), strict=True):
        _choose(entry, bound, after)
        after = entry.when or after
    _settle_by_span(waiting)


def _settle_by_span(entries: Sequence[Scanned]) -> None:
    """Settles what is left: a log is of few days, so that one way to read its dates is believed whose days follow each
    other far closer than those of the other."""
    days = [entry.candidates() for entry in entries]
    days = [each for each, after in pairwise([*days, []]) if each and each != after]
    if len(days) < 2 or all(len(each) < 2 for each in days):
        return
    spans = [sum((abs(two[at % len(two)] - one[at % len(one)]) for one, two in pairwise(days)), _NONE) for at in (0, 1)]
    closest = spans.index(min(spans))
    if spans[closest] * _FAR_CLOSER <= spans[1 - closest]:
        for entry in entries:
            if EITHER in entry.moment[0]:
                entry.settle(entry.candidates()[closest])


def _choose(entry: Scanned, before: datetime | None, after: datetime | None) -> None:
    if EITHER not in entry.moment[0]:
        return
    earliest = before - _SLACK if before else datetime.min
    latest = after + _SLACK if after else datetime.max
    fitting = [when for when in entry.candidates() if earliest <= when <= latest]
    if len(fitting) == 1:
        entry.settle(fitting[0])
