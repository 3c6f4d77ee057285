"""The answer in one sentence, and what every form says under it."""

from mqtrace.triage.result import Incident, Triage


def headline(found: Triage) -> str:
    """The most frequent of the causes that are proved, else the one that is proved best; or that there is none."""
    if not found.entries:
        return "No entry of a log was found."
    if not found.incidents:
        return "No entry tells of a failure."
    first = found.incidents[0]
    if not first.cause:
        return "No entry names a cause."
    lead = f"{len(_causes(found)):,} causes, most often: " if _is_choice(found) else ""
    return f"{lead}{first.title.rstrip('.')} ({first.cause})."


def _causes(found: Triage) -> list[Incident]:
    return [each for each in found.incidents if each.cause]


def _is_choice(found: Triage) -> bool:
    """Whether several causes are proved, so that the headline is only the most frequent."""
    return sum(each.is_proved for each in found.incidents) > 1


def beneath(found: Triage) -> str:
    """How often the headline's cause was met, and what was read."""
    parts = []
    if found.incidents and found.incidents[0].cause:
        first = found.incidents[0]
        others = len(_causes(found)) - 1
        rest = "" if _is_choice(found) else f"; {number(others, 'other cause') if others else 'no other cause'}"
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
    told = {moment.endswith("Z") for row in found.rows for moment in (row.first, row.last) if moment}
    if not told:
        return []
    if told == {True}:
        return ["Times are UTC."]
    return (
        ["Times are local, as the logs write them."]
        if told == {False}
        else ["Times are UTC where an entry tells it, else local."]
    )


def short(moment: str) -> str:
    """A moment without fractions and zone."""
    return moment[:19].replace("T", " ")


def number(count: int, one: str, many: str = "") -> str:
    """A count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
