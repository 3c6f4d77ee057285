"""The answer as one page of HTML that needs nothing but itself: no script, nothing loaded, every text of a log escaped."""

from collections.abc import Iterable, Iterator
from html import escape

from mqtrace.mark import COMMENT
from mqtrace.triage.answer import beneath, headline, number, short
from mqtrace.triage.chart import chart
from mqtrace.triage.result import Incident, Row, Triage

_ROWS = 1000
_STYLE = """
:root{color-scheme:light dark;--ink:#1c2128;--soft:#57606a;--line:#d0d7de;--back:#fff;--card:#f6f8fa;--bar:#2f6fb3;--new:#9a3412}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--line:#3d444d;--back:#0d1117;--card:#161b22;--bar:#5b9bd5;--new:#f0a070}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:75rem;padding:1.5rem 1rem 3rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back)}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .75rem}
p{margin:.25rem 0;color:var(--soft)}
article{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.75rem 1rem;margin:.6rem 0;overflow-wrap:anywhere}
article h3{font-size:1rem;margin:0 0 .25rem}
code{font:.875em ui-monospace,monospace}
.new{color:var(--new);font-weight:bold}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td{overflow-wrap:anywhere}
th{white-space:nowrap}
td.bar{vertical-align:middle}
table.chart td:not(.bar){width:1%}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.time{white-space:nowrap;font-variant-numeric:tabular-nums}
.bar{width:60%}
.bar div{background:var(--bar);height:1em;min-width:1px;border-radius:2px}
@media(max-width:40rem){
table.rows thead{display:none}
table.rows tr{display:grid;grid-template-columns:6.5rem 1fr;border-bottom:1px solid var(--line);padding:.5rem 0}
table.rows td{display:contents}
table.rows td.none{display:none}
table.rows td::before{content:attr(data-name);color:var(--soft)}
table.rows .number,table.rows .time{text-align:left}
.bar{width:35%}
}
@media print{article,tr{break-inside:avoid}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def rendered_html(found: Triage, top: int = 0) -> str:
    """One self-contained page."""
    title = escape(headline(found))
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>{title}</title><style>{_STYLE}</style>'
    )
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{escape(beneath(found))}</p>",
        *(f"<p>{escape(note)}</p>" for note in found.notes),
    ]
    parts += [*_incidents(found.incidents), *_chart(found), *_rows(found, top or _ROWS), *_inputs(found)]
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n'
        + "\n".join(parts)
        + f"\n{COMMENT}</body></html>\n"
    )


def _incidents(incidents: tuple[Incident, ...]) -> Iterator[str]:
    if incidents:
        yield "<h2>Incidents</h2>"
    for each in incidents:
        mark = '<span class="new">new</span> ' if each.is_new else ""
        name = f" <code>{escape(each.cause)}</code>" if each.cause else ""
        yield f"<article><h3>{mark}{escape(each.title)}{name}</h3>"
        times = escape(short(each.first)) + (f" to {escape(short(each.last))}" if each.last != each.first else "")
        yield f"<p>{number(each.count, 'incident')}, {number(each.entries, 'entry', 'entries')}; {times}</p>"
        yield f"<p><code>{escape(each.file)}:{each.line}</code></p>"
        lists = (
            ("channel", each.channels),
            ("from", each.addresses),
            ("on", each.queue_managers),
            ("messages", each.messages),
        )
        told = "; ".join(f"{word} {_list(names)}" for word, names in lists if names)
        yield (f"<p>{told}</p>" if told else "") + "</article>"


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f"<code>{escape(name)}</code>" for name in names[:5]) + (" …" if len(names) > 5 else "")


def _chart(found: Triage) -> Iterator[str]:
    step, bars = chart(found.hours)
    if not bars:
        return
    most = max(count for _, count in bars)
    yield f'<h2>Entries over time, {step} a bar</h2><table class="chart">'
    for label, count in bars:
        bar = f'<div style="width:{count * 100 / most:.1f}%"></div>' if count else ""
        yield f'<tr><td class="time">{label}</td><td class="number">{count:,}</td><td class="bar">{bar}</td></tr>'
    yield "</table>"


def _rows(found: Triage, top: int) -> Iterator[str]:
    if not found.rows:
        return
    names = (found.by, "count", "per hour", "first", "last", "bursts", "sample")
    yield f"<h2>Entries by {escape(found.by)}</h2>"
    yield f'<div class="wide"><table class="rows"><thead><tr>{"".join(map(_heading, names))}</tr></thead>'
    for row in found.rows[:top]:
        yield "<tr>" + "".join(_cells(names, row)) + "</tr>"
    yield "</table></div>"
    if len(found.rows) > top:
        yield f"<p>{number(len(found.rows) - top, 'more row')}: --top N shows more of them, --format csv all.</p>"


def _heading(name: str) -> str:
    return f'<th class="number">{name}</th>' if name in {"count", "per hour"} else f"<th>{escape(name)}</th>"


def _cells(names: Iterable[str], row: Row) -> Iterator[str]:
    mark = '<span class="new">new</span> ' if row.is_new else ""
    bursts = ", ".join(f"{short(hour)}h ({row.hours[hour]:,})" for hour in row.bursts)
    values = (
        ("", mark + (escape(f"{row.key}{row.severity}") if row.key else "(none)")),
        ("number", f"{row.count:,}"),
        ("number", "" if row.rate is None else f"{row.rate:,.1f}"),
        ("time", escape(short(row.first))),
        ("time", escape(short(row.last))),
        ("", escape(bursts)),
        ("", f"<code>{escape(row.file)}:{row.line}</code>"),
    )
    for name, (kind, value) in zip(names, values, strict=True):
        style = kind if value else "none"
        yield f'<td data-name="{escape(name)}"{f" class={style}" if style else ""}><span>{value}</span></td>'


def _inputs(found: Triage) -> Iterator[str]:
    """What could not be read: nothing is left out in silence."""
    broken = [each for each in found.inputs if each.error]
    if broken:
        yield "<h2>Not read</h2>"
    for each in broken:
        yield f"<p><code>{escape(each.source)}</code>: {escape(each.error or '')}</p>"
