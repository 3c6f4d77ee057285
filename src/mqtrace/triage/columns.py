"""What entries can be counted by."""

from collections.abc import Callable
from typing import cast

from mqtrace.evidence.conversations import channel_of
from mqtrace.model import LogEntry
from mqtrace.triage.seen import Seen

BY: dict[str, Callable[[Seen], str]] = {
    "message": lambda seen: seen.message,
    "reason": lambda seen: str(seen.reason_code or ""),
    "channel": lambda seen: channel_of(cast("LogEntry", seen)),
    "host": lambda seen: seen.front.host,
    "user": lambda seen: seen.front.user,
    "queue-manager": lambda seen: seen.front.queue_manager,
    "program": lambda seen: seen.front.program,
    "hour": lambda seen: seen.moment[1][:2],
    "day": lambda _: "",
}
