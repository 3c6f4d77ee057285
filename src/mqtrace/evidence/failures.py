"""Failing entries of logs, reduced to what decides which of them belong together and what the cause is."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypeVar, cast

from mqtrace.catalog.messages import MessageInfo, cause_of_message, message
from mqtrace.evidence.log_entries import AGENTS, ZOS, address_of, channel_of, end_of, is_failure
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.readers.logs.scanned import EITHER, Kind, Printed, Scanned

_MEMO = 16384
_MINUTES = {f"{minute // 60:02}:{minute % 60:02}": minute * 60 for minute in range(1440)}
_SECONDS = {f"{second:02}": second for second in range(60)}
NO_WEIGHT = -1000
AUTHORITY = "auth."
_NOWHERE = Location("", 0)

Key = TypeVar("Key")
Value = TypeVar("Value")


class Sort(NamedTuple):
    """What follows from the kind of a failing entry.

    Attributes:
        message, role: id and the catalogue's role of it ("" when not known, or only information).
        hints: it says what failed, and is no consequence.
        place: queue manager and host that wrote it.
        is_agent: the agent that checks users wrote it.
        follows_agent: it can follow from what the agent wrote.
    """

    message: str
    role: str
    hints: bool
    place: str
    is_agent: bool
    follows_agent: bool


class Failure(NamedTuple):
    """One failing entry.

    Attributes:
        sort: what follows from its kind.
        day, clock: of its moment.
        at: seconds, for the distance to others; -1 where the time is not known.
        thread: process and thread, or what stands for it.
        channel, address: "" when not told; the address without its port.
        end: the address as written.
        cause: id of the cause that it names, "" when none.
        weight: how well that cause is proved and how specific it is; NO_WEIGHT of a consequence, and without a cause.
        line: line number.
        entry: the whole entry, where it is kept.
        reason: the reason code of an entry that names no thread, as what a program printed does; 0 else.
    """

    sort: Sort
    day: str
    clock: str
    at: int
    thread: str
    channel: str
    address: str
    cause: str
    weight: int
    line: int
    end: str = ""
    entry: LogEntry | None = None
    reason: int = 0


Weigh = Callable[[str, str], int]
# Failure._make without its checks: one is made for most entries.
_failure = cast("Callable[[tuple[Any, ...]], Failure]", partial(tuple.__new__, Failure))


def _remember(memo: dict[Key, Value], key: Key, value: Value) -> Value:
    if len(memo) >= _MEMO:
        memo.clear()
    memo[key] = value
    return value


class Plan(NamedTuple):
    """What of a message's entry is used for each of its entries: numbers of inserts that are channels and that decide
    the cause, and the rest.
    """

    info: MessageInfo | None
    role: str
    channels: tuple[int, ...]
    deciding: tuple[int, ...]
    follows_agent: bool


class _Known(NamedTuple):
    """What is known of a kind: what is used of the message, whether a queue manager's process wrote it, and the sort
    of its failures.
    """

    plan: Plan
    is_server: bool
    sort: Sort


class FailureMaker:
    """Makes failures of entries; remembers what is the same in many of them."""

    def __init__(self, weigh: Weigh | None = None, *, keeps_entries: bool = False) -> None:
        """`weigh` tells of a cause and a confidence how much they weigh; without it causes weigh nothing."""
        self._weigh, self._keeps_entries = weigh, keeps_entries
        self._kinds: dict[Kind, _Known] = {}
        self._days: dict[str, int] = {}
        self._causes: dict[tuple[str, bool, tuple[tuple[int, str], ...]], tuple[str, int]] = {}

    def of(self, entry: Scanned) -> Failure | None:
        """The entry as a failure; None for one that is only information (see evidence.log_entries.is_failure)."""
        kind = entry.kind
        plan, is_server, sort = self._kinds.get(kind) or _remember(self._kinds, kind, _known_of(kind))
        if not sort.role:
            reason = entry.reason_code
            if not reason:
                return None
            if not sort.message:
                sort = sort._replace(message=str(reason))
        values = entry.printed()
        channel, end = _channel(entry, plan, values), _address(entry, values)
        address = end.partition("(")[0].strip()
        cause, weight = self._cause(plan, entry, is_server)
        thread = entry.thread or (channel if kind.message.startswith(ZOS) else kind.front.program)
        full = entry.full() if self._keeps_entries else None
        day, clock = entry.moment
        at = self._at(day, clock)
        printed = 0 if entry.thread else entry.reason_code or 0
        line = entry.line
        return _failure((sort, day, clock, at, thread, channel, address, cause, weight, line, end, full, printed))

    def _cause(self, plan: Plan, entry: Scanned, is_server: bool) -> tuple[str, int]:
        """The cause that an entry names, and its weight."""
        inserts: tuple[tuple[int, str], ...] = ()
        if plan.deciding:
            printed = entry.printed() or entry.inserts
            inserts = tuple((number, _insert(printed, number)) for number in plan.deciding)
        key = (entry.message, is_server, inserts)
        return self._causes.get(key) or _remember(self._causes, key, self._named(plan, is_server, inserts))

    def _named(self, plan: Plan, is_server: bool, inserts: tuple[tuple[int, str], ...]) -> tuple[str, int]:
        if plan.info is None:
            return "", NO_WEIGHT
        cause = cause_of_message(plan.info, "server" if is_server else "client", dict(inserts))
        if not cause or plan.role == "consequence" or self._weigh is None:
            return cause, NO_WEIGHT
        return cause, self._weigh(cause, plan.info.confidence or "possible")

    def _at(self, day: str, clock: str) -> int:
        if not day:
            return -1
        base = self._days.get(day)
        if base is None:
            base = _remember(self._days, day, date.fromisoformat(day.partition(EITHER)[0]).toordinal() * 86400)
        return base + _MINUTES[clock[:5]] + _SECONDS[clock[6:8]]


@lru_cache(maxsize=4096)
def plan_of(identity: str) -> Plan:
    """What is used of the entries of a message."""
    info = message(identity) if identity else None
    if info is None:
        return Plan(None, "", (), (), False)
    # What the evidence takes for a channel, and for a failure, asked once for each message.
    channels = tuple(
        number for number in info.inserts if channel_of(LogEntry(identity, "", _NOWHERE, inserts={number: "A.CHANNEL"}))
    )
    role = info.role if is_failure(LogEntry(identity, "", _NOWHERE)) else ""
    follows_agent = info.cause_server.startswith(AUTHORITY)
    return Plan(info, role, channels, info.deciding_inserts, follows_agent)


def _insert(printed: Printed | Mapping[int, str], number: int) -> str:
    """The insert of that number, "" where there is none."""
    value = printed.get(number) if isinstance(printed, Mapping) else printed[number]
    return value or ""


def _known_of(kind: Kind) -> _Known:
    plan, front = plan_of(kind.message), kind.front
    is_agent = front.program.lower().startswith(AGENTS)
    info = plan.info
    tells = info is not None and bool(info.cause_client or info.cause_server or info.connects)
    hints = tells and plan.role != "consequence"
    sort = Sort(kind.message, plan.role, hints, front.queue_manager or front.host, is_agent, plan.follows_agent)
    return _Known(plan, end_of(kind.message, kind.severity, front.program, front.queue_manager) == "server", sort)


def channel_named(entry: Scanned) -> str:
    """As evidence.log_entries.channel_of, which is asked once for each insert and quoted text."""
    return _channel(entry, plan_of(entry.message), entry.printed())


def address_named(entry: Scanned) -> str:
    """As evidence.log_entries.address_of, asked in the same way."""
    return _address(entry, entry.printed())


def _channel(entry: Scanned, plan: Plan, values: Printed) -> str:
    if values:
        for number in plan.channels:
            name = values[number]
            if name:
                return _channel_of(entry.message, number, name)
    if values or entry.inserts:
        return channel_of(cast("LogEntry", entry))
    for text in entry.quoted if plan.channels else ():
        name = _channel_of(entry.message, 0, text)
        if name:
            return name
    return ""


def _address(entry: Scanned, values: Printed) -> str:
    if values and values[0]:
        return mask(values[0])
    if values or entry.inserts or entry.remote_host:
        return address_of(cast("LogEntry", entry))
    return next(filter(None, map(_address_of, entry.quoted)), "")


@lru_cache(maxsize=_MEMO)
def _channel_of(identity: str, number: int, name: str) -> str:
    """The channel that an insert names, or a quoted text (number 0)."""
    if number:
        return channel_of(LogEntry(identity, "", _NOWHERE, inserts={number: mask(name)}))
    return channel_of(LogEntry(identity, "", _NOWHERE, quoted=(name,)))


@lru_cache(maxsize=_MEMO)
def _address_of(text: str) -> str:
    return address_of(LogEntry("", "", _NOWHERE, quoted=(text,)))
