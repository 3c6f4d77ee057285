"""Plain lines of at most 72 cells for a mail, without any markup.

All but headings is indented: no line of an input begins a quotation (">"), a signature ("-- ") or a mailbox ("From ").
"""

from collections.abc import Iterable, Iterator, Sequence

from mqtrace.pages.layout import columns, wrap
from mqtrace.report.markup import Markup, Parts

WIDTH = 72
_INDENT = "  "
_ROOM = WIDTH - len(_INDENT)
_CELL_LINES = 3


class Mail(Markup):
    """Words and values are shown as they are; a command has lines of its own."""

    wraps = True

    def words(self, text: str) -> str:
        return text

    def code(self, text: str) -> str:
        return text

    def heading(self, text: str, level: int) -> list[str]:  # noqa: ARG002  (words alone show no level)
        first, *rest = wrap(text, WIDTH, len(_INDENT))
        return [first, *_indented(rest)]

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
        return _indented(line for row in columns([header, *rows], _ROOM, _CELL_LINES) for line in row)

    def proof(self, rows: Sequence[tuple[str, str]]) -> list[str]:
        return _indented(line for place, text in rows for line in _hanging(f"{place}  {text}", 0, 2))

    def text(self, parts: Parts) -> list[str]:
        return _indented(_lines(parts, 0))

    def names(self, texts: Sequence[str]) -> list[str]:
        return self.text([", ".join(texts)])

    def items(self, sentences: Sequence[Parts], *, numbered: bool = False) -> list[str]:
        marks = self._marks(len(sentences), numbered=numbered)
        marked = ((mark, [f"{mark} {first}", *rest]) for mark, (first, *rest) in zip(marks, sentences, strict=True))
        return _indented(line for mark, parts in marked for line in _lines(parts, len(mark) + 1))

    def _marks(self, count: int, *, numbered: bool) -> list[str]:
        return [f"{number}." for number in range(1, count + 1)] if numbered else ["-"] * count


def _lines(parts: Parts, hanging: int) -> Iterator[str]:
    """The words and the commands of a sentence, each on lines of its own; all but the first are indented."""
    for number, part in enumerate(parts):
        yield from _hanging(part.strip(), hanging + 2 * (number % 2) if number else 0, hanging + 4 * (number % 2))


def _hanging(text: str, first: int, rest: int) -> Iterator[str]:
    """The text wrapped, its first line indented by `first`, the others by `rest`."""
    begin, *others = wrap(text, _ROOM - first, rest - first)
    yield " " * first + begin
    yield from (" " * rest + line for line in others)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"{_INDENT}{line}".rstrip() for line in lines]
