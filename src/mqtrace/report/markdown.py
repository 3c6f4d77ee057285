"""Markdown as GitHub and GitLab read it, with nothing of a trace active in it.

It uses headings, lists and tables alone: what a ticket system does not render must be readable as plain text.
"""

import re
from collections.abc import Sequence

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
        lines = [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]
        return lines + [f"| {' | '.join(map(cell, self._cells(row)))} |" for row in rows]

    def proof(self, rows: Sequence[tuple[str, str]]) -> list[str]:
        return self.table(("WHERE", "LINE"), rows)

    def _marks(self, count: int, *, numbered: bool) -> list[str]:
        return [f"{number}." for number in range(1, count + 1)] if numbered else ["-"] * count


def inert(text: str) -> str:
    """A sentence as Markdown shows it unchanged.

    No emphasis, code, table cell, HTML, link, mention or list comes out of it.
    """
    text = re.sub(r"[\\`*\[\]<>|~$!&]|(?<!\w)_|_(?!\w)", r"\\\g<0>", text)
    text = re.sub(r"://|(?<=\bwww)\.", r"\\\g<0>", text)
    text = re.sub(r"@|(?<!\w)#(?=\w)", r"`\g<0>`", text)
    return re.sub(r"^(\s*)([#+=\-]|\d+(?=[.)])[.)])", _escaped_start, text)


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[1]}{match[2][:-1]}\\{match[2][-1]}"


def code(text: str) -> str:
    """A name, value or line as code; "" for nothing."""
    if not text:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    blank = " " if text[0] in " `" or text[-1] in " `" else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def cell(text: str) -> str:
    """Code inside a table, where a bar needs a backslash even in code.

    Renderers disagree on two before it, so a blank parts them.
    """
    return code(text.replace("\\|", "\\ |").replace("|", "\\|"))
