"""A pasted ticket: each kind in it is read by its own reader, with the lines of the whole
file. All texts are made up."""

import time
from itertools import permutations
from pathlib import Path

import pytest

import mqtrace
from mqtrace.formats import format_of
from mqtrace.gathering import Finders, Gathered, read_input
from mqtrace.inputs import open_sources
from mqtrace.model import Report
from mqtrace.parts import parts_of

SAMPLES = Path(__file__).parents[1] / "sample-traces"
ENVIRONMENT = "MQCCDTURL=/srv/app/ccdt.json\nMQSSLKEYR=/srv/app/key\n"
INI = "SSL:\n  SSLFipsRequired=NO\n  # as the manual says\nTCP:\n  KeepAlive=YES\n"
TABLE = """{
  "channel": [
    {
      "name": "APP.TABLE",
      "clientConnection": { "connection": [ { "host": "mq.example.com", "port": 1414 } ], "queueManager": "QM1" },
      "type": "clientConnection"
    }
  ]
}
"""
MQSC = """AMQ8414I: Display Channel details.
   CHANNEL(APP.TABLE)                      CHLTYPE(SVRCONN)
   SSLCIPH(ANY_TLS12_OR_HIGHER)            SSLCAUTH(REQUIRED)
"""
ERROR_LOG = """03/17/2026 07:12:25 AM - Process(77.1) User(app) Program(amqsgetc)
                    Host(apphost) Installation(Installation1)
                    VRMF(9.3.4.0)
AMQ9202E: Remote host 'mq.example.com (192.0.2.1) (1414)' not available, retry
later.

EXPLANATION:
The attempt to allocate a conversation using TCP/IP to host 'mq.example.com' was
not successful.
ACTION:
See whether MQSERVER=APP/TCP/host is right, or
MQSERVER='APP/TCP/host(1414)'
----- amqccita.c : 1307 -------------------------------------------------------
"""
FAILURE = "Sample AMQSPHAC start\nMQCONNX ended with reason code 2393\nSample AMQSPHAC end\n"
KINDS = {
    "environment": ENVIRONMENT,
    "ini": INI,
    "ccdt-json": TABLE,
    "listing": MQSC,
    "errorlog-text": ERROR_LOG,
    "application-log": FAILURE,
}


def kinds_of(path: Path) -> list[tuple[str, int]]:
    """Kind of each part, and the lines before it."""
    return [(part.kind, part.line) for source in open_sources([path]) for part in parts_of(source)]


def told(report: Report) -> set[tuple[str, ...]]:
    """What a report says of its connections and settings, without places."""
    return {
        (str(outcome.connection.reason_code), outcome.connection.address, *map(str, row))
        for outcome in report.outcomes
        for row in [("", "", "")] + [(setting.name, setting.value, setting.source) for setting in outcome.settings]
    }


PAIRS = [*permutations(KINDS, 2)]
TRIPLES = [
    # A table pasted beside the variable that names it is that table, so that these two are not parted from the third.
    ("application-log", "listing", "ccdt-json"),
    ("ccdt-json", "listing", "application-log"),
    ("environment", "ini", "errorlog-text"),
    ("errorlog-text", "listing", "application-log"),
    ("listing", "errorlog-text", "environment"),
]


@pytest.mark.parametrize("kinds", [*PAIRS, *TRIPLES], ids="+".join)
@pytest.mark.parametrize(
    "between", ["\n", "\nAnd this is what we have set:\n\n", "\n```\n\n```\n"], ids=["blank", "prose", "fence"]
)
def test_kinds_in_one_file_say_what_they_say_in_files_of_their_own(
    kinds: tuple[str, ...], between: str, tmp_path: Path
) -> None:
    ticket = tmp_path / "ticket.txt"
    ticket.write_text(between.join(KINDS[kind] for kind in kinds))
    parted, line = [], 0
    for kind in kinds:
        parted.append((kind, line))
        line += (KINDS[kind] + between).count("\n")
    found = [(kind, line) for kind, line in kinds_of(ticket) if kind in kinds]
    assert [kind for kind, _ in found] == list(kinds)
    # Prose before a part of a log belongs to the log.
    logs = ("application-log",)
    assert [place for place in found if place[0] not in logs] == [place for place in parted if place[0] not in logs]
    files = [tmp_path / f"{number}.txt" for number in range(len(kinds))]
    for file, kind in zip(files, kinds, strict=True):
        file.write_text(KINDS[kind])
    assert told(mqtrace.diagnose(ticket)) == told(mqtrace.diagnose(files))


def test_what_a_part_proves_has_the_line_of_the_whole_file(tmp_path: Path) -> None:
    ticket = tmp_path / "ticket.txt"
    ticket.write_text("Hello,\n\n" + FAILURE + "\n" + ENVIRONMENT + "\n" + TABLE)
    gathered = Gathered()
    for source in open_sources([ticket]):
        read_input(source, gathered, Finders((), None), None)
    data = ticket.read_bytes()
    lines = data.split(b"\n")
    facts = {fact.name: fact.location for fact in gathered.configuration.facts}
    assert {name: lines[place.line - 1].strip() for name, place in facts.items() if name.startswith("env.")} == {
        "env.MQCCDTURL": b"MQCCDTURL=/srv/app/ccdt.json",
        "env.MQSSLKEYR": b"MQSSLKEYR=/srv/app/key",
    }
    assert b"APP.TABLE" in lines[facts["table.name"].line - 1]
    assert [data[place.offset : place.offset + place.length] for place in facts.values()] == [
        lines[place.line - 1][: place.length] for place in facts.values()
    ]
    assert gathered.logs is not None
    (event,) = gathered.logs.connections()
    assert lines[event.log_entries[0].location.line - 1] == b"MQCONNX ended with reason code 2393"
    assert [(read.kind, read.lines) for read in gathered.inputs] == [
        ("application-log", 6),
        ("environment", 2),
        ("ccdt-json", 9),
    ]


def test_a_trace_excerpt_in_a_ticket_is_read_as_the_trace(tmp_path: Path) -> None:
    (trace,) = (SAMPLES / "dotnet-peer-name-mismatch").glob("*.TRC")
    text = trace.read_bytes().decode()
    ticket = tmp_path / "ticket.txt"
    before = f"We have set:\n\n{ENVIRONMENT}\n```\n"
    ticket.write_bytes(f"{before}{text}\n```\n".encode())
    alone, (outcome,) = mqtrace.diagnose(trace).outcomes[0], mqtrace.diagnose(ticket).outcomes
    assert outcome.cause
    assert alone.cause
    assert outcome.cause.id == alone.cause.id
    shift = before.count("\n")
    assert [each.location.line for each in outcome.cause.evidence] == [
        each.location.line + shift for each in alone.cause.evidence
    ]


WHOLE = [
    ("an error log whose advice quotes a variable and a channel", ERROR_LOG * 3, "errorlog-text"),
    ("an error log of entries and blank lines", f"{ERROR_LOG}\n\n{ERROR_LOG}", "errorlog-text"),
    ("an application's log that mentions a variable", f"to mend it, set MQSSLKEYR=/x\n{FAILURE}", "application-log"),
    ("an ini file whose comment quotes a message", f"{INI}# AMQ9202E: Remote host not available\n", "ini"),
    ("a table", TABLE, "ccdt-json"),
    ("an environment with others between", f"PATH=/bin\n{ENVIRONMENT}HOME=/home/app\n", "environment"),
    ("output of two commands", f"{MQSC}\n{MQSC}", "listing"),
]


@pytest.mark.parametrize(("text", "kind"), [row[1:] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_one_kind_stays_whole(text: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "input.txt"
    path.write_text(text)
    assert kinds_of(path) == [(kind, 0)]


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.iterdir() if path.is_dir()))
def test_each_trace_of_the_samples_stays_whole(sample: str) -> None:
    for trace in [*(SAMPLES / sample).glob("*.TRC"), *(SAMPLES / sample).glob("*.FMT")]:
        (found,) = kinds_of(trace)
        assert found[0].startswith("trace-")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_text_is_known_in_each_encoding(kind: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "input.txt"
    path.write_bytes(KINDS[kind].encode(encoding))
    (read,) = mqtrace.diagnose(path).inputs
    assert (read.kind, read.records > 0) == (kind, True)


def test_a_trace_of_the_java_client_is_known_in_utf_16() -> None:
    line = "[24/11/26 09:00:00.123.00] 00000001 com.ibm.mq MQException: MQJE001: Completion Code '2', Reason '2538'.\n"
    known = format_of((line * 3).encode("utf-16"))
    assert known is not None
    assert known.kind == "trace-java"


@pytest.mark.parametrize(
    "text",
    ["{\n" * 200_000, "{\n x\n" * 100_000, "Process : a\n" * 60_000, "DEFINE CHANNEL(A)\n\n```\n" * 40_000],
    ids=[
        "objects that never close",
        "broken objects",
        "heads of traces without a trace",
        "more parts than a ticket has",
    ],
)
def test_a_text_of_mere_beginnings_costs_little(text: str, tmp_path: Path) -> None:
    path = tmp_path / "ticket.txt"
    path.write_text(text, encoding="utf-8")
    begin = time.process_time()
    for source in open_sources([path]):
        assert len(list(parts_of(source))) == 1
    assert time.process_time() - begin < 10
