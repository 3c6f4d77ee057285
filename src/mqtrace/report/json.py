"""The report as JSON of the schema `mqtrace-report/1` (docs/report-schema.json)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mqtrace.catalog.tables import data_folder
from mqtrace.mark import json_text
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
from mqtrace.report.fitting import fitted, fitting_steps, of_this_reason
from mqtrace.report.tls_json import tls_as_dict

if TYPE_CHECKING:
    from mqtrace.model.preflight import ChannelAhead, Check, Preflight

SCHEMA = "mqtrace-report/1"
Json = dict[str, Any]
_SEVERITIES = {"fail": "high", "warn": "medium", "info": "low", "skip": "low"}


def to_json(report: Report) -> str:
    """The report as indented JSON, ended by a newline."""
    return json_text(report_as_dict(report))


def report_as_dict(report: Report) -> Json:
    """The report under the names of the contract."""
    told = _report(report)
    if report.preflight:
        told["preflight"] = _preflight(report.preflight)
    return told


def _report(report: Report) -> Json:
    return {
        "schema": SCHEMA,
        "connections": [_connection(outcome) for outcome in report.outcomes],
        "findings": [_finding(finding) for finding in report.findings],
        "inputs": [_input(each) for each in report.inputs],
        "gaps": [{"question": gap.question, "how_to_find_out": gap.how_to_find_out} for gap in report.gaps],
        "notes": list(report.notes),
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
        told["tls"] = tls
    return told


def _who(connection: Connection) -> Json:
    texts = ("program", "user", "host", "level", "platform", "start", "end", "queue_manager", "channel", "address")
    return {
        "client": connection.client,
        "file": connection.source,
        "process": connection.process,
        "thread": connection.thread,
        **{name: getattr(connection, name) for name in texts},
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
    told["explanation"] = of_this_reason(told["explanation"], outcome.connection.reason_code)
    told["fix"] = list(fitting_steps(told["fix"], outcome))
    for alternative in told["alternatives"]:
        alternative["how_to_tell"] = fitted(alternative["how_to_tell"], outcome)
    return told


def _cause(cause: Cause | None) -> Json | None:
    if cause is None:
        return None
    return {
        "id": cause.id,
        "title": cause.title,
        "explanation": cause.explanation,
        "fix": list(cause.fix),
        "confidence": cause.confidence,
        "alternatives": [{"id": each.id, "how_to_tell": each.how_to_tell} for each in cause.alternatives],
        "evidence": _evidence(cause.evidence),
    }


def _evidence(evidence: Iterable[Evidence]) -> list[Json]:
    return [{"file": each.location.source, "line": each.location.line, "text": each.text} for each in evidence]


def _consequence(finding: Finding) -> Json:
    return {"id": finding.id, "text": finding.text, "evidence": _evidence(finding.evidence)}


def _setting(setting: Setting) -> Json:
    return {
        "name": setting.name,
        "value": setting.value,
        "source": setting.source,
        "proof": setting.proof,
        "value_proof": setting.value_proof,
        "source_proof": setting.source_proof,
        "evidence": _evidence(setting.evidence),
        "candidates": [
            {
                "source": each.source,
                "value": each.value,
                "state": each.state,
                "why": each.why,
                "evidence": _evidence(each.evidence),
            }
            for each in setting.candidates
        ],
    }


def _attempt(outcome: Outcome, number: int, attempt: Attempt) -> Json:
    cause = outcome.attempt_causes[number] if number < len(outcome.attempt_causes) else None
    texts = ("channel", "address", "start", "end")
    return {**{name: getattr(attempt, name) for name in texts}, "cause": _cause(cause)}


def _clock_offset(offset: ClockOffset) -> Json:
    return {
        "log": offset.log,
        "clock": offset.clock,
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
                "name": field.name,
                "offset": f"0x{field.offset:04x}",
                "value": field.value,
            }
            for field in structure.fields
        ],
        "not_in_force": [field.name for field in structure.not_in_force],
        "cut_at": structure.cut_at,
        "evidence": _evidence(structure.evidence),
    }


def _finding(finding: Finding) -> Json:
    return {
        "id": finding.id,
        "status": finding.status,
        "severity": _SEVERITIES[finding.status],
        "connection": finding.connection,
        "text": finding.text,
        "confidence": finding.confidence,
        "evidence": _evidence(finding.evidence),
        "alternatives": [{"id": each.id, "how_to_tell": each.how_to_tell} for each in finding.alternatives],
        "how_to_find_out": finding.how_to_find_out,
        "fix": list(finding.fix),
    }


def _input(each: InputRead) -> Json:
    return {
        "file": each.source,
        "kind": each.kind,
        "bytes": each.size,
        "lines": each.lines,
        "records": each.records,
        "unparsed_lines": each.unparsed_lines,
        "error": each.error,
        "note": each.note,
        "unread": [
            {"from": part.begin, "to": part.end, "first": part.first, "last": part.last} for part in each.unread
        ],
    }


def _preflight(told: "Preflight") -> Json:
    from mqtrace.report.key_store import certificate_as_dict

    return {
        "verdict": told.verdict,
        "reason_code": told.reason_code,
        "because": told.because,
        "told_by": told.told_by,
        "at": told.at,
        "level": told.level,
        "checks": [_check(each) for each in told.checks],
        "ini_files": [{"file": each.file, "place": each.place, "state": each.state} for each in told.ini_files],
        "order": "random" if told.by_chance else "fixed",
        "channels": [_channel(each) for each in told.channels],
        "stores": [
            {
                "file": each.source,
                "kind": each.kind,
                "state": each.state,
                "stash": each.stash,
                "certificates": [certificate_as_dict(certificate) for certificate in each.certificates],
            }
            for each in told.stores
        ],
    }


def _check(check: "Check") -> Json:
    return {
        "name": check.name,
        "state": check.state,
        "text": check.text,
        "cause": check.cause or None,
        "reason_code": check.reason_code,
        "seconds": check.seconds,
        "evidence": _evidence(check.evidence),
    }


def _channel(channel: "ChannelAhead") -> Json:
    return {
        "channel": channel.channel,
        "addresses": list(channel.addresses),
        "cipher_spec": channel.cipher_spec,
        "certificate_label": channel.certificate_label,
        "server_name": channel.server_name,
        "why": channel.why,
    }


def report_schema() -> str:
    """Text of the JSON Schema (2020-12) that every report of `--format json` satisfies."""
    return (data_folder("patterns") / "schema" / "report.schema.json").read_text(encoding="utf-8")
