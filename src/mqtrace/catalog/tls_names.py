"""Names of TLS numbers: IANA's (patterns/tables/cipher_suites.csv), MQ's (ciphers.csv), and those that OpenSSL and
IBM's Java write.
"""

import re
from functools import cache
from typing import Literal

from mqtrace.catalog.tables import table
from mqtrace.model.tls import CipherSuite

CodeKind = Literal["cipher_suite", "group", "signature_algorithm"]

_VERSIONS = {0x0304: "TLSv1.3", 0x0303: "TLSv1.2", 0x0302: "TLSv1.1", 0x0301: "TLSv1", 0x0300: "SSLv3"}
# Protocol as ciphers.csv writes it, the newest first: where a number has several CipherSpecs, the first that was
# offered is meant.
_PROTOCOLS = {"TLS 1.3": "TLSv1.3", "TLS 1.2": "TLSv1.2", "TLS 1.0": "TLSv1", "SSL 3.0": "SSLv3"}


def version_name(code: int) -> str:
    """Name of a protocol version ("TLSv1.2"); four hexadecimal digits for one that has none."""
    return _VERSIONS.get(code, f"{code:04x}")


def is_grease(code: int) -> bool:
    """Whether a number is one of those reserved by RFC 8701, which clients send only to keep servers tolerant."""
    return code >> 8 == code & 0xFF and code & 0x0F == 0x0A


def code_name(kind: CodeKind, code: int) -> str:
    """Name of a group or signature algorithm; four hexadecimal digits for one that is not in the table."""
    return _names(kind).get(f"{code:04x}", f"{code:04x}")


def cipher_suite(code: int, versions: tuple[str, ...]) -> CipherSuite:
    """The cipher suite of that number. Of several CipherSpecs for it, the one whose protocol is in `versions`."""
    number = f"{code:04x}"
    return CipherSuite(number, _names("cipher_suite").get(number), _cipher_spec(number, versions))


def cipher_suite_named(name: str, versions: tuple[str, ...]) -> CipherSuite:
    """The cipher suite of that name, IANA's or IBM Java's (SSL_ for TLS_); with an empty number if IANA has none."""
    if name.startswith("SSL_"):
        name = "TLS_" + name.removeprefix("SSL_")
    number = _suite_numbers().get(name)
    return CipherSuite("", name, None) if number is None else cipher_suite(int(number, 16), versions)


def cipher_suite_of_openssl(name: str, versions: tuple[str, ...]) -> CipherSuite:
    """The cipher suite that OpenSSL calls by that name."""
    return cipher_suite_named(_suites_of_openssl().get(_plain(name), name), versions)


@cache
def _names(kind: CodeKind) -> dict[str, str]:
    return {row["hex"]: row["name"] for row in table("cipher_suites") if row["kind"] == kind}


@cache
def _suite_numbers() -> dict[str, str]:
    return {name: number for number, name in _names("cipher_suite").items()}


def _cipher_spec(number: str, versions: tuple[str, ...]) -> str | None:
    by_protocol = _cipher_specs().get(number, {})
    offered = (
        by_protocol[protocol]
        for protocol, version in _PROTOCOLS.items()
        if version in versions and protocol in by_protocol
    )
    known = (by_protocol[protocol] for protocol in _PROTOCOLS if protocol in by_protocol)
    return next(offered, next(known, None))


@cache
def _cipher_specs() -> dict[str, dict[str, str]]:
    specs: dict[str, dict[str, str]] = {}
    for row in table("ciphers"):
        specs.setdefault(row["hex"].lower(), {}).setdefault(row["protocol"], row["cipherspec"])
    return specs


@cache
def _suites_of_openssl() -> dict[str, str]:
    """IANA's name for each of OpenSSL's names, both without what OpenSSL leaves out."""
    found: dict[str, str] = {}
    for name in _names("cipher_suite").values():
        found.setdefault(_plain(name), name)
    return found


def _plain(name: str) -> str:
    """A suite's name reduced to what both name it by: OpenSSL leaves out TLS, WITH, CBC, RSA and separators."""
    if name.startswith("TLS_") and "_WITH_" in name:
        exchange, _, rest = name[4:].partition("_WITH_")
        name = rest if exchange == "RSA" else f"{exchange}_{rest}"
        name = name.replace("3DES_EDE_CBC", "DES_CBC3").replace("_CBC_", "_").replace("POLY1305_SHA256", "POLY1305")
    return re.sub(r"[-_]", "", name).upper()
