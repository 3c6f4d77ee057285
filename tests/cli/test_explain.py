"""mqtrace explain."""

import json
from collections.abc import Callable

import pytest

from command_line import Ran
from mqtrace.cli import exits

Run = Callable[..., Ran]
# A number of GSKit that is a TLS alert, too.
WITH_OTHERS = "10"


@pytest.mark.parametrize(
    ("word", "kind", "identity"),
    [
        ("AMQ9633", "message", "AMQ9633"),
        ("amq9633e:", "message", "AMQ9633"),
        ("2393", "reason", "2393"),
        ("MQRC_NOT_AUTHORIZED", "reason", "2035"),
        ("network.refused", "cause", "network.refused"),
        ("ANY_TLS12_OR_HIGHER", "cipher_spec", "ANY_TLS12_OR_HIGHER"),
        ("gskit:414", "gskit", "414"),
        ("alert:40", "alert", "40"),
    ],
)
def test_json_has_the_contract_s_names(mqtrace: Run, word: str, kind: str, identity: str) -> None:
    shown = mqtrace("explain", word, "--format", "json")
    found = json.loads(shown.out)
    assert shown.code == exits.OK
    assert {"kind", "id", "title", "meaning", "causes", "fixes", "also"} <= set(found)
    assert (found["kind"], found["id"]) == (kind, identity)


def test_the_text_opens_with_the_word_and_numbers_what_to_do(mqtrace: Run) -> None:
    lines = mqtrace("explain", "AMQ9557").out.splitlines()
    assert lines[0].startswith("AMQ9557  ")
    assert "Likely causes" in lines
    assert lines[lines.index("What to do") + 1].startswith("  1  ")


def test_a_command_stands_on_a_line_of_its_own(mqtrace: Run) -> None:
    assert "       dspmqaut -m QMGR -t qmgr -p USER" in mqtrace("explain", "AMQ9557").out.splitlines()


def test_other_meanings_of_a_number_are_named_as_they_are_typed(mqtrace: Run) -> None:
    found = json.loads(mqtrace("explain", WITH_OTHERS, "--format", "json").out)
    other = next(each for each in found["also"])
    again = json.loads(mqtrace("explain", f"{other['kind']}:{other['id']}", "--format", "json").out)
    assert (again["kind"], again["id"]) == (other["kind"], other["id"])


def test_an_unknown_word_is_answered_with_the_nearest(mqtrace: Run) -> None:
    shown = mqtrace("explain", "MQRC_NOT_AUTHORISED")
    assert (shown.code, shown.out, len(shown.warnings)) == (exits.USAGE, "", 1)
    assert "Did you mean MQRC_NOT_AUTHORIZED" in shown.warnings[0]


def test_a_word_like_no_other_is_answered_with_what_to_try(mqtrace: Run) -> None:
    shown = mqtrace("explain", "\x1b[31mzzz\n")
    assert shown.code == exits.USAGE
    assert "\x1b" not in shown.err
    assert len(shown.warnings) == 1


def test_an_alias_names_its_members_with_number_key_and_fips(mqtrace: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lines = [line.split() for line in mqtrace("explain", "ANY_TLS12_OR_HIGHER").out.splitlines()]
    assert ["ECDHE_RSA_AES_256_GCM_SHA384", "c030", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "RSA", "yes"] in lines
    assert ["TLS_CHACHA20_POLY1305_SHA256", "1303", "same", "any", "no?"] in lines
