"""Puts equal connections together, and the worst first."""

import re
from collections.abc import Callable, Hashable
from typing import Literal

from msgspec import Struct

from mqtrace.model import Outcome, Report
from mqtrace.report.words import counted

Status = Literal["FAILED", "CONNECTED", "UNCLEAR"]
_CONFIDENCE = {"certain": 0, "likely": 1, "possible": 2}
_WORST = {"FAILED": 0, "UNCLEAR": 1, "CONNECTED": 2}


class OutcomeGroup(Struct, frozen=True):
    """Connections that are told together.

    Attributes:
        indexes: their indexes in the report, ascending.
        shown: index of the one that speaks for all: the best proved.
        count: how many connections they stand for.
    """

    indexes: tuple[int, ...]
    shown: int
    count: int


def status_of(outcome: Outcome) -> Status:
    """How a connection ended; UNCLEAR when no input tells."""
    connection = outcome.connection
    warned = connection.completion_code == 1
    if outcome.cause or connection.completion_code == 2 or (connection.reason_code and not warned):
        return "FAILED"
    if connection.reason_code == 0 or connection.completion_code == 0 or warned or connection.phase == "connected":
        return "CONNECTED"
    return "UNCLEAR"


def _grouped(report: Report, key_of: Callable[[Outcome], Hashable]) -> list[OutcomeGroup]:
    members: dict[Hashable, list[int]] = {}
    for index, outcome in enumerate(report.outcomes):
        members.setdefault(key_of(outcome), []).append(index)
    return [_group(report, indexes) for indexes in members.values()]


def _group(report: Report, indexes: list[int]) -> OutcomeGroup:
    def doubt(index: int) -> int:
        cause = report.outcomes[index].cause
        return _CONFIDENCE[cause.confidence] if cause else len(_CONFIDENCE)

    count = sum(report.outcomes[index].connection.count for index in indexes)
    return OutcomeGroup(tuple(indexes), min(indexes, key=doubt), count)


def alike(report: Report) -> list[OutcomeGroup]:
    """Connections with the same client, target, channel, address, result and cause.

    They stand in the order of the first of each.
    """
    return _grouped(report, likeness)


def likeness(outcome: Outcome) -> Hashable:
    """What two connections have in common that are alike."""
    each, cause = outcome.connection, outcome.cause
    target = (each.client, each.program, each.queue_manager, each.channel, each.address)
    return (status_of(outcome), *target, each.reason_code, cause and cause.id)


def by_answer(report: Report) -> list[OutcomeGroup]:
    """Groups of those that ended alike, with the same cause and reason code, in the order of `severity_of`."""

    def key_of(outcome: Outcome) -> Hashable:
        each, cause = outcome.connection, outcome.cause
        return (status_of(outcome), each.reason_code, cause and cause.id)

    return sorted(_grouped(report, key_of), key=severity_of(report))


def worst_first(report: Report) -> list[OutcomeGroup]:
    """Groups with different answers: failures as `by_answer`, the others as `alike`, in the order of `severity_of`."""
    groups = [group for group in by_answer(report) if group_status(report, group) == "FAILED"]
    groups += [group for group in alike(report) if group_status(report, group) != "FAILED"]
    return sorted(groups, key=severity_of(report))


def severity_of(report: Report) -> Callable[[OutcomeGroup], tuple[int, bool, int, int, int]]:
    """Key that sorts groups: failed, unclear, connected.

    Of those that did not fail the warned come first; then the newest, and by falling count.
    """
    warned = {finding.connection for finding in report.findings if finding.status == "warn"}

    def key_of(group: OutcomeGroup) -> tuple[int, bool, int, int, int]:
        ended = _WORST[group_status(report, group)]
        newest = int(re.sub(r"\D", "", moments_of(report, group)[1][:19]) or 0)
        return ended, ended > 0 and warned.isdisjoint(group.indexes), -newest, -group.count, group.indexes[0]

    return key_of


def files_words(report: Report, group: OutcomeGroup) -> str:
    """The inputs that show the connections of a group: "app01/app.log and 5 more files"."""
    shown = report.outcomes[group.shown].connection.source
    more = len({report.outcomes[index].connection.source for index in group.indexes} - {shown})
    return f"{shown} and {counted(more, 'more file')}" if more else shown


def moments_of(report: Report, group: OutcomeGroup) -> tuple[str, str]:
    """When the first of a group began and the last one was, in ISO 8601; "" where no input tells the day."""
    connections = [report.outcomes[index].connection for index in group.indexes]
    begins = [each.start for each in connections if "T" in each.start]
    ends = [each.end for each in connections if "T" in each.end]
    return min(begins or ends, default=""), max(ends + begins, default="")


def group_status(report: Report, group: OutcomeGroup) -> Status:
    """How the connections of a group ended: they all ended alike."""
    return status_of(report.outcomes[group.shown])
