"""Texts in printf's form, as regular expressions of what they print."""

import re

import pytest

from make_c_texts import printed
from mqtrace.catalog.noise import noise, read_noise
from mqtrace.catalog.printf import fixed_text, regex_of
from mqtrace.catalog.tables import data_folder


@pytest.mark.parametrize(
    ("form", "line", "groups"),
    [
        ("QMGR is <%.48s>", "QMGR is <QM1      >", {"p1": "QM1"}),
        ("Spec (%32.32s) to (%s)", "Spec (       A_B) to (C030)", {"p1": "A_B", "p2": "C030"}),
        ("rc=%u errno=%d", "rc=4294967294 errno=-1", {"p1": "4294967294", "p2": "-1"}),
        ("handle=0x%p", "handle=0x(nil)", {"p1": "(nil)"}),
        ("handle=0x%p", "handle=0x0x7f11", {"p1": "7f11"}),
        ("HConn=%08X", "HConn=FFFFFFFF", {"p1": "FFFFFFFF"}),
        ("Code %02x and %c", "Code 0a and !", {"p1": "0a", "p2": "!"}),
        (" recv() [FORCE CLOSE]", "recv() [FORCE CLOSE]", {}),
    ],
)
def test_it_matches_what_is_printed(form: str, line: str, groups: dict[str, str]) -> None:
    found = re.fullmatch(regex_of(form, blank=False), line)
    assert found
    assert {name: text.removeprefix("0x") for name, text in found.groupdict().items()} == groups


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("QMGR is <%.48s>", "QMGR is <>"),
        ("QMGR is <%.48s>", f"QMGR is <{'A' * 49}>"),
        ("rc=%u", "rc=-2"),
        ("HConn=%08X", "HConn=ffff"),
        ("No channel found", "No channel found in list"),
    ],
)
def test_it_does_not_match_what_is_not(form: str, line: str) -> None:
    assert not re.fullmatch(regex_of(form, blank=False), line)


def test_a_text_may_be_blank_where_that_is_asked_for() -> None:
    assert re.fullmatch(regex_of("Channel '%s'", blank=True), "Channel ''")
    assert not re.fullmatch(regex_of("Channel '%s'", blank=False), "Channel ''")


def test_the_longest_fixed_text_is_what_is_searched_for() -> None:
    assert fixed_text("%s Connection CipherSpec (%s)") == " Connection CipherSpec ("


@pytest.mark.parametrize("form", [form for each in read_noise(data_folder("patterns/noise/c.toml"))
                                  for form in each.forms])  # fmt: skip
def test_noise_is_known_by_its_form(form: str) -> None:
    assert noise("c").match(printed(form, "value").encode())
    assert not noise("c").match((printed(form, "value") + "\nand more").encode())


def test_a_family_without_noise_has_none() -> None:
    assert not noise("dotnet").match(b"Configuration Block")
    assert not noise("dotnet").match(b"")
