"""What mqtrace writes is no evidence: every form of every command, fed back in, gives no connection and says why."""

from pathlib import Path

import pytest

import mqtrace
from mqtrace.cli.entry import run
from mqtrace.cli.words import FORMATS
from mqtrace.formats import OWN_OUTPUT, format_of

SAMPLES = Path(__file__).parents[1] / "sample-traces"
TRACE = str(next((SAMPLES / "c-label-not-in-key-repository").glob("*.FMT")))
DOTNET = str(next((SAMPLES / "dotnet-peer-name-mismatch").glob("*.TRC")))
LOG = """03/17/2026 07:12:25 AM - Process(77.1) User(mqm) Program(amqrmppa)
                    Host(qmhost) Installation(Installation1)
                    VRMF(9.3.4.0) QMgr(QM1)
AMQ9776E: Channel was blocked by userid

EXPLANATION:
The inbound channel 'APP.SVRCONN' was blocked from address '192.0.2.7'.
ACTION:
Contact the systems administrator.
----- cmqxrmsa.c : 2233 -------------------------------------------------------
"""
TABLE = """{ "channel": [ { "name": "APP.TABLE", "type": "clientConnection",
  "clientConnection": { "connection": [ { "host": "mq", "port": 1414 } ], "queueManager": "QM1" } } ] }
"""
MQSC = """AMQ8417I: Display Channel Status details.
   CHANNEL(APP.SVRCONN)                    CHLTYPE(SVRCONN)
   CURRENT                                 STATUS(RUNNING)
   SECPROT(TLSV12)                         SSLCIPH(ECDHE_RSA_AES_256_GCM_SHA384)
"""
LISTING = """Certificates found
* default, - personal, ! trusted, # secret key
-\tibmwebspheremqapp
"""
COMMANDS = [
    *(["diagnose", TRACE, DOTNET, "--format", form] for form in FORMATS),
    *(["diagnose", DOTNET, option] for option in ("-v", "-q")),
    *(["diagnose", "log.txt", "--format", form] for form in FORMATS),
    *(["ticket", DOTNET, "--for", flavour] for flavour in ("jira", "mail")),
    *(["settings", DOTNET, "--format", form] for form in ("text", "json")),
    *(["triage", "log.txt", "--format", form] for form in ("text", "json", "csv", "md", "html")),
    *(["triage", "log.txt", "--by", "channel", "--format", form] for form in ("text", "csv", "md", "html")),
    *(
        ["explain", word, "--format", form]
        for word in ("AMQ9633", "2035", "tls.cipherspec-unknown")
        for form in ("text", "json")
    ),
    *(["coverage", DOTNET, "--format", form] for form in ("text", "json")),
    *(["ccdt", "show", "t.json", "--format", form] for form in ("text", "json")),
    ["ccdt", "lint", "t.json", "--format", "json"],
    *(["ccdt", "match", "t.json", "QM1", "--format", form] for form in ("text", "json")),
    *(["decode", "mqcd", TRACE, "--format", form] for form in ("text", "json")),
    *(["decode", "alert", "48", "--format", form] for form in ("text", "json")),
    *(["tls-readiness", "chs.txt", "--format", form] for form in ("text", "json")),
    *(["keys", "check", "keys.txt", "--format", form] for form in ("text", "json")),
    ["ini", "lint", "mqclient.ini", "--format", "json"],
    ["patterns", "list"],
    ["demo"],
    ["--help"],
]


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("log.txt", LOG), ("t.json", TABLE), ("chs.txt", MQSC), ("keys.txt", LISTING)):
        (tmp_path / name).write_text(text)
    (tmp_path / "mqclient.ini").write_text("SSL:\n  SSLFipsRequired=NO\n")
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(word.rpartition("/")[2] for word in words))
def test_what_it_writes_is_not_read(words: list[str], inputs: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    run(words)
    written, _ = capsysbinary.readouterr()
    assert written
    (inputs / "own.txt").write_bytes(written)
    report = mqtrace.diagnose(inputs / "own.txt")
    assert report.outcomes == ()
    assert {read.note for read in report.inputs} == {OWN_OUTPUT.note}
    assert run(["triage", "own.txt"]) == 3


@pytest.mark.parametrize("words", [["ccdt", "lint", "t.json"], ["ini", "lint", "mqclient.ini"]])
def test_what_linters_print_for_other_programs_is_no_evidence(
    words: list[str], inputs: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(words)
    written, _ = capsysbinary.readouterr()
    (inputs / "own.txt").write_bytes(written)
    assert mqtrace.diagnose(inputs / "own.txt").outcomes == ()


@pytest.mark.parametrize(
    "words", [COMMANDS[0], COMMANDS[1], ["explain", "AMQ9633"]], ids=["text", "Markdown", "explain"]
)
def test_beside_it_the_rest_of_a_ticket_is_read(
    words: list[str], inputs: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run(words)
    written, _ = capsysbinary.readouterr()
    (inputs / "ticket.txt").write_bytes(
        LOG.encode() + b"\nmqtrace says:\n\n" + written + b"\nThe environment:\nMQSSLKEYR=/k\n"
    )
    report = mqtrace.diagnose(inputs / "ticket.txt")
    (outcome,) = report.outcomes
    assert [entry.message for entry in outcome.connection.log_entries] == ["AMQ9776"]
    assert [read.kind for read in report.inputs] == ["errorlog-text", "unknown", "environment"]


UNMARKED = [
    (
        "the report of an older version",
        " FAILED    app could not connect to QM1: 2035\n\n WHY       Refused.   certain\n",
    ),
    ("its short form", "FAILED 2026-03-17T07:12:25 channel=A reason=2035 cause=auth.not-authorized\n"),
    ("its Markdown", "# FAILED: app to QM1: 2035 MQRC_NOT_AUTHORIZED\n\n**Why** (certain): no.\n"),
    ("its JSON", '{\n  "schema": "mqtrace-report/1",\n  "connections": []\n}\n'),
    ("rows of triage", "message,count,first,last,rate_per_hour,bursts,file,line\nAMQ9633,3,,,,,a.log,1\n"),
]


@pytest.mark.parametrize("text", [row[1] for row in UNMARKED], ids=[row[0] for row in UNMARKED])
def test_output_without_a_mark_is_known_too(text: str) -> None:
    assert format_of(text.encode()) is OWN_OUTPUT


NEAR_MISSES = [
    "2026-03-17 07:12:25 ERROR job FAILED: com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2035'.\n",
    "WHY did it fail? MQCONNX ended with reason code 2035\n",
    "message,count\nMQCONNX ended with reason code 2035,1\n",
    "We ran mqtrace, too.\nMQCONNX ended with reason code 2035\n",
]


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_what_another_program_writes_is_not_taken_for_it(text: str) -> None:
    assert format_of(text.encode()) is not OWN_OUTPUT


def test_a_page_larger_than_what_is_looked_at_is_known_too(tmp_path: Path) -> None:
    run(["diagnose", TRACE, "-o", str(tmp_path / "a.html")])
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    (tmp_path / "a.html").write_text(page.replace("<main", f"<p>{'x' * 200_000}</p><main"))
    assert [each.note for each in mqtrace.diagnose(tmp_path / "a.html").inputs] == [OWN_OUTPUT.note]
