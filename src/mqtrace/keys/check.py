"""What is wrong with a key store for the use it is meant for."""

from mqtrace.keys.chain import by_name, chain_of
from mqtrace.keys.check_certificate import CERTIFICATE_CHECKS
from mqtrace.keys.check_label import check_label
from mqtrace.keys.check_names import check_cipher_known, check_peer_pattern
from mqtrace.keys.problem import CheckRequest, KeyProblem, Use, chosen
from mqtrace.keys.store import KeyStore

__all__ = ["CheckRequest", "KeyProblem", "check"]

_STATES = {
    "missing": "tls.key-repository-missing",
    "locked": "tls.key-repository-password",
    "wrong-password": "tls.key-repository-password",
    "unusable": "tls.key-repository-unusable",
}


def check(store: KeyStore, request: CheckRequest) -> tuple[KeyProblem, ...]:
    """All problems, the most telling one first; empty when the store fits."""
    problems = [*check_cipher_known(request), *check_peer_pattern(request)]
    if store.state != "open":
        return (KeyProblem(_STATES[store.state], store.note, store.fix), *problems)
    if store.kind == "pkcs7":
        problems.append(KeyProblem("tls.key-repository-unusable", store.note, store.fix))
    problems += check_label(store, request)
    held = by_name(store.certificates)
    for certificate in chosen(store, request):
        use = Use(store, certificate, request, chain_of(certificate, held))
        for each in CERTIFICATE_CHECKS:
            problems += each(use)
    return tuple(dict.fromkeys(problems))
