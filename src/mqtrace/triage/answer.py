"""What every form says: the answer in one sentence, what is under it, and the entries over time in at most 24 bars."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from mqtrace.triage.result import Incident, Triage

_BARS = 24
_STEPS = (1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160, 8760)


def headline(found: Triage) -> str:
    """The newest of the causes that are proved, else the one that is proved best; or that there is none."""
    if not found.entries:
        return "No entry of a log was found."
    if not found.incidents:
        return "No entry tells of a failure."
    first = found.incidents[0]
    if not first.cause:
        return "No entry names a cause."
    lead = f"{len(_causes(found)):,} causes, the newest: " if _is_choice(found) else ""
    return f"{lead}{first.title.rstrip('.')} ({first.cause})."


def meaning_of(by: str, key: str) -> str:
    """What a message or a reason code means, "" where the catalogue does not have it."""
    if by == "reason" and key.isdecimal():
        from mqtrace.catalog.reasons import reason

        known = reason(int(key))
        return known.title if known else ""
    if by != "message":
        return ""
    from mqtrace.catalog.messages import message

    info = message(key)
    return info.title if info else ""


def _causes(found: Triage) -> list[Incident]:
    return [each for each in found.incidents if each.cause]


def _is_choice(found: Triage) -> bool:
    """Whether several causes are proved, so that the headline is only the newest."""
    return sum(each.is_proved for each in found.incidents) > 1


def beneath(found: Triage) -> str:
    """How often the headline's cause was met, and what was read."""
    parts = []
    if found.incidents and found.incidents[0].cause:
        first = found.incidents[0]
        others = len(_causes(found)) - 1
        rest = f"; {number(others, 'other cause')}" if others else "; no other cause"
        if _is_choice(found):
            rest = ""
        parts.append(f"{number(first.count, 'incident')}{_since(first)}{rest}.")
    logs = sum(1 for each in found.inputs if each.records)
    parts.append(
        f"{number(found.entries + found.not_in_rows, 'entry', 'entries')} of {number(logs, 'log')}{span(found)}."
    )
    return " ".join([*parts, *zone(found), *_new(found)])


def _new(found: Triage) -> list[str]:
    """A sentence on what the baseline does not have."""
    if not any(row.is_new is not None for row in found.rows):
        return []
    rows, causes = sum(bool(row.is_new) for row in found.rows), sum(bool(each.is_new) for each in found.incidents)
    return [f"New since the baseline: {number(rows, 'row')}, {number(causes, 'cause')}."]


def _since(incident: Incident) -> str:
    if not incident.first:
        return ""
    return f" at {short(incident.first)}" if incident.count == 1 else f" since {short(incident.first)}"


def span(found: Triage) -> str:
    """From when to when, in words."""
    first = min((row.first for row in found.rows if row.first), default="")
    last = max((row.last for row in found.rows), default="")
    return f", {short(first)} to {short(last)}" if first else ""


def zone(found: Triage) -> list[str]:
    """A sentence on what the times mean."""
    ends = {moment[-1:] for row in found.rows for moment in (row.first, row.last)} - {""}
    if not ends:
        return []
    if ends == {"Z"}:
        return ["Times are UTC."]
    if "Z" in ends:
        return ["Times are UTC where an entry tells it, else local."]
    return ["Times are local, as the logs write them."]


def short(moment: str) -> str:
    """A moment without fractions and zone."""
    return moment[:19].replace("T", " ")


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


class Chart(NamedTuple):
    """Attributes: `step` ("2 hours") that a bar stands for; `bars`: when each begins ("2026-03-17 07h"), and its
    entries.
    """

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
    for step in _STEPS:
        if hours // step < _BARS:
            return timedelta(hours=step)
    return timedelta(hours=hours // _BARS + 1)


def _named(step: timedelta) -> str:
    hours = int(step.total_seconds() // 3600)
    return number(hours, "hour") if hours < 48 else f"{hours // 24} days"
