"""Listings of the tools: what each of them tells."""

from datetime import UTC, datetime

import pytest

from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.keys.check import CheckRequest
from mqtrace.keys.listing import read_listing
from mqtrace.keys.listing_values import date_of
from mqtrace.keys.remarks import remarks
from mqtrace.model.key_store import StoredCertificate

from .key_stores import DATA, ids, in_days, read_bytes


def listed(name: str) -> tuple[StoredCertificate, ...]:
    store = read_bytes((DATA / "listings" / name).read_bytes(), name)
    assert store.kind == "listing"
    return store.certificates


def test_runmqakm_list() -> None:
    assert [(each.label, each.private_key) for each in listed("runmqakm_list.txt")] == [
        ("OU=unit, CN=lab ca", False),
        ("ibmwebspheremqapp", True),
        ("qm default", True),
        ("root", False),
    ]


def test_runmqakm_details() -> None:
    (found,) = listed("runmqakm_details.txt")
    assert found == StoredCertificate(
        label="ibmwebspheremqapp",
        subject="CN=app1,OU=MQ,O=Lab,C=XX",
        issuer="CN=Lab CA,O=Lab,C=XX",
        serial="a5f7ac503bb6d22f",
        not_before=datetime(2021, 7, 26, 15, 29, 37, tzinfo=UTC),
        not_after=datetime(2031, 7, 24, 15, 29, 37, tzinfo=UTC),
        key="rsa2048",
        signature_algorithm="SHA256WithRSASignature",
        trusted=False,
    )


def test_keytool_short_and_long() -> None:
    assert [(each.label, each.private_key) for each in listed("keytool_list.txt")] == [("ibmwebspheremqapp1", True)]
    own, signer = listed("keytool_list_v.txt")
    assert (own.label, own.subject, own.key, own.private_key) == (
        "ibmwebspheremqapp1",
        "CN=app1,OU=MQ,O=Lab,C=XX",
        "rsa2048",
        True,
    )
    assert own.not_after == datetime(2027, 11, 23, 16, 53, 32, tzinfo=UTC)
    assert (signer.label, signer.subject, signer.is_ca, signer.private_key) == ("", "CN=Lab CA,O=Lab,C=XX", True, False)


def test_openssl_short_and_long() -> None:
    (short,) = listed("openssl_x509_short_rsa.txt")
    assert (short.subject, short.serial) == ("CN=QM1,OU=MQ,O=Lab,C=XX", "f4422018e72ef6f397227f729c40cb9087182b7")
    (long,) = listed("openssl_x509_text_ec.txt")
    assert (long.subject, long.issuer, long.key) == ("CN=QM1EC,OU=MQ,O=Lab,C=XX", "CN=Lab CA,O=Lab,C=XX", "ec256")


def test_pk12util() -> None:
    assert [(each.label, each.subject, each.key, each.private_key) for each in listed("pk12util_l.txt")] == [
        ("one", "CN=one,O=x", "rsa2048", True),
        ("two", "CN=two,O=x", "ec256", True),
        ("tr", "CN=a,O=x,C=GB", "rsa2048", False),
    ]


@pytest.mark.parametrize("name", ["keytool_list_v_usages.txt", "openssl_x509_text_usages.txt", "pk12util_l_usages.txt"])
def test_one_certificate_as_three_tools_show_it(name: str) -> None:
    (found,) = listed(name)
    assert set(found.usages) == {"digitalSignature", "keyCertSign", "serverAuth", "clientAuth"}
    assert found.alternative_names == ("DNS:a.example", "IP:10.0.0.1")
    assert found.serial == "1f61f314ab81bb63473b551ae54a0c6cf7ce8c83"
    assert found.subject.endswith("OU=Low,OU=High,O=A\\, Inc,C=GB")
    assert (found.key, found.is_ca) == ("ec384", True)


def test_racdcert_list() -> None:
    own, old = listed("racdcert_list.txt")
    assert own.subject == "CN=QM1,OU=A very long unit name that goes on to the end of the line and further,O=Lab,C=XX"
    assert (own.label, own.issuer, own.key, own.private_key, own.trusted) == (
        "ibmWebSphereMQQM1",
        "CN=MQ CA,OU=LAB,O=Lab,C=XX",
        "rsa2048",
        True,
        True,
    )
    assert own.alternative_names == ("DNS:qm1.example",)
    assert (old.label, old.key, old.private_key, old.trusted) == ("oldCert", "ec256", False, False)


def test_racdcert_listring() -> None:
    assert [(each.label, each.ring_usage) for each in listed("racdcert_listring.txt")] == [
        ("MQ CA", "CERTAUTH"),
        ("ibmWebSphereMQQM1", "PERSONAL"),
        ("partner cert", "SITE"),
    ]


def test_dspmqcert() -> None:
    own, _ = listed("dspmqcert.txt")
    assert (own.label, own.subject) == ("ibmwebspheremqqm1", "CN=QM1,O=Lab (test),C=XX")
    assert own.not_after == datetime(2026, 3, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("26 July 2021 16:29:37 GMT+01:00", "2021-07-26T15:29:37+00:00"),
        ("3 February 2019 12:41:52 GMT", "2019-02-03T12:41:52+00:00"),
        ("February 3, 2019 1:41:52 PM GMT-05:00", "2019-02-03T18:41:52+00:00"),
        ("Mon Nov 23 16:53:32 CET 2026", "2026-11-23T15:53:32+00:00"),
        ("Nov  3 16:53:32 2026 GMT", "2026-11-03T16:53:32+00:00"),
        ("2025/03/10 00:00:00", "2025-03-10T00:00:00+00:00"),
        ("2025-03-10T01:00:00Z", "2025-03-10T01:00:00+00:00"),
        ("31 Smarch 2021 01:00:00", None),
        ("2021-02-31 00:00:00", None),
        ("", None),
    ],
)
def test_dates_of_all_tools(text: str, moment: str | None) -> None:
    found = date_of(text)
    assert (found.isoformat() if found else None) == moment


@pytest.mark.parametrize(
    ("text", "options", "name"),
    [
        ("C = XX, O = Lab, CN = Lab CA", {"general_first": True}, "CN=Lab CA,O=Lab,C=XX"),
        ('C=XX, O="A, Inc", CN=x', {"general_first": True}, "CN=x,O=A\\, Inc,C=XX"),
        ("CN=MQ CA.OU=A.B.O=IBM", {"separators": "."}, "CN=MQ CA,OU=A.B,O=IBM"),
        ("no name", {}, "no name"),
    ],
)
def test_names_of_all_tools(text: str, options: dict[str, object], name: str) -> None:
    assert distinguished_name(text, **options) == name  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ["little", "big"])
def test_a_listing_that_powershell_wrote_is_read(order: str) -> None:
    text = (DATA / "listings" / "keytool_list_v.txt").read_text()
    data = text.encode("utf-16") if order == "little" else b"\xfe\xff" + text.encode("utf-16-be")
    assert read_bytes(data, "listing").certificates == listed("keytool_list_v.txt")


def test_a_label_cannot_be_looked_for_where_none_is_told() -> None:
    store = read_bytes((DATA / "listings" / "openssl_x509_text_ec.txt").read_bytes(), "x509.txt")
    assert "tls.certificate-label-not-found" not in ids(store, label="app1")
    assert "Labels are not told here, so whether the one asked for is there is not known." in remarks(
        store, CheckRequest(in_days(0), "app1")
    )


def test_a_tab_in_a_name_of_a_damaged_listing_is_a_blank() -> None:
    text = "Keystore type: PKCS12\n\napp\tone, Nov 23, 2026, PrivateKeyEntry\n"
    (found,) = read_listing("list.txt", text.encode()).certificates
    assert found.label == "app one"
