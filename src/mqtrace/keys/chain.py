"""From a certificate to its root, through what its store holds."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from mqtrace.decode.certificate import is_signed_by
from mqtrace.decode.distinguished_name import plain_name, same_name
from mqtrace.model.key_store import StoredCertificate

_LONGEST = 12


class Chain(Struct, frozen=True):
    """The certificates from one to its root.

    Attributes:
        certificates: the first one, its signer, and so on.
        missing: name of the signer that the store lacks, "" when the chain ends at a self-signed certificate.
        impostor: whether the store has a certificate of that name, but another key made the signature.
    """

    certificates: tuple[StoredCertificate, ...]
    missing: str = ""
    impostor: bool = False


def is_self_signed(certificate: StoredCertificate) -> bool:
    """Whether it is its own signer."""
    return bool(certificate.subject) and same_name(certificate.subject, certificate.issuer)


def by_name(certificates: Sequence[StoredCertificate]) -> Mapping[str, Sequence[StoredCertificate]]:
    """The certificates by their subjects."""
    found: dict[str, list[StoredCertificate]] = {}
    for each in certificates:
        if each.subject:
            found.setdefault(plain_name(each.subject), []).append(each)
    return found


def chain_of(certificate: StoredCertificate, held: Mapping[str, Sequence[StoredCertificate]]) -> Chain:
    """The chain of the certificate through those that `by_name` gives; a signer is known by name, and by signature
    where that tells.
    """
    found = [certificate]
    while not is_self_signed(found[-1]) and len(found) < _LONGEST:
        named = held.get(plain_name(found[-1].issuer), ())
        signer = next((each for each in named if each not in found and _may_have_signed(found[-1], each)), None)
        if signer is None:
            return Chain(tuple(found), found[-1].issuer, bool(named))
        found.append(signer)
    return Chain(tuple(found))


def _may_have_signed(certificate: StoredCertificate, signer: StoredCertificate) -> bool:
    if certificate.data is None or signer.data is None:
        return True
    return is_signed_by(certificate.data, signer.data) is not False
