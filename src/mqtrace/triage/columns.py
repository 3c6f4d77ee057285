"""What entries can be counted by."""

from collections.abc import Callable

from mqtrace.triage.failures import channel_named, plan_of
from mqtrace.triage.seen import Seen

BY: dict[str, Callable[[Seen], str]] = {
    "message": lambda seen: seen.message,
    "reason": lambda seen: str(seen.reason_code or ""),
    "channel": lambda seen: channel_named(plan_of(seen.message), seen),
    "host": lambda seen: seen.front.host,
    "user": lambda seen: seen.front.user,
    "queue-manager": lambda seen: seen.front.queue_manager,
    "program": lambda seen: seen.front.program,
    "hour": lambda seen: seen.moment[1][:2],
    "day": lambda _: "",
}
