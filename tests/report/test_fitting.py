from dataclasses import replace

import pytest

from mqtrace.model import Attempt, Cause, Connection, Outcome, Setting
from mqtrace.report.fitting import fitted, fitting_steps


def outcome(cause: str = "network.refused", store: str = "", label: str = "", **fields: object) -> Outcome:
    """A failed connection with the values given."""
    known = {
        "client": "dotnet",
        "source": "trace.TRC",
        "address": "mq1.example.com(1415)",
        "queue_manager": "QM1",
        "channel": "APP.TLS",
    }
    settings = (
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
    ],
)
def test_commands_hold_the_values_of_the_case(step: str, expected: str) -> None:
    assert fitted(step, outcome()) == expected


@pytest.mark.parametrize(
    "words", ["MQ writes it as HOST(PORT)", "DISPLAY LSSTATUS(*) PORT STATUS", "Read QMGR/errors/AMQERR01.LOG"]
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
