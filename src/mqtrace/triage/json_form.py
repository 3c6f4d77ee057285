"""The answer as the JSON of the contract."""

import json
from typing import Any

from mqtrace.triage.result import Incident, Row, Triage


def as_dict(found: Triage, top: int = 0) -> dict[str, Any]:
    """The object of the contract; `top` rows of it, 0 for all."""
    return {
        "schema": "mqtrace-triage/1",
        "by": found.by,
        "entries": found.entries,
        "not_in_rows": found.not_in_rows,
        "rows": [_row(found.by, row) for row in (found.rows[:top] if top else found.rows)],
        "incidents": [_incident(each) for each in found.incidents],
        "hours": dict(found.hours),
        "inputs": [
            {
                "file": each.source,
                "kind": each.kind,
                "bytes": each.size,
                "lines": each.lines,
                "records": each.records,
                "unparsed_lines": each.unparsed_lines,
                "error": each.error,
            }
            for each in found.inputs
        ],
        "notes": list(found.notes),
    }


def rendered_json(found: Triage, top: int = 0) -> str:
    """The object as text."""
    return json.dumps(as_dict(found, top), indent=2, ensure_ascii=False) + "\n"


def _row(by: str, row: Row) -> dict[str, Any]:
    known = {} if row.is_new is None else {"new": row.is_new}
    severity = {"severity": row.severity} if by == "message" else {}
    return {
        by: row.key,
        "count": row.count,
        "first": row.first,
        "last": row.last,
        "rate_per_hour": row.rate,
        **severity,
        "bursts": [{"hour": hour, "count": row.hours[hour]} for hour in row.bursts],
        **known,
        "sample": {"file": row.file, "line": row.line},
    }


def _incident(incident: Incident) -> dict[str, Any]:
    known = {} if incident.is_new is None else {"new": incident.is_new}
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
        **known,
        "sample": {"file": incident.file, "line": incident.line},
    }
