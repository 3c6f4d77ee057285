"""Which reader takes an input: a log is not taken for another kind, and what is no log is not taken for one."""

import pytest
from log_samples import CORPUS, DATA, entry

from mqtrace.formats import format_of
from mqtrace.readers.logs import application_log, errorlog_json, errorlog_text, liberty_log, log_console, zos_log

CSQX = (
    "09.36.21 STC01234  +CSQX620E %CSQ9 CSQXRESP System SSL error, channel A.B connection 192.0.2.1 function 'f' "
    "RC=514\n"
)
LIBERTY = (
    "[1/15/25 21:13:47:173 EST] 00000026 com.ibm.ws.ssl.config.WSKeyStore   E CWPKI0033E: The keystore did not load.\n"
)
CONSOLE = "2021-09-21T11:15:36.159Z AMQ9557E: Made-up words. [CommentInsert1(appuser)]\n"
RECORD = '{"ibm_messageId":"AMQ9999E","ibm_datetime":"2021-03-17T07:12:25.367Z","message":"AMQ9999E: Gone."}\n'
LIBERTY_RECORD = '{"type":"liberty_message","message":"CWPKI0033E: It did not load.","ibm_messageId":"CWPKI0033E"}\n'
JAVA_CHAIN = "com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2538'.\n"
DOCUMENT = (
    '{\n "arguments": ["QM1"],\n "client_output": ["0 MQException cc=2 rc=2538"],\n "message": "AMQ9204: no '
    '[3=a(1)]"\n}\n'
)
REPORT = " WHY       The port refused the connection.    certain\n           More: mqtrace explain network.refused\n"

KINDS = [
    ("an error log", entry(), "logs.errorlog_text"),
    (
        "an error log that quotes a z/OS message",
        entry(message=f"AMQ9999E: Channel gone. {CSQX.strip()}"),
        "logs.errorlog_text",
    ),
    ("a job log", CSQX, "logs.zos_log"),
    (
        "a job log that begins with other messages",
        "09.36.19 STC01234  IEF403I CSQ9CHIN - STARTED\n" + CSQX,
        "logs.zos_log",
    ),
    ("messages.log", LIBERTY, "logs.liberty_log"),
    ("messages.log with an exception of MQ", LIBERTY + "  " + JAVA_CHAIN, "logs.liberty_log"),
    ("a container's console", CONSOLE, "logs.log_console"),
    (
        "a container's console with mqweb",
        CONSOLE + "[AUDIT   ] CWWKE0001I: The server has been launched.\n",
        "logs.log_console",
    ),
    ("an error log in JSON", RECORD, "logs.errorlog_json"),
    ("Liberty's log in JSON", LIBERTY_RECORD, "logs.errorlog_json"),
    ("an application's log", "started\n" + JAVA_CHAIN, "logs.application_log"),
    (
        "an application's log that mentions a z/OS message",
        f"2026-01-02 10:00:00 ERROR the host says: {CSQX}{JAVA_CHAIN}",
        "logs.application_log",
    ),
    (
        "an application's log that mentions a failure report",
        f"see the IBM MQ First Failure Symptom Report, Probe Id :- XC338001\n{JAVA_CHAIN}",
        "logs.application_log",
    ),
    (
        "an application's log that mentions a message of Liberty",
        f"ERROR caused by CWPKI0033E: no\n{JAVA_CHAIN}",
        "logs.application_log",
    ),
    (
        "an application's log in JSON",
        '{"level":"ERROR","message":"MQ failed: Reason: 2035"}\n' * 2,
        "logs.application_log",
    ),
    ("an array of records, one a line", '[{"a":1},\n{"message":"MQ failed: Reason: 2035"}]\n', "logs.application_log"),
    ("an application's log behind its settings in JSON", DOCUMENT + JAVA_CHAIN, "logs.application_log"),
    ("a document in JSON that tells of failures", DOCUMENT, ""),
    ("an array of such documents", f"[\n{DOCUMENT}]\n", ""),
    ("a document in JSON that is cut", DOCUMENT[:-20], ""),
    ("a report of mqtrace", REPORT + "           2538 MQRC_HOST_NOT_AVAILABLE\n", ""),
    ("a report of mqtrace in Markdown", "# FAILED: a: 2538 MQRC_HOST_NOT_AVAILABLE\n\n**Why** (certain): no.\n", ""),
    ("a list of messages", "CSQX620E and CSQX599E are messages of z/OS.\n", ""),
    ("nothing", "", ""),
]


@pytest.mark.parametrize(("text", "kind"), [row[1:] for row in KINDS], ids=[row[0] for row in KINDS])
def test_the_kind_of_a_text(text, kind):
    known = format_of(text.encode())
    assert (known.home.removeprefix("readers.") if known and known.role != "unread" else "") == kind


ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
LOGS = [
    (errorlog_text, entry()),
    (errorlog_json, RECORD),
    (zos_log, CSQX),
    (liberty_log, LIBERTY),
    (log_console, CONSOLE),
    (application_log, JAVA_CHAIN),
]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(("reader", "text"), LOGS, ids=[each[0].__name__.rpartition(".")[2] for each in LOGS])
def test_each_kind_in_each_form_of_unicode(reader, text, encoding):
    known = format_of(text.encode(encoding))
    assert known is not None
    assert known.reader is reader


def test_the_client_s_log_beside_a_trace_is_no_trace():
    head = b"Date: Wed Nov 25 02:30:31 UTC 2026\nMQ Build Level=9.4.4.0(p944-L251003)\nProcess ID: 31579\n"
    assert format_of(head) is None
    trace = (
        head + b"\nSystem properties (list may be incomplete due to security policy):\n|   sun.java.command  :-  App\n"
    )
    known = format_of(trace)
    assert known is not None
    assert known.kind == "trace-java"


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.iterdir() if path.suffix != ".md"))
def test_each_sample_is_a_log(name):
    known = format_of((DATA / name).read_bytes()[:65536])
    assert known is not None
    assert known.role in ("log", "failure-report")


# Folders of the corpus in which every log is known; those in attacks and public cases are of any kind.
READERS = {
    "amqerr": {"errorlog_text", "errorlog_json"},
    "fdc": {"fdc"},
    "fdc-c-genuine": {"fdc"},
    "fdc-client": {"fdc"},
    "trace-java": {"application_log", "fdc"},
    "trace-dotnet": set(),
    "trace-c-synthetic": set(),
    "trace-c-worded": set(),
    "ccdt": set(),
    "ccdt-oracle-c": set(),
    "gskit": set(),
    "ini": set(),
}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", READERS)
def test_no_file_of_the_corpus_is_taken_for_another_kind_of_log(folder):
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not here")
    paths = [path for path in (CORPUS / folder).rglob("*") if path.is_file() and path.name != "truth.json"]
    assert paths
    formats = [known for path in paths if (known := format_of(path.read_bytes()[:65536]))]
    assert {known.home.rpartition(".")[2] for known in formats if known.is_log} == READERS[folder]
