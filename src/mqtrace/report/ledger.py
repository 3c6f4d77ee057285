"""The ledger for reading: the rows of the report's table, and the whole of it for `mqtrace settings`."""

from collections.abc import Iterator

from msgspec import Struct

from mqtrace.catalog.precedence import source_words
from mqtrace.model import Candidate, Outcome, Report, Setting
from mqtrace.pages.layout import Page
from mqtrace.report.names import with_short_names
from mqtrace.report.words import client_words, place_words, setting_words, target_words, time_words

HEADER = ("SETTING", "VALUE", "FROM", "PROOF", "WHERE")
CANDIDATE = "  instead of"
_LOST = ("overridden", "ignored", "unreadable")


class LedgerRow(Struct, frozen=True):
    """One row of the report's ledger: friendly name, value, where it came from, and what it was taken instead of."""

    name: str
    value: str
    source: str
    instead: str


def is_shown(setting: Setting) -> bool:
    """Whether the report's ledger has a row for a setting: somebody gave it, or tried to."""
    return setting.source != "none" or any(losers_of(setting))


def row_of(setting: Setting, outcome: Outcome) -> LedgerRow:
    """The row of a setting; for the outbound SNI with the name that was sent."""
    value = _value(setting)
    sent = outcome.tls.server_name if outcome.tls and setting.name == "outbound_sni" else ""
    return LedgerRow(
        name=setting_words(setting.name),
        value=f"{value} (sent {sent})" if sent and setting.value else value,
        source=_source(setting),
        instead="; ".join(_candidate(candidate) for candidate in losers_of(setting)),
    )


def _value(setting: Setting) -> str:
    if setting.value:
        return setting.value
    if setting.source == "none" and any(each.state == "overridden" for each in setting.candidates):
        return "(not looked at)"
    return "(unknown)" if setting.proof == "unknown" else "(blank)"


def _source(setting: Setting) -> str:
    """Where a value came from, and how that is known unless the trace proves it."""
    source = "" if setting.source == "none" else source_words(setting.source)
    if not source or source.startswith("(") or setting.proof == "traced":
        return source
    if setting.value_proof == "traced":
        return f"{source} (value traced, source {setting.source_proof})"
    return f"{source} ({setting.source_proof if setting.proof == 'unknown' else setting.proof})"


def losers_of(setting: Setting) -> Iterator[Candidate]:
    """The candidates that gave something and did not win, without those that gave the same."""
    for candidate in setting.candidates:
        repeated = candidate.state == "overridden" and candidate.value == setting.value
        told = candidate.value or candidate.state == "unreadable"
        if candidate.state in _LOST and told and not repeated:
            yield candidate


def _candidate(candidate: Candidate) -> str:
    """ "mqclient.ini: app1_client", with the state where it is not merely overridden."""
    state = "" if candidate.state == "overridden" else f" ({candidate.state})"
    value = candidate.value
    source = "mqclient.ini" if candidate.source.lower().startswith("ini:") else source_words(candidate.source)
    return f"{source}{state}" + (f": {value}" if value else "")


def render_ledgers(report: Report, *, width: int) -> str:
    """One table a connection: each setting with its value, source and proof, and under it every other candidate."""
    report = with_short_names(report)
    page = Page(width, color=False)
    blocks = [[*_title(page, outcome), *page.table(HEADER, list(_rows(outcome)), 3)] for outcome in report.outcomes]
    return "\n\n".join("\n".join(block) for block in blocks) + ("\n" if blocks else "")


def _title(page: Page, outcome: Outcome) -> list[str]:
    connection = outcome.connection
    when = f" {time_words(connection.start)}" if connection.start else ""
    thread = f" thread {connection.thread}" if connection.thread else ""
    count = f", {connection.count} alike" if connection.count > 1 else ""
    return page.filled(
        f"{client_words(connection)} to {target_words(connection)}{',' if when or thread else ''}{when}{thread}{count}"
    )


def _rows(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for setting in outcome.settings:
        where = place_words(setting.evidence[0]) if setting.evidence else ""
        nobody = setting.source == "none" and (setting.proof == "unknown" or any(losers_of(setting)))
        source = "" if nobody else source_words(setting.source)
        value = _value(setting) if setting.value or is_shown(setting) else ""
        yield setting_words(setting.name), value, source, _proof(setting), where
        for candidate in setting.candidates:
            if candidate.state != "won" and candidate.value:
                place = place_words(candidate.evidence[0]) if candidate.evidence else ""
                value = candidate.value
                yield CANDIDATE, value, source_words(candidate.source), candidate.state, place


def _proof(setting: Setting) -> str:
    """The proof of value and source; "value traced" where that of the source is less."""
    if setting.value_proof == "traced" and setting.value and setting.source_proof != "traced":
        return "value traced"
    return setting.proof
