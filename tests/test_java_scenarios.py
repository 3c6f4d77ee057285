"""Genuine traces of the Java client with a known truth, each with the program's log beside it: one story, whose secrets
stay where they are.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from mqtrace.diagnosis import diagnose
from mqtrace.model import Report
from mqtrace.report.write import Form, rendered

CORPUS = Path(__file__).parents[1] / ".." / "shared" / "corpus" / "trace-java"
# One of each kind: base and JMS, a list, a table, TLS of both ends, a level of exceptions only, older clients, packed.
CHOSEN = (
    *("ccdt_group_2058_then_refused", "ccdt_other_qm_jms", "ini_case_of_keys_93", "mqconn_not_authorized_jakarta"),
    *("mqenvironment_fills_gaps", "open_not_authorized", "reject_08", "silent_150s", "tls13_required_client_cert_none"),
    *("tls_suite_jdk_name_nomap_92", "threads_3_refused_loops_2", "tls_sni_name_ends_in_symbol"),
)

pytestmark = pytest.mark.corpus


def truth(name: str) -> dict[str, Any]:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    known: dict[str, Any] = json.loads((CORPUS / name / "truth.json").read_text(encoding="utf-8"))
    return known


def report(name: str) -> Report:
    return diagnose(
        [path for path in sorted((CORPUS / name).rglob("*")) if path.is_file() and path.name != "truth.json"]
    )


@pytest.mark.parametrize("name", CHOSEN)
def test_a_scenario_is_one_story_that_is_true(name: str) -> None:
    known, found = truth(name), report(name)
    assert {outcome.connection.reason_code for outcome in found.outcomes} - {None} == set(known["reason_codes"])
    assert {outcome.cause.id for outcome in found.outcomes if outcome.cause} <= {
        *known["cause_ids"],
        *known.get("other_cause_ids", ()),
    }
    programs = [line for line in known["client_output"] if line[:1].isdigit()]
    assert sum(outcome.connection.count for outcome in found.outcomes) == max(len(programs), 1)
    assert found.notes == ()


def with_secrets() -> list[str]:
    files = sorted(CORPUS.glob("*/truth.json"))
    return [path.parent.name for path in files if json.loads(path.read_text(encoding="utf-8")).get("secrets")]


@pytest.mark.parametrize("name", with_secrets() or ["mtls_keystore_missing"])
def test_no_form_of_the_report_has_a_secret(name: str) -> None:
    known, found = truth(name), report(name)
    forms: tuple[Form, ...] = ("text", "md", "json")
    for form in forms:
        told = rendered(found, form, verbosity=2)
        assert str(found.outcomes[0].connection.reason_code) in told
        assert [secret for secret in known["secrets"] if secret in told] == []
