"""From an input to the key store in it: what it is by its content, and what it holds."""

from collections.abc import Callable
from pathlib import PurePath

from msgspec.structs import replace

from mqtrace.decode.certificate import decode_certificate
from mqtrace.decode.cms_key_database import KeyDatabase, decode_key_database, is_key_database
from mqtrace.decode.jks import decode_java_key_store, is_java_key_store, password_fits
from mqtrace.inputs import Source
from mqtrace.keys.listing import is_listing, read_listing
from mqtrace.keys.pem import is_der, is_ebcdic_pem, is_pem, read_der, read_pem
from mqtrace.keys.pkcs12 import is_pkcs12, read_pkcs12
from mqtrace.model.errors import DecodeError
from mqtrace.model.key_store import KeyStore, StoredCertificate, StoreKind

LARGEST = 1 << 24
_STASH_SIZES = (129, 193)
_LIST_COMMAND = "List it with the tool that made it:   runmqakm -cert -list -db STORE -stashed"
_NO_STORE_FIX = (
    "See what kind of file it is:   file STORE",
    _LIST_COMMAND + "   (Java: keytool -list -keystore STORE)",
)
_MISSING_FIX = (
    "See whether it is there, and whether the application's user may read it:   ls -l STORE",
    "The user needs the right to read the store and its stash file (.sth), and to enter every folder above them.",
)
_PASSED_OVER = "{} entries hold no certificate (a secret key, or a state not known) and were passed over."


def sniff(head: bytes) -> bool:
    """Whether an input that begins with these bytes is a key store, a certificate, or a tool's listing of them."""
    return _kind(head) != "unknown"


def read_store(source: Source, password: Callable[[], str | None]) -> KeyStore:
    """What the store holds.

    `password` is called for a PKCS#12 store that has one, and for a Java store, which is read without one and checked
    with one; None or "" from it means that there is none. Raises nothing: what cannot be read has a state that says so.
    """
    data = source.stream.read(LARGEST + 1)
    if not data and source.error:
        return KeyStore(source.name, "unknown", state="missing", note=source.error, fix=_MISSING_FIX)
    if len(data) > LARGEST:
        return _unusable(source.name, "unknown", f"The file has more than {LARGEST >> 20} MB; no key store has.")
    kind = "stash" if _is_stash(source.name, data) else _kind(data)
    try:
        store = _read(source.name, kind, data, password)
    except DecodeError as error:
        store = _unusable(source.name, kind, str(error))
    return replace(store, stash=_stash_of(source))


def _kind(head: bytes) -> StoreKind:
    known: tuple[tuple[Callable[[bytes], bool], StoreKind], ...] = (
        (is_key_database, "cms"),
        (is_java_key_store, "jks"),
        (is_pkcs12, "pkcs12"),
        (is_der, "der"),
        (is_pem, "pem"),
        (is_listing, "listing"),
    )
    return next((kind for test, kind in known if test(head)), "unknown")


def _read(name: str, kind: StoreKind, data: bytes, password: Callable[[], str | None]) -> KeyStore:
    if kind == "cms":
        return _key_database(name, decode_key_database(data))
    if kind == "jks":
        return _java_key_store(name, data, password)
    if kind == "pkcs12":
        return read_pkcs12(name, data, password)
    if kind == "stash":
        note = (
            "The file is a stash file: it holds the password of a key repository, and nothing else. It is not decoded."
        )
        return _unusable(
            name, kind, note, ("Give the key repository that lies beside it under the same name (.kdb or .p12).",)
        )
    readers: dict[StoreKind, Callable[[str, bytes], KeyStore]] = {
        "der": read_der,
        "pem": read_pem,
        "listing": read_listing,
    }
    return readers[kind](name, data) if kind in readers else _no_store(name, data)


def _key_database(name: str, database: KeyDatabase) -> KeyStore:
    if database.kind == "requests":
        note = (
            "The file holds requests for certificates (.rdb), which belong to a key repository (.kdb) of the same name."
        )
        return _unusable(name, "cms", note, ("Give the .kdb of that name.",))
    certificates: list[StoredCertificate] = []
    damaged = 0
    for entry in database.entries:
        try:
            trusted = None if entry.private_key else True
            certificates.append(
                decode_certificate(entry.certificate, entry.label, private_key=entry.private_key, trusted=trusted)
            )
        except DecodeError:
            damaged += 1
    passed_over = database.passed_over + damaged
    remarks = (_PASSED_OVER.format(passed_over),) if passed_over else ()
    return KeyStore(name, "cms", tuple(certificates), remarks=remarks)


def _java_key_store(name: str, data: bytes, password: Callable[[], str | None]) -> KeyStore:
    store = decode_java_key_store(data)
    certificates: list[StoredCertificate] = []
    for entry in store.entries:
        for place, certificate in enumerate(entry.certificates):
            own = entry.private_key and not place
            label = "" if place else entry.label
            certificates.append(
                decode_certificate(certificate, label, private_key=own, trusted=None if entry.private_key else True)
            )
    remarks = (
        ()
        if store.is_whole
        else ("Entries after the first secret key could not be read: keytool -list -storetype JCEKS lists them.",)
    )
    given = password()
    if given and not password_fits(data, given):
        fix = ("Test it:   keytool -list -keystore STORE",)
        return KeyStore(
            name,
            "jks",
            tuple(certificates),
            "",
            "wrong-password",
            "The password does not open the Java key store.",
            fix,
            remarks,
        )
    return KeyStore(name, "jks", tuple(certificates), remarks=remarks)


def _no_store(name: str, data: bytes) -> KeyStore:
    if not data:
        return _unusable(name, "unknown", "The file is empty.")
    if is_ebcdic_pem(data):
        fix = ("Transfer the certificate as text (ASCII) from z/OS, or transfer one in DER as binary.",)
        return _unusable(name, "unknown", "The file is a certificate as text in EBCDIC, the code of z/OS.", fix)
    return _unusable(name, "unknown", "The file is no key store, certificate or listing of a kind that is known.")


def _unusable(name: str, kind: StoreKind, note: str, fix: tuple[str, ...] = ()) -> KeyStore:
    return KeyStore(
        name, kind, state="unusable", note=note, fix=fix or ((_LIST_COMMAND,) if kind == "cms" else _NO_STORE_FIX)
    )


def _is_stash(name: str, data: bytes) -> bool:
    """A stash file has no common first bytes: its name and its size tell it."""
    return name.casefold().endswith(".sth") and len(data) in _STASH_SIZES


def _stash_of(source: Source) -> str:
    """The name of the stash file of the same stem in the store's folder."""
    own = PurePath(source.name.rpartition("!")[2]).name
    wanted = PurePath(own).stem.casefold() + ".sth"
    if own.casefold() == wanted:
        return ""
    return next((each for each in sorted(source.siblings) if PurePath(each).name.casefold() == wanted), "")
