"""The entries of patterns/signs are sound: ids, phases and facts exist, and the
confidence means what the contract says."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from mqtrace.catalog import signs as module
from mqtrace.catalog.causes import cause
from mqtrace.catalog.signs import Sign, signs
from mqtrace.catalog.tables import table
from mqtrace.catalog.trace_patterns import trace_patterns
from mqtrace.model import Client, Confidence, PatternError, Phase

SIGNS = [sign for each in signs().values() for sign in each]
SOURCES = Path(module.__file__).parents[1]
SENTENCE_NAMES = {
    "value", "channel", "address", "queue_manager", "ccdt", "key_repository", "certificate_label", "cipher_spec",
    "ssl_peer",
    "outbound_sni", "mqclient_ini", "server_name", "peer_dn", "trust_store", "key_store", "cipher_suite",
}  # fmt: skip


def names(sign: Sign) -> str:
    return "-".join(
        (sign.fact, sign.values[0] if sign.values else sign.contains or "any", *sign.phases[:1], sign.cause)
    )


@cache
def known_facts() -> set[str]:
    """Names of all facts that patterns give, with "{name}" where the rest is told by the
    input, and all that code names."""
    given = {pattern.fact for family in ("c", "dotnet", "java") for pattern in trace_patterns(family)}
    rooms = ("decode", "evidence", "handshakes", "readers", "rules")
    code = "".join(path.read_text(encoding="utf-8") for room in rooms for path in (SOURCES / room).glob("*.py"))
    return given | set(re.findall(r'"([a-z_]+\.(?:\w|\{\w+\})+|message|reason)"', code))


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_its_cause_and_alternatives_are_in_the_catalogue(sign: Sign) -> None:
    assert cause(sign.cause) is not None
    assert [each.id for each in sign.alternatives if cause(each.id) is None or not each.how_to_tell] == []
    assert sign.cause not in [each.id for each in sign.alternatives]


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_what_is_certain_has_no_alternative_and_what_is_not_names_one(sign: Sign) -> None:
    assert sign.confidence in get_args(Confidence)
    assert bool(sign.alternatives) == (sign.confidence != "certain")


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_its_conditions_can_be_met(sign: Sign) -> None:
    assert set(sign.phases) <= set(get_args(Phase))
    assert set(sign.clients) <= set(get_args(Client))
    assert not (sign.plain and sign.secured)
    assert not set(sign.requires) & set(sign.unless)
    assert not (sign.values and sign.contains)


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_the_facts_that_it_names_exist(sign: Sign) -> None:
    wanted = {sign.fact, *(name.partition("=")[0] for name in (*sign.requires, *sign.unless))}
    forms = [re.sub(r"\\\{\w+\\\}", r"\\w+", re.escape(fact)) for fact in known_facts()]
    assert [name for name in wanted if not any(re.fullmatch(form, name) for form in forms)] == []


@pytest.mark.parametrize("sign", [sign for sign in SIGNS if sign.text], ids=names)
def test_the_names_in_its_sentence_are_known(sign: Sign) -> None:
    assert set(re.findall(r"\{(\w+)\}", sign.text)) <= SENTENCE_NAMES


def test_no_two_signs_say_the_same_of_the_same_fact() -> None:
    said = [
        (sign.fact, value, sign.contains, phase, sign.cause,
         sign.requires, sign.unless, sign.plain, sign.secured, client)
        for sign in SIGNS for value in sign.values or ("",)
        for phase in sign.phases or ("",) for client in sign.clients or ("",)
    ]  # fmt: skip
    assert len(said) == len(set(said))


def test_each_row_of_a_table_that_names_a_cause_is_a_sign() -> None:
    rows = {row["status_hex"]: row["cause_id"] for row in table("error_segment") if row["cause_id"]}
    assert {sign.values[0]: sign.cause for sign in signs()["error_segment.status"] if len(sign.values) == 1} == rows


@pytest.mark.parametrize(
    "content",
    [
        "not TOML",
        "other = 1",
        '[[sign]]\nfact = "a"\nconfidence = "certain"',
        '[[sign]]\nfact = "a"\ncause = "network.refused"\nconfidence = "certain"\ncolour = "red"',
        '[[sign]]\ncause = "network.refused"\nconfidence = "certain"',
    ],
    ids=["not-toml", "no-signs", "no-cause", "unknown-field", "no-fact"],
)
def test_a_file_that_is_not_valid_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    (tmp_path / "signs").mkdir()
    (tmp_path / "signs" / "own.toml").write_text(content)
    monkeypatch.setattr(module, "data_folder", lambda name: tmp_path)
    with pytest.raises(PatternError, match=r"signs/own\.toml"):
        module.signs.__wrapped__()
