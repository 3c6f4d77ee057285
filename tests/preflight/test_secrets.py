"""Environment, ini file, tables, properties and stores are full of secrets (SYNTHETIC): none reaches a report."""

import json
from pathlib import Path

import pytest

from mqtrace.cli.entry import run
from mqtrace.model import Report
from mqtrace.preflight.reaching import reach
from mqtrace.report.write import rendered

from .authorities import PASSWORD, Authority
from .listeners import answers, known_channel, listening
from .places import Place, told

SECRET = "hunter2secret"
VARIABLES = {
    "MQKEYRPWD": SECRET,
    "MQSSLCRYP": f"GSK_PKCS11=/lib.so;token;{SECRET};SYMMETRIC_CIPHER_ON;",
    "MQCCDTURL": f"https://app:{SECRET}@conf.example/ccdt.json",
    "MQSAMP_USER_ID": "app",
    "DB_PASSWORD": SECRET,
    "JAVA_TOOL_OPTIONS": f"-Djavax.net.ssl.trustStorePassword={SECRET} -Dapp.token={SECRET}",
}
INI = f"SSL:\n  SSLKeyRepositoryPassword={SECRET}\n  SSLKeyRepository=/keys/app.p12\n"


def forms(report: Report) -> str:
    return "".join(rendered(report, form, verbosity=1) for form in ("text", "md", "json"))


@pytest.mark.parametrize("client", ["c", "dotnet", "java"])
def test_no_secret_of_the_environment_or_the_ini(place: Place, client: str) -> None:
    place.write("/app/mqclient.ini", INI)
    report = place.ask(client=client, variables=VARIABLES)  # type: ignore[arg-type]
    assert SECRET not in forms(report)


def test_no_secret_of_a_table(place: Place) -> None:
    channel = {
        "name": "APP.CH",
        "type": "clientConnection",
        "clientConnection": {"connection": [{"host": "mq1", "port": 1414}], "queueManager": "QM1"},
        "transmissionSecurity": {"password": SECRET, "certificateLabel": f"password={SECRET}"},
        "general": {"description": f"the password is {SECRET}"},
    }
    place.write("/app/t.json", json.dumps({"channel": [channel]}))
    report = place.ask(variables={"MQCCDTURL": "t.json"})
    assert told(report).channels[0].channel == "APP.CH"
    assert SECRET not in forms(report)


def test_neither_password_nor_key_of_a_store(place: Place, authority: Authority) -> None:
    own = authority.issue("app")
    authority.store(place.root / "keys/app.p12", own)
    program = {"channel": "A", "conn": "mq1(1414)", "cipher": "ANY_TLS12", "keyr": "/keys/app.p12"}
    shown = forms(place.ask(program=program, password=PASSWORD))
    number = own.key.private_numbers().private_value
    assert PASSWORD not in shown
    assert str(number) not in shown
    assert f"{number:x}" not in shown.lower()


def test_nothing_of_them_goes_over_the_network(place: Place) -> None:
    received: list[bytes] = []
    with listening(answers(known_channel(), received)) as port:
        program = {"channel": "APP.CH", "conn": f"127.0.0.1({port})"}
        place.ask(variables=VARIABLES, program=program, reach=reach)
    (flow,) = received
    assert len(flow) == 268
    assert SECRET.encode() not in flow
    assert b"orders" not in flow


def test_a_password_file_is_shown_nowhere(
    place: Place, authority: Authority, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store = authority.store(place.root / "keys/app.p12")
    secret = tmp_path / "secret"
    secret.write_text(f"{PASSWORD}\n")
    program = f"channel=A,conn=mq1(1414),cipher=ANY_TLS12,keyr={store}"
    run(["preflight", "--client", "c", "--program", program, "--password-file", str(secret), "--format", "json"])
    shown = capfd.readouterr()
    assert json.loads(shown.out)["preflight"]["stores"][0]["state"] == "open"
    assert PASSWORD not in shown.out + shown.err
