"""The course of a connection: moments on one clock, and their picture."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from command_line import sample
from mqtrace.diagnosis import diagnose
from mqtrace.model import Attempt, Cause, ClockOffset, Connection, Evidence, Fact, Location, LogEntry, Outcome
from mqtrace.report.moments import CourseMoment, moments_of, seconds_of
from mqtrace.report.timeline import WIDTH, delay_words, timeline

DAY = "2026-11-24T"
LOG = "AMQERR01.LOG"


def fact(name: str, clock: str, line: int, value: str = "") -> Fact:
    return Fact(name, value, Location("a.FMT", line), name, thread="1.1", when=f"{DAY}{clock}")


FACTS = (
    fact("env.MQSERVER", "08:59:00.000000", 1),
    fact("call.begins", "09:00:00.000000", 2),
    fact("env.MQCCDTURL", "09:00:00.100000", 3),
    fact("ini.ssl.outboundsni", "09:00:00.200000", 4),
    fact("network.address", "09:00:01.000000", 5, "h(1414)"),
    fact("network.connected", "09:00:01.500000", 6),
    fact("tls.begins", "09:00:02.000000", 7),
    fact("call.result", "09:00:04.000000", 8, "2393"),
)
FAILED = Connection(
    "dotnet",
    "a.FMT",
    thread="1.1",
    start=f"{DAY}09:00:00.000000",
    end=f"{DAY}09:00:04.000000",
    utc_offset=3600,
    completion_code=2,
    reason_code=2393,
    facts=FACTS,
    attempts=(Attempt("A", "h(1414)", FACTS[4:], "tls", f"{DAY}09:00:01.000000", f"{DAY}09:00:04.000000"),),
)


def told(outcome: Outcome, *offsets: ClockOffset) -> list[tuple[str, str]]:
    return [(each.when[11:19], each.words) for each in moments_of(outcome, offsets)]


def test_the_course_is_settings_attempt_handshake_and_end() -> None:
    assert told(Outcome(FAILED)) == [
        ("09:00:00", "Reads its settings"),
        ("09:00:01", "Tries A to h(1414)"),
        ("09:00:01", "Network connection made"),
        ("09:00:02", "TLS handshake begins"),
        ("09:00:04", "The program gets 2393 MQRC_SSL_INITIALIZATION_ERROR"),
    ]


@pytest.mark.parametrize(
    ("entry", "offset", "clock"),
    [
        (LogEntry("AMQ9633", "x", Location(LOG, 1), utc=datetime(2026, 11, 24, 8, 0, 3, tzinfo=UTC)), None, "09:00:03"),
        (LogEntry("AMQ9633", "x", Location(LOG, 1), when=datetime(2026, 11, 24, 9, 0, 3)), None, "09:00:03"),
        (LogEntry("AMQ9633", "x", Location(LOG, 1), when=datetime(2026, 11, 24, 9, 0, 40)), 37, "09:00:03"),
        (LogEntry("AMQ9633", "x", Location("other", 1), when=datetime(2026, 11, 24, 9, 0, 3)), 37, "09:00:03"),
    ],
)
def test_an_entry_of_a_log_stands_on_the_clock_of_the_trace(entry: LogEntry, offset: int | None, clock: str) -> None:
    offsets = [ClockOffset(LOG, "h", timedelta(seconds=offset), 3)] if offset else []
    outcome = Outcome(replace(FAILED, log_entries=(replace(entry, queue_manager="QM1"),)))
    (moment,) = [each for each in moments_of(outcome, offsets) if each.kind == "log"]
    assert (moment.when[11:19], moment.lane) == (clock, "log of QM1")


def test_an_entry_that_may_be_of_another_connection_is_drawn_so() -> None:
    entry = LogEntry("AMQ9633", "x", Location(LOG, 1), when=datetime(2026, 11, 24, 9, 0, 3), tie="possible")
    kinds = [each.kind for each in moments_of(Outcome(replace(FAILED, log_entries=(entry,))), ())]
    assert kinds.count("possible") == 1


def test_without_times_there_are_no_moments_and_no_picture() -> None:
    bare = replace(FAILED, facts=tuple(replace(each, when="") for each in FACTS), attempts=())
    assert moments_of(Outcome(bare), ()) == ()
    assert timeline(()) is None


def test_a_later_failure_is_a_moment_behind_the_call() -> None:
    later = (fact("reason", "09:05:00.000000", 9, "2009"),)
    connection = replace(FAILED, later=later, failed_later=True, reason_code=2009)
    assert told(Outcome(connection))[-2:] == [
        ("09:00:04", "The call returns: connected"),
        ("09:05:00", "A later call fails: 2009 MQRC_CONNECTION_BROKEN"),
    ]


def test_a_cause_marks_the_moment_that_proves_it() -> None:
    (outcome,) = diagnose(sample("c-label-not-in-key-repository")).outcomes
    (failure,) = [each for each in moments_of(outcome, ()) if each.kind == "failure"]
    assert (failure.words, failure.evidence.location.line) == ("GSKit answers 407", 324)


def test_the_course_of_a_java_client_has_its_handshake_its_exception_and_its_failure() -> None:
    (outcome,) = diagnose(sample("java-server-certificate-untrusted")).outcomes
    course = moments_of(outcome, ())
    assert [each.words.split(": ")[0] for each in course] == [
        "Reads its settings",
        "Tries APP.SVRCONN to 127.0.0.1(36839)",
        "Network connection made",
        "TLS handshake begins",
        "The client sends the server name app2e-svrconn.chl.mq.ibm.com",
        "An exception",
        "The program gets 2397 MQRC_JSSE_ERROR",
    ]
    assert [each.phase for each in course if each.phase] == ["settings", "tcp", "tls"]
    assert [each.evidence.location.line for each in course if each.kind == "failure"] == [1436]


def test_each_of_several_attempts_tells_how_it_ended() -> None:
    tries = [
        Attempt("A", f"h({port})", (fact("network.address", f"09:00:0{port}.000000", port, f"h({port})"),))
        for port in (1, 2)
    ]
    ends = [fact("attempt.reason", f"09:00:0{port}.500000", 10 + port, "2538") for port in (1, 2)]
    facts = tuple(each for one, end in zip(tries, ends, strict=True) for each in (*one.facts, end))
    course = [words for _, words in told(Outcome(replace(FAILED, facts=facts, attempts=tuple(tries))))]
    assert course == [
        "Tries A to h(1)",
        "The attempt fails with 2538",
        "Tries A to h(2)",
        "The attempt fails with 2538",
    ]
    one = replace(FAILED, facts=facts[:2], attempts=tuple(tries[:1]))
    assert [words for _, words in told(Outcome(one))] == ["Tries A to h(1)"]


@pytest.mark.parametrize(
    ("address", "phase"),
    [("10.0.0.7(1414)", "tcp"), ("[::1](1414)", "tcp"), ("fe80::1", "tcp"), ("mq1(1414)", "name-resolution")],
)
def test_a_number_is_not_looked_up(address: str, phase: str) -> None:
    course = moments_of(Outcome(replace(FAILED, facts=(fact("network.address", "09:00:01.0", 1, address),))), ())
    assert course[0].phase == phase


def test_what_proves_the_cause_may_be_its_second_evidence_where_the_first_has_no_time() -> None:
    thrown = fact("thrown", "09:00:01.0", 7, "CC=2;RC=2540")
    cause = Cause(
        "channel.unknown",
        "No such channel.",
        "",
        (),
        "certain",
        evidence=tuple(Evidence(Location("a.FMT", number), "x") for number in (99, 7)),
    )
    (failure,) = moments_of(Outcome(replace(FAILED, facts=(thrown,)), (), cause), ())
    assert (failure.kind, failure.words) == ("failure", "No such channel")


def moments(*seconds: float, lane: str = "thread 1.1") -> list[CourseMoment]:
    (first, *_) = moments_of(Outcome(FAILED), ())
    return [replace(first, seconds=each, lane=lane, phase=None, until=None) for each in seconds]


def test_marks_of_one_lane_do_not_lie_on_each_other_and_stay_in_the_picture() -> None:
    picture = timeline(moments(0, 0.001, 0.002, 5, 9.999, 10))
    assert picture
    xs = [mark.x for mark in picture.marks]
    assert all(second - first >= 22 for first, second in pairwise(xs))
    assert xs[0] >= 150
    assert xs[-1] <= WIDTH
    assert picture.marks[3].x == picture.marks[3].true_x


def test_a_phase_ends_where_the_next_begins_and_settings_where_the_last_was_read() -> None:
    picture = timeline(moments_of(Outcome(FAILED), ()))
    assert picture
    assert [bar.phase for bar in picture.bars] == ["settings", "name-resolution", "tls"]
    alone = timeline([replace(each, phase="settings" if number == 0 else None, until=2.0 if number == 0 else None)
                      for number, each in enumerate(moments(0, 10))])  # fmt: skip
    assert alone
    assert alone.bars[0].width == pytest.approx((WIDTH - 150 - 24) / 5)


@pytest.mark.parametrize(
    ("seconds", "span", "words"),
    [(0.000012, 0.001, "+12 µs"), (0.0123, 1, "+12.3 ms"), (12.34, 60, "+12.3 s"), (1234.5, 5000, "+1,234 s")],
)
def test_delays_have_as_many_digits_as_they_need(seconds: float, span: float, words: str) -> None:
    assert delay_words(seconds, span) == words


def test_what_is_no_time_has_no_seconds() -> None:
    assert seconds_of("yesterday") is None
    assert seconds_of("00:00:01.5") == 1.5
