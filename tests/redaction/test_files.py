"""Files that leave the house: nobody and no secret is in them, places and lengths stay, and so does the diagnosis."""

import re
from io import BytesIO
from ipaddress import ip_address
from itertools import product
from pathlib import Path

import pytest

import mqtrace
from mqtrace.redaction.bundle import redact_to_folder
from mqtrace.redaction.files import learn_from, redact
from mqtrace.redaction.identities import Identities

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
SAMPLES = sorted(path for path in (ROOT / "sample-traces").iterdir() if path.is_dir())
SECRETS = ("Zx81-geheim", "hunter2!hunter2", "t0psecret-value")


def hidden(content, *, learned=(), identities=None):
    """The content of a file as it leaves the house; `learned` are (name, value) that its report tells."""
    identities = identities or Identities()
    for name, value in learned:
        identities.learn(name, value)
    learn_from(BytesIO(content), identities)
    target = BytesIO()
    redact(BytesIO(content), target, identities)
    return target.getvalue()


def rows(content, *, columns="|", group=4, digits=str, begin=0):
    """A dump as a trace has it (synthetic)."""
    lines = []
    for offset in range(0, len(content), 16):
        part = content[offset : offset + 16]
        pairs = digits(part.hex(" ", -group))
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in part)
        tail = f"|{shown:<16}|" if columns == "|" else f": {shown}"
        lines.append(f" 09:00:00.125126  7254.1  RSESS:000001   0x{offset + begin:04x}:  {pairs:<35}  {tail}\n")
    return "".join(lines).encode()


def content_of(dump):
    """The bytes of the digits, and those of the characters."""
    digits = b"".join(bytes.fromhex(line.split(b":  ")[1].split(b"  ")[0].decode()) for line in dump.splitlines())
    shown = b"".join(line[-17:-1] for line in dump.splitlines())
    return digits, shown


@pytest.mark.parametrize("before", range(16))
def test_a_name_in_a_dump_is_hidden_in_both_columns_wherever_the_row_ends(before):
    content = bytes(before) + b"mqprod.corp.example(1414)" + bytes(39 - before)
    dump = hidden(rows(content), learned=[("address", "mqprod.corp.example(1414)")])
    digits, shown = content_of(dump)
    assert digits == bytes(before) + b"host-1-------------(1414)" + bytes(39 - before)
    assert shown.replace(b".", b"\x00")[: before + 25].endswith(b"host-1-------------(1414)")
    assert len(dump) == len(rows(content))


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_name_of_two_bytes_a_letter_is_hidden(encoding):
    content = "user=anna.k ".encode(encoding) + bytes(8)
    digits, _ = content_of(hidden(rows(content), learned=[("user", "anna.k")]))
    assert digits == "user=user-1 ".encode(encoding) + bytes(8)


def test_rows_of_two_threads_among_each_other_are_two_dumps():
    one = rows(bytes(10) + b"mqprod.corp.example(1414)" + bytes(13)).splitlines(keepends=True)
    two = rows(b"x" * 48).replace(b"7254.1", b"7254.2").splitlines(keepends=True)
    mixed = b"".join(line for pair in zip(one, two, strict=True) for line in pair)
    found = hidden(mixed, learned=[("address", "mqprod.corp.example(1414)")])
    assert content_of(b"".join(found.splitlines(keepends=True)[::2]))[0].count(b"host-1-------------(1414)") == 1
    assert found.splitlines()[1::2] == mixed.splitlines()[1::2]


@pytest.mark.parametrize(
    ("secret", "form"),
    [
        *product(
            SECRETS,
            [
                "password={}\n",
                '{{"password": "{}"}}\n',
                "export MQ_PASSWORD='{}'\n",
                "curl -u app:{} https://x.example.net\n",
                "ldap://cn:{}@dir.example.net\n",
                "   SSLKeyRepositoryPassword={}\n",
                "-Djavax.net.ssl.keyStorePassword={} -jar a.jar\n",
            ],
        )
    ],
)
def test_a_secret_is_gone_also_where_nothing_names_it(secret, form):
    named = form.format(secret).encode()
    elsewhere = rows(b"MQCSP" + bytes(9) + secret.encode() + bytes(30)) + f"sent {secret} twice\n".encode()
    found = hidden(named + elsewhere)
    digits, shown = content_of(b"".join(line + b"\n" for line in found.splitlines() if b"RSESS" in line))
    assert secret.encode() not in found
    assert secret.encode() not in digits
    assert secret.encode() not in shown
    assert len(digits) == 14 + len(secret) + 30


@pytest.mark.parametrize("length", range(7, 16))
def test_an_address_stays_an_address_of_its_length_and_is_nobodys(length):
    addresses = {
        7: "9.8.7.6", 8: "19.8.7.6", 9: "19.18.7.6", 10: "19.18.17.6", 11: "19.18.17.16",
        12: "119.18.17.16", 13: "119.118.17.16", 14: "119.118.117.16", 15: "119.118.117.116",
    }  # fmt: skip
    line = f"connect to {addresses[length]}(1414)\n".encode()
    found = hidden(line)
    shown = found.split()[2].split(b"(")[0].decode()
    assert len(found) == len(line)
    assert shown != addresses[length]
    assert ip_address(shown).is_reserved or shown.startswith("0.")


def test_that_a_host_is_nowhere_stays_told():
    assert hidden(b"connect to mqprod.corp.invalid(1414)\n") == b"connect to host-1-----.invalid(1414)\n"


def test_many_addresses_of_one_length_stay_different():
    lines = "".join(f"from 192.168.{place}.{other}(1414)\n" for place in (1, 2, 3) for other in range(100, 200))
    assert len(set(hidden(lines.encode()).splitlines())) == 300


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_keeps_its_encoding(encoding):
    found = hidden("User(anna) Host(mqprod)\r\n".encode(encoding))
    assert found.decode(encoding) == "User(xxu1) Host(host-1)\r\n"


def test_bytes_that_are_no_text_stay():
    content = b"User(anna) \xff\xfe\x80 Host(mqprod)\n"
    assert hidden(content) == b"User(xxu1) \xff\xfe\x80 Host(host-1)\n"


def test_a_name_at_the_end_of_a_piece_is_hidden():
    line = b"x" * 99 + b"\n"
    content = line * 10485 + b"y" * 70 + b" Host(mqprod)\n" + line * 3
    assert b"mqprod" not in hidden(content)


def told(report, renamed=str):
    """What a report says and by which lines, without whom it names; files as `renamed` calls them."""

    def places(evidence):
        return [(renamed(re.split(r"[/!]", each.location.source)[-1]), each.location.line) for each in evidence]

    return [
        (
            outcome.cause and (outcome.cause.id, outcome.cause.confidence, places(outcome.cause.evidence)),
            outcome.connection.reason_code,
            [(row.name, row.source, row.proof, places(row.evidence)) for row in outcome.settings],
        )
        for outcome in report.outcomes
    ]


def told_before_and_after(folder, target):
    report, identities = mqtrace.diagnose(folder), Identities()
    redact_to_folder([folder], report, identities, target)
    written = [path.read_text("latin-1") for path in target.rglob("*") if path.is_file()]
    left = [who for text in written for who in identities.found_in(text)]
    return told(report, identities.hidden_path), told(mqtrace.diagnose(target)), left


@pytest.mark.parametrize("folder", SAMPLES, ids=lambda folder: folder.name)
def test_the_diagnosis_of_a_redacted_sample_is_that_of_the_sample(folder, tmp_path):
    before, after, left = told_before_and_after(folder, tmp_path)
    assert after == before
    assert left == []


def test_an_organisation_that_is_called_as_mq_is_leaves_the_names_of_classes():
    content = b"peer CN=qm1x, O=IBM, C=US\ncom.ibm.mq.MQException: IBM MQ call failed\n"
    assert hidden(content) == b"peer CN=xxn1, O=xn2, C=US\ncom.ibm.mq.MQException: IBM MQ call failed\n"
