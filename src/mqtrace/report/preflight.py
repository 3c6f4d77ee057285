"""What would come of a connection: for a terminal, and as Markdown."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from mqtrace.model import Report
from mqtrace.model.key_store import StoredCertificate
from mqtrace.model.preflight import ChannelAhead, Check, Preflight
from mqtrace.pages.layout import Page, shorten
from mqtrace.report.answer import COMMAND, Answer, answer_of
from mqtrace.report.blocks import CELL_LINES, Block, ledger_table, listed, numbered, why_lines
from mqtrace.report.groups import worst_first
from mqtrace.report.words import base_name, client_words, counted, place_words, reason_words, target_words

# It is needed for Markdown alone.
if TYPE_CHECKING:
    from mqtrace.report.markup import Markup

_LABELS = {"would-connect": "READY", "would-fail": "FAILS", "cannot-tell": "UNCLEAR"}
_STYLES = {"would-connect": "good", "would-fail": "bad", "cannot-tell": "open"}
_INFERRED = " (inferred)"
_CHECK_LINES, _ROWS = 8, 12
_STEP, _NAME = 5, 17
CHANNELS = ("TRIED", "CHANNEL", "ADDRESS", "CIPHERSPEC", "LABEL", "SERVER NAME SENT")
CERTIFICATES = ("KEY REPOSITORY", "LABEL", "EXPIRES", "KEY", "PRIVATE KEY")


def headline(report: Report, told: Preflight) -> str:
    """One sentence: who would connect to what, and what would come of it."""
    connection = report.outcomes[0].connection
    client, target = client_words(replace(connection, program="")), target_words(connection)
    if told.verdict == "would-connect":
        return f"{client} would reach {target}, as far as can be seen"
    if told.verdict == "would-fail":
        reason = reason_words(told.reason_code) if told.reason_code else "the reason code is not known"
        return f"{client} would not connect to {target}: {reason}"
    return f"Whether {client[:1].lower()}{client[1:]} would connect to {target} cannot be told"


def preflight_line(report: Report, told: Preflight) -> str:
    """The answer in one line, for scripts."""
    reason = "" if told.reason_code is None else f" reason={told.reason_code}"
    cause = report.outcomes[0].cause
    return f"{told.verdict.upper()}{reason}{f' cause={cause.id}' if cause else ''} {told.because}"


# ---------------------------------------------------------------- text


def preflight_blocks(page: Page, report: Report, told: Preflight, verbosity: int) -> list[Block]:
    """The report as blocks of lines."""
    answer = _answer(report)
    head = [*page.wrapped(headline(report, told)), *page.wrapped(_about(report, told))]
    why = why_lines(page, answer) if answer.cause else page.wrapped(told.because)
    return [
        page.block(_LABELS[told.verdict], head, _STYLES[told.verdict]),
        page.block("WHY", why if told.verdict != "would-connect" else []),
        page.block("STEPS", [line for check in told.checks for line in _check_lines(page, check)]),
        ledger_table(page, answer),
        page.table(CHANNELS, _limited(_channel_rows(told), verbosity), CELL_LINES),
        page.table(CERTIFICATES, _limited(_certificate_rows(told), verbosity), CELL_LINES),
        numbered(page, "FIX", answer.fix),
        listed(page, "ALSO", answer.also, verbosity),
        listed(page, "NOTE", report.notes, verbosity),
    ]


def _about(report: Report, told: Preflight) -> str:
    user = report.outcomes[0].connection.user
    parts = (told.told_by, f"user {user}" if user else "", told.at.replace("T", " "))
    return "  ".join(part for part in parts if part)


def _answer(report: Report) -> Answer:
    """What the report of a connection would say, in words that fit one that has not been made."""
    answer = answer_of(report, worst_first(report)[0])
    rows = tuple(replace(row, source=row.source.removesuffix(_INFERRED)) for row in answer.rows)
    return replace(answer, rows=rows, not_given=(*answer.not_given, *answer.not_seen), not_seen=())


def _check_lines(page: Page, check: Check) -> list[str]:
    took = "" if check.seconds is None else f" ({check.seconds:.2f} s)"
    place = f" ({place_words(check.evidence[0])})" if check.evidence and check.evidence[0].location.line else ""
    text = shorten(f"{check.text.rstrip('.')}{place}.{took}", page.room * _CHECK_LINES)
    return page.wrapped(f"{check.state:<{_STEP}} {check.name:<{_NAME}} {text}", hanging=_STEP + _NAME + 2)


def _limited(rows: Iterator[tuple[str, ...]], verbosity: int) -> Sequence[tuple[str, ...]]:
    whole = list(rows)
    if verbosity > 0 or len(whole) <= _ROWS:
        return whole
    rest = ("...", f"{len(whole) - _ROWS:,} more (-v shows all)", *("" for _ in whole[0][2:]))
    return [*whole[:_ROWS], rest]


def _channel_rows(told: Preflight) -> Iterator[tuple[str, ...]]:
    for number, channel in enumerate(told.channels, 1):
        order = "by chance" if told.by_chance else f"{number}"
        yield order, *_channel_cells(channel)


def _channel_cells(channel: ChannelAhead) -> tuple[str, ...]:
    addresses = ", ".join(channel.addresses) or "no address"
    spec = channel.cipher_spec or "no TLS"
    return channel.channel or "(blank)", addresses, spec, channel.certificate_label, channel.server_name


def _certificate_rows(told: Preflight) -> Iterator[tuple[str, ...]]:
    now = datetime.fromisoformat(told.at)
    for store in told.stores:
        name = base_name(store.source) + (" (stash beside it)" if store.stash else "")
        if not store.certificates:
            yield name, f"({store.state})", "", "", ""
        for certificate in store.certificates:
            yield name, *_certificate_cells(certificate, now)
            name = ""


def _certificate_cells(certificate: StoredCertificate, now: datetime) -> tuple[str, ...]:
    private = {True: "yes", False: "no", None: "not known"}[certificate.private_key]
    label = certificate.label or certificate.subject or "(no label)"
    return label, _expiry(certificate.not_after, now), certificate.key, private


def _expiry(end: datetime | None, now: datetime) -> str:
    if end is None:
        return ""
    days = (end - now).days
    left = f"in {counted(days, 'day')}" if days >= 0 else f"{counted(-days, 'day')} ago"
    return f"{end:%Y-%m-%d} ({left})"


# ---------------------------------------------------------------- Markdown


def preflight_markdown(report: Report, told: Preflight) -> str:
    """The report for a ticket."""
    return "".join(f"{line}\n" for line in _markdown(report, told))


def _markdown(report: Report, told: Preflight) -> Iterator[str]:
    from mqtrace.pages.markdown import inert
    from mqtrace.report.markdown import Markdown

    answer, markup = _answer(report), Markdown()
    yield f"# {_LABELS[told.verdict]}: {inert(headline(report, told))}"
    yield f"{inert(_about(report, told))}"
    yield ""
    if told.verdict != "would-connect":
        yield f"**Why**: {inert(' '.join((answer.title, *answer.explanation)) if answer.cause else told.because)}"
        yield ""
    yield from _listed(markup, "Fix", answer.fix, numbered=True)
    steps = [(check.state, check.name, check.text) for check in told.checks]
    rows = [(row.name, row.value, row.source, row.instead) for row in answer.rows]
    for header, cells in (
        (("STEP", "ABOUT", "WHAT"), steps),
        (("SETTING", "VALUE", "FROM", "INSTEAD OF"), rows),
        (CHANNELS, list(_channel_rows(told))[:_ROWS]),
        (CERTIFICATES, list(_certificate_rows(told))[:_ROWS]),
    ):
        if cells:
            yield from (*markup.table(header, cells), "")
    yield from _listed(markup, "Also", answer.also)
    yield from _listed(markup, "Notes", report.notes)


def _listed(markup: "Markup", name: str, texts: Sequence[str], *, numbered: bool = False) -> list[str]:
    """The first of the texts, under their heading."""
    items = markup.items([text.split(COMMAND) for text in texts[:_ROWS]], numbered=numbered)
    return [*markup.heading(name, 2), *items, ""] if items else []
