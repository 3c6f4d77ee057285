"""What a ticket is written in: GitHub's Markdown, Jira's wiki markup, or plain lines for a mail.

Every method takes text as it is, and gives lines in which nothing of it is active.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from mqtrace.pages.layout import shorten

LONGEST_VALUE = 300
Parts = Sequence[str]
"""A sentence in which words and commands alternate, words first."""


class Markup(ABC):
    """One of them; here what those that give a sentence one line have in common.

    Attributes:
        wraps: whether a sentence takes as many lines as it is long.
    """

    wraps = False

    @abstractmethod
    def words(self, text: str) -> str:
        """A sentence."""

    @abstractmethod
    def code(self, text: str) -> str:
        """A name, value or command; "" for nothing."""

    @abstractmethod
    def heading(self, text: str, level: int) -> list[str]:
        """A heading; level 1 is the ticket's own."""

    @abstractmethod
    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        """Rows of values, which may be shortened, under their header; there is at least one."""

    def _cells(self, row: Sequence[str]) -> list[str]:
        return [shorten(each, LONGEST_VALUE) for each in row]

    @abstractmethod
    def proof(self, rows: Sequence[tuple[str, str]]) -> list[str]:
        """Places and the lines that stand there."""

    def text(self, parts: Parts) -> list[str]:
        """A paragraph."""
        return [self._sentence(parts)]

    def names(self, texts: Sequence[str]) -> list[str]:
        """Short texts of an input, one behind the other."""
        return [", ".join(map(self.code, texts))]

    def items(self, sentences: Sequence[Parts], *, numbered: bool = False) -> list[str]:
        """A list."""
        marks = self._marks(len(sentences), numbered=numbered)
        return [f"{mark} {self._sentence(parts)}" for mark, parts in zip(marks, sentences, strict=True)]

    @abstractmethod
    def _marks(self, count: int, *, numbered: bool) -> list[str]:
        """What stands before the items of a list."""

    def _sentence(self, parts: Parts) -> str:
        told = (self.code(part) if number % 2 else self.words(part) for number, part in enumerate(parts))
        return " ".join(told)
