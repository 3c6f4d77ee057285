"""What is wrong with a key store for the use it is meant for."""

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct

from mqtrace.catalog.ciphers import CipherSpec, cipher_spec, cipher_specs, cipher_words
from mqtrace.catalog.words import nearest
from mqtrace.decode.addresses import is_number
from mqtrace.decode.certificate import KEY_USAGES
from mqtrace.keys.chain import Chain, by_name, chain_of, is_self_signed
from mqtrace.keys.peer_name import host_names, match_peer_name, names_host
from mqtrace.model.key_store import KeyProblem, KeyStore, StoredCertificate
from mqtrace.model.text import Named, Text, joined, text

_MOST_LABELS = 5
_MOST_NAMES = 8
_STATES = {
    "missing": "tls.key-repository-missing",
    "locked": "tls.key-repository-password",
    "wrong-password": "tls.key-repository-password",
    "unusable": "tls.key-repository-unusable",
}
_USES = frozenset({"serverAuth", "clientAuth", "anyExtendedKeyUsage"})
_IMPORT_FIX = (
    (
        "Import it with its private key, from where it was requested:   runmqakm -cert -import -file CERT.p12 -type "
        "pkcs12 -target STORE"
    ),
    (
        "A signed certificate is received into the store that holds its request:   runmqakm -cert -receive -file "
        "CERT.arm -db STORE"
    ),
)
_TRUST_FIX = (
    "Set its trust status:   runmqakm -cert -modify -db STORE -stashed -label LABEL -trust enable",
    "z/OS:   RACDCERT ID(USER) ALTER(LABEL('LABEL')) TRUST",
)
_KEY_FIX = (
    (
        "Use a CipherSpec for this kind of key (ECDHE_RSA_... for RSA, ECDHE_ECDSA_... for EC; TLS 1.3 takes both), or "
        "an alias."
    ),
    "Or use a certificate with that kind of key.",
)
_USAGE_FIX = (
    "Have a certificate issued for TLS: key usage digitalSignature and keyEncipherment.",
    "Its extended key usage, if any: serverAuth for a queue manager, clientAuth for a client.",
)


class CheckRequest(Struct, frozen=True):
    """What a store is meant for.

    Attributes:
        at: the moment of its use, with its zone.
        label: label of the certificate to use, "" for the store's own one.
        cipher: CipherSpec (or the name of its suite), "" for any.
        peer: SSLPEER that the other end demands of this certificate, "" for none.
        host: host name that clients check, "" where none does.
        server: whether it is used at the queue manager's end; False where that is not said.
        minimum_rsa: fewest bits of an RSA key.
    """

    at: datetime
    label: str = ""
    cipher: str = ""
    peer: str = ""
    host: str = ""
    server: bool = False
    minimum_rsa: int = 2048


class Use(Struct, frozen=True):
    """One certificate of a store, its chain, and what it is meant for."""

    store: KeyStore
    certificate: StoredCertificate
    request: CheckRequest
    chain: Chain

    @property
    def called(self) -> Text:
        """What the certificate is called in a sentence."""
        return called(self.certificate)


_CertificateCheck = Callable[[Use], Iterator[KeyProblem]]


def called(certificate: StoredCertificate) -> Text:
    """What a certificate is called in a sentence: its label, else its subject."""
    subject = Named("subject", certificate.subject or "?")
    return text('"{name}"', name=_of_label(certificate.label) if certificate.label else subject)


def _of_label(label: str) -> Named:
    return Named("certificate_label", label)


def goes_without_labels(store: KeyStore) -> bool:
    """Whether it is no store with labels but certificates by themselves, so that a label cannot be looked for in it."""
    of_one = store.kind == "listing" and not store.is_whole and not any(each.label for each in store.certificates)
    return of_one or store.kind in ("der", "pkcs7")


def chosen(store: KeyStore, request: CheckRequest) -> tuple[StoredCertificate, ...]:
    """The certificates that would be used: the one of the label, else those with a private key, else those of no
    authority, else all.
    """
    if request.label and not goes_without_labels(store):
        labelled = [each for each in store.certificates if each.label == request.label]
        return tuple(sorted(labelled, key=lambda each: each.private_key is not True)[:1])
    personal = tuple(each for each in store.certificates if each.private_key or each.ring_usage == "PERSONAL")
    ends = tuple(each for each in store.certificates if not (each.is_ca or is_self_signed(each)))
    return personal or ends or store.certificates


def check(store: KeyStore, request: CheckRequest) -> tuple[KeyProblem, ...]:
    """All problems, the most telling one first; empty when the store fits."""
    problems = [*_cipher_known(request), *_peer_pattern(request)]
    if store.state != "open":
        return (KeyProblem(_STATES[store.state], store.note, store.fix), *problems)
    if store.kind == "pkcs7":
        problems.append(KeyProblem("tls.key-repository-unusable", store.note, store.fix))
    problems += _label(store, request)
    held = by_name(store.certificates)
    for certificate in chosen(store, request):
        use = Use(store, certificate, request, chain_of(certificate, held))
        for each in _CERTIFICATE_CHECKS:
            problems += each(use)
    return tuple(dict.fromkeys(problems))


def _label(store: KeyStore, request: CheckRequest) -> Iterator[KeyProblem]:
    """Whether there is anything to use, and under the label asked for."""
    if not store.certificates:
        yield KeyProblem(
            "tls.trust-store-empty",
            "The store holds no certificate.",
            ("Add the signer's certificate, and a personal one where the channel asks for it.",),
        )
    if not request.label or goes_without_labels(store):
        return
    labels = [each.label for each in store.certificates if each.label]
    if request.label not in labels:
        yield KeyProblem(
            "tls.certificate-label-not-found",
            _not_found(store, request.label, labels),
            _label_fix(request.label, store),
        )


def _not_found(store: KeyStore, label: str, labels: list[str]) -> str:
    wanted = _of_label(label)
    if not labels and store.certificates:
        template = 'The {kind} file has no labels, so there is none "{label}".'
        return text(template, kind=store.kind, label=wanted)
    if not labels:
        return text('There is no label "{label}".', label=wanted)
    folded = next((each for each in labels if each.casefold() == label.casefold()), None)
    if folded:
        template = 'There is no label "{label}", but "{folded}": labels are case sensitive.'
        return text(template, label=wanted, folded=_of_label(folded))
    near = nearest(label, labels)
    if near:
        template = 'There is no label "{label}"; nearest {verb} {near}.'
        return text(template, label=wanted, verb="is" if len(near) == 1 else "are", near=_listed(near))
    return text('There is no label "{label}"; the store has {labels}.', label=wanted, labels=_listed(labels))


def _listed(labels: list[str]) -> Text:
    shown = joined((text('"{label}"', label=_of_label(label)) for label in labels[:_MOST_LABELS]), ", ")
    others = len(labels) - _MOST_LABELS
    return text("{shown} and {others} more", shown=shown, others=others) if others > 0 else shown


def _label_fix(label: str, store: KeyStore) -> tuple[str, ...]:
    """What to do. Renaming is offered only for a certificate with a private key and a label that is near."""
    near = nearest(label, [each.label for each in store.certificates if each.private_key and each.label], limit=1)
    fixes = [
        (
            "Correct the label where it comes from: the program, MQCERTLABL, CertificateLabel in mqclient.ini, or "
            "certificateLabel of the CCDT."
        )
    ]
    if near:
        template = 'Or rename it:   runmqakm -cert -rename -db STORE -stashed -label "{near}" -new_label "{label}"'
        fixes.append(text(template, near=_of_label(near[0]), label=_of_label(label)))
    return tuple(fixes)


def _cipher_known(request: CheckRequest) -> Iterator[KeyProblem]:
    """Whether there is such a CipherSpec."""
    if request.cipher and not cipher_specs(request.cipher):
        near = nearest(request.cipher, cipher_words())
        hint = text("; nearest: {near}", near=", ".join(near)) if near else ""
        sentence = text("{cipher_spec} is no CipherSpec that is known{hint}.", cipher_spec=request.cipher, hint=hint)
        yield KeyProblem("tls.cipherspec-unknown", sentence)


def _peer_pattern(request: CheckRequest) -> Iterator[KeyProblem]:
    """Whether the pattern is one that SSLPEER takes."""
    malformed = match_peer_name(request.peer, "").malformed if request.peer else ""
    if malformed:
        fix = (
            (
                "Write it as   CN=NAME,OU=UNIT,O=ORGANISATION,C=GB   (types in upper case, commas between, no blank "
                "before an equals sign)."
            ),
        )
        yield KeyProblem("tls.peer-name-invalid", joined(["The value of SSLPEER is malformed.", malformed]), fix)


def _peer(use: Use) -> Iterator[KeyProblem]:
    """Whether its subject matches SSLPEER, attribute by attribute."""
    certificate, request = use.certificate, use.request
    if not request.peer or not certificate.subject:
        return
    match = match_peer_name(request.peer, certificate.subject, certificate.serial)
    if match.malformed or match.matches:
        return
    reasons = joined(attribute.why for attribute in match.attributes if not attribute.matches)
    fix = (
        (
            "Correct SSLPEER where it is set (channel, channel table, program), or use the certificate whose name it "
            "demands."
        ),
    )
    template = "The name {subject} does not match SSLPEER. {reasons}"
    sentence = text(template, subject=certificate.subject, reasons=reasons)
    yield KeyProblem("tls.peer-name-mismatch", sentence, fix)


def _host(use: Use) -> Iterator[KeyProblem]:
    """Whether it names the host that clients of mqweb and REST connect to."""
    certificate, request = use.certificate, use.request
    names = host_names(certificate.subject, certificate.alternative_names)
    if not request.host or not certificate.subject or names_host(request.host, names):
        return
    shown = joined((Named("host", name) for name in names[:_MOST_NAMES]), ", ") or text("no host")
    template = "The certificate names {names}, not {host}. Clients of mqweb and REST check that; MQ channels do not."
    sentence = text(template, names=shown, host=request.host)
    template = "Have a certificate issued with the alternative name {kind}:{host}, or connect by a name that it has."
    fix = text(template, kind="IP" if is_number(request.host.strip()) else "DNS", host=request.host)
    yield KeyProblem("tls.peer-name-mismatch", sentence, (fix,))


def _private_key(use: Use) -> Iterator[KeyProblem]:
    """Whether it can be presented at all. A store of certificate authorities only is a trust store: it needs no key."""
    certificate, label = use.certificate, use.request.label
    usage = certificate.ring_usage
    if usage and usage != "PERSONAL" and label:
        template = "{name} is connected to the ring with the usage {usage}; its private key counts only with PERSONAL."
        sentence = text(template, name=use.called, usage=usage)
        fix = text(
            "Connect it again:   RACDCERT ID(USER) CONNECT(ID(OWNER) LABEL('{label}') RING(RING) USAGE(PERSONAL))",
            label=_of_label(certificate.label),
        )
        yield KeyProblem("tls.client-certificate-missing", sentence, (fix,))
    elif certificate.private_key is False and use.store.kind != "pkcs7" and (label or _is_of_an_end(certificate)):
        template = "{name} has no private key in the store, so it cannot be presented to the other end."
        yield KeyProblem("tls.client-certificate-missing", text(template, name=use.called), _IMPORT_FIX)


def _dates(use: Use) -> Iterator[KeyProblem]:
    """The dates of it and of its signers."""
    for each in use.chain.certificates:
        role = "" if each is use.certificate else text(", which is a signer of {name},", name=use.called)
        if each.not_after and use.request.at > each.not_after:
            template = "{name}{role} expired on {time} UTC."
            sentence = text(template, name=called(each), role=role, time=_time(each.not_after))
            fix = ("Get a new certificate from its signer, and replace it in the store.",)
            yield KeyProblem("tls.certificate-expired", sentence, fix)
        elif each.not_before and use.request.at < each.not_before:
            template = "{name}{role} is not valid before {time} UTC."
            sentence = text(template, name=called(each), role=role, time=_time(each.not_before))
            fix = ("Wait until then, or correct the clock of the machine that refuses it.",)
            yield KeyProblem("tls.certificate-not-yet-valid", sentence, fix)


def _time(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


def _chain(use: Use) -> Iterator[KeyProblem]:
    """Whether its signers are there up to the root."""
    chain = use.chain
    if chain.missing and use.store.is_whole:
        why = "the one of that name has another key" if chain.impostor else "it is not in the store"
        sentence = text(
            "The chain of {name} is not complete: {last} was signed by {issuer}, and {why}.",
            name=use.called,
            last=called(chain.certificates[-1]),
            issuer=chain.missing,
            why=why,
        )
        fix = text(
            "Add the certificate of {issuer}:   runmqakm -cert -add -db STORE -stashed -label LABEL -file SIGNER.arm",
            issuer=chain.missing,
        )
        yield KeyProblem("tls.server-certificate-untrusted", sentence, (fix,))


def _trust(use: Use) -> Iterator[KeyProblem]:
    """Whether it and its signers are marked as trusted, where the store has such a mark."""
    for each in use.chain.certificates:
        if each.trusted is False:
            id = "tls.client-certificate-missing" if each.private_key else "tls.server-certificate-untrusted"
            sentence = text("{name} is in the store, but marked as not trusted.", name=called(each))
            yield KeyProblem(id, sentence, _TRUST_FIX)


def _key_kind(use: Use) -> Iterator[KeyProblem]:
    """Its kind of key against the CipherSpec."""
    spec = _spec(use.request.cipher)
    wanted = spec.certificate if spec else ""
    kind = use.certificate.key.rstrip("0123456789").upper()
    if kind and wanted and kind not in wanted.replace("(", " ").replace(")", " ").split():
        needed = wanted.removeprefix("any ").strip("()")
        sentence = text(
            "{name} has the key {key}, and {cipher_spec} needs {needed}.",
            name=use.called,
            key=use.certificate.key,
            cipher_spec=use.request.cipher,
            needed=needed,
        )
        yield KeyProblem("tls.certificate-type-mismatch", sentence, _KEY_FIX)


def _key_size(use: Use) -> Iterator[KeyProblem]:
    """The size of its RSA key and of its signers'."""
    for each in use.chain.certificates:
        digits = each.key.removeprefix("rsa")
        if digits != each.key and digits.isdigit() and int(digits) < use.request.minimum_rsa:
            template = "The RSA key of {name} has {bits} bits; at least {least} are needed."
            sentence = text(template, name=called(each), bits=digits, least=use.request.minimum_rsa)
            fix = ("Have a certificate issued for a key of 2048 bits or more.",)
            yield KeyProblem("tls.key-size-too-small", sentence, fix)


def _usage(use: Use) -> Iterator[KeyProblem]:
    """Whether it was issued for this use. One without usages may be used for all; in a trust store there is nothing to
    check.
    """
    usages = frozenset(use.certificate.usages)
    if use.certificate.private_key is False and not use.request.label:
        return
    wrong = _wrong_key_usage(usages & KEY_USAGES, use.request) or _wrong_extended_usage(
        usages - KEY_USAGES, use.request
    )
    if wrong:
        yield KeyProblem("tls.certificate-wrong-use", text("{name} {wrong}.", name=use.called, wrong=wrong), _USAGE_FIX)


def _is_of_an_end(certificate: StoredCertificate) -> bool:
    """Whether it is meant for one end of a connection, not for a signer."""
    return bool(certificate.subject) and not certificate.is_ca and not is_self_signed(certificate)


def _wrong_key_usage(usages: frozenset[str], request: CheckRequest) -> str:
    spec = _spec(request.cipher)
    listed = ", ".join(sorted(usages))
    if not usages:
        return ""
    if request.server and "keyCertSign" in usages:
        return text("is meant to sign certificates ({usages}), not for a server", usages=listed)
    if request.server and spec and spec.key_exchange.startswith("RSA") and "keyEncipherment" not in usages:
        return _too_narrow(listed, request.cipher, "keyEncipherment")
    if spec and "DHE" in spec.key_exchange and "digitalSignature" not in usages:
        return _too_narrow(listed, request.cipher, "digitalSignature")
    if not usages & {"digitalSignature", "keyEncipherment"}:
        return _too_narrow(listed, "TLS", "digitalSignature or keyEncipherment")
    return ""


def _too_narrow(usages: str, user: str, needed: str) -> Text:
    template = "may be used for {usages} only, and {cipher_spec} needs {needed}"
    return text(template, usages=usages, cipher_spec=user, needed=needed)


def _wrong_extended_usage(usages: frozenset[str], request: CheckRequest) -> str:
    wanted = (_USES - {"clientAuth"}) if request.server else _USES
    if not usages or usages & wanted:
        return ""
    end = "server" if request.server else "client or server"
    return text("was issued for {usages}, not for a TLS {end}", usages=", ".join(sorted(usages)), end=end)


def _spec(name: str) -> CipherSpec | None:
    return (cipher_spec(name) or next(iter(cipher_specs(name)), None)) if name else None


_CERTIFICATE_CHECKS: tuple[_CertificateCheck, ...] = (
    _private_key,
    _dates,
    _key_kind,
    _key_size,
    _chain,
    _trust,
    _usage,
    _peer,
    _host,
)
