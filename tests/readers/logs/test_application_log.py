"""What applications print about their failures."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import CORPUS, DATA, entry, read

from mqtrace.readers.logs import application_log
from mqtrace.readers.logs.log_chunks import lines
from mqtrace.readers.tally import Tally

LINES = [
    ("MQException: MQRC_HOST_NOT_AVAILABLE [2538]", 2538, ""),
    ("MQ failed: MQRC_HOST_NOT_AVAILABLE (2538)", 2538, ""),
    ("CC=2;RC=2538;AMQ9205", 2538, "AMQ9205"),
    ("MQCONN ended with reason code 2059", 2059, ""),
    ("MQCONNX to QM1 ended with reason code 2393", 2393, ""),
    ("call failed: reason '2538' ('MQRC_HOST_NOT_AVAILABLE')", 2538, ""),
    ("MQJE001: Completion Code '2', Reason '2538'.", 2538, "MQJE001"),
    ("MQJE001: An MQException occurred: Completion Code 2, Reason 2059", 2059, "MQJE001"),
    ("0 MQException cc=2 rc=2009 MQRC_CONNECTION_BROKEN", 2009, ""),
    ("IBM.WMQ.MQException: CompCode: 2, Reason: 2035", 2035, ""),
    ("MQ failed: Reason: 2035", 2035, ""),
    ("(AMQ4036)", None, "AMQ4036"),
    ("pymqi.MQMIError: MQI Error. Comp: 2, Reason 2538: FAILED: MQRC_HOST_NOT_AVAILABLE", 2538, ""),
    ("MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_HOST_NOT_AVAILABLE [2538]", 2538, ""),
    ("MQError: MQCONNX: MQCC = MQCC_FAILED [2] MQRC = MQRC_NOT_AUTHORIZED [2035]", 2035, ""),
    ("IBM.WMQ.MQException: MQRC_NOT_AUTHORIZED", 2035, ""),
    ('{"error": "MQ", "reasonCode": 2059}', 2059, ""),
    ("AMQ9999E: Channel 'A.B' went away.", None, "AMQ9999"),
    ("JMSWMQ2013: Not let in.", None, "JMSWMQ2013"),
]


@pytest.mark.parametrize(("line", "reason_code", "message"), LINES)
def test_the_forms_in_which_a_failure_is_named(line, reason_code, message):
    assert application_log.sniff(line.encode())
    assert [(each.reason_code, each.message) for each in read(application_log, line)] == [(reason_code, message)]


NO_FAILURES = [
    "Started MQ listener in 2035 on port 2059",
    "Reason: 2035",
    "rc=2035",
    "the reason 2035 is far away",
    "MQ moved for a reason 2035-01-01",
    "MQ reason 2035.5",
    "AMQ222082: a message of another product",
    "com.example.AMQ9999Test",
    "MQRC_NONE [0]",
    "CompCode: 0, MQ Reason: 0",
    "MQRC_HOST_NOT_AVAILABLE (2538)",
    "it was MQRC_NOT_AUTHORIZED",
    "",
]


@pytest.mark.parametrize("line", NO_FAILURES)
def test_lines_that_name_no_failure(line):
    assert not application_log.sniff(line.encode())
    assert read(application_log, line) == []


def test_a_bare_reason_counts_when_the_lines_above_speak_of_mq():
    text = "could not connect to the queue manager\nCompletion: 2\nReason: 2035\n" + "x\n" * 9 + "Reason: 2059\n"
    assert [(each.reason_code, each.location.line) for each in read(application_log, text)] == [(2035, 3)]


def test_each_line_of_a_retry_loop_is_an_occurrence():
    tally = Tally()
    assert len(read(application_log, "MQCONN ended with reason code 2538\n" * 3, tally)) == 3
    assert (tally.lines, tally.records) == (3, 3)


def test_a_nested_failure_of_the_classes_for_java():
    line = (
        "CC=2;RC=2397;AMQ9204: Connection to host 'localhost(1414)' rejected. "
        "[1=com.ibm.mq.jmqi.JmqiException[CC=2;RC=2397;AMQ9771: "
        "SSL handshake failed. [1=javax.net.ssl.SSLHandshakeException[Remote host terminated the handshake],"
        "3=localhost/127.0.0.1:1414 "
        "(localhost),4=SSLSocket.startHandshake,5=default]],3=localhost(1414),4=,5=protocolConnect]"
    )
    (found,) = read(application_log, line)
    assert (found.message, found.reason_code, found.quoted, found.remote_host) == (
        "AMQ9771",
        2397,
        ("AMQ9204",),
        "localhost(1414)",
    )
    assert found.inserts == {
        1: "javax.net.ssl.SSLHandshakeException[Remote host terminated the handshake]",
        3: "localhost/127.0.0.1:1414 (localhost)",
        4: "SSLSocket.startHandshake",
        5: "default",
    }
    assert found.text == (
        "javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake < AMQ9771: SSL handshake failed. "
        "< AMQ9204: Connection to host 'localhost(1414)' rejected."
    )


def test_commas_in_an_insert_do_not_end_it():
    line = "CC=2;RC=2398;AMQ9636: Wrong name. [3=APP.SVRCONN,4=CN=QM1 RSA,OU=MQ LAB,O=EXAMPLE,C=GB,5=CN=QM9]"
    assert read(application_log, line)[0].inserts == {
        3: "APP.SVRCONN",
        4: "CN=QM1 RSA,OU=MQ LAB,O=EXAMPLE,C=GB",
        5: "CN=QM9",
    }


CHAINS = [
    ("log_2035_jms", "JMSWMQ2013", 2035, ("JMSCMQ0001",), "JMSCMQ0001: "),
    (
        "log_refused_jms",
        "AMQ9204",
        2538,
        ("JMSWMQ0018", "JMSCMQ0001"),
        "java.net.ConnectException: Connection refused < AMQ9204: ",
    ),
    ("log_sslpeer_jms", "AMQ9636", 2398, ("JMSWMQ0018", "JMSCMQ0001", "AMQ9204"), "AMQ9636: "),
    (
        "log_tls_no_truststore_jms",
        "AMQ9771",
        2397,
        ("JMSWMQ0018", "JMSCMQ0001", "AMQ9204"),
        "sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to "
        "requested target < ",
    ),
]


@pytest.mark.parametrize(("name", "message", "reason_code", "others", "begin"), CHAINS)
def test_a_genuine_chain_of_exceptions_is_one_entry(name, message, reason_code, others, begin):
    data = (DATA / f"application_{name}.log").read_bytes()
    assert application_log.sniff(data)
    (found,) = read(application_log, data)
    assert (found.message, found.reason_code, found.quoted, found.location.line) == (message, reason_code, others, 1)
    assert found.text.startswith(begin)
    assert found.queue_manager == "QM1"
    assert found.remote_host.startswith("127.0.0.1(")


def test_a_stack_trace_inside_a_line_of_json():
    trace = (DATA / "application_log_refused_jms.log").read_text()
    (found,) = read(application_log, json.dumps({"level": "ERROR", "stack_trace": trace}))
    assert (found.message, found.reason_code, found.location.line) == ("AMQ9204", 2538, 1)


def test_two_chains_are_two_entries():
    data = (DATA / "application_log_refused_jms.log").read_bytes() + (
        DATA / "application_log_sslpeer_jms.log"
    ).read_bytes()
    assert [(each.message, each.reason_code) for each in read(application_log, data)] == [
        ("AMQ9204", 2538),
        ("AMQ9636", 2398),
    ]


def test_the_code_is_the_one_that_the_application_got():
    text = (
        "com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2059'.\n\tat App.main(App.java:1)\n"
        "Caused by: com.ibm.mq.jmqi.JmqiException: CC=2;RC=2543;AMQ9487: Standby. [3=APP.SVRCONN]\n"
    )
    (found,) = read(application_log, text)
    assert (found.reason_code, found.message, found.inserts) == (2059, "AMQ9487", {3: "APP.SVRCONN"})


CLOCKS = [
    ("2024-05-01 10:11:12,345 MQError MQRC_X [2035]", datetime(2024, 5, 1, 10, 11, 12, 345000), None),
    ("[2024-05-01T10:11:12] MQError MQRC_X [2035]", datetime(2024, 5, 1, 10, 11, 12), None),
    ("2024-05-01T10:11:12.5Z MQError MQRC_X [2035]", None, datetime(2024, 5, 1, 10, 11, 12, 500000, UTC)),
    ("2024-05-01T10:11:12+02:00 MQError MQRC_X [2035]", None, datetime(2024, 5, 1, 8, 11, 12, tzinfo=UTC)),
    ("05/04/2024 10:11:12 MQError MQRC_X [2035]", None, None),
    ("2024-99-01 10:11:12 MQError MQRC_X [2035]", None, None),
]


@pytest.mark.parametrize(("line", "when", "utc"), CLOCKS)
def test_the_time_of_a_line(line, when, utc):
    assert [(each.when, each.utc) for each in read(application_log, line)] == [(when, utc)]


def test_quotes_stand_in_for_inserts_when_there_is_one_message():
    assert read(application_log, "error: AMQ9520: Channel 'A.B' unknown at 'QM1'.")[0].quoted == ("A.B", "QM1")


SECRETS = [
    ("password=hun,ter2 x", "password=***"),
    ("Password: 'hun ter2' x", "Password: '***' x"),
    ('\\"password\\":\\"hun ter2\\"', '\\"password\\":\\"***\\"'),
    ("javax.net.ssl.keyStorePassword=hunter2", "javax.net.ssl.keyStorePassword=***"),
    ("-storepass hunter2 x", "-storepass *** x"),
    ("PASSWORD(hunter2)", "PASSWORD(***)"),
    ("https://me:hunter2@host/x", "https://me:***@host/x"),
    ("Authorization: Bearer hunter2hunter2", "Authorization: Bearer ***"),
    ("pass=hunter2", "pass=***"),
    ("keystore password was incorrect", "keystore password was incorrect"),
]


@pytest.mark.parametrize(("words", "shown"), SECRETS)
def test_secrets_are_masked(words, shown):
    (found,) = read(application_log, f"MQError MQRC_NOT_AUTHORIZED [2035] {words}")
    assert found.text == f"MQError MQRC_NOT_AUTHORIZED [2035] {shown}"


def test_a_line_longer_than_the_cap_is_cut():
    found = read(application_log, "MQError MQRC_X [2035]" + "x" * 100_000 + "\nMQError MQRC_X [2059]\n")
    assert [(each.reason_code, each.complete) for each in found] == [(2035, False), (2059, True)]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=1000), st.binary(max_size=1000))
def test_damage_around_a_line_does_not_lose_it(before, after):
    found = read(application_log, before + b"\nMQCONN ended with reason code 2393\n" + after)
    assert 2393 in [each.reason_code for each in found]


PIECES = [
    "CC=2;RC=2035;AMQ9204: ",
    "[1=",
    "[",
    "]",
    ",3=",
    "Caused by: ",
    "\n",
    "\tat a.b(",
    "MQRC_",
    "Reason '2035'",
    "x.yException: ",
    "\\n",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_mixture_of_pieces_counts_what_it_yields(text):
    tally = Tally()
    found = read(application_log, text, tally)
    assert tally.records == len(found)
    assert all(each.reason_code or each.message for each in found)


def test_an_error_log_is_left_to_its_own_reader():
    assert not application_log.sniff(entry(message="AMQ: none").encode())


@pytest.fixture
def java_traces():
    folder = CORPUS / "trace-java"
    if not folder.is_dir():
        pytest.skip("the corpus is not here")
    return sorted(folder.glob("*/app.log"))


@pytest.mark.corpus
def test_the_codes_that_genuine_programs_printed(java_traces):
    for path in java_traces:
        truth = json.loads((path.parent / "truth.json").read_text())
        expected = [int(line.split("rc=")[1].split()[0]) for line in truth["client_output"] if "rc=" in line]
        if path.parent.name == "bindings_nothing_set_jms":
            expected = [2495]  # its program printed the code in the chain of exceptions only
        assert [each.reason_code for each in read(application_log, path.read_bytes())] == expected, path.parent.name


@pytest.mark.corpus
def test_no_secret_of_a_genuine_program_is_told(java_traces):
    for path in java_traces:
        secrets = json.loads((path.parent / "truth.json").read_text()).get("secrets", [])
        told = repr(read(application_log, path.read_bytes()))
        assert not [each for each in secrets if each in told], path.parent.name


# ---------------------------------------------------------------- stacks of other programs, SYNTHETIC

FRAME = "\tat sun.security.ssl.SSLContextImpl.getKeyManagers(SSLContextImpl.java:821)"
MISSING = "java.io.FileNotFoundException: /srv/app/key.p12 (No such file or directory)"
SUMMED_UP = (
    "com.ibm.mq.MQException: JMSCMQ0001: IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '2397' ('X')."
)


@pytest.mark.parametrize(
    ("lines", "begins"),
    [
        ([MISSING, FRAME, f"Wrapped by: {SUMMED_UP}"], "java.io.FileNotFoundException"),
        ([MISSING, FRAME, SUMMED_UP], "right above: java.io.FileNotFoundException"),
        ([MISSING, SUMMED_UP], "IBM MQ call failed"),
        ([MISSING, FRAME, "10:00 the next line of the log", SUMMED_UP], "IBM MQ call failed"),
    ],
    ids=["it says so", "its place alone", "no stack between", "a line between"],
)
def test_a_chain_that_is_printed_the_innermost_first_begins_with_its_cause(lines, begins):
    (one,) = read(application_log, "\n".join(lines))
    assert one.text.startswith(begins)
    assert one.client == "java"


def test_a_refused_property_is_a_failure_without_a_code_and_with_its_value_and_name():
    sentence = "The specified value 'A.NAME.LONGER.THAN.TWENTY' is not allowed for 'XMSC_WMQ_CHANNEL'/"
    (one,) = read(application_log, sentence)
    assert (one.message, one.reason_code) == ("JMSCC0005", None)
    assert one.inserts == {3: "A.NAME.LONGER.THAN.TWENTY", 4: "XMSC_WMQ_CHANNEL"}


def test_an_exception_of_dotnet_behind_an_arrow_is_read_with_what_is_below_it():
    text = (
        " ---> CompCode: 2, Reason: 2538\n   at IBM.WMQ.Nmqi.X()\n ---> System.Net.Sockets.SocketException (111): no\n"
    )
    (one,) = read(application_log, text)
    assert (one.reason_code, one.client) == (2538, "dotnet")
    assert one.text.startswith("System.Net.Sockets.SocketException (111)")


HEADED = """\
2026-05-24 09:13:27,150 ERROR [main] pay.App - connect failed
{above}com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2035'.
\tat pay.App.main(App.java:10)
"""


@pytest.mark.parametrize(
    ("above", "when"),
    [
        ("", "2026-05-24T09:13:27.150000"),
        ("org.made.up.JmsException: no\n\tat org.made.up.Pool.get(Pool.java:7)\n", "2026-05-24T09:13:27.150000"),
        ("Some other program says this.\n", None),
    ],
)
def test_an_exception_below_the_line_of_a_log_has_the_time_of_that_line(above, when):
    (found,) = read(application_log, HEADED.format(above=above))
    assert (found.when.isoformat() if found.when else None) == when


OWN_LOG = b"""Date: Wed Nov 25 02:30:17 UTC 2026
MQ Build Level=9.4.4.0(p944-L251003)
Java version: 17.0.15(17.0.15+6)
Process ID: 31106
--------------------------------------------------------------------
November 25, 2026 at 2:30:17 AM UTC[main] com.ibm.msg.client.commonservices.j2se.trace.DefaultTracer
Property 'com.ibm.msg.client.commonservices.trace.status' has value 'ON'

EXPLANATION:
null
"""


def test_the_log_of_the_classes_for_java_is_known_though_it_tells_no_failure() -> None:
    assert application_log.sniff(OWN_LOG)
    assert list(application_log.failures(lines([OWN_LOG]), "mqjms.log")) == []


def test_a_header_of_another_log_is_not_that_of_the_classes() -> None:
    assert not application_log.sniff(OWN_LOG.replace(b"MQ Build Level", b"Build Level"))


@pytest.mark.parametrize(
    ("below", "said", "goes_on"),
    [
        ("Cause: the network team changed the firewall", 1, False),
        ("Caused by: qm1.example.com was moved on Monday", 1, False),
        ("Cause: java.net.ConnectException: Connection refused", 2, True),
        ("Caused by: ConnectException: Connection refused", 2, True),
        ("cause: AMQ9204: Connection to host 'qm1(1414)' rejected.", 2, True),
    ],
)
def test_what_a_person_calls_the_cause_is_none_of_the_chain(below, said, goes_on):
    (found,) = read(application_log, f"com.ibm.mq.MQException: MQRC_HOST_NOT_AVAILABLE [2538]\n{below}\n")
    assert found.said.location.line == said
    assert (" < " in found.text) == goes_on
