import re
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from mqtrace.mark import marked
from mqtrace.model import Attempt, Cause, Connection, Finding, InputRead, Location, LogEntry, Outcome, Report, Setting
from mqtrace.report.write import rendered

from .reports import ADDRESS_LIST, ALL, CONNECTED, HOSTILE, LABEL_NOT_FOUND, NOTHING, REFUSED, TLS_FAILURE, folded

GOLDEN = Path(__file__).parents[1] / "data" / "report"


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("name", ALL)
def test_looks_as_agreed(name: str, width: int) -> None:
    expected = (GOLDEN / f"{name}-{width}.txt").read_text(encoding="utf-8")
    assert rendered(ALL[name], "text", width=width, color=False) == marked(expected)


def test_verbose_shows_candidates_structures_and_facts() -> None:
    expected = (GOLDEN / "tls-failure-100-v.txt").read_text(encoding="utf-8")
    assert rendered(TLS_FAILURE, "text", width=100, color=False, verbosity=1) == marked(expected)


@pytest.mark.parametrize("width", [40, 60, 72, 80, 100, 132])
@pytest.mark.parametrize("name", ALL)
def test_no_line_is_wider_than_asked(name: str, width: int) -> None:
    text = rendered(ALL[name], "text", width=width, color=False, verbosity=1)
    assert max(map(cell_len, text.splitlines())) <= width


@pytest.mark.parametrize("verbosity", [-1, 0, 1])
@pytest.mark.parametrize("name", ALL)
def test_nothing_but_printable_text_and_newlines(name: str, verbosity: int) -> None:
    assert rendered(ALL[name], "text", width=80, color=False, verbosity=verbosity).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", ALL)
def test_color_changes_no_word(name: str) -> None:
    colored = rendered(ALL[name], "text", width=80, color=True)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", colored)
    assert "\x1b[1" in colored
    assert [line.rstrip() for line in plain.splitlines()] == rendered(
        ALL[name], "text", width=80, color=False
    ).splitlines()


def test_markup_of_rich_is_shown_as_it_is() -> None:
    assert "[bold]x[red]" in rendered(HOSTILE, "text", width=100, color=True)


def test_quiet_is_one_line_a_connection() -> None:
    assert rendered(TLS_FAILURE, "text", width=80, color=False, verbosity=-1) == (
        "FAILED 2026-11-24T09:00:00.123456 program=amqsgetc thread=7253.1 queue_manager=QM1 channel=APP.TLS "
        "address=qm1.example.com(1414) reason=2393 cause=tls.certificate-label-not-found confidence=certain "
        "at=AMQ7253.0.FMT:283\n"
    )
    assert rendered(folded(), "text", width=80, color=False, verbosity=-1).count("\n") == 600


def test_quiet_says_that_there_is_no_evidence() -> None:
    assert rendered(NOTHING, "text", width=80, color=False, verbosity=-1) == "NO-EVIDENCE inputs=3\n"


def test_long_value_keeps_its_begin_and_its_end() -> None:
    text = rendered(HOSTILE, "text", width=80, color=False)
    assert "/keys/kkk" in text
    assert "/password/key.kdb" in text
    assert " characters)..." in text


def many_causes(count: int) -> Report:
    connections = [Connection("c", "a.fmt", thread=f"1.{n}", completion_code=2, reason_code=2538) for n in range(count)]
    causes = [replace(REFUSED, id=f"network.cause-{n}", title=f"Cause {n}.") for n in range(count)]
    return Report(tuple(map(Outcome, connections, [()] * count, causes)))


def test_three_worst_answers_and_twelve_rows_unless_verbose() -> None:
    text = rendered(many_causes(20), "text", width=100, color=False)
    assert "... and 8 more (-v shows all)" in text
    assert "The 3 newest are told below (-v tells all)." in text
    assert text.count("\n WHY ") == 3
    assert rendered(many_causes(20), "text", width=100, color=False, verbosity=1).count("\n WHY ") == 20


def test_failure_of_most_connections_comes_first() -> None:
    few = Outcome(Connection("c", "a.fmt", completion_code=2, reason_code=2538), cause=REFUSED)
    many = Outcome(Connection("c", "a.fmt", completion_code=2, reason_code=2393, count=50), cause=LABEL_NOT_FOUND)
    text = rendered(Report((few, many)), "text", width=100, color=False)
    assert text.index("tls.certificate-label-not-found\n") < text.index("mqtrace explain network.refused")
    assert "51 of 51 connections, in 2 different ways." in text


def test_many_connections_are_summed_up_by_their_causes_failures_first() -> None:
    good = [Outcome(Connection("c", "a.fmt", channel=f"C{n}", reason_code=0, phase="connected")) for n in range(30)]
    bad = Outcome(Connection("c", "a.fmt", channel="BAD", completion_code=2, reason_code=2538), cause=REFUSED)
    table = rendered(Report((*good, bad)), "text", width=100, color=False).split("\n\n")[1]
    assert [line.split() for line in table.splitlines()] == [
        ["COUNT", "CAUSE", "EXAMPLE"],
        ["1", "2538", "network.refused", "AMQ7253.0.FMT:403"],
        ["30", "OK", "a.fmt"],
    ]


def test_the_newest_failure_comes_first_whatever_was_most_frequent() -> None:
    old = Outcome(
        Connection("c", "a", start="2023-01-01T00:00:00", end="2024-01-01T00:00:00", reason_code=2538, count=900),
        cause=REFUSED,
    )
    new = Outcome(Connection("c", "a", start="2026-11-24T09:00:00", reason_code=2393), cause=LABEL_NOT_FOUND)
    text = rendered(Report((old, new)), "text", width=100, color=False)
    assert text.index("explain tls.certificate-label-not-found") < text.index("explain network.refused")


def test_inputs_that_share_a_name_are_told_apart_by_their_folders() -> None:
    outcomes = []
    for host in ("host1", "host2"):
        evidence = replace(REFUSED.evidence[0], location=Location(f"/data/{host}/errors/AMQERR01.LOG", 7))
        connection = Connection("c", evidence.location.source, channel=host, reason_code=2538)
        outcomes.append(Outcome(connection, cause=replace(REFUSED, evidence=(evidence,))))
    inputs = tuple(InputRead(each.connection.source, "errorlog-text") for each in outcomes)
    text = rendered(Report(tuple(outcomes), (), inputs), "text", width=100, color=False, verbosity=-1)
    assert re.findall(r"at=(\S+)", text) == ["host1/errors/AMQERR01.LOG:7", "host2/errors/AMQERR01.LOG:7"]


@pytest.mark.parametrize("name", ALL)
def test_no_line_repeats_another(name: str) -> None:
    lines = [line.strip() for line in rendered(ALL[name], "text", width=200, color=False).splitlines()]
    told = [line for line in lines if len(line.split()) > 4]
    assert len(told) == len(set(told))


def test_a_title_that_the_first_sentence_says_again_gives_way_to_it() -> None:
    (outcome,) = TLS_FAILURE.outcomes
    title = "The certificate label is not in the key repository."
    told = "The label 'x' is not in the key repository /k. Labels are case sensitive."
    assert outcome.cause
    text = rendered(
        Report((replace(outcome, cause=replace(outcome.cause, title=title, explanation=told)),)),
        "text",
        width=100,
        color=False,
    )
    assert title not in text
    assert " WHY       The label 'x' is not in the key repository /k. " in text
    assert "\n           Labels are case sensitive.\n" in text


def test_failure_without_a_cause_says_so() -> None:
    lost = Outcome(Connection("java", "a.trc", completion_code=2, reason_code=2059, phase="tls"))
    text = rendered(Report((lost,)), "text", width=100, color=False)
    assert "Cannot tell why" in text
    assert "The last that is seen of it: the TLS handshake." in text


def test_failure_after_connecting_is_not_called_a_failed_connect() -> None:
    later = Outcome(
        Connection(
            "c", "a.fmt", program="app", queue_manager="QM1", completion_code=2, reason_code=2085, phase="connected"
        )
    )
    assert "app (C client) connected to QM1 and failed later: 2085 MQRC_UNKNOWN_OBJECT_NAME" in rendered(
        Report((later,)), "text", width=100, color=False
    )


def test_unknown_end_is_neither_failed_nor_connected() -> None:
    open_end = Outcome(Connection("c", "a.fmt", program="app", queue_manager="QM1", phase="tcp"))
    text = rendered(Report((open_end,)), "text", width=100, color=False)
    assert text.startswith(" UNCLEAR   app (C client) tried to connect to QM1; no input tells how that ended\n")


def test_warning_code_is_a_connection() -> None:
    warned = Outcome(
        Connection("c", "a.fmt", queue_manager="QM1", completion_code=1, reason_code=2391, phase="connected")
    )
    text = rendered(Report((warned,)), "text", width=100, color=False)
    assert text.startswith(
        " CONNECTED A C client connected to QM1, with a warning: 2391 MQRC_SSL_ALREADY_INITIALIZED\n"
    )


def test_failure_that_is_no_consequence_is_told_under_also() -> None:
    other = Finding("settings.ini-not-read", "fail", "mqclient.ini was not read.")
    assert " ALSO      mqclient.ini was not read.\n" in rendered(
        replace(TLS_FAILURE, findings=(other,)), "text", width=100, color=False
    )


def test_consequences_are_told_once_nearest_first() -> None:
    texts = ("the channel ended", "the application got 2393", "the channel ended")
    chain = tuple(Finding("tls.initialization", "fail", text) for text in texts)
    (outcome,) = TLS_FAILURE.outcomes
    text = rendered(Report((replace(outcome, chain=chain),)), "text", width=100, color=False)
    assert "What followed from it: the channel ended; the application got 2393\n" in text


def test_inferred_and_unknown_values_are_marked() -> None:
    settings = (Setting("channel", "A", "ccdt", "inferred"), Setting("key_repository", "", "unknown", "unknown"))
    outcome = Outcome(Connection("c", "a.fmt", reason_code=0, phase="connected"), settings)
    text = rendered(Report((outcome,)), "text", width=100, color=False)
    assert " channel         A          channel table (inferred)\n" in text
    assert " key repository  (unknown)  (unknown)\n" in text


def test_attempts_are_told_with_their_causes() -> None:
    text = rendered(ADDRESS_LIST, "text", width=100, color=False)
    assert " TRIED     1  APP.SVRCONN to 10.9.9.9(1414) " in text
    assert "No route leads to 10.9.9.9.\n" in text


def test_connected_opens_with_it_and_shows_the_warning() -> None:
    text = rendered(CONNECTED, "text", width=100, color=False)
    assert text.startswith(" CONNECTED Orders.exe (.NET client 9.3.0.0) connected to QM1 over APP.SVRCONN at\n")
    assert " ALSO      The connection has no TLS" in text


def test_six_hundred_connections_are_told_in_well_under_a_second() -> None:
    report = folded()
    begin = time.process_time()
    rendered(report, "text", width=100, color=False)
    assert time.process_time() - begin < 0.3


def test_ten_thousand_attempts_of_a_connection_are_cut() -> None:
    attempts = tuple(Attempt("A", f"10.0.0.1({port})") for port in range(10_000))
    outcome = Outcome(
        Connection("c", "a.fmt", completion_code=2, reason_code=2538, attempts=attempts),
        cause=Cause("network.refused", "x", "", (), "certain"),
    )
    assert "... and 9,992 more (-v shows all)" in rendered(Report((outcome,)), "text", width=80, color=False)


def test_logs_without_a_failure_are_no_lack_of_evidence() -> None:
    healthy = Report((), (), (InputRead("AMQERR01.LOG", "errorlog-text", 100, 10, 7, 0),), (), ())
    assert rendered(healthy, "text", width=80, color=False).startswith(" NO FAILURE")
    assert "among 7 log records" in rendered(healthy, "text", width=80, color=False)
    with_note = replace(healthy, inputs=(replace(healthy.inputs[0], note="only headers are read"),))
    assert rendered(with_note, "text", width=80, color=False).startswith(" NO EVIDENCE")


def test_how_far_it_came_is_not_told_of_what_only_a_log_tells() -> None:
    entry = LogEntry("AMQ9999", "Channel ended abnormally.", Location("AMQERR01.LOG", 1))
    logged = Report(
        (Outcome(Connection("unknown", "AMQERR01.LOG", reason_code=2059, log_entries=(entry,)), (), None),),
        (),
        (),
        (),
        (),
    )
    assert "The last that is seen" not in rendered(logged, "text", width=80, color=False)
