"""One connection while its facts come in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from mqtrace.evidence.facts import Observation
from mqtrace.evidence.reasons import is_warning, reason_code
from mqtrace.model import Attempt, Fact, Phase, Structure

if TYPE_CHECKING:
    from mqtrace.model.tls import Handshake

FACTS_PER_CONNECTION = 3000
PHASES: tuple[Phase, ...] = get_args(Phase)
REASON = "reason"
LATER = "later.reason"
TELLING = (REASON, LATER, "gskit.code", "tls.alert")


@dataclass(slots=True)
class Building:
    """A connection while its facts come in.

    Attributes:
        thread: "pid.tid" of the connecting thread.
        call, depth: name of the call that connects and the dashes before it.
        start: local time of the call's begin.
        end: time of day of the newest record.
        result: the record of the call's return.
        closed: the call has returned.
        closed_at: how much of `said` was said when it returned.
        phase: index in PHASES of how far it came.
        said: what was said, each that repeats the last of its name left out. Facts are made of it only when the connection is
            reported: most connections of a long trace are equal to one before.
        key: what makes two connections equal: name, value and kind of proof of all that does not vary by chance.
        attempts: where in `said` each attempt begins, and ends where a record tells it.
        phases: how far each attempt before the last came.
        read: what the thread said of the process within this call: the keys of its facts, by their names.
        process: the facts of the process when the call returned.
        night: how often midnight had passed when it began, in a trace without a date.
        structures, tls: decoded structures, and the TLS handshake as far as records show it.
    """

    thread: str
    call: str = ""
    depth: int = 0
    start: str = ""
    end: str = ""
    result: Observation | None = None
    closed: bool = False
    closed_at: int = 0
    phase: int = 0
    said: list[Observation] = field(default_factory=list)
    key: list[tuple[str, str, str]] = field(default_factory=list)
    attempts: list[tuple[int, int | None]] = field(default_factory=list)
    phases: list[int] = field(default_factory=list)
    read: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)
    process: list[Fact] | None = None
    night: int = 0
    structures: list[Structure] = field(default_factory=list)
    tls: "Handshake | None" = None
    _last: dict[str, str] = field(default_factory=dict)

    def add(self, seen: Observation) -> None:
        """Takes in what a record says; what repeats the last of its name adds nothing."""
        pattern, name, value = seen.pattern, seen.name, seen.value
        if pattern.begins:
            self._bound(pattern.begins)
        if pattern.phase and not self.closed:
            self.phase = max(self.phase, PHASES.index(pattern.phase))
        if (self._last.get(name) == value and not pattern.repeats) or len(self.said) >= FACTS_PER_CONNECTION:
            return
        self._last[name] = value
        self.said.append(seen)
        if not pattern.varies:
            self.key.append((name, value, pattern.proves))
        if seen.decoded:
            self._decoded(seen)

    def _bound(self, begins: str) -> None:
        if begins == "attempt":
            if self.attempts:
                self.phases.append(self.phase)
                self.phase = self.phase if self.closed else 0
            self.attempts.append((len(self.said), None))
            self._last.clear()
        elif self.attempts and self.attempts[-1][1] is None:
            self.attempts[-1] = (self.attempts[-1][0], len(self.said) + 1)

    def _decoded(self, seen: Observation) -> None:
        decoded = seen.decoded
        if decoded and decoded.structure and decoded.structure not in self.structures:
            self.structures.append(decoded.structure)
        if decoded and decoded.tls:
            self.tls = decoded.tls.filling(self.tls)

    def adopt(self, other: "Building") -> None:
        """Takes in what another thread said for this connection, while its call has not returned."""
        if not self.closed:
            self.said.extend(other.said)
            self.key.extend(other.key)
            self._last.update(other._last)

    def parted(self) -> "tuple[Building, Building]":
        """The connection up to the return of its call, and what was said since then, as of another call of the same thread."""
        first = Building(self.thread, self.call, self.depth, self.start, self.end, read=self.read, night=self.night)
        for seen in self.said[: self.closed_at]:
            first.add(seen)
        first.result, first.closed, first.closed_at, first.process = self.result, True, self.closed_at, self.process
        second = Building(self.thread, night=self.night)
        for seen in self.said[self.closed_at :]:
            second.add(seen)
        return first, second

    def forget(self) -> None:
        """Lets go of all that was said."""
        self.said.clear()
        self.key.clear()
        self.attempts.clear()
        self.phases.clear()

    def values(self, name: str) -> list[str]:
        """All values of the facts of that name, in order."""
        return [seen.value for seen in self.said if seen.name == name]

    @property
    def tells_a_failure(self) -> bool:
        """Whether there is anything of a connection in it: for what a thread says outside of any call."""
        return self.phase > 0 or bool(self.structures) or any(seen.name in TELLING for seen in self.said)

    @property
    def failed_later(self) -> bool:
        """Whether the call that connects went well, and a later one of the application failed."""
        return self.result is not None and reason_code(self.result.value) == 0 and bool(self.values(LATER))

    def outcome(self) -> tuple[int | None, int | None]:
        """Completion and reason code that the application got; None, None when the trace ends before."""
        thrown = [seen.value for seen in self.said if seen.name == REASON and seen.pattern.proves == "used"]
        result = reason_code(self.result.value) if self.result else None
        if thrown and result in (0, None):
            result = reason_code(thrown[-1])
        later = self.values(LATER)
        if result == 0 and later:
            result = reason_code(later[0])
        if result is None:
            return None, None
        return (1 if is_warning(result) else 2 if result else 0), result

    def attempts_of(self, facts: Sequence[Fact]) -> tuple[Attempt, ...]:
        """The attempts, with their part of the facts that were made of `said`; none when the trace shows no attempt.

        What stands between two attempts belongs to the one that follows, where a record ends the one before; the last takes all
        that remain.
        """
        attempts, channel, before = [], "", 0
        begins = [begin for begin, _ in self.attempts]
        for number, (begin, end) in enumerate(self.attempts):
            following = begins[number + 1] if number + 1 < len(begins) else len(facts)
            stop = following if end is None or number + 1 == len(begins) else min(end, following)
            lead, own = tuple(facts[before:begin]), tuple(facts[begin:stop])
            channel = _last(lead, "mqcd.ChannelName") or channel
            address = (
                own[0].value
                or _last(own, "mqcd.ConnectionName")
                or _last(lead, "mqcd.ConnectionName")
                or _last(own, "peer.address")
            )
            name = _last(own, "mqcd.ChannelName") or _last(own, "peer.channel") or channel
            phase = PHASES[self.phases[number] if number < len(self.phases) else self.phase]
            attempts.append(Attempt(name, address, (*lead, *own) if number else own, phase))
            before = stop
        return tuple(attempts)


def _last(facts: Iterable[Fact], *names: str) -> str:
    return next((fact.value for fact in reversed(list(facts)) if fact.name in names and fact.value), "")
