"""The report for a support ticket: at most 60 lines of Markdown, nothing of a trace active in it.

It uses headings, lists and tables alone: what a ticket system does not render must be readable as plain text.
"""

import re
from collections.abc import Iterator, Sequence

from mqtrace.mark import marked_markdown
from mqtrace.model import Report
from mqtrace.pages.layout import shorten
from mqtrace.report.answer import COMMAND, Answer, answer_of
from mqtrace.report.closing import inputs_line, notes, nothing_told, unknown
from mqtrace.report.groups import group_status, worst_first
from mqtrace.report.names import with_short_names
from mqtrace.report.overview import result_of, table_of

_LONGEST_VALUE, _LONGEST_SENTENCE = 300, 1200
# One more is the mark.
_LINES = 59
# Answers, and rows of each list, from the fullest to what always fits.
_LIMITS = ((3, 12), (3, 8), (3, 6), (3, 5), (3, 4), (3, 3), (2, 4), (2, 3), (2, 2), (1, 6), (1, 4), (1, 2), (1, 1))


def to_markdown(report: Report) -> str:
    """The report as it is written: with the mark behind its last line."""
    return marked_markdown(render_markdown(report))


def render_markdown(report: Report) -> str:
    """The report in at most 59 lines; each sentence is one line.

    A long report has fewer rows of each list, then fewer answers.
    """
    if report.preflight:
        from mqtrace.report.preflight import preflight_markdown

        return preflight_markdown(report, report.preflight)
    report = with_short_names(report)
    for answers, most in _LIMITS:
        lines = list(_lines(report, answers, most))
        if len(lines) <= _LINES:
            break
    return "".join(f"{line}\n" for line in lines)


def _lines(report: Report, answers: int, most: int) -> Iterator[str]:
    if report.outcomes:
        yield from _answered(report, answers, most)
    else:
        yield from (f"# {' '.join(nothing_told(report))}".removesuffix("."), "")
    yield from sentences("Unknown", unknown(report, 0), most)
    yield from sentences("Note", notes(report), most)
    yield inert(inputs_line(report))


def _answered(report: Report, answers: int, most: int) -> Iterator[str]:
    groups = worst_first(report)
    failed = [group for group in groups if group_status(report, group) == "FAILED"]
    shown = (failed or groups)[:answers]
    if len(report.outcomes) > 1:
        status, sentence = result_of(report, groups)
        worst = f" The newest {len(shown)} told below." if len(failed) > len(shown) else ""
        yield from (f"# {status}: {inert(sentence + worst)}", "")
        yield from _overview(report, most)
    heading = "##" if len(report.outcomes) > 1 else "#"
    for number, group in enumerate(shown):
        # A ticket has room for one answer in full; where there are several, only the first has its ledger.
        yield from _answer(
            answer_of(report, group), heading, most if len(shown) == 1 else min(most, 3), ledger=number == 0
        )


def _overview(report: Report, most: int) -> Iterator[str]:
    header, rows, left_out = table_of(report, most)
    yield from table_lines(header, rows)
    yield from (["", f"... and {left_out:,} more rows", ""] if left_out else [""])


def _answer(answer: Answer, heading: str, most: int, *, ledger: bool) -> Iterator[str]:
    yield f"{heading} {answer.status}: {_sentence(answer.headline)}"
    yield ", ".join(map(code, answer.about))
    yield ""
    if answer.title or answer.explanation:
        yield _why(answer)
        yield ""
    yield from sentences("Or", [f"{cause}: {how_to_tell}" for cause, how_to_tell in answer.alternatives], most)
    if ledger:
        yield from _titled("Tried", ("WHERE", "RESULT"), answer.tried, most)
        yield from _ledger(answer, most)
    yield from fix_list(answer, most)
    yield from _titled("Proof", ("WHERE", "LINE"), answer.proof, most)
    yield from sentences("Also", answer.also, most)


def _sentence(text: str) -> str:
    return inert(shorten(text, _LONGEST_SENTENCE))


def _why(answer: Answer) -> str:
    sure = f" ({answer.confidence})" if answer.confidence else ""
    named = f" {code(answer.cause)}" if answer.cause else ""
    return f"**Why**{sure}: {' '.join(_sentence(text) for text in (answer.title, *answer.explanation) if text)}{named}"


def fix_list(answer: Answer, most: int) -> list[str]:
    """The steps of a fix, the first `most`."""
    steps = [f"{number}. {_step(text)}" for number, text in enumerate(answer.fix[:most], 1)]
    return ["**Fix**", "", *steps, ""] if steps else []


def _step(text: str) -> str:
    """Words and commands alternate."""
    parts = shorten(text, _LONGEST_SENTENCE).split(COMMAND)
    return " ".join(code(part) if number % 2 else inert(part) for number, part in enumerate(parts))


def sentences(label: str, texts: Sequence[str], most: int) -> list[str]:
    """One paragraph for one text, else a list of at most `most`, the rest counted."""
    if not texts:
        return []
    if len(texts) == 1:
        return [f"**{label}**: {_sentence(texts[0])}", ""]
    rest = f" (the first {most} of {len(texts):,})" if len(texts) > most else ""
    return [f"**{label}**{rest}:", *(f"- {_sentence(text)}" for text in texts[:most]), ""]


def _ledger(answer: Answer, most: int) -> Iterator[str]:
    rows = [(row.name, row.value, row.source, row.instead) for row in answer.rows]
    kinds = (("not set", answer.not_given), ("not in these files", answer.not_seen))
    missing = "; ".join(f"{kind}: {inert(', '.join(names))}" for kind, names in kinds if names)
    yield from _titled(
        f"Settings ({missing})" if missing else "Settings", ("SETTING", "VALUE", "FROM", "INSTEAD OF"), rows, most
    )


def _titled(label: str, header: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> Iterator[str]:
    if not rows:
        return
    cut = f", the first {most} of {len(rows):,}" if len(rows) > most else ""
    yield from (f"**{label}{cut}**", "")
    yield from table_lines(header, rows[:most])
    yield ""


def table_lines(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table whose cells are code."""
    yield f"| {' | '.join(header)} |"
    yield f"|{' --- |' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(cell(shorten(text, _LONGEST_VALUE)) for text in row)} |"


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
