import pytest

from mqtrace.catalog.precedence import source_words
from mqtrace.model import Connection
from mqtrace.report.words import (
    base_name,
    client_words,
    clock_words,
    counted,
    duration_words,
    setting_words,
    size_words,
    target_words,
    time_words,
)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("env:MQSSLKEYR", "MQSSLKEYR"),
        ("ini:SSL.SSLKeyRepository", "mqclient.ini SSL.SSLKeyRepository"),
        ("property:com.ibm.mq.cfg.useIBMCipherMappings", "-Dcom.ibm.mq.cfg.useIBMCipherMappings"),
        ("ccdt", "channel table"),
        ("application", "the program"),
        ("data-directory", "data directory"),
        ("mqenvironment", "MQEnvironment"),
        ("something-new", "something-new"),
    ],
)
def test_sources_have_friendly_words(source: str, words: str) -> None:
    assert source_words(source) == words


@pytest.mark.parametrize(("name", "words"), [("ccdt", "channel table"), ("key_repository", "key repository")])
def test_settings_have_friendly_words(name: str, words: str) -> None:
    assert setting_words(name) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2026-11-24T09:00:00.000000", "2026-11-24T09:00:21.040000", "took 21.0 s"),
        ("23:59:59.5", "23:59:59.51", ""),
        ("09:00:00.000000", "09:00:01.500000", "took 1.5 s"),
        ("09:00:02.000000", "09:00:01.000000", ""),
        ("nonsense", "09:00:01", ""),
        ("2026-11-24T09:00:00", "2026-11-24T09:00:09+00:00", ""),
    ],
)
def test_duration_only_where_it_can_be_told(start: str, end: str, words: str) -> None:
    assert duration_words(start, end) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1500, "1.5 kB"),
        (24_310, "24 kB"),
        (999_700, "1.0 MB"),
        (2_400_000_000, "2.4 GB"),
    ],
)
def test_sizes(size: int, words: str) -> None:
    assert size_words(size) == words


def test_times_are_cut_not_rounded() -> None:
    assert time_words("2026-11-24T09:00:00.999999") == "2026-11-24 09:00:00"
    assert time_words("2026-11-24T09:00:00.123Z") == "2026-11-24 09:00:00 UTC"
    assert clock_words("2026-11-24T09:00:00.999999") == "09:00:00"


@pytest.mark.parametrize(
    ("path", "name"), [("/a/b.FMT", "b.FMT"), (r"C:\a\b.FMT", "b.FMT"), ("b", "b"), ("/a/", "/a/")]
)
def test_base_name_of_both_families(path: str, name: str) -> None:
    assert base_name(path) == name


def test_plural() -> None:
    assert (counted(1, "file"), counted(1200, "line")) == ("1 file", "1,200 lines")


@pytest.mark.parametrize(
    ("calls_out", "channel", "client", "target"),
    [
        (True, "TO.QM2", "Channel TO.QM2 of QM1", "far(1414)"),
        (True, "", "A channel of QM1", "far(1414)"),
        (False, "TO.QM2", "A client", "QM1"),
    ],
)
def test_a_channel_between_queue_managers_is_no_client(calls_out: bool, channel: str, client: str, target: str) -> None:
    connection = Connection(
        "unknown", "AMQERR01.LOG", queue_manager="QM1", address="far(1414)", channel=channel, calls_out=calls_out
    )
    assert (client_words(connection), target_words(connection)) == (client, target)
