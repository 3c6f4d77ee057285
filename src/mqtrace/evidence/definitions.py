"""Which of the channel definitions that a trace dumps is in force: clients look at entries of a table that they do not
try, and definitions stand in data of messages as well.
"""

from collections.abc import Iterable, Sequence

from mqtrace.model import Connection, Fact, Structure
from mqtrace.model.text import Named, text

DEFINITION = "mqcd."
CHANNEL = DEFINITION + "ChannelName"
SESSION_BEGINS = "session.begins"
SESSION_STEPS = (SESSION_BEGINS, "session.established", "session.failed", "call.result")


def is_untold(connection: Connection) -> bool:
    """Whether definitions were dumped, and which of them the last attempt used is not shown."""
    return bool(connection.attempts and not connection.attempts[-1].channel and _dumped(connection))


def of_attempt(before: Sequence[Fact], within: Sequence[Fact]) -> tuple[Fact, ...]:
    """What was said before an attempt, without the definitions where several were dumped and none within the attempt:
    they were looked at, and none is known to be the one tried.
    """
    channels = {fact.value for fact in before if fact.name == CHANNEL}
    if len(channels) < 2 or any(fact.name == CHANNEL for fact in within):
        return tuple(before)
    return tuple(fact for fact in before if not fact.name.startswith(DEFINITION))


def facts_in_force(connection: Connection) -> Iterable[Fact]:
    """The facts without those of channel definitions that were dumped and not used: entries of a table, or data of a
    message.
    """
    dumped = _dumped(connection)
    if not dumped:
        return connection.facts
    used = _definition_in_force(dumped, connection.facts)
    if used and len({_identity(shown) for shown in dumped}) == 1:
        return connection.facts
    offsets = {_offset(shown) for shown in dumped}
    others = [fact for fact in connection.facts if fact.location.offset not in offsets]
    return [*others, *_facts_of(used, connection.facts)] if used else others


def _definition_in_force(dumped: Sequence[Structure], facts: Sequence[Fact]) -> Structure | None:
    """The definition of the last session: the one dumped while it began, else just before; None where several
    differ.
    """
    steps = [fact for fact in facts if fact.name in SESSION_STEPS]
    begin = max((fact.location.offset for fact in steps if fact.name == SESSION_BEGINS), default=-1)
    end = min((fact.location.offset for fact in steps if fact.location.offset > begin), default=None)
    ended_before = max((fact.location.offset for fact in steps if fact.location.offset < begin), default=-1)
    shown = [each for each in dumped if end is None or _offset(each) < end]
    within = [each for each in shown if _offset(each) >= begin]
    before = [each for each in shown if ended_before < _offset(each) < begin]
    nearest = within or before or shown
    return nearest[-1] if len({_identity(each) for each in nearest}) == 1 else None


def _identity(definition: Structure) -> tuple[str, str]:
    return definition.value("ChannelName"), definition.value("ConnectionName")


def _offset(definition: Structure) -> int:
    return definition.evidence[0].location.offset if definition.evidence else -1


def _facts_of(definition: Structure, facts: Sequence[Fact]) -> Iterable[Fact]:
    """The definition's fields as facts: where a dump repeats a value, the connection keeps no second fact of it."""
    at = definition.evidence[0].location
    own = {fact.name: fact for fact in facts if fact.location == at}
    for field in definition.fields:
        name = DEFINITION + field.name
        line = text("MQCD {field} '{value}'", field=field.name, value=Named(name, field.value))
        yield own.get(name) or Fact(name, field.value, at, line, "used")


def _dumped(connection: Connection) -> list[Structure]:
    return [shown for shown in connection.structures if shown.name == "MQCD" and shown.value("ChannelName")]
