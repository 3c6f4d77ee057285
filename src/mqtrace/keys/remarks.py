"""What is worth knowing of a store and is no problem."""

from collections.abc import Iterator

from mqtrace.keys.chain import is_self_signed
from mqtrace.keys.check import CheckRequest, called, chosen, goes_without_labels
from mqtrace.keys.peer_name import match_peer_name
from mqtrace.model.key_store import KeyStore, StoredCertificate
from mqtrace.model.text import joined, text

_KINDS = {"pkcs12": ("p12", "pfx", "pkcs12"), "cms": ("kdb",), "jks": ("jks", "jceks", "ks", "keystore")}


def remarks(store: KeyStore, request: CheckRequest) -> tuple[str, ...]:
    """Sentences, in no order of weight."""
    found = [*store.remarks, *_of_kind(store)]
    if request.label and goes_without_labels(store) and store.certificates:
        found.append("Labels are not told here, so whether the one asked for is there is not known.")
    if store.state == "open":
        if store.certificates and not any(each.private_key is not False for each in store.certificates):
            found.append(
                "No certificate has a private key here: enough for a client only where the channel has "
                "SSLCAUTH(OPTIONAL)."
            )
        for certificate in chosen(store, request):
            found += _of_certificate(certificate, request)
    return tuple(dict.fromkeys(found))


def _of_kind(store: KeyStore) -> Iterator[str]:
    suffix = store.source.rpartition(".")[2].casefold()
    names = {known: kind for kind, suffixes in _KINDS.items() for known in suffixes}
    if store.kind in _KINDS and names.get(suffix, store.kind) != store.kind:
        template = "The store is named .{suffix}, and by its content it is {kind}."
        yield text(template, suffix=suffix, kind=_article(store.kind))
    if store.kind in ("cms", "pkcs12") and not store.stash and suffix == "kdb":
        yield (
            "No stash file (.sth) was seen beside it: MQ then needs the password from MQKEYRPWD (9.3 and later) or the "
            "program."
        )


def _article(kind: str) -> str:
    return {"pkcs12": "a PKCS#12 store", "cms": "a CMS key database", "jks": "a Java key store"}[kind]


def _of_certificate(certificate: StoredCertificate, request: CheckRequest) -> Iterator[str]:
    name = called(certificate)
    if is_self_signed(certificate) and certificate.private_key is not False:
        yield text("{name} is self-signed: the other end must have this very certificate in its store.", name=name)
    if "md5" in certificate.signature_algorithm.casefold():
        yield text("{name} is signed with MD5, which TLS 1.2 refuses.", name=name)
    if "serverAuth" in certificate.usages and "clientAuth" not in certificate.usages and not request.server:
        template = "{name} was issued for servers only: .NET and Java refuse it from a client, GSKit may take it."
        yield text(template, name=name)
    if request.peer and certificate.subject:
        match = match_peer_name(request.peer, certificate.subject, certificate.serial)
        if match.matches:
            whys = joined(attribute.why for attribute in match.attributes)
            yield text("SSLPEER matches {name}: {whys}", name=name, whys=whys)
