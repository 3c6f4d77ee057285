"""What files given beside a log say where there is no trace, and what the client's own log says (SYNTHETIC entries)."""

import pytest

from mqtrace.evidence.configuration import Configuration
from mqtrace.model import Connection, Fact, Location, LogEntry, Setting
from mqtrace.settings.ledger import build_ledger

CLIENTS = {"program": "orders", "process": 7253}
QUEUE_MANAGERS = {"program": "amqrmppa", "queue_manager": "QM1", "severity": "E"}
MQSERVER = ("env.MQSERVER", "A.CHANNEL/TCP/hosta(1414)", "", "env.txt")
URL = ("env.MQCCDTURL", "file:///app/ccdt.json", "", "env.txt")


def entry(message: str, inserts: dict[int, str], writer: dict[str, object]) -> LogEntry:
    return LogEntry(message, "Text.", Location("AMQERR01.LOG", 12), inserts=inserts, **writer)  # type: ignore[arg-type]


UNKNOWN_CHANNEL = entry("AMQ9520", {3: "A.CHANNEL"}, CLIENTS)
PRINTED = LogEntry("", "MQCONN ended with reason code 2393", Location("app.log", 1), reason_code=2393)


def of_table(channel: str, name: str, value: str, source: str = "ccdt.json") -> tuple[str, str, str, str]:
    return f"table.{name}", value, channel, source


def table(*channels: str, source: str = "ccdt.json") -> list[tuple[str, str, str, str]]:
    """Entries of a channel table, each with an address."""
    return [
        of_table(channel, name, value, source)
        for channel in channels
        for name, value in (("name", channel), ("connection", "hosta(1414)"), ("cipherspecification", "ANY_TLS12"))
    ]


def ledger(
    *entries: LogEntry, given: list[tuple[str, str, str, str]], facts: tuple[Fact, ...] = (), queue_manager: str = ""
) -> dict[str, Setting]:
    connection = Connection(
        "c",
        "AMQERR01.LOG",
        facts=facts,
        log_entries=entries,
        reason_code=2393,
        queue_manager=queue_manager,
        phase="tcp",
    )
    configured = tuple(
        Fact(name, value, Location(source, 1), value, "set", thread) for name, value, thread, source in given
    )
    return {row.name: row for row in build_ledger(connection, Configuration(configured))}


def told(row: Setting) -> tuple[str, str, str]:
    return row.value, row.source, row.proof


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ([], "unknown"),
        ([MQSERVER], "env:MQSERVER"),
        ([URL, *table("A.CHANNEL", "B.CHANNEL")], "ccdt"),
        ([("env.MQSERVER", "B.CHANNEL/TCP/hosta(1414)", "", "env.txt")], "unknown"),
        ([URL, *table("B.CHANNEL")], "unknown"),
    ],
    ids=["nothing given", "variable", "table", "another channel in the variable", "the table lacks it"],
)
def test_the_channel_of_the_client_s_log_is_in_force_and_a_given_file_that_has_it_is_its_source(
    given: list[tuple[str, str, str, str]], source: str
) -> None:
    assert told(ledger(UNKNOWN_CHANNEL, given=given)["channel"]) == ("A.CHANNEL", source, "inferred")


def test_a_table_that_lacks_the_channel_of_the_log_says_so() -> None:
    row = ledger(UNKNOWN_CHANNEL, given=[URL, *table("B.CHANNEL")])["channel"]
    assert row.candidates[-1].why == "the table has no channel 'A.CHANNEL'"


def test_what_a_queue_manager_s_log_says_is_no_setting_of_the_client() -> None:
    row = ledger(entry("AMQ9519", {3: "A.CHANNEL"}, QUEUE_MANAGERS), given=[])["channel"]
    assert (row.value, row.source) == ("", "none")


@pytest.mark.parametrize(
    ("message", "inserts", "setting", "value"),
    [
        ("AMQ9202", {1: "111", 3: "hosta (192.0.2.1) (1414)", 5: "A.CHANNEL"}, "address", "hosta(1414)"),
        ("AMQ9202", {1: "111", 3: "hosta", 5: "A.CHANNEL"}, "address", ""),
        ("AMQ9635", {3: "A.CHANNEL", 4: "NO_SUCH_SPEC"}, "cipher_spec", "NO_SUCH_SPEC"),
        ("AMQ9518", {3: "/app/ccdt.json"}, "ccdt", "/app/ccdt.json"),
        ("AMQ9518", {3: "/app/exit.so"}, "ccdt", ""),
    ],
    ids=["address", "no port", "CipherSpec", "table", "an exit"],
)
def test_what_else_the_client_s_log_names(message: str, inserts: dict[int, str], setting: str, value: str) -> None:
    assert ledger(entry(message, inserts, CLIENTS), given=[])[setting].value == value


def test_the_only_entry_of_a_table_is_the_channel_where_no_log_names_one() -> None:
    rows = ledger(PRINTED, given=[URL, *table("A.CHANNEL")])
    assert [told(rows[name]) for name in ("channel", "address", "cipher_spec")] == [
        ("A.CHANNEL", "ccdt", "inferred"),
        ("hosta(1414)", "ccdt", "inferred"),
        ("ANY_TLS12", "ccdt", "inferred"),
    ]


@pytest.mark.parametrize(
    ("more", "queue_manager", "value"),
    [
        ([], "", ""),
        ([of_table("B.CHANNEL", "type", "serverConnection")], "", "A.CHANNEL"),
        ([of_table("B.CHANNEL", "queuemanager", "QM2")], "QM1", "A.CHANNEL"),
        ([of_table("B.CHANNEL", "queuemanager", "QM2")], "*QM2", ""),
    ],
    ids=["two", "one of them is the queue manager's", "one of them is for another name", "both can be"],
)
def test_of_two_entries_only_those_count_that_the_client_can_try(
    more: list[tuple[str, str, str, str]], queue_manager: str, value: str
) -> None:
    rows = ledger(PRINTED, given=[URL, *table("A.CHANNEL", "B.CHANNEL"), *more], queue_manager=queue_manager)
    assert rows["channel"].value == value


def test_beside_a_trace_the_only_entry_of_a_table_proves_no_channel() -> None:
    read = Fact("env.MQSSLKEYR", "/app/key", Location("trace", 1), "MQSSLKEYR", "read")
    assert ledger(given=[URL, *table("A.CHANNEL")], facts=(read,))["channel"].value == ""


@pytest.mark.parametrize(("source", "value"), [("env.txt", "A.CHANNEL"), ("other.txt", "")])
def test_a_table_pasted_beside_the_variable_that_names_it_is_that_table(source: str, value: str) -> None:
    assert ledger(PRINTED, given=[URL, *table("A.CHANNEL", source=source)])["channel"].value == value
