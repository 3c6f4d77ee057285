"""SYNTHETIC secrets and names of every kind, and SYNTHETIC inputs of every kind that hold all of them.

Each secret and each name is made up, stands nowhere else, and is never part of a word that the program itself writes.
"""

import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from tests.readers.tables.make_ccdt import Channel, write_table

from make_c_trace import Trace, channel_definition, connect, environments, rows, session, structure, text
from test_secrets import WRITINGS
from triage.logs import entry

SAMPLES = Path(__file__).parents[2] / "sample-traces"
# How a secret is written beside those that no output of the tool may show; {} is the secret.
MORE_WRITINGS = (
    "MQSERVER=A.B/TCP/app:{}@made.invalid(1414)",
    "MQKEYRPWD={}",
    "MQSAMP_TOKEN={}",
    "runmqakm -keydb -create -db k.kdb -pw {} -stash",
    "runmqckm -cert -import -file a.p12 -pw {} -target k.kdb -target_pw {}",
    "gsk8capicmd_64 -keydb -changepw -db k.kdb -pw {} -new_pw {}",
    "ikeycmd -keydb -stashpw -db k.kdb -pw {}",
    "ldapsearch -D cn=admin -w {} -h made.invalid --password={}",
    "bindPassword={}",
    "ldap.bindpw: {}",
    "DEFINE AUTHINFO(A) AUTHTYPE(IDPWLDAP) LDAPUSER('cn=a') LDAPPWD('{}')",
    "ALTER QMGR SSLCRYP('GSK_PKCS11=/p11.so;token;{};SYMMETRIC_CIPHER_ON;')",
    "ALTER QMGR KEYRPWD('{}')",
    'com.ibm.security.auth.module.Made required user="app" password="{}";',
    "java.naming.security.credentials={}",
    "-Dcom.ibm.mq.cfg.jmqi.password={}",
    "-Djavax.net.ssl.trustStorePassword={}",
    "javax.net.ssl.keyStorePassword :- {}",
    "Proxy-Authorization: Basic {}QUJD=",
    "Cookie: JSESSIONID={}",
    "token {}",
    "the token is {}",
    "sqlplus app/{}@made",
    "login app/{}",
    "jdbc:made://made.invalid/db?user=app&password={}",
    "mongodb+srv://app:{}@made.invalid/db",
    "redis://:{}@made.invalid:6379",
    "aws_secret_access_key = {}",
    "AWS_SECRET_ACCESS_KEY={}",
    "AZURE_CLIENT_SECRET={}",
    'credentials.json: "private_key": "{}"',
    "client_secret: {}",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ{}.c2lnbmF0dXJl",
    "Authorization: Bearer eyJhbGciOiJub25lIn0.{}.",
    '{{"access_token":"{}","expires_in":3600}}',
    '{{"mq":{{"user":"app","passphrase":"{}"}}}}',
    "<authentication><user>app</user><passphrase>{}</passphrase></authentication>",
    '<jms:connectionFactory password="{}"/>',
    "spring.ibm.mq.password={}",
    "ibm.mq.ssl-key-store-password: {}",
    "MQ_APP_PASSWORD={}",
    "export MQ_ADMIN_PASSWORD='{}'",
    'setx MQ_PASSWORD "{}"',
    "docker run -e MQ_APP_PASSWORD={} made/mq",
    "kubectl create secret generic s --from-literal=password={}",
    "sshpass -p {} ssh made.invalid",
    "net use x: /user:app password: {}",
    "CREATE USER app IDENTIFIED BY {}",
    'connectionFactory.createContext("app", "{}")',
    'pymqi.connect("QM1", "A.B", "made.invalid(1414)", "app", "{}")',
    "UserName=app;Pwd={};Host=made.invalid",
    "-----BEGIN RSA PRIVATE KEY----- {} -----END RSA PRIVATE KEY-----",
    "-----BEGIN ENCRYPTED PRIVATE KEY-----\\n{}\\n-----END ENCRYPTED PRIVATE KEY-----",
    "SCYDATA('{}') SCYEXIT('made')",
    "keystore pass phrase: {}",
    "stash password is {}",
    "OPENAI_API_KEY={}",
    "GITHUB_TOKEN={}",
    "vault_token: {}",
    "SLACK_SIGNING_SECRET={}",
    '"apikey": "{}"',
    "x-vault-token: {}",
    "https://made.invalid/o?client_secret={}&grant=x",
    "https://made.invalid/o?access_token={}",
    "wget --password={} https://made.invalid",
    "openssl pkcs12 -in a.p12 -passin pass:{}",
    "ftp://app:{}@made.invalid/x",
    "smtp password = {}",
    "mq.password: '{}'",
    "set MQ_PASSWORD={}",
    "trustStorePassword: {}",
    "keyPassword={}",
    "initialKey password {}",
    "encryption_key={}",
    "PIN={}",
)
CREDENTIAL_WRITINGS = (*WRITINGS, *MORE_WRITINGS)
# The part of a name that is somebody's, and how such names are written; {} is the name.
IDENTITY_WRITINGS = {
    "host": (
        "connect to {}(1414) failed", "Host({}) Installation(Installation1)", "CONNAME('{}(1414)')",
        "MQSERVER=A.B/TCP/{}(1414)", "https://{}/ccdt.json", "MQCCDTURL=https%3A%2F%2F{coded}%2Fccdt.json",
        '"host":"{}"', "| Host Name         :- {} (Linux) |", "connecting {}:1414", "ldap://{}:389/o=x",
        "hostname={}, port=1414", "Remote host '{} (192.0.2.1) (1414)'", "HOST NAME: {}", "\\n{}(1414) refused",
        "amqp://app@{}:5672/x",
    ),
    "ip": (
        "connect to {}(1414) failed", "Address({})", "from /{}:1414", "[{}]", "Remote host 'mq ({}) (1414)'",
        "CONNAME('{}(1415)')", "https://{}:9443/ibmmq", "peer={},", "http%3A%2F%2F{coded}%2Fccdt.json",
    ),
    "ip6": ("connect to [{}](1414)", "Remote host '{}'", "host {} answered"),
    "user": (
        "User({}) Program(amqsputc)", "user '{}' is not authorized", "MCAUSER('{}')", '"ibm_userName":"{}"',
        "| UserID            :- 00001000 ({}) |", "open /home/{}/ssl/key.kdb", "C:\\Users\\{}\\mq\\key.kdb",
        "/Users/{}/Downloads/trace.zip", "user.name={}", "entity '{}      '", "userId: {}",
    ),
    "name": (
        "SSLPEER('CN={},O=Made Inc')", "subject: C=CH, O={}, CN=qm1", "peer CN=qm1x,OU={},C=GB",
        "issuer=CN = {}, O = x", "DC={},DC=made", "L={},ST=x",
    ),
    "mail": ("mail {}", "emailAddress={}", "contact <{}> please", "mailto%3A{coded}"),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """One secret or name that was made, and how it is written.

    Attributes:
        kind: credential, or of what kind the name is.
        value: the secret, or the name.
        said: the writing with it.
    """

    kind: str
    value: str
    said: str


def _credentials() -> list[Made]:
    found = []
    for number, writing in enumerate(CREDENTIAL_WRITINGS):
        value = f"Zq7hiddeN{number:03}vK"
        found.append(Made("credential", value, writing.replace("{{", "{").replace("}}", "}").replace("{}", value)))
    return found


def _identities() -> list[Made]:
    values = {
        "host": "mqhst{0:02}.dept{0:02}corp.example",
        "ip": "198.51.1{0:02}.2{0:02}",
        "ip6": "2001:db8:abcd:{0:x}7::1f",
        "user": "usrnam{0:02}q",
        "name": "Firmname{0:02} Holding",
        "mail": "frau.mayer{0:02}@post{0:02}mail.example",
    }
    found = []
    for kind, writings in IDENTITY_WRITINGS.items():
        for number, writing in enumerate(writings, 10):
            value = values[kind].format(number)
            coded = value.replace(".", "%2E").replace("@", "%40")
            found.append(Made(kind, value, writing.replace("{coded}", coded).replace("{}", value)))
    return found


CREDENTIALS = _credentials()
IDENTITIES = _identities()
MADE = [*CREDENTIALS, *IDENTITIES]
SAID = [made.said for made in MADE]
# A host and a user that only the names of the inputs tell.
FOLDER, FILE_USER = "zqhst77site", "zquser88x"
KEY_LINES = tuple(b64encode(f"synthetic key line {number:02} ".encode() * 3)[:64].decode() for number in range(4))
PEM = ("-----BEGIN PRIVATE KEY-----", *KEY_LINES, "c2hvcnQ=", "-----END PRIVATE KEY-----")
# What only the structure tells to be a password.
CSP_PASSWORD, SENT_PASSWORD, UID_PASSWORD = "zp1!inCsp", "zp2!inCaut", "zp3!inUid"


def in_dumps(begin: int, step: int) -> list[bytes]:
    """The content of dumps, every `step`th from `begin` on: writings that end anywhere in a row, in ASCII, UTF-16 and
    EBCDIC; and all structures.
    """
    found = [bytes(number % 13) + said.encode() + bytes(24) for number, said in enumerate(SAID)]
    found += [bytes(number % 7) + made.said.encode("utf-16-le") + bytes(8) for number, made in enumerate(MADE[::3])]
    found += [bytes(2) + made.said.encode("utf-16-be") + bytes(8) for made in MADE[1::9]]
    found += [
        bytes(number % 11) + made.said.encode("cp500") + bytes(8)
        for number, made in enumerate(MADE[::2])
        if made.said.isascii()
    ]
    found = found[begin::step]
    csp = structure("MQCSP", 1, {"AuthenticationType": 1, "CSPPasswordLength": 11})
    found.append(csp + b"app         " + CSP_PASSWORD.encode())
    found.append(channel_definition(Password=MADE[0].value, SecurityUserData=MADE[1].value, UserIdentifier="usrnam10q"))
    for encoding in ("ascii", "cp500"):
        header = "TSHM".encode(encoding) + bytes(32)
        sent = bytes.fromhex("00000001 00000003 0000000a 00000003 0000000a 00000000 00000000")
        found.append(header + "CAUT".encode(encoding) + sent + f"app{SENT_PASSWORD}".encode(encoding))
        uid = "UID ".encode(encoding) + "app".ljust(12).encode(encoding) + UID_PASSWORD.ljust(12).encode(encoding)
        found.append("TSH ".encode(encoding) + bytes(24) + uid + bytes(64))
    return found


def codes() -> list[str]:
    """Writings in hexadecimal and in Base64."""
    found = [f"buffer 0x{made.said.encode().hex()}" for made in MADE[::4] if made.said.isascii()]
    found += [f"payload {made.said.encode().hex().upper()} end" for made in MADE[1::4]]
    return found + [f"body: {b64encode(made.said.encode()).decode()}" for made in MADE[2::4] if made.said.isascii()]


def c_trace() -> bytes:
    dumps = [line for data in in_dumps(0, 4) for line in (*text("Dump"), *rows(data))]
    inside = [*environments(MQSERVER="A/TCP/h(1)", MQKEYRPWD=MADE[0].value), *text(*SAID, *codes(), *PEM), *dumps]
    return Trace(connect([*inside, *session(text("errno = 111"), "Unknown(1)")], "MQRC_HOST_NOT_AVAILABLE")).content()


def _other_rows(data: bytes, form: str, group: int) -> list[str]:
    found = []
    for offset in range(0, len(data), 16):
        part = data[offset : offset + 16]
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        digits = part.hex(" ", group).upper() if group == 1 else part.hex(" ", -group)
        found.append(form.format(offset=offset, digits=digits, shown=shown))
    return found


def dotnet_trace() -> bytes:
    lines = (SAMPLES / "dotnet-not-authorized" / "trace.TRC").read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "0x00000000 54" in line)
    prefix = f"{lines[at - 1][:8]} 17:17:06.027149   5395.4 "
    said = [f"{prefix}     {each}" for each in (*SAID, *codes(), *PEM)]
    for data in in_dumps(1, 4):
        said += [f"{prefix}     Dump", *_other_rows(data, prefix + "      0x{offset:08X} {digits} : {shown}", 1)]
    return "\n".join([*lines[: at - 1], *said, *lines[at - 1 :], ""]).encode()


def java_trace() -> bytes:
    prefix = "[25/11/26 02:30:24.124.06]  00000001 "
    call = prefix + " @4d9e68d0  c.i.m.j.remote.impl.RemoteTCPConnection            ----+----  d  send(byte[]) "
    said = [f"{call}{each}" for each in (*SAID, *codes(), *PEM)]
    for data in in_dumps(2, 4):
        said += [
            f"{call}buffer",
            *_other_rows(data, prefix + "0x{offset:08x} ({offset:>8}) : {digits:<35} : {shown}", 4),
        ]
    return "\n".join([*said, ""]).encode()


def error_log() -> bytes:
    entries = [
        entry(
            "AMQ9202E",
            f"Remote host 'h{number}' not available: {said}",
            time=f"2026-03-17T01:{number % 60:02}:25.000Z",
            inserts=("RemoteHost(h)", "ArithInsert1(111)", f"CommentInsert1({said})"),
            explanation="\n".join((said, *PEM) if number % 50 == 0 else (said,)),
        )
        for number, said in enumerate(SAID)
    ]
    return "".join(entries).encode()


def error_log_json() -> bytes:
    lines = [
        json.dumps(
            {
                "ibm_messageId": "AMQ9202E", "ibm_arithInsert1": 111, "ibm_commentInsert1": said,
                "ibm_datetime": f"2026-03-17T01:{number % 60:02}:25.000Z", "host": "h1",
                "message": f"AMQ9202E: Remote host not available:\n{said}",
            }
        )
        for number, said in enumerate(SAID)
    ]  # fmt: skip
    return "\n".join(lines).encode()


def zos_log() -> bytes:
    messages = [
        f" 09.36.21 STC01234  +CSQX620E %CSQ9 CSQXRESP System SSL error, channel A.B connection h, {made.said}\x85"
        for made in MADE
        if made.said.isascii()
    ]
    return "".join(messages).encode("cp037")


def application_output() -> str:
    failure = "2026-03-17 01:12:25 ERROR com.ibm.mq.MQException: MQJE001: Completion Code '2', Reason '2035' {}\n"
    return "".join(failure.format(said) for said in (*SAID, *codes())) + "\n".join((*PEM, ""))


def failure_report() -> bytes:
    rule = f"+{'-' * 77}+"
    lines = [rule, f"| {'IBM MQ First Failure Symptom Report':75} |", f"| {'=' * 41:75} |", f"|{'':77}|"]
    header = (
        ("Host Name", "mqhst10.dept10corp.example (Linux)"),
        ("Probe Id", "XC338001"),
        ("Program Name", "amqrmppa"),
    )
    for name, value in (*header, *((f"Comment{number}", said) for number, said in enumerate(SAID))):
        lines.append(f"| {name:18}:- {value:<54} |")
    lines += [f"|{'':77}|", rule, "", "MQM Function Stack", "MQCONNX", "", "MQM Trace History", *SAID, ""]
    lines += ["Environment Variables:", *SAID, ""]
    for data in in_dumps(3, 4):
        lines += ["Made block", *_other_rows(data, "   0x{offset:06x}  {digits:<35}  |{shown}|", 4)]
    return "\n".join(lines).encode()


def ini() -> bytes:
    attributes = "".join(f"  SSLKeyRepository={said}\n  {said}\n" for said in SAID)
    continued = f"  SSLKeyRepositoryPassword=\\\n    {MADE[3].value}\n  KeyRepositoryPassword=\n    shortpw9\n"
    return (
        f"CHANNELS:\n  ServerConnectionParms=A/TCP/{IDENTITIES[0].value}(1414)\nSSL:\n{attributes}{continued}".encode()
    )


def table_json() -> bytes:
    channels = [
        {
            "name": f"A{number}", "type": "clientConnection",
            "general": {"description": made.said},
            "connectionManagement": {"userId": made.value},
            "transmissionSecurity": {"certificatePeerName": f"CN={made.value},O=x"},
            "exits": {"security": {"name": "exit", "userData": made.value}},
            "clientConnection": {"connection": [{"host": made.value, "port": 1414}], "queueManager": "QM1"},
            "password": made.value,
        }
        for number, made in enumerate(MADE)
    ]  # fmt: skip
    return json.dumps({"channel": channels}, indent=1).encode()


def table_binary() -> bytes:
    channels = [
        Channel(
            f"A{number:03}",
            {
                "ConnectionName": f"{IDENTITIES[number % len(IDENTITIES)].value}(1414)",
                "UserIdentifier": "usrnam12q", "Password": made.value[:12], "RemotePassword": made.value[:12],
                "SecurityUserData": made.value, "ChannelDesc": made.said[:64],
            },
            peer_name="CN=Firmname12 Holding,O=x",
            exits=b"\x01\x01made(exit)\x01" + made.value.encode() + b"\x01\x01\x01",
        )
        for number, made in enumerate(CREDENTIALS[::4])
    ]  # fmt: skip
    return write_table(channels)


def listing() -> bytes:
    shown = [
        f"AMQ8414I: Display Channel details.\n   CHANNEL(A{number})   CHLTYPE(SVRCONN)\n   DESCR({made.said})\n"
        f"   SCYDATA({made.value})   PASSWORD({made.value})\n   MCAUSER({made.value})\n"
        for number, made in enumerate(MADE)
    ]
    return "".join(shown).encode()


def write_all(folder: Path) -> Path:
    """All inputs, in a folder below `folder` whose name is that of a host."""
    target = folder / FOLDER / f"case-{FILE_USER}"
    target.mkdir(parents=True)
    variables = "".join(f"MQSSLKEYR={said}\nMQCCDTURL={said}\n" for said in SAID)
    files = {
        "AMQ7300.0.FMT": c_trace(),
        f"trace-{FILE_USER}.TRC": dotnet_trace(),
        "mqjava_1.trc": java_trace(),
        "AMQERR01.LOG": error_log(),
        "AMQERR01.json": error_log_json(),
        "chin.log": zos_log(),
        "app.log": application_output().encode(),
        f"{FILE_USER}.wide.log": application_output().encode("utf-16"),
        "AMQ1.0.FDC": failure_report(),
        "mqclient.ini": ini(),
        "environment.txt": f"MQSERVER=A/TCP/h(1)\n{variables}".encode(),
        "ccdt.json": table_json(),
        "AMQCLCHL.TAB": table_binary(),
        "listing.txt": listing(),
    }
    for name, content in files.items():
        (target / name).write_bytes(content)
    return folder / FOLDER
