"""Failing entries of logs, reduced to what decides which incident they belong to and what its cause is."""

from datetime import date
from functools import cache
from typing import NamedTuple, TypeVar, cast

from mqtrace.catalog.messages import MessageInfo, cause_of_message, message
from mqtrace.evidence.conversations import AUTHORITY, UNKNOWN_CHANNEL, channel_of, written_by
from mqtrace.model import LogEntry
from mqtrace.triage.dates import EITHER
from mqtrace.triage.seen import Front, Seen

_MEMO = 16384
_AGENT = "amqzlaa0"


Key = TypeVar("Key")
Value = TypeVar("Value")


class Failure(NamedTuple):
    """One failing entry.

    Attributes:
        day, clock: of its moment.
        at: seconds, for the distance to others; -1 where the time is not known.
        thread: process and thread, or what stands for it.
        message, role: id and the catalogue's role of it ("" when not known).
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


class FailureMaker:
    """Makes failures of entries; remembers what is the same in many of them."""

    def __init__(self) -> None:
        self._infos: dict[str, MessageInfo | None] = {}
        self._servers: dict[Front, bool] = {}
        self._seconds: dict[str, int] = {}
        self._known: dict[tuple[str, bool], tuple[str, str, str, int]] = {}
        self._roles: dict[tuple[str, str], tuple[int, ...]] = {}
        self._causes: dict[tuple[str, bool, str], tuple[str, int]] = {}

    def of(self, seen: Seen) -> Failure | None:
        """The entry as a failure; None for one that is only information (see evidence.conversations.is_failure)."""
        identity = seen.message
        if identity in self._infos:
            info = self._infos[identity]
        else:
            info = self._infos[identity] = message(identity) if identity else None
        if (info is None or info.role == "information") and not seen.reason_code:
            return None
        front = seen.front
        channel, address, cause, weight = self._told(info, seen, front)
        day, clock = seen.moment
        program = front.program
        return Failure(
            day,
            clock,
            self._at(day, clock),
            seen.process_thread or program,
            identity or str(seen.reason_code),
            info.role if info else "",
            channel,
            address,
            cause,
            weight,
            front.queue_manager or front.host,
            seen.line,
            program.lower().startswith(_AGENT),
            info is not None and info.cause_server.startswith(AUTHORITY),
        )

    def _told(self, info: MessageInfo | None, seen: Seen, front: Front) -> tuple[str, str, str, int]:
        """Channel, address, cause and weight."""
        server = self._servers.get(front)
        if server is None:
            server = _remember(self._servers, front, written_by(cast("LogEntry", front)) == "server")
        key = (seen.signature, server)
        found = self._known.get(key) if key[0] else None
        if found is None:
            found = (self._channel(info, seen), self._address(info, seen), *(self._cause(info, seen, server) if info else ("", 0)))
            if key[0]:
                _remember(self._known, key, found)
        return found

    def _address(self, info: MessageInfo | None, seen: Seen) -> str:
        """As evidence.conversations.address_of."""
        numbers = self._numbers(info, "host") + self._numbers(info, "address")
        named = seen.remote_host or next((value for number in numbers if (value := seen.insert(number))), "")
        return named or next((text for text in seen.quoted if "(" in text and ")" in text), "")

    def _numbers(self, info: MessageInfo | None, role: str) -> tuple[int, ...]:
        """Numbers of the message's inserts that hold `role`."""
        if info is None:
            return ()
        key = (info.id, role)
        found = self._roles.get(key)
        if found is None:
            found = self._roles[key] = tuple(number for number, text in info.inserts.items() if text.startswith(role))
        return found

    def _channel(self, info: MessageInfo | None, seen: Seen) -> str:
        """As evidence.conversations.channel_of, which is asked where the insert is not printed."""
        numbers = self._numbers(info, "channel")
        name = seen.insert(numbers[0]) if numbers else ""
        if not name:
            return channel_of(cast("LogEntry", seen)) if numbers else ""
        return "" if name.startswith(UNKNOWN_CHANNEL) else name.strip()

    def _cause(self, info: MessageInfo, seen: Seen, server: bool) -> tuple[str, int]:
        number = info.sharpened_by.get("insert")
        value = seen.insert(number) if number else ""
        key = (info.id, server, value)
        found = self._causes.get(key)
        if found is None:
            cause = cause_of_message(info, "server" if server else "client", {number: value} if number else {})
            found = _remember(self._causes, key, (cause, weight_of(cause, info.confidence or "possible") if cause else 0))
        return found

    def _at(self, day: str, clock: str) -> int:
        if not day:
            return -1
        base = self._seconds.get(day)
        if base is None:
            base = _remember(self._seconds, day, date.fromisoformat(day.partition(EITHER)[0]).toordinal() * 86400)
        time = clock[:8]
        second = self._seconds.get(time)
        if second is None:
            second = _remember(self._seconds, time, int(time[:2]) * 3600 + int(time[3:5]) * 60 + int(time[6:]))
        return base + second
