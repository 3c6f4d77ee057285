"""Two runs side by side: what differs between them, and where their courses part."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.catalog.precedence import source_words
from mqtrace.model import Evidence, Outcome, Report, Setting
from mqtrace.model.tls import Alert, Certificate, CipherSuite, Handshake
from mqtrace.pages.layout import shorten
from mqtrace.report.groups import OutcomeGroup, Status, alike, group_status, severity_of, status_of
from mqtrace.report.moments import CourseMoment, moments_of
from mqtrace.report.names import with_short_names
from mqtrace.report.words import base_name, client_words, phase_words, reason_words, setting_words

Kind = Literal["setting", "version", "tls", "certificate"]
_NOBODY = ("none", "")
_LONGEST = 120
# What causes are about, by words of their ids: names of differences, the most telling first. The first one counts.
_STORES = ("certificate_label", "key_repository", "key_store", "trust_store")
_CIPHERS = ("cipher_spec", "cipher_suite", "protocols offered", "suites offered")
_HANDSHAKE, _FAMILY = "TLS handshake", "client family"
_CONCERNS = (
    ("certificate", ("server's certificate", "client's certificate", *_STORES, _HANDSHAKE)),
    ("key-repository", _STORES),
    ("trust-store", _STORES),
    ("peer-name", ("ssl_peer", "server's certificate")),
    ("tls.", (*_CIPHERS, "outbound_sni", "server name sent", _HANDSHAKE, "server's certificate", *_STORES)),
    ("network.", ("address", "channel")),
    ("channel.", ("channel", "address")),
    ("auth.", ("user", "channel")),
    ("qmgr.", ("queue_manager", "address")),
)


class Side(Struct, frozen=True):
    """One of the two runs.

    Attributes:
        report: all of it.
        group: the connections that are compared.
        outcome: the one that speaks for them.
        status: how they ended.
        moments: the course.
    """

    report: Report
    group: OutcomeGroup
    outcome: Outcome
    status: Status
    moments: tuple[CourseMoment, ...]


class Difference(Struct, frozen=True):
    """One thing that is not the same in both.

    Attributes:
        kind: what sort of thing.
        name: of a setting as in the contract, else words.
        words: the name for reading.
        good, bad: the value and, where these differ, where it came from; "(nobody gave it)" for none.
        good_at, bad_at: what proves it, None where no line does.
        value, is_moved: of a setting the value of the bad run, and whether it came from another place there.
    """

    kind: Kind
    name: str
    words: str
    good: str
    bad: str
    good_at: Evidence | None = None
    bad_at: Evidence | None = None
    value: str = ""
    is_moved: bool = False


class Parting(Struct, frozen=True):
    """Where the courses part.

    Attributes:
        last: the last step of both, None where they have none in common.
        good, bad: the next step of each, None where it has no more.
    """

    last: CourseMoment | None
    good: CourseMoment | None
    bad: CourseMoment | None


class Comparison(Struct, frozen=True):
    """The answer.

    Attributes:
        headline: one sentence that names the difference.
        good, bad: the runs.
        differences: what most probably matters first.
        parting: None where the courses cannot be compared, or are the same.
        same: names of settings that are the same in both.
        not_seen: names of settings that one of the runs does not tell, so that nobody can say.
        notes: what else a reader must know, such as that the good run failed too.
    """

    headline: str
    good: Side
    bad: Side
    differences: tuple[Difference, ...]
    parting: Parting | None
    same: tuple[str, ...]
    not_seen: tuple[str, ...]
    notes: tuple[str, ...]


def compared(good: Report, bad: Report) -> Comparison | None:
    """What differs between a run that went well and one that did not; None where one of them has no connection.

    Of several connections the failure that is worst is compared with the success that is most like it.
    """
    if not good.outcomes or not bad.outcomes:
        return None
    good, bad = with_short_names(good), with_short_names(bad)
    wrong = _side(bad, sorted(alike(bad), key=severity_of(bad))[0])
    right = _side(good, max(alike(good), key=lambda group: _likeness(good, group, wrong.outcome)))
    differences = sorted(_differences(right.outcome, wrong.outcome), key=lambda each: _weight(each, wrong.outcome))
    ledger = [*_pairs(right.outcome.settings, wrong.outcome.settings)]
    parting = _parting(right, wrong)
    return Comparison(
        _headline(right, wrong, differences),
        right,
        wrong,
        tuple(differences),
        parting,
        tuple(setting_words(first.name) for first, second in ledger if _is_same(first, second)),
        tuple(setting_words(first.name) for first, second in ledger if not (_is_told(first) and _is_told(second))),
        tuple(_notes(right, wrong)),
    )


def _side(report: Report, group: OutcomeGroup) -> Side:
    outcome = report.outcomes[group.shown]
    return Side(report, group, outcome, status_of(outcome), moments_of(outcome, report.clock_offsets))


def _likeness(report: Report, group: OutcomeGroup, other: Outcome) -> tuple[bool, int]:
    mine, theirs = report.outcomes[group.shown].connection, other.connection
    names = ("client", "queue_manager", "channel", "address", "user", "host")
    alike_in = sum(getattr(mine, name) == getattr(theirs, name) for name in names)
    is_same_program = base_name(mine.program) == base_name(theirs.program)
    return group_status(report, group) == "CONNECTED", alike_in + 2 * is_same_program


# ---------------------------------------------------------------- what differs


def _differences(good: Outcome, bad: Outcome) -> Iterator[Difference]:
    for first, second in _pairs(good.settings, bad.settings):
        if _is_told(first) and _is_told(second) and not _is_same(first, second):
            yield _of_setting(first, second)
    yield from _of_versions(good, bad)
    if good.tls and bad.tls:
        yield from _of_tls(good.tls, bad.tls)
    yield from _unlike("tls", _HANDSHAKE, _handshake(good), _handshake(bad))


def _pairs(good: Iterable[Setting], bad: Iterable[Setting]) -> Iterator[tuple[Setting, Setting]]:
    """The rows of both ledgers of the same name; a setting that one client family alone has is not compared."""
    others = {setting.name: setting for setting in bad}
    for setting in good:
        if setting.name in others:
            yield setting, others[setting.name]


def _is_told(setting: Setting) -> bool:
    """Whether the run tells the value: an unknown one is neither the same nor another."""
    return setting.value_proof != "unknown" or (setting.source != "unknown" and setting.proof != "unknown")


def _is_same(first: Setting, second: Setting) -> bool:
    return _is_told(first) and _is_told(second) and first.value == second.value and not _is_moved(first, second)


def _is_moved(first: Setting, second: Setting) -> bool:
    """Whether both sources are told, and differ."""
    known = "unknown" not in (first.source, second.source)
    return known and first.source.lower() != second.source.lower()


def _of_setting(first: Setting, second: Setting) -> Difference:
    is_moved = _is_moved(first, second)
    return Difference(
        "setting",
        first.name,
        setting_words(first.name),
        _value(first, tells_source=is_moved),
        _value(second, tells_source=is_moved),
        next(iter(first.evidence), None),
        next(iter(second.evidence), None),
        second.value,
        is_moved,
    )


def _value(setting: Setting, *, tells_source: bool) -> str:
    if not setting.value and setting.source in _NOBODY:
        return "(nobody gave it)"
    value = setting.value or "(blank)"
    return f"{value} (from {source_words(setting.source)})" if tells_source else value


def _of_versions(good: Outcome, bad: Outcome) -> Iterator[Difference]:
    mine, theirs = good.connection, bad.connection
    name = "client" if mine.client == theirs.client else _FAMILY
    for each in _unlike("version", "client", client_words(mine), client_words(theirs)):
        yield replace(each, name=name)
    for name in ("platform", "host", "user"):
        yield from _unlike("version", name, getattr(mine, name), getattr(theirs, name))


def _of_tls(good: Handshake, bad: Handshake) -> Iterator[Difference]:
    yield from _unlike("tls", "server name sent", good.server_name, bad.server_name)
    offers = [", ".join(each.offered.versions) if each.offered else "" for each in (good, bad)]
    yield from _unlike("tls", "protocols offered", *offers)
    yield from _unlike("tls", "suites offered", *_suites_offered(good, bad))
    for whose, mine, theirs in (
        ("server's certificate", good.certificates, bad.certificates),
        ("client's certificate", good.client_certificates, bad.client_certificates),
    ):
        yield from _unlike("certificate", whose, _certificate(mine), _certificate(theirs))


def _suites_offered(good: Handshake, bad: Handshake) -> tuple[str, str]:
    """How many suites each of them offered, and which of them the other one did not."""
    if good.offered is None or bad.offered is None:
        return "", ""
    mine, theirs = good.offered.cipher_suites, bad.offered.cipher_suites
    return _suites(mine, theirs), _suites(theirs, mine)


def _suites(suites: Sequence[CipherSuite], others: Sequence[CipherSuite]) -> str:
    only = [suite.cipher_spec or suite.iana or suite.hex for suite in suites if suite not in others]
    return f"{len(suites)}{', only here: ' if only else ''}{', '.join(only)}"


def _handshake(outcome: Outcome) -> str:
    """How it went: the alerts, else what was agreed on; "" where no input tells."""
    if outcome.tls and outcome.tls.alerts:
        named = (f"alert {each.code} {each.name}".rstrip() + _sent_by(each) for each in outcome.tls.alerts)
        return ", ".join(dict.fromkeys(named))
    if outcome.tls and outcome.tls.chosen:
        return f"agreed on {outcome.tls.chosen.protocol} {_suite(outcome.tls)}"
    return "done" if any(fact.name == "tls.done" for fact in outcome.connection.facts) else ""


def _sent_by(alert: Alert) -> str:
    return "" if alert.sender == "unknown" else f" of the {alert.sender}"


def _suite(handshake: Handshake) -> str:
    suite = handshake.chosen.cipher_suite if handshake.chosen else None
    return (suite.cipher_spec or suite.iana or suite.hex) if suite else ""


def _certificate(held: tuple[Certificate, ...]) -> str:
    if not held:
        return ""
    valid = f", valid {held[0].not_before} to {held[0].not_after}" if held[0].not_before else ""
    return f"{held[0].subject}, issued by {held[0].issuer}{valid}"


def _unlike(kind: Kind, words: str, good: str, bad: str) -> Iterator[Difference]:
    """A difference where both runs tell the thing, and not the same."""
    if good and bad and good != bad:
        yield Difference(kind, words, words, good, bad)


def _weight(difference: Difference, bad: Outcome) -> tuple[int, int]:
    """What the cause speaks of comes first, then what causes of its kind are about, then where the channel comes from,
    other sources, values, and the rest."""
    if bad.cause:
        place = bad.cause.title.lower().find(difference.words.lower())
        if place >= 0:
            return 0, place
        concern = next((names for words, names in _CONCERNS if words in bad.cause.id), ())
        if difference.name in concern:
            return 1, concern.index(difference.name)
        said = " ".join((bad.cause.explanation, *(each.text for each in bad.cause.evidence)))
        if len(difference.value) > 2 and difference.value in said:
            return 2, 0
    if difference.kind != "setting":
        return (2 if difference.name == _FAMILY else 6), 1
    if not difference.is_moved:
        return 5, 0
    return (3 if difference.name == "channel" else 4), 0


# ---------------------------------------------------------------- the two courses


def _parting(good: Side, bad: Side) -> Parting | None:
    """Where they part; None for client families that say different things, and for the same course."""
    if good.outcome.connection.client != bad.outcome.connection.client:
        return None
    mine, theirs = ([each for each in side.moments if each.step] for side in (good, bad))
    last: CourseMoment | None = None
    for first, second in zip_longest(mine, theirs):
        if first is None or second is None or first.step != second.step:
            return Parting(last, first, second)
        last = second
    return None


def _headline(good: Side, bad: Side, differences: list[Difference]) -> str:
    """The difference that most probably matters, and how the bad run ended."""
    end = _ending(bad)
    if _ending(good) == end:
        end = end.replace("The bad run", "Both runs", 1)
    if not differences:
        return f"No setting, version or certificate is seen to differ. {end}."
    first = differences[0]
    more = len(differences) - 1
    others = f" {more} more differ{'s' * (more == 1)}." if more else ""
    values = shorten(first.good, _LONGEST), shorten(first.bad, _LONGEST)
    return f"The {first.words} differs: {values[0]} in the good run, {values[1]} in the bad one. {end}.{others}"


def _ending(side: Side) -> str:
    connection = side.outcome.connection
    if side.status == "CONNECTED":
        return "The bad run connected"
    if side.outcome.cause:
        title = side.outcome.cause.title.rstrip(".")
        # A name in capitals stays as it is.
        begin = title[:1] if title[1:2].isupper() else title[:1].lower()
        return f"The bad run failed: {begin}{title[1:]}"
    reason = f" with {reason_words(connection.reason_code)}" if connection.reason_code else ""
    return f"The bad run ended in {phase_words(connection)}{reason}"


def _notes(good: Side, bad: Side) -> Iterator[str]:
    if good.status != "CONNECTED":
        yield "The run given as the good one is not seen to connect either."
    if bad.status == "CONNECTED":
        yield "The run given as the bad one connected."
    for side, name in ((good, "good"), (bad, "bad")):
        others = sum(outcome.connection.count for outcome in side.report.outcomes) - side.group.count
        if others:
            which = "connections, which are" if others > 1 else "connection, which is"
            yield f"The {name} run has {others:,} more {which} not compared."
    if good.outcome.connection.client != bad.outcome.connection.client:
        yield "The two are clients of different families, whose traces cannot be compared step by step."
