"""Which channels of a table a client tries, and in what order.

The rule is IBM's documented one (queue manager name, then CLNTWGHT 0 by name, then the weighted ones at random). What the managed .NET and
the Java client do otherwise was tried with tables given to them; it stands in patterns/settings/channel_choice.toml.
"""

from dataclasses import dataclass
from typing import Any, Literal

from mqtrace.readers.configuration.config_patterns import settings_pattern
from mqtrace.readers.tables.ccdt_table import ChannelEntry, ChannelTable, Problem

ANY_QUEUE_MANAGER = "*"
CLIENT_CONNECTION = "clientConnection"
QUEUE_MANAGER = "clientConnection.queueManager"
Order = Literal["fixed", "random"]


@dataclass(frozen=True, slots=True)
class ChannelCandidate:
    """One channel that a client tries.

    Attributes:
        channel: the entry of the table.
        addresses: "host(port)" in the order tried.
        why: why it is a candidate and why it stands here.
    """

    channel: ChannelEntry
    addresses: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a client does with a table.

    Attributes:
        accepted: False when this client refuses the whole table.
        candidates: the channels in the order tried; with order "random" the weighted ones by falling weight, the likeliest first.
        order: fixed, or random when chance decides between at least two weighted channels.
        reason_code: what the application gets when nothing is tried, 0 when something is.
        problems: sentences, those of the table first, each with its place.
    """

    accepted: bool
    candidates: tuple[ChannelCandidate, ...]
    order: Order
    reason_code: int
    problems: tuple[str, ...]


def choose(table: ChannelTable, queue_manager: str, client: str = "c") -> Choice:
    """The channels that the client family tries when the application asks for that queue manager name.

    `client`: "c" (the documented rule), "dotnet" (managed) or "java".
    """
    habits = settings_pattern("channel_choice")[client]
    problems = tuple(problem_text(each) for each in table.problems)
    if any(client in each.refused_by for each in table.problems):
        return Choice(False, (), "fixed", habits["refused"], problems)
    wanted = queue_manager.rstrip(" \0")
    matching = [channel for channel in table.channels if _matches(channel, _table_name(wanted), client)]
    problems += tuple(
        _without_address(channel) for channel in matching if not channel.addresses and channel.queue_manager
    )
    ordered = _ordered([channel for channel in matching if channel.addresses], table, client)
    candidates = tuple(_candidate(index, ordered, wanted, table, client) for index in range(len(ordered)))
    by_chance = sum(1 for channel in ordered if channel.weight) > 1
    reason_code = 0 if candidates else _no_match(wanted, habits)
    return Choice(True, candidates, "random" if by_chance else "fixed", reason_code, problems)


def problem_text(problem: Problem) -> str:
    """The problem as a sentence with its place and with who refuses the table for it."""
    place = f"line {problem.line}, column {problem.column}: " if problem.line else ""
    titles = settings_pattern("channel_choice")
    if problem.refused_by == set(titles):
        return f"{place}{problem.text} (every client refuses the table)"
    refusing = " and ".join(f"the {titles[client]['title']}" for client in sorted(problem.refused_by))
    verb = "refuses" if len(problem.refused_by) == 1 else "refuse"
    return f"{place}{problem.text}" + (f" ({refusing} {verb} the table)" if refusing else "")


def _table_name(wanted: str) -> str:
    """The QMNAME that an asked-for name matches: a leading asterisk says that any queue manager may answer."""
    return wanted.removeprefix(ANY_QUEUE_MANAGER)


def _matches(channel: ChannelEntry, name: str, client: str) -> bool:
    if channel.type != CLIENT_CONNECTION or not channel.name or channel.queue_manager != name:
        return False
    # To the .NET client an entry of a JSON table without the key is not an entry with a blank name.
    in_json = channel.line > 0
    return not (client == "dotnet" and in_json) or channel.given(QUEUE_MANAGER)


def _ordered(channels: list[ChannelEntry], table: ChannelTable, client: str) -> list[ChannelEntry]:
    """Weight 0 first, in the order of names by bytes (of equal names in the order of the file), then the weighted by falling weight."""
    if client == "dotnet" and table.kind == "binary":
        by_name = channels[::-1]
    else:
        by_name = sorted(channels, key=lambda channel: channel.name.encode("utf-8", "replace"))
    return sorted(by_name, key=lambda channel: -channel.weight if channel.weight else -1000)


def _no_match(wanted: str, habits: dict[str, Any]) -> int:
    code: int = habits["no_match"] if _table_name(wanted) else habits["no_match_blank"]
    return code


def _without_address(channel: ChannelEntry) -> str:
    place = f"line {channel.line}: " if channel.line else ""
    return f"{place}channel {channel.name} matches but has no address, so it cannot be tried"


def _candidate(
    index: int, ordered: list[ChannelEntry], wanted: str, table: ChannelTable, client: str
) -> ChannelCandidate:
    channel = ordered[index]
    reasons = [
        _why_matching(channel, wanted),
        _why_here(channel, ordered),
        *_habits(channel, index, len(ordered), table, client),
    ]
    return ChannelCandidate(channel, channel.addresses, "; ".join(reason for reason in reasons if reason))


def _why_matching(channel: ChannelEntry, wanted: str) -> str:
    if not channel.queue_manager:
        return f'its queue manager name is blank, as "{wanted}" asks for'
    if wanted.startswith(ANY_QUEUE_MANAGER):
        return f"its queue manager name is {channel.queue_manager}, as {wanted} asks for; any queue manager may answer"
    return f"its queue manager name is {channel.queue_manager}, as asked for"


def _why_here(channel: ChannelEntry, ordered: list[ChannelEntry]) -> str:
    """Why it stands where it stands, "" for the only one."""
    if len(ordered) == 1:
        return ""
    if not channel.weight:
        return "weight 0, so it stands in the order of names"
    total = sum(each.weight for each in ordered)
    if total == channel.weight:
        return f"weight {channel.weight}, so it comes after those of weight 0"
    when = "anew at each connection" if channel.affinity == "none" else "once for the process"
    return f"weight {channel.weight} of {total}, drawn at random {when}"


def _habits(channel: ChannelEntry, index: int, count: int, table: ChannelTable, client: str) -> list[str]:
    """What this client family does otherwise than the documented rule."""
    habits: dict[str, str] = settings_pattern("channel_choice")[client]
    binary = table.kind == "binary"
    found = {
        "between": 0 < index < count - 1,
        "more_addresses": len(channel.addresses) > 1,
        "binary_order": binary and count > 1,
        "peer_name": not binary and bool(channel.peer_name),
        "certificate_label": bool(channel.certificate_label),
        "weighted": channel.weight > 0 and channel.affinity == "preferred",
    }
    return [habits[name] for name, holds in found.items() if holds and name in habits]
