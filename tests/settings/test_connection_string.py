"""The three parts of MQSERVER and ServerConnectionParms."""

import pytest

from mqtrace.model import UsageError
from mqtrace.settings.connection_string import as_the_client_reads, is_valid, part_of


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


# What the C client 9.2.0 makes of other forms: channel, addresses that it tries, reason before any address is tried,
# what surprises.
FORMS = {
    "right": ("A.CH/TCP/h(61)", "A.CH", ["h(61)"], 0, []),
    "no port": ("A.CH/tcp/h", "A.CH", ["h(1414)"], 0, []),
    "blanks around the port": ("A.CH/TCP/h ( 61 ) \n", "A.CH", ["h(61)"], 0, []),
    "parenthesis not closed": ("A.CH/TCP/h(61", "A.CH", ["h(61)"], 0, []),
    "two addresses": ("A.CH/TCP/h(61), i(62)", "A.CH", ["h(61)", "i(62)"], 0, []),
    "other transport word": (
        "A.CH/TCPIP/h(61)",
        "A.CH",
        [],
        2058,
        ["the client refuses it with 2058: its transport 'TCPIP' is not known (AMQ9221)"],
    ),
    "two parts": ("A.CH/h(61)", "A.CH", [], 2058, ["the client refuses it with 2058: it lacks a part (AMQ9566)"]),
    "LU 6.2": ("A.CH/LU62/SIDE", "A.CH", [], 2539, ["transport LU62 fails at once with 2539"]),
    "quotes": (
        "'A.CH/TCP/h(61)'",
        "'A.CH",
        ["h(61)"],
        0,
        ["the quote belongs to the name of the channel, 'A.CH"],
    ),
    "leading blank": (" A.CH/TCP/h(61)", " A.CH", ["h(61)"], 0, ["a blank belongs to the name of the channel"]),
    "no channel": ("/TCP/h(61)", "", ["h(61)"], 0, ["the name of the channel is blank"]),
    "long channel": (
        "A" * 21 + "/TCP/h(61)",
        "A" * 20,
        ["h(61)"],
        0,
        ["the name of the channel is cut to 20 characters"],
    ),
    "no host": ("A.CH/TCP/", "A.CH", [], 2539, ["an address is blank, which ends with AMQ9203 and 2539"]),
    "comma at the end": (
        "A.CH/TCP/h(61),",
        "A.CH",
        ["h(61)"],
        0,
        ["an address is blank, which ends with AMQ9203 and 2539"],
    ),
    "port that is a word": (
        "A.CH/TCP/h(abc)",
        "A.CH",
        ["h(0)"],
        0,
        ["the port of h(abc) is no number and taken for 0"],
    ),
    "empty port": ("A.CH/TCP/h()", "A.CH", ["h(0)"], 0, ["the port of h() is no number and taken for 0"]),
    "port too large": (
        "A.CH/TCP/h(70000)",
        "A.CH",
        [],
        2539,
        ["h(70000) has a port beyond 65535, which ends with AMQ9203 and 2539"],
    ),
    "port behind a colon": (
        "A.CH/TCP/h:61",
        "A.CH",
        [],
        2538,
        ["h:61 is taken for the name of a host, and there can be none of that name"],
    ),
    "CipherSpec": (
        "A.CH/TCP/h(61)/ANY_TLS12",
        "A.CH",
        ["h(61)"],
        0,
        ["what follows the third slash is ignored, so a CipherSpec there means no TLS"],
    ),
    "semicolon": (
        "A.CH/TCP/h(61);i(62)",
        "A.CH",
        ["h(61)"],
        0,
        ["';i(62)' is ignored, as it follows the end of an address"],
    ),
    "20 addresses": (
        "A.CH/TCP/" + ",".join(["127.0.0.1(61)"] * 20),
        "A.CH",
        ["127.0.0.1(61)"] * 18,
        0,
        ["the list of addresses is cut at 264 characters without a message"],
    ),
}


@pytest.mark.parametrize(("text", "channel", "addresses", "reason", "surprises"), FORMS.values(), ids=FORMS)
def test_what_the_c_client_makes_of_a_form(
    text: str, channel: str, addresses: list[str], reason: int, surprises: list[str]
) -> None:
    read = as_the_client_reads(text)
    assert [address.text for address in read.addresses if not address.fault] == addresses
    assert (read.channel, read.reason, list(read.surprises)) == (channel, reason, surprises)
