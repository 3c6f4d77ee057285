"""The list of rules. A rule looks at a case and says what it finds."""

from collections.abc import Callable, Iterable

from mqtrace.model import Finding
from mqtrace.rules.case import Case

Rule = Callable[[Case], Iterable[Finding]]
_RULES: list[Rule] = []


def rule(function: Rule) -> Rule:
    """Registers a rule; they run in the order of their modules."""
    _RULES.append(function)
    return function


def rules() -> tuple[Rule, ...]:
    """All rules of the themes that have been imported."""
    return tuple(_RULES)
