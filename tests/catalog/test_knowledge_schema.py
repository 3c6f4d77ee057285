"""The check of the knowledge itself."""

from pathlib import Path

import pytest

from mqtrace.catalog.schema import check_knowledge
from mqtrace.catalog.tables import data_folder

CAUSE = """[[cause]]
id = "network.own-cause"
title = "A cause."
explanation = "What it is."
fix = ["What to do."]
specificity = 50
consequences_of = []
basis = "reported"
source = "somebody"
"""
MESSAGE = """[[message]]
id = "AMQ9999"
severity = "E"
title = "A message."
meaning = "What it means."
causes = ["what lies behind it"]
role = "consequence"
basis = "reported"
source = "somebody"
"""


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_what_ships_with_mqtrace_has_no_problems() -> None:
    assert check_knowledge(data_folder("patterns")) == []


def test_a_folder_of_the_users_own_may_name_causes_that_ship_with_mqtrace(tmp_path: Path) -> None:
    write(
        tmp_path,
        "causes/network.toml",
        CAUSE.replace("consequences_of = []", 'consequences_of = ["tls.*", "network.refused"]'),
    )
    assert check_knowledge(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        (
            "causes/network.toml",
            CAUSE.replace("specificity = 50\n", ""),
            "network.toml: network.own-cause: specificity: is missing",
        ),
        (
            "causes/network.toml",
            CAUSE + 'more = "x"\n',
            "network.toml: network.own-cause: more: is not a field; fields are id, title",
        ),
        ("causes/network.toml", CAUSE + CAUSE, "network.toml: network.own-cause stands in network.toml already"),
        ("causes/tls.toml", CAUSE, "tls.toml: network.own-cause: belongs into the file of its family, network.toml"),
        (
            "causes/network.toml",
            CAUSE.replace("consequences_of = []", 'consequences_of = ["tls.no-such-cause"]'),
            "network.toml: network.own-cause: unknown cause id tls.no-such-cause",
        ),
        (
            "causes/network.toml",
            CAUSE.replace("consequences_of = []", 'consequences_of = ["network.own-cause"]'),
            "network.toml: network.own-cause: cannot be its own consequence",
        ),
        (
            "causes/network.toml",
            CAUSE.replace('title = "A cause."\n', "title = \n"),
            "network.toml: network.own-cause is not valid TOML",
        ),
        ("causes/network.toml", '[[cause]]\ntitle = "x"\n', "network.toml: a [[cause]] does not begin with its id"),
        (
            "messages/a.toml",
            MESSAGE + 'cause = "network.refused"\n',
            "a.toml: AMQ9999: confidence and a cause go together",
        ),
        (
            "messages/a.toml",
            MESSAGE + 'cause = "network.refused"\ncause_client = "network.refused"\nconfidence = "likely"\n',
            "a.toml: AMQ9999: give either cause, or cause_client and cause_server",
        ),
        (
            "messages/a.toml",
            MESSAGE + 'alternatives = [{ id = "network.gone", how_to_tell = "Look." }]\n',
            "a.toml: AMQ9999: unknown cause id network.gone",
        ),
        (
            "tables/errno.csv",
            "# source: a test\nerrno,platform,symbol,cause_id\n111,linux,ECONNREFUSED,network.gone\n",
            "errno.csv: unknown cause id network.gone",
        ),
    ],
)
def test_each_problem_is_named_with_file_and_entry(tmp_path: Path, name: str, text: str, problem: str) -> None:
    write(tmp_path, name, text)
    problems = check_knowledge(tmp_path)
    assert len(problems) == 1
    assert problems[0].startswith(problem)


def test_a_reason_must_have_its_own_name(tmp_path: Path) -> None:
    shipped = (data_folder("patterns") / "reasons" / "reasons.toml").read_text(encoding="utf-8")
    write(tmp_path, "reasons/reasons.toml", shipped.replace("MQRC_JSSE_ERROR", "MQRC_JSSE_MISTAKE"))
    assert check_knowledge(tmp_path) == ["reasons.toml: 2397: its name is MQRC_JSSE_ERROR, not MQRC_JSSE_MISTAKE"]


SETTING = """family = "own"
[[setting]]
name = "channel"
in_force = ["mqcd.ChannelName"]
basis = "reported"
"""
OF_EACH_KIND = [
    (
        "signs/own.toml",
        '[[sign]]\nfact = "a"\nconfidence = "sure"\n',
        "signs/own.toml: sign: a: confidence: must be one of",
    ),
    (
        "signs/own.toml",
        '[[sign]]\nfact = "a"\nconfidence = "certain"\n',
        "signs/own.toml: a: give either cause, or table",
    ),
    (
        "signs/own.toml",
        '[[sign]]\nfact = "a"\nconfidence = "certain"\ncause = "tls.gone"\n',
        "signs/own.toml: a: unknown cause id tls.gone",
    ),
    (
        "precedence/own.toml",
        SETTING + '[[setting.sources]]\nsource = "cwd"\ncolour = "red"\n',
        "own.toml: setting: channel: sources: cwd: colour: is not a field",
    ),
    (
        "precedence/own.toml",
        SETTING.replace("reported", "guessed"),
        "own.toml: setting: channel: basis: must be one of",
    ),
    ("tracing.toml", '[c]\ndetail = "all"\nbegin = "early"\n', "tracing.toml: c: log: is missing"),
    ("settings/variables.toml", '[[variable]]\nname = "MQ"\n', "variables.toml: variable: MQ: meaning: is missing"),
    ("settings/settings.toml", "[[setting]]\n", "settings.toml: setting: 1: name: is missing"),
    ("settings/ini_stanzas.toml", 'queue_manager = "Log"\n', "ini_stanzas.toml: queue_manager: must be a list"),
    ("settings/ccdt_problems.toml", "[bom]\nrefused_by = []\n", "ccdt_problems.toml: bom: basis: is missing"),
    ("settings/channel_choice.toml", '[c]\ntitle = "C client"\n', "channel_choice.toml: c: no_match: is missing"),
    ("settings/own.toml", "", "own.toml: no kind of patterns/ is known that it could be"),
    ("trace/own.toml", '[[pattern]]\nid = "a"\nclients = ["c"]\n', "own.toml: pattern a: literals: is missing"),
    ("tables/own.csv", "a,b\n1,2\n", "own.csv: its columns must be named in catalog/tables.py"),
    ("tables/mqcc.csv", "code,nome\n1,2\n", "mqcc.csv: its columns must be code, name"),
    ("tables/mqcc.csv", "code,name\none,MQCC_OK\n", "mqcc.csv: row 1: code: must be a whole number, and is 'one'"),
    ("tables/mqcc.csv", "code,name\n0,\n", "mqcc.csv: row 1: name: must not be empty"),
    ("tables/mqcc.csv", "code,name\n0\n", "mqcc.csv: row 1: name: is missing"),
    ("own/own.toml", "", "own.toml: no kind of patterns/ is known that it could be"),
]


@pytest.mark.parametrize(("name", "text", "problem"), OF_EACH_KIND)
def test_every_kind_of_file_has_a_schema(tmp_path: Path, name: str, text: str, problem: str) -> None:
    write(tmp_path, name, text)
    problems = check_knowledge(tmp_path)
    assert [found[: len(problem)] for found in problems] == [problem]
