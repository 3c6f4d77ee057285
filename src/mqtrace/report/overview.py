"""Many connections at a glance: the result of all, a table of those alike, and one line a connection."""

import re
from collections.abc import Sequence

from mqtrace.model import Outcome, Report
from mqtrace.pages.layout import Page
from mqtrace.report.groups import (
    OutcomeGroup,
    Status,
    alike,
    by_answer,
    files_words,
    group_status,
    moments_of,
    severity_of,
    status_of,
)
from mqtrace.report.words import base_name, clock_words, counted, place_words, time_words

CAUSES = ("COUNT", "CAUSE", "FIRST", "LAST", "EXAMPLE")
HEADER = ("TIME", "THREAD", "CHANNEL", "ADDRESS", "RESULT", "CAUSE", "ALIKE")
# Of connections that several inputs show; a thread says little then.
OF_FILES = ("TIME", "FILE", *HEADER[2:])
_ROWS = 12
# More rows of connections are summed up by their causes.
_FEW = 8
Table = tuple[tuple[str, ...], list[tuple[str, ...]], int]
_RESULTS = {"FAILED": "failed", "CONNECTED": "OK", "UNCLEAR": "unclear"}


def result_of(report: Report, groups: Sequence[OutcomeGroup]) -> tuple[Status, str]:
    """The worst that happened to any connection, and one sentence that counts how all of them ended."""
    counts = dict.fromkeys(_RESULTS, 0)
    for group in groups:
        counts[group_status(report, group)] += group.count
    total = sum(counts.values())
    if counts["FAILED"]:
        different = sum(group_status(report, group) == "FAILED" for group in groups)
        ways = "in the same way" if different == 1 else f"in {different:,} different ways"
        unclear = f"; of {counts['UNCLEAR']:,} more no input tells the end" if counts["UNCLEAR"] else ""
        return "FAILED", f"{counts['FAILED']:,} of {counted(total, 'connection')}, {ways}{unclear}."
    if counts["UNCLEAR"]:
        return (
            "UNCLEAR",
            f"No input tells how {counts['UNCLEAR']:,} of {counted(total, 'connection')} ended; none is seen to fail.",
        )
    return "CONNECTED", f"All {counted(total, 'connection')}; nothing failed."


def overview_rows(report: Report, most: int | None) -> tuple[list[tuple[str, ...]], int]:
    """Rows under HEADER for connections that are alike, in time order, and how many were left out to keep to `most`.

    The least severe are left out.
    """
    groups = alike(report)
    kept = sorted(groups, key=severity_of(report))[:most]
    kept.sort(key=lambda group: group.indexes[0])
    days = {
        outcome.connection.start.partition("T")[0] for outcome in report.outcomes if "T" in outcome.connection.start
    }
    return [_row(report, group, dated=len(days) > 1) for group in kept], len(groups) - len(kept)


def table_of(report: Report, most: int | None) -> Table:
    """The connections at a glance: one by one while they are few, else summed up by what became of them.

    At most `most` rows are kept; with them, how many were left out.
    """
    if len(alike(report)) <= _FEW:
        rows, left_out = overview_rows(report, most)
        return OF_FILES if _has_files(report) else HEADER, rows, left_out
    rows = [_cause_row(report, group) for group in by_answer(report)]
    return CAUSES, rows[:most], len(rows) - len(rows[:most])


def _has_files(report: Report) -> bool:
    return len({outcome.connection.source for outcome in report.outcomes}) > 1


def _cause_row(report: Report, group: OutcomeGroup) -> tuple[str, ...]:
    outcome = report.outcomes[group.shown]
    evidence = outcome.cause.evidence[0] if outcome.cause and outcome.cause.evidence else None
    first, last = moments_of(report, group)
    code = outcome.connection.reason_code
    named = outcome.cause.id if outcome.cause else ""
    result = named or ("" if code else _RESULTS[status_of(outcome)])
    return (
        f"{group.count:,}",
        f"{code or ''} {result}".strip(),
        time_words(first),
        time_words(last) if last != first else "",
        place_words(evidence) if evidence else outcome.connection.source,
    )


def overview(page: Page, report: Report, verbosity: int) -> list[str]:
    """The table for a terminal."""
    header, rows, left_out = table_of(report, None if verbosity > 0 else _ROWS)
    rest = [f" ... and {left_out:,} more (-v shows all)"] if left_out else []
    lines = page.table(header, rows, 4) + rest
    if header == CAUSES and verbosity > 0:
        header = OF_FILES if _has_files(report) else HEADER
        lines += ["", *page.table(header, overview_rows(report, None)[0], 4)]
    return lines


def _row(report: Report, group: OutcomeGroup, *, dated: bool) -> tuple[str, ...]:
    outcome = report.outcomes[group.shown]
    last = outcome.connection
    began = next((start for index in group.indexes if (start := report.outcomes[index].connection.start)), "")
    threads = {report.outcomes[index].connection.thread for index in group.indexes}
    thread = last.thread if len(threads) == 1 else "several"
    place = files_words(report, group) if _has_files(report) else thread
    cause = outcome.cause.id if outcome.cause else ""
    day = f"{began.partition('T')[0]} " if dated and "T" in began else ""
    return (
        f"{day}{clock_words(began)}",
        place,
        last.channel,
        last.address,
        _result(outcome),
        cause,
        f"{group.count:,}",
    )


def _result(outcome: Outcome) -> str:
    code = outcome.connection.reason_code
    return str(code) if code else _RESULTS[status_of(outcome)]


def brief_line(outcome: Outcome) -> str:
    """One line of words and name=value for grep.

    A value that is not known is left out, one with blanks stands in quotes.
    """
    connection, cause = outcome.connection, outcome.cause
    evidence = cause.evidence[0] if cause and cause.evidence else None
    pairs = {
        "program": base_name(connection.program),
        "thread": connection.thread,
        "queue_manager": connection.queue_manager,
        "channel": connection.channel,
        "address": connection.address,
        "reason": "" if connection.reason_code is None else str(connection.reason_code),
        "cause": cause.id if cause else "",
        "confidence": cause.confidence if cause else "",
        "count": str(connection.count) if connection.count > 1 else "",
        "at": place_words(evidence) if evidence else connection.source,
    }
    told = [f"{name}={_quoted(value)}" for name, value in pairs.items() if value]
    return " ".join([status_of(outcome), connection.start or "-", *told])


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r'[\s"=]', value) else value
