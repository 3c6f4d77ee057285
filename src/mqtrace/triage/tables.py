"""The answer as plain tables: names of columns and values, for CSV, Markdown and files."""

import csv
import io

from mqtrace.mark import COMMENT
from mqtrace.triage.answer import beneath, headline, number
from mqtrace.triage.result import Triage

_MARKDOWN_ROWS = 40
Value = str | int | float | bool | None
Table = tuple[tuple[str, ...], list[tuple[Value, ...]]]


def row_table(found: Triage, top: int = 0) -> Table:
    """The rows: the column counted by, count, first, last, rate_per_hour, bursts, new (with a baseline), file, line."""
    compared = any(row.is_new is not None for row in found.rows)
    names = (
        found.by,
        "count",
        "first",
        "last",
        "rate_per_hour",
        "bursts",
        *(("new",) if compared else ()),
        "file",
        "line",
    )
    rows = found.rows[:top] if top else found.rows
    return names, [
        (
            row.key,
            row.count,
            row.first,
            row.last,
            row.rate,
            " ".join(row.bursts),
            *((row.is_new,) if compared else ()),
            row.file,
            row.line,
        )
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
    """The sentence that answers, the incidents, and the rows as Markdown."""
    top = top or _MARKDOWN_ROWS
    left = len(found.rows) - top
    parts = [f"# {_cell(headline(found))}", "", _cell(beneath(found)), *_markdown("Incidents", incident_table(found))]
    parts += _markdown(f"Entries by {found.by}", row_table(found, top))
    parts += ["", f"{number(left, 'more row')}: --top N shows more of them, --format csv all."] if left > 0 else []
    return "\n".join([*parts, *(part for note in found.notes for part in ("", _cell(note)))]) + "\n" + COMMENT


def _markdown(title: str, table: Table) -> list[str]:
    names, rows = table
    if not rows:
        return []
    lines = ["", f"## {title}", "", "| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return lines + ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]


def _cell(value: Value) -> str:
    text = "" if value is None else str(value)
    for mark in "\\`*_|<>[]":
        text = text.replace(mark, "\\" + mark if mark not in "<>" else {"<": "&lt;", ">": "&gt;"}[mark])
    return text
