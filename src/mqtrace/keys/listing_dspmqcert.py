"""What `dspmqcert` prints (IBM MQ 10.0). No sample of it was seen: it is read as the NAME(value) pairs of MQ's other
display commands.

A certificate begins at each pair that holds its label.
"""

from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.kept import compiled
from mqtrace.keys.listing_values import date_of, key_of, serial_of
from mqtrace.model.key_store import StoredCertificate

SHOWS_WHOLE_STORE = False
_PAIR = compiled(r"\b(?P<name>[A-Z][A-Z0-9]{2,30})\((?P<value>(?:[^()\n]|\([^()\n]*\))*)\)")
_LABELS = frozenset({"CERTLABL", "LABEL"})
_SUBJECTS, _ISSUERS = ("SUBJECT", "SUBJECTDN", "SSLPEER"), ("ISSUER", "ISSUERDN", "SSLCERTI")
_STARTS, _ENDS = ("NOTBEFORE", "VALIDFROM", "STARTDATE"), ("NOTAFTER", "EXPIRY", "EXPIRES", "VALIDTO", "ENDDATE")


def recognises(text: str) -> bool:
    """Whether the text is such a listing: pairs with a label and with a date of expiry."""
    names = {found["name"] for found in _PAIR.finditer(text)}
    return bool(names & _LABELS) and bool(names & set(_ENDS))


def read(text: str) -> list[StoredCertificate]:
    """The certificates, in the order of the text."""
    groups: list[dict[str, str]] = []
    for found in _PAIR.finditer(text):
        if found["name"] in _LABELS:
            groups.append({"LABEL": found["value"].strip(" '\"")})
        elif groups:
            groups[-1].setdefault(found["name"], found["value"].strip(" '\""))
    return [_certificate(group) for group in groups]


def _certificate(group: dict[str, str]) -> StoredCertificate:
    return StoredCertificate(
        label=group["LABEL"],
        subject=distinguished_name(_first(group, _SUBJECTS)),
        issuer=distinguished_name(_first(group, _ISSUERS)),
        serial=serial_of(group.get("SERIAL", "")),
        not_before=date_of(_first(group, _STARTS)),
        not_after=date_of(_first(group, _ENDS)),
        key=key_of(group.get("KEYTYPE", ""), group.get("KEYSIZE", "")),
    )


def _first(group: dict[str, str], names: tuple[str, ...]) -> str:
    return next((group[name] for name in names if name in group), "")
