"""Scenarios with a known truth say the same when nobody is named in them: causes, sources and proofs.

MQTRACE_REDACT_ALL=1 runs all of them; without it all of the small families, and every so many of the large ones.
"""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from test_files import told

import mqtrace
from mqtrace.readers.tables.ccdt_load import load_table
from mqtrace.redaction.bundle import redact_to_folder
from mqtrace.redaction.identities import Identities
from mqtrace.settings.channel_choice import choose

pytestmark = pytest.mark.corpus
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
ALL = bool(os.environ.get("MQTRACE_REDACT_ALL"))
# Of how many scenarios one is run.
FAMILIES = {
    "trace-c-synthetic": 1, "trace-c-worded": 1, "red-team": 1, "fdc-client": 1, "amqerr-c-genuine": 1,
    "public-cases": 1, "fdc-c-genuine": 13, "trace-dotnet": 16, "trace-java": 48, "gskit": 12,
}  # fmt: skip
TABLES = {"c": 15, "dotnet": 5, "java": 5}


def scenarios(family, step):
    found = sorted({truth.parent for truth in (CORPUS / family).rglob("truth.json")})
    return found if ALL else found[::step]


def redacted(scenario, folder):
    """The scenario's inputs, the same redacted, and who is hidden in them."""
    before, after, identities = folder / scenario.name, folder / "redacted", Identities()
    shutil.copytree(scenario, before, ignore=shutil.ignore_patterns("truth.json"))
    report = mqtrace.diagnose(before)
    redact_to_folder([before], report, identities, after)
    return report, after, identities


@pytest.mark.parametrize(
    "scenario",
    [scenario for family, step in FAMILIES.items() for scenario in scenarios(family, step)],
    ids=lambda scenario: f"{scenario.parent.name}-{scenario.name}",
)
def test_the_diagnosis_of_a_redacted_scenario_is_that_of_the_scenario(scenario, tmp_path):
    report, after, identities = redacted(scenario, tmp_path)
    assert told(mqtrace.diagnose(after)) == told(report, identities.hidden_path)
    left = [
        who for path in after.rglob("*.*") if path.is_file() for who in identities.found_in(path.read_text("latin-1"))
    ]
    assert left == []


@pytest.mark.parametrize("client", list(TABLES))
def test_a_redacted_table_gives_a_client_the_same_choice(client, tmp_path):
    differing, compared = [], 0
    for scenario in scenarios(f"ccdt-oracle-{client}", TABLES[client]):
        _, after, identities = redacted(scenario, tmp_path / scenario.name)
        queue_manager = json.loads((scenario / "truth.json").read_text())["queue_manager"]
        for table in after.iterdir():
            original = tmp_path / scenario.name / scenario.name / table.name
            compared += 1
            # A certificate may be called as the queue manager is.
            asked = identities.hidden_in_file(queue_manager)
            if chosen(table, asked, client) != chosen(original, queue_manager, client):
                differing.append(scenario.name)
    assert compared
    assert differing == []


def chosen(table, queue_manager, client):
    choice = choose(load_table(table.read_bytes()), queue_manager, client)
    ports = [re.findall(r"\((\d+)\)", address) for candidate in choice.candidates for address in candidate.addresses]
    return choice.accepted, choice.order, choice.reason_code, ports


def test_every_genuine_table_keeps_its_records(tmp_path):
    before = CORPUS / "ccdt" / "ewiger_9x_AMQCLCHL.TAB"
    redact_to_folder([before], mqtrace.diagnose(before), Identities(), tmp_path / "out")
    after = next((tmp_path / "out").iterdir()).read_bytes()
    tables = load_table(before.read_bytes()), load_table(after)
    assert len(after) == before.stat().st_size
    assert [each.name for each in tables[1].channels] == [each.name for each in tables[0].channels]
    assert tables[1].problems == tables[0].problems
