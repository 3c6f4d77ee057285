"""Blocks of lines that the report on a connection and the one on a connection ahead have in common."""

from collections.abc import Sequence

from mqtrace.pages.layout import Page, shorten
from mqtrace.report.answer import COMMAND, Answer

Block = list[str]
CELL_LINES = 3
_TEXT_LINES, _ITEMS = 12, 5


def as_text(blocks: Sequence[Block]) -> str:
    """Blocks with an empty line between them."""
    return "\n".join("".join(f"{line.rstrip()}\n" for line in block) for block in blocks if block)


def why_lines(page: Page, answer: Answer) -> list[str]:
    """The cause: title with its confidence, explanation, what explains more."""
    title = (
        page.wrapped(shorten(answer.title, page.room * CELL_LINES), spare=len(answer.confidence) + 2)
        if answer.title
        else []
    )
    if answer.confidence:
        title[0] = page.beside(title[0], answer.confidence)
    lines = [line for text in answer.explanation for line in page.wrapped(shorten(text, page.room * _TEXT_LINES))]
    more = page.wrapped(f"More: mqtrace explain {answer.cause}") if answer.cause else []
    return [*title, *lines, *more]


def numbered(page: Page, label: str, texts: Sequence[str]) -> Block:
    """A block of steps."""
    numbered = [f"{number:<2} {text}" for number, text in enumerate(texts, 1)]
    return page.block(label, [line for text in numbered for line in _step(page, text, 3)])


def listed(page: Page, label: str, texts: Sequence[str], verbosity: int) -> Block:
    """A block of sentences, the first few of them."""
    return page.block(label, [line for text in _limited(texts, _ITEMS, verbosity) for line in _step(page, text, 2)])


def _step(page: Page, text: str, hanging: int) -> list[str]:
    """A text whose command, parted by three blanks, gets a line of its own where the whole is longer than a line."""
    whole = page.wrapped(shorten(text, page.room * _TEXT_LINES), hanging=hanging)
    if len(whole) == 1 or COMMAND not in text:
        return whole
    words, *parts = [shorten(part, page.room * _TEXT_LINES) for part in text.split(COMMAND)]
    lines = page.wrapped(words, hanging=hanging)
    for part in parts:
        lines += page.wrapped(f"{' ' * (hanging + 2)}{part}", hanging=hanging + 4)
    return lines


def _limited(items: Sequence[str], most: int, verbosity: int) -> list[str]:
    if verbosity > 0 or len(items) <= most:
        return list(items)
    return [*items[:most], f"... and {len(items) - most:,} more (-v shows all)"]


def ledger_table(page: Page, answer: Answer) -> Block:
    """The settings, and those that nothing gives."""
    rows = [(row.name, row.value, row.source, row.instead) for row in answer.rows]
    lines = page.table(("SETTING", "VALUE", "FROM", "INSTEAD OF"), rows, CELL_LINES)
    for label, names in (("Not set", answer.not_given), ("Not in these files", answer.not_seen)):
        lines += [f" {line}" for line in page.filled(f"{label}: {', '.join(names)}.")] if names else []
    return lines
