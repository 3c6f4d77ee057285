"""From files that grow to the failures that are told: each one once, with what logs and traces say of it together.

A connection of a trace has ended when its call has returned and its thread has added nothing to it for a while, or
begins another call. An event of a log has ended when its thread has written nothing for a while; it waits a little
longer for the trace that shows the same failure.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.diagnosis import ended_at, report_of
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.conversations import Conversation
from mqtrace.evidence.log_connections import LogConnections, connection_of, routine_of
from mqtrace.evidence.same_connection import event_key
from mqtrace.following.files import Files
from mqtrace.following.followed import Followed
from mqtrace.following.troubles import Troubles
from mqtrace.gathering import Finders, Gathered, read_input
from mqtrace.inputs import open_sources
from mqtrace.model import Connection, Outcome, Report
from mqtrace.model.period import Period
from mqtrace.report.groups import likeness, status_of
from mqtrace.report.shown import shown

# How long an event of a log waits for its trace, and how long what was told can still be joined to: seconds.
ALONE = 0.6
JOINED = 30.0
# What is kept for that, and how many failures are remembered to be told before.
_RECENT, _EVENTS, _PAST, _TOLD = 20, 2_000, 20_000, 10_000
FAILED = "FAILED"


class ToldFailure(NamedTuple):
    """A failure.

    Attributes:
        report: of this connection alone; it was shown.
        is_again: one like it was told before.
    """

    report: Report
    is_again: bool

    @property
    def outcome(self) -> Outcome:
        """What was decided of the connection."""
        return self.report.outcomes[0]


class _Event(Struct, eq=False):
    """An event of a log that waits, or that was told."""

    event: Conversation
    connection: Connection
    arrived: float
    is_told: bool = False

    @property
    def is_routine(self) -> bool:
        """Whether it is a failure only where a trace says so."""
        return routine_of(self.event, self.connection) is not None


class Watch:
    """What is followed, and what was told of it.

    Attributes:
        failed: how many connections have failed and were told.
    """

    def __init__(
        self,
        paths: Sequence[Path | str],
        *,
        say: Callable[[str], None],
        pattern_folders: Sequence[Path] = (),
        since: str = "",
        from_start: bool = False,
    ) -> None:
        """
        say: called with a sentence on what cannot be read, and the like.
        since: begin of the time of which the past is told, as in `diagnosis.diagnose`.
        from_start: whether all of the past is told.

        Raises PatternError when a pattern is not valid.
        """
        self._asked = Period("" if from_start else since)
        self._finders = Finders(tuple(pattern_folders), say)
        self._files = Files(paths, self._finders, Troubles(say), past=from_start or bool(since))
        self._configuration, self._configured = Configuration(), dict[str, Hashable]()
        self._connections: list[Connection] = []
        self._waiting_since = 0.0
        self._events: list[_Event] = []
        self._recent: list[tuple[float, Connection]] = []
        self._told: OrderedDict[Hashable, None] = OrderedDict()
        self.failed = 0

    @property
    def is_behind(self) -> bool:
        """Whether there is more to read at once."""
        return self._files.is_behind

    def followed(self) -> list[Followed]:
        """The traces and logs that are followed."""
        return self._files.followed()

    def step(self, now: float) -> list[ToldFailure]:
        """Looks at the files, reads what they grew by, and tells what failed. `now`: seconds of a clock that never goes
        back. Raises PatternError."""
        self._files.look(now)
        self._files.read(now)
        self._configure()
        ended = self._ended(now)
        self._waiting_since = self._waiting_since if self._connections else now
        self._connections += ended
        if self._files.is_catching_up:
            # The past is told when all of it is read, so that logs and traces meet.
            del self._events[:-_PAST]
            return []
        told = [*self._tell_traces(now), *self._tell_logs(now)]
        self._events = [each for each in self._events if now - each.arrived < JOINED][-_EVENTS:]
        self._recent = [each for each in self._recent if now - each[0] < JOINED][-_RECENT:]
        return told

    def _configure(self) -> None:
        """Reads the files of configuration again where one of them has changed."""
        files = self._files.configuration
        if files != self._configured:
            self._configured = files
            gathered = Gathered()
            for source in open_sources(list(files)):
                read_input(source, gathered, self._finders, None)
            self._configuration = gathered.configuration

    def _ended(self, now: float) -> list[Connection]:
        """The connections of traces that have ended; the events of logs wait with others."""
        found: list[Connection] = []
        for followed, is_past, each in self._files.ended(now):
            connection = each if isinstance(each, Connection) else connection_of(each)
            if is_past and not (followed.is_wanted and self._is_asked_for(connection)):
                continue
            if isinstance(each, Connection):
                found.append(each)
            else:
                self._events.append(_Event(each, connection, now))
        return found

    def _is_asked_for(self, connection: Connection) -> bool:
        return self._asked.holds(ended_at(connection))

    def _tell_traces(self, now: float) -> Iterator[ToldFailure]:
        """What failed in traces, with what logs say of it; an event of a log that has not ended yet is waited for."""
        is_open = any(each.reading and each.reading.has_open_events for each in self._files.active)
        if not self._connections or (is_open and now - self._waiting_since < ALONE):
            return
        report = self._decided(sorted(self._connections, key=lambda each: each.start), self._events)
        self._connections = []
        yield from self._failures(report)
        self._recent += [(now, outcome.connection) for outcome in report.outcomes if status_of(outcome) == FAILED]
        self._note(report)

    def _tell_logs(self, now: float) -> Iterator[ToldFailure]:
        due = dict.fromkeys(each for each in self._events if not each.is_told and now - each.arrived >= ALONE)
        if not due:
            return
        if self._recent:
            # What a log says late of a failure that was told is told where it changes the answer.
            report = self._decided([connection for _, connection in self._recent], self._events)
            yield from self._failures(report, late=True)
            self._note(report)
        waiting = [each for each in self._events if not each.is_told and not each.is_routine]
        of_what: dict[Hashable, list[_Event]] = defaultdict(list)
        for each in waiting:
            of_what[event_key(each.connection)].append(each)
            of_what[each.connection.log_entries[0].location].append(each)
        report = self._decided([], waiting)
        for index, outcome in enumerate(report.outcomes):
            connection = outcome.connection
            places = (entry.location for entry in connection.log_entries)
            of_it = [each for key in (event_key(connection), *places) for each in of_what.get(key, ())]
            if any(each in due for each in of_it):
                yield from self._failures(_alone(report, index))
                due.update(dict.fromkeys(of_it))
        for each in due:
            each.is_told = True

    def _failures(self, report: Report, *, late: bool = False) -> Iterator[ToldFailure]:
        """The failures of a report; `late`: only those that are not like any told before."""
        for index, outcome in enumerate(report.outcomes):
            if status_of(outcome) != FAILED:
                continue
            self.failed += 0 if late else outcome.connection.count
            key = likeness(outcome)
            is_again = key in self._told
            self._told[key] = None
            self._told.move_to_end(key)
            if not (late and is_again):
                yield ToldFailure(shown(_alone(report, index)), is_again)
        while len(self._told) > _TOLD:
            self._told.popitem(last=False)

    def _note(self, report: Report) -> None:
        """Takes note of which events were told with connections."""
        told = {entry.location for outcome in report.outcomes for entry in outcome.connection.log_entries}
        for each in self._events:
            each.is_told = each.is_told or each.connection.log_entries[0].location in told

    def _decided(self, connections: Sequence[Connection], events: Sequence[_Event]) -> Report:
        """What is decided of the connections, or of the events where there are none."""
        gathered = Gathered(connections=list(connections), configuration=self._configuration)
        sources: dict[str, list[Conversation]] = {}
        for each in events:
            sources.setdefault(each.connection.source, []).append(each.event)
        if sources:
            gathered.logs = LogConnections()
            for of_log in sources.values():
                gathered.logs.take_events(of_log)
        return report_of(gathered)


def _alone(report: Report, index: int) -> Report:
    """What a report says of one connection."""
    findings = (replace(each, connection=0) for each in report.findings if each.connection == index)
    return Report((report.outcomes[index],), tuple(findings), clock_offsets=report.clock_offsets)
