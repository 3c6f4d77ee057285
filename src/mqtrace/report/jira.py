"""Jira's wiki markup, with nothing of a trace active in it.

What is active, and in which order it is looked for, is read from Atlassian's renderer (com.atlassian.renderer.v2): a
backslash escapes punctuation, unless another one stands before it; entities are shown as the characters that they name.
"""

import re
from collections.abc import Sequence

from mqtrace.kept import compiled
from mqtrace.report.markup import Markup

# Escaped wherever they stand; a hyphen and an underscore inside a word do nothing, unless a key of an issue comes out.
_ACTIVE = compiled(
    r"[!\[\]^~+*|@]|\?(?=\?)|(?<=\?)\?|(?<!\w)[-_]|[-_](?!\w)|(?<=[A-Z])-(?=\d)|^#"
    # Pictures of faces and signs.
    r"|(?<=[:;])[()]|\((?=(?:y|n|i|/|x|!|\+|-|\?|on|off|\*[rgby]?|flag|flagoff)\))"
)
# What no backslash escapes: braces in code, a backslash before punctuation, what begins a link, a face or an entity.
_ENTITIES = compiled(
    r"[{}]|\\(?![0-9A-Za-z])|(?<=[A-Za-z]):(?=//)|(?i:(?<![^\W_].{4})(?<=file)|(?<![^\W_].{6})(?<=mailto)):|[:;](?=[PD]\b)|&(?=#?\w+;)"
    r"|(?<=^h[1-6])\.|(?<=^bq)\.|^ | $"
)


class Jira(Markup):
    """A table's cells are monospaced; lines of an input stand in blocks that are shown as they are."""

    def words(self, text: str) -> str:
        return inert(text)

    def code(self, text: str) -> str:
        return f"{{{{{inert(text)}}}}}" if text else ""

    def heading(self, text: str, level: int) -> list[str]:
        return [f"h{level}. {inert(text)}"]

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        cells = ([self.code(each) or " " for each in self._cells(row)] for row in rows)
        return [f"||{'||'.join(header)}||", *(f"|{'|'.join(row)}|" for row in cells)]

    def proof(self, rows: Sequence[tuple[str, str]]) -> list[str]:
        return ["{noformat}", *(_literal(f"{place}  {line}") for place, line in rows), "{noformat}"]

    def _marks(self, count: int, *, numbered: bool) -> list[str]:
        return ["#" if numbered else "*"] * count


def inert(text: str) -> str:
    """A sentence or value as Jira shows it unchanged."""
    escaped = _ACTIVE.sub(r"\\\g<0>", _ENTITIES.sub(lambda match: f"\0{ord(match[0])};", text))
    return escaped.replace("\0", "&#")


def _literal(line: str) -> str:
    """A line of a block, which nothing but its own end can end: a blank parts that."""
    return re.sub(r"\{(?=noformat)", "{ ", line, flags=re.IGNORECASE)
