"""Which known word a mistyped one may mean."""

import pytest

from mqtrace.catalog.words import nearest

SPECS = ["ANY_TLS12", "ANY_TLS12_OR_HIGHER", "ANY_TLS13", "ECDHE_RSA_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"]


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("ECDHE_RSA_AES256_GCM_SHA384", "ECDHE_RSA_AES_256_GCM_SHA384"),
        ("any_tls12", "ANY_TLS12"),
        ("ANY-TLS12", "ANY_TLS12"),
        ("ANY_TLS12_OR_HIGER", "ANY_TLS12_OR_HIGHER"),
        ("ANY_TLS12_OR", "ANY_TLS12_OR_HIGHER"),
    ],
)
def test_typing_mistakes_case_and_separators_do_not_matter(word: str, first: str) -> None:
    assert nearest(word, SPECS)[0] == first


def test_the_limit_is_kept_and_each_word_comes_once() -> None:
    assert nearest("ANY_TLS12", [*SPECS, *SPECS], limit=2) == ["ANY_TLS12", "ANY_TLS12_OR_HIGHER"]


@pytest.mark.parametrize("word", ["", "___", "zzzzzzzz", "\x00" * 100, "A" * 1_000_000])
def test_nothing_alike_gives_nothing(word: str) -> None:
    assert nearest(word, SPECS) == []
