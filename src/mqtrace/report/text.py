"""The report for a terminal: it opens with the answer; what proves it comes below."""

from collections.abc import Iterator, Sequence

from mqtrace.catalog.precedence import source_words
from mqtrace.model import Evidence, Outcome, Report, Structure
from mqtrace.pages.layout import Page, columns, shorten
from mqtrace.report.answer import Answer, answer_of, finding_words
from mqtrace.report.blocks import CELL_LINES, Block, as_text, ledger_table, listed, numbered, why_lines
from mqtrace.report.closing import inputs_line, notes, nothing_told, unknown
from mqtrace.report.groups import OutcomeGroup, alike, group_status, worst_first
from mqtrace.report.names import with_short_names
from mqtrace.report.overview import brief_line, overview, result_of
from mqtrace.report.words import place_words, setting_words

_NARROWEST = 40
_STYLES = {"FAILED": "bad", "CONNECTED": "good", "UNCLEAR": "open"}
_ANSWERS, _PROOFS, _TRIED = 3, 8, 8
_DETAIL_LINES = 8


def render_text(report: Report, *, width: int, color: bool, verbosity: int = 0) -> str:
    """The report as lines of at most `width` cells (never less than 40), each ended by a newline.

    `verbosity` -1 gives one line a connection, however long; 0 the answers; 1 all answers with every candidate, fact
    and proof.
    """
    if verbosity < 0 and report.preflight:
        from mqtrace.report.preflight import preflight_line

        return f"{preflight_line(report, report.preflight)}\n"
    report = with_short_names(report)
    if verbosity < 0:
        lines = [brief_line(outcome) for outcome in report.outcomes] or [f"NO-EVIDENCE inputs={len(report.inputs)}"]
        return "".join(f"{line}\n" for line in lines)
    page = Page(max(width, _NARROWEST), color)
    if report.preflight:
        from mqtrace.report.preflight import preflight_blocks

        return as_text(preflight_blocks(page, report, report.preflight, verbosity))
    blocks = [*_answered(page, report, verbosity)]
    blocks.append(listed(page, "UNKNOWN", unknown(report, verbosity), verbosity))
    blocks.append(listed(page, "NOTE", notes(report), verbosity))
    blocks.append([f" {line}" for line in page.filled(inputs_line(report))])
    return as_text(blocks)


def render_answer(report: Report, *, width: int, color: bool) -> str:
    """The same of the one connection that a report is about, without what is said of the run; names as they are given,
    as other reports will name other inputs."""
    return as_text(_answer(Page(max(width, _NARROWEST), color), report, alike(report)[0], "", 0))


def _answered(page: Page, report: Report, verbosity: int) -> list[Block]:
    if not report.outcomes:
        label, words = nothing_told(report)
        return [page.block(label, page.wrapped(words, spare=2), "open"), _also_elsewhere(page, report, [], verbosity)]
    groups = worst_first(report)
    shown = groups if verbosity > 0 else _worst(report, groups)
    blocks = _summary(page, report, groups, verbosity) if len(report.outcomes) > 1 else []
    for number, group in enumerate(shown, 1):
        label = f"{number} OF {len(shown)}" if len(shown) > 1 else ""
        blocks += _answer(page, report, group, label, verbosity)
    return [*blocks, _also_elsewhere(page, report, shown, verbosity)]


def _worst(report: Report, groups: list[OutcomeGroup]) -> list[OutcomeGroup]:
    """The newest failures, or where nothing failed the rest; no more than a reader takes in."""
    failed = [group for group in groups if group_status(report, group) == "FAILED"]
    return (failed or groups)[:_ANSWERS]


def _summary(page: Page, report: Report, groups: list[OutcomeGroup], verbosity: int) -> list[Block]:
    status, sentence = result_of(report, groups)
    different = sum(group_status(report, group) == "FAILED" for group in groups)
    if different > _ANSWERS and verbosity == 0:
        sentence += f" The {_ANSWERS} newest are told below (-v tells all)."
    return [page.block(status, page.wrapped(sentence), _STYLES[status]), overview(page, report, verbosity)]


def _answer(page: Page, report: Report, group: OutcomeGroup, label: str, verbosity: int) -> list[Block]:
    answer = answer_of(report, group)
    head = [*page.wrapped(shorten(answer.headline, page.room * CELL_LINES)), *page.wrapped("  ".join(answer.about))]
    blocks = [
        page.block(label or answer.status, head, _STYLES[answer.status]),
        page.block("WHY", why_lines(page, answer)) if answer.title or answer.explanation else [],
        listed(page, "OR", [f"{cause}: {how_to_tell}" for cause, how_to_tell in answer.alternatives], verbosity),
        _tried(page, answer, verbosity),
        ledger_table(page, answer),
        numbered(page, "FIX", answer.fix),
        _proof(page, answer, verbosity),
        listed(page, "ALSO", answer.also, verbosity),
    ]
    return blocks + (_details(page, report.outcomes[group.shown]) if verbosity > 0 else [])


def _tried(page: Page, answer: Answer, verbosity: int) -> Block:
    shown = answer.tried if verbosity > 0 else answer.tried[:_TRIED]
    if not answer.tried:
        return []
    rows = [(f"{number:<2} {where}", what) for number, (where, what) in enumerate(shown, 1)]
    lines = [line for row in columns([("", ""), *rows], page.room, CELL_LINES)[1:] for line in row]
    rest = len(answer.tried) - len(shown)
    return page.block("TRIED", [*lines, f"... and {rest:,} more (-v shows all)"] if rest else lines)


def _proof(page: Page, answer: Answer, verbosity: int) -> Block:
    shown = (*answer.proof, *answer.more_proof) if verbosity > 0 else answer.proof[:_PROOFS]
    place_width = min(max((len(place) for place, _ in shown), default=0), page.room // 3)
    lines = []
    for place, text in shown:
        if len(place) > place_width:
            lines += [*page.wrapped(place), *page.wrapped(f"  {shorten(text, page.room * 2)}", hanging=2)]
            continue
        lines += page.wrapped(f"{place:<{place_width}}  {shorten(text, page.room * 2)}", hanging=place_width + 2)
    rest = max(len(answer.proof) - len(shown), 0)
    return page.block("PROOF", [*lines, f"... and {rest:,} more (-v shows all)"] if rest else lines)


def _also_elsewhere(page: Page, report: Report, shown: list[OutcomeGroup], verbosity: int) -> Block:
    told = {index for group in shown for index in group.indexes}
    texts = [
        finding_words(finding)
        for finding in report.findings
        if finding.status == "warn" and finding.connection not in told
    ]
    return listed(page, "ALSO", list(dict.fromkeys(texts)), verbosity)


def _details(page: Page, outcome: Outcome) -> list[list[str]]:
    """Blocks of lines: candidates, structures, facts; a block without rows is empty."""
    return [
        page.table(
            ("CANDIDATE FOR", "STATE", "SOURCE", "VALUE", "WHY", "AT"), list(_candidates(outcome)), _DETAIL_LINES
        ),
        page.table(
            ("STRUCTURE", "VERSION", "LAYOUT", "NOT IN FORCE"),
            [_structure_row(each) for each in outcome.connection.structures],
            _DETAIL_LINES,
        ),
        page.table(("FACT", "SAYS", "VALUE", "AT"), list(_facts(outcome)), _DETAIL_LINES),
    ]


def _candidates(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for setting in outcome.settings:
        name = setting_words(setting.name)
        for each in setting.candidates:
            source = source_words(each.source)
            yield (
                name,
                each.state,
                source,
                each.value,
                each.why,
                _first_place(each.evidence),
            )
            name = ""


def _first_place(evidence: Sequence[Evidence]) -> str:
    return place_words(evidence[0]) if evidence else ""


def _structure_row(structure: Structure) -> tuple[str, ...]:
    not_in_force = ", ".join(field.name for field in structure.not_in_force)
    return structure.name, str(structure.version), f"{structure.bits} bit, {structure.byte_order} endian", not_in_force


def _facts(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for fact in outcome.connection.facts:
        yield fact.name, fact.proves, fact.value, _first_place((fact.evidence,))
