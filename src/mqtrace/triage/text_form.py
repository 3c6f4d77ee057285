"""The answer for a terminal: incidents first, then the table, then a chart over time."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from mqtrace.triage.result import Incident, Row, Triage

_INCIDENTS = 12
_ROWS = 20
_RARE = 5
_BARS = 24
_PLACE = 32
_BLOCK = "█"


def rendered_text(found: Triage, *, width: int = 100, colour: bool = False, top: int = 0) -> str:
    """The text, in lines of at most `width` columns."""
    files = sum(1 for each in found.inputs if each.records)
    lines = [f"{found.entries:,} entries of {files:,} log{'s' if files != 1 else ''}{_span(found)}", ""]
    lines += _incidents(found.incidents)
    lines += _rows(found, top or _ROWS)
    lines += _rare(found, top or _ROWS)
    lines += _chart(found.hours, width)
    lines += list(found.notes)
    cut = [line if len(line) <= width else line[: width - 1] + "…" for line in lines]
    return "\n".join(_bold(line) if colour and line.isupper() else line for line in cut).rstrip() + "\n"


def _bold(line: str) -> str:
    return f"\x1b[1m{line}\x1b[0m"


def _span(found: Triage) -> str:
    first = min((row.first for row in found.rows if row.first), default="")
    last = max((row.last for row in found.rows), default="")
    return f", {_short(first)} to {_short(last)}" if first else ""


def _short(moment: str) -> str:
    return moment[:19].replace("T", " ")


def _place(file: str, line: int) -> str:
    """File and line; of a long path the end."""
    return f"{file if len(file) <= _PLACE else '…' + file[-_PLACE:]}:{line}"


def _incidents(incidents: tuple[Incident, ...]) -> list[str]:
    if not incidents:
        return []
    lines = ["INCIDENTS", f"{'count':>7} {'entries':>8}  cause"]
    for each in incidents[:_INCIDENTS]:
        mark = " NEW" if each.is_new else ""
        lines.append(f"{each.count:7,} {each.entries:8,}  {each.cause or '(none named)'}{mark}  {each.title}")
        channels = f"  channel {', '.join(each.channels[:3])}{' ...' if len(each.channels) > 3 else ''}" if each.channels else ""
        lines.append(f"{'':18}{_short(each.first)}  {_place(each.file, each.line)}{channels}")
    if len(incidents) > _INCIDENTS:
        lines.append(f"{'':18}and {len(incidents) - _INCIDENTS} more causes: --format json lists all")
    return [*lines, ""]


def _rows(found: Triage, top: int) -> list[str]:
    if not found.rows:
        return []
    room = max([len(found.by), *(min(len(_name(row)), 40) for row in found.rows[:top])])
    lines = [f"BY {found.by.upper()}", f"{found.by:{room}} {'count':>9} {'per hour':>9}  {'first':19}  {'last':19}  sample"]
    for row in found.rows[:top]:
        rate = f"{row.rate:,.1f}" if row.rate is not None and row.rate < 1e6 else ""
        mark = (" NEW" if row.is_new else "") + (f" burst {_short(row.bursts[0])}h" if row.bursts else "")
        times = f"{_short(row.first):19}  {_short(row.last):19}"
        lines.append(f"{_name(row):{room}.{room}} {row.count:9,} {rate:>9}  {times} {mark} {_place(row.file, row.line)}")
    if len(found.rows) > top:
        lines.append(f"... and {len(found.rows) - top:,} more: --top N shows more of them")
    return [*lines, ""]


def _name(row: Row) -> str:
    return f"{row.key}{row.severity}" if row.key else "(none)"


def _rare(found: Triage, top: int) -> list[str]:
    """Errors that are too few for the table: one entry may be the one that matters."""
    few = [row for row in found.rows[top:] if row.severity in {"E", "S", "T"}] if found.by == "message" else []
    if not few:
        return []
    lines = ["RARE ERRORS"]
    few = sorted(few, key=lambda row: (row.count, row.key))[:_RARE]
    lines += [f"{_name(row):12} {row.count:5,}  {_short(row.first)}  {_place(row.file, row.line)}" for row in few]
    return [*lines, ""]


def _chart(hours: Mapping[str, int], width: int) -> list[str]:
    if len(hours) < 2:
        return []
    begins = [datetime.fromisoformat(f"{hour}:00:00") for hour in hours]
    first, last = min(begins), max(begins)
    step = _step(last - first)
    counts = [0] * ((last - first) // step + 1)
    for begin, count in zip(begins, hours.values(), strict=True):
        counts[(begin - first) // step] += count
    most = max(counts)
    room = max(width - 32, 10)
    bars = (_BLOCK * -(-count * room // most) for count in counts)
    labels = (f"{first + step * index:%Y-%m-%d %H}h" for index in range(len(counts)))
    return [f"ENTRIES OVER TIME, {_named(step).upper()} A BAR", *_bars(labels, counts, bars), ""]


def _bars(labels: Iterable[str], counts: Iterable[int], bars: Iterable[str]) -> Iterable[str]:
    return (f"{label:15} {count:10,}  {bar}" for label, count, bar in zip(labels, counts, bars, strict=True))


def _step(span: timedelta) -> timedelta:
    hours = int(span.total_seconds() // 3600)
    for step in (1, 2, 3, 6, 12, 24, 48, 168, 336, 720, 2160, 8760):
        if hours // step < _BARS:
            return timedelta(hours=step)
    return timedelta(hours=hours // _BARS + 1)


def _named(step: timedelta) -> str:
    hours = int(step.total_seconds() // 3600)
    days = hours // 24
    return f"{hours} hour{'s' if hours > 1 else ''}" if hours < 48 else f"{days} days"
