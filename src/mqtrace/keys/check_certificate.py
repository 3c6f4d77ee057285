"""The checks of the certificate that would be used: private key, dates, chain, key, usage, names."""

from collections.abc import Iterator

from mqtrace.catalog.ciphers import CipherSpec, cipher_spec, cipher_specs
from mqtrace.decode.certificate import KEY_USAGES
from mqtrace.keys.chain import is_self_signed
from mqtrace.keys.check_names import check_host, check_peer
from mqtrace.keys.problem import CertificateCheck, CheckRequest, KeyProblem, Use, called
from mqtrace.keys.store import StoredCertificate

_USES = frozenset({"serverAuth", "clientAuth", "anyExtendedKeyUsage"})
_IMPORT_FIX = (
    "Import it with its private key, from where it was requested:   runmqakm -cert -import -file CERT.p12 -type pkcs12 -target STORE",
    "A signed certificate is received into the store that holds its request:   runmqakm -cert -receive -file CERT.arm -db STORE",
)
_TRUST_FIX = (
    "Set its trust status:   runmqakm -cert -modify -db STORE -stashed -label LABEL -trust enable",
    "z/OS:   RACDCERT ID(USER) ALTER(LABEL('LABEL')) TRUST",
)
_KEY_FIX = (
    "Use a CipherSpec for this kind of key (ECDHE_RSA_... for RSA, ECDHE_ECDSA_... for EC; TLS 1.3 takes both), or an alias.",
    "Or use a certificate with that kind of key.",
)
_USAGE_FIX = (
    "Have a certificate issued for TLS: key usage digitalSignature and keyEncipherment.",
    "Its extended key usage, if any: serverAuth for a queue manager, clientAuth for a client.",
)


def check_private_key(use: Use) -> Iterator[KeyProblem]:
    """Whether it can be presented at all. A store of certificate authorities only is a trust store, and needs no key."""
    certificate, label = use.certificate, use.request.label
    usage = certificate.ring_usage
    if usage and usage != "PERSONAL" and label:
        text = (
            f"{use.called} is connected to the ring with the usage {usage}; its private key counts only with PERSONAL."
        )
        fix = f"Connect it again:   RACDCERT ID(USER) CONNECT(ID(OWNER) LABEL('{certificate.label}') RING(RING) USAGE(PERSONAL))"
        yield KeyProblem("tls.client-certificate-missing", text, (fix,))
    elif certificate.private_key is False and use.store.kind != "pkcs7" and (label or _is_of_an_end(certificate)):
        text = f"{use.called} has no private key in the store, so it cannot be presented to the other end."
        yield KeyProblem("tls.client-certificate-missing", text, _IMPORT_FIX)


def check_dates(use: Use) -> Iterator[KeyProblem]:
    """The dates of it and of its signers."""
    for each in use.chain.certificates:
        role = "" if each is use.certificate else f", which is a signer of {use.called},"
        if each.not_after and use.request.at > each.not_after:
            text = f"{called(each)}{role} expired on {each.not_after:%Y-%m-%d %H:%M:%S} UTC."
            yield KeyProblem(
                "tls.certificate-expired",
                text,
                ("Get a new certificate from its signer, and replace it in the store.",),
            )
        elif each.not_before and use.request.at < each.not_before:
            text = f"{called(each)}{role} is not valid before {each.not_before:%Y-%m-%d %H:%M:%S} UTC."
            fix = ("Wait until then, or correct the clock of the machine that refuses it.",)
            yield KeyProblem("tls.certificate-not-yet-valid", text, fix)


def check_chain(use: Use) -> Iterator[KeyProblem]:
    """Whether its signers are there up to the root."""
    chain = use.chain
    if chain.missing and use.store.is_whole:
        why = "the one of that name has another key" if chain.impostor else "it is not in the store"
        last = called(chain.certificates[-1])
        text = f"The chain of {use.called} is not complete: {last} was signed by {chain.missing}, and {why}."
        fix = f"Add the certificate of {chain.missing}:   runmqakm -cert -add -db STORE -stashed -label LABEL -file SIGNER.arm"
        yield KeyProblem("tls.server-certificate-untrusted", text, (fix,))


def check_trust(use: Use) -> Iterator[KeyProblem]:
    """Whether it and its signers are marked as trusted, where the store has such a mark."""
    for each in use.chain.certificates:
        if each.trusted is False:
            id = "tls.client-certificate-missing" if each.private_key else "tls.server-certificate-untrusted"
            yield KeyProblem(id, f"{called(each)} is in the store, but marked as not trusted.", _TRUST_FIX)


def check_key_kind(use: Use) -> Iterator[KeyProblem]:
    """Its kind of key against the CipherSpec."""
    spec = _spec(use.request.cipher)
    wanted = spec.certificate if spec else ""
    kind = use.certificate.key.rstrip("0123456789").upper()
    if kind and wanted and kind not in wanted.replace("(", " ").replace(")", " ").split():
        needed = wanted.removeprefix("any ").strip("()")
        text = f"{use.called} has the key {use.certificate.key}, and {use.request.cipher} needs {needed}."
        yield KeyProblem("tls.certificate-type-mismatch", text, _KEY_FIX)


def check_key_size(use: Use) -> Iterator[KeyProblem]:
    """The size of its RSA key and of its signers'."""
    for each in use.chain.certificates:
        digits = each.key.removeprefix("rsa")
        if digits != each.key and digits.isdigit() and int(digits) < use.request.minimum_rsa:
            text = f"The RSA key of {called(each)} has {digits} bits; at least {use.request.minimum_rsa} are needed."
            yield KeyProblem(
                "tls.key-size-too-small", text, ("Have a certificate issued for a key of 2048 bits or more.",)
            )


def check_usage(use: Use) -> Iterator[KeyProblem]:
    """Whether it was issued for this use. One without usages may be used for all; in a trust store there is nothing to check."""
    usages = frozenset(use.certificate.usages)
    if use.certificate.private_key is False and not use.request.label:
        return
    wrong = _wrong_key_usage(usages & KEY_USAGES, use.request) or _wrong_extended_usage(
        usages - KEY_USAGES, use.request
    )
    if wrong:
        yield KeyProblem("tls.certificate-wrong-use", f"{use.called} {wrong}.", _USAGE_FIX)


def _is_of_an_end(certificate: StoredCertificate) -> bool:
    """Whether it is meant for one end of a connection, not for a signer."""
    return bool(certificate.subject) and not certificate.is_ca and not is_self_signed(certificate)


def _wrong_key_usage(usages: frozenset[str], request: CheckRequest) -> str:
    spec = _spec(request.cipher)
    listed = ", ".join(sorted(usages))
    if not usages:
        return ""
    if request.server and "keyCertSign" in usages:
        return f"is meant to sign certificates ({listed}), not for a server"
    if request.server and spec and spec.key_exchange.startswith("RSA") and "keyEncipherment" not in usages:
        return f"may be used for {listed} only, and {request.cipher} needs keyEncipherment"
    if spec and "DHE" in spec.key_exchange and "digitalSignature" not in usages:
        return f"may be used for {listed} only, and {request.cipher} needs digitalSignature"
    if not usages & {"digitalSignature", "keyEncipherment"}:
        return f"may be used for {listed} only, and TLS needs digitalSignature or keyEncipherment"
    return ""


def _wrong_extended_usage(usages: frozenset[str], request: CheckRequest) -> str:
    wanted = (_USES - {"clientAuth"}) if request.server else _USES
    if not usages or usages & wanted:
        return ""
    return f"was issued for {', '.join(sorted(usages))}, not for a TLS {'server' if request.server else 'client or server'}"


def _spec(name: str) -> CipherSpec | None:
    return (cipher_spec(name) or next(iter(cipher_specs(name)), None)) if name else None


CERTIFICATE_CHECKS: tuple[CertificateCheck, ...] = (
    check_private_key,
    check_dates,
    check_key_kind,
    check_key_size,
    check_chain,
    check_trust,
    check_usage,
    check_peer,
    check_host,
)
