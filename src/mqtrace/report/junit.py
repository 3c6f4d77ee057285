"""The connections as test cases of JUnit's XML, for CI systems that show them: one that failed is a failure."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mqtrace.mark import COMMENT
from mqtrace.model import Outcome, Report
from mqtrace.report.answer import answer_of
from mqtrace.report.groups import OutcomeGroup, Status, alike, status_of
from mqtrace.report.moments import seconds_of
from mqtrace.report.names import with_short_names


def to_junit(report: Report) -> str:
    """XML with one suite: a case for connections that are alike, an error for an input that could not be read.

    A connection of which no input tells the end is skipped, in the words of JUnit.
    """
    inputs, report = report.inputs, with_short_names(report)
    suite = Element("testsuite", name="mqtrace", timestamp=_begin(report))
    for group in alike(report):
        _case(suite, report, group)
    for source, error in dict.fromkeys((each.source, each.error) for each in inputs if each.error):
        _outcome(SubElement(suite, "testcase", classname="input", name=source), "error", "not read", error or "")
    counts = {name: str(len(suite.findall(f"testcase/{name}"))) for name in ("failure", "error", "skipped")}
    suite.set("tests", str(len(suite)))
    for name, key in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        suite.set(key, counts[name])
    indent(suite)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{COMMENT}{tostring(suite, encoding="unicode")}\n'


def _begin(report: Report) -> str:
    starts = sorted(outcome.connection.start for outcome in report.outcomes if "T" in outcome.connection.start)
    return starts[0][:19] if starts else ""


def _case(suite: Element, report: Report, group: OutcomeGroup) -> None:
    outcome = report.outcomes[group.shown]
    answer, connection = answer_of(report, group), outcome.connection
    place = " ".join(filter(None, (connection.queue_manager, connection.channel, connection.address)))
    name = f"{place or 'connection'} ({answer.about[0]})" if answer.about else place or "connection"
    case = SubElement(suite, "testcase", classname=f"connection.{connection.client}", name=name, time=_seconds(outcome))
    status: Status = status_of(outcome)
    if status == "FAILED":
        _outcome(case, "failure", answer.cause or "no cause proved", "\n".join(_lines(report, group)), answer.headline)
    elif status == "UNCLEAR":
        SubElement(case, "skipped", message=answer.headline)


def _lines(report: Report, group: OutcomeGroup) -> Iterator[str]:
    answer = answer_of(report, group)
    sure = f" ({answer.confidence})" if answer.confidence else ""
    yield f"{answer.title}{sure}"
    yield from answer.explanation
    yield from (f"{number}. {step}" for number, step in enumerate(answer.fix, 1))
    yield from (f"{place}  {text}" for place, text in answer.proof)


def _outcome(case: Element, tag: str, kind: str, text: str, message: str = "") -> None:
    SubElement(case, tag, type=kind, message=message or text).text = text


def _seconds(outcome: Outcome) -> str:
    first, last = seconds_of(outcome.connection.start), seconds_of(outcome.connection.end)
    return f"{last - first:.6f}" if first is not None and last is not None and last >= first else "0"
