"""Every kind of damage to every kind of text: the answer is that of the whole text, and the proof quotes its lines.

All texts are made up.
"""

import json
import textwrap
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import mqtrace
from mqtrace.model import Report
from mqtrace.parts import LARGEST
from mqtrace.pastes import undone
from mqtrace.report.write import rendered
from mqtrace.triage.running import triage

DATA = Path(__file__).parent / "data" / "pastes"
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DATA.glob("*.txt"))}
STAMP = "2026-11-24T09:00:01.467833421Z"


def wrapped(width: int) -> Callable[[str], str]:
    """Broken at blanks, as mail programs do."""

    def broken(text: str) -> str:
        return "\n".join(
            part
            for line in text.split("\n")
            for part in textwrap.wrap(
                line, width, break_long_words=False, break_on_hyphens=False, replace_whitespace=False, expand_tabs=False
            )
            or [""]
        )

    return lambda text: broken(text) if max(map(len, text.split("\n"))) > width else text


def cut(width: int) -> Callable[[str], str]:
    """Broken at a column, as terminals do."""
    return lambda text: "\n".join(
        line[at : at + width] for line in text.split("\n") for at in range(0, max(len(line), 1), width)
    )


def before_each(words: str) -> Callable[[str], str]:
    """With these words before each line."""
    return lambda text: "".join(f"{words}{line}\n" for line in text.splitlines())


def docker(text: str) -> str:
    """As Docker keeps what a container prints."""
    objects = ({"log": f"{line}\n", "stream": "stdout", "time": STAMP} for line in text.splitlines())
    return "".join(json.dumps(each) + "\n" for each in objects)


def of_service(text: str) -> str:
    """As the console of a service for logs prints its events."""
    events = [{"eventId": str(at), "timestamp": STAMP, "message": line} for at, line in enumerate(text.splitlines())]
    return json.dumps({"events": events}, indent=2)


def of_service_at_once(text: str) -> str:
    """The same, with all lines in one event."""
    labels = {"pod_name": "app-1"}
    event = {"resource": {"labels": labels}, "textPayload": text, "timestamp": STAMP, "severity": "ERROR"}
    return json.dumps([event], indent=4)


def of_query(text: str) -> str:
    """As a query gives lines with their times."""
    values = [["1700000000000000000", line] for line in text.splitlines()]
    return json.dumps({"data": {"result": [{"stream": {"pod": "app"}, "values": values}]}}, indent=2)


def shipped(text: str) -> str:
    """All lines in one object of a shipper."""
    return json.dumps({"@timestamp": STAMP, "log": {"file": {"path": "/app.log"}}, "message": text}) + "\n"


def in_one_line(text: str) -> str:
    """With \\n for each end of a line."""
    return f"the log: {text.strip()}".replace("\t", "\\t").replace("\n", "\\n") + "\n"


def in_back_quotes(text: str) -> str:
    """Each line as code."""
    return "".join(f"`{line}`\n" if line.strip() else "\n" for line in text.splitlines())


def in_table(text: str) -> str:
    """Each line as the row of a Markdown table."""
    rows = (f"| 2026-11-24 09:00:01 | ERROR | {line.replace('|', chr(92) + '|')} |\n" for line in text.splitlines())
    return "| Time | Level | Message |\n|---|---|---|\n" + "".join(rows)


DAMAGES = {
    "wrapped at 72": wrapped(72),
    "wrapped at 80": wrapped(80),
    "cut at 72": cut(72),
    "cut at 80": cut(80),
    "docker": docker,
    "service": of_service,
    "service, one event": of_service_at_once,
    "query": of_query,
    "shipper": shipped,
    "one line": in_one_line,
    "quoted": before_each("> "),
    "back quotes": in_back_quotes,
    "fence": lambda text: f"We see this:\n\n```\n{text}```\n\nAny idea?\n",
    "table": in_table,
    "kubectl": before_each("[pod/app-24-hqqpq/app] "),
    "time": before_each(f"{STAMP} "),
    "time and pod": before_each(f"{STAMP} app-7d4b9c6f5-x2x1z "),
    "time and stream": before_each(f"{STAMP} stderr F "),
    "compose": before_each("app-1  | "),
    "pod and container": before_each("app-24-hqqpq app "),
    "syslog": before_each("Nov 24 09:00:01 apphost app[812]: "),
    "wrapped in docker": lambda text: docker(cut(80)(text)),
    "quoted and wrapped": lambda text: before_each("> ")(wrapped(72)(text)),
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Report]:
    """Diagnoses a text."""
    path = tmp_path_factory.mktemp("paste") / "paste.txt"

    @cache
    def report(text: str) -> Report:
        path.write_text(text, encoding="utf-8")
        return mqtrace.diagnose(path)

    return report


def told(report: Report) -> list[tuple[object, ...]]:
    """What a report says of each connection, without places."""
    return [
        (
            each.cause and (each.cause.id, each.cause.confidence),
            each.connection.reason_code,
            each.connection.channel,
            each.connection.address,
        )
        for each in report.outcomes
    ]


def bare_words(text: str) -> str:
    """Letters and figures alone: a quote may be of several lines, with what stands before each, and escapes."""
    return "".join(filter(str.isalnum, text.replace("\\n", " ").replace("\\t", " ")))


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_damage_changes_no_answer(read: Callable[[str], Report], text: str, damage: str) -> None:
    whole = told(read(TEXTS[text]))
    assert whole
    assert whole[0][0]
    assert told(read(DAMAGES[damage](TEXTS[text]))) == whole


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("text", TEXTS)
def test_proof_quotes_the_line_that_it_names(read: Callable[[str], Report], text: str, damage: str) -> None:
    damaged = DAMAGES[damage](TEXTS[text])
    lines = damaged.split("\n")
    proofs = [proof for outcome in read(damaged).outcomes if outcome.cause for proof in outcome.cause.evidence]
    assert proofs
    for proof in proofs:
        named = proof.location.line - 1
        first = bare_words(proof.text)[:40]
        assert first in bare_words(" ".join(lines[named : named + 2])), (proof, lines[named])


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_whole_is_left_as_it_is(text: str) -> None:
    assert undone(TEXTS[text].encode().split(b"\n")) is None


NEAR_MISSES = {
    "a table that explains messages": "| Message | Meaning |\n|---|---|\n| AMQ9777 | Channel was blocked |\n",
    "a path of Windows": "MQCONN uses C:\\new\\nodes\\key.kdb and AMQ9204 is printed\n",
    "lines with their own time": "2026-11-24T09:00:01Z AMQ9557E: User ID failed.\n2026-11-24T09:00:02Z Started.\n" * 3,
    "a definition in JSON": '{\n  "env": [\n    { "name": "MQSERVER", "value": "A/TCP/h" },\n    "AMQ9204"\n  ]\n}\n',
    "a record of a program that tells of no failure": '{"level":"info","message":"MQRC_NONE after MQCONN"}\n',
}


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses_are_left_as_they_are(text: str) -> None:
    pieces = undone(NEAR_MISSES[text].encode().split(b"\n"))
    lines = NEAR_MISSES[text].encode().split(b"\n")
    assert pieces is None or [piece.data for piece in pieces] == lines


def test_a_record_printed_over_several_lines_is_one_entry(tmp_path: Path) -> None:
    record = {
        "ibm_messageId": "AMQ9777E",
        "ibm_datetime": "2026-11-24T09:00:00.123Z",
        "ibm_commentInsert1": "APP.SVRCONN",
        "type": "mq_log",
        "message": "AMQ9777E: Channel was blocked",
    }
    path = tmp_path / "AMQERR01.json"
    path.write_text(json.dumps([record], indent=2), encoding="utf-8")
    (outcome,) = mqtrace.diagnose(path).outcomes
    assert outcome.cause is not None
    assert (outcome.cause.id, outcome.connection.channel) == ("channel.blocked", "APP.SVRCONN")


def test_what_docker_keeps_is_read_whatever_its_size(tmp_path: Path) -> None:
    quiet = docker("2026-11-24 08:00:00,000 INFO [main] app.Start: " + "all is well, " * 20 + "\n")
    path = tmp_path / "container-json.log"
    before = LARGEST // len(quiet) + 10
    path.write_text(docker(TEXTS["chain"]) + quiet * before + docker(TEXTS["program"]), encoding="utf-8")
    report = mqtrace.diagnose(path)
    assert [each.connection.reason_code for each in report.outcomes] == [2538, 2393]
    (proof,) = report.outcomes[1].cause.evidence if report.outcomes[1].cause else ()
    assert proof.location.line == len(TEXTS["chain"].splitlines()) + before + 2
    assert proof.text == "MQCONNX ended with reason code 2393"


@pytest.mark.parametrize("text", ["chain", "headed", "bare"])
def test_many_logs_in_the_form_of_docker_are_counted_as_they_are_without_it(tmp_path: Path, text: str) -> None:
    counts = []
    for form in (str, docker):
        path = tmp_path / "app.log"
        path.write_text(form(TEXTS[text]), encoding="utf-8")
        found = triage([str(path)], processes=1)
        counts.append([(row.key, row.count, row.line) for row in found.rows])
    assert counts[0]
    assert counts[0] == counts[1]


BOX = ("+" + "-" * 77 + "+", "|" + "Made up trace".center(77) + "|", "+" + "-" * 77 + "+")


@pytest.mark.parametrize("between", ["1024 bytes skipped at offset 40960", "# a comment", "* a note"])
def test_records_of_a_trace_and_boxes_of_one_length_were_not_broken(between):
    """Several lines of one length, in a text that something else makes look at (synthetic)."""
    record = (
        " 09:00:00.0{:05}     7300.1           :              0x{:04x}:  4f4e4520 20202020 20202020 20202020  |ONE |"
    )
    records = [record.format(number, number * 16) for number in range(20)]
    call = " 09:00:00.100000     7300.1           :       ---{  MQCONNX"
    lines = "\n".join([*BOX, *records, call, between, *BOX, *records, call]).encode().split(b"\n")
    assert undone(lines) is None


def test_what_a_program_says_beside_its_message_is_read():
    """A record with the failure in a field of its own, among records that carry lines of MQ (synthetic)."""
    failed = "MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_NOT_AUTHORIZED [2035]"
    records = (
        {"level": "warn", "ts": STAMP, "msg": "MQCONNX was slow today"},
        {"level": "error", "ts": STAMP, "msg": "connect failed", "error": failed},
    )
    pieces = undone([json.dumps(record).encode() for record in records])
    assert [piece.data for piece in pieces] == [b"MQCONNX was slow today", json.dumps(records[1]).encode()]


SECRET = "Geheim9xyz"
LONG = f"""\
2026-05-04 10:00:00,150 ERROR [main] pay.App - MQCONN ended with reason code 2035 for user anna with password={SECRET} \
and more words here, so that it is long enough to be cut twice
com.ibm.mq.MQException: JMSCMQ0001: IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '2035' \
('MQRC_NOT_AUTHORIZED').
Caused by: com.ibm.mq.jmqi.JmqiException: CC=2;RC=2035;AMQ9204: Connection to host 'mq(1)' rejected. \
[1=x,password={SECRET},3=mq(1)] and more words here, so that it is long enough
"""


@pytest.mark.parametrize("damage", [cut, wrapped], ids=["cut", "wrapped"])
def test_a_secret_that_the_end_of_a_line_breaks_is_hidden(damage, tmp_path):
    path = tmp_path / "app.log"
    for width in (60, *range(100, 124)):
        path.write_text(damage(width)(LONG), encoding="utf-8")
        told = rendered(mqtrace.diagnose(path), "json")
        assert "2035" in told
        assert [part for part in ("Geheim", "eheim", "heim9", "9xyz", "xyz") if part in told] == [], width
