"""What the report says of one connection, in words ready to be laid out: neither wrapped nor cut.

Text and Markdown are both made of it, so that they say the same.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from mqtrace.catalog.causes import cause as cause_info
from mqtrace.kept import compiled
from mqtrace.model import Cause, Connection, Evidence, Finding, Outcome, Report, Setting
from mqtrace.report.fitting import fitted, fitting_steps, of_this_reason
from mqtrace.report.groups import OutcomeGroup, Status, files_words, moments_of, status_of
from mqtrace.report.ledger import LedgerRow, is_shown, row_of
from mqtrace.report.words import (
    attempt_words,
    client_words,
    duration_words,
    logged_words,
    phase_words,
    place_words,
    reason_words,
    setting_words,
    target_words,
    time_words,
)

Proof = tuple[str, str]
SENTENCE_END = compiled(r"(?<=[.])\s+(?=[A-Z])")
_WORDS = compiled(r"[\w.-]*\w")
COMMAND = "   "
"""Parts a step's words from its command, in the catalogue and in every fix."""
# The finding of a connection that works in plain text although it need not, see patterns/causes/settings.toml.
WITHOUT_TLS = "settings.connected-without-tls"


class Answer(Struct, frozen=True):
    """What is said of one connection and of those that are like it.

    Attributes:
        status: how it ended.
        headline: one sentence: who connected to what, and what came of it.
        about: when, which thread, which user, which file.
        title, confidence: the cause in a few words and how sure it is; "" where nothing failed.
        explanation: sentences that explain the cause, and what followed from it.
        cause: id of the cause, "" when there is none.
        fix: steps, in order.
        rows, not_given, not_seen: the ledger; the friendly names of settings that nobody gave, and of those that no
        input shows.
        tried: (channel and address, what came of it) of each attempt, where there was more than one.
        proof, more_proof: (file:line, text) of the cause, and of the settings.
        also: what is odd but did not cause the failure.
        alternatives: (title and id of another cause that fits, how to tell it apart).
    """

    status: Status
    headline: str
    about: tuple[str, ...]
    title: str
    confidence: str
    explanation: tuple[str, ...]
    cause: str
    fix: tuple[str, ...]
    rows: tuple[LedgerRow, ...]
    not_given: tuple[str, ...]
    not_seen: tuple[str, ...]
    tried: tuple[tuple[str, str], ...]
    proof: tuple[Proof, ...]
    more_proof: tuple[Proof, ...]
    also: tuple[str, ...]
    alternatives: tuple[tuple[str, str], ...]


def answer_of(report: Report, group: OutcomeGroup) -> Answer:
    """The answer for the connections of `group`."""
    outcome = report.outcomes[group.shown]
    status, cause = status_of(outcome), outcome.cause
    shown = [setting for setting in outcome.settings if is_shown(setting)]
    others = [setting for setting in outcome.settings if not is_shown(setting)]
    title, explanation = _told_once(_title(outcome, status), list(_explanation(outcome, status)))
    proof = dict.fromkeys(_proof(cause.evidence if cause else ()))
    return Answer(
        status=status,
        headline=_headline(outcome.connection, status, is_plain=_is_plain(report, group)),
        about=_about(report, group),
        title=title,
        confidence=cause.confidence if cause else "",
        explanation=tuple(explanation),
        cause=cause.id if cause else "",
        fix=fitting_steps(cause.fix, outcome) if cause else (),
        rows=tuple(row_of(setting, outcome) for setting in shown),
        not_given=tuple(setting_words(each.name) for each in others if each.proof != "unknown"),
        not_seen=tuple(setting_words(each.name) for each in others if each.proof == "unknown"),
        tried=tuple(_tried(outcome)),
        proof=tuple(proof),
        more_proof=tuple(each for each in dict.fromkeys(_proof(_ledger_evidence(shown))) if each not in proof),
        also=tuple(dict.fromkeys(_also(report, group, outcome))),
        alternatives=tuple((_titled(each.id), fitted(each.how_to_tell, outcome)) for each in cause.alternatives)
        if cause
        else (),
    )


def _is_plain(report: Report, group: OutcomeGroup) -> bool:
    """Whether a connection works in plain text although a channel with TLS was there to be had."""
    members = set(group.indexes)
    return any(finding.id == WITHOUT_TLS and finding.connection in members for finding in report.findings)


def _headline(connection: Connection, status: Status, *, is_plain: bool) -> str:
    words = f"{client_words(connection)} {_ending(connection, status)}"
    return words.replace("connected to ", "connected WITHOUT TLS to ", 1) if is_plain else words


def _ending(connection: Connection, status: Status) -> str:
    target, code = target_words(connection), connection.reason_code
    reason = "no input tells the reason code" if code is None else reason_words(code)
    if status == "UNCLEAR":
        return f"tried to connect to {target}; no input tells how that ended"
    if status == "CONNECTED":
        road = _road(connection)
        return f"connected to {target}{road}, with a warning: {reason}" if code else f"connected to {target}{road}"
    if connection.phase == "connected":
        return f"connected to {target} and failed later: {reason}"
    return f"could not connect to {target}: {reason}" if code != 0 else f"could not connect to {target}"


def _road(connection: Connection) -> str:
    channel = f" over {connection.channel}" if connection.channel else ""
    address = (
        f" at {connection.address}" if connection.address and connection.address != target_words(connection) else ""
    )
    return channel + address


def _about(report: Report, group: OutcomeGroup) -> tuple[str, ...]:
    connection = report.outcomes[group.shown].connection
    first, last = moments_of(report, group)
    if group.count > 1 and last > first:
        when = [f"{time_words(first)} to {time_words(last)}"]
    else:
        when = [time_words(connection.start), duration_words(connection.start, connection.end)]
    parts = (
        *when,
        logged_words(connection),
        f"thread {connection.thread}" if connection.thread else "",
        f"user {connection.user}" if connection.user else "",
        f"host {connection.host}" if connection.host else "",
        files_words(report, group),
        f"one of {group.count:,} alike" if group.count > 1 else "",
    )
    return tuple(part for part in parts if part)


def _title(outcome: Outcome, status: Status) -> str:
    if outcome.cause:
        return outcome.cause.title or outcome.cause.id
    if status == "FAILED":
        return "Cannot tell why: what these inputs say proves no cause."
    return ""


def _told_once(title: str, explanation: list[str]) -> tuple[str, list[str]]:
    """Title and explanation without what is said twice: where the first sentence says the title again, with the case's
    own values, it is the title."""
    first, *rest = SENTENCE_END.split(explanation[0]) if explanation else ("",)
    if title and first and _says_again(title, first):
        title, explanation = first, [" ".join(rest), *explanation[1:]]
    told = dict.fromkeys([title])
    return title, [each for each in explanation if each and each not in told and not told.update({each: None})]


def _says_again(title: str, sentence: str) -> bool:
    words, more = (set(_WORDS.findall(text.lower())) for text in (title, sentence))
    return len(words & more) * 4 >= len(words) * 3


def _explanation(outcome: Outcome, status: Status) -> Iterator[str]:
    if outcome.cause and outcome.cause.explanation and outcome.cause.explanation != outcome.cause.title:
        yield of_this_reason(outcome.cause.explanation, outcome.connection.reason_code)
    if outcome.chain:
        yield "What followed from it: " + "; ".join(_consequences(outcome.chain))
    # The entry of a log does not tell how far the connection came.
    if outcome.cause is None and status != "CONNECTED" and not outcome.connection.log_entries:
        yield f"The last that is seen of it: {phase_words(outcome.connection)}."


def _titled(identity: str) -> str:
    """The title of a cause with its id behind it, the id alone where the catalogue does not have it."""
    known = cause_info(identity)
    return f"{known.title.rstrip('.')} ({identity})" if known else identity


def _consequences(chain: Iterable[Finding]) -> list[str]:
    """Each consequence once: the same is often seen at several lines, of which the first will do."""
    first: dict[str, Finding] = {}
    for finding in chain:
        first.setdefault(finding.text or finding.id, finding)
    return [_followed(finding) for finding in first.values()]


def _followed(finding: Finding) -> str:
    place = f" ({place_words(finding.evidence[0])})" if finding.evidence else ""
    return (finding.text or _titled(finding.id)).rstrip(".") + place


def _tried(outcome: Outcome) -> Iterator[tuple[str, str]]:
    attempts = outcome.connection.attempts
    if len(attempts) < 2:
        return
    for index, attempt in enumerate(attempts):
        cause = outcome.attempt_causes[index] if index < len(outcome.attempt_causes) else None
        yield attempt_words(attempt), _came_of(outcome, cause, last=index == len(attempts) - 1)


def _came_of(outcome: Outcome, cause: Cause | None, *, last: bool) -> str:
    if cause:
        return cause.title or cause.id
    return "connected" if last and status_of(outcome) == "CONNECTED" else "no cause seen"


def _ledger_evidence(settings: Iterable[Setting]) -> Iterator[Evidence]:
    """The first proof of each setting."""
    for setting in settings:
        yield from setting.evidence[:1]


def _proof(evidence: Iterable[Evidence]) -> Iterator[Proof]:
    for each in evidence:
        yield place_words(each), " ".join(each.text.split())


def _also(report: Report, group: OutcomeGroup, outcome: Outcome) -> Iterator[str]:
    told = {finding.id for finding in outcome.chain} | ({outcome.cause.id} if outcome.cause else set())
    certain = outcome.cause is not None and outcome.cause.confidence == "certain"
    members = set(group.indexes)
    for finding in report.findings:
        if finding.connection not in members or finding.status not in ("warn", "fail") or finding.id in told:
            continue
        if finding.status == "warn" or finding.confidence != "possible":
            yield finding_words(finding)
        elif not certain:
            yield f"Perhaps also: {_titled(finding.id)}"


def finding_words(finding: Finding) -> str:
    """A finding's sentence with the place of its first proof."""
    place = f" ({place_words(finding.evidence[0])})" if finding.evidence else ""
    return f"{finding.text or finding.id}{place}"
