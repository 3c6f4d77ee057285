"""Hand-made reports (synthetic: no file stands behind them)."""

from mqtrace.model import (
    Alternative,
    Attempt,
    Candidate,
    Cause,
    Connection,
    Evidence,
    Fact,
    Finding,
    Gap,
    InputRead,
    Location,
    Outcome,
    Report,
    Setting,
    Structure,
    StructureField,
)
from mqtrace.model.tls import Handshake

TRACE = "/home/app/traces/AMQ7253.0.FMT"


def line(number: int, text: str, source: str = TRACE) -> Evidence:
    """A line of a file as proof."""
    return Evidence(Location(source, number), text)


def trace(source: str = TRACE, **fields: object) -> InputRead:
    """A trace of the C client that was read."""
    return InputRead(source, "trace-c", **{"size": 24310, "lines": 289, "records": 41, "unparsed_lines": 14, **fields})  # type: ignore[arg-type]


LABEL_NOT_FOUND = Cause(
    "tls.certificate-label-not-found",
    "The certificate label 'rsaca256_clientx' is not in the key repository /home/app/ssl/key.",
    "GSKit answered 407 (GSK_ERROR_BAD_KEYFILE_LABEL). The label came from the channel table; mqclient.ini has "
    "another one, 'app1_client', "
    "which lost.",
    (
        "See which labels exist:   runmqakm -cert -list -db /home/app/ssl/key.kdb -stashed",
        "Correct certificateLabel of channel APP.TLS in /home/app/ccdt.json, or import the certificate under that "
        "label.",
    ),
    "certain",
    evidence=(
        line(283, "gsk_secure_soc_init rc=407"),
        line(222, "MQCD CertificateLabel 'rsaca256_clientx'"),
        line(86, "CertificateLabel = 'app1_client'"),
    ),
)

LEDGER = (
    Setting(
        "channel",
        "APP.TLS",
        "ccdt",
        "traced",
        (Candidate("ccdt", "APP.TLS", "won", "The only place that names one."),),
        (line(201, "Channel APP.TLS"),),
    ),
    Setting(
        "ccdt",
        "file:///home/app/ccdt.json",
        "env:MQCCDTURL",
        "traced",
        evidence=(line(88, "MQCCDTURL=file:///home/app/ccdt.json"),),
    ),
    Setting("mqclient_ini", "/var/mqm/mqclient.ini", "data-directory", "inferred"),
    Setting(
        "key_repository",
        "/home/app/ssl/key",
        "env:MQSSLKEYR",
        "traced",
        evidence=(line(90, "MQSSLKEYR=/home/app/ssl/key"),),
    ),
    Setting(
        "certificate_label",
        "rsaca256_clientx",
        "ccdt",
        "traced",
        (
            Candidate("application", "", "not-set", "The MQSCO has none."),
            Candidate(
                "ccdt",
                "rsaca256_clientx",
                "won",
                "The channel table's entry beats the file.",
                (line(222, "CertificateLabel"),),
            ),
            Candidate(
                "ini:SSL.CertificateLabel",
                "app1_client",
                "overridden",
                "Read, but the channel table beats it.",
                (line(86, "x"),),
            ),
        ),
        (line(222, "MQCD CertificateLabel 'rsaca256_clientx'"),),
    ),
    Setting(
        "cipher_spec",
        "ANY_TLS12_OR_HIGHER",
        "ccdt",
        "traced",
        evidence=(line(219, "MQCD SSLCipherSpec 'ANY_TLS12_OR_HIGHER'"),),
    ),
    Setting("ssl_peer", "", "none", "inferred"),
    Setting("outbound_sni", "CHANNEL", "default", "traced"),
)

TLS_CONNECTION = Connection(
    "c",
    TRACE,
    process=7253,
    thread="7253.1",
    program="/opt/mqm/samp/bin/amqsgetc",
    user="app",
    level="9.3.0.10",
    start="2026-11-24T09:00:00.123456",
    end="2026-11-24T09:00:00.311002",
    queue_manager="QM1",
    channel="APP.TLS",
    address="qm1.example.com(1414)",
    completion_code=2,
    reason_code=2393,
    phase="tls",
    facts=(
        Fact("env.MQSSLKEYR", "/home/app/ssl/key", Location(TRACE, 90), "MQSSLKEYR=/home/app/ssl/key", "set"),
        Fact("env.MQKEYRPWD", "s3cret", Location(TRACE, 91), "MQKEYRPWD=s3cret", "set"),
        Fact("mqcd.ChannelName", "APP.TLS", Location(TRACE, 215), "ChannelName 'APP.TLS'", "used"),
    ),
    structures=(
        Structure(
            "MQCD",
            10,
            64,
            "little",
            (StructureField("ChannelName", 0, "APP.TLS"), StructureField("Password", 0x1B8, "s3cret")),
            (StructureField("CertificateLabel", 1900, "rsaca256_clientx"),),
            evidence=(line(215, "MQCD version 10"),),
        ),
    ),
)

TLS_FAILURE = Report(
    (
        Outcome(
            TLS_CONNECTION,
            LEDGER,
            LABEL_NOT_FOUND,
            (Finding("tls.initialization", "fail", "the application got 2393", evidence=(line(288, "rc=2393"),)),),
            tls=Handshake(server_name="app2e-tls.chl.mq.ibm.com", messages=("client_hello",)),
        ),
    ),
    findings=(
        Finding("tls.certificate-label-not-found", "fail", "The label is not there."),
        Finding(
            "settings.ignored-by-client",
            "warn",
            "MQSSLCRYP is set, but a client without cryptographic hardware does not use it.",
            evidence=(line(92, "MQSSLCRYP="),),
        ),
    ),
    inputs=(trace(),),
    gaps=(
        Gap(
            "Which certificate did the queue manager send? This trace shows none.",
            "Trace with `strmqtrc -e -t all` to see it.",
        ),
    ),
)

REFUSED = Cause(
    "network.refused",
    "Nothing listens at 10.0.0.7 port 1415.",
    "The operating system answered ECONNREFUSED (111) to connect().",
    (
        'See whether the listener runs:   echo "DISPLAY LSSTATUS(*) PORT" | runmqsc QM1',
        "Correct the port in the connection name.",
    ),
    "certain",
    evidence=(line(403, "connect failed: errno 111"),),
)
UNREACHABLE = Cause("network.unreachable", "No route leads to 10.9.9.9.", "", (), "certain")

ADDRESS_LIST = Report(
    (
        Outcome(
            Connection(
                "c",
                TRACE,
                7300,
                "7300.1",
                "orders",
                level="9.4.0.0",
                start="2026-11-24T10:15:02.000100",
                end="2026-11-24T10:15:23.120100",
                queue_manager="QM1",
                channel="APP.SVRCONN",
                address="10.0.0.7(1415)",
                completion_code=2,
                reason_code=2538,
                phase="tcp",
                attempts=(
                    Attempt("APP.SVRCONN", "10.9.9.9(1414)"),
                    Attempt("APP.SVRCONN", "qm-standby.internal.example.com(1414)"),
                    Attempt("APP.SVRCONN", "10.0.0.7(1415)"),
                ),
            ),
            (
                Setting(
                    "channel",
                    "APP.SVRCONN",
                    "env:MQSERVER",
                    "traced",
                    evidence=(line(12, "MQSERVER=APP.SVRCONN/TCP/10.9.9.9(1414),..."),),
                ),
                Setting(
                    "address",
                    "10.9.9.9(1414),qm-standby.internal.example.com(1414),10.0.0.7(1415)",
                    "env:MQSERVER",
                    "traced",
                    (
                        Candidate("env:MQSERVER", "x", "won"),
                        Candidate("ccdt", "qm2.example.com(1414)", "ignored", "MQSERVER hides the table."),
                    ),
                ),
            ),
            REFUSED,
            attempt_causes=(UNREACHABLE, None, REFUSED),
        ),
    ),
    inputs=(trace(unparsed_lines=0),),
)


def folded() -> Report:
    """600 connections: 594 refused on three channels, 5 rejected certificates of a single one, 1 connected."""

    def outcome(number: int) -> Outcome:
        clock = f"2026-11-24T11:{number // 60:02d}:{number % 60:02d}.500000"
        shared = {
            "process": 9000,
            "thread": f"9000.{number + 1}",
            "program": "billing",
            "queue_manager": "QM1",
            "start": clock,
        }
        if number == 599:
            connection = Connection(
                "java",
                TRACE,
                **shared,
                channel="APP.SVRCONN",
                address="10.0.0.7(1414)",
                reason_code=0,
                phase="connected",
            )  # type: ignore[arg-type]
            return Outcome(connection)
        if number % 120 == 7:
            connection = Connection(
                "java",
                TRACE,
                **shared,
                channel="APP.TLS",
                address="10.0.0.7(1416)",
                completion_code=2,
                reason_code=2397,
            )  # type: ignore[arg-type]
            return Outcome(connection, LEDGER, LABEL_NOT_FOUND)
        channel = f"APP{number % 3}.SVRCONN"
        connection = Connection(
            "java", TRACE, **shared, channel=channel, address="10.0.0.7(1415)", completion_code=2, reason_code=2538
        )  # type: ignore[arg-type]
        return Outcome(connection, LEDGER[:2], REFUSED)

    warning = Finding(
        "settings.ini-unknown-key", "warn", "mqclient.ini has a key SSL.KeyRepo that no client reads.", connection=599
    )
    return Report(
        tuple(map(outcome, range(600))),
        (warning,),
        (trace(), trace("/home/app/AMQERR01.LOG", size=2_400_000, lines=31_000)),
    )


CONNECTED = Report(
    (
        Outcome(
            Connection(
                "dotnet",
                "/home/app/dotnet.trc",
                thread="41.9",
                program="Orders.exe",
                level="9.3.0.0",
                start="09:00:00.123456",
                queue_manager="QM1",
                channel="APP.SVRCONN",
                address="qm1.example.com(1414)",
                completion_code=0,
                reason_code=0,
                phase="connected",
            ),
            (
                Setting(
                    "channel",
                    "APP.SVRCONN",
                    "env:MQSERVER",
                    "traced",
                    evidence=(line(41, "MQSERVER is set", "/home/app/dotnet.trc"),),
                ),
                Setting("cipher_spec", "", "default", "inferred"),
                Setting("ccdt", "", "unknown", "unknown"),
                Setting("key_repository", "", "none", "inferred"),
                Setting("certificate_label", "", "none", "inferred"),
            ),
        ),
    ),
    findings=(
        Finding(
            "settings.mqserver-hides-ccdt",
            "warn",
            "The connection has no TLS, although the channel table that MQSERVER hides has TLS for this queue manager.",
            evidence=(line(41, "MQSERVER is set", "/home/app/dotnet.trc"),),
        ),
    ),
    inputs=(InputRead("/home/app/dotnet.trc", "trace-dotnet", 1_200_000, 8000, 120, 0),),
)

NOTHING = Report(
    inputs=(
        InputRead("/tmp/core.bin", "unknown", 4096, 3),
        InputRead("/var/mqm/trace/AMQ1.0.TRC", "not-formatted", 100_000, 0, note="Not formatted: run dspmqtrc on it."),
        InputRead("/tmp/locked.log", "unknown", error="no right to read it"),
    ),
    gaps=(
        Gap(
            "Whether a client tried to connect at all.", "Trace the client while it connects:   strmqtrc -m QM1 -t all"
        ),
    ),
)

UNKNOWN_CAUSE = Report(
    (
        Outcome(
            Connection(
                "java",
                "client.trc",
                thread="1.15",
                program="com.example.App",
                reason_code=2059,
                completion_code=2,
                phase="negotiation",
            ),
            cause=Cause(
                "qmgr.unavailable",
                "The queue manager did not take the connection.",
                "The client got 2059, and nothing before it says why.",
                ("Read the queue manager's AMQERR01.LOG of that time.",),
                "possible",
                (
                    Alternative("qmgr.stopping", "AMQERR01.LOG of the queue manager has AMQ8004 at that time."),
                    Alternative("channel.limit", "AMQERR01.LOG has AMQ9513."),
                ),
                (line(77, "MQJE001: completion code 2, reason 2059", "client.trc"),),
            ),
        ),
        Outcome(
            Connection(
                "c",
                "client.trc",
                thread="2.1",
                completion_code=2,
                reason_code=2009,
                phase="connected",
                queue_manager="QM2",
            )
        ),
        Outcome(Connection("c", "client.trc", thread="2.2", phase="tls", queue_manager="QM2")),
    ),
    gaps=(Gap("Why was the connection broken?", "Give mqtrace the queue manager's error log of the same time too."),),
    inputs=(InputRead("client.trc", "trace-java", 999, 90, 12, 1),),
)

HOSTILE = Report(
    (
        Outcome(
            Connection(
                "unknown",
                "/tmp/\x1b]0;owned\x07a\u202egol.trc",
                thread="1.1",
                program="a\x9b31mb [bold]x[red]",
                queue_manager="Q`M\n1 | <img src=x onerror=alert(1)>",
                channel="APP\x1b[31m.\u200bCH",
                address="a|b`c(1414)",
                completion_code=2,
                reason_code=2035,
                phase="mqconn",
            ),
            (
                Setting("key_repository", "/keys/" + "k" * 10_000 + "/password/key.kdb", "env:MQSSLKEYR", "traced"),
                Setting("user_password", "s3cret", "application", "traced"),
                Setting(
                    "ssl_peer",
                    "CN=漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字,O=" + "é" * 40,
                    "application",
                    "traced",
                ),
            ),
            Cause(
                "auth.password-wrong",
                "The user [link](http://evil.example) **x** <script>alert(1)</script> is unknown.",
                "MQSAMP_USER_ID=app MQ_PASSWORD=s3cret were sent by @everyone to https://u:s3cret@h/ | `x`.",
                ("Run\x07   runmqsc -pw s3cret",),
                "likely",
                evidence=(
                    line(7, "Password : 's3cret' \x1b[2J\u2028 user=app", "/tmp/\x1b]0;owned\x07a\u202egol.trc"),
                    line(8, '{"password": "s3cret"} ' + "z" * 10_000 + " end-of-line"),
                ),
            ),
        ),
    ),
    inputs=(InputRead("/tmp/\x1b]0;owned\x07a\u202egol.trc", "unknown", 1, 1, note="<b>note</b> \x1b[1m"),),
    notes=("\ud800 lone surrogate",),
)

ALL = {
    "tls-failure": TLS_FAILURE,
    "address-list": ADDRESS_LIST,
    "folded": folded(),
    "connected": CONNECTED,
    "nothing": NOTHING,
    "unknown-cause": UNKNOWN_CAUSE,
    "hostile": HOSTILE,
}
