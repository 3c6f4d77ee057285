"""The answer as one page of HTML."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mqtrace.pages.rendering import page
from mqtrace.triage.answer import beneath, chart, headline, number, short
from mqtrace.triage.result import Incident, Triage

_ROWS = 1000
_WIDTH, _HEIGHT = 960, 150


class Column(Struct, frozen=True):
    """A bar of the chart: when it begins, how many incidents (or entries) it counts, and how many of them are new."""

    label: str
    count: int
    fresh: int
    x: float
    width: float
    y: float
    height: float
    fresh_height: float


class ColumnChart(Struct, frozen=True):
    """Attributes: what is counted, what a bar stands for ("2 hours"), the bars, and the most that one counts."""

    what: str
    step: str
    columns: tuple[Column, ...]
    most: int


def rendered_html(found: Triage, top: int = 0) -> str:
    """One self-contained page."""
    top = top or _ROWS
    more = len(found.rows) - top
    return page(
        "triage",
        title=headline(found),
        beneath=beneath(found),
        notes=found.notes,
        found=found,
        chart=_chart(found),
        cards=[_card(incident) for incident in found.incidents],
        rows=found.rows[:top],
        more=f"{number(more, 'more row')}: --top N shows more of them, --format csv all." if more > 0 else "",
        is_compared=any(each.is_new is not None for each in found.rows),
        broken=[each for each in found.inputs if each.error],
        inputs=found.inputs,
        short=short,
        number=number,
    )


def _chart(found: Triage) -> ColumnChart | None:
    """Incidents over time, those of new causes apart; where no incident tells its time, entries."""
    hours: dict[str, int] = {}
    fresh: dict[str, int] = {}
    for incident in found.incidents:
        for hour, count in incident.hours.items():
            hours[hour] = hours.get(hour, 0) + count
            fresh[hour] = fresh.get(hour, 0) + (count if incident.is_new else 0)
    hours = dict(sorted(hours.items()))
    return _columns("Incidents", hours, fresh) if len(hours) > 1 else _columns("Entries", found.hours, {})


def _columns(what: str, hours: Mapping[str, int], fresh: Mapping[str, int]) -> ColumnChart | None:
    step, bars = chart(hours)
    if not bars:
        return None
    # The same hours, so that the same bars come out.
    news = chart({hour: fresh.get(hour, 0) for hour in hours}).bars
    most = max(count for _, count in bars)
    wide = _WIDTH / len(bars)
    columns = [
        Column(
            label,
            count,
            new,
            place * wide + 1,
            wide - 2,
            _HEIGHT * (1 - count / most),
            _HEIGHT * count / most,
            _HEIGHT * new / most,
        )
        for place, ((label, count), (_, new)) in enumerate(zip(bars, news, strict=True))
    ]
    return ColumnChart(what, step, tuple(columns), most)


class Card(Struct, frozen=True):
    """An incident, and what it can be filtered by: names that stand in it, one a line."""

    incident: Incident
    times: str
    counts: str
    lists: tuple[tuple[str, str], ...]
    channels: str
    places: str


def _card(incident: Incident) -> Card:
    last = f" to {short(incident.last)}" if incident.last != incident.first else ""
    lists = (
        ("channel", incident.channels),
        ("from", incident.addresses),
        ("on", incident.queue_managers),
        ("messages", incident.messages),
    )
    return Card(
        incident,
        f"{short(incident.first)}{last}",
        f"{number(incident.count, 'incident')}, {number(incident.entries, 'entry', 'entries')}",
        tuple((word, _few(names)) for word, names in lists if names),
        "\n".join(incident.channels),
        "\n".join(incident.queue_managers),
    )


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
