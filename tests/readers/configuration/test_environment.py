"""Saved environments: every form in which a listing, script or container states a variable."""

from io import BufferedReader, BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration import environment
from mqtrace.readers.tally import Tally

SERVER = ("MQSERVER", "APP.SVRCONN/TCP/h(1414)")


def read(data: bytes) -> tuple[list[ConfigValue], Tally]:
    tally = Tally()
    source = Source("env.txt", BufferedReader(BytesIO(data)))  # type: ignore[arg-type]
    return list(environment.read(source, tally)), tally


def pairs(text: str | bytes) -> list[tuple[str, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(value.name, value.value) for value in read(data)[0]]


FORMS = {
    "env": ("PATH=/usr/bin\nMQSERVER=APP.SVRCONN/TCP/h(1414)\n", [SERVER]),
    "env with blanks": ("MQCHLLIB=/my tables\n", [("MQCHLLIB", "/my tables")]),
    "env quoted": ('MQCHLLIB="/my tables"\n', [("MQCHLLIB", "/my tables")]),
    "before a command": ("MQSERVER='APP.SVRCONN/TCP/h(1414)' ./amqsputc Q\n", [SERVER]),
    "export -p of bash": ('declare -x MQSERVER="APP.SVRCONN/TCP/h(1414)"\n', [SERVER]),
    "export -p of dash": ("export MQSERVER='APP.SVRCONN/TCP/h(1414)'\n", [SERVER]),
    "two exports": ("export MQCHLLIB=/a MQCHLTAB=b.tab\n", [("MQCHLLIB", "/a"), ("MQCHLTAB", "b.tab")]),
    "escapes of a shell": ('export MQCERTLABL="a \\"b\\" \\$c"\n', [("MQCERTLABL", 'a "b" $c')]),
    "set of Windows": ("MQSERVER=APP.SVRCONN/TCP/h(1414)\r\nOS=Windows_NT\r\n", [SERVER]),
    "batch file": ("@echo off\r\nSET MQCHLLIB=C:\\my tables\r\n", [("MQCHLLIB", "C:\\my tables")]),
    "batch file, quoted": ('set "MQSERVER=APP.SVRCONN/TCP/h(1414)"\r\n', [SERVER]),
    "setx": ("setx MQSERVER APP.SVRCONN/TCP/h(1414)\n", [SERVER]),
    "csh": ("setenv MQSERVER APP.SVRCONN/TCP/h(1414)\n", [SERVER]),
    "PowerShell": ('$env:MQSERVER = "APP.SVRCONN/TCP/h(1414)"\n', [SERVER]),
    "PowerShell, listing": ("Name                Value\n----\nMQSERVER            APP.SVRCONN/TCP/h(1414)\n", [SERVER]),
    "systemd": (
        '[Service]\nEnvironment="MQSERVER=APP.SVRCONN/TCP/h(1414)" "MQCHLLIB=/my tables"\n',
        [SERVER, ("MQCHLLIB", "/my tables")],
    ),
    "systemd, no quotes": ("Environment=MQCHLLIB=/a MQCHLTAB=b\n", [("MQCHLLIB", "/a"), ("MQCHLTAB", "b")]),
    "Kubernetes": ('env:\n- name: MQSERVER\n  value: "APP.SVRCONN/TCP/h(1414)"\n', [SERVER]),
    "Kubernetes, no quotes": ("- name: MQCHLTAB\n  value: b.tab # table\n", [("MQCHLTAB", "b.tab")]),
    "Compose, mapping": ("environment:\n  MQSERVER: 'APP.SVRCONN/TCP/h(1414)'\n", [SERVER]),
    "Compose, list": ("environment:\n  - MQCHLTAB=b.tab # table\n", [("MQCHLTAB", "b.tab")]),
    "Compose, quoted list": ('    - "MQSERVER=APP.SVRCONN/TCP/h(1414)"\n', [SERVER]),
    "Dockerfile": ('ENV MQCHLLIB="/my tables" MQCHLTAB=b.tab\n', [("MQCHLLIB", "/my tables"), ("MQCHLTAB", "b.tab")]),
    "Dockerfile, old": ("ENV MQCHLTAB b.tab\n", [("MQCHLTAB", "b.tab")]),
    "docker run": (
        "docker run -e MQCHLLIB=/a --env MQCHLTAB=b --env=MQSSLKEYR=c image\n",
        [("MQCHLLIB", "/a"), ("MQCHLTAB", "b"), ("MQSSLKEYR", "c")],
    ),
    "docker inspect": (
        '"Env": ["PATH=/bin","MQSERVER=APP.SVRCONN/TCP/h(1414)","MQCHLTAB=b"]\n',
        [SERVER, ("MQCHLTAB", "b")],
    ),
    "JSON of a task": (
        '[{"name":"MQCHLLIB","value":"/a"},{"name":"MQCHLTAB","value":"b"}]',
        [("MQCHLLIB", "/a"), ("MQCHLTAB", "b")],
    ),
    "JSON mapping": ('{"MQCHLLIB": "/a", "MQCHLTAB": "b"}', [("MQCHLLIB", "/a"), ("MQCHLTAB", "b")]),
    "/proc/PID/environ": ("PATH=/bin\0MQCHLLIB=/a\0MQCHLTAB=b\0", [("MQCHLLIB", "/a"), ("MQCHLTAB", "b")]),
    "set twice": ("MQCHLTAB=a\nMQCHLTAB=b\n", [("MQCHLTAB", "a"), ("MQCHLTAB", "b")]),
    "blank": ("MQCHLTAB=\n", [("MQCHLTAB", "")]),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_forms(text: str, expected: list[tuple[str, str]]) -> None:
    assert environment.sniff(text.encode())
    assert pairs(text) == expected


def test_utf_16_as_powershell_writes_it() -> None:
    assert pairs("MQCHLLIB=/a\r\nMQCHLTAB=b\r\n".encode("utf-16")) == [("MQCHLLIB", "/a"), ("MQCHLTAB", "b")]


def test_a_value_has_its_place() -> None:
    values, tally = read(b"HOME=/root\nMQCHLTAB=b\n")
    assert values == [ConfigValue("", "MQCHLTAB", "b", Location("env.txt", 2, 11, 10))]
    assert (tally.size, tally.lines, tally.records, tally.unparsed) == (22, 2, 1, 0)


def test_the_value_of_kubernetes_has_the_place_of_its_own_line() -> None:
    assert read(b"- name: MQCHLTAB\n  value: b\n")[0][0].location.line == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("MQKEYRPWD=passw0rd", "***"),
        ('"Env": ["MQKEYRPWD=pa\\"ss"]', "***"),
        ("- name: MQKEYRPWD\n  value: passw0rd", "***"),
        ("MQCCDTURL=http://me:passw0rd@host/ccdt.json", "http://me:***@host/ccdt.json"),
        ("MQSSLCRYP=GSK_PKCS11=/p11.so;label;passw0rd;", "GSK_PKCS11=/p11.so;label;***;"),
    ],
)
def test_secrets_are_masked(text: str, shown: str) -> None:
    assert [value for _, value in pairs(text)] == [shown]


def test_a_value_that_is_elsewhere_is_counted() -> None:
    values, tally = read(
        b"- name: MQKEYRPWD\n  valueFrom:\n    secretKeyRef:\n      name: keys\n- name: MQCHLTAB\n  value: b\n"
    )
    assert [value.name for value in values] == ["MQCHLTAB"]
    assert tally.unparsed == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DB_HOST=localhost\nSECRET_KEY=abc\nMQ_HOST=rabbit\nRABBITMQ_URL=amqp://x\n",
        "# export MQSERVER=A/TCP/h(1)\nrem set MQSERVER=A/TCP/h(1)\n",
        "Set the variable MQSERVER before you start.\n",
        "00000045 17:10:46.376186   7253.1      MQSERVER = CH/TCP/host(port)\n",
        "MQSERVER is not set\necho $MQSERVER %MQSERVER%\n",
        '{"name": "app", "dependencies": {"ibmmq": "^2.1.0"}}',
        "version: '3'\nservices:\n  web:\n    environment:\n      - A=b\n",
        "MQSERVERS=1\nXMQSERVER=2\n",
    ],
)
def test_other_texts_are_not_taken(text: str) -> None:
    assert not environment.sniff(text.encode())
    assert pairs(text) == []


def test_variables_and_settings_tell_the_same() -> None:
    feeds = {
        (each["name"], setting, tuple(each["clients"]))
        for each in settings_pattern("variables")["variable"]
        for setting in each["feeds"]
    }
    fed = {
        (place["name"], each["name"], tuple(place["clients"]))
        for each in settings_pattern("settings")["setting"]
        for place in each.get("env", [])
    }
    only_directories = {("MQ_FILE_PATH", "mqclient_ini", ("c",)), ("MQ_OVERRIDE_DATA_PATH", "mqclient_ini", ("c",))}
    assert feeds == fed | only_directories


@given(
    st.binary(max_size=2000)
    | st.lists(st.sampled_from(["MQSERVER", "=", ":", '"', "'", " ", "\n", "\0", "name: ", "value: ", "-e ", "\\"]))
    .map("".join)
    .map(str.encode)
)
def test_any_bytes_give_as_many_values_as_counted(data: bytes) -> None:
    values, tally = read(data)
    assert len(values) == tally.records
    assert bool(values) <= environment.sniff(data)
