"""Failing entries of logs, reduced to what decides which incident they belong to and what its cause is."""

from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple, TypeVar, cast

from mqtrace.catalog.messages import MessageInfo, cause_of_message, message
from mqtrace.evidence.conversations import AUTHORITY
from mqtrace.evidence.log_entries import AGENTS, ZOS, address_of, channel_of, end_of, is_failure
from mqtrace.masking import mask
from mqtrace.model import Location, LogEntry
from mqtrace.triage.dates import EITHER
from mqtrace.triage.seen import Kind, Printed, Seen

_MEMO = 16384
_MINUTES = {f"{minute // 60:02}:{minute % 60:02}": minute * 60 for minute in range(1440)}
_SECONDS = {f"{second:02}": second for second in range(60)}
NO_WEIGHT = -1000
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
        cause: id of the cause that it names, "" when none.
        weight: how well that cause is proved and how specific it is; NO_WEIGHT of a consequence, and without a cause.
        line: line number.
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


# Failure._make without its checks: one is made for most entries.
_failure = cast("Callable[[tuple[Any, ...]], Failure]", partial(tuple.__new__, Failure))


@cache
def weight_of(cause_id: str, confidence: str) -> int:
    """As the rules weigh a cause: what is proved before what is likely, then the most specific."""
    from mqtrace.catalog.causes import cause
    from mqtrace.rules import CONFIDENCE_WEIGHT

    info = cause(cause_id)
    return CONFIDENCE_WEIGHT[confidence] + (info.specificity if info else 0)


def _remember(memo: dict[Key, Value], key: Key, value: Value) -> Value:
    if len(memo) >= _MEMO:
        memo.clear()
    memo[key] = value
    return value


class Plan(NamedTuple):
    """What of a message's entry is used for each of its entries: numbers of inserts, and the rest."""

    info: MessageInfo | None
    role: str
    channels: tuple[int, ...]
    sharpened: int
    follows_agent: bool


class _Known(NamedTuple):
    """What is known of a kind: what is used of the message, whether a queue manager's process wrote it, and the sort of its failures."""

    plan: Plan
    is_server: bool
    sort: Sort


class FailureMaker:
    """Makes failures of entries; remembers what is the same in many of them."""

    def __init__(self) -> None:
        self._kinds: dict[Kind, _Known] = {}
        self._days: dict[str, int] = {}
        self._causes: dict[tuple[str, bool, str], tuple[str, int]] = {}

    def of(self, seen: Seen) -> Failure | None:
        """The entry as a failure; None for one that is only information (see evidence.log_entries.is_failure)."""
        kind = seen.kind
        plan, is_server, sort = self._kinds.get(kind) or _remember(self._kinds, kind, _known_of(kind))
        if not sort.role:
            reason = seen.reason_code
            if not reason:
                return None
            if not sort.message:
                sort = sort._replace(message=str(reason))
        day, clock = seen.moment
        channel, address, (cause, weight) = self._told(plan, seen, is_server)
        thread = seen.process_thread or (channel if kind.message.startswith(ZOS) else kind.front.program)
        return _failure((sort, day, clock, self._at(day, clock), thread, channel, address, cause, weight, seen.line))

    def _told(self, plan: Plan, seen: Seen, is_server: bool) -> tuple[str, str, tuple[str, int]]:
        """Channel, address without port, and the cause with its weight."""
        number, values = plan.sharpened, seen.printed()
        value = (values[number] if values else seen.inserts.get(number)) if number else ""
        key = (seen.message, is_server, value or "")
        cause = self._causes.get(key) or _remember(self._causes, key, _cause_of(plan, is_server, value or ""))
        return _channel(seen, plan, values), _address(seen, values).partition("(")[0].strip(), cause

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
        return Plan(None, "", (), 0, False)
    # What the evidence takes for a channel, and for a failure, asked once for each message.
    channels = tuple(
        number for number in info.inserts if channel_of(LogEntry(identity, "", _NOWHERE, inserts={number: "A.CHANNEL"}))
    )
    role = info.role if is_failure(LogEntry(identity, "", _NOWHERE)) else ""
    follows_agent = info.cause_server.startswith(AUTHORITY)
    return Plan(info, role, channels, info.sharpened_by.insert if info.sharpened_by else 0, follows_agent)


def _known_of(kind: Kind) -> _Known:
    plan, front = plan_of(kind.message), kind.front
    is_agent = front.program.lower().startswith(AGENTS)
    hints = (
        plan.info is not None and plan.role != "consequence" and bool(plan.info.cause_client or plan.info.cause_server)
    )
    sort = Sort(kind.message, plan.role, hints, front.queue_manager or front.host, is_agent, plan.follows_agent)
    return _Known(plan, end_of(kind.message, kind.severity, front.program, front.queue_manager) == "server", sort)


def _cause_of(plan: Plan, is_server: bool, value: str) -> tuple[str, int]:
    if plan.info is None:
        return "", NO_WEIGHT
    cause = cause_of_message(plan.info, "server" if is_server else "client", {plan.sharpened: value})
    has_weight = cause and plan.role != "consequence"
    return cause, weight_of(cause, plan.info.confidence or "possible") if has_weight else NO_WEIGHT


def channel_named(seen: Seen) -> str:
    """As evidence.log_entries.channel_of, which is asked once for each insert and quoted text."""
    return _channel(seen, plan_of(seen.message), seen.printed())


def address_named(seen: Seen) -> str:
    """As evidence.log_entries.address_of, asked in the same way."""
    return _address(seen, seen.printed())


def _channel(seen: Seen, plan: Plan, values: Printed) -> str:
    if values:
        for number in plan.channels:
            name = values[number]
            if name:
                return _channel_of(seen.message, number, name)
    if values or seen.inserts:
        return channel_of(cast("LogEntry", seen))
    for text in seen.quoted if plan.channels else ():
        name = _channel_of(seen.message, 0, text)
        if name:
            return name
    return ""


def _address(seen: Seen, values: Printed) -> str:
    if values and values[0]:
        return values[0]
    if values or seen.inserts or seen.remote_host:
        return address_of(cast("LogEntry", seen))
    return next(filter(None, map(_address_of, seen.quoted)), "")


@lru_cache(maxsize=_MEMO)
def _channel_of(identity: str, number: int, name: str) -> str:
    """The channel that an insert names, or a quoted text (number 0)."""
    if number:
        return channel_of(LogEntry(identity, "", _NOWHERE, inserts={number: mask(name)}))
    return channel_of(LogEntry(identity, "", _NOWHERE, quoted=(name,)))


@lru_cache(maxsize=_MEMO)
def _address_of(text: str) -> str:
    return address_of(LogEntry("", "", _NOWHERE, quoted=(text,)))
