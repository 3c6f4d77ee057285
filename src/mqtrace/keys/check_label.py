"""Whether there is anything to use, and under the label asked for."""

from collections.abc import Iterator

from mqtrace.catalog.words import nearest
from mqtrace.keys.problem import CheckRequest, KeyProblem, goes_without_labels
from mqtrace.keys.store import KeyStore

_SHOWN = 5


def check_label(store: KeyStore, request: CheckRequest) -> Iterator[KeyProblem]:
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
    if not labels:
        return (
            f'The {store.kind} file has no labels, so there is none "{label}".'
            if store.certificates
            else f'There is no label "{label}".'
        )
    folded = next((each for each in labels if each.casefold() == label.casefold()), None)
    if folded:
        return f'There is no label "{label}", but "{folded}": labels are case sensitive.'
    near = nearest(label, labels)
    if near:
        return f'There is no label "{label}"; nearest {"is" if len(near) == 1 else "are"} {_listed(near)}.'
    return f'There is no label "{label}"; the store has {_listed(labels)}.'


def _listed(labels: list[str]) -> str:
    shown = ", ".join(f'"{each}"' for each in labels[:_SHOWN])
    return shown + (f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else "")


def _label_fix(label: str, store: KeyStore) -> tuple[str, ...]:
    """What to do. Renaming is offered only for a certificate that can be meant: one with a private key and a label that is near."""
    near = nearest(label, [each.label for each in store.certificates if each.private_key and each.label], limit=1)
    fixes = [
        "Correct the label where it comes from: the program, MQCERTLABL, CertificateLabel in mqclient.ini, or certificateLabel of the CCDT."
    ]
    if near:
        fixes.append(
            f'Or rename it:   runmqakm -cert -rename -db STORE -stashed -label "{near[0]}" -new_label "{label}"'
        )
    return tuple(fixes)
