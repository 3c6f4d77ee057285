"""mqtrace ini lint."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mqtrace.cli import exits
from mqtrace.cli.ini import app
from mqtrace.mark import MARK


def lint(folder: Path, text: str, *options: str) -> Result:
    (folder / "mqclient.ini").write_text(text)
    return CliRunner().invoke(app, ["lint", str(folder / "mqclient.ini"), *options])


def test_a_good_file_ends_with_0(tmp_path: Path) -> None:
    result = lint(tmp_path, "SSL:\n   SSLKeyRepository=/srv/app/key\n")
    assert (result.exit_code, result.stdout) == (exits.OK, f"1 setting, no problem found\n{MARK}\n")


def test_a_problem_is_told_with_its_line_and_what_was_meant(tmp_path: Path) -> None:
    result = lint(tmp_path, "SSL:\n   SSLKeyRepositry=/srv/app/key\n", "--format", "json")
    assert result.exit_code == exits.PROBLEM
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["kind"], problem["line"], problem["nearest"]) == ("unknown-key", 2, "SSLKeyRepository")


def test_the_client_decides_what_is_ignored(tmp_path: Path) -> None:
    text = "Channels:\n   ServerConnectionParms=A/TCP/h\n"
    kinds = {client: lint(tmp_path, text, "--client", client).stdout for client in ("c", "java")}
    assert "no problem found" in kinds["c"]
    assert kinds["java"].startswith("line 2: the Java client does not read Channels.ServerConnectionParms")


@pytest.mark.parametrize("text", ["", "Log:\n   LogType=CIRCULAR\n"])
def test_what_is_no_clients_file_ends_with_3(tmp_path: Path, text: str) -> None:
    result = lint(tmp_path, text)
    assert result.exit_code == exits.NOTHING
    assert result.stderr.startswith("mqtrace: ")
