"""Liberty's logs, on which mqweb and z/OS Connect run. SYNTHETIC, in the layout of public logs; names are made up."""

import json
from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from log_samples import read

from mqtrace.readers.logs import errorlog_json, liberty_log
from mqtrace.readers.tally import Tally

HEAD = "[11/28/26 19:00:01:123 UTC] 0000002a com.ibm.ws.ssl.core.WSX509TrustManager                       E "
UNTRUSTED = (
    "CWPKI0823E: SSL HANDSHAKE FAILURE:  A signer with SubjectDN [CN=qm1, O=Lab] was sent from the host "
    "[qm1.example.com:1414].  "
    "The signer might need to be added to local trust store [/opt/trust.p12], located in SSL configuration alias "
    "[defaultSSLConfig].  "
    "The extended error message from the SSL handshake exception is: "
    "[PKIX path building failed: unable to find valid certification path].\n"
)
REFUSED = (
    "CWWKO0801E: The SSL connection cannot be initialized from the 192.0.2.7 host and 51234 port on the remote "
    "client to the 192.0.2.8 "
    "host and 9443 port on the local server. Exception: javax.net.ssl.SSLHandshakeException: Received fatal alert: "
    "certificate_unknown\n"
)


def test_a_message_with_all_that_it_tells():
    tally = Tally()
    (found,) = read(liberty_log, "product = made up\n" + HEAD + UNTRUSTED, tally)
    assert (found.message, found.severity, found.program) == ("CWPKI0823", "E", "Liberty")
    assert (found.module, found.remote_host) == ("com.ibm.ws.ssl.core.WSX509TrustManager", "qm1.example.com:1414")
    assert found.text.startswith("SSL HANDSHAKE FAILURE:  A signer with SubjectDN [CN=qm1, O=Lab]")
    assert found.inserts == {5: "PKIX path building failed: unable to find valid certification path"}
    assert (found.when, found.utc) == (
        datetime(2026, 11, 28, 19, 0, 1, 123000),
        datetime(2026, 11, 28, 19, 0, 1, 123000, UTC),
    )
    assert (found.location.line, found.complete) == (2, True)
    assert (tally.lines, tally.records, tally.unparsed) == (2, 1, 0)


MESSAGES = [
    (
        UNTRUSTED,
        "CWPKI0823",
        "E",
        "qm1.example.com:1414",
        "PKIX path building failed: unable to find valid certification path",
    ),
    (
        REFUSED,
        "CWWKO0801",
        "E",
        "192.0.2.7(51234)",
        "javax.net.ssl.SSLHandshakeException: Received fatal alert: certificate_unknown",
    ),
    (
        "CWWKO0801E: Unable to initialize SSL connection. Exception is javax.net.ssl.SSLException: Unrecognized SSL "
        "message",
        *("CWWKO0801", "E", "", "javax.net.ssl.SSLException: Unrecognized SSL message"),
    ),
    (
        "CWPKI0033E: The keystore located at /opt/key.p12 did not load because of the following error: keystore "
        "password was incorrect",
        *("CWPKI0033", "E", "", "keystore password was incorrect"),
    ),
    ("CWPKI0803A: SSL certificate created in 3.1 seconds. SSL key file: /opt/key.p12", "CWPKI0803", "I", "", ""),
    (
        "CWWKO0219I: TCP Channel defaultHttpEndpoint-ssl has been started on host * (IPv4) port 9443.",
        "CWWKO0219",
        "I",
        "",
        "",
    ),
    (
        'FFDC1015I: An FFDC Incident has been created: "java.net.SocketException: Broken pipe made.Up 123" at '
        "ffdc_26.log",
        *("FFDC1015", "I", "", ""),
    ),
    ("BAQR0000I: z/OS Connect made up.", "BAQR0000", "I", "", ""),
    ("MQWB2001E: Made up.", "MQWB2001", "E", "", ""),
    ("without an id", "", "E", "", ""),
]


@pytest.mark.parametrize(("text", "message", "severity", "remote_host", "exception"), MESSAGES)
def test_the_messages_of_tls_and_key_stores(text, message, severity, remote_host, exception):
    (found,) = read(liberty_log, HEAD + text)
    assert (found.message, found.severity, found.remote_host) == (message, severity, remote_host)
    assert found.inserts == ({5: exception} if exception else {})


FORMS = [
    HEAD,
    "[11/28/26, 19:00:01:123 UTC] 0000002a com.ibm.ws.ssl.X E ",
    "[2026-11-28T19:00:01.123+0000] 0000002a com.ibm.ws.ssl.X E ",
    "[28.11.26 20:00:01:123 MEZ] 0000002a id=00000000 com.ibm.ws.ssl.X E ",
    "[ERROR   ] ",
    "",
    "> " + HEAD,
    "   ",
]


@pytest.mark.parametrize("before", FORMS)
def test_what_stands_before_a_message(before):
    assert liberty_log.sniff((before + UNTRUSTED).encode())
    (found,) = read(liberty_log, before + UNTRUSTED)
    assert (found.message, found.severity, found.complete) == ("CWPKI0823", "E", True)


TIMES = [
    ("[11/28/26 19:00:01:123 UTC]", datetime(2026, 11, 28, 19, 0, 1, 123000), True),
    ("[11/28/26 19:00:01:123 EST]", datetime(2026, 11, 28, 19, 0, 1, 123000), False),
    ("[11/28/26 7:00:01:123 PM UTC]", datetime(2026, 11, 28, 19, 0, 1, 123000), True),
    ("[28.11.26 19:00:01:123 MEZ]", datetime(2026, 11, 28, 19, 0, 1, 123000), False),
    ("[2026-11-28T19:00:01.123Z]", datetime(2026, 11, 28, 19, 0, 1, 123000), True),
    ("[2026-11-28T19:00:01.123-0500]", datetime(2026, 11, 28, 19, 0, 1, 123000), True),
    ("[11/10/26 19:00:01:123 UTC]", None, False),
    ("[31/31/26 19:00:01:123 UTC]", None, False),
    ("[yesterday afternoon]", None, False),
]


@pytest.mark.parametrize(("date", "when", "has_utc"), TIMES)
def test_the_time_of_a_message(date, when, has_utc):
    (found,) = read(liberty_log, f"{date} 0000002a com.ibm.ws.ssl.X E {UNTRUSTED}")
    assert (found.when, found.utc is not None) == (when, has_utc)


def test_neighbours_tell_what_an_ambiguous_date_means():
    text = "".join(
        f"[{day}/26 19:00:01:123 EST] 0000002a a.B I CWWKO0219I: Up.\n" for day in ("10/28", "11/10", "11/28")
    )
    assert [each.when and each.when.month for each in read(liberty_log, text)] == [10, 11, 11]


def test_the_causes_below_a_message_are_kept_and_its_frames_are_not():
    text = (
        f"{HEAD}CWPKI0033E: The keystore did not load because of the following error: made up\njava.io.IOException: "
        "made up\n"
        "\tat com.ibm.ws.ssl.Made.up(Made.java:1)\nCaused by: java.security.UnrecoverableKeyException: the password "
        "was incorrect\n"
        f"\t... 12 more\n{HEAD}CWWKO0219I: Up.\n"
    )
    first, second = read(liberty_log, text)
    assert "Made.java" not in first.text
    assert first.inserts[5].endswith("made up < java.security.UnrecoverableKeyException: the password was incorrect")
    assert second.text == "Up."


MQ_CHAIN = [
    "com.ibm.msg.client.jms.DetailedJMSException: JMSWMQ0018: Failed to connect to queue manager 'QM1' with host "
    "name 'node7(1414)'.",
    "\tat com.ibm.msg.client.wmq.Made.up(Made.java:1)",
    "Caused by: com.ibm.mq.MQException: JMSCMQ0001: IBM MQ call failed with compcode '2' ('MQCC_FAILED') reason '2538' "
    "('MQRC_HOST_NOT_AVAILABLE').",
    "\t... 3 more",
    "Caused by: com.ibm.mq.jmqi.JmqiException: CC=2;RC=2538;AMQ9204: Connection to host 'node7(1414)' rejected. "
    "[1=java.net.ConnectException[Connection refused],3=node7(1414),4=,5=made]",
]
PRINTED = "[11/28/26 19:00:01:123 UTC] 0000002a SystemErr                                                    R "


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "J2CA0045E: The connection factory failed:\n" + "\n".join(MQ_CHAIN) + "\n",
        "".join(f"{PRINTED}{line}\n" for line in MQ_CHAIN),
        PRINTED + "\n".join(MQ_CHAIN) + "\n",
    ],
    ids=["below a message", "a header on every line", "below a header"],
)
def test_a_chain_of_exceptions_of_mq_is_one_failure_with_its_reason(text):
    (found,) = read(liberty_log, text)
    assert (found.message, found.reason_code, found.remote_host) == ("AMQ9204", 2538, "node7(1414)")
    assert (found.quoted, found.inserts[1]) == (
        ("JMSWMQ0018", "JMSCMQ0001"),
        "java.net.ConnectException[Connection refused]",
    )
    assert (found.program, found.when) == ("Liberty", datetime(2026, 11, 28, 19, 0, 1, 123000))


def test_threads_that_print_at_once_are_not_mixed():
    other = PRINTED.replace("0000002a", "0000002b")
    text = f"{PRINTED}{MQ_CHAIN[0]}\n{other}{MQ_CHAIN[2].removeprefix('Caused by: ')}\n"
    assert [each.message for each in read(liberty_log, text)] == ["JMSWMQ0018", "JMSCMQ0001"]


def test_a_message_cut_by_the_next_one_on_the_same_line():
    text = HEAD + "CWPKI0823E: SSL HANDSHAKE FAI" + HEAD + "CWWKO0219I: Up.\n"
    assert [(each.message, each.text) for each in read(liberty_log, text)] == [
        ("CWPKI0823", "SSL HANDSHAKE FAI"),
        ("CWWKO0219", "Up."),
    ]


def test_what_has_no_id_is_kept_as_text_and_counted():
    tally = Tally()
    text = PRINTED + "hello\n" + PRINTED.replace("19:00:01", "19:00:02") + "world\n"
    assert [(each.message, each.text, each.complete) for each in read(liberty_log, text, tally)] == [
        ("", "hello", False),
        ("", "world", False),
    ]
    assert (tally.records, tally.unparsed) == (2, 2)


def test_records_of_a_trace_are_no_messages():
    text = f"{HEAD}CWWKO0219I: Up.\n{HEAD[:-2]}3 init password=hunter2\n  more of it\n{HEAD}CWWKO0220I: Down.\n"
    assert [each.text for each in read(liberty_log, text)] == ["Up.", "Down."]


def test_secrets_are_masked():
    (found,) = read(
        liberty_log, HEAD + "CWPKI0033E: It failed, password=hunter2\nCaused by: made.Up: password=hunter2\n"
    )
    assert "hunter2" not in repr(found)


RECORD = {
    "type": "liberty_message",
    "host": "node1",
    "ibm_userDir": "/wlp/usr/",
    "ibm_serverName": "defaultServer",
    "message": UNTRUSTED.strip(),
    "ibm_threadId": "0000003e",
    "ibm_datetime": "2021-10-18T14:50:58.159-0400",
    "ibm_messageId": "CWPKI0823E",
    "module": "com.ibm.ws.ssl.core.WSX509TrustManager",
    "loglevel": "ERROR",
    "ibm_sequence": "1634583058159_0000000000005",
}


def test_a_record_of_liberty_in_json():
    data = json.dumps(RECORD)
    assert errorlog_json.sniff(data.encode())
    (found,) = read(errorlog_json, data)
    assert (found.message, found.severity, found.program, found.queue_manager) == ("CWPKI0823", "E", "Liberty", "")
    assert (found.host, found.module, found.remote_host) == (
        "node1",
        "com.ibm.ws.ssl.core.WSX509TrustManager",
        "qm1.example.com:1414",
    )
    assert found.utc == datetime(2021, 10, 18, 18, 50, 58, 159000, UTC)
    assert found.inserts == {5: "PKIX path building failed: unable to find valid certification path"}


def test_a_record_in_json_that_holds_a_chain_of_mq():
    record = {**RECORD, "message": "\n".join(MQ_CHAIN), "module": "SystemErr", "loglevel": "SystemErr"}
    del record["ibm_messageId"]
    (found,) = read(errorlog_json, json.dumps(record))
    assert (found.message, found.reason_code, found.remote_host) == ("AMQ9204", 2538, "node7(1414)")


def test_a_record_in_json_without_an_id_is_kept_and_counted():
    tally = Tally()
    record = {name: value for name, value in RECORD.items() if name != "ibm_messageId"} | {
        "message": "hello",
        "loglevel": "AUDIT",
    }
    (found,) = read(errorlog_json, json.dumps(record), tally)
    assert (found.message, found.text, found.severity, tally.unparsed) == ("", "hello", "I", 1)


def test_a_record_in_json_that_was_cut_names_no_queue_manager():
    data = json.dumps({name: RECORD[name] for name in ("ibm_messageId", "ibm_serverName", "message", "module")})
    (found,) = read(errorlog_json, data[:-8])
    assert (found.message, found.queue_manager, found.complete) == ("CWPKI0823", "", False)


NO_LOGS = [
    "an error CWPKI0823E: was seen",
    "CWPKI0823E is a message",
    "java.lang.Exception: CWWKO0801E: made up",
    '{"message": "CWPKI0823E: made up"}',
    "[11/28/26 19:00:01:123 UTC] 0000002a a.B E no id",
    "",
]


@pytest.mark.parametrize("text", NO_LOGS)
def test_a_text_that_only_mentions_a_message_is_no_such_log(text):
    assert not liberty_log.sniff(text.encode())


PIECES = [
    HEAD,
    UNTRUSTED,
    REFUSED,
    PRINTED,
    *MQ_CHAIN,
    "\n",
    "Caused by: ",
    "\tat a.b.C(D.java:1)\n",
    "[ERROR   ] ",
    "Exception: [",
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([each.encode() for each in PIECES])), max_size=30))
def test_no_bytes_make_it_fail(pieces):
    data = b"".join(pieces)
    liberty_log.sniff(data)
    tally = Tally()
    assert len(read(liberty_log, data, tally)) == tally.records


@pytest.mark.load
@pytest.mark.parametrize(
    "piece", [*PIECES, "CWPKI0823E: ", "[", "host [", "exception: ", "1:11:11:", "Caused by: CC=2;RC=2538;AMQ9204: ["]
)
def test_a_megabyte_ends_soon(piece):
    line = piece.rstrip("\n") * (60_000 // len(piece)) + "\n"
    data = (HEAD + line).encode() * (1_000_000 // len(HEAD + line) + 1)
    begin = process_time()
    liberty_log.sniff(data[:65536])
    read(liberty_log, data)
    assert process_time() - begin < 4
