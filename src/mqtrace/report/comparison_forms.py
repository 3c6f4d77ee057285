"""A comparison as text, Markdown, JSON and a page of HTML."""

from collections.abc import Iterator
from typing import Any

from mqtrace.mark import json_text, marked, marked_markdown
from mqtrace.model import Evidence
from mqtrace.pages.layout import Page, shorten
from mqtrace.pages.markdown import code, inert, table
from mqtrace.report.answer import answer_of
from mqtrace.report.comparison import Comparison, Difference, Side
from mqtrace.report.moments import CourseMoment
from mqtrace.report.words import place_words

SCHEMA = "mqtrace-comparison/1"
Json = dict[str, Any]
_HEADER = ("WHAT", "GOOD", "BAD", "AT")
_LONGEST, _ROWS = 300, 30
_CELL_LINES = 4


def render_text(found: Comparison, *, width: int, color: bool) -> str:
    """Lines of at most `width` cells: the difference first."""
    page = Page(max(width, 72), color)
    blocks = [page.block("DIFFERENT" if found.differences else "SAME", page.wrapped(found.headline), "head")]
    blocks += [page.block("NOTE", page.wrapped(note)) for note in found.notes]
    for label, side, style in (("GOOD", found.good, "good"), ("BAD", found.bad, "bad")):
        answer = answer_of(side.report, side.group)
        lines = [*page.wrapped(answer.headline), *page.wrapped("  ".join(answer.about))]
        lines += page.wrapped(f"{answer.title} ({answer.confidence})") if answer.confidence else []
        blocks.append(page.block(label, lines, style))
    blocks.append(page.table(_HEADER, [_row(each) for each in found.differences], _CELL_LINES))
    blocks.append(page.block("PARTING", [line for text in _parting(found) for line in page.wrapped(text, hanging=2)]))
    blocks.append([f" {line}" for text in _rest(found) for line in page.filled(text)])
    return marked("\n".join("".join(f"{line.rstrip()}\n" for line in block) for block in blocks if block))


def render_markdown(found: Comparison) -> str:
    """At most 60 lines for what a ticket has room for."""
    lines = [f"# {inert(found.headline)}", ""]
    lines += [f"- Note: {inert(note)}" for note in found.notes]
    for label, side in (("Good", found.good), ("Bad", found.bad)):
        answer = answer_of(side.report, side.group)
        lines.append(f"- **{label}**: {inert(answer.headline)} ({', '.join(map(code, answer.about))})")
        lines += [f"  {inert(answer.title)} ({answer.confidence})"] if answer.confidence else []
    if found.differences:
        lines += ["", *table(_HEADER, [_row(each) for each in found.differences[:_ROWS]])]
    left = len(found.differences) - _ROWS
    lines += ["", f"... and {left} more"] if left > 0 else []
    lines += ["", *(f"- {inert(text)}" for text in _parting(found)), ""]
    lines += [inert(text) for text in _rest(found)]
    return marked_markdown("".join(f"{line}\n" for line in lines))


def _row(each: Difference) -> tuple[str, ...]:
    places = [place_words(evidence) if evidence else "-" for evidence in (each.good_at, each.bad_at)]
    at = "" if places == ["-", "-"] else " / ".join(places)
    return each.words, shorten(each.good, _LONGEST), shorten(each.bad, _LONGEST), at


def _parting(found: Comparison) -> Iterator[str]:
    if found.parting is None:
        return
    if found.parting.last:
        yield f"Both: {found.parting.last.words}"
    for name, step in (("Good", found.parting.good), ("Bad", found.parting.bad)):
        yield f"{name}: {step.words} ({place_words(step.evidence)})" if step else f"{name}: nothing more is seen"


def _rest(found: Comparison) -> Iterator[str]:
    if found.same:
        yield f"The same in both: {', '.join(found.same)}."
    if found.not_seen:
        yield f"Not seen in one of them: {', '.join(found.not_seen)}."


def to_json(found: Comparison) -> str:
    """The object of the schema mqtrace-comparison/1."""
    parting = found.parting
    told: Json = {
        "schema": SCHEMA,
        "headline": found.headline,
        "good": _side(found.good),
        "bad": _side(found.bad),
        "differences": [_difference(each) for each in found.differences],
        "parting": {name: _step(getattr(parting, name)) for name in ("last", "good", "bad")} if parting else None,
        "same": list(found.same),
        "not_seen": list(found.not_seen),
        "notes": list(found.notes),
    }
    return json_text(told)


def _side(side: Side) -> Json:
    connection, cause = side.outcome.connection, side.outcome.cause
    names = ("client", "program", "thread", "start", "queue_manager", "channel", "address", "reason_code", "phase")
    told = {name: getattr(connection, name) for name in names}
    return {"file": connection.source, **told, "cause": cause.id if cause else None}


def _difference(each: Difference) -> Json:
    places = {"good_at": _place(each.good_at), "bad_at": _place(each.bad_at)}
    return {"kind": each.kind, "name": each.name, "good": each.good, "bad": each.bad, **places}


def _place(evidence: Evidence | None) -> Json | None:
    if evidence is None:
        return None
    return {"file": evidence.location.source, "line": evidence.location.line, "text": evidence.text}


def _step(moment: CourseMoment | None) -> Json | None:
    return {"time": moment.when, "text": moment.words, "at": _place(moment.evidence)} if moment else None


def render_html(found: Comparison) -> str:
    """One self-contained page with both runs in full."""
    from mqtrace.pages.rendering import page
    from mqtrace.report.html import connection_page

    runs = [connection_page(side.report, side.group, number) for number, side in enumerate((found.good, found.bad), 1)]
    links = [{row.name: row.links for row in run.rows} for run in runs]
    rows = [(each, [side.get(each.words, []) for side in links]) for each in found.differences]
    status = "DIFFERENT" if found.differences else "SAME"
    return page(
        "comparison",
        title=found.headline,
        status=status,
        found=found,
        rows=rows,
        runs=list(zip(("Good", "Bad"), runs, strict=True)),
        parting=list(_parting(found)),
        rest=list(_rest(found)),
    )
