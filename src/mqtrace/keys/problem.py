"""What the checks speak of: the use that a store is meant for, and what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from mqtrace.keys.chain import Chain, is_self_signed
from mqtrace.keys.store import KeyStore, StoredCertificate


@dataclass(frozen=True, slots=True)
class CheckRequest:
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


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """One thing that is wrong: the cause's id, one or two sentences with the names of this case, and what to do."""

    id: str
    text: str
    fix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """One certificate of a store, its chain, and what it is meant for."""

    store: KeyStore
    certificate: StoredCertificate
    request: CheckRequest
    chain: Chain

    @property
    def called(self) -> str:
        """What the certificate is called in a sentence."""
        return called(self.certificate)


CertificateCheck = Callable[[Use], Iterator[KeyProblem]]


def called(certificate: StoredCertificate) -> str:
    """What a certificate is called in a sentence: its label, else its subject."""
    return f'"{certificate.label or certificate.subject or "?"}"'


def goes_without_labels(store: KeyStore) -> bool:
    """Whether it is no store with labels but certificates by themselves, so that a label cannot be looked for in it."""
    of_one = store.kind == "listing" and not store.is_whole and not any(each.label for each in store.certificates)
    return of_one or store.kind in ("der", "pkcs7")


def chosen(store: KeyStore, request: CheckRequest) -> tuple[StoredCertificate, ...]:
    """The certificates that would be used: the one of the label, else those with a private key, else those of no authority, else all."""
    if request.label and not goes_without_labels(store):
        labelled = [each for each in store.certificates if each.label == request.label]
        return tuple(sorted(labelled, key=lambda each: each.private_key is not True)[:1])
    personal = tuple(each for each in store.certificates if each.private_key or each.ring_usage == "PERSONAL")
    ends = tuple(each for each in store.certificates if not (each.is_ca or is_self_signed(each)))
    return personal or ends or store.certificates
