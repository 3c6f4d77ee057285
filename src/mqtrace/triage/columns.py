"""What entries can be counted by."""

from collections.abc import Callable

from mqtrace.triage.failures import channel_named
from mqtrace.triage.seen import Kind, Seen

# What the kind of an entry tells alone.
BY_KIND: dict[str, Callable[[Kind], str]] = {
    "message": lambda kind: kind.message,
    "host": lambda kind: kind.front.host,
    "user": lambda kind: kind.front.user,
    "queue-manager": lambda kind: kind.front.queue_manager,
    "program": lambda kind: kind.front.program,
    "day": lambda _: "",
}
BY_ENTRY: dict[str, Callable[[Seen], str]] = {
    "reason": lambda seen: str(seen.reason_code or ""),
    "channel": channel_named,
    "hour": lambda seen: seen.moment[1][:2],
}
