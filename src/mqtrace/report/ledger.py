"""Only the ledger, for `mqtrace settings`."""

from mqtrace.model import Outcome, Report
from mqtrace.report.layout import Page
from mqtrace.report.words import client_words, place_words, setting_words, source_words, target_words, time_words

HEADER = ("SETTING", "VALUE", "FROM", "PROOF", "WHERE")
CANDIDATE = "  instead of"


def render_ledgers(report: Report, *, width: int) -> str:
    """One table a connection: each setting with its value, source and proof, and under it every other candidate."""
    page = Page(width, color=False)
    blocks = [[*_title(page, outcome), *page.table(HEADER, _rows(outcome), 3)] for outcome in report.outcomes]
    return "\n\n".join("\n".join(block) for block in blocks) + ("\n" if blocks else "")


def _title(page: Page, outcome: Outcome) -> list[str]:
    connection = outcome.connection
    when = f" {time_words(connection.start)}" if connection.start else ""
    count = f", {connection.count} alike" if connection.count > 1 else ""
    return page.filled(
        f"{client_words(connection)} to {target_words(connection)},{when} thread {connection.thread}{count}"
    )


def _rows(outcome: Outcome) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for setting in outcome.settings:
        where = place_words(setting.evidence[0]) if setting.evidence else ""
        value = setting.value
        source = "" if setting.source == "none" and setting.proof == "unknown" else source_words(setting.source)
        rows.append((setting_words(setting.name), value, source, setting.proof, where))
        for candidate in setting.candidates:
            if candidate.state != "won" and candidate.value:
                place = place_words(candidate.evidence[0]) if candidate.evidence else ""
                rows.append(
                    (
                        CANDIDATE,
                        candidate.value,
                        source_words(candidate.source),
                        candidate.state,
                        place,
                    )
                )
    return rows
