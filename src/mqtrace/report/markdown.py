"""Markdown as GitHub and GitLab read it, with nothing of a trace active in it.

It uses headings, lists and tables alone: what a ticket system does not render must be readable as plain text.
"""

from collections.abc import Sequence

from mqtrace.pages.markdown import code, inert, table
from mqtrace.report.markup import Markup


class Markdown(Markup):
    """A table's cells are code."""

    def words(self, text: str) -> str:
        return inert(text)

    def code(self, text: str) -> str:
        return code(text)

    def heading(self, text: str, level: int) -> list[str]:
        return [f"{'#' * level} {inert(text)}"]

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return table(header, [self._cells(row) for row in rows])

    def proof(self, rows: Sequence[tuple[str, str]]) -> list[str]:
        return self.table(("WHERE", "LINE"), rows)

    def _marks(self, count: int, *, numbered: bool) -> list[str]:
        return [f"{number}." for number in range(1, count + 1)] if numbered else ["-"] * count
