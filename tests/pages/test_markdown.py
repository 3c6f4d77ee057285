import pytest

from mqtrace.pages.markdown import cell, code, inert


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words, 2393 MQRC_SSL_INITIALIZATION_ERROR.", "plain words, 2393 MQRC_SSL_INITIALIZATION_ERROR."),
        ("_x_", r"\_x\_"),
        ("<b> **x** `y` [z](u)", r"\<b\> \*\*x\*\* \`y\` \[z\](u)"),
        ("see http://a and www.b.c", r"see http\://a and www\.b.c"),
        ("by @team #12 PKCS#12", "by `@`team `#`12 PKCS#12"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("1. item", r"1\. item"),
    ],
)
def test_sentence_is_shown_as_it_is(text: str, expected: str) -> None:
    assert inert(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", ""), ("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), (" a", "`  a `")],
)
def test_code_is_fenced_by_more_backticks_than_it_has(text: str, expected: str) -> None:
    assert code(text) == expected


def test_bar_in_a_cell_is_escaped() -> None:
    assert cell("a|b") == r"`a\|b`"
