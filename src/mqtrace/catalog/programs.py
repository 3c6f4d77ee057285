"""The programs of a queue manager and what each does: patterns/tables/programs.csv."""

from functools import cache

from mqtrace.catalog.tables import table

SERVING = frozenset({"agent", "channel", "channel pooling process"})
MESSAGE_CHANNELS = frozenset({"channel", "channel initiator"})


@cache
def _roles() -> frozenset[str]:
    return frozenset(row["role"] for row in table("programs"))


@cache
def _begins(roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(row["prefix"] for row in table("programs") if row["role"] in roles)


def server_programs() -> tuple[str, ...]:
    """Beginnings of the names of a queue manager's programs and commands."""
    return _begins(_roles())


def own_programs() -> tuple[str, ...]:
    """Of those that connect to the queue manager themselves and serve no client, as the channel initiator."""
    return _begins(_roles() - SERVING)


def message_channels() -> tuple[str, ...]:
    """Of those that run channels between queue managers, which end at another queue manager and not at a client."""
    return _begins(MESSAGE_CHANNELS)
