"""Facts to connections: one for each call of the application that connects. The same code for every client family.

What differs between families is said by the patterns: which record opens and closes a call, which begins an attempt,
and which ties another thread to a connection by the socket that both use.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.catalog.programs import message_channels
from mqtrace.evidence.building import ATTEMPTS_PER_CONNECTION, FACTS_PER_CONNECTION, PHASES, Building
from mqtrace.evidence.clock import Calendar
from mqtrace.evidence.facts import DATA, Observation
from mqtrace.evidence.written_messages import written_messages
from mqtrace.model import Client, Connection, Evidence, Fact, Location, Period
from mqtrace.model.text import joined, text
from mqtrace.readers.traces.data_calls import DataCalls
from mqtrace.readers.traces.trace_header import TraceHeader

PENDING = 300
ALWAYS = Period()
DISTINCT = 20_000
PROCESS_BEGINS = "process.begins"
# A place where a file is looked for: what becomes of it is told later.
INI_PLACE = "mqclient_ini.place."
# Scopes of facts that hold for other connections than that of their thread.
KEPT_APART = ("process", "object")
# In the name of a fact: the value of the one before it.
BEFORE = "{before}"
# Bytes before a call in which its process may have read what the call uses.
SHORTLY = 256 * 1024
# How far apart it is looked whether a connection has failed, and how far behind that what is still of it may stand.
STEP = 4 * 1024 * 1024
QUIET = 4 * 1024 * 1024
FAILED = 2
Look = Callable[[str, int, int], int | None]
CONNECTIONS, FACTS, OUTSIDE = "connections", "facts", "outside"
LEFT_OUT = {
    CONNECTIONS: f"connections beyond the first {DISTINCT:,} that differ were left out: split the file by time, "
    "and give the parts one by one.",
    FACTS: f"facts were left out of connections that have more than {FACTS_PER_CONNECTION:,} of them, or more than "
    f"{ATTEMPTS_PER_CONNECTION:,} attempts: cut the trace to the time of the failure to see them all.",
    OUTSIDE: f"facts that threads without a call that connects said were left out, {PENDING} at a time: if the trace "
    "begins within a call, trace the program from its start.",
}


class _Folded(Struct):
    """Equal connections: the first of them, how many there are, when the last ended and was answered, what the first is
    sorted by, and its last offset."""

    connection: Connection
    count: int
    end: str
    answered: str
    order: tuple[int, str, int]
    until: int = 0


class ConnectionBuilder:
    """Builds the connections of one trace from observations in file order."""

    def __init__(self, client: Client, source: str, header: TraceHeader, asked: Period = ALWAYS) -> None:
        """`asked`: connections that were answered at another time are left out, and counted as `not_asked`."""
        self.not_asked = 0
        self._has_failed = False
        self._looked_at = 0
        self._asked = asked
        self._client: Client = client
        self._source = source
        self._header = header
        self._calendar = Calendar(header.day, None if header.began is None else int(header.began // 3600))
        self._open: dict[str, Building] = {}
        self._pending: dict[str, Building] = {}
        self._process: dict[str, dict[tuple[str, str, str], Fact]] = defaultdict(dict)
        self._sockets: dict[str, list[Building]] = defaultdict(list)
        self._objects: dict[str, list[Observation]] = defaultdict(list)
        self._previous: dict[str, Observation] = {}
        self._named: dict[str, Observation] = {}
        self._data_calls: DataCalls[str] = DataCalls()
        self._data = self._data_calls.moving
        self._hour = ""
        self._folded: dict[tuple[Any, ...], _Folded] = {}
        self._dropped: Counter[str] = Counter()

    def feed(self, observations: Iterable[Observation]) -> None:
        """Takes in what one record says."""
        counting = [seen for seen in observations if seen.pattern.plain or self._counts(seen)]
        if self._data and counting and self._is_of_data(counting):
            return
        if len(counting) > 1:
            counting.sort(key=_ends_call)
        for seen in counting:
            record = seen.record
            clock, thread = record.clock, record.thread
            if clock[:2] != self._hour:
                self._hour = clock[:2]
                self._calendar.follow(clock)
            building = self._open.get(thread)
            if building and seen.pattern.plain:
                building.add(seen)
                building.end = clock or building.end
            elif not seen.pattern.passing:
                self._take(seen, building)
            self._previous[thread] = seen

    def is_moving_data(self, thread: str) -> bool:
        """Whether a call that moves data of messages is open in a thread."""
        return thread in self._data

    def _is_of_data(self, said: Sequence[Observation]) -> bool:
        """Whether a call that moves data of messages is open in this record's thread:
        what its buffers hold is no evidence."""
        return self._data_calls.hold(said[0].record.thread, (seen.depth for seen in said if seen.pattern.turns))

    def _counts(self, seen: Observation) -> bool:
        """Whether what the thread said before lets this fact count, for a pattern that asks for it."""
        if seen.pattern.of:
            return self._names_outcome(seen)
        wanted = seen.pattern.after or seen.pattern.not_after
        if not wanted:
            return True
        before = self._previous.get(seen.record.thread)
        if BEFORE in seen.name:
            return _filled(seen, before)
        follows = before is not None and before.name == wanted
        if follows and before and before.value:
            follows = seen.name.endswith(f".{before.value.lower()}")
        return follows == bool(seen.pattern.after)

    def _names_outcome(self, seen: Observation) -> bool:
        """Whether the thread has named what this is the outcome of; the fact is of it then, and that is over."""
        named = self._named.pop(seen.record.thread, None)
        if named is None or not named.name.startswith(seen.pattern.of):
            return False
        seen.name, seen.value = seen.name + named.name.removeprefix(seen.pattern.of), named.value
        return True

    def _take(self, seen: Observation, building: Building | None) -> None:
        record, pattern = seen.record, seen.pattern
        if pattern.opens == DATA:
            self._data[record.thread] = seen.depth
        elif pattern.closes == DATA:
            return
        elif pattern.opens:
            self._opened(seen, building)
        elif pattern.scope in KEPT_APART:
            self._keep(seen, building)
        elif pattern.closes:
            self._closed(seen, building)
        else:
            for owner in self._owners(record.thread, building):
                owner.add(seen)
                owner.end = record.clock or owner.end
            if pattern.joins == "socket":
                self._join(seen, building)

    def _opened(self, seen: Observation, building: Building | None) -> None:
        if building and not building.closed and seen.depth > building.depth:
            self._begin(building, seen)
            return
        if building:
            self._finish(building)
        thread, clock = seen.record.thread, seen.record.clock
        night = 0 if self._header.day else self._calendar.nights
        calendar = replace(self._calendar)
        fresh = Building(thread, calendar, seen.call, max(seen.depth, 0), calendar.moment(clock), clock, night=night)
        self._open[thread] = fresh
        self._pending.pop(thread, None)
        self._begin(fresh, seen)

    def _begin(self, building: Building, seen: Observation) -> None:
        """Takes in the begin of a call, and what was said of the object that it is one of."""
        for each in (seen, *self._objects.get(_of_object(seen), ())):
            building.add(each)

    def _keep_object(self, seen: Observation) -> None:
        said = self._objects[_of_object(seen)]
        if len(said) < PENDING:
            said.append(seen)
        else:
            self._dropped[OUTSIDE] += 1

    def _closed(self, seen: Observation, building: Building | None) -> None:
        thread = seen.record.thread
        if building is None and seen.depth < 0:
            return  # what does not tell its depth ends only a call that is open
        if building is None:
            # The trace begins inside the call: what the thread said until now belongs to it.
            building = self._pending.pop(thread, None) or Building(thread, replace(self._calendar))
            building.call, building.depth = seen.call, max(seen.depth, 0)
            self._open[thread] = building
        if building.closed and building.call == seen.call and seen.depth == building.depth:
            # It returns again: another call began in lines that are lost.
            before, building = building.parted()
            self._finish(before)
            building.call, building.depth = seen.call, seen.depth
            self._open[thread] = building
        if building.closed:
            return
        if seen.depth > building.depth:
            building.add(seen)
            return
        # What another call reads later is not what this one did.
        building.process = self._facts_of_process(thread)
        building.close(seen)

    def _keep(self, seen: Observation, building: Building | None) -> None:
        """Keeps a fact of an object, or of the process; one of the process that is seen again is the newest again."""
        if seen.name == PROCESS_BEGINS:
            self._begin_process(seen)
            return
        if seen.pattern.scope == "object":
            self._keep_object(seen)
            return
        if seen.name.startswith(INI_PLACE):
            self._named[seen.record.thread] = seen
        kept = self._process[seen.record.thread.partition(".")[0]]
        key = (seen.name, seen.value, seen.pattern.proves)
        if building and not building.closed:
            building.read.setdefault(seen.name, set()).add(key)
        before = kept.pop(key, None)
        if before or len(kept) < FACTS_PER_CONNECTION:
            kept[key] = before or seen.fact(self._calendar)
        else:
            self._dropped[FACTS] += 1

    def _facts_of_process(self, thread: str) -> list[Fact]:
        return list(self._process.get(thread.partition(".")[0], {}).values())

    def _begin_process(self, seen: Observation) -> None:
        """What was said of a process does not hold for the one whose header follows, even if it has the same number.

        A header that names the process ends the open calls of that number: they are of one before.
        """
        pid = seen.record.thread.partition(".")[0]
        for thread in [each for each in (*self._open, *self._pending) if seen.value and each.partition(".")[0] == pid]:
            self._pending.pop(thread, None)
            if thread in self._open:
                self._finish(self._open.pop(thread))
        for building in self._open.values():
            if building.process is None:
                building.process = self._facts_of_process(building.thread)
        self._process.clear()
        self._sockets.clear()
        self._objects.clear()

    def _join(self, seen: Observation, building: Building | None) -> None:
        """Ties the thread to the socket; what a thread without a call of its own said
        before belongs to the socket's connections."""
        users = self._sockets[f"{seen.record.thread.partition('.')[0]} {seen.value}"]
        if seen.name == "socket.opened":
            users.clear()
        if building and building not in users:
            users.append(building)
        said = self._pending.pop(seen.record.thread, None) if building is None else None
        if said:
            for user in users:
                user.adopt(said)

    def _owners(self, thread: str, building: Building | None) -> Iterator[Building]:
        if building:
            yield building
            return
        pending = self._pending.get(thread)
        if pending is None:
            pending = self._pending[thread] = Building(thread, replace(self._calendar))
        if len(pending.said) >= PENDING:
            self._dropped[OUTSIDE] += pending.forget()
        yield pending

    def _finish(self, building: Building) -> None:
        if building.told:
            return
        answered = building.calendar.moment(building.answered)
        if not self._asked.holds(answered):
            self.not_asked += 1
            return
        self._has_failed = self._has_failed or building.outcome()[0] == FAILED
        self._dropped[FACTS] += building.dropped
        pid = building.thread.partition(".")[0]
        own = {seen.name for seen in building.said}
        known = self._facts_of_process(building.thread) if building.process is None else building.process
        process = [fact for fact in known if fact.name not in own and _is_of_call(fact, building)]
        key = (
            pid,
            building.outcome(),
            building.phase,
            tuple((fact.name, fact.value) for fact in process),
            tuple(building.key),
        )
        before = self._folded.get(key)
        if before:
            before.count += 1
            before.end = max(before.end, building.calendar.moment(building.end))
            before.answered = max(before.answered, answered)
        elif len(self._folded) < DISTINCT:
            connection = self._connection(building, process)
            began = building.said[0].record.location.offset if building.said else 0
            order = (building.night, connection.start, began)
            self._folded[key] = _Folded(connection, 1, connection.end, answered, order, building.until)
        else:
            self._dropped[CONNECTIONS] += 1

    def has_failed(self, offset: int) -> bool:
        """Whether a connection failed of which nothing more is to come: its thread calls again, or has said nothing for
        long before this offset.
        """
        if self._has_failed or offset - self._looked_at < STEP:
            return self._has_failed
        self._looked_at = offset
        closed = (each for each in self._open.values() if each.closed and each.outcome()[0] == FAILED)
        return any(
            offset - each.answered_at >= QUIET and self._asked.holds(each.calendar.moment(each.answered))
            for each in closed
        )

    def stop(self) -> None:
        """Nothing more of the trace is read: calls that have not returned are left out, as nobody knows what becomes of
        them.
        """
        self._open = {thread: each for thread, each in self._open.items() if each.closed}
        self._pending.clear()

    def notes(self) -> list[str]:
        """A sentence for each limit at which something of the trace was left out, with
        what to do. Empty when all was kept."""
        return [
            joined([text("{source}: {count}", source=self._source, count=f"{count:,}"), LEFT_OUT[what]])
            for what, count in sorted(self._dropped.items())
            if count
        ]

    def _connection(self, building: Building, process: list[Fact]) -> Connection:
        pid = building.thread.partition(".")[0]
        said = building.facts()
        own, later = (said[: building.closed_at], said[building.closed_at :]) if building.closed else (said, [])
        completion, reason = building.outcome()
        named = {fact.name: fact.value for fact in (*process, *own)}
        # Traces of several processes may stand in one file, behind the header of the first.
        of_header = not pid.isdigit() or self._header.process in (None, int(pid))
        connected = completion in (0, 1) or building.failed_later
        number = int(pid) if pid.isdigit() else self._header.process
        program = _base_name(named.get("process.program", "") or (self._header.program if of_header else ""))
        return Connection(
            client=self._client,
            source=self._source,
            process=number,
            thread=building.thread.removeprefix("."),
            program=program,
            calls_out=program.lower().startswith(message_channels()),
            user=named.get("process.user", "") or (self._header.user if of_header else ""),
            host=self._header.host,
            level=self._header.level,
            platform=self._header.platform,
            start=building.start or (own[0].when if own else ""),
            end=building.calendar.moment(building.end),
            utc_offset=self._header.utc_offset,
            queue_manager=named.get("application.queue_manager", "") or named.get("mqi.queue_manager", ""),
            completion_code=completion,
            reason_code=reason,
            phase=PHASES[-1] if connected else PHASES[building.phase],
            facts=(*process, *own),
            attempts=building.attempts_of(own),
            log_entries=written_messages(own, program),
            structures=tuple(building.structures),
            tls=building.tls,
            later=tuple(later),
            failed_later=building.failed_later,
        )

    def connections(self, look: Look | None = None) -> list[Connection]:
        """All connections of the trace, equal ones folded, in the order in which they began. Call it once, at the end.

        `look`: tells the offset of the first line behind missing ones of a thread between two offsets; None where none
        are missing.
        """
        for building in self._open.values():
            self._finish(building)
        if not self._folded and not self.not_asked:
            for building in self._pending.values():
                if building.tells_a_failure:
                    self._finish(building)
        return self.ended(look)

    @property
    def calls(self) -> Mapping[str, Building]:
        """The newest call of each thread, ended or not."""
        return self._open

    def tell(self, thread: str) -> None:
        """Takes the call of a thread as ended, whatever the thread says of it later."""
        self._finish(self._open[thread])
        self._open[thread].told = True

    def forget(self, most: int) -> None:
        """Lets go of what was said longest ago, of more than `most` threads, sockets, objects or processes."""
        for thread in list(islice(self._open, max(0, len(self._open) - most))):
            self._finish(self._open.pop(thread))
        kept: tuple[dict[str, Any], ...]
        kept = (self._pending, self._process, self._sockets, self._objects, self._previous, self._named, self._data)
        for each in kept:
            for key in list(islice(each, max(0, len(each) - most))):
                del each[key]

    def ended(self, look: Look | None = None) -> list[Connection]:
        """The connections that have ended since this was asked before, as in `connections`."""
        found = sorted(self._folded.values(), key=lambda each: each.order)
        self._folded.clear()
        return [
            replace(
                each.connection,
                count=each.count,
                end=each.end,
                answered=each.answered,
                hole=_hole(each, look) if look else None,
            )
            for each in found
        ]


def _hole(folded: _Folded, look: Look) -> Evidence | None:
    """The place behind lines that are missing in what a connection rests on: its call,
    and what its process said shortly before."""
    connection = folded.connection
    own = folded.order[2]
    near = [fact.location.offset for fact in connection.facts if 0 <= own - fact.location.offset <= SHORTLY]
    place = look(connection.thread, min([own, *near]), folded.until)
    if place is None:
        return None
    after = next((fact for fact in connection.facts if fact.location.offset >= place), None)
    location = after.location if after else Location(connection.source, 0, place)
    return Evidence(location, after.text if after else "lines are missing before this place")


def _ends_call(seen: Observation) -> bool:
    """What the line that ends a call says besides is of that call."""
    return bool(seen.pattern.closes)


def _filled(seen: Observation, before: Observation | None) -> bool:
    """Whether the fact before it is the one that it asks for, whose value its name and value then get."""
    if before is None or before.name != seen.pattern.after:
        return False
    seen.name = seen.name.replace(BEFORE, before.value.lower())
    seen.value = seen.value.replace(BEFORE, before.value)
    return True


def _of_object(seen: Observation) -> str:
    return f"{seen.record.thread.partition('.')[0]} {seen.object}"


def _is_of_call(fact: Fact, building: Building) -> bool:
    """Whether a fact of the process counts for a call: where the call read that thing
    itself, what other threads read does not."""
    read = building.read.get(fact.name)
    return read is None or (fact.name, fact.value, fact.proves) in read


def _base_name(path: str) -> str:
    return path.strip('"').replace("\\", "/").rpartition("/")[2]
