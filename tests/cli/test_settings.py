"""mqtrace settings: only the ledger."""

import json
from collections.abc import Callable
from pathlib import Path

from command_line import Ran, sample
from mqtrace.cli import exits

Run = Callable[..., Ran]
FAILED = "c-label-not-in-key-repository"


def test_each_setting_with_what_won_over_what(mqtrace: Run) -> None:
    shown = mqtrace("settings", sample(FAILED))
    lines = [" ".join(line.split()) for line in shown.out.splitlines()]
    assert (shown.code, shown.err) == (exits.OK, "")
    (label,) = [number for number, line in enumerate(lines) if line.startswith("certificate label ")]
    assert lines[label].startswith("certificate label rsaca256_clientx channel table traced AMQ7253.0.FMT:")
    assert lines[label + 1].startswith("instead of app1_client mqclient.ini overridden ")
    assert lines[label + 2] == "SSL.CertificateLabel"


def test_nothing_about_causes(mqtrace: Run) -> None:
    out = mqtrace("settings", sample(FAILED)).out
    assert "407" not in out
    assert "tls.certificate-label-not-found" not in out


def test_json_has_the_rows_of_the_report(mqtrace: Run) -> None:
    found = json.loads(mqtrace("settings", sample(FAILED), "--format", "json").out)
    report = json.loads(mqtrace("diagnose", sample(FAILED), "--format", "json").out)
    assert set(found) == {"schema", "connections", "inputs"}
    assert [each["settings"] for each in found["connections"]] == [each["settings"] for each in report["connections"]]
    assert "cause" not in found["connections"][0]


def test_exit_codes(mqtrace: Run, tmp_path: Path) -> None:
    assert mqtrace("settings", tmp_path).code == exits.NOTHING
    assert mqtrace("settings", sample(FAILED), tmp_path / "missing").code == exits.PARTIAL


def test_markdown_is_no_form_of_it(mqtrace: Run) -> None:
    shown = mqtrace("settings", sample(FAILED), "--format", "md")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
