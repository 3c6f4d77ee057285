import re

import pytest
from msgspec.structs import replace

from mqtrace.catalog.causes import CauseInfo, all_causes
from mqtrace.model import Attempt, Cause, Connection, Location, LogEntry, Outcome, Setting
from mqtrace.report.fitting import fitted, fitting_steps, of_this_reason


def outcome(cause: str = "network.refused", store: str = "", label: str = "", **fields: object) -> Outcome:
    """A failed connection with the values given."""
    known = {
        "client": "dotnet",
        "source": "trace.TRC",
        "address": "mq1.example.com(1415)",
        "queue_manager": "QM1",
        "channel": "APP.TLS",
        "user": "alice",
    }
    settings = (
        Setting("ccdt", "file:///srv/app/ccdt.json", "env:MQCHLLIB", "inferred", (), ()),
        Setting("key_repository", store, "env:MQSSLKEYR", "traced", (), ()),
        Setting("certificate_label", label, "ccdt", "traced", (), ()),
    )
    return Outcome(Connection(**{**known, **fields}), settings, Cause(cause, "", "", (), "certain"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (
            "ss -ltn | grep PORT   (Windows: netstat -ano | findstr PORT)",
            "ss -ltn | grep 1415   (Windows: netstat -ano | findstr 1415)",
        ),
        ("nc -vz -w 5 HOST PORT", "nc -vz -w 5 mq1.example.com 1415"),
        ("openssl s_client -connect HOST:PORT </dev/null", "openssl s_client -connect mq1.example.com:1415 </dev/null"),
        ("Test-NetConnection HOST -Port PORT", "Test-NetConnection mq1.example.com -Port 1415"),
        (
            'echo "DISPLAY CHANNEL(CHANNEL) SSLCIPH" | runmqsc QMGR',
            'echo "DISPLAY CHANNEL(APP.TLS) SSLCIPH" | runmqsc QM1',
        ),
        ("runmqlsr -m QMGR -t tcp -p PORT", "runmqlsr -m QM1 -t tcp -p 1415"),
        ("Read QMGR/errors/AMQERR01.LOG", "Read QM1/errors/AMQERR01.LOG"),
        ("START CHANNEL(CHANNEL)", "START CHANNEL(APP.TLS)"),
        ("DISPLAY CHLAUTH('CHANNEL') CLNTUSER('USER')", "DISPLAY CHLAUTH('APP.TLS') CLNTUSER('alice')"),
        ("mqtrace decode sni --encode CHANNEL", "mqtrace decode sni --encode APP.TLS"),
        ("mqtrace ccdt match ccdt.json QMGR", "mqtrace ccdt match /srv/app/ccdt.json QM1"),
        ("DEFINE CHANNEL(NAME)", "DEFINE CHANNEL(NAME)"),
    ],
)
def test_commands_hold_the_values_of_the_case(step: str, expected: str) -> None:
    assert fitted(step, outcome()) == expected


@pytest.mark.parametrize(
    "words", ["MQ writes it as HOST(PORT)", "DISPLAY LSSTATUS(*) PORT STATUS", "SET CHLAUTH(*) USERSRC(CHANNEL)"]
)
def test_keywords_and_prose_stay(words: str) -> None:
    assert fitted(words, outcome()) == words


@pytest.mark.parametrize("hostile", ["A;reboot", "$(reboot)", "A`id`", "A B", "A\nB", "A')", "-rf", "", "lower.case"])
def test_a_value_that_a_shell_or_mqsc_could_misread_is_not_used(hostile: str) -> None:
    step = "DISPLAY CHANNEL(NAME) | runmqsc QMGR HOST:PORT"
    assert fitted(step, outcome(channel=hostile, queue_manager=hostile, address=f"{hostile}(x)")) == step


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        ("/home/app/key", "-db /home/app/key.kdb -label app1"),
        ("/home/app/key.p12", "-db /home/app/key.p12 -label app1"),
        ("*USER", "-db /PATH/key.kdb -label app1"),
    ],
)
def test_key_repository_is_named_as_a_file(store: str, expected: str) -> None:
    assert fitted("-db /PATH/key.kdb -label LABEL", outcome(store=store, label="app1")) == expected


def test_several_addresses_are_not_mistaken_for_one() -> None:
    tried = (Attempt("APP.TLS", "mq1(1414)"), Attempt("APP.TLS", "mq1.example.com(1415)"))
    assert fitted("nc -vz HOST PORT", outcome(attempts=tried)) == "nc -vz HOST PORT"


def test_a_queue_manager_of_the_wrong_name_is_not_administered() -> None:
    assert fitted("runmqsc QMGR", outcome("qmgr.name-mismatch")) == "runmqsc QMGR"


def test_steps_for_other_clients_are_left_out() -> None:
    assert fitting_steps(("Java: a", ".NET: b", "c", "C: d"), outcome()) == ("B", "C")
    log_alone = replace(outcome(), connection=replace(outcome().connection, client="unknown"))
    assert fitting_steps(("Java: a", ".NET: b", "c"), log_alone) == ("Java: a", ".NET: b", "c")


# ---------------------------------------------------------------- all causes

# What stands for a value in a command, and what is no such word where it stands.
PLACEHOLDERS = re.compile(r"\b(?:HOST|PORT|QMGR|CHANNEL|USER|ADDRESS|LABEL)\b|/PATH/(?:key\.kdb|ccdt\.json)")
KEYWORDS = re.compile(
    r"\(\*\) PORT|APPLTAG CHANNEL|DISPLAY QMGR|(?:DISPLAY|START|STOP|ALTER|DEFINE) CHANNEL(?=\()|USERSRC\(CHANNEL\)"
    r"|ADDRESS\('ADDRESS'\)|ip route get ADDRESS|CERTLABL\('LABEL'\)|MQSERVER='CHANNEL/TCP/HOST\(PORT\)'|TOKEN LABEL"
)
# Causes that the known value is the fault of, or that lie at the other end: its own value is another one.
OTHERS = {"qmgr.name-mismatch"}


@pytest.mark.parametrize("client", ["c", "java", "dotnet"])
@pytest.mark.parametrize("identity", [info.id for info in all_causes() if info.id not in OTHERS])
def test_no_command_of_a_cause_has_a_placeholder_whose_value_is_known(identity: str, client: str) -> None:
    info = next(info for info in all_causes() if info.id == identity)
    known = outcome(identity, store="/srv/app/key.kdb", label="app1", client=client)
    commands = [command for step in fitting_steps(info.fix, known) for command in step.split("   ")[1::2]]
    left = [command for command in commands if PLACEHOLDERS.search(KEYWORDS.sub("", command))]
    assert left == []


@pytest.mark.parametrize("identity", [info.id for info in all_causes()])
def test_a_java_client_is_given_no_step_of_a_c_client(identity: str) -> None:
    info = next(info for info in all_causes() if info.id == identity)
    words = " ".join(fitting_steps(info.fix, outcome(identity, client="java")))
    assert not re.search(r"strmqtrc|MQSSLKEYR|MQCERTLABL|MQKEYRPWD|the client's AMQERR01", words)


# ---------------------------------------------------------------- what is refuted, and which code came


def test_a_log_that_was_read_is_not_asked_for_again() -> None:
    entries = (LogEntry("AMQ9202", "", Location("AMQERR01.LOG", 1), program="orders"),)
    steps = ["C: read the client's AMQERR01.LOG.", "Read QMGR/errors/AMQERR01.LOG", "Try it."]
    assert fitting_steps(steps, outcome(client="c", log_entries=entries)) == ("Read QM1/errors/AMQERR01.LOG", "Try it.")
    entries = (replace(entries[0], queue_manager="QM1"),)
    assert fitting_steps(steps, outcome(client="c", log_entries=entries)) == (
        "Read the client's AMQERR01.LOG.",
        "Try it.",
    )


def test_the_cipherspec_that_is_not_known_is_not_advised() -> None:
    steps = ["Use, for example, ANY_TLS12_OR_HIGHER.", "Try another one."]
    known = outcome("tls.cipherspec-unknown")
    spec = Setting("cipher_spec", "ANY_TLS12_OR_HIGHER", "ccdt", "traced", (), ())
    assert fitting_steps(steps, known) == tuple(steps)
    assert fitting_steps(steps, replace(known, settings=(spec,))) == ("Try another one.",)


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("Cut. The application gets 2393 or 2400, from .NET 2538.", 2400, "Cut. The application gets 2400."),
        ("The client gets 2538, before any MQ data flows.", 2538, "The client gets 2538, before any MQ data flows."),
        (
            "The application got 2393 and nothing here says why.",
            2397,
            "The application got 2397 and nothing here says why.",
        ),
        ("The application gets 2393.", None, "The application gets 2393."),
        ("It had 2393 files.", 2397, "It had 2393 files."),
    ],
)
def test_the_code_that_came_is_told_and_no_other(words: str, code: int | None, told: str) -> None:
    assert of_this_reason(words, code) == told


@pytest.mark.parametrize("info", all_causes(), ids=lambda info: info.id)
def test_no_explanation_names_the_code_of_another_client(info: CauseInfo) -> None:
    told = of_this_reason(info.explanation, 2195)
    assert not re.search(
        r"(?:application|client) (?:gets|got|sees)(?: only)? (?!2195)\d{4}|from (?:Java|\.NET) \d{4}", told
    )


def logged(message: str, inserts: dict[int, str], **fields: object) -> Outcome:
    """A connection that a program printed, joined with what its queue manager's log says of it."""
    place = Location("AMQERR01.LOG", 1)
    entry = LogEntry(message, "", place, user="mqm", program="amqrmppa", queue_manager="QM1", inserts=inserts)
    return outcome(**{"client": "c", "user": "mqm", "address": "qmh(1414)", "log_entries": (entry,), **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "inserts", "step"),
    [
        ("AMQ9777", {3: "A.CH", 4: "192.0.2.7", 5: "CLNTUSER(dave) X"}, "ADDRESS('192.0.2.7') CLNTUSER('dave')"),
        ("AMQ9777", {3: "A.CH", 4: "192.0.2.7", 5: "SSLPEER(x)"}, "ADDRESS('192.0.2.7') CLNTUSER('USER')"),
        ("AMQ5534", {3: "dave", 4: "feed"}, "ADDRESS('ADDRESS') CLNTUSER('dave')"),
        ("AMQ5530", {}, "ADDRESS('ADDRESS') CLNTUSER('USER')"),
    ],
    ids=["both", "no user", "no address", "neither: not the queue manager's own"],
)
def test_user_and_address_are_those_that_the_queue_manager_s_log_names(
    message: str, inserts: dict[int, str], step: str
) -> None:
    assert fitted("ADDRESS('ADDRESS') CLNTUSER('USER')", logged(message, inserts)) == step


def test_a_route_is_asked_for_by_number() -> None:
    assert fitted("ip route get ADDRESS", outcome(address="192.0.2.7(1414)")) == "ip route get 192.0.2.7"
    assert fitted("ip route get ADDRESS", outcome()) == "ip route get ADDRESS"


STEP = "Correct it where the client got it (CCDT, MQSERVER, mqclient.ini or the program)."


@pytest.mark.parametrize(
    ("cause", "setting", "expected"),
    [
        ("tls.certificate-label-not-found", "certificate_label", "(certificateLabel of APP.TLS in /srv/app/ccdt.json)"),
        ("settings.ccdt-missing", "ccdt", "(MQCHLLIB)"),
        ("network.refused", "address", "(mqclient.ini Channels.ServerConnectionParms)"),
        ("channel.unknown", "channel", "(CCDT, MQSERVER, mqclient.ini or the program)"),
        ("auth.not-authorized", "address", "(CCDT, MQSERVER, mqclient.ini or the program)"),
    ],
    ids=["a table", "a variable", "mqclient.ini", "not known", "not a matter of a setting"],
)
def test_the_true_source_of_the_faulty_setting_is_named(cause: str, setting: str, expected: str) -> None:
    known = outcome(cause, label="app1")
    address = Setting("address", "h(1)", "ini:Channels.ServerConnectionParms", "inferred", (), ())
    channel = Setting("channel", "APP.TLS", "unknown", "traced", (), ())
    known = replace(known, settings=(*known.settings, address, channel))
    assert fitted(STEP, known) == f"Correct it where the client got it {expected}."
