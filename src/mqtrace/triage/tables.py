"""The answer as plain tables: names of columns and values, for the forms that are tables."""

import csv
import html
import io

from mqtrace.triage.result import Triage

Value = str | int | float | bool | None
Table = tuple[tuple[str, ...], list[tuple[Value, ...]]]


def row_table(found: Triage, top: int = 0) -> Table:
    """The rows: the column counted by, count, first, last, rate_per_hour, bursts, new (with a baseline), file, line."""
    compared = any(row.is_new is not None for row in found.rows)
    names = (found.by, "count", "first", "last", "rate_per_hour", "bursts", *(("new",) if compared else ()), "file", "line")
    rows = found.rows[:top] if top else found.rows
    return names, [
        (row.key, row.count, row.first, row.last, row.rate, " ".join(row.bursts), *((row.is_new,) if compared else ()), row.file, row.line)
        for row in rows
    ]


def incident_table(found: Triage) -> Table:
    """The incidents: cause, count, entries, first, last, title, messages, channels, file, line."""
    names = ("cause", "count", "entries", "first", "last", "title", "messages", "channels", "file", "line")
    rows: list[tuple[Value, ...]] = []
    for each in found.incidents:
        times = (each.first, each.last)
        rows.append(
            (
                each.cause,
                each.count,
                each.entries,
                *times,
                each.title,
                "; ".join(each.messages[:3]),
                ", ".join(each.channels[:5]),
                each.file,
                each.line,
            )
        )
    return names, rows


def rendered_csv(found: Triage, top: int = 0) -> str:
    """The rows as CSV (RFC 4180). A text that a spreadsheet would take for a formula gets a quote before it."""
    names, rows = row_table(found, top)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(names)
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return target.getvalue()


def _harmless(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def rendered_markdown(found: Triage, top: int = 0) -> str:
    """Incidents and rows as Markdown tables."""
    parts = [f"# {found.entries:,} entries by {found.by}", *_markdown("Incidents", incident_table(found))]
    return "\n".join([*parts, *_markdown("Rows", row_table(found, top))]) + "\n"


def _markdown(title: str, table: Table) -> list[str]:
    names, rows = table
    lines = ["", f"## {title}", "", "| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return lines + ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]


def _cell(value: Value) -> str:
    text = "" if value is None else str(value)
    for mark in "\\`*_|<>[]":
        text = text.replace(mark, "\\" + mark if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark])
    return text


def rendered_html(found: Triage, top: int = 0) -> str:
    """One self-contained page."""
    style = "body{font:14px sans-serif}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:2px 8px;text-align:left}"
    title = html.escape(f"{found.entries:,} entries by {found.by}")
    body = _html("Incidents", incident_table(found)) + _html("Rows", row_table(found, top))
    head = f'<meta charset="utf-8"><title>{title}</title><style>{style}</style>'
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body><h1>{title}</h1>{body}</body></html>\n'


def _html(title: str, table: Table) -> str:
    names, rows = table
    head = "".join(f"<th>{html.escape(name)}</th>" for name in names)
    lines = "".join(
        "<tr>" + "".join(f"<td>{html.escape('' if value is None else str(value))}</td>" for value in row) + "</tr>\n" for row in rows
    )
    return f"<h2>{title}</h2>\n<table><tr>{head}</tr>\n{lines}</table>\n"
