"""Patterns over records: what a record says, as facts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic
from typing import Any

from msgspec import Struct

from mqtrace.catalog.trace_patterns import TracePattern
from mqtrace.evidence.clock import Calendar
from mqtrace.evidence.decoding import Decoded, decode_record
from mqtrace.kept import compiled_regex
from mqtrace.masking import HIDDEN
from mqtrace.model import Fact, Record
from mqtrace.readers.traces.data_calls import CallTurn
from mqtrace.readers.traces.parallel import ONE_A_CORE, Sharing
from mqtrace.readers.traces.trace_lines import Selection, depth_of

MATCH_SECONDS = 1.0
# A search that takes longer than SLOW counts, and a pattern whose slow searches took PATIENCE together is given up
# (seconds).
SLOW = 0.2
PATIENCE = 3.0
REMEMBERED = 20_000
# How long a call took, at the end of its line: no two are alike, and no pattern asks for it.
_TIME, _DIGITS = b" FunctionTime=", b"0123456789"
# What a pattern opens that is a call which moves data of messages.
DATA = "data"
TEXT_CAP = 500
# Facts that are reckoned with, and the base of their numbers: a user's pattern may give another text, which says
# nothing then.
NUMBERS = {"tls.alert": 10, "openssl.error": 16}


# Not frozen, and its fact not made until it is asked for: most repeat what the connection has already said.
class Observation(Struct):
    """What one pattern found in one record.

    Attributes:
        record: the record.
        pattern: the entry of patterns/trace.
        name, value: of the fact.
        call: name of the call for a pattern that opens or closes a connection, "" for others.
        depth: number of dashes before that call, -1 where the pattern does not tell.
        object: the object that the call is one of, or that the fact is about, "" where the pattern does not tell.
        decoded: the structure or handshake of a dump or block.
    """

    record: Record
    pattern: TracePattern
    name: str
    value: str
    call: str = ""
    depth: int = -1
    object: str = ""
    decoded: Decoded | None = None

    def fact(self, calendar: Calendar) -> Fact:
        """The fact, with the date that the calendar gives its time."""
        record, pattern = self.record, self.pattern
        text = self.name if pattern.secret else record.text[:TEXT_CAP].strip()
        if self.decoded:
            text = self.decoded.text
        return Fact(
            self.name,
            self.value,
            record.location,
            text,
            pattern.proves,
            record.thread,
            record.clock,
            pattern.id,
            pattern.basis,
            calendar.moment(record.clock),
        )


_Match = tuple[TracePattern, str, str, str, int, str]


class FactFinder:
    """Finds facts in the records of one client family's traces."""

    def __init__(
        self,
        patterns: Sequence[TracePattern],
        *,
        portable: bool = False,
        sharing: Sharing = ONE_A_CORE,
        warn: Callable[[str], None] | None = None,
    ) -> None:
        """`portable`, `sharing`: as in Selection; `warn` gets a sentence for each pattern that is given up because it
        takes too long."""
        owners: dict[tuple[bytes, str, bytes], list[TracePattern]] = {}
        for pattern in patterns:
            for literal in pattern.literals:
                owners.setdefault((literal, pattern.kind, pattern.ends.encode()), []).append(pattern)
        self._owners = tuple(tuple(found) for found in owners.values())
        self._compiled: dict[str, Any] = {}
        self._slow: dict[str, float] = {}
        self._given_up: set[str] = set()
        self._warn = warn
        asks = any(_TIME.strip().decode() in text for each in patterns for text in (each.regex, *each.forms))
        self._passes_over_time = not asks
        self._remembered: dict[tuple[bytes | int, ...], tuple[_Match, ...]] = {}
        self.selection = Selection(
            tuple(literal for literal, _, _ in owners),
            tuple(kind for _, kind, _ in owners),
            tuple(ends for _, _, ends in owners),
            self._literals_of(lambda pattern: pattern.turns),
            self._literals_of(lambda pattern: pattern.turns or bool(pattern.of)),
            self.turns,
            portable,
            sharing,
        )

    def _literals_of(self, is_wanted: Callable[[TracePattern], bool]) -> frozenset[int]:
        """The literals of such patterns, and of others."""
        return frozenset(index for index, found in enumerate(self._owners) if any(map(is_wanted, found)))

    def observe(self, record: Record, literals: Sequence[int]) -> list[Observation]:
        """Everything that one selected record says; nothing where no pattern matches."""
        if record.kind != "text":
            return list(self._observe_bytes(record, literals))
        raw = record.raw
        if self._passes_over_time and raw[-1:].isdigit():
            told = raw.rstrip(_DIGITS)
            raw = told if told.endswith(_TIME) else raw
        key: tuple[bytes | int, ...] = (raw, *literals)
        matches = self._remembered.get(key)
        if matches is None:
            matches = tuple(self._matches(record.raw, literals))
            if len(self._remembered) < REMEMBERED:
                self._remembered[key] = matches
        return [Observation(record, *found) for found in matches]

    def turns(self, record: Record, literals: Sequence[int]) -> Sequence[CallTurn]:
        """The calls that begin or return on a line. That one begins which moves data is sure only where its pattern
        asks for nothing else."""
        return [
            CallTurn(seen.pattern.opens == DATA and not _is_conditional(seen.pattern), seen.depth)
            for seen in self.observe(record, literals)
            if seen.pattern.turns
        ]

    def matches(self, raw: bytes, literals: Sequence[int]) -> bool:
        """Whether any pattern of these literals matches a line's body."""
        return next(iter(self._matches(raw, literals)), None) is not None

    def _matches(self, raw: bytes, literals: Sequence[int]) -> Iterator[_Match]:
        tried: set[str] = set()
        for pattern in (owner for index in literals for owner in self._owners[index]):
            if pattern.id not in tried:
                tried.add(pattern.id)
                found = self._search(pattern, raw)
                if found is not None:
                    yield found

    def _search(self, pattern: TracePattern, raw: bytes) -> _Match | None:
        if not pattern.regex:
            return _literal(pattern)
        if pattern.id in self._given_up:
            return None
        compiled = self._compiled.get(pattern.id)
        if compiled is None:
            compiled = self._compiled[pattern.id] = compiled_regex(pattern.regex.encode())
        begin = monotonic()
        try:
            found = compiled.search(raw, timeout=MATCH_SECONDS)
        except TimeoutError:
            found = None
        seconds = monotonic() - begin
        if seconds > SLOW:
            self._count_slow(pattern, min(seconds, MATCH_SECONDS))
        if not found:
            return None
        groups = {name: (text or b"").decode("utf-8", "replace") for name, text in found.groupdict().items()}
        name, value = _fill(pattern.fact, groups), _value(pattern, groups)
        if not _is_sound(name, value):
            return None
        depth = depth_of(groups["dashes"]) if "dashes" in groups else -1
        return pattern, name, value, groups.get("call", ""), depth, groups.get("object", "")

    def _count_slow(self, pattern: TracePattern, seconds: float) -> None:
        self._slow[pattern.id] = self._slow.get(pattern.id, 0.0) + seconds
        if self._slow[pattern.id] < PATIENCE:
            return
        self._given_up.add(pattern.id)
        if self._warn:
            self._warn(
                f"The pattern {pattern.id} ({pattern.origin}) takes too long and is left out from here on: "
                "make its regex begin at a fixed text, and repeat nothing that itself repeats."
            )

    def _observe_bytes(self, record: Record, literals: Sequence[int]) -> Iterator[Observation]:
        for pattern in dict.fromkeys(owner for index in literals for owner in self._owners[index]):
            for decoded in decode_record(pattern.decode, record):
                for name, value in ((_fill(pattern.fact, {"name": name}), value) for name, value in decoded.facts):
                    if _is_sound(name, value):
                        yield Observation(record, pattern, name, value, decoded=decoded)


def _is_conditional(pattern: TracePattern) -> bool:
    return bool(pattern.of or pattern.after or pattern.not_after or pattern.passing)


def _literal(pattern: TracePattern) -> _Match | None:
    """What a pattern without a regex finds where one of its literals stands."""
    value = pattern.value or ""
    return (pattern, pattern.fact, value, "", -1, "") if _is_sound(pattern.fact, value) else None


def _is_sound(name: str, value: str) -> bool:
    """Whether the value of a fact that is reckoned with is a number."""
    if name not in NUMBERS:
        return True
    try:
        return int(value, NUMBERS[name]) >= 0
    except ValueError:
        return False


def _fill(template: str, groups: Mapping[str, str]) -> str:
    """The template with "{group}" replaced by the group's text, and "{group.lower}" by the text in lower case."""
    if "{" not in template:
        return template
    for name, text in groups.items():
        template = template.replace("{" + name + "}", text).replace("{" + name + ".lower}", text.lower())
    return template


def _value(pattern: TracePattern, groups: Mapping[str, str]) -> str:
    if pattern.secret:
        return HIDDEN
    if pattern.value is not None:
        return _fill(pattern.value, groups)
    return groups.get("value", "").strip()
