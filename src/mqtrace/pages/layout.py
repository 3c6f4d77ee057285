"""Lays text out in a width given in cells of the terminal."""

import itertools
import re
from collections.abc import Callable, Collection, Sequence

from msgspec import Struct

_LABEL = 9
INDENT = _LABEL + 2
# Below this width labels stand above their text, which has this margin, and tables have no more columns.
_NARROW, _MARGIN, _MOST_COLUMNS = 60, 3, 3
_GAP = 2
_BELOW = 4
_NARROWEST = 8
_LONGEST_WORD = 30
# After which a word is broken: names of folders and files stay whole where they can.
_BREAKS = (r"[/\\]", r"[.,;:=_&?-]")
_STYLES = {"bad": "1;31", "good": "1;32", "open": "1;33", "head": "1"}


class Page(Struct, frozen=True):
    """Width in cells, and whether colour may be used."""

    width: int
    color: bool

    def paint(self, text: str, style: str) -> str:
        """`text` in the colour of `style`; unchanged without colour."""
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.color and text.strip() else text

    @property
    def is_narrow(self) -> bool:
        """Whether labels stand above their text."""
        return self.width < _NARROW

    @property
    def room(self) -> int:
        """Width of the column of text in cells."""
        return self.width - (_MARGIN if self.is_narrow else INDENT)

    def block(self, label: str, lines: Sequence[str], style: str = "head") -> list[str]:
        """The lines in the column of text, the first of them beside `label`; nothing when there are no lines."""
        if self.is_narrow and lines:
            return [f" {self.paint(label, style)}", *(" " * _MARGIN + line for line in lines)]
        first = [f" {self.paint(f'{label:<{_LABEL}}', style)} {line}" for line in lines[:1]]
        return first + [" " * INDENT + line for line in lines[1:]]

    def wrapped(self, text: str, *, hanging: int = 0, spare: int = 0) -> list[str]:
        """`text` wrapped to the column of text less `spare` cells, all lines but the first indented by `hanging`."""
        return indented(text, self.room - spare, hanging)

    def filled(self, text: str) -> list[str]:
        """`text` wrapped to the whole width less the margin."""
        return wrap(text, self.width - 1)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]], height: int) -> list[str]:
        """A table over the whole width, with its header; nothing when there are no rows."""
        if not rows:
            return []
        picked = _filled([header, *rows])
        lay_out = _stacked if self.is_narrow and len(picked[0]) > _MOST_COLUMNS else columns
        head, *body = lay_out(picked, self.width - 1, height)
        return [f" {line}" for line in [*(self.paint(line, "head") for line in head), *itertools.chain(*body)]]

    def beside(self, text: str, note: str) -> str:
        """`text` with `note` at the right edge."""
        return set_cell_size(text, self.room - cell_len(note)) + self.paint(note, "head")


# rich knows how wide each character is; most text needs none of it.
def cell_len(text: str) -> int:
    """How many cells a line takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len as measured

    return measured(text)


def set_cell_size(text: str, total: int) -> str:
    """`text` cut, or filled up with spaces, to `total` cells."""
    if text.isascii() and text.isprintable() and total >= 0:
        return text[:total].ljust(total)
    from rich.cells import set_cell_size as fitted

    return fitted(text, total)


def shorten(text: str, cells: int) -> str:
    """`text` in about `cells` cells.

    A longer text loses its middle, and the count of characters left out stands there.
    """
    # Marks that combine take no cells of their own.
    if cell_len(text) <= cells and len(text) <= 4 * cells:
        return text
    room = max(cells - 26, 8)
    head = room // 3
    tail = room - head
    if cell_len(text) > len(text):
        head, tail = head // 2, tail // 2
    return f"{text[:head]} ...({len(text) - head - tail:,} characters)... {text[len(text) - tail :]}"


def wrap(text: str, width: int, hanging: int = 0) -> list[str]:
    """`text` in lines of at most `width` cells, from the second on `hanging` fewer; broken at blanks.

    A word that is longer than a line is broken, after a separator where one is near.
    """
    lines: list[str] = []
    line: str | None = None
    for word in text.split(" "):
        if line is None and lines and not word:
            continue
        joined = word if line is None else f"{line} {word}"
        if cell_len(joined) <= (width - hanging if lines else width):
            line = joined
            continue
        if line is not None:
            lines.append(line)
        line = _break(word, lines, width, hanging) if word else None
    return lines if line is None else [*lines, line]


def _break(word: str, lines: list[str], width: int, hanging: int) -> str:
    """Adds full lines of a long word to `lines`; its rest, which fits one line."""
    while cell_len(word) > (room := width - hanging if lines else width):
        head = _fitting(word, room)
        lines.append(head)
        word = word[len(head) :]
    return word


def _fitting(word: str, width: int) -> str:
    head = word[:width] if word[:width].isascii() else _cut(word, width)
    parts = (re.match(rf".{{{len(head) // 4},}}{after}", head) for after in _BREAKS)
    return next((part[0] for part in parts if part), head)


def _cut(word: str, width: int) -> str:
    length = 1
    while length < len(word) and cell_len(word[: length + 1]) <= width:
        length += 1
    return word[:length]


def indented(text: str, width: int, indent: int) -> list[str]:
    """`text` in lines of at most `width` cells, all but the first indented by `indent`."""
    first, *rest = wrap(text, width, indent)
    return [first, *(" " * indent + line for line in rest)]


def columns(rows: Sequence[Sequence[str]], width: int, height: int, numbers: Collection[str] = ()) -> list[list[str]]:
    """Each row as lines of a table without rules, in about `height` lines at most. The first row is the header.

    A column that is empty below the header is left out; the widest columns are narrowed until the table fits `width`.
    Where it never does, the cells of a row stand below its first two. A cell may have several lines. The columns named
    in `numbers` stand at the right of their room.
    """
    picked = _filled(rows)
    widths = _fit(list(zip(*picked, strict=True)), width)
    if sum(widths) + _GAP * (len(widths) - 1) > width:
        return _stacked(picked, width, height)
    place = [_at_the_right if name in numbers else set_cell_size for name in picked[0]]
    return [_row(row, widths, height, place) for row in picked]


def beside_or_below(lines: Sequence[str], at: int, text: str, width: int) -> list[str]:
    """`lines` with `text` in column `at` of the first; where that takes more than `width` cells, below the last.

    For what is copied, as a path: it is broken only where it is longer than a line.
    """
    first, *rest = lines
    joined = f"{set_cell_size(first, at)}{text}"
    if cell_len(joined) <= width:
        return [joined, *rest]
    return [*lines, *(f"{'':{_BELOW}}{part}" for part in wrap(text, width - _BELOW))]


def table_lines(rows: Sequence[Sequence[str]], width: int, height: int, numbers: Collection[str] = ()) -> list[str]:
    """The lines of such a table; none where there is no row below the header."""
    return [line for row in columns(rows, width, height, numbers) for line in row] if len(rows) > 1 else []


def _filled(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows without the columns that are empty below the header."""
    kept = [index for index in range(len(rows[0])) if any(row[index] for row in rows[1:])]
    return [[row[index] for index in kept] for row in rows]


def _stacked(rows: Sequence[Sequence[str]], width: int, height: int) -> list[list[str]]:
    header, *body = rows
    stacked = [wrap("  ".join(header[:2]), width)]
    for row in body:
        cells = [shorten(cell, width * height) for cell in row]
        lines = wrap("  ".join(cells[:2]), width)
        rest = "; ".join(f"{name} {cell}" for name, cell in zip(header[2:], cells[2:], strict=True) if cell)
        stacked.append([*lines, *(f"  {line}" for line in wrap(rest, width - 2) if rest)])
    return stacked


def _fit(table: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of the columns of `table`.

    Where they do not fit, lines are broken at blanks first, inside words only at need.
    """
    room = width - _GAP * (len(table) - 1)
    lines = ["\n".join(cells).split("\n") for cells in table]
    widths = [min(max(map(cell_len, cells)), room) for cells in lines]
    words = [min(max(cell_len(word) for line in cells for word in line.split(" ")), _LONGEST_WORD) for cells in lines]
    widths = _narrowed(widths, words, room)
    return _narrowed(widths, [min(word, _NARROWEST) for word in words], room)


def _narrowed(widths: list[int], least: list[int], room: int) -> list[int]:
    """`widths` made smaller until their sum is within `room` or none is above its `least`.

    It is always the widest above its `least` that is narrowed.
    """
    widths = list(widths)
    while sum(widths) > room and any(width > floor for width, floor in zip(widths, least, strict=True)):
        index = max(range(len(widths)), key=lambda index: (widths[index] > least[index], widths[index]))
        widths[index] -= 1
    return widths


def _row(cells: Sequence[str], widths: list[int], height: int, place: Sequence[Callable[[str, int], str]]) -> list[str]:
    wrapped = [
        [line for part in shorten(cell, width * height).split("\n") for line in wrap(part, width)]
        for cell, width in zip(cells, widths, strict=True)
    ]
    return [
        (" " * _GAP).join(put(part, width) for put, part, width in zip(place, parts, widths, strict=True)).rstrip()
        for parts in itertools.zip_longest(*wrapped, fillvalue="")
    ]


def _at_the_right(text: str, width: int) -> str:
    return " " * (width - cell_len(text)) + text
