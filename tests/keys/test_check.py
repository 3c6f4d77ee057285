"""Stores made with real tools: each thing that can be wrong gives its own cause, and only that."""

from pathlib import Path

import pytest

from .key_stores import DATA, LABEL, PASSWORD, Stores, ids, in_days, problems, read_bytes, read_file, run

RSA_SPEC, EC_SPEC = "ECDHE_RSA_AES_256_GCM_SHA384", "ECDHE_ECDSA_AES_256_GCM_SHA384"


def test_a_good_store_has_no_problem(app_store: Path) -> None:
    assert (
        ids(read_file(app_store, PASSWORD), label=LABEL, cipher=RSA_SPEC, peer="CN=app1,OU=MQ", host="app.example")
        == []
    )


def test_wrong_label_names_the_nearest(app_store: Path) -> None:
    (problem,) = problems(read_file(app_store, PASSWORD), label="ibmwebspheremqapq")
    assert problem.id == "tls.certificate-label-not-found"
    assert problem.text == 'There is no label "ibmwebspheremqapq"; nearest is "ibmwebspheremqapp".'


def test_label_in_another_case_is_another_label(app_store: Path) -> None:
    (problem,) = problems(read_file(app_store, PASSWORD), label=LABEL.upper())
    assert problem.text == f'There is no label "{LABEL.upper()}", but "{LABEL}": labels are case sensitive.'


@pytest.mark.parametrize(("days", "id"), [(31, "tls.certificate-expired"), (-1, "tls.certificate-not-yet-valid")])
def test_dates(app_store: Path, days: int, id: str) -> None:
    assert set(ids(read_file(app_store, PASSWORD), label=LABEL, at=in_days(days))) == {id}


def test_an_expired_signer_is_named(app_store: Path, stores: Stores) -> None:
    stores.issue("long", "middle", "/CN=long")
    store = read_file(stores.pkcs12("long", "middle", "ca"), PASSWORD)
    texts = [each.text for each in problems(store, label=LABEL, at=in_days(31))]
    assert any(
        '"CN=Lab Intermediate,O=Lab,C=XX", which is a signer of "ibmwebspheremqapp", expired' in text for text in texts
    )


def test_key_of_another_kind_than_the_cipherspec_needs(app_store: Path, stores: Stores) -> None:
    assert ids(read_file(app_store, PASSWORD), label=LABEL, cipher=EC_SPEC) == ["tls.certificate-type-mismatch"]
    stores.issue("curve", "middle", "/CN=curve", key=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
    store = read_file(stores.pkcs12("curve", "middle", "ca"), PASSWORD)
    assert store.certificates[0].key == "ec256"
    assert ids(store, label=LABEL, cipher=RSA_SPEC) == ["tls.certificate-type-mismatch"]
    assert (
        ids(store, label=LABEL, cipher=EC_SPEC)
        == ids(store, label=LABEL, cipher="ANY_TLS12")
        == ids(store, cipher="TLS_AES_256_GCM_SHA384")
        == []
    )


def test_unknown_cipherspec(app_store: Path) -> None:
    (problem,) = problems(read_file(app_store, PASSWORD), cipher="ECDHE_RSA_AES_256_GCM_SHA385")
    assert problem.id == "tls.cipherspec-unknown"
    assert "ECDHE_RSA_AES_256_GCM_SHA384" in problem.text


def test_short_rsa_key(stores: Stores) -> None:
    stores.issue("short", "middle", "/CN=short", key=("rsa:1024",))
    store = read_file(stores.pkcs12("short", "middle", "ca"), PASSWORD)
    assert ids(store, label=LABEL) == ["tls.key-size-too-small"]
    assert ids(store, label=LABEL, minimum_rsa=1024) == []


def test_missing_intermediate_is_named(app_store: Path, stores: Stores) -> None:
    store = stores.pkcs12("app", "ca", label=LABEL)
    target = store.rename(store.with_name("without-middle.p12"))
    stores.pkcs12("app", "middle", "ca")
    (problem,) = problems(read_file(target, PASSWORD), label=LABEL)
    assert problem.id == "tls.server-certificate-untrusted"
    assert "was signed by CN=Lab Intermediate,O=Lab,C=XX, and it is not in the store" in problem.text


def test_signer_of_the_same_name_with_another_key(stores: Stores) -> None:
    other = Stores(stores.folder / "other") if (stores.folder / "other").mkdir() is None else stores
    stores.issue("alone", "ca", "/CN=alone")
    (stores.folder / "false.crt").write_bytes((other.folder / "ca.crt").read_bytes())
    (problem,) = problems(read_file(stores.pkcs12("alone", "false"), PASSWORD), label=LABEL)
    assert problem.text.endswith("and the one of that name has another key.")


def test_label_without_private_key(app_store: Path, stores: Stores, keytool: str) -> None:
    target = stores.folder / "trust.jks"
    for alias in ("app", "middle", "ca"):
        run(
            keytool,
            "-importcert",
            "-noprompt",
            "-alias",
            alias,
            "-file",
            f"{alias}.crt",
            "-keystore",
            target,
            "-storepass",
            PASSWORD,
            folder=stores.folder,
        )
    assert ids(read_file(target, PASSWORD), label="app") == ["tls.client-certificate-missing"]


def test_pem_without_private_key(app_store: Path, stores: Stores) -> None:
    data = b"".join((stores.folder / f"{name}.crt").read_bytes() for name in ("app", "middle", "ca"))
    assert ids(read_bytes(data)) == ["tls.client-certificate-missing"]
    assert ids(read_bytes(data + (stores.folder / "app.key").read_bytes())) == []


@pytest.mark.parametrize("password", ["not it", None, ""])
def test_wrong_or_missing_password(app_store: Path, password: str | None) -> None:
    store = read_file(app_store, password)
    assert store.certificates == ()
    assert ids(store, label=LABEL) == ["tls.key-repository-password"]


def test_wrong_password_of_a_java_store(stores: Stores, keytool: str) -> None:
    target = stores.folder / "password.jks"
    run(
        keytool,
        "-importcert",
        "-noprompt",
        "-alias",
        "ca",
        "-file",
        "ca.crt",
        "-keystore",
        target,
        "-storetype",
        "JKS",
        "-storepass",
        PASSWORD,
        folder=stores.folder,
    )
    assert ids(read_file(target, "not it")) == ["tls.key-repository-password"]
    assert ids(read_file(target, PASSWORD)) == ids(read_file(target)) == []


@pytest.mark.parametrize("data", [b"", b"just text\n", bytes(100), b"7H\x05\x02\0\0\0\0X509KEY\0" + bytes(80)])
def test_what_is_no_store_is_unusable(data: bytes) -> None:
    assert ids(read_bytes(data)) == ["tls.key-repository-unusable"]


@pytest.mark.parametrize(
    ("extensions", "request_", "expected"),
    [
        (["keyUsage=keyCertSign,cRLSign"], {}, ["tls.certificate-wrong-use"]),
        (["keyUsage=digitalSignature,keyCertSign"], {"server": True}, ["tls.certificate-wrong-use"]),
        (["keyUsage=digitalSignature,keyCertSign"], {}, []),
        (
            ["keyUsage=digitalSignature"],
            {"server": True, "cipher": "TLS_RSA_WITH_AES_128_CBC_SHA256"},
            ["tls.certificate-wrong-use"],
        ),
        (["keyUsage=keyEncipherment"], {"cipher": RSA_SPEC}, ["tls.certificate-wrong-use"]),
        (["extendedKeyUsage=clientAuth"], {"server": True}, ["tls.certificate-wrong-use"]),
        (["extendedKeyUsage=clientAuth"], {}, []),
        (["extendedKeyUsage=codeSigning"], {}, ["tls.certificate-wrong-use"]),
        (["extendedKeyUsage=serverAuth"], {"server": True}, []),
    ],
)
def test_usages(stores: Stores, extensions: list[str], request_: dict[str, object], expected: list[str]) -> None:
    stores.issue("usage", "ca", "/CN=usage", extensions)
    assert ids(read_file(stores.pkcs12("usage", "ca"), PASSWORD), label=LABEL, **request_) == expected


def test_peer_name_is_explained_by_attribute(app_store: Path) -> None:
    (problem,) = problems(read_file(app_store, PASSWORD), label=LABEL, peer="CN=app*,OU=Sales,L=London")
    assert problem.id == "tls.peer-name-mismatch"
    assert problem.text.endswith(
        'OU="Sales" is demanded, and the certificate has OU="MQ". L="London" is demanded, and the certificate has no L.'
    )


def test_malformed_peer_name_is_told_once(app_store: Path) -> None:
    assert ids(read_file(app_store, PASSWORD), label=LABEL, peer="CN =app1") == ["tls.peer-name-invalid"]


def test_host_name(app_store: Path) -> None:
    (problem,) = problems(read_file(app_store, PASSWORD), label=LABEL, host="other.example")
    assert (
        problem.text
        == "The certificate names app.example, not other.example. Clients of mqweb and REST check that; MQ channels "
        "do not."
    )


def test_pkcs7_is_named_with_the_export_to_use(app_store: Path, stores: Stores) -> None:
    # As openssl writes it, several certificates are a set that is not in the order of DER, of which cryptography warns.
    run(
        "openssl",
        "crl2pkcs7",
        "-nocrl",
        "-certfile",
        "app.crt",
        "-certfile",
        "ca.crt",
        "-out",
        "app.p7b",
        folder=stores.folder,
    )
    text = (stores.folder / "app.p7b").read_bytes()
    # RACDCERT EXPORT with PKCS7B64 writes the heading of a certificate above a package.
    for data in (text, text.replace(b"PKCS7", b"CERTIFICATE")):
        (problem,) = problems(read_bytes(data))
        assert problem.id == "tls.key-repository-unusable"
        assert "FORMAT(CERTB64)" in problem.fix[0]


def test_ring_usage_must_be_personal() -> None:
    ring = read_bytes((DATA / "listings" / "racdcert_listring.txt").read_bytes())
    assert ids(ring, label="ibmWebSphereMQQM1") == []
    (problem,) = problems(ring, label="partner cert")
    assert problem.id == "tls.client-certificate-missing"
    assert "USAGE(PERSONAL)" in problem.fix[0]


def test_a_certificate_marked_as_not_trusted() -> None:
    details = read_bytes((DATA / "listings" / "runmqakm_details.txt").read_bytes())
    assert ids(details, label="ibmwebspheremqapp") == ["tls.server-certificate-untrusted"]
