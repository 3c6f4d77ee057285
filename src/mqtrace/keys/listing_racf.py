"""What RACF prints on z/OS: `RACDCERT LIST` and `RACDCERT LISTRING`.

Names have dots between their attributes and stand between > and <; dates are those of the system's own clock.
"""

import re

from msgspec.structs import replace

from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.kept import compiled
from mqtrace.keys.listing_values import blocks, date_of, fields_of, key_of, serial_of, usages_of
from mqtrace.model.key_store import StoredCertificate

SHOWS_WHOLE_STORE = False
_LIST = compiled(r"^[ \t]*Digital certificate information for ", re.MULTILINE)
_RING = compiled(r"^[ \t]*Digital ring information for user ", re.MULTILINE)
_LABEL = compiled(r"^[ \t]*Label: +", re.MULTILINE)
_NAMES = "Label|Status|Start Date|End Date|Signing Algorithm|Key Usage|Key Type|Key Size|Private Key"
_FIELD = compiled(rf"^[ \t]*(?P<name>{_NAMES}): +(?P<value>\S.*)$", re.MULTILINE)
_WRAPPED = compiled(
    r"^[ \t]*(?P<name>Serial Number|Issuer's Name|Subject's Name):[ \t]*\n"
    r"(?P<rows>(?:[ \t]*>[^<\n]*<?[ \t]*(?:\n|$))+)",
    re.MULTILINE,
)
_ALTERNATIVE = compiled(r"^[ \t]*(?P<kind>Domain|IP): +(?P<name>\S+)\s*$", re.MULTILINE)
_OWNER = r"ID\([^)\s]{1,20}\)|CERTAUTH|SITE"
_RING_ROW = compiled(
    rf"^[ \t]*(?P<label>\S.*?) {{1,40}}(?:{_OWNER}) +(?P<usage>PERSONAL|CERTAUTH|SITE) +(?:YES|NO)$",
    re.MULTILINE,
)
_TRUST = {"TRUST": True, "HIGHTRUST": True, "NOTRUST": False}


def recognises(text: str) -> bool:
    """Whether the text is such a listing."""
    return bool(_LIST.search(text) or _RING.search(text))


def read(text: str) -> list[StoredCertificate]:
    """The certificates, in the order of the text; where both listings are there, joined to the ring by label."""
    starts = [found.start() for found in _LABEL.finditer(text)]
    listed = [_listed(block) for block in blocks(text, starts)]
    ring = {found["label"]: found["usage"] for found in _RING_ROW.finditer(text)}
    known = {each.label for each in listed}
    joined = [_with_usage(each, ring.get(each.label, "")) for each in listed]
    return joined + [_of_ring(label, usage) for label, usage in ring.items() if label not in known]


def _of_ring(label: str, usage: str) -> StoredCertificate:
    """A row of a ring; only a certificate with the usage PERSONAL lends its private key."""
    return StoredCertificate(label, private_key=None if usage == "PERSONAL" else False, ring_usage=usage)


def _with_usage(certificate: StoredCertificate, usage: str) -> StoredCertificate:
    return replace(certificate, ring_usage=usage) if usage else certificate


def _listed(block: str) -> StoredCertificate:
    fields = fields_of(block, _FIELD)
    wrapped = {found["name"]: "".join(re.findall(r">([^<\n]*)<?", found["rows"])) for found in _WRAPPED.finditer(block)}
    return StoredCertificate(
        label=fields.get("Label", ""),
        subject=distinguished_name(wrapped.get("Subject's Name", ""), "."),
        issuer=distinguished_name(wrapped.get("Issuer's Name", ""), "."),
        serial=serial_of(wrapped.get("Serial Number", "")),
        not_before=date_of(fields.get("Start Date", "")),
        not_after=date_of(fields.get("End Date", "")),
        key=key_of(fields.get("Key Type", ""), fields.get("Key Size", "")),
        private_key={"YES": True, "NO": False}.get(fields.get("Private Key", "").upper()),
        signature_algorithm=fields.get("Signing Algorithm", ""),
        usages=usages_of(fields.get("Key Usage", "")),
        alternative_names=tuple(
            f"{'IP' if found['kind'] == 'IP' else 'DNS'}:{found['name']}" for found in _ALTERNATIVE.finditer(block)
        ),
        trusted=_TRUST.get(fields.get("Status", "").upper()),
    )
