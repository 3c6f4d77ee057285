"""Connection strings such as MQSERVER and ServerConnectionParms carry: CHANNEL/TRANSPORT/CONNAME[,CONNAME...].

What is wrong with one, and what the C client makes of it, was tried with the C client 9.2.0.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.kept import compiled
from mqtrace.model import UsageError
from mqtrace.model.text import Named, joined, text

if TYPE_CHECKING:
    from mqtrace.readers.tables.ccdt_table import Address

LONGEST_CHANNEL = 20
LONGEST_LIST = 264
MALFORMED = 2058
# Blanks stand only around commas and before a port: what follows behind others is a remark of the line that shows it.
ADDRESSES = compiled(r"\s*[^\s,(]+(?:\s*\([^)]*\))?(?:\s*,\s*[^\s,(]+(?:\s*\([^)]*\))?)*")
_QUOTES = ("'", '"')
_PORT = compiled(r"\(\s*[+-]?[0-9]{1,20}\s*(?:\)|$)")


class ConnectionString(Struct, frozen=True):
    """What the C client makes of a connection string.

    Attributes:
        channel, transport: as it uses them.
        addresses: those of the list, in order; none where the string is malformed or the transport is not TCP.
        reason: what the application gets before any address is tried, 0 where one can be.
        surprises: sentences on what in the string does not mean what it seems to.
    """

    channel: str
    transport: str
    addresses: "tuple[Address, ...]"
    reason: int
    surprises: tuple[str, ...]


def part_of(given: str, part: str) -> str:
    """The "channel", "transport" or "address" of a connection string, "" where it has none."""
    channel, _, rest = given.strip().strip("'\"").partition("/")
    transport, _, address = rest.partition("/")
    names = ADDRESSES.match(address)
    parts = {"channel": channel, "transport": transport, "address": names[0].strip() if names else address.strip()}
    if part not in parts:
        raise UsageError(f"a connection string has no part {part!r}; its parts are channel, transport and address")
    return parts[part]


def is_valid(given: str) -> bool:
    """Whether the string has all three parts, as the clients require."""
    return all(part_of(given, part) for part in ("channel", "transport", "address"))


def as_the_client_reads(given: str) -> ConnectionString:
    """What the C client makes of the string.

    A blank one counts as given; whether an empty one does depends on its place.
    """
    from mqtrace.readers.tables.ccdt_table import addresses_of

    channel, slash, rest = given.rstrip().partition("/")
    transport, second_slash, names = rest.partition("/")
    if not slash or not second_slash:
        return _refused(channel, transport, "it lacks a part (AMQ9566)")
    reasons = settings_pattern("channel_choice")["c"]["fails"]
    if transport.upper() not in ("TCP", *reasons):
        return _refused(
            channel, transport, text("its transport '{transport}' is not known (AMQ9221)", transport=transport)
        )
    if transport.upper() != "TCP":
        reason = reasons[transport.upper()]
        sentence = text("transport {transport} fails at once with {reason}", transport=transport, reason=reason)
        return ConnectionString(channel[:LONGEST_CHANNEL], transport, (), reason, (sentence,))
    used = names.partition("/")[0]
    if len(used) > LONGEST_LIST:
        used = used[:LONGEST_LIST].rpartition(",")[0]
    addresses = tuple(addresses_of(used))
    reason = 0 if any(not address.fault for address in addresses) else reasons[addresses[-1].fault]
    surprises = (*_channel_surprises(channel), *_list_surprises(names), *_address_surprises(used, addresses))
    return ConnectionString(channel[:LONGEST_CHANNEL], transport, addresses, reason, surprises)


def _refused(channel: str, transport: str, why: str) -> ConnectionString:
    sentence = joined([text("the client refuses it with {reason}:", reason=MALFORMED), why])
    return ConnectionString(channel, transport, (), MALFORMED, (sentence,))


def _channel_surprises(channel: str) -> Iterator[str]:
    if channel.startswith(_QUOTES):
        yield text("the quote belongs to the name of the channel, {channel}", channel=channel)
    if not channel.strip():
        yield "the name of the channel is blank"
    elif channel != channel.strip():
        yield "a blank belongs to the name of the channel"
    if len(channel) > LONGEST_CHANNEL:
        yield text("the name of the channel is cut to {length} characters", length=LONGEST_CHANNEL)


def _list_surprises(given: str) -> Iterator[str]:
    addresses, slash, _ = given.partition("/")
    if slash:
        yield "what follows the third slash is ignored, so a CipherSpec there means no TLS"
    if len(addresses) > LONGEST_LIST:
        yield text("the list of addresses is cut at {length} characters without a message", length=LONGEST_LIST)


def _address_surprises(used: str, addresses: "tuple[Address, ...]") -> Iterator[str]:
    for member, address in zip(used.split(","), addresses, strict=True):
        rest, own = member.partition(")")[2].strip(" '\""), member.strip()
        if address.fault == "blank":
            yield "an address is blank, which ends with AMQ9203 and 2539"
        elif address.fault == "bad-port":
            yield text("{address} has a port beyond 65535, which ends with AMQ9203 and 2539", address=own)
        elif address.fault == "bad-host":
            template = "{address} is taken for the name of a host, and there can be none of that name"
            yield text(template, address=own)
        elif "(" in member and not _PORT.search(member):
            yield text("the port of {address} is no number and taken for 0", address=own)
        if rest:
            yield text("'{rest}' is ignored, as it follows the end of an address", rest=Named("address", rest))
