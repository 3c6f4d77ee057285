"""A sentence of mqtrace that keeps the values in it apart from its words, until it is shown."""

from collections.abc import Iterable
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
        """The sentence that the parts make."""
        kept = tuple(parts)
        text = super().__new__(cls, "".join(part.value if isinstance(part, Named) else part for part in kept))
        text.parts = kept
        return text


def text(template: str, **values: object) -> Text:
    """`template` with each "{name}" standing for the value of that name. Raises KeyError for a name without a value."""
    parts: list[str | Named] = []
    for words, name, _, _ in Formatter().parse(template):
        parts.append(words)
        if name is not None:
            value = values[name]
            parts += value.parts if isinstance(value, Text) else [Named(name, str(value))]
    return Text(part for part in parts if part)


def joined(texts: Iterable[str], between: str = " ") -> Text:
    """The sentences one after the other."""
    parts: list[str | Named] = []
    for sentence in texts:
        parts += [between] if parts else []
        parts += sentence.parts if isinstance(sentence, Text) else [str(sentence)]
    return Text(parts)
