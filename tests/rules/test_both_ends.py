"""Both ends compared: each rule with a case that triggers it and near misses that do not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BufferedReader, BytesIO

import pytest
from msgspec.structs import replace

from mqtrace.inputs import Source
from mqtrace.model import ConfigValue, Fact, Finding, Location, Phase
from mqtrace.model.key_store import KeyStore, StoredCertificate
from mqtrace.readers.configuration import mqsc
from mqtrace.readers.tally import Tally
from mqtrace.rules import (
    Case,
    both_ends,  # noqa: F401  (importing the theme registers its rules)
    judge,
    make_case,
)

from .cases import PLAIN, SECURED, case, fact, found, used

CHANNEL = used("mqcd.ChannelName", "APP.SVRCONN")
SPEC = "ECDHE_RSA_AES_256_GCM_SHA384"
OTHER = "AMQ8414I: x\n CHANNEL(OTHER.SVRCONN) CHLTYPE(SVRCONN)\n SSLCIPH( )\n"


def channel(*lines: str, name: str = "APP.SVRCONN", kind: str = "SVRCONN") -> str:
    return "\n ".join([f"AMQ8414I: Display Channel details.\n CHANNEL({name}) CHLTYPE({kind})", *lines]) + "\n"


def listing(text: str) -> Iterator[tuple[str, ConfigValue]]:
    source = Source("out.txt", BufferedReader(BytesIO(text.encode())))
    return (("listing", value) for value in mqsc.read(source, Tally()))


def both(text: str, *facts: Fact, reason: int | None = 2393, phase: Phase = "tls") -> Case:
    return case(CHANNEL, *facts, reason=reason, phase=phase, configured=listing(text))


def told(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.status, finding.confidence) for finding in findings]


def by_both_ends(one: Case, identity: str) -> list[Finding]:
    """Findings of that id that name a line of the listing."""
    return [each for each in found(one, identity) if any(line.location.source == "out.txt" for line in each.evidence)]


# ---------------------------------------------------------------- the channel itself


def test_a_channel_that_is_not_among_those_shown() -> None:
    (finding,) = by_both_ends(both(OTHER, PLAIN, reason=2540), "channel.unknown")
    assert (finding.status, finding.confidence) == ("fail", "certain")
    assert (
        finding.text
        == "Channel APP.SVRCONN is not among the server-connection channels that runmqsc shows (OTHER.SVRCONN)."
    )


def test_a_channel_that_differs_by_case_is_pointed_at() -> None:
    (finding,) = by_both_ends(both(channel(name="App.SVRCONN"), PLAIN, reason=2059), "channel.unknown")
    assert (finding.confidence, finding.text.endswith("App.SVRCONN differs by case only.")) == ("possible", True)


@pytest.mark.parametrize(
    "text",
    [
        OTHER + channel(),
        channel(name="TO.QM2", kind="SDR"),
        OTHER + "AMQ8417I: x\n CHANNEL(APP.SVRCONN) CHLTYPE(SVRCONN)\n STATUS(RUNNING)\n",
        "AMQ8408I: x\n QMNAME(QM1) SSLKEYR(k)\n",
        "",
    ],
    ids=["shown", "no-channel-for-clients-shown", "running", "no-channels-shown", "no-listing"],
)
def test_near_misses_of_a_channel_that_is_not_there(text: str) -> None:
    assert by_both_ends(both(text, PLAIN, reason=2540), "channel.unknown") == []


@pytest.mark.parametrize(
    ("reason", "expected"), [(2539, ("fail", "certain")), (2059, ("fail", "likely")), (2538, ("warn", "likely"))]
)
def test_a_channel_of_another_type(reason: int, expected: tuple[str, str]) -> None:
    assert told(by_both_ends(both(channel(kind="RCVR"), PLAIN, reason=reason), "channel.wrong-type")) == [expected]


def test_a_server_connection_is_of_the_right_type() -> None:
    assert by_both_ends(both(channel(), PLAIN, reason=2539), "channel.wrong-type") == []


# ---------------------------------------------------------------- CipherSpecs


@pytest.mark.parametrize(
    ("reason", "phase", "expected"),
    [
        (2393, "tls", ("fail", "certain")),
        (2539, "negotiation", ("fail", "certain")),
        (2059, "tcp", ("fail", "likely")),
        (2538, "tcp", ("warn", "likely")),
        (0, "connected", ("warn", "likely")),
        (2009, "mqconn", ("warn", "likely")),
    ],
)
def test_a_plain_client_and_a_channel_with_a_cipher_spec(reason: int, phase: Phase, expected: tuple[str, str]) -> None:
    one = both(channel(f"SSLCIPH({SPEC})"), PLAIN, reason=reason, phase=phase)
    (finding,) = by_both_ends(one, "tls.client-plain-server-tls")
    assert (finding.status, finding.confidence) == expected
    assert [line.text for line in finding.evidence] == [f"channel APP.SVRCONN: SSLCIPH({SPEC})", "mqcd.SSLCipherSpec"]


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (channel("SSLCIPH( )"), (PLAIN,)),
        (channel("SSLCAUTH(OPTIONAL)"), (PLAIN,)),
        (channel(f"SSLCIPH({SPEC})"), ()),
        (channel(f"SSLCIPH({SPEC})"), (SECURED,)),
    ],
    ids=["channel-plain-too", "not-shown", "client-not-known", "client-secured"],
)
def test_near_misses_of_a_plain_client(text: str, facts: tuple[Fact, ...]) -> None:
    assert by_both_ends(both(text, *facts), "tls.client-plain-server-tls") == []


def test_a_client_with_tls_and_a_plain_channel() -> None:
    assert told(by_both_ends(both(channel("SSLCIPH( )"), SECURED), "tls.server-not-tls")) == [("fail", "likely")]
    assert told(by_both_ends(both(channel("SSLCIPH( )"), SECURED, reason=2035), "tls.server-not-tls")) == [
        ("warn", "likely")
    ]


@pytest.mark.parametrize(
    "text", [channel("SSLCAUTH(OPTIONAL)"), channel(f"SSLCIPH({SPEC})")], ids=["not-shown", "secured"]
)
def test_near_misses_of_a_plain_channel(text: str) -> None:
    assert by_both_ends(both(text, SECURED), "tls.server-not-tls") == []


@pytest.mark.parametrize(
    ("client", "server", "expected"),
    [
        (SPEC, "TLS_RSA_WITH_AES_256_CBC_SHA256", [("fail", "likely")]),
        ("ANY_TLS12_OR_HIGHER", "ANY_TLS12", [("fail", "likely")]),
        ("ANY", "TLS_AES_256_GCM_SHA384", [("fail", "possible")]),
        (SPEC, SPEC, []),
        (SPEC, "ANY_TLS12_OR_HIGHER", []),
        (SPEC, "NOT_A_SPEC", []),
    ],
)
def test_two_cipher_specs(client: str, server: str, expected: list[tuple[str, str]]) -> None:
    one = both(channel(f"SSLCIPH({server})"), used("mqcd.SSLCipherSpec", client))
    assert told(by_both_ends(one, "tls.cipherspec-mismatch")) == expected


def test_a_file_that_turns_tls_13_off_counts() -> None:
    text = channel("SSLCIPH(ANY_TLS12)")
    off = ConfigValue("SSL", "AllowTLSV13", "NO", fact("x").location)
    any_cipher = used("mqcd.SSLCipherSpec", "ANY_TLS12_OR_HIGHER")
    one = case(CHANNEL, any_cipher, reason=2393, phase="tls", configured=[*listing(text), ("ini", off)])
    assert by_both_ends(one, "tls.cipherspec-mismatch") == []


@pytest.mark.parametrize(("code", "status"), [("407", "warn"), ("415", "fail"), ("420", "fail")])
def test_what_gskit_failed_at_by_itself_did_not_come_of_the_channel(code: str, status: str) -> None:
    one = both(channel("SSLCIPH(ANY_TLS13)"), used("mqcd.SSLCipherSpec", SPEC), used("gskit.code", code))
    assert [each.status for each in by_both_ends(one, "tls.cipherspec-mismatch")] == [status]


def qm_ini(**settings: str) -> list[tuple[str, ConfigValue]]:
    return [("ini", ConfigValue("SSL", name, value, Location("/qm/qm.ini", 7))) for name, value in settings.items()]


@pytest.mark.parametrize(
    ("allowed", "cipher", "fits"),
    [
        ("TLS_AES_256_GCM_SHA384", SPEC, False),
        ("TLS_AES_256_GCM_SHA384, ANY_TLS12", SPEC, True),
        ("ANY_TLS13", "ANY_TLS12_OR_HIGHER", True),
        ("ANY_TLS13", "ANY_TLS12", False),
        ("NOT_A_SPEC", SPEC, True),
        ("", SPEC, True),
    ],
)
def test_cipher_specs_that_qm_ini_does_not_enable(allowed: str, cipher: str, fits: bool) -> None:
    one = case(
        CHANNEL,
        used("mqcd.SSLCipherSpec", cipher),
        reason=2393,
        phase="tls",
        configured=qm_ini(AllowedCipherSpecs=allowed),
    )
    assert [each.status for each in found(one, "tls.no-shared-cipher")] == ["fail"] * (not fits)


def test_qm_ini_that_turns_tls_13_off_counts() -> None:
    any_cipher = used("mqcd.SSLCipherSpec", "ANY_TLS12_OR_HIGHER")
    given = [*listing(channel("SSLCIPH(ANY_TLS12)")), *qm_ini(AllowTLSV13="NO")]
    assert (
        by_both_ends(case(CHANNEL, any_cipher, reason=2393, phase="tls", configured=given), "tls.cipherspec-mismatch")
        == []
    )


# ---------------------------------------------------------------- certificates

DEMANDED = channel(f"SSLCIPH({SPEC}) SSLCAUTH(REQUIRED)")


NONE_HELD = fact("tls.no_certificate")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([fact("tls.client_certificate_sent", "false")], ("fail", "likely")),
        ([NONE_HELD, fact("tls.certificate_wanted")], ("fail", "likely")),
        ([NONE_HELD, fact("tls.alert", "40")], ("fail", "likely")),
        ([NONE_HELD], ("fail", "possible")),
        ([NONE_HELD, fact("tls.alert", "45")], ("warn", "likely")),
    ],
    ids=["not-sent", "none-and-asked", "none-and-handshake-failure", "none-held", "another-alert"],
)
def test_a_certificate_that_is_demanded_and_not_sent(facts: list[Fact], expected: tuple[str, str]) -> None:
    (finding,) = by_both_ends(both(DEMANDED, SECURED, *facts), "tls.client-certificate-missing")
    assert (finding.status, finding.confidence, len(finding.evidence)) == (*expected, 2)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (channel(f"SSLCIPH({SPEC}) SSLCAUTH(OPTIONAL)"), (fact("tls.no_certificate"),)),
        (DEMANDED, (fact("tls.client_certificate_sent", "true"),)),
        (DEMANDED, ()),
    ],
    ids=["optional", "sent", "not-known"],
)
def test_near_misses_of_a_missing_certificate(text: str, facts: tuple[Fact, ...]) -> None:
    assert by_both_ends(both(text, SECURED, *facts), "tls.client-certificate-missing") == []


def with_store(text: str, subject: str) -> Case:
    label = used("mqsco.CertificateLabel", "app1")
    one = both(text, SECURED, label)
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    store = KeyStore("key.kdb", "cms", (StoredCertificate("app1", subject, not_before=moment),))
    return make_case(one.connection, tuple(one.rows.values()), one.given.with_store(store))


@pytest.mark.parametrize(
    ("pattern", "identity", "expected"),
    [
        ("CN=pay*", "tls.peer-name-mismatch", [("fail", "likely")]),
        ("CN=app*", "tls.peer-name-mismatch", []),
        ("XX=app", "tls.peer-name-invalid", [("fail", "likely")]),
        (" ", "tls.peer-name-mismatch", []),
    ],
)
def test_the_peer_name_of_the_channel(pattern: str, identity: str, expected: list[tuple[str, str]]) -> None:
    one = with_store(channel(f"SSLCIPH({SPEC}) SSLPEER({pattern})"), "CN=app1,O=Synthetic")
    assert told(by_both_ends(one, identity)) == expected


# ---------------------------------------------------------------- limits

RUNNING = "AMQ8417I: x\n CHANNEL(APP.SVRCONN) CHLTYPE(SVRCONN)\n CONNAME({}) STATUS(RUNNING)\n"


@pytest.mark.parametrize(
    ("text", "reason", "count"),
    [
        (channel("MAXINST(0) MAXINSTC(999999999)"), 2537, 1),
        (channel("MAXINST(1)"), 2025, 1),
        (channel("MAXINST(2)") + RUNNING.format("a") + RUNNING.format("b"), 2537, 1),
        (channel("MAXINST(9) MAXINSTC(2)") + RUNNING.format("a") * 2, 2537, 1),
        (channel("MAXINST(9) MAXINSTC(2)") + RUNNING.format("a") + RUNNING.format("b"), 2537, 0),
        (channel("MAXINST(2)"), 2537, 0),
        (channel("MAXINST(0)"), 2538, 0),
        (channel("MAXINST(x)"), 2537, 0),
    ],
)
def test_limits_of_the_channel(text: str, reason: int, count: int) -> None:
    assert told(by_both_ends(both(text, PLAIN, reason=reason), "channel.limit")) == [("fail", "possible")] * count


# ---------------------------------------------------------------- values in upper case

UPPER = "settings.value-in-upper-case"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (channel("CERTLABL(APP1)"), 1),
        (channel("CERTLABL(app1)"), 0),
        (channel("CERTLABL(OTHER)"), 0),
        ("AMQ8408I: x\n QMNAME(QM1) SSLKEYR(/VAR/MQM/SSL/KEY)\n" + channel(), 1),
        ("AMQ8408I: x\n QMNAME(QM1) SSLKEYR(/var/mqm/ssl/key)\n" + channel(), 0),
    ],
)
def test_values_that_were_not_quoted(text: str, count: int) -> None:
    one = both(text, SECURED, used("mqsco.CertificateLabel", "app1"))
    assert told(found(one, UPPER)) == [("warn", "likely")] * count


# ---------------------------------------------------------------- side by side, and whose output it is


def test_both_ends_side_by_side() -> None:
    (finding,) = found(
        both(channel("CERTLABL(qm)", f"SSLCIPH({SPEC}) SSLCAUTH(REQUIRED)", "SHARECNV(10)"), SECURED),
        "channel.both-ends",
    )
    assert (finding.status, finding.text) == (
        "info",
        f"Channel APP.SVRCONN, both ends: CipherSpec here {SPEC}, there {SPEC}: connects; CERTLABL(qm) is used "
        "where the client's SNI "
        "names the channel; SSLCAUTH(REQUIRED): the client must send a certificate; SHARECNV(10).",
    )


def of(manager: str, text: str) -> str:
    return f"Starting MQSC for queue manager {manager}.\n{text}"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (of("QM1", channel(f"SSLCIPH({SPEC})")), 1),
        (of("QM2", channel(f"SSLCIPH({SPEC})")), 0),
        (of("QM2", channel("SSLCIPH( )")) + of("QM1", channel(f"SSLCIPH({SPEC})")), 1),
    ],
    ids=["its-own", "of-another", "of-both"],
)
def test_output_of_another_queue_manager_does_not_count(text: str, count: int) -> None:
    one = both(text, PLAIN)
    rows = [row for row in one.rows.values() if row.name != "queue_manager"]
    known = make_case(replace(one.connection, queue_manager="QM1"), rows, one.given)
    assert len(by_both_ends(known, "tls.client-plain-server-tls")) == count


def test_two_definitions_that_differ_decide_nothing() -> None:
    text = of("QM2", channel("SSLCIPH( )")) + of("QM1", channel(f"SSLCIPH({SPEC})"))
    assert by_both_ends(both(text, PLAIN), "tls.client-plain-server-tls") == []


def test_a_working_connection_never_fails() -> None:
    text = channel("SSLCIPH( ) MAXINST(0)")
    assert {each.status for each in both_findings(both(text, SECURED, reason=0, phase="connected"))} == {"warn", "info"}


def both_findings(one: Case) -> list[Finding]:
    return [each for each in judge(one) if any(line.location.source == "out.txt" for line in each.evidence)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_client_s_definition_of_the_same_name_on_the_queue_manager_is_not_the_other_end(order: int) -> None:
    held = [channel(f"SSLCIPH({SPEC})"), channel("SSLCIPH( )", kind="CLNTCONN")][::order]
    (finding,) = by_both_ends(both("".join(held), PLAIN), "tls.client-plain-server-tls")
    assert finding.evidence[0].text == f"channel APP.SVRCONN: SSLCIPH({SPEC})"


def test_what_dmpmqcfg_writes_is_the_other_end() -> None:
    text = f"DEFINE CHANNEL('APP.SVRCONN') +\n   CHLTYPE(SVRCONN) +\n   SSLCIPH('{SPEC}') +\n   REPLACE\n"
    (finding,) = by_both_ends(both(text, PLAIN), "tls.client-plain-server-tls")
    assert finding.evidence[0].location.line == 3
