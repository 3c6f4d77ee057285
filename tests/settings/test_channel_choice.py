"""Which channels of a table a client tries: the documented rule, and what IBM's own clients did with the same tables."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.readers.tables.ccdt_table import ChannelTable
from mqtrace.settings.channel_choice import Choice, choose

ORACLES = Path(__file__).parents[1] / "data" / "readers" / "config"


def folders(client: str) -> list[Path]:
    return sorted((ORACLES / f"ccdt-oracle-{client}").iterdir())


def oracle(folder: Path, client: str) -> tuple[Choice, dict[str, Any]]:
    truth = json.loads((folder / "truth.json").read_text())
    data = next(path for path in folder.iterdir() if path.name != "truth.json").read_bytes()
    return choose(load_table(data), truth["queue_manager"], client), truth


def ports(choice: Choice) -> list[int]:
    return [int(re.findall(r"\((\d+)\)", address)[0]) for each in choice.candidates for address in each.addresses]


def runs(truth: dict[str, Any]) -> list[list[int]]:
    tried = truth["ports_tried"]
    return tried if tried and isinstance(tried[0], list) else [tried]


def reason_of(truth: dict[str, Any]) -> int:
    return int(re.findall(r"rc=(\d+)", truth["client_output"][0])[0])


@pytest.mark.parametrize("folder", folders("java"), ids=lambda path: path.name)
def test_the_java_client_tries_the_same(folder: Path) -> None:
    choice, truth = oracle(folder, "java")
    if choice.order == "random":
        assert all(sorted(run) == sorted(ports(choice)) for run in runs(truth))
    else:
        assert ports(choice) == runs(truth)[0]
    if not choice.candidates:
        assert choice.reason_code == reason_of(truth)
    # The client names the mistake of a table that it refuses; of one in which nothing matches it says nothing.
    assert choice.accepted == (not truth["message"] and folder.name != "binary_big_endian")


@pytest.mark.parametrize("folder", folders("dotnet"), ids=lambda path: path.name)
def test_the_dotnet_client_tries_the_same_one_first(folder: Path) -> None:
    choice, truth = oracle(folder, "dotnet")
    firsts = {run[0] for run in runs(truth) if run}
    assert firsts <= set(ports(choice)[:1] if choice.order == "fixed" else ports(choice))
    assert bool(firsts) == bool(choice.candidates)
    if not choice.candidates:
        assert choice.reason_code == reason_of(truth)
    assert choice.accepted == (folder.name not in ("with_bom", "no_type", "binary_big_endian"))


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


def test_the_template_in_a_table_is_no_candidate() -> None:
    entry = {
        "name": "SYSTEM.DEF.CLNTCONN",
        "type": "clientConnection",
        "clientConnection": {"connection": [], "queueManager": ""},
    }
    assert choose(table(entry), "*").candidates == ()


def test_a_match_without_an_address_is_told() -> None:
    entry = {"name": "A", "type": "clientConnection", "clientConnection": {"connection": [], "queueManager": "QM1"}}
    assert (
        choose(table(entry), "QM1").problems[-1]
        == "line 1: channel A matches but has no address, so it cannot be tried"
    )


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
