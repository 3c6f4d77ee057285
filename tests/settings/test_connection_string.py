"""The three parts of MQSERVER and ServerConnectionParms."""

import pytest

from mqtrace.model import UsageError
from mqtrace.settings.connection_string import is_valid, part_of


@pytest.mark.parametrize(
    ("text", "channel", "transport", "address", "valid"),
    [
        ("APP.SVRCONN/TCP/mq1.example.com(1414)", "APP.SVRCONN", "TCP", "mq1.example.com(1414)", True),
        ("APP/TCP/h1(1414),h2(1415)", "APP", "TCP", "h1(1414),h2(1415)", True),
        ("APP/TCP/h1", "APP", "TCP", "h1", True),
        ("APP/TCP/ h1(1414) ", "APP", "TCP", "h1(1414)", True),
        ("'APP/TCP/h1(1414)'", "APP", "TCP", "h1(1414)", True),
        ('"APP/TCP/h1(1414)"', "APP", "TCP", "h1(1414)", True),
        ("APP/LU62/dir/name", "APP", "LU62", "dir/name", True),
        ("APP/TCP/2001:db8::1(1414)", "APP", "TCP", "2001:db8::1(1414)", True),
        ("APP/TCP", "APP", "TCP", "", False),
        ("APP/TCP/", "APP", "TCP", "", False),
        ("APP", "APP", "", "", False),
        ("/TCP/h1(1414)", "", "TCP", "h1(1414)", False),
        ("APP//h1(1414)", "APP", "", "h1(1414)", False),
        ("", "", "", "", False),
        ("mq1.example.com(1414)", "mq1.example.com(1414)", "", "", False),
    ],
)  # fmt: skip
def test_the_parts_of_a_connection_string(text: str, channel: str, transport: str, address: str, valid: bool) -> None:
    assert [part_of(text, part) for part in ("channel", "transport", "address")] == [channel, transport, address]
    assert is_valid(text) == valid


def test_an_unknown_part_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(UsageError, match="channel, transport and address"):
        part_of("APP/TCP/h1(1414)", "port")
