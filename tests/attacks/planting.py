"""Planters for traces: where words can stand in a trace without being evidence of the
call that connects. All SYNTHETIC.

Lines are bodies as `tests.evidence.traces.written` takes them: "THREAD| BODY", or the body alone for thread 1.
"""

from collections.abc import Callable, Sequence

from mqtrace.model import Client

Lines = Sequence[str]
Planter = Callable[[Lines, str], list[str]]

# Calls that connect, one that fails without saying why and one that goes well, each with the thread's own lines in
# nesting order.
FAILING: dict[Client, Lines] = {
    "c": (
        "{  MQCONNX",
        "-----{  rriInitSess",
        "-----}! rriInitSess rc=rrcE_CHANNEL_ERROR",
        "}! MQCONNX rc=MQRC_HOST_NOT_AVAILABLE",
    ),
    "dotnet": (
        "--{  MQQueueManager.Connect() inputs  [QM1]",
        "----------{  MQTCPConnection.ConnectSocket(string,string,MQLONG) inputs  [] [192.0.2.1(1414)] [64]",
        "--}! MQQueueManager.Connect() rc=(Unknown(2538))",
    ),
    "java": (
        "@6b419da   c.ibm.mq.MQQueueManager   {  <init>(String,Hashtable) [QM1] [{transport=MQSeries Client}]",
        "@4470f8a6  c.i.m.j.remote.impl.RemoteTCPConnection   ----  {  parseConnectionName(String) [192.0.2.1(1414)]",
        "@6279cee3  c.ibm.mq.MQQueueManagerFactory   -  !  obtainBaseMQQueueManager(String,Hashtable), "
        "MQJE001: Completion Code '2', Reason '2538'. [com.ibm.mq.MQException]",
    ),
}
WORKING: dict[Client, Lines] = {
    "c": ("{  MQCONNX", "-----{  rriInitSess", "-----}  rriInitSess rc=OK", "}  MQCONNX rc=OK"),
    "dotnet": (
        "--{  MQQueueManager.Connect() inputs  [QM1]",
        "----------{  MQTCPConnection.ConnectSocket(string,string,MQLONG) inputs  [] [192.0.2.1(1414)] [64]",
        "Initial Negotiations completed for this connection..",
        "Current Hconn value = 5",
        "--}  MQQueueManager.Connect() rc=OK",
    ),
    "java": (
        "@6b419da   c.ibm.mq.MQQueueManager   {  <init>(String,Hashtable) [QM1] [{transport=MQSeries Client}]",
        "@4470f8a6  c.i.m.j.remote.impl.RemoteTCPConnection   ----  {  parseConnectionName(String) [192.0.2.1(1414)]",
        "@6d763516  c.i.m.j.remote.api.RemoteFAP$Connector  --  d  jmqiConnect(String,Phconn,Hconn,Pint,Pint) "
        "ConnectLoop [Successfully connected, exiting while loop.]",
        "@6b419da   c.ibm.mq.MQQueueManager   }  <init>(String,Hashtable)",
    ),
}
PUT: dict[Client, tuple[str, str]] = {
    "c": ("{  MQPUT", "}  MQPUT rc=OK"),
    "dotnet": ("------{  MQFAP.MQPUT(Hconn,Phobj) inputs  []", "------}  MQFAP.MQPUT(Hconn,Phobj) rc=OK"),
    "java": (
        "@56a6d5a6  c.i.m.j.remote.api.RemoteFAP  -  {  MQPUT(Hconn,Hobj,MQMD,MQPMO,int,ByteBuffer,Pint,Pint) []",
        "@56a6d5a6  c.i.m.j.remote.api.RemoteFAP  -  }  MQPUT(Hconn,Hobj,MQMD,MQPMO,int,ByteBuffer,Pint,Pint)",
    ),
}
ROW: dict[Client, str] = {
    "c": "0x0000:  41414141 41414141 41414141 41414141  |{words}|",
    "dotnet": "0x00000000 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 41 : {words}",
    "java": "0x00000000 (       0) : 41414141 41414141 41414141 41414141 : {words}",
}


def after_the_call(lines: Lines, words: str) -> list[str]:
    """The thread says it once its call has returned."""
    return [*lines, words]


def before_the_call(lines: Lines, words: str) -> list[str]:
    """The thread says it before its call begins."""
    return [words, *lines]


def in_another_thread(lines: Lines, words: str) -> list[str]:
    """Another thread, which works for something else, says it while the call is open."""
    return [*lines[:2], f"2| {words}", *lines[2:]]


def in_the_text_of_a_dump(client: Client) -> Planter:
    """A buffer that is dumped while the call is open holds it."""

    def plant(lines: Lines, words: str) -> list[str]:
        return [*lines[:2], ROW[client].format(words=words), *lines[2:]]

    return plant


def in_the_data_of_a_put(client: Client) -> Planter:
    """A message that the program puts once it is connected holds it."""

    def plant(lines: Lines, words: str) -> list[str]:
        begin, end = PUT[client]
        return [*lines, begin, words, end]

    return plant
