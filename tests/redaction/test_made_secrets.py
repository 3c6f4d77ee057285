"""200 made secrets and names of every kind (SYNTHETIC) in inputs of every kind: none of them leaves the house."""

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from made_secrets import (
    CREDENTIALS,
    CSP_PASSWORD,
    FILE_USER,
    FOLDER,
    IDENTITIES,
    KEY_LINES,
    MADE,
    SENT_PASSWORD,
    UID_PASSWORD,
    write_all,
)

import mqtrace
from mqtrace.redaction.bundle import bundle
from mqtrace.redaction.dumps import dumps_in
from mqtrace.redaction.identities import Identities
from mqtrace.redaction.report import redacted
from mqtrace.report.write import FORMS, rendered

SECRET_VALUES = [made.value for made in CREDENTIALS] + [
    CSP_PASSWORD,
    SENT_PASSWORD,
    UID_PASSWORD,
    *KEY_LINES,
    "c2hvcnQ=",
]
NAMES = [made.value for made in IDENTITIES] + [FOLDER, FILE_USER]
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp037", "cp500")
ROW = re.compile(rb"0x[0-9A-Fa-f]{4,16}\b")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_all(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def report(folder):
    return mqtrace.diagnose(folder, surroundings=True)


@pytest.fixture(scope="module")
def packed(folder, report, tmp_path_factory):
    """What each file of a bundle holds, by its name."""
    archive = tmp_path_factory.mktemp("bundle") / "case.zip"
    bundle([folder], report, Identities(), archive)
    with ZipFile(archive) as files:
        return {name: files.read(name) for name in files.namelist()}


@cache
def writings(value: str) -> tuple[bytes, ...]:
    """The value as it may stand in a file, in small letters; in Base64 at each of its three beginnings."""
    plain = [value.encode(encoding).lower() for encoding in ENCODINGS]
    coded = [quote(value, safe="").replace(".", "%2E").lower().encode(), value.replace(".", "\\u002e").lower().encode()]
    return (*plain, *coded, value.encode().hex().encode())


@cache
def in_base64(value: str) -> tuple[bytes, ...]:
    return tuple(
        b64encode(b"x" * begin + value.encode() + b"xx")[(begin * 8 + 5) // 6 :][: len(value) * 8 // 6 - 1]
        for begin in range(3)
    )


def forms_of(content: bytes) -> Iterator[bytes]:
    """The content, without the blanks and signs of boxes, and that of its dumps."""
    yield content.lower()
    yield re.sub(rb"[\s|]+", b"", content).lower()
    dumps, _ = dumps_in(content.splitlines(keepends=True))
    yield b"\n".join(dumps).lower()


def left_in(content: bytes, values: list[str]) -> list[str]:
    forms = list(forms_of(content))
    return [
        value
        for value in values
        if any(writing in form for form in forms for writing in writings(value))
        or any(writing in content for writing in in_base64(value))
    ]


def test_there_are_two_hundred_of_them():
    assert len({made.value for made in MADE}) == len(MADE) >= 200
    assert all(made.value in made.said or made.said.count("%2E") for made in MADE)


def test_all_of_them_are_in_the_inputs(folder):
    content = b"".join(path.read_bytes() for path in folder.rglob("*.*"))
    assert left_in(content, [made.value for made in MADE]) == [made.value for made in MADE]


@pytest.mark.parametrize("form", FORMS)
def test_no_credential_is_in_a_report(report, form):
    assert left_in(rendered(report, form, verbosity=1).encode(), SECRET_VALUES) == []


@pytest.mark.parametrize("form", FORMS)
def test_nobody_is_in_a_redacted_report(report, form):
    hidden = redacted(report, Identities())
    assert left_in(rendered(hidden, form, verbosity=1).encode(), [*SECRET_VALUES, *NAMES]) == []


def test_none_of_them_is_anywhere_in_a_bundle(packed):
    assert {
        name: left for name, content in packed.items() if (left := left_in(content, [*SECRET_VALUES, *NAMES]))
    } == {}
    assert left_in("\n".join(packed).encode(), [*SECRET_VALUES, *NAMES]) == []


def test_a_host_has_one_pseudonym_in_all_files_of_a_bundle(tmp_path):
    host = "mqprod7.corp.example"
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    (inputs / "env.txt").write_text(f"MQSERVER=APP.SVRCONN/TCP/{host}(1414)\nPATH=/usr/bin\nMQCCSID=1208\n")
    (inputs / "mqclient.ini").write_text(f"CHANNELS:\n  ServerConnectionParms=APP.SVRCONN/TCP/{host}(1414)\n")
    archive = tmp_path / "case.zip"
    bundle([inputs], mqtrace.diagnose(inputs), Identities(), archive)
    with ZipFile(archive) as files:
        said = [files.read(name).decode() for name in files.namelist() if name.endswith(("env.txt", "mqclient.ini"))]
    assert len(said) == 2
    pseudonyms = {found for text in said for found in re.findall(r"TCP/(\S+?)\(1414\)", text)}
    assert len(pseudonyms) == 1
    assert len(pseudonyms.pop()) == len(host)
    assert not any(host in text for text in said)
