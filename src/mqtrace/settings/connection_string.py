"""Connection strings such as MQSERVER and ServerConnectionParms carry: CHANNEL/TRANSPORT/CONNAME[,CONNAME...]."""

from mqtrace.model import UsageError


def part_of(text: str, part: str) -> str:
    """The "channel", "transport" or "address" of a connection string, "" where it has none."""
    channel, _, rest = text.strip().strip("'\"").partition("/")
    transport, _, address = rest.partition("/")
    parts = {"channel": channel, "transport": transport, "address": address.strip()}
    if part not in parts:
        raise UsageError(f"a connection string has no part {part!r}; its parts are channel, transport and address")
    return parts[part]


def is_valid(text: str) -> bool:
    """Whether the text has all three parts, as the clients require."""
    return all(part_of(text, part) for part in ("channel", "transport", "address"))
