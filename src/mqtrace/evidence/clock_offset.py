"""How far the clock of a queue manager's log is ahead of that of a trace, told by the failures that are in both."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from mqtrace.evidence.same_connection import CLOCKS, Logged, Traced, is_same_host, moments
from mqtrace.model import ClockOffset
from mqtrace.model.text import Named, Text, text

# An offset is believed when so many connections agree on it this closely.
AGREEING = 3
CLOSELY = timedelta(seconds=1)
# Time zones and forgotten clocks; what is farther apart is another day's failure.
_FARTHEST = timedelta(hours=27)
# Connections of one clock that are compared with every event of their channel: more make an offset no surer, and cost
# their product.
_COMPARED = 50


def sentence(offset: ClockOffset) -> Text:
    """An offset as one sentence for the report."""
    seconds = round(offset.ahead.total_seconds())
    log, clock = Named("source", offset.log), Named("host", offset.clock)
    if not seconds:
        template = "The clocks of {log} and {clock} agree, by {agreeing} failures that are in both."
        return text(template, log=log, clock=clock, agreeing=offset.agreeing)
    hours, minutes, rest = abs(seconds) // 3600, abs(seconds) // 60 % 60, abs(seconds) % 60
    parts = [f"{number} {unit}" for number, unit in ((hours, "h"), (minutes, "min"), (rest, "s")) if number]
    return text(
        "The clock of {log} is {ahead} {side} that of {clock}, as {agreeing} failures that are in both show, and was "
        "allowed for.",
        log=log,
        ahead=" ".join(parts),
        side="ahead of" if seconds > 0 else "behind",
        clock=clock,
        agreeing=offset.agreeing,
    )


Offsets = dict[tuple[str, str], ClockOffset]


class _Difference(NamedTuple):
    """How far a log's clock is ahead, should this event be this connection's."""

    ahead: timedelta
    traced: int
    event: int


def offsets_of(traced: Sequence[Traced], logged: Sequence[Logged]) -> Offsets:
    """The offset for each log of a queue manager and each clock of traces, where enough agrees on one.

    The median of the differences between failing connections and events of the same channel and the same other end,
    when at least three connections and as many events agree within a second. Events that name the host of the traces go
    before others.
    """
    by_clock: dict[str, list[Traced]] = defaultdict(list)
    for each in traced:
        if each.channel and len(by_clock[each.clock]) < _COMPARED:
            by_clock[each.clock].append(each)
    groups: dict[tuple[str, str, str], list[_Difference]] = defaultdict(list)
    for event in logged:
        if event.connection.channel and not event.is_clients:
            for clock, same in by_clock.items():
                groups[event.connection.source, clock, event.host] += _differences(event, same)
    found: dict[tuple[str, str], dict[bool, list[ClockOffset]]] = defaultdict(lambda: {True: [], False: []})
    for (log, clock, host), differences in groups.items():
        found[log, clock][is_same_host(host, clock)] += [
            ClockOffset(log, clock, ahead, agreeing) for agreeing, ahead in _agreed(differences)
        ]
    return {key: best for key, of in found.items() if (best := _best(of[True] or of[False])) is not None}


def _differences(event: Logged, traced: Sequence[Traced]) -> Iterator[_Difference]:
    for each in traced:
        found = moments(each, event) if each.channel == event.connection.channel else None
        if found is not None:
            (begin, end), when = found
            if abs(when - end) <= _FARTHEST:
                yield _Difference(timedelta() if begin <= when <= end else when - end, each.number, event.number)


def _agreed(differences: list[_Difference]) -> Iterator[tuple[int, timedelta]]:
    """How many agree, and the median of what they agree on, for each place where as many do as nowhere before."""
    differences.sort()
    traced: Counter[int] = Counter()
    events: Counter[int] = Counter()
    first, most = 0, AGREEING
    for last, difference in enumerate(differences):
        traced[difference.traced] += 1
        events[difference.event] += 1
        while difference.ahead - differences[first].ahead > CLOSELY:
            for seen, number in ((traced, differences[first].traced), (events, differences[first].event)):
                seen[number] -= 1
                if not seen[number]:
                    del seen[number]
            first += 1
        agreeing = min(len(traced), len(events))
        if agreeing >= most:
            most = agreeing
            yield agreeing, differences[(first + last) // 2].ahead


def _best(candidates: Sequence[ClockOffset]) -> ClockOffset | None:
    """The offset on which most agree, the smallest of several.

    Failures at even intervals, as of a program that tries again and again, agree on several offsets equally well: none
    is believed then but one that clocks have that are kept.
    """
    highest = max((each.agreeing for each in candidates), default=0)
    most = [each for each in candidates if each.agreeing == highest]
    best = min(most, key=lambda each: abs(each.ahead), default=None)
    if best is None or abs(best.ahead) <= CLOCKS or all(abs(each.ahead - best.ahead) <= CLOSELY for each in most):
        return best
    return None
