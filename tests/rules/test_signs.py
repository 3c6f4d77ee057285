"""Every sign of patterns/signs: what triggers it, and the near misses that must not."""

from collections.abc import Iterator
from typing import get_args

import pytest
from msgspec.structs import replace

from mqtrace.catalog.signs import Sign, signs
from mqtrace.model import Client, Connection, Fact, Finding, Phase, Setting
from mqtrace.rules.case import Case
from mqtrace.rules.signs import lines_that_name_a_cause

from .cases import fact

SIGNS = [sign for each in signs().values() for sign in each]
PHASES: tuple[Phase, ...] = get_args(Phase)
OTHER = "no value of any sign"


def names(sign: Sign) -> str:
    return "-".join(
        (sign.fact, sign.values[0] if sign.values else sign.contains or "any", *sign.phases[:1], sign.cause)
    )


def cipher_spec(plain: bool) -> Setting:
    return Setting(
        "cipher_spec", "" if plain else "ECDHE_RSA_AES_256_GCM_SHA384", "none" if plain else "ccdt", "traced"
    )


def channel(source: str) -> Setting:
    return Setting("channel", "APP.SVRCONN", source, "traced")


def wanted(name: str) -> Fact:
    name, _, value = name.partition("=")
    return fact(name, value)


def trigger(sign: Sign, value: str | None = None) -> Case:
    """A case that has all that the sign asks for and nothing else."""
    if value is None:
        value = sign.values[0] if sign.values else f"some {sign.contains} here" if sign.contains else "anything"
    facts = (*map(wanted, sign.requires), fact(sign.fact, value, line=7))
    client: Client = sign.clients[0] if sign.clients else "c"  # type: ignore[assignment]
    reason, phase = (sign.reasons or (2009,))[0], (sign.phases or ("tcp",))[0]
    connection = Connection(
        client, "trace", facts=() if sign.inputs == "log" else facts, reason_code=reason, phase=phase
    )
    return Case(
        connection,
        {"cipher_spec": cipher_spec(sign.plain), "channel": channel((sign.channel_from or ("ccdt",))[0])},
        facts,
    )


def near_misses(sign: Sign) -> Iterator[tuple[str, Case]]:
    """Cases that lack one thing that the sign asks for."""
    right = trigger(sign)
    yield "reason code 0", replace(right, connection=replace(right.connection, reason_code=0))
    yield "another fact", replace(right, facts=[*right.facts[:-1], fact(f"not.{sign.fact}", right.facts[-1].value)])
    yield from other_connections(sign, right)
    yield from other_facts(sign, right)
    yield from other_protection(sign, right)
    if sign.values or sign.contains:
        yield "another value", trigger(sign, OTHER)
        yield "no value", trigger(sign, "")
    if sign.values:
        yield "a value that only holds the right one", trigger(sign, f"1{sign.values[0]}0")


def other_connections(sign: Sign, right: Case) -> Iterator[tuple[str, Case]]:
    for phase in PHASES:
        if sign.phases and phase not in sign.phases:
            yield f"phase {phase}", replace(right, connection=replace(right.connection, phase=phase))
    if sign.reasons:
        yield (
            "another reason code",
            replace(right, connection=replace(right.connection, reason_code=max(sign.reasons) + 1)),
        )
    if sign.inputs:
        told = right.facts if sign.inputs == "log" else ()
        yield "another kind of input", replace(right, connection=replace(right.connection, facts=tuple(told)))
    if sign.clients:
        yield "another client", replace(right, connection=replace(right.connection, client="dotnet"))
    if sign.channel_from:
        yield "a channel from elsewhere", replace(right, rows={**right.rows, "channel": channel("from nowhere")})


def other_facts(sign: Sign, right: Case) -> Iterator[tuple[str, Case]]:
    for name in sign.requires:
        yield (
            f"without {name}",
            replace(right, facts=[each for each in right.facts if each.name != name.partition("=")[0]]),
        )
        if "=" in name:
            yield (
                f"not {name}",
                replace(
                    right,
                    facts=[
                        *(each for each in right.facts if each.name not in name),
                        fact(name.partition("=")[0], OTHER),
                    ],
                ),
            )
    for name in sign.unless:
        yield f"with {name}", replace(right, facts=[*right.facts, wanted(name)])


def other_protection(sign: Sign, right: Case) -> Iterator[tuple[str, Case]]:
    if sign.plain or sign.secured:
        yield (
            "plain and secured swapped",
            replace(right, rows={**right.rows, "cipher_spec": cipher_spec(not sign.plain)}),
        )
    if sign.plain:
        yield (
            "a CipherSpec that is not known",
            replace(right, rows={**right.rows, "cipher_spec": Setting("cipher_spec", "", "none", "unknown")}),
        )
        yield "no CipherSpec, and yet TLS", replace(right, facts=[fact("tls.begins"), *right.facts])


def judged(one: Case) -> list[Finding]:
    return list(lines_that_name_a_cause(one))


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_what_a_sign_asks_for_gives_its_cause_with_its_confidence_and_alternatives(
    sign: Sign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mqtrace.rules.signs.signs", lambda: {sign.fact: (sign,)})
    for value in sign.values or (None,):
        (finding,) = judged(trigger(sign, value))
        assert (finding.id, finding.status, finding.confidence, finding.alternatives) == (
            sign.cause,
            "fail",
            sign.confidence,
            sign.alternatives,
        )
        assert [line.location.line for line in finding.evidence] == [7]


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_each_phase_of_a_sign_counts(sign: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.rules.signs.signs", lambda: {sign.fact: (sign,)})
    right = trigger(sign)
    for phase in sign.phases or PHASES:
        assert judged(replace(right, connection=replace(right.connection, phase=phase)))


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_no_other_sign_hides_it(sign: Sign) -> None:
    found = {finding.id: finding.confidence for finding in judged(trigger(sign))}
    assert found.get(sign.cause) == sign.confidence


@pytest.mark.parametrize("sign", SIGNS, ids=names)
def test_a_near_miss_does_not_give_the_cause(sign: Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mqtrace.rules.signs.signs", lambda: {sign.fact: (sign,)})
    given = [what for what, one in near_misses(sign) if judged(one)]
    assert given == []


def test_a_call_that_has_not_returned_has_its_signs() -> None:
    right = trigger(SIGNS[0])
    assert judged(replace(right, connection=replace(right.connection, reason_code=None)))


def test_the_last_of_several_facts_decides_what_a_sign_requires() -> None:
    sign = next(sign for sign in SIGNS if any("=" in name for name in sign.requires))
    name, _, value = sign.requires[0].partition("=")
    right = trigger(sign)
    assert sign.cause in {
        finding.id for finding in judged(replace(right, facts=[fact(name, OTHER), fact(name, value), right.facts[-1]]))
    }


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("410", ("tls.alert", "40")),
        ("412", ("tls.alert", "42")),
        ("458", ("tls.alert", "112")),
        ("3E8", ("tls.alert", "0")),
        ("0B5", None),
    ],
)
def test_an_alert_that_openssl_reports_by_its_own_number_is_that_alert(
    code: str, cause: tuple[str, str] | None
) -> None:
    from mqtrace.rules.derived import deciding_facts

    derived = deciding_facts(Connection("dotnet", "trace", facts=(fact("openssl.error", code),)))
    assert [(each.name, each.value) for each in derived][1:] == ([cause] if cause else [])


def test_a_sentence_of_a_sign_has_the_values_of_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    sign = Sign("socket.errno", "network.refused", "certain", text="{address} refused (error {value}).")
    monkeypatch.setattr("mqtrace.rules.signs.signs", lambda: {"socket.errno": (sign,)})
    one = trigger(sign, "111")
    (with_address,) = judged(replace(one, rows={"address": Setting("address", "mq1(1414)", "ccdt", "traced")}))
    (without,) = judged(one)
    assert (with_address.text, without.text) == ("mq1(1414) refused (error 111).", "")
