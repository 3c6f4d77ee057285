"""The answer for a terminal: the sentence that answers, the incidents, the table, a chart over time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from textwrap import wrap

from mqtrace.mark import marked
from mqtrace.triage.answer import beneath, chart, headline, meaning_of, number, short
from mqtrace.triage.result import Incident, KeyCount, Triage

_INCIDENTS = 8
_ROWS = 20
_FEW = 5
_NEW = 8
_WIDE = 110
_INDENT = 18
_BLOCK = "█"


def rendered_text(found: Triage, *, width: int = 100, colour: bool = False, top: int = 0) -> str:
    """The text, in lines of at most `width` columns."""
    lines = [
        *wrap(headline(found), width, break_on_hyphens=False),
        *wrap(beneath(found), width, break_on_hyphens=False),
        "",
    ]
    lines += _incidents(found.incidents, width)
    lines += _new(found.rows, width)
    lines += _rows(found, top or _ROWS, width)
    lines += _rare(found, top or _ROWS, width)
    lines += _bursts(found.rows)
    lines += _chart(found.hours, width)
    lines += [line for note in found.notes for line in wrap(note, width)]
    lines = [part for line in lines for part in line.split("\n")]
    cut = [_cut(line.rstrip(), width) for line in lines]
    shown = [_bold(line) if colour and (line.isupper() or not index) else line for index, line in enumerate(cut)]
    return marked("\n".join(shown).rstrip() + "\n")


def _cut(line: str, width: int) -> str:
    """A line cut at the right; a path alone on its line goes on below."""
    if len(line) <= width:
        return line
    if line.startswith("    ") and " " not in line.strip():
        return "\n".join(f"    {part}" for part in wrap(line.strip(), width - 4))
    return line[: width - 1] + "…"


def _bold(line: str) -> str:
    return f"\x1b[1m{line}\x1b[0m"


def _place(file: str, line: int, room: int) -> str:
    """File and line in `room` columns, or on a line of their own: a path is never cut."""
    place = f"{file}:{line}"
    return place if len(place) <= room else f"\n    {place}"


def _incidents(incidents: tuple[Incident, ...], width: int) -> list[str]:
    if not incidents:
        return []
    lines = ["INCIDENTS", f"{'count':>7} {'entries':>8}  cause"]
    room = width - _INDENT
    for each in incidents[:_INCIDENTS]:
        mark = "NEW " if each.is_new else ""
        name = f" ({each.cause})" if each.cause else ""
        title, *more = wrap(
            f"{mark}{each.title.rstrip('.') if name else each.title}{name}", room, break_on_hyphens=False
        )
        lines.append(f"{each.count:7,} {each.entries:8,}  {title}")
        lines += [f"{'':{_INDENT}}{line}" for line in (*more, *_where(each, room))]
    if len(incidents) > _INCIDENTS:
        lines.append(f"{'':{_INDENT}}and {number(len(incidents) - _INCIDENTS, 'more cause')}: --format json lists all")
    return [*lines, ""]


def _where(incident: Incident, room: int) -> Iterator[str]:
    """When, in which file, and where."""
    times = _span(incident)
    place = f"{incident.file}:{incident.line}"
    together = f"{times}  {place}"
    yield from (together,) if len(together) <= room else (*wrap(times, room), *wrap(place, room))
    parts = (("channel", incident.channels), ("from", incident.addresses), ("on", incident.queue_managers))
    told = "; ".join(
        f"{word} {', '.join(names[:3])}{', ...' if len(names) > 3 else ''}" for word, names in parts if names
    )
    if told:
        yield from wrap(told, room, break_on_hyphens=False)


def _rows(found: Triage, top: int, width: int) -> list[str]:
    rows = found.rows[:top]
    if not rows:
        return []
    name = max([len(found.by), *(min(len(row.name), 40 if width >= _WIDE else 24) for row in rows)])
    moment, year = _moments(rows, width)
    size = len(moment(rows[0].first or "2026-01-01T00:00:00"))
    counts = f"{found.by:{name}} {'count':>9} {'per hour':>8}"
    lines = [
        f"BY {found.by.upper()}",
        _cut(f"{counts}  {'first' + year:{size}}  {'last':{size}}  sample", width),
    ]
    for row in rows:
        times = f"{moment(row.first):{size}}  {moment(row.last):{size}}"
        start = f"{row.name:{name}.{name}} {row.count:9,} {_rate(row):>8}  {times}  {'NEW ' if row.is_new else ''}"
        if len(start) > width:
            lines += [start[: name + 19].rstrip(), *(f"    {each}" for each in wrap(_span(row), width - 4))]
            lines.append(f"    {row.file}:{row.line}")
        else:
            lines.append(start + _place(row.file, row.line, width - len(start)))
        lines += _meaning(found.by, row, width)
    if len(found.rows) > top:
        lines.append(f"... and {len(found.rows) - top:,} more: --top N shows more of them")
    return [*lines, ""]


def _span(row: KeyCount | Incident) -> str:
    """From when to when."""
    first, last = short(row.first), short(row.last)
    return f"{first} to {last}" if last != first else first


def _meaning(by: str, row: KeyCount, width: int) -> list[str]:
    """What a message or a reason code means, in one line."""
    words = meaning_of(by, row.key)
    if not words:
        return []
    first, *rest = wrap(words, width - 6)
    return [f"    {first}{' …' if rest else ''}"]


def _new(rows: Iterable[KeyCount], width: int) -> list[str]:
    """What the baseline does not have, wherever it stands in the table."""
    new = [row for row in rows if row.is_new]
    lines = [f"{row.name:24.40} {row.count:9,}  {short(row.first):19}  " for row in new[:_NEW]]
    lines = [line + _place(row.file, row.line, width - len(line)) for line, row in zip(lines, new, strict=False)]
    if len(new) > _NEW:
        lines.append(f"... and {len(new) - _NEW:,} more new ones: --format json marks all")
    return ["NEW SINCE THE BASELINE", *lines, ""] if new else []


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


def _rare(found: Triage, top: int, width: int) -> list[str]:
    """Errors that are too few for the table: one entry may be the one that matters."""
    few = [row for row in found.rows[top:] if row.severity in {"E", "S", "T"}] if found.by == "message" else []
    if not few:
        return []
    few = sorted(few, key=lambda row: (row.count, row.key))[:_FEW]
    lines = [
        f"{row.name:12} {row.count:5,}  {short(row.first)}  {_place(row.file, row.line, width - 41)}" for row in few
    ]
    return ["RARE ERRORS", *lines, ""]


def _bursts(rows: Iterable[KeyCount]) -> list[str]:
    """Hours that stand out, the largest first."""
    found = sorted(
        ((row.hours[hour], row, hour) for row in rows for hour in row.bursts),
        key=lambda each: (-each[0], each[2], each[1].key),
    )
    lines = [
        f"{row.name:24.40} {short(hour)}h  {count:,} of {number(row.count, 'entry', 'entries')}"
        for count, row, hour in found[:_FEW]
    ]
    return ["BURSTS", *lines, ""] if lines else []


def _chart(hours: Mapping[str, int], width: int) -> list[str]:
    step, bars = chart(hours)
    if not bars:
        return []
    most = max(count for _, count in bars)
    room = max(width - 32, 10)
    lines = (f"{label:15} {count:10,}  {_BLOCK * -(-count * room // most)}" for label, count in bars)
    return [f"ENTRIES OVER TIME, {step.upper()} A BAR", *lines, ""]
