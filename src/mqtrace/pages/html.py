"""One page of HTML that needs nothing but itself: no script, nothing loaded, every text escaped by one function."""

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
:root{
color-scheme:light dark;
--ink:#1c2128;--soft:#57606a;--line:#d0d7de;--back:#fff;--card:#f6f8fa;--bar:#2f6fb3;--new:#9a3412
}
@media(prefers-color-scheme:dark){
:root{--ink:#e6edf3;--soft:#9da7b3;--line:#3d444d;--back:#0d1117;--card:#161b22;--bar:#5b9bd5;--new:#f0a070}
}
*{box-sizing:border-box}
body{margin:0 auto;max-width:75rem;padding:1.5rem 1rem 3rem;color:var(--ink);background:var(--back)}
body{font:1rem/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .75rem}
p{margin:.25rem 0;color:var(--soft)}
article{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.75rem 1rem;margin:.6rem 0}
article{overflow-wrap:anywhere}
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


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(text: str) -> Html:
    """`text` as HTML that shows it; what is HTML already stays."""
    return text if isinstance(text, Html) else Html(escape(text))


def element(tag: str, *content: str, **attributes: str) -> Html:
    """An element with what it holds, in order.

    Attributes are named as in Python (`class_`, `data_name`); empty ones are left out.
    """
    names = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value)
    words = "".join(f' {name}="{escape(value)}"' for name, value in names)
    return Html(f"<{tag}{words}>{''.join(map(escaped, content))}</{tag}>")


def table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> Html:
    """A table that becomes a list of cards on a narrow screen.

    Args:
        columns: name and class ("", "number" or "time") of each.
        rows: the cells of each row, one a column.
    """
    heads = (element("th", name, class_="number" if kind == "number" else "") for name, kind in columns)
    lines = (
        element("tr", *(_cell(name, kind, value) for (name, kind), value in zip(columns, row, strict=True)))
        for row in rows
    )
    return element(
        "div", element("table", element("thead", element("tr", *heads)), *lines, class_="rows"), class_="wide"
    )


def _cell(name: str, kind: str, value: str) -> Html:
    return element("td", element("span", value), data_name=name, class_=kind if value else "none")


def shell(title: str, body: Iterable[str]) -> str:
    """The page: light or dark as the reader has it, fit for print, its policy forbids to load or run anything."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"{element('title', title)}<style>{_STYLE}</style>"
    )
    text = "\n".join(map(escaped, body))
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n{text}\n</body></html>\n'
