"""What `runmqakm -cert -list` and `-cert -details` print (also `gsk8capicmd`, `runmqckm`).

Forms seen in public listings: one line a certificate with flags, a tab or blanks, and the label, in quotes where it has
blanks; details are lines `Key : value`.
"""

import re

from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.kept import compiled
from mqtrace.keys.listing_values import blocks, date_of, key_of, serial_of, usages_of
from mqtrace.model.key_store import StoredCertificate

SHOWS_WHOLE_STORE = False
_LEGEND = compiled(r"^[ \t]*\*[ \t]*default, - personal, ! trusted", re.MULTILINE)
_ENTRY = compiled(r"^[ \t]*(?P<flags>[*!#-]{1,4})\s+(?P<label>\S.*)$")
_NAMES = "Label|Key Size|Serial|Issuer|Subject|Not Before|Not After|Public Key Type|Signature Algorithm|Trust Status"
_DETAIL = compiled(rf"^[ \t]*(?P<name>{_NAMES})\s*: ?(?P<value>.*)$")
_HEADING = compiled(r"^[ \t]*Label : ", re.MULTILINE)
_USAGE = compiled(r"^[ \t]*(?:key ?usage|extended ?key ?usage)\s*:?\s*$", re.IGNORECASE)
_VERBOSE = 3
_TRUST = {"enabled": True, "disabled": False}


def recognises(text: str) -> bool:
    """Whether the text is such a listing."""
    return bool(_LEGEND.search(text) or (_HEADING.search(text) and "Key Size :" in text))


def read(text: str) -> list[StoredCertificate]:
    """The certificates, in the order of the text; secret keys are left out."""
    if _LEGEND.search(text):
        return [found for line in text[_end_of_legend(text) :].splitlines() if (found := _entry(line))]
    starts = [found.start() for found in _HEADING.finditer(text)]
    return [_details(block) for block in blocks(text, starts)]


def _end_of_legend(text: str) -> int:
    legend = _LEGEND.search(text)
    end = text.find("\n", legend.start()) if legend else -1
    return end if end >= 0 else len(text)


def _entry(line: str) -> StoredCertificate | None:
    found = _ENTRY.match(line)
    if found is None or "#" in found["flags"]:
        return None
    personal = "-" in found["flags"]
    label, subject, issuer = _parts(found["label"])
    return StoredCertificate(label, subject, issuer, private_key=personal, trusted=None if personal else True)


def _parts(text: str) -> tuple[str, str, str]:
    """Label, subject and issuer of a line; the latter two only where -v was given, which parts them by tabs."""
    fields = [each.strip() for each in text.split("\t") if each.strip()]
    label = fields[0]
    if len(label) > 1 and label[0] == label[-1] == '"':
        label = label[1:-1]
    if len(fields) < _VERBOSE:
        return label, "", ""
    return label, distinguished_name(fields[1]), distinguished_name(fields[2])


def _details(block: str) -> StoredCertificate:
    values: dict[str, str] = {}
    usages: list[str] = []
    in_usage = False
    for line in block.splitlines():
        found = _DETAIL.match(line)
        if found:
            values.setdefault(found["name"], found["value"])
        in_usage = bool(_USAGE.match(line)) or (in_usage and not found and ":" not in line)
        if in_usage:
            usages += usages_of(line)
    algorithm = values.get("Signature Algorithm", "")
    return StoredCertificate(
        label=values.get("Label", ""),
        subject=distinguished_name(values.get("Subject", "")),
        issuer=distinguished_name(values.get("Issuer", "")),
        serial=serial_of(values.get("Serial", "")),
        not_before=date_of(values.get("Not Before", "")),
        not_after=date_of(values.get("Not After", "")),
        key=key_of(values.get("Public Key Type", "").partition("(")[0], values.get("Key Size", "")),
        signature_algorithm=algorithm.partition(" ")[0],
        usages=tuple(dict.fromkeys(usages)),
        trusted=_TRUST.get(values.get("Trust Status", "").casefold()),
    )
