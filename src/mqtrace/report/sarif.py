"""Causes and warnings as SARIF 2.1.0 (OASIS) for viewers of code scanning, at the lines that prove them."""

from collections.abc import Iterable
from pathlib import PureWindowsPath
from typing import Any
from urllib.parse import quote

from mqtrace.catalog.causes import cause as cause_info
from mqtrace.mark import GENERATOR, json_text
from mqtrace.model import Cause, Connection, Evidence, Finding, Location, Outcome, Report
from mqtrace.report.fitting import fitting_steps
from mqtrace.report.groups import status_of
from mqtrace.report.words import client_words, reason_words, target_words
from mqtrace.version import __version__

Json = dict[str, Any]
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"certain": "error", "likely": "error", "possible": "warning"}


def to_sarif(report: Report) -> str:
    """JSON with one run: a rule each cause or finding, a result each failed connection and each warning."""
    results = [_failure(outcome, outcome.cause) for outcome in report.outcomes if outcome.cause]
    results += [_warning(report, finding) for finding in report.findings if finding.status == "warn"]
    results += [_unexplained(outcome) for outcome in report.outcomes if _is_unexplained(outcome)]
    ids = list(dict.fromkeys(result["ruleId"] for result in results))
    for result in results:
        result["ruleIndex"] = ids.index(result["ruleId"])
    driver = {"name": "mqtrace", "version": __version__, "rules": [_rule(each) for each in ids]}
    run = {"tool": {"driver": driver}, "invocations": [_invocation(report)], "results": results}
    whole = {"properties": {"generator": GENERATOR}, "version": "2.1.0", "$schema": _SCHEMA, "runs": [run]}
    return json_text(whole)


def _rule(identity: str) -> Json:
    known = cause_info(identity)
    words = known.title if known else identity
    return {"id": identity, "shortDescription": {"text": words}, "help": {"text": f"mqtrace explain {identity}"}}


def _invocation(report: Report) -> Json:
    unread = [
        {"level": "error", "message": {"text": f"{each.source}: {each.error}"}} for each in report.inputs if each.error
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": unread}


def _failure(outcome: Outcome, cause: Cause) -> Json:
    steps = " ".join(f"{number}. {step}" for number, step in enumerate(fitting_steps(cause.fix, outcome), 1))
    words = [_ending(outcome.connection), cause.title, cause.explanation, f"To do: {steps}" if steps else ""]
    told = " ".join(filter(None, words))
    result = _result(cause.id, _LEVELS[cause.confidence], told, cause.evidence or _whole(outcome.connection))
    return {**result, "properties": _properties(outcome.connection, cause)}


def _properties(connection: Connection, cause: Cause) -> Json:
    return {"confidence": cause.confidence, "reasonCode": connection.reason_code, "connections": connection.count}


def _warning(report: Report, finding: Finding) -> Json:
    if not report.outcomes:
        return _result(finding.id, "warning", finding.text or finding.id, finding.evidence)
    connection = report.outcomes[finding.connection].connection
    words = f"{client_words(connection)}: {finding.text or finding.id}"
    return _result(finding.id, "warning", words, finding.evidence or _whole(connection))


def _is_unexplained(outcome: Outcome) -> bool:
    return outcome.cause is None and status_of(outcome) == "FAILED"


def _unexplained(outcome: Outcome) -> Json:
    words = f"{_ending(outcome.connection)} What these inputs say proves no cause."
    return _result("no-cause-proved", "warning", words, _whole(outcome.connection))


def _whole(connection: Connection) -> list[Evidence]:
    """The input as a whole: viewers such as GitHub's refuse a result that is nowhere."""
    return [Evidence(Location(connection.source, 0), "")]


def _ending(connection: Connection) -> str:
    code = connection.reason_code
    reason = f": {reason_words(code)}" if code else ""
    return f"{client_words(connection)}, {target_words(connection)}{reason}."


def _result(identity: str, level: str, words: str, evidence: Iterable[Evidence]) -> Json:
    places = [_location(each) for each in evidence]
    result: Json = {"ruleId": identity, "level": level, "message": {"text": words}}
    if places:
        result["locations"] = places[:1]
    if len(places) > 1:
        result["relatedLocations"] = places[1:]
    return result


def _location(evidence: Evidence) -> Json:
    """Where it stands: lines count from 1, and an input without lines has no region."""
    place = evidence.location
    physical: Json = {"artifactLocation": {"uri": _uri(place.source)}}
    if place.line:
        physical["region"] = {"startLine": place.line, "snippet": {"text": evidence.text}}
    return {"physicalLocation": physical}


def _uri(source: str) -> str:
    """A path as a URI reference (RFC 3986); an entry of an archive keeps its "!"."""
    is_windows = len(PureWindowsPath(source).drive) == 2
    path = PureWindowsPath(source).as_posix() if is_windows else source
    absolute = f"file:///{path.lstrip('/')}" if is_windows or path.startswith("/") else ""
    return f"file:///{quote(path.lstrip('/'), safe='/!:')}" if absolute else quote(path, safe="/!")
