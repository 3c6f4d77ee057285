"""CipherSpecs and their other names."""

import pytest

from mqtrace.catalog.ciphers import CipherSpec, all_cipher_specs, cipher_spec, cipher_specs

SPECIFIC = [spec for spec in all_cipher_specs() if spec.kind == "cipher_spec"]


@pytest.mark.parametrize("spec", SPECIFIC, ids=lambda spec: spec.name)
def test_each_name_leads_to_the_number_and_the_number_with_the_protocol_back_to_the_name(spec: CipherSpec) -> None:
    assert cipher_spec(spec.name.lower()) == spec
    assert [
        each.name for each in cipher_specs(spec.hex) if each.protocols == spec.protocols and each.name == spec.name
    ] == [spec.name]
    assert spec in cipher_specs(spec.iana)


def test_there_are_49_cipher_specs_and_6_aliases() -> None:
    assert (len(SPECIFIC), len(all_cipher_specs()) - len(SPECIFIC)) == (49, 6)


@pytest.mark.parametrize(
    "word",
    [
        "c030",
        "C030",
        "0xc030",
        "0xC0,0x30",
        "C0 30",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "SSL_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    ],
)
def test_a_suite_is_known_by_its_number_and_by_the_names_of_iana_and_java(word: str) -> None:
    assert [spec.name for spec in cipher_specs(word)] == ["ECDHE_RSA_AES_256_GCM_SHA384"]


def test_one_number_can_be_several_cipher_specs_the_newest_protocol_first() -> None:
    assert [(spec.name, spec.protocols) for spec in cipher_specs("002f")] == [
        ("TLS_RSA_WITH_AES_128_CBC_SHA", ("TLS 1.0",)),
        ("AES_SHA_US", ("SSL 3.0",)),
    ]


def test_a_name_that_is_also_an_iana_name_of_another_is_first_itself() -> None:
    assert [spec.name for spec in cipher_specs("TLS_RSA_WITH_RC4_128_SHA")] == [
        "TLS_RSA_WITH_RC4_128_SHA",
        "TLS_RSA_WITH_RC4_128_SHA256",
        "RC4_SHA_US",
    ]


def test_only_names_that_sslciph_takes_are_cipher_specs() -> None:
    assert cipher_spec("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384") is None
    assert cipher_spec("NO_SUCH_SPEC") is None
    assert all(len(spec.name) <= 32 for spec in all_cipher_specs())


@pytest.mark.parametrize(
    ("alias", "protocols", "first", "count"),
    [
        ("ANY_TLS12", ("TLS 1.2",), "TLS_RSA_WITH_AES_256_GCM_SHA384", 12),
        ("ANY_TLS12_OR_HIGHER", ("TLS 1.2", "TLS 1.3"), "TLS_CHACHA20_POLY1305_SHA256", 17),
        ("ANY_TLS13", ("TLS 1.3",), "TLS_CHACHA20_POLY1305_SHA256", 5),
        ("ANY_TLS13_OR_HIGHER", ("TLS 1.3",), "TLS_CHACHA20_POLY1305_SHA256", 5),
        ("ANY", ("TLS 1.2", "TLS 1.3"), "TLS_CHACHA20_POLY1305_SHA256", 17),
    ],
)
def test_an_alias_stands_for_its_members_in_their_order_of_preference(
    alias: str, protocols: tuple[str, ...], first: str, count: int
) -> None:
    spec = cipher_spec(alias)
    assert spec is not None
    assert (spec.kind, spec.protocols, spec.members[0], len(spec.members)) == ("alias", protocols, first, count)
    assert all(cipher_spec(member) is not None for member in spec.members)


def test_java_has_its_own_word_for_an_alias() -> None:
    assert [spec.name for spec in cipher_specs("*tls12orhigher")] == ["ANY_TLS12_OR_HIGHER"]
