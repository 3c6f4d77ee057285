"""What would come of a connection, from files alone."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from mqtrace.model import Client

from .authorities import PASSWORD, Authority
from .places import Place, check_of, entry, file, finding, row, table, told

SPEC = "ECDHE_ECDSA_AES_256_GCM_SHA384"
MQSERVER = "ENV.SVRCONN/TCP/mq1.example(1415)"
INI_CHANNEL = "CHANNELS:\n  ServerConnectionParms=INI.SVRCONN/TCP/mq2.example(1416)\n"


def test_a_channel_of_the_environment_would_connect(place: Place) -> None:
    report = place.ask(variables={"MQSERVER": MQSERVER})
    assert (told(report).verdict, told(report).reason_code) == ("would-connect", 0)
    channel = row(report, "channel")
    assert (channel.value, channel.source, channel.proof) == ("ENV.SVRCONN", "env:MQSERVER", "inferred")
    assert report.outcomes[0].cause is None


def test_what_wins_says_what_it_hides(place: Place) -> None:
    place.write("/app/mqclient.ini", INI_CHANNEL)
    report = place.ask(variables={"MQSERVER": MQSERVER})
    losers = {each.source: (each.value, each.state) for each in row(report, "channel").candidates}
    assert losers["ini:Channels.ServerConnectionParms"] == ("INI.SVRCONN", "overridden")


def test_of_four_ini_files_the_first_one_is_read(place: Place) -> None:
    place.write("/conf/other.ini", "SSL:\n  SSLKeyRepository=/named\n")
    for name in ("/app/mqclient.ini", "/var/mqm/mqclient.ini", "/home/app/mqclient.ini"):
        place.write(name, INI_CHANNEL)
    named = place.ask(variables={"MQCLNTCF": "/conf/other.ini"})
    states = [(each.file, each.state) for each in told(named).ini_files]
    assert states == [
        ("/conf/other.ini", "read"),
        ("mqclient.ini", "in-vain"),
        ("/var/mqm/mqclient.ini", "in-vain"),
        ("/home/app/mqclient.ini", "in-vain"),
    ]
    assert (row(named, "mqclient_ini").source, row(named, "key_repository").value) == ("env:MQCLNTCF", "/named")
    missing = place.ask(variables={"MQCLNTCF": "/conf/gone.ini"})
    assert [each.state for each in told(missing).ini_files] == ["passed-over", "read", "in-vain", "in-vain"]
    assert (row(missing, "mqclient_ini").source, row(missing, "channel").value) == ("cwd", "INI.SVRCONN")


@pytest.mark.parametrize("place_of_ini", ["/var/mqm/mqclient.ini", "/home/app/mqclient.ini"])
def test_the_net_client_reads_no_ini_of_the_data_directory_or_home(place: Place, place_of_ini: str) -> None:
    place.write(place_of_ini, INI_CHANNEL)
    assert row(place.ask(client="c"), "channel").value == "INI.SVRCONN"
    assert row(place.ask(client="dotnet"), "channel").value == ""


def failing(place: Place, client: Client = "c", **variables: str) -> tuple[str, int | None]:
    report = place.ask(client=client, variables=variables)
    assert told(report).verdict == "would-fail"
    assert report.outcomes[0].cause is not None
    return report.outcomes[0].cause.id, told(report).reason_code


def test_what_fails_before_anything_is_tried(place: Place) -> None:
    place.write("/app/other.json", table(entry("A.CH", "mq1:1414", queue_manager="QM9")))
    place.write("/app/bad.json", "{")
    assert failing(place) == ("settings.no-channel", 2058)
    assert failing(place, MQSERVER="A.CH/TCP") == ("settings.mqserver-invalid", 2058)
    assert failing(place, "dotnet", MQSERVER="A.CH/TCP") == ("settings.mqserver-invalid", 2278)
    assert failing(place, MQCHLLIB=".", MQCHLTAB="gone.json") == ("settings.ccdt-missing", 2058)
    assert failing(place, MQCHLLIB=".", MQCHLTAB="other.json") == ("settings.ccdt-no-match", 2058)
    assert failing(place, "dotnet", MQCHLLIB=".", MQCHLTAB="other.json") == ("settings.ccdt-no-match", 2278)
    assert failing(place, MQCHLLIB=".", MQCHLTAB="bad.json") == ("settings.ccdt-invalid", 2058)


@pytest.mark.parametrize("url", ["file:///app/t.json", "file://localhost/app/t.json", "file:/app/t.json", "t.json"])
def test_forms_of_a_url_that_the_c_client_takes(place: Place, url: str) -> None:
    place.write("/app/t.json", table(entry("A.CH", "mq1:1414")))
    report = place.ask(variables={"MQCCDTURL": url})
    assert (told(report).verdict, row(report, "channel").value) == ("would-connect", "A.CH")


@pytest.mark.parametrize("url", ["file:t.json", "FILE:///app/t.json", "ldap://app/t.json"])
def test_forms_of_a_url_that_it_refuses(place: Place, url: str) -> None:
    place.write("/app/t.json", table(entry("A.CH", "mq1:1414")))
    assert failing(place, MQCCDTURL=url) == ("settings.ccdt-missing", 2058)


def test_a_table_that_must_be_fetched_leaves_it_open(place: Place) -> None:
    report = place.ask(variables={"MQCCDTURL": "https://app:hidden@conf.example/ccdt.json"})
    assert told(report).verdict == "cannot-tell"
    assert "hidden" not in told(report).because


def test_a_table_given_stands_for_the_one_that_is_named(place: Place) -> None:
    given = file("copy.json", table(entry("COPY.CH", "mq1:1414")))
    report = place.ask(variables={"MQCCDTURL": "https://conf.example/ccdt.json"}, ccdt=given)
    assert (row(report, "channel").value, row(report, "ccdt").source) == ("COPY.CH", "env:MQCCDTURL")


def test_directory_and_file_are_put_together_part_by_part(place: Place) -> None:
    place.write("/tables/ini.json", table(entry("PARTS.CH", "mq1:1414")))
    place.write("/app/mqclient.ini", "CHANNELS:\n  ChannelDefinitionFile=ini.json\n")
    report = place.ask(variables={"MQCHLLIB": "/tables"})
    assert row(report, "channel").value == "PARTS.CH"


def test_the_channels_in_the_order_tried(place: Place) -> None:
    place.write("/app/t.json", table(entry("B.CH", "mq2:1414", cipher=SPEC), entry("A.CH", "mq1:1414", "mq3:1415")))
    report = place.ask(variables={"MQCCDTURL": "t.json"})
    assert [(each.channel, each.addresses) for each in told(report).channels] == [
        ("A.CH", ("mq1(1414)", "mq3(1415)")),
        ("B.CH", ("mq2(1414)",)),
    ]
    assert [each.server_name for each in told(report).channels] == ["", "b2e-ch.chl.mq.ibm.com"]
    assert finding(report, "settings.ccdt-first-match-without-tls").status == "warn"
    # A channel that demands TLS would refuse the first one, and the client goes on: nobody can tell.
    assert told(report).verdict == "cannot-tell"


def test_a_channel_of_the_environment_hides_a_table_with_tls(place: Place) -> None:
    place.write("/app/t.json", table(entry("TLS.CH", "mq2:1414", cipher=SPEC)))
    report = place.ask(variables={"MQCCDTURL": "t.json", "MQSERVER": MQSERVER})
    assert finding(report, "settings.mqserver-hides-ccdt").status == "warn"
    assert told(report).verdict == "cannot-tell"
    assert "TLS.CH" in told(report).because


# ---------------------------------------------------------------- TLS


def tls(place: Place, **more: str) -> dict[str, str]:
    return {"channel": "APP.TLS", "conn": "mq1(1414)", "cipher": SPEC, **more}


def test_tls_without_a_key_repository(place: Place) -> None:
    report = place.ask(program=tls(place))
    assert report.outcomes[0].cause is not None
    assert (report.outcomes[0].cause.id, told(report).reason_code) == ("tls.no-key-repository", 2381)


def test_a_key_repository_that_is_not_there(place: Place) -> None:
    report = place.ask(program=tls(place), variables={"MQSSLKEYR": "/keys/app"})
    assert (check_of(report, "key repository").cause, told(report).reason_code) == ("tls.key-repository-missing", 2381)
    # The listing may be of another machine.
    elsewhere = place.ask(program=tls(place), variables={"MQSSLKEYR": "/keys/app"}, here=False)
    assert told(elsewhere).verdict == "cannot-tell"


def test_what_is_in_the_key_repository(place: Place, authority: Authority) -> None:
    authority.store(place.root / "keys/app.p12", authority.issue("app", days=12))
    variables = {"MQSSLKEYR": "/keys/app"}
    report = place.ask(program=tls(place), variables=variables, password=PASSWORD)
    assert told(report).verdict == "would-connect"
    assert row(report, "certificate_label").value == "ibmwebspheremqorders"
    (store,) = told(report).stores
    assert (store.source, store.kind, len(store.certificates)) == ("/keys/app.p12", "pkcs12", 2)
    assert check_of(report, "server name (SNI)").text == "app2e-tls.chl.mq.ibm.com would be sent."
    mistyped = place.ask(program=tls(place, label="orders"), variables=variables, password=PASSWORD)
    assert (told(mistyped).verdict, told(mistyped).reason_code) == ("would-fail", 2393)
    later = place.ask(
        program=tls(place), variables=variables, password=PASSWORD, at=datetime.now(UTC) + timedelta(days=20)
    )
    assert (told(later).verdict, check_of(later, "key repository").cause) == ("cannot-tell", "tls.certificate-expired")
    shut = place.ask(program=tls(place), variables=variables)
    assert (told(shut).verdict, check_of(shut, "key repository").state) == ("cannot-tell", "open")


def test_a_store_whose_password_nobody_gives(place: Place, authority: Authority) -> None:
    authority.store(place.root / "keys/app.p12", authority.issue("app")).with_suffix(".sth").unlink()
    asked = {"program": tls(place, keyr="/keys/app.p12"), "password": PASSWORD}
    without = place.ask(**asked)
    assert (told(without).verdict, check_of(without, "key repository").cause) == (
        "cannot-tell",
        "tls.key-repository-password",
    )
    assert told(place.ask(**asked, variables={"MQKEYRPWD": "hidden"})).verdict == "would-connect"


@pytest.mark.parametrize(("level", "verdict"), [("9.2.0.0", "would-fail"), ("9.3.0.0", "would-connect")])
def test_a_key_repository_by_its_whole_name(place: Place, authority: Authority, level: str, verdict: str) -> None:
    """Before 9.3 the client looks for app.p12.kdb."""
    authority.store(place.root / "keys/app.p12", authority.issue("app"))
    report = place.ask(program=tls(place, keyr="/keys/app.p12"), password=PASSWORD, level=level)
    assert told(report).verdict == verdict


def test_the_kind_of_key_against_the_cipher_spec(place: Place, authority: Authority) -> None:
    authority.store(place.root / "keys/app.p12", authority.issue("app"))
    program = tls(place, cipher="ECDHE_RSA_AES_256_GCM_SHA384", keyr="/keys/app.p12")
    report = place.ask(program=program, password=PASSWORD)
    assert check_of(report, "key repository").cause == "tls.certificate-type-mismatch"
    assert told(report).verdict == "cannot-tell"


@pytest.mark.parametrize(
    ("level", "verdict"), [("9.3.0.0", "would-fail"), ("9.4.0.0", "cannot-tell"), ("", "cannot-tell")]
)
def test_a_cipher_spec_that_the_net_client_does_not_know(place: Place, level: str, verdict: str) -> None:
    program = tls(place, cipher="ANY_TLS12_OR_HIGHER", keyr="*USER")
    assert told(place.ask(client="dotnet", program=program, level=level)).verdict == verdict


def test_a_cipher_spec_that_came_later(place: Place, authority: Authority) -> None:
    authority.store(place.root / "keys/app.p12", authority.issue("app"))
    program = tls(place, cipher="TLS_AES_256_GCM_SHA384", keyr="/keys/app.p12")
    old, new = (place.ask(program=program, password=PASSWORD, level=each) for each in ("9.0.0.0", "9.4.0.0"))
    assert (told(old).verdict, told(new).verdict) == ("would-fail", "would-connect")


def test_a_misspelt_name_is_told(place: Place, authority: Authority) -> None:
    authority.store(place.root / "keys/app.p12", authority.issue("app"))
    program = tls(place, cipher="ANY_TLS12_OR_HIGHR", keyr="/keys/app.p12")
    report = place.ask(program=program, password=PASSWORD)
    assert "did you mean ANY_TLS12_OR_HIGHER" in check_of(report, "CipherSpec").text


def test_the_ini_chooses_the_server_name(place: Place, authority: Authority) -> None:
    authority.store(place.root / "keys/app.p12", authority.issue("app"))
    place.write("/app/mqclient.ini", "SSL:\n  OutboundSNI=HOSTNAME\n")
    program = tls(place, conn="mq1.example(1414)", keyr="/keys/app.p12")
    report = place.ask(program=program, password=PASSWORD)
    assert told(report).channels[0].server_name == "mq1.example"


def test_what_is_wrong_with_a_table_that_is_read(place: Place) -> None:
    text = table(entry("A.CH", "mq1:1414"))[:-2] + ",]}"
    place.write("/app/t.json", text)
    report = place.ask(variables={"MQCCDTURL": "t.json"})
    assert told(report).verdict == "would-connect"
    assert any("comma" in each for each in report.notes)


def test_a_pipe_in_place_of_a_file_does_not_block(place: Place) -> None:
    for name in ("app/mqclient.ini", "app/t.json", "app/key"):
        os.mkfifo(place.root / name)
    report = place.ask(variables={"MQCCDTURL": "t.json"})
    assert report.outcomes[0].cause is not None
    assert report.outcomes[0].cause.id == "settings.ccdt-missing"
    stores = place.ask(program=tls(place, keyr="/app/key"))
    assert told(stores).verdict == "would-fail"


def test_the_ini_is_checked(place: Place) -> None:
    place.write("/app/mqclient.ini", "SSL:\n  SSLKeyRepositry=/keys/app\n")
    report = place.ask(variables={"MQSERVER": MQSERVER})
    assert finding(report, "settings.ini-unknown-key").status == "warn"
