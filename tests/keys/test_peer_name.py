"""SSLPEER against a subject, by the documented rules."""

import pytest

from mqtrace.keys.peer_name import match_peer_name

# In the certificate the order is the reverse: C, O, OU=Group, OU=Middleware, OU=MQ, CN.
SUBJECT = "CN=QM2,OU=MQ,OU=Middleware,OU=Group,O=IBM,C=GB"


@pytest.mark.parametrize(
    "pattern",
    [
        "CN=QM2",
        "cn=QM2".replace("cn", "CN"),
        "CN=qm2, O=ibm ;C=GB",
        'CN="QM2",O="IBM"',
        "CN=QM*",
        "CN=*2",
        "CN=*M*",
        "CN=*",
        "OU=Group,OU=Middleware,OU=MQ",
        "OU=Group,OU=MQ",
        "OU=MQ",
        "'CN=QM2,C=GB'",
        "SERIALNUMBER=4C:D0:*",
    ],
)
def test_matches(pattern: str) -> None:
    match = match_peer_name(pattern, SUBJECT, "4cd049d5")
    assert match.matches, match


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("CN=QM3", 'CN="QM3" is demanded, and the certificate has CN="QM2".'),
        (
            "CN=Q*2",
            'CN="Q*2" is demanded, and the certificate has CN="QM2". An asterisk inside a value stands for itself.',
        ),
        ("L=Hursley", 'L="Hursley" is demanded, and the certificate has no L.'),
        (
            "OU=MQ,OU=Group",
            'OU="Group" is there, but not in this order; demanded is the highest unit first: OU="Group", '
            'OU="Middleware", OU="MQ".',
        ),
    ],
)
def test_mismatch_says_why(pattern: str, why: str) -> None:
    match = match_peer_name(pattern, SUBJECT)
    assert not match.matches
    assert [each.why for each in match.attributes if not each.matches] == [why]


def test_an_attribute_that_is_there_twice_cannot_be_matched() -> None:
    assert not match_peer_name("CN=First", "CN=Second,CN=First,O=IBM").matches
    assert match_peer_name("O=IBM", "CN=Second,CN=First,O=IBM").matches


def test_escaped_asterisk_and_other_names_of_attributes() -> None:
    assert match_peer_name("CN=a\\*,SP=x,MAIL=m@x,USERID=u", "CN=a*,ST=x,E=m@x,UID=u").matches
    assert not match_peer_name("CN=a\\*", "CN=abc").matches


def test_comma_in_quotes_belongs_to_the_value() -> None:
    assert match_peer_name('O="Acme, Inc",C=US', "CN=x,O=Acme\\, Inc,C=US").matches


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("cn=QM2", "cn is no attribute that SSLPEER knows; write CN."),
        ("CN =QM2", 'There is a blank before the "=" after CN; none may stand there.'),
        ("CN=QM2,Inc", '"Inc" has no "="; a value with a comma in it must stand between quotation marks.'),
        ("CN=QM2,CN=QM3", "CN stands there twice; only OU and DC may."),
        ('CN="QM2', "A quotation mark is not closed."),
        ("XX=1", "XX is no attribute that SSLPEER knows."),
        ("CN=", "CN has no value."),
        ("  ", "The pattern is empty."),
        ("CN=" + "x" * 1022, "The pattern has 1025 characters; SSLPEER takes 1024 (on z/OS 256)."),
    ],
)
def test_malformed(pattern: str, problem: str) -> None:
    assert match_peer_name(pattern, SUBJECT).malformed == problem
