"""The answer as data: plain tables for CSV, Markdown and files, and the object of JSON."""

import csv
import io
from typing import Any

from mqtrace.mark import COMMENT, json_text
from mqtrace.pages.markdown import cell, inert
from mqtrace.triage.answer import beneath, headline, number
from mqtrace.triage.incidents import IncidentEvent
from mqtrace.triage.result import Incident, KeyCount, Triage

_MARKDOWN_ROWS = 40
Value = str | int | float | bool | None
Table = tuple[tuple[str, ...], list[tuple[Value, ...]]]


def row_table(found: Triage, top: int = 0) -> Table:
    """The rows: the column counted by, count, first, last, rate_per_hour, bursts, new (with a baseline), file, line."""
    is_compared = any(row.is_new is not None for row in found.rows)
    new = ("new",) if is_compared else ()
    names = (found.by, "count", "first", "last", "rate_per_hour", "bursts", *new, "file", "line")
    return names, [_row(row, is_compared) for row in found.rows[: top or None]]


def _row(row: KeyCount, is_compared: bool) -> tuple[Value, ...]:
    new = (row.is_new,) if is_compared else ()
    return (row.key, row.count, row.first, row.last, row.rate, " ".join(row.bursts), *new, row.file, row.line)


def incident_table(found: Triage) -> Table:
    """The incidents: cause, count, entries, first, last, title, messages, channels, file, line."""
    names = ("cause", "count", "entries", "first", "last", "title", "messages", "channels", "file", "line")
    return names, [_incident(incident) for incident in found.incidents]


def _incident(incident: Incident) -> tuple[Value, ...]:
    counts = (incident.cause, incident.count, incident.entries, incident.first, incident.last)
    messages, channels = "; ".join(incident.messages[:3]), ", ".join(incident.channels[:5])
    return (*counts, incident.title, messages, channels, incident.file, incident.line)


def rendered_csv(found: Triage, top: int = 0) -> str:
    """The rows as CSV (RFC 4180)."""
    names, rows = row_table(found, top)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(names)
    writer.writerows(map(harmless, row) for row in rows)
    return target.getvalue()


def harmless(value: Value) -> Value:
    """A text that a spreadsheet would take for a formula gets a quote before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@")) else value


def rendered_markdown(found: Triage, top: int = 0) -> str:
    """The sentence that answers, the incidents, and the rows as Markdown."""
    top = top or _MARKDOWN_ROWS
    left = len(found.rows) - top
    lines = [f"# {inert(headline(found))}", "", inert(beneath(found)), *_markdown("Incidents", incident_table(found))]
    lines += _markdown(f"Entries by {found.by}", row_table(found, top))
    lines += ["", f"{number(left, 'more row')}: --top N shows more of them, --format csv all."] if left > 0 else []
    for note in found.notes:
        lines += ["", inert(note)]
    return "\n".join(lines) + "\n" + COMMENT


def _markdown(title: str, table: Table) -> list[str]:
    names, rows = table
    if not rows:
        return []
    lines = ["", f"## {title}", "", "| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    return lines + ["| " + " | ".join(map(_cell, row)) + " |" for row in rows]


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return cell(value)
    return "" if value is None else str(value)


def rendered_json(found: Triage, top: int = 0) -> str:
    """The object as text."""
    return json_text(as_dict(found, top))


def as_dict(found: Triage, top: int = 0) -> dict[str, Any]:
    """The object of the contract; `top` rows of it, 0 for all."""
    return {
        "schema": "mqtrace-triage/1",
        "by": found.by,
        "entries": found.entries,
        "not_in_rows": found.not_in_rows,
        "rows": [_row_object(found.by, row) for row in found.rows[: top or None]],
        "incidents": [_incident_object(incident) for incident in found.incidents],
        "hours": dict(found.hours),
        "inputs": [
            {
                "file": source.source,
                "kind": source.kind,
                "bytes": source.size,
                "lines": source.lines,
                "records": source.records,
                "unparsed_lines": source.unparsed_lines,
                "error": source.error,
                "unread": [
                    {"from": part.begin, "to": part.end, "first": part.first, "last": part.last}
                    for part in source.unread
                ],
            }
            for source in found.inputs
        ],
        "notes": list(found.notes),
    }


def _row_object(by: str, row: KeyCount) -> dict[str, Any]:
    severity = {"severity": row.severity} if by == "message" else {}
    return {
        by: row.key,
        "count": row.count,
        "first": row.first,
        "last": row.last,
        "rate_per_hour": row.rate,
        **severity,
        "bursts": [{"hour": hour, "count": row.hours[hour]} for hour in row.bursts],
        **_new(row),
        "sample": {"file": row.file, "line": row.line},
    }


def _incident_object(incident: Incident) -> dict[str, Any]:
    return {
        "cause": {"id": incident.cause, "title": incident.title},
        "count": incident.count,
        "entries": incident.entries,
        "first": incident.first,
        "last": incident.last,
        "messages": list(incident.messages),
        "channels": list(incident.channels),
        "addresses": list(incident.addresses),
        "queue_managers": list(incident.queue_managers),
        **_new(incident),
        "hours": dict(incident.hours),
        "events": [_event_object(each) for each in incident.events],
        "sample": {"file": incident.file, "line": incident.line},
    }


def _event_object(event: IncidentEvent) -> dict[str, Any]:
    return {
        "time": event.when,
        "queue_manager": event.place,
        "channel": event.channel,
        "address": event.address,
        "file": event.file,
        "entries": [{"message": message, "line": line} for message, line in event.entries],
    }


def _new(counted: KeyCount | Incident) -> dict[str, bool]:
    return {} if counted.is_new is None else {"new": counted.is_new}
