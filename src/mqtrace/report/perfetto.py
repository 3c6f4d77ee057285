"""The courses of all connections as Chrome trace events, which Perfetto (ui.perfetto.dev) and chrome://tracing open.

Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU ("Trace Event Format").
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from mqtrace.mark import GENERATOR, json_text
from mqtrace.model import Connection, Outcome, Report
from mqtrace.report.moments import CourseMoment, moments_of, seconds_of
from mqtrace.report.names import with_short_names
from mqtrace.report.words import attempt_words, client_words, place_words, target_words

Json = dict[str, Any]
# Ids of lanes that are no thread, such as logs: no process has so high a number.
_FIRST_LANE = 1 << 30


def to_perfetto(report: Report) -> str:
    """JSON: a process for each process of the inputs, a thread for each thread and each log; calls, attempts and phases
    as slices, what happened as instants. Times are microseconds since the first.
    """
    report = with_short_names(report)
    courses = [(outcome, moments_of(outcome, report.clock_offsets)) for outcome in report.outcomes]
    times = [moment.seconds for _, moments in courses for moment in moments]
    times += [time for outcome in report.outcomes if (time := seconds_of(outcome.connection.start)) is not None]
    lanes = _Lanes()
    begin = min(times, default=0.0)
    events = [event for outcome, moments in courses for event in _events(outcome, moments, lanes, begin)]
    told = {"otherData": {"generator": GENERATOR}, "displayTimeUnit": "ms", "traceEvents": [*lanes.names, *events]}
    return json_text(told)


class _Lanes:
    """The process and thread of each lane, and the events that name them."""

    def __init__(self) -> None:
        self.names: list[Json] = []
        self._lanes: dict[tuple[int, str], int] = {}
        self._processes: dict[tuple[str, int | None], int] = {}

    def of(self, outcome: Outcome, lane: str) -> Json:
        process = self._process(outcome.connection)
        key = (process, lane)
        if key not in self._lanes:
            number = lane.rpartition(".")[2]
            is_thread = lane.startswith("thread ") and number.isdigit()
            self._lanes[key] = int(number) if is_thread else _FIRST_LANE + len(self._lanes)
            self._name("thread_name", lane, {"pid": process, "tid": self._lanes[key]})
        return {"pid": process, "tid": self._lanes[key]}

    def _process(self, connection: Connection) -> int:
        """Its number, or one of its own where another host has a process of that number."""
        key = (connection.host or connection.source, connection.process)
        if key not in self._processes:
            number = connection.process or 0
            taken = number in self._processes.values()
            self._processes[key] = _FIRST_LANE + len(self._processes) if taken else number
            self._name("process_name", client_words(connection), {"pid": self._processes[key]})
        return self._processes[key]

    def _name(self, kind: str, name: str, place: Json) -> None:
        self.names.append({"name": kind, "ph": "M", **place, "args": {"name": name}})


def _events(outcome: Outcome, moments: tuple[CourseMoment, ...], lanes: _Lanes, begin: float) -> Iterator[Json]:
    connection = outcome.connection
    own = lanes.of(outcome, f"thread {connection.thread}".strip())
    details = {"cause": outcome.cause.id if outcome.cause else "", "reason_code": connection.reason_code}
    name = f"connect to {target_words(connection)}"
    yield from _slice(name, "call", (connection.start, connection.end), begin, {**own, "args": details})
    for attempt in connection.attempts:
        yield from _slice(attempt_words(attempt), "attempt", (attempt.start, attempt.end), begin, own)
    # A phase can outlast its attempt, and slices of one lane must lie within each other.
    yield from _phases(moments, begin, lanes.of(outcome, f"phases of thread {connection.thread}".strip()))
    for moment in moments:
        yield {
            "name": moment.words,
            "cat": moment.kind,
            "ph": "i",
            "s": "t",
            "ts": _micros(moment.seconds - begin),
            **lanes.of(outcome, moment.lane),
            "args": {"at": place_words(moment.evidence), "line": moment.evidence.text},
        }


def _slice(name: str, category: str, span: tuple[str, str], begin: float, rest: Json) -> Iterator[Json]:
    first, last = seconds_of(span[0]), seconds_of(span[1])
    if first is not None and last is not None and last >= first:
        times = {"ts": _micros(first - begin), "dur": _micros(last - first)}
        yield {"name": name, "cat": category, "ph": "X", **times, **rest}


def _phases(moments: Iterable[CourseMoment], begin: float, own: Json) -> Iterator[Json]:
    """Each phase until the next one begins, the last until the end."""
    all_moments = tuple(moments)
    begins = [moment for moment in all_moments if moment.phase]
    for moment, following in pairwise([*begins, *all_moments[-1:]]):
        until = moment.until if moment.until is not None and following is all_moments[-1] else following.seconds
        if moment.phase != "connected" and until > moment.seconds:
            times = {"ts": _micros(moment.seconds - begin), "dur": _micros(until - moment.seconds)}
            yield {"name": moment.phase, "cat": "phase", "ph": "X", **times, **own}


def _micros(seconds: float) -> int:
    return round(seconds * 1e6)
