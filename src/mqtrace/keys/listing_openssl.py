"""What `openssl x509 -text` prints, and its short form (`-subject -issuer -dates`).

openssl writes names with the most general part first.
"""

import re

from mqtrace.decode.distinguished_name import name_of_openssl
from mqtrace.kept import compiled
from mqtrace.keys.listing_values import blocks, date_of, fields_of, key_of, serial_in, serial_of, usages_of
from mqtrace.model.key_store import StoredCertificate

SHOWS_WHOLE_STORE = False
_TEXT = compiled(r"^[ \t]*Certificate:\n[ \t]*Data:\n[ \t]*Version: ", re.MULTILINE)
_SHORT = compiled(r"^(?:subject|issuer) ?= ?\S", re.MULTILINE)
_SHORT_FIELD = compiled(r"^(?P<name>subject|issuer|notBefore|notAfter|serial) ?= ?(?P<value>.*)$", re.MULTILINE)
_FIELD = compiled(
    r"^[ \t]*(?P<name>Issuer|Subject|Not Before|Not After ?|Signature Algorithm|Public Key Algorithm)"
    r": ?(?P<value>\S.*)$",
    re.MULTILINE,
)
_BITS = compiled(r"^[ \t]*(?:RSA )?Public-Key: \((?P<bits>\d+) bit", re.MULTILINE)
_USAGES = compiled(r"^[ \t]*X509v3 (?:Extended )?Key Usage:.*\n[ \t]*(?P<words>.*)$", re.MULTILINE)
_ALTERNATIVE = compiled(r"(?P<kind>DNS|IP Address):(?P<name>[^,\s]+)")
_ALTERNATIVES = compiled(r"^[ \t]*X509v3 Subject Alternative Name:.*\n(?P<names>.*)$", re.MULTILINE)
_CA = compiled(r"^[ \t]*CA:(?P<is_ca>TRUE|FALSE)", re.MULTILINE)


def recognises(text: str) -> bool:
    """Whether the text is such an output; the talk of `openssl s_client`, which shows names too, is none."""
    if "CONNECTED(" in text or "Friendly Name:" in text:
        return False
    return bool(_TEXT.search(text)) or (bool(_SHORT.search(text)) and ("notAfter=" in text or "serial=" in text))


def read(text: str) -> list[StoredCertificate]:
    """The certificates, in the order of the text, without labels."""
    starts = [found.start() for found in _TEXT.finditer(text)]
    if not starts:
        return [_of_short(text)]
    return [_of_text(block) for block in blocks(text, starts)]


def _of_short(text: str) -> StoredCertificate:
    values = {found["name"]: found["value"] for found in _SHORT_FIELD.finditer(text)}
    return StoredCertificate(
        label="",
        subject=name_of_openssl(values.get("subject", "")),
        issuer=name_of_openssl(values.get("issuer", "")),
        serial=serial_of(values.get("serial", "")),
        not_before=date_of(values.get("notBefore", "")),
        not_after=date_of(values.get("notAfter", "")),
    )


def _of_text(block: str) -> StoredCertificate:
    fields = fields_of(block, _FIELD)
    bits, authority, names = (pattern.search(block) for pattern in (_BITS, _CA, _ALTERNATIVES))
    return StoredCertificate(
        label="",
        subject=name_of_openssl(fields.get("Subject", "")),
        issuer=name_of_openssl(fields.get("Issuer", "")),
        serial=serial_in(block),
        not_before=date_of(fields.get("Not Before", "")),
        not_after=date_of(fields.get("Not After", "")),
        key=key_of(fields.get("Public Key Algorithm", ""), bits["bits"]) if bits else "",
        signature_algorithm=fields.get("Signature Algorithm", ""),
        usages=tuple(usage for found in _USAGES.finditer(block) for usage in usages_of(found["words"])),
        alternative_names=_alternatives(names["names"] if names else ""),
        is_ca=authority["is_ca"] == "TRUE" if authority else None,
    )


def _alternatives(text: str) -> tuple[str, ...]:
    return tuple(f"{found['kind'].split()[0]}:{found['name']}" for found in _ALTERNATIVE.finditer(text))
