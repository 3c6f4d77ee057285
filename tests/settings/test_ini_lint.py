"""What is wrong with an mqclient.ini."""

from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.catalog.settings_files import settings_pattern
from mqtrace.catalog.tables import table
from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration import ini
from mqtrace.readers.tally import Tally
from mqtrace.settings.ini_lint import MOST, IniProblem, lint_ini

SAMPLES = Path(__file__).parents[1] / "data" / "readers" / "config" / "ini"


def values(text: str) -> list[ConfigValue]:
    source = Source("mqclient.ini", BufferedReader(BytesIO(text.encode())))  # type: ignore[arg-type]
    return list(ini.read(source, Tally()))


def lines(text: str) -> list[ConfigValue | ini.StrangeLine]:
    source = Source("mqclient.ini", BufferedReader(BytesIO(text.encode())))  # type: ignore[arg-type]
    return list(ini.read_lines(source, Tally()))


def test_a_line_that_means_nothing_is_told_without_the_secret_in_it() -> None:
    (problem,) = lint_ini(lines("SSL:\nSSLKeyRepositoryPassword hunter2\nOutboundSNI=CHANNEL\n"), "c")
    assert (problem.kind, problem.location.line) == ("no-setting", 2)
    assert problem.text.startswith(
        "'SSLKeyRepositoryPassword ***' is neither a stanza, which ends with a colon, nor Name=value"
    )


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("CHANNELS:\nServerConnectionParms=A.CH/TCP/host(1414),other(1415)", False),
        ("CHANNELS:\nServerConnectionParms=A.CH/TCP/host(1414", False),
        ("CHANNELS:\nServerConnectionParms=A.CH/TCPIP/host(1414)", True),
        ("CHANNELS:\nServerConnectionParms=A.CH/host(1414)", True),
        ("SSL:\nEncryptionPolicySuiteB=128_BIT, 192_BIT", False),
        ("SSL:\nEncryptionPolicySuiteB=128_BIT,256_BIT", True),
        ("MessageBuffer:\nUpdatePercentage=-1", False),
        ("MessageBuffer:\nUpdatePercentage=-2", True),
    ],
)
def test_values_of_a_form_are_checked(line: str, wrong: bool) -> None:
    assert [kind for kind, _, _ in found(line)] == ["out-of-range"] * wrong


def found(text: str, client: str = "c") -> list[tuple[str, int, str]]:
    return [(each.kind, each.location.line, each.nearest) for each in lint_ini(values(text), client)]


def test_the_misspelt_keys_of_a_real_file() -> None:
    text = (SAMPLES / "unknown_key_dotnet.ini").read_text()
    assert lint_ini(values(text), "dotnet") == [
        IniProblem(
            "unknown-key",
            Location("mqclient.ini", 2, 10, 45),
            "unknown key CHANNELS.ServerConectionParms, so it has no effect; ServerConnectionParms was probably meant",
            "ServerConnectionParms",
        ),
        IniProblem(
            "unknown-key",
            Location("mqclient.ini", 5, 85, 33),
            "unknown key SSL.SSLKeyRepositry, so it has no effect; SSLKeyRepository was probably meant",
            "SSLKeyRepository",
        ),
    ]


def test_the_mistakes_of_a_java_clients_file() -> None:
    assert found((SAMPLES / "unknown_key_java.ini").read_text(), "java") == [
        ("unknown-key", 2, "OutboundSNI"),
        ("ignored-by-client", 3, ""),
        ("unknown-stanza", 5, "CHANNELS"),
        ("unknown-key", 5, "ServerConnectionParms"),
    ]


CASES = {
    "nothing wrong": ("SSL:\nOutboundSNI=HOSTNAME\nSSLFipsRequired=NO\nTCP:\nKeepAlive=Yes\n", []),
    "case does not matter": ("channels:\ndefrecon=yes\n", []),
    "unknown stanza, told once": ("SSLx:\nOutboundSNI=HOSTNAME\nCertificateLabel=a\n", [("unknown-stanza", 2, "SSL")]),
    "brackets": ("[SSL]\nOutboundSNI=HOSTNAME\n", [("unknown-stanza", 2, "SSL")]),
    "unlike anything": ("Zebra:\nqqqq=1\n", [("unknown-stanza", 2, ""), ("unknown-key", 2, "")]),
    "wrong stanza": ("SSL:\nServerConnectionParms=A/TCP/h\n", [("wrong-stanza", 2, "CHANNELS")]),
    "before any stanza": ("OutboundSNI=HOSTNAME\n", [("wrong-stanza", 1, "SSL")]),
    "value": ("SSL:\nOutboundSNI=HOSTNAM\n", [("out-of-range", 2, "HOSTNAME")]),
    "number": ("SSL:\nSSLKeyResetCount=1000000000\n", [("out-of-range", 2, "")]),
    "no number": ("TCP:\nConnect_Timeout=ten\n", [("out-of-range", 2, "")]),
    "twice": ("SSL:\nOutboundSNI=*\noutboundsni=CHANNEL\n", [("duplicate", 3, "")]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_problems(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("line", "ignored_by"),
    [
        ("SSL:\nSSLKeyRepository=/k\n", {"java"}),
        ("SSL:\nCertificateLabel=x\n", {"dotnet", "java"}),
        ("CHANNELS:\nServerConnectionParms=A/TCP/h\n", {"java"}),
        ("CHANNELS:\nChannelDefinitionFile=x\n", {"java"}),
        ("SSL:\nOutboundSNI=HOSTNAME\n", set()),
    ],
)
def test_settings_that_a_client_does_not_read(line: str, ignored_by: set[str]) -> None:
    assert {
        client for client in ("c", "dotnet", "java") if found(line, client) == [("ignored-by-client", 2, "")]
    } == ignored_by


def test_a_value_whose_case_matters_to_java() -> None:
    text = "SSL:\nAllowOutboundSNI=no\n"
    assert lint_ini(values(text), "c") == []
    assert [each.text for each in lint_ini(values(text), "java")] == [
        "SSL.AllowOutboundSNI is no: the Java client takes YES or NO only in capital letters"
    ]


def test_sentences_name_the_place_and_the_allowed_values() -> None:
    text = "OutboundSNI=*\nSSL:\nSSLKeyResetCount=x\n"
    assert [each.text for each in lint_ini(values(text), "c")] == [
        "OutboundSNI stands before any stanza, where it has no effect; it belongs to SSL",
        "SSL.SSLKeyResetCount is x, not 0 to 999999999",
    ]


@pytest.mark.parametrize("stanza", ["ExitPath", "Log", "Service", "QMErrorLog", "qmerrorlog", "AllQueueManagers"])
def test_a_queue_managers_file_is_not_judged(stanza: str) -> None:
    assert found(f"{stanza}:\nX=1\nSSL:\nNoSuchKey=1\nCHANNELS:\nMaxChannels=200\n") == []


def test_problems_end_at_a_bound() -> None:
    assert len(found("SSL:\n" + "".join(f"Key{number}=1\n" for number in range(MOST + 50)))) == MOST


def test_every_ini_attribute_of_a_setting_is_known_to_the_lint() -> None:
    known = {f"{row['stanza']}.{row['attribute']}": row for row in table("mqclient_ini")}
    for setting in settings_pattern("settings")["setting"]:
        for place in setting.get("ini", []):
            assert set(place["clients"]) <= set(known[place["name"]]["clients"].split())


SURPRISES = {
    "second stanza of a name": (
        "SSL:\nOutboundSNI=*\nTCP:\nKeepAlive=YES\nssl:\nSSLFipsRequired=NO\n",
        [("repeated-stanza", 5, "stanza ssl stands here a second time: the C client reads only the first one")],
    ),
    "every stanza once": ("SSL:\nOutboundSNI=*\nTCP:\nKeepAlive=YES\n", []),
    "byte order mark": (
        "\ufeffSSL:\nOutboundSNI=*\n",
        [
            (
                "byte-order-mark",
                1,
                "the file begins with a byte order mark: "
                "the C client does not read the stanza that begins in its first line",
            )
        ],
    ),
    "quotes": (
        'SSL:\nCertificateLabel="app"\n',
        [("literal-value", 2, 'SSL.CertificateLabel is "app": the quotes are part of the value')],
    ),
    "quote within": ("SSL:\nCertificateLabel=the app's\n", []),
    "remark": (
        "SSL:\nCertificateLabel=app # mine\n",
        [("literal-value", 2, "SSL.CertificateLabel is app # mine: what follows the # is part of the value")],
    ),
    "sharp within a word": ("SSL:\nCertificateLabel=app#1\n", []),
    "comment lines": ("# a\n; b\n* c\n// d\nSSL:\nOutboundSNI=*\n", []),
    "stanza without a colon": (
        "CHANNELS\nServerConnectionParms=A/TCP/h\n",
        [
            (
                "no-setting",
                1,
                "'CHANNELS' is neither a stanza, which ends with a colon, nor Name=value, so it has no effect; "
                "the lines below it belong to no stanza and are lost",
            ),
            (
                "wrong-stanza",
                2,
                "ServerConnectionParms stands before any stanza, where it has no effect; it belongs to CHANNELS",
            ),
        ],
    ),
    "stanza and attribute in one line": (
        "CHANNELS: ServerConnectionParms=A/TCP/h\n",
        [
            (
                "no-setting",
                1,
                "CHANNELS: and ServerConnectionParms stand in one line, so it is no stanza and has no effect",
            )
        ],
    ),
    "table file with a folder": (
        "CHANNELS:\nChannelDefinitionFile=/srv/app/ccdt.json\n",
        [
            (
                "table-place",
                2,
                "CHANNELS.ChannelDefinitionFile is /srv/app/ccdt.json: "
                "it is a name only and is put behind the directory, even where it is a path or a URL",
            )
        ],
    ),
    "table file": ("CHANNELS:\nChannelDefinitionFile=ccdt.json\nChannelDefinitionDirectory=/srv/app/\n", []),
    "scheme in capitals": (
        "CHANNELS:\nChannelDefinitionDirectory=HTTP://h/dir\n",
        [
            (
                "table-place",
                2,
                "CHANNELS.ChannelDefinitionDirectory is HTTP://h/dir: "
                "this is no scheme that the client knows (small letters), so it is taken for a folder",
            )
        ],
    ),
    "slash at the end of a URL": (
        "CHANNELS:\nChannelDefinitionDirectory=http://h/dir/\n",
        [
            (
                "table-place",
                2,
                "CHANNELS.ChannelDefinitionDirectory is http://h/dir/: "
                "the slash at the end makes two before the name of the file",
            )
        ],
    ),
    "URL": ("CHANNELS:\nChannelDefinitionDirectory=http://h/dir\n", []),
    "blank definition": (
        "CHANNELS:\nServerConnectionParms=\n",
        [
            (
                "out-of-range",
                2,
                "CHANNELS.ServerConnectionParms is blank, which counts as given: "
                "no other source of a channel is asked, and the client ends with 2058",
            )
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), SURPRISES.values(), ids=SURPRISES)
def test_what_surprises_in_what_the_c_client_reads(text: str, expected: list[tuple[str, int, str]]) -> None:
    assert [(problem.kind, problem.location.line, problem.text) for problem in lint_ini(lines(text), "c")] == expected


@pytest.mark.parametrize("name", ["second stanza of a name", "byte order mark", "quotes", "remark"])
def test_what_was_seen_of_the_c_client_is_not_said_of_others(name: str) -> None:
    assert [problem for problem in lint_ini(lines(SURPRISES[name][0]), "dotnet") if "C client" in problem.text] == []


def test_utf_16_is_not_read_by_the_c_client() -> None:
    source = Source("mqclient.ini", BufferedReader(BytesIO("SSL:\nOutboundSNI=*\n".encode("utf-16"))))  # type: ignore[arg-type]
    assert [problem.text for problem in lint_ini(list(ini.read_lines(source, Tally())), "c")] == [
        "the file is UTF-16: the C client reads nothing of it, and says nothing"
    ]


@given(st.text(alphabet="SLabOutbndSNI:=\n[]*", max_size=200), st.sampled_from(["c", "dotnet", "java"]))
def test_every_problem_has_a_line_of_the_file(text: str, client: str) -> None:
    given_values = values(text)
    lines = {value.location.line for value in given_values}
    assert {problem.location.line for problem in lint_ini(given_values, client)} <= lines


def test_a_file_given_beside_a_log_of_which_the_client_is_not_known_is_checked_all_the_same() -> None:
    (problem,) = lint_ini(values("SSL:\n OutboundSNII=HOSTNAME\n"), "unknown")
    assert (problem.kind, problem.nearest) == ("unknown-key", "OutboundSNI")
