"""mqtrace ccdt."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mqtrace.cli import exits
from mqtrace.cli.ccdt import app
from mqtrace.mark import GENERATOR, MARK


def channel(name: str, queue_manager: str = "QM1", port: int | None = 1, **more: Any) -> dict[str, Any]:
    address = {"host": "h"} if port is None else {"host": "h", "port": port}
    return {
        "name": name,
        "type": "clientConnection",
        "clientConnection": {"connection": [address], "queueManager": queue_manager},
        **more,
    }


@pytest.fixture
def table(tmp_path: Path) -> Path:
    secured = {"transmissionSecurity": {"cipherSpecification": "ANY_TLS12", "certificateLabel": "app"}}
    channels = [channel("B", port=2, **secured), channel("A", port=None), channel("C", "OTHER")]
    path = tmp_path / "ccdt.json"
    path.write_text(json.dumps({"channel": channels}))
    return path


def run(*words: object) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*map(str, words), "--format", "json"])
    return result.exit_code, json.loads(result.stdout)


def test_match_tells_the_channels_in_the_order_tried(table: Path) -> None:
    code, found = run("match", table, "QM1")
    assert (code, found["accepted"], found["order"], found["reason_code"], found["problems"]) == (
        exits.OK,
        True,
        "fixed",
        0,
        [],
    )
    assert [
        (each["channel"], each["addresses"], each["cipher_spec"], each["certificate_label"])
        for each in found["candidates"]
    ] == [
        ("A", ["h(1414)"], "", ""),
        ("B", ["h(2)"], "ANY_TLS12", "app"),
    ]
    assert (
        found["candidates"][0]["why"]
        == "its queue manager name is QM1, as asked for; weight 0, so it stands in the order of names"
    )


def test_match_tells_what_the_application_gets_when_nothing_matches(table: Path) -> None:
    code, found = run("match", table, "QM9")
    assert (code, found["candidates"], found["reason_code"]) == (exits.OK, [], 2058)


def test_weights_are_told_where_chance_decides(tmp_path: Path) -> None:
    channels = [channel(name, connectionManagement={"clientWeight": weight}) for name, weight in (("A", 1), ("B", 9))]
    (tmp_path / "t").write_text(json.dumps({"channel": channels}))
    found = run("match", tmp_path / "t", "QM1")[1]
    assert (found["order"], [(each["channel"], each["weight"]) for each in found["candidates"]]) == (
        "random",
        [("B", 9), ("A", 1)],
    )


def test_match_for_people(table: Path) -> None:
    lines = CliRunner().invoke(app, ["match", str(table), "QM1"], env={"COLUMNS": "100"}).stdout.split("\n")
    assert lines[:2] == [
        "1  A  h(1414)  no TLS",
        "   its queue manager name is QM1, as asked for; weight 0, so it stands in the order of names",
    ]
    assert lines[2] == "2  B  h(2)  ANY_TLS12"


def test_show_lists_every_channel(table: Path) -> None:
    code, found = run("show", table)
    assert code == exits.OK
    assert [(each["channel"], each["queue_manager"], each["addresses"]) for each in found["channels"]] == [
        ("B", "QM1", ["h(2)"]),
        ("A", "QM1", ["h(1414)"]),
        ("C", "OTHER", ["h(1)"]),
    ]


def test_lint_finds_nothing_in_a_good_table(table: Path) -> None:
    assert run("lint", table) == (exits.OK, {"generator": GENERATOR, "kind": "json", "channels": 3, "problems": []})


def test_lint_ends_with_1_for_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('{"channel": [{"name": "A"')
    code, found = run("lint", tmp_path / "t")
    assert code == exits.PROBLEM
    assert found["problems"][0]["line"] == 1


def test_a_file_that_is_not_there_ends_with_3(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["show", str(tmp_path / "missing")]).exit_code == exits.NOTHING


def test_lint_names_a_cipher_spec_that_is_none_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(
        json.dumps({"channel": [channel("A", transmissionSecurity={"cipherSpecification": "ANY_TLS12_OR_HIHGER"})]})
    )
    code, found = run("lint", tmp_path / "t")
    (problem,) = found["problems"]
    assert (code, problem["kind"], problem["refused_by"]) == (exits.PROBLEM, "unknown-cipher-spec", [])
    assert problem["text"].endswith(
        '"ANY_TLS12_OR_HIHGER" of channel "A" is no CipherSpec that is known; did you mean "ANY_TLS12_OR_HIGHER"?'
    )


def test_lint_says_of_a_channel_that_is_no_object_nothing_but_that(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('{"channel": [5]}')
    assert [each["kind"] for each in run("lint", tmp_path / "t")[1]["problems"]] == ["wrong-type"]


def test_lint_tells_the_problems_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "t").write_text('{"channel": [\n{"name": 5},\n{"name": "A", "name": "A",}\n], "more": 1}')
    lines = [each["line"] for each in run("lint", tmp_path / "t")[1]["problems"]]
    assert lines == sorted(lines)
    assert len(set(lines)) == 3


def test_match_says_which_other_client_does_otherwise(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(json.dumps({"channel": [channel("A"), channel("B", unheard_of=1)]}))
    told = CliRunner().invoke(app, ["match", str(tmp_path / "t"), "QM1"], env={"COLUMNS": "100"}).stdout
    assert "\nOtherwise the Java client: refuses the whole table with 2278 MQRC_CLIENT_CONN_ERROR.\n" in told
    assert ".NET" not in told


def test_long_problems_are_indented_below_their_dash(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(json.dumps({"channel": [channel("A", unheard_of=1)]}))
    told = CliRunner().invoke(app, ["show", str(tmp_path / "t")], env={"COLUMNS": "60"}).stdout
    *problems, mark = told.partition("Problems\n")[2].splitlines()
    assert problems[0].startswith("  - line 1, column")
    assert all(line.startswith("    ") for line in problems[1:])
    assert mark == MARK


def test_lint_takes_many_files_and_names_path_line_and_column(tmp_path: Path, table: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"channel": [channel("A", transmissionSecurity={"cipherSpec": "ANY_TLS12"})]}))
    result = CliRunner().invoke(app, ["lint", str(bad), str(table)])
    assert (result.exit_code, result.stdout.splitlines()) == (
        exits.PROBLEM,
        [
            f'{bad}:1:168: unknown-key unknown key "cipherSpec" in transmissionSecurity; '
            'did you mean "cipherSpecification"? (the Java client refuses the table)',
            f"{table}: 3 channels, no problem found",
        ],
    )


def test_lint_of_many_files_as_json_names_each(tmp_path: Path, table: Path) -> None:
    (tmp_path / "t").write_text('{"channel": []}')
    code, whole = run("lint", tmp_path / "t", table)
    assert code == exits.PROBLEM
    assert [(entry["file"], entry["channels"], len(entry["problems"])) for entry in whole["files"]] == [
        (str(tmp_path / "t"), 0, 1),
        (str(table), 3, 0),
    ]


def test_lint_goes_on_after_a_file_that_is_not_there(tmp_path: Path, table: Path) -> None:
    result = CliRunner().invoke(app, ["lint", str(tmp_path / "missing"), str(table)])
    assert (result.exit_code, result.stdout) == (exits.PARTIAL, f"{table}: 3 channels, no problem found\n")


def test_lint_warns_of_a_table_from_which_the_client_never_comes_back(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(json.dumps({"channel": [channel("A", connectionManagement={"clientWeight": -1})]}))
    code, whole = run("lint", tmp_path / "t")
    assert code == exits.PROBLEM
    assert [problem["kind"] for problem in whole["problems"] if problem["endless_for"] == ["c"]] == ["negative-weight"]


def test_match_of_such_a_table_says_so(tmp_path: Path) -> None:
    (tmp_path / "t").write_text(json.dumps({"channel": [channel("A", connectionManagement={"clientWeight": -1})]}))
    whole = run("match", tmp_path / "t", "QM1")[1]
    assert (whole["accepted"], whole["returns"], whole["candidates"], whole["reason_code"]) == (False, False, [], 0)
    told = CliRunner().invoke(app, ["match", str(tmp_path / "t"), "QM1"], env={"COLUMNS": "100"}).stdout
    assert told.startswith("This client never comes back from such a table.\n")


def test_match_says_that_only_the_last_failure_is_logged(table: Path) -> None:
    told = CliRunner().invoke(app, ["match", str(table), "QM1"], env={"COLUMNS": "100"}).stdout
    assert "only the last failure is logged" in " ".join(told.split())
