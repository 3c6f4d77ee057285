"""What happened when: the moments of one connection in the order of time, on one clock.

Page and trace events are both made of it.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from mqtrace.kept import compiled
from mqtrace.model import Attempt, ClockOffset, Evidence, Fact, Location, LogEntry, Outcome, Phase
from mqtrace.pages.layout import shorten
from mqtrace.report.groups import status_of
from mqtrace.report.words import attempt_words, base_name, reason_words

Kind = Literal["step", "failure", "log", "possible"]
Place = tuple[str, int]
# More than a reader follows.
_MOST, _LONGEST = 40, 160
# Facts of a trace that are a step of the way: the phase that begins with it, and its words.
_STEPS: dict[str, tuple[Phase | None, str]] = {
    "mqclient_ini.file": (None, "Reads {value}"),
    "ccdt.file": (None, "Reads the channel table {value}"),
    "tcp.host": ("name-resolution", "Looks up the host {value}"),
    "network.address": ("name-resolution", "Looks up {value}"),
    "network.name-not-known": (None, "The host name is not known"),
    "network.remote_address": ("tcp", "Host name resolved; connects to {value}"),
    "peer.ip": ("tcp", "Connects to {value}"),
    "network.connected": (None, "Network connection made"),
    "socket.errno": (None, "The operating system answers with error {value}"),
    "tls.begins": ("tls", "TLS handshake begins"),
    "tls.server_name": (None, "The client sends the server name {value}"),
    "tls.server_certificate": (None, "The server sends its certificate: {value}"),
    "tls.server_certificate_refused": (None, "The client refuses the server's certificate: {value}"),
    "tls.store_missing": (None, "The key store is not there"),
    "tls.label_missing": (None, "The certificate label is not there"),
    "tls.alert": (None, "TLS alert {value}"),
    "tls.alert_sent": (None, "The client sends TLS alert {value}"),
    "tls.failure": (None, "An exception: {value}"),
    "openssl.error": (None, "OpenSSL: {value}"),
    "gskit.code": (None, "GSKit answers {value}"),
    "tls.done": ("negotiation", "TLS handshake done"),
    "channel.negotiation": ("negotiation", "First flow: channel and queue manager agree on the connection"),
    "error_segment.status": (None, "The queue manager refuses with error code {value}"),
    "channel.negotiated": ("mqconn", "Channel agreed; asks the queue manager for the connection"),
    "session.established": ("mqconn", "Session established; asks the queue manager for the connection"),
    "session.failed": (None, "Session failed: {value}"),
    "network.read_timed_out": (None, "No answer came in time"),
    "attempt.reason": (None, "The attempt fails with {value}"),
    "network.closed": (None, "The other end closes the connection"),
    "mqconn.done": ("connected", "Connected"),
}
# What facts of settings are called; they make one moment, and the phase of it.
_SETTINGS = (
    *("env.", "ini.", "mqclient_ini.", "application.", "mqserver", "mqchl", "ccdt.", "search.", "used.", "label."),
    *("effective.", "later.", "base.", "jms.", "mqenvironment.", "property.", "variable.", "default."),
)
# Java tells an exception anew wherever it is thrown on.
_ONCE = frozenset({"tls.failure"})
# "127.0.0.1(1414)", "[::1](1414)": nothing has to be looked up.
_NUMBER = compiled(r"[\d.]+(?:\(|$)|\[?[\da-f]*:[\da-f:]*\]?(?:\(|$)", re.IGNORECASE)


class CourseMoment(Struct, frozen=True):
    """One thing that happened.

    Attributes:
        when: local time of the connection, ISO 8601.
        seconds: the same in seconds since an arbitrary begin.
        words: what happened, short.
        lane: whose record tells it: "thread 7253.1", "log of QM1".
        kind: step, failure (it proves the cause), log (an entry of a log), possible (one that may be of another).
        phase: the phase that begins with it, None where none does.
        evidence: where it stands.
        step: what sort of step it is, the same in every run; "" for an entry of a log.
        until: when the last of what is told here together happened; None where it is one thing.
    """

    when: str
    seconds: float
    words: str
    lane: str
    kind: Kind
    phase: Phase | None
    evidence: Evidence
    until: float | None = None
    step: str = ""


def moments_of(outcome: Outcome, offsets: Iterable[ClockOffset]) -> tuple[CourseMoment, ...]:
    """The moments of a connection; none where no input tells a time. The clocks of logs are set by `offsets`."""
    ahead = {offset.log: offset.ahead for offset in offsets}
    proof = _proof(outcome, ahead)
    found = [*_of_trace(outcome, proof), *_of_logs(outcome, ahead, proof)]
    found.sort(key=lambda moment: moment.seconds)
    kept: list[CourseMoment] = []
    for moment in found:
        if not kept or (moment.words, moment.lane) != (kept[-1].words, kept[-1].lane):
            kept.append(moment)
    return tuple(kept if len(kept) <= _MOST else _fewer(kept))


def _fewer(moments: list[CourseMoment]) -> list[CourseMoment]:
    """The first of them, and the failure and the end, which are what is looked for."""
    rest = [each for each in moments[_MOST - 6 :] if each.kind != "step"][:5]
    return [*moments[: _MOST - 6], *rest, moments[-1]]


def seconds_of(iso: str) -> float | None:
    """Seconds since an arbitrary begin; a time of day alone counts as of one day. None for what is no time."""
    try:
        moment = datetime.fromisoformat(iso if "T" in iso else f"2000-01-01T{iso}")
    except ValueError:
        return None
    return (moment.replace(tzinfo=None) - datetime(2000, 1, 1)).total_seconds()


def _of_trace(outcome: Outcome, proof: Place | None) -> Iterator[CourseMoment]:
    connection = outcome.connection
    facts = [*connection.facts, *connection.later]
    attempts = {attempt.facts[0].location: attempt for attempt in connection.attempts if attempt.facts}
    yield from _settings(outcome)
    told: set[str] = set()
    for fact in facts:
        attempt = attempts.pop(fact.location, None)
        is_repeated = fact.name in told & _ONCE or (fact.name == "attempt.reason" and len(connection.attempts) < 2)
        phase, words = (None, "") if is_repeated else _step(fact, attempt)
        told.add(fact.name)
        kind: Kind = "step"
        if _place(fact.location) == proof:
            kind, words, proof = "failure", words or _title(outcome), None
        yield from _moment(fact, phase, words, kind, "attempt" if attempt else fact.name)
    yield from _end(outcome, facts)


def _title(outcome: Outcome) -> str:
    return outcome.cause.title.rstrip(".") if outcome.cause else ""


def _place(location: Location) -> Place:
    return location.source, location.line


def _proof(outcome: Outcome, ahead: dict[str, timedelta]) -> Place | None:
    """The first evidence of the cause that has a time; None where none has."""
    timed = {_place(fact.location) for fact in outcome.connection.facts if seconds_of(fact.when) is not None}
    timed |= {_place(entry.location) for entry in outcome.connection.log_entries if _on_clock_of(outcome, entry, ahead)}
    evidence = outcome.cause.evidence if outcome.cause else ()
    return next((place for each in evidence if (place := _place(each.location)) in timed), None)


def _settings(outcome: Outcome) -> Iterator[CourseMoment]:
    """The reading of settings before the first attempt: what the process said before the call would stretch the
    picture."""
    connection = outcome.connection
    first = connection.attempts[0].start if connection.attempts else ""
    read = [
        fact
        for fact in connection.facts
        if fact.name.startswith(_SETTINGS) and fact.when >= connection.start and (not first or fact.when < first)
    ]
    if read:
        read.sort(key=lambda fact: fact.when)
        for moment in _moment(read[0], "settings", "Reads its settings", "step", "settings"):
            yield replace(moment, until=seconds_of(read[-1].when))


def _step(fact: Fact, attempt: Attempt | None) -> tuple[Phase | None, str]:
    phase, words = _STEPS.get(fact.name, (None, ""))
    words = words.format(value=shorten(fact.value, _LONGEST)).rstrip(": ")
    if phase == "name-resolution" and _NUMBER.match(fact.value):
        phase = "tcp"
    if attempt:
        tried = f"Tries {attempt_words(attempt)}"
        return phase or "tcp", f"{tried}. {words}" if words and attempt.address not in words else tried
    return phase, words


def _moment(fact: Fact, phase: Phase | None, words: str, kind: Kind, step: str) -> Iterator[CourseMoment]:
    seconds = seconds_of(fact.when)
    if words and seconds is not None:
        lane = f"thread {fact.thread}".strip()
        yield CourseMoment(fact.when, seconds, words, lane, kind, phase, fact.evidence, step=step)


def _end(outcome: Outcome, facts: list[Fact]) -> Iterator[CourseMoment]:
    """The call returns: with the reason code that the program gets, where an input tells it."""
    connection = outcome.connection
    last = next((fact for fact in reversed(connection.facts) if fact.name == "call.result"), None)
    if last is None or connection.reason_code is None:
        return
    later = next((fact for fact in facts if fact in connection.later and fact.name.endswith("reason")), None)
    failed = status_of(outcome) == "FAILED" and not connection.failed_later
    if failed:
        words = f"The program gets {reason_words(connection.reason_code)}"
        yield from _moment(last, None, words, "step", "fails")
        return
    yield from _moment(last, "connected", "The call returns: connected", "step", "connected")
    if later and connection.failed_later:
        words = f"A later call fails: {reason_words(connection.reason_code)}"
        yield from _moment(later, None, words, "failure", "fails later")


def _of_logs(outcome: Outcome, ahead: dict[str, timedelta], proof: Place | None) -> Iterator[CourseMoment]:
    for entry in outcome.connection.log_entries:
        when = _on_clock_of(outcome, entry, ahead)
        seconds = seconds_of(when)
        if seconds is not None:
            owner = entry.queue_manager or entry.host or base_name(entry.location.source)
            words = f"{entry.message} {shorten(entry.text, _LONGEST)}".strip()
            kind: Kind = "possible" if entry.tie == "possible" else "log"
            kind = "failure" if _place(entry.location) == proof else kind
            evidence = Evidence(entry.location, f"{entry.message} {entry.text}".strip())
            yield CourseMoment(when, seconds, words, f"log of {owner}", kind, None, evidence)


def _on_clock_of(outcome: Outcome, entry: LogEntry, ahead: dict[str, timedelta]) -> str:
    """The entry's time on the clock of the connection, "" where it has none."""
    offset = outcome.connection.utc_offset
    when = entry.when
    if entry.utc is not None and (offset is not None or when is None):
        when = entry.utc.replace(tzinfo=None) + timedelta(seconds=offset or 0)
    if when is None:
        return ""
    return (when - ahead.get(entry.location.source, timedelta())).isoformat()
