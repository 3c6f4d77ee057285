"""Failing entries of logs, reduced to what decides which incident they belong to and what its cause is."""

from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple, TypeVar, cast

from mqtrace.catalog.messages import MessageInfo, cause_of_message, message
from mqtrace.evidence.conversations import AUTHORITY, UNKNOWN_CHANNEL, channel_of, written_by
from mqtrace.model import LogEntry
from mqtrace.triage.dates import EITHER
from mqtrace.triage.seen import Front, Seen

_MEMO = 16384
_MINUTES = {f"{minute // 60:02}:{minute % 60:02}": minute * 60 for minute in range(1440)}
_AGENT = "amqzlaa0"


Key = TypeVar("Key")
Value = TypeVar("Value")


class Failure(NamedTuple):
    """One failing entry.

    Attributes:
        day, clock: of its moment.
        at: seconds, for the distance to others; -1 where the time is not known.
        thread: process and thread, or what stands for it.
        message, role: id and the catalogue's role of it ("" when not known, or only information).
        channel, address: "" when not told.
        cause: id of the cause that it names, "" when none.
        weight: how well that cause is proved and how specific it is.
        place: queue manager and host that wrote it.
        line: line number.
        is_agent: the agent that checks users wrote it.
        follows_agent: it can follow from what the agent wrote.
    """

    day: str
    clock: str
    at: int
    thread: str
    message: str
    role: str
    channel: str
    address: str
    cause: str
    weight: int
    place: str
    line: int
    is_agent: bool
    follows_agent: bool


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
    addresses: tuple[int, ...]
    sharpened: int
    follows_agent: bool


class _Writer(NamedTuple):
    """Who wrote an entry: whether a queue manager's process, its queue manager or host, whether the agent."""

    is_server: bool
    place: str
    is_agent: bool


class FailureMaker:
    """Makes failures of entries; remembers what is the same in many of them."""

    def __init__(self) -> None:
        self._writers: dict[Front, _Writer] = {}
        self._days: dict[str, int] = {}
        self._known: dict[tuple[str, bool], tuple[str, str, str, int]] = {}
        self._causes: dict[tuple[str, bool, str], tuple[str, int]] = {}

    def of(self, seen: Seen) -> Failure | None:
        """The entry as a failure; None for one that is only information (see evidence.conversations.is_failure)."""
        identity = seen.message
        plan = plan_of(identity)
        if not plan.role and not seen.reason_code:
            return None
        front = seen.front
        writer = self._writers.get(front) or _remember(self._writers, front, _writer_of(front))
        channel, address, cause, weight = self._told(plan, seen, writer.is_server)
        day, clock = seen.moment
        return Failure._make(
            (
                day,
                clock,
                self._at(day, clock),
                seen.process_thread or front.program,
                identity or str(seen.reason_code),
                plan.role,
                channel,
                address,
                cause,
                weight,
                writer.place,
                seen.line,
                writer.is_agent,
                plan.follows_agent,
            )
        )

    def _told(self, plan: Plan, seen: Seen, is_server: bool) -> tuple[str, str, str, int]:
        """Channel, address, cause and weight."""
        signature = seen.signature
        if not signature:
            return (channel_named(plan, seen), address_named(plan, seen), *self._cause(plan, seen, is_server))
        key = (signature, is_server)
        found = self._known.get(key)
        if found is None:
            found = _remember(self._known, key, (channel_named(plan, seen), address_named(plan, seen), *self._cause(plan, seen, is_server)))
        return found

    def _cause(self, plan: Plan, seen: Seen, is_server: bool) -> tuple[str, int]:
        number = plan.sharpened
        value = seen.insert(number) if number else ""
        key = (seen.message, is_server, value)
        found = self._causes.get(key)
        if found is None:
            found = _remember(self._causes, key, _cause_of(plan, is_server, value))
        return found

    def _at(self, day: str, clock: str) -> int:
        if not day:
            return -1
        base = self._days.get(day)
        if base is None:
            base = _remember(self._days, day, date.fromisoformat(day.partition(EITHER)[0]).toordinal() * 86400)
        return base + _MINUTES[clock[:5]] + int(clock[6:8])


@lru_cache(maxsize=4096)
def plan_of(identity: str) -> Plan:
    """What is used of the entries of a message."""
    info = message(identity) if identity else None
    if info is None:
        return Plan(None, "", (), (), 0, False)
    roles = {
        role: tuple(number for number, text in info.inserts.items() if text.startswith(role)) for role in ("channel", "host", "address")
    }
    role = "" if info.role == "information" else info.role
    follows_agent = info.cause_server.startswith(AUTHORITY)
    return Plan(info, role, roles["channel"], roles["host"] + roles["address"], info.sharpened_by.get("insert", 0), follows_agent)


def _writer_of(front: Front) -> _Writer:
    is_server = written_by(cast("LogEntry", front)) == "server"
    return _Writer(is_server, front.queue_manager or front.host, front.program.lower().startswith(_AGENT))


def _cause_of(plan: Plan, is_server: bool, value: str) -> tuple[str, int]:
    if plan.info is None:
        return "", 0
    cause = cause_of_message(plan.info, "server" if is_server else "client", {plan.sharpened: value})
    return cause, weight_of(cause, plan.info.confidence or "possible") if cause else 0


def channel_named(plan: Plan, seen: Seen) -> str:
    """As evidence.conversations.channel_of, which is asked where the insert is not printed."""
    numbers = plan.channels
    name = seen.insert(numbers[0]) if numbers else ""
    if not name:
        return channel_of(cast("LogEntry", seen)) if numbers else ""
    return "" if name.startswith(UNKNOWN_CHANNEL) else name.strip()


def address_named(plan: Plan, seen: Seen) -> str:
    """As evidence.conversations.address_of."""
    named = seen.remote_host
    if named:
        return named
    for number in plan.addresses:
        named = seen.insert(number)
        if named:
            return named
    return next((text for text in seen.quoted if "(" in text and ")" in text), "")
