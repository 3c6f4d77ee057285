"""The ledger: every candidate for every setting, the winner, and the proof.

If the trace says what was in force, that is the proof, and the ledger only tells which candidate it came from; if not, the winner
follows from precedence and is marked inferred.
"""

from collections.abc import Sequence

from mqtrace.catalog.precedence import SettingRule, precedence
from mqtrace.model import Candidate, CandidateState, Connection, Evidence, Fact, Proof, Setting
from mqtrace.settings.known import KnownFacts
from mqtrace.settings.origin import gives, is_named, may_be_another, origin
from mqtrace.settings.places import Place, Rows, is_structure, place_of

# What an application gets where no channel could be tried.
NO_CHANNEL = (2058, 2278)


def build_ledger(
    connection: Connection, configured: Sequence[Fact] = (), disputed: frozenset[str] = frozenset()
) -> tuple[Setting, ...]:
    """The settings of one connection, in the order of its family's precedence file.

    `configured`: facts of configuration files and listings given beside the trace, named as the precedence file names them. `disputed`:
    names of those that the files given do not agree on.
    """
    attempted = connection.phase != "settings"
    untried = not attempted and connection.reason_code in NO_CHANNEL
    hole = connection.hole.location.offset if connection.hole else None
    facts = KnownFacts(connection.facts, configured, attempted=attempted, untried=untried, disputed=disputed, hole=hole)
    rules = precedence(connection.client)
    rows: dict[str, Setting] = {}
    # A table is a candidate for the channel, and hidden when the channel came from elsewhere: it is looked at before and after.
    for rule in sorted(rules, key=lambda each: each.name not in ("mqclient_ini", "ccdt")):
        rows[rule.name] = _decide(rule, facts, rows)
    for rule in rules:
        if rule.hidden_by:
            rows[rule.name] = _hide(rule, rows[rule.name], rows)
    return tuple(rows[rule.name] for rule in rules)


def _in_force(rule: SettingRule, facts: KnownFacts) -> Fact | None:
    """The fact that tells the value in force; of a fact with an empty value only where no other tells one."""
    empty = None
    for name in rule.in_force:
        found = facts.last(name)
        if found and found.proves not in ("not-set", "rejected"):
            if found.value:
                return found
            empty = empty or (found if _blank_proves(rule, facts, found) else None)
    return empty


def _blank_proves(rule: SettingRule, facts: KnownFacts, blank: Fact) -> bool:
    denial = facts.last(rule.blank_unless) if rule.blank_unless else None
    if denial and denial.location.offset > blank.location.offset:
        return False
    if rule.blank_is_open or (rule.blank_needs_attempt and not facts.attempted):
        return False
    filled = facts.last(rule.blank_needs) if rule.blank_needs else None
    return not rule.blank_needs or bool(filled and filled.value)


def _decide(rule: SettingRule, facts: KnownFacts, rows: Rows) -> Setting:
    force = _in_force(rule, facts)
    places = [
        place for source in rule.sources if (place := place_of(source, rule, facts, rows, force.value if force else ""))
    ]
    readable = [place for place in places if place.rule.reads]
    first = next((place for place in readable if place.present and place.value), None)
    if force and force.value and force.proves == "read" and first and not gives(first.value, force.value):
        force = None  # a line that may only have been read does not beat what precedence says
    if force and force.value:
        winner, source = origin(rule, force, readable)
        if facts.is_behind_hole(force) or (not is_named(winner, facts) and may_be_another(rule, facts, rows, winner)):
            winner, source = None, "unknown"
            places = [place for place in places if not is_structure(place.rule)]
        evidence = tuple(dict.fromkeys((force.evidence, *(winner.evidence if winner else ()))))
        proof: Proof = (
            "traced"
            if force.proves == "used" and not (facts.untried and force.name.startswith("mqcd."))
            else "inferred"
        )
        return _row(rule, force.value, source, proof, places, winner, evidence)
    if force:
        return _row(rule, "", "none", "traced", places, None, (force.evidence,))
    winner = next((place for place in readable if place.present), None)
    if winner:
        value, proof = winner.value, "inferred" if winner.value or winner.rule.any else "unknown"
        return _row(rule, value, winner.name, proof, places, winner, winner.evidence)
    if rule.default and _is_used(rule, facts) and not may_be_another(rule, facts, rows, None):
        return _row(rule, rule.default, "default", "inferred", places, None, ())
    told = any(place.said for place in readable) and not any(
        facts.is_open((*each.facts, *each.pair)) for each in rule.sources
    )
    return _row(rule, "", "none", "inferred" if told else "unknown", places, None, ())


def _is_used(rule: SettingRule, facts: KnownFacts) -> bool:
    """Whether the setting matters for this connection at all: a key repository does only where TLS is asked for."""
    fact = facts.last(rule.when_used) if rule.when_used else None
    return not rule.when_used or bool(fact and fact.value)


def _row(
    rule: SettingRule,
    value: str,
    source: str,
    proof: Proof,
    places: Sequence[Place],
    winner: Place | None,
    evidence: tuple[Evidence, ...],
) -> Setting:
    candidates = tuple(_candidate(place, winner, source) for place in places)
    if winner is None and source not in ("none", "unknown"):
        why = (
            "no other source gives a value" if source == "default" else "the value in force is given by no other source"
        )
        candidates += (Candidate(source, value, "won", why, evidence[:1]),)
    return Setting(rule.name, value, source, proof, candidates, evidence)


def _candidate(place: Place, winner: Place | None, source: str) -> Candidate:
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
    hider = next(
        (
            rows[name].source
            for name, sources in rule.hidden_by.items()
            if name in rows and rows[name].source in sources
        ),
        "",
    )
    if not hider or row.proof == "traced":
        return row
    why = f"not looked at: the channel came from {hider}"
    candidates = tuple(
        Candidate(each.source, each.value, "overridden", why, each.evidence) if each.state == "won" else each
        for each in row.candidates
    )
    return Setting(row.name, "", "none", "inferred", candidates, row.evidence)
