"""Which channels of a table a client tries, and in what order.

The rule is IBM's documented one (queue manager name, then CLNTWGHT 0 by name, then the weighted ones at random). What
IBM's clients were seen to do otherwise with tables given to them stands in patterns/settings/channel_choice.toml.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.readers.tables.ccdt_table import ChannelEntry, ChannelTable, Problem, addresses_of

ANY_QUEUE_MANAGER = "*"
CLIENT_CONNECTION = "clientConnection"
QUEUE_MANAGER = "clientConnection.queueManager"
# The C library of Windows sorts so few entries by selection, larger lists by parts.
SORTED_BY_SELECTION = 8
Order = Literal["fixed", "random"]
_Key = tuple[bool, bytes]
# A channel, and those of its addresses that are tried one after the other.
_Entry = tuple[ChannelEntry, tuple[str, ...]]


class ChannelCandidate(Struct, frozen=True):
    """One entry that a client tries: a channel, or one address of a weighted channel.

    Attributes:
        channel: the entry of the table.
        addresses: "host(port)" in the order tried; none where the entry fails before any address is tried.
        why: why it is a candidate and why it stands here.
    """

    channel: ChannelEntry
    addresses: tuple[str, ...]
    why: str


class Choice(Struct, frozen=True):
    """What a client does with a table.

    Attributes:
        accepted: False when this client refuses the whole table, or never comes back from it.
        candidates: the entries in the order tried; with order "random" the weighted ones by falling weight, the
            likeliest first.
        order: fixed, or random when chance decides between at least two weighted entries.
        reason_code: what the application gets when no address is tried; 0 when one is, and when the client never comes
            back.
        problems: sentences, those of the table first, each with its place.
        returns: False when this client never comes back from such a table.
        notes: sentences on what surprises in what this client does here.
    """

    accepted: bool
    candidates: tuple[ChannelCandidate, ...]
    order: Order
    reason_code: int
    problems: tuple[str, ...]
    returns: bool = True
    notes: tuple[str, ...] = ()


class _Question(Struct, frozen=True):
    """A table, a queue manager name without padding, a client family and its habits."""

    table: ChannelTable
    wanted: str
    client: str
    habits: dict[str, Any]

    @property
    def name(self) -> str:
        """The QMNAME that the asked-for name matches: a leading asterisk says that any queue manager may answer."""
        return self.wanted.removeprefix(ANY_QUEUE_MANAGER).rstrip(" ")


class _Line(Struct, frozen=True):
    """The entries in the order tried, the sum of their weights, and how often each name is there with weight 0."""

    entries: tuple[_Entry, ...]
    total: int
    names: Counter[str]


def choose(table: ChannelTable, queue_manager: str, client: str = "c") -> Choice:
    """What the client family ("c", "dotnet" or "java") tries when the application asks for that queue manager name."""
    habits = settings_pattern("channel_choice")[client]
    wanted = queue_manager.rstrip(" \0")[: habits.get("longest_name")]
    question = _Question(table, wanted, client, habits)
    problems = tuple(problem_text(problem) for problem in table.problems)
    notes = habits.get("notes", {})
    if any(client in problem.refused_by for problem in table.problems):
        told = (notes["refused"],) if table.kind == "json" and "refused" in notes else ()
        return Choice(False, (), "fixed", habits["refused"], problems, notes=told)
    if any(client in problem.endless_for for problem in table.problems):
        return Choice(False, (), "fixed", 0, problems, returns=False, notes=(notes["endless"],))
    matching = [channel for channel in table.channels if _matches(channel, question)]
    if not habits.get("unusable"):
        problems += tuple(_without_address(channel) for channel in matching if not channel.addresses)
        matching = [channel for channel in matching if channel.addresses]
    return _tried(matching, problems, question)


def problem_text(problem: Problem) -> str:
    """The problem as a sentence with its place and with what clients do with the table for it."""
    place = f"line {problem.line}, column {problem.column}: " if problem.line else ""
    return place + problem_sentence(problem)


def problem_sentence(problem: Problem) -> str:
    """The problem as a sentence without its place, with what clients do with the table for it."""
    if problem.refused_by == set(settings_pattern("channel_choice")):
        return f"{problem.text} (every client refuses the table)"
    parts = [
        _families(problem.refused_by, ("refuses the table", "refuse the table")),
        _families(problem.endless_for, ("never comes back from it", "never come back from it")),
        _families(problem.untried, ("was not tried", "were not tried")),
    ]
    remarks = "; ".join(remark for remark in parts if remark)
    return f"{problem.text} ({remarks})" if remarks else problem.text


def remaining_reason(reasons: Iterable[int], client: str = "c") -> int:
    """What the application gets when the addresses failed with these reasons, in the order tried; 0 for none."""
    weaker = settings_pattern("channel_choice")[client].get("weaker_reasons", ())
    remaining = 0
    for reason in reasons:
        if reason not in weaker or remaining in (0, *weaker):
            remaining = reason
    return remaining


def _families(clients: frozenset[str], verbs: tuple[str, str]) -> str:
    titles = settings_pattern("channel_choice")
    names = " and ".join(f"the {titles[client]['title']}" for client in sorted(clients))
    return f"{names} {verbs[len(clients) > 1]}" if clients else ""


def _matches(channel: ChannelEntry, question: _Question) -> bool:
    habits = question.habits
    if channel.type != CLIENT_CONNECTION or not (channel.name or habits.get("unnamed")):
        return False
    if channel.beyond_end and habits.get("stops_at_odd_record"):
        return False
    if habits.get("star_entries") and channel.queue_manager.startswith(ANY_QUEUE_MANAGER):
        return True
    # To the .NET client an entry of a JSON table without the key is not an entry with a blank name.
    needs_key = habits.get("queue_manager_key") and channel.line > 0
    return channel.queue_manager == question.name and (not needs_key or channel.given(QUEUE_MANAGER))


def _tried(matching: list[ChannelEntry], problems: tuple[str, ...], question: _Question) -> Choice:
    entries = tuple(_entries(_ordered(matching, question), question.habits))
    total = sum(channel.weight for channel, _ in entries)
    names = Counter(channel.name for channel, _ in entries if not channel.weight)
    line = _Line(entries, total, names)
    candidates = tuple(_candidate(index, line, question) for index in range(len(entries)))
    by_chance = sum(1 for channel, _ in entries if channel.weight) > 1
    reason_code = 0 if any(addresses for _, addresses in entries) else _untried_reason(matching, question)
    order: Order = "random" if by_chance else "fixed"
    return Choice(True, candidates, order, reason_code, problems, notes=tuple(_notes(entries, question)))


def _ordered(channels: list[ChannelEntry], question: _Question) -> list[ChannelEntry]:
    """Weight 0 first, in the order of names by bytes, then the weighted by falling weight."""
    if question.habits.get("chain_order") and question.table.kind == "binary":
        by_name = channels
    elif question.habits.get("last_of_equals_first") and len(channels) <= SORTED_BY_SELECTION:
        by_name = _selection_sorted(channels)
    else:
        by_name = sorted(channels, key=_sort_key)
    return sorted(by_name, key=lambda channel: -channel.weight if channel.weight else -1_000_000_000)


def _sort_key(channel: ChannelEntry) -> _Key:
    return channel.weight > 0, channel.name.encode("utf-8", "replace")


def _selection_sorted(channels: list[ChannelEntry]) -> list[ChannelEntry]:
    """Sorted as the C library of Windows sorts a short list: the first of the largest goes to the end, and so on.

    Not stable.
    """
    ordered = list(channels)
    for last in range(len(ordered) - 1, 0, -1):
        largest = max(range(last + 1), key=lambda index: _sort_key(ordered[index]))
        ordered[largest], ordered[last] = ordered[last], ordered[largest]
    return ordered


def _entries(channels: list[ChannelEntry], habits: dict[str, Any]) -> Iterator[_Entry]:
    for channel in channels:
        if channel.weight and channel.addresses and habits.get("splits_weighted"):
            yield from ((channel, (address,)) for address in channel.addresses)
        else:
            yield channel, channel.addresses


def _untried_reason(matching: list[ChannelEntry], question: _Question) -> int:
    if matching:
        return remaining_reason((reason for channel in matching for _, reason in _failures(channel, question.habits)))
    code: int = question.habits["no_match" if question.name else "no_match_blank"]
    return code


def _failures(channel: ChannelEntry, habits: dict[str, Any]) -> list[tuple[str, int]]:
    """(what, reason) of everything in the channel that fails before an address is tried."""
    reasons = habits.get("fails", {})
    if channel.transport != "TCP":
        return [(f"its transport {channel.transport}", reasons.get(channel.transport, reasons.get("blank", 0)))]
    faulty = [address for address in addresses_of(channel.connection) if address.fault]
    return [
        (
            "a blank address" if address.fault == "blank" else f"its address {address.text}",
            reasons.get(address.fault, 0),
        )
        for address in faulty
    ]


def _notes(entries: Sequence[_Entry], question: _Question) -> Iterator[str]:
    notes = question.habits.get("notes", {})
    if not entries:
        yield from _near_miss(question)
    if "mixed" in notes and any(channel.weight and len(channel.addresses) > 1 for channel, _ in entries):
        yield notes["mixed"]
    if "several" in notes and sum(max(len(addresses), 1) for _, addresses in entries) > 1:
        yield notes["several"]


def _near_miss(question: _Question) -> Iterator[str]:
    name = question.name
    managers = (channel.queue_manager for channel in question.table.channels if channel.queue_manager != name)
    meant = next((manager for manager in managers if manager.lower() == name.lower()), "")
    if meant:
        yield f'No entry is for "{name}", but one is for "{meant}": the case of queue manager names matters.'


def _without_address(channel: ChannelEntry) -> str:
    place = f"line {channel.line}: " if channel.line else ""
    return f"{place}channel {channel.name} matches but has no address, so it cannot be tried"


def _candidate(index: int, line: _Line, question: _Question) -> ChannelCandidate:
    channel, addresses = line.entries[index]
    reasons = [
        _why_matching(channel, question.wanted, question.name),
        _why_here(channel, line),
        *_why_failing(channel, question.habits),
        *_habits(index, line, question),
    ]
    return ChannelCandidate(channel, addresses, "; ".join(reason for reason in reasons if reason))


def _why_matching(channel: ChannelEntry, wanted: str, name: str) -> str:
    if channel.queue_manager != name:
        return f"its queue manager name {channel.queue_manager} begins with an asterisk, which matches every name"
    if not channel.queue_manager:
        return f'its queue manager name is blank, as "{wanted}" asks for'
    if wanted.startswith(ANY_QUEUE_MANAGER):
        return f"its queue manager name is {name}, as {wanted} asks for; any queue manager may answer"
    return f"its queue manager name is {name}, as asked for"


def _why_here(channel: ChannelEntry, line: _Line) -> str:
    if len(line.entries) == 1:
        return ""
    if not channel.weight:
        return "weight 0, so it stands in the order of names"
    if line.total == channel.weight:
        return f"weight {channel.weight}, so it comes after those of weight 0"
    when = "anew at each connection" if channel.affinity == "none" else "once for the process"
    return f"weight {channel.weight} of {line.total}, drawn at random {when}"


def _why_failing(channel: ChannelEntry, habits: dict[str, Any]) -> list[str]:
    if not habits.get("unusable"):
        return []
    return [f"{what} fails at once with {reason}" for what, reason in _failures(channel, habits)]


def _habits(index: int, line: _Line, question: _Question) -> list[str]:
    """What this client family does otherwise than the documented rule."""
    channel, _ = line.entries[index]
    binary = question.table.kind == "binary"
    holds = {
        "between": 0 < index < len(line.entries) - 1,
        "more_addresses": len(channel.addresses) > 1,
        "weighted_list": len(channel.addresses) > 1 and channel.weight > 0,
        "equal_names": not channel.weight and line.names[channel.name] > 1,
        "binary_order": binary and len(line.entries) > 1,
        "peer_name": not binary and bool(channel.peer_name),
        "certificate_label": bool(channel.certificate_label),
        "weighted": channel.weight > 0 and channel.affinity == "preferred",
    }
    return [question.habits[name] for name, given in holds.items() if given and name in question.habits]
