"""What entries can be counted by."""

from collections.abc import Callable

from mqtrace.evidence.failures import channel_named
from mqtrace.readers.logs.scanned import Kind, Scanned

# What the kind of an entry tells alone.
BY_KIND: dict[str, Callable[[Kind], str]] = {
    "message": lambda kind: kind.message,
    "host": lambda kind: kind.front.host,
    "user": lambda kind: kind.front.user,
    "queue-manager": lambda kind: kind.front.queue_manager,
    "program": lambda kind: kind.front.program,
    "day": lambda _: "",
}
BY_ENTRY: dict[str, Callable[[Scanned], str]] = {
    "reason": lambda entry: str(entry.reason_code or ""),
    "channel": channel_named,
    "hour": lambda entry: entry.moment[1][:2],
}
