"""Asking one source of a setting: what it gives, as far as the inputs tell."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from mqtrace.catalog.precedence import SettingRule, SourceRule
from mqtrace.kept import compiled
from mqtrace.model import Evidence, Setting
from mqtrace.model.text import text
from mqtrace.settings.connection_string import part_of
from mqtrace.settings.known import Given, KnownFacts

Answer = Literal["gave", "nothing", "unknown"]
Settled = Mapping[str, Setting]

# Beginnings of the names of facts that do not tell their source.
STRUCTURES = ("mqcd.", "mqsco.")
BEGIN_OF_CALL = "call.begins"
CHANNELS = "table.name"
DEFAULT_PORT = "(1414)"
_FILE_URL = compiled(r"^file:/{0,2}")


class Asked(NamedTuple):
    """What one source answered. A tuple, as there are some thirty a connection.

    Attributes:
        rule: the source's rule.
        name: its name in the report.
        answer: gave, nothing, or unknown where it may have given something that no input shows.
        value: what it gave; "" with the answer "gave" where it can give any value.
        evidence: where that stands.
        said: an input speaks of it, if only to say that it is not set.
        traced: the trace itself says so, not a file given beside it.
        named: a line names the source; a structure, which the client fills from any source, does not.
        is_listed: it is a candidate for the report; one whose condition does not hold is none.
        refused: why it cannot have given what is in force, "" where it can.
        whole: it is known to have given the definition that the value is a part of.
        outright: the client says in words that this source gave the value.
    """

    rule: SourceRule
    name: str
    answer: Answer
    value: str = ""
    evidence: tuple[Evidence, ...] = ()
    said: bool = False
    traced: bool = False
    named: bool = False
    is_listed: bool = True
    refused: str = ""
    whole: bool = False
    outright: bool = False

    @property
    def is_given(self) -> bool:
        """Whether it gave what it can have given."""
        return self.answer == "gave" and not self.refused

    @property
    def is_open(self) -> bool:
        """Whether it may have given something that no input shows."""
        return self.answer == "unknown" and not self.refused

    def gives(self, value: str) -> bool:
        """Whether it gave that value, a list of addresses that it is one of, or can have given any."""
        return self.whole or (self.is_given and (not self.value or is_in_list(self.value, value)))


def ask(source: SourceRule, rule: SettingRule, facts: KnownFacts, settled: Settled, in_force: str) -> Asked | None:
    """What a source answers; None where it cannot apply. `in_force`: the value in force, "" where none is known."""
    if source.needs and not facts.is_known(source.needs):
        return None
    if source.when and not _holds_all(source.when, settled):
        return _unsettled(source, facts, settled)
    stated = _stated(source, facts)
    if stated:
        value = part_of(stated.value, source.part) if source.part else stated.value
        evidence = stated.evidence
        return Asked(source, source.source, "gave", value, evidence, said=True, traced=True, named=True, outright=True)
    if source.paths:
        path = next((path for path in source.paths if _same_path(path, in_force)), "")
        return Asked(source, source.source, "gave", path, said=True, traced=True, named=True) if path else None
    if source.says and not (source.facts or source.any):
        return None  # what the client would have said
    return _of_facts(source, rule, facts, in_force)


def _of_facts(source: SourceRule, rule: SettingRule, facts: KnownFacts, in_force: str) -> Asked:
    """The answer of a source that the client does not name in words."""
    if _is_left(source, facts):
        return Asked(source, source.source, "gave", said=True, named=True)
    if source.listed and facts.is_logged and facts.is_known(source.listed):
        return _of_table(source, facts, in_force)
    given, pair = facts.given(source.facts), facts.given(source.pair)
    flag = facts.last(source.flag) if source.flag else None
    flagged = bool(flag and flag.value.strip("0x"))
    if given is None and pair is None and not flagged and not source.any:
        # Most sources are ones of which no input speaks.
        silent: Answer = "unknown" if _may_have_given(source, rule, facts, ()) else "nothing"
        return Asked(source, _name(source, rule, facts, None, None), silent)
    given = _own(given, facts, source.facts, source.differs)
    pair = _pair(source, facts, given)
    value = part_of(_joined(given, pair), source.part) if source.part else _joined(given, pair)
    known = [each for each in (given, pair) if each]
    gave = bool(value) or (source.any and (bool(source.when) or flagged))
    answer: Answer = "gave" if gave else "nothing"
    if not gave and _may_have_given(source, rule, facts, known):
        answer = "unknown"
    return Asked(
        source,
        _name(source, rule, facts, given, pair),
        answer,
        value,
        tuple(line for each in known for line in each.evidence),
        said=gave if source.any else bool(known),
        traced=flagged or (bool(known) and all(each.traced for each in known)),
        named=flagged or (bool(value) and not is_structure(source)),
    )


def _pair(source: SourceRule, facts: KnownFacts, given: Given | None) -> Given | None:
    """The file name behind a source's folder: the default one where the source gives a folder alone."""
    pair = _own(facts.given(source.pair), facts, source.pair, source.pair_differs)
    if source.pair_default and given and given.value and not (pair and pair.value):
        return facts.given((source.pair_default,)) or pair
    return pair


def _stated(source: SourceRule, facts: KnownFacts) -> Given | None:
    """The value that the client says in words it took from this source, None where it does not say so."""
    if not source.says or not facts.any_of(source.says):
        return None
    other = facts.given((source.unset,)) if source.unset else None
    if source.unset and (other is None or other.value):
        return None
    stated = facts.given(source.says)
    return stated if stated and stated.traced and stated.value else None


def _is_left(source: SourceRule, facts: KnownFacts) -> bool:
    """Whether it is the source that remains: the trace shows the whole way, and on it no other source was asked."""
    if not source.shown or facts.has_hole or facts.any_of(source.unshown):
        return False
    return all(facts.any_of((name,)) for name in source.shown)


def _of_table(source: SourceRule, facts: KnownFacts, in_force: str) -> Asked:
    """What a table given beside a log gives: of the channel that the log names, else of the only entry to be tried."""
    entries = facts.entries_of_table()
    if source.listed == CHANNELS and in_force:
        entries = [fact for fact in entries if fact.value == in_force]
        if not entries:
            refused = text("the table has no channel '{channel}'", channel=in_force)
            return Asked(source, source.source, "gave", said=True, refused=refused)
    listed = facts.of_entry(source.listed, entries[0].thread) if len(entries) == 1 else []
    value = ",".join(fact.value for fact in listed)
    evidence = tuple(fact.evidence for fact in listed)
    return Asked(source, source.source, "gave", value, evidence, said=True, named=bool(value))


def _unsettled(source: SourceRule, facts: KnownFacts, settled: Settled) -> Asked | None:
    """A source whose condition does not hold: it may have given the value where the source of that other setting is
    not known.
    """
    hinge = next((settled[name] for name in source.when if name in settled), None)
    if hinge is None or hinge.source != "unknown" or source.any or not source.reads:
        return None
    given = facts.given((*source.facts, *source.pair))
    return None if given and not given.value else Asked(source, source.source, "unknown", is_listed=False)


def _own(given: Given | None, facts: KnownFacts, names: Sequence[str], differs: str) -> Given | None:
    """What a source gives; nothing where it is only the value of the file, which a client prints under the variable's
    name.
    """
    if given is None or not differs or not given.traced or not given.value:
        return given
    other = facts.given((differs,))
    if other is None or other.value != given.value or facts.given(_variables(names)):
        return given
    return Given("", given.evidence, traced=True)


def _name(source: SourceRule, rule: SettingRule, facts: KnownFacts, given: Given | None, pair: Given | None) -> str:
    if source.differs and not _is_told_apart(source, rule, facts, given):
        return "unknown"
    return source.alone if pair and pair.value and not (given and given.value) else source.source


def _is_told_apart(source: SourceRule, rule: SettingRule, facts: KnownFacts, given: Given | None) -> bool:
    """Whether a value that the client prints whether it came from the variable or from the file is known to be not the
    file's.
    """
    variables = _variables((*source.facts, *source.pair))
    if facts.last(source.differs) or facts.given(variables) or _is_silent(rule, facts, "ini:"):
        return True
    files = facts.configured_values(source.differs)
    return bool(files) and given is not None and given.value not in files


def _variables(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name.startswith("env."))


def _may_have_given(source: SourceRule, rule: SettingRule, facts: KnownFacts, known: Sequence[Given]) -> bool:
    """Whether a source that shows no value may have given one, since the inputs do not hold the reading of it."""
    if source.flag and not facts.any_of((BEGIN_OF_CALL, source.flag.partition(".")[0] + ".")):
        return True  # the program may have given it in a structure of its call, and the trace began after that
    if source.any or not source.reads:
        return False
    if facts.is_open((*source.facts, *source.pair)):
        return True
    return not (known or is_structure(source) or _is_silent(rule, facts, source.source))


def _is_silent(rule: SettingRule, facts: KnownFacts, source: str) -> bool:
    """Whether a source that no line speaks of gave nothing: the trace shows that the client asked it."""
    return any(source.startswith(begin) and facts.any_of(shown) for begin, shown in rule.silent.items())


def is_structure(source: SourceRule) -> bool:
    """Whether the source is only known by a structure, which holds values and not where they came from."""
    return any(name.startswith(STRUCTURES) for name in source.facts)


def _holds_all(when: Mapping[str, str], settled: Settled) -> bool:
    return all(name in settled and holds(settled[name], wanted) for name, wanted in when.items())


def holds(setting: Setting, wanted: str) -> bool:
    """Whether another setting came from the source that a rule wants; "*" is any."""
    if wanted == "*":
        return setting.source not in ("none", "unknown") or any(each.state == "won" for each in setting.candidates)
    return setting.source == wanted


def _same_path(left: str, right: str) -> bool:
    return left.replace("\\", "/").lower() == right.replace("\\", "/").lower()


def _joined(folder: Given | None, name: Given | None) -> str:
    """A folder and a file name as one path, with the folder's own separator."""
    first, second = (folder.value if folder else ""), (name.value if name else "")
    if not first or not second:
        return first or second
    separator = "\\" if "\\" in first and "/" not in first else "/"
    return first.rstrip("/\\") + separator + second


def is_in_list(given: str, value: str) -> bool:
    """Whether a source's value is the one in force, or a list of addresses that it is one of."""
    if given == value or is_same(given, value):
        return True
    bare = value.removesuffix(DEFAULT_PORT)
    return any(address.strip().removesuffix(DEFAULT_PORT) == bare for address in given.split(","))


def is_same(left: str, right: str) -> bool:
    """Whether two values are the same, of files also where one is given as a URL or relative to a folder."""
    left, right = (_FILE_URL.sub("", value).replace("\\", "/").removeprefix("./") for value in (left, right))
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    relative = bool(short) and not short.startswith("/") and ":" not in short
    return relative and len(short) < len(long) and long.endswith("/" + short)
