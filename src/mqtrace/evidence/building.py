"""One connection while its facts come in."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, get_args

from msgspec import Struct, field
from msgspec.structs import replace

from mqtrace.catalog.reasons import is_warning, written_reason
from mqtrace.evidence.clock import Calendar
from mqtrace.evidence.decoding import Decoded
from mqtrace.evidence.definitions import CHANNEL, of_attempt
from mqtrace.evidence.facts import TEXT_CAP, Observation
from mqtrace.evidence.return_codes import OWN, told_by, unwinds
from mqtrace.model import Attempt, Fact, Phase, Structure

if TYPE_CHECKING:
    from mqtrace.model.tls import Handshake

FACTS_PER_CONNECTION = 3000
ATTEMPTS_PER_CONNECTION = 500
PHASES: tuple[Phase, ...] = get_args(Phase)
PHASE_NUMBER = {phase: number for number, phase in enumerate(PHASES)}
CONNECTED = PHASE_NUMBER["connected"]
REASON = "reason"
LATER = "later.reason"
TELLING = (REASON, LATER, "gskit.code", "tls.alert")
# A function that failed, the client's own code that reached the call's return, and the first one where it was another.
EXIT = "inner.result"
CODE, FIRST_CODE = "client.return_code", "client.first_code"
LONGEST_RUN = 200
NUMBERS_IN_WORDS = {"gskit.code": "GSKit's code", "socket.errno": "error"}


class Failing(Struct, frozen=True):
    """A function that returned a code of failure; the attributes are those of FunctionExit, with what showed it."""

    depth: int
    name: str
    code: str
    seen: Observation


class Building(Struct):
    """A connection while its facts come in.

    Attributes:
        thread: "pid.tid" of the connecting thread.
        calendar: the date of its begin.
        call, depth: name of the call that connects and the dashes before it.
        start: local time of the call's begin.
        end: time of day of the newest record.
        result: the record of the call's return.
        closed: the call has returned.
        closed_at: how much of `said` was said when it returned.
        phase: index in PHASES of how far it came.
        said: what was said, each that repeats the last of its name left out. Facts are made of it only when the
            connection is reported: most connections of a long trace are equal to one before.
        key: what makes two connections equal: name, value and kind of proof of all that does not vary by chance.
        attempts: where in `said` each attempt begins, and ends where a record tells it.
        phases: how far each attempt before the last came.
        read: what the thread said of the process within this call: the keys of its facts, by their names.
        process: the facts of the process when the call returned.
        night: how often midnight had passed when it began, in a trace without a date.
        structures, tls: decoded structures, and the TLS handshake as far as records show it.
        dropped: how many facts and attempts were left out at a limit.
        failing: the newest run of failing exits, each of which can have passed on the failure of the one before.
        told: it was told while its trace was still written, and is not told again.
    """

    thread: str
    calendar: Calendar
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
    dropped: int = 0
    failing: list[Failing] = field(default_factory=list)
    told: bool = False
    _last: dict[str, str] = field(default_factory=dict)

    # Every observation of a trace passes here, where a call more would be felt.
    def add(self, seen: Observation) -> None:  # noqa: C901
        """Takes in what a record says; what repeats the last of its name, or is of a step
        that is over, adds nothing."""
        pattern, name, value = seen.pattern, seen.name, seen.value
        if name == EXIT:
            self._fails(seen)
            return
        if pattern.until and (self.closed or self.phase > PHASE_NUMBER[pattern.until]):
            return
        if not self.closed:
            if pattern.begins:
                self._bound(pattern.begins)
            if pattern.phase:
                self.phase = max(self.phase, PHASE_NUMBER[pattern.phase])
        if self._last.get(name) == value and not pattern.repeats:
            return
        if len(self.said) >= FACTS_PER_CONNECTION:
            self.dropped += 1
            return
        self._last[name] = value
        self.said.append(seen)
        if not pattern.varies:
            self.key.append((name, value, pattern.proves))
        if seen.decoded:
            self._decoded(seen)
        if self.closed and self._is_of_return(seen):
            self.closed_at = len(self.said)

    def _fails(self, seen: Observation) -> None:
        """Keeps the exit of a function that failed while the stack unwinds from the one before."""
        if self.closed:
            return
        run = self.failing
        if run and (len(run) >= LONGEST_RUN or not unwinds(run[-1].depth, seen.depth)):
            run.clear()
        if run and (run[-1].depth, run[-1].name) == (seen.depth, seen.call):
            run.pop()  # what is tried again and again
        run.append(Failing(seen.depth, seen.call, seen.value, seen))

    def _tell_why(self, result: Observation) -> None:
        """Says which codes failed the call: those of the run of exits that reached its return."""
        run = self.failing
        if not (run and written_reason(result.value) and unwinds(run[-1].depth, max(result.depth, 0))):
            return
        for function, name, value in told_by(run):
            self.add(replace(function.seen, name=name, value=value, decoded=_in_words(function, name, value)))
        own = [function for function in run if function.code.startswith(OWN)]
        if not own:
            return
        # Where the codes differ, its caller may have lived with the first failure: exits that say OK are not read.
        if own[0].code != own[-1].code:
            self.add(replace(own[0].seen, name=FIRST_CODE))
        first = next(function for function in own if function.code == own[-1].code)
        self.add(replace(first.seen, name=CODE))

    def _is_of_return(self, seen: Observation) -> bool:
        """Whether it is the exception by which the library tells a failure of the call
        that it has just returned from with "OK"."""
        is_next = len(self.said) == self.closed_at + 1
        return is_next and _is_thrown(seen) and self.phase < CONNECTED and self._returned() == 0

    def close(self, result: Observation) -> None:
        """The call has returned: what follows is not of it."""
        self._tell_why(result)
        self.result, self.closed, self.end = result, True, result.record.clock or self.end
        self.add(result)
        self.closed_at = len(self.said)
        self._last.clear()

    def _bound(self, begins: str) -> None:
        if begins == "between":
            if self.attempts and self.attempts[-1][1] is None:
                self.attempts[-1] = (self.attempts[-1][0], len(self.said) + 1)
            return
        if len(self.attempts) >= ATTEMPTS_PER_CONNECTION:
            self.dropped += 1
            return
        if self.attempts:
            self.phases.append(self.phase)
            self.phase = 0
        self.attempts.append((len(self.said), None))
        self._last.clear()

    def _decoded(self, seen: Observation) -> None:
        decoded = seen.decoded
        if self.closed or not decoded:
            return
        if decoded.structure and decoded.structure not in self.structures:
            self.structures.append(decoded.structure)
        if decoded.tls:
            self.tls = decoded.tls.filling(self.tls)

    def adopt(self, other: "Building") -> None:
        """Takes in what another thread said for this connection, while its call has not returned."""
        if not self.closed:
            self.said.extend(other.said)
            self.key.extend(other.key)
            self._last.update(other._last)

    def parted(self) -> "tuple[Building, Building]":
        """The connection up to the return of its call, and what was said since then, as
        of another call of the same thread."""
        first = Building(
            self.thread, self.calendar, self.call, self.depth, self.start, self.end, read=self.read, night=self.night
        )
        for seen in self.said[: self.closed_at]:
            first.add(seen)
        first.result, first.closed, first.closed_at, first.process = self.result, True, self.closed_at, self.process
        first.told = self.told
        second = Building(self.thread, replace(self.calendar), night=self.night)
        for seen in self.said[self.closed_at :]:
            second.add(seen)
        return first, second

    def forget(self) -> int:
        """Lets go of all that was said, and tells how much that was."""
        forgotten = len(self.said)
        self.said.clear()
        self.key.clear()
        self.attempts.clear()
        self.phases.clear()
        return forgotten

    @property
    def until(self) -> int:
        """Offset of the end of the last line of the call."""
        own = self.said[: self.closed_at] if self.closed else self.said
        return max((seen.record.offset + seen.record.length for seen in own), default=0)

    def values(self, name: str) -> list[str]:
        """All values of the facts of that name, in order."""
        return [seen.value for seen in self.said if seen.name == name]

    @property
    def tells_a_failure(self) -> bool:
        """Whether there is anything of a connection in it: for what a thread says outside of any call."""
        return self.phase > 0 or bool(self.structures) or any(seen.name in TELLING for seen in self.said)

    def _returned(self) -> int | None:
        return written_reason(self.result.value) if self.result else None

    @property
    def _later_reasons(self) -> list[str]:
        """The reason codes of what failed after the call that connects had returned."""
        after = self.said[self.closed_at :] if self.closed else []
        return [seen.value for seen in after if _tells_later(seen)]

    @property
    def failed_later(self) -> bool:
        """Whether the call that connects went well, and a later one of the application failed."""
        return bool(self._later_reasons) and self._own_result() == 0

    def _own_result(self) -> int | None:
        """The reason code that the call that connects gave."""
        returned = self._returned()
        if returned:
            return returned
        if self.result and not self.result.value and self.phase >= CONNECTED:
            return 0  # a return that tells no code
        own = self.said[: self.closed_at] if self.closed else self.said
        thrown = next((seen for seen in reversed(own) if _is_thrown(seen)), None)
        return written_reason(thrown.value) if thrown else returned

    @property
    def answered(self) -> str:
        """Time of day at which the application got what `outcome` gives; of the newest record where that is not
        shown."""
        answer = self._answer()
        return (answer.record.clock if answer else "") or self.end

    @property
    def answered_at(self) -> int:
        """Offset of the record that shows that; of the end of the call where none does."""
        answer = self._answer()
        return answer.record.offset if answer else self.until

    def _answer(self) -> Observation | None:
        if self.failed_later:
            return next(seen for seen in self.said[self.closed_at :] if _tells_later(seen))
        return self.result

    def outcome(self) -> tuple[int | None, int | None]:
        """Completion and reason code that the application got; None, None when the trace ends before."""
        result = self._own_result()
        if result == 0 and self._later_reasons:
            result = written_reason(self._later_reasons[0])
        if result is None:
            return None, None
        if result == 0:
            return 0, 0
        return (1 if is_warning(result) else 2), result

    def facts(self) -> list[Fact]:
        """The facts of all that was said, one for each, with their times."""
        calendar = replace(self.calendar)
        facts = []
        for seen in self.said:
            calendar.follow(seen.record.clock)
            facts.append(seen.fact(calendar))
        return facts

    def attempts_of(self, facts: Sequence[Fact]) -> tuple[Attempt, ...]:
        """The attempts, with their part of the facts that were made of `said`; none when the trace shows no attempt.

        What stands between two attempts belongs to the one that follows, where a record ends the one before; the last
        takes all that remain.
        """
        attempts, channel, before = [], "", 0
        begins = [begin for begin, _ in self.attempts]
        for number, (begin, end) in enumerate(self.attempts):
            following = begins[number + 1] if number + 1 < len(begins) else len(facts)
            stop = following if end is None or number + 1 == len(begins) else min(end, following)
            own = tuple(facts[begin:stop])
            lead = of_attempt(facts[before:begin], own)
            is_told = len(lead) == begin - before
            channel = (_last(lead, CHANNEL) or channel) if is_told else ""
            attempts.append(
                Attempt(
                    _last(own, CHANNEL) or _last(own, "peer.channel") or channel,
                    _address(lead, own),
                    (*lead, *own) if number else own,
                    PHASES[self.phases[number] if number < len(self.phases) else self.phase],
                    own[0].when if own else "",
                    own[-1].when if own else "",
                )
            )
            before = stop
        return tuple(attempts)


def _in_words(function: Failing, name: str, value: str) -> Decoded | None:
    """A line with a hexadecimal number, and that number as other tools write it; None for other lines."""
    if name not in NUMBERS_IN_WORDS:
        return None
    return Decoded((), f"{function.seen.record.text[:TEXT_CAP].strip()} ({NUMBERS_IN_WORDS[name]} {value})")


def _tells_later(seen: Observation) -> bool:
    """Whether it is the reason of a failure, said after the call that connects had returned."""
    return seen.name == LATER or _is_thrown(seen)


def _is_thrown(seen: Observation) -> bool:
    return seen.name == REASON and seen.pattern.proves == "used"


def _address(lead: Sequence[Fact], own: Sequence[Fact]) -> str:
    """The address of an attempt with that own part of the facts, behind those before it."""
    named = "mqcd.ConnectionName"
    return (own[0].value if own else "") or _last(own, named) or _last(lead, named) or _last(own, "peer.address")


def _last(facts: Iterable[Fact], *names: str) -> str:
    return next((fact.value for fact in reversed(list(facts)) if fact.name in names and fact.value), "")
