"""Secrets planted in every kind of input (SYNTHETIC but for the sample of the corpus) reach no output, whatever its form."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from command_line import program
from make_c_trace import Trace, channel_definition, connect, environments, rows, session, structure, text

# Never part of a word that the program itself writes.
SECRETS = ("Xq7-hidden-A", "Zk9-hidden-B", "Wv3-hidden-C")
FORMS = {
    "text": ("diagnose",),
    "verbose": ("diagnose", "-v"),
    "quiet": ("diagnose", "-q"),
    "md": ("diagnose", "--format", "md"),
    "json": ("diagnose", "--format", "json"),
    "json-verbose": ("diagnose", "-v", "--format", "json"),
    "settings": ("settings",),
    "settings-json": ("settings", "--format", "json"),
    "coverage": ("coverage", "--top", "500"),
    "coverage-json": ("coverage", "--top", "500", "--format", "json"),
    "triage": ("triage",),
    "triage-json": ("triage", "--format", "json"),
}
HEADER = (
    "03/17/26 01:12:25 - Process(7.1) User(mqm) Program(amqrmppa)\n"
    + "{0}Host(h1) Installation(Installation1)\n{0}VRMF(9.3.0.0) QMgr(QM1)\n"
)
CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"


def c_environment(folder: Path) -> None:
    read = environments(MQKEYRPWD=SECRETS[0], MQSERVER="A/TCP/h(1)", MQSAMP_USER_ID="app")
    Trace(connect([*read, *session(text("errno = 111"), "rrcE_HOST_NOT_AVAILABLE")], "MQRC_HOST_NOT_AVAILABLE")).write(
        folder / "a.FMT"
    )


def c_structures(folder: Path) -> None:
    password = SECRETS[0].encode().ljust(12)
    csp = (
        structure("MQCSP", 1, {"AuthenticationType": 1, "CSPPasswordLength": len(SECRETS[0])})
        + b"app         "
        + password
    )
    channel = channel_definition(Password=SECRETS[1][:12], RemotePassword=SECRETS[1][:12], UserIdentifier="app")
    keys = structure(
        "MQSCO",
        5,
        {
            "KeyRepository": "/keys/key",
            "CryptoHardware": f"GSK_PKCS11=/lib/p11.so;token;{SECRETS[2]};SYMMETRIC_CIPHER_ON;",
        },
    )
    dumps = [line for data in (csp, channel, keys) for line in (*text("Dump of a structure"), *rows(data))]
    Trace(connect([*dumps, *session(text("errno = 111"), "Unknown(1)")], "MQRC_HOST_NOT_AVAILABLE")).write(
        folder / "a.FMT"
    )


def c_free_text(folder: Path) -> None:
    said = text(
        f"SSLKeyRepositoryPassword = '{SECRETS[0]}'",
        f"Command: orders -Dx.password={SECRETS[1]} --pass {SECRETS[2]}",
        f"MQCCDTURL=https://app:{SECRETS[0]}@host/ccdt.json",
        f'{{"password": "{SECRETS[1]}"}}',
        f"<password>{SECRETS[2]}</password>",
    )
    variables = environments(MQCCDTURL=f"https://app:{SECRETS[0]}@host.example.com/ccdt.json")
    Trace(connect([*variables, *said, *session(text("errno = 111"), "Unknown(1)")], "MQRC_HOST_NOT_AVAILABLE")).write(
        folder / "a.FMT"
    )


def dotnet_command_line(folder: Path) -> None:
    sample = Path(__file__).parents[1] / "sample-traces" / "dotnet-not-authorized" / "trace.TRC"
    lines = sample.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [
        f"{line.rstrip()} user=app pass={SECRETS[0]} password:{SECRETS[1]}\n" if "Command Line:" in line else line
        for line in lines
    ]
    assert changed != lines
    (folder / "trace.TRC").write_text("".join(changed), encoding="utf-8")


def error_log(folder: Path) -> None:
    body = f"AMQ9202E: Remote host 'app:{SECRETS[0]}@h1' not available, password={SECRETS[1]}, token: {SECRETS[2]}."
    inserts = "".join(
        f"{'':20}{each}\n" for each in ("ArithInsert1(111)", f"CommentInsert1(https://app:{SECRETS[0]}@h1/x)")
    )
    head = HEADER.format(" " * 20) + inserts
    (folder / "AMQERR01.LOG").write_text(
        f"{head}\n{body}\n\nEXPLANATION:\nMade up, pwd='{SECRETS[1]}'.\nACTION:\nNone.\n----- made.c : 1 {'-' * 62}\n"
    )


def error_log_json(folder: Path) -> None:
    entry = {
        "ibm_messageId": "AMQ9202E",
        "ibm_arithInsert1": 111,
        "ibm_commentInsert1": f"https://app:{SECRETS[0]}@h1/x",
        "ibm_datetime": "2026-03-17T01:12:25.000Z",
        "ibm_processName": "orders",
        "host": "h1",
        "message": f"AMQ9202E: Remote host not available, password={SECRETS[1]}, --pw {SECRETS[2]}",
    }
    (folder / "AMQERR01.json").write_text(json.dumps(entry) + "\n")


def application_output(folder: Path) -> None:
    (folder / "app.log").write_text(
        f"java -Dx.password={SECRETS[0]} -Djavax.net.ssl.keyStorePassword={SECRETS[1]} App\n"
        f'config {{"password": "{SECRETS[2]}", "apiKey":"{SECRETS[0]}"}}\n'
        f"<property name='password' value='{SECRETS[1]}'/>\n"
        f"com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2035' for https://app:{SECRETS[2]}@h1/ password={SECRETS[0]}\n"
    )


def configuration(folder: Path) -> None:
    c_environment(folder)
    (folder / "mqclient.ini").write_text(
        f"SSL:\n  SSLKeyRepository=/keys/key\n  SSLKeyRepositoryPassword={SECRETS[0]}\n"
        f"  SSLCryptoHardware=GSK_PKCS11=/lib/p11.so;token;{SECRETS[1]};SYMMETRIC_CIPHER_ON;\n  SSLKeyRepositryPassword={SECRETS[2]}\n"
    )
    (folder / "environment.txt").write_text(
        f"MQSERVER=A/TCP/h(1)\nMQKEYRPWD={SECRETS[0]}\nMQ_PASSWORD={SECRETS[1]}\nMQCCDTURL=https://app:{SECRETS[2]}@h/c.json\n"
        f"JAVA_TOOL_OPTIONS=-Dx.password={SECRETS[2]}\nMQSSLCRYP=GSK_PKCS11=/lib/p11.so;token;{SECRETS[0]};SYMMETRIC_CIPHER_ON;\n"
    )


INPUTS: tuple[Callable[[Path], None], ...] = (
    c_environment, c_structures, c_free_text, dotnet_command_line, error_log, error_log_json, application_output, configuration,
)  # fmt: skip


def told(folder: Path, form: str, secrets: tuple[str, ...]) -> list[str]:
    """The secrets (or the first 12 characters of one, as much as a field of an MQCD holds) that a run shows."""
    command, *options = FORMS[form]
    shown = program(command, folder, *options)
    assert shown.code in (0, 3), shown.err
    return [secret for secret in secrets if secret[:12] in shown.out + shown.err]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("plant", INPUTS, ids=lambda plant: plant.__name__)
def test_no_planted_secret_is_told(tmp_path: Path, plant: Callable[[Path], None], form: str) -> None:
    plant(tmp_path)
    assert told(tmp_path, form, SECRETS) == []


@pytest.mark.parametrize("plant", INPUTS, ids=lambda plant: plant.__name__)
def test_the_inputs_are_understood_all_the_same(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    plant(tmp_path)
    report = json.loads(program("diagnose", tmp_path, "--format", "json").out)
    assert report["connections"]
    assert [each["file"] for each in report["inputs"] if each["kind"] == "unknown"] == []


def c_other_environment(folder: Path) -> None:
    read = environments(MQ_PASSWORD=SECRETS[0], APP_TOKEN=SECRETS[1])
    Trace(connect([*read, *session(text("errno = 111"), "Unknown(1)")], "MQRC_HOST_NOT_AVAILABLE")).write(
        folder / "a.FMT"
    )


@pytest.mark.parametrize("form", FORMS)
def test_no_password_of_another_variable_is_told(tmp_path: Path, form: str) -> None:
    c_other_environment(tmp_path)
    assert told(tmp_path, form, SECRETS) == []


@pytest.mark.corpus
@pytest.mark.parametrize("form", FORMS)
def test_the_password_of_a_real_command_line_is_not_told(tmp_path: Path, form: str) -> None:
    folder = CORPUS / "trace-dotnet" / "userid_password"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not here")
    shutil.copy(folder / "trace.TRC", tmp_path)
    assert told(tmp_path, form, tuple(json.loads((folder / "truth.json").read_text())["secrets"])) == []


@pytest.mark.parametrize("word", [f"password={SECRETS[0]}", f"https://app:{SECRETS[0]}@h/"])
def test_a_word_that_explain_does_not_know_is_not_told_with_its_secret(word: str) -> None:
    shown = program("explain", word)
    assert shown.code == 2
    assert SECRETS[0] not in shown.out + shown.err
