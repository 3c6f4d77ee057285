"""Connections of the Java client: calls that no line ends, addresses each with its code, factories, threads that
receive for others. SYNTHETIC, in the form of genuine traces of com.ibm.mq.allclient 9.1 to 9.4.
"""

from tests.evidence.traces import connections, values

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, Outcome
from mqtrace.rules.outcome import decide
from mqtrace.settings.ledger import build_ledger

FACTORY = "c.i.mq.jms.MQConnectionFactory(JmsPropertyContextImpl)"
FAP = "@2cbb3d47  c.i.m.j.remote.api.RemoteFAP  -  "
TCP = "@4470f8a6  c.i.m.j.remote.impl.RemoteTCPConnection"
ENVIRONMENT = "static  c.ibm.mq.MQEnvironment  --  "
PARAMETERS = "String,JmqiConnectOptions,MQCNO,Hconn,Phconn,Pint,Pint"
NEW = "@6b419da   c.ibm.mq.MQQueueManager   {  <init>(String,Hashtable) [QM1] [{port=1414, hostname=h, channel=A.B}]"
FAILS = (
    "@6279cee3  c.ibm.mq.MQQueueManagerFactory  -  !  obtainBaseMQQueueManager(String,Hashtable), "
    "MQJE001: Completion Code '2', Reason '{code}'. [com.ibm.mq.MQException]"
)
CREATE = "@4c40b76e  c.i.mq.jms.MQConnectionFactory  {depth}  {{  createConnection()"
GIVEN = "{object}  " + FACTORY + " {depth} {{  setObjectProperty(String,Object) {given}"
JMS_FAILS = (
    "@54a7079e  c.ibm.mq.MQException   ----  {{  <init>(String,String,int,int) [JMSCMQ0001: IBM MQ call failed with "
    "compcode '2' ('MQCC_FAILED') reason '{code}' ('MQRC_X').] [JMSCMQ0001] [1(0x1)] [2(0x2)]"
)
CALL = FAP + "{  jmqiConnect(" + PARAMETERS + ") [QM1]"
CALL_ENDS = FAP + "}  jmqiConnect(" + PARAMETERS + ")"
CONNECTED = (
    "@6d763516  c.i.m.j.remote.api.RemoteFAP$Connector  --  d  jmqiConnect(String,Phconn,Hconn,Pint,Pint) "
    "ConnectLoop [Successfully connected, exiting while loop.]"
)
TRIES = "@4470f8a6  c.i.m.j.remote.impl.RemoteTCPConnection  --  {{  parseConnectionName(String) [{address}]"
ADDRESS_FAILS = (
    "@4470f8a6  c.i.m.j.remote.impl.RemoteTCPConnection(RemoteConnection)  --  !  connect(RemoteTls,MQCSP), {words}"
)
LAST = "@647e447   c.i.m.j.remote.api.RemoteFAP$Connector  --  !  throwMostInterestingException(JmqiException), {words}"
CLOSED = (
    "CC=2;RC=2009;AMQ9208: Error on receive from host 'h'. [1=-1,2=ffffffff,3=h,4=TCP] [com.ibm.mq.jmqi.JmqiException]"
)
REFUSED = (
    "CC=2;RC=2538;AMQ9204: Connection to host 'h' rejected. [1=java.net.ConnectException[Connection refused],3=h] "
    "[com.ibm.mq.jmqi.JmqiException]"
)


def outcome(connection: Connection) -> Outcome:
    return decide(connection, build_ledger(connection), Configuration())[0]


def test_a_call_that_returns_went_well_only_where_the_client_says_so() -> None:
    (well,) = connections("java", CALL, CONNECTED, CALL_ENDS)
    (untold,) = connections("java", CALL, CALL_ENDS)
    assert (well.reason_code, well.phase) == (0, "connected")
    assert untold.reason_code is None


def test_a_call_of_jms_ends_where_its_exception_is_made() -> None:
    failed, second = connections(
        "java", CREATE.format(depth=""), JMS_FAILS.format(code=2538), CREATE.format(depth="--")
    )
    assert (failed.reason_code, second.reason_code) == (2538, None)


def test_an_exception_of_jms_outside_of_a_call_is_no_connection() -> None:
    assert (
        connections("java", CREATE.format(depth=""), CONNECTED, f"2| {JMS_FAILS.format(code=2085)}")[0].reason_code
        is None
    )
    assert len(connections("java", CALL, CONNECTED, CALL_ENDS, f"2| {JMS_FAILS.format(code=2085)}")) == 1


def test_each_address_has_its_own_cause_and_the_call_that_of_the_code_it_gave() -> None:
    (found,) = connections(
        "java",
        NEW,
        TRIES.format(address="h(1)"),
        ADDRESS_FAILS.format(words=CLOSED),
        TRIES.format(address="h(2)"),
        ADDRESS_FAILS.format(words=REFUSED),
        LAST.format(words=CLOSED),
        FAILS.format(code=2009),
    )
    told = outcome(found)
    assert [each.address for each in found.attempts] == ["h(1)", "h(2)"]
    assert [each.id for each in told.attempt_causes if each] == ["network.closed-by-peer", "network.refused"]
    assert told.cause is not None
    assert told.cause.id == "network.closed-by-peer"


def test_a_trace_that_is_cut_behind_the_first_address_does_not_tell_what_the_call_gave() -> None:
    (found,) = connections("java", NEW, TRIES.format(address="h(1)"), ADDRESS_FAILS.format(words=CLOSED))
    assert found.reason_code is None


def test_traces_of_exceptions_only_tell_each_connection_with_its_own_exception() -> None:
    lines = [each.format(words=words) for words in (REFUSED, CLOSED) for each in (ADDRESS_FAILS, LAST)]
    found = connections("java", *(line.replace("  --  ", "  ") for line in lines))
    assert [each.reason_code for each in found] == [2538, 2009]
    assert [outcome(each).cause.id for each in found] == ["network.refused", "network.closed-by-peer"]  # type: ignore[union-attr]


def test_the_native_library_that_is_not_there_is_no_cause() -> None:
    noise = "@1c72da34  c.i.m.jmqi.local.LocalServer(LocalMQ)  --  !  loadLib(String), CC=2;RC=2495;AMQ8598: Failed"
    (found,) = connections("java", NEW, noise, FAILS.format(code=2400))
    assert values(found, "thrown") == []
    assert found.reason_code == 2400


def test_what_a_factory_was_given_is_of_the_calls_on_it_in_any_thread_and_after_a_failure() -> None:
    (found,) = connections(
        "java",
        GIVEN.format(object="@4c40b76e", depth="", given="[XMSC_WMQ_CHANNEL] [APP.SVRCONN]"),
        GIVEN.format(object="@99999999", depth="", given="[XMSC_WMQ_CHANNEL] [OTHER.SVRCONN]"),
        GIVEN.format(object="@4c40b76e", depth=" -- ", given="[XMSC_WMQ_SSL_PEER_NAME] [CN=QM1]"),
        GIVEN.format(object="@4c40b76e", depth=" -- ", given="[XMSC_WMQ_CHANNEL] [SYSTEM.DEF.SVRCONN]"),
        f"2| {CREATE.format(depth='')}",
        f"2| {JMS_FAILS.format(code=2538)}",
    )
    assert (values(found, "jms.channel"), values(found, "jms.ssl_peer_name")) == (["APP.SVRCONN"], ["CN=QM1"])


def test_a_property_and_its_value_stand_on_two_lines() -> None:
    asked = "@87f383f  c.i.m.c.c.j2se.wmqsupport.PropertyStoreImpl  --  {{  getProperty(String) [com.ibm.mq.cfg.{name}]"
    value = (
        "@757942a1  c.i.m.jmqi.internal.Configuration  --  d  getProperty(CfgProperty) (JVM Property handler) [{value}]"
    )
    (found,) = connections(
        "java",
        NEW,
        asked.format(name="SSL.outboundSNI"),
        value.format(value="HOSTNAME"),
        value.format(value="stray"),
        asked.format(name="TCP.Connect_Timeout"),
        value.format(value="9"),
        FAILS.format(code=2538),
    )
    assert values(found, "property.ssl.outboundsni") == ["HOSTNAME"]
    assert values(found, "property.tcp.connect_timeout") == ["9"]


def test_mqenvironment_fills_what_the_properties_leave_open() -> None:
    ask = ENVIRONMENT + "{{  getObjectProperty(String,Hashtable) [{name}] [{{}}]"
    default = ENVIRONMENT + "{{  getDefaultProperty(Object) [{name}]"
    (found,) = connections(
        "java",
        NEW,
        ask.format(name="channel"),
        ENVIRONMENT + "}  getObjectProperty(String,Hashtable) returns [A.B] String",
        ask.format(name="SSL Peer Name"),
        default.format(name="SSL Peer Name"),
        ENVIRONMENT + "}  getDefaultProperty(Object) returns [CN=QM1] String",
        ENVIRONMENT + "}  getObjectProperty(String,Hashtable) returns [CN=QM1] String",
        FAILS.format(code=2538),
    )
    assert values(found, "base.channel") == ["A.B"]
    assert values(found, "mqenvironment.ssl peer name") == ["CN=QM1"]
    assert values(found, "base.ssl peer name") == []


def test_the_thread_that_receives_speaks_for_the_connection_by_its_object() -> None:
    receives = "2| @4470f8a6  c.i.m.j.remote.impl.RemoteTCPConnection  ----  X  receive(byte [ ],int,int)<catchIndex 2>"
    (found,) = connections(
        "java",
        NEW,
        TRIES.format(address="h(1)"),
        TCP + "  --  {  protocolConnect()",
        "2| Read timed out [java.net.SocketTimeoutException] at:",
        receives,
        FAILS.format(code=2009),
    )
    assert values(found, "network.read_timed_out") == [""]
    told = outcome(found)
    assert told.cause is not None
    assert told.cause.id == "network.silent-peer"


def test_a_header_in_mid_file_ends_the_calls_of_the_process_before_even_of_the_same_number() -> None:
    first, second = connections("java", NEW, "Process ID: 7253", NEW.replace("QM1", "QM2"), FAILS.format(code=2538))
    assert [(each.queue_manager, each.reason_code) for each in (first, second)] == [("QM1", None), ("QM2", 2538)]
