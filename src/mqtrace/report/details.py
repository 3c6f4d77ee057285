"""What -v adds to an answer: every candidate of every setting, every structure and every fact."""

from collections.abc import Iterator, Sequence

from mqtrace.model import Evidence, Outcome, Structure
from mqtrace.report.layout import Page
from mqtrace.report.safe import clean, clean_value, sentence
from mqtrace.report.words import place_words, setting_words, source_words

_CELL_LINES = 8


def details(page: Page, outcome: Outcome) -> list[list[str]]:
    """Blocks of lines: candidates, structures, facts; a block without rows is empty."""
    return [
        page.table(("CANDIDATE FOR", "STATE", "SOURCE", "VALUE", "WHY", "AT"), list(_candidates(outcome)), _CELL_LINES),
        page.table(
            ("STRUCTURE", "VERSION", "LAYOUT", "NOT IN FORCE"),
            [_structure(each) for each in outcome.connection.structures],
            _CELL_LINES,
        ),
        page.table(("FACT", "SAYS", "VALUE", "AT"), list(_facts(outcome)), _CELL_LINES),
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
                clean_value(setting.name, each.value),
                sentence(each.why),
                _place(each.evidence),
            )
            name = ""


def _place(evidence: Sequence[Evidence]) -> str:
    return place_words(evidence[0]) if evidence else ""


def _structure(structure: Structure) -> tuple[str, ...]:
    not_in_force = ", ".join(clean(field.name) for field in structure.not_in_force)
    return structure.name, str(structure.version), f"{structure.bits} bit, {structure.byte_order} endian", not_in_force


def _facts(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for fact in outcome.connection.facts:
        yield clean(fact.name), fact.proves, clean_value(fact.name, fact.value), _place((fact.evidence,))
