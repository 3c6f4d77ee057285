"""The places that a setting can come from: what each gives, as far as the inputs tell."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mqtrace.catalog.precedence import SettingRule, SourceRule
from mqtrace.model import Evidence, Setting
from mqtrace.settings.connection_string import part_of
from mqtrace.settings.known import Given, KnownFacts

# Beginnings of the names of facts that do not tell their source.
STRUCTURES = ("mqcd.", "mqsco.")


@dataclass(frozen=True, slots=True)
class Place:
    """A source with what is known of it.

    Attributes:
        rule: the source's rule.
        name: its name in the report.
        value: what it gives, "" when nothing or not known.
        present: it gives something, as far as is known.
        said: an input speaks of it, if only to say that it is not set.
    """

    rule: SourceRule
    name: str
    value: str
    present: bool
    said: bool
    evidence: tuple[Evidence, ...]


Rows = Mapping[str, Setting]


def place_of(rule: SourceRule, setting: SettingRule, facts: KnownFacts, rows: Rows, in_force: str) -> Place | None:
    """The source with what is known of it; None where it cannot apply. `in_force`: the value in force, "" where none is known."""
    if not all(name in rows and holds(rows[name], wanted) for name, wanted in rule.when.items()):
        return None
    if rule.paths:
        found = next((path for path in rule.paths if _same_path(path, in_force)), "")
        return Place(rule, rule.source, found, bool(found), bool(found), ()) if found else None
    given = facts.given(rule.facts)
    if rule.differs and given and _copied(given, facts, rule.facts, rule.differs):
        given = Given("", given.evidence, given.traced)
    pair = facts.given(rule.pair) if rule.pair else None
    if rule.pair_differs and pair and _copied(pair, facts, rule.pair, rule.pair_differs):
        pair = Given("", pair.evidence, pair.traced)
    value = _joined(given, pair)
    name = rule.source if (given and given.value) or not (pair and pair.value) else rule.alone
    if rule.differs and not _is_told_apart(rule, setting, facts, given):
        name = "unknown"
    if rule.part:
        value = part_of(value, rule.part)
    if rule.any:
        present = bool(value) or bool(rule.when) or is_flagged(rule, facts)
        return Place(rule, name, value, present, present, given.evidence if given else ())
    evidence = (given.evidence if given else ()) + (pair.evidence if pair else ())
    return Place(rule, name, value, bool(value), bool(given or pair), evidence)


def _is_told_apart(rule: SourceRule, setting: SettingRule, facts: KnownFacts, given: Given | None) -> bool:
    """Whether a value that the client prints whether it came from the variable or from the file is known to be not the file's."""
    variables = tuple(name for name in (*rule.facts, *rule.pair) if name.startswith("env."))
    if facts.last(rule.differs) or facts.given(variables) or is_silent(setting, facts, "ini:"):
        return True
    files = facts.configured_values(rule.differs)
    return bool(files) and given is not None and given.value not in files


def _same_path(left: str, right: str) -> bool:
    return left.replace("\\", "/").lower() == right.replace("\\", "/").lower()


def _copied(given: Given, facts: KnownFacts, names: Sequence[str], differs: str) -> bool:
    """Whether the value is only the one of the file, which a client prints under the name of the variable."""
    if facts.given(tuple(name for name in names if name.startswith("env."))):
        return False
    other = facts.given((differs,))
    return bool(other and other.value and other.value == given.value and given.traced)


def _joined(folder: Given | None, name: Given | None) -> str:
    """A folder and a file name as one path, with the folder's own separator."""
    first, second = (folder.value if folder else ""), (name.value if name else "")
    if not first or not second:
        return first or second
    separator = "\\" if "\\" in first and "/" not in first else "/"
    return first.rstrip("/\\") + separator + second


def is_same(left: str, right: str) -> bool:
    """Whether two values are the same, of files also where one is given as a URL or relative to a folder."""
    left, right = (re.sub(r"^file:/{0,2}", "", value).replace("\\", "/").removeprefix("./") for value in (left, right))
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    relative = bool(short) and not short.startswith("/") and ":" not in short
    return relative and len(short) < len(long) and long.endswith("/" + short)


def holds(row: Setting, wanted: str) -> bool:
    """Whether another setting came from the source that a rule wants; "*" is any."""
    if wanted == "*":
        return any(each.state == "won" for each in row.candidates) or row.source not in ("none", "unknown")
    return row.source == wanted


def is_silent(rule: SettingRule, facts: KnownFacts, source: str) -> bool:
    """Whether a source that no line speaks of gave nothing: the trace shows that the client asked it."""
    return any(source.startswith(begin) and facts.any_of(shown) for begin, shown in rule.silent.items())


def is_flagged(rule: SourceRule, facts: KnownFacts) -> bool:
    """Whether the fact is there that makes the source a candidate: a pointer to a structure that the program gave."""
    flag = facts.last(rule.flag) if rule.flag else None
    return bool(flag and flag.value.strip("0x"))


def is_structure(rule: SourceRule) -> bool:
    """Whether the source is only known by a structure, which holds values and not where they came from."""
    return any(name.startswith(STRUCTURES) for name in rule.facts)
