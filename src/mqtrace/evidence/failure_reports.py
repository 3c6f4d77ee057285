"""Failure reports (FDC) of a client's process: the call that was running when one was written, as a connection."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import get_args

from msgspec.structs import replace

from mqtrace.catalog.programs import server_programs
from mqtrace.catalog.reasons import reason_number, written_reason
from mqtrace.catalog.tables import table
from mqtrace.evidence.return_codes import OWN, REASON, decisive, told_by
from mqtrace.kept import compiled
from mqtrace.model import ConfigValue, Connection, Fact, Phase, Proves
from mqtrace.model.failure_report import FailureReport, FunctionExit

PHASES: tuple[Phase, ...] = get_args(Phase)
CONNECTING = frozenset({"MQCONN", "MQCONNX", "reqDoConnect", "reqConnectChl"})
# One call writes its reports at once.
SAME_CALL = timedelta(seconds=10)
# "localhost (127.0.0.1) (1414)"
ADDRESS = compiled(r"\S{1,250} \((?P<host>[0-9a-fA-F.:%]{3,60})\) ?\((?P<port>\d{1,5})\)")


def connections_of(reports: Iterable[FailureReport]) -> list[Connection]:
    """One connection for each call that connects, with what all reports that it wrote say."""
    calls: list[list[FailureReport]] = []
    for report in reports:
        if not is_of_client(report):
            continue
        if calls and _is_same_call(calls[-1][-1], report):
            calls[-1].append(report)
        else:
            calls.append([report])
    return [_connection(call) for call in calls]


def is_of_client(report: FailureReport) -> bool:
    """Whether the report is of a program that was connecting as a client, and not of a queue manager's own."""
    entry = report.entry
    if entry.queue_manager or entry.program.lower().startswith(server_programs()):
        return False
    failed = any(label.name == "ConnectFailureReason:" and written_reason(label.value) for label in report.labels)
    return failed or bool(CONNECTING.intersection(report.stack))


def _is_same_call(before: FailureReport, after: FailureReport) -> bool:
    first, second = before.entry, after.entry
    if (first.host, first.process, first.thread) != (second.host, second.process, second.thread):
        return False
    if first.utc is None or second.utc is None or abs(second.utc - first.utc) > SAME_CALL:
        return False
    return not any(function.name in ("MQCONN", "MQCONNX") for function in after.exits)


def _connection(call: Sequence[FailureReport]) -> Connection:
    facts = tuple(fact for report in call for fact in _facts(report))
    entry = call[0].entry
    reason = _reason(facts)
    return Connection(
        client="c",
        source=entry.location.source,
        process=entry.process,
        thread=entry.thread,
        program=entry.program,
        user=entry.user,
        host=entry.host,
        level=entry.level,
        platform=call[0].platform,
        start=entry.when.isoformat() if entry.when else "",
        end=call[-1].entry.when.isoformat() if call[-1].entry.when else "",
        queue_manager=next((fact.value for fact in facts if fact.name == "application.queue_manager"), ""),
        completion_code=2 if reason else None,
        reason_code=reason,
        phase=_phase(call),
        facts=facts,
    )


def _phase(call: Iterable[FailureReport]) -> Phase:
    names = {name for report in call for name in (*report.stack, *report.calls)}
    reached = [known["phase"] for known in table("client_calls") if known["call"] in names]
    return max(reached, key=lambda phase: PHASES.index(phase), default="settings")  # type: ignore[arg-type]


def _reason(facts: Sequence[Fact]) -> int | None:
    """The reason code that the client gave its application: as it returned it, else the
    one that is known to follow from its own code."""
    returned = [written_reason(fact.value) for fact in facts if fact.name == "reason"]
    if any(returned):
        return next(code for code in reversed(returned) if code)
    followed = [_reason_after().get(fact.value) for fact in facts if fact.name == "client.return_code"]
    return next((code for code in reversed(followed) if code), None)


@cache
def _reason_after() -> dict[str, int]:
    return {known["name"]: int(known["reason_code"]) for known in table("c_return_codes") if known["reason_code"]}


def _facts(report: FailureReport) -> Iterator[Fact]:
    for variable in report.variables:
        yield _fact(report, variable, f"env.{variable.name}", "read" if variable.value else "not-set")
    yield from _of_labels(report)
    yield from _of_inserts(report)
    yield from _of_exits(report)


def _fact(report: FailureReport, value: ConfigValue, name: str, proves: Proves) -> Fact:
    text = f"{value.name} {value.value}"
    entry = report.entry
    clock = f"{entry.when:%H:%M:%S.%f}" if entry.when else ""
    return Fact(name, value.value, value.location, text, proves, entry.thread, clock, "failure-report", "observed")


def _of_labels(report: FailureReport) -> Iterator[Fact]:
    """What the control blocks tell. A value as long as its room may be cut: it says nothing that could be compared."""
    for label in report.labels:
        for known in table("failure_report_blocks"):
            if known["label"] == label.name and known["block"] in ("", label.group):
                if label.value and not (known["cut"] and len(label.value) >= int(known["cut"])):
                    yield _fact(report, label, known["fact"], known["proves"])  # type: ignore[arg-type]
                break


def _of_inserts(report: FailureReport) -> Iterator[Fact]:
    """What the inserts of the message tell that the client wanted to write."""
    given = {insert.name: insert for insert in report.inserts}
    for known in table("failure_report_inserts"):
        insert = given.get(known["of"])
        if insert and known["insert"] in given and given[known["insert"]].value == known["word"]:
            # Numbers are written twice, "408 (0x198)".
            value = insert.value.partition(" ")[0] if known["of"].startswith("Arith") else insert.value
            # The client prints the address that it reached, with the name that it has for it, and not what it was
            # given.
            reached = ADDRESS.fullmatch(value) if known["fact"] == "peer.address" else None
            value = f"{reached['host']}({reached['port']})" if reached else value
            plain = ConfigValue(insert.group, insert.name, value, insert.location)
            yield _fact(report, plain, known["fact"], "read" if known["fact"] == "peer.address" else "used")


def _of_exits(report: FailureReport) -> Iterator[Fact]:
    run = decisive(report.exits)
    code = next((function.code for function in run if function.code.startswith(OWN)), report.major)
    for function in run:
        if function.code.startswith(REASON):
            yield _of_exit(report, function, "reason", str(reason_number(function.code) or 0))
    for function, name, value in told_by(run):
        yield _of_exit(report, function, name, value)
    gave_code = next((function for function in run if function.code == code), None)
    if gave_code:
        yield _of_exit(report, gave_code, "client.return_code", code)
    elif code.startswith(OWN):
        major = ConfigValue("", "Major Errorcode", code, report.entry.location)
        yield _fact(report, major, "client.return_code", "used")


def _of_exit(report: FailureReport, function: FunctionExit, name: str, value: str) -> Fact:
    located = ConfigValue("", function.name, value, function.evidence.location)
    return replace(_fact(report, located, name, "used"), text=function.evidence.text)
