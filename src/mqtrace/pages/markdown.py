"""Text in Markdown as GitHub and GitLab read it, with nothing of a trace or log active in it."""

import re
from collections.abc import Sequence


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


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table whose cells are code."""
    lines = [f"| {' | '.join(header)} |", f"|{' --- |' * len(header)}"]
    return lines + [f"| {' | '.join(map(cell, row))} |" for row in rows]
