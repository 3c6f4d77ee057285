"""What the catalogue knows of causes: patterns/causes."""

import pytest

from mqtrace.catalog.causes import all_causes, cause, is_consequence

IDS_OF_THE_CONTRACT = {
    "network": (
        "refused name-not-resolved unreachable timeout closed-by-peer reset-by-peer not-mq silent-peer "
        "connection-broken host-unavailable"
    ),
    "settings": (
        "no-channel ccdt-missing ccdt-invalid ccdt-no-match ccdt-first-match-without-tls mqserver-invalid "
        "mqserver-hides-ccdt ini-channel-hides-ccdt ini-unknown-key ini-not-read bindings-mode channel-conflict "
        "address-invalid ignored-by-client"
    ),
    "channel": "unknown unavailable rejected limit blocked wrong-type ended-by-exit",
    "tls": (
        "no-key-repository key-repository-missing key-repository-unusable key-repository-password "
        "certificate-label-not-found client-certificate-missing client-certificate-rejected "
        "server-certificate-rejected certificate-expired server-certificate-untrusted peer-name-mismatch "
        "cipherspec-unknown cipherspec-mismatch no-shared-cipher protocol-version handshake-refused sni-refused "
        "server-internal-error client-plain-server-tls server-not-tls closed-in-handshake key-size-too-small "
        "certificate-type-mismatch revocation-status-unknown certificate-not-yet-valid certificate-wrong-use "
        "certificate-label-not-allowed peer-name-invalid trust-store-empty cipher-mapping disabled-by-jdk "
        "sni-name-not-encodable hang-after-handshake initialization"
    ),
    "auth": "not-authorized security-error password-required password-wrong password-too-long",
    "object": "unknown",
    "qmgr": "name-mismatch unavailable quiescing stopping standby connection-limit",
}


def test_every_id_of_the_contract_has_an_entry() -> None:
    wanted = {f"{family}.{name}" for family, names in IDS_OF_THE_CONTRACT.items() for name in names.split()}
    assert wanted - {info.id for info in all_causes()} == set()


def test_an_entry_says_what_is_wrong_and_what_to_do() -> None:
    info = cause("channel.unknown")
    assert info is not None
    assert info.title == "The queue manager has no channel of that name."
    assert (
        info.fix[0] == 'List the channels that are there:   echo "DISPLAY CHANNEL(*) CHLTYPE(SVRCONN)" | runmqsc QMGR'
    )
    assert (info.specificity, info.basis) == (70, "observed")


def test_an_unknown_id_has_none() -> None:
    assert cause("network.no-such-cause") is None


@pytest.mark.parametrize(
    ("specific", "vague"),
    [
        ("tls.certificate-label-not-found", "tls.initialization"),
        ("tls.certificate-expired", "tls.server-certificate-rejected"),
        ("tls.server-certificate-untrusted", "tls.server-certificate-rejected"),
        ("settings.mqserver-hides-ccdt", "tls.client-plain-server-tls"),
        ("settings.ccdt-first-match-without-tls", "tls.client-plain-server-tls"),
        ("tls.client-plain-server-tls", "network.not-mq"),
        ("tls.client-plain-server-tls", "network.reset-by-peer"),
        ("tls.client-certificate-missing", "tls.handshake-refused"),
        ("tls.protocol-version", "tls.handshake-refused"),
        ("network.refused", "network.host-unavailable"),
        ("settings.no-channel", "network.refused"),
        ("network.not-mq", "network.closed-by-peer"),
        ("auth.password-wrong", "auth.not-authorized"),
        ("channel.blocked", "auth.not-authorized"),
        ("tls.closed-in-handshake", "network.connection-broken"),
        ("tls.closed-in-handshake", "network.closed-by-peer"),
    ],
)
def test_what_explains_more_is_more_specific(specific: str, vague: str) -> None:
    first, second = cause(specific), cause(vague)
    assert first is not None
    assert second is not None
    assert first.specificity > second.specificity


@pytest.mark.parametrize(
    ("id", "of", "expected"),
    [
        ("tls.client-plain-server-tls", "settings.mqserver-hides-ccdt", True),
        ("settings.mqserver-hides-ccdt", "tls.client-plain-server-tls", False),
        ("tls.initialization", "tls.certificate-expired", True),
        ("network.connection-broken", "qmgr.stopping", True),
        ("network.connection-broken", "network.connection-broken", False),
        ("network.refused", "tls.certificate-expired", False),
        ("no.such-id", "network.refused", False),
    ],
)
def test_what_can_be_a_consequence_of_what(id: str, of: str, expected: bool) -> None:
    assert is_consequence(id, of) is expected


@pytest.mark.parametrize(
    "words",
    ["SSLCAUTH(OPTIONAL)", "SSLCAUTH(NEVER)", "CHLAUTH(DISABLED)", "disable valid", "CONNAUTH(' ')", "chmod 777"],
)
def test_no_fix_opens_a_hole(words: str) -> None:
    assert [info.id for info in all_causes() for step in info.fix if words.lower() in step.lower()] == []
