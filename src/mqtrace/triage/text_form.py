"""The answer for a terminal: the sentence that answers, the incidents, the table, a chart over time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from mqtrace.mark import marked
from mqtrace.pages.layout import Page, beside_or_below, cell_len, columns, table_lines, wrap
from mqtrace.triage.answer import beneath, chart, headline, meaning_of, number, short
from mqtrace.triage.result import Incident, KeyCount, Triage

Row = tuple[str, ...]
_INCIDENTS = 8
_ROWS = 20
_FEW = 5
_NEW = 8
_WIDE = 110
# Lines of a cell, and blanks before the last of them.
_HEIGHT, _GAP = 12, 2
_BLOCK = "█"
_HEADER = ("name", "count", "first", "sample")
_NUMBERS = ("count", "entries", "per hour")


def rendered_text(found: Triage, *, width: int = 100, colour: bool = False, top: int = 0) -> str:
    """The text, in lines of at most `width` cells."""
    page = Page(width, colour)
    first, *rest = wrap(headline(found), width)
    blocks = [
        [page.paint(first, "head"), *rest, *wrap(beneath(found), width)],
        _incidents(found.incidents, page),
        _new(found.rows, page),
        _rows(found, top or _ROWS, page),
        _rare(found, top or _ROWS, page),
        _bursts(found.rows, page),
        _chart(found.hours, page),
        [line for note in found.notes for line in wrap(note, width)],
    ]
    return marked("\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks if block) + "\n")


def _titled(title: str, lines: Iterable[str], page: Page) -> list[str]:
    """The lines below their title; nothing where there are none."""
    below = list(lines)
    return [*(page.paint(line, "head") for line in wrap(title, page.width)), *below] if below else []


def _more(rows: Sequence[object], most: int, words: str, page: Page) -> list[str]:
    """A sentence on the rows that are left out; nothing where none is."""
    left = len(rows) - most
    return wrap(f"... and {left:,} more {words}", page.width) if left > 0 else []


def _sampled(rows: Iterable[KeyCount], page: Page) -> Iterator[str]:
    """The lines of a table of some rows, each with its sample."""
    cells = [(row.name, f"{row.count:,}", short(row.first), f"{row.file}:{row.line}") for row in rows]
    return chain(*_table(_HEADER, cells, page)) if cells else iter(())


def _table(header: Row, rows: Sequence[Row], page: Page) -> list[list[str]]:
    """The lines of each row, the header's first; the last cell, a file and line, is never cut: it stands below where
    there is no room for it.
    """
    lines = columns([cells[:-1] for cells in (header, *rows)], page.width, _HEIGHT, _NUMBERS)
    at = max(cell_len(line) for row in lines for line in row) + _GAP
    return [beside_or_below(row, at, cells[-1], page.width) for row, cells in zip(lines, (header, *rows), strict=True)]


def _incidents(incidents: tuple[Incident, ...], page: Page) -> list[str]:
    rows = [(f"{each.count:,}", f"{each.entries:,}", "\n".join(_about(each))) for each in incidents[:_INCIDENTS]]
    lines = table_lines([("count", "entries", "cause"), *rows], page.width, _HEIGHT, _NUMBERS)
    return _titled("INCIDENTS", [*lines, *_more(incidents, _INCIDENTS, "causes: --format json lists all", page)], page)


def _about(incident: Incident) -> Iterator[str]:
    """What it is, when, in which file, and where."""
    title = f"{incident.title.rstrip('.')} ({incident.cause})" if incident.cause else incident.title
    yield f"{'NEW ' if incident.is_new else ''}{title}"
    yield f"{_span(incident)}  {incident.file}:{incident.line}"
    parts = (("channel", incident.channels), ("from", incident.addresses), ("on", incident.queue_managers))
    told = (f"{word} {', '.join(names[:3])}{', ...' if len(names) > 3 else ''}" for word, names in parts if names)
    if where := "; ".join(told):
        yield where


def _rows(found: Triage, top: int, page: Page) -> list[str]:
    shown = found.rows[:top]
    if not shown:
        return []
    moment, year = _moments(shown, page.width)
    header = (found.by, "count", "per hour", f"first{year}", "last", "sample")
    rows = [(row.name, f"{row.count:,}", _rate(row), moment(row.first), moment(row.last), _place(row)) for row in shown]
    head, *table = _table(header, rows, page)
    lines = [line for row, cells in zip(shown, table, strict=True) for line in (*cells, *_meaning(found.by, row, page))]
    more = _more(found.rows, top, "rows: --top N shows more of them", page)
    return _titled(f"BY {found.by.upper()}", [*head, *lines, *more], page)


def _place(row: KeyCount) -> str:
    return f"{'NEW ' if row.is_new else ''}{row.file}:{row.line}"


def _span(row: KeyCount | Incident) -> str:
    """From when to when."""
    first, last = short(row.first), short(row.last)
    return f"{first} to {last}" if last != first else first


def _meaning(by: str, row: KeyCount, page: Page) -> list[str]:
    """What a message or a reason code means, in one line."""
    words = meaning_of(by, row.key)
    if not words:
        return []
    first, *rest = wrap(words, page.width - 6)
    return [f"    {first}{' …' if rest else ''}"]


def _new(rows: Iterable[KeyCount], page: Page) -> list[str]:
    """What the baseline does not have, wherever it stands in the table."""
    new = [row for row in rows if row.is_new]
    more = _more(new, _NEW, "new ones: --format json marks all", page)
    return _titled("NEW SINCE THE BASELINE", [*_sampled(new[:_NEW], page), *more], page)


def _moments(rows: Sequence[KeyCount], width: int) -> tuple[Callable[[str], str], str]:
    """How moments are written, and what the heading tells for that: where there is little room, without a year that
    is the same in all.
    """
    years = {moment[:4] for row in rows for moment in (row.first, row.last)} - {""}
    if width >= _WIDE:
        return short, ""
    if len(years) == 1:
        return (lambda moment: short(moment)[5:16]), f" ({years.pop()})"
    return (lambda moment: moment[:10]), ""


def _rate(row: KeyCount) -> str:
    if row.rate is None:
        return ""
    return f"{row.rate:,.1f}" if 1 <= row.rate < 1e5 else f"{row.rate:.2g}"


def _rare(found: Triage, top: int, page: Page) -> list[str]:
    """Errors that are too few for the table: one entry may be the one that matters."""
    few = [row for row in found.rows[top:] if row.severity in {"E", "S", "T"}] if found.by == "message" else []
    few = sorted(few, key=lambda row: (row.count, row.key))[:_FEW]
    return _titled("RARE ERRORS", _sampled(few, page), page)


def _bursts(rows: Iterable[KeyCount], page: Page) -> list[str]:
    """Hours that stand out, the largest first."""
    found = sorted(
        ((row.hours[hour], row, hour) for row in rows for hour in row.bursts),
        key=lambda each: (-each[0], each[2], each[1].key),
    )
    cells = [
        (row.name, f"{short(hour)}h", f"{count:,} of {number(row.count, 'entry', 'entries')}")
        for count, row, hour in found[:_FEW]
    ]
    lines = table_lines([("name", "hour", "count"), *cells], page.width, _HEIGHT)
    return _titled("BURSTS", lines, page)


def _chart(hours: Mapping[str, int], page: Page) -> list[str]:
    step, bars = chart(hours)
    if not bars:
        return []
    most = max(count for _, count in bars)
    room = max(page.width - 32, 10)
    lines = (f"{label:15} {count:10,}  {_BLOCK * -(-count * room // most)}" for label, count in bars)
    return _titled(f"ENTRIES OVER TIME, {step.upper()} A BAR", lines, page)
