"""A checked store as the contract's JSON object of `keys check`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mqtrace.keys.check import KeyProblem
from mqtrace.keys.store import KeyStore, StoredCertificate


def store_as_dict(store: KeyStore, problems: Sequence[KeyProblem], remarks: Sequence[str] = ()) -> dict[str, Any]:
    """Kind, certificates and problems by the names of the contract; dates are ISO 8601 in UTC, what is not known is ""."""
    return {
        "kind": store.kind,
        "source": store.source,
        "stash": store.stash,
        "certificates": [_certificate(each) for each in store.certificates],
        "problems": [{"id": each.id, "text": each.text, "fix": list(each.fix)} for each in problems],
        "remarks": list(remarks),
    }


def _certificate(certificate: StoredCertificate) -> dict[str, Any]:
    return {
        "label": certificate.label,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "not_before": _date(certificate.not_before),
        "not_after": _date(certificate.not_after),
        "key": certificate.key,
        "private_key": certificate.private_key or None,
        "signature_algorithm": certificate.signature_algorithm,
        "usages": list(certificate.usages),
        "alternative_names": list(certificate.alternative_names),
        "trusted": certificate.trusted,
    }


def _date(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""
