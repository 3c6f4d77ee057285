"""`explain WORD`: the object of the contract for what people look up."""

from typing import Any

import pytest

from mqtrace.catalog.explain import explain, suggestions

CONTRACT = ("kind", "id", "title", "meaning", "causes", "fixes", "also")


def told(word: str) -> dict[str, Any]:
    """What the contract names of the explanation."""
    found = explain(word)
    assert found is not None
    return {name: found[name] for name in CONTRACT}


EXACT = {
    "AMQ9633E": {
        "kind": "message",
        "id": "AMQ9633",
        "title": "The certificate of the other end was refused.",
        "meaning": "This end could not validate the certificate that the other end sent. Whoever wrote the message "
        "is the one that checked; the other end owns the certificate.",
        "causes": [
            "the signer (CA or intermediate) is missing in the key repository of the end that wrote this",
            "the certificate has expired or is not yet valid",
            "the other end sent another certificate than meant (label)",
        ],
        "fixes": [
            "Look at the second insert:   mqtrace explain CODE   (575010 no chain, 575018 expired, 575017 not yet "
            "valid, 575073 key too short)",
            "Add the signer to the key repository of the end that wrote this:   runmqakm -cert -add -db KEYDB "
            "-stashed -label CA -file ca.pem -format ascii",
            'Queue manager: make it read the repository again:   echo "REFRESH SECURITY TYPE(SSL)" | runmqsc QMGR',
        ],
        "also": [],
    },
    "AMQ9519": {
        "kind": "message",
        "id": "AMQ9519",
        "title": "The queue manager has no channel of that name.",
        "meaning": "The name that the other end asked for is not defined here.",
        "causes": ["a misspelt name or other case", "the client reached another queue manager than meant"],
        "fixes": [
            'List the channels that are there:   echo "DISPLAY CHANNEL(*) CHLTYPE(SVRCONN)" | runmqsc QMGR',
            "Correct the name where the client got it (the program, MQSERVER, mqclient.ini or the channel table), or "
            'define it:   echo "DEFINE CHANNEL(NAME) CHLTYPE(SVRCONN) TRPTYPE(TCP)" | runmqsc QMGR',
            "In runmqsc put names with lower-case letters in quotes; without quotes they become upper case.",
            'If the channel is there, the port leads to another queue manager:   echo "DISPLAY LSSTATUS(*) PORT" | '
            "runmqsc QMGR",
        ],
        "also": [],
    },
    "AMQ6271": {
        "kind": "message",
        "id": "AMQ6271",
        "title": "A message of IBM MQ that mqtrace has no entry for.",
        "meaning": "MQ's message catalogue has this id, with 1 insert; mqtrace has no entry for it: it is not among "
        "those known to tell why a connection failed.",
        "causes": [],
        "fixes": [
            "See IBM's text on a host with MQ:   mqrc AMQ6271",
            "Or search the IBM MQ documentation for AMQ6271.",
        ],
        "also": [],
    },
    "2540": {
        "kind": "reason",
        "id": "2540",
        "title": "MQRC_UNKNOWN_CHANNEL_NAME: the channel is not known",
        "meaning": "The queue manager has no server-connection channel of that name.",
        "causes": ["a misspelt name or other case", "another queue manager than meant"],
        "fixes": ['List them:   echo "DISPLAY CHANNEL(*) CHLTYPE(SVRCONN)" | runmqsc QMGR'],
        "also": [],
    },
    "MQRC_UNKNOWN_CHANNEL_NAME": {
        "kind": "reason",
        "id": "2540",
        "title": "MQRC_UNKNOWN_CHANNEL_NAME: the channel is not known",
        "meaning": "The queue manager has no server-connection channel of that name.",
        "causes": ["a misspelt name or other case", "another queue manager than meant"],
        "fixes": ['List them:   echo "DISPLAY CHANNEL(*) CHLTYPE(SVRCONN)" | runmqsc QMGR'],
        "also": [],
    },
    "network.name-not-resolved": {
        "kind": "cause",
        "id": "network.name-not-resolved",
        "title": "The host name could not be turned into an address.",
        "meaning": "Name resolution has no address for the host in the connection name, so no connection was tried. "
        "The client gets 2538.",
        "causes": ["The connection name is not a valid address."],
        "fixes": [
            "Ask the resolver on the client's host:   getent hosts HOST   (Windows: nslookup HOST)",
            "Correct the host where the client got it (CCDT, MQSERVER, mqclient.ini or the program). "
            "The port goes in parentheses after it, HOST(PORT), and a list is separated by commas.",
            "In a container, look at the name servers it really uses:   cat /etc/resolv.conf",
        ],
        "also": [],
    },
    "c030": {
        "kind": "cipher_spec",
        "id": "ECDHE_RSA_AES_256_GCM_SHA384",
        "title": "ECDHE_RSA_AES_256_GCM_SHA384, a CipherSpec of TLS 1.2",
        "meaning": "TLS 1.2 suite c030, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 in the IANA registry. The queue "
        "manager's certificate must have this kind of key: RSA. Allowed by FIPS: yes. Since 8.0.0.3 at the latest.",
        "causes": [],
        "fixes": [
            "Java knows it as TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 or SSL_ECDHE_RSA_WITH_AES_256_GCM_SHA384.",
            "See whether it fits the channel's value:   mqtrace decode cipher ECDHE_RSA_AES_256_GCM_SHA384 "
            "CHANNEL_VALUE",
        ],
        "also": [],
    },
    "ANY_TLS13": {
        "kind": "cipher_spec",
        "id": "ANY_TLS13",
        "title": "ANY_TLS13, an alias for CipherSpecs",
        "meaning": "An alias that stands for any of 5 CipherSpecs (TLS 1.3); the two ends agree on one of them. "
        "Since 9.1.4 Multiplatforms; 9.2.0 z/OS.",
        "causes": [],
        "fixes": [
            "Java knows it as *TLS13.",
            "See whether it fits the channel's value:   mqtrace decode cipher ANY_TLS13 CHANNEL_VALUE",
        ],
        "also": [],
    },
    "414": {
        "kind": "gskit",
        "id": "414",
        "title": "GSKit 414: GSK_ERROR_BAD_CERT",
        "meaning": "A certificate was refused.",
        "causes": [
            "with a validation code: this end refused the peer's certificate",
            "without one: the peer refused ours (alert bad_certificate)",
        ],
        "fixes": [
            "See what the queue manager sends:   openssl s_client -connect HOST:PORT -showcerts </dev/null",
            "C: see which signers the client trusts:   runmqakm -cert -list ca -db /PATH/key.kdb -stashed",
            ".NET: see which signers the client trusts:   Get-ChildItem Cert:\\CurrentUser\\Root | Format-List "
            "Subject,NotAfter   (*SYSTEM: LocalMachine)",
            "C: add the missing signer to the client's store:   runmqakm -cert -add -db /PATH/key.kdb -stashed "
            "-label CA "
            "-file ca.pem -format ascii",
            ".NET: add the missing signer:   Import-Certificate -FilePath ca.cer -CertStoreLocation "
            "Cert:\\CurrentUser\\Root   (*SYSTEM: LocalMachine)",
            "If it has expired or was issued for another use, renew it at the queue manager and run REFRESH "
            "SECURITY TYPE(SSL).",
        ],
        "also": [],
    },
    "alert:10": {
        "kind": "alert",
        "id": "10",
        "title": "TLS alert 10: unexpected_message",
        "meaning": "A message came that does not belong there; often the other end does not speak TLS at all.",
        "causes": [
            "Sent by the server: The other end refused the handshake.",
            "Sent by the client: The client began TLS, and what answers there does not speak it.",
        ],
        "fixes": [
            "Read QMGR/errors/AMQERR01.LOG: AMQ9616 means the cipher, AMQ9637 the missing client certificate.",
            "See what the server takes, and whether it asks for a certificate:   openssl s_client -connect "
            "HOST:PORT </dev/null",
            'See the channel:   echo "DISPLAY CHANNEL(CHANNEL) SSLCIPH SSLCAUTH" | runmqsc QMGR',
            "Try it:   openssl s_client -connect HOST:PORT </dev/null   (a TLS listener shows a certificate)",
            "See which program owns the port:   ss -ltnp | grep PORT",
            "If the channel is meant to be protected:   ALTER CHANNEL(CHANNEL) CHLTYPE(SVRCONN) "
            "SSLCIPH(ANY_TLS12_OR_HIGHER)",
        ],
        "also": [],
    },
    "unrecognized_name": {
        "kind": "alert",
        "id": "112",
        "title": "TLS alert 112: unrecognized_name",
        "meaning": "The sender does not serve the server name (SNI) that the client sent.",
        "causes": ["Sent by the server: The other end does not know the server name that the client sent."],
        "fixes": [
            "See the name that is sent for a channel:   mqtrace decode sni --encode CHANNEL",
            "Add that name to the router, for example as host of an OpenShift route with TLS passthrough.",
            "Or send the host name instead: OutboundSNI=HOSTNAME in the SSL stanza of mqclient.ini (9.2.1 "
            "and later); then CERTLABL of the channel is not used.",
            "Try it:   openssl s_client -connect HOST:PORT -servername NAME </dev/null",
        ],
        "also": [],
    },
}


@pytest.mark.parametrize("word", list(EXACT))
def test_the_explanation_of(word: str) -> None:
    assert told(word) == EXACT[word]


@pytest.mark.parametrize(
    ("word", "kind", "id"),
    [
        ("amq9202", "message", "AMQ9202"),
        ("0x20009202", "message", "AMQ9202"),
        ("CSQX620E", "message", "CSQX620"),
        ("host_not_available", "reason", "2538"),
        ("0x000009ea", "reason", "2538"),
        ("reason:2393", "reason", "2393"),
        ("TLS.Certificate-Expired", "cause", "tls.certificate-expired"),
        ("cause:network.refused", "cause", "network.refused"),
        ("TLS_AES_256_GCM_SHA384", "cipher_spec", "TLS_AES_256_GCM_SHA384"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "cipher_spec", "ECDHE_ECDSA_AES_128_CBC_SHA256"),
        ("1302", "cipher_spec", "TLS_AES_256_GCM_SHA384"),
        ("cipher:0035", "cipher_spec", "TLS_RSA_WITH_AES_256_CBC_SHA"),
        ("*TLS12", "cipher_spec", "ANY_TLS12"),
        ("GSK_ERROR_BAD_PEER", "gskit", "415"),
        ("575018", "gskit", "575018"),
        ("gskit:6", "gskit", "6"),
        ("40", "alert", "40"),
        ("alert:40", "alert", "40"),
        ("ALERT: handshake_failure ", "alert", "40"),
    ],
)
def test_a_word_of_any_kind_is_known(word: str, kind: str, id: str) -> None:
    found = told(word)
    assert (found["kind"], found["id"]) == (kind, id)


def test_a_number_of_two_kinds_is_read_as_gskit_first_and_names_the_other() -> None:
    assert (told("10")["kind"], told("10")["also"]) == (
        "gskit",
        [{"kind": "alert", "id": "10", "title": "TLS alert 10: unexpected_message"}],
    )
    assert (told("alert:10")["kind"], told("alert:10")["also"]) == ("alert", [])


def test_a_number_of_several_cipher_specs_names_them_all() -> None:
    found = told("002f")
    assert (found["id"], [other["id"] for other in found["also"]]) == ("TLS_RSA_WITH_AES_128_CBC_SHA", ["AES_SHA_US"])


def test_a_cipher_spec_is_told_with_all_its_parts() -> None:
    found = explain("ECDHE_RSA_AES_256_GCM_SHA384")
    assert found is not None
    parts = {
        name: found[name] for name in ("protocols", "hex", "iana", "java", "key_type", "encryption", "bits", "fips")
    }
    assert parts == {
        "protocols": ["TLS 1.2"],
        "hex": "c030",
        "iana": "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "java": ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "SSL_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        "key_type": "RSA",
        "encryption": "AES-GCM",
        "bits": "256",
        "fips": "Yes",
    }


def test_an_alias_is_told_with_its_members_and_level() -> None:
    found = explain("ANY_TLS13_OR_HIGHER")
    assert found is not None
    assert (found["protocols"], found["since"]) == (["TLS 1.3"], "9.1.4 Multiplatforms; 9.2.0 z/OS")
    assert found["members"] == [
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256",
        "TLS_AES_128_CCM_SHA256",
        "TLS_AES_128_CCM_8_SHA256",
    ]


@pytest.mark.parametrize(
    "word",
    [
        "",
        "   ",
        "alert:",
        "alert:6",
        "reason:40",
        "message:2393",
        "XYZ",
        "9" * 5000,
        "A" * 1_000_000,
        "\x1b[31m",
        "４０",
    ],
)
def test_other_words_are_unknown(word: str) -> None:
    assert explain(word) is None


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("ECDHE_RSA_AES256_GCM_SHA384", "ECDHE_RSA_AES_256_GCM_SHA384"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_CBC", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"),
        ("MQRC_HOST_NOT_AVAILIBLE", "MQRC_HOST_NOT_AVAILABLE"),
        ("network-refused", "network.refused"),
        ("handshake_failed", "handshake_failure"),
        ("cause:label-not-found", "tls.certificate-label-not-found"),
    ],
)
def test_an_unknown_word_has_near_ones(word: str, first: str) -> None:
    assert suggestions(word)[0] == first
