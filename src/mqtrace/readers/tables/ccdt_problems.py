"""Collects what is wrong with a channel table."""

import re
from bisect import bisect_right

from mqtrace.masking import printable
from mqtrace.readers.configuration.config_patterns import settings_pattern
from mqtrace.readers.tables.ccdt_table import Problem

# A table with more is another program's file, or made to waste time.
MOST = 1000
LONGEST_SHOWN = 80


def refused_by(kind: str) -> frozenset[str]:
    """Client families known to refuse a table with a problem of that kind."""
    return frozenset(settings_pattern("ccdt_problems")[kind]["refused_by"])


def shown(text: str) -> str:
    """`text` in quotes, short enough for a sentence."""
    cut = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
    return f'"{printable(cut)}"'


class Problems:
    """The problems found so far; the first MOST are kept.

    Attributes:
        found: the problems.
    """

    def __init__(self, text: str = "") -> None:
        """`text`: the table's text, so that places in it can be told as line and column; "" for a binary one."""
        self.found: list[Problem] = []
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))] if text else []

    def place(self, position: int) -> tuple[int, int]:
        """Line and column of a character, both from 1; in a binary table 0 and the byte offset."""
        if not self._line_starts:
            return 0, position
        line = bisect_right(self._line_starts, position)
        return line, position - self._line_starts[line - 1] + 1

    def add(self, kind: str, position: int, text: str) -> None:
        """One more problem, at a character of the text or a byte of the file."""
        if len(self.found) < MOST:
            self.found.append(Problem(*self.place(position), text, kind, refused_by(kind)))

    @property
    def full(self) -> bool:
        """Whether no more are kept."""
        return len(self.found) >= MOST
