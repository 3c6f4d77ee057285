"""A sentence of mqtrace that keeps the values in it apart from its words, until it is shown."""

from collections.abc import Iterable
from functools import cache
from string import Formatter
from typing import NamedTuple


class Named(NamedTuple):
    """A value in a sentence: the setting, field or thing that it is of, and the value as an input gives it."""

    name: str
    value: str


class Text(str):
    """A sentence, and what it is made of: words, and the values of an input by their names.

    It is the whole sentence wherever a str is wanted. What decides about showing a value (secrets, and names of hosts
    or users) asks `parts`, which no longer have to be found in the words.
    """

    __slots__ = ("parts",)
    parts: tuple[str | Named, ...]

    def __new__(cls, parts: Iterable[str | Named]) -> "Text":
        """The sentence that the parts make, without those that are empty."""
        kept = tuple(part for part in parts if (part.value if isinstance(part, Named) else part))
        text = super().__new__(cls, "".join(part.value if isinstance(part, Named) else part for part in kept))
        text.parts = kept
        return text


def text(template: str, **values: object) -> Text:
    """`template` with each "{name}" standing for the value of that name; a Named or a Text keeps the names it has.

    Raises KeyError for a name without a value.
    """
    parts: list[str | Named] = []
    for words, name in _pieces(template):
        parts.append(words)
        if name is not None:
            value = values[name]
            parts += _parts(value if isinstance(value, Text | Named) else Named(name, str(value)))
    return Text(parts)


def joined(texts: Iterable[str | Named], between: str = " ") -> Text:
    """The sentences, words or values one after the other."""
    parts: list[str | Named] = []
    for each in texts:
        parts += [between] if parts else []
        parts += _parts(each)
    return Text(parts)


def as_sentence(words: str) -> Text:
    """Words without an end as a sentence: with a capital, unless they begin with a value, and a full stop."""
    first, *others = _parts(words)
    begin = first if isinstance(first, Named) else first[:1].upper() + first[1:]
    return Text((begin, *others, "."))


def _parts(given: str | Named) -> tuple[str | Named, ...]:
    return given.parts if isinstance(given, Text) else (given,)


@cache
def _pieces(template: str) -> tuple[tuple[str, str | None], ...]:
    """Words, and the name behind them; templates stand in code and in patterns/, so that there are only so many."""
    return tuple((words, name) for words, name, _, _ in Formatter().parse(template))
