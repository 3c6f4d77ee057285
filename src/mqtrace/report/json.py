"""The report as JSON of the schema `mqtrace-report/1` (docs/report-schema.json)."""

import json
from collections.abc import Iterable
from typing import Any

from mqtrace.model import (
    Attempt,
    Cause,
    ClockOffset,
    Connection,
    Evidence,
    Finding,
    InputRead,
    Outcome,
    Report,
    Setting,
    Structure,
)
from mqtrace.report.fitting import fitted, fitting_steps
from mqtrace.report.safe import clean, clean_value, sentence
from mqtrace.report.tls_json import tls_as_dict

SCHEMA = "mqtrace-report/1"
Json = dict[str, Any]


def to_json(report: Report) -> str:
    """The report as indented JSON, ended by a newline. Every character but the newlines is printable: what is not is
    written as text.
    """
    return json.dumps(report_as_dict(report), ensure_ascii=False, indent=2) + "\n"


def report_as_dict(report: Report) -> Json:
    """The report under the names of the contract; texts of inputs are without secrets, and safe for a terminal."""
    return {
        "schema": SCHEMA,
        "connections": [_connection(outcome) for outcome in report.outcomes],
        "findings": [_finding(finding) for finding in report.findings],
        "inputs": [_input(each) for each in report.inputs],
        "gaps": [
            {"question": sentence(gap.question), "how_to_find_out": sentence(gap.how_to_find_out)}
            for gap in report.gaps
        ],
        "notes": [sentence(note) for note in report.notes],
        "clock_offsets": [_clock_offset(each) for each in report.clock_offsets],
    }


def _connection(outcome: Outcome) -> Json:
    connection = outcome.connection
    told: Json = {
        **_who(connection),
        **_result(connection),
        "phase": connection.phase,
        "cause": _fitted_cause(outcome),
        "chain": [_consequence(finding) for finding in outcome.chain],
        "settings": [_setting(setting) for setting in outcome.settings],
        "attempts": [_attempt(outcome, number, attempt) for number, attempt in enumerate(connection.attempts)],
        "structures": [_structure(structure) for structure in connection.structures],
    }
    if outcome.tls and (tls := tls_as_dict(outcome.tls)):
        told["tls"] = _cleaned("tls", tls)
    return told


def _who(connection: Connection) -> Json:
    texts = ("program", "user", "host", "level", "platform", "start", "end", "queue_manager", "channel", "address")
    return {
        "client": connection.client,
        "file": clean(connection.source),
        "process": connection.process,
        "thread": clean(connection.thread),
        **{name: clean(getattr(connection, name)) for name in texts},
        "utc_offset": connection.utc_offset,
        "count": connection.count,
    }


def _result(connection: Connection) -> Json:
    from mqtrace.catalog.reasons import reason_name

    code = connection.reason_code
    return {
        "completion_code": connection.completion_code,
        "reason_code": code,
        "reason_name": None if code is None else reason_name(code) or None,
    }


def _fitted_cause(outcome: Outcome) -> Json | None:
    """The cause of a connection, with the connection's own values in its steps."""
    if (told := _cause(outcome.cause)) is None:
        return None
    told["fix"] = list(fitting_steps(told["fix"], outcome))
    for alternative in told["alternatives"]:
        alternative["how_to_tell"] = fitted(alternative["how_to_tell"], outcome)
    return told


def _cause(cause: Cause | None) -> Json | None:
    if cause is None:
        return None
    return {
        "id": clean(cause.id),
        "title": sentence(cause.title),
        "explanation": sentence(cause.explanation),
        "fix": [sentence(step) for step in cause.fix],
        "confidence": cause.confidence,
        "alternatives": [
            {"id": clean(each.id), "how_to_tell": sentence(each.how_to_tell)} for each in cause.alternatives
        ],
        "evidence": _evidence(cause.evidence),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Json]:
    return [
        {"file": clean(each.location.source), "line": each.location.line, "text": clean(each.text)} for each in evidence
    ]


def _consequence(finding: Finding) -> Json:
    return {"id": clean(finding.id), "text": sentence(finding.text), "evidence": _evidence(finding.evidence)}


def _setting(setting: Setting) -> Json:
    return {
        "name": clean(setting.name),
        "value": clean_value(setting.name, setting.value),
        "source": clean(setting.source),
        "proof": setting.proof,
        "value_proof": setting.value_proof,
        "source_proof": setting.source_proof,
        "evidence": _evidence(setting.evidence),
        "candidates": [
            {
                "source": clean(each.source),
                "value": clean_value(setting.name, each.value),
                "state": each.state,
                "why": sentence(each.why),
                "evidence": _evidence(each.evidence),
            }
            for each in setting.candidates
        ],
    }


def _attempt(outcome: Outcome, number: int, attempt: Attempt) -> Json:
    cause = outcome.attempt_causes[number] if number < len(outcome.attempt_causes) else None
    texts = ("channel", "address", "start", "end")
    return {**{name: clean(getattr(attempt, name)) for name in texts}, "cause": _cause(cause)}


def _clock_offset(offset: ClockOffset) -> Json:
    return {
        "log": clean(offset.log),
        "clock": clean(offset.clock),
        "ahead_seconds": offset.ahead.total_seconds(),
        "agreeing": offset.agreeing,
    }


def _structure(structure: Structure) -> Json:
    return {
        "name": structure.name,
        "version": structure.version,
        "bits": structure.bits,
        "byte_order": structure.byte_order,
        "fields": [
            {
                "name": clean(field.name),
                "offset": f"0x{field.offset:04x}",
                "value": clean_value(field.name, field.value),
            }
            for field in structure.fields
        ],
        "not_in_force": [clean(field.name) for field in structure.not_in_force],
        "cut_at": structure.cut_at,
        "evidence": _evidence(structure.evidence),
    }


def _finding(finding: Finding) -> Json:
    return {
        "id": clean(finding.id),
        "status": finding.status,
        "severity": finding.severity,
        "connection": finding.connection,
        "text": sentence(finding.text),
        "confidence": finding.confidence,
        "evidence": _evidence(finding.evidence),
        "alternatives": [
            {"id": clean(each.id), "how_to_tell": sentence(each.how_to_tell)} for each in finding.alternatives
        ],
        "how_to_find_out": sentence(finding.how_to_find_out),
        "fix": [sentence(step) for step in finding.fix],
    }


def _input(each: InputRead) -> Json:
    return {
        "file": clean(each.source),
        "kind": each.kind,
        "bytes": each.size,
        "lines": each.lines,
        "records": each.records,
        "unparsed_lines": each.unparsed_lines,
        "error": None if each.error is None else sentence(each.error),
        "note": sentence(each.note),
    }


def _cleaned(name: str, value: Any) -> Any:
    """A value of the "tls" object with all its texts cleaned, names included."""
    if isinstance(value, str):
        return clean_value(name, value)
    if isinstance(value, dict):
        return {clean(str(key)): _cleaned(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(name, each) for each in value]
    return value if value is None or isinstance(value, int | float) else clean(str(value))
