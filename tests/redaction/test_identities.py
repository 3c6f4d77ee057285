"""Who is recognised as somebody, who is not, and what stands in the place of each."""

import pytest

from mqtrace.catalog.identities import identity_forms
from mqtrace.redaction.identities import Identities
from mqtrace.redaction.inputs import NOT_HIDDEN

SAMPLES = [(form, sample) for form in identity_forms().form for sample in form.samples]
NEAR = [near for form in identity_forms().form for near in form.near_misses]


@pytest.mark.parametrize(("form", "sample"), SAMPLES, ids=[sample for _, sample in SAMPLES])
def test_what_a_form_finds_in_its_sample_is_gone_from_it(form, sample):
    identities = Identities(objects=True)
    identities.learn_line(sample)
    value = form.pattern.search(sample)["value"]
    hidden = identities.hidden(sample)
    assert value not in hidden
    assert not list(identities.found_in(hidden))


@pytest.mark.parametrize("form", identity_forms().form, ids=lambda form: form.regex[:30])
def test_no_form_finds_its_near_misses(form):
    assert [near for near in form.near_misses if form.pattern.search(near)] == []


@pytest.mark.parametrize(
    ("name", "value", "hidden"),
    [
        ("host", "mq1.example.com", "host-1"),
        ("remote_host", "mq1", "host-1"),
        ("address", "mq1.example.com(1414)", "host-1(1414)"),
        ("address", "mq1(1414),mq2(1415)", "host-1(1414),host-2(1415)"),
        ("env.MQSERVER", "APP.SVRCONN/TCP/mq1(1414)", "APP.SVRCONN/TCP/host-1(1414)"),
        ("mqcd.ConnectionName", "10.1.2.3(1414)", "ip-1(1414)"),
        ("address", "[2001:db8::7](1414)", "[ip-1](1414)"),
        ("env.MQCCDTURL", "https://tables.example.net/a.json", "https://host-1/a.json"),
        ("env.MQCCDTURL", "file:///home/anna/a.json", "file:///home/user-1/a.json"),
        ("key_repository", r"C:\Users\anna\ssl\key", r"C:\Users\user-1\ssl\key"),
        ("process.user", "anna", "user-1"),
        ("ssl_peer", 'CN="Bank, payments",O=Acme,C=GB', 'CN="name-1",O=name-2,C=GB'),
        ("subject", "CN=qm1,OU=MQ Lab,O=Acme Bank,C=GB", "CN=name-1,OU=name-2,O=name-3,C=GB"),
        ("host", "h", "host-1"),
        # What tells nobody, and what only looks like somebody.
        ("address", "localhost(1414)", "localhost(1414)"),
        ("address", "127.0.0.1(1414)", "127.0.0.1(1414)"),
        ("user", "root", "root"),
        ("level", "9.3.0.10", "9.3.0.10"),
        ("gskit.version", "8.0.55.31", "8.0.55.31"),
        ("ccdt", "/srv/app/ccdt.json", "/srv/app/ccdt.json"),
        ("channel", "APP.SVRCONN", "APP.SVRCONN"),
        ("start", "2026-11-24T09:00:00.123000", "2026-11-24T09:00:00.123000"),
    ],
)
def test_a_value_is_hidden_as_far_as_it_names_somebody(name, value, hidden):
    identities = Identities()
    identities.learn(name, value)
    assert identities.hidden_value(name, value) == hidden


def test_the_same_one_has_the_same_pseudonym_everywhere():
    identities = Identities()
    identities.learn("address", "mq1.example.com(1414)")
    identities.learn("host", "MQ1.Example.COM")
    line = "Host mq1.example.com is not mq1.example.community; MQ1.EXAMPLE.COM refused."
    assert identities.hidden(line) == "Host host-1 is not mq1.example.community; host-1 refused."


def test_a_host_is_hidden_without_its_domain_and_the_domain_with_another_host():
    identities = Identities()
    identities.learn("host", "mqprod.corp.example.com")
    hidden = identities.hidden("mqprod asks db.corp.example.com")
    assert hidden == "host-2 asks db.domain-1"


def test_a_version_is_no_address_whatever_was_met_first():
    identities = Identities()
    identities.learn_line("GSKit 8.0.55.31 loaded")
    identities.learn("gskit.version", "8.0.55.31")
    assert identities.hidden("GSKit 8.0.55.31 loaded") == "GSKit 8.0.55.31 loaded"


def test_a_name_too_short_for_a_word_is_hidden_only_where_a_form_tells_what_it_is():
    identities = Identities()
    identities.learn("address", "db(1414)")
    assert identities.hidden("connect to db(1414): the db") == "connect to host-1(1414): the db"


def test_names_of_objects_are_hidden_where_asked_for():
    identities = Identities(objects=True)
    identities.learn("channel", "PAY.SVRCONN")
    assert identities.hidden("Channel 'PAY.SVRCONN' ended.") == "Channel 'object-1' ended."
    assert identities.hidden("PAY.SVRCONN2") == "PAY.SVRCONN2"


@pytest.mark.parametrize("spelling", ["\u0130nge", "\u0131nge", "INGE"])
def test_letters_that_fold_in_odd_ways_do_not_help(spelling):
    identities = Identities()
    identities.learn("user", "inge")
    assert identities.hidden(f"user {spelling}!") == "user user-1!"


def test_all_tells_how_often_each_was_hidden():
    identities = Identities()
    identities.learn("user", "anna")
    identities.hidden("anna, Anna and ANNA")
    assert [(identity.kind, identity.value, times) for identity, times in identities.all()] == [("user", "anna", 3)]


@pytest.mark.parametrize("met", [("host-1", "host-2"), ("host-2", "host-1"), ("host-2", "host-3", "host-1", "host-4")])
def test_no_pseudonym_is_the_name_of_somebody(met):
    identities = Identities()
    for name in met:
        identities.learn("host", name)
    hidden = identities.hidden(" ".join(met))
    assert list(identities.found_in(hidden)) == []
    assert len(set(hidden.split())) == len(met)


@pytest.mark.parametrize("word", ["host", "manager", "IBM", "client"])
def test_an_ordinary_word_is_a_name_only_where_a_form_or_field_says_so(word):
    identities = Identities()
    identities.learn_line(f"user '{word}'")
    line = f"user '{word}': com.ibm.msg.client on host IBM, manager, {word}"
    assert identities.hidden(line) == line.replace(f"'{word}'", "'user-1'")
    assert identities.hidden_value("user", word) == "user-1"


def test_a_name_with_an_ordinary_word_in_it_is_hidden_everywhere():
    identities = Identities()
    identities.learn_line("peer CN=client7, O=IBM Lab")
    assert identities.hidden("client7 of ibm lab") == "name-1 of name-2"


def test_a_secret_is_hidden_in_bytes_too():
    identities = Identities()
    identities.learn_secrets("password=manager7")
    assert "manager7" not in identities.hidden("connect as anna with manager7")
    assert b"manager7" not in identities.hidden_bytes(b"anna\0manager7\0")


def test_a_secret_that_is_an_ordinary_word_is_hidden_behind_its_name_alone():
    # Else the queue manager of every line would be gone; that it is not hidden elsewhere is said to who passes it on.
    identities = Identities()
    identities.learn_secrets("password=manager")
    assert identities.hidden("the queue manager") == "the queue manager"
    assert any("ordinary word" in what for what in NOT_HIDDEN)


@pytest.mark.parametrize("shown", ["<null>", "length:0", "********", "XXXXXXXX", "String", "000000000000", "setter"])
def test_what_a_program_writes_by_chance_is_no_secret_elsewhere(shown):
    identities = Identities()
    identities.learn_secrets(f"password={shown}")
    assert identities.hidden(f"getName() {shown}") == f"getName() {shown}"


@pytest.mark.parametrize("secret", ["Zx81-geheim", "hunter!hunter", "correctHorse", "s3cretword", "Blau Meise 9!"])
def test_a_secret_is_hidden_elsewhere(secret):
    identities = Identities()
    identities.learn_secrets(f'password="{secret}"')
    assert identities.hidden(f"sent {secret}.") == "sent secret-1."


@pytest.mark.parametrize("value", [r"BANKDOM\peterm", "peterm@bankdom"])
def test_a_user_of_a_domain_is_hidden_alone_and_so_is_the_domain(value):
    identities = Identities()
    identities.learn("process.user", value)
    hidden = identities.hidden(f"{value}, peterm or PeterM of bankdom")
    assert "peterm" not in hidden.casefold()
    assert "bankdom" not in hidden.casefold()
