"""The messages that patterns/messages tells of."""

from functools import cache

from mqtrace.catalog.entries import entry_texts
from mqtrace.catalog.messages import MessageInfo, message


@cache
def all_messages() -> tuple[MessageInfo, ...]:
    """All messages that have an entry of their own, file by file."""
    return tuple(info for identity in entry_texts("message") if (info := message(identity)))
