"""Connection strings such as MQSERVER and ServerConnectionParms carry: CHANNEL/TRANSPORT/CONNAME[,CONNAME...]."""

import re

from mqtrace.model import UsageError

# Blanks stand only around commas and before a port: what follows behind others is a remark of the line that shows the string.
ADDRESSES = re.compile(r"\s*[^\s,(]+(?:\s*\([^)]*\))?(?:\s*,\s*[^\s,(]+(?:\s*\([^)]*\))?)*")


def part_of(text: str, part: str) -> str:
    """The "channel", "transport" or "address" of a connection string, "" where it has none."""
    channel, _, rest = text.strip().strip("'\"").partition("/")
    transport, _, address = rest.partition("/")
    names = ADDRESSES.match(address)
    parts = {"channel": channel, "transport": transport, "address": names[0].strip() if names else address.strip()}
    if part not in parts:
        raise UsageError(f"a connection string has no part {part!r}; its parts are channel, transport and address")
    return parts[part]


def is_valid(text: str) -> bool:
    """Whether the text has all three parts, as the clients require."""
    return all(part_of(text, part) for part in ("channel", "transport", "address"))
