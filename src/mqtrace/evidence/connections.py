"""Facts to connections: one for each call of the application that connects. The same code for every client family.

What differs between families is said by the patterns: which record opens and closes a call, which begins an attempt, and which ties
another thread to a connection by the socket that both use.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from mqtrace.evidence.clock import Calendar
from mqtrace.evidence.facts import Observation
from mqtrace.evidence.reasons import is_warning, reason_code
from mqtrace.model import Attempt, Client, Connection, Fact, Phase, Structure
from mqtrace.readers.trace_header import TraceHeader

FACTS_PER_CONNECTION = 3000
PENDING = 300
DISTINCT = 20_000
PHASES: tuple[str, ...] = get_args(Phase)
REASON = "reason"
RESULT = "call.result"


@dataclass(slots=True)
class _Building:
    """A connection while its facts come in."""

    thread: str
    call: str = ""
    depth: int = 0
    start: str = ""
    end: str = ""
    result: Fact | None = None
    closed: bool = False
    phase: int = 0
    facts: list[Fact] = field(default_factory=list)
    key: list[tuple[str, str, str]] = field(default_factory=list)
    last: dict[str, str] = field(default_factory=dict)
    attempts: list[tuple[int, int | None]] = field(default_factory=list)
    structures: list[Structure] = field(default_factory=list)
    tls: dict[str, Any] = field(default_factory=dict)

    def add(self, seen: Observation) -> None:
        """Takes one fact in; one that repeats the last of its name adds nothing."""
        pattern, name, value = seen.pattern, seen.name, seen.value
        if pattern.begins == "attempt":
            self.attempts.append((len(self.facts), None))
            self.last.clear()
        elif pattern.begins == "between" and self.attempts and self.attempts[-1][1] is None:
            self.attempts[-1] = (self.attempts[-1][0], len(self.facts) + 1)
        if pattern.phase and not self.closed:
            self.phase = max(self.phase, PHASES.index(pattern.phase))
        if (self.last.get(name) == value and not pattern.repeats) or len(self.facts) >= FACTS_PER_CONNECTION:
            return
        self.last[name] = value
        self.facts.append(seen.fact)
        if not pattern.varies:
            self.key.append((name, value, pattern.proves))
        decoded = seen.decoded
        if decoded:
            if decoded.structure and decoded.structure not in self.structures:
                self.structures.append(decoded.structure)
            self.tls.update({name: part for name, part in decoded.tls.items() if name not in self.tls})

    def adopt(self, other: "_Building") -> None:
        """Takes in what another thread said for this connection, while its call has not returned."""
        if not self.closed:
            self.facts.extend(other.facts)
            self.key.extend(other.key)
            self.last.update(other.last)


class ConnectionBuilder:
    """Builds the connections of one trace from observations in file order."""

    def __init__(self, client: Client, source: str, header: TraceHeader) -> None:
        self._client: Client = client
        self._source = source
        self._header = header
        self._calendar = Calendar(header.day, None if header.began is None else int(header.began // 3600))
        self._open: dict[str, _Building] = {}
        self._pending: dict[str, _Building] = {}
        self._process: dict[str, dict[tuple[str, str, str], Fact]] = defaultdict(dict)
        self._sockets: dict[str, list[_Building]] = defaultdict(list)
        self._previous: dict[str, Observation] = {}
        self._hour = ""
        self._folded: dict[tuple[Any, ...], Connection] = {}
        self.not_kept = 0

    def feed(self, observations: Iterable[Observation]) -> None:
        """Takes in what one record says."""
        counting = [seen for seen in observations if seen.pattern.plain or self._counts(seen)]
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
            else:
                self._take(seen, building)
            self._previous[thread] = seen

    def _counts(self, seen: Observation) -> bool:
        """Whether what the thread said before lets this fact count, for a pattern that asks for it."""
        wanted = seen.pattern.after or seen.pattern.not_after
        if not wanted:
            return True
        before = self._previous.get(seen.record.thread)
        follows = before is not None and before.name == wanted and seen.name.endswith(f".{before.value.lower()}")
        return follows == bool(seen.pattern.after)

    def _take(self, seen: Observation, building: _Building | None) -> None:
        record, pattern = seen.record, seen.pattern
        if pattern.opens:
            self._opened(seen, building)
        elif pattern.scope == "process":
            self._keep_process(seen)
        elif pattern.closes:
            self._closed(seen, building)
        else:
            if pattern.joins == "socket":
                self._join(seen, building)
            for owner in self._owners(record.thread, building):
                owner.add(seen)
                owner.end = record.clock or owner.end

    def _opened(self, seen: Observation, building: _Building | None) -> None:
        if building and not building.closed and seen.depth > building.depth:
            building.add(seen)
            return
        if building:
            self._finish(building)
        thread, clock = seen.record.thread, seen.record.clock
        fresh = _Building(thread, seen.call, max(seen.depth, 0), self._calendar.moment(clock), clock)
        self._open[thread] = fresh
        self._pending.pop(thread, None)
        fresh.add(seen)

    def _closed(self, seen: Observation, building: _Building | None) -> None:
        thread = seen.record.thread
        if building is None:
            # The trace begins inside the call: what the thread said until now belongs to it.
            building = self._pending.pop(thread, None) or _Building(thread)
            building.call, building.depth = seen.call, max(seen.depth, 0)
            self._open[thread] = building
        if building.closed:
            return
        if seen.depth > building.depth:
            building.add(seen)
            return
        building.result, building.closed, building.end = seen.fact, True, seen.record.clock or building.end
        building.add(seen)

    def _keep_process(self, seen: Observation) -> None:
        """Keeps a fact of the process; one that is seen again is the newest again."""
        kept = self._process[seen.record.thread.partition(".")[0]]
        key = (seen.name, seen.value, seen.pattern.proves)
        before = kept.pop(key, None)
        if before or len(kept) < FACTS_PER_CONNECTION:
            kept[key] = before or seen.fact

    def _join(self, seen: Observation, building: _Building | None) -> None:
        """Ties the thread to the socket; what a thread without a call of its own said before belongs to the socket's connections."""
        users = self._sockets[seen.value]
        if seen.name == "socket.opened":
            users.clear()
        if building and building not in users:
            users.append(building)
        said = self._pending.pop(seen.record.thread, None) if building is None else None
        if said:
            for user in users:
                user.adopt(said)

    def _owners(self, thread: str, building: _Building | None) -> Iterator[_Building]:
        if building:
            yield building
            return
        pending = self._pending.setdefault(thread, _Building(thread))
        if len(pending.facts) >= PENDING:
            pending.facts.clear()
            pending.attempts.clear()
        yield pending

    def _finish(self, building: _Building) -> None:
        connection = self._connection(building)
        process = tuple((fact.name, fact.value) for fact in connection.facts[: len(connection.facts) - len(building.facts)])
        key = (connection.reason_code, connection.phase, connection.queue_manager, connection.process, process, tuple(building.key))
        before = self._folded.get(key)
        if before:
            self._folded[key] = replace(before, count=before.count + 1, end=max(before.end, connection.end))
        elif len(self._folded) < DISTINCT:
            self._folded[key] = connection
        else:
            self.not_kept += 1

    def _connection(self, building: _Building) -> Connection:
        pid = building.thread.partition(".")[0]
        process = list(self._process.get(pid, {}).values())
        own = {fact.name for fact in building.facts}
        facts = [fact for fact in process if fact.name not in own] + building.facts
        completion, reason = _outcome(building)
        phase = PHASES[-1] if completion in (0, 1) or _failed_later(building) else PHASES[building.phase]
        named = {fact.name: fact.value for fact in facts}
        return Connection(
            client=self._client,
            source=self._source,
            process=int(pid) if pid.isdigit() else self._header.process,
            thread=building.thread,
            program=_base_name(named.get("process.program", "") or self._header.program),
            user=named.get("process.user", "") or self._header.user,
            host=self._header.host,
            level=self._header.level,
            platform=self._header.platform,
            start=building.start or self._calendar.moment(building.facts[0].clock if building.facts else ""),
            end=self._calendar.moment(building.end),
            utc_offset=self._header.utc_offset,
            queue_manager=named.get("application.queue_manager", "") or named.get("mqi.queue_manager", ""),
            completion_code=completion,
            reason_code=reason,
            phase=phase,  # type: ignore[arg-type]
            facts=tuple(facts),
            attempts=_attempts(building),
            structures=tuple(building.structures),
            tls=building.tls,
        )

    def connections(self) -> list[Connection]:
        """All connections of the trace, equal ones folded, in the order in which they began. Call it once, at the end."""
        for building in self._open.values():
            self._finish(building)
        if not self._folded:
            for building in self._pending.values():
                if _tells_a_failure(building):
                    self._finish(building)
        return sorted(self._folded.values(), key=lambda each: (each.start, each.facts[0].location.offset if each.facts else 0))


def _base_name(path: str) -> str:
    return path.strip('"').replace("\\", "/").rpartition("/")[2]


def _attempts(building: _Building) -> tuple[Attempt, ...]:
    """The facts of each attempt; none when the trace shows no attempt.

    What stands between two attempts belongs to the one that follows, where a record ends the one before; the last takes all that remain.
    """
    attempts, channel, before = [], "", 0
    begins = [begin for begin, _ in building.attempts]
    for number, (begin, end) in enumerate(building.attempts):
        following = begins[number + 1] if number + 1 < len(begins) else len(building.facts)
        stop = following if end is None or number + 1 == len(begins) else min(end, following)
        lead, facts = building.facts[before:begin], tuple(building.facts[begin:stop])
        channel = _last(lead, "mqcd.ChannelName") or channel
        address = (
            facts[0].value or _last(facts, "mqcd.ConnectionName") or _last(lead, "mqcd.ConnectionName") or _last(facts, "peer.address")
        )
        attempts.append(Attempt(_last(facts, "mqcd.ChannelName", "peer.channel") or channel, address, (*lead, *facts) if number else facts))
        before = stop
    return tuple(attempts)


def _last(facts: Iterable[Fact], *names: str) -> str:
    return next((fact.value for fact in reversed(list(facts)) if fact.name in names and fact.value), "")


def _failed_later(building: _Building) -> bool:
    """Whether the call that connects went well, and a later one of the application failed."""
    if not building.result or reason_code(building.result.value) != 0:
        return False
    return any(fact.name == "later.reason" for fact in building.facts)


def _outcome(building: _Building) -> tuple[int | None, int | None]:
    """Completion and reason code that the application got; None, None when the trace ends before."""
    thrown = [fact for fact in building.facts if fact.name == REASON and fact.proves == "used"]
    later = [fact for fact in building.facts if fact.name == "later.reason"]
    result = reason_code(building.result.value) if building.result else None
    if thrown and result in (0, None):
        result = reason_code(thrown[-1].value)
    if result == 0 and later:
        result = reason_code(later[0].value)
    if result is None:
        return None, None
    return (1 if is_warning(result) else 2 if result else 0), result


def _tells_a_failure(building: _Building) -> bool:
    return building.phase > 0 or any(fact.name in (REASON, "later.reason", "gskit.code", "tls.alert") for fact in building.facts)
