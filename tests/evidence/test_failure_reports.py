"""Failure reports of a client as connections. The files are genuine (tests/data/fdc); the
texts below are synthetic, in their form."""

from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

import mqtrace
from mqtrace.evidence.failure_reports import connections_of
from mqtrace.evidence.probes import Probes
from mqtrace.inputs import Source
from mqtrace.model import Connection, Location, LogEntry
from mqtrace.model.failure_report import FailureReport
from mqtrace.readers.logs import fdc
from mqtrace.readers.logs.fdc import probe_of
from mqtrace.readers.tally import Tally

DATA = Path(__file__).parents[1] / "data" / "fdc"
SECRET = "Hidden1!"
HEADER = """
+-----------------------------------------------------------------------------+
| IBM MQ First Failure Symptom Report                                         |
| Date/Time         :- Tue November 24 2026 09:00:00 UTC                      |
| UTC Time          :- {seconds}                                      |
| Host Name         :- apphost                                                |
| Operating System  :- Linux 5.14.0                                           |
| LVLS              :- 9.2.0.0                                                |
| Probe Id          :- CO052000                                               |
| Program Name      :- {program}                                              |
| Process           :- 4711                                                   |
| Thread            :- {thread}                                               |
| QueueManager      :- {queue_manager}                                        |
| Major Errorcode   :- {major}                                                |
|                                                                             |
+-----------------------------------------------------------------------------+
"""
STACK = "\nMQM Function Stack\nMQCONNX\nreqConnectChl\nxcsFFST\n"


def text(body: str, **rows: str) -> str:
    usual = {"seconds": "1795510800.1", "program": "amqsputc", "thread": "1", "queue_manager": "", "major": "OK"}
    return HEADER.format(**{**usual, **rows}) + body


def reports(*texts: str) -> list[FailureReport]:
    return list(fdc.reports(Source("AMQ1.0.FDC", BytesIO("".join(texts).encode())), Tally()))


def only(*texts: str) -> Connection:
    (connection,) = connections_of(reports(*texts))
    return connection


def values(connection: Connection) -> dict[str, str]:
    return {fact.name: fact.value for fact in connection.facts}


@pytest.mark.parametrize(
    ("name", "reason", "cause", "settings"),
    [
        ("refused_by_mqserver", 2538, "network.refused", {"channel": ("DEV.APP", "env:MQSERVER")}),
        (
            "table_missing",
            2058,
            "settings.ccdt-missing",
            {"ccdt": ("file:///D:/app/nosuch/ccdt.json", "env:MQCCDTURL")},
        ),
        (
            "tls_key_repository_missing",
            2381,
            "tls.key-repository-password",
            {"channel": ("TAB.TLS", "unknown"), "key_repository": ("D:\\app\\key", "env:MQSSLKEYR")},
        ),
    ],
)
def test_a_genuine_report_answers(name: str, reason: int, cause: str, settings: dict[str, tuple[str, str]]) -> None:
    report = mqtrace.diagnose([DATA / f"{name}.FDC"])
    (outcome,) = report.outcomes
    assert outcome.connection.reason_code == reason
    assert outcome.cause is not None
    assert outcome.cause.id == cause
    told = {setting.name: (setting.value, setting.source) for setting in outcome.settings}
    assert {setting: told[setting] for setting in settings} == settings
    assert all(evidence.location.line for evidence in outcome.cause.evidence)


def test_two_reports_of_one_call_are_one_connection() -> None:
    report = mqtrace.diagnose([DATA / "table_missing.FDC"])
    assert len(report.outcomes) == 1


def test_labelled_blocks_tell_the_settings_and_nothing_else_is_kept() -> None:
    body = f"""
Config Control Block
{{
  ServerConnectionParms    (NULL)
  SSLKeyRepository         /var/mqm/key
}}

Raw cccCONFIG struct
0x00000000  43464720 2F766172  CFG /{SECRET}

 V12 Channel Control Block
  ChannelName              APP.TLS
  Password                 {SECRET}
  Conname                  {"h" * 64}
  SSL Cipher Spec          ECDHE_RSA_AES_256_GCM_SHA384
Unlisted Control Block
  ChannelName              OTHER
Environment Variables
MQSERVER=APP.TLS/TCP/host
MQ_PASSWORD={SECRET}
SECRET_OF_APP={SECRET}
"""
    told = reports(text(STACK + body))
    assert SECRET not in repr(told)
    facts = values(only(text(STACK + body)))
    assert facts["mqcd.ChannelName"] == "APP.TLS"
    assert facts["mqcd.SSLCipherSpec"] == "ECDHE_RSA_AES_256_GCM_SHA384"
    assert facts["env.MQSERVER"] == "APP.TLS/TCP/host"
    assert "mqcd.ConnectionName" not in facts, "a value as long as its room is only a prefix"
    assert "ini.channels.serverconnectionparms" not in facts


HISTORY = """
MQM Trace History
----{ connect
----} connect rc=Unknown(6F)
---} cciBindAndConnect rc=rrcE_HOST_NOT_AVAILABLE
--} ccxAllocConv rc=rrcE_HOST_NOT_AVAILABLE
-} rriInitSess rc=rrcE_HOST_NOT_AVAILABLE
} reqConnectChl rc=MQRC_HOST_NOT_AVAILABLE
"""


def test_the_history_of_calls_tells_error_number_code_and_reason() -> None:
    connection = only(text(STACK + HISTORY))
    assert connection.reason_code == 2538
    assert connection.phase == "tcp"
    facts = values(connection)
    assert facts["socket.errno"] == "111"
    assert facts["client.return_code"] == "rrcE_HOST_NOT_AVAILABLE"


@pytest.mark.parametrize(
    "harmless",
    [
        "} socket rc=Unknown(BC)",
        "} xcsGetEnvironmentString rc=xecE_E_ENV_VAR_NOT_FOUND",
        "} rriSET_STATUS rc=Unknown(3)",
        "} connect rc=OK",
    ],
)
def test_numbers_and_codes_of_other_functions_are_none_of_a_failure(harmless: str) -> None:
    (report,) = reports(text(f"{STACK}\nMQM Trace History\n{harmless}\n"))
    assert report.exits == ()


def test_another_thread_and_another_time_are_another_call() -> None:
    first, other_thread = text(STACK), text(STACK, thread="2")
    later = text(STACK, seconds="1795510900.1")
    assert len(connections_of(reports(first, other_thread, later))) == 3


def test_a_verb_that_returned_in_between_parts_two_calls() -> None:
    returned = "\nMQM Trace History\n} MQCONNX rc=MQRC_HOST_NOT_AVAILABLE\n"
    assert len(connections_of(reports(text(STACK), text(STACK + returned)))) == 2


@pytest.mark.parametrize("rows", [{"queue_manager": "QM1"}, {"program": "amqrmppa"}])
def test_a_report_of_a_queue_managers_process_is_no_clients_connection(rows: dict[str, str]) -> None:
    assert connections_of(reports(text(STACK + HISTORY, **rows))) == []


def test_a_report_outside_of_a_connect_is_no_connection() -> None:
    assert connections_of(reports(text("\nMQM Function Stack\nMQPUT\nxcsFFST\n" + HISTORY))) == []


# ---------------------------------------------------------------- by their probes


def header_of(probe: str, day: int, program: str = "app", text: str = "") -> LogEntry:
    when = datetime(2026, 11, day, 9, 0, 0)
    return LogEntry(
        "AMQ6109", text or f"{probe} xcsX rrcE_BAD_DATA OK", Location(f"{day}.FDC", 3), when=when, program=program
    )


def test_many_reports_are_a_sentence_a_probe_the_newest_first() -> None:
    probes = Probes()
    probes.take(
        [header_of("XC022001", 3), header_of("CO618000", 5), header_of("XC022001", 4), header_of("XC022001", 2)]
    )
    assert [str(note) for note in probes.notes()] == [
        "Failure reports: 1 of CO618000 xcsX rrcE_BAD_DATA by app, the newest of 2026-11-05 09:00:00 in 5.FDC.",
        "Failure reports: 3 of XC022001 xcsX rrcE_BAD_DATA by app, the newest of 2026-11-04 09:00:00 in 4.FDC.",
    ]


def test_one_report_needs_no_list_and_many_probes_are_cut() -> None:
    one, many = Probes(), Probes()
    one.take([header_of("XC022001", 3)])
    many.take([header_of(f"XC02{number:04}", 3) for number in range(25)])
    assert one.notes() == []
    assert len(many.notes()) == 21
    assert str(many.notes()[-1]) == "Failure reports: 5 more probes."


@pytest.mark.parametrize(
    ("text", "probe"),
    [
        (
            "XC022001 xcsDisplayMessage rrcE_SSL_LOAD_GSKLIB OK; comment",
            "XC022001 xcsDisplayMessage rrcE_SSL_LOAD_GSKLIB",
        ),
        ("RM490020 rflOpen OK", "RM490020 rflOpen"),
        ("The queue manager XC022001 ended", ""),
        ("", ""),
    ],
)
def test_the_probe_is_that_of_a_report_alone(text: str, probe: str) -> None:
    assert probe_of(text) == probe
