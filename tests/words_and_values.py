"""What a report says in words of mqtrace, and what it says in values of its inputs."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from msgspec import field

from mqtrace.model import Report
from mqtrace.report.shown import Policy, shown

ROOT = Path(__file__).parents[1]
# Shorter values stand in words by chance.
SHORTEST = 3


class Heard(Policy, frozen=True):
    """A policy that hides nothing, and keeps what it was asked about."""

    values: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def value(self, name: str, value: str) -> str:
        self.values.add(value)
        return value

    def line(self, line: str) -> str:
        return line

    def sentence(self, sentence: str) -> str:
        self.words.add(sentence)
        return sentence


def values_in_words(report: Report) -> Iterator[tuple[str, str]]:
    """Each value in a field of the report that stands in the words of a sentence too, where no policy can reach it, and
    those words. What mqtrace says of every input, as the code and patterns/ have it, is the same by chance.
    """
    heard = Heard()
    shown(report, heard)
    for value in heard.values:
        form = re.compile(rf"(?<![\w.]){re.escape(value)}(?![\w.])")
        if len(value) >= SHORTEST:
            yield from ((value, words) for words in heard.words if form.search(words) and not is_known(words))


def is_known(words: str) -> bool:
    """Whether the words stand as they are in the code or in patterns/."""
    return words.strip() in known_words()


@cache
def known_words() -> str:
    """All texts of the code and of patterns/, without what stands for a value in them."""
    trees = (ast.parse(path.read_text("utf-8")) for path in (ROOT / "src").rglob("*.py"))
    texts = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    for path in (ROOT / "patterns").rglob("*.toml"):
        texts += texts_of(tomllib.loads(path.read_text("utf-8")))
    return "\0".join(words for text in texts if isinstance(text, str) for words in pieces(text))


def texts_of(thing: Any) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    items = thing.values() if isinstance(thing, dict) else thing
    for item in items if isinstance(thing, dict | list) else ():
        yield from texts_of(item)


def pieces(template: str) -> list[str]:
    try:
        return [words for words, _, _, _ in Formatter().parse(template)]
    except ValueError:
        return []  # a regex
