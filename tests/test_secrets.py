"""Secrets planted in every kind of input (SYNTHETIC but for the sample of the corpus) reach no output of any form."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

import mqtrace
from command_line import program
from make_c_trace import Trace, channel_definition, connect, environments, rows, session, structure, text
from mqtrace import masking
from mqtrace.cli.entry import run
from mqtrace.excerpts import excerpts_of
from mqtrace.model import Cause, Connection, Evidence, Location, Outcome, Report
from mqtrace.report.shown import shown
from mqtrace.report.write import FORMS as FORMS_OF_REPORT
from mqtrace.report.write import rendered
from triage.logs import entry

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus"
# How a secret is written; {} is the secret.
WRITINGS = (
    "password={}",
    "password = {}",
    "Password: {}",
    "password='{}'",
    'password="{} with blanks"',
    "password '{}'",
    "password is {}",
    "the password for app is {}",
    "Password of user app: {}",
    "password->{}",
    "password => {}",
    "password \u2192 {}",
    "password=my {} phrase",
    "password=correct {} battery staple",
    "password%3D{}",
    "%22password%22%3A%22{}%22",
    "PASSWORD({})",
    "LDAPPWD('{}')",
    "[password] = {}",
    "getenv(APP_TOKEN) = {}",
    "setPassword(java.lang.String) [{}]",
    "passphrase {}",
    "pw={}",
    "PIN={}",
    "secret={}",
    "clientSecret={}",
    "credentials={}",
    "token: {}",
    "x-api-key: {}",
    "access_key={}",
    "AccountName=a;AccountKey={}==;EndpointSuffix=b",
    "SharedAccessKeyName=root;SharedAccessKey={}=",
    "https://host/c?sv=1&sig={}&x=1",
    "https://app:{}@host/ccdt.json",
    "https://app:p@{}@host/ccdt.json",
    "amqp://app:p/{}@host:5672/x",
    "app:{}@host(1414)",
    "app:p@{}@host(1414)",
    "curl -u app:{} https://host/",
    "curl -u 'app:{} x' https://host/",
    "curl --user app:{} https://host/",
    "curl --user=app:{} https://host/",
    "usage: amqssslc -u app {}",
    "runmqakm -db key.kdb -pw {}",
    "orders --password {} -h",
    "keytool -storepass {} -list",
    "java -Dx.password={} App",
    "args [-storepass, {}, -list]",
    '["orders", "--password", "{}"]',
    'props.put("password", "{}")',
    'env.put(MQConstants.PASSWORD_PROPERTY, "{}")',
    '{{"password": "{}"}}',
    '{{"apiKey":"{}"}}',
    '{{\\"password\\":\\"{}\\"}}',
    '{{"name":"password","value":"{}"}}',
    '{{"value":"{}","name":"password"}}',
    "<password>{}</password>",
    '<bindPassword value="{}"/>',
    '<property name="password" value="{}"/>',
    '<property value="{}" name="password"/>',
    '<entry key="password">{}</entry>',
    "GSK_PKCS11=/lib/p11.so;label;{};SYMMETRIC_CIPHER_ON;",
    "pkcs11:object=key?pin-value={}",
    "-----BEGIN PRIVATE KEY----- {} -----END PRIVATE KEY-----",
    "Authorization: Bearer {}abcdef",
    "Authorization: Basic {}abcdef=",
    "export APP_PASSWORD={}",
    "SSLKeyRepositoryPassword={}",
    "SCYDATA('{}')",
    "SENDDATA({})",
    "SecurityUserData '{}' at offset 0x0358",
    "userData: {}",
    "Kennwort: {}",
    "mot de passe : {}",
    "contrase\u00f1a={}",
    "senha={}",
    "\u043f\u0430\u0440\u043e\u043b\u044c: {}",
    "\u30d1\u30b9\u30ef\u30fc\u30c9={}",
    "\u5bc6\u7801={}",
)
# Never part of a word that the program itself writes; with a digit and capitals, as passwords have.
SECRETS = tuple(f"Zq7hiddeN{number:02}" for number in range(len(WRITINGS)))
SAID = tuple(writing.format(secret) for writing, secret in zip(WRITINGS, SECRETS, strict=True))
# Near misses: what only looks like one of the writings above.
HARMLESS = (
    "/etc/passwd: No such file",
    "Password authentication failed for user app",
    "the password is wrong",
    "the password is expired",
    "no password",
    "PasswordProtection=Compatible",
    "token bucket size 5",
    "/home/password/key.kdb",
    "the password: run setmqcred",
    "docker run --user 1000:1000 image",
    "runmqsc -u app QM1",
    "SharedAccessKeyName=root",
    "HTTP Basic authentication",
    "secretName=my-own",
    "https://host:8080/path?mail=a@b",
    "sort -u file",
    "password=null",
    "SecurityUserDataPtr=0x10",
    "key=value",
)


def c_trace(folder: Path) -> None:
    inside = [*environments(MQSERVER="A/TCP/h(1)", MQKEYRPWD=SECRETS[0], APP_TOKEN=SECRETS[1]), *text(*SAID)]
    variables = [environments(MQCCDTURL=said) for said in SAID if "://" in said]
    lines = [*inside, *(line for each in variables for line in each), *session(text("errno = 111"), "Unknown(1)")]
    Trace(connect(lines, "MQRC_HOST_NOT_AVAILABLE")).write(folder / "a.FMT")


def c_structures(folder: Path) -> None:
    password = SECRETS[0].encode().ljust(12)
    csp = structure("MQCSP", 1, {"AuthenticationType": 1, "CSPPasswordLength": 11}) + b"app         " + password
    channel = channel_definition(
        Password=SECRETS[1], RemotePassword=SECRETS[1], UserIdentifier="app", SecurityUserData=SECRETS[3]
    )
    hardware = f"GSK_PKCS11=/lib/p11.so;token;{SECRETS[2]};SYMMETRIC_CIPHER_ON;"
    keys = structure("MQSCO", 5, {"KeyRepository": "/keys/key", "CryptoHardware": hardware})
    dumps = [line for data in (csp, channel, keys) for line in (*text("Dump of a structure"), *rows(data))]
    said = [*dumps, *session(text("errno = 111"), "Unknown(1)")]
    Trace(connect(said, "MQRC_HOST_NOT_AVAILABLE")).write(folder / "a.FMT")


def dotnet_trace(folder: Path) -> None:
    sample = Path(__file__).parents[1] / "sample-traces" / "dotnet-not-authorized" / "trace.TRC"
    lines = sample.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [f"{line.rstrip()} {' '.join(SAID)}\n" if "Command Line:" in line else line for line in lines]
    assert changed != lines
    (folder / "trace.TRC").write_text("".join(changed), encoding="utf-8")


def error_log(folder: Path) -> None:
    entries = [
        entry(
            "AMQ9202E",
            f"Remote host 'h{number}' not available: {said}",
            time=f"2026-03-17T01:{number % 60:02}:25.000Z",
            inserts=("RemoteHost(h)", "ArithInsert1(111)", f"CommentInsert1({said})", f"CommentInsert2({said})"),
            explanation=said,
        )
        for number, said in enumerate(SAID)
    ]
    (folder / "AMQERR01.LOG").write_text("".join(entries), encoding="utf-8")


def old_error_log(folder: Path) -> None:
    entries = [entry("AMQ9202", f"Remote host '{said}' not available.") for said in SAID]
    (folder / "AMQERR01.LOG").write_text("".join(entries), encoding="utf-8")


def error_log_json(folder: Path) -> None:
    lines = [
        json.dumps(
            {
                "ibm_messageId": "AMQ9202E",
                "ibm_arithInsert1": 111,
                "ibm_commentInsert1": said,
                "ibm_datetime": f"2026-03-17T01:{number % 60:02}:25.000Z",
                "ibm_processName": "orders",
                "host": "h1",
                "message": f"AMQ9202E: Remote host not available: {said}",
            }
        )
        for number, said in enumerate(SAID)
    ]
    (folder / "AMQERR01.json").write_text("\n".join(lines) + "\n")


def application_output(folder: Path, lines: tuple[str, ...] = SAID) -> None:
    failure = (
        "2026-03-17 01:12:25 ERROR com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2035' {}\n    at {}\n"
    )
    (folder / "app.log").write_text("".join(failure.format(said, said) for said in lines), encoding="utf-8")


def zos_log(folder: Path) -> None:
    messages = [f"+CSQX620E %CSQ9 CSQXRESP System SSL error, channel A.B connection h, {said}\n" for said in SAID]
    (folder / "chin.log").write_text("".join(f" 09.36.21 STC01234  {message}" for message in messages), "utf-8")


def failure_report(folder: Path) -> None:
    rule = f"+{'-' * 77}+"
    header = (("Host Name", "node1"), ("Probe Id", "XC338001"), ("Program Name", "amqrmppa"), ("QueueManager", "QM1"))
    lines = []
    for said in SAID:
        lines += [
            rule,
            f"|{'':77}|",
            f"| {'IBM MQ First Failure Symptom Report':75} |",
            f"| {'=' * 41:75} |",
            f"|{'':77}|",
        ]
        for name, value in (*header, ("Comment1", said), ("Comment2", said)):
            lines.append(f"| {name:18}:- {value[:50]:54} |")
            lines += [f"|   {value[50:]:73} |"] if value[50:] else []
        lines += [f"|{'':77}|", rule, "", "MQM Function Stack", ""]
    (folder / "AMQ1.0.FDC").write_text("\n".join(lines), encoding="utf-8")


def configuration(folder: Path) -> None:
    c_trace(folder)
    attributes = "".join(f"  SSLKeyRepository={said}\n  SSLKeyRepositry={said}\n  {said}\n" for said in SAID)
    continued = (
        f"  SSLKeyRepositoryPassword=\\\n    {SECRETS[0]}\n  KeyRepositoryPassword=\n    {SECRETS[1]} {SECRETS[2]}\n"
    )
    (folder / "mqclient.ini").write_text(f"SSL:\n{attributes}{continued}", encoding="utf-8")
    variables = "".join(f"MQSSLKEYR={said}\nMQCCDTURL={said}\n" for said in SAID if "\n" not in said)
    (folder / "environment.txt").write_text(f"MQSERVER=A/TCP/h(1)\n{variables}MQKEYRPWD={SECRETS[0]}\n", "utf-8")


def channel_tables(folder: Path) -> None:
    c_trace(folder)
    channels = [
        {
            "name": f"A{number}",
            "type": "clientConnection",
            "general": {"description": said},
            "connectionManagement": {"userId": said},
            "transmissionSecurity": {"certificatePeerName": said},
            "exits": {"security": {"name": "exit", "userData": SECRETS[number]}},
            "clientConnection": {"connection": [{"host": said, "port": 1414}], "queueManager": "QM1"},
            "password": SECRETS[number],
        }
        for number, said in enumerate(SAID)
    ]
    (folder / "ccdt.json").write_text(json.dumps({"channel": channels}), encoding="utf-8")
    shown = "".join(
        f"AMQ8414I: Display Channel details.\n   CHANNEL(A{number})   CHLTYPE(SVRCONN)\n"
        f"   DESCR({said})\n   SSLPEER({said})\n"
        f"   SCYDATA({SECRETS[number]})   SENDDATA({SECRETS[number]})\n   PASSWORD({SECRETS[number]})\n"
        for number, said in enumerate(SAID)
    )
    (folder / "listing.txt").write_text(shown, encoding="utf-8")


LOGS = (error_log, old_error_log, error_log_json, application_output, zos_log, failure_report)
INPUTS: tuple[Callable[[Path], None], ...] = (c_trace, c_structures, dotnet_trace, configuration, channel_tables, *LOGS)
FORMS = {
    "quiet": ("diagnose", "-q"),
    "html": ("diagnose", "--format", "html"),
    "settings": ("settings",),
    "settings-json": ("settings", "--format", "json"),
    "coverage": ("coverage", "--top", "500"),
    "coverage-json": ("coverage", "--top", "500", "--format", "json"),
    **{f"triage-{form}": ("triage", "--format", form) for form in ("text", "json", "csv", "html")},
    "triage-hosts": ("triage", "--by", "host"),
    "triage-channels": ("triage", "--by", "channel", "--format", "csv"),
}


def leaked(shown: str) -> list[str]:
    """The writings whose secret (or the first 12 characters of it, as much as a field of an MQCD holds) is shown."""
    return [writing for writing, secret in zip(WRITINGS, SECRETS, strict=True) if secret[:12] in shown]


def shown_by_library(folder: Path) -> Iterator[str]:
    """The report's objects and all its forms, and the rows of the logs."""
    report = mqtrace.diagnose([folder])
    yield repr(report)
    for verbosity in (-1, 0, 1):
        yield rendered(report, "text", verbosity=verbosity)
    for form in FORMS_OF_REPORT:
        yield rendered(report, form)
    yield mqtrace.read_logs([folder]).to_json()


def batched(outcomes: list[Outcome], size: int) -> Iterator[tuple[Outcome, ...]]:
    for begin in range(0, len(outcomes), size):
        yield tuple(outcomes[begin : begin + size])


def unmasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets every text pass as it is."""
    monkeypatch.setattr(masking, "_masked", lambda text, *, is_sentence: text)
    monkeypatch.setattr(masking, "is_secret", lambda name: False)
    masking._remembered.cache_clear()
    monkeypatch.setattr(masking, "_remembered", lambda text: text)


def test_at_least_sixty_secrets_are_planted() -> None:
    assert len(set(SAID)) >= 60


@pytest.mark.parametrize("plant", INPUTS, ids=lambda plant: plant.__name__)
def test_no_planted_secret_is_in_the_objects_or_the_forms_of_the_library(
    tmp_path: Path, plant: Callable[[Path], None]
) -> None:
    plant(tmp_path)
    assert [leaked(shown) for shown in shown_by_library(tmp_path)] == [[]] * (5 + len(FORMS_OF_REPORT))


@pytest.mark.parametrize("plant", INPUTS, ids=lambda plant: plant.__name__)
def test_no_planted_secret_is_among_the_lines_around_evidence_wherever_that_stands(
    tmp_path: Path, plant: Callable[[Path], None]
) -> None:
    plant(tmp_path)
    report = mqtrace.diagnose([tmp_path])
    outcomes = []
    for number, source in enumerate(dict.fromkeys(each.source for each in report.inputs)):
        lines = Path(source).read_bytes().count(b"\n")
        for first in range(1, lines + 1, 30):
            evidence = tuple(Evidence(Location(source, line), "") for line in range(first, first + 30, 6))
            cause = Cause(f"a.{number}-{first % 40}", "", "", (), "certain", evidence=evidence)
            outcomes.append(Outcome(Connection("c", source, reason_code=first), cause=cause))
    found = [each for some in batched(outcomes, 40) for each in excerpts_of(replace(report, outcomes=some), [tmp_path])]
    assert leaked(repr(shown(Report(excerpts=tuple(found))))) == []


@pytest.mark.parametrize("plant", INPUTS, ids=lambda plant: plant.__name__)
def test_no_planted_secret_is_printed_by_a_command(
    tmp_path: Path, plant: Callable[[Path], None], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    plant(tmp_path)
    for form, (command, *options) in FORMS.items():
        assert run([command, str(tmp_path), *options]) in (0, 3), form
        printed = capsysbinary.readouterr()
        assert leaked((printed.out + printed.err).decode()) == [], form


@pytest.mark.parametrize(
    "plant", [c_trace, dotnet_trace, configuration, channel_tables, *LOGS], ids=lambda plant: plant.__name__
)
def test_without_masks_the_planted_secrets_would_be_told(
    tmp_path: Path, plant: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path)
    unmasked(monkeypatch)
    assert leaked("".join(shown_by_library(tmp_path)))


@pytest.mark.parametrize("plant", INPUTS, ids=lambda plant: plant.__name__)
def test_the_inputs_are_understood_all_the_same(tmp_path: Path, plant: Callable[[Path], None]) -> None:
    plant(tmp_path)
    report = mqtrace.diagnose([tmp_path])
    assert report.outcomes or plant is failure_report
    assert [each.source for each in report.inputs if each.kind == "unknown"] == []


@pytest.mark.parametrize("said", HARMLESS)
def test_what_is_no_secret_is_told(tmp_path: Path, said: str) -> None:
    application_output(tmp_path, (said,))
    assert said in repr(mqtrace.diagnose([tmp_path]))


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "password={}"),
        ("explain", "https://app:{}@h/"),
        ("explain", "AMQ9202", "{}"),
        ("diagnose", "--password={}"),
        ("keys", "check", "--password", "{}"),
        ("password={}",),
        ("-u", "app:{}"),
    ],
)
def test_a_secret_on_the_command_line_is_not_repeated(
    words: tuple[str, ...], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert run([word.format(SECRETS[0]) for word in words]) == 2
    printed = capsysbinary.readouterr()
    assert leaked((printed.out + printed.err).decode()) == []


@pytest.mark.corpus
@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_the_password_of_a_real_command_line_is_not_told(tmp_path: Path, form: str) -> None:
    folder = CORPUS / "trace-dotnet" / "userid_password"
    if not folder.is_dir():
        pytest.skip("the shared corpus is not here")
    shutil.copy(folder / "trace.TRC", tmp_path)
    shown = program("diagnose", tmp_path, "-v", "--format", form)
    assert shown.code == 0
    assert not [secret for secret in json.loads((folder / "truth.json").read_text())["secrets"] if secret in shown.out]
