"""Key stores of every kind: labels, dates, kinds of keys and which have a private key."""

import json
from pathlib import Path

import pytest

from mqtrace.inputs.source import Source
from mqtrace.keys.reading import read_store, sniff
from mqtrace.model.key_store import KeyStore

from .key_stores import DATA, LABEL, PASSWORD, Stores, ids, read_bytes, read_file, run

KDB = DATA / "kdb"
CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "gskit" / "kdb"


def truth_of(path: Path) -> list[tuple[str, str, str, str, str, str, str, bool]]:
    own = path.with_name(path.name + ".truth.json")
    entries = json.loads((own if own.exists() else path.with_suffix(".truth.json")).read_text())["entries"]
    return [
        (
            each["label"] or "",
            each["subject"],
            each["issuer"],
            each["serial"],
            each["not_before"],
            each["not_after"],
            each["key"].lower().replace(" ", ""),
            each["kind"] == "personal",
        )
        for each in entries
    ]


def told(store: KeyStore) -> list[tuple[str, str, str, str, str, str, str, bool]]:
    return [
        (
            each.label,
            each.subject,
            each.issuer,
            each.serial,
            each.not_before.isoformat() if each.not_before else "",
            each.not_after.isoformat() if each.not_after else "",
            each.key,
            each.private_key is True,
        )
        for each in store.certificates
    ]


@pytest.mark.parametrize("path", sorted([*KDB.glob("*.kdb"), *KDB.glob("*.p12")]), ids=lambda path: path.name)
def test_stores_of_gskit(path: Path) -> None:
    store = read_file(path, PASSWORD)
    assert (store.state, told(store)) == ("open", truth_of(path))


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["mqhelm_application.kdb", "mqhelm_server.kdb"])
def test_stores_that_ibm_tools_made(name: str) -> None:
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not here")
    store = read_file(CORPUS / name)
    assert (store.kind, told(store)) == ("cms", truth_of(CORPUS / name))


def test_a_key_database_needs_no_password() -> None:
    def never() -> str:
        raise AssertionError("asked for a password")

    path = KDB / "personal_and_two_ca.kdb"
    with path.open("rb") as stream:
        assert len(read_store(Source(str(path), stream), never).certificates) == 3


def test_a_pkcs12_store_named_kdb_is_seen_for_what_it_is() -> None:
    store = read_file(KDB / "gskit_p12_named.kdb")
    assert (store.kind, store.state, store.certificates) == ("pkcs12", "locked", ())


def test_stash_file_is_paired_by_name_and_never_read() -> None:
    assert read_file(KDB / "one_personal.kdb").stash == "one_personal.sth"
    assert read_file(KDB / "gskit_p12_named.kdb").stash == ""
    stash = read_file(KDB / "one_personal.sth")
    assert (stash.kind, ids(stash)) == ("stash", ["tls.key-repository-unusable"])


def test_another_version_is_told_with_the_command_that_lists_it() -> None:
    data = bytearray((KDB / "one_personal.kdb").read_bytes())
    data[2] = 5
    store = read_bytes(bytes(data), "key.kdb")
    assert (store.kind, store.state) == ("cms", "unusable")
    assert "version 5" in store.note
    assert "runmqakm -cert -list" in store.fix[0]


def test_what_cannot_be_read_is_missing() -> None:
    assert ids(read_store(Source.failed("key.kdb", "There is no right to read it."), lambda: None)) == [
        "tls.key-repository-missing"
    ]


def test_pkcs12_with_several_private_keys_and_a_trusted_certificate(stores: Stores, keytool: str) -> None:
    target = stores.folder / "several.p12"
    common = ("-keystore", target, "-storetype", "PKCS12", "-storepass", PASSWORD)
    run(
        keytool,
        "-genkeypair",
        "-alias",
        "one",
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        "CN=one",
        *common,
        folder=stores.folder,
    )
    run(
        keytool,
        "-genkeypair",
        "-alias",
        "two",
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-dname",
        "CN=two",
        *common,
        folder=stores.folder,
    )
    run(keytool, "-importcert", "-noprompt", "-alias", "trusted", "-file", "ca.crt", *common, folder=stores.folder)
    found = {each.label: (each.key, each.private_key) for each in read_file(target, PASSWORD).certificates}
    assert found == {"one": ("rsa2048", True), "two": ("ec256", True), "trusted": ("rsa2048", False)}
    jks = stores.folder / "several.jks"
    run(
        keytool, "-importkeystore", "-srckeystore", target, "-srcstorepass", PASSWORD, "-destkeystore", jks,
        "-deststoretype", "JKS",
        "-deststorepass", PASSWORD, folder=stores.folder,
    )  # fmt: skip
    store = read_file(jks)
    assert store.kind == "jks"
    assert {each.label: (each.key, each.private_key) for each in store.certificates} == found


@pytest.mark.parametrize(
    "options",
    [
        ["-legacy"],
        ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        ["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha512"],
        ["-nomac"],
        ["-keypbe", "NONE", "-certpbe", "NONE"],
    ],
    ids=" ".join,
)
def test_pkcs12_however_it_is_encrypted(app_store: Path, stores: Stores, options: list[str]) -> None:
    store = read_file(stores.pkcs12("app", "middle", "ca", options=options), PASSWORD)
    stores.pkcs12("app", "middle", "ca")
    assert [(each.label, each.private_key) for each in store.certificates] == [(LABEL, True), ("", False), ("", False)]
    assert store.certificates[0].alternative_names == ("DNS:app.example",)


def test_pkcs12_with_an_empty_password_is_read_without_asking(app_store: Path, stores: Stores) -> None:
    target = stores.folder / "empty-password.p12"
    run(
        "openssl",
        "pkcs12",
        "-export",
        "-in",
        "app.crt",
        "-inkey",
        "app.key",
        "-name",
        LABEL,
        "-out",
        target,
        "-passout",
        "pass:",
        folder=stores.folder,
    )
    assert [each.label for each in read_file(target).certificates] == [LABEL]


def test_pem_with_the_labels_that_openssl_writes_above_its_blocks(app_store: Path, stores: Stores) -> None:
    run(
        "openssl",
        "pkcs12",
        "-in",
        app_store,
        "-nodes",
        "-passin",
        f"pass:{PASSWORD}",
        "-out",
        "app.pem",
        folder=stores.folder,
    )
    store = read_file(stores.folder / "app.pem")
    assert (store.certificates[0].label, store.certificates[0].private_key) == (LABEL, True)


def test_der_certificate(app_store: Path, stores: Stores) -> None:
    run("openssl", "x509", "-in", "app.crt", "-outform", "DER", "-out", "app.der", folder=stores.folder)
    store = read_file(stores.folder / "app.der")
    assert (store.kind, [each.subject for each in store.certificates], ids(store)) == (
        "der",
        ["CN=app1,OU=MQ,O=Lab,C=XX"],
        [],
    )


def test_certificate_in_ebcdic_is_named(stores: Stores) -> None:
    text = (stores.folder / "ca.crt").read_text()
    assert "EBCDIC" in read_bytes(text.encode("cp037")).note


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"AMQ9633E: text",
        b"-----BEGIN HEX-----\n01 00",
        b"CONNECTED(00000003)\n-----BEGIN CERTIFICATE-----\n",
        b"PK\x03\x04",
        bytes(64),
    ],
)
def test_other_inputs_are_no_key_stores(head: bytes) -> None:
    assert not sniff(head)


def test_sniff_knows_every_sample() -> None:
    samples = [*KDB.glob("*.kdb"), *KDB.glob("*.p12"), *KDB.glob("*.rdb"), *(DATA / "listings").iterdir()]
    assert [path.name for path in samples if not sniff(path.read_bytes()[:65536])] == []


def test_no_key_or_password_is_in_what_is_read(app_store: Path) -> None:
    store = repr(read_file(app_store, PASSWORD))
    assert PASSWORD not in store
    assert "PRIVATE KEY" not in store
