"""What states a failure of MQ, and what only mentions one. All lines are synthetic, in
the forms that the programs print."""

import pytest
from log_samples import read

from mqtrace.catalog.failure_forms import failure_forms
from mqtrace.readers.logs import application_log, errorlog_text
from mqtrace.readers.logs.failure_forms import is_opening, loudness, printed_by, statement

DATE = "2026-05-04 10:00:00,123"
FAMILIES = {family.client: family.samples for family in failure_forms().printed_by}
SENTENCE = "JMSCMQ0001: IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '2538' ('MQRC_HOST_NOT_AVAILABLE')."
JMQI = (
    "CC=2;RC=2538;AMQ9204: Connection to host 'qm1(1414)' rejected. [1=java.net.ConnectException[Connection "
    "refused],3=qm1(1414)]"
)
MQJE = "com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2538'."
NODE = "CONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_NOT_AUTHORIZED [2035]"
PYMQI = "pymqi.MQMIError: MQI Error. Comp: 2, Reason 2035: FAILED: MQRC_NOT_AUTHORIZED"

FAILURES = {
    "sample programs in C": [
        "MQCONNX ended with reason code 2538",
        "MQCONN ended with reason code 2059",
        "MQOPEN ended with reason code 2085",
        "MQPUT ended with reason code 2053",
        "MQGET failed with reason code 2009",
        "MQOPEN for 'A.B' ended with reason code 2035",
        "  MQCONNX ended with reason code 2393",
        "MQCONN failed with CompCode:2, Reason:2059",
        "MQI call failed: MQCONNX CC=2 RC=2538",
    ],
    "pymqi": [
        PYMQI,
        "MQI Error. Comp: 2, Reason 2059: FAILED: MQRC_Q_MGR_NOT_AVAILABLE",
        "pymqi.MQMIError: MQI Error. Comp: 2, Reason 2538: FAILED: MQRC_HOST_NOT_AVAILABLE",
        f"ERROR:root:{PYMQI}",
        f"{DATE} - mq.consumer - ERROR - {PYMQI}",
        f"[{DATE}: ERROR/MainProcess] Task mq.send raised unexpected: {PYMQI}",
    ],
    "ibmmq of Go": [
        "MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_HOST_NOT_AVAILABLE [2538]",
        "2026/05/04 10:00:00 MQOPEN: MQCC = MQCC_FAILED [2] MQRC = MQRC_UNKNOWN_OBJECT_NAME [2085]",
        "Unable to connect to queue manager: MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_NOT_AUTHORIZED [2035]",
        'time="2026-05-04T10:00:00Z" level=fatal msg="MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_NOT_AUTHORIZED '
        '[2035]"',
        'level=error ts=2026-05-04T10:00:00Z err="MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_STANDBY_Q_MGR [2543]"',
    ],
    "ibmmq of Node": [
        f"MQError: {NODE}",
        f'MQ Queue Manager {{"message":"{NODE}","stack":"MQError: {NODE}","name":"MQError"}}',
        f'{{"level":50,"time":1777888000000,"pid":7,"msg":"{NODE}"}}',
        f"Error: {NODE}",
    ],
    ".NET": [
        "IBM.WMQ.MQException: MQRC_HOST_NOT_AVAILABLE",
        "Unhandled exception. IBM.WMQ.MQException: MQRC_NOT_AUTHORIZED",
        "IBM.WMQ.MQException: CompCode: 2, Reason: 2035",
        "0 MQException cc=2 rc=2538 MQRC_HOST_NOT_AVAILABLE",
        "fail: Gateway.MqWorker[0] IBM.WMQ.MQException: MQRC_HOST_NOT_AVAILABLE",
        "[10:00:00 ERR] IBM MQ connect: Reason: 2538",
        f"{DATE} [7] FATAL Gateway - IBM.WMQ.MQException: MQRC_Q_MGR_NOT_AVAILABLE",
        "Level: Error Source: Gateway IBM.WMQ.MQException: MQRC_NOT_AUTHORIZED",
    ],
    "XMS": [
        "IBM.XMS.XMSException: IBM MQ call failed: CompCode: 2, Reason: 2538",
        "XMSException: CWSMQ0006E: An exception was received during the call to MQ: CompCode: 2, Reason: 2035.",
        "Linked Exception : CompCode: 2, Reason: 2059 (IBM.WMQ.MQException)",
    ],
    "classes for Java and for JMS": [
        MQJE,
        "MQJE001: An MQException occurred: Completion Code 2, Reason 2009",
        f"com.ibm.mq.jmqi.JmqiException: {JMQI}",
        f"Caused by: com.ibm.mq.jmqi.JmqiException: {JMQI}",
        f"Caused by: com.ibm.mq.MQException: {SENTENCE}",
        f'Exception in thread "main" {MQJE}',
        "JMSWMQ0018: Failed to connect to queue manager 'QM1' with connection mode 'Client' and host name 'qm1(1414)'.",
        "com.ibm.msg.client.jms.DetailedJMSSecurityException: JMSWMQ2013: The security authentication was not valid.",
        "JMSWMQ2008: Failed to open MQ queue 'A.B'.",
        "MQException during connect: CC=2 RC=2059",
        "MQ reason code: 2035, completion code: 2",
    ],
    "Spring": [
        f"{DATE} ERROR 1 --- [main] o.s.j.l.DefaultMessageListenerContainer : {SENTENCE}",
        f"{DATE} WARN 1 --- [main] o.s.j.l.DefaultMessageListenerContainer : Setup failed. Cause: {SENTENCE}",
        "org.springframework.jms.UncategorizedJmsException: Uncategorized; nested exception is "
        f"com.ibm.mq.MQException: {SENTENCE}",
        f"2026-05-04T10:00:00.123Z ERROR 1 --- [app] [main] c.e.Application : Failed: {SENTENCE}",
    ],
    "Quarkus, Camel, Kafka Connect": [
        f"{DATE} ERROR [io.qua.run.Application] (main) Failed to start: {SENTENCE}",
        f"{DATE} | ERROR | Camel (camel-1) thread #2 | JmsConsumer | {SENTENCE}",
        f"[{DATE}] ERROR [mq-source|task-0] MQ error: CompCode 2, Reason 2035 MQRC_NOT_AUTHORIZED "
        "(c.i.e.c.m.JMSReader)",
        f"[{DATE}] WARN [mq-sink|task-0] JMS exception {SENTENCE} (com.ibm.eventstreams.connect.mqsink.JMSWriter:90)",
        f"[{DATE}] ERROR MQ connector: reason code 2538 (com.ibm.eventstreams.connect.mqsource.MQSourceTask)",
    ],
    "log4j, logback, java.util.logging": [
        f"{DATE} ERROR [pool-1-thread-1] c.e.Gateway - {MQJE}",
        f"10:00:00.123 [main] ERROR c.e.Gateway -- {MQJE}",
        f"SEVERE: {MQJE}",
        f"May 04, 2026 10:00:00 AM c.e.Gateway run SEVERE: {SENTENCE}",
        f"<ERROR> {SENTENCE}",
    ],
    "records in JSON": [
        f'{{"@timestamp":"2026-05-04T10:00:00Z","log.level":"ERROR","message":"{SENTENCE}"}}',
        f'{{"level":"error","msg":"{SENTENCE}"}}',
        f'{{"severity":"ERROR","message":"{MQJE}"}}',
        f'{{"message":"{MQJE}","level":"SEVERE"}}',
        '{"level":"error","mq":{"queue manager":"QM1","compCode":2,"reasonCode":2538}}',
        f'{{"log":"{MQJE}\\n","stream":"stderr","time":"2026-05-04T10:00:00Z"}}',
    ],
    "journald, syslog, kubectl": [
        "May  4 10:00:00 apphost amqsputc[812]: MQCONNX ended with reason code 2538",
        "<11>May  4 10:00:00 apphost gateway[7]: MQOPEN ended with reason code 2085",
        "2026-05-04T10:00:00+0000 apphost app[7]: MQCONN failed with reason code 2059",
        f"[pod/app-7/main] {DATE} ERROR [main] c.e.Gateway - {SENTENCE}",
        "2026-05-04T10:00:00.123456789Z stderr F MQCONNX ended with reason code 2538",
        "E0504 10:00:00.123456       1 worker.go:7] MQ connect: reason code 2538",
        "app-7 | MQCONNX ended with reason code 2538",
    ],
    "App Connect Enterprise, SAP, TIBCO": [
        "BIP2666E: Failed to open queue 'A.B' of queue manager 'QM1' : MQCC=2, MQRC=2085; node 'MQ Input'.",
        "BIP2047E: An error occurred in node 'X' (MQOPEN) MQCC=2 MQRC=2035",
        "#2.0#2026 05 04 10:00:00:123#+0000#Error#com.sap.jms## com.ibm.mq.MQException: MQJE001: Completion Code "
        "'2', Reason '2035'.",
        f"2026 May 04 10:00:00:123 GMT +0000 BW.Gateway Error [BW_JMS] BW-JMS-100017 JMS error: [{SENTENCE}]",
    ],
    "errors that a program logged, in whatever words": [
        f"{DATE} ERROR [main] c.e.Gateway - we could not connect: MQCONN ended with reason code 2059",
        f"{DATE} ERROR [incident-svc] MQCONN ended with reason code 2059",
        f"{DATE} ERROR Could not connect to MQ (see the FAQ): reason code 2538",
        f"{DATE} ERROR [main] c.e.Gateway - {SENTENCE} Is the listener up?",
        f"{DATE} ERROR MQ connect failed, reason code 2538, will be tried again",
        f"{DATE} WARN Connection was closed: {SENTENCE}",
        f"{DATE} FEHLER Verbindung zum Queue Manager fehlgeschlagen: MQRC 2059",
        "The MQ completion code was 2, the MQ reason code was 2538.",
        "Unhandled exception. CompCode: 2, Reason: 2538",
    ],
    "messages of MQ": [
        "AMQ9637E: Channel is lacking a certificate.",
        "AMQ9202E: Remote host 'qm1 (1414)' not available, retry later.",
        "AMQ8077: Entity 'alice' has insufficient authority to access object 'QM1'.",
        "Fehler: AMQ9633E: Ungültiges Zertifikat für Kanal 'A.B'.",
        "Not let in. You are not one of ours. (AMQ4036)",
        "error: AMQ9520: Channel 'A.B' unknown at 'QM1'.",
    ],
}

MENTIONS = {
    "prose": [
        "Release notes 4.2: we fixed AMQ9633 last week by importing the CA certificate.",
        "We had an outage last month: MQCONN ended with reason code 2059.",
        "Yesterday AMQ9633E: Channel 'A.B' was solved by the network team.",
        "The queue manager sends AMQ9637E: Channel is lacking a certificate when SSLCAUTH is REQUIRED",
        "Our application gets MQ reason code 2035 in production",
        "Who knows MQ error reason code 2035?",
        "MQ error reason code 2035 means that the user is not authorized",
        "The MQ certificate of QM1 expires in 20 days; AMQ9633 would follow",
        "After the change of the firewall MQRC_HOST_NOT_AVAILABLE (2538) is gone",
        "the MQ team told me about 2035, 2538 and AMQ9633",
        "If MQ failed with reason code 2035, grant connect.",
        "when you get MQ error reason 2035 ask the administrators",
        "A client that is refused by MQ would see: MQCONN ended with reason code 2035",
        "Subject: Re: MQCONN ended with reason code 2035",
        "To do next sprint: MQ error reason 2035",
    ],
    "levels of no failure": [
        f"{DATE} INFO  [main] c.e.Gateway - {SENTENCE}",
        f"{DATE} DEBUG [main] c.e.Gateway - {MQJE}",
        f"{DATE} TRACE [main] c.e.Gateway - {JMQI}",
        f"{DATE} INFO MQ message sent: invoice cancelled, reason: 2035 (customer changed their mind)",
        f"[{DATE}] INFO [mq-source|task-0] retried after reason code 2538 "
        "(com.ibm.eventstreams.connect.mqsource.JMSReader:181)",
        f'{{"level":"info","msg":"{SENTENCE}"}}',
        f'{{"message":"{MQJE}","level":"DEBUG"}}',
        f'{{"level":30,"time":1777888000000,"msg":"{NODE}"}}',
        f'time="2026-05-04T10:00:00Z" level=debug msg="{NODE}"',
        f"INFO:root:{PYMQI}",
        f"FINE: {MQJE}",
        "I0504 10:00:00.123456       1 worker.go:7] MQ connect failed once: reason code 2538",
        f"10:00:00.123 [main] INFO  c.e.Gateway -- {MQJE}",
        "[10:00:00 INF] IBM MQ connect: CompCode: 2, Reason: 2538",
        "info: Gateway.MqWorker[0] IBM.WMQ.MQException: MQRC_HOST_NOT_AVAILABLE",
    ],
    "negations": [
        f"{DATE} INFO MQ connected, no reason code 2035 this time",
        "MQ connected without error AMQ9633E: Channel is fine",
        "MQ failed, but not with reason code 2035",
        "MQ call failed: no MQRC_NOT_AUTHORIZED [2035] though",
        "MQ error: none of reason 2035",
        "kein MQ-Fehler: ohne reason code 2035",
        "MQ listener failed, never with MQRC_NOT_AUTHORIZED [2035]",
    ],
    "references on a line of level ERROR": [
        f"{DATE} ERROR shop: MQ order cancelled, see 2009 (MQRC_CONNECTION_BROKEN)",
        f"{DATE} ERROR [main] Unit test passed, as expected: {SENTENCE}",
        f"ERROR: we had it last week: {SENTENCE}",
    ],
    "counts": [
        "$ grep -c AMQ9637E AMQERR01.LOG",
        "AMQERR01.LOG:AMQ9637E: 0",
        "AMQ9633E: 17",
        "2035: 17",
        "MQ errors by reason: 2035: 17",
        "MQ error reason 2035 x17",
        "0 occurrences of AMQ9633E: Channel 'A.B' went away.",
        "MQ error reason 2035, 3 occurrences",
        "     17 AMQ9633E: Channel 'A.B' went away.",
        "2538,12,2026-05-04,MQRC_HOST_NOT_AVAILABLE",
        'mq_errors_total{reason="2035"} 17',
    ],
    "tests": [
        f"{DATE} INFO Unit test testReason2035() passed: MQException reason 2035 correctly mapped",
        "test_mq_error_reason_2035 PASSED",
        "ok 4 - test MQ error reason 2035 ok",
        "expected: MQException reason code 2035",
        f"[TEST] simulated {SENTENCE}",
        f"assert str(error) == '{PYMQI}'",
        "✓ maps MQ error reason 2035",
    ],
    "source code": [
        "if e.reason == pymqi.CMQC.MQRC_NOT_AUTHORIZED: retry()",
        "if (mqException.reasonCode == 2035) {",
        '    throw new JMSException("JMSWMQ2013: The security authentication was not valid");',
        'printf("MQCONN ended with reason code %d\\n", 2035);',
        f'    log.error("{SENTENCE}");',
        "#define MQRC_NOT_AUTHORIZED 2035L",
        "case 2035: return MQRC_NOT_AUTHORIZED;",
        "// MQCONN ended with reason code 2035",
        "# MQ failed with reason 2035",
        " * MQ failed with reason 2035",
        'raise MQError("MQCONN ended with reason code 2035")',
    ],
    "documents and lists": [
        "AMQ9633",
        "AMQ9633  The certificate of the other end was refused.",
        "- AMQ9633E: Channel 'A.B' went away.",
        "* MQCONN ended with reason code 2035: grant connect",
        "1. MQCONN ended with reason code 2035",
        "| 2035 | MQRC_NOT_AUTHORIZED | grant connect |",
        "2035 (07F3) (RC2035): MQRC_NOT_AUTHORIZED",
        "MQRC_NOT_AUTHORIZED (2035)",
        "MQRC_NOT_AUTHORIZED",
        "for example MQCONN ended with reason code 2035",
        "Known issue: MQ error reason code 2035",
        "see AMQ9633E: Channel 'A.B' went away.",
        "AMQ9633: fixed by the CA certificate",
    ],
    "configuration, queries, statistics": [
        "mq.retry.reason-codes=2009,2035,2538",
        "mq.alert.reason: 2035",
        f"{DATE} DEBUG MQ bridge: SELECT * FROM orders WHERE reason_code = 2035",
        "INSERT INTO mq_errors VALUES ('MQCONN ended with reason code 2035')",
        "index=mq error reason=2035 | stats count",
        "MQPUT 2035 MQGET 2538 MQINQ 2059",
    ],
    "other programs' numbers": [
        f"{DATE} INFO MQ listener rc=2035 bytes read",
        "MQ listener failed: reason 2035 bytes left",
        "Reason: 2035",
        "rc=2035",
        "invoice failed: reason 2035",
        "HTTP error 2035 of the gateway to MQ",
        "MQ failed on 2035-01-01",
        "port 2035 of the MQ listener could not be opened",
        "MQ error for order 2035",
        f"{DATE} ERROR shop - order 2035 rejected",
        "AMQ222082: A message of another product.",
    ],
}


def states(line: str) -> bool:
    return statement(line, level=loudness(line), near_mq=False) is not None


@pytest.mark.parametrize("line", [line for lines in FAILURES.values() for line in lines])
def test_the_dialects_in_which_programs_state_a_failure(line):
    assert [each.reason_code or each.message for each in read(application_log, line)] != []


@pytest.mark.parametrize("line", [line for lines in MENTIONS.values() for line in lines])
def test_a_mention_is_no_failure(line):
    assert read(application_log, line) == []


@pytest.mark.parametrize(("form", "line"), [(form, line) for form in failure_forms().form for line in form.samples])
def test_a_form_s_samples_state_a_failure_by_it(form, line):
    assert form.regex.search(line)
    assert states(line)


@pytest.mark.parametrize("line", [line for form in failure_forms().form for line in form.near_misses])
def test_a_form_s_near_misses_state_none(line):
    assert not states(line)


@pytest.mark.parametrize("line", [line for mention in failure_forms().mention for line in mention.samples])
def test_what_makes_a_mention(line):
    assert not states(line)


LEVELS = [
    ("2026-05-04 10:00:00,123 INFO  [main] c.e.ErrorHandler - x", "quiet"),
    ("2026-05-04 10:00:00,123 ERROR [main] c.e.InfoService - x", "loud"),
    ("2026-05-04 10:00:00,123 WARN [main] c.e.A - ERROR of x", ""),
    ('{"msg":"x","level":"warning"}', ""),
    ('{"msg":"x","level":"Information"}', "quiet"),
    ('{"severity":"CRITICAL","msg":"DEBUG"}', "loud"),
    ("level=info msg=x", "quiet"),
    ("<error> x", "loud"),
    ("[debug] x", "quiet"),
    ("E0504 10:00:00.1 1 a.go:1] x", "loud"),
    ("dbug: Gateway[0]", "quiet"),
    ("MQCONN ended with reason code 2035", ""),
    ("", ""),
]


@pytest.mark.parametrize(("line", "expected"), LEVELS)
def test_the_level_of_a_line(line, expected):
    assert loudness(line) == expected


def test_a_bare_reason_counts_only_under_a_failure_of_mq():
    lines = "could not connect to the queue manager\nCompletion: 2\nReason: 2035\n"
    assert [each.reason_code for each in read(application_log, lines)] == [2035]
    assert read(application_log, "INFO connected to the queue manager\nReason: 2035\n") == []


@pytest.mark.parametrize(
    ("text", "client"),
    [(sample, client) for client, samples in FAMILIES.items() for sample in samples]
    + [("com.example.MQCONNException: 2059", "unknown"), ("Completion code 2, Reason 2059", "unknown")],
)
def test_whose_words_a_failure_has(text, client):
    assert printed_by(text) == client


@pytest.mark.parametrize(
    ("before", "below", "tie"),
    [
        ("We do not get this:", "", "possible"),
        ("", "That is not what we see here.", "possible"),
        ("", "We no longer see it, by the way.", "possible"),
        ("We get this:", "We do not get a connection.", "same"),
        ("", "2026-05-14 10:00:00 INFO that is not what we see", "same"),
        ("We do not get this:", "x", "possible"),
        ("We do not get the mail.\nBut this:", "", "same"),
    ],
)
def test_a_failure_beside_a_sentence_that_denies_it_is_only_possible(before: str, below: str, tie: str) -> None:
    (one,) = read(application_log, f"{before}\nMQCONN ended with reason code 2540\n{below}\n")
    assert one.tie == tie


@pytest.mark.parametrize(
    ("below", "tie"),
    [
        ("That is not what we see here.", "possible"),
        ("We do not get it.", "possible"),
        ("We do not get a connection.", "same"),
    ],
)
def test_a_quoted_message_that_the_sentence_below_denies_is_only_possible(below: str, tie: str) -> None:
    (one,) = read(errorlog_text, f"AMQ9520E: Channel 'A.B' not there.\n{below}\n")
    assert one.tie == tie


@pytest.mark.parametrize(
    "before",
    ["", " " * 180, "app " + "-" * 150 + " ", "12:34:56.123456789,123456789+01:00 CEST" + " " * 90, "x" * 180 + ": "],
)
def test_a_statement_begins_behind_an_opening_however_long(before):
    assert is_opening(before + "AMQ9999E", len(before))
    assert not is_opening(before + "a AMQ9999E", len(before) + 2)
