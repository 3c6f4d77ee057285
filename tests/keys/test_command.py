"""The command `mqtrace keys check`."""

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mqtrace.cli.keys import app
from mqtrace.model import UsageError

from .key_stores import DATA, LABEL, PASSWORD

KDB = DATA / "kdb"


def run(*arguments: str | Path, environment: dict[str, str] | None = None) -> tuple[int, str]:
    result = CliRunner().invoke(
        app, ["check", *map(str, arguments)], env={"MQTRACE_STORE_PASSWORD": None, **(environment or {})}, input=""
    )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def report(*arguments: str | Path, environment: dict[str, str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*arguments, "--format", "json", environment=environment)[1])
    return found


def test_json_has_the_names_of_the_contract() -> None:
    found = report(KDB / "expired_personal.kdb", "--label", "Expired One")
    assert found["kind"] == "cms"
    wanted = ("label", "subject", "issuer", "not_before", "not_after", "key", "private_key")
    assert {name: found["certificates"][1][name] for name in wanted} == {
        "label": "Expired One",
        "subject": "CN=Lab expired client,O=mqtrace lab,C=GB",
        "issuer": "CN=Lab CA,O=mqtrace lab,C=GB",
        "not_before": "2023-08-24T00:00:00Z",
        "not_after": "2024-09-27T00:00:00Z",
        "key": "rsa2048",
        "private_key": True,
    }
    assert found["certificates"][0]["private_key"] is None
    assert [each["id"] for each in found["problems"]] == ["tls.certificate-expired"]


def test_moment_of_use() -> None:
    expired = [
        each["id"] for each in report(KDB / "personal_and_two_ca.kdb", "--at", "2046-01-01T08:00:00+01:00")["problems"]
    ]
    assert expired == ["tls.certificate-expired", "tls.certificate-expired"]


def test_exit_code_says_whether_something_is_wrong() -> None:
    assert run(KDB / "personal_and_two_ca.kdb")[0] == 0
    assert run(KDB / "one_personal.kdb")[0] == 1


def test_a_key_repository_may_be_named_by_its_stem_as_mq_does() -> None:
    assert report(KDB / "one_personal")["stash"] == "one_personal.sth"


def test_password_of_the_environment_and_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n")
    store = KDB / "gskit_personal.p12"
    for found in (
        report(store, environment={"MQTRACE_STORE_PASSWORD": PASSWORD}),
        report(store, "--password-file", file),
    ):
        assert (found["certificates"][0]["label"], found["problems"]) == ("labclient", [])


def test_no_password_is_a_problem_and_none_is_shown() -> None:
    assert [each["id"] for each in report(KDB / "gskit_personal.p12")["problems"]] == ["tls.key-repository-password"]
    code, text = run(KDB / "gskit_personal.p12", environment={"MQTRACE_STORE_PASSWORD": "my wrong one"})
    assert (code, "my wrong one" in text) == (1, False)


def test_missing_store() -> None:
    assert [each["id"] for each in report("/nowhere/key.kdb")["problems"]] == ["tls.key-repository-missing"]


def test_text_says_what_is_wrong_and_what_to_do() -> None:
    _, text = run(KDB / "personal_and_two_ca.kdb", "--label", LABEL)
    assert text.startswith("FAIL  1 problem.")
    assert text.index("(tls.certificate-label-not-found)") < text.index("    subject  ")
    assert " UTC to " in text
    assert "ibmwebspheremqappuser" in text


def test_usage_errors_are_one_line() -> None:
    with pytest.raises(UsageError, match="is a folder"):
        run(KDB)
    assert run(KDB / "empty.kdb", "--at", "tomorrow")[0] == 2


def test_a_folder_that_may_not_be_entered_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: object, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(os, "stat", refuse)
    monkeypatch.setattr(os, "lstat", refuse)
    (problem,) = report("/closed/key.kdb")["problems"]
    assert (problem["id"], problem["text"].partition(":")[0]) == ("tls.key-repository-missing", "No right to read it")


def test_a_command_to_run_stands_on_a_line_of_its_own() -> None:
    told = run(KDB / "one_personal.kdb", environment={"COLUMNS": "80"})[1].splitlines()
    assert "          runmqakm -cert -add -db STORE -stashed -label LABEL -file SIGNER.arm" in told


@pytest.mark.parametrize(("host", "kind"), [("other.example", "DNS"), ("10.0.0.8", "IP"), ("::1", "IP")])
def test_the_alternative_name_to_ask_for_has_the_kind_of_the_host(host: str, kind: str) -> None:
    problems = report(KDB / "personal_and_two_ca.kdb", "--server", "--host", host)["problems"]
    assert [each["fix"][0] for each in problems if each["id"] == "tls.peer-name-mismatch"] == [
        f"Have a certificate issued with the alternative name {kind}:{host}, or connect by a name that it has."
    ]
