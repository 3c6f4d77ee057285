"""Names of TLS numbers, from patterns/tables/cipher_suites.csv, tls_alerts.csv and ciphers.csv (MQ's CipherSpecs)."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from mqtrace.catalog.tables import table

CodeKind = Literal["cipher_suite", "group", "signature_algorithm"]

_VERSIONS = {0x0304: "TLSv1.3", 0x0303: "TLSv1.2", 0x0302: "TLSv1.1", 0x0301: "TLSv1", 0x0300: "SSLv3"}
# Protocol as ciphers.csv writes it, the newest first: where a number has several CipherSpecs, the first that was offered is meant.
_PROTOCOLS = {"TLS 1.3": "TLSv1.3", "TLS 1.2": "TLSv1.2", "TLS 1.0": "TLSv1", "SSL 3.0": "SSLv3"}


@dataclass(frozen=True, slots=True)
class CipherSuite:
    """A cipher suite.

    Attributes:
        hex: its number, four lower-case digits; "" for a name that IANA does not know.
        iana: its name in IANA's registry; None for a number that is not there.
        cipher_spec: MQ's name for it; None when MQ has none.
    """

    hex: str
    iana: str | None
    cipher_spec: str | None


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
    """The cipher suite of that number. Of several CipherSpecs that MQ has for it, the one whose protocol is in `versions`."""
    number = f"{code:04x}"
    return CipherSuite(number, _names("cipher_suite").get(number), _cipher_spec(number, versions))


def cipher_suite_named(name: str, versions: tuple[str, ...]) -> CipherSuite:
    """The cipher suite of that IANA name; with an empty number when IANA has no such name."""
    number = _suite_numbers().get(name)
    return CipherSuite("", name, None) if number is None else cipher_suite(int(number, 16), versions)


@cache
def alert_name(code: int) -> str:
    """Name of an alert ("handshake_failure"); "alert_N" for one that is not in the table."""
    names = (row["name"].split(" ")[0] for row in table("tls_alerts") if int(row["code"]) == code)
    return next(names, f"alert_{code}")


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
