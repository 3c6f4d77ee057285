"""Which place a value in force came from, and whether that can be told at all."""

import re
from collections.abc import Sequence

from mqtrace.catalog.precedence import SettingRule, SourceRule
from mqtrace.model import Fact
from mqtrace.settings.known import KnownFacts
from mqtrace.settings.places import Place, Rows, holds, is_flagged, is_same, is_silent, is_structure

BEGIN_OF_CALL = "call.begins"


def origin(rule: SettingRule, force: Fact, places: Sequence[Place]) -> tuple[Place | None, str]:
    """Which candidate the value in force came from: the first that gives it, else the first that can give any value."""
    value = force.value
    for place in places:
        if place.present and place.value and gives(place.value, value):
            return place, place.name
    for place in places:
        if place.present and place.rule.any and not place.value:
            return place, place.name
    if rule.default and value == rule.default:
        return None, "default"
    if rule.default_pattern and re.search(rule.default_pattern, value):
        return None, "default"
    if rule.default_file and is_same(value, rule.default_file):
        return None, "default"
    return None, rule.unmatched


def gives(given: str, value: str) -> bool:
    """Whether a source's value is the one in force, or a list of addresses that it is one of."""
    return is_same(given, value) or any(each.strip() == value for each in given.split(","))


def is_named(winner: Place | None, facts: KnownFacts) -> bool:
    """Whether a line names the source, and not the value alone as a structure does that the client fills from any source."""
    if winner is None:
        return False
    return is_flagged(winner.rule, facts) or (bool(winner.value) and not is_structure(winner.rule))


def may_be_another(rule: SettingRule, facts: KnownFacts, rows: Rows, winner: Place | None) -> bool:
    """Whether a source of which nothing is known can have given the value, since the trace does not hold the reading of it."""
    for source in rule.sources:
        if _is_begin_lost(source, facts, winner):
            return True
        if not source.reads or source.any or source.paths or (winner and source is winner.rule):
            continue
        given = facts.given((*source.facts, *source.pair))
        row = next((rows[name] for name in source.when if name in rows), None)
        if row and row.source == "unknown" and not (given and not given.value):
            return True
        if facts.is_open((*source.facts, *source.pair)):
            return True
        applies = all(name in rows and holds(rows[name], wanted) for name, wanted in source.when.items())
        if applies and not (is_structure(source) or given or is_silent(rule, facts, source.source)):
            return True
    return False


def _is_begin_lost(source: SourceRule, facts: KnownFacts, winner: Place | None) -> bool:
    """Whether the program may have given the value in a structure of its call, and the trace began after that."""
    if not source.flag or (winner and winner.rule is source):
        return False
    return not facts.any_of((BEGIN_OF_CALL, source.flag.partition(".")[0] + "."))
