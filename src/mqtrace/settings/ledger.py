"""The ledger: every candidate for every setting, the winner, and the proof.

Each source of a setting is asked what it gives; what the trace shows in force and those answers settle the setting. If
the trace says what
was in force, that is the proof, and the ledger only tells which candidate it came from; if not, the winner follows
from precedence and is
marked inferred.
"""

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.catalog.precedence import SettingRule, SourceRule, precedence
from mqtrace.evidence.configuration import Configuration
from mqtrace.evidence.definitions import DEFINITION
from mqtrace.model import Candidate, CandidateState, Connection, Evidence, Fact, Proof, Setting
from mqtrace.model.text import Named, Text, text
from mqtrace.settings.asking import Asked, Settled, ask, is_same, is_structure
from mqtrace.settings.known import KnownFacts

NOTHING_GIVEN = Configuration()
# Facts of the client's own log, which names what it used.
LOGGED = "logged."


class InForce(Struct, frozen=True):
    """What the trace shows in force.

    Attributes:
        value: the value; "" where a blank one is known to be in force, None where nothing is known.
        name: the fact's name.
        used: the trace says that it was used, not only read.
        evidence: the line that says so.
        behind_hole: lines are missing before it, so that it is not known what else was read until then.
    """

    value: str | None = None
    name: str = ""
    used: bool = False
    evidence: tuple[Evidence, ...] = ()
    behind_hole: bool = False


UNKNOWN = InForce()


def build_ledger(connection: Connection, given: Configuration = NOTHING_GIVEN) -> tuple[Setting, ...]:
    """The settings of one connection, in the order of its family's precedence file.

    `given`: what configuration files and listings beside the trace say. What stands in files that the client did not
        read does not count:
    the ini file and the channel table are settled first, then the channel, whose entry of the table is all that
    remains of it.
    """
    facts = KnownFacts(connection, given)
    rules = [rule for rule in precedence(connection.client) if not rule.needs or facts.is_known(rule.needs)]
    named = {rule.name: rule for rule in rules}
    settled: dict[str, Setting] = {}
    for name in ("mqclient_ini", "ccdt", "channel"):
        if name not in named:
            continue
        settled[name] = _decided(named[name], rules, facts, settled)
        if given.facts:
            given = _narrowed(given, settled[name])
            facts.narrow(given)
    for rule in rules:
        if rule.name not in settled:
            settled[rule.name] = _decided(rule, rules, facts, settled)
    return tuple(_hidden(rule, settled) for rule in rules)


def _narrowed(given: Configuration, setting: Setting) -> Configuration:
    """Without what stands in other files, or of other channels, than the setting tells."""
    if setting.name == "channel":
        return given.of_channel(setting.value)
    # A file that nobody names may be any, and a folder alone does not name the table in it.
    named = setting.proof == "inferred" and "." in re.split(r"[/\\]", setting.value)[-1]
    used = setting.value if named or setting.proof == "traced" else None
    if setting.name == "mqclient_ini":
        return given.of_ini(used)
    return given.of_table(used, {line.location.source for line in setting.evidence})


def _decided(rule: SettingRule, rules: Sequence[SettingRule], facts: KnownFacts, settled: Settled) -> Setting:
    in_force = _in_force(rule, facts)
    asked = [answer for source in rule.sources if (answer := ask(source, rule, facts, settled, in_force.value or ""))]
    if rule.definition:
        asked = _of_one_source(asked, rules, facts, settled)
    if rule.when_used and not facts.is_filled(rule.when_used):
        rule = replace(rule, default="")  # the setting does not matter: a key repository where no TLS is asked for
    return settle(rule, in_force, asked)


def _in_force(rule: SettingRule, facts: KnownFacts) -> InForce:
    """The value in force; a blank one only where no other fact tells one."""
    blank = UNKNOWN
    for name in rule.in_force:
        fact = facts.last(name)
        if fact is None or fact.proves in ("not-set", "rejected"):
            continue
        if fact.value:
            used = fact.proves == "used" and not (facts.untried and name.startswith(DEFINITION))
            return InForce(fact.value, name, used, (fact.evidence,), facts.is_behind_hole(fact))
        if blank is UNKNOWN and _blank_proves(rule, facts, fact):
            blank = InForce("", name, True, (fact.evidence,))
    return blank


def _blank_proves(rule: SettingRule, facts: KnownFacts, blank: Fact) -> bool:
    denial = facts.last(rule.blank_unless) if rule.blank_unless else None
    if denial and denial.location.offset > blank.location.offset:
        return False
    if rule.blank_is_open or (rule.blank_needs_attempt and not facts.attempted):
        return False
    return not rule.blank_needs or facts.is_filled(rule.blank_needs)


# ---------------------------------------------------------------- a channel definition comes as a whole


def _of_one_source(
    asked: Sequence[Asked], rules: Sequence[SettingRule], facts: KnownFacts, settled: Settled
) -> list[Asked]:
    """The answers of sources that can have given the whole definition: that of the channel, where it is known."""
    channel = settled.get("channel")
    if channel is None or channel.source == "none":
        shown = [(rule, in_force) for rule in rules if rule.definition and (in_force := _of_structure(rule, facts))]
        misfits = [_misfit(answer.rule, shown, facts, settled) for answer in asked]
        return [answer._replace(refused=why) if why else answer for answer, why in zip(asked, misfits, strict=True)]
    if channel.source == "unknown":
        return [answer._replace(answer="unknown") for answer in asked]
    refused = text("the definition is that of {giver}", giver=channel.source)
    return [_as_of(channel, answer, refused) for answer in asked]


def _as_of(channel: Setting, answer: Asked, refused: Text) -> Asked:
    if answer.name == channel.source:
        traced = answer.traced or channel.source_proof == "traced"
        return answer._replace(whole=True, named=True, traced=traced)
    return answer if answer.answer == "nothing" else answer._replace(refused=refused)


def _of_structure(rule: SettingRule, facts: KnownFacts) -> str:
    """The value in force as the channel definition shows it, "" where it does not."""
    in_force = _in_force(rule, facts)
    return in_force.value if in_force.value and in_force.used and in_force.name.startswith(DEFINITION) else ""


def _misfit(source: SourceRule, shown: Sequence[tuple[SettingRule, str]], facts: KnownFacts, settled: Settled) -> str:
    """What of the definition in force (`shown`) the source cannot have given, "" where it can have given all of it."""
    for rule, value in shown:
        words, in_force = rule.name.replace("_", " "), Named(rule.name, value)
        own = next((own for own in rule.sources if own.source == source.source), None)
        if own is None:
            return text("it cannot give a {setting}, and '{in_force}' is in force", setting=words, in_force=in_force)
        given = None if own.when else ask(own, rule, facts, settled, value)
        if given and given.value and not given.gives(value):
            template = "it gives {setting} '{given}', and '{in_force}' is in force"
            return text(template, setting=words, given=Named(rule.name, given.value), in_force=in_force)
    return ""


# ---------------------------------------------------------------- settling


def settle(rule: SettingRule, in_force: InForce, asked: Sequence[Asked]) -> Setting:
    """The setting that follows from what is in force and from what the sources answered."""
    if in_force.value and not in_force.used and not in_force.name.startswith(LOGGED):
        first = next((answer for answer in asked if answer.rule.reads and answer.is_given and answer.value), None)
        if first and not first.gives(in_force.value):
            in_force = UNKNOWN  # a line that may only have been read does not beat what precedence says
    if in_force.value is None:
        return _by_precedence(rule, asked)
    if not in_force.value:
        return _setting(rule, Won("", "none", "traced", "traced", in_force.evidence), asked)
    return _proved(rule, in_force, in_force.value, asked)


def _proved(rule: SettingRule, in_force: InForce, value: str, asked: Sequence[Asked]) -> Setting:
    """The setting of a value in force: the first source that gives it won, where no other one may have given it too."""
    giving = [answer for answer in asked if answer.rule.reads and answer.gives(value)]
    winner = next((answer for answer in giving if answer.outright), giving[0] if giving else None)
    source = winner.name if winner else _unmatched(rule, value)
    proof = "unknown" if in_force.behind_hole else _proof_of_source(source, winner, asked)
    if proof == "unknown":
        winner, source = None, "unknown"
        asked = [answer for answer in asked if not is_structure(answer.rule)]
    evidence = tuple(dict.fromkeys((*in_force.evidence, *(winner.evidence if winner else ()))))
    won = Won(value, source, "traced" if in_force.used else "inferred", proof, evidence, winner)
    return _setting(rule, won, asked)


def _unmatched(rule: SettingRule, value: str) -> str:
    """The source of a value that no candidate gives."""
    default = value == rule.default or (rule.default_pattern and re.search(rule.default_pattern, value))
    if default or (rule.default_file and is_same(value, rule.default_file)):
        return "default"
    return rule.unmatched


def _proof_of_source(source: str, winner: Asked | None, asked: Sequence[Asked]) -> Proof:
    """How the source of a value in force is known: a line of the trace names it, or it cannot be another one."""
    if winner and winner.outright:
        return "traced"
    others = [answer for answer in asked if answer.is_open and answer is not winner]
    if source == "unknown" or (others and not (winner and winner.named)):
        return "unknown"
    if winner is None or not winner.named:
        return "traced"
    before = asked[: asked.index(winner)]
    return "inferred" if not winner.traced or any(answer.is_open for answer in before) else "traced"


def _by_precedence(rule: SettingRule, asked: Sequence[Asked]) -> Setting:
    """The setting where nothing tells the value in force: the first source that gives one."""
    reading = [answer for answer in asked if answer.rule.reads]
    winner = next((answer for answer in reading if answer.is_given), None)
    if winner:
        proof: Proof = "inferred" if winner.value else "unknown"
        return _setting(rule, Won(winner.value, winner.name, proof, "inferred", winner.evidence, winner), asked)
    is_open = any(answer.is_open for answer in asked)
    if rule.default and not is_open:
        return _setting(rule, Won(rule.default, "default", "inferred", "inferred"), asked)
    proof = "inferred" if any(answer.said for answer in reading) and not is_open else "unknown"
    return _setting(rule, Won("", "none", proof, proof), asked)


# ---------------------------------------------------------------- the row


class Won(Struct, frozen=True):
    """The value of a setting, where it comes from, how each is known, and the answer that gave it."""

    value: str
    source: str
    value_proof: Proof
    source_proof: Proof
    evidence: tuple[Evidence, ...] = ()
    answer: Asked | None = None


def _setting(rule: SettingRule, won: Won, asked: Sequence[Asked]) -> Setting:
    candidates = [_candidate(answer, won) for answer in asked if answer.is_listed]
    if won.answer is None and won.source not in ("none", "unknown"):
        others = (
            "no other source gives a value" if won.source == "default" else "no other source gives the value in force"
        )
        candidates.append(Candidate(won.source, won.value, "won", others, won.evidence[:1]))
    proof = won.value_proof
    if proof == "traced" and won.source_proof == "inferred":
        proof = "inferred"
    return Setting(
        rule.name, won.value, won.source, proof, tuple(candidates), won.evidence, won.value_proof, won.source_proof
    )


def _candidate(answer: Asked, won: Won) -> Candidate:
    state, why = _state(answer, won)
    return Candidate(answer.name, answer.value, state, why, answer.evidence)


def _state(answer: Asked, won: Won) -> tuple[CandidateState, str]:
    if answer is won.answer:
        return "won", "it stands before all others that give a value"
    if answer.answer != "gave":
        return "not-set", "not set" if answer.said else "no input shows it"
    if not answer.rule.reads:
        return "ignored", "this client does not read it"
    if answer.refused:
        return "overridden", answer.refused
    return "overridden", "the value in force is another" if won.source == "unknown" else text(
        "{giver} wins", giver=won.source
    )


def _hidden(rule: SettingRule, settled: Settled) -> Setting:
    """A setting that is not looked at where another one came from a source that makes it needless (MQSERVER and the
    table).
    """
    setting = settled[rule.name]
    if not rule.hidden_by or setting.value_proof == "traced":
        return setting
    hiders = {name: settled[name].source for name in rule.hidden_by if name in settled}
    hider = next((source for name, source in hiders.items() if source in rule.hidden_by[name]), "")
    if not hider:
        return setting
    why = text("not looked at: the channel came from {giver}", giver=hider)
    candidates = tuple(
        replace(candidate, state="overridden", why=why) if candidate.state == "won" else candidate
        for candidate in setting.candidates
    )
    return Setting(rule.name, "", "none", "inferred", candidates, setting.evidence, "inferred", "inferred")
