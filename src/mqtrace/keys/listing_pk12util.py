"""What `pk12util -l` of Mozilla's NSS prints (seen of NSS 3.87)."""

import re

from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.kept import compiled
from mqtrace.keys.listing_values import blocks, date_of, fields_of, key_of, serial_in, usages_of
from mqtrace.model.key_store import StoredCertificate

SHOWS_WHOLE_STORE = True
_MARK = compiled(r"^(?:Key\(shrouded\):|Certificate(?:\(has private key\))?:)\s*$", re.MULTILINE)
_NAMES = "Issuer|Subject|Not Before|Not After ?|Signature Algorithm|Public Key Algorithm|Friendly Name"
_FIELD = compiled(rf"^[ \t]*(?P<name>{_NAMES}): ?(?P<value>.*)$", re.MULTILINE)
_MODULUS = compiled(r"^[ \t]*Modulus:\n(?P<rows>(?:[ \t]*[0-9a-f]{2}[0-9a-f:]*\n)+)", re.MULTILINE)
_CURVE = compiled(r"\bprime256v1|\bsecp(?P<bits>\d{3})")
_ALTERNATIVE = compiled(r'^[ \t]*(?P<kind>DNS|IP) (?:name|Address): "?(?P<name>[^"\s]+)', re.MULTILINE)
_USAGE = r"[ \t]+(?:Usages: )?\w[^\n:]*\n"
_USAGES = compiled(
    rf"^[ \t]*Name: (?:Certificate|Extended) Key Usage\n(?:[ \t]*Critical: True\n)?(?P<words>(?:{_USAGE})+)",
    re.MULTILINE,
)


def recognises(text: str) -> bool:
    """Whether the text is such a listing."""
    return _MARK.search(text) is not None and (
        "Key(shrouded):" in text or "Friendly Name:" in text or "(has private key):" in text
    )


def read(text: str) -> list[StoredCertificate]:
    """The certificates, in the order of the text."""
    starts = [found.start() for found in _MARK.finditer(text)]
    return [_certificate(block) for block in blocks(text, starts) if block.startswith("Certificate")]


def _certificate(block: str) -> StoredCertificate:
    fields = fields_of(block, _FIELD)
    personal = block.startswith("Certificate(has private key)")
    return StoredCertificate(
        label=fields.get("Friendly Name", ""),
        subject=distinguished_name(_unquoted(fields.get("Subject", ""))),
        issuer=distinguished_name(_unquoted(fields.get("Issuer", ""))),
        serial=serial_in(block),
        not_before=date_of(fields.get("Not Before", "")),
        not_after=date_of(fields.get("Not After", "")),
        key=_key(block, fields.get("Public Key Algorithm", "")),
        private_key=personal,
        signature_algorithm=fields.get("Signature Algorithm", ""),
        usages=tuple(
            usage for found in _USAGES.finditer(block) for usage in usages_of(found["words"].replace("Usages: ", ""))
        ),
        alternative_names=tuple(f"{found['kind']}:{found['name']}" for found in _ALTERNATIVE.finditer(block)),
        is_ca=True if "Is a CA with" in block else None,
        trusted=None if personal else True,
    )


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _key(block: str, kind: str) -> str:
    modulus = _MODULUS.search(block)
    if modulus:
        digits = "".join(modulus["rows"].split()).replace(":", "")
        return f"rsa{int(digits, 16).bit_length()}" if len(digits) <= 8192 else ""
    curve = _CURVE.search(block)
    return f"ec{int(curve['bits'] or 256)}" if curve else key_of(kind, "")
