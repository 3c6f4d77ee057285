"""The report as a page of HTML: what each part of it shows; the templates of `pages` lay it out."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from mqtrace.catalog.precedence import source_words
from mqtrace.model import Candidate, Evidence, Outcome, Report, Setting, Structure, StructureField
from mqtrace.pages.layout import shorten
from mqtrace.pages.rendering import page
from mqtrace.report.answer import COMMAND, Answer, answer_of
from mqtrace.report.closing import inputs_line, notes, nothing_told, unknown
from mqtrace.report.exhibits import STEP, Exhibit, Exhibits, Link
from mqtrace.report.groups import OutcomeGroup, Status, alike, severity_of, status_of, worst_first
from mqtrace.report.ledger import is_shown, losers_of, row_of
from mqtrace.report.moments import CourseMoment, moments_of
from mqtrace.report.names import with_short_names
from mqtrace.report.overview import result_of
from mqtrace.report.sequence import Sent, sequence
from mqtrace.report.timeline import Timeline, timeline
from mqtrace.report.words import (
    base_name,
    client_words,
    reason_words,
    target_words,
    time_words,
)

# Connections that are told in full; a table has all of them.
_TOLD = 40
_LONGEST = 600
_RESULTS = {"FAILED": "failed", "CONNECTED": "connected", "UNCLEAR": "unclear"}


Step = list[str]
"""A sentence whose words and commands alternate, words first."""


class Loser(Struct, frozen=True):
    """A place that a setting could have come from and did not."""

    source: str
    value: str
    state: str
    why: str
    links: list[Link]


class Row(Struct, frozen=True):
    """A row of the ledger; `others` are the places that gave nothing or the same: why, and their names."""

    name: str
    value: str
    source: str
    proof: str
    links: list[Link]
    losers: list[Loser]
    others: list[tuple[str, str]]


class Dump(Struct, frozen=True):
    """A decoded structure: the fields that hold something, and the names of those that do not."""

    id: str
    structure: Structure
    fields: tuple[StructureField, ...]
    blank: str
    links: list[Link]


class ConnectionPage(Struct, frozen=True):
    """A connection, told in full."""

    id: str
    number: int
    count: int
    answer: Answer
    summary: str
    where: list[str]
    proof: list[Link]
    fix: list[Step]
    explanation: list[list[Link]]
    also: list[list[Link]]
    alternatives: list[tuple[str, Step]]
    tried: list[tuple[str, str, list[Link]]]
    rows: list[Row]
    moments: list[tuple[CourseMoment, Link]]
    timeline: Timeline | None
    sequence: tuple[Sent, ...]
    handshake: list[tuple[str, str]]
    recorded: list[Link]
    exhibits: list[Exhibit]
    dumps: list[Dump]
    perhaps: int


class AnswerLine(Struct, frozen=True):
    """An answer that several connections share: the id of the first of them that is told in full, "" where none is."""

    id: str
    status: Status
    summary: str
    cause: str
    count: int


class ConnectionLine(Struct, frozen=True):
    """A connection in the table of all."""

    id: str
    status: Status
    time: str
    program: str
    thread: str
    channel: str
    address: str
    result: str
    cause: str
    count: int


def render_html(report: Report) -> str:
    """One self-contained page."""
    inputs, report = report.inputs, with_short_names(report)
    groups = _groups(report)
    told = [connection_page(report, group, number) for number, group in enumerate(groups[:_TOLD], 1)]
    many = len(report.outcomes) > 1
    status, sentence = result_of(report, worst_first(report)) if many else _single(report, told)
    return page(
        "report",
        title=f"{status}: {sentence}",
        status=status,
        sentence=sentence,
        many=many,
        told=told,
        answers=list(_answers(report, groups)) if many else [],
        untold=len(groups) - len(told),
        lines=_lines(report, groups) if many else [],
        unknown=_steps(unknown(report, 0)),
        notes=notes(report),
        inputs=inputs,
        read=inputs_line(report),
    )


def _single(report: Report, told: list[ConnectionPage]) -> tuple[str, str]:
    if told:
        return told[0].answer.status, told[0].answer.headline
    label, words = nothing_told(report)
    return label, f"{label.capitalize()} {words}"


def _steps(texts: Iterable[str]) -> list[Step]:
    return [text.split(COMMAND) for text in texts]


def _groups(report: Report) -> list[OutcomeGroup]:
    """Connections that are alike are told together: the worst first."""
    return sorted(alike(report), key=severity_of(report))


def _answers(report: Report, groups: list[OutcomeGroup]) -> Iterator[AnswerLine]:
    homes = _homes(groups)
    for group in worst_first(report):
        answer = answer_of(report, group)
        home = min((homes[index] for index in group.indexes if index in homes), default=0)
        summary = answer.title or answer.headline
        yield AnswerLine(f"c{home}" if home else "", answer.status, summary, answer.cause, group.count)


def _homes(groups: list[OutcomeGroup]) -> dict[int, int]:
    """The number of the answer that tells a connection in full, by the connection's index."""
    return {index: number for number, group in enumerate(groups[:_TOLD], 1) for index in group.indexes}


def _lines(report: Report, groups: list[OutcomeGroup]) -> list[ConnectionLine]:
    homes = _homes(groups)
    return [_line(outcome, homes.get(index, 0)) for index, outcome in enumerate(report.outcomes)]


def _line(outcome: Outcome, home: int) -> ConnectionLine:
    connection = outcome.connection
    status = status_of(outcome)
    code = connection.reason_code
    return ConnectionLine(
        f"c{home}" if home else "",
        status,
        time_words(connection.start),
        base_name(connection.program) or client_words(connection),
        connection.thread,
        connection.channel,
        connection.address or target_words(connection),
        reason_words(code) if code else _RESULTS[status],
        outcome.cause.id if outcome.cause else "",
        connection.count,
    )


def connection_page(report: Report, group: OutcomeGroup, number: int) -> ConnectionPage:
    """The connections of `group`, told in full; `number` makes the ids of their elements."""
    outcome = report.outcomes[group.shown]
    answer = answer_of(report, group)
    exhibits = Exhibits(f"c{number}", report.excerpts)
    proof = exhibits.links(outcome.cause.evidence if outcome.cause else (), "cause")
    rows = [_row(outcome, exhibits, setting) for setting in outcome.settings if is_shown(setting)]
    for finding in (*outcome.chain, *(each for each in report.findings if each.connection in group.indexes)):
        if finding.status in ("fail", "warn"):
            exhibits.links(finding.evidence[:1], finding.id)
    tried = [(*each, _attempt(outcome, n, exhibits)) for n, each in enumerate(answer.tried)]
    moments = moments_of(outcome, report.clock_offsets)
    placed = [(moment, exhibits.link(moment.evidence, STEP)) for moment in moments]
    recorded = exhibits.links(_recorded(outcome), "TLS handshake")
    dumps = [_dump(structure, exhibits, n) for n, structure in enumerate(outcome.connection.structures, 1)]
    return ConnectionPage(
        f"c{number}",
        number,
        group.count,
        answer,
        answer.title or answer.headline,
        _where(outcome),
        proof,
        _steps(answer.fix),
        [exhibits.linked(text) for text in answer.explanation],
        [exhibits.linked(text) for text in answer.also],
        [(cause, how.split(COMMAND)) for cause, how in answer.alternatives],
        tried,
        rows,
        placed,
        timeline(moments),
        sequence(outcome.tls) if outcome.tls else (),
        list(_handshake(outcome)),
        recorded,
        list(exhibits.shown.values()),
        dumps,
        len(outcome.connection.perhaps_tls),
    )


def _where(outcome: Outcome) -> list[str]:
    """What tells a connection from others of the same end: its channel, address and time."""
    connection = outcome.connection
    return [each for each in (connection.channel, connection.address, time_words(connection.start)) if each]


def _attempt(outcome: Outcome, number: int, exhibits: Exhibits) -> list[Link]:
    """Where an attempt begins, and what proves its cause."""
    cause = next(iter(outcome.attempt_causes[number : number + 1]), None)
    proof = cause.evidence[:1] if cause else ()
    begin = [fact.evidence for fact in outcome.connection.attempts[number].facts[:1]]
    return exhibits.links(begin, STEP) + exhibits.links(proof, f"attempt {number + 1}")


def _row(outcome: Outcome, exhibits: Exhibits, setting: Setting) -> Row:
    row = row_of(setting, outcome)
    links = exhibits.links(setting.evidence[:2], row.name)
    lost = list(losers_of(setting))
    rest = [each for each in setting.candidates if each.state != "won" and each not in lost]
    return Row(
        row.name,
        shorten(row.value, _LONGEST),
        source_words(setting.source) if setting.source != "none" else "",
        setting.proof,
        links,
        [_loser(each, row.name, exhibits) for each in lost],
        list(_others(rest)),
    )


def _others(candidates: Iterable[Candidate]) -> Iterator[tuple[str, str]]:
    alike: dict[str, list[str]] = {}
    for each in candidates:
        state = each.state.replace("-", " ")
        why = state if each.why in ("", state) else f"{state}: {each.why}"
        alike.setdefault(why, []).append(source_words(each.source))
    for why, sources in alike.items():
        yield why, ", ".join(dict.fromkeys(sources))


def _loser(candidate: Candidate, name: str, exhibits: Exhibits) -> Loser:
    return Loser(
        source_words(candidate.source),
        shorten(candidate.value, _LONGEST),
        candidate.state.replace("-", " "),
        candidate.why,
        exhibits.links(candidate.evidence[:1], f"{name}, {candidate.state}") if candidate.value else [],
    )


def _dump(structure: Structure, exhibits: Exhibits, number: int) -> Dump:
    fields = tuple(each for each in structure.fields if not _is_blank(each.value))
    blank = ", ".join(each.name for each in structure.fields if _is_blank(each.value))
    dump = Dump(
        f"{exhibits.prefix}d{number}", structure, fields, blank, exhibits.links(structure.evidence[:1], structure.name)
    )
    for exhibit in exhibits.shown.values():
        if exhibit.id in [link.id for link in dump.links]:
            exhibit.structure = dump.id
    return dump


def _is_blank(value: str) -> bool:
    """Whether a field holds nothing: blanks, zeros, a null pointer."""
    return not value.strip("0x, ")


def _recorded(outcome: Outcome) -> Iterator[Evidence]:
    """Where the record of the handshake begins."""
    if outcome.tls and outcome.tls.location.source:
        place = outcome.tls.location
        facts = (fact for fact in outcome.connection.facts if fact.name.startswith("tls."))
        known = next((fact.text for fact in facts if fact.location.line == place.line), "")
        yield Evidence(place, known or f"TLS handshake ({outcome.tls.origin})")


def _handshake(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """What is known of the handshake beside its messages: name and value."""
    tls = outcome.tls
    if tls is None:
        return
    if tls.server_name:
        yield "server name sent", tls.server_name
    if tls.chosen:
        suite = tls.chosen.cipher_suite
        yield "agreed on", f"{tls.chosen.protocol}, {suite.cipher_spec or suite.iana or suite.hex}"
    for held, whose in ((tls.certificates, "server's"), (tls.client_certificates, "client's")):
        for certificate in held:
            valid = f", valid {certificate.not_before} to {certificate.not_after}" if certificate.not_before else ""
            signer = "itself" if certificate.self_signed else certificate.issuer or "(not told)"
            yield f"{whose} certificate", f"{certificate.subject}, issued by {signer}{valid}"
