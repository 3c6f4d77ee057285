"""Which channels of a table a client tries: the documented rule, and what IBM's own clients did with a table."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tables.ccdt_table import ChannelTable
from mqtrace.settings.channel_choice import Choice, choose, remaining_reason

ORACLES = Path(__file__).parents[1] / "data" / "readers" / "config"
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
# AMQ9695, AMQ9696: the client says what is wrong with a JSON table; AMQ9516: it cannot be read at all.
_REFUSAL = re.compile("AMQ(?:9695|9696|9516)")
NO_KEY_REPOSITORY = 2381


def folders(client: str) -> list[Path]:
    return sorted((ORACLES / f"ccdt-oracle-{client}").iterdir())


def oracle(folder: Path, client: str) -> tuple[Choice, dict[str, Any]]:
    truth = json.loads((folder / "truth.json").read_text())
    data = next(path for path in folder.iterdir() if path.name != "truth.json").read_bytes()
    return choose(load_table(data), truth["queue_manager"], client), truth


def port(address: str) -> int:
    return int(re.findall(r"\((\d+)\)", address)[0])


def ports(choice: Choice) -> list[int]:
    return [port(address) for candidate in choice.candidates for address in candidate.addresses]


def runs(truth: dict[str, Any]) -> list[list[int]]:
    tried = truth["ports_tried"]
    return tried if tried and isinstance(tried[0], list) else [tried]


def reason_of(truth: dict[str, Any]) -> int:
    """Reason code that the program got, 0 when the client did not come back."""
    return int(next(iter(re.findall(r"rc=(\d+)", truth["client_output"][0])), 0))


def as_the_c_client_did(choice: Choice, truth: dict[str, Any]) -> bool:
    """Whether the choice is what the C client did: ports, order, refusal, and the reason where no address was tried."""
    refused = any(_REFUSAL.search(message) for message in truth["message"])
    if choice.accepted == refused or choice.returns != bool(reason_of(truth)):
        # A table from which the client does not come back is not accepted either.
        return not refused and not choice.returns and not reason_of(truth)
    if truth.get("order") == "random" and choice.order != "random":
        return False
    if reason_of(truth) == NO_KEY_REPOSITORY:
        # Without a key repository the entries with a CipherSpec fail before their address is tried.
        plain = [candidate for candidate in choice.candidates if not candidate.channel.cipher_spec]
        return runs(truth)[0] == [port(address) for candidate in plain for address in candidate.addresses]
    if not any(runs(truth)) and choice.reason_code != reason_of(truth):
        return False
    if choice.order == "random":
        return all(sorted(run) == sorted(ports(choice)) for run in runs(truth))
    return all(run == ports(choice) for run in runs(truth))


def as_the_java_client_did(choice: Choice, truth: dict[str, Any]) -> bool:
    """Whether the choice has the ports that the Java client tried, and its reason where it tried none."""
    if not choice.candidates and choice.reason_code != reason_of(truth):
        return False
    if choice.order == "random":
        return all(sorted(run) == sorted(ports(choice)) for run in runs(truth))
    return ports(choice) == runs(truth)[0]


def as_the_dotnet_client_did(choice: Choice, truth: dict[str, Any]) -> bool:
    """Whether the choice begins with the port that the .NET client tried first, or has
    its reason where there is none."""
    firsts = {run[0] for run in runs(truth) if run}
    if not choice.candidates:
        return not firsts and choice.reason_code == reason_of(truth)
    return bool(firsts) and firsts <= set(ports(choice)[:1] if choice.order == "fixed" else ports(choice))


AS_THE_CLIENT_DID = {"c": as_the_c_client_did, "java": as_the_java_client_did, "dotnet": as_the_dotnet_client_did}


@pytest.mark.parametrize(
    ("client", "folder"),
    [(client, folder) for client in AS_THE_CLIENT_DID for folder in folders(client)],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_client_does_the_same(client: str, folder: Path) -> None:
    choice, truth = oracle(folder, client)
    assert AS_THE_CLIENT_DID[client](choice, truth)


@pytest.mark.parametrize(("client", "refused_without_a_word"), [("java", {"binary_big_endian"})])
def test_the_java_client_refuses_the_same(client: str, refused_without_a_word: set[str]) -> None:
    for folder in folders(client):
        choice, truth = oracle(folder, client)
        # The client names the mistake of a table that it refuses; of one in which nothing matches it says nothing.
        assert choice.accepted == (not truth["message"] and folder.name not in refused_without_a_word)


def test_the_dotnet_client_refuses_the_same() -> None:
    refused = {folder.name for folder in folders("dotnet") if not oracle(folder, "dotnet")[0].accepted}
    assert refused == {"with_bom", "no_type", "binary_big_endian"}


@pytest.mark.corpus
@pytest.mark.parametrize(("client", "least"), [("c", 0.97), ("java", 1.0), ("dotnet", 1.0)])
def test_the_share_of_tables_answered_as_the_client_did(client: str, least: float) -> None:
    tables = sorted((CORPUS / f"ccdt-oracle-{client}").glob("*/truth.json"))
    if not tables:
        pytest.skip("the shared corpus is not here")
    otherwise = [truth.parent.name for truth in tables if not AS_THE_CLIENT_DID[client](*oracle(truth.parent, client))]
    assert 1 - len(otherwise) / len(tables) >= least, otherwise


# Tables that no client was given, made of those that the C client was: what it did must not hang on their form.


def turned(value: Any) -> Any:
    """The same with the keys of every object in the other order."""
    if isinstance(value, dict):
        return {key: turned(inner) for key, inner in reversed(value.items())}
    return [turned(each) for each in value] if isinstance(value, list) else value


def renumbered(value: Any) -> Any:
    """The same with ports that are 20,000 higher."""
    if isinstance(value, dict):
        return {
            key: inner + 20_000 if key == "port" and type(inner) is int and 0 < inner < 20_000 else renumbered(inner)
            for key, inner in value.items()
        }
    return [renumbered(each) for each in value] if isinstance(value, list) else value


def renamed(value: Any) -> Any:
    """The same with another first letter of each channel's name that is a capital, so that their order stays."""
    if isinstance(value, dict):
        return {
            key: _next_letter(inner) if key == "name" and isinstance(inner, str) else renamed(inner)
            for key, inner in value.items()
        }
    return [renamed(each) for each in value] if isinstance(value, list) else value


def _next_letter(name: str) -> str:
    first = name[:1]
    return chr(ord(first) + 1) + name[1:] if "A" <= first < "R" else name


def parsed(folder: Path) -> Any:
    """The table's JSON; None for a binary table, and for what only the lenient client reads."""
    data = next(path for path in folder.iterdir() if path.name != "truth.json").read_bytes()
    try:
        return json.loads(data.decode())
    except ValueError:
        return None


C_TABLES = [folder for folder in folders("c") if parsed(folder) is not None]
C_CORPUS = sorted(path.parent for path in (CORPUS / "ccdt-oracle-c").glob("*/truth.json"))


def told_alike(folder: Path) -> bool:
    """Whether variants of a table are answered as the table is."""
    content, (whole, truth) = parsed(folder), oracle(folder, "c")
    before = (whole.accepted, whole.order, whole.reason_code)
    again = [choose(load_table(json.dumps(change(content)).encode()), truth["queue_manager"], "c")
             for change in (turned, renumbered, renamed)]  # fmt: skip
    others, moved, _ = again
    moved_ports = sorted(one - 20_000 if one > 20_000 else one for one in ports(moved))
    same = all((each.accepted, each.order, each.reason_code) == before for each in again)
    return same and ports(others) == ports(whole) and moved_ports == sorted(ports(whole))


@pytest.mark.parametrize("folder", C_TABLES, ids=lambda folder: folder.name)
def test_how_a_table_is_written_changes_nothing(folder: Path) -> None:
    assert told_alike(folder)


@pytest.mark.corpus
def test_how_the_tables_of_the_corpus_are_written_changes_nothing() -> None:
    tables = [folder for folder in C_CORPUS if parsed(folder) is not None]
    assert [folder.name for folder in tables if not told_alike(folder)] == []


def table(*channels: dict[str, Any]) -> ChannelTable:
    return load_table(json.dumps({"channel": channels}).encode())


def channel(name: str, queue_manager: str = "QM1", port: int = 1, **sections: Any) -> dict[str, Any]:
    connection = {"connection": [{"host": "h", "port": port}], "queueManager": queue_manager}
    return {"name": name, "type": "clientConnection", "clientConnection": connection, **sections}


def weighted(name: str, weight: int, affinity: str = "preferred") -> dict[str, Any]:
    return channel(name, connectionManagement={"clientWeight": weight, "affinity": affinity})


def names(choice: Choice) -> list[str]:
    return [each.channel.name for each in choice.candidates]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("QM1", ["A"]),
        ("*QM1", ["A"]),
        ("qm1", ["B"]),
        ("", ["C"]),
        ("   ", ["C"]),
        ("*", ["C"]),
        ("QM2", []),
        ("*QM2", []),
    ],
)
def test_the_documented_rule_for_names(asked: str, expected: list[str]) -> None:
    choice = choose(table(channel("A", "QM1"), channel("B", "qm1"), channel("C", "")), asked)
    assert names(choice) == expected
    assert choice.reason_code == (0 if expected else 2058)


@pytest.mark.parametrize(
    ("client", "plain", "blank"), [("c", 2058, 2058), ("dotnet", 2278, 2058), ("java", 2278, 2278)]
)
def test_what_the_application_gets_when_nothing_matches(client: str, plain: int, blank: int) -> None:
    found = table(channel("A"))
    assert choose(found, "QM2", client).reason_code == plain
    assert choose(found, "*", client).reason_code == blank


def test_weight_zero_comes_first_and_by_name() -> None:
    choice = choose(table(weighted("A", 5), channel("Z"), channel("Y")), "QM1")
    assert (names(choice), choice.order) == (["Y", "Z", "A"], "fixed")
    assert [each.why for each in choice.candidates] == [
        "its queue manager name is QM1, as asked for; weight 0, so it stands in the order of names",
        "its queue manager name is QM1, as asked for; weight 0, so it stands in the order of names",
        "its queue manager name is QM1, as asked for; weight 5, so it comes after those of weight 0",
    ]


def test_two_weights_are_a_matter_of_chance() -> None:
    choice = choose(table(weighted("A", 1), weighted("B", 99, "none"), channel("C")), "QM1")
    assert (names(choice), choice.order) == (["C", "B", "A"], "random")
    assert [each.channel.weight for each in choice.candidates] == [0, 99, 1]
    assert [each.why.rpartition("; ")[2] for each in choice.candidates[1:]] == [
        "weight 99 of 100, drawn at random anew at each connection",
        "weight 1 of 100, drawn at random once for the process",
    ]


def test_a_group_says_that_any_queue_manager_may_answer() -> None:
    choice = choose(table(channel("A", "GROUP")), "*GROUP")
    assert (
        choice.candidates[0].why == "its queue manager name is GROUP, as *GROUP asks for; any queue manager may answer"
    )


def test_a_missing_queue_manager_is_a_blank_one_to_the_c_client_only() -> None:
    entry = {"name": "A", "type": "clientConnection", "clientConnection": {"connection": [{"host": "h"}]}}
    found = table(entry)
    assert names(choose(found, "*", "c")) == ["A"]
    assert (names(choose(found, "*", "dotnet")), choose(found, "*", "dotnet").accepted) == ([], True)
    assert (names(choose(found, "*", "java")), choose(found, "*", "java").accepted) == ([], False)


@pytest.mark.parametrize(("client", "accepted"), [("c", True), ("dotnet", True), ("java", False)])
def test_a_problem_is_told_with_its_place_and_who_refuses_the_table(client: str, accepted: bool) -> None:
    text = json.dumps({"channel": [channel("A")]}).replace('{"name"', '\n {"reconnect": {}, "name"')
    choice = choose(load_table(text.encode()), "QM1", client)
    assert choice.accepted is accepted
    assert choice.problems == (
        'line 2, column 3: unknown key "reconnect" in a channel (the Java client refuses the table)',
    )


@pytest.mark.parametrize(("client", "reason"), [("c", 2058), ("dotnet", 2278), ("java", 2278)])
def test_what_is_not_json_is_refused_by_all(client: str, reason: int) -> None:
    choice = choose(load_table(b'{"channel": [{"name": "X",}'), "QM1", client)
    assert (choice.accepted, choice.candidates, choice.reason_code) == (False, (), reason)


TEMPLATE = {
    "name": "SYSTEM.DEF.CLNTCONN",
    "type": "clientConnection",
    "clientConnection": {"connection": [], "queueManager": ""},
}


def test_the_template_of_a_queue_manager_is_tried_by_the_c_client_and_fails() -> None:
    choice = choose(table(TEMPLATE), "*")
    assert [(candidate.channel.name, candidate.addresses) for candidate in choice.candidates] == [
        ("SYSTEM.DEF.CLNTCONN", ())
    ]
    assert choice.reason_code == 2539
    assert choice.candidates[0].why.endswith("a blank address fails at once with 2539")


def test_the_template_is_no_candidate_to_the_dotnet_client() -> None:
    assert choose(table(TEMPLATE), "*", "dotnet").candidates == ()


def test_a_match_without_an_address_is_told() -> None:
    entry = {"name": "A", "type": "clientConnection", "clientConnection": {"connection": [], "queueManager": "QM1"}}
    told = "line 1: channel A matches but has no address, so it cannot be tried"
    assert choose(table(entry), "QM1", "dotnet").problems[-1] == told


@pytest.mark.parametrize(
    ("client", "habit"),
    [
        (
            "dotnet",
            "the managed .NET client tries the first match and then the last one, so it was not seen to try this one",
        ),
        ("java", "the Java client ends with 2596 when the channel names a certificate label"),
    ],
)
def test_habits_of_a_client_are_told(client: str, habit: str) -> None:
    found = table(channel("A"), channel("B", transmissionSecurity={"certificateLabel": "x"}), channel("C"))
    assert habit in choose(found, "QM1", client).candidates[1].why
    assert habit not in choose(found, "QM1", "c").candidates[1].why


# The files of patterns are read in the first example, which takes long on a busy machine.
@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("ABCab."), st.sampled_from(["QM1", "QM2", ""]), st.integers(0, 99)), max_size=8),
    st.sampled_from(["QM1", "*QM1", "*", "", "QM3"]),
    st.sampled_from(["c", "dotnet", "java"]),
)
def test_candidates_are_exactly_the_matching_entries(
    entries: list[tuple[str, str, int]], asked: str, client: str
) -> None:
    found = table(
        *(channel(name, manager, connectionManagement={"clientWeight": weight}) for name, manager, weight in entries)
    )
    choice = choose(found, asked, client)
    if choice.accepted:
        matching = [(name, weight) for name, manager, weight in entries if manager == asked.lstrip("*")]
        assert sorted((each.channel.name, each.channel.weight) for each in choice.candidates) == sorted(matching)
        zero = [each.channel.weight == 0 for each in choice.candidates]
        assert zero == sorted(zero, reverse=True)


# The C client, beyond the tables of the oracle. Synthetic.


def entry(name: str, addresses: list[dict[str, Any]], queue_manager: str = "QM1", weight: int = 0) -> dict[str, Any]:
    return {
        "name": name,
        "type": "clientConnection",
        "clientConnection": {"connection": addresses, "queueManager": queue_manager},
        "connectionManagement": {"clientWeight": weight},
    }


ONE = [{"host": "h", "port": 1}]
BAD = {
    "name of 21 characters": channel("A" * 21, "OTHER"),
    "queue manager name of 49 characters": channel("B", "Q" * 49),
    "label of 65 characters": channel("B", "OTHER", transmissionSecurity={"certificateLabel": "l" * 65}),
    "CipherSpec of 33 characters": channel("B", "OTHER", transmissionSecurity={"cipherSpecification": "C" * 33}),
    "description of 65 characters": channel("B", "OTHER", general={"description": "d" * 65}),
    "port in quotes": entry("B", [{"host": "h", "port": "1"}], "OTHER"),
    "number with a fraction": channel("B", "OTHER", general={"maximumMessageLength": 1.5}),
    "number with an exponent": channel("B", "OTHER", general={"maximumMessageLength": 1e3}),
    "affinity in capitals": channel("B", "OTHER", connectionManagement={"affinity": "PREFERRED"}),
    "unknown reconnect": channel("B", "OTHER", connectionManagement={"defaultReconnect": "Yes"}),
    "unknown header compression": channel("B", "OTHER", compression={"header": ["SYSTEM"]}),
    "type of MQSC": channel("B", "OTHER", type="CLNTCONN"),
    "no name": {"type": "clientConnection"},
    "name in the wrong case": {"Name": "B", "type": "clientConnection"},
    "connection that is no list": {**channel("B"), "clientConnection": {"connection": {}, "queueManager": "OTHER"}},
}
HARMLESS = {
    "name of 20 characters": channel("B" * 20, "OTHER"),
    "queue manager name of 48 characters": channel("B", "Q" * 48),
    "label of 64 characters": channel("B", "OTHER", transmissionSecurity={"certificateLabel": "l" * 64}),
    "unknown key": channel("B", "OTHER", reconnect={"x": 1}),
    "section in the wrong case": channel("B", "OTHER", ConnectionManagement={"affinity": "NONE"}),
    "server connection": channel("B", "OTHER", type="serverConnection"),
    "null": entry("B", [{"host": "h", "port": None}], "OTHER"),
    "weight over 99": entry("B", ONE, "OTHER", weight=100),
    "unknown CipherSpec": channel("B", "OTHER", transmissionSecurity={"cipherSpecification": "NO_SUCH"}),
    "empty name": channel("", "OTHER"),
}


@pytest.mark.parametrize("other", BAD.values(), ids=BAD)
def test_one_bad_value_of_another_queue_manager_refuses_the_whole_table(other: dict[str, Any]) -> None:
    choice = choose(table(channel("A"), other), "QM1")
    assert (choice.accepted, choice.candidates, choice.reason_code) == (False, (), 2058)
    assert choice.notes == ("One bad value refuses the whole JSON table, even in an entry of another queue manager.",)


@pytest.mark.parametrize("other", HARMLESS.values(), ids=HARMLESS)
def test_what_the_c_client_takes_leaves_the_table_as_it_is(other: dict[str, Any]) -> None:
    choice = choose(table(channel("A"), other), "QM1")
    assert (choice.accepted, names(choice)) == (True, ["A"])


@pytest.mark.parametrize(("asked", "expected"), [("QM1", ["A", "B", "C"]), ("", ["A", "B"]), ("ZZZ", ["A", "B"])])
def test_an_entry_with_a_star_matches_every_name_of_the_c_client_only(asked: str, expected: list[str]) -> None:
    channels = table(channel("A", "*"), channel("B", "*OTHER"), channel("C", "QM1"), channel("D", "QM*"))
    assert names(choose(channels, asked)) == expected
    assert names(choose(channels, asked, "java")) == [name for name in expected if name == "C"]


@pytest.mark.parametrize(
    ("address", "expected", "fault"),
    [
        ({"host": "h"}, ("h(1414)",), ""),
        ({"host": "h", "port": 0}, ("h(0)",), ""),
        ({"host": "h", "port": 65535}, ("h(65535)",), ""),
        ({"host": "h", "port": 65536}, (), "its address h(65536) fails at once with 2539"),
        ({"host": "h", "port": -1}, (), "its address h(-1) fails at once with 2539"),
        ({"port": 1}, (), "a blank address fails at once with 2539"),
        ({"host": "h(1),i(2)"}, ("h(1)", "i(2)"), ""),
        ({"host": "h(2)", "port": 3}, ("h(2)",), ""),
        ({"host": "h:1"}, (), "its address h:1(1414) fails at once with 2538"),
        ({"host": "::1", "port": 4}, ("::1(4)",), ""),
    ],
)
def test_addresses_as_the_c_client_reads_them(address: dict[str, Any], expected: tuple[str, ...], fault: str) -> None:
    (candidate,) = choose(table(entry("A", [address])), "QM1").candidates
    assert candidate.addresses == expected
    assert candidate.why.endswith(fault)


def test_the_addresses_of_weighted_channels_are_entries_of_their_own() -> None:
    two = [{"host": "h", "port": 1}, {"host": "h", "port": 2}]
    choice = choose(table(entry("A", two, weight=5), entry("B", ONE, weight=9), entry("C", two)), "QM1")
    assert [(candidate.channel.name, candidate.addresses) for candidate in choice.candidates] == [
        ("C", ("h(1)", "h(2)")),
        ("B", ("h(1)",)),
        ("A", ("h(1)",)),
        ("A", ("h(2)",)),
    ]
    assert (choice.order, choice.notes[0]) == (
        "random",
        "The addresses of weighted channels are entries of their own, and those of several channels mix.",
    )


def test_one_weighted_channel_with_one_address_is_no_matter_of_chance() -> None:
    choice = choose(table(entry("A", ONE, weight=5), channel("B", port=2)), "QM1")
    assert (names(choice), choice.order) == (["B", "A"], "fixed")


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        ([0, 0], [2, 1]),
        ([0, 0, 0], [2, 3, 1]),
        ([0, 0, 5, 0], [2, 4, 1, 3]),
        ([0] * 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_equal_names_stand_as_seen_on_windows_up_to_the_size_that_is_known(
    weights: list[int], expected: list[int]
) -> None:
    entries = [entry("A", [{"host": "h", "port": number}], weight=weight) for number, weight in enumerate(weights, 1)]
    choice = choose(table(*entries), "QM1")
    assert ports(choice) == expected
    assert "equal name" in choice.candidates[0].why


def test_different_names_say_nothing_of_equal_ones() -> None:
    assert "equal name" not in choose(table(channel("A"), channel("B")), "QM1").candidates[0].why


def test_a_table_that_hangs_the_client_gives_no_reason() -> None:
    choice = choose(table(channel("A"), entry("B", ONE, "OTHER", weight=-1)), "QM1")
    assert (choice.accepted, choice.returns, choice.reason_code, choice.candidates) == (False, False, 0, ())
    assert choice.notes == ("The call that connects never comes back, and nothing is logged.",)
    assert "the C client never comes back from it" in choice.problems[-1]


def test_only_what_has_more_than_one_address_speaks_of_the_next_one() -> None:
    assert choose(table(channel("A")), "QM1").notes == ()
    (note,) = choose(table(channel("A"), channel("B")), "QM1").notes
    assert "only the last failure is logged" in note


def test_a_table_of_many_channels_takes_no_time_with_the_square_of_their_number() -> None:
    channels = table(*(channel(f"A{number}", connectionManagement={"clientWeight": 1}) for number in range(3000)))
    started = time.process_time()
    choice = choose(channels, "QM1")
    assert (len(choice.candidates), choice.order) == (3000, "random")
    assert time.process_time() - started < 2


def test_a_name_that_is_nearly_there_is_told() -> None:
    choice = choose(table(channel("A", "QMGroupA")), "QMGROUPA")
    assert choice.notes == (
        'No entry is for "QMGROUPA", but one is for "QMGroupA": the case of queue manager names matters.',
    )
    assert choose(table(channel("A", "SALES")), "QMGROUPA").notes == ()


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([], 0),
        ([2538], 2538),
        ([2540, 2538], 2540),
        ([2540, 2035, 2538], 2035),
        ([2543, 2538], 2538),
        ([2538, 2543], 2543),
        ([2540, 2543], 2540),
    ],
)
def test_the_reason_that_remains(reasons: list[int], expected: int) -> None:
    assert remaining_reason(reasons) == expected
