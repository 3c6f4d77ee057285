"""Whether two CipherSpec settings agree, against IBM's table of aliases."""

import pytest

from mqtrace.catalog.tables import Row, table
from mqtrace.decode.cipher_agreement import agreement
from mqtrace.model import DecodeError

# What the table means by "Specific TLS1.2" and "Specific TLS1.3".
SPECIFIC = {"Specific TLS1.2": "ECDHE_RSA_AES_256_GCM_SHA384", "Specific TLS1.3": "TLS_AES_256_GCM_SHA384"}
MATRIX = table("alias_matrix")
RSA_FIRST, EC_FIRST = "TLS_RSA_WITH_AES_256_GCM_SHA384", "ECDHE_ECDSA_AES_256_GCM_SHA384"


def row_id(row: Row) -> str:
    return f"{row['client_sslciph']}-{row['server_sslciph']}-{row['tls13_enabled_both_ends']}"


def test_the_table_is_whole() -> None:
    assert len(MATRIX) == 65


@pytest.mark.parametrize("row", MATRIX, ids=row_id)
@pytest.mark.parametrize("certificate", ["", "rsa2048"])
def test_the_outcome_is_that_of_the_table(row: Row, certificate: str) -> None:
    client, server = (SPECIFIC.get(row[end], row[end]) for end in ("client_sslciph", "server_sslciph"))
    assert agreement(client, server, certificate, row["tls13_enabled_both_ends"] == "1").outcome == row["outcome"]


@pytest.mark.parametrize(
    ("client", "server", "certificate", "protocol", "negotiated"),
    [
        ("ANY_TLS12", "ANY_TLS12", "rsa2048", "TLSv1.2", RSA_FIRST),
        ("ANY_TLS12", "ANY_TLS12", "ec256", "TLSv1.2", EC_FIRST),
        ("ANY", "ANY_TLS13", "", "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
        ("ANY_TLS12", RSA_FIRST, "rsa4096", "TLSv1.2", RSA_FIRST),
        (EC_FIRST, "ANY_TLS12", "ec384", "TLSv1.2", EC_FIRST),
        (EC_FIRST, EC_FIRST, "", "TLSv1.2", EC_FIRST),
    ],
)
def test_the_queue_managers_preference_decides(
    client: str, server: str, certificate: str, protocol: str, negotiated: str
) -> None:
    found = agreement(client, server, certificate)
    assert (found.outcome, found.protocol, found.negotiated) == ("connects", protocol, negotiated)


def test_each_version_is_told() -> None:
    assert agreement("ANY", "ANY", "ec256").versions == (
        ("TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"),
        ("TLSv1.2", EC_FIRST),
    )


@pytest.mark.parametrize(
    ("client", "server", "options", "why"),
    [
        (EC_FIRST, EC_FIRST, {"certificate": "rsa2048"}, "has the key rsa2048"),
        ("ANY_TLS13", "ANY", {"tls13": False}, "needs TLS 1.3"),
        ("TLS_RSA_WITH_NULL_SHA256", "ANY", {}, "not among the CipherSpecs that a queue manager enables by default"),
        (
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "ECDHE_ECDSA_AES_128_CBC_SHA256",
            {},
            "has 39 characters and SSLCIPH holds 32",
        ),
        ("", "ANY", {}, "The client does not use TLS"),
        ("ANY", " ", {}, "the channel has no CipherSpec"),
    ],
)
def test_why_it_fails_is_said(client: str, server: str, options: dict[str, object], why: str) -> None:
    found = agreement(client, server, **options)  # type: ignore[arg-type]
    assert (found.outcome, found.protocol, found.negotiated) == ("fails", None, None)
    assert why in found.why


def test_java_names_an_alias_in_its_own_way() -> None:
    assert agreement("*TLS12", "ANY_TLS12", "rsa2048").negotiated == RSA_FIRST


@pytest.mark.parametrize(("client", "certificate"), [("ANY_TLS14", ""), ("ANY", "dsa1024")])
def test_unknown_words_are_refused(client: str, certificate: str) -> None:
    with pytest.raises(DecodeError):
        agreement(client, "ANY", certificate)


def test_an_alias_that_leaves_the_choice_to_the_platform_is_not_decided() -> None:
    with pytest.raises(DecodeError, match="leaves the choice to the platform"):
        agreement("*NEGOTIATE", "ANY_TLS12")


@pytest.mark.parametrize(
    ("certificate", "outcome"), [("rsa1024", "likely to fail"), ("rsa2048", "connects"), ("ec256", "connects")]
)
def test_a_short_rsa_key_is_refused_whatever_the_cipher_spec(certificate: str, outcome: str) -> None:
    assert agreement("ANY_TLS12", "ANY_TLS12", certificate).outcome == outcome
