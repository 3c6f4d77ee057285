"""Distinguished names: taken apart and put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqtrace.decode.distinguished_name import (
    NameAttribute,
    distinguished_name,
    format_distinguished_name,
    name_of_openssl,
    parse_distinguished_name,
    same_name,
)

values = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20).filter(
    lambda text: "=" not in text
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CN=app1,OU=MQ,O=Lab", [("CN", "app1"), ("OU", "MQ"), ("O", "Lab")]),
        ("cn=app1 ; o = Lab", [("CN", "app1"), ("O", "Lab")]),
        ("O=Acme\\, Inc,C=US", [("O", "Acme, Inc"), ("C", "US")]),
        ('O="Acme, C=Inc",C=US', [("O", "Acme, C=Inc"), ("C", "US")]),
        ("O=Acme, Inc,C=US", [("O", "Acme, Inc"), ("C", "US")]),
        ("CN=a+SERIALNUMBER=7,C=US", [("CN", "a"), ("SERIALNUMBER", "7"), ("C", "US")]),
        ("1.2.3=x", [("1.2.3", "x")]),
        ("CN=", [("CN", "")]),
        # Every writing of a type is one type.
        ("emailAddress=a@b", [("E", "a@b")]),
        ("1.2.840.113549.1.9.1=a@b", [("E", "a@b")]),
        ("OID.2.5.4.3=a", [("CN", "a")]),
        ("S=Hessen,SP=Hessen", [("ST", "Hessen"), ("ST", "Hessen")]),
        # Bytes and values in DER; what is no text in DER stays as it is.
        (r"CN=M\C3\BCller", [("CN", "Müller")]),
        (r"CN=M\xC3\xBCller", [("CN", "Müller")]),
        ("CN=#130161", [("CN", "a")]),
        ("CN=#1301", [("CN", "#1301")]),
        ("CN=#0201ff", [("CN", "#0201ff")]),
        (r"CN=\#130161", [("CN", "#130161")]),
        ("CN=a\\", [("CN", "a\\")]),
        ("no name", []),
        ("", []),
    ],
)
def test_parse(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(each.type, each.value) for each in parse_distinguished_name(text)] == expected


def test_most_general_first_is_turned_round() -> None:
    assert (
        format_distinguished_name(parse_distinguished_name("C = XX, O = Lab, CN = QM1", general_first=True))
        == "CN=QM1,O=Lab,C=XX"
    )


@pytest.mark.parametrize(
    "text",
    [
        "C = XX, O = Lab, OU = A + CN = QM1",
        "C=XX, O=Lab, OU=A + CN=QM1",
        "C = XX, O = Lab, CN = QM1 + OU = A",
    ],
)
def test_all_forms_of_openssl_give_one_name(text: str) -> None:
    assert name_of_openssl(text) == "CN=QM1+OU=A,O=Lab,C=XX"


def test_the_old_form_of_openssl_is_parted_by_slashes() -> None:
    assert name_of_openssl("/C=XX/O=Lab/CN=HTTP/host") == "CN=HTTP/host,O=Lab,C=XX"


def test_what_is_no_name_stays_as_it_is() -> None:
    assert distinguished_name(" no name ") == "no name"


@given(st.text(max_size=200))
def test_the_one_form_is_written_to_itself(text: str) -> None:
    once = distinguished_name(text)
    assert distinguished_name(once) == once


def test_names_are_equal_whatever_their_case_and_blanks() -> None:
    assert same_name("CN=Lab  CA,O=x", "cn=lab ca,O=X")
    assert not same_name("CN=Lab CA", "CN=Lab CB")


@given(st.lists(st.tuples(st.sampled_from(["CN", "OU", "O", "1.2.3"]), values), min_size=1, max_size=5))
def test_what_is_formatted_is_parsed_to_the_same(pairs: list[tuple[str, str]]) -> None:
    name = tuple(NameAttribute(*pair) for pair in pairs)
    assert parse_distinguished_name(format_distinguished_name(name)) == name


@given(st.text(max_size=300))
def test_any_text_gives_printable_values(text: str) -> None:
    assert all(each.value.isprintable() for each in parse_distinguished_name(text))
