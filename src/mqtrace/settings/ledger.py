"""The ledger: every candidate for every setting, the winner, and the proof.

If the trace says what was in force, that is the proof, and the ledger only tells which candidate it came from; if not, the winner
follows from precedence and is marked inferred.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mqtrace.catalog.precedence import SettingRule, SourceRule, precedence
from mqtrace.model import Candidate, CandidateState, Connection, Evidence, Fact, Proof, Setting
from mqtrace.settings.connection_string import part_of
from mqtrace.settings.known import Given, KnownFacts


@dataclass(frozen=True, slots=True)
class _Place:
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


Rows = dict[str, Setting]
# Beginnings of the names of facts that do not tell their source.
STRUCTURES = ("mqcd.", "mqsco.")
# What an application gets where no channel could be tried.
NO_CHANNEL = (2058, 2278)
BEGIN_OF_CALL = "call.begins"


def build_ledger(connection: Connection, configured: Sequence[Fact] = (), disputed: frozenset[str] = frozenset()) -> tuple[Setting, ...]:
    """The settings of one connection, in the order of its family's precedence file.

    `configured`: facts of configuration files and listings given beside the trace, named as the precedence file names them. `disputed`:
    names of those that the files given do not agree on.
    """
    untried = connection.phase == "settings" and connection.reason_code in NO_CHANNEL
    facts = KnownFacts(connection.facts, configured, untried=untried, disputed=disputed)
    attempted = connection.phase != "settings"
    rules = precedence(connection.client)
    rows: Rows = {}
    # A table is a candidate for the channel, and hidden when the channel came from elsewhere: it is looked at before and after.
    for rule in sorted(rules, key=lambda each: each.name not in ("mqclient_ini", "ccdt")):
        rows[rule.name] = _decide(rule, facts, rows, attempted)
    for rule in rules:
        if rule.hidden_by:
            rows[rule.name] = _hide(rule, rows[rule.name], rows)
    return tuple(rows[rule.name] for rule in rules)


def _same(left: str, right: str) -> bool:
    """Whether two values are the same, of files also where one is given as a URL or relative to a folder."""
    left, right = (re.sub(r"^file:/{0,2}", "", value).replace("\\", "/").removeprefix("./") for value in (left, right))
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    relative = bool(short) and not short.startswith("/") and ":" not in short
    return relative and len(short) < len(long) and long.endswith("/" + short)


def _place(rule: SourceRule, setting: SettingRule, facts: KnownFacts, rows: Rows, in_force: str) -> _Place | None:
    if not all(name in rows and _when(rows[name], wanted) for name, wanted in rule.when.items()):
        return None
    if rule.paths:
        found = next((path for path in rule.paths if _same_path(path, in_force)), "")
        return _Place(rule, rule.source, found, bool(found), bool(found), ()) if found else None
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
        present = bool(value) or bool(rule.when) or _is_flagged(rule, facts)
        return _Place(rule, name, value, present, present, given.evidence if given else ())
    evidence = (given.evidence if given else ()) + (pair.evidence if pair else ())
    return _Place(rule, name, value, bool(value), bool(given or pair), evidence)


def _is_told_apart(rule: SourceRule, setting: SettingRule, facts: KnownFacts, given: Given | None) -> bool:
    """Whether a value that the client prints whether it came from the variable or from the file is known to be not the file's."""
    variables = tuple(name for name in (*rule.facts, *rule.pair) if name.startswith("env."))
    if facts.last(rule.differs) or facts.given(variables) or _is_silent(setting, facts, "ini:"):
        return True
    files = facts.configured_values(rule.differs)
    return bool(files) and given is not None and given.value not in files


def _when(row: Setting, wanted: str) -> bool:
    if wanted == "*":
        return any(each.state == "won" for each in row.candidates) or row.source not in ("none", "unknown")
    return row.source == wanted


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


def _in_force(rule: SettingRule, facts: KnownFacts, attempted: bool) -> Fact | None:
    """The fact that tells the value in force; of a fact with an empty value only where no other tells one."""
    empty = None
    for name in rule.in_force:
        found = facts.last(name)
        if found and found.proves not in ("not-set", "rejected"):
            if found.value:
                return found
            empty = empty or (found if _blank_proves(rule, facts, attempted, found) else None)
    return empty


def _blank_proves(rule: SettingRule, facts: KnownFacts, attempted: bool, blank: Fact) -> bool:
    denial = facts.last(rule.blank_unless) if rule.blank_unless else None
    if denial and denial.location.offset > blank.location.offset:
        return False
    if rule.blank_is_open or (rule.blank_needs_attempt and not attempted):
        return False
    filled = facts.last(rule.blank_needs) if rule.blank_needs else None
    return not rule.blank_needs or bool(filled and filled.value)


def _decide(rule: SettingRule, facts: KnownFacts, rows: Rows, attempted: bool) -> Setting:
    force = _in_force(rule, facts, attempted)
    places = [place for source in rule.sources if (place := _place(source, rule, facts, rows, force.value if force else ""))]
    readable = [place for place in places if place.rule.reads]
    first = next((place for place in readable if place.present and place.value), None)
    if force and force.value and force.proves == "read" and first and not _gives(first.value, force.value):
        force = None  # a line that may only have been read does not beat what precedence says
    if force and force.value:
        winner, source = _origin(rule, force, readable)
        if not _is_named(winner, facts) and _may_be_another(rule, facts, rows, winner):
            winner, source = None, "unknown"
            places = [place for place in places if not _is_structure(place.rule)]
        evidence = tuple(dict.fromkeys((force.evidence, *(winner.evidence if winner else ()))))
        proof: Proof = "traced" if force.proves == "used" and not (facts.untried and force.name.startswith("mqcd.")) else "inferred"
        return _row(rule, force.value, source, proof, places, winner, evidence)
    if force:
        return _row(rule, "", "none", "traced", places, None, (force.evidence,))
    winner = next((place for place in readable if place.present), None)
    if winner:
        value, proof = winner.value, "inferred" if winner.value or winner.rule.any else "unknown"
        return _row(rule, value, winner.name, proof, places, winner, winner.evidence)
    if rule.default and _is_used(rule, facts) and not _may_be_another(rule, facts, rows, None):
        return _row(rule, rule.default, "default", "inferred", places, None, ())
    told = any(place.said for place in readable) and not any(facts.is_open((*each.facts, *each.pair)) for each in rule.sources)
    return _row(rule, "", "none", "inferred" if told else "unknown", places, None, ())


def _is_used(rule: SettingRule, facts: KnownFacts) -> bool:
    """Whether the setting matters for this connection at all: a key repository does only where TLS is asked for."""
    fact = facts.last(rule.when_used) if rule.when_used else None
    return not rule.when_used or bool(fact and fact.value)


def _gives(given: str, value: str) -> bool:
    """Whether a source's value is the one in force, or a list of addresses that it is one of."""
    return _same(given, value) or any(each.strip() == value for each in given.split(","))


def _is_named(winner: _Place | None, facts: KnownFacts) -> bool:
    """Whether a line names the source, and not the value alone as a structure does that the client fills from any source."""
    if winner is None:
        return False
    return _is_flagged(winner.rule, facts) or (bool(winner.value) and not _is_structure(winner.rule))


def _is_flagged(rule: SourceRule, facts: KnownFacts) -> bool:
    flag = facts.last(rule.flag) if rule.flag else None
    return bool(flag and flag.value.strip("0x"))


def _is_structure(rule: SourceRule) -> bool:
    return any(name.startswith(STRUCTURES) for name in rule.facts)


def _may_be_another(rule: SettingRule, facts: KnownFacts, rows: Rows, winner: _Place | None) -> bool:
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
        applies = all(name in rows and _when(rows[name], wanted) for name, wanted in source.when.items())
        if applies and not (_is_structure(source) or given or _is_silent(rule, facts, source.source)):
            return True
    return False


def _is_begin_lost(source: SourceRule, facts: KnownFacts, winner: _Place | None) -> bool:
    """Whether the program may have given the value in a structure of its call, and the trace began after that."""
    if not source.flag or (winner and winner.rule is source):
        return False
    return not facts.any_of((BEGIN_OF_CALL, source.flag.partition(".")[0] + "."))


def _is_silent(rule: SettingRule, facts: KnownFacts, source: str) -> bool:
    """Whether a source that no line speaks of gave nothing: the trace shows that the client asked it."""
    return any(source.startswith(begin) and facts.any_of(shown) for begin, shown in rule.silent.items())


def _origin(rule: SettingRule, force: Fact, places: Sequence[_Place]) -> tuple[_Place | None, str]:
    """Which candidate the value in force came from: the first that gives it, else the first that can give any value."""
    value = force.value
    for place in places:
        if place.present and place.value and _gives(place.value, value):
            return place, place.name
    for place in places:
        if place.present and place.rule.any and not place.value:
            return place, place.name
    if rule.default and value == rule.default:
        return None, "default"
    if rule.default_pattern and re.search(rule.default_pattern, value):
        return None, "default"
    if rule.default_file and _same(value, rule.default_file):
        return None, "default"
    return None, rule.unmatched


def _row(
    rule: SettingRule,
    value: str,
    source: str,
    proof: Proof,
    places: Sequence[_Place],
    winner: _Place | None,
    evidence: tuple[Evidence, ...],
) -> Setting:
    candidates = tuple(_candidate(place, winner, source) for place in places)
    if winner is None and source not in ("none", "unknown"):
        why = "no other source gives a value" if source == "default" else "the value in force is given by no other source"
        candidates += (Candidate(source, value, "won", why, evidence[:1]),)
    return Setting(rule.name, value, source, proof, candidates, evidence)


def _candidate(place: _Place, winner: _Place | None, source: str) -> Candidate:
    state: CandidateState
    if place is winner:
        state, why = "won", "it stands before all others that give a value"
    elif not place.present:
        state, why = "not-set", "not set" if place.said else "no input shows it"
    elif not place.rule.reads:
        state, why = "ignored", "this client does not read it"
    else:
        state, why = "overridden", "the value in force is another" if source == "unknown" else f"{source} wins"
    return Candidate(place.name, place.value, state, why, place.evidence)


def _hide(rule: SettingRule, row: Setting, rows: Rows) -> Setting:
    """A setting that is not looked at because another one came from a source that makes it needless (MQSERVER and the table)."""
    hider = next((rows[name].source for name, sources in rule.hidden_by.items() if name in rows and rows[name].source in sources), "")
    if not hider or row.proof == "traced":
        return row
    why = f"not looked at: the channel came from {hider}"
    candidates = tuple(
        Candidate(each.source, each.value, "overridden", why, each.evidence) if each.state == "won" else each for each in row.candidates
    )
    return Setting(row.name, "", "none", "inferred", candidates, row.evidence)
