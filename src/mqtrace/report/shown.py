"""The one door out: what leaves mqtrace holds no secret, and steers no terminal.

Every form of the report, and what a program gets from `mqtrace.diagnose`, is made of a report that went through here.
"""

from collections.abc import Mapping
from functools import cache
from operator import is_not
from typing import Any, ClassVar, Literal, cast, get_origin

from msgspec import Struct
from msgspec.structs import force_setattr, replace

from mqtrace.kept import compiled
from mqtrace.masking import mask, mask_sentence, mask_value, printable
from mqtrace.model import Report
from mqtrace.model.text import Named, Text

_LINE_ENDS = compiled(r"\s{0,40}[\r\n\v\f\x85\u2028\u2029]\s{0,40}")
_LINE_ENDS_AND_TABS = compiled(r"\s{0,40}[\r\n\t]\s{0,40}")
# Sentences of mqtrace, and lines of an input; what stands in any other field is the value of that field.
_SENTENCES = frozenset(
    {
        *("Finding.text", "Finding.how_to_find_out", "Finding.fix", "Alternative.how_to_tell", "Candidate.why"),
        *("Cause.title", "Cause.explanation", "Cause.fix", "Gap.question", "Gap.how_to_find_out"),
        *("InputRead.error", "InputRead.note", "Report.notes"),
        *("Check.text", "Preflight.because", "ChannelAhead.why"),
    }
)
_LINES = frozenset({"Evidence.text", "Fact.text", "LogEntry.text", "Excerpt.lines"})
# Values whose name stands beside them; a candidate has the name of its setting.
_NAMED_BESIDE = frozenset({"Setting.value", "Candidate.value", "Fact.value", "StructureField.value"})


class Policy(Struct, frozen=True):
    """What is kept from the reader of a report: secrets. Who or what a value names is told by the name of its field.

    Attributes:
        only: the fields whose values it can change, beside what sentences name; None for any.
    """

    only: ClassVar[frozenset[str] | None] = None

    def value(self, name: str, value: str) -> str:
        """The value of a field, setting, variable or attribute."""
        return mask_value(name, value)

    def line(self, line: str) -> str:
        """A line of an input."""
        return mask(line)

    def sentence(self, sentence: str) -> str:
        """A sentence of mqtrace, which may hold names of an input."""
        return mask_sentence(sentence)


SECRETS = Policy()


def shown(report: Report, policy: Policy = SECRETS) -> Report:
    """The report as `policy` lets it be seen, every text of it printable. What was shown once stays as it is."""
    seen = cast("Report", _Walk(policy).noun(report, ""))
    force_setattr(seen, "is_shown", True)
    return seen


# What a written report says of itself, as it may be passed on.
NAMED = "Hosts, users and organisations are named in this report; mqtrace --redact gives them pseudonyms."
PSEUDONYMS = "Hosts, users and organisations have pseudonyms in this report; without --redact they are named."


def with_note(report: Report, note: str) -> Report:
    """A report that was shown, with one more sentence of mqtrace's own: nothing else of it is looked at again."""
    noted = replace(report, notes=(*report.notes, note))
    force_setattr(noted, "is_shown", report.is_shown)
    return noted


def clean(text: str) -> str:
    """A line, name or value of an input as it is shown."""
    return printable(mask(text))


def clean_value(name: str, value: str) -> str:
    """The value of `name` as it is shown."""
    return printable(mask_value(name, value))


def sentence(text: str, policy: Policy = SECRETS) -> str:
    """A sentence of mqtrace as it is shown: one line.

    Blanks are kept, because three of them part a command from the words before it.
    """
    if isinstance(text, Text):
        return Text(_part(part, policy) for part in text.parts)
    return _words(text.strip(), policy)


def _part(part: str | Named, policy: Policy) -> str | Named:
    """The words of a sentence, or a value in it by its name."""
    if isinstance(part, Named):
        return Named(part.name, printable(policy.value(part.name, part.value)))
    return _words(part, policy)


def _words(words: str, policy: Policy) -> str:
    return printable(policy.sentence(_LINE_ENDS_AND_TABS.sub(" ", words)))


class _Walk:
    """One way through a report: equal texts are masked once, and what does not change is not made anew."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._texts: dict[tuple[str, str, str], str] = {}
        self._nouns: dict[tuple[int, str], Any] = {}

    def noun(self, noun: Any, setting: str) -> Any:
        """A noun of the model; `setting` is the name of the setting that it belongs to, or ""."""
        key = (id(noun), setting)
        known = self._nouns.get(key)
        if known is None:
            known = self._nouns[key] = self._new(noun, setting)
        return known

    def _new(self, noun: Any, setting: str) -> Any:
        beside = getattr(noun, "name", setting)
        changes = {}
        for field, kind, is_named_beside in _plan(cast("Any", type(noun)), self._policy.only):
            before = getattr(noun, field)
            # Most fields are empty.
            if before:
                after = self._anything(before, kind, beside if is_named_beside else field, beside)
                if after is not before:
                    changes[field] = after
        return replace(noun, **changes) if changes else noun

    def _anything(self, thing: Any, kind: str, name: str, setting: str) -> Any:
        if isinstance(thing, str):
            return self._text(thing, kind, name)
        if isinstance(thing, tuple | list):
            items = [self._anything(each, kind, name, setting) for each in thing]
            return type(thing)(items) if any(map(is_not, items, thing)) else thing
        if isinstance(thing, Struct):
            return self.noun(thing, setting)
        return self._mapping(thing, kind, setting) if isinstance(thing, Mapping) else thing

    def _mapping(self, mapping: Mapping[Any, Any], kind: str, setting: str) -> Mapping[Any, Any]:
        pairs = {
            self._anything(key, kind, "name", setting): self._anything(value, kind, str(key), setting)
            for key, value in mapping.items()
        }
        is_same = pairs.keys() == mapping.keys() and not any(map(is_not, pairs.values(), mapping.values()))
        return mapping if is_same else pairs

    def _text(self, text: str, kind: str, name: str) -> str:
        if isinstance(text, Text):
            # The same words may have other values in them.
            made = self._shown(text, kind, name)
            return text if made == text else made
        key = (kind, name, text)
        known = self._texts.get(key)
        if known is None:
            known = self._texts[key] = self._shown(text, kind, name)
        return text if known == text else known

    def _shown(self, text: str, kind: str, name: str) -> str:
        if kind == "sentence" or isinstance(text, Text):
            return sentence(text, self._policy)
        if kind == "line":
            return printable(self._policy.line(_LINE_ENDS.sub(" ", self._policy.line(text))))
        return printable(self._policy.value(name, text))


@cache
def _plan(kind: Any, only: frozenset[str] | None) -> tuple[tuple[str, str, bool], ...]:
    """Of each field that can hold text: its name, what its texts are, whether the name beside it tells its value. Of
    those that hold one value only some, where others are not changed."""
    planned = (
        (*_planned(name, f"{kind.__name__}.{name}"), field)
        for name, field in kind.__annotations__.items()
        if _holds_text(field)
    )
    return tuple(
        (name, what, is_named_beside)
        for name, what, is_named_beside, field in planned
        if only is None or name in only or what == "sentence" or field not in (str, str | None)
    )


def _holds_text(annotation: Any) -> bool:
    return get_origin(annotation) is not Literal and annotation not in (int, bool, int | None)


def _planned(field: str, place: str) -> tuple[str, str, bool]:
    kind = "sentence" if place in _SENTENCES else "value"
    return field, "line" if place in _LINES else kind, place in _NAMED_BESIDE
