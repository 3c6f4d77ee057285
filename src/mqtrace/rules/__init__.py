"""Why it failed: rules over a case, and the choice of the cause among what they find."""

from collections.abc import Sequence

from msgspec.structs import replace

from mqtrace.catalog.causes import cause as cause_info
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.definitions import is_untold
from mqtrace.evidence.same_connection import loosely_joined
from mqtrace.model import Alternative, Cause, Connection, Finding, LogEntry, Setting
from mqtrace.model.text import joined, text

# Importing a theme registers its rules.
from mqtrace.rules import both_ends, gaps, key_stores, messages, settings, signs, tls  # noqa: F401
from mqtrace.rules.case import Case, Rule, rules
from mqtrace.rules.derived import deciding_facts
from mqtrace.settings.both_ends import other_end

__all__ = ["Case", "choose_cause", "judge", "make_case", "numbered", "ranked"]

CONFIDENCE_WEIGHT = {"certain": 40, "likely": 0, "possible": -40}

# Why what entries prove that only go together is no more than likely, and how to tell.
LOOSE = (
    "No time tells that the program's output and the log are of one connection: see whether both were written at the "
    "same moment."
)


def make_case(connection: Connection, rows: Sequence[Setting], given: Configuration | None = None) -> Case:
    """The case of one connection."""
    one = Case(connection, {row.name: row for row in rows}, deciding_facts(connection), given or Configuration())
    if not one.given.mqsc or not one.value("channel"):
        return one
    # Put together once: the output may be long, and many rules ask for it.
    manager = one.value("queue_manager") or connection.queue_manager
    return replace(one, other_end=other_end(one.given.mqsc, one.value("channel"), manager))


def judge(case: Case) -> list[Finding]:
    """What all rules find. A rule that raises is reported as a failed rule (status skip); the others still run."""
    findings: list[Finding] = []
    for rule in rules():
        findings.extend(_run(rule, case))
    findings = _loosened(findings, loosely_joined(case.connection))
    if _is_doubted(case.connection):
        return [replace(each, confidence="possible") if each.status == "fail" else each for each in findings]
    return [_at_most_likely(finding) for finding in findings] if _is_unsure(case) else findings


def _is_doubted(connection: Connection) -> bool:
    """Whether all that is known of a failure are entries that may be of another one."""
    entries = connection.log_entries
    return bool(entries) and not connection.facts and all(entry.tie == "possible" for entry in entries)


def _loosened(findings: list[Finding], printed: Sequence[LogEntry]) -> list[Finding]:
    """The findings, at most likely where not all that proves them is what a program `printed`, and how to tell."""
    if not printed:
        return findings
    own = [finding for finding in findings if _is_told_by(printed, finding)]
    sure = {finding.id for finding in own if finding.confidence == "certain"}
    loosened = {finding: _at_most_likely(finding, "" if finding.id in sure else LOOSE) for finding in findings}
    return [finding if finding in own else loosened[finding] for finding in findings]


def _is_told_by(entries: Sequence[LogEntry], finding: Finding) -> bool:
    """Whether all that proves a finding stands in these entries: then it needs no others."""
    places = [place for entry in entries for place in (entry.location, entry.said and entry.said.location)]
    return bool(finding.evidence) and all(line.location in places for line in finding.evidence)


def _is_unsure(case: Case) -> bool:
    """Whether the trace does not show all of the failure, or not which channel was tried, or it is of a later call than
    the one that connects."""
    connection = case.connection
    is_partly_shown = connection.hole is not None or connection.failed_later or _began_late(connection)
    return is_partly_shown or is_untold(connection)


def _began_late(connection: Connection) -> bool:
    """Whether a trace began inside the call: what stands before its first line is missing as behind a hole. A failure
    report tells of the call as a whole.
    """
    traced = [fact for fact in connection.facts if fact.pattern.startswith("c.")]
    return bool(traced) and not any(fact.name == "call.begins" for fact in traced)


def _at_most_likely(finding: Finding, why: str = "") -> Finding:
    certain = finding.status == "fail" and finding.confidence == "certain"
    sentences = joined(filter(None, (finding.text, text(why) if why else "")))
    return replace(finding, confidence="likely", text=sentences) if certain else finding


def _run(function: Rule, case: Case) -> list[Finding]:
    try:
        return list(function(case))
    except Exception as error:  # noqa: BLE001  (one broken rule must not cost the answer of all others; it is shown)
        name = function.__name__
        template = "The rule {rule} failed ({error}); its answer is missing. Please report it with this input."
        sentence = text(template, rule=name, error=type(error).__name__)
        return [Finding(f"rule.{name.replace('_', '-')}", "skip", sentence, "possible")]


def ranked(findings: Sequence[Finding]) -> list[Finding]:
    """The failing findings, the best cause first: what is proved before what is likely, then the most specific.

    What is only possibly of this connection never goes before what is.
    """
    failing = [finding for finding in findings if finding.status == "fail"]
    return sorted(failing, key=lambda finding: (finding.tie == "possible", -_weight(finding)))


def _weight(finding: Finding) -> int:
    info = cause_info(finding.id)
    return CONFIDENCE_WEIGHT[finding.confidence] + (info.specificity if info else 0)


def choose_cause(findings: Sequence[Finding]) -> Cause | None:
    """The best cause as the report tells it; None when no finding is a failure."""
    best = next(iter(ranked(findings)), None)
    if best is None:
        return None
    known = cause_info(best.id)
    info = known.told_by(best.end) if known else None
    same = [best, *(finding for finding in findings if finding.id == best.id and finding is not best)]
    general = [info.explanation] if info else []
    if best.confidence == "possible" and general:
        general = ["If that is the cause:", *general]
    sentences = [*(finding.text for finding in same), *general]
    explanation = joined(dict.fromkeys(filter(None, sentences)))
    evidence = tuple(dict.fromkeys(line for finding in same for line in finding.evidence))
    return Cause(
        best.id,
        info.title if info else best.id,
        explanation,
        tuple(dict.fromkeys((*(step for finding in same for step in finding.fix), *(info.fix if info else ())))),
        best.confidence,
        best.alternatives or _alternatives(same) if best.confidence != "certain" else best.alternatives,
        evidence,
    )


def _alternatives(findings: Sequence[Finding]) -> tuple[Alternative, ...]:
    """The alternatives of the first finding that has any."""
    return next((finding.alternatives for finding in findings if finding.alternatives), ())


def numbered(findings: Sequence[Finding], connection: int) -> tuple[Finding, ...]:
    """The findings with the index of their connection in the report."""
    return tuple(replace(finding, connection=connection) for finding in findings)
