"""What `keytool -list` prints, with and without -v (seen of keytool 17)."""

import re

from mqtrace.decode.distinguished_name import distinguished_name
from mqtrace.kept import compiled
from mqtrace.keys.listing_values import blocks, date_of, fields_of, key_of, serial_of, usages_of
from mqtrace.model.key_store import StoredCertificate

SHOWS_WHOLE_STORE = True
_MARK = compiled(r"^(?:Keystore type: |Your keystore contains |Alias name: )", re.MULTILINE)
_SHORT = compiled(
    r"^(?P<label>\S.{0,254}?), (?:.{3,60}, )?(?P<kind>PrivateKeyEntry|trustedCertEntry|keyEntry),?\s*$", re.MULTILINE
)
_ALIAS = compiled(r"^Alias name: (?P<label>.*)$", re.MULTILINE)
_CERTIFICATE = compiled(r"^(?:Certificate\[\d+\]:|Owner: )", re.MULTILINE)
_FIELD = compiled(
    r"^(?P<name>Owner|Issuer|Serial number|Signature algorithm name|Subject Public Key Algorithm): (?P<value>.*)$",
    re.MULTILINE,
)
_VALID = compiled(r"^Valid from: (?P<start>.{5,80}?) until: (?P<end>.{5,80}?)\s*$", re.MULTILINE)
_BITS = compiled(r"(?P<bits>\d+)-bit (?P<kind>\w+)")
_USAGES = compiled(r"^(?:KeyUsage|ExtendedKeyUsages) \[\s*(?P<words>[^\]]{0,400})", re.MULTILINE)
_ALTERNATIVE = compiled(r"^[ \t]*(?P<kind>DNSName|IPAddress): (?P<name>\S+)", re.MULTILINE)
_CA = compiled(r"^[ \t]*CA:(?P<is_ca>true|false)", re.MULTILINE)


def recognises(text: str) -> bool:
    """Whether the text is such a listing."""
    return _MARK.search(text) is not None


def read(text: str) -> list[StoredCertificate]:
    """The certificates, in the order of the text; those of a chain follow their first one, without a label."""
    starts = [found.start() for found in _ALIAS.finditer(text)]
    if not starts:
        return [
            StoredCertificate(each["label"], private_key=each["kind"] != "trustedCertEntry")
            for each in _SHORT.finditer(text)
        ]
    return [each for block in blocks(text, starts) for each in _entry(block)]


def _entry(block: str) -> list[StoredCertificate]:
    alias = _ALIAS.match(block)
    label = alias["label"] if alias else ""
    personal = re.search(r"^Entry type: (?:PrivateKeyEntry|keyEntry)", block, re.MULTILINE) is not None
    starts = [found.start() for found in _CERTIFICATE.finditer(block) if found[0] != "Owner: "]
    starts = starts or [found.start() for found in _CERTIFICATE.finditer(block)][:1]
    return [
        _certificate(each, "" if at else label, personal and not at) for at, each in enumerate(blocks(block, starts))
    ]


def _certificate(block: str, label: str, personal: bool) -> StoredCertificate:
    fields = fields_of(block, _FIELD)
    valid, bits, authority = (
        _VALID.search(block),
        _BITS.search(fields.get("Subject Public Key Algorithm", "")),
        _CA.search(block),
    )
    names = {"DNSName": "DNS", "IPAddress": "IP"}
    return StoredCertificate(
        label=label,
        subject=distinguished_name(fields.get("Owner", "")),
        issuer=distinguished_name(fields.get("Issuer", "")),
        serial=serial_of(fields.get("Serial number", "")),
        not_before=date_of(valid["start"]) if valid else None,
        not_after=date_of(valid["end"]) if valid else None,
        key=key_of(bits["kind"], bits["bits"]) if bits else "",
        private_key=personal,
        signature_algorithm=fields.get("Signature algorithm name", ""),
        usages=tuple(usage for found in _USAGES.finditer(block) for usage in usages_of(_with_words(found["words"]))),
        alternative_names=tuple(f"{names[found['kind']]}:{found['name']}" for found in _ALTERNATIVE.finditer(block)),
        is_ca=authority["is_ca"] == "true" if authority else None,
        trusted=None if personal else True,
    )


def _with_words(words: str) -> str:
    """keytool writes DigitalSignature, Key_Encipherment, Key_CertSign, each on a line of its own."""
    return words.replace("Key_CertSign", "keyCertSign").replace("Crl_Sign", "cRLSign")
