"""mqclient.ini: which files are taken for one, and what is read of them."""

import time
from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.inputs import Source
from mqtrace.masking import mask_value
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration import ini
from mqtrace.readers.configuration.config_lines import MOST_LINES
from mqtrace.readers.tally import Tally

SAMPLES = Path(__file__).parents[2] / "data" / "readers" / "config" / "ini"


def read(data: bytes) -> tuple[list[ConfigValue], Tally]:
    tally = Tally()
    source = Source("mqclient.ini", BufferedReader(BytesIO(data)))  # type: ignore[arg-type]
    return list(ini.read(source, tally)), tally


def triples(data: bytes) -> list[tuple[str, str, str]]:
    return [(value.group, value.name, value.value) for value in read(data)[0]]


def test_a_real_file_is_read_with_places() -> None:
    values, tally = read((SAMPLES / "unknown_key_dotnet.ini").read_bytes())
    assert values == [
        ConfigValue("CHANNELS", "ServerConectionParms", "TYPO.SVRCONN/TCP/x(1)", Location("mqclient.ini", 2, 10, 45)),
        ConfigValue("SSL", "OutboundSNI", "HOSTNAME", Location("mqclient.ini", 4, 61, 23)),
        ConfigValue("SSL", "SSLKeyRepositry", "/var/mqm/ssl/x", Location("mqclient.ini", 5, 85, 33)),
    ]
    assert (tally.lines, tally.records, tally.unparsed) == (5, 3, 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"Channels: \n DefRecon = YES \n", [("Channels", "DefRecon", "YES")]),
        (b"\xef\xbb\xbfSSL:\r\n\tOutboundSNI=HOSTNAME", [("SSL", "OutboundSNI", "HOSTNAME")]),
        (b"# SSL:\n;CHANNELS:\nSSL:   # TLS\nOutboundSNI=*\n", [("SSL", "OutboundSNI", "*")]),
        (b"SSL:\nOutboundSNI=A\nOutboundSNI=B\n", [("SSL", "OutboundSNI", "A"), ("SSL", "OutboundSNI", "B")]),
        (
            b"SSL:\nOutboundSNI=A\nTCP:\nKeepAlive=NO\nssl:\nX=1\n",
            [("SSL", "OutboundSNI", "A"), ("TCP", "KeepAlive", "NO")],
        ),
        (b"SSL:\nX=1\nSSL:\nY=2\nTCP:\nZ=3\n", [("SSL", "X", "1"), ("TCP", "Z", "3")]),
        (b"Service:\nName=A\nService:\nName=B\n", [("Service", "Name", "A"), ("Service", "Name", "B")]),
        (b"OutboundSNI=A\nSSL:\n", [("", "OutboundSNI", "A")]),
        (b"SSL:\nSSLKeyRepository=C:\\keys=1\n", [("SSL", "SSLKeyRepository", "C:\\keys=1")]),
        (b"[SSL]\nOutboundSNI=HOSTNAME\n", [("[SSL]", "OutboundSNI", "HOSTNAME")]),
        (b"SSL:\nCertificateLabel=\n", [("SSL", "CertificateLabel", "")]),
        ("SSL:\r\nOutboundSNI=HOSTNAME\r\n".encode("utf-16"), [("SSL", "OutboundSNI", "HOSTNAME")]),
        (b"SSL:\nCertificateLabel=\x1b[31mx\xff\n", [("SSL", "CertificateLabel", "\\x1b[31mx\ufffd")]),
    ],
    ids=[
        "blanks",
        "mark-and-crlf",
        "comments",
        "twice",
        "second-stanza",
        "second-stanza-at-once",
        "stanza-of-a-queue-manager-twice",
        "before-a-stanza",
        "equals-in-value",
        "brackets",
        "blank-value",
        "utf-16",
        "escapes",
    ],
)
def test_forms_of_a_line(data: bytes, expected: list[tuple[str, str, str]]) -> None:
    assert triples(data) == expected


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("SSLKeyRepositoryPassword=passw0rd", "***"),
        ("SSLKeyRepositoryPassword=", ""),
        ("ProxyPwd=passw0rd", "***"),
        ("PasswordProtection=ALWAYS", "ALWAYS"),
        (
            "SSLCryptoHardware=GSK_PKCS11=/usr/lib/p11.so;label;passw0rd;SYMMETRIC_CIPHER_ON;",
            "GSK_PKCS11=/usr/lib/p11.so;label;***;SYMMETRIC_CIPHER_ON;",
        ),
        ("ChannelDefinitionDirectory=ftp://me:passw0rd@host/dir", "ftp://me:***@host/dir"),
    ],
)
def test_secrets_are_masked(line: str, shown: str) -> None:
    assert triples(f"SSL:\n{line}\n".encode())[0][2] == shown


def test_lines_of_no_form_are_counted() -> None:
    values, tally = read(b"SSL\nOutboundSNI=HOSTNAME\nwhat is this\n")
    assert [value.name for value in values] == ["OutboundSNI"]
    assert tally.unparsed == 2


def test_a_queue_managers_file_is_read_too() -> None:
    data = b"ExitPath:\n   ExitsDefaultPath=/var/mqm/exits\nLog:\n   LogPrimaryFiles=3\n"
    assert ini.sniff(data)
    assert triples(data) == [("ExitPath", "ExitsDefaultPath", "/var/mqm/exits"), ("Log", "LogPrimaryFiles", "3")]


@pytest.mark.load
def test_endless_files_stop_and_say_so() -> None:
    values, tally = read(b"a=b\n" * (MOST_LINES + 5))
    assert len(values) == MOST_LINES
    assert tally.unparsed == 1


@pytest.mark.parametrize("name", ["unknown_key_dotnet.ini", "unknown_key_java.ini"])
def test_real_files_are_recognised(name: str) -> None:
    assert ini.sniff((SAMPLES / name).read_bytes())


@pytest.mark.parametrize(
    "data",
    [
        b"# Module Name: mqclient.ini\n#SSL:\n#  OutboundSNI=HOSTNAME\n",
        b"ServerConnectionParms=A/TCP/h(1)\n",
        b"SSL\n  OutboundSNI=HOSTNAME\n  SSLKeyRepository=/k\n",
        b"CHANEL:\n  ServerConnectionParms=A/TCP/h(1)\n",
        b"SSL:\n  NoSuchKey=1\n",
    ],
)
def test_files_with_mistakes_are_recognised(data: bytes) -> None:
    assert ini.sniff(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0\0",
        b'{"name": "app", "version": "1.0.0"}',
        b"channels:\n  - conda-forge\ndependencies:\n  - python=3.11\n",
        b"version: '3'\nservices:\n  web:\n    image: nginx\n    environment:\n      - A=b\n",
        b"[database]\nhost=localhost\nport=5432\n",
        b"[SSL]\nCertificate=/etc/x.pem\n",
        b"ORCL =\n  (DESCRIPTION =\n    (ADDRESS = (PROTOCOL = TCP)(HOST = db)(PORT = 1521)))\n",
        b"NAMES.DIRECTORY_PATH=(TNSNAMES)\nSQLNET.EXPIRE_TIME=10\n",
        b"DB_HOST=localhost\nSECRET_KEY=abc\n",
        b"# a shell script\nset -e\n",
        b"AMQ9202E: Remote host not available.\n",
    ],
)
def test_other_programs_files_are_not_taken(data: bytes) -> None:
    assert not ini.sniff(data)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["mqhelm_mqclient.ini", "tdolby_mqclient.ini"])
def test_files_of_the_corpus_are_recognised(name: str) -> None:
    path = Path(__file__).parents[3] / ".." / "shared" / "corpus" / "ini" / name
    if not path.is_file():
        pytest.skip("the shared corpus is not here")
    expected = {
        "mqhelm_mqclient.ini": [("SSL", "OutboundSNI", "HOSTNAME")],
        "tdolby_mqclient.ini": [
            ("SSL", "AllowTLSV13", "TRUE"),
            ("ClientExitPath", "ExitsDefaultPath", "/var/mqm/exits"),
            ("ClientExitPath", "ExitsDefaultPath64", "/var/mqm/exits64"),
        ],
    }
    assert ini.sniff(path.read_bytes())
    assert triples(path.read_bytes()) == expected[name]


@given(
    st.binary(max_size=2000) | st.text(alphabet="SL:=#;[]\r\n\0 \ufeffaé", max_size=200).map(lambda text: text.encode())
)
def test_any_bytes_give_as_many_values_as_counted(data: bytes) -> None:
    ini.sniff(data)
    values, tally = read(data)
    assert len(values) == tally.records
    assert tally.size == len(data)
    assert all(data[value.location.offset :] for value in values)


def test_the_definition_of_a_token_that_never_ends_costs_no_time() -> None:
    begun = time.process_time()
    mask_value("SSLCryptoHardware", "GSK_PKCS11=" * 90_000 + ";")
    assert time.process_time() - begun < 2
    assert mask_value("SSLCryptoHardware", "GSK_PKCS11=/usr/lib/drv.so;label;pass;SYMMETRIC_CIPHER_ON;") == (
        "GSK_PKCS11=/usr/lib/drv.so;label;***;SYMMETRIC_CIPHER_ON;"
    )
