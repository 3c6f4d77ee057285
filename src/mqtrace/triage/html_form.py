"""The answer as one page of HTML."""

from collections.abc import Iterator

from mqtrace.mark import COMMENT
from mqtrace.pages.html import Html, element, shell, table
from mqtrace.triage.answer import beneath, chart, headline, number, short
from mqtrace.triage.result import Incident, KeyCount, Triage

_ROWS = 1000


def rendered_html(found: Triage, top: int = 0) -> str:
    """One self-contained page."""
    title = headline(found)
    return shell(title, (element("h1", title), *_body(found, top or _ROWS), Html(COMMENT)))


def _body(found: Triage, top: int) -> Iterator[Html]:
    for sentence in (beneath(found), *found.notes):
        yield element("p", sentence)
    if found.incidents:
        yield element("h2", "Incidents")
        yield from map(_incident, found.incidents)
    yield from _chart(found)
    yield from _rows(found, top)
    broken = [source for source in found.inputs if source.error]
    if broken:
        # Nothing is left out in silence.
        yield element("h2", "Not read")
    for source in broken:
        yield element("p", element("code", source.source), f": {source.error}")


def _mark(*, is_new: bool | None) -> tuple[str, ...]:
    return (element("span", "new", class_="new"), " ") if is_new else ()


def _incident(incident: Incident) -> Html:
    name = (" ", element("code", incident.cause)) if incident.cause else ()
    times = short(incident.first) + (f" to {short(incident.last)}" if incident.last != incident.first else "")
    counts = f"{number(incident.count, 'incident')}, {number(incident.entries, 'entry', 'entries')}; {times}"
    lists = (
        ("channel", incident.channels),
        ("from", incident.addresses),
        ("on", incident.queue_managers),
        ("messages", incident.messages),
    )
    told = Html("; ".join(f"{word} {_list(names)}" for word, names in lists if names))
    return element(
        "article",
        element("h3", *_mark(is_new=incident.is_new), incident.title, *name),
        element("p", counts),
        element("p", element("code", f"{incident.file}:{incident.line}")),
        *([element("p", told)] if told else []),
    )


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(element("code", name) for name in names[:5]) + (" …" if len(names) > 5 else "")


def _chart(found: Triage) -> Iterator[Html]:
    step, bars = chart(found.hours)
    if not bars:
        return
    most = max(count for _, count in bars)
    yield element("h2", f"Entries over time, {step} a bar")
    yield element("table", *(_bar(label, count, most) for label, count in bars), class_="chart")


def _bar(label: str, count: int, most: int) -> Html:
    bar = element("div", style=f"width:{count * 100 / most:.1f}%") if count else ""
    cells = ((label, "time"), (f"{count:,}", "number"), (bar, "bar"))
    return element("tr", *(element("td", value, class_=kind) for value, kind in cells))


def _rows(found: Triage, top: int) -> Iterator[Html]:
    if not found.rows:
        return
    numbers, times = (("count", "number"), ("per hour", "number")), (("first", "time"), ("last", "time"))
    yield element("h2", f"Entries by {found.by}")
    yield table(((found.by, ""), *numbers, *times, ("bursts", ""), ("sample", "")), map(_cells, found.rows[:top]))
    if len(found.rows) > top:
        yield element(
            "p", f"{number(len(found.rows) - top, 'more row')}: --top N shows more of them, --format csv all."
        )


def _cells(row: KeyCount) -> tuple[str, ...]:
    return (
        element("span", *_mark(is_new=row.is_new), row.name) if row.is_new else row.name,
        f"{row.count:,}",
        "" if row.rate is None else f"{row.rate:,.1f}",
        short(row.first),
        short(row.last),
        ", ".join(f"{short(hour)}h ({row.hours[hour]:,})" for hour in row.bursts),
        element("code", f"{row.file}:{row.line}"),
    )
