"""What is wrong with an mqclient.ini."""

from io import BufferedReader, BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.catalog.tables import table
from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Location
from mqtrace.readers.configuration import ini
from mqtrace.readers.configuration.config_known import settings_pattern
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
        ("CHANNELS:\nServerConnectionParms=A.CH/TCP/host(1414", True),
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
    "twice": ("SSL:\nOutboundSNI=*\nssl:\noutboundsni=CHANNEL\n", [("duplicate", 4, "")]),
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


@given(st.text(alphabet="SLabOutbndSNI:=\n[]*", max_size=200), st.sampled_from(["c", "dotnet", "java"]))
def test_every_problem_has_a_line_of_the_file(text: str, client: str) -> None:
    given_values = values(text)
    lines = {value.location.line for value in given_values}
    assert {problem.location.line for problem in lint_ini(given_values, client)} <= lines
