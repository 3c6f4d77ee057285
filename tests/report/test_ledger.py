"""Only the ledger, as `mqtrace settings` prints it."""

import pytest

from mqtrace.model import Candidate, Connection, Outcome, Report, Setting
from mqtrace.report.ledger import render_ledgers
from mqtrace.report.shown import shown

from . import reports


def rows(*settings: Setting, width: int = 100) -> list[str]:
    """The table's rows below its header, with single blanks."""
    text = render_ledgers(Report((Outcome(Connection("c", "trace", thread="1.1"), settings),)), width=width)
    return [" ".join(line.split()) for line in text.splitlines()[2:]]


def test_a_setting_with_its_value_source_proof_and_place() -> None:
    assert rows(reports.LEDGER[3]) == ["key repository /home/app/ssl/key MQSSLKEYR traced AMQ7253.0.FMT:90"]


def test_what_lost_stands_below_it_and_what_gives_nothing_does_not() -> None:
    lost = Candidate("env:MQCERTLABL", "app2", "overridden")
    row = Setting(
        "certificate_label",
        "app1",
        "ccdt",
        "traced",
        (Candidate("ccdt", "app1", "won"), lost, Candidate("application", "", "not-set")),
    )
    assert rows(row) == ["certificate label app1 channel table traced", "instead of app2 MQCERTLABL overridden"]


def test_the_title_names_program_queue_manager_time_and_thread() -> None:
    first = render_ledgers(reports.TLS_FAILURE, width=100).splitlines()[0]
    assert first == "amqsgetc (C client 9.3.0.10) to QM1, 2026-11-24 09:00:00 thread 7253.1"


def test_equal_connections_are_counted() -> None:
    report = Report((Outcome(Connection("c", "trace", thread="1.1", count=3)),))
    assert render_ledgers(report, width=100).splitlines()[0].endswith("thread 1.1, 3 alike")


def test_one_table_a_connection_with_an_empty_line_between() -> None:
    both = Report((*reports.TLS_FAILURE.outcomes, *reports.CONNECTED.outcomes))
    one, other = (render_ledgers(each, width=100) for each in (reports.TLS_FAILURE, reports.CONNECTED))
    assert render_ledgers(both, width=100) == f"{one}\n{other}"


def test_nothing_read_is_no_text() -> None:
    assert render_ledgers(reports.NOTHING, width=100) == ""


@pytest.mark.parametrize("width", [40, 80, 100, 200])
@pytest.mark.parametrize("name", reports.ALL)
def test_no_line_has_anything_that_steers_a_terminal_or_a_secret(name: str, width: int) -> None:
    text = render_ledgers(shown(reports.ALL[name]), width=width)
    assert all(line.isprintable() for line in text.splitlines())
    assert "s3cret" not in text
