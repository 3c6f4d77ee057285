"""What only mentions a message, a reason code or a failure is no failure; what is a
stranger's proves nothing for certain."""

from datetime import datetime
from pathlib import Path

import pytest
from tests.attacks.mentions import (
    SEED,
    STRANGERS,
    Stranger,
    entry,
    forms,
    mentions,
    messages,
    mixtures,
    reasons,
    subjects,
)

from make_c_trace import Trace, connect, enter, leave, session
from mqtrace.catalog.messages import MessageInfo, all_messages
from mqtrace.diagnosis import diagnose
from mqtrace.model import Report

TRACED_AT = datetime(2026, 11, 24, 23, 59, 59)
ALL = {"messages": messages, "reason codes": reasons, "forms": forms}


def claims(report: Report) -> list[tuple[str, str]]:
    """Cause and confidence of every failure of a report, and what it is told by."""
    return [(one.cause.id, one.cause.confidence) for one in report.outcomes if one.cause]


def diagnosed(folder: Path, text: str, name: str = "app.log") -> Report:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return diagnose([path])


@pytest.mark.parametrize("kind", ALL)
def test_no_mention_is_a_failure(kind: str, tmp_path: Path) -> None:
    wrong = []
    for subject in ALL[kind]():
        told = [text for _, text in mentions(subject)]
        if claims(diagnosed(tmp_path, "\n\n".join(told) + "\n")):
            wrong += [(name, text) for name, text in mentions(subject) if claims(diagnosed(tmp_path, text + "\n"))]
            wrong += [] if wrong else [(subject.name, "all together")]
    assert wrong == []


def test_no_mixture_of_mentions_is_a_failure(tmp_path: Path) -> None:
    for number, text in enumerate(mixtures()):
        assert claims(diagnosed(tmp_path, text)) == [], f"seed {SEED}, mixture {number}:\n{text}"


def test_the_attacks_can_succeed(tmp_path: Path) -> None:
    """The same statements without what makes mentions of them are failures, or the tests above would prove nothing."""
    told = [subject for subject in subjects() if claims(diagnosed(tmp_path, f"{subject.statement}\n"))]
    assert len(told) > 100


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A connection that failed with 2538, of which the trace does not tell why: process 7300 on apphost."""
    lines = connect(
        session([enter("cciTcpConnect", 6), leave("cciTcpConnect", 6, "rrcE_HOST")], "rrcE"), "MQRC_HOST_NOT_AVAILABLE"
    )
    folder = tmp_path_factory.mktemp("trace")
    return Trace(lines, header="boxed", start=86_399_000).write(folder / "AMQ7300.0.FMT")


def of_the_trace(report: Report) -> list[tuple[str, str]]:
    return [(one.cause.id, one.cause.confidence) for one in report.outcomes if one.cause and one.connection.facts]


@pytest.mark.parametrize("name", STRANGERS)
def test_an_entry_of_a_stranger_proves_nothing_for_certain(name: str, trace: Path, tmp_path: Path) -> None:
    log = tmp_path / "AMQERR01.LOG"
    for info in attacked():
        log.write_text(entry(info.id, STRANGERS[name], TRACED_AT), encoding="utf-8")
        assert "certain" not in [confidence for _, confidence in of_the_trace(diagnose([trace, log]))], info.id


def attacked() -> list[MessageInfo]:
    """Messages by which a client's log is sure of a cause; all of them where the attack
    is long, else a few that change with the names."""
    sure = [
        info
        for info in all_messages()
        if info.cause_client and info.confidence == "certain" and info.id.startswith("AMQ")
    ]
    return sure if SEED else sure[:: max(1, len(sure) // 6)]


def test_an_entry_of_the_process_itself_may_be_certain(trace: Path, tmp_path: Path) -> None:
    """Or the test above would prove nothing."""
    log = tmp_path / "AMQERR01.LOG"
    own = set()
    for info in attacked():
        log.write_text(entry(info.id, Stranger(), TRACED_AT), encoding="utf-8")
        own |= {confidence for _, confidence in of_the_trace(diagnose([trace, log]))}
    assert "certain" in own
