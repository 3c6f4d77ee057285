"""Where a program runs, whatever tells it."""

from pathlib import Path

import pytest

from mqtrace.preflight.surroundings import of_listing


@pytest.mark.parametrize(
    "listing",
    [
        b"MQSERVER=A/TCP/h(1)\nHOME=/home/a\nLOGNAME=a\n",
        b"export MQSERVER='A/TCP/h(1)'\nexport HOME=\"/home/a\"\nexport USER=a\n",
        b"MQSERVER=A/TCP/h(1)\0HOME=/home/a\0LOGNAME=a\0",
    ],
)
def test_listings(listing: bytes) -> None:
    around = of_listing("app.env", listing, "/app")
    assert (around.variable("MQSERVER"), around.home, around.user) == ("A/TCP/h(1)", "/home/a", "a")
    assert around.is_here is False


def test_java_options_and_no_secret_of_them() -> None:
    options = "JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=/t.p12 -Djavax.net.ssl.trustStorePassword=hidden -Xmx1g\n"
    found = of_listing("app.env", options.encode(), "/app").properties
    assert {name: each.value for name, each in found.items()} == {
        "javax.net.ssl.trustStore": "/t.p12",
        "javax.net.ssl.trustStorePassword": "***",
    }


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("ccdt.json", "app/ccdt.json"),
        ("./ccdt.json", "app/ccdt.json"),
        ("/etc/mq/ccdt.json", "etc/mq/ccdt.json"),
        ("file:///etc/mq/ccdt.json", "etc/mq/ccdt.json"),
        ("/../../etc/passwd", "etc/passwd"),
    ],
)
def test_files_are_looked_for_below_the_root(named: str, found: str, tmp_path: Path) -> None:
    assert of_listing("app.env", b"", "/app", tmp_path).file(named) == tmp_path / found


@pytest.mark.parametrize("named", ["https://conf/ccdt.json", "C:\\mq\\ccdt.json", "\\\\server\\ccdt.json", ""])
def test_what_is_no_file_of_this_machine(named: str) -> None:
    assert of_listing("app.env", b"", "/app").file(named) is None
